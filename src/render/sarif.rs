//! The report as SARIF 2.1.0, as GitHub's code scanning takes it.
//!
//! Code scanning shows a result at a place, so what is missing altogether is said at the file that the fix would
//! change, else at a document, else at the first line of the listing's first file. Paths are relative to the
//! repository's root.

use super::{text, view};
use crate::report::Report;
use crate::rules::{Evidence, Rule};
use crate::verdict::{Change, Outcome, Status, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// Results that code scanning keeps.
const MOST_RESULTS: usize = 5_000;
/// Characters of a message.
const MOST_CHARACTERS: usize = 1_000;

#[derive(Serialize)]
struct Log<'report> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run<'report>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'report> {
    tool: Tool,
    automation_details: AutomationDetails,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    version_control_provenance: Vec<VersionControl<'report>>,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VersionControl<'report> {
    repository_uri: String,
    revision_id: &'report str,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Message,
    full_description: Message,
    help_uri: String,
    help: Help,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<&'static str>,
    precision: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    end_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replaced>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replaced {
    deleted_region: Region,
    inserted_content: Message,
}

/// The report as SARIF 2.1.0, with a newline at the end.
pub fn render(report: &Report) -> String {
    let mut rules: Vec<&'static Rule> =
        report.verdicts.iter().flat_map(Verdict::all_outcomes).map(|outcome| outcome.rule).collect();
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    let mut results: Vec<(bool, SarifResult)> = Vec::new();
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    for outcome in report.verdicts.iter().flat_map(Verdict::all_outcomes) {
        let index = rules.iter().position(|rule| rule.id == outcome.rule.id).unwrap_or(0);
        for (result, introduced) in results_of(report, outcome, index) {
            let fingerprint = result.partial_fingerprints.values().next().cloned().unwrap_or_default();
            if seen.insert(fingerprint, ()).is_none() {
                results.push((!introduced, result));
            }
        }
    }
    // What is cut beyond the limit is what was there before.
    results.sort_by_key(|(old, _)| *old);
    let target = &report.target;
    let provenance = target.repo.as_deref().zip(target.head.as_deref()).and_then(|(_, head)| {
        let blob = target.blob_url.as_deref()?;
        let repository_uri = blob.split_once("/blob/").map(|(repository, _)| repository.to_owned())?;
        Some(VersionControl { repository_uri, revision_id: head })
    });
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: vec![Run {
            tool: Tool {
                driver: Driver {
                    name: "reprogate",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: rules.iter().map(|rule| descriptor(rule)).collect(),
                },
            },
            automation_details: AutomationDetails { id: "reprogate/" },
            version_control_provenance: provenance.into_iter().collect(),
            column_kind: "unicodeCodePoints",
            results: results.into_iter().map(|(_, result)| result).take(MOST_RESULTS).collect(),
        }],
    };
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    Descriptor {
        id: rule.id,
        name: rule.title,
        short_description: Message { text: text::sentence(rule.title) },
        full_description: Message { text: text::sentence(rule.summary) },
        help_uri: rule.url(),
        help: Help {
            text: format!("{} {}", text::sentence(rule.summary), text::sentence(&text::capital(rule.reason))),
            markdown: rule.docs.to_owned(),
        },
        default_configuration: Configuration { level: "warning" },
        properties: Properties { tags: vec!["reproducibility", rule.standard.id()], precision: "high" },
    }
}

fn results_of(report: &Report, outcome: &Outcome, rule_index: usize) -> Vec<(SarifResult, bool)> {
    if outcome.status == Status::Waived {
        return Vec::new();
    }
    let result = |message: &str, place: &Evidence, fingerprint: String, change: Option<Change>, fixes| {
        let message = Message { text: text::sentence(&text::line(message, MOST_CHARACTERS)) };
        let result = SarifResult {
            rule_id: outcome.rule.id,
            rule_index,
            level: if outcome.met { "note" } else { "warning" },
            message,
            locations: vec![Location {
                physical_location: physical(&place.path, place.line, place.end_line),
            }],
            partial_fingerprints: BTreeMap::from([("reprogate/v1", fingerprint)]),
            baseline_state: change.map(|change| match change {
                Change::Introduced => "new",
                Change::Existing => "unchanged",
                Change::Fixed => "absent",
            }),
            fixes,
        };
        (result, change == Some(Change::Introduced))
    };
    if !outcome.findings.is_empty() {
        let findings = outcome.findings.iter().map(|found| {
            let finding = &found.finding;
            let fixes = finding.replacement.iter().filter_map(|replacement| {
                let line = report.excerpts.get(&finding.place.path)?;
                let line = line.lines().nth(replacement.line.checked_sub(1)? as usize)?;
                let end = u32::try_from(line.chars().count()).ok()? + 1;
                let region = Region {
                    start_line: replacement.line,
                    start_column: Some(1),
                    end_line: replacement.line,
                    end_column: Some(end),
                };
                Some(SarifFix {
                    description: Message { text: "The line as it would be right.".to_owned() },
                    artifact_changes: vec![ArtifactChange {
                        artifact_location: artifact(&finding.place.path),
                        replacements: vec![Replaced {
                            deleted_region: region,
                            inserted_content: Message { text: replacement.text.clone() },
                        }],
                    }],
                })
            });
            let fixes = fixes.collect();
            result(&finding.message, &finding.place, found.fingerprint.clone(), found.change, fixes)
        });
        return findings.collect();
    }
    if !crate::mend::is_missing(outcome) {
        return Vec::new();
    }
    let path = outcome
        .fix
        .as_ref()
        .and_then(|fix| fix.snippet.as_ref())
        .filter(|snippet| !snippet.new_file)
        .map(|snippet| snippet.path.clone())
        .or_else(|| report.documents.first().cloned())
        .or_else(|| report.excerpts.keys().next().cloned())
        .unwrap_or_else(|| "README.md".to_owned());
    let place = Evidence { path, line: 1, end_line: 1, note: String::new() };
    let fingerprint = format!("{}|{}", outcome.rule.id, place.path);
    vec![result(&view::sentence_of(outcome), &place, fingerprint, outcome.change, Vec::new())]
}

fn physical(path: &str, line: u32, end_line: u32) -> PhysicalLocation {
    let start_line = line.max(1);
    let region =
        Region { start_line, start_column: None, end_line: end_line.max(start_line), end_column: None };
    PhysicalLocation { artifact_location: artifact(path), region }
}

fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation { uri: text::percent(path, true), uri_base_id: "%SRCROOT%" }
}
