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
pub mod mend;
mod pattern;
pub mod policy;
pub mod publish;
pub mod render;
pub mod report;
pub mod rules;
pub mod snapshot;
pub mod source;
pub mod verdict;
mod yaml;

use engine::{Judgements, Selection};
use facts::links::{Answers, Questions};
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

/// The pure flow: judges `head`, and `base` where there is one, under one policy, and asks nobody.
pub fn review(head: &Snapshot, base: Option<&Snapshot>, request: &Request) -> Report {
    Prepared::new(head, base, request).judge(&Arc::default())
}

/// The flow up to the facts, to stop at for the questions that only the outside can answer.
#[derive(Debug)]
pub struct Prepared<'input> {
    head: &'input Snapshot,
    has_base: bool,
    request: &'input Request,
    /// What the head's texts hold, each by itself.
    parsed: Parsed,
    /// Facts at the head and at the base, by project.
    facts: Vec<(Facts, Option<Facts>)>,
}

impl<'input> Prepared<'input> {
    /// Parses both commits and gathers the facts of each project.
    pub fn new(head: &'input Snapshot, base: Option<&'input Snapshot>, request: &'input Request) -> Self {
        let parsed = parse_on(head, &Parsed::new(), request.jobs);
        let parsed_base = base.map(|base| parse_on(base, &parsed, request.jobs));
        let gather = |root: &str| {
            // A project that the base does not have is new: nothing of it was missing there.
            let there = base.filter(|base| base.holds(root)).zip(parsed_base.as_ref());
            let before = there.map(|(base, parsed)| Facts::gather(base, parsed, root));
            (Facts::gather(head, &parsed, root), before)
        };
        let facts = request.policy.projects.iter().map(|project| gather(&project.root)).collect();
        Self { head, has_base: base.is_some(), request, parsed, facts }
    }

    /// What only the outside can answer, about both commits, and that a rule that runs wants to know.
    pub fn questions(&self) -> Questions {
        let request = self.request;
        let wants =
            |id: &str| rules::find(id).is_some_and(|rule| request.selection.includes(rule, &request.policy));
        let mut questions = Questions::default();
        for facts in self.facts.iter().flat_map(|(head, base)| std::iter::once(head).chain(base)) {
            let Questions { mut links, mut commits } = facts.questions();
            questions.links.append(&mut links);
            questions.commits.append(&mut commits);
        }
        if !wants("integrity/links") {
            questions.links.clear();
        }
        if !wants("integrity/commits") {
            questions.commits.clear();
        }
        questions
    }

    /// Judges one project.
    fn judge_one(&self, facts: &Facts) -> Judgements {
        let Request { policy, selection, jobs, .. } = self.request;
        engine::judge(facts, &facts.recipes(&policy.recipes), policy, selection, *jobs)
    }

    /// Judges the tree with all that the verdicts offer put in place, so that they promise what that brings.
    fn promise(&self, verdicts: &mut [Verdict], gathered: &[Facts], answers: &Arc<Answers>) {
        let Some(mended) = mend::apply(self.head, verdicts) else { return };
        let policy = &self.request.policy;
        let parsed = parse_on(&mended, &self.parsed, self.request.jobs);
        for ((project, verdict), before) in policy.projects.iter().zip(verdicts).zip(gathered) {
            let mut facts = before.gather_again(&mended, &parsed);
            facts.answers = Arc::clone(answers);
            let judgements = self.judge_one(&facts);
            let after = verdict::reach(judgements, policy, project, &self.request.today, None);
            mend::promise(verdict, &after);
        }
    }

    /// Judges, with what the outside answered.
    pub fn judge(self, answers: &Arc<Answers>) -> Report {
        self.judge_and_keep(answers).0
    }

    /// The same, with what was judged, for a process that ends too soon for it to be freed.
    pub(crate) fn judge_and_keep(mut self, answers: &Arc<Answers>) -> (Report, (Parsed, Vec<Facts>)) {
        let policy = &self.request.policy;
        let (mut verdicts, mut base_verdicts, mut gathered) = (Vec::new(), Vec::new(), Vec::new());
        for (project, (facts, before)) in policy.projects.iter().zip(std::mem::take(&mut self.facts)) {
            let verdict_on = |mut facts: Facts, base: Option<&Verdict>| {
                facts.answers = Arc::clone(answers);
                let judgements = self.judge_one(&facts);
                (verdict::reach(judgements, policy, project, &self.request.today, base), facts)
            };
            let before = before.map(|before| verdict_on(before, None).0);
            let (verdict, facts) = verdict_on(facts, before.as_ref());
            verdicts.push(verdict);
            base_verdicts.push(before);
            gathered.push(facts);
        }
        self.promise(&mut verdicts, &gathered, answers);
        let report = Report {
            target: self.request.target.clone(),
            policy: policy.clone(),
            policy_source: self.request.policy_source.clone(),
            proposed_policy: None,
            documents: gathered.iter().flat_map(|facts| facts.guided.iter().cloned()).collect(),
            coverage: Coverage::of(self.head, &gathered),
            excerpts: excerpts(self.head, &verdicts),
            verdicts,
            base: if self.has_base { base_verdicts } else { Vec::new() },
        };
        (report, (self.parsed, gathered))
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
