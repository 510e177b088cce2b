//! The recipe says what the raw data consists of: kind, size, labels, source.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/raw-data-description",
    standard: Standard::Recipe,
    title: "What the raw data is",
    summary: "The recipe says what the raw data consists of: kind, size, labels, source",
    reason: "whoever replaces or checks the data needs to know what was in it",
    theme: Theme::Data,
    weight: 1.0,
    parts: &[Part { id: "described", title: "what the data consists of", share: 1 }],
    options: &[],
    docs: include_str!("raw_data_description.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "described", item: Item::RawDataDescription })
}
