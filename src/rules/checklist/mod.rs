//! `checklist/`: the ML Code Completeness Checklist (paperswithcode/releasing-research-code).

mod code;
mod dependencies;
mod evaluation_code;
mod pretrained_models;
mod results;
mod training_code;

use super::Rule;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[
    &dependencies::RULE,
    &training_code::RULE,
    &evaluation_code::RULE,
    &results::RULE,
    &pretrained_models::RULE,
];
