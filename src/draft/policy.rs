//! A policy, with each choice said.

use super::Context;
use crate::facts::{Facts, quoted_yaml};
use crate::policy::Limits;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A `.github/reprogate.yml` that is valid as it stands.
pub fn draft(facts: &Facts, _context: &Context<'_>) -> String {
    let limits = Limits::default();
    let mut text = "\
# .github/reprogate.yml: what a pull request has to reach.
# It is read from the base commit: a pull request cannot change the policy that it is judged under.
# yaml-language-server: $schema=https://raw.githubusercontent.com/reprogate/reprogate/main/docs/schema/policy.schema.json
version: 1

# paper: code of a publication; production: a deployed model; checklist: the ML Code Completeness Checklist alone.
profile: paper

# 0 lets everything pass. docs/choosing-a-minimum.md shows what published repositories reach.
min-score: 0

# gate: the minimum; regression: a rule that was met and is not any more; both; never.
fail-on: gate
"
    .to_owned();
    let projects = sub_projects(facts);
    if projects.len() > 1 {
        text.push_str("\n# Folders with a README and dependencies of their own; uncomment to judge each by itself.\n# projects:\n");
        for project in projects {
            let _ = writeln!(text, "#   - {}", quoted_yaml(&project));
        }
    }
    let _ = write!(
        text,
        "
# A waiver silences a finding for a while; it does not score.
# waivers:
#   - rule: checklist/pretrained-models
#     reason: weights follow with the camera-ready version
#     until: 2099-12-31

# How much is read (these are the defaults).
# limits:
#   files: {}
#   file-bytes: {}
#   notebook-bytes: {}
#   total-bytes: {}
",
        limits.files, limits.file_bytes, limits.notebook_bytes, limits.total_bytes
    );
    text
}

/// Folders that hold both a README and a manifest, the outermost alone.
fn sub_projects(facts: &Facts) -> BTreeSet<String> {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let is_readme = |path: &str| {
        path.rsplit('/').next().is_some_and(|name| name.to_ascii_lowercase().starts_with("readme"))
    };
    let readmes: BTreeSet<String> = facts
        .documents()
        .filter(|document| is_readme(&document.path))
        .filter_map(|document| folder(&document.path))
        .collect();
    let both: BTreeSet<String> = facts
        .manifests()
        .filter_map(|(path, _)| folder(path))
        .filter(|folder| readmes.contains(folder))
        .collect();
    let is_within =
        |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
    both.iter().filter(|inner| !both.iter().any(|outer| is_within(inner, outer))).cloned().collect()
}
