//! The tree holds code that trains, and documents say how to run it.

use super::code;
use crate::facts::activity::Place;
use crate::facts::identifier::words;
use crate::facts::{BlockKind, Facts, Lines};
use crate::rules::{Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Standard, Theme};

/// The rule; its source is the ML Code Completeness Checklist, item 2.
pub(super) static RULE: Rule = Rule {
    id: "checklist/training-code",
    standard: Standard::Checklist,
    title: "Training code",
    summary: "Code trains the model, and a documented command with its hyperparameters runs it",
    reason: "a result that nobody can train again cannot be checked",
    theme: Theme::Training,
    weight: 10.0,
    parts: &[
        Part { id: "code", title: "code that trains", share: 5 },
        Part { id: "command", title: "the command that runs it, with its flags", share: 3 },
        Part { id: "hyperparameters", title: "the values that it ran with", share: 2 },
    ],
    options: &[],
    docs: include_str!("training_code.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let survey = &facts.survey;
    let code = PartJudgement::from_evidence("code", code::evidence(&survey.training));
    let is_met = !code.evidence.is_empty();
    let (commands, credit) = if is_met {
        code::documented(facts, &survey.training, &["train", "training", "finetune", "pretrain", "fit"])
    } else {
        (Vec::new(), 0.0)
    };
    let command = PartJudgement { credit, ..PartJudgement::from_evidence("command", commands) };
    let values =
        if is_met { hyperparameters(facts, &survey.training, &command.evidence) } else { Vec::new() };
    let hyperparameters = PartJudgement::from_evidence("hyperparameters", values);
    let fix = if !is_met {
        Some(Fix {
            summary: "Add the code that trains the model, and name the command that runs it in the README"
                .to_owned(),
            snippet: None,
        })
    } else if command.evidence.is_empty() {
        code::command_fix(facts, &survey.training, "Training", "trains the model")
    } else if hyperparameters.evidence.is_empty() {
        code::values_fix(facts, &survey.training)
    } else {
        None
    };
    Judgement {
        parts: vec![code, command, hyperparameters],
        looked_at: vec![
            format!(
                "{} files of code: optimizer steps, fits, trainers, samplers, updates by hand",
                survey.code_files
            ),
            "commands of the documents and shell scripts".to_owned(),
        ],
        fix,
        ..Judgement::default()
    }
}

/// Where the values of a run are written down: in a command, a document, a configuration, a flag's default.
fn hyperparameters(facts: &Facts, training: &[Place], commands: &[Evidence]) -> Vec<Evidence> {
    let mut found = Vec::new();
    for command in &facts.commands.documented {
        let shown =
            commands.iter().any(|place| place.path == command.document && place.line == command.lines.first);
        if shown
            && command.script.is_some()
            && command.flags.iter().any(|flag| flag.value.is_some() && is_hyperparameter(&flag.name))
        {
            found.push(Evidence::new(command.document.as_str(), command.lines, "passes hyperparameters"));
        }
    }
    for path in &facts.guided {
        let Some(document) = facts.document(path) else { continue };
        found.extend(
            document
                .blocks
                .iter()
                .filter(|block| tells_values(&block.kind, &block.text))
                .map(|block| Evidence::new(path.as_str(), block.lines, "names hyperparameters")),
        );
    }
    for place in training {
        if !place.path.ends_with(".py") || !found.is_empty() {
            continue;
        }
        let flags = facts.flags_of(&place.path);
        let with_values = flags
            .flags
            .iter()
            .filter(|flag| flag.default.is_some() && flag.names.iter().any(|name| is_hyperparameter(name)));
        if let Some(flag) = with_values.clone().next().filter(|_| with_values.count() > 1) {
            found.push(Evidence::new(
                flag.path.as_str(),
                Lines::at(flag.line),
                "declares hyperparameters with defaults",
            ));
        }
    }
    if found.is_empty() {
        found.extend(configuration(facts));
    }
    found.truncate(3);
    found
}

fn is_hyperparameter(name: &str) -> bool {
    words(name).iter().any(|word| code::HYPERPARAMETERS.contains(&word.as_ref()))
}

/// Whether a text gives numbers to at least one hyperparameter.
fn tells_values(kind: &BlockKind, text: &str) -> bool {
    if matches!(kind, BlockKind::Code { .. })
        || text.len() > 2000
        || !text.contains(|digit: char| digit.is_ascii_digit())
    {
        return false;
    }
    let lower = text.to_lowercase();
    [
        "learning rate",
        "batch size",
        "batch_size",
        "weight decay",
        "hyperparameter",
        "hyper-parameter",
        "learning_rate",
        "epochs",
    ]
    .iter()
    .any(|name| lower.contains(name))
}

/// A configuration file that sets at least two of them.
fn configuration(facts: &Facts) -> Option<Evidence> {
    facts.files.iter().find_map(|(path, file)| {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension)?;
        if !matches!(extension, "yaml" | "yml" | "json" | "toml" | "ini" | "cfg" | "gin" | "conf" | "jsonnet")
            || file.manifest.is_some()
        {
            return None;
        }
        let mut set = file.text.lines().take(400).enumerate().filter(|(_, line)| {
            let (key, value) = line.split_once([':', '=']).unwrap_or(("", ""));
            is_hyperparameter(key) && value.contains(|digit: char| digit.is_ascii_digit())
        });
        let first = set.next()?.0 as u32 + 1;
        set.next()?;
        Some(Evidence::new(path.as_str(), Lines::at(first), "sets hyperparameters"))
    })
}
