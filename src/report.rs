//! Everything that a face of the tool may show: what was judged, under which policy, and the verdicts.

use crate::facts::{Facts, Unread};
use crate::policy::Policy;
use crate::snapshot::Snapshot;
use crate::verdict::{Decision, Verdict, rounded};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// `pull-request`, `commit`, `worktree` or `document`.
    pub kind: String,
    /// `owner/name`, where it is known.
    pub repo: Option<String>,
    /// The commit that was judged.
    pub head: Option<String>,
    /// The commit that it was compared with.
    pub base: Option<String>,
    /// The pull request's number.
    pub pull_request: Option<u64>,
    /// Where files at head can be seen: `https://github.com/owner/name/blob/SHA`, without a trailing `/`.
    pub blob_url: Option<String>,
    /// Where a new file can be proposed: `https://github.com/owner/name/new/BRANCH`, without a trailing `/`.
    pub new_file_url: Option<String>,
}

/// How much was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Files in the listing.
    pub files: usize,
    /// Texts that were read.
    pub read: usize,
    /// Their bytes.
    pub bytes: u64,
    /// What was wanted and not read.
    pub unread: Vec<Unread>,
}

/// What a pull request would change about the policy, once merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedPolicy {
    /// The policy's path.
    pub path: String,
    /// Each change as a sentence, e.g. `minimum 70 -> 40`; empty where nothing of effect changes.
    pub changes: Vec<String>,
    /// Why the proposed file is no policy, if so.
    pub error: Option<String>,
}

/// Everything that a face of the tool may show.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was judged.
    pub target: Target,
    /// The policy that it was judged under.
    pub policy: Policy,
    /// Where that policy comes from: `base commit 1a2b3c4`, a path, or `defaults`.
    pub policy_source: String,
    /// What the head would change about it.
    pub proposed_policy: Option<ProposedPolicy>,
    /// One verdict a project, in the policy's order.
    pub verdicts: Vec<Verdict>,
    /// The base's verdicts, project by project; empty without a base.
    pub base: Vec<Option<Verdict>>,
    /// Paths of the documents that readers are led to.
    pub documents: Vec<String>,
    /// How much was read.
    pub coverage: Coverage,
    /// Texts of the files that evidence names, for excerpts.
    pub excerpts: BTreeMap<String, Arc<str>>,
}

impl Report {
    /// The score: of one project, or the mean of several.
    pub fn score(&self) -> f64 {
        mean(self.verdicts.iter().map(|verdict| verdict.score))
    }

    /// What the score would be if everything unknown turned out well.
    pub fn score_at_most(&self) -> f64 {
        mean(self.verdicts.iter().map(|verdict| verdict.score_at_most))
    }

    /// The base's score, where there is a base.
    pub fn base_score(&self) -> Option<f64> {
        let scores: Vec<f64> = self.base.iter().flatten().map(|verdict| verdict.score).collect();
        (!scores.is_empty()).then(|| mean(scores))
    }

    /// How much the score rose since the base, over the projects that were there.
    pub fn delta(&self) -> Option<f64> {
        let both = self.verdicts.iter().zip(&self.base);
        let rises: Vec<f64> =
            both.filter_map(|(verdict, base)| Some(verdict.score - base.as_ref()?.score)).collect();
        (!rises.is_empty()).then(|| mean(rises))
    }

    /// The gate: every project has to pass.
    pub fn decision(&self) -> Decision {
        let all = |decision: Decision| self.verdicts.iter().any(|verdict| verdict.gate.decision == decision);
        if all(Decision::Failed) {
            Decision::Failed
        } else if all(Decision::Undecided) {
            Decision::Undecided
        } else {
            Decision::Passed
        }
    }
}

fn mean(scores: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = scores.into_iter().fold((0.0, 0.0), |(sum, count), score| (sum + score, count + 1.0));
    if count > 0.0 { rounded(sum / count) } else { 0.0 }
}

impl Coverage {
    /// Counts what was read of `snapshot`.
    pub fn of(snapshot: &Snapshot, facts: &[Facts]) -> Self {
        let mut coverage = Self {
            files: snapshot.entries.iter().filter(|entry| entry.is_file()).count(),
            ..Self::default()
        };
        for text in snapshot.entries.iter().filter_map(|entry| snapshot.read(entry)) {
            if let crate::snapshot::Text::Read(text) = text {
                coverage.read += 1;
                coverage.bytes += text.len() as u64;
            }
        }
        coverage.unread = facts.iter().flat_map(|facts| facts.unread.iter().cloned()).collect();
        coverage.unread.sort_by(|one, other| one.path.cmp(&other.path));
        coverage.unread.dedup();
        coverage
    }
}
