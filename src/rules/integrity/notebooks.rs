//! Notebooks were executed in order, end in no error and name no personal path.

use crate::facts::notebook::{Cell, Notebook, personal_paths};
use crate::facts::{Facts, Lines};
use crate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Rule, Standard, Theme,
};

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
    let claims: Vec<_> = notebooks
        .filter(|(path, notebook)| {
            super::is_own(facts, path) && !path.contains(".ipynb_checkpoints") && makes_claims(notebook)
        })
        .collect();
    if claims.is_empty() {
        return Judgement::not_applicable("no notebook holds outputs");
    }
    let mut evidence = Vec::new();
    let mut findings = Vec::new();
    for &(path, notebook) in &claims {
        let text = facts.files.get(path.as_str()).map_or("", |file| &*file.text);
        let wrong = inspect(path, notebook, text);
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

fn inspect(path: &str, notebook: &Notebook, text: &str) -> Vec<Finding> {
    let finding = |line: u32, note: String, message: String, key: &str| Finding {
        place: Evidence::new(path, Lines::at(line), note),
        message,
        key: key.to_owned(),
        replacement: None,
    };
    let code: Vec<&Cell> = notebook.cells.iter().filter(|cell| cell.is_code).collect();
    let mut findings = Vec::new();
    // One finding for each way in which a notebook is wrong, at its first place: to run it again mends all of them.
    if let Some((line, count, last, falls)) = disorder(&code) {
        let more = match falls {
            1 => String::new(),
            2 => ", and once more further down".to_owned(),
            falls => format!(", and {} times more further down", falls - 1),
        };
        let message =
            format!("The cell that ran as number {count} stands below number {last} in {path}{more}");
        findings.push(finding(line, "executed out of order".to_owned(), message, "order"));
    }
    let errors: Vec<(&Cell, &str)> = notebook
        .cells
        .iter()
        .enumerate()
        .filter(|(at, cell)| !cell.expects_error && !notebook.announces_error(*at))
        .filter_map(|(_, cell)| Some((cell, cell.error.as_deref()?)))
        .collect();
    if let Some((cell, error)) = errors.first() {
        let shown: String = error.lines().next().unwrap_or_default().chars().take(80).collect();
        let more = match errors.len() {
            1 => String::new(),
            2 => ", and so is one more".to_owned(),
            count => format!(", and so are {} more", count - 1),
        };
        let message =
            format!("A saved output of {path} is an error: {}{more}", shown.trim_end_matches([':', ' ']));
        findings.push(finding(cell.line, "ends in an error".to_owned(), message, "error"));
    }
    let mut homes: Vec<String> = Vec::new();
    for cell in &code {
        for home in personal_paths(&cell.source) {
            if !homes.contains(&home) {
                let message = format!("{path} uses {home}, which exists on one machine only");
                let key = format!("path {home}");
                // Backslashes and quotes are written otherwise in the file.
                let written = home.replace('\\', "\\\\");
                let mut lines = text.lines().zip(1u32..).skip(cell.line.saturating_sub(1) as usize);
                let line =
                    lines.find(|(line, _)| line.contains(&written)).map_or(cell.line, |(_, number)| number);
                findings.push(finding(line, format!("names {home}"), message, &key));
                homes.push(home);
            }
        }
    }
    findings
}

/// The first cell whose number falls: its line, its number, the number above it, and how many fall in all. Number 0 and
/// none are cells that were not run in the session that was saved.
fn disorder(code: &[&Cell]) -> Option<(u32, u64, u64, usize)> {
    let ran: Vec<(u32, u64)> = code
        .iter()
        .filter_map(|cell| Some((cell.line, cell.execution_count.filter(|count| *count > 0)?)))
        .collect();
    let falls: Vec<_> =
        ran.windows(2).filter(|pair| matches!(pair, [(_, last), (_, count)] if count < last)).collect();
    match falls.first() {
        Some([(_, last), (line, count)]) => Some((*line, *count, *last, falls.len())),
        _ => None,
    }
}
