//! YAML that strangers wrote, measured before anything is made of it.
//!
//! An alias is read as often as it is written, and what it names may hold aliases too: a short text can stand for a
//! huge one. And the library that reads it looks at every bracket that is open with each word: a text that opens many
//! takes it the square of their number.

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use std::cell::Cell;
use std::fmt;

/// Deepest nesting that is read; the library's own limit, which it comes to only after all brackets were seen, is 128.
const DEEPEST: usize = 100;

/// Whether `text` nests no deeper than anyone writes, and, its aliases written out, holds no more than a text of its
/// length can say without any.
pub(crate) fn is_bounded(text: &str) -> bool {
    if depth(text) > DEEPEST {
        return false;
    }
    let left = Cell::new(2 * text.len() + 64);
    // What is no YAML is for the reader behind this to say.
    let _ = Count(&left).deserialize(serde_yaml::Deserializer::from_str(text));
    left.get() > 0
}

/// Most brackets that are open at a time, or marks of nested lists and keys at the start of a line. Quotes are not looked
/// at: what stands in them counts as well.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for line in text.lines() {
        let (mut marks, mut rest) = (0, line.trim_start());
        while let Some(behind) =
            rest.strip_prefix(['-', '?']).filter(|behind| behind.starts_with([' ', '\t']))
        {
            marks += 1;
            rest = behind.trim_start();
        }
        deepest = deepest.max(marks);
        for byte in line.bytes() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => continue,
            }
            deepest = deepest.max(open);
        }
    }
    deepest
}

/// Walks through everything and keeps nothing.
#[derive(Clone, Copy)]
struct Count<'run>(&'run Cell<usize>);

impl Count<'_> {
    fn take<E: de::Error>(self, cost: usize) -> Result<(), E> {
        let left = self.0.get().saturating_sub(cost);
        self.0.set(left);
        if left == 0 { Err(E::custom("aliases make this text a huge one")) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Count<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.take(1)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Count<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i128<E>(self, _: i128) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u128<E>(self, _: u128) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.take(text.len())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while entries.next_key_seed(self)?.is_some() {
            entries.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<(), A::Error> {
        let (_, value) = tagged.variant::<String>()?;
        value.newtype_variant_seed(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_means_what_it_says_is_bounded() {
        for text in [
            "",
            "a",
            "- 1\n- 2.5\n- yes\n-\n- ~\n",
            "a: {b: [c, !tag d]}\n",
            "a: &x [1, 2]\nb: *x\n",
            "[",
            "a: b: c",
        ] {
            assert!(is_bounded(text), "{text}");
        }
        assert!(is_bounded(&"-\n".repeat(50_000)));
        assert!(is_bounded(&format!("[{}]", "a,".repeat(50_000))));
        assert!(is_bounded(&format!("a: {}", "word ".repeat(50_000))));
    }

    #[test]
    fn what_nests_deeper_than_anyone_writes_is_not() {
        for open in ["[", "{a: ", "- ", "? ", "-\t", "\"[\" , ["] {
            assert!(!is_bounded(&open.repeat(50_000)), "{open}");
        }
        assert!(is_bounded(&"[]".repeat(50_000)));
        assert!(is_bounded(&format!("{}x{}", "[".repeat(90), "]".repeat(90))));
    }

    #[test]
    fn alias_bombs_are_not() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 9].join(", ");
            laughs.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        assert!(!is_bounded(&laughs));
        let wide = format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(20_000), "*a,".repeat(20_000));
        assert!(!is_bounded(&wide));
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(50_000), "*a,".repeat(20_000));
        assert!(!is_bounded(&long));
    }

    #[test]
    fn an_alias_of_what_holds_it_ends() {
        let _ = is_bounded("&a [*a]");
        let _ = is_bounded("&a {b: *a, c: *a}");
    }
}
