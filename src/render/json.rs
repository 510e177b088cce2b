//! The report as JSON, schema `reprogate-report/1`. Fields may be added; those that are there stay.

use crate::report::Report;
use crate::rules::{Evidence, Finding};
use crate::verdict::{Change, Decision, FindingOutcome, Outcome, PartOutcome, Verdict, rounded};
use serde_json::{Value, json};

/// The name of this shape.
pub const SCHEMA: &str = "reprogate-report/1";

/// The report as pretty-printed JSON, with a newline at the end.
pub fn render(report: &Report) -> String {
    let value = value(report);
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// Puts lists in place of what `value` holds under their names: `json!` would copy all that stands in them.
fn with<const COUNT: usize>(mut value: Value, lists: [(&str, Vec<Value>); COUNT]) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.extend(lists.map(|(name, list)| (name.to_owned(), Value::Array(list))));
    }
    value
}

/// The report as a JSON value.
pub fn value(report: &Report) -> Value {
    let target = &report.target;
    let first = report.verdicts.first();
    let several = report.verdicts.len() > 1;
    let outcomes = report.verdicts.iter().flat_map(|verdict| {
        verdict.outcomes.iter().map(move |outcome| outcome_value(outcome, several.then_some(verdict)))
    });
    let value = json!({
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
        "outcomes": [],
        "recipes": [],
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
    });
    let recipes = report.verdicts.iter().flat_map(recipes).collect();
    with(value, [("outcomes", outcomes.collect()), ("recipes", recipes)])
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
        let outcomes = recipe.outcomes.iter().map(|outcome| outcome_value(outcome, None)).collect();
        with(json!({"path": recipe.path, "score": recipe.score, "outcomes": []}), [("outcomes", outcomes)])
    };
    verdict.recipes.iter().map(recipe).collect()
}

fn outcome_value(outcome: &Outcome, project: Option<&Verdict>) -> Value {
    let value = json!({
        "rule": outcome.rule.id,
        "status": outcome.status,
        "met": outcome.met,
        "points": round_points(outcome.points),
        "of": round_points(outcome.of),
        "parts": [],
        "evidence": [],
        "findings": [],
        "fixed_findings": [],
        "looked_at": outcome.looked_at,
        "reason": outcome.reason,
        "waived_until": outcome.waived_until,
        "change": outcome.change.map(change),
        "fix": outcome.fix.as_ref().map(|fix| json!({
            "summary": fix.summary,
            "snippet": fix.snippet.as_ref().map(|snippet| json!({"path": snippet.path, "body": snippet.body, "new_file": snippet.new_file})),
            "gain": rounded(outcome.gain),
            "gain_as_is": outcome.gain_as_is.map(rounded),
        })),
    });
    let evidence = outcome.findings.iter().map(|finding| evidence(&finding.finding.place)).collect();
    let mut value = with(
        value,
        [
            ("parts", outcome.parts.iter().map(part).collect()),
            ("evidence", evidence),
            ("findings", outcome.findings.iter().map(finding).collect()),
            ("fixed_findings", outcome.fixed_findings.iter().map(finding).collect()),
        ],
    );
    if let (Some(verdict), Some(object)) = (project, value.as_object_mut()) {
        object.insert("project".to_owned(), Value::from(verdict.root.as_str()));
    }
    value
}

fn part(part: &PartOutcome) -> Value {
    let value = json!({"id": part.id, "met": part.met, "reason": part.reason, "evidence": []});
    with(value, [("evidence", part.evidence.iter().map(evidence).collect())])
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

/// The JSON schema of a report, draft 2020-12. It names every field that [`value`] writes; others may be added.
pub fn schema() -> Value {
    let text = || json!({"type": "string"});
    let number = || json!({"type": "number"});
    let count = || json!({"type": "integer", "minimum": 0});
    let yes_or_no = || json!({"type": "boolean"});
    let score = || json!({"type": "number", "minimum": 0, "maximum": 100});
    let or_null = |mut schema: Value| {
        if let Some(kind) = schema.get("type").cloned() {
            if let Some(object) = schema.as_object_mut() {
                object.insert("type".to_owned(), json!([kind, "null"]));
            }
            schema
        } else {
            json!({"anyOf": [schema, {"type": "null"}]})
        }
    };
    let list = |items: Value| json!({"type": "array", "items": items});
    let definition = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    let decision = || json!({"enum": ["passed", "failed", "undecided"]});
    let change = || json!({"enum": ["introduced", "existing", "fixed", null]});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://raw.githubusercontent.com/reprogate/reprogate/main/docs/schema/report.schema.json",
        "title": SCHEMA,
        "description": "What reprogate says of a commit. Fields may be added; those that are here stay.",
        "$ref": "#/$defs/report",
        "$defs": {
            "report": object(&[
                ("schema", json!({"const": SCHEMA}), "The name of this shape."),
                ("tool", object(&[("name", text(), "reprogate."), ("version", text(), "Its version.")]), "What made it."),
                ("target", object(&[
                    ("kind", text(), "pull-request, commit, worktree or document."),
                    ("repo", or_null(text()), "OWNER/NAME, where it is known."),
                    ("head", or_null(text()), "The commit that was judged."),
                    ("base", or_null(text()), "The commit that it was compared with."),
                    ("pull_request", or_null(count()), "The pull request's number."),
                ]), "What was judged."),
                ("policy", object(&[
                    ("profile", json!({"enum": ["paper", "production", "checklist"]}), "What is asked."),
                    ("min_score", score(), "Least score that passes."),
                    ("source", text(), "Where the policy comes from."),
                ]), "What it was judged under."),
                ("score", score(), "Of one project, or the mean of several."),
                ("score_at_most", score(), "If everything unknown turned out well."),
                ("passed", yes_or_no(), "Whether the gate is passed, whatever is unknown."),
                ("decision", decision(), "The gate's decision."),
                ("reasons", list(text()), "Why it is not passed."),
                ("delta", or_null(number()), "How much the score rose since the base."),
                ("standards", list(definition("standard")), "Of the first project."),
                ("outcomes", list(definition("outcome")), "Rules that judge a project as a whole."),
                ("recipes", list(object(&[
                    ("path", text(), "The document."),
                    ("score", score(), "Its score."),
                    ("outcomes", list(definition("outcome")), "Rules that judge a recipe."),
                ])), "Each recipe by itself."),
                ("projects", list(object(&[
                    ("path", text(), "Its folder; empty for the root."),
                    ("score", score(), "Its score."),
                    ("decision", decision(), "Its gate's decision."),
                    ("min_score", score(), "Its minimum."),
                    ("standards", list(definition("standard")), "Its standards."),
                ])), "Each folder that is judged as one."),
                ("documents", list(text()), "Documents that readers are led to."),
                ("coverage", object(&[
                    ("files", count(), "Files in the listing."),
                    ("read", count(), "Texts that were read."),
                    ("bytes", count(), "Their bytes."),
                    ("unread", list(object(&[
                        ("path", text(), "The file; a project's folder where the listing is not whole."),
                        ("why", text(), "Why it was not read."),
                    ])), "What was wanted and not read."),
                ]), "How much was read."),
            ]),
            "standard": object(&[
                ("id", text(), "checklist, recipe, sharing or integrity."),
                ("score", or_null(score()), "null where none of its rules applies."),
                ("weight", number(), "Its share of the score, in points of 100."),
            ]),
            "place": object(&[
                ("path", text(), "From the repository's root."),
                ("line", count(), "First line, from 1."),
                ("end_line", count(), "Last line, included."),
                ("note", text(), "What is there."),
            ]),
            "outcome": object(&[
                ("rule", text(), "The rule's id, standard/name."),
                ("status", json!({"enum": ["pass", "partial", "fail", "not-applicable", "waived", "unknown"]}), "Its result."),
                ("met", yes_or_no(), "Whether its deciding part is met."),
                ("points", number(), "Points earned, before scaling."),
                ("of", number(), "Points that it could earn, before scaling; 0 where it does not apply."),
                ("parts", list(object(&[
                    ("id", text(), "The part's id."),
                    ("met", or_null(yes_or_no()), "null where it is unknown or not asked."),
                    ("reason", or_null(text()), "Why it is unknown or not asked."),
                    ("evidence", list(definition("place")), "Places that show it."),
                ])), "Its parts; the first decides."),
                ("evidence", list(definition("place")), "Places that are wrong."),
                ("findings", list(object(&[
                    ("message", text(), "What is wrong."),
                    ("place", definition("place"), "Where."),
                    ("fingerprint", text(), "The same while the finding is the same, wherever its line moves."),
                    ("change", change(), "Since the base."),
                    ("replacement", or_null(definition("line")), "The line as it would be right."),
                ])), "Each place that is wrong."),
                ("fixed_findings", list(object(&[
                    ("message", text(), "What was wrong."),
                    ("place", definition("place"), "Where it was at the base."),
                    ("fingerprint", text(), "Its fingerprint."),
                    ("change", change(), "fixed."),
                    ("replacement", or_null(definition("line")), "The line as it would have been right."),
                ])), "What was wrong at the base and is not any more."),
                ("looked_at", list(text()), "Where the rule looked."),
                ("reason", or_null(text()), "Why it does not apply or is unknown, or the waiver's reason."),
                ("waived_until", or_null(text()), "The day the waiver ends."),
                ("change", change(), "Since the base."),
                ("fix", or_null(object(&[
                    ("summary", text(), "How to mend it."),
                    ("snippet", or_null(object(&[
                        ("path", text(), "The file."),
                        ("body", text(), "What to paste."),
                        ("new_file", yes_or_no(), "Whether the file is new."),
                    ])), "Something ready to paste."),
                    ("gain", number(), "Points of the score."),
                    ("gain_as_is", or_null(number()), "Those of them that what is offered brings as it is; null where nothing ready is."),
                ])), "How to mend what is missing."),
            ]),
            "line": object(&[("line", count(), "The line, from 1."), ("text", text(), "The whole new line.")]),
        },
    })
}

/// An object with these fields, all of them there.
fn object(fields: &[(&str, Value, &str)]) -> Value {
    let properties: serde_json::Map<String, Value> = fields
        .iter()
        .map(|(name, schema, description)| {
            let mut schema = schema.clone();
            if let Some(object) = schema.as_object_mut() {
                object.insert("description".to_owned(), Value::from(*description));
            }
            ((*name).to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> = fields.iter().map(|(name, _, _)| *name).collect();
    json!({"type": "object", "required": required, "properties": properties})
}
