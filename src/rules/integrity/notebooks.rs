//! Notebooks were executed in order, end in no error and name no personal path.

use crate::facts::notebook::Notebook;
use crate::facts::{Facts, Lines};
use crate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Rule, Standard, Theme,
};
use regex::Regex;
use std::sync::LazyLock;

/// The rule; its source is this project.
pub(super) static RULE: Rule = Rule {
    id: "integrity/notebooks",
    standard: Standard::Integrity,
    title: "Notebooks run as saved",
    summary: "Notebooks were executed in order, without errors, on paths that others have",
    reason: "outputs that the saved code does not make mislead whoever runs it again",
    theme: Theme::Evaluation,
    weight: 2.0,
    parts: &[Part { id: "executed", title: "executed in order, without errors", share: 1 }],
    options: &[],
    docs: include_str!("notebooks.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let notebooks = facts.files.iter().filter_map(|(path, file)| Some((path, file.notebook.as_ref()?)));
    let claims: Vec<_> = notebooks.filter(|(_, notebook)| makes_claims(notebook)).collect();
    if claims.is_empty() {
        return Judgement::not_applicable("no notebook holds outputs");
    }
    let mut evidence = Vec::new();
    let mut findings = Vec::new();
    for &(path, notebook) in &claims {
        let wrong = inspect(path, notebook);
        if wrong.is_empty() {
            evidence.push(Evidence::new(path, Lines::at(1), "executed in order"));
        }
        findings.extend(wrong);
    }
    let good = evidence.len() as f64 / claims.len() as f64;
    let met = if findings.is_empty() { Met::Yes } else { Met::No };
    let fix = findings.first().map(|finding| Fix {
        summary: format!("Restart the kernel, run all cells and save {}", finding.place.path),
        snippet: None,
    });
    Judgement {
        not_applicable: None,
        parts: vec![PartJudgement { id: "executed", met, credit: good, evidence }],
        looked_at: claims.iter().map(|(path, _)| (*path).clone()).collect(),
        findings,
        fix,
    }
}

fn makes_claims(notebook: &Notebook) -> bool {
    notebook
        .cells
        .iter()
        .any(|cell| cell.is_code && (cell.execution_count.is_some() || !cell.output.is_empty()))
}

fn inspect(path: &str, notebook: &Notebook) -> Vec<Finding> {
    static PERSONAL: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?:/home/|/Users/|[A-Z]:\\+Users\\+)([A-Za-z0-9._-]+)[/\\]"#).ok());
    let finding = |line: u32, note: &str, message: String, key: String| Finding {
        place: Evidence::new(path, Lines::at(line), note),
        message,
        key,
        replacement: None,
    };
    let mut findings = Vec::new();
    let mut last = 0;
    for cell in notebook.cells.iter().filter(|cell| cell.is_code) {
        let count = cell.execution_count.unwrap_or(last);
        if count < last {
            let message = format!("The cell that ran as number {count} stands below number {last} in {path}");
            findings.push(finding(
                cell.line,
                "executed out of order",
                message,
                format!("order {count} {last}"),
            ));
        }
        last = count;
        if let Some(error) = &cell.error {
            let shown: String = error.lines().next().unwrap_or_default().chars().take(80).collect();
            let message = format!("A saved output of {path} is an error: {shown}");
            findings.push(finding(cell.line, "ends in an error", message, format!("error {shown}")));
        }
        if let Some(found) = PERSONAL.as_ref().and_then(|personal| personal.captures(&cell.source)) {
            let name = found.get(1).map_or("", |name| name.as_str());
            if !matches!(name, "jovyan" | "user" | "username" | "ubuntu" | "USER") {
                let whole = found.get(0).map_or("", |whole| whole.as_str());
                let message = format!("{path} reads from {whole}, which exists on one machine only");
                findings.push(finding(cell.line, "names a personal path", message, format!("path {whole}")));
            }
        }
    }
    findings
}
