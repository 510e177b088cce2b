//! The line of a document that is wrong, and as it should be.

use crate::facts::{Facts, Lines};
use crate::rules::Replacement;

/// The texts of a document's `lines` with their numbers.
fn lines_of<'facts>(
    facts: &'facts Facts,
    document: &str,
    lines: Lines,
) -> impl Iterator<Item = (&'facts str, u32)> + use<'facts> {
    let height = (lines.last + 1).saturating_sub(lines.first) as usize;
    let file = facts.files.get(document);
    file.into_iter().flat_map(move |file| file.lines_from(lines.first)).take(height)
}

/// The number of the first of a document's `lines` that `holds` what is looked for; the first of them where none does.
pub(super) fn line_that(facts: &Facts, document: &str, lines: Lines, holds: impl Fn(&str) -> bool) -> u32 {
    lines_of(facts, document, lines).find(|(line, _)| holds(line)).map_or(lines.first, |(_, number)| number)
}

/// The whole line of `document` in which `wrong` becomes `right`, where it stands exactly once in `lines`.
pub(super) fn replacement(
    facts: &Facts,
    document: &str,
    lines: Lines,
    wrong: &str,
    right: &str,
) -> Option<Replacement> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.');
    let mut found: Option<Replacement> = None;
    for (line, number) in lines_of(facts, document, lines) {
        for (at, _) in line.match_indices(wrong) {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + wrong.len()..).unwrap_or_default();
            let ends_sentence =
                after.starts_with('.') && !after.get(1..).is_some_and(|rest| rest.starts_with(is_part));
            if before.ends_with(is_part) || (after.starts_with(is_part) && !ends_sentence) {
                continue;
            }
            if found.is_some() {
                return None;
            }
            found = Some(Replacement { line: number, text: format!("{before}{right}{after}") });
        }
    }
    found
}
