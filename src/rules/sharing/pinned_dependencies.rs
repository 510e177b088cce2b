//! Every listed package is pinned to one version.

use super::{at, few, has_code, unread};
use crate::facts::dependencies::Requirement;
use crate::facts::versions::{self, KnownVersions};
use crate::facts::{Facts, Manifest, foreign, packages, tree};
use crate::rules::{
    Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Replacement, Rule, Snippet, Standard,
    Theme,
};
use std::collections::BTreeSet;

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/pinned-dependencies",
    standard: Standard::Sharing,
    title: "Pinned dependencies",
    summary: "Every package that the code needs is pinned to one version, or a lock file pins them all",
    reason: "a range installs something else next year, and the numbers change with it",
    theme: Theme::Training,
    weight: 2.0,
    parts: &[Part { id: "pinned", title: "one exact version of every listed package", share: 1 }],
    options: &[],
    docs: include_str!("pinned-dependencies.md"),
    judge: Judge::Project(judge),
};

/// A manifest with what the files that it includes declare.
struct Declared<'facts> {
    path: &'facts str,
    manifest: &'facts Manifest,
    /// Requirements of running the code, each with the file that it stands in.
    requirements: Vec<(&'facts str, &'facts Requirement)>,
}

impl Declared<'_> {
    fn is_pinned(&self) -> bool {
        !self.requirements.is_empty() && self.requirements.iter().all(|(_, requirement)| requirement.pinned)
    }
}

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code that needs anything");
    }
    let others = facts.foreign();
    let own: Vec<(&str, &Manifest)> = facts
        .manifests()
        .filter(|(path, manifest)| {
            !foreign::holds(others, path)
                && !matches!(manifest.tool, "shell" | "cmake" | "nix" | "npm" | "bundler" | "meson")
        })
        .collect();
    let depth = |path: &str| facts.within_project(path).matches('/').count();
    let declared: Vec<Declared<'_>> = own
        .iter()
        .filter(|(path, manifest)| !manifest.is_lock && is_for_running(facts.within_project(path)))
        .map(|(path, manifest)| declare(facts, path, manifest))
        .filter(|declared| !declared.requirements.is_empty())
        .collect();
    let declared = with_imported(facts, declared);
    let main = main(facts, &declared);
    let shallowest = declared.iter().map(|declared| depth(declared.path)).min();
    let locks: Vec<&str> = own
        .iter()
        .filter(|(path, manifest)| {
            manifest.is_lock
                && !manifest.requirements.is_empty()
                && depth(path) <= shallowest.unwrap_or(usize::MAX)
        })
        .map(|(path, _)| *path)
        .collect();
    let looked_at = if own.is_empty() {
        vec!["requirements files, environment files, pyproject.toml, setup.py, lock files".to_owned()]
    } else {
        own.iter().map(|(path, _)| (*path).to_owned()).collect()
    };
    // Where the README chooses, one way to install is enough; else none may be left open.
    let enough = main.chosen || main.manifests.iter().all(|declared| declared.is_pinned());
    let pinned = main.manifests.iter().filter(|declared| enough && declared.is_pinned());
    let evidence = locks.iter().map(|path| at(path, 1, "a lock file")).chain(pinned.map(|declared| {
        at(
            declared.path,
            declared.requirements.first().map_or(1, |(_, first)| first.lines.first),
            "every package has one version",
        )
    }));
    let evidence = few(evidence);
    if !evidence.is_empty() {
        return Judgement {
            parts: vec![PartJudgement::met("pinned", evidence)],
            looked_at,
            ..Judgement::default()
        };
    }
    if let Some(why) =
        unread(facts, |path| crate::facts::plan::Kind::of(path) == crate::facts::plan::Kind::Manifest)
    {
        return Judgement {
            parts: vec![PartJudgement::unknown("pinned", why)],
            looked_at,
            ..Judgement::default()
        };
    }
    let open = main.manifests.iter().filter(|declared| !declared.is_pinned());
    let Some(named) =
        open.max_by_key(|declared| (preference(declared.manifest.tool), declared.requirements.len()))
    else {
        return Judgement {
            parts: vec![PartJudgement::missing("pinned")],
            looked_at,
            fix: Some(Fix {
                summary: "List the packages that the code needs with one version each, as `pip freeze` prints them in the environment that made the results".to_owned(),
                snippet: None,
            }),
            ..Judgement::default()
        };
    };
    let known = KnownVersions::of(facts, own.iter().copied());
    let findings: Vec<Finding> = named
        .requirements
        .iter()
        .filter(|(_, requirement)| !requirement.pinned)
        .map(|(path, requirement)| finding(facts, path, requirement, &known))
        .collect();
    let good = named.requirements.len() - findings.len();
    let part = PartJudgement {
        id: "pinned",
        met: Met::No,
        credit: good as f64 / named.requirements.len() as f64,
        evidence: Vec::new(),
    };
    let fix = Some(fix(facts, named, &known));
    Judgement { not_applicable: None, parts: vec![part], findings, looked_at, fix }
}

/// What lists nothing that the code imports (an interpreter and its libraries) pins nothing, where another file does.
fn with_imported<'facts>(facts: &'facts Facts, declared: Vec<Declared<'facts>>) -> Vec<Declared<'facts>> {
    let modules: BTreeSet<&str> = facts
        .python()
        .flat_map(|(_, module)| &module.imports)
        .filter(|import| import.level == 0)
        .filter_map(|import| import.module.split('.').next())
        .filter(|module| !packages::is_standard(module))
        .collect();
    let needed: BTreeSet<String> = modules.into_iter().flat_map(packages::that_bring).collect();
    let lists = |declared: &Declared<'_>| {
        declared.requirements.iter().any(|(_, requirement)| needed.contains(&requirement.name))
    };
    if declared.iter().any(lists) { declared.into_iter().filter(lists).collect() } else { declared }
}

/// The manifests that people install from.
struct Main<'declared, 'facts> {
    manifests: Vec<&'declared Declared<'facts>>,
    /// Whether the README names them.
    chosen: bool,
}

/// Those that the README names; else the nearest to the root, where what people install from (requirements and
/// environment files) goes before what a package declares about itself.
fn main<'declared, 'facts>(
    facts: &Facts,
    declared: &'declared [Declared<'facts>],
) -> Main<'declared, 'facts> {
    let readme = facts.readme.as_deref().and_then(|path| facts.files.get(path)).map_or("", |file| &file.text);
    let chosen: Vec<_> = declared
        .iter()
        .filter(|declared| {
            let name = declared.path.rsplit_once('/').map_or(declared.path, |(_, name)| name);
            !matches!(declared.manifest.tool, "docker" | "setuptools") && readme.contains(name)
        })
        .collect();
    if !chosen.is_empty() {
        return Main { manifests: chosen, chosen: true };
    }
    // A container stands for itself only where nothing else lists packages.
    let elsewhere = declared.iter().any(|declared| declared.manifest.tool != "docker");
    let declared = declared.iter().filter(|declared| !elsewhere || declared.manifest.tool != "docker");
    let depth = |declared: &&Declared<'_>| facts.within_project(declared.path).matches('/').count();
    let shallowest = declared.clone().map(|declared| depth(&declared)).min();
    let near: Vec<_> = declared.filter(|declared| Some(depth(declared)) == shallowest).collect();
    let most = near.iter().map(|declared| preference(declared.manifest.tool)).max();
    let manifests =
        near.into_iter().filter(|declared| Some(preference(declared.manifest.tool)) == most).collect();
    Main { manifests, chosen: false }
}

/// Whether what a file lists is for running the code, and not for developing it.
fn is_for_running(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let for_others = |word: &str| {
        matches!(
            word,
            "dev"
                | "develop"
                | "development"
                | "test"
                | "tests"
                | "testing"
                | "doc"
                | "docs"
                | "lint"
                | "ci"
                | "constraints"
        )
    };
    !name.split(['-', '_', '.']).any(for_others)
        && !folders.split('/').any(|folder| for_others(folder) || folder == ".github")
}

/// What people install from comes before what only a package declares.
fn preference(tool: &str) -> u8 {
    match tool {
        "pip" | "conda" => 2,
        "docker" => 0,
        _ => 1,
    }
}

fn declare<'facts>(facts: &'facts Facts, path: &'facts str, manifest: &'facts Manifest) -> Declared<'facts> {
    const DEEPEST: usize = 4;
    let mut requirements = Vec::new();
    let mut seen: Vec<String> = vec![path.to_owned()];
    let mut next: Vec<(&str, &Manifest, usize)> = vec![(path, manifest, 0)];
    while let Some((path, manifest, depth)) = next.pop() {
        let running = manifest
            .requirements
            .iter()
            .filter(|requirement| !requirement.optional && !is_tool(&requirement.name));
        requirements.extend(running.map(|requirement| (path, requirement)));
        for include in manifest.includes.iter().filter(|_| depth < DEEPEST) {
            let Some(target) = tree::resolve(path, include).filter(|target| !seen.contains(target)) else {
                continue;
            };
            if let Some((path, file)) = facts.files.get_key_value(&target)
                && let Some(manifest) = &file.manifest
            {
                seen.push(target);
                next.push((path, manifest, depth + 1));
            }
        }
    }
    Declared { path, manifest, requirements }
}

/// What installs packages, and comes along whatever its version.
fn is_tool(name: &str) -> bool {
    matches!(name, "pip" | "setuptools" | "wheel" | "pip-tools")
}

fn finding(facts: &Facts, path: &str, requirement: &Requirement, known: &KnownVersions) -> Finding {
    let name = &requirement.name;
    let line = facts.files.get(path).and_then(|file| file.line(requirement.lines.first));
    let written = format!(
        "{name}{}{}",
        if requirement.version.starts_with(|c: char| c.is_alphanumeric()) { " " } else { "" },
        requirement.version
    );
    let version = known.fitting(requirement);
    let what = if requirement.version.is_empty() { "has no version" } else { "allows more than one version" };
    let message = match version {
        Some(known) => format!("{written} {what}; {} has {}", known.place, known.version),
        None => format!("{written} {what}; pin the one that made the results"),
    };
    let tool =
        facts.files.get(path).and_then(|file| file.manifest.as_ref()).map_or("", |manifest| manifest.tool);
    let replacement = version
        .zip(line)
        .and_then(|(known, line)| versions::pin(line, name, &known.version, tool))
        .map(|text| Replacement { line: requirement.lines.first, text });
    Finding {
        place: at(path, requirement.lines.first, what),
        message,
        key: format!("unpinned {name}"),
        replacement,
    }
}

fn fix(facts: &Facts, named: &Declared<'_>, known: &KnownVersions) -> Fix {
    let open: Vec<&str> = named
        .requirements
        .iter()
        .filter(|(_, requirement)| !requirement.pinned)
        .map(|(_, requirement)| requirement.name.as_str())
        .collect();
    let shown = open.iter().take(4).copied().collect::<Vec<_>>().join(", ");
    let more = if open.len() > 4 { format!(" and {} more", open.len() - 4) } else { String::new() };
    let summary =
        format!("{} leaves {shown}{more} free to change; pin the versions that made the results", named.path);
    // Only a file in which everything has one version earns the points.
    let lines: Option<Vec<String>> = named
        .requirements
        .iter()
        .map(|(_, requirement)| {
            let version = if requirement.pinned {
                requirement.version.trim_start_matches('=').to_owned()
            } else {
                known.fitting(requirement)?.version.clone()
            };
            version
                .starts_with(|first: char| first.is_ascii_digit())
                .then(|| format!("{}=={version}", requirement.name))
        })
        .collect();
    let lock = facts.at_root("requirements.txt");
    let snippet = lines
        .filter(|_| named.manifest.tool != "conda" && !facts.tree.has_file(&lock))
        .map(|lines| Snippet { path: lock, body: lines.join("\n") + "\n", new_file: true });
    Fix { summary, snippet }
}
