//! The recipe pins the code that trained the model to a commit, tag or release.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/training-commit",
    standard: Standard::Recipe,
    title: "Commit of the training code",
    summary: "The recipe pins the code that trained the model to a commit, tag or release",
    reason: "the default branch of today did not train the model of then",
    theme: Theme::Training,
    weight: 1.0,
    parts: &[Part { id: "pinned", title: "a commit of the training code", share: 1 }],
    options: &[],
    docs: include_str!("training_commit.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "pinned", item: Item::TrainingCommit })
}
