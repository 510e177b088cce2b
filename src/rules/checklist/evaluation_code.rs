//! The tree holds code that measures the model or runs the experiments, and documents say how to run it.

use super::code;
use crate::facts::Facts;
use crate::rules::{Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Standard, Theme};

/// The rule; its source is the ML Code Completeness Checklist, item 3.
pub(super) static RULE: Rule = Rule {
    id: "checklist/evaluation-code",
    standard: Standard::Checklist,
    title: "Evaluation code",
    summary: "Code measures the model or runs the experiments, and a documented command runs it",
    reason: "small differences in how a number is measured change what it says",
    theme: Theme::Evaluation,
    weight: 10.0,
    parts: &[
        Part { id: "code", title: "code that evaluates", share: 6 },
        Part { id: "command", title: "the command that runs it", share: 4 },
    ],
    options: &[],
    docs: include_str!("evaluation_code.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let survey = &facts.survey;
    let code = PartJudgement::from_evidence("code", code::evidence(&survey.evaluation));
    let is_met = !code.evidence.is_empty();
    let named = [
        "eval",
        "evaluate",
        "evaluation",
        "test",
        "validate",
        "benchmark",
        "experiment",
        "experiments",
        "results",
        "plot",
    ];
    let commands = if is_met { code::documented(facts, &survey.evaluation, &named).0 } else { Vec::new() };
    let command = PartJudgement::from_evidence("command", commands);
    let fix = if !is_met {
        Some(Fix {
            summary: "Add the code that measures the model on held-out data, and name the command that runs it in the README"
                .to_owned(),
            snippet: None,
        })
    } else if command.evidence.is_empty() {
        code::command_fix(facts, &survey.evaluation, "Evaluation", "evaluates the model")
    } else {
        None
    };
    Judgement {
        parts: vec![code, command],
        looked_at: vec![
            format!(
                "{} files of code: metrics, loops over held-out data, experiment runners, figures",
                survey.code_files
            ),
            "commands of the documents and shell scripts".to_owned(),
        ],
        fix,
        ..Judgement::default()
    }
}
