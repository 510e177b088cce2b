//! One literate fixture a rule, `tests/rules/STANDARD/NAME.md`, and every rule over every fixture as one matrix.
//!
//! A case is a heading of level two. Its files are the fenced blocks with `file=PATH` in their info string (four
//! backticks where a file holds fences itself). The block `expect` is YAML: `status`, `met`, `parts` (id: true, false
//! or null), `evidence` (`path:line` that must be among the evidence of the parts), `findings` (`path:line words`, all
//! of them, in order), `fix` (words of its summary), `not-applicable` (words of the reason). The block `answers` is what
//! the outside says, also YAML: an address or a commit's id, and `alive`, `dead`, `reachable`, `unreachable`, `missing`,
//! `elsewhere` or `unknown`.
//! Case titles start with `accepts:`, `rejects:` or `leaves alone:`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/literate.rs"]
mod literate;

use literate::{Case, cases, fixtures, rule_id};
use reprogate::engine::Selection;
use reprogate::policy::Policy;
use reprogate::report::{Report, Target};
use reprogate::snapshot::Snapshot;
use reprogate::verdict::{Outcome, Status};
use reprogate::{Prepared, Request, rules};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

fn judge(case: &Case) -> Report {
    let request = Request {
        target: Target::default(),
        policy: Policy::default(),
        policy_source: "defaults".to_owned(),
        selection: Selection::default(),
        today: "2026-01-01".to_owned(),
        jobs: Some(1),
    };
    let files = case.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let snapshot = Snapshot::from_files(files);
    Prepared::new(&snapshot, None, &request).judge(&Arc::new(case.answers.clone()))
}

fn outcomes<'report>(report: &'report Report, id: &str) -> Vec<&'report Outcome> {
    report.verdicts[0].all_outcomes().filter(|outcome| outcome.rule.id == id).collect()
}

fn status(status: Status) -> String {
    serde_json::to_value(status).unwrap().as_str().unwrap().to_owned()
}

fn complaints(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut wrong = Vec::new();
    let expect = &case.expect;
    if expect.status.as_ref().is_some_and(|wanted| *wanted != status(outcome.status)) {
        wrong.push(format!("status is {}", status(outcome.status)));
    }
    if expect.met.is_some_and(|wanted| wanted != outcome.met) {
        wrong.push(format!("met is {}", outcome.met));
    }
    for (id, wanted) in &expect.parts {
        match outcome.parts.iter().find(|part| part.id == id) {
            Some(part) if part.met == *wanted => {}
            found => wrong.push(format!("part {id} is {:?}", found.map(|part| part.met))),
        }
    }
    let evidence: BTreeSet<String> = outcome
        .parts
        .iter()
        .flat_map(|part| &part.evidence)
        .map(|place| format!("{}:{}", place.path, place.line))
        .collect();
    for place in expect.evidence.iter().filter(|place| !evidence.contains(*place)) {
        wrong.push(format!("{place} is not among the evidence {evidence:?}"));
    }
    let findings: Vec<_> = outcome.findings.iter().map(|found| &found.finding).collect();
    let told = |wanted: &str, place: &str, message: &str| {
        let (at, words) = wanted.split_once(' ').unwrap_or((wanted, ""));
        at == place && message.contains(words)
    };
    let all_told = findings.len() == expect.findings.len()
        && expect.findings.iter().zip(&findings).all(|(wanted, found)| {
            told(wanted, &format!("{}:{}", found.place.path, found.place.line), &found.message)
        });
    if !all_told {
        let found: Vec<_> =
            findings.iter().map(|f| format!("{}:{} {}", f.place.path, f.place.line, f.message)).collect();
        wrong.push(format!("findings are {found:#?}"));
    }
    if let Some(words) = &expect.fix {
        let summary = outcome.fix.as_ref().map(|fix| fix.summary.as_str());
        if !summary.is_some_and(|summary| summary.contains(words.as_str())) {
            wrong.push(format!("fix is {summary:?}"));
        }
    }
    if let Some(words) = &expect.not_applicable
        && !outcome.reason.as_ref().is_some_and(|reason| reason.contains(words.as_str()))
    {
        wrong.push(format!("reason is {:?}", outcome.reason));
    }
    wrong
}

#[test]
fn every_case_comes_out_as_its_fixture_says() {
    let mut wrong = String::new();
    let mut judged = 0;
    for path in fixtures() {
        let id = rule_id(&path);
        for case in cases(&path) {
            let report = judge(&case);
            let found = outcomes(&report, &id);
            let Some(outcome) = found.first() else {
                let _ = writeln!(wrong, "{id}: `{}`: no outcome", case.title);
                continue;
            };
            for complaint in complaints(&case, outcome) {
                let _ = writeln!(wrong, "{id}: `{}`: {complaint}", case.title);
            }
            judged += 1;
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(judged > 0);
}

#[test]
fn every_rule_has_a_fixture_that_accepts_and_one_that_rejects() {
    let known: BTreeMap<String, PathBuf> =
        fixtures().into_iter().map(|path| (rule_id(&path), path)).collect();
    for id in known.keys() {
        assert!(rules::find(id).is_some(), "{id} has a fixture and is no rule");
    }
    for rule in rules::all() {
        let path = known
            .get(rule.id)
            .unwrap_or_else(|| panic!("{} has no fixture: write tests/rules/{}.md", rule.id, rule.id));
        let titles: Vec<String> = cases(path).into_iter().map(|case| case.title).collect();
        for kind in ["accepts:", "rejects:"] {
            assert!(
                titles.iter().any(|title| title.starts_with(kind)),
                "{} has no case that {kind}",
                rule.id
            );
        }
        for title in &titles {
            assert!(
                ["accepts:", "rejects:", "leaves alone:"].iter().any(|kind| title.starts_with(kind)),
                "{}: `{title}` starts with none of accepts:, rejects:, leaves alone:",
                rule.id
            );
        }
    }
}

/// A rule that misfires on another rule's fixture shows in the difference of this snapshot.
#[test]
fn every_rule_over_every_fixture() {
    let mut matrix = String::new();
    for path in fixtures() {
        let _ = writeln!(matrix, "# {}", rule_id(&path));
        for case in cases(&path) {
            let report = judge(&case);
            let mut by_status: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for outcome in report.verdicts[0].all_outcomes() {
                by_status.entry(status(outcome.status)).or_default().push(outcome.rule.id);
            }
            let _ = writeln!(matrix, "## {}", case.title);
            for (status, mut ids) in
                by_status.into_iter().filter(|(status, _)| status != "fail" && status != "not-applicable")
            {
                ids.sort_unstable();
                let _ = writeln!(matrix, "{status}: {}", ids.join(" "));
            }
        }
    }
    insta::assert_snapshot!(matrix);
}
