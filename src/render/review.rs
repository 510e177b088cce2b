//! Notes on single lines of a pull request. Which of them lie on lines of the diff, whoever posts them knows.

use super::text;
use crate::report::Report;
use crate::verdict::{Change, FindingOutcome, Outcome, Status};

/// Characters of a message.
const MOST_CHARACTERS: usize = 600;
/// Bytes of a suggested line.
const MOST_SUGGESTED: usize = 2_000;

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
    /// The whole new line, or lines, that the suggestion holds, without the last end.
    pub replacement: Option<String>,
    /// The note without its suggestion, and its line, for where the line to replace is not among those that changed.
    pub plain: Option<(u32, String)>,
}

/// The notes of a report: on what this pull request introduced, by points; one for each fingerprint. Where nothing is
/// known of the base, on everything.
pub fn list(report: &Report) -> Vec<InlineNote> {
    let mut all: Vec<(f64, InlineNote)> = Vec::new();
    let bases = report.base.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let outcomes = report
        .verdicts
        .iter()
        .zip(bases)
        .flat_map(|(verdict, base)| verdict.all_outcomes().map(move |outcome| (outcome, base)))
        .filter(|(outcome, _)| outcome.status != Status::Waived);
    for (outcome, base) in outcomes {
        for finding in &outcome.findings {
            if base.is_some() && finding.change != Some(Change::Introduced) {
                continue;
            }
            let note = note(outcome, finding);
            if !all.iter().any(|(_, known)| known.fingerprint == note.fingerprint) {
                all.push((outcome.gain, note));
            }
        }
    }
    all.sort_by(|one, other| other.0.total_cmp(&one.0));
    all.into_iter().map(|(_, note)| note).collect()
}

fn note(outcome: &Outcome, finding: &FindingOutcome) -> InlineNote {
    let FindingOutcome { finding, fingerprint, .. } = finding;
    let place = &finding.place;
    // A suggestion replaces lines of the file as they are: one that holds what is never shown is none.
    let replacement =
        finding.replacement.as_ref().filter(|replacement| replacement.text.len() <= MOST_SUGGESTED).filter(
            |replacement| {
                !replacement.text.contains('\r') && replacement.text.split('\n').all(text::is_shown)
            },
        );
    let message = text::sentence(&text::prose(&finding.message, MOST_CHARACTERS));
    let reason = text::prose(outcome.rule.reason.trim_end_matches('.'), MOST_CHARACTERS);
    let reason = format!(
        "{}. [{}]({})\n",
        text::capital(&reason),
        text::prose(outcome.rule.title, 100),
        outcome.rule.url()
    );
    let plain = (place.end_line.max(place.line).max(1), format!("{message}\n\n{reason}"));
    let Some(replacement) = replacement else {
        let (line, body) = plain;
        let (path, fingerprint) = (place.path.clone(), fingerprint.clone());
        return InlineNote { path, line, body, fingerprint, replacement: None, plain: None };
    };
    InlineNote {
        path: place.path.clone(),
        line: replacement.line.max(1),
        body: format!("{message}\n\n{}\n{reason}", text::fence(&replacement.text, "suggestion")),
        fingerprint: fingerprint.clone(),
        replacement: Some(replacement.text.clone()),
        plain: Some(plain).filter(|(line, _)| *line != replacement.line),
    }
}
