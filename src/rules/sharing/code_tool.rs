//! What the rules on linters and on formatters share: a tool of that role is configured, and something runs it.

use super::{at_root, few, has_code, is_python};
use crate::facts::tooling::{self, Role, Setup, ToolUse};
use crate::facts::{Facts, foreign};
use crate::rules::{Evidence, Fix, Judgement, PartJudgement, Snippet};

/// What is asked for, in words.
struct Ask {
    name: &'static str,
    hook: &'static str,
    offer: &'static str,
}

impl Ask {
    fn of(role: Role) -> Self {
        match role {
            Role::Linter => Self {
                name: "linter",
                hook: "ruff",
                offer: "Let a linter look at every commit: ruff as a pre-commit hook is one file",
            },
            Role::Formatter => Self {
                name: "formatter",
                hook: "ruff-format",
                offer: "Let a formatter lay out the code: ruff format as a pre-commit hook is one file",
            },
        }
    }
}

/// Judges the tools of `role`.
pub(super) fn judge(facts: &Facts, role: Role) -> Judgement {
    let ask = Ask::of(role);
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code");
    }
    let others = foreign::folders(facts);
    let found: Vec<ToolUse> =
        tooling::tools(facts, &others).into_iter().filter(|tool| tool.role == role).collect();
    // A make target that nothing else configures is a command, and configures nothing.
    let evidence = |wanted: &dyn Fn(Setup) -> bool| {
        few(found
            .iter()
            .filter(|tool| wanted(tool.setup))
            .map(|tool| Evidence::new(&tool.path, tool.lines, tool.name.clone())))
    };
    let configured = evidence(&|setup| setup != Setup::Command);
    let run = evidence(&|setup| setup != Setup::Configuration);
    let fix = fix(facts, &ask, &configured, &run);
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

fn fix(facts: &Facts, ask: &Ask, configured: &[Evidence], run: &[Evidence]) -> Option<Fix> {
    if !configured.is_empty() && !run.is_empty() {
        return None;
    }
    if !is_python(facts) {
        return configured.is_empty().then(|| Fix {
            summary: format!("Set up a {} for the language of this code", ask.name),
            snippet: None,
        });
    }
    let hooks = facts.tree.has_file(&at_root(facts, ".pre-commit-config.yaml"));
    let repository = format!(
        "  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.6.9
    hooks:
      - id: {}
",
        ask.hook
    );
    let body = if hooks { repository } else { format!("repos:\n{repository}") };
    let summary = match configured.first() {
        Some(place) => {
            format!("{} is set up in {} and nothing runs it; a pre-commit hook does", place.note, place.path)
        }
        None => ask.offer.to_owned(),
    };
    Some(Fix {
        summary,
        snippet: Some(Snippet { path: at_root(facts, ".pre-commit-config.yaml"), body, new_file: !hooks }),
    })
}
