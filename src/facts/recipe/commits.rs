//! Commits: which version of this code the recipe was made with.

use super::page::{Kind, Page, topic};
use super::{Finder, Item, LIKELY, PLAIN};
use crate::facts::Lines;
use crate::pattern::Pattern;

/// The commit, tag or release that a text pins code to.
pub(super) fn pin(lower: &str) -> Option<String> {
    static SHA: Pattern = Pattern::new(
        r"\b(commits?|revisions?|sha|hash|checkout|checked out|version|git)\b[^.\n]{0,40}?\b([0-9a-f]*[0-9][0-9a-f]*[a-f][0-9a-f]*|[0-9a-f]*[a-f][0-9a-f]*[0-9][0-9a-f]*|[0-9]{7,40})\b",
    );
    static TAG: Pattern = Pattern::new(
        r"\b(tag(ged)?|release|code version|version of (this|the|our) (code|repo\w*)|checkout)\b\s*(the |tags/|-b )?(is|:|=|as|at|tag|number|named|code)*\s*[`'\x22(]*(v?\d+(\.\d+)+[\w.-]*|v\d[\w.-]*|release[-/][\w.-]+|neurips\S*\d|paper-\S+)",
    );
    static PERMALINK: Pattern = Pattern::new(r"/(commit|tree)/([0-9a-f]{7,40})\b");
    let is_sha = |text: &str| (7..=40).contains(&text.len());
    if let Some(found) =
        SHA.captures(lower).and_then(|found| found.get(2)).filter(|found| is_sha(found.as_str()))
    {
        return Some(found.as_str().to_owned());
    }
    if let Some(found) = PERMALINK.captures(lower).and_then(|found| found.get(2)) {
        return Some(found.as_str().to_owned());
    }
    TAG.captures(lower).and_then(|found| found.last().map(|found| found.as_str().to_owned()))
}

/// Finds the pins of this code, and what they cover.
pub(super) fn find(page: &Page<'_>, finder: &mut Finder) {
    static WHOLE: Pattern = Pattern::new(
        r"\b(experiments?|all (the )?(results|code|scripts|numbers|steps)|everything|results|whole|entire|(this|the|our) (code|repo(sitory)?|codebase)|same (code|commit) (is|was)|training and evaluation)\b",
    );
    static DEPENDENCY: Pattern = Pattern::new(
        r"\b(apex|pytorch|tensorflow|cuda|python|driver|container|library|framework|dependency|dependencies|toolkit|package|install(ed)?|requires?|compatible|we use version|tested (with|on|under)|fairseq=|transformers==|docker|image|dataset version|maskrcnn-benchmark|detectron2?|models? repository|upstream|issue|pull request|bug|fixed in|since|model checkpoint)\b",
    );
    static PROCESSING: Pattern =
        Pattern::new(r"\b(pre-?process\w*|process(ing|ed)|prepar\w*|tokeni[sz]\w*|data (code|scripts?))\b");
    static EVALUATION: Pattern = Pattern::new(r"\b(evaluat\w*|metrics?|scor(ed|ing)|validat\w*)\b");
    static TRAINING: Pattern =
        Pattern::new(r"\b(train\w*|ran|run|pre-?train\w*|fine-?tun\w*|optimi[sz]\w*)\b");
    for passage in page.telling().filter(|passage| passage.kind != Kind::Title && passage.kind != Kind::Row) {
        let lower = passage.lower.as_str();
        if page.is_about(passage.section, topic::REFERENCES | topic::INSTALLATION) && !WHOLE.is_in(lower) {
            continue;
        }
        // A link's target may hold the commit that its words only speak of.
        let linked = passage.links.iter().find(|link| {
            let words = format!("{} {lower}", link.text.to_lowercase());
            words.contains("commit") && link.target.contains("/commit/") | link.target.contains("/tree/")
        });
        let found = pin(lower).or_else(|| linked.and_then(|link| pin(&link.target.to_lowercase())));
        let said = [
            "commit",
            "tag",
            "release",
            "revision",
            "checkout",
            "checked out",
            "version of th",
            "code version",
        ]
        .iter()
        .any(|word| lower.contains(word));
        if found.is_none() || !said || DEPENDENCY.is_in(lower) {
            continue;
        }
        let trail =
            page.headings.get(passage.section).map_or(String::new(), |heading| heading.trail.join(" | "));
        let mut covered = Vec::new();
        if WHOLE.is_in(lower) {
            covered.extend([Item::TrainingCommit, Item::EvaluationCommit, Item::ProcessingCommit]);
        }
        if PROCESSING.is_in(lower) || (covered.is_empty() && PROCESSING.is_in(&trail)) {
            covered.push(Item::ProcessingCommit);
        }
        if EVALUATION.is_in(lower) || (covered.is_empty() && EVALUATION.is_in(&trail)) {
            covered.push(Item::EvaluationCommit);
        }
        if (TRAINING.is_in(lower) && covered.is_empty()) || (covered.is_empty() && TRAINING.is_in(&trail)) {
            covered.push(Item::TrainingCommit);
        }
        for item in covered {
            finder.add(item, passage.lines, PLAIN, &passage.text);
        }
    }
    checkouts(page, finder);
    permalinks(page, finder);
}

/// A link to the processing code at one commit, in a sentence that leads to that code.
fn permalinks(page: &Page<'_>, finder: &mut Finder) {
    static LEADS: Pattern = Pattern::new(
        r"\b(to|for) (pre-?process|prepar|tokeni[sz])\w*\b.{0,80}\b(see|follow|refer|use|run)\b|\b(see|follow|refer|use|run)\b.{0,60}\b(pre-?process|prepar|tokeni[sz])",
    );
    static AT_COMMIT: Pattern = Pattern::new(r"github\.com/[^/]+/[^/]+/(blob|tree|raw)/[0-9a-f]{40}/");
    for passage in page.telling().filter(|passage| passage.kind != Kind::Title && passage.kind != Kind::Row) {
        let pinned =
            passage.links.iter().any(|link| !link.image && AT_COMMIT.is_in(&link.target.to_lowercase()));
        if pinned && LEADS.is_in(&passage.lower) {
            finder.add(Item::ProcessingCommit, passage.lines, LIKELY, &passage.text);
        }
    }
}

/// `git checkout v1.0` pins this code, or the code that trains, unless it is installed as a dependency.
fn checkouts(page: &Page<'_>, finder: &mut Finder) {
    static CHECKOUT: Pattern = Pattern::new(r"^git (checkout|reset --hard|switch --detach)\s+(tags/)?(\S+)");
    static INSTALLS: Pattern = Pattern::new(r"setup\.py|pip3? install (-v |--\S+ )*(-e )?\.|make|cmake");
    for command in &page.commands {
        let Some(reference) = CHECKOUT.captures(&command.lower).and_then(|found| found.get(3)) else {
            continue;
        };
        let name = reference.as_str();
        let is_pin = pin(&format!("checkout {name}")).is_some() || pin(&format!("commit {name}")).is_some();
        let next = page
            .commands
            .iter()
            .find(|next| next.lines > command.lines && next.lines.first <= command.lines.last + 3);
        let installed = next.is_some_and(|next| INSTALLS.is_in(&next.lower));
        let trains = page.is_about(command.section, topic::TRAINING);
        let installs = page.is_about(command.section, topic::INSTALLATION);
        if !is_pin || installed || (installs && !trains && cloned_elsewhere(page, command.lines)) {
            continue;
        }
        let items: &[Item] = if trains {
            &[Item::TrainingCommit]
        } else {
            &[Item::TrainingCommit, Item::EvaluationCommit, Item::ProcessingCommit]
        };
        for item in items {
            finder.add(*item, command.lines, LIKELY, &command.text);
        }
    }
}

/// Whether the checkout follows the clone of something that the document does not train with.
fn cloned_elsewhere(page: &Page<'_>, lines: Lines) -> bool {
    let clones = page
        .commands
        .iter()
        .filter(|command| command.lower.starts_with("git clone") && command.lines < lines)
        .count();
    clones > 1
}
