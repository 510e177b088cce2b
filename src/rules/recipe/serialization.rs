//! The recipe says how to export the model for deployment, or why that does not apply.

use super::{Asked, judge_deployment};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/serialization",
    standard: Standard::Recipe,
    title: "How the model is exported",
    summary: "The recipe says how to export the model for deployment, or why that does not apply",
    reason: "a model that cannot leave its training code stays there",
    theme: Theme::Inference,
    weight: 1.0,
    parts: &[Part { id: "described", title: "how to export the model", share: 1 }],
    options: &[],
    docs: include_str!("serialization.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_deployment(recipe, facts, Asked { part: "described", item: Item::Serialization })
}
