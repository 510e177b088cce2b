//! The recipe cites the papers, journals or notes behind the model.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/references",
    standard: Standard::Recipe,
    title: "Papers and notes",
    summary: "The recipe cites the papers, journals or notes behind the model",
    reason: "they say why, where a recipe says how",
    theme: Theme::Sharing,
    weight: 1.0,
    parts: &[Part { id: "cited", title: "papers or notes behind the model", share: 1 }],
    options: &[],
    docs: include_str!("references.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "cited", item: Item::References })
}
