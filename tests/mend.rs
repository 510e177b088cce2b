//! What is offered brings what it promises: everything is put in place here by other means, and judged again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/literate.rs"]
mod literate;

use literate::{cases, fixtures};
use reprogate::facts::links::Answers;
use reprogate::mend;
use reprogate::render::comment;
use reprogate::report::Report;
use reprogate::rules::Snippet;
use reprogate::snapshot::Snapshot;
use reprogate::{Prepared, Request};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

type Files = BTreeMap<String, String>;

fn judge(files: &Files, answers: &Answers) -> Report {
    let request = Request { today: "2026-01-01".to_owned(), jobs: Some(1), ..Request::default() };
    let snapshot = Snapshot::from_files(files);
    Prepared::new(&snapshot, None, &request).judge(&Arc::new(answers.clone()))
}

fn read(folder: &Path, under: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, under, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.insert(path.strip_prefix(under).unwrap().to_str().unwrap().to_owned(), text);
        }
    }
}

fn examples() -> Vec<(&'static str, Files)> {
    let mut project = Files::new();
    read(Path::new("examples/project"), Path::new("examples/project"), &mut project);
    let mut changed = project.clone();
    read(Path::new("examples/pull-request"), Path::new("examples/pull-request"), &mut changed);
    vec![("the example", project), ("the example's pull request", changed)]
}

/// A person who clicks every suggestion and pastes every ready block at the end of its file.
fn put_in_place(files: &mut Files, lines: &[(String, u32, String)], blocks: &[Snippet]) {
    let mut done: Vec<(&str, u32)> = Vec::new();
    for (path, line, text) in lines {
        if done.contains(&(path, *line)) {
            continue;
        }
        done.push((path, *line));
        let old = &files[path];
        let mut all: Vec<&str> = old.split('\n').collect();
        all[*line as usize - 1] = text;
        let new = all.join("\n");
        files.insert(path.clone(), new);
    }
    for block in blocks {
        let text = files.entry(block.path.clone()).or_default();
        if text.is_empty() {
            text.push_str(&block.body);
        } else if !block.new_file {
            text.push_str("\n\n");
            text.push_str(&block.body);
        }
    }
}

fn offered(report: &Report) -> (Vec<(String, u32, String)>, Vec<Snippet>) {
    let (mut lines, mut blocks) = (Vec::new(), Vec::new());
    for group in report.verdicts.iter().flat_map(mend::groups) {
        for finding in group.iter().flat_map(|outcome| &outcome.findings) {
            if let Some(new) = &finding.finding.replacement {
                lines.push((finding.finding.place.path.clone(), new.line, new.text.clone()));
            }
        }
        blocks.extend(mend::snippets(&group).into_iter().filter(mend::is_offered));
    }
    (lines, blocks)
}

/// Complaints about what `files` are promised.
fn broken_promises(title: &str, files: &Files, answers: &Answers) -> Vec<String> {
    let before = judge(files, answers);
    let (lines, blocks) = offered(&before);
    let verdict = &before.verdicts[0];
    if lines.is_empty() && blocks.is_empty() {
        return Vec::new();
    }
    let mut mended = files.clone();
    put_in_place(&mut mended, &lines, &blocks);
    let after = judge(&mended, answers);
    let after = &after.verdicts[0];
    let mut wrong = Vec::new();
    if verdict.score_as_is != Some(after.score) {
        wrong.push(format!("{title}: promised {:?}, got {}", verdict.score_as_is, after.score));
    }
    for now in verdict.all_outcomes() {
        let Some(promised) = now.gain_as_is else { continue };
        let of_recipe = verdict
            .recipes
            .iter()
            .position(|recipe| recipe.outcomes.iter().any(|one| std::ptr::eq(one, now)));
        let later = match of_recipe {
            None => after.outcomes.iter().find(|later| later.rule.id == now.rule.id),
            Some(at) => {
                let recipe = after.recipes.iter().find(|recipe| recipe.path == verdict.recipes[at].path);
                recipe.and_then(|recipe| recipe.outcomes.iter().find(|later| later.rule.id == now.rule.id))
            }
        };
        let got = later.map_or(0.0, |later| after.contribution(later)) - verdict.contribution(now);
        if (got - promised).abs() > 1e-6 {
            wrong.push(format!("{title}: {} promised {promised}, got {got}", now.rule.id));
        }
    }
    wrong
}

#[test]
fn what_is_offered_brings_what_it_promises() {
    let mut wrong = Vec::new();
    for (title, files) in examples() {
        wrong.extend(broken_promises(title, &files, &Answers::default()));
    }
    for path in fixtures() {
        for case in cases(&path) {
            let files: Files = case.files.iter().map(|(path, text)| (path.clone(), text.clone())).collect();
            wrong.extend(broken_promises(&case.title, &files, &case.answers));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_examples_are_offered_something() {
    for (title, files) in examples() {
        let report = judge(&files, &Answers::default());
        let verdict = &report.verdicts[0];
        let reached = verdict.score_as_is.unwrap();
        assert!(reached > verdict.score, "{title}: {reached}");
        let told = format!("put in place as it is, the score becomes {reached}");
        assert!(comment::render(&report).contains(&told), "{title}: {told}");
    }
}

/// Blocks that a person has to fill in promise nothing.
#[test]
fn drafts_promise_nothing() {
    for (title, files) in examples() {
        let report = judge(&files, &Answers::default());
        for outcome in report.verdicts[0].all_outcomes() {
            let Some(snippet) = outcome.fix.as_ref().and_then(|fix| fix.snippet.as_ref()) else { continue };
            if !mend::is_offered(snippet)
                && !outcome.findings.iter().any(|one| one.finding.replacement.is_some())
            {
                assert_eq!(outcome.gain_as_is, None, "{title}: {}", outcome.rule.id);
            }
        }
    }
}
