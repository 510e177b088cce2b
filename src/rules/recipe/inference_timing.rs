//! The recipe says how long inference takes, and on what.

use super::{Asked, judge_deployment};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/inference-timing",
    standard: Standard::Recipe,
    title: "How long inference takes",
    summary: "The recipe says how long inference takes, and on what",
    reason: "who deploys the model has to plan for it",
    theme: Theme::Inference,
    weight: 1.0,
    parts: &[Part { id: "measured", title: "latency or throughput", share: 1 }],
    options: &[],
    docs: include_str!("inference_timing.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_deployment(recipe, facts, Asked { part: "measured", item: Item::InferenceTiming })
}
