//! The listing, with the look-ups that rules need.

use crate::snapshot::{Entry, Mode};
use std::collections::HashSet;
use std::sync::Arc;

/// The whole repository's listing.
#[derive(Debug)]
pub struct Tree {
    entries: Arc<Vec<Entry>>,
    folders: HashSet<String>,
}

impl Tree {
    /// Takes a listing that is sorted by path.
    pub fn new(entries: Arc<Vec<Entry>>) -> Self {
        let mut folders: HashSet<String> = HashSet::new();
        for entry in entries.iter() {
            let mut rest: &str = &entry.path;
            while let Some((folder, _)) = rest.rsplit_once('/') {
                if !folders.insert(folder.to_owned()) {
                    break;
                }
                rest = folder;
            }
            if entry.mode == Mode::Submodule {
                folders.insert(entry.path.to_string());
            }
        }
        Self { entries, folders }
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

    /// Whether a folder has exactly this path; the root is the empty path.
    pub fn has_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
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
    let mut parts: Vec<&str> = match decoded.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default(),
    };
    for part in decoded.split('/') {
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
    fn targets_resolve_from_where_they_are_written() {
        assert_eq!(resolve("docs/a.md", "../train.py#L3").as_deref(), Some("train.py"));
        assert_eq!(resolve("docs/a.md", "b%20c.md").as_deref(), Some("docs/b c.md"));
        assert_eq!(resolve("docs/a.md", "/x.md").as_deref(), Some("x.md"));
        assert_eq!(resolve("README.md", "../outside"), None);
        assert_eq!(resolve("README.md", "https://example.org"), None);
        assert_eq!(resolve("README.md", "#usage"), None);
    }
}
