//! The recipe describes the model's architecture, or names a known one.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/architecture",
    standard: Standard::Recipe,
    title: "The architecture",
    summary: "The recipe describes the model's architecture, or names a known one",
    reason: "weights are of no use to anyone who cannot build the model around them",
    theme: Theme::Training,
    weight: 1.0,
    parts: &[Part { id: "described", title: "the architecture", share: 1 }],
    options: &[],
    docs: include_str!("architecture.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "described", item: Item::Architecture })
}
