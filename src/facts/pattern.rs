//! Regular expressions that are compiled once, when first asked.

use regex::bytes::{Regex, RegexBuilder};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind};
use std::sync::{Mutex, OnceLock};

/// A regular expression over lower-case text. It reads bytes, and its classes (`\d`, `\w`, `\s`, `\b`, `.`) are those
/// of ASCII: it compiles several times faster than one that knows Unicode.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: &'static str,
    /// Tells whether it occurs; what most patterns are asked.
    matcher: OnceLock<Option<Matcher>>,
    /// Tells where it occurs as well.
    regex: OnceLock<Option<Regex>>,
}

/// A lazy automaton that reads forward, and its states so far.
#[derive(Debug)]
struct Matcher {
    automaton: DFA,
    states: Mutex<Cache>,
}

impl Matcher {
    fn new(source: &str) -> Option<Self> {
        let automaton = DFA::builder()
            .configure(DFA::config().match_kind(MatchKind::LeftmostFirst))
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(regex_automata::nfa::thompson::Config::new().utf8(false))
            .build(source)
            .ok()?;
        let states = Mutex::new(automaton.create_cache());
        Some(Self { automaton, states })
    }

    /// `None` where the automaton gives up.
    fn is_in(&self, text: &str) -> Option<bool> {
        let mut states = self.states.lock().ok()?;
        let input = Input::new(text).earliest(true);
        self.automaton.try_search_fwd(&mut states, &input).ok().map(|found| found.is_some())
    }
}

/// What a pattern, or one of its groups, matched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'text> {
    text: &'text str,
    end: usize,
}

impl<'text> Piece<'text> {
    /// Its text.
    pub(crate) fn as_str(&self) -> &'text str {
        self.text
    }

    /// Where it ends, in bytes.
    pub(crate) fn end(&self) -> usize {
        self.end
    }
}

impl Pattern {
    /// Takes the expression as it is written in Rust; characters beyond ASCII may not stand within brackets.
    pub(crate) const fn new(source: &'static str) -> Self {
        Self { source, matcher: OnceLock::new(), regex: OnceLock::new() }
    }

    fn regex(&self) -> Option<&Regex> {
        let compiled = self.regex.get_or_init(|| RegexBuilder::new(self.source).unicode(false).build().ok());
        debug_assert!(compiled.is_some(), "not a regular expression: {}", self.source);
        compiled.as_ref()
    }

    /// Whether it occurs in `text`.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let matcher = self.matcher.get_or_init(|| Matcher::new(self.source)).as_ref();
        match matcher.and_then(|matcher| matcher.is_in(text)) {
            Some(found) => found,
            None => self.regex().is_some_and(|regex| regex.is_match(text.as_bytes())),
        }
    }

    /// Where it first occurs in `text`.
    pub(crate) fn find<'text>(&self, text: &'text str) -> Option<Piece<'text>> {
        let found = self.regex()?.find(text.as_bytes())?;
        Some(Piece { text: text.get(found.range())?, end: found.end() })
    }

    /// The groups of its first occurrence, the whole of it first.
    pub(crate) fn captures<'text>(&self, text: &'text str) -> Option<Groups<'text>> {
        let found = self.regex()?.captures(text.as_bytes())?;
        let piece = |group: Option<regex::bytes::Match<'_>>| {
            let group = group?;
            Some(Piece { text: text.get(group.range())?, end: group.end() })
        };
        Some(Groups(found.iter().map(piece).collect()))
    }

    /// `text` without its occurrences.
    pub(crate) fn remove(&self, text: &str) -> String {
        match self.regex() {
            Some(regex) => {
                String::from_utf8_lossy(&regex.replace_all(text.as_bytes(), &b" "[..])).into_owned()
            }
            None => text.to_owned(),
        }
    }
}

/// The groups of a match.
#[derive(Debug)]
pub(crate) struct Groups<'text>(Vec<Option<Piece<'text>>>);

impl<'text> Groups<'text> {
    /// One group, from 1; 0 is the whole match.
    pub(crate) fn get(&self, index: usize) -> Option<Piece<'text>> {
        self.0.get(index).copied().flatten()
    }

    /// The last group that took part.
    pub(crate) fn last(&self) -> Option<Piece<'text>> {
        self.0.iter().rev().flatten().next().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_beyond_ascii_are_read_as_bytes() {
        let pattern = Pattern::new(r"(\d+)\s?(x|×)?\s?gpus?\b");
        assert!(pattern.is_in("für 4 × gpus"));
        assert_eq!(
            pattern.captures("für 4 × gpus").and_then(|found| found.get(1)).map(|piece| piece.as_str()),
            Some("4")
        );
        assert_eq!(Pattern::new("x+").remove("äxö"), "ä ö");
        assert!(!Pattern::new(r"\bcat\b").is_in("concat"));
    }
}
