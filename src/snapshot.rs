//! The immutable listing of one commit, with the texts that were read.
//!
//! Every source (GitHub, a git repository, a work tree) makes the same [`Snapshot`], so nothing behind it knows
//! where a commit came from.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// The hexadecimal object id of a blob: equal ids are equal bytes, in any commit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId(Arc<str>);

impl BlobId {
    /// Takes an id as git or GitHub writes it (40 or 64 hexadecimal digits); any other string is kept as it is.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What kind of thing a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// An ordinary file.
    File,
    /// A file with the executable bit.
    Executable,
    /// A symbolic link; its blob is the target's path, and it is never followed.
    Symlink,
    /// A submodule: a commit of another repository, whose files are not here.
    Submodule,
}

/// One line of a commit's listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path from the repository's root, with `/`.
    pub path: Arc<str>,
    /// Size in bytes; `None` where the listing does not say.
    pub size: Option<u64>,
    /// What the path names.
    pub mode: Mode,
    /// The blob's id; for a work tree's file, one made from its path.
    pub id: BlobId,
}

impl Entry {
    /// Whether this is a file with content of its own.
    pub fn is_file(&self) -> bool {
        matches!(self.mode, Mode::File | Mode::Executable)
    }
}

/// A text that was wanted, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// The text; bytes that are not UTF-8 are replaced.
    Read(Arc<str>),
    /// The file is not text.
    Binary,
    /// It could not be read, and why: a missing blob, a limit, a refused request.
    Unread(String),
}

/// The immutable listing of one commit, with the texts that were read.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Commit id, where there is one (a work tree has none).
    pub commit: Option<String>,
    /// Every file, link and submodule, sorted by path.
    pub entries: Arc<Vec<Entry>>,
    /// Texts by blob id: base and head share them.
    pub texts: HashMap<BlobId, Text>,
    /// Files left out by a limit, by path, and why: of many copies of one text not all are read.
    pub left: HashMap<Arc<str>, Text>,
    /// Why the listing is not whole, if it is not.
    pub incomplete: Option<String>,
}

impl Snapshot {
    /// A snapshot of `files` (path and text), for tests, fixtures and single documents.
    pub fn from_files<P: AsRef<str>, T: AsRef<str>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let mut entries = BTreeMap::new();
        let mut texts = HashMap::new();
        for (path, text) in files {
            let id = BlobId::new(format!("memory:{}", path.as_ref()));
            entries.insert(
                path.as_ref().to_owned(),
                Entry {
                    path: Arc::from(path.as_ref()),
                    size: Some(text.as_ref().len() as u64),
                    mode: Mode::File,
                    id: id.clone(),
                },
            );
            texts.insert(id, Text::Read(Arc::from(text.as_ref())));
        }
        Self { commit: None, entries: Arc::new(entries.into_values().collect()), texts, ..Self::default() }
    }

    /// What is known of an entry's text; `None` where it was not wanted.
    pub fn read(&self, entry: &Entry) -> Option<&Text> {
        self.left.get(&entry.path).or_else(|| self.texts.get(&entry.id))
    }

    /// The entry of exactly this path.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        let found = self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.entries.get(found)
    }

    /// Whether there is anything in `folder`; always for the root.
    pub fn holds(&self, folder: &str) -> bool {
        let from = self.entries.partition_point(|entry| *entry.path < *folder);
        let under = |entry: &Entry| entry.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        folder.is_empty()
            || self.entries.iter().skip(from).take_while(|entry| entry.path.starts_with(folder)).any(under)
    }

    /// The text of a path, where it was read.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        match self.read(self.entry(path)?)? {
            Text::Read(text) => Some(text),
            Text::Binary | Text::Unread(_) => None,
        }
    }
}

/// How much is read, whatever the pull request holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most files whose text is read.
    pub files: usize,
    /// Most bytes of one file, notebooks left out.
    pub file_bytes: u64,
    /// Most bytes of one notebook.
    pub notebook_bytes: u64,
    /// Most bytes of all texts together.
    pub total_bytes: u64,
}

impl Limits {
    /// The most files that a policy can ask for.
    pub const MOST_FILES: u64 = 100_000;
    /// The most bytes that a policy can ask for, in one file or in all.
    pub const MOST_BYTES: u64 = 1 << 30;
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 2_000, file_bytes: 512 << 10, notebook_bytes: 16 << 20, total_bytes: 64 << 20 }
    }
}

/// Decodes a file's bytes as a reader's editor would: UTF-8, with or without a byte order mark, else UTF-16 with one,
/// else UTF-8 with replacements. A NUL byte early on makes it binary, as git judges.
pub fn decode(bytes: &[u8]) -> Text {
    const SNIFFED: usize = 8000;
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Text::Read(utf8(rest));
    }
    let utf16 = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    if let Some((rest, unit)) = utf16 {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        return Text::Read(Arc::from(with_line_ends(String::from_utf16_lossy(&units).into())));
    }
    if memchr::memchr(0, &bytes[..bytes.len().min(SNIFFED)]).is_some() {
        return Text::Binary;
    }
    Text::Read(utf8(bytes))
}

/// Most files are UTF-8 throughout, which is seen faster than it is mended.
fn utf8(bytes: &[u8]) -> Arc<str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Arc::from(with_line_ends(text.into())),
        Err(_) => Arc::from(with_line_ends(String::from_utf8_lossy(bytes))),
    }
}

/// A text whose lines all end in bare carriage returns, as on old Macs, with line feeds in their place. Among other line
/// ends they are no line's end, but a bar of progress that was written over.
fn with_line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    let has = |byte: u8| memchr::memchr(byte, text.as_bytes()).is_some();
    if has(b'\n') || !has(b'\r') { text } else { Cow::Owned(text.replace('\r', "\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_decode_as_an_editor_would() {
        let read = |text: &str| Text::Read(Arc::from(text));
        assert_eq!(decode(b"plain"), read("plain"));
        assert_eq!(decode(b"\xef\xbb\xbfmarked"), read("marked"));
        assert_eq!(decode(b"\xff\xfeh\0i\0"), read("hi"));
        assert_eq!(decode(b"caf\xe9"), read("caf\u{fffd}"));
        assert_eq!(decode(b"PK\x03\x04\0\0"), Text::Binary);
        assert_eq!(decode(b"# Old\r\rMac\r"), read("# Old\n\nMac\n"));
        assert_eq!(decode(b"10%\r20%\nend\r\n"), read("10%\r20%\nend\r\n"));
    }

    #[test]
    fn a_path_is_found_only_when_it_is_whole() {
        let snapshot = Snapshot::from_files([("b/train.py", "x"), ("a.md", "y")]);
        assert_eq!(snapshot.entries[0].path.as_ref(), "a.md");
        assert_eq!(snapshot.text("b/train.py").map(AsRef::as_ref), Some("x"));
        assert!(snapshot.entry("b").is_none());
        assert!(snapshot.holds("b") && snapshot.holds("") && !snapshot.holds("b/tr"));
    }
}
