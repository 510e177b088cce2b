//! The recipe gives the command, script or notebook that computes the metrics.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/evaluation-code",
    standard: Standard::Recipe,
    title: "Code that evaluates",
    summary: "The recipe gives the command, script or notebook that computes the metrics",
    reason: "a metric is what its code computes, whatever it is called",
    theme: Theme::Evaluation,
    weight: 1.5,
    parts: &[Part { id: "given", title: "the code that evaluates", share: 1 }],
    options: &[],
    docs: include_str!("evaluation_code.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "given", item: Item::EvaluationCode })
}
