//! Writes an expression as a program, for `program.rs` to run. The build script does so for all that the sources hold.

use regex_automata::nfa::thompson::{Compiler, Config, NFA, State};
use regex_automata::util::look::Look;
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;

/// Kinds of states, as they are written.
pub(crate) mod kind {
    pub(crate) const RANGE: u8 = 0;
    pub(crate) const RANGES: u8 = 1;
    pub(crate) const LOOK: u8 = 2;
    pub(crate) const EITHER: u8 = 3;
    /// Alternatives, sorted by the byte that comes next.
    pub(crate) const CHOICE: u8 = 7;
    pub(crate) const GROUP: u8 = 4;
    pub(crate) const MATCH: u8 = 5;
    pub(crate) const FAIL: u8 = 6;
    /// Added where several ways lead to the state.
    pub(crate) const SHARED: u8 = 0x80;
}

/// What an expression is made of: bytes, or characters. Its classes (`\d`, `\w`, `\s`, `\b`) are of ASCII in both.
pub(crate) fn syntax_of(source: &str, characters: bool) -> (String, syntax::Config) {
    let syntax = syntax::Config::new().unicode(characters).utf8(characters);
    if characters { (with_classes_of_ascii(source), syntax) } else { (source.to_owned(), syntax) }
}

/// `source` with its classes written out.
fn with_classes_of_ascii(source: &str) -> String {
    let mut written = String::with_capacity(source.len() * 2);
    let mut rest = source.chars();
    while let Some(character) = rest.next() {
        let escaped = if character == '\\' { rest.next() } else { None };
        match escaped {
            None => written.push(character),
            Some('w') => written.push_str("[0-9A-Za-z_]"),
            Some('W') => written.push_str("[^0-9A-Za-z_]"),
            Some('d') => written.push_str("[0-9]"),
            Some('D') => written.push_str("[^0-9]"),
            Some('s') => written.push_str(r"[\t\n\x0b\f\r\x20]"),
            Some('S') => written.push_str(r"[^\t\n\x0b\f\r\x20]"),
            Some('b') => written.push_str(r"(?-u:\b)"),
            Some(other) => written.extend(['\\', other]),
        }
    }
    written
}

/// The program of an expression; `None` where it is none, or too large.
///
/// How many groups there are, where it starts, how many states several ways lead to, whether it can begin in other ways at the start of a text, whether it can
/// be empty, the bytes that it can begin with, its [`Beginnings`]; then the states. Numbers have two bytes, the lower
/// first.
pub(crate) fn program(source: &str, characters: bool) -> Option<Vec<u8>> {
    let (source, syntax) = syntax_of(source, characters);
    let nfa = Compiler::new().syntax(syntax).configure(Config::new().utf8(false)).build(&source).ok()?;
    let ways = ways_to(&nfa);
    let mut written = Vec::new();
    number(&mut written, nfa.group_info().all_group_len())?;
    number(&mut written, nfa.start_anchored().as_usize())?;
    number(&mut written, ways.iter().filter(|ways| **ways > 1).count())?;
    let first = First::of(&nfa, nfa.start_anchored());
    written.extend([u8::from(first.at_start), u8::from(first.may_be_empty)]);
    written.extend(first.bytes);
    Beginnings::of(&nfa, nfa.start_anchored()).write(&mut written);
    number(&mut written, nfa.states().len())?;
    for (state, ways) in nfa.states().iter().zip(ways) {
        let shared = if ways > 1 { kind::SHARED } else { 0 };
        let next = |written: &mut Vec<u8>, id: StateID| number(written, id.as_usize());
        match state {
            State::ByteRange { trans } => {
                written.extend([kind::RANGE | shared, trans.start, trans.end]);
                next(&mut written, trans.next)?;
            }
            State::Sparse(ranges) => {
                written.push(kind::RANGES | shared);
                number(&mut written, ranges.transitions.len())?;
                for range in &ranges.transitions {
                    written.extend([range.start, range.end]);
                    next(&mut written, range.next)?;
                }
            }
            State::Dense(_) => return None,
            State::Look { look, next: id } => {
                written.extend([kind::LOOK | shared, u8::try_from(look.as_repr().trailing_zeros()).ok()?]);
                next(&mut written, *id)?;
            }
            State::Union { alternates } => {
                written.push(kind::CHOICE | shared);
                choice(&mut written, &nfa, alternates)?;
            }
            State::BinaryUnion { alt1, alt2 } => {
                written.push(kind::EITHER | shared);
                number(&mut written, 2)?;
                next(&mut written, *alt1)?;
                next(&mut written, *alt2)?;
            }
            State::Capture { next: id, slot, .. } => {
                written.push(kind::GROUP | shared);
                number(&mut written, slot.as_usize())?;
                next(&mut written, *id)?;
            }
            State::Match { .. } => written.push(kind::MATCH | shared),
            State::Fail => written.push(kind::FAIL | shared),
        }
    }
    Some(written)
}

/// Which of the alternatives can go on with a byte: lists of them, to which list each stretch of bytes belongs, given by
/// its last, and to which the end of a text.
fn choice(written: &mut Vec<u8>, nfa: &NFA, alternatives: &[StateID]) -> Option<()> {
    let firsts: Vec<(StateID, First)> = alternatives.iter().map(|id| (*id, First::of(nfa, *id))).collect();
    let list = |fits: &dyn Fn(&First) -> bool| -> Vec<StateID> {
        firsts
            .iter()
            .filter(|(_, first)| first.may_be_empty || first.at_start || fits(first))
            .map(|(id, _)| *id)
            .collect()
    };
    let mut lists: Vec<Vec<StateID>> = Vec::new();
    let mut place = |list: Vec<StateID>| {
        let known = lists.iter().position(|known| *known == list);
        u8::try_from(known.unwrap_or_else(|| {
            lists.push(list);
            lists.len() - 1
        }))
        .ok()
    };
    let mut stretches: Vec<(u8, u8)> = Vec::new();
    for byte in 0..=255_u8 {
        let fitting = place(list(&|first| first.bytes[usize::from(byte >> 3)] >> (byte & 7) & 1 == 1))?;
        match stretches.last_mut() {
            Some((last, known)) if *known == fitting => *last = byte,
            _ => stretches.push((byte, fitting)),
        }
    }
    let at_end = place(list(&|_| false))?;
    number(written, lists.len())?;
    for list in lists {
        number(written, list.len())?;
        list.into_iter().try_for_each(|id| number(written, id.as_usize()))?;
    }
    number(written, stretches.len())?;
    stretches.into_iter().for_each(|(last, list)| written.extend([last, list]));
    written.push(at_end);
    Some(())
}

fn number(written: &mut Vec<u8>, number: usize) -> Option<()> {
    written.extend(u16::try_from(number).ok()?.to_le_bytes());
    Some(())
}

/// Where a state leads.
fn targets(state: &State) -> Vec<StateID> {
    match state {
        State::ByteRange { trans } => vec![trans.next],
        State::Sparse(ranges) => ranges.transitions.iter().map(|range| range.next).collect(),
        State::Dense(ranges) => ranges.transitions.to_vec(),
        State::Look { next, .. } | State::Capture { next, .. } => vec![*next],
        State::Union { alternates } => alternates.to_vec(),
        State::BinaryUnion { alt1, alt2 } => vec![*alt1, *alt2],
        State::Match { .. } | State::Fail => Vec::new(),
    }
}

/// From how many states each is reached.
fn ways_to(nfa: &NFA) -> Vec<usize> {
    let mut ways = vec![0; nfa.states().len()];
    let mut count = |id: StateID| {
        if let Some(ways) = ways.get_mut(id.as_usize()) {
            *ways += 1;
        }
    };
    count(nfa.start_anchored());
    for state in nfa.states() {
        let mut targets = targets(state);
        // One byte leads one way.
        if matches!(state, State::Sparse(_)) {
            targets.sort_unstable();
            targets.dedup();
        }
        targets.into_iter().for_each(&mut count);
    }
    ways
}

/// What an occurrence can begin with.
struct First {
    /// A bit for each byte.
    bytes: [u8; 32],
    may_be_empty: bool,
    /// Whether there is more that it can begin with at the start of a text, and only there.
    at_start: bool,
}

impl First {
    /// What can follow in the state `from`, the start of the text apart.
    fn of(nfa: &NFA, from: StateID) -> Self {
        let mut first = Self { bytes: [0; 32], may_be_empty: false, at_start: false };
        let mut seen = vec![false; nfa.states().len()];
        let mut left = vec![from];
        while let Some(id) = left.pop() {
            match seen.get_mut(id.as_usize()) {
                Some(seen @ false) => *seen = true,
                _ => continue,
            }
            let state = nfa.state(id);
            let mut range = |start: u8, end: u8| {
                for byte in start..=end {
                    first.bytes[usize::from(byte >> 3)] |= 1 << (byte & 7);
                }
            };
            match state {
                State::ByteRange { trans } => range(trans.start, trans.end),
                State::Sparse(ranges) => {
                    ranges.transitions.iter().for_each(|trans| range(trans.start, trans.end));
                }
                State::Dense(_) => range(0, 255),
                State::Match { .. } => first.may_be_empty = true,
                State::Look { look: Look::Start, .. } => first.at_start = true,
                _ => left.extend(targets(state)),
            }
        }
        first
    }
}

/// The bytes around a place where an occurrence can begin, behind the start of a text: the one before, its first and the
/// two that follow. Those that begin alike are one group, so that `train` and `model` do not admit `mrain`.
struct Beginnings(Vec<Beginning>);

/// Sets of bytes have a bit for each; those beyond ASCII share the last.
#[derive(Clone, Copy, PartialEq)]
struct Beginning {
    before: u128,
    /// Whether nothing need stand before it.
    at_start: bool,
    first: u128,
    second: u128,
    third: u128,
    /// Whether it may be one byte long, or two.
    may_end: [bool; 2],
}

/// The bit of a byte.
fn bit(byte: u8) -> u128 {
    1 << byte.min(127)
}

/// The bits of the bytes that `fits` accepts.
fn bits(fits: impl Fn(u8) -> bool) -> u128 {
    (0..=255).filter(|byte| fits(*byte)).fold(0, |set, byte| set | bit(byte))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Beginning {
    fn or(self, other: Self) -> Self {
        Self {
            before: self.before | other.before,
            at_start: self.at_start || other.at_start,
            first: self.first | other.first,
            second: self.second | other.second,
            third: self.third | other.third,
            may_end: [self.may_end[0] || other.may_end[0], self.may_end[1] || other.may_end[1]],
        }
    }

    /// How much of an English text it admits, by a guess.
    fn breadth(&self) -> u64 {
        let small = bits(|byte| byte.is_ascii_lowercase() || byte == b' ');
        let weigh = |set: u128| u64::from((set & small).count_ones() * 8 + (set & !small).count_ones());
        weigh(self.before) * weigh(self.first) * weigh(self.second) * weigh(self.third)
    }
}

impl Beginnings {
    /// As many as a table of [`Self::write`] holds.
    const MOST: usize = 16;

    fn of(nfa: &NFA, start: StateID) -> Self {
        let mut groups: Vec<Beginning> = Vec::new();
        let starts = first_steps(nfa, start);
        for byte in 0..=255 {
            let fitting = || starts.iter().filter(|(from, to, ..)| (*from..=*to).contains(&byte));
            let before = fitting().fold(0, |set, (.., at_word, at_line)| {
                set | bits(|before| {
                    (!at_word || is_word(before) != is_word(byte)) && (!at_line || before == b'\n')
                })
            });
            if before == 0 {
                continue;
            }
            let at_start = fitting().any(|(.., at_word, _)| !at_word || is_word(byte));
            let second = Following::of(nfa, fitting().map(|(_, _, next, ..)| *next).collect());
            let third = Following::of(nfa, second.next.clone());
            let ended = second.is_end || third.is_end;
            groups.push(Beginning {
                before,
                at_start,
                first: bit(byte),
                second: if second.is_end { u128::MAX } else { second.bytes },
                third: if ended { u128::MAX } else { third.bytes },
                may_end: [second.is_end, ended],
            });
        }
        Self(Self::joined(groups))
    }

    /// The groups that begin alike joined, then those that lose the least by it.
    fn joined(mut groups: Vec<Beginning>) -> Vec<Beginning> {
        let mut alike: Vec<Beginning> = Vec::new();
        for group in groups.drain(..) {
            match alike.iter_mut().find(|known| group == Beginning { first: group.first, ..**known }) {
                Some(known) => *known = known.or(group),
                None => alike.push(group),
            }
        }
        while alike.len() > Self::MOST {
            let loss = |one: &Beginning, other: &Beginning| {
                one.or(*other).breadth().saturating_sub(one.breadth() + other.breadth())
            };
            let pairs =
                (0..alike.len()).flat_map(|one| (one + 1..alike.len()).map(move |other| (one, other)));
            let Some((one, other)) = pairs.min_by_key(|(one, other)| loss(&alike[*one], &alike[*other]))
            else {
                break;
            };
            let other = alike.swap_remove(other);
            alike[one] = alike[one].or(other);
        }
        alike
    }

    /// For the start of a text, its end, and each byte of ASCII, the last of which stands for all beyond: a number of
    /// eight bytes, whose four parts have a bit for each group that admits it before, first, second and third.
    fn write(&self, written: &mut Vec<u8>) {
        let mut number = |parts: [&dyn Fn(&Beginning) -> bool; 4]| {
            let mut number = 0_u64;
            for (part, admits) in parts.iter().enumerate() {
                for (group, _) in self.0.iter().enumerate().filter(|(_, group)| admits(group)) {
                    number |= 1 << (part * Self::MOST + group);
                }
            }
            written.extend(number.to_le_bytes());
        };
        number([&|group| group.at_start, &|_| false, &|_| false, &|_| false]);
        number([&|_| false, &|_| false, &|group| group.may_end[0], &|group| group.may_end[1]]);
        for byte in 0..128 {
            let holds = |set: u128| set & bit(byte) != 0;
            number([
                &|group| holds(group.before),
                &|group| holds(group.first),
                &|group| holds(group.second),
                &|group| holds(group.third),
            ]);
        }
    }
}

/// The stretches of bytes that lead on from `start` behind the start of a text, where to, and whether only at the edge
/// of a word, or at the start of a line.
fn first_steps(nfa: &NFA, start: StateID) -> Vec<(u8, u8, StateID, bool, bool)> {
    let mut steps = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut left = vec![(start, false, false)];
    while let Some((id, at_word, at_line)) = left.pop() {
        if !seen.insert((id, at_word, at_line)) {
            continue;
        }
        match nfa.state(id) {
            State::ByteRange { trans } => steps.push((trans.start, trans.end, trans.next, at_word, at_line)),
            State::Sparse(ranges) => steps.extend(
                ranges.transitions.iter().map(|trans| (trans.start, trans.end, trans.next, at_word, at_line)),
            ),
            State::Look { look: Look::Start, .. } => {}
            State::Look { look, next } => {
                left.push((*next, at_word || *look == Look::WordAscii, at_line || *look == Look::StartLF));
            }
            state => left.extend(targets(state).into_iter().map(|next| (next, at_word, at_line))),
        }
    }
    steps
}

/// What can stand behind a byte.
struct Following {
    bytes: u128,
    /// Whether the occurrence can be over.
    is_end: bool,
    /// Where its bytes lead.
    next: Vec<StateID>,
}

impl Following {
    fn of(nfa: &NFA, mut left: Vec<StateID>) -> Self {
        let mut following = Self { bytes: 0, is_end: false, next: Vec::new() };
        let mut seen = vec![false; nfa.states().len()];
        while let Some(id) = left.pop() {
            match seen.get_mut(id.as_usize()) {
                Some(seen @ false) => *seen = true,
                _ => continue,
            }
            let mut range = |start: u8, end: u8, next: StateID| {
                following.bytes |= (start..=end).fold(0, |set, byte| set | bit(byte));
                following.next.push(next);
            };
            match nfa.state(id) {
                State::ByteRange { trans } => range(trans.start, trans.end, trans.next),
                State::Sparse(ranges) => {
                    ranges.transitions.iter().for_each(|trans| range(trans.start, trans.end, trans.next));
                }
                State::Match { .. } => following.is_end = true,
                State::Look { look: Look::Start, .. } => {}
                state => left.extend(targets(state)),
            }
        }
        following.next.sort_unstable();
        following.next.dedup();
        following
    }
}
