//! The recipe gives the metrics that the trained model reaches, as numbers.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/target-metrics",
    standard: Standard::Recipe,
    title: "The numbers to reach",
    summary: "The recipe gives the metrics that the trained model reaches, as numbers",
    reason: "without a target nobody can tell whether they reproduced anything",
    theme: Theme::Evaluation,
    weight: 1.5,
    parts: &[Part { id: "given", title: "a metric as a number", share: 1 }],
    options: &[],
    docs: include_str!("target_metrics.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "given", item: Item::TargetMetrics })
}
