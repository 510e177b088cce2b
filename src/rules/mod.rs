//! The catalogue: what a rule is, and the list of all of them.
//!
//! A rule is one file that holds its metadata and one pure function from facts to a [`Judgement`]; its documentation
//! is the Markdown file beside it. Rules see facts and their own options and nothing else.

pub mod checklist;
pub mod integrity;
pub mod recipe;
pub mod sharing;

use crate::facts::{Facts, Lines, Recipe};
use serde::Serialize;
use std::collections::BTreeMap;

/// A named group of rules from one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standard {
    /// The ML Code Completeness Checklist.
    Checklist,
    /// Training Recipes for Reproducible Machine Learning Models.
    Recipe,
    /// Model sharing practice.
    Sharing,
    /// Whether the documents are true.
    Integrity,
}

impl Standard {
    /// All four, in the order of the catalogue.
    pub const ALL: [Self; 4] = [Self::Checklist, Self::Recipe, Self::Sharing, Self::Integrity];

    /// The first half of its rules' ids.
    pub fn id(self) -> &'static str {
        match self {
            Self::Checklist => "checklist",
            Self::Recipe => "recipe",
            Self::Sharing => "sharing",
            Self::Integrity => "integrity",
        }
    }

    /// What a reader would call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Checklist => "ML Code Completeness Checklist",
            Self::Recipe => "Training recipe",
            Self::Sharing => "Model sharing",
            Self::Integrity => "Documents are true",
        }
    }

    /// Where it comes from.
    pub fn source(self) -> Source {
        match self {
            Self::Checklist => Source {
                title: "Resources for releasing research code in Machine Learning",
                url: "https://github.com/paperswithcode/releasing-research-code",
            },
            Self::Recipe => Source {
                title: "Training Recipes for Reproducible Machine Learning Models",
                url: "https://github.com/yahoo/ml-reproducibility-guidelines",
            },
            Self::Sharing => Source {
                title: "Model Sharing, Increase citations, ease review & collaboration: ML for science reproducibility tutorial",
                url: "https://ml.recipes/tutorial/sharing.html",
            },
            Self::Integrity => {
                Source { title: "reprogate", url: "https://github.com/reprogate/reprogate/tree/main/docs" }
            }
        }
    }

    /// Its share of the score, in points of 100.
    pub fn weight(self) -> f64 {
        match self {
            Self::Checklist => 50.0,
            Self::Recipe => 25.0,
            Self::Sharing => 15.0,
            Self::Integrity => 10.0,
        }
    }
}

/// A published text that asks for what a rule checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its title.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
}

/// How an author thinks of a rule: findings are grouped by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Data and how it is prepared.
    Data,
    /// Training and its environment.
    Training,
    /// Evaluation and results.
    Evaluation,
    /// Using the trained model.
    Inference,
    /// Letting others build on it.
    Sharing,
}

/// One requirement: its metadata and its judgement.
#[derive(Debug)]
pub struct Rule {
    /// `standard/name`.
    pub id: &'static str,
    /// The standard it belongs to.
    pub standard: Standard,
    /// A few words for a table or a heading, e.g. `Training code`.
    pub title: &'static str,
    /// What it asks for, as one sentence.
    pub summary: &'static str,
    /// Why it matters to whoever wants to reproduce the work: one clause, used in `because …`.
    pub reason: &'static str,
    /// How an author thinks of it.
    pub theme: Theme,
    /// Points of 100 when every rule applies.
    pub weight: f64,
    /// Its parts; the first decides `met`.
    pub parts: &'static [Part],
    /// Options that the policy may set, by name.
    pub options: &'static [OptionSpec],
    /// Its documentation in Markdown.
    pub docs: &'static str,
    /// The judgement.
    pub judge: Judge,
}

/// A named piece of a rule that can be met by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Kebab-case, unique within the rule.
    pub id: &'static str,
    /// A few words: what is there when it is met.
    pub title: &'static str,
    /// Its share of the rule's points, relative to the other parts.
    pub share: u32,
}

/// An option of one rule, as the policy may set it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionSpec {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it does, as one sentence.
    pub summary: &'static str,
    /// Its default, which also fixes its type.
    pub default: OptionDefault,
}

/// An option's type and default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OptionDefault {
    /// A number, with its bounds, both included.
    Number {
        /// Used where the policy says nothing.
        default: f64,
        /// Smallest accepted.
        least: f64,
        /// Largest accepted.
        most: f64,
    },
    /// A list of texts.
    Texts(&'static [&'static str]),
    /// Yes or no.
    Flag(bool),
}

/// A value that the policy gave an option.
#[derive(Debug, Clone, PartialEq)]
pub enum OptionValue {
    /// A number within its bounds.
    Number(f64),
    /// A list of texts.
    Texts(Vec<String>),
    /// Yes or no.
    Flag(bool),
}

/// A rule's options: what the policy set, over the defaults.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Values by option name, validated against the rule's [`OptionSpec`]s.
    pub values: BTreeMap<String, OptionValue>,
}

impl Options {
    /// The number `name`, or the default of its spec.
    pub fn number(&self, rule: &Rule, name: &str) -> f64 {
        match (self.values.get(name), rule.option(name)) {
            (Some(OptionValue::Number(value)), _) => *value,
            (_, Some(OptionDefault::Number { default, .. })) => default,
            _ => 0.0,
        }
    }

    /// The texts `name`, or the default of their spec.
    pub fn texts(&self, rule: &Rule, name: &str) -> Vec<String> {
        match (self.values.get(name), rule.option(name)) {
            (Some(OptionValue::Texts(values)), _) => values.clone(),
            (_, Some(OptionDefault::Texts(values))) => values.iter().map(|&text| text.to_owned()).collect(),
            _ => Vec::new(),
        }
    }

    /// The flag `name`, or the default of its spec.
    pub fn flag(&self, rule: &Rule, name: &str) -> bool {
        match (self.values.get(name), rule.option(name)) {
            (Some(OptionValue::Flag(value)), _) => *value,
            (_, Some(OptionDefault::Flag(value))) => value,
            _ => false,
        }
    }
}

/// What a rule is asked about.
#[derive(Debug, Clone, Copy)]
pub enum Judge {
    /// A project as a whole.
    Project(fn(&Facts, &Options) -> Judgement),
    /// Each recipe by itself, with the facts of the project around it.
    Recipe(fn(&Recipe<'_>, &Facts, &Options) -> Judgement),
}

impl Rule {
    /// The id's second half.
    pub fn name(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(_, name)| name)
    }

    /// The spec of one option.
    pub fn option(&self, name: &str) -> Option<OptionDefault> {
        self.options.iter().find(|option| option.name == name).map(|option| option.default)
    }

    /// The page that documents it.
    pub fn url(&self) -> String {
        format!("https://github.com/reprogate/reprogate/blob/main/docs/rules/{}.md", self.id)
    }

    /// Points that go to one part when every part applies.
    pub fn points_of(&self, part: &str) -> f64 {
        let shares: u32 = self.parts.iter().map(|part| part.share).sum();
        let share = self.parts.iter().find(|candidate| candidate.id == part).map_or(0, |part| part.share);
        self.weight * f64::from(share) / f64::from(shares.max(1))
    }
}

/// A place that shows a rule met or broken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Evidence {
    /// Path from the repository's root.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line, included.
    pub end_line: u32,
    /// A few words on what is there.
    pub note: String,
}

impl Evidence {
    /// Evidence at `lines` of `path`.
    pub fn new(path: impl Into<String>, lines: Lines, note: impl Into<String>) -> Self {
        Self { path: path.into(), line: lines.first, end_line: lines.last, note: note.into() }
    }
}

/// What a rule found out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgement {
    /// Why the rule has nothing to judge here; `None` where it applies.
    pub not_applicable: Option<String>,
    /// One for each part of the rule, in its order.
    pub parts: Vec<PartJudgement>,
    /// Single places that are wrong, each by itself.
    pub findings: Vec<Finding>,
    /// Where the rule looked: paths, sections, patterns, as a person would name them.
    pub looked_at: Vec<String>,
    /// How to mend what is missing; `None` where all is met.
    pub fix: Option<Fix>,
}

/// What became of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct PartJudgement {
    /// The part's id.
    pub id: &'static str,
    /// Whether it is met.
    pub met: Met,
    /// Share of the part's points that is earned, 0 to 1; a met part may earn less than all of them where
    /// findings remain.
    pub credit: f64,
    /// The places that show it.
    pub evidence: Vec<Evidence>,
}

/// Whether something asked for is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// What would decide it could not be read, and why.
    Unknown(String),
    /// Nothing is asked here, and why.
    NotApplicable(String),
}

/// One place that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Where, with a few words on what is wrong there.
    pub place: Evidence,
    /// One sentence a person would say.
    pub message: String,
    /// What stays the same when lines move: the thing named, not its place.
    pub key: String,
    /// The whole line as it should be, where one line mends it.
    pub replacement: Option<Replacement>,
}

/// A line to put in place of another; with further lines where something is inserted before or behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Replacement {
    /// The line, from 1.
    pub line: u32,
    /// The whole new line, or lines, without the last end.
    pub text: String,
}

/// How to mend what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// One sentence a person would say, with this repository's own names.
    pub summary: String,
    /// Something ready to paste.
    pub snippet: Option<Snippet>,
}

/// Something ready to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The file it goes into, from the repository's root.
    pub path: String,
    /// What to paste.
    pub body: String,
    /// Whether the file is new, or the text is added to one that exists.
    pub new_file: bool,
}

impl PartJudgement {
    /// A part that is met, and where.
    pub fn met(id: &'static str, evidence: Vec<Evidence>) -> Self {
        Self { id, met: Met::Yes, credit: 1.0, evidence }
    }

    /// A part that is missing.
    pub fn missing(id: &'static str) -> Self {
        Self { id, met: Met::No, credit: 0.0, evidence: Vec::new() }
    }

    /// Met where there is evidence, else missing.
    pub fn from_evidence(id: &'static str, evidence: Vec<Evidence>) -> Self {
        if evidence.is_empty() { Self::missing(id) } else { Self::met(id, evidence) }
    }

    /// A part that could not be decided, and why.
    pub fn unknown(id: &'static str, why: impl Into<String>) -> Self {
        Self { id, met: Met::Unknown(why.into()), credit: 0.0, evidence: Vec::new() }
    }

    /// A part that nothing asks for here, and why.
    pub fn not_applicable(id: &'static str, why: impl Into<String>) -> Self {
        Self { id, met: Met::NotApplicable(why.into()), credit: 0.0, evidence: Vec::new() }
    }
}

impl Judgement {
    /// A judgement that there is nothing to judge.
    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self { not_applicable: Some(why.into()), ..Self::default() }
    }

    /// Whether the deciding part is met.
    pub fn is_met(&self) -> bool {
        self.parts.first().is_some_and(|part| part.met == Met::Yes)
    }
}

/// Every rule, in the order of the catalogue.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [checklist::RULES, recipe::RULES, sharing::RULES, integrity::RULES].into_iter().flatten().copied()
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}
