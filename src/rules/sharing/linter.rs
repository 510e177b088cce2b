//! A linter is configured and run.

use super::code_tool;
use crate::facts::Facts;
use crate::facts::tooling::Role;
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/linter",
    standard: Standard::Sharing,
    title: "Linter",
    summary: "A linter is configured and run",
    reason: "a linter finds undefined names and unused results before a reader trips over them",
    theme: Theme::Sharing,
    weight: 0.75,
    parts: &[
        Part { id: "configured", title: "a linter is configured", share: 2 },
        Part { id: "run", title: "a hook, continuous integration or a make target runs it", share: 1 },
    ],
    options: &[],
    docs: include_str!("linter.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    code_tool::judge(facts, Role::Linter)
}
