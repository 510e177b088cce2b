//! Notes on single lines of a pull request. Which of them lie on lines of the diff, whoever posts them knows.

use super::text;
use crate::report::Report;
use crate::verdict::{Change, FindingOutcome, Outcome, Status, fingerprint};

/// Notes of one rule in one file that become one.
const MANY: usize = 4;
/// Runs of lines that such a note names.
const MOST_RUNS: usize = 12;
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
    let mut all: Vec<(&Outcome, InlineNote)> = Vec::new();
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
                all.push((outcome, note));
            }
        }
    }
    let mut all = gathered(all);
    all.sort_by(|one, other| other.0.gain.total_cmp(&one.0.gain));
    all.into_iter().map(|(_, note)| note).collect()
}

/// `notes`, those of one rule in one file as one where there are many that no suggestion mends.
fn gathered(notes: Vec<(&Outcome, InlineNote)>) -> Vec<(&Outcome, InlineNote)> {
    let mut gathered: Vec<(&Outcome, InlineNote)> = Vec::new();
    let alike = |one: &(&Outcome, InlineNote), other: &(&Outcome, InlineNote)| {
        std::ptr::eq(one.0, other.0) && one.1.path == other.1.path && other.1.replacement.is_none()
    };
    for note in &notes {
        let all: Vec<_> = notes.iter().filter(|other| alike(note, other)).collect();
        if note.1.replacement.is_some() || all.len() < MANY {
            gathered.push(note.clone());
            continue;
        }
        let (Some(first), Some(last)) = (all.first(), all.last()) else { continue };
        if !std::ptr::eq(note, *first) {
            continue;
        }
        let lines: Vec<u32> = all.iter().skip(1).map(|(_, other)| other.line).collect();
        let body = format!("{}\nMore of the kind: {}.\n", note.1.body, named_lines(lines));
        // The same as long as one of them is there.
        let fingerprint = fingerprint(&format!("many|{}|{}", note.0.rule.id, note.1.path));
        let plain = Some((last.1.line, body.clone()));
        gathered.push((note.0, InlineNote { body, fingerprint, plain, ..note.1.clone() }));
    }
    gathered
}

/// `lines 3, 7 and 9 to 12`.
fn named_lines(mut lines: Vec<u32>) -> String {
    lines.sort_unstable();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if line <= last.saturating_add(1) => *last = line,
            _ => runs.push((line, line)),
        }
    }
    let run = |(first, last): &(u32, u32)| match first == last {
        true => first.to_string(),
        false => format!("{first} to {last}"),
    };
    let mut named: Vec<String> = runs.iter().take(MOST_RUNS).map(run).collect();
    if runs.len() > MOST_RUNS {
        named.push(format!("{} more", runs.len() - MOST_RUNS));
    }
    let plural = if matches!(runs.as_slice(), [(first, last)] if first == last) { "" } else { "s" };
    format!("line{plural} {}", text::listed(&named))
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

#[cfg(test)]
mod tests {
    use super::named_lines;

    #[test]
    fn lines_are_named_by_their_runs() {
        assert_eq!(named_lines(vec![7]), "line 7");
        assert_eq!(named_lines(vec![12, 3, 9, 10, 11, 3]), "lines 3 and 9 to 12");
    }
}
