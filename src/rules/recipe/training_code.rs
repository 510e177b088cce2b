//! The recipe gives the command, script or notebook that trains the model.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/training-code",
    standard: Standard::Recipe,
    title: "Code that trains",
    summary: "The recipe gives the command, script or notebook that trains the model",
    reason: "it is the one step that everything else rests on",
    theme: Theme::Training,
    weight: 1.5,
    parts: &[Part { id: "given", title: "the code that trains", share: 1 }],
    options: &[],
    docs: include_str!("training_code.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "given", item: Item::TrainingCode })
}
