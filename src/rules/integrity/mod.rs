//! `integrity/`: the documents are true. What readers trip over, found without running anything.

mod notebooks;

use super::Rule;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[&notebooks::RULE];
