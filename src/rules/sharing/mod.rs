//! `sharing/`: *Model Sharing* (ml-for-science reproducibility tutorial).

mod citation;
mod code_tool;
mod container;
mod demo;
mod docstrings;
mod documentation;
mod formatter;
mod license;
mod linter;
mod model_export;
mod model_interface;
mod pinned_dependencies;
mod random_seeds;
mod tests;

use super::{Evidence, Rule};
use crate::facts::plan::Kind;
use crate::facts::{Facts, Lines};

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[
    &license::RULE,
    &citation::RULE,
    &pinned_dependencies::RULE,
    &random_seeds::RULE,
    &container::RULE,
    &linter::RULE,
    &formatter::RULE,
    &docstrings::RULE,
    &documentation::RULE,
    &model_export::RULE,
    &model_interface::RULE,
    &demo::RULE,
    &tests::RULE,
];

/// Why a file that matters here could not be read, if one could not.
fn unread(facts: &Facts, matters: impl Fn(&str) -> bool) -> Option<String> {
    let unread = facts.unread.iter().find(|unread| matters(facts.within_project(&unread.path)))?;
    Some(format!("{} could not be read: {}", unread.path, unread.why))
}

/// Whether the project holds code at all.
fn has_code(facts: &Facts) -> bool {
    facts.files.keys().any(|path| matches!(Kind::of(path), Kind::Python | Kind::Notebook | Kind::Script))
}

/// Whether most of the project's code is Python.
fn is_python(facts: &Facts) -> bool {
    let count = |wanted: fn(Kind) -> bool| facts.files.keys().filter(|path| wanted(Kind::of(path))).count();
    let python = count(|kind| matches!(kind, Kind::Python | Kind::Notebook));
    python > 0 && python * 2 >= count(|kind| kind == Kind::Script)
}

/// The first few pieces of evidence: a reader does not want forty.
fn few(evidence: impl IntoIterator<Item = Evidence>) -> Vec<Evidence> {
    const MOST: usize = 5;
    evidence.into_iter().take(MOST).collect()
}

/// What the README calls the project, else its folder or `this project`.
fn title(facts: &Facts) -> String {
    let document = facts.readme.as_deref().and_then(|path| facts.document(path));
    let heading = document.and_then(|document| {
        document.sections.iter().find(|section| section.level > 0 && !section.title.trim().is_empty())
    });
    let folder = facts.root.rsplit('/').next().filter(|name| !name.is_empty());
    heading
        .map(|section| section.title.trim().to_owned())
        .or(folder.map(str::to_owned))
        .unwrap_or_else(|| "this project".to_owned())
}

/// What people call the project: its title down to the first colon, dash or bracket.
fn name(facts: &Facts) -> String {
    let title = title(facts);
    let ends = [": ", " - ", " – ", " — ", " (", " [", "["];
    let end = ends.iter().filter_map(|end| title.find(end)).filter(|at| *at > 0).min();
    title.get(..end.unwrap_or(title.len())).unwrap_or(&title).trim().to_owned()
}

/// Evidence on one line.
fn at(path: &str, line: u32, note: impl Into<String>) -> Evidence {
    Evidence::new(path, Lines::at(line), note)
}
