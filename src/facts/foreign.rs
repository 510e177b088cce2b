//! Code of other people that a repository carries along: it says nothing about how this one is kept.

use super::document::BlockKind;
use super::plan::Kind;
use super::{Document, Facts};
use crate::snapshot::Entry;

/// Folders of the project, without a trailing `/`, that hold other people's code: those named so, and those with a
/// licence of their own, unless they hold the project itself: nearly all of the code, and hardly a file beside it.
pub(super) fn folders(facts: &Facts) -> Vec<String> {
    let own: Vec<&Entry> = facts
        .tree
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && facts.files_hold(&entry.path))
        .collect();
    let licences: Vec<&&Entry> = own.iter().filter(|entry| is_licence_name(name(&entry.path))).collect();
    let at_root: Vec<_> = licences
        .iter()
        .filter(|entry| !facts.within_project(&entry.path).contains('/'))
        .map(|entry| &entry.id)
        .collect();
    let code = |folder: &str| {
        own.iter()
            .filter(|entry| is_code(&entry.path) && (folder.is_empty() || is_within(&entry.path, folder)))
            .count()
    };
    let all = code("");
    let mut folders: Vec<String> = Vec::new();
    // Where the code lies in licensed folders alone, the project is made of them; what marks a package, or drives the
    // code from a shell, may lie outside.
    let does_the_work = |entry: &&&Entry| {
        is_code(&entry.path) && name(&entry.path) != "__init__.py" && !entry.path.ends_with(".sh")
    };
    let is_made_of_them = at_root.is_empty()
        && own.iter().filter(does_the_work).all(|entry| {
            licences.iter().any(|licence| {
                licence.path.rsplit_once('/').is_some_and(|(folder, _)| is_within(&entry.path, folder))
            })
        });
    for entry in licences.iter().filter(|_| !is_made_of_them) {
        let Some((folder, _)) = entry.path.rsplit_once('/') else { continue };
        // A page of the documentation tells the licence of the project.
        if matches!(name(folder).to_ascii_lowercase().as_str(), "docs" | "doc" | "documentation" | "source") {
            continue;
        }
        if facts.within_project(folder).is_empty() || folder == facts.root || at_root.contains(&&entry.id) {
            continue;
        }
        let inside = code(folder);
        let holds_all = inside * 10 >= all * 9 && all - inside < OWN_FILES;
        if !holds_all && !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_owned());
        }
    }
    for entry in &own {
        let Some(folder) = named_so(&entry.path) else { continue };
        if !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_owned());
        }
    }
    folders
}

/// So many files of code beside a folder are a project of their own, however large the folder is.
const OWN_FILES: usize = 5;

/// Whether `path` lies in one of `folders`.
pub fn holds(folders: &[String], path: &str) -> bool {
    folders.iter().any(|folder| is_within(path, folder))
}

/// Whether a page is about the project: it does not lie among other people's code, or names the project all the same.
pub(super) fn is_own_page(facts: &Facts, document: &Document) -> bool {
    !holds(facts.foreign(), &document.path) || speaks_of_the_project(facts, document)
}

/// Whether a page names the project: what lies in a folder with a licence of its own may be other people's code that
/// was changed for the work, and its page speaks of the work then.
pub(super) fn speaks_of_the_project(facts: &Facts, document: &Document) -> bool {
    /// Words of a name, and letters without which any word may hold it.
    const BOUNDS: (usize, usize) = (3, 5);
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let readme = facts.readme.as_ref().and_then(|readme| facts.document(readme));
    let name = readme.and_then(|readme| readme.first_title().split(':').next()).unwrap_or_default();
    let plain = letters(name);
    let is_name = name.split_whitespace().count() <= BOUNDS.0 && plain.len() >= BOUNDS.1;
    let words = document.blocks.iter().filter(|block| !matches!(block.kind, BlockKind::Code { .. }));
    let titles = document.sections.iter().map(|section| &section.title);
    is_name && titles.chain(words.map(|block| &block.text)).any(|text| letters(text).contains(&plain))
}

/// Whether a file of this name holds a licence.
pub fn is_licence_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.split(['.', '-', '_', ' ']).next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(stem, "license" | "licence" | "copying" | "unlicense" | "licenses")
        && matches!(extension, "" | "md" | "txt" | "rst" | "mit" | "apache" | "bsd" | "gpl" | "pdf" | "html")
        || matches!(name.as_str(), "mit-license" | "mit-license.txt" | "license-mit" | "license-apache")
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn is_code(path: &str) -> bool {
    matches!(Kind::of(path), Kind::Python | Kind::Script | Kind::Notebook)
}

fn named_so(path: &str) -> Option<&str> {
    let mut end = 0;
    for part in path.split('/') {
        end += part.len();
        if end < path.len()
            && matches!(
                part.to_ascii_lowercase().as_str(),
                "node_modules"
                    | "third_party"
                    | "third-party"
                    | "thirdparty"
                    | "3rdparty"
                    | "vendor"
                    | "vendored"
                    | "external"
                    | "externals"
                    | "site-packages"
                    | "submodules"
                    | "venv"
                    | ".venv"
            )
        {
            return path.get(..end);
        }
        end += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    #[test]
    fn a_copied_project_is_told_from_the_whole_in_a_folder() {
        let of = |files: &[(&str, &str)]| {
            let snapshot = Snapshot::from_files(files.iter().copied());
            folders(&Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), ""))
        };
        assert_eq!(of(&[("a.py", ""), ("b.py", ""), ("lib/LICENSE", "MIT"), ("lib/x.py", "")]), ["lib"]);
        assert!(of(&[("README.md", ""), ("ours/LICENSE", "MIT"), ("ours/x.py", "")]).is_empty());
        let parts =
            [("ours/LICENSE", "MIT"), ("ours/x.py", ""), ("arena/LICENSE", "BSD"), ("arena/y.py", "")];
        let driven = [&[("__init__.py", ""), ("go.sh", "")], parts.as_slice()].concat();
        assert!(of(&driven).is_empty(), "the project in two folders");
        assert_eq!(of(&[("a.py", ""), ("src/third_party/x/y.py", "")]), ["src/third_party"]);
        let many: Vec<String> = (0..60).map(|file| format!("suite/{file}.py")).collect();
        let mut files: Vec<(&str, &str)> = many.iter().map(|path| (path.as_str(), "")).collect();
        files.extend([("suite/LICENSE", "MIT"), ("a.py", ""), ("b.py", "")]);
        assert!(of(&files).is_empty(), "the project in a folder");
        files.extend([("c.py", ""), ("d.py", ""), ("e.py", "")]);
        assert_eq!(of(&files), ["suite"]);
    }

    #[test]
    fn licences_are_known_by_their_names() {
        for known in ["LICENSE", "LICENCE.txt", "license.md", "COPYING", "LICENSE-MIT"] {
            assert!(is_licence_name(known), "{known}");
        }
        for other in ["license.py", "copying.cc", "licensed", "1_copying.py"] {
            assert!(!is_licence_name(other), "{other}");
        }
    }
}
