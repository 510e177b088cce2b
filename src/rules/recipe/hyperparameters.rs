//! The recipe gives the hyperparameters of training, each with its value.

use super::{Asked, fix, looked_at, part};
use crate::facts::recipe::Item;
use crate::facts::{Facts, Recipe};
use crate::rules::{Judge, Judgement, Met, Options, Part, PartJudgement, Rule, Standard, Theme};

/// The rule; its source is the guideline's document.
pub(super) static RULE: Rule = Rule {
    id: "recipe/hyperparameters",
    standard: Standard::Recipe,
    title: "Hyperparameters",
    summary: "The recipe gives batch size, devices, optimiser, learning rate, initialisation and augmentation",
    reason: "defaults change, and the same architecture trained otherwise is another model",
    theme: Theme::Training,
    weight: 4.0,
    parts: &[
        Part { id: "batch-size", title: "the batch size", share: 1 },
        Part { id: "devices", title: "number or kind of devices", share: 1 },
        Part { id: "optimizer", title: "the optimiser or its settings", share: 1 },
        Part { id: "learning-rate", title: "the learning rate or its schedule", share: 1 },
        Part { id: "initialization", title: "where training starts from", share: 1 },
        Part { id: "augmentation", title: "how the data is augmented, or that it is not", share: 1 },
    ],
    options: &[],
    docs: include_str!("hyperparameters.md"),
    judge: Judge::Recipe(judge),
};

const ASKED: [Asked; 6] = [
    Asked { part: "batch-size", item: Item::BatchSize },
    Asked { part: "devices", item: Item::Devices },
    Asked { part: "optimizer", item: Item::Optimizer },
    Asked { part: "learning-rate", item: Item::LearningRate },
    Asked { part: "initialization", item: Item::Initialization },
    Asked { part: "augmentation", item: Item::Augmentation },
];

fn judge(recipe: &Recipe<'_>, facts: &Facts, _options: &Options) -> Judgement {
    let parts: Vec<PartJudgement> = ASKED.iter().map(|asked| part(recipe, facts, *asked)).collect();
    let missing: Vec<Item> = ASKED
        .iter()
        .zip(&parts)
        .filter(|(_, part)| part.met == Met::No)
        .map(|(asked, _)| asked.item)
        .collect();
    let fix = (!missing.is_empty()).then(|| fix(recipe, facts, &missing));
    Judgement { parts, looked_at: looked_at(recipe), fix, ..Judgement::default() }
}
