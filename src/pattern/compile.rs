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

/// The program of an expression that reads bytes, with classes of ASCII; `None` where it is none, or too large.
///
/// How many groups there are, where it starts, whether it can only stand at the start, the bytes it can begin with (none
/// where it can be empty); then the states. Numbers have two bytes, the lower first.
pub(crate) fn program(source: &str) -> Option<Vec<u8>> {
    let nfa = Compiler::new()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(Config::new().utf8(false))
        .build(source)
        .ok()?;
    let ways = ways_to(&nfa);
    let mut written = Vec::new();
    number(&mut written, nfa.group_info().all_group_len())?;
    number(&mut written, nfa.start_anchored().as_usize())?;
    let first = First::of(&nfa, nfa.start_anchored());
    written.push(u8::from(first.at_start));
    written.extend(if first.may_be_empty { [0; 32] } else { first.bytes });
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
        firsts.iter().filter(|(_, first)| first.may_be_empty || fits(first)).map(|(id, _)| *id).collect()
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
    /// Whether it can only stand at the start of a text.
    at_start: bool,
}

impl First {
    fn of(nfa: &NFA, start: StateID) -> Self {
        let mut first = Self { bytes: [0; 32], may_be_empty: false, at_start: true };
        // Each state twice at most: where the start was asked for on the way, and where it was not.
        let mut seen = vec![[false; 2]; nfa.states().len()];
        let mut left = vec![(start, false)];
        while let Some((id, at_start)) = left.pop() {
            let Some(seen) = seen.get_mut(id.as_usize()).map(|seen| &mut seen[usize::from(at_start)]) else {
                continue;
            };
            if std::mem::replace(seen, true) {
                continue;
            }
            let state = nfa.state(id);
            let mut range = |start: u8, end: u8| {
                for byte in start..=end {
                    first.bytes[usize::from(byte >> 3)] |= 1 << (byte & 7);
                }
                first.at_start &= at_start;
            };
            match state {
                State::ByteRange { trans } => range(trans.start, trans.end),
                State::Sparse(ranges) => {
                    ranges.transitions.iter().for_each(|trans| range(trans.start, trans.end))
                }
                State::Dense(_) => range(0, 255),
                State::Match { .. } => {
                    first.may_be_empty = true;
                    first.at_start &= at_start;
                }
                _ => {
                    let at_start = at_start || matches!(state, State::Look { look: Look::Start, .. });
                    left.extend(targets(state).into_iter().map(|id| (id, at_start)));
                }
            }
        }
        first
    }
}
