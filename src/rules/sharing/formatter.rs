//! A formatter is configured and run.

use super::code_tool;
use crate::facts::Facts;
use crate::facts::tooling::Role;
use crate::rules::{Judge, Judgement, Options, Part, Rule, Standard, Theme};

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
    code_tool::judge(facts, Role::Formatter)
}
