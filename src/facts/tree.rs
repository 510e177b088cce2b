//! The listing, with the look-ups that rules need.

use crate::snapshot::{Entry, Mode};
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use std::sync::{Arc, OnceLock};

/// The whole repository's listing.
#[derive(Debug)]
pub struct Tree {
    entries: Arc<Vec<Entry>>,
    /// See [`Tree::may_hold_module`].
    module_names: OnceLock<HashSet<Box<str>>>,
    /// See [`Tree::holds_script`].
    script_names: OnceLock<HashSet<String>>,
    /// See [`Tree::folders_called`].
    folders: OnceLock<HashMap<Box<str>, Vec<Box<str>>>>,
}

/// How scripts and notebooks end, in lower case.
const SCRIPTS: &[&str] = &[".py", ".sh", ".ipynb", ".m", ".r", ".jl", ".lua"];

/// Whether a name is that of a script or notebook by its ending.
pub fn is_script(name: &str) -> bool {
    let ending = name.rfind('.').and_then(|at| name.get(at..));
    ending.is_some_and(|ending| SCRIPTS.iter().any(|script| script.eq_ignore_ascii_case(ending)))
}

impl Tree {
    /// Takes a listing that is sorted by path.
    pub fn new(entries: Arc<Vec<Entry>>) -> Self {
        Self {
            entries,
            module_names: OnceLock::new(),
            script_names: OnceLock::new(),
            folders: OnceLock::new(),
        }
    }

    /// Every entry, sorted by path.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of exactly this path.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        let found = self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.entries.get(found)
    }

    /// Whether a file, link or submodule has exactly this path.
    pub fn has_file(&self, path: &str) -> bool {
        self.entry(path).is_some()
    }

    /// Everything below the folder of this path, however deep, sorted by path; nothing for the root.
    pub fn within(&self, folder: &str) -> impl Iterator<Item = &Entry> {
        // The first entry that does not stand before `folder/`.
        let under = || folder.bytes().chain(std::iter::once(b'/'));
        let first = self.entries.partition_point(|entry| entry.path.bytes().lt(under()));
        let holds =
            move |entry: &&Entry| entry.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.entries.get(first..).unwrap_or_default().iter().take_while(holds)
    }

    /// Whether a folder has exactly this path; the root is the empty path.
    pub fn has_folder(&self, path: &str) -> bool {
        path.is_empty()
            || self.within(path).next().is_some()
            || self.entry(path).is_some_and(|entry| entry.mode == Mode::Submodule)
    }

    /// Whether a Python module of this name, or a folder with Python code in it, is anywhere in the tree: most imports
    /// are of installed packages, and need not be looked for.
    pub fn may_hold_module(&self, name: &str) -> bool {
        let names = self.module_names.get_or_init(|| {
            let paths = self.entries.iter().filter_map(|entry| entry.path.strip_suffix(".py"));
            let mut names: HashSet<Box<str>> = HashSet::new();
            for part in paths.flat_map(|path| path.split('/')) {
                if !names.contains(part) {
                    names.insert(Box::from(part));
                }
            }
            names
        });
        names.contains(name)
    }

    /// Whether a script or notebook of this name, in capitals or not, is in any folder of the tree.
    pub fn holds_script(&self, name: &str) -> bool {
        let names = self.script_names.get_or_init(|| {
            let names = self.entries.iter().filter_map(|entry| entry.path.rsplit('/').next());
            names.filter(|name| is_script(name)).map(str::to_ascii_lowercase).collect()
        });
        names.contains(&name.to_ascii_lowercase())
    }

    /// The paths of the folders that hold files and whose last component is this name.
    pub fn folders_called(&self, name: &str) -> &[Box<str>] {
        let folders = self.folders.get_or_init(|| {
            let holding: HashSet<&str> =
                self.entries.iter().filter_map(|entry| Some(entry.path.rsplit_once('/')?.0)).collect();
            let mut folders: HashMap<Box<str>, Vec<Box<str>>> = HashMap::new();
            for folder in holding {
                let name = folder.rsplit('/').next().unwrap_or(folder);
                folders.entry(Box::from(name)).or_default().push(Box::from(folder));
            }
            folders
        });
        folders.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether the path lies in a submodule, whose files cannot be seen.
    pub fn in_submodule(&self, path: &str) -> bool {
        let mut rest = path;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if self.entry(folder).is_some_and(|entry| entry.mode == Mode::Submodule) {
                return true;
            }
            rest = folder;
        }
        false
    }
}

/// The path from the repository's root that `target`, as written in the file `from`, names; `None` where it is an
/// address, a fragment alone, or leads out of the repository.
pub fn resolve(from: &str, target: &str) -> Option<String> {
    let target = target.split(['#', '?']).next().unwrap_or_default();
    if target.is_empty()
        || target.contains("://")
        || target.starts_with("mailto:")
        || target.starts_with("//")
    {
        return None;
    }
    let decoded = percent_decode(target);
    let folder =
        if decoded.starts_with('/') { "" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
    walk(folder, &decoded)
}

/// Where one comes to from `folder` by `way`, with its `.` and `..`; `None` where that leads out of the repository.
pub(super) fn walk(folder: &str, way: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in way.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The repository (`owner/name`) and the path in it that an address on GitHub or GitLab shows.
pub fn on_forge(address: &str) -> Option<(&str, String)> {
    let address = address.split(['#', '?']).next().unwrap_or_default();
    let (_, rest) = address.split_once("://")?;
    let (host, rest) = rest.split_once('/')?;
    let is_raw = host == "raw.githubusercontent.com";
    if !is_raw && !matches!(host.strip_prefix("www.").unwrap_or(host), "github.com" | "gitlab.com") {
        return None;
    }
    let slug_end = rest.match_indices('/').nth(1).map(|(at, _)| at)?;
    let (slug, rest) = (rest.get(..slug_end)?, rest.get(slug_end + 1..)?);
    let mut parts = rest.split('/').skip_while(|part| *part == "-");
    if !is_raw {
        parts.next().filter(|kind| matches!(*kind, "blob" | "tree" | "raw"))?;
    }
    // The branch.
    parts.next()?;
    let path = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    (!path.is_empty()).then(|| (slug, percent_decode(&path)))
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_found_among_the_paths() {
        let listing = ["a b/x", "a.b/x", "a/b/c.py", "ab", "modules/one"];
        let snapshot = crate::snapshot::Snapshot::from_files(listing.map(|path| (path, "")));
        let tree = Tree::new(snapshot.entries);
        for folder in ["", "a", "a b", "a.b", "a/b", "modules"] {
            assert!(tree.has_folder(folder), "{folder}");
        }
        for other in ["ab", "a/", "a/b/c.py", "mod", "modules/one", "z", "/"] {
            assert!(!tree.has_folder(other), "{other}");
        }
        assert!(tree.may_hold_module("a") && tree.may_hold_module("c") && !tree.may_hold_module("modules"));
    }

    #[test]
    fn targets_resolve_from_where_they_are_written() {
        assert_eq!(resolve("docs/a.md", "../train.py#L3").as_deref(), Some("train.py"));
        assert_eq!(resolve("docs/a.md", "b%20c.md").as_deref(), Some("docs/b c.md"));
        assert_eq!(resolve("docs/a.md", "/x.md").as_deref(), Some("x.md"));
        assert_eq!(resolve("README.md", "../outside"), None);
        assert_eq!(resolve("README.md", "https://example.org"), None);
        assert_eq!(resolve("README.md", "#usage"), None);
    }

    #[test]
    fn addresses_on_a_forge_show_a_path() {
        let path = |address| on_forge(address).map(|(slug, path)| (slug.to_owned(), path));
        let shown = |slug: &str, path: &str| Some((slug.to_owned(), path.to_owned()));
        assert_eq!(path("https://github.com/a/b/blob/main/docs/x%20y.md#L3"), shown("a/b", "docs/x y.md"));
        assert_eq!(path("https://gitlab.com/a/b/-/tree/main/docs/"), shown("a/b", "docs"));
        assert_eq!(path("https://raw.githubusercontent.com/a/b/main/c.png"), shown("a/b", "c.png"));
        assert_eq!(path("https://github.com/a/b"), None);
        assert_eq!(path("https://github.com/a/b/issues/3"), None);
        assert_eq!(path("https://example.org/a/b/blob/main/c.md"), None);
    }
}
