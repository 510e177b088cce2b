//! What the repository itself shows of a recipe, as text that can be pasted.

use super::Item;
use crate::facts::Facts;
use std::collections::BTreeMap;

/// What the repository shows of each item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Markdown by item, without its heading.
    pub items: BTreeMap<Item, String>,
}

impl Known {
    /// Reads it from the facts.
    pub fn of(facts: &Facts) -> Self {
        let _ = facts;
        Self::default()
    }

    /// The guideline's sections of `items`, as far as they are known.
    pub fn sections(&self, items: &[Item]) -> String {
        let _ = items;
        String::new()
    }
}
