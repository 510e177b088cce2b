//! `integrity/`: the documents are true. What readers trip over, found without running anything.

mod commands;
mod commits;
mod flags;
mod links;
mod notebooks;
mod replacement;

use super::Rule;
use crate::facts::Facts;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[&commands::RULE, &flags::RULE, &links::RULE, &commits::RULE, &notebooks::RULE];

/// Whether a document speaks for this project: code of others that is kept here brings its own, and what is under
/// version control of a tool is nobody's to mend.
fn is_own(facts: &Facts, path: &str) -> bool {
    let within = facts.within_project(path).to_ascii_lowercase();
    let mut folders = within.rsplit_once('/').map_or("", |(folder, _)| folder).split('/');
    let kept = folders.any(|folder| {
        matches!(
            folder,
            "third_party"
                | "thirdparty"
                | "third-party"
                | "3rdparty"
                | "vendor"
                | "vendored"
                | "external"
                | "externals"
                | "node_modules"
                | "site-packages"
                | "venv"
                | ".venv"
                | "submodules"
                | "deps"
        )
    });
    let name = within.rsplit('/').next().unwrap_or_default();
    let is_history = ["changelog", "changes", "history", "news", "release", "licen", "copying"]
        .iter()
        .any(|word| name.starts_with(word));
    !kept && !is_history
}
