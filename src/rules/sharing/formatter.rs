//! A formatter is configured and run.

use super::{at_root, few, has_code, is_python};
use crate::facts::tooling::{self, Role, Setup, ToolUse};
use crate::facts::{Facts, foreign};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/formatter",
    standard: Standard::Sharing,
    title: "Formatter",
    summary: "A formatter is configured and run",
    reason: "code laid out by a tool reads the same whoever wrote it, and changes show only what changed",
    theme: Theme::Sharing,
    weight: 0.5,
    parts: &[
        Part { id: "configured", title: "a formatter is configured", share: 2 },
        Part { id: "run", title: "a hook, continuous integration or a make target runs it", share: 1 },
    ],
    options: &[],
    docs: include_str!("formatter.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code");
    }
    let others = foreign::folders(facts);
    let found: Vec<ToolUse> =
        tooling::tools(facts, &others).into_iter().filter(|tool| tool.role == Role::Formatter).collect();
    // A make target that nothing else configures is a command, and configures nothing.
    let evidence = |wanted: &dyn Fn(Setup) -> bool| {
        few(found
            .iter()
            .filter(|tool| wanted(tool.setup))
            .map(|tool| Evidence::new(&tool.path, tool.lines, tool.name.clone())))
    };
    let configured = evidence(&|setup| setup != Setup::Command);
    let run = evidence(&|setup| setup != Setup::Configuration);
    let fix = fix(facts, &configured, &run);
    Judgement {
        parts: vec![
            PartJudgement::from_evidence("configured", configured),
            PartJudgement::from_evidence("run", run),
        ],
        looked_at: vec![
            "configuration files".to_owned(),
            ".pre-commit-config.yaml".to_owned(),
            "continuous integration".to_owned(),
        ],
        fix,
        ..Judgement::default()
    }
}

fn fix(facts: &Facts, configured: &[Evidence], run: &[Evidence]) -> Option<Fix> {
    if !configured.is_empty() && !run.is_empty() {
        return None;
    }
    if !is_python(facts) {
        return configured.is_empty().then(|| Fix {
            summary: "Set up a formatter for the language of this code".to_owned(),
            snippet: None,
        });
    }
    let hooks = facts.tree.has_file(&at_root(facts, ".pre-commit-config.yaml"));
    let repository = "  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.6.9\n    hooks:\n      - id: ruff-format\n";
    let body = if hooks { repository.to_owned() } else { format!("repos:\n{repository}") };
    let summary = match configured.first() {
        Some(place) => {
            format!("{} is set up in {} and nothing runs it; a pre-commit hook does", place.note, place.path)
        }
        None => "Let a formatter lay out the code: ruff format as a pre-commit hook is one file".to_owned(),
    };
    Some(Fix {
        summary,
        snippet: Some(Snippet { path: at_root(facts, ".pre-commit-config.yaml"), body, new_file: !hooks }),
    })
}
