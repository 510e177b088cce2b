//! The recipe shows how to run the trained model on something new.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/inference-code",
    standard: Standard::Recipe,
    title: "An example of inference",
    summary: "The recipe shows how to run the trained model on something new",
    reason: "it is what most readers came for",
    theme: Theme::Inference,
    weight: 1.0,
    parts: &[Part { id: "shown", title: "an example of inference", share: 1 }],
    options: &[],
    docs: include_str!("inference_code.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "shown", item: Item::InferenceCode })
}
