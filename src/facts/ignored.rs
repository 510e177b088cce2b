//! What git is told to leave out: files that `.gitignore` names are made on the reader's machine.

use super::FileFacts;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every `.gitignore` of a project.
#[derive(Debug, Default)]
pub struct Ignored {
    /// Folder (empty for the root) and its patterns, deepest folder last.
    files: Vec<(String, Gitignore)>,
}

impl Ignored {
    /// Reads the project's `.gitignore` files; lines that are no patterns are skipped.
    pub fn new(files: &BTreeMap<String, Arc<FileFacts>>) -> Self {
        let mut found = Vec::new();
        for (path, file) in files {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if name != ".gitignore" {
                continue;
            }
            let mut builder = GitignoreBuilder::new("");
            for line in file.text.lines() {
                let _ = builder.add_line(None, line);
            }
            if let Ok(patterns) = builder.build() {
                found.push((folder.to_owned(), patterns));
            }
        }
        Self { files: found }
    }

    /// Whether git leaves out this path, or a folder that it lies in.
    pub fn has(&self, path: &str) -> bool {
        self.files.iter().rev().any(|(folder, patterns)| {
            let rest = match folder.is_empty() {
                true => Some(path),
                false => path.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/')),
            };
            let rest = rest.filter(|rest| !rest.is_empty() && !rest.starts_with('/'));
            rest.is_some_and(|rest| patterns.matched_path_or_any_parents(rest, false).is_ignore())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_count_from_their_own_folder() {
        let file =
            |path: &str, text: &str| (path.to_owned(), Arc::new(FileFacts::extract(path, &Arc::from(text))));
        let files =
            BTreeMap::from([file(".gitignore", "/data/\n*.ckpt\n"), file("a/.gitignore", "made.py\n")]);
        let ignored = Ignored::new(&files);
        for path in ["data/x/y.csv", "deep/er/model.ckpt", "a/made.py", "a/b/made.py"] {
            assert!(ignored.has(path), "{path}");
        }
        for path in ["b/data/x.csv", "made.py", "train.py", ""] {
            assert!(!ignored.has(path), "{path}");
        }
    }
}
