//! The recipe says how to get the raw data.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/raw-data-path",
    standard: Standard::Recipe,
    title: "Where the raw data is",
    summary: "The recipe says how to get the raw data",
    reason: "training starts with data that others can get",
    theme: Theme::Data,
    weight: 1.0,
    parts: &[Part { id: "given", title: "a way to get the raw data", share: 1 }],
    options: &[],
    docs: include_str!("raw_data_path.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "given", item: Item::RawDataPath })
}
