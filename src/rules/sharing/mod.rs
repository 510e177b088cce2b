//! `sharing/`: *Model Sharing* (ml-for-science reproducibility tutorial).

use super::Rule;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[];
