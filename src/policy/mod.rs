//! The policy: the configuration that a verdict is reached under, `.github/reprogate.yml`.

mod difference;
mod raw;
mod schema;
mod validate;

use crate::rules::{Options, Standard};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::snapshot::Limits;
pub use difference::differences;
pub use schema::schema;
pub(crate) use validate::nearest;
pub use validate::parse;

/// Where a repository keeps its policy, unless the workflow names another place.
pub const PATH: &str = ".github/reprogate.yml";

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PolicyError {
    /// The policy's path.
    pub path: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong there, with the key.
    pub problem: String,
    /// What was expected, and the nearest name where one is near.
    pub expected: String,
}

impl std::fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        write!(formatter, ": {}", self.problem)?;
        if !self.expected.is_empty() {
            write!(formatter, "; {}", self.expected)?;
        }
        Ok(())
    }
}

/// What is asked of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Code of a paper: serialization and timing of a recipe add nothing when absent.
    #[default]
    Paper,
    /// A model that is deployed: everything counts.
    Production,
    /// The ML Code Completeness Checklist alone.
    Checklist,
}

impl Profile {
    /// The name in policies and inputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Production => "production",
            Self::Checklist => "checklist",
        }
    }

    /// All three.
    pub const ALL: [Self; 3] = [Self::Paper, Self::Production, Self::Checklist];

    /// The profile of a name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.id() == name)
    }
}

/// What makes the gate fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// A minimum that is not reached, or a required rule that is not met.
    #[default]
    Gate,
    /// A rule that is met at the base and not at the head.
    Regression,
    /// Either.
    Both,
    /// Nothing.
    Never,
}

impl FailOn {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Gate, Self::Regression, Self::Both, Self::Never];

    /// The name in policies and inputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Regression => "regression",
            Self::Both => "both",
            Self::Never => "never",
        }
    }

    /// The choice of a name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.id() == name)
    }
}

/// A finding that was looked at and accepted for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// A glob over the evidence's paths; `None` waives the whole rule.
    pub path: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day that it holds, `YYYY-MM-DD`.
    pub until: String,
}

/// A folder judged as one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Project {
    /// Its folder from the repository's root, without a trailing `/`; empty for the root.
    pub root: String,
    /// Its own minimum; `None` takes the policy's.
    pub min_score: Option<f64>,
}

/// A validated policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// What is asked.
    pub profile: Profile,
    /// Least score that passes, 0 to 100.
    pub min_score: f64,
    /// Least score of single standards.
    pub min_scores: BTreeMap<Standard, f64>,
    /// Ids of rules that must be met whatever the score.
    pub required: BTreeSet<String>,
    /// What makes the gate fail.
    pub fail_on: FailOn,
    /// What is judged; never empty.
    pub projects: Vec<Project>,
    /// Globs of the documents that are recipes; empty to find them.
    pub recipes: Vec<String>,
    /// Globs of further documents that readers are led to.
    pub documents: Vec<String>,
    /// Points by rule id, in place of the catalogue's.
    pub weights: BTreeMap<String, f64>,
    /// Ids of rules that are off.
    pub off: BTreeSet<String>,
    /// Options by rule id.
    pub options: BTreeMap<String, Options>,
    /// Accepted findings.
    pub waivers: Vec<Waiver>,
    /// How much is read.
    pub limits: Limits,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            min_score: 0.0,
            min_scores: BTreeMap::new(),
            required: BTreeSet::new(),
            fail_on: FailOn::default(),
            projects: vec![Project::default()],
            recipes: Vec::new(),
            documents: Vec::new(),
            weights: BTreeMap::new(),
            off: BTreeSet::new(),
            options: BTreeMap::new(),
            waivers: Vec::new(),
            limits: Limits::default(),
        }
    }
}
