//! Weights that are files of the tree.

use super::words::{
    CHECKPOINTS, FOREIGN_WORDS, NO_OFFER, OTHER_KINDS, PICTURES_AND_SHEETS, SEEN_AND_DONE, STRONG, WEAK,
    abbreviates_checkpoint, is_archive, is_measure, is_model_word, is_perceptual_metric, is_stock_backbone,
    pieces, says, says_model,
};
use super::{Release, Weights};
use crate::facts::document::{BlockKind, Lines};
use crate::facts::identifier::has_any;
use crate::facts::{Document, Facts, foreign, plan, tree};
use crate::pattern::Pattern;
use crate::snapshot::Entry;
use foldhash::{HashMap, HashMapExt as _};
use std::cell::OnceCell;

/// Whether the folder of a page has a licence of its own beside that of the root: it came from elsewhere, however much
/// of the code it holds.
pub(super) fn has_other_licence(facts: &Facts, path: &str) -> bool {
    let is_licence = |entry: &Entry, folder: &str| {
        let (parent, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
        parent == folder && foreign::is_licence_name(name)
    };
    let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| *folder != facts.root) else {
        return false;
    };
    let Some(here) = facts.tree.within(folder).find(|entry| is_licence(entry, folder)) else { return false };
    let root = facts.tree.entries().iter().find(|entry| is_licence(entry, &facts.root));
    root.is_some_and(|root| here.id != root.id)
}

/// What a path's name says: the extension behind any compression, and whether it holds weights.
pub(super) fn is_weight_file(path: &str, size: Option<u64>) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let lower = name.to_ascii_lowercase();
    let plain = lower.trim_end_matches(".gz").trim_end_matches(".tar").trim_end_matches(".zip");
    // The ending of a shard says `data`, and means values of parameters.
    let stem = plain.split_once(".data-0").map_or(plain, |(stem, _)| stem);
    let extension = plain.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_tf_shard =
        plain.contains(".ckpt") || plain.contains(".data-00000-of-") || plain == "saved_model.pb";
    let strong = is_tf_shard || STRONG.contains(&extension) || abbreviates_checkpoint(extension);
    let weak = WEAK.contains(&extension)
        || WEAK.contains(&lower.rsplit_once('.').map_or("", |(_, extension)| extension));
    if !strong && (!weak || !lower.contains('.')) && is_of_no_known_kind(path) {
        return is_called_after_weights(folder, name, size);
    }
    if !strong && !weak {
        return false;
    }
    // In its own case, which tells words apart.
    let (name_words, folder_words) = (pieces(name.get(..stem.len()).unwrap_or(stem)), pieces(folder));
    let is_called_model = says_model(&name_words);
    let in_data_folder = has_any(&folder_words, &["data", "dataset", "datasets"]);
    // Data sets are called after nets as well, as ActivityNet and ShapeNet are, and after those who made them; arrays
    // and pickles hold what agents did as often as what they learned.
    let is_of_data = |word: &&String| match word.as_str() {
        "net" | "nets" | "policy" | "policies" => in_data_folder,
        "agent" | "agents" => in_data_folder || !strong,
        _ => false,
    };
    let folder_says_model =
        folder_words.iter().filter(|word| !is_of_data(word)).any(|word| is_model_word(word));
    // What tests load was made for them.
    if has_any(&folder_words, &["test", "tests", "fixtures"]) {
        return false;
    }
    if is_stock_backbone(plain.rsplit_once('.').map_or(plain, |(stem, _)| stem)) {
        return false;
    }
    if is_perceptual_metric(&lower) && folder.rsplit('/').next().is_some_and(|last| last.starts_with("v0")) {
        return false;
    }
    let holds_data = has_any(&name_words, FOREIGN_WORDS) || name_words.iter().any(|word| is_measure(word));
    let is_foreign =
        holds_data && !is_called_model || has_any(&folder_words, &["lpips", "glove", "tokenizer"]);
    // What splits texts is no model of theirs, though it ends as one.
    if extension == "model" && has_any(&name_words, &["tokenizer", "spiece", "sentencepiece", "spm", "bpe"]) {
        return false;
    }
    if matches!(extension, "index" | "meta" | "model" | "params" | "pb") && !is_tf_shard {
        // These endings have other uses as well.
        return (is_called_model || folder_says_model) && !is_foreign && size.is_none_or(|size| size > 512);
    }
    if strong {
        // What lies among models and is named for what it was trained on is one of them.
        let learned_elsewhere =
            has_any(&name_words, &["imagenet", "lpips", "glove", "inception", "word2vec"])
                || has_any(&folder_words, &["lpips"]);
        let is_foreign = is_foreign && (learned_elsewhere || !folder_says_model);
        // A `.pt` file may hold any tensor.
        if extension == "pt" && !is_called_model && !folder_says_model {
            return false;
        }
        let in_data = has_any(&folder_words, &["data", "dataset", "datasets", "processed", "raw"])
            && !folder_says_model;
        return !is_foreign && (is_called_model || !in_data);
    }
    // Among data lie models as well that are called so outright, in a form for parameters.
    let is_outright = matches!(extension, "h5" | "hdf5" | "pkl" | "pickle" | "bin")
        && has_any(&name_words, &["model", "weights", "checkpoint", "ckpt", "pretrained"])
        && !holds_data;
    if is_foreign || in_data_folder && !folder_says_model && !is_outright {
        return false;
    }
    // What was seen and done is learned from.
    if [&name_words, &folder_words].iter().any(|words| has_any(words, SEEN_AND_DONE)) {
        return false;
    }
    // Settings and models that were not fitted are pickled as well, and take hardly any room.
    const LEAST: u64 = 2_000;
    if matches!(extension, "pkl" | "pickle" | "p" | "mat") && size.is_some_and(|size| size < LEAST) {
        return false;
    }
    // Records of runs are called after the pass that they were taken at.
    let among_records =
        has_any(&folder_words, &["result", "results", "log", "logs"]) && !has_any(&folder_words, CHECKPOINTS);
    if among_records
        && !has_any(&name_words, CHECKPOINTS)
        && !has_any(&name_words, &["generator", "classifier"])
    {
        return false;
    }
    let telling = [
        "model",
        "models",
        "checkpoint",
        "ckpt",
        "weights",
        "pretrained",
        "trained",
        "generator",
        "policy",
        "classifier",
        "epoch",
        "snapshot",
    ];
    // Archives hold anything; a file beside models is one of them.
    let is_archive = is_archive(&lower);
    let folder_is_for_models = has_any(
        &folder_words,
        &["pretrained", "checkpoints", "checkpoint", "ckpt", "ckpts", "weights", "snapshots", "trained"],
    );
    has_any(&name_words, &telling) || folder_is_for_models || (folder_says_model && !is_archive)
}

/// Whether a file is one of code, of words, or of what is looked at.
pub(super) fn is_read_or_looked_at(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    PICTURES_AND_SHEETS.contains(&extension.as_str()) || plan::Kind::of(path) != plan::Kind::Other
}

/// Whether a file's ending tells nothing of what it holds: a name of the authors' own, or none at all.
fn is_of_no_known_kind(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !name.starts_with('.')
        // `model.py~` is what an editor left.
        && name.ends_with(char::is_alphanumeric)
        && !is_read_or_looked_at(path)
        && !OTHER_KINDS.contains(&extension)
}

/// Whether a file of no known kind is as large as weights are, and it or its folder is called after them.
fn is_called_after_weights(folder: &str, name: &str, size: Option<u64>) -> bool {
    /// Bytes above which a file may hold parameters, where its own name says so and where its folder's does.
    const LEAST: (u64, u64) = (20_000, 50_000);
    const TRAINED: &[&str] = &["pretrained", "trained", "checkpoint", "checkpoints", "weights"];
    const PARTS: &[&str] = &[
        "model",
        "models",
        "snapshot",
        "snapshots",
        "ckpt",
        "ckpts",
        "policy",
        "agent",
        "actor",
        "critic",
        "generator",
        "discriminator",
        "classifier",
        "encoder",
        "decoder",
        "nets",
        "best",
        "saved",
    ];
    let (name_words, folder_words) = (pieces(name), pieces(folder));
    let says = |words: &[String]| has_any(words, TRAINED) || has_any(words, PARTS);
    let is_foreign = has_any(&name_words, FOREIGN_WORDS) && !says(&name_words)
        || name_words.iter().any(|word| is_measure(word))
        || [&name_words, &folder_words].iter().any(|words| has_any(words, SEEN_AND_DONE))
        || has_any(&folder_words, &["test", "tests", "fixtures", "assets"]);
    let in_data = has_any(&folder_words, &["data", "dataset", "datasets", "processed", "raw"]);
    let is_large = |least: u64| size.is_none_or(|size| size > least);
    !is_foreign
        && match in_data {
            true => has_any(&name_words, TRAINED) && is_large(LEAST.0),
            false => says(&name_words) && is_large(LEAST.0) || says(&folder_words) && is_large(LEAST.1),
        }
}

pub(super) fn files(facts: &Facts) -> Vec<Weights> {
    // Whether each folder holds the code of a metric, found out once for all of its files.
    let mut metrics: HashMap<String, bool> = HashMap::new();
    let speaks_of_classifiers = OnceCell::new();
    let entries = facts
        .tree
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && crate::facts::is_under(&entry.path, &facts.root));
    entries
        .filter(|entry| !plan::is_vendored(&entry.path) && plan::Kind::of(&entry.path) == plan::Kind::Other)
        // What git keeps elsewhere is a pointer of some hundred bytes, and the weights are to be had all the same.
        .filter(|entry| {
            entry.size.is_none_or(|size| size > 0)
                && is_weight_file(facts.within_project(&entry.path), entry.size)
                && !is_taken_for_a_metric(facts, &entry.path, &mut metrics)
                && (!is_called_classifier(facts.within_project(&entry.path))
                    || *speaks_of_classifiers.get_or_init(|| speaks_of_classifiers_in(facts)))
        })
        .take(20)
        .map(|entry| Weights {
            release: Release::File,
            path: entry.path.to_string(),
            lines: Lines::at(1),
            target: entry.path.to_string(),
        })
        .collect()
}

/// Whether a file, or its folder, is called a classifier.
fn is_called_classifier(path: &str) -> bool {
    path.rsplit('/').take(2).any(|name| has_any(&pieces(name), &["classifier", "classifiers"]))
}

/// Whether the pages that visitors read speak of classifying: a classifier that they are silent about judges what the
/// models make.
fn speaks_of_classifiers_in(facts: &Facts) -> bool {
    static CLASSIFIES: Pattern = Pattern::new(r"(?i)classif");
    let readme = facts.readme.as_ref().into_iter();
    let files = readme.chain(&facts.guided).filter_map(|path| facts.files.get(path));
    let mut texts = files.map(|file| &file.text).peekable();
    texts.peek().is_none() || texts.any(|text| says(&CLASSIFIES, text))
}

/// Whether a file that is called no model lies in a folder for evaluation, beside the code of a metric: what the metric
/// is taken with is somebody else's. `known` keeps what was found of folders.
fn is_taken_for_a_metric(facts: &Facts, path: &str, known: &mut HashMap<String, bool>) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let words = pieces(folder);
    if has_any(&words, &["eval", "evaluation"]) && has_any(&words, &["inception", "fid"]) {
        return true;
    }
    if says_model(&pieces(name)) {
        return false;
    }
    if let Some(holds_metric) = known.get(folder) {
        return *holds_metric;
    }
    let is_code_of_metric = |entry: &Entry| {
        let code = entry.path.get(folder.len() + 1..).and_then(|beside| beside.strip_suffix(".py"));
        code.is_some_and(|stem| !stem.contains('/') && pieces(stem).iter().any(|word| is_measure(word)))
    };
    let holds_metric = has_any(&words, &["metric", "metrics", "eval", "evaluation"])
        && !says_model(&words)
        && facts.tree.within(folder).any(is_code_of_metric);
    known.insert(folder.to_owned(), holds_metric);
    holds_metric
}

/// Archives of the tree that the command under a sentence unpacks, which says that they hold what was trained.
pub(super) fn unpacked_by_commands(facts: &Facts, document: &Document) -> Vec<Weights> {
    static UNPACKS: Pattern = Pattern::new(r"(?:^|\s)(?:tar|unzip|7z|gunzip|unxz)\s");
    let pairs = document.blocks.windows(2).filter_map(|pair| match pair {
        [over, block]
            if matches!(block.kind, BlockKind::Code { .. })
                && !matches!(over.kind, BlockKind::Code { .. } | BlockKind::Table { .. })
                && says(&UNPACKS, &block.text)
                && says(&HOLDS, &over.text)
                && !says(&NO_OFFER, &over.text) =>
        {
            Some(block)
        }
        _ => None,
    });
    let mut found = Vec::new();
    for block in pairs {
        for word in block.text.split_whitespace().filter(|word| word.contains('.')) {
            // A slip in the ending is none in the name.
            let Some((stem, _)) = word.rsplit_once('.') else { continue };
            let written = [word.to_owned(), format!("{stem}.gz")];
            let paths = written.iter().filter_map(|name| tree::resolve(&document.path, name));
            let held = paths.into_iter().find(|path| is_archive(path) && facts.tree.has_file(path));
            found.extend(held.map(|target| Weights {
                release: Release::File,
                path: document.path.clone(),
                lines: block.lines,
                target,
            }));
        }
    }
    found
}

/// Whether a sentence speaks of what was trained.
static HOLDS: Pattern = Pattern::new(
    r"(?i)\bpre-?trained\b|\btrained\s+(?:\w+\s+){0,2}(?:models?|networks?|weights|parameters|polic(?:y|ies)|agents?)\b|\bcheckpoints?\b|\bmodel\s+weights\b",
);

/// Files of a folder that a sentence says to hold what was trained, whatever the files are called.
pub(super) fn in_named_folders(facts: &Facts, document: &Document) -> Vec<Weights> {
    /// Bytes above which a file of an unknown kind holds more than settings.
    const LARGE: u64 = 20_000;
    let mut found = Vec::new();
    for block in document.blocks.iter() {
        if matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. })
            || !says(&HOLDS, &block.text)
        {
            continue;
        }
        let text = block.text.replace('\n', " ");
        for sentence in text.split(". ").filter(|text| says(&HOLDS, text) && !says(&NO_OFFER, text)) {
            let named =
                sentence.split_whitespace().filter(|word| word.contains('/') && !word.contains("://"));
            for word in named {
                let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-'));
                let Some(folder) = crate::facts::tree::resolve(&document.path, word) else { continue };
                if folder.is_empty() || !facts.tree.has_folder(&folder) {
                    continue;
                }
                let held = facts.tree.within(&folder).find(|entry| {
                    let name = entry.path.get(folder.len() + 1..).unwrap_or_default();
                    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
                    let words = pieces(name);
                    let is_known = STRONG.contains(&extension) || matches!(extension, "h5" | "pkl" | "npz");
                    let is_data = WEAK.contains(&extension) || PICTURES_AND_SHEETS.contains(&extension);
                    let is_unknown = !is_data
                        && !extension.is_empty()
                        && !name.rsplit('/').next().is_some_and(|name| name.starts_with('.'))
                        && plan::Kind::of(&entry.path) == plan::Kind::Other;
                    (is_known || is_unknown && entry.size.is_none_or(|size| size > LARGE))
                        && !has_any(&words, FOREIGN_WORDS)
                        && !words.iter().any(|word| is_measure(word))
                        && entry.is_file()
                        && entry.size.is_none_or(|size| size > 0)
                });
                found.extend(held.map(|entry| Weights {
                    release: Release::File,
                    path: document.path.clone(),
                    lines: block.lines,
                    target: entry.path.to_string(),
                }));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::is_weight_file;

    #[test]
    fn what_is_pickled_has_the_size_of_a_model() {
        assert!(!is_weight_file("models/base_model.pickle", Some(600)));
        assert!(is_weight_file("models/base_model.pickle", Some(60_000)));
        assert!(is_weight_file("models/base_model.pickle", None));
    }

    #[test]
    fn a_file_of_no_known_kind_is_as_large_as_weights_and_called_after_them() {
        for path in [
            "runs/pears/weights_601",
            "runs/pears/best_model.state",
            "net/pretrained/dense.pear",
            "trained/ckpts/pear.pth.pick",
            "models/model_mnist",
            "data/pear_pretrained_0.6_0.01",
            "loop/agent_weights.h5ff",
        ] {
            assert!(is_weight_file(path, Some(100_000)) && is_weight_file(path, None), "{path}");
            assert!(!is_weight_file(path, Some(3_000)), "{path}");
        }
        for path in [
            "models/pear.off",
            "models/train_results",
            "data/models.graphml",
            "data/pears/all",
            "tests/models/pear.net1",
            "models/pear.py~",
            "models/.hidden",
            "assets/models/pear.mesh",
            "saved/replay/agent.buf",
        ] {
            assert!(!is_weight_file(path, Some(100_000)), "{path}");
        }
    }

    #[test]
    fn among_data_lie_models_that_are_called_so_outright() {
        assert!(is_weight_file("bots/data/vote_model.h5", Some(60_000)));
        for path in ["data/pear_features.h5", "data/model_features.h5", "data/model.npz", "data/pears.pkl"] {
            assert!(!is_weight_file(path, Some(60_000)), "{path}");
        }
    }

    #[test]
    fn agents_and_policies_among_data_made_it() {
        assert!(!is_weight_file("data/policies/pear.pkl", Some(60_000)));
        assert!(is_weight_file("policies/pear.pkl", Some(60_000)));
        assert!(!is_weight_file("ten agents/pear.mat", Some(60_000)));
        assert!(is_weight_file("agents/pear.pth", Some(60_000)));
    }
}
