//! A document understood as a training recipe: which items of the guideline it gives, and on which lines.
//!
//! Where a document has the guideline's sections (in any order, at any level, under any of their usual names), what
//! stands in a section is that item. Elsewhere an item is read from the content: commands and their flags, tables and
//! the names of their columns, blocks of configuration, links and what they lead to, sentences. What is promised
//! (`coming soon`) or left to be filled in is nothing.

mod command;
mod commits;
mod data;
mod find;
mod hyperparameters;
mod inference;
mod known;
mod metrics;
mod page;
mod slots;
mod training;

use super::document::{Document, Lines};
pub use known::{Known, outline};
use page::Page;
use std::collections::BTreeMap;

/// What the guideline asks a recipe for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// What the data consists of.
    RawDataDescription,
    /// How to get the raw data.
    RawDataPath,
    /// How the data is processed, in words.
    ProcessingDescription,
    /// The command, script or notebook that processes it.
    ProcessingCode,
    /// The commit of that code.
    ProcessingCommit,
    /// Where the processed data is.
    ProcessedDataPath,
    /// The model's architecture.
    Architecture,
    /// The loss, or objective.
    Loss,
    /// The command, script or notebook that trains.
    TrainingCode,
    /// The commit of that code.
    TrainingCommit,
    /// The batch size.
    BatchSize,
    /// Number or kind of the devices trained on.
    Devices,
    /// The optimiser, or its settings.
    Optimizer,
    /// The learning rate, or its schedule.
    LearningRate,
    /// Where training starts from.
    Initialization,
    /// How the data is augmented.
    Augmentation,
    /// How training goes: time, epochs, curves.
    Dynamics,
    /// Where the trained model is.
    Outputs,
    /// The number that the recipe reaches.
    TargetMetrics,
    /// The command, script or notebook that evaluates.
    EvaluationCode,
    /// The commit of that code.
    EvaluationCommit,
    /// An example of running the trained model.
    InferenceCode,
    /// How long inference takes.
    InferenceTiming,
    /// How the model is exported.
    Serialization,
    /// Papers, journals and notes behind the model.
    References,
}

impl Item {
    /// All of them, in the guideline's order.
    pub const ALL: [Self; 25] = [
        Self::RawDataDescription,
        Self::RawDataPath,
        Self::ProcessingDescription,
        Self::ProcessingCode,
        Self::ProcessingCommit,
        Self::ProcessedDataPath,
        Self::Architecture,
        Self::Loss,
        Self::TrainingCode,
        Self::TrainingCommit,
        Self::BatchSize,
        Self::Devices,
        Self::Optimizer,
        Self::LearningRate,
        Self::Initialization,
        Self::Augmentation,
        Self::Dynamics,
        Self::Outputs,
        Self::TargetMetrics,
        Self::EvaluationCode,
        Self::EvaluationCommit,
        Self::InferenceCode,
        Self::InferenceTiming,
        Self::Serialization,
        Self::References,
    ];

    /// What to say, as the end of `Say …`.
    pub fn ask(self) -> &'static str {
        match self {
            Self::RawDataDescription => {
                "what the data consists of: kind, number and labels of the samples, and where they come from"
            }
            Self::RawDataPath => "how to get the raw data",
            Self::ProcessingDescription => "how the data is processed and split",
            Self::ProcessingCode => "which command processes the data",
            Self::ProcessingCommit => "which commit of this code processed the data",
            Self::ProcessedDataPath => "where the processed data can be fetched",
            Self::Architecture => "which architecture the model has",
            Self::Loss => "which loss is minimised",
            Self::TrainingCode => "which command trains the model",
            Self::TrainingCommit => "which commit of this code trained the model",
            Self::BatchSize => "the batch size",
            Self::Devices => "the number and kind of devices",
            Self::Optimizer => "the optimiser",
            Self::LearningRate => "the learning rate and its schedule",
            Self::Initialization => "where training starts from",
            Self::Augmentation => "how the data is augmented, or that it is not",
            Self::Dynamics => "how long training takes and how it goes",
            Self::Outputs => "where the trained model can be fetched",
            Self::TargetMetrics => "which metrics the model reaches, as numbers",
            Self::EvaluationCode => "which command computes the metrics",
            Self::EvaluationCommit => "which commit of this code computed the metrics",
            Self::InferenceCode => "how to run the trained model on a new sample",
            Self::InferenceTiming => "how long inference takes, and on what",
            Self::Serialization => "how to export the model, or why that does not apply",
            Self::References => "which papers or notes are behind the model",
        }
    }
}

/// Where an item is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The lines that give it.
    pub lines: Lines,
    /// A few words of what stands there.
    pub note: String,
    /// How plainly it is said; more is plainer.
    weight: u32,
}

/// The items that a document gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    given: BTreeMap<Item, Vec<Place>>,
    inapplicable: BTreeMap<Item, Place>,
}

/// Places kept of one item.
const SHOWN: usize = 4;

impl Reading {
    /// Reads a document whose text is `text`.
    pub fn of(document: &Document, text: &str) -> Self {
        Self::joined(&Half::First.read(document, text), &Half::Second.read(document, text))
    }

    /// What both halves found.
    pub(super) fn joined([slots, training]: &Found, [data, others]: &Found) -> Self {
        let mut finder = Finder::default();
        [slots, data, training, others].into_iter().for_each(|found| finder.join(found));
        finder.reading()
    }

    /// The places that give `item`, plainest first; empty where nothing does.
    pub fn places(&self, item: Item) -> &[Place] {
        self.given.get(&item).map_or(&[], Vec::as_slice)
    }

    /// Whether the document gives `item`.
    pub fn gives(&self, item: Item) -> bool {
        self.given.contains_key(&item)
    }

    /// Where the document says, with a reason, that `item` does not apply.
    pub fn inapplicable(&self, item: Item) -> Option<&Place> {
        self.inapplicable.get(&item)
    }
}

/// Half of what is looked for in a document, so that two threads can read one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// The guideline's sections and training.
    First,
    /// All else.
    Second,
}

/// What a half found, in the order in which it is joined with that of the other.
pub(crate) type Found = [Finder; 2];

impl Half {
    /// Reads it from a document whose text is `text`.
    pub(super) fn read(self, document: &Document, text: &str) -> Found {
        let page = Page::new(document, text);
        let (mut one, mut other) = (Finder::default(), Finder::default());
        match self {
            Self::First => {
                slots::find(&page, &mut one);
                // What has its own section is not made out from a script's name.
                other.join(&one);
                training::find(&page, &mut other);
            }
            Self::Second => {
                data::find(&page, &mut one);
                hyperparameters::find(&page, &mut other);
                metrics::find(&page, &mut other);
                inference::find(&page, &mut other);
                commits::find(&page, &mut other);
            }
        }
        [one, other]
    }
}

/// Collects places while a document is read.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    found: BTreeMap<Item, Vec<Place>>,
    inapplicable: BTreeMap<Item, Place>,
}

/// How plainly something is said: it stands in a section that asks for it.
const SLOT: u32 = 100;
/// It is said in so many words.
const PLAIN: u32 = 60;
/// It can be made out.
const LIKELY: u32 = 30;

impl Finder {
    fn add(&mut self, item: Item, lines: Lines, weight: u32, note: &str) {
        self.place(item, Place { lines, note: shortened(note), weight });
    }

    fn place(&mut self, item: Item, place: Place) {
        /// More places than anyone would look at.
        const MOST: usize = 500;
        let places = self.found.entry(item).or_default();
        if places.len() >= MOST {
            return;
        }
        match places.iter_mut().find(|known| known.lines == place.lines) {
            Some(known) => known.weight = known.weight.max(place.weight),
            None => places.push(place),
        }
    }

    /// Adds what `other` found.
    fn join(&mut self, other: &Self) {
        for (item, places) in &other.found {
            places.iter().for_each(|place| self.place(*item, place.clone()));
        }
        for (item, place) in &other.inapplicable {
            self.inapplicable.entry(*item).or_insert_with(|| place.clone());
        }
    }

    fn has(&self, item: Item) -> bool {
        self.found.contains_key(&item)
    }

    fn not_applicable(&mut self, item: Item, lines: Lines, note: &str) {
        let note = shortened(note);
        self.inapplicable.entry(item).or_insert(Place { lines, note, weight: SLOT });
    }

    fn reading(self) -> Reading {
        let given = self.found.into_iter().map(|(item, mut places)| {
            places.sort_by_key(|place| (std::cmp::Reverse(place.weight), place.lines));
            places.truncate(SHOWN);
            (item, places)
        });
        Reading { given: given.collect(), inapplicable: self.inapplicable }
    }
}

/// A few words of a line, for those who look for it.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= LONGEST {
        return folded;
    }
    let cut: String = folded.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}
