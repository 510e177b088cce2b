//! `recipe/`: *Training Recipes for Reproducible Machine Learning Models* (yahoo/ml-reproducibility-guidelines).

mod architecture;
mod dynamics;
mod evaluation_code;
mod evaluation_commit;
mod hyperparameters;
mod inference_code;
mod inference_timing;
mod loss;
mod outputs;
mod processed_data_path;
mod processing_code;
mod processing_commit;
mod processing_description;
mod raw_data_description;
mod raw_data_path;
mod references;
mod serialization;
mod target_metrics;
mod training_code;
mod training_commit;

use super::{Evidence, Fix, Judgement, Met, PartJudgement, Rule, Snippet};
use crate::facts::recipe::{Item, outline};
use crate::facts::{Facts, Recipe};
use foldhash::HashSet;
use std::cell::LazyCell;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[
    &raw_data_description::RULE,
    &raw_data_path::RULE,
    &processing_description::RULE,
    &processing_code::RULE,
    &processing_commit::RULE,
    &processed_data_path::RULE,
    &architecture::RULE,
    &loss::RULE,
    &training_code::RULE,
    &training_commit::RULE,
    &hyperparameters::RULE,
    &dynamics::RULE,
    &outputs::RULE,
    &target_metrics::RULE,
    &evaluation_code::RULE,
    &evaluation_commit::RULE,
    &inference_code::RULE,
    &inference_timing::RULE,
    &serialization::RULE,
    &references::RULE,
];

/// What a part asks a recipe for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    part: &'static str,
    item: Item,
}

/// Places shown of one item.
const SHOWN: usize = 4;

/// A part of the recipe: met where the document, or one that continues it, gives the item.
fn part(recipe: &Recipe<'_>, facts: &Facts, asked: Asked) -> PartJudgement {
    let evidence: Vec<Evidence> = recipe
        .files
        .iter()
        .flat_map(|file| file.reading().places(asked.item).iter().map(|place| (file.path.as_str(), place)))
        .map(|(path, place)| Evidence::new(path, place.lines, place.note.clone()))
        .take(SHOWN)
        .collect();
    if !evidence.is_empty() {
        return PartJudgement::met(asked.part, evidence);
    }
    match unread(recipe, facts) {
        Some(why) => PartJudgement::unknown(asked.part, why),
        None => PartJudgement::missing(asked.part),
    }
}

/// Why a document that may belong to the recipe is not known.
fn unread(recipe: &Recipe<'_>, facts: &Facts) -> Option<String> {
    let path = recipe.document.path.as_str();
    let links = recipe.document.links.iter().filter(|link| !link.image);
    let resolved = || links.filter_map(|link| crate::facts::tree::resolve(path, &link.target)).collect();
    let linked: LazyCell<HashSet<String>, _> = LazyCell::new(resolved);
    let missing = facts.unread.iter().find(|unread| {
        let is_document =
            matches!(crate::facts::plan::Kind::of(&unread.path), crate::facts::plan::Kind::Document(_));
        unread.path == path
            || (recipe.files.len() > 1 || facts.readme.as_deref() == Some(path))
                && is_document
                && linked.contains(&unread.path)
            || (facts.readme.is_none()
                && facts.within_project(&unread.path).to_ascii_lowercase().starts_with("readme"))
    })?;
    Some(format!("{} could not be read: {}", missing.path, missing.why))
}

/// A rule of one part.
fn judge_one(recipe: &Recipe<'_>, facts: &Facts, asked: Asked) -> Judgement {
    let part = part(recipe, facts, asked);
    let fix = (part.met == Met::No).then(|| fix(recipe, facts, &[asked.item]));
    Judgement { parts: vec![part], looked_at: looked_at(recipe), fix, ..Judgement::default() }
}

/// A rule of one part that asks for something only where the model is deployed, or where it is given.
fn judge_deployment(recipe: &Recipe<'_>, facts: &Facts, asked: Asked) -> Judgement {
    let judgement = judge_one(recipe, facts, asked);
    let absent = judgement.parts.iter().all(|part| part.met == Met::No);
    if absent && !recipe.production {
        return Judgement::not_applicable("asked for in the profile production only");
    }
    judgement
}

/// Where the rule looked.
fn looked_at(recipe: &Recipe<'_>) -> Vec<String> {
    const NAMED: usize = 6;
    let mut paths: Vec<String> = recipe.files.iter().map(|file| file.path.clone()).collect();
    if paths.len() > NAMED {
        let rest = paths.len() - NAMED + 1;
        paths.truncate(NAMED - 1);
        paths.push(format!("and {rest} more that it leads to"));
    }
    paths
}

/// How to give the items that are missing, with their sections: filled in where the repository shows enough, else a TODO.
fn fix(recipe: &Recipe<'_>, facts: &Facts, missing: &[Item]) -> Fix {
    let path = recipe.document.path.clone();
    let known = facts.known();
    let todo = |item: Item| format!("TODO: {}.", item.ask());
    let sections = outline(|item| {
        missing.contains(&item).then(|| known.items.get(&item).cloned().unwrap_or_else(|| todo(item)))
    });
    let wanted: Vec<&str> = missing.iter().map(|item| item.ask()).collect();
    let list = match wanted.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    let new_file = recipe.text.is_empty() && facts.readme.is_none() && facts.tree.entry(&path).is_none();
    let snippet = (!sections.is_empty()).then(|| Snippet { path: path.clone(), body: sections, new_file });
    Fix { summary: format!("Say in {path} {list}"), snippet }
}
