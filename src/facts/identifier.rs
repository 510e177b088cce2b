//! Names in code, taken apart into the words that they are made of.

use smallvec::SmallVec;
use std::borrow::Cow;

/// One word of an identifier.
pub type Word<'name> = Cow<'name, str>;

/// The words of an identifier, which seldom has more than four.
pub type Words<'name> = SmallVec<[Word<'name>; 4]>;

/// What a character is to the words of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Between,
    Lower,
    Upper,
    Number,
    /// A letter that has no case.
    Letter,
}

impl Class {
    fn of(character: char) -> Self {
        match character {
            other if other.is_lowercase() => Self::Lower,
            other if other.is_uppercase() => Self::Upper,
            other if other.is_numeric() => Self::Number,
            other if other.is_alphanumeric() => Self::Letter,
            _ => Self::Between,
        }
    }

    /// Whether a word ends before a character of this class, behind one of the class `before` that belongs to it.
    fn breaks(self, before: Self) -> bool {
        match (before, self) {
            (_, Self::Between) => true,
            (Self::Lower, Self::Upper) => true,
            (before, now) => (before == Self::Number) != (now == Self::Number),
        }
    }
}

/// The words of an identifier, in lower case: `valAcc_top1` is `val`, `acc`, `top`, `1`.
pub fn words(name: &str) -> Words<'_> {
    pieces(name).map(lowered).collect()
}

/// Whether any of an identifier's words is one of those that are `wanted`, which are written in lower case.
pub fn holds(name: &str, wanted: &[&str]) -> bool {
    pieces(name).any(|piece| {
        let is_wanted = |wanted: &&str| piece.eq_ignore_ascii_case(wanted);
        if piece.is_ascii() {
            wanted.iter().any(is_wanted)
        } else {
            wanted.contains(&lowered(piece).as_ref())
        }
    })
}

/// The words as they are written.
fn pieces(name: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, mut before) = loop {
            let (class, length) = class_at(name, at)?;
            let start = at;
            at += length;
            if class != Class::Between {
                break (start, class);
            }
        };
        while let Some((class, length)) = class_at(name, at) {
            // Most characters are like the one before.
            if class != before && class.breaks(before) {
                break;
            }
            before = class;
            at += length;
        }
        name.get(start..at)
    })
}

/// What stands at a place of a name, and how many bytes it has.
fn class_at(name: &str, at: usize) -> Option<(Class, usize)> {
    const ASCII: [Class; 128] = {
        let mut classes = [Class::Between; 128];
        let mut byte = 0_u8;
        while byte < 128 {
            classes[byte as usize] = match byte {
                b'a'..=b'z' => Class::Lower,
                b'A'..=b'Z' => Class::Upper,
                b'0'..=b'9' => Class::Number,
                _ => Class::Between,
            };
            byte += 1;
        }
        classes
    };
    let byte = *name.as_bytes().get(at)?;
    match ASCII.get(usize::from(byte)) {
        Some(class) => Some((*class, 1)),
        None => {
            let character = name.get(at..)?.chars().next()?;
            Some((Class::of(character), character.len_utf8()))
        }
    }
}

/// Most names are in lower case already.
fn lowered(word: &str) -> Word<'_> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        Cow::Borrowed(word)
    } else if word.is_ascii() {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Owned(word.chars().flat_map(char::to_lowercase).collect())
    }
}

/// Whether any of the words is one of those that are wanted.
pub fn has_any(words: &[impl AsRef<str>], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        let words_of = |name| words(name).into_iter().map(Cow::into_owned).collect::<Vec<_>>();
        assert_eq!(words_of("valAcc_top1.mean"), ["val", "acc", "top", "1", "mean"]);
        assert_eq!(words_of("__Größe2D[i]"), ["größe", "2", "d", "i"]);
        assert!(words("._").is_empty());
    }

    #[test]
    fn a_word_is_found_in_any_case_and_only_whole() {
        assert!(holds("valAcc_top1", &["loss", "acc"]) && holds("model.EVAL()", &["eval"]));
        assert!(holds("testGRÖSSE", &["grösse"]));
        assert!(!holds("accumulate", &["acc"]) && !holds("", &[""]));
    }
}
