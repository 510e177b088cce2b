//! The line of a document that is wrong, and as it should be.

use crate::facts::{Facts, Lines};
use crate::rules::Replacement;

/// Lines of a command that are searched for what is wrong with it.
const MOST_LINES: usize = 200;
/// Bytes of a line that is written anew: nobody reviews a longer one.
const LONGEST_LINE: usize = 2_000;

/// The texts of a document's `lines` with their numbers.
fn lines_of<'facts>(
    facts: &'facts Facts,
    document: &str,
    lines: Lines,
) -> impl Iterator<Item = (&'facts str, u32)> + use<'facts> {
    let height = ((lines.last + 1).saturating_sub(lines.first) as usize).min(MOST_LINES);
    let file = facts.files.get(document);
    file.into_iter().flat_map(move |file| file.lines_from(lines.first)).take(height)
}

/// The number of the first of a document's `lines` that `holds` what is looked for; the first of them where none does.
pub(super) fn line_that(facts: &Facts, document: &str, lines: Lines, holds: impl Fn(&str) -> bool) -> u32 {
    if lines.first >= lines.last {
        return lines.first;
    }
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
    for (line, number) in lines_of(facts, document, lines).filter(|(line, _)| line.len() <= LONGEST_LINE) {
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
