//! The recipe pins the code that computed the metrics to a commit, tag or release.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/evaluation-commit",
    standard: Standard::Recipe,
    title: "Commit of the evaluation code",
    summary: "The recipe pins the code that computed the metrics to a commit, tag or release",
    reason: "a change of the evaluation changes the numbers of an unchanged model",
    theme: Theme::Evaluation,
    weight: 1.0,
    parts: &[Part { id: "pinned", title: "a commit of the evaluation code", share: 1 }],
    options: &[],
    docs: include_str!("evaluation_commit.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "pinned", item: Item::EvaluationCommit })
}
