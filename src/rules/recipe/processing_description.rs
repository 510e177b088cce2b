//! The recipe describes how the raw data is processed and split.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/processing-description",
    standard: Standard::Recipe,
    title: "How the data is processed",
    summary: "The recipe describes how the raw data is processed and split",
    reason: "a split or a filter that nobody wrote down changes every number",
    theme: Theme::Data,
    weight: 1.0,
    parts: &[Part { id: "described", title: "the processing in words", share: 1 }],
    options: &[],
    docs: include_str!("processing_description.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "described", item: Item::ProcessingDescription })
}
