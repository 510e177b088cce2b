//! Notes on single lines of a pull request. Which of them lie on lines of the diff, whoever posts them knows.

use crate::report::Report;

/// A note on one line at head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineNote {
    /// Path from the repository's root.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// Markdown, everything untrusted escaped; with a `suggestion` block where one line mends it.
    pub body: String,
    /// The same across pushes while the finding is the same, wherever its line moves.
    pub fingerprint: String,
    /// The whole new line that the suggestion holds, without its end.
    pub replacement: Option<String>,
}

/// The notes of a report, those that this pull request introduced first.
pub fn list(_report: &Report) -> Vec<InlineNote> {
    Vec::new()
}
