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

impl Annotation {
    /// The workflow command that shows it, on one line, with everything from outside escaped as the runner decodes it.
    pub fn workflow_command(&self) -> String {
        let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
        let mut properties = Vec::new();
        if let Some(path) = &self.path {
            properties.push(format!("file={}", property(path)));
        }
        if let Some(line) = self.line {
            properties.push(format!("line={line}"));
        }
        if let Some(line) = self.end_line {
            properties.push(format!("endLine={line}"));
        }
        properties.push(format!("title={}", property(&self.title)));
        format!("::{} {}::{}", self.level.id(), properties.join(","), data(&self.message))
    }
}

/// The annotations of a report, most important first, at most [`MOST_OF_A_LEVEL`] of each level.
pub fn list(_report: &Report) -> Vec<Annotation> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_start_no_command_of_their_own() {
        let annotation = Annotation {
            level: Level::Warning,
            title: "a:b,c".to_owned(),
            message: "100 %\n::error::forged".to_owned(),
            path: Some("x\n::stop-commands::y,z".to_owned()),
            line: Some(3),
            end_line: None,
        };
        assert_eq!(
            annotation.workflow_command(),
            "::warning file=x%0A%3A%3Astop-commands%3A%3Ay%2Cz,line=3,title=a%3Ab%2Cc::100 %25%0A::error::forged"
        );
    }
}
