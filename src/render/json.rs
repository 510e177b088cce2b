//! The report as JSON, schema `reprogate-report/1`. Fields may be added; those that are there stay.

use crate::report::Report;
use crate::rules::{Evidence, Finding};
use crate::verdict::{Change, Decision, FindingOutcome, Outcome, PartOutcome, Verdict, rounded};
use serde_json::{Value, json};

/// The name of this shape.
pub const SCHEMA: &str = "reprogate-report/1";

/// The report as pretty-printed JSON, with a newline at the end.
pub fn render(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(&value(report)).unwrap_or_default();
    text.push('\n');
    text
}

/// The report as a JSON value.
pub fn value(report: &Report) -> Value {
    let target = &report.target;
    let first = report.verdicts.first();
    let several = report.verdicts.len() > 1;
    json!({
        "schema": SCHEMA,
        "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
        "target": {"kind": target.kind, "repo": target.repo, "head": target.head, "base": target.base, "pull_request": target.pull_request},
        "policy": {"profile": report.policy.profile.id(), "min_score": report.policy.min_score, "source": report.policy_source},
        "score": report.score(),
        "score_at_most": report.score_at_most(),
        "passed": report.decision() == Decision::Passed,
        "decision": report.decision(),
        "reasons": report.verdicts.iter().flat_map(|verdict| &verdict.gate.reasons).collect::<Vec<_>>(),
        "delta": report.delta(),
        "standards": first.map(standards).unwrap_or_default(),
        "outcomes": report.verdicts.iter().flat_map(|verdict| verdict.outcomes.iter().map(move |outcome| outcome_value(outcome, several.then_some(verdict)))).collect::<Vec<_>>(),
        "recipes": report.verdicts.iter().flat_map(recipes).collect::<Vec<_>>(),
        "projects": report.verdicts.iter().map(|verdict| json!({
            "path": verdict.root, "score": verdict.score, "decision": verdict.gate.decision, "min_score": verdict.gate.min_score,
            "standards": standards(verdict),
        })).collect::<Vec<_>>(),
        "documents": report.documents,
        "coverage": {
            "files": report.coverage.files,
            "read": report.coverage.read,
            "bytes": report.coverage.bytes,
            "unread": report.coverage.unread.iter().map(|unread| json!({"path": unread.path, "why": unread.why})).collect::<Vec<_>>(),
        },
    })
}

fn standards(verdict: &Verdict) -> Vec<Value> {
    verdict
        .standards
        .iter()
        .map(|score| json!({"id": score.standard.id(), "score": score.score, "weight": score.weight}))
        .collect()
}

fn recipes(verdict: &Verdict) -> Vec<Value> {
    let recipe = |recipe: &crate::verdict::RecipeVerdict| {
        let outcomes: Vec<_> = recipe.outcomes.iter().map(|outcome| outcome_value(outcome, None)).collect();
        json!({"path": recipe.path, "score": recipe.score, "outcomes": outcomes})
    };
    verdict.recipes.iter().map(recipe).collect()
}

fn outcome_value(outcome: &Outcome, project: Option<&Verdict>) -> Value {
    let mut value = json!({
        "rule": outcome.rule.id,
        "status": outcome.status,
        "met": outcome.met,
        "points": round_points(outcome.points),
        "of": round_points(outcome.of),
        "parts": outcome.parts.iter().map(part).collect::<Vec<_>>(),
        "evidence": outcome.findings.iter().map(|finding| evidence(&finding.finding.place)).collect::<Vec<_>>(),
        "findings": outcome.findings.iter().map(finding).collect::<Vec<_>>(),
        "looked_at": outcome.looked_at,
        "reason": outcome.reason,
        "waived_until": outcome.waived_until,
        "change": outcome.change.map(change),
        "fix": outcome.fix.as_ref().map(|fix| json!({
            "summary": fix.summary,
            "snippet": fix.snippet.as_ref().map(|snippet| json!({"path": snippet.path, "body": snippet.body, "new_file": snippet.new_file})),
            "gain": rounded(outcome.gain),
        })),
    });
    if let (Some(verdict), Some(object)) = (project, value.as_object_mut()) {
        object.insert("project".to_owned(), Value::from(verdict.root.as_str()));
    }
    value
}

fn part(part: &PartOutcome) -> Value {
    json!({"id": part.id, "met": part.met, "reason": part.reason, "evidence": part.evidence.iter().map(evidence).collect::<Vec<_>>()})
}

fn evidence(evidence: &Evidence) -> Value {
    json!({"path": evidence.path, "line": evidence.line, "end_line": evidence.end_line, "note": evidence.note})
}

fn finding(outcome: &FindingOutcome) -> Value {
    let Finding { place, message, replacement, .. } = &outcome.finding;
    json!({
        "message": message,
        "place": evidence(place),
        "fingerprint": outcome.fingerprint,
        "change": outcome.change.map(change),
        "replacement": replacement.as_ref().map(|replacement| json!({"line": replacement.line, "text": replacement.text})),
    })
}

fn change(change: Change) -> &'static str {
    match change {
        Change::Introduced => "introduced",
        Change::Existing => "existing",
        Change::Fixed => "fixed",
    }
}

fn round_points(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

/// The JSON schema of a report, draft 2020-12.
pub fn schema() -> Value {
    json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, "type": "object"})
}
