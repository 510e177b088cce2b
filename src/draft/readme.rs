//! A README's sections on training, evaluation, results and models, in the checklist's order.

use super::Context;
use crate::facts::Facts;
use crate::facts::activity::Place;
use crate::facts::recipe::Item;
use std::fmt::Write as _;

/// Scripts shown of one kind.
const MOST_SCRIPTS: usize = 5;

/// Sections to paste into a README, with this repository's own scripts, commands and manifests.
pub fn draft(facts: &Facts, _context: &Context<'_>) -> String {
    let readme = facts.readme.as_deref().and_then(|path| facts.document(path));
    let title = readme.and_then(|document| document.sections.iter().find(|section| section.level > 0));
    let title = title.map_or("TODO: the paper's or project's title", |section| section.title.as_str());
    let known = facts.known();
    let block = |commands: Vec<String>| {
        (!commands.is_empty()).then(|| format!("```bash\n{}\n```", commands.join("\n")))
    };
    let code = |item: Item, places: &[Place], words: &[&str]| {
        known.items.get(&item).cloned().or_else(|| block(scripts(facts, places, words)))
    };
    let sections = [
        ("Requirements", block(install_commands(facts)), "how to install what the code imports"),
        (
            "Training",
            code(
                Item::TrainingCode,
                &facts.survey.training,
                &["train", "main", "fit", "finetune", "pretrain"],
            ),
            "the command that trains the model, with its flags",
        ),
        (
            "Evaluation",
            code(
                Item::EvaluationCode,
                &facts.survey.evaluation,
                &["eval", "test", "evaluate", "benchmark", "validate"],
            ),
            "the command that evaluates the model, with its flags",
        ),
        (
            "Pre-trained models",
            known.items.get(&Item::Outputs).cloned(),
            "a link to the trained weights, on a host that keeps versions, and how to load them",
        ),
        ("Results", None, "the main results as a table, and the command that makes them"),
    ];
    let mut text = format!("# {title}\n");
    for (heading, body, missing) in sections {
        let body = body.unwrap_or_else(|| format!("TODO: {missing}"));
        let _ = write!(text, "\n## {heading}\n\n{}\n", body.trim_end());
    }
    text
}

/// Commands that run the scripts that do it, those that are named for it first.
fn scripts(facts: &Facts, places: &[Place], words: &[&str]) -> Vec<String> {
    let is_named = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let stem = name.strip_suffix(".py").unwrap_or(&name);
        stem.split(['_', '-']).any(|piece| words.contains(&piece))
    };
    let runs = |path: &str| {
        let module = facts.files.get(path).and_then(|file| file.python.as_ref());
        path.ends_with(".py")
            && module.is_some_and(|module| module.entry_point.is_some() || !module.top_level_work.is_empty())
    };
    let named = facts.python().map(|(path, _)| path).filter(|path| is_named(path) && runs(path));
    let mut found: Vec<&str> = named.collect();
    if found.is_empty() {
        found.extend(places.iter().map(|place| place.path.as_str()).find(|path| runs(path)));
    }
    found.truncate(MOST_SCRIPTS);
    found.iter().map(|path| format!("python {}", facts.within_project(path))).collect()
}

fn install_commands(facts: &Facts) -> Vec<String> {
    let command = |path: &str, tool: &str| match tool {
        "pip" => Some(format!("pip install -r {path}")),
        "conda" => Some(format!("conda env create -f {path}")),
        "poetry" => Some("poetry install".to_owned()),
        "uv" => Some("uv sync".to_owned()),
        "pdm" => Some("pdm install".to_owned()),
        "pipenv" => Some("pipenv install".to_owned()),
        "setuptools" | "pyproject" => Some("pip install -e .".to_owned()),
        _ => None,
    };
    let mut commands: Vec<String> = facts
        .manifests()
        .filter_map(|(path, manifest)| command(facts.within_project(path), manifest.tool))
        .collect();
    if commands.is_empty() {
        let installs = |text: &str| {
            ["pip install", "pip3 install", "conda install"].iter().any(|start| text.starts_with(start))
        };
        let told = facts.commands.documented.iter().map(|command| command.text.clone());
        commands.extend(told.filter(|text| installs(text)));
    }
    commands.sort();
    commands.dedup();
    commands.truncate(3);
    commands
}
