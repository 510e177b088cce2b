//! The recipe names the loss that training minimises.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/loss",
    standard: Standard::Recipe,
    title: "The loss",
    summary: "The recipe names the loss that training minimises",
    reason: "two losses under one name are two models",
    theme: Theme::Training,
    weight: 1.0,
    parts: &[Part { id: "named", title: "the loss", share: 1 }],
    options: &[],
    docs: include_str!("loss.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "named", item: Item::Loss })
}
