//! Regular expressions that are compiled when the program is built.

mod compile;
mod program;

use program::{Program, Search};
use regex_automata::Input;
use regex_automata::meta::Regex;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::OnceLock;

/// What the build script compiled, in order of the sources.
mod compiled {
    include!(concat!(env!("OUT_DIR"), "/programs.rs"));
    pub(super) static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/programs.bin"));
}

/// A regular expression, and what must stand in a text that it fits: most texts are passed over without compiling it.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: &'static str,
    needed: Needed,
    program: OnceLock<Option<Program>>,
    /// For texts that are too long for the program.
    regex: OnceLock<Option<Regex>>,
    /// Whether it reads characters, and not bytes.
    characters: bool,
}

/// What a pattern, or one of its groups, matched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'text> {
    text: &'text str,
    start: usize,
}

impl<'text> Piece<'text> {
    /// Its text.
    pub(crate) fn as_str(&self) -> &'text str {
        self.text
    }

    /// Where it starts, in bytes.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// Where it ends, in bytes.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    #[cfg(test)]
    fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    fn of(text: &'text str, range: Range<usize>) -> Option<Self> {
        Some(Self { start: range.start, text: text.get(range)? })
    }
}

impl Pattern {
    /// Takes the expression as it is written in Rust. It reads bytes, and its classes (`\d`, `\w`, `\s`, `\b`, `.`) are
    /// those of ASCII. Characters beyond ASCII may not stand within brackets.
    pub(crate) const fn new(source: &'static str) -> Self {
        Self::made(source, false)
    }

    /// Takes an expression whose `.` and `[^…]` stand for whole characters, and whose brackets may hold any.
    pub(crate) const fn text(source: &'static str) -> Self {
        Self::made(source, true)
    }

    const fn made(source: &'static str, characters: bool) -> Self {
        let needed = needed(source.as_bytes());
        Self { source, needed, program: OnceLock::new(), regex: OnceLock::new(), characters }
    }

    /// Whether what it needs stands in `text`.
    fn may_be_in(&self, text: &str) -> bool {
        /// In longer texts nearly everything stands somewhere.
        const LONGEST: usize = 256 << 10;
        /// Shorter ones are sooner searched, and so are those that more is needed of than they have bytes.
        const SHORTEST: usize = 16;
        thread_local! {
            static LATELY: RefCell<Option<Lately>> = const { RefCell::new(None) };
        }
        self.needed.count == 0
            || text.len() > LONGEST
            || text.len() < self.needed.count.max(SHORTEST)
            || LATELY.with_borrow_mut(|lately| {
                let lately = lately.get_or_insert_with(Lately::new);
                lately.may_hold(text, &self.needed, self.source.as_bytes())
            })
    }

    fn program(&self) -> Option<&Program> {
        let key = (self.source, self.characters);
        let read = || {
            let built = compiled::PROGRAMS
                .binary_search_by_key(&key, |(source, characters, _)| (source, *characters))
                .ok();
            let written =
                built.and_then(|index| compiled::BYTES.get(compiled::PROGRAMS.get(index)?.2.clone()));
            match written {
                Some(written) => Program::read(written),
                // Kept for as long as the pattern, which is for good.
                None => Program::read(compile::program(self.source, self.characters)?.leak()),
            }
        };
        self.program.get_or_init(read).as_ref()
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let (source, syntax) = compile::syntax_of(self.source, self.characters);
            let config = Regex::config().utf8_empty(false);
            Regex::builder().configure(config).syntax(syntax).build(&source).ok()
        };
        let compiled = self.regex.get_or_init(compile);
        debug_assert!(compiled.is_some(), "not a regular expression: {}", self.source);
        compiled.as_ref()
    }

    /// Its occurrences in `text`; none where it cannot occur.
    fn occurrences<'text>(&self, text: &'text str) -> Occurrences<'_, 'text> {
        let next = self.may_be_in(text).then_some(0);
        let program = next.and_then(|_| self.program());
        let search = program.and_then(|program| Search::new(program, text.as_bytes()));
        Occurrences { pattern: self, text, search, next, last: None }
    }

    /// Itself, where it may occur in `text`.
    pub(crate) fn within(&self, text: &str) -> Option<&Self> {
        self.may_be_in(text).then_some(self)
    }

    /// Whether it occurs in `text`.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.occurrences(text).next(&mut []).is_some()
    }

    /// Where it first occurs in `text`.
    pub(crate) fn find<'text>(&self, text: &'text str) -> Option<Piece<'text>> {
        self.find_iter(text).next()
    }

    /// Where it occurs in `text`.
    pub(crate) fn find_iter<'text>(&self, text: &'text str) -> impl Iterator<Item = Piece<'text>> {
        let mut occurrences = self.occurrences(text);
        std::iter::from_fn(move || Piece::of(text, occurrences.next(&mut [])?))
    }

    /// The groups of its first occurrence, the whole of it first.
    pub(crate) fn captures<'text>(&self, text: &'text str) -> Option<Groups<'text>> {
        self.captures_iter(text).next()
    }

    /// The groups of its occurrences, the whole of it first.
    pub(crate) fn captures_iter<'text>(&self, text: &'text str) -> impl Iterator<Item = Groups<'text>> {
        let mut occurrences = self.occurrences(text);
        std::iter::from_fn(move || {
            let mut slots = vec![None; occurrences.slots()];
            occurrences.next(&mut slots)?;
            let piece = |pair: &[Option<usize>]| match pair {
                [Some(start), Some(end)] => Piece::of(text, *start..*end),
                _ => None,
            };
            Some(Groups(slots.chunks_exact(2).map(piece).collect()))
        })
    }

    /// `text` without its occurrences.
    pub(crate) fn remove(&self, text: &str) -> String {
        self.replace(text, |_| " ")
    }

    /// `text` with what `by` gives in place of its occurrences.
    pub(crate) fn replace<'text>(
        &self,
        text: &'text str,
        by: impl Fn(&Groups<'text>) -> &'text str,
    ) -> String {
        let mut left = String::with_capacity(text.len());
        let mut from = 0;
        for found in self.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            left.push_str(text.get(from..whole.start()).unwrap_or_default());
            left.push_str(by(&found));
            from = whole.end();
        }
        left.push_str(text.get(from..).unwrap_or_default());
        left
    }
}

/// The occurrences of a pattern in a text, one behind the other.
struct Occurrences<'pattern, 'text> {
    pattern: &'pattern Pattern,
    text: &'text str,
    /// `None` where the text is too long for the program.
    search: Option<Search<'pattern, 'text>>,
    /// Where to look on.
    next: Option<usize>,
    /// Where the last ended.
    last: Option<usize>,
}

impl Occurrences<'_, '_> {
    /// Two for each group.
    fn slots(&self) -> usize {
        let groups = match &self.search {
            Some(search) => search.groups(),
            None if self.next.is_none() => 0,
            None => self.pattern.regex().map_or(0, |regex| regex.group_info().all_group_len()),
        };
        groups * 2
    }

    fn next(&mut self, slots: &mut [Option<usize>]) -> Option<Range<usize>> {
        loop {
            let from = self.next.take().filter(|from| *from <= self.text.len())?;
            let found = match &mut self.search {
                Some(search) => search.next(from, slots)?,
                None => self.ask_library(from, slots)?,
            };
            // Nothing empty stands where another ended.
            if found.is_empty() && self.last == Some(found.end) {
                let behind = from + 1..=self.text.len();
                self.next = behind.into_iter().find(|at| self.text.is_char_boundary(*at));
                slots.fill(None);
                continue;
            }
            (self.next, self.last) = (Some(found.end), Some(found.end));
            return Some(found);
        }
    }

    fn ask_library(&self, from: usize, slots: &mut [Option<usize>]) -> Option<Range<usize>> {
        let (regex, input) = (self.pattern.regex()?, Input::new(self.text).range(from..));
        if slots.is_empty() {
            return regex.find(input).map(|found| found.range());
        }
        let mut found = regex.create_captures();
        regex.captures(input, &mut found);
        for (pair, group) in slots.chunks_exact_mut(2).zip(found.iter()) {
            pair.copy_from_slice(&[group.map(|group| group.start), group.map(|group| group.end)]);
        }
        found.get_match().map(|found| found.range())
    }
}

/// The groups of a match.
#[derive(Debug)]
pub(crate) struct Groups<'text>(Vec<Option<Piece<'text>>>);

impl<'text> Groups<'text> {
    #[cfg(test)]
    fn ranges(&self) -> Vec<Option<Range<usize>>> {
        self.0.iter().map(|group| group.map(|piece| piece.range())).collect()
    }

    /// One group, from 1; 0 is the whole match.
    pub(crate) fn get(&self, index: usize) -> Option<Piece<'text>> {
        self.0.get(index).copied().flatten()
    }

    /// The last group that took part.
    pub(crate) fn last(&self) -> Option<Piece<'text>> {
        self.0.iter().rev().flatten().next().copied()
    }
}

/// Stretches of a pattern's source, one of which stands in every text that it fits, letters in any case.
#[derive(Debug, Clone, Copy)]
struct Needed {
    /// Where each begins.
    starts: [u16; Self::MOST],
    /// How many bytes it has, two at least.
    lengths: [u8; Self::MOST],
    /// How many there are; 0 where nothing is known.
    count: usize,
    /// The length of the shortest.
    least: u8,
}

impl Needed {
    const MOST: usize = 128;
    const NOTHING: Self = Self { starts: [0; Self::MOST], lengths: [0; Self::MOST], count: 0, least: 0 };

    const fn one(start: usize, end: usize) -> Self {
        let mut set = Self::NOTHING;
        let length = if end - start > 250 { 250 } else { end - start };
        if length >= 2 && end <= u16::MAX as usize {
            (set.starts[0], set.lengths[0]) = (start as u16, length as u8);
            (set.count, set.least) = (1, length as u8);
        }
        set
    }

    /// What stands there when either does.
    const fn or(mut self, other: Self) -> Self {
        if self.count == 0 || other.count == 0 || self.count + other.count > Self::MOST {
            return Self::NOTHING;
        }
        let mut index = 0;
        while index < other.count {
            self.starts[self.count] = other.starts[index];
            self.lengths[self.count] = other.lengths[index];
            self.count += 1;
            index += 1;
        }
        if other.least < self.least {
            self.least = other.least;
        }
        self
    }

    /// The rarer one, by a guess: longer words, then fewer of them.
    const fn rarer(self, other: Self) -> Self {
        const ENOUGH: u8 = 5;
        let (own, others) = (
            if self.least > ENOUGH { ENOUGH } else { self.least },
            if other.least > ENOUGH { ENOUGH } else { other.least },
        );
        if others > own || (others == own && other.count < self.count) { other } else { self }
    }

    fn is_in(&self, source: &[u8], may_hold: impl Fn(&[u8]) -> bool) -> bool {
        self.starts.iter().zip(&self.lengths).take(self.count).any(|(start, length)| {
            let from = usize::from(*start);
            source.get(from..from + usize::from(*length)).is_none_or(&may_hold)
        })
    }
}

/// What an expression needs. Reads as much of its syntax as that takes, and knows nothing of what it does not read.
const fn needed(source: &[u8]) -> Needed {
    // `(?x)` and the like at the beginning: blanks are for the reader.
    let mut verbose = false;
    let mut at = 0;
    while at < source.len() && matches!(source[at], b'(' | b'?' | b'i' | b'm' | b's' | b'u' | b'x') {
        verbose |= at > 1 && source[0] == b'(' && source[1] == b'?' && source[at] == b'x';
        at += 1;
    }
    let (found, end) = alternatives(source, 0, verbose && at < source.len() && source[at] == b')');
    if end == source.len() { found } else { Needed::NOTHING }
}

/// Alternatives up to a closing parenthesis or the end, and where that is.
const fn alternatives(source: &[u8], mut at: usize, verbose: bool) -> (Needed, usize) {
    let (mut all, next) = sequence(source, at, verbose);
    at = next;
    while at < source.len() && source[at] == b'|' {
        let (one, next) = sequence(source, at + 1, verbose);
        all = all.or(one);
        at = next;
    }
    (all, at)
}

/// One alternative, and where it ends.
const fn sequence(source: &[u8], mut at: usize, verbose: bool) -> (Needed, usize) {
    let mut best = Needed::NOTHING;
    let mut run = at;
    while at < source.len() {
        let byte = source[at];
        let begin = at;
        let mut group = Needed::NOTHING;
        match byte {
            b'|' | b')' => break,
            b'\\' => {
                let escaped = if at + 1 < source.len() { source[at + 1] } else { 0 };
                at += 2;
                if matches!(escaped, b'p' | b'P' | b'x' | b'u') && at < source.len() && source[at] == b'{' {
                    while at < source.len() && source[at] != b'}' {
                        at += 1;
                    }
                    at += 1;
                } else if escaped == b'x' {
                    at += 2;
                } else if matches!(escaped, b'p' | b'P') {
                    at += 1;
                }
            }
            b'[' => at = class_end(source, at),
            b'(' => {
                at += 1;
                let mut is_group = true;
                if at < source.len() && source[at] == b'?' {
                    at += 1;
                    // A name, or flags.
                    while at < source.len() && !matches!(source[at], b':' | b'>' | b')') {
                        at += 1;
                    }
                    is_group = at < source.len() && source[at] != b')';
                    at += 1;
                }
                if is_group {
                    let (inner, end) = alternatives(source, at, verbose);
                    group = inner;
                    at = end + 1;
                }
            }
            _ => at += 1,
        }
        let is_plain = !(verbose && byte == b' ') && is_plain(byte);
        if verbose && byte == b'#' {
            return (Needed::NOTHING, source.len() + 1);
        }
        while verbose && at < source.len() && source[at].is_ascii_whitespace() && !byte.is_ascii_whitespace()
        {
            match next_printed(source, at) {
                b'?' | b'*' | b'+' | b'{' => at += 1,
                _ => break,
            }
        }
        let quantifier = if at < source.len() { source[at] } else { 0 };
        let is_quantified = matches!(quantifier, b'?' | b'*' | b'+' | b'{');
        if is_plain && !is_quantified {
            continue;
        }
        best = best.rarer(Needed::one(run, begin));
        let may_be_absent = matches!(quantifier, b'?' | b'*')
            || (quantifier == b'{' && at + 1 < source.len() && matches!(source[at + 1], b'0' | b','));
        if group.count > 0 && !may_be_absent {
            best = best.rarer(group);
        }
        if quantifier == b'{' {
            while at < source.len() && source[at] != b'}' {
                at += 1;
            }
            at += 1;
        } else if is_quantified {
            at += 1;
        }
        // The fewest possible.
        if is_quantified && at < source.len() && source[at] == b'?' {
            at += 1;
        }
        run = at;
    }
    let end = if at > source.len() { source.len() } else { at };
    if run < end {
        best = best.rarer(Needed::one(run, end));
    }
    (best, at)
}

/// The first byte from `at` that is no blank.
const fn next_printed(source: &[u8], mut at: usize) -> u8 {
    while at < source.len() && source[at].is_ascii_whitespace() {
        at += 1;
    }
    if at < source.len() { source[at] } else { 0 }
}

/// Whether a byte stands for itself.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || (byte.is_ascii_punctuation()
            && !matches!(
                byte,
                b'\\'
                    | b'['
                    | b'('
                    | b')'
                    | b'|'
                    | b'.'
                    | b'^'
                    | b'$'
                    | b'?'
                    | b'*'
                    | b'+'
                    | b'{'
                    | b'}'
                    | b']'
            ))
        || byte == b' '
}

/// Behind the brackets that open at `at`.
const fn class_end(source: &[u8], mut at: usize) -> usize {
    at += 1;
    if at < source.len() && source[at] == b'^' {
        at += 1;
    }
    if at < source.len() && source[at] == b']' {
        at += 1;
    }
    while at < source.len() && source[at] != b']' {
        match source[at] {
            b'\\' => at += 2,
            b'[' => at = class_end(source, at),
            _ => at += 1,
        }
    }
    at + 1
}

/// Which pairs and triples of bytes stand in a text. Of each byte five bits are kept, in which a letter has no case.
#[derive(Debug)]
struct Pieces<const WORDS: usize> {
    text: String,
    /// Whether the text's pieces were taken.
    is_read: bool,
    pairs: [u64; 1 << 4],
    /// A bit for each, or for several where there are few words.
    triples: [u64; WORDS],
}

/// Texts that were asked about lately, as many patterns are asked about one text: a long one, and short ones by what
/// they begin and end with.
#[derive(Debug)]
struct Lately {
    long: Box<Pieces<512>>,
    short: Vec<Pieces<64>>,
}

impl Lately {
    /// Texts up to this length, in bytes, are short.
    const SHORT: usize = 512;
    /// How many of them are kept.
    const KEPT: usize = 128;

    fn new() -> Self {
        let mut short = Vec::new();
        short.resize_with(Self::KEPT, Pieces::new);
        Self { long: Box::new(Pieces::new()), short }
    }

    /// Whether `text` may hold what `needed` tells of `source`.
    fn may_hold(&mut self, text: &str, needed: &Needed, source: &[u8]) -> bool {
        if text.len() >= Self::SHORT {
            return self.long.may_hold(text, needed, source);
        }
        let bytes = text.as_bytes();
        let sum = bytes.first_chunk::<8>().zip(bytes.last_chunk::<8>()).map_or(0, |(first, last)| {
            u64::from_le_bytes(*first).rotate_left(23) ^ u64::from_le_bytes(*last)
        });
        let mixed = (sum ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = (mixed >> 32) as usize % Self::KEPT;
        self.short.get_mut(place).is_none_or(|known| known.may_hold(text, needed, source))
    }
}

impl<const WORDS: usize> Pieces<WORDS> {
    fn new() -> Self {
        Self { text: String::new(), is_read: false, pairs: [0; 1 << 4], triples: [0; WORDS] }
    }

    /// A text that is asked about once is sooner searched.
    fn may_hold(&mut self, text: &str, needed: &Needed, source: &[u8]) -> bool {
        if self.text != text {
            self.text.clear();
            self.text.push_str(text);
            self.is_read = false;
            return true;
        }
        if !self.is_read {
            self.read();
        }
        needed.is_in(source, |word| self.may_hold_word(word))
    }

    fn read(&mut self) {
        self.is_read = true;
        self.pairs.fill(0);
        self.triples.fill(0);
        let mut seen = 0_usize;
        for byte in self.text.bytes() {
            seen = seen << 5 | usize::from(byte & 31);
            let (pair, triple) = (seen & 0x3ff, Self::bit(seen));
            self.pairs[pair >> 6] |= 1 << (pair & 63);
            self.triples[triple >> 6] |= 1 << (triple & 63);
        }
    }

    /// The bit of the last three bytes of `seen`.
    fn bit(seen: usize) -> usize {
        let triple = seen & 0x7fff;
        (triple ^ triple >> 12) % (WORDS * 64)
    }

    /// Whether `word` may stand in the text, in any case: `false` is certain.
    fn may_hold_word(&self, word: &[u8]) -> bool {
        let add = |seen: usize, byte: &u8| seen << 5 | usize::from(byte & 31);
        match word {
            [one, other] => {
                let pair = add(usize::from(one & 31), other);
                self.pairs[pair >> 6] >> (pair & 63) & 1 == 1
            }
            word => word.windows(3).all(|triple| {
                let triple = Self::bit(triple.iter().fold(0, add));
                self.triples[triple >> 6] >> (triple & 63) & 1 == 1
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_read_whole_and_classes_are_of_ascii() {
        let pattern = Pattern::text(r"(?i)\b([\w.-]+)\s*=[^\s\d]\S+\\b\b");
        for text in ["x a.b-c =value\\b!", "größe =wert\\b!"] {
            assert!(pattern.is_in(text), "{text}");
        }
        let text = "“größe” und “maß”, „x“";
        let quoted = Pattern::text("[“„]([^”“]{1,5})[”“]");
        let found = quoted.captures_iter(text).map(|found| found.get(1));
        assert_eq!(found.flatten().map(|piece| piece.as_str()).collect::<Vec<_>>(), ["größe", "maß", "x"]);
        assert_eq!(
            Pattern::text(r"x*").find_iter("äxö").map(|piece| piece.start()).collect::<Vec<_>>(),
            [0, 2, 5]
        );
        let swapped = Pattern::text(r"`([^`]*)`")
            .replace("a `b` `ä`", |found| found.get(1).map_or("", |it| it.as_str()));
        assert_eq!(swapped, "a b ä");
    }

    fn needs(source: &'static str) -> Vec<&'static str> {
        let found = needed(source.as_bytes());
        let words = found.starts.iter().zip(&found.lengths).take(found.count);
        words.map(|(start, length)| &source[usize::from(*start)..][..usize::from(*length)]).collect()
    }

    #[test]
    fn what_an_expression_needs_is_read_from_its_source() {
        assert_eq!(needs("abc|def?g(hij|kl)+"), ["abc", "de"]);
        assert_eq!(needs(r"(?i)\blearning[-_ ]?rates?\b"), ["learning"]);
        assert_eq!(needs(r"(?P<name>x|yes)* (to ?do|fix{2,}me)"), ["to", "fi"]);
        assert_eq!(needs(r"[a-z]+=[^]x]{0,3}://\w"), ["://"]);
        assert_eq!(needs("(?ix) abc d | efg ? hi\n | klm"), ["abc", "ef", "klm"]);
        assert_eq!(needs(r"\x22lr\p{Lu}(?:abc){0,2}"), ["lr"]);
        for nothing in [r"\d+", "a|bc", "(ab)?", "x*", "(?x) ab # cd", r"\w\b(a|bcd)"] {
            assert_eq!(needs(nothing), Vec::<&str>::new(), "{nothing}");
        }
    }

    #[test]
    fn what_is_needed_is_looked_for_in_any_case() {
        let pattern = Pattern::new(r"(?i)\bLearning rate|\bLR\b");
        assert!(pattern.is_in("the learning RATE") && pattern.is_in("an lr of 1"));
        assert!(!pattern.is_in("") && !pattern.is_in("l") && !pattern.is_in("nothing"));
        for text in ["rate of learning", "nothing of what is looked for"] {
            // A text is looked into when it is asked about again.
            assert!(
                !pattern.is_in(text) && !pattern.may_be_in(text) && pattern.within(text).is_none(),
                "{text}"
            );
        }
    }

    #[test]
    fn programs_find_what_the_library_finds() {
        // Sources hold the words that they look for.
        let sources = compiled::PROGRAMS.iter().map(|(source, ..)| *source).step_by(20);
        let readme = include_str!("../README.md").lines().step_by(3);
        let texts: Vec<&str> = sources.chain(readme).chain(["", "über é\n", "a. a, x=1 x.py"]).collect();
        for (source, characters, _) in &compiled::PROGRAMS {
            let pattern = Pattern::made(source, *characters);
            let regex = pattern.regex().expect("an expression");
            assert!(pattern.program().is_some(), "not compiled: {source}");
            for text in texts.iter().filter(|text| pattern.may_be_in(text)) {
                // A pattern of bytes may part a character; those occurrences are no text.
                let is_text =
                    |groups: &Vec<Option<Range<usize>>>| groups.first().is_some_and(Option::is_some);
                let found: Vec<_> =
                    pattern.captures_iter(text).map(|found| found.ranges()).filter(is_text).collect();
                let groups = |found: regex_automata::util::captures::Captures| {
                    found
                        .iter()
                        .map(|group| Piece::of(text, group?.range()).map(|piece| piece.range()))
                        .collect::<Vec<_>>()
                };
                assert_eq!(
                    found,
                    regex.captures_iter(text).map(groups).filter(is_text).collect::<Vec<_>>(),
                    "{source} {text:?}"
                );
                assert_eq!(pattern.is_in(text), !found.is_empty(), "{source} {text:?}");
            }
        }
    }

    #[test]
    fn texts_that_are_too_long_are_left_to_the_library() {
        let pattern = Pattern::new(r"(\w+|x)*y(z)");
        let text = "x".repeat(24 << 20) + "yz";
        assert!(pattern.occurrences(&text).search.is_none() && pattern.is_in(&text));
        let found = pattern.captures(&text).and_then(|found| found.get(2));
        assert_eq!(found.map(|piece| piece.end()), Some(text.len()));
    }

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
