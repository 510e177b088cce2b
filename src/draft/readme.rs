//! A README's sections on training, evaluation, results and models, in the checklist's order.

use super::Context;
use crate::facts::Facts;
use std::fmt::Write as _;

/// Sections to paste into a README, with this repository's own scripts and manifests.
pub fn draft(facts: &Facts, _context: &Context<'_>) -> String {
    let readme = facts.readme.as_deref().and_then(|path| facts.document(path));
    let title = readme.and_then(|document| document.sections.iter().find(|section| section.level == 1));
    let title = title.map_or("TODO: the paper's or project's title", |section| section.title.as_str());
    let mut text = format!("# {title}\n");
    let mut section = |heading: &str, commands: Vec<String>, missing: &str| {
        let _ = match commands.is_empty() {
            true => write!(text, "\n## {heading}\n\nTODO: {missing}\n"),
            false => write!(text, "\n## {heading}\n\n```bash\n{}\n```\n", commands.join("\n")),
        };
    };
    section("Requirements", install_commands(facts), "how to install what the code imports");
    let training = scripts(facts, &["train", "main", "fit", "finetune", "pretrain"]);
    section("Training", training, "the command that trains the model, with its flags");
    let evaluation = scripts(facts, &["eval", "test", "evaluate", "benchmark", "validate"]);
    section("Evaluation", evaluation, "the command that evaluates the model, with its flags");
    section(
        "Pre-trained models",
        Vec::new(),
        "a link to the trained weights, on a host that keeps versions, and how to load them",
    );
    section("Results", Vec::new(), "the main results as a table, and the command that makes them");
    text
}

/// Commands that run the scripts whose names have one of `words` as a piece.
fn scripts(facts: &Facts, words: &[&str]) -> Vec<String> {
    let is_named = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let stem = name.strip_suffix(".py").unwrap_or(&name);
        stem.split(['_', '-']).any(|piece| words.contains(&piece))
    };
    let named = facts.python().filter(|(path, module)| module.entry_point.is_some() && is_named(path));
    named.map(|(path, _)| format!("python {}", facts.within_project(path))).collect()
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
    commands.sort();
    commands.dedup();
    commands.truncate(3);
    commands
}
