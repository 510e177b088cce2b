//! The recipe gives the command, script or notebook that processes the data.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/processing-code",
    standard: Standard::Recipe,
    title: "Code that processes the data",
    summary: "The recipe gives the command, script or notebook that processes the data",
    reason: "words leave room that code does not",
    theme: Theme::Data,
    weight: 1.0,
    parts: &[Part { id: "given", title: "the code that processes the data", share: 1 }],
    options: &[],
    docs: include_str!("processing_code.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "given", item: Item::ProcessingCode })
}
