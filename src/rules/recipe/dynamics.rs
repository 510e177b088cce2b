//! The recipe tells how training goes: time, epochs to converge, curves or logs.

use super::{Asked, judge_one};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/dynamics",
    standard: Standard::Recipe,
    title: "How training goes",
    summary: "The recipe tells how training goes: time, epochs to converge, curves or logs",
    reason: "whoever trains again must know early whether it goes well, and when to stop",
    theme: Theme::Training,
    weight: 1.0,
    parts: &[Part { id: "told", title: "how training goes", share: 1 }],
    options: &[],
    docs: include_str!("dynamics.md"),
    judge: Judge::Recipe(judge),
};

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    judge_one(recipe, facts, Asked { part: "told", item: Item::Dynamics })
}
