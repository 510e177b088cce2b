//! Runs the programs that expressions were compiled to: nothing is parsed or built before the first text is read.
//!
//! Alternatives are tried in order, and no state twice at the same place, so that time is bounded by the product of both.

use super::compile::kind;
use regex_automata::util::look::{Look, LookMatcher};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::OnceLock;

/// A program, ready to run.
#[derive(Debug)]
pub(super) struct Program {
    /// Read when an occurrence may begin somewhere.
    states: OnceLock<Option<States>>,
    /// What they are read from.
    written: &'static [u8],
    start: u32,
    /// Whether it can begin in other ways at the start of a text.
    at_start: bool,
    first: First,
    /// How many states several ways lead to.
    marks: usize,
    groups: usize,
}

#[derive(Debug)]
struct States {
    states: Box<[State]>,
    ranges: Box<[ByteRange]>,
    alternatives: Box<[u32]>,
    choices: Box<[Choice]>,
    looks: LookMatcher,
}

/// What an occurrence can begin with behind the start of a text.
#[derive(Debug)]
enum First {
    /// It can only stand at the start.
    None,
    /// It can be empty.
    Any,
    Few(u8, u8, u8, Beginnings),
    Many(Beginnings),
}

/// The bytes around a place where an occurrence can begin, as `compile.rs` writes them: at the start of a text, at its
/// end, and of each byte.
#[derive(Debug)]
struct Beginnings(&'static [[u8; 8]; 2 + 128]);

impl Beginnings {
    /// Bits of each of the four parts.
    const PART: u32 = 16;

    fn read(reader: &mut Reader<'static>) -> Option<Self> {
        let (numbers, _) = reader.0.as_chunks();
        let numbers = numbers.first_chunk()?;
        reader.0 = reader.0.get(numbers.as_flattened().len()..)?;
        Some(Self(numbers))
    }

    fn at_start(&self) -> u64 {
        u64::from_le_bytes(self.0[0])
    }

    fn at_end(&self) -> u64 {
        u64::from_le_bytes(self.0[1])
    }

    fn of(&self, byte: u8) -> u64 {
        u64::from_le_bytes(self.0[2 + usize::from(byte.min(127))])
    }

    /// The groups that are left of `state` behind a byte: each part stands for an occurrence that began one byte sooner.
    fn step(state: u64, of_byte: u64) -> u64 {
        (state << Self::PART | ((1 << Self::PART) - 1)) & of_byte
    }

    /// What stands before `at`.
    fn before(&self, text: &[u8], at: usize) -> u64 {
        match at.checked_sub(1).and_then(|before| text.get(before)) {
            Some(byte) => self.of(*byte) & ((1 << Self::PART) - 1),
            None => self.at_start(),
        }
    }

    /// The next place from `from` on that fits.
    fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut state = self.before(text, from);
        for (at, byte) in text.get(from..)?.iter().enumerate() {
            state = Self::step(state, self.of(*byte));
            if state >> (3 * Self::PART) != 0 {
                return Some(from + at - 2);
            }
        }
        (1..=2).rev().find_map(|left| {
            state = Self::step(state, self.at_end());
            (state >> (3 * Self::PART) != 0).then(|| text.len() - left)
        })
    }

    /// Whether `at` fits.
    fn fits(&self, text: &[u8], at: usize) -> bool {
        let state = (at..at + 3).fold(self.before(text, at), |state, at| {
            Self::step(state, text.get(at).map_or_else(|| self.at_end(), |byte| self.of(*byte)))
        });
        state >> (3 * Self::PART) != 0
    }
}

impl First {
    /// Takes a bit for each byte.
    fn new(may_be_empty: bool, bits: &[u8; 32], beginnings: Beginnings) -> Self {
        if may_be_empty {
            return Self::Any;
        }
        let mut bytes = (0..=255_u8).filter(|byte| bits[usize::from(byte >> 3)] >> (byte & 7) & 1 == 1);
        match (bytes.next(), bytes.next(), bytes.next(), bytes.next()) {
            (None, ..) => Self::None,
            (Some(one), two, three, None) => {
                Self::Few(one, two.unwrap_or(one), three.unwrap_or(one), beginnings)
            }
            _ => Self::Many(beginnings),
        }
    }

    /// The next place, from `from` on, where an occurrence can begin.
    fn next(&self, text: &[u8], mut from: usize) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Any => (from <= text.len()).then_some(from),
            Self::Few(one, two, three, beginnings) => loop {
                from += memchr::memchr3(*one, *two, *three, text.get(from..)?)?;
                if beginnings.fits(text, from) {
                    return Some(from);
                }
                from += 1;
            },
            Self::Many(beginnings) => beginnings.next(text, from),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct State {
    kind: Kind,
    /// Its place among those that several ways lead to.
    mark: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Range(ByteRange),
    Ranges { from: u32, to: u32 },
    Word { next: u32 },
    Look { look: Look, next: u32 },
    Either { from: u32, to: u32 },
    Choice { index: u32 },
    Group { slot: u32, next: u32 },
    Match,
    Fail,
}

#[derive(Debug, Clone, Copy)]
struct ByteRange {
    start: u8,
    end: u8,
    next: u32,
}

/// Which alternatives can go on with the byte that comes next.
#[derive(Debug, Clone)]
struct Choice {
    /// Where the alternatives of each list are.
    lists: Box<[(u32, u32)]>,
    /// The list of each byte.
    of_byte: [u8; 256],
    at_end: u8,
}

/// Reads what the build script wrote.
struct Reader<'bytes>(&'bytes [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from(u16::from_le_bytes([self.byte()?, self.byte()?])))
    }
}

/// What a search keeps, used again by the next.
#[derive(Debug, Default)]
struct Scratch {
    /// A bit for each marked state at each place.
    seen: Vec<u64>,
    left: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Try { state: u32, at: usize },
    Restore { slot: u32, place: Option<usize> },
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Looks for occurrences in one text, one behind the other.
#[derive(Debug)]
pub(super) struct Search<'program, 'text> {
    program: &'program Program,
    text: &'text [u8],
    /// The first place that is marked in what was seen; `None` before anything was.
    base: Option<usize>,
    scratch: Scratch,
}

impl Drop for Search<'_, '_> {
    fn drop(&mut self) {
        if self.base.is_some() && self.scratch.seen.capacity() * 64 <= KEPT_BITS {
            SCRATCH.set(std::mem::take(&mut self.scratch));
        }
    }
}

impl<'program, 'text> Search<'program, 'text> {
    /// `None` where the text is too long.
    pub(super) fn new(program: &'program Program, text: &'text [u8]) -> Option<Self> {
        let bits = (text.len() + 1).checked_mul(program.marks)?;
        (bits <= MOST_BITS).then(|| Self { program, text, base: None, scratch: Scratch::default() })
    }

    /// How many groups it has, the whole of it counted.
    pub(super) fn groups(&self) -> usize {
        self.program.groups
    }

    /// The first occurrence from `from` on, and its groups where there are slots for them. `from` never goes back.
    pub(super) fn next(&mut self, from: usize, slots: &mut [Option<usize>]) -> Option<Range<usize>> {
        let Self { program, text, .. } = *self;
        let at_start = program.at_start && from == 0;
        let mut start = if at_start { 0 } else { program.first.next(text, from)? };
        let base = *self.base.get_or_insert_with(|| {
            self.scratch = SCRATCH.take();
            let words = ((text.len() + 1 - start) * program.marks).div_ceil(64);
            if words > self.scratch.seen.capacity() {
                // The system gives zeroed memory, page by page.
                self.scratch.seen = vec![0; words];
            } else {
                self.scratch.seen.clear();
                self.scratch.seen.resize(words, 0);
            }
            start
        });
        let Scratch { seen, left } = &mut self.scratch;
        loop {
            let states = program.states()?;
            if let Some(end) = states.run(program, (text, start), base, seen, left, slots) {
                // What led to nothing will again; what led to an occurrence did so up to its end.
                for bit in (end - base) * program.marks..(end + 1 - base) * program.marks {
                    if let Some(word) = seen.get_mut(bit >> 6) {
                        *word &= !(1 << (bit & 63));
                    }
                }
                return Some(start..end);
            }
            start = program.first.next(text, start + 1)?;
        }
    }
}

/// Bits that a search may take: larger ones are left to the library.
const MOST_BITS: usize = 1 << 26;
/// Bits that are kept for the next search.
const KEPT_BITS: usize = 1 << 19;

impl Program {
    /// Reads a program; `None` where it is damaged.
    pub(super) fn read(written: &'static [u8]) -> Option<Self> {
        let mut reader = Reader(written);
        let groups = reader.number()? as usize;
        let start = reader.number()?;
        let marks = reader.number()? as usize;
        let (at_start, may_be_empty) = (reader.byte()? == 1, reader.byte()? == 1);
        let bits: [u8; 32] = reader.0.get(..32)?.try_into().ok()?;
        reader.0 = reader.0.get(32..)?;
        let first = First::new(may_be_empty, &bits, Beginnings::read(&mut reader)?);
        let (states, written) = (OnceLock::new(), reader.0);
        Some(Self { states, written, start, at_start, first, marks, groups })
    }

    fn states(&self) -> Option<&States> {
        self.states.get_or_init(|| States::read(self.written)).as_ref()
    }
}

impl States {
    fn read(written: &[u8]) -> Option<Self> {
        let mut reader = Reader(written);
        let count = reader.number()?;
        let target = |id: u32| (id < count).then_some(id);
        let mut states = Vec::with_capacity(count as usize);
        let (mut ranges, mut alternatives, mut choices, mut marks) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for _ in 0..count {
            let written = reader.byte()?;
            let kind = match written & !kind::SHARED {
                kind::RANGE => {
                    let (start, end) = (reader.byte()?, reader.byte()?);
                    Kind::Range(ByteRange { start, end, next: target(reader.number()?)? })
                }
                kind::RANGES => {
                    let from = ranges.len() as u32;
                    for _ in 0..reader.number()? {
                        let (start, end) = (reader.byte()?, reader.byte()?);
                        ranges.push(ByteRange { start, end, next: target(reader.number()?)? });
                    }
                    Kind::Ranges { from, to: ranges.len() as u32 }
                }
                kind::LOOK => {
                    let look = Look::from_repr(1_u32.checked_shl(u32::from(reader.byte()?))?)?;
                    match (look, target(reader.number()?)?) {
                        (Look::WordAscii, next) => Kind::Word { next },
                        (look, next) => Kind::Look { look, next },
                    }
                }
                kind::EITHER => {
                    let from = alternatives.len() as u32;
                    for _ in 0..reader.number()? {
                        alternatives.push(target(reader.number()?)?);
                    }
                    Kind::Either { from, to: alternatives.len() as u32 }
                }
                kind::CHOICE => {
                    let mut lists = Vec::new();
                    for _ in 0..reader.number()? {
                        let from = alternatives.len() as u32;
                        for _ in 0..reader.number()? {
                            alternatives.push(target(reader.number()?)?);
                        }
                        lists.push((from, alternatives.len() as u32));
                    }
                    let mut of_byte = [0; 256];
                    let mut from = 0;
                    for _ in 0..reader.number()? {
                        let (last, list) = (usize::from(reader.byte()?), reader.byte()?);
                        of_byte.get_mut(from..=last)?.fill(list);
                        from = last + 1;
                    }
                    choices.push(Choice { lists: lists.into(), of_byte, at_end: reader.byte()? });
                    Kind::Choice { index: choices.len() as u32 - 1 }
                }
                kind::GROUP => {
                    let slot = reader.number()?;
                    Kind::Group { slot, next: target(reader.number()?)? }
                }
                kind::MATCH => Kind::Match,
                kind::FAIL => Kind::Fail,
                _ => return None,
            };
            let mark = (written & kind::SHARED != 0).then(|| {
                marks += 1;
                marks - 1
            });
            states.push(State { kind, mark });
        }
        Some(Self {
            states: states.into(),
            ranges: ranges.into(),
            alternatives: alternatives.into(),
            choices: choices.into(),
            looks: LookMatcher::new(),
        })
    }

    /// Where the occurrence ends that starts at this place of the text.
    fn run(
        &self,
        program: &Program,
        (text, start): (&[u8], usize),
        base: usize,
        seen: &mut [u64],
        left: &mut Vec<Step>,
        slots: &mut [Option<usize>],
    ) -> Option<usize> {
        left.clear();
        left.push(Step::Try { state: program.start, at: start });
        while let Some(step) = left.pop() {
            let (mut id, mut at) = match step {
                Step::Try { state, at } => (state, at),
                Step::Restore { slot, place } => {
                    if let Some(slot) = slots.get_mut(slot as usize) {
                        *slot = place;
                    }
                    continue;
                }
            };
            loop {
                let state = self.states.get(id as usize)?;
                if let Some(mark) = state.mark {
                    let bit = (at - base) * program.marks + mark as usize;
                    let word = seen.get_mut(bit >> 6)?;
                    if *word >> (bit & 63) & 1 == 1 {
                        break;
                    }
                    *word |= 1 << (bit & 63);
                }
                match state.kind {
                    Kind::Range(range) => match text.get(at) {
                        Some(byte) if (range.start..=range.end).contains(byte) => {
                            (id, at) = (range.next, at + 1);
                        }
                        _ => break,
                    },
                    Kind::Ranges { from, to } => {
                        let ranges = self.ranges.get(from as usize..to as usize)?;
                        let Some(byte) = text.get(at) else { break };
                        let Some(range) = ranges.iter().find(|range| *byte <= range.end) else { break };
                        if *byte < range.start {
                            break;
                        }
                        (id, at) = (range.next, at + 1);
                    }
                    Kind::Word { next } => {
                        let is_word = |byte: Option<&u8>| {
                            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
                        };
                        if is_word(at.checked_sub(1).and_then(|before| text.get(before)))
                            == is_word(text.get(at))
                        {
                            break;
                        }
                        id = next;
                    }
                    Kind::Look { look, next } => {
                        if !self.looks.matches(look, text, at) {
                            break;
                        }
                        id = next;
                    }
                    Kind::Either { from, to } => {
                        let (first, others) =
                            self.alternatives.get(from as usize..to as usize)?.split_first()?;
                        left.extend(others.iter().rev().map(|state| Step::Try { state: *state, at }));
                        id = *first;
                    }
                    Kind::Choice { index } => {
                        let choice = self.choices.get(index as usize)?;
                        let list =
                            text.get(at).map_or(choice.at_end, |byte| choice.of_byte[usize::from(*byte)]);
                        let (from, to) = *choice.lists.get(usize::from(list))?;
                        let fitting = self.alternatives.get(from as usize..to as usize)?;
                        let Some((first, others)) = fitting.split_first() else { break };
                        left.extend(others.iter().rev().map(|state| Step::Try { state: *state, at }));
                        id = *first;
                    }
                    Kind::Group { slot, next } => {
                        if let Some(place) = slots.get_mut(slot as usize) {
                            left.push(Step::Restore { slot, place: *place });
                            *place = Some(at);
                        }
                        id = next;
                    }
                    Kind::Match => return Some(at),
                    Kind::Fail => break,
                }
            }
        }
        None
    }
}
