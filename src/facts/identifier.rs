//! Names in code, taken apart into the words that they are made of.

use std::borrow::Cow;

/// One word of an identifier.
pub type Word<'name> = Cow<'name, str>;

/// The words of an identifier, in lower case: `valAcc_top1` is `val`, `acc`, `top`, `1`.
pub fn words(name: &str) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(4);
    let mut start = None;
    let mut before = ' ';
    for (at, character) in name.char_indices() {
        let is_part = character.is_alphanumeric();
        let breaks = !is_part
            || (character.is_uppercase() && before.is_lowercase())
            || (character.is_numeric() != before.is_numeric() && before.is_alphanumeric());
        if breaks && let Some(start) = start.take() {
            words.push(lowered(&name[start..at]));
        }
        if is_part {
            start.get_or_insert(at);
        }
        before = character;
    }
    if let Some(start) = start {
        words.push(lowered(&name[start..]));
    }
    words
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
        assert_eq!(words("valAcc_top1.mean"), ["val", "acc", "top", "1", "mean"]);
        assert_eq!(words("__Größe2D[i]"), ["größe", "2", "d", "i"]);
        assert!(words("._").is_empty());
    }
}
