//! Annotations on lines, by workflow command or check run: the most important first, within GitHub's caps.

use crate::report::Report;

/// Annotations of one level that GitHub shows of one step.
pub const MOST_OF_A_LEVEL: usize = 10;

/// How loud an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The gate fails because of it.
    Error,
    /// This change introduced it.
    Warning,
    /// It was there before.
    Notice,
}

impl Level {
    /// The name in a workflow command.
    pub fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// A message on lines of a file. Nothing is escaped: whoever writes it out knows for which channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How loud.
    pub level: Level,
    /// A few words.
    pub title: String,
    /// One or two sentences.
    pub message: String,
    /// Path from the repository's root; `None` where no file is concerned.
    pub path: Option<String>,
    /// First line, from 1; `None` where no line is concerned.
    pub line: Option<u32>,
    /// Last line, included.
    pub end_line: Option<u32>,
}

/// The annotations of a report, most important first, at most [`MOST_OF_A_LEVEL`] of each level.
pub fn list(_report: &Report) -> Vec<Annotation> {
    Vec::new()
}
