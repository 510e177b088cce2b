//! reprogate reviews the reproducibility of machine-learning code.
//!
//! ```text
//! event ─> source ─> snapshot ─> facts ─> rules ─> verdict ─> render ─> publish
//! ```
//!
//! One way only: a module names what stands to its left and nothing to its right. `source` and `publish` talk to the
//! outside and are async; everything between is pure, synchronous and deterministic.

pub mod action;
pub mod cli;
pub mod docgen;
pub mod draft;
pub mod engine;
pub mod error;
pub mod event;
pub mod facts;
pub mod github;
pub mod policy;
pub mod publish;
pub mod render;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod source;
pub mod verdict;

use engine::Selection;
use facts::{Facts, Parsed, parse_on};
use policy::Policy;
use report::{Coverage, Report, Target};
use snapshot::Snapshot;
use std::collections::BTreeMap;
use std::sync::Arc;
use verdict::Verdict;

/// What a review needs beside the snapshots.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What is judged, for those who read about it.
    pub target: Target,
    /// The policy in force.
    pub policy: Policy,
    /// Where the policy comes from.
    pub policy_source: String,
    /// Which rules run.
    pub selection: Selection,
    /// Today's date, `YYYY-MM-DD`: waivers end.
    pub today: String,
    /// Most threads to parse with; `None` for as many as the machine has.
    pub jobs: Option<usize>,
}

/// The pure flow: judges `head`, and `base` where there is one, under one policy.
pub fn review(head: &Snapshot, base: Option<&Snapshot>, request: &Request) -> Report {
    let parsed = parse_on(head, &Parsed::new(), request.jobs);
    let parsed_base = base.map(|base| parse_on(base, &parsed, request.jobs));
    let policy = &request.policy;
    let (mut verdicts, mut base_verdicts, mut gathered) = (Vec::new(), Vec::new(), Vec::new());
    for project in &policy.projects {
        let verdict_on = |snapshot: &Snapshot, parsed: &Parsed, base: Option<&Verdict>| {
            let facts = Facts::gather(snapshot, parsed, &project.root);
            let judgements =
                engine::judge(&facts, &facts.recipes(&policy.recipes), policy, &request.selection);
            (verdict::reach(judgements, policy, project, &request.today, base), facts)
        };
        let before = base.zip(parsed_base.as_ref()).map(|(base, parsed)| verdict_on(base, parsed, None).0);
        let (verdict, facts) = verdict_on(head, &parsed, before.as_ref());
        verdicts.push(verdict);
        base_verdicts.push(before);
        gathered.push(facts);
    }
    Report {
        target: request.target.clone(),
        policy: policy.clone(),
        policy_source: request.policy_source.clone(),
        proposed_policy: None,
        documents: gathered.iter().flat_map(|facts| facts.guided.iter().cloned()).collect(),
        coverage: Coverage::of(head, &gathered),
        excerpts: excerpts(head, &verdicts),
        verdicts,
        base: if base.is_some() { base_verdicts } else { Vec::new() },
    }
}

fn excerpts(head: &Snapshot, verdicts: &[Verdict]) -> BTreeMap<String, Arc<str>> {
    let outcomes = verdicts.iter().flat_map(Verdict::all_outcomes);
    let places = outcomes.flat_map(|outcome| {
        let shown = outcome.parts.iter().flat_map(|part| &part.evidence);
        shown.chain(outcome.findings.iter().map(|finding| &finding.finding.place))
    });
    places.filter_map(|place| Some((place.path.clone(), Arc::clone(head.text(&place.path)?)))).collect()
}
