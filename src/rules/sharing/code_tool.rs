//! What the rules on linters and on formatters share: a tool of that role is configured, and something runs it.

use super::{few, has_code, is_python};
use crate::facts::Facts;
use crate::facts::tooling::{self, Role, Setup, ToolUse};
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
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code");
    }
    let others = facts.foreign();
    let found: Vec<ToolUse> =
        tooling::tools(facts, others).into_iter().filter(|tool| tool.role == role).collect();
    // A make target that nothing else configures is a command, and configures nothing.
    let evidence = |wanted: &dyn Fn(Setup) -> bool| {
        few(found
            .iter()
            .filter(|tool| wanted(tool.setup))
            .map(|tool| Evidence::new(&tool.path, tool.lines, tool.name.clone())))
    };
    let configured = evidence(&|setup| setup != Setup::Command);
    let run = evidence(&|setup| setup != Setup::Configuration);
    let fix = fix(facts, role, &configured, &run);
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

fn fix(facts: &Facts, role: Role, configured: &[Evidence], run: &[Evidence]) -> Option<Fix> {
    if !configured.is_empty() && !run.is_empty() {
        return None;
    }
    let ask = Ask::of(role);
    if !is_python(facts) {
        return configured.is_empty().then(|| Fix {
            summary: format!("Set up a {} for the language of this code", ask.name),
            snippet: None,
        });
    }
    let hooks = facts.tree.has_file(&facts.at_root(".pre-commit-config.yaml"));
    let body = ruff_hooks(facts, role, hooks);
    let summary = match configured.first() {
        Some(place) => {
            format!("{} is set up in {} and nothing runs it; a pre-commit hook does", place.note, place.path)
        }
        None => ask.offer.to_owned(),
    };
    Some(Fix {
        summary,
        snippet: Some(Snippet { path: facts.at_root(".pre-commit-config.yaml"), body, new_file: !hooks }),
    })
}

/// Ruff's pre-commit hook for `role`, as an entry of a file that exists or as a file of its own. A new file holds what
/// the linter's and the formatter's rule both miss: one file cannot be made twice.
fn ruff_hooks(facts: &Facts, role: Role, exists: bool) -> String {
    let there = |role: Role| tooling::tools(facts, facts.foreign()).iter().any(|tool| tool.role == role);
    let mut body = if exists { String::new() } else { "repos:\n".to_owned() };
    body.push_str("  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.6.9\n    hooks:\n");
    for of in [Role::Linter, Role::Formatter] {
        if of == role || (!exists && !there(of)) {
            body.push_str("      - id: ");
            body.push_str(Ask::of(of).hook);
            body.push('\n');
        }
    }
    body
}
