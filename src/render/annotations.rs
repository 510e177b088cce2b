//! Annotations on lines, by workflow command or check run: the most important first, within GitHub's caps.

use super::{text, view};
use crate::report::Report;
use crate::verdict::{Change, Decision, Status};

/// Annotations of one level that GitHub shows of one step.
pub const MOST_OF_A_LEVEL: usize = 10;

/// Characters of a message.
const MOST_CHARACTERS: usize = 500;

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
        let mut properties = Vec::new();
        if let Some(path) = &self.path {
            properties.push(format!("file={}", escaped_property(path)));
            if let Some(line) = self.line {
                properties.push(format!("line={line}"));
                properties.push(format!("endLine={}", self.end_line.unwrap_or(line).max(line)));
            }
        }
        properties.push(format!("title={}", escaped_property(&self.title)));
        format!("::{} {}::{}", self.level.id(), properties.join(","), escaped_data(&self.message))
    }
}

/// Text as the message of a workflow command: without it, a name with a newline would be a command of its own.
pub fn escaped_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as the value of a workflow command's property.
pub fn escaped_property(text: &str) -> String {
    escaped_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The annotations of a report, most important first, at most [`MOST_OF_A_LEVEL`] of each level.
///
/// Single places come first, each level by points; what lacks a place is said at the file that its fix would change.
pub fn list(report: &Report) -> Vec<Annotation> {
    let mut all: Vec<(Level, bool, f64, Annotation)> = Vec::new();
    for verdict in &report.verdicts {
        for outcome in verdict.all_outcomes().filter(|outcome| outcome.status != Status::Waived) {
            let demanded = verdict.gate.decision == Decision::Failed
                && verdict
                    .gate
                    .reasons
                    .iter()
                    .any(|reason| reason.split(' ').next() == Some(outcome.rule.id));
            let level = |change: Option<Change>| match change {
                _ if demanded => Level::Error,
                Some(Change::Introduced) => Level::Warning,
                _ => Level::Notice,
            };
            let title = format!("{} ({})", outcome.rule.title, outcome.rule.id);
            for finding in &outcome.findings {
                let place = &finding.finding.place;
                let annotation = Annotation {
                    level: level(finding.change),
                    title: title.clone(),
                    message: text::sentence(&text::line(&finding.finding.message, MOST_CHARACTERS)),
                    path: Some(place.path.clone()),
                    line: Some(place.line.max(1)),
                    end_line: Some(place.end_line.max(place.line).max(1)),
                };
                all.push((annotation.level, false, outcome.gain, annotation));
            }
            if outcome.findings.is_empty() && crate::mend::is_missing(outcome) {
                let snippet = outcome.fix.as_ref().and_then(|fix| fix.snippet.as_ref());
                let path = snippet.filter(|snippet| !snippet.new_file).map(|snippet| snippet.path.clone());
                let gain = if outcome.gain >= 0.05 {
                    format!(" ({} points)", text::signed(outcome.gain))
                } else {
                    String::new()
                };
                let annotation = Annotation {
                    level: level(outcome.change),
                    title,
                    message: format!(
                        "{}{gain}",
                        text::sentence(&text::line(&view::sentence_of(outcome), MOST_CHARACTERS))
                    ),
                    path,
                    line: None,
                    end_line: None,
                };
                all.push((annotation.level, true, outcome.gain, annotation));
            }
        }
    }
    all.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)).then(other.2.total_cmp(&one.2)));
    let mut shown: Vec<Annotation> = Vec::new();
    for (level, _, _, annotation) in all {
        let same = shown.iter().filter(|known| known.level == level).count();
        if same < MOST_OF_A_LEVEL && !shown.contains(&annotation) {
            shown.push(annotation);
        }
    }
    shown
}
