//! `checklist/`: the ML Code Completeness Checklist (paperswithcode/releasing-research-code).

mod code;
mod dependencies;
mod evaluation_code;
mod training_code;

use super::Rule;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[&dependencies::RULE, &training_code::RULE, &evaluation_code::RULE];
