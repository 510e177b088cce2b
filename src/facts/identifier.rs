//! Names in code, taken apart into the words that they are made of.

/// The words of an identifier, in lower case: `valAcc_top1` is `val`, `acc`, `top`, `1`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for character in name.chars() {
        let breaks = !character.is_alphanumeric()
            || (character.is_uppercase() && before.is_lowercase())
            || (character.is_numeric() != before.is_numeric() && before.is_alphanumeric());
        if breaks && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether any of the words is one of those that are wanted.
pub fn has_any(words: &[String], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("valAcc_top1.mean"), ["val", "acc", "top", "1", "mean"]);
    }
}
