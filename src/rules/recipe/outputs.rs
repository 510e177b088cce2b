//! The recipe leads to the trained model.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/outputs",
    standard: Standard::Recipe,
    title: "The trained model",
    summary: "The recipe leads to the trained model",
    reason: "a published model can be checked without paying for its training",
    theme: Theme::Training,
    weight: 1.5,
    parts: &[Part { id: "given", title: "a way to get the trained model", share: 1 }],
    options: &[],
    docs: include_str!("outputs.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "given", item: Item::Outputs })
}
