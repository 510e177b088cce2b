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
            'a'..='z' => Self::Lower,
            'A'..='Z' => Self::Upper,
            '0'..='9' => Self::Number,
            '\0'..='\x7f' => Self::Between,
            other if other.is_lowercase() => Self::Lower,
            other if other.is_uppercase() => Self::Upper,
            other if other.is_numeric() => Self::Number,
            other if other.is_alphanumeric() => Self::Letter,
            _ => Self::Between,
        }
    }

    /// Whether a word ends before a character of this class, behind one of the class `before`.
    fn breaks(self, before: Self) -> bool {
        match (before, self) {
            (_, Self::Between) => true,
            (Self::Between, _) => false,
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
    let mut characters = name.char_indices();
    let mut start = None;
    let mut before = Class::Between;
    std::iter::from_fn(move || {
        for (at, character) in characters.by_ref() {
            let class = Class::of(character);
            let ended = if class.breaks(before) { start.take() } else { None };
            if class != Class::Between {
                start.get_or_insert(at);
            }
            before = class;
            if let Some(start) = ended {
                return name.get(start..at);
            }
        }
        start.take().and_then(|start| name.get(start..))
    })
}

/// Most names are in lower case already.
fn lowered(word: &str) -> Word<'_> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        Cow::Borrowed(word)
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
