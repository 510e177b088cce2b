//! `checklist/`: the ML Code Completeness Checklist (paperswithcode/releasing-research-code).

use super::Rule;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[];
