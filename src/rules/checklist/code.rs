//! What the rules on training and on evaluation code share: places in code, commands that run them, fixes.

use crate::facts::activity::Place;
use crate::facts::python::Value;
use crate::facts::{Command, CommandKind, DeclaredFlags, Facts, tree};
use crate::rules::{Evidence, Fix, Snippet};
use std::collections::BTreeSet;

/// Places as evidence.
pub(super) fn evidence(places: &[Place]) -> Vec<Evidence> {
    places.iter().map(|place| Evidence::new(place.path.as_str(), place.lines, place.what)).collect()
}

/// Where documents say how to run one of `places`, and the share of the points that it earns: a command that leaves a
/// script's flags out earns half.
pub(super) fn documented(facts: &Facts, places: &[Place], words: &[&str]) -> (Vec<Evidence>, f64) {
    let files: BTreeSet<&str> = places.iter().map(|place| place.path.as_str()).collect();
    let (mut found, mut credit) = (Vec::new(), 0.0_f64);
    for command in &facts.commands.documented {
        // What a framework does by a configuration is done by the command itself.
        let is_place =
            places.iter().any(|place| place.path == command.document && place.lines == command.lines);
        let runs = is_place || runs_one_of(facts, command, &files) || has_word(command, words);
        if !runs || is_installation(command) {
            continue;
        }
        let flags = command.script.as_deref().map(|script| facts.flags_of(script)).unwrap_or_default();
        let complete =
            flags.flags.is_empty() || !command.flags.is_empty() || command.positional().next().is_some();
        credit = credit.max(if complete { 1.0 } else { 0.5 });
        found.push(Evidence::new(command.document.as_str(), command.lines, "the command"));
    }
    if found.is_empty() {
        found = mentioned_notebooks(facts, &files);
        credit = if found.is_empty() { 0.0 } else { 1.0 };
    }
    found.truncate(4);
    (found, credit)
}

/// Whether a command runs one of `files`: itself, through a shell script, or through what it imports.
fn runs_one_of(facts: &Facts, command: &Command, files: &BTreeSet<&str>) -> bool {
    let Some(script) = command.script.as_deref() else {
        // Programs that are handed a file: `matlab -batch "run('main.m')"`.
        return files.iter().any(|file| command.text.contains(facts.within_project(file)));
    };
    if files.contains(script) {
        return true;
    }
    let through_shell = facts.commands.scripted.iter().any(|inner| {
        inner.document == script && inner.script.as_deref().is_some_and(|script| files.contains(script))
    });
    through_shell || imports_one_of(facts, script, files)
}

fn imports_one_of(facts: &Facts, script: &str, files: &BTreeSet<&str>) -> bool {
    let Some(module) = facts.files.get(script).and_then(|file| file.python.as_ref()) else { return false };
    module.imports.iter().any(|import| {
        let last = import.module.rsplit('.').next().unwrap_or_default();
        files.iter().any(|file| {
            let stem = file.rsplit('/').next().and_then(|name| name.strip_suffix(".py")).unwrap_or_default();
            !stem.is_empty() && (stem == last || import.name.as_deref() == Some(stem))
        })
    })
}

/// Whether the script, module or target is named for what it does.
fn has_word(command: &Command, words: &[&str]) -> bool {
    let target = match &command.kind {
        CommandKind::Script { path } => path.rsplit('/').next().unwrap_or(path),
        CommandKind::Module { name } => name,
        CommandKind::Make { targets, .. } => {
            return targets.iter().any(|target| words.iter().any(|word| target.contains(word)));
        }
        CommandKind::Program => return false,
    };
    let found = crate::facts::identifier::words(target);
    command.script.is_some() && words.iter().any(|word| found.iter().any(|found| found == word))
}

fn is_installation(command: &Command) -> bool {
    command.text.contains("setup.py") || command.text.contains("pip install")
}

/// Where guided documents lead to a notebook among `files`.
fn mentioned_notebooks(facts: &Facts, files: &BTreeSet<&str>) -> Vec<Evidence> {
    let mut found = Vec::new();
    for path in &facts.guided {
        let Some(document) = facts.document(path) else { continue };
        let links = document.links.iter().map(|link| (link.target.as_str(), link.line));
        let codes = document.inline_code.iter().map(|code| (code.text.as_str(), code.line));
        for (target, line) in links.chain(codes) {
            let name = target.split(['#', '?']).next().unwrap_or_default();
            let local = tree::resolve(path, target).is_some_and(|resolved| files.contains(resolved.as_str()));
            // Links to the rendered notebook end in its path.
            let rendered = name.ends_with(".ipynb") && files.iter().any(|file| name.ends_with(file));
            if (local && name.ends_with(".ipynb")) || rendered {
                found.push(Evidence::new(path.as_str(), crate::facts::Lines::at(line), "names the notebook"));
            }
        }
    }
    found
}

/// A section that names the command of the best of `places`.
pub(super) fn command_fix(facts: &Facts, places: &[Place], title: &str, verb: &str) -> Option<Fix> {
    snippet(facts, places, title, verb).or_else(|| {
        let place = places.first()?;
        let summary = format!(
            "Say in {} which command {verb}; {} holds the code",
            facts.readme_path(),
            facts.within_project(&place.path)
        );
        Some(Fix { summary, snippet: None })
    })
}

fn snippet(facts: &Facts, places: &[Place], title: &str, verb: &str) -> Option<Fix> {
    let script = script(facts, places)?;
    let within = facts.within_project(script);
    let command = if within.ends_with(".ipynb") {
        format!("jupyter nbconvert --to notebook --execute {within}")
    } else if within.ends_with(".py") {
        let flags = shown_flags(&facts.flags_of(script));
        format!("python {within}{flags}")
    } else if within.ends_with(".jl") {
        format!("julia --project=. {within}")
    } else if within.ends_with(".R") || within.ends_with(".r") {
        format!("Rscript {within}")
    } else if within.ends_with(".m") {
        format!("matlab -batch \"run('{within}')\"")
    } else if within.ends_with(".lua") {
        format!("th {within}")
    } else if within.ends_with(".sh") {
        format!("bash {within}")
    } else {
        return None;
    };
    let readme = facts.readme_path();
    Some(Fix {
        summary: format!(
            "Say in {readme} which command {verb}: {within} does it, and no document says how to run it"
        ),
        snippet: Some(Snippet {
            new_file: facts.readme.is_none(),
            body: format!("## {title}\n\n```bash\n{command}\n```\n"),
            path: readme,
        }),
    })
}

/// The file to run: one of `places` that can be, else one that imports them.
fn script<'facts>(facts: &'facts Facts, places: &'facts [Place]) -> Option<&'facts str> {
    let can_be_run = |path: &str| {
        let activity = facts.files.get(path).and_then(|file| file.activity.as_ref());
        activity.is_some_and(|activity| activity.entry.is_some() && !activity.is_unit_test)
    };
    let files: BTreeSet<&str> = places.iter().map(|place| place.path.as_str()).collect();
    let itself = places.iter().map(|place| place.path.as_str()).find(|path| can_be_run(path));
    itself.or_else(|| {
        facts
            .files
            .keys()
            .map(String::as_str)
            .find(|path| can_be_run(path) && imports_one_of(facts, path, &files))
    })
}

/// What to write down where no value is named; the values are the author's to know.
pub(super) fn values_fix(facts: &Facts, places: &[Place]) -> Option<Fix> {
    let place = places.first()?;
    Some(Fix {
        summary: format!(
            "Write the values that {} ran with into {}: learning rate, batch size, epochs",
            facts.within_project(&place.path),
            facts.readme_path()
        ),
        snippet: None,
    })
}

/// The most telling flags with the values they have anyway.
fn shown_flags(declared: &DeclaredFlags) -> String {
    const MOST: usize = 6;
    let telling = |name: &str| {
        let found = crate::facts::identifier::words(name);
        HYPERPARAMETERS.iter().any(|known| found.iter().any(|word| word == known))
            || found.iter().any(|word| {
                matches!(word.as_ref(), "data" | "dataset" | "model" | "config" | "seed" | "checkpoint")
            })
    };
    let mut text = String::new();
    for flag in &declared.flags {
        let Some(name) = flag.names.iter().find(|name| name.starts_with("--")) else { continue };
        let value = match &flag.default {
            Some(Value::Text(text)) if !text.is_empty() && !text.contains([' ', '\'', '"', '\n']) => {
                text.clone()
            }
            Some(Value::Number(number)) => number.clone(),
            _ => continue,
        };
        if telling(name) && text.matches("--").count() < MOST {
            text = format!("{text} {name} {value}");
        }
    }
    text
}

/// Words of what a training run is set by.
pub(super) const HYPERPARAMETERS: &[&str] = &[
    "lr",
    "learning",
    "rate",
    "batch",
    "batchsize",
    "bs",
    "epoch",
    "epochs",
    "optimizer",
    "optim",
    "momentum",
    "decay",
    "dropout",
    "hidden",
    "steps",
    "iterations",
    "iters",
    "niter",
    "gamma",
    "lambda",
    "alpha",
    "warmup",
    "layers",
    "temperature",
    "nepochs",
    "lrs",
    "wd",
];
