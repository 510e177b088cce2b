//! The recipe leads to the processed data.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/processed-data-path",
    standard: Standard::Recipe,
    title: "Where the processed data is",
    summary: "The recipe leads to the processed data",
    reason: "who has the processed data can skip the longest step, and compare",
    theme: Theme::Data,
    weight: 1.0,
    parts: &[Part { id: "given", title: "a way to get the processed data", share: 1 }],
    options: &[],
    docs: include_str!("processed_data_path.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "given", item: Item::ProcessedDataPath })
}
