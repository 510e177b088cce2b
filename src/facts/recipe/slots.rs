//! The guideline's sections, whatever they are called: `Training / Hyperparameters / Batch size`, `Raw data path`.

use super::page::{Kind, Page, Passage};
use super::{Finder, Item, SLOT};
use crate::pattern::Pattern;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    RawData,
    Processing,
    Training,
    Metrics,
    Inference,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaf {
    Description,
    Path,
    Code,
    Commit,
    Named(Item),
}

/// What a title says about the stage of the work that it is about.
fn stage(title: &str) -> Option<Stage> {
    static PROCESSING: Pattern = Pattern::new(r"process(ing|ed)|preparation|\bprepar");
    static RAW: Pattern = Pattern::new(r"\braw\b|\boriginal data|^(the )?(data|datasets?)$|\bsource data\b");
    static METRICS: Pattern = Pattern::new(r"metrics?|evaluation|evaluating|\bquality\b|validation$");
    static INFERENCE: Pattern = Pattern::new(r"inference|prediction|\bserving\b|deployment");
    static TRAINING: Pattern = Pattern::new(r"train|optimi[sz]ation|fine-?tuning");
    let table = [
        (&PROCESSING, Stage::Processing),
        (&RAW, Stage::RawData),
        (&METRICS, Stage::Metrics),
        (&INFERENCE, Stage::Inference),
        (&TRAINING, Stage::Training),
    ];
    table.into_iter().find(|(pattern, _)| pattern.is_in(title)).map(|(_, stage)| stage)
}

/// What a title says that stands under it.
fn leaf(title: &str) -> Option<Leaf> {
    static TABLE: [(Leaf, Pattern); 19] = [
        (Leaf::Named(Item::BatchSize), Pattern::new(r"^batch[- ]?sizes?$")),
        (
            Leaf::Named(Item::Devices),
            Pattern::new(
                r"^(devices?|hardware|gpus?|tpus?|compute|number of (devices|gpus|tpus|nodes)|training hardware|machines?)( used)?$",
            ),
        ),
        (Leaf::Named(Item::Optimizer), Pattern::new(r"^optimi[sz]er( settings)?$")),
        (Leaf::Named(Item::LearningRate), Pattern::new(r"^(learning[- ]rates?|lr)( schedule)?$|^schedule$")),
        (
            Leaf::Named(Item::Initialization),
            Pattern::new(r"initiali[sz]ation$|^(initial|starting) (weights|point|model)$"),
        ),
        (Leaf::Named(Item::Augmentation), Pattern::new(r"^(data )?augmentations?( methods?)?$")),
        (
            Leaf::Named(Item::Dynamics),
            Pattern::new(r"dynamics$|^(training|learning|loss) curves?$|^(training time|convergence)$"),
        ),
        (
            Leaf::Named(Item::Outputs),
            Pattern::new(
                r"^(training )?(outputs?|artifacts|trained models?|checkpoints?|models? checkpoints?)$",
            ),
        ),
        (
            Leaf::Named(Item::TargetMetrics),
            Pattern::new(
                r"^(target|expected|performance) (metrics?|results?|quality|accuracy|loss|score|value|error|perplexity|wer)|^(quality )?targets?$|^quality target$",
            ),
        ),
        (
            Leaf::Named(Item::InferenceTiming),
            Pattern::new(r"\b(timing|latency)( information)?$|^inference (time|speed)$"),
        ),
        (
            Leaf::Named(Item::Serialization),
            Pattern::new(r"seriali[sz]ation$|^(model )?export(ing)?( the model)?$|^(model )?conversion$"),
        ),
        (Leaf::Named(Item::Architecture), Pattern::new(r"^(model |network )?architecture$")),
        (Leaf::Named(Item::Loss), Pattern::new(r"^(training |the )?(loss|losses|objective)( functions?)?$")),
        (
            Leaf::Named(Item::References),
            Pattern::new(r"^(references?|bibliography|papers?|publications?|publications?/attribution)$"),
        ),
        (
            Leaf::Commit,
            Pattern::new(r"\b(commit|revision|code version|version of the code)s?( id| sha| hash)?$"),
        ),
        (
            Leaf::Path,
            Pattern::new(
                r"\b(paths?|locations?|where( to (get|find) it)?|access|uri|url|download)$|^(getting|downloading) the (raw |processed )?data$",
            ),
        ),
        (Leaf::Code, Pattern::new(r"\b(code|scripts?|commands?)$|^how to run( it)?$|^running$")),
        (Leaf::Description, Pattern::new(r"\b(description|overview|methods?|summary|steps)$")),
        (Leaf::Description, Pattern::new(r"^what (it|the data) (is|consists of)$")),
    ];
    TABLE.iter().find(|(_, pattern)| pattern.is_in(title)).map(|(leaf, _)| *leaf)
}

/// The item that a section asks for, by its own title and those above it.
fn item(trail: &[String]) -> Option<Item> {
    let title = trail.last()?;
    let leaf = leaf(title)?;
    if let Leaf::Named(item) = leaf {
        // A named item stands for itself under a stage of its own; alone at the top it may be anything's title.
        let within = trail.iter().rev().skip(1).find_map(|title| stage(title));
        let plain = matches!(
            item,
            Item::Architecture
                | Item::References
                | Item::Loss
                | Item::TargetMetrics
                | Item::BatchSize
                | Item::LearningRate
                | Item::Optimizer
        );
        let wanted = match item {
            Item::InferenceTiming | Item::Serialization => Some(Stage::Inference),
            _ => None,
        };
        let fits = match wanted {
            Some(wanted) => within == Some(wanted) || stage(title) == Some(wanted) || within.is_none(),
            None => within.is_some_and(|within| matches!(within, Stage::Training | Stage::Metrics)) || plain,
        };
        return fits.then_some(item);
    }
    let stage = trail.iter().rev().find_map(|title| stage(title))?;
    Some(match (stage, leaf) {
        (Stage::RawData, Leaf::Description) => Item::RawDataDescription,
        (Stage::RawData, Leaf::Path) => Item::RawDataPath,
        (Stage::Processing, Leaf::Description) => Item::ProcessingDescription,
        (Stage::Processing, Leaf::Code) => Item::ProcessingCode,
        (Stage::Processing, Leaf::Commit) => Item::ProcessingCommit,
        (Stage::Processing, Leaf::Path) => Item::ProcessedDataPath,
        (Stage::Training, Leaf::Code) => Item::TrainingCode,
        (Stage::Training, Leaf::Commit) => Item::TrainingCommit,
        (Stage::Metrics, Leaf::Code) => Item::EvaluationCode,
        (Stage::Metrics, Leaf::Commit) => Item::EvaluationCommit,
        (Stage::Inference, Leaf::Code) => Item::InferenceCode,
        _ => return None,
    })
}

/// Finds what the guideline's sections give.
pub(super) fn find(page: &Page<'_>, finder: &mut Finder) {
    for (section, heading) in page.headings.iter().enumerate() {
        let Some(item) = item(&heading.trail) else { continue };
        let own = |passage: &&Passage<'_>| passage.section == section && passage.kind != Kind::Title;
        for passage in page.passages.iter().filter(own) {
            if passage.is_placeholder() {
                continue;
            }
            if let Some(rest) = inapplicable(&passage.lower) {
                // A reason may follow in the same sentence or in the next one.
                let reason = rest.len() > 12
                    || page.passages.iter().any(|next| {
                        own(&next)
                            && next.lines >= passage.lines
                            && next.lower != passage.lower
                            && next.lower.len() > 12
                    });
                if item == Item::Serialization && reason {
                    finder.not_applicable(item, passage.lines, &passage.text);
                    finder.add(item, passage.lines, SLOT, &passage.text);
                }
                break;
            }
            if gives(page, passage, item) {
                finder.add(item, passage.lines, SLOT, &passage.text);
            }
        }
        for command in page.commands.iter().filter(|command| command.section == section) {
            if matches!(
                item,
                Item::ProcessingCode
                    | Item::TrainingCode
                    | Item::EvaluationCode
                    | Item::InferenceCode
                    | Item::Serialization
                    | Item::RawDataPath
            ) && command.named & super::page::does::PREPARE_MACHINE == 0
            {
                finder.add(item, command.lines, SLOT + 1, &command.text);
            }
        }
        if item == Item::InferenceCode || item == Item::Serialization {
            for snippet in page.snippets.iter().filter(|snippet| snippet.section == section) {
                finder.add(item, snippet.lines, SLOT, "code");
            }
        }
        if matches!(item, Item::Dynamics) {
            for link in page.document.links.iter().filter(|link| link.section == section && link.image) {
                finder.add(item, crate::facts::Lines::at(link.line), SLOT - 1, "figure");
            }
        }
    }
}

/// What follows `not applicable`, if the sentence says so.
pub(super) fn inapplicable(lower: &str) -> Option<&str> {
    static SAID: Pattern =
        Pattern::new(r"^\W*(not applicable|n/?a\b|does not apply|not needed|not relevant)");
    let found = SAID.find(lower)?;
    lower.get(found.end()..)
}

/// Whether a passage holds the kind of thing that the section asks for.
fn gives(page: &Page<'_>, passage: &Passage<'_>, item: Item) -> bool {
    static DIGIT: Pattern = Pattern::new(r"\d");
    static ADDRESS: Pattern = Pattern::new(r"[a-z0-9+]+:/{1,2}\w|(^|\s)/\w[\w./-]+");
    static BY_ITSELF: Pattern = Pattern::new(
        r"(computed|run|done|evaluated|measured|reported|executed|processed) (by|in|within|during|automatically)",
    );
    let lower = passage.lower.as_str();
    let words = lower.split_whitespace().count();
    let has_link = passage
        .links
        .iter()
        .any(|link| !link.image && !link.target.trim().is_empty() && !link.target.starts_with('#'));
    let has_code = passage
        .code
        .iter()
        .any(|code| code.contains('/') || code.contains('.') || super::page::is_command(code));
    match item {
        Item::ProcessingDescription => words >= 4 && super::data::is_step(lower),
        Item::RawDataDescription | Item::Architecture => words >= 4,
        Item::Loss => words >= 1 && lower.len() > 3,
        Item::RawDataPath | Item::ProcessedDataPath | Item::Outputs => has_link || ADDRESS.is_in(lower),
        Item::ProcessingCode | Item::TrainingCode | Item::EvaluationCode | Item::InferenceCode => {
            has_link || has_code || (item == Item::EvaluationCode && BY_ITSELF.is_in(lower))
        }
        Item::ProcessingCommit | Item::TrainingCommit | Item::EvaluationCommit => {
            // The heading has said that it is a commit or a tag.
            ["commit", "tag"].iter().any(|kind| super::commits::pin(&format!("{kind} {lower}")).is_some())
        }
        Item::BatchSize | Item::TargetMetrics | Item::InferenceTiming => DIGIT.is_in(lower),
        Item::LearningRate => DIGIT.is_in(lower) || super::hyperparameters::is_schedule(lower),
        Item::Devices => super::hyperparameters::is_device(lower) || DIGIT.is_in(lower),
        Item::Optimizer => super::hyperparameters::is_optimizer(&passage.text, lower) || words <= 4,
        Item::Initialization => super::hyperparameters::is_initialization(lower) || words >= 4,
        Item::Augmentation => words >= 1,
        Item::Dynamics => DIGIT.is_in(lower) || has_link,
        Item::Serialization => has_link || has_code || super::inference::names_format(lower),
        Item::References => {
            (has_link && words >= 2)
                || (words >= 6 && DIGIT.is_in(lower) && page.topics(passage.section) != 0)
        }
    }
}
