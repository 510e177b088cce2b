//! The policy's JSON schema, for editors: assembled from the rules' own metadata.

use super::{FailOn, Limits, Profile};
use crate::rules::{self, OptionDefault, OptionSpec, Standard};
use serde_json::{Map, Value, json};

/// A JSON schema (draft 2020-12) of `.github/reprogate.yml`.
pub fn schema() -> Value {
    let ids: Vec<&str> = rules::all().map(|rule| rule.id).collect();
    let limits = Limits::default();
    let score = |description: &str| json!({"type": "number", "minimum": 0, "maximum": 100, "description": description});
    let bytes = |default: u64, description: &str| json!({"type": "integer", "minimum": 1, "maximum": Limits::MOST_BYTES, "default": default, "description": description});
    let by_standard: Map<String, Value> = Standard::ALL
        .iter()
        .map(|standard| (standard.id().to_owned(), score(&format!("Least score of {}", standard.title()))))
        .collect();
    let weights: Map<String, Value> = rules::all()
        .map(|rule| (rule.id.to_owned(), json!({"type": "number", "minimum": 0, "maximum": 100, "default": rule.weight, "description": rule.summary})))
        .collect();
    let settings: Map<String, Value> = rules::all()
        .map(|rule| {
            let options: Map<String, Value> = rule.options.iter().map(|option| (option.name.to_owned(), option_schema(option))).collect();
            let setting = json!({
                "description": rule.summary,
                "oneOf": [{"enum": ["off", false]}, {"type": "object", "properties": options, "additionalProperties": false}],
            });
            (rule.id.to_owned(), setting)
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://raw.githubusercontent.com/reprogate/reprogate/main/docs/schema/policy.schema.json",
        "title": "reprogate policy",
        "description": "The configuration that a verdict is reached under. It is read from the base commit of a pull request.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "version": {"const": 1, "description": "The shape of this file"},
            "profile": {"enum": Profile::ALL.map(Profile::id), "default": Profile::default().id(),
                "description": "What is asked: of a paper's code, of a deployed model, or the ML Code Completeness Checklist alone"},
            "min-score": score("Least score that passes"),
            "min-scores": {"type": "object", "properties": by_standard, "additionalProperties": false, "description": "Least scores of single standards"},
            "required": {"type": "array", "items": {"enum": ids}, "uniqueItems": true, "description": "Rules that must be met whatever the score"},
            "fail-on": {"enum": FailOn::ALL.map(FailOn::id), "default": FailOn::default().id(),
                "description": "What makes the gate fail: the minimum, a rule that was met at the base and is not at the head, both, or nothing"},
            "projects": {"type": "array", "description": "Folders that are judged each by itself; the root where none is named",
                "items": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["path"], "additionalProperties": false,
                    "properties": {"path": {"type": "string"}, "min-score": score("Least score of this project that passes")}}]}},
            "recipes": {"type": "array", "items": {"type": "string"}, "description": "Globs of the documents that are training recipes"},
            "documents": {"type": "array", "items": {"type": "string"}, "description": "Globs of further documents that readers are led to"},
            "weights": {"type": "object", "properties": weights, "additionalProperties": false, "description": "Points of single rules"},
            "rules": {"type": "object", "properties": settings, "additionalProperties": false, "description": "Rules that are off, or their options"},
            "waivers": {"type": "array", "description": "Findings that were looked at and accepted for a while; a waiver silences, it does not score",
                "items": {"type": "object", "required": ["rule", "reason", "until"], "additionalProperties": false, "properties": {
                    "rule": {"enum": ids},
                    "path": {"type": "string", "description": "A glob over the places that it accepts; the whole rule where it is missing"},
                    "reason": {"type": "string", "minLength": 1},
                    "until": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "The last day that it holds"}}}},
            "limits": {"type": "object", "additionalProperties": false, "description": "How much is read, whatever a pull request holds", "properties": {
                "files": {"type": "integer", "minimum": 1, "maximum": Limits::MOST_FILES, "default": limits.files, "description": "Most files whose text is read"},
                "file-bytes": bytes(limits.file_bytes, "Most bytes of one file, notebooks left out"),
                "notebook-bytes": bytes(limits.notebook_bytes, "Most bytes of one notebook"),
                "total-bytes": bytes(limits.total_bytes, "Most bytes of all texts together")}},
        },
    })
}

fn option_schema(option: &OptionSpec) -> Value {
    match option.default {
        OptionDefault::Number { default, least, most } => {
            json!({"type": "number", "minimum": least, "maximum": most, "default": default, "description": option.summary})
        }
        OptionDefault::Texts(default) => {
            json!({"type": "array", "items": {"type": "string"}, "default": default, "description": option.summary})
        }
        OptionDefault::Flag(default) => {
            json!({"type": "boolean", "default": default, "description": option.summary})
        }
    }
}
