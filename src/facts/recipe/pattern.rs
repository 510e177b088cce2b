//! Regular expressions that are compiled once, when first asked.

use regex::Regex;
use std::sync::OnceLock;

/// A regular expression over lower-case text. Its classes (`\d`, `\w`, `\s`, `\b`) are those of ASCII, which compiles
/// several times faster than Unicode's.
#[derive(Debug)]
pub(super) struct Pattern {
    source: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Takes the expression as it is written in Rust, with ASCII classes outside of brackets.
    pub(super) const fn new(source: &'static str) -> Self {
        Self { source, regex: OnceLock::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        let compiled = self.regex.get_or_init(|| Regex::new(&ascii(self.source)).ok());
        debug_assert!(compiled.is_some(), "not a regular expression: {}", self.source);
        compiled.as_ref()
    }

    /// Whether it occurs in `text`.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// Where it first occurs in `text`.
    pub(super) fn find<'text>(&self, text: &'text str) -> Option<regex::Match<'text>> {
        self.regex()?.find(text)
    }

    /// The groups of its first occurrence.
    pub(super) fn captures<'text>(&self, text: &'text str) -> Option<regex::Captures<'text>> {
        self.regex()?.captures(text)
    }

    /// `text` without its occurrences.
    pub(super) fn remove(&self, text: &str) -> String {
        match self.regex() {
            Some(regex) => regex.replace_all(text, " ").into_owned(),
            None => text.to_owned(),
        }
    }
}

/// Writes the classes out as ASCII ranges, within brackets and outside of them.
fn ascii(source: &str) -> String {
    let mut written = String::with_capacity(source.len() * 2);
    let mut in_brackets = false;
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let range = match characters.next() {
                    Some('d') => "0-9",
                    Some('w') => "0-9a-z_",
                    Some('s') => " \\t\\n",
                    Some('b') => {
                        written.push_str(r"(?-u:\b)");
                        continue;
                    }
                    other => {
                        written.push('\\');
                        written.extend(other);
                        continue;
                    }
                };
                if in_brackets {
                    written.push_str(range);
                } else {
                    written.extend(["[", range, "]"]);
                }
                continue;
            }
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            _ => {}
        }
        written.push(character);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_ascii() {
        assert_eq!(ascii(r"\b\d+[\d,.]*\s\w"), r"(?-u:\b)[0-9]+[0-9,.]*[ \t\n][0-9a-z_]");
        assert_eq!(ascii(r"a\.b[^\s]"), r"a\.b[^ \t\n]");
        assert!(Pattern::new(r"\b\d+ epochs?\b").is_in("for 90 epochs"));
    }
}
