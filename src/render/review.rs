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
    /// The whole new line that the suggestion holds, without its end.
    pub replacement: Option<String>,
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
            |replacement| !replacement.text.contains(['\n', '\r']) && text::is_shown(&replacement.text),
        );
    let message = text::sentence(&text::prose(&finding.message, MOST_CHARACTERS));
    let mut body = format!("{message}\n\n");
    if let Some(replacement) = replacement {
        body.push_str(&text::fence(&replacement.text, "suggestion"));
        body.push('\n');
    }
    let reason = text::prose(outcome.rule.reason.trim_end_matches('.'), MOST_CHARACTERS);
    body.push_str(&format!(
        "{}. [{}]({})\n",
        text::capital(&reason),
        text::prose(outcome.rule.title, 100),
        outcome.rule.url()
    ));
    let line = replacement.map_or(place.end_line.max(place.line), |replacement| replacement.line).max(1);
    InlineNote {
        path: place.path.clone(),
        line,
        body,
        fingerprint: fingerprint.clone(),
        replacement: replacement.map(|replacement| replacement.text.clone()),
    }
}
