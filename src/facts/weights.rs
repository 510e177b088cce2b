//! Where trained weights of the repository's own models are to be had: files in the tree, links and hub ids in
//! documents, scripts that download them. Third-party backbones, embeddings and data sets are told apart by what is
//! said of them.

use super::document::{Block, BlockKind, Inline, Lines};
use super::identifier::has_any;
use super::places::{Place, Places, end_of, start_of, words_of};
use super::python::{Call, Value};
use super::{Document, Facts, Link, Markup, PythonModule, foreign, plan};
use crate::pattern::Pattern;
use crate::snapshot::Entry;
use foldhash::{HashMap, HashMapExt as _, HashSet};
use std::borrow::Cow;
use std::cell::OnceCell;

/// How weights are released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// A file in the tree.
    File,
    /// A link of a document.
    Link,
    /// An id on a model hub.
    Hub,
    /// Code that downloads them.
    Script,
}

/// A place that leads to weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// How they are released.
    pub release: Release,
    /// The file that shows it.
    pub path: String,
    /// Where in it.
    pub lines: Lines,
    /// The address, path or id that leads to them.
    pub target: String,
}

/// A host of files, and what it means for those who come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host {
    /// What people call it.
    pub name: &'static str,
    /// Whether what is there keeps its version, or says that it changed.
    pub keeps_versions: bool,
}

/// Hosts by a piece of their address.
const HOSTS: &[(&str, Host)] = &[
    ("zenodo.org", Host { name: "Zenodo", keeps_versions: true }),
    ("huggingface.co", Host { name: "Hugging Face Hub", keeps_versions: true }),
    ("hf.co", Host { name: "Hugging Face Hub", keeps_versions: true }),
    ("tfhub.dev", Host { name: "TensorFlow Hub", keeps_versions: true }),
    ("figshare.com", Host { name: "figshare", keeps_versions: true }),
    ("osf.io", Host { name: "OSF", keeps_versions: true }),
    ("releases/download", Host { name: "GitHub Releases", keeps_versions: true }),
    ("/releases", Host { name: "GitHub Releases", keeps_versions: true }),
    ("github.com", Host { name: "GitHub", keeps_versions: true }),
    ("githubusercontent.com", Host { name: "GitHub", keeps_versions: true }),
    ("drive.google.com", Host { name: "Google Drive", keeps_versions: false }),
    ("docs.google.com", Host { name: "Google Drive", keeps_versions: false }),
    ("dropbox.com", Host { name: "Dropbox", keeps_versions: false }),
    ("amazonaws.com", Host { name: "AWS S3", keeps_versions: false }),
    ("storage.googleapis.com", Host { name: "Google Cloud Storage", keeps_versions: false }),
    ("storage.cloud.google.com", Host { name: "Google Cloud Storage", keeps_versions: false }),
    ("blob.core.windows.net", Host { name: "Azure", keeps_versions: false }),
    ("onedrive.live.com", Host { name: "OneDrive", keeps_versions: false }),
    ("1drv.ms", Host { name: "OneDrive", keeps_versions: false }),
    ("sharepoint.com", Host { name: "OneDrive", keeps_versions: false }),
    ("box.com", Host { name: "Box", keeps_versions: false }),
    ("pan.baidu.com", Host { name: "Baidu", keeps_versions: false }),
    ("fbaipublicfiles.com", Host { name: "a content network", keeps_versions: false }),
    ("mega.nz", Host { name: "MEGA", keeps_versions: false }),
    ("modelscope.cn", Host { name: "ModelScope", keeps_versions: true }),
    ("wandb.ai", Host { name: "Weights & Biases", keeps_versions: true }),
    ("gs://", Host { name: "Google Cloud Storage", keeps_versions: false }),
    ("s3://", Host { name: "AWS S3", keeps_versions: false }),
    ("rclone", Host { name: "RClone", keeps_versions: false }),
];

/// The host of an address; a file in the tree is kept by git.
pub fn host(weights: &Weights) -> Option<Host> {
    if weights.release == Release::File {
        return Some(Host { name: "this repository", keeps_versions: true });
    }
    if weights.release == Release::Hub {
        return Some(Host { name: "a model hub", keeps_versions: true });
    }
    host_of(&weights.target)
}

/// The host that an address names.
fn host_of(address: &str) -> Option<Host> {
    let address = address.to_ascii_lowercase();
    HOSTS.iter().find(|(piece, _)| address.contains(piece)).map(|(_, host)| *host)
}

/// Every place that leads to the repository's own weights, files first, then documents, then code.
pub fn released(facts: &Facts) -> Vec<Weights> {
    let is_own = |path: &str| !foreign::holds(facts.foreign(), path);
    let mut found = files(facts);
    found.retain(|weights| is_own(&weights.path));
    // What stands in the README is what a reader would quote.
    let is_readme = |document: &&Document| facts.readme.as_ref() == Some(&document.path);
    let front = facts.documents().filter(is_readme);
    let others = facts.documents().filter(|document| !is_readme(document));
    for document in front.chain(others).filter(|document| is_read_by_visitors(facts, document)) {
        if !is_own(&document.path) {
            continue;
        }
        found.extend(linked(facts, document));
        found.extend(hub_ids(facts, document));
        found.extend(fetched_by_commands(document));
        found.extend(in_named_folders(facts, document));
    }
    for document in facts.documents().filter(|document| document.markup == Markup::Notebook) {
        if is_own(&document.path) && !is_read_by_visitors(facts, document) {
            found.extend(handed_out(facts, document));
        }
    }
    // Deep in the tree, a page's links to files of weights that were released beside the code.
    let is_deep = |document: &&Document| facts.depth(&document.path) > NEAR;
    for document in facts.documents().filter(is_deep).filter(|document| is_page_of_folder(facts, document)) {
        if is_own(&document.path) && !is_read_by_visitors(facts, document) {
            let own = own_names(facts, document);
            let links = linked(facts, document).into_iter();
            found.extend(links.filter(|weights| {
                has_weight_ending(&weights.target) && weights.target.contains("/releases/download/")
                    || is_own_hub_page(&weights.target, &own)
            }));
        }
    }
    found.extend(downloads(facts).into_iter().filter(|weights| is_own(&weights.path)));
    found
}

/// Whether a sentence says of the link with this text that the authors hand out what they trained.
fn hands_out(sentence: &str, link: &str) -> bool {
    static HANDS_OUT: Pattern = Pattern::new(
        r"(?i)\bwe\s+(?:also\s+|have\s+)*(?:provided?|released?|shared?|include)\b[^.;]{0,40}\b(?:trained|pre-?trained|weights|checkpoints?)\b",
    );
    static OTHER_THINGS: Pattern = Pattern::new(
        r"(?i)[.;]\s|\b(?:data\s?sets?|data|images?|features?|annotations?|splits?|labels?|logs?)\b",
    );
    let before = before_text(sentence, link).unwrap_or(sentence);
    HANDS_OUT
        .find(before)
        .and_then(|said| before.get(said.end()..))
        .is_some_and(|between| !says(&OTHER_THINGS, between))
}

/// Links of a notebook that nobody is led to, where its authors say that they hand out what they trained.
fn handed_out(facts: &Facts, document: &Document) -> Vec<Weights> {
    let mut places = Places::new(document);
    let links = document.links.iter().filter(|link| {
        let place = places.next(link);
        hands_out(&sentence_of(document, link, &places, place), &link.text)
    });
    let lines: HashSet<u32> = links.map(|link| link.line).collect();
    linked(facts, document).into_iter().filter(|weights| lines.contains(&weights.lines.first)).collect()
}

/// The guided documents, and the READMEs and model pages of folders.
fn is_read_by_visitors(facts: &Facts, document: &Document) -> bool {
    if facts.guided.contains(&document.path) {
        return true;
    }
    facts.depth(&document.path) <= NEAR && is_page_of_folder(facts, document)
}

/// How deep the folders lie whose pages visitors read: deeper ones hold other people's code as often as not.
const NEAR: usize = 1;

/// Whether a document is the README or the model page of a folder of the project's own.
fn is_page_of_folder(facts: &Facts, document: &Document) -> bool {
    let within = facts.within_project(&document.path);
    let name = within.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_page = name.starts_with("readme") || (name.contains("model") && name.ends_with(".md"));
    is_page
        && !within.starts_with('.')
        && !lies_in_a_release(within)
        && !plan::is_vendored(&document.path)
        && !has_other_licence(facts, &document.path)
        && !presents_another_repository(facts, document)
}

/// Whether a path lies in a folder that is called by a name and a version, as a release of another project unpacks.
fn lies_in_a_release(path: &str) -> bool {
    let is_release = |folder: &str| {
        folder.rsplit_once(['-', '_']).is_some_and(|(name, version)| {
            let version = version.trim_start_matches('v');
            name.len() > 1
                && version.split('.').count() > 1
                && version
                    .split('.')
                    .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    path.split('/').rev().skip(1).any(is_release)
}

/// Whether the page of a folder, to which nothing leads, presents itself as that of a whole repository: it was the
/// front page of another one.
fn presents_another_repository(facts: &Facts, document: &Document) -> bool {
    static PRESENTS: Pattern = Pattern::new(
        r"(?i)\bthis\s+(?:repo|repository)\b[^.]{0,40}\b(?:is|contains|holds|provides|implements|includes)\b[^.]{0,60}\b(?:implementation|code|source)\b",
    );
    let is_front = facts.readme.as_ref() == Some(&document.path);
    let words = |block: &&Block| !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    !is_front && document.blocks.iter().filter(words).take(4).any(|block| says(&PRESENTS, &block.text))
}

/// Whether the folder of a page has a licence of its own beside that of the root: it came from elsewhere, however much
/// of the code it holds.
fn has_other_licence(facts: &Facts, path: &str) -> bool {
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

/// Extensions that hold weights and little else.
const STRONG: &[&str] = &[
    "pth",
    "pt",
    "ckpt",
    "safetensors",
    "t7",
    "caffemodel",
    "onnx",
    "tflite",
    "pdparams",
    "params",
    "weights",
    "gguf",
    "eqx",
    "mlmodel",
    "joblib",
    "meta",
    "index",
    "model",
    "pb",
    "torch",
    "npk",
    "mlpackage",
    "keras",
    "cbm",
    "ubj",
];

/// Extensions that may hold weights, and often hold data.
const WEAK: &[&str] = &[
    "pkl", "pickle", "npz", "npy", "h5", "hdf5", "mat", "bin", "zip", "gz", "tar", "p", "rds", "rdata",
    "msgpack", "dat", "chkpt", "hdf", "bz2", "xz", "jld", "jld2", "bson", "",
];

/// Words of names that hold trained parameters, and that are said of little else.
const CHECKPOINTS: &[&str] = &[
    "model",
    "models",
    "checkpoint",
    "checkpoints",
    "ckpt",
    "ckpts",
    "weights",
    "pretrained",
    "trained",
    "snapshot",
    "snapshots",
    "policy",
    "policies",
    "agent",
    "agents",
    "best",
    "params",
    "net",
    "network",
    "networks",
    "saved",
];

/// Words of parts and states of models, which records of their training bear as well.
const PARTS_AND_STATES: &[&str] = &[
    "weight",
    "pretrain",
    "save",
    "saves",
    "generator",
    "discriminator",
    "classifier",
    "encoder",
    "decoder",
    "nets",
    "chkpt",
    "epoch",
    "epochs",
    "state",
    "zoo",
];

/// Whether a word may be that of a name that holds trained parameters.
fn is_model_word(word: &str) -> bool {
    CHECKPOINTS.contains(&word) || PARTS_AND_STATES.contains(&word)
}

fn says_model(words: &[String]) -> bool {
    words.iter().any(|word| is_model_word(word))
}

/// Words of names that hold data, or what was learned elsewhere.
const FOREIGN_WORDS: &[&str] = &[
    "data",
    "dataset",
    "datasets",
    "feature",
    "features",
    "embedding",
    "embeddings",
    "glove",
    "word2vec",
    "fasttext",
    "vgg",
    "vgg16",
    "vgg19",
    "inception",
    "inceptionv3",
    "imagenet",
    "alexnet",
    "lpips",
    "vocab",
    "vocabulary",
    "split",
    "splits",
    "labels",
    "label",
    "annotations",
    "stats",
    "results",
    "result",
    "logs",
    "log",
    "test",
    "tests",
    "fixture",
    "fixtures",
    "tokenizer",
    "dict",
    "squeezenet",
    "i3d",
    "mnist",
    "cifar10",
    "time",
    "times",
    "eval",
    "evaluation",
    "evaluations",
    "history",
];

/// Words of what agents or experts have done, which others learn from.
const SEEN_AND_DONE: &[&str] = &[
    "traj",
    "trajs",
    "trajectory",
    "trajectories",
    "demonstration",
    "demonstrations",
    "rollout",
    "rollouts",
    "replay",
    "buffer",
    "transitions",
    "episodes",
];

/// Lower-case pieces of a name: at everything but letters and digits, and where letters and digits meet in front of a
/// word.
fn pieces(name: &str) -> Vec<String> {
    let split = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| !piece.is_empty());
    let mut found = Vec::new();
    let mut before = "";
    for piece in split {
        // `pre-trained` is one word.
        if before.eq_ignore_ascii_case("pre")
            && piece.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("train"))
        {
            found.push("pretrained".to_owned());
        }
        before = piece;
        let lower = piece.to_ascii_lowercase();
        let stem = lower.trim_end_matches(|c: char| c.is_ascii_digit());
        if stem.len() > 2 && stem != lower {
            found.push(stem.to_owned());
            // `run14epoch200`: the count of passes is glued to what it counts.
            if stem.len() > 5 && stem.ends_with("epoch") {
                found.push("epoch".to_owned());
            }
        }
        if abbreviates_checkpoint(&lower) {
            found.push("checkpoint".to_owned());
        }
        // `ImageNet` is one name.
        if FOREIGN_WORDS.contains(&lower.as_str()) {
            found.push(lower);
            continue;
        }
        // `bestModel` holds two words.
        let mut word = String::new();
        for c in piece.chars() {
            if c.is_ascii_uppercase() && word.chars().last().is_some_and(|last| last.is_ascii_lowercase()) {
                found.push(std::mem::take(&mut word));
            }
            word.push(c.to_ascii_lowercase());
        }
        found.push(word);
        found.push(lower);
    }
    found
}

/// Whether a word is `checkpoint` or `checkpoints` without its vowels and whatever else: `ckp`, `ckps`, `chkpt`.
fn abbreviates_checkpoint(word: &str) -> bool {
    let mut rest = "chckpnts".chars();
    word.len() >= 3
        && word.starts_with('c')
        && word.contains("kp")
        && word.chars().all(|c| rest.by_ref().any(|other| other == c))
}

/// Whether a file in a folder of a version is one of the three that the LPIPS metric is distributed with.
fn is_perceptual_metric(name: &str) -> bool {
    matches!(name, "alex.pth" | "squeeze.pth" | "vgg.pth")
}

/// Whether a file is called as the backbones are that everybody starts from: with the first eight digits of its hash,
/// as torchvision hands them out (`resnet50-19c8e357.pth`), or as the VGG without its last layers.
fn is_stock_backbone(stem: &str) -> bool {
    stem.ends_with("_reducedfc")
        || stem.rsplit_once('-').is_some_and(|(name, hash)| {
            name.starts_with(|first: char| first.is_ascii_alphabetic())
                && hash.len() == 8
                && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
                // A date is no hash.
                && hash.bytes().any(|byte| byte.is_ascii_alphabetic())
                && pieces(name).iter().any(|word| STOCK_ARCHITECTURES.iter().any(|stock| word.starts_with(stock)))
        })
}

/// Beginnings of the names of architectures that are handed out with weights of ImageNet.
const STOCK_ARCHITECTURES: &[&str] = &[
    "resnet",
    "vgg",
    "alexnet",
    "densenet",
    "squeezenet",
    "inception",
    "mobilenet",
    "googlenet",
    "shufflenet",
    "efficientnet",
    "resnext",
    "mnasnet",
];

/// Whether a word names something measured, also as the end of a longer one: `testloss`.
fn is_measure(word: &str) -> bool {
    const MEASURES: &[&str] =
        &["error", "loss", "losses", "score", "accuracy", "acc", "auc", "metric", "regret"];
    MEASURES.iter().any(|measure| word.trim_end_matches('s').ends_with(measure))
}

/// What a path's name says: the extension behind any compression, and whether it holds weights.
fn is_weight_file(path: &str, size: Option<u64>) -> bool {
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
    if !strong && !weak {
        return false;
    }
    // In its own case, which tells words apart.
    let (name_words, folder_words) = (pieces(name.get(..stem.len()).unwrap_or(stem)), pieces(folder));
    let is_called_model = says_model(&name_words);
    let in_data_folder = has_any(&folder_words, &["data", "dataset", "datasets"]);
    // Data sets are called after nets as well, as ActivityNet and ShapeNet are.
    let is_net = |word: &&String| in_data_folder && matches!(word.as_str(), "net" | "nets");
    let folder_says_model = folder_words.iter().filter(|word| !is_net(word)).any(|word| is_model_word(word));
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
    if matches!(extension, "index" | "meta" | "model" | "params" | "pb") && !is_tf_shard {
        // These endings have other uses as well.
        return (is_called_model || folder_says_model) && !is_foreign && size.is_none_or(|size| size > 512);
    }
    if strong {
        // What lies among models and is named for what it was trained on is one of them.
        let learned_elsewhere =
            has_any(&name_words, &["imagenet", "lpips", "glove", "inception", "word2vec"]);
        let is_foreign = is_foreign && (learned_elsewhere || !folder_says_model);
        // A `.pt` file may hold any tensor.
        if extension == "pt" && !is_called_model && !folder_says_model {
            return false;
        }
        let in_data = has_any(&folder_words, &["data", "dataset", "datasets", "processed", "raw"])
            && !folder_says_model;
        return !is_foreign && (is_called_model || !in_data);
    }
    if extension.is_empty() && !lower.contains('.') {
        // A bare name is a file of weights only where its folder is one for models, and it is large.
        return is_called_model && folder_says_model && size.is_none_or(|size| size > 50_000);
    }
    if is_foreign || has_any(&folder_words, &["data", "dataset", "datasets"]) && !folder_says_model {
        return false;
    }
    // What was seen and done is learned from.
    if [&name_words, &folder_words].iter().any(|words| has_any(words, SEEN_AND_DONE)) {
        return false;
    }
    // Settings and models that were not fitted are pickled as well, and take hardly any room.
    const LEAST: u64 = 2_000;
    if matches!(extension, "pkl" | "pickle" | "p") && size.is_some_and(|size| size < LEAST) {
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

/// Whether a name ends as an archive, which may hold anything.
fn is_archive(name: &str) -> bool {
    matches!(
        name.rsplit_once('.').map_or("", |(_, extension)| extension),
        "zip" | "gz" | "tar" | "tgz" | "bz2" | "xz"
    )
}

fn files(facts: &Facts) -> Vec<Weights> {
    // Whether each folder holds the code of a metric, found out once for all of its files.
    let mut metrics: HashMap<String, bool> = HashMap::new();
    let entries = facts
        .tree
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && super::is_under(&entry.path, &facts.root));
    entries
        .filter(|entry| !plan::is_vendored(&entry.path) && plan::Kind::of(&entry.path) == plan::Kind::Other)
        // What git keeps elsewhere is a pointer of some hundred bytes, and the weights are to be had all the same.
        .filter(|entry| {
            entry.size.is_none_or(|size| size > 0)
                && is_weight_file(facts.within_project(&entry.path), entry.size)
                && !is_taken_for_a_metric(facts, &entry.path, &mut metrics)
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

/// Whether a file that is called no model lies in a folder for evaluation, beside the code of a metric: what the metric
/// is taken with is somebody else's. `known` keeps what was found of folders.
fn is_taken_for_a_metric(facts: &Facts, path: &str, known: &mut HashMap<String, bool>) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    if says_model(&pieces(name)) {
        return false;
    }
    if let Some(holds_metric) = known.get(folder) {
        return *holds_metric;
    }
    let words = pieces(folder);
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

/// Extensions of what is looked at, listened to or read.
const PICTURES_AND_SHEETS: &[&str] = &[
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "pdf",
    "eps",
    "bmp",
    "tif",
    "tiff",
    "webp",
    "mp4",
    "avi",
    "mov",
    "wav",
    "mp3",
    "flac",
    "ogg",
    "csv",
    "tsv",
    "json",
    "jsonl",
    "txt",
    "log",
    "html",
    "xml",
    "xls",
    "xlsx",
    "doc",
    "docx",
    "ppt",
    "pptx",
    "out",
    "err",
    "lock",
    "db",
    "sqlite",
    "parquet",
    "arrow",
    "feather",
    "lmdb",
    "tfrecord",
    "tfrecords",
];

/// Files of a folder that a sentence says to hold what was trained, whatever the files are called.
fn in_named_folders(facts: &Facts, document: &Document) -> Vec<Weights> {
    /// Bytes above which a file of an unknown kind holds more than settings.
    const LARGE: u64 = 20_000;
    static HOLDS: Pattern = Pattern::new(
        r"(?i)\bpre-?trained\b|\btrained\s+(?:\w+\s+){0,2}(?:models?|networks?|weights|parameters|polic(?:y|ies)|agents?)\b|\bcheckpoints?\b|\bmodel\s+weights\b",
    );
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
                let Some(folder) = super::tree::resolve(&document.path, word) else { continue };
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

/// Words by which documents offer trained weights.
static OFFER: Pattern = Pattern::new(
    r"(?ix) pre-?\s?train(?:ed|s|ing)?\b | \bcheckpoints?\b | \bckpts?\b | \btrained\s+(?:\S+\s+){0,5}(?:model|network|generator|agent|polic|weight|flow|parameter|classifier)
          | \b(?:models?|adapter|network|our|the)\s+weights?\b | \bweights\b | model\s+zoo | \bsnapshots?\b | \bmodel\s+files?\b | \btrained\s+by\b
          | \b(?:download|get|find)\b[^.]{0,40}\bmodels?\b | \bmodels?\b[^.]{0,60}\b(?:download(?:ed|able|s)?|available|released|here)\b
          | \bmodels?\b[^.]{0,100}\bare\s+(?:hosted|shared|provided|stored|uploaded|available)\b | \bmodel\s+parameters\b",
);

/// Words of what is no offer: somebody else's model, data, something yet to come.
static NO_OFFER: Pattern = Pattern::new(
    r"(?ix) coming\s+soon | will\s+be\s+(?:released|available|uploaded|provided|added|made) | \bto\s+be\s+released | \btodo\b | to\s+appear
          | \bbackbone | image-?net[\s-]+pre-?(?:trained|training)\s+(?:model|weight|resnet|vgg|network|backbone|\w*net)s?\b\s+(?:from|of|provided) | pre-?trained\s+(?:on\s+imagenet\s+)?(?:vgg|resnet|inception|alexnet|bert\b|glove|word2?vec|word\s+(?:vector|embedding)|embedding|i3d|c3d|language\s+model|roberta|gpt)
          | \b(?:prior|previous|earlier)\s+(?:[\w-]+\s+){0,3}works?\b
          | \bfor\s+the\s+(?:[\w-]+\s+){0,2}(?:encoder|extractor|tokenizer)s?,?\s+(?:please\s+)?(?:we\s+)?(?:use|download|get)\b
          | \bglove\b | word2vec | fasttext | \bbert[\s-]base | \bbert[\s-]large | bert_models | \bword\s+(?:vectors|embeddings)\b | \bembeddings?\b",
);

/// Embeddings are somebody else's as a rule, and the authors' own where they say so.
static OWN_EMBEDDINGS: Pattern =
    Pattern::new(r"(?i)\bour\s+(?:own\s+)?(?:pre-?)?trained\s+(?:[\w-]+\s+){0,5}embeddings?\b");

static DATA: Pattern = Pattern::new(
    r"(?i)\b(?:data\s?sets?|data|images?|features?|annotations?|splits?|labels?|corpus|corpora|videos?|slides?|poster|paper|preprint|arxiv|logs?|detections?|demo|blog|docs?|license|code|repo(?:sitory)?)\b",
);

static SAMPLES: Pattern =
    Pattern::new(r"(?i)\b(?:data\s?sets?|data|images?|features?|annotations?|splits?|labels?)\b");

/// Weights beside something else, at one address: `data and models`, `weights and logs`.
static TOGETHER: Pattern = Pattern::new(
    r"(?ix)\b(?:(?:(?:pre-?)?trained|released|our|the)\s+models?|model\s+files?|weights|checkpoints?)\s*
            (?:,|/|&|and|along\s+with|as\s+well\s+as|together\s+with)\s*(?:[\w-]+\s+){0,3}
            (?:data\s?sets?|data|logs?|results|code|configs?|features|annotations)\b
          |\b(?:(?:(?:pre-?)?trained|released|our)\s+models?|weights|checkpoints?)\s+with\s+(?:[\w-]+\s+){0,3}
            (?:logs?|plots?|curves?|results|configs?|code)\b
          |\b(?:data\s?sets?|data|logs?|code|scripts?|features|annotations)\b[^.]{0,40}?
            (?:,|/|&|\band|\balong\s+with|\bas\s+well\s+as|\btogether\s+with)\s*(?:[\w-]+\s+){0,3}
            (?:(?:pre-?)?trained\s+(?:[\w-]+\s+)?models?|model\s+weights|weights|checkpoints?)\b",
);

fn says(pattern: &Pattern, text: &str) -> bool {
    pattern.is_in(text)
}

/// Whether a text speaks of data, papers or code; the word that opens a shared folder, `(code: a1b2)`, is none.
fn is_about_data(text: &str) -> bool {
    static PASSWORD: Pattern = Pattern::text(
        r"(?i)\b(?:(?:access|extraction|extract|fetch|sharing|share|verification|pass)\s*-?\s*)?code\s*[:：=]?\s*[a-z0-9]{4}\b\s*(?:[)\]]|$)",
    );
    if PASSWORD.is_in(text) { says(&DATA, &PASSWORD.remove(text)) } else { says(&DATA, text) }
}

/// Whether a text offers trained weights; the name of a logger that speaks of weights is no offer.
fn offers_weights(text: &str) -> bool {
    static LOGGER: Pattern = Pattern::text(r"(?i)\bweights\s*(?:&amp;|&|\+|and|n)\s*biase?s\b");
    if LOGGER.is_in(text) { says(&OFFER, &LOGGER.remove(text)) } else { says(&OFFER, text) }
}

/// Whether an address leads to a file or folder of files, and not to a page to read.
fn leads_to_files(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let page = [
        ".pdf", ".html", ".htm", ".py", ".ipynb", ".md", ".png", ".jpg", ".gif", ".svg", ".txt", ".yml",
        ".yaml", ".json", ".csv", ".mp4", ".sh", ".m", ".lua", ".jl", ".r", ".cpp", ".h",
    ];
    // What a publisher shows of a paper.
    let is_paper =
        |part: &str| matches!(part, "paper" | "papers" | "proceedings" | "publication" | "publications");
    if page.iter().any(|ending| path.ends_with(ending))
        || path.split('/').skip(3).any(is_paper) && !has_weight_ending(path) && !is_archive(path)
        || [
            "arxiv.org",
            "youtu",
            "openreview",
            "colab.research",
            "shields.io",
            "doi.org",
            "wikipedia",
            "nbviewer",
            "localhost",
            "127.0.0.1",
            "paperswithcode",
        ]
        .iter()
        .any(|host| lower.contains(host))
    {
        return false;
    }
    if lower.contains("huggingface.co") || lower.contains("hf.co/") {
        let rest = lower.split(".co/").nth(1).unwrap_or_default();
        let kind = rest.split('/').next().unwrap_or_default();
        return !matches!(
            kind,
            "" | "spaces" | "datasets" | "papers" | "docs" | "blog" | "transformers" | "docs.rs"
        ) && rest != "models";
    }
    if lower.contains("github.com") || lower.contains("gitlab.com") {
        return path.contains("/releases")
            || path.contains("/raw/")
            || path.contains("/tree/")
            || path.contains("/blob/")
            || path.contains("/archive/")
            || has_weight_ending(path);
    }
    lower.contains("://") && !is_front_door(path) || has_weight_ending(path)
}

/// Whether an address names a site and nothing on it.
fn is_front_door(address: &str) -> bool {
    address.split_once("://").is_some_and(|(scheme, rest)| {
        rest.split_once('/').is_none_or(|(_, path)| path.is_empty())
            && !address.contains('?')
            // Shortened addresses and buckets may be as short.
            && !matches!(scheme, "gs" | "s3")
    })
}

/// Whether an address lies in a folder of data and does not itself speak of a model: a `.pt` file may hold any tensor.
fn lies_among_data(address: &str) -> bool {
    let (folder, name) = address.rsplit_once('/').unwrap_or(("", address));
    let path = folder.split_once("://").map_or(folder, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    has_any(&pieces(path), &["data", "dataset", "datasets"])
        && !has_any(&pieces(path), &["models", "checkpoints", "weights", "pretrained"])
        && !says_model(&pieces(name))
}

fn has_weight_ending(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let plain = name.trim_end_matches(".gz").trim_end_matches(".tar").trim_end_matches(".zip");
    let extension = plain.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(
        extension,
        "pth"
            | "pt"
            | "ckpt"
            | "safetensors"
            | "t7"
            | "caffemodel"
            | "onnx"
            | "tflite"
            | "pdparams"
            | "params"
            | "weights"
            | "gguf"
            | "h5"
            | "joblib"
    ) || (matches!(
        name.rsplit_once('.').map_or("", |(_, extension)| extension),
        "zip" | "gz" | "tar" | "pkl" | "npz" | "bin" | "tgz"
    ) && says_model(&pieces(&name)))
}

static MODELS_TITLE: Pattern = Pattern::new(
    r"(?i)^\W*(?:\d+\.?\s*)?(?:our |the |available |released |download(?:ing)? )*(?:models?\s*(?:$|\W*/|[(:,&-]|(?:zoo|weights?|downloads?|and|files?|cards?|links?|for|from|list|on|available|releases?)\b)|models\b)",
);

static DATA_TITLE: Pattern = Pattern::new(
    r"(?i)\bdata(?:sets?)?\b|preparation|citation|links|\bauthors?\b|\bcontacts?\b|\backnowledge?ments?\b|\breferences?\b",
);

/// The title that a reader sees above, and the one over it, the document's own left out.
fn title_of(document: &Document, section: usize) -> String {
    let own = document.sections.get(section);
    let above = own.and_then(|section| section.parent).and_then(|parent| document.sections.get(parent));
    let first = document.sections.iter().find(|section| section.level > 0).map(|section| section.lines.first);
    let titles = above
        .into_iter()
        .chain(own)
        // The first heading names the document, whatever its level.
        .filter(|section| first != Some(section.lines.first) || document.sections.len() <= 2)
        .filter(|section| section.level > 1 || own.is_some_and(|own| own.level <= 1 && own.lines.first > 3));
    titles.map(|section| start_of(&section.title)).collect::<Vec<_>>().join(" / ")
}

/// Links of a document that lead to weights: by what they are called, by the sentence around them, by the title above.
fn linked(facts: &Facts, document: &Document) -> Vec<Weights> {
    let mut found = Vec::new();
    let own = OnceCell::new();
    for links in [&document.links, &addresses_as_code(document)] {
        let mut places = Places::new(document);
        for link in links.iter().filter(|link| !link.image && !link.target.trim().is_empty()) {
            let place = places.next(link);
            let sentence = || sentence_of(document, link, &places, place);
            let is_offered = match leads_to(facts, document, link) {
                true => {
                    offers(document, link, &places, place, &sentence())
                        || is_badge_of_models(facts, document, link)
                        || is_own_hub_page(&link.target, own.get_or_init(|| own_names(facts, document)))
                }
                false => is_repository(&link.target) && holds_them(link, &sentence()),
            };
            if is_offered {
                found.push(Weights {
                    release: Release::Link,
                    path: document.path.clone(),
                    lines: Lines::at(link.line),
                    target: link.target.clone(),
                });
            }
        }
    }
    found
}

/// Whether an address is that of a model on the hub which bears one of the repository's own names.
fn is_own_hub_page(target: &str, own: &[String]) -> bool {
    const LEAST: usize = 4;
    let lower = target.to_ascii_lowercase();
    let Some((_, id)) = lower.split_once("huggingface.co/") else { return false };
    let mut pieces = id.split(['/', '?', '#']);
    let (Some(maker), Some(name)) = (pieces.next(), pieces.next()) else { return false };
    leads_to_files(target)
        && !name.is_empty()
        && !FOUNDATIONS.iter().any(|known| maker.starts_with(known))
        && own.iter().any(|own| own.len() >= LEAST && plain(name).contains(plain(own).as_str()))
}

/// A name without what stands between its words: a package's underscores are a model's hyphens.
fn plain(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, '-' | '_' | '.')).collect()
}

/// Addresses that a sentence gives as code: `https://…`; and those of sentences that are indented as if they were code.
fn addresses_as_code(document: &Document) -> Vec<Link> {
    static ADDRESS: Pattern = Pattern::text(r#"https?://[^\s"'<>|;)]+"#);
    const SENTENCE: usize = 5;
    let mut found = Vec::new();
    for block in &document.blocks {
        if !matches!(&block.kind, BlockKind::Code { language } if language.is_empty())
            || !block.text.contains("://")
        {
            continue;
        }
        let Some(address) = ADDRESS.within(&block.text) else { continue };
        for (line, text) in block.code_lines() {
            let is_sentence = text.trim_start().starts_with(|first: char| first.is_uppercase())
                && text.split_whitespace().count() > SENTENCE;
            found.extend(address.find(text).filter(|_| is_sentence).map(|target| Link {
                text: target.as_str().to_owned(),
                target: target.as_str().to_owned(),
                line,
                image: false,
                section: block.section,
                bare: true,
            }));
        }
    }
    let codes = document.inline_code.iter().filter(|code| {
        let address = code.text.trim();
        (address.starts_with("https://") || address.starts_with("http://"))
            && !address.contains(char::is_whitespace)
            && !address.contains(['{', '<', '$'])
    });
    let link = |code: &Inline| Link {
        text: code.text.clone(),
        target: code.text.trim().to_owned(),
        line: code.line,
        image: false,
        section: code.section,
        bare: true,
    };
    found.extend(codes.map(link));
    found
}

/// Whether an address names a whole repository of a forge.
fn is_repository(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let rest = path.split_once("://").map_or("", |(_, rest)| rest);
    let mut parts = rest.trim_end_matches('/').split('/');
    matches!(parts.next(), Some("github.com" | "www.github.com" | "gitlab.com")) && parts.count() == 2
}

/// Whether a link's sentence says outright that what is trained lies at the address that it leads to.
fn holds_them(link: &Link, sentence: &str) -> bool {
    static LIES_AT: Pattern = Pattern::new(
        r"(?i)\b(?:pre-?trained|checkpoints?|trained\s+(?:models?|weights|networks?))\b[^.]{0,60}\b(?:is|are|can\s+be)\s+(?:also\s+|publicly\s+|freely\s+)?(?:available|found|released|provided|downloaded|hosted|accessed)\s+(?:at|in|on|from|via|through|under)\W+(?:\w+\W+){0,2}$",
    );
    let before = before_text(sentence, words_of(link)).unwrap_or_default();
    says(&LIES_AT, before) && !says(&NO_OFFER, sentence) && !says(&LATER, sentence)
}

/// What is not there yet, or somebody else's to begin with.
static LATER: Pattern = Pattern::new(r"(?i)\b(?:will|soon|baselines?|third[\s-]party|official)\b");

/// Whether a link to a hub is carried by a badge that says models.
fn is_badge_of_models(facts: &Facts, document: &Document, link: &Link) -> bool {
    const LONGEST_LINE: usize = 20_000;
    static BADGE: Pattern = Pattern::new(r"(?i)/badge/[^)>\x22]*\b(?:models?|weights|checkpoints?)\b");
    let is_hub = link.target.contains("huggingface.co/") || link.target.contains("modelscope.cn/");
    let file = facts.files.get(&document.path).filter(|_| is_hub);
    let line = file.and_then(|file| file.line(link.line)).map(|line| {
        // A longer line was written by a program.
        line.get(..line.floor_char_boundary(LONGEST_LINE)).unwrap_or(line)
    });
    let start = |line: &str| memchr::memmem::find(line.as_bytes(), link.target.as_bytes());
    line.and_then(|line| line.get(..start(line).unwrap_or(line.len())))
        .map(end_of)
        // The badge just before the address, and not one of others on the line.
        .and_then(|before| before.rsplit("](").nth(1).or(Some(before)))
        .is_some_and(|badge| says(&BADGE, &badge.replace("%20", " ")))
}

/// Whether a link leads to files outside, or to weights in the tree.
fn leads_to(facts: &Facts, document: &Document, link: &Link) -> bool {
    if link.target.contains("://") {
        return leads_to_files(&link.target);
    }
    let Some(path) = super::tree::resolve(&document.path, &link.target) else { return false };
    // A page that says where they lie.
    let page =
        facts.document(&path).filter(|page| page.markup != Markup::Notebook && page.path != document.path);
    facts.tree.entry(&path).is_some_and(|entry| is_weight_file(&path, entry.size))
        || page.is_some_and(|page| {
            page.links.iter().any(|link| {
                host_of(&link.target).is_some_and(|host| host.name != "GitHub")
                    && leads_to_files(&link.target)
            })
        })
}

/// Models that everybody starts from, and that hardly anybody trains anew.
const KNOWN_MODELS: &[&str] = &[
    "vgg16",
    "vgg19",
    "vgg",
    "inception",
    "glove",
    "word2vec",
    "lpips",
    "fasttext",
    "alexnet",
    "imagenet21k",
];

fn offers(document: &Document, link: &Link, places: &Places<'_>, place: Place, sentence: &str) -> bool {
    let title = title_of(document, link.section);
    let target_words = pieces(link.target.rsplit("://").next().unwrap_or_default());
    let address = link.target.split(['?', '#']).next().unwrap_or_default();
    let named_as_weights = has_weight_ending(address) && !lies_among_data(address);
    let is_foreign_target =
        has_any(&target_words, KNOWN_MODELS) || link.target.contains("download.pytorch.org");
    let intro = introduction(document, link, places, place);
    // An address alone is what the words over it say.
    let is_alone = sentence.trim() == link.target;
    if is_foreign_target
        || says(&NO_OFFER, sentence) && !says(&OWN_EMBEDDINGS, sentence)
        || is_alone && intro.is_some_and(|intro| says(&NO_OFFER, intro))
    {
        return false;
    }
    // What stands behind these words is where something was described, and not the thing.
    static DESCRIBED: Pattern = Pattern::new(
        r"(?i)\b(?:described|proposed|introduced|presented|published)\s+(?:in|by)\s+(?:[\w-]+\s+){0,3}\W*$",
    );
    // Things are published here, and described elsewhere.
    let is_here = |before: &str| before.trim_end_matches([' ', '(', ':', '<']).ends_with("here");
    if before_text(sentence, &link.text).is_some_and(|before| says(&DESCRIBED, before) && !is_here(before)) {
        return false;
    }
    // Another state of the code is no state of a model.
    if has_any(&pieces(&link.text), &["branch", "tag", "commit"]) {
        return false;
    }
    // What the authors use, they took from others.
    static USES: Pattern = Pattern::new(
        r"(?i)\bwe\s+(?:also\s+)?used?\s+(?:the\s+|an?\s+)?(?:(?:[\w-]+\s+)?(?:checkpoints?|weights|models?)\s+(?:of|from|by)\s+)?\W*$",
    );
    if before_text(sentence, &link.text).is_some_and(|before| says(&USES, before)) {
        return false;
    }
    // `the official … repository` on a hub is that of its makers.
    static OFFICIAL: Pattern = Pattern::new(r"(?i)\bofficial\s+(?:[\w-]+\s+){0,2}\W*$");
    if is_foundation(&link.target)
        && before_text(sentence, &link.text).is_some_and(|before| says(&OFFICIAL, before))
    {
        return false;
    }
    if offers_weights(&link.text) && (!says(&SAMPLES, &link.text) || says(&TOGETHER, &link.text)) {
        return true;
    }
    // An archive under a title of data holds data, whatever words its name shares with models.
    if named_as_weights && !(is_archive(address) && says(&DATA_TITLE, &title)) {
        return true;
    }
    if hands_out(sentence, &link.text) {
        return true;
    }
    if is_about_data(&link.text) {
        return false;
    }
    if models_lie_at(sentence, link) || is_called_model(link) {
        return true;
    }
    let introduced = intro.is_some_and(|intro| {
        offers_weights(intro)
            && !says(&NO_OFFER, intro)
            && (!says(&SAMPLES, intro) || says(&TOGETHER, intro))
            && !has_any(&pieces(sentence), KNOWN_MODELS)
    });
    let near = introduced || offers_weights(sentence);
    let about_data = is_about_data(&near_words(sentence, &link.text)) && !says(&TOGETHER, sentence);
    let own = document.sections.get(link.section).map_or("", |section| section.title.as_str());
    // What the nearest title says counts for more than the one over it.
    let own_offers =
        title.ends_with(own) && !own.is_empty() && (offers_weights(own) || says(&MODELS_TITLE, own));
    let title_offers = own_offers && !says(&DATA_TITLE, own)
        || (offers_weights(&title) || says(&MODELS_TITLE, &title)) && !says(&DATA_TITLE, &title);
    (near && !about_data) || (title_offers && !is_about_data(sentence)) || (near && title_offers)
}

/// What stands before a text in the sentence that holds it.
fn before_text<'sentence>(sentence: &'sentence str, text: &str) -> Option<&'sentence str> {
    sentence.find(text).and_then(|at| sentence.get(..at))
}

/// Whether a link to files or to a model hub is called a model and nothing else: `[Models](…)`, `[model link](…)`.
fn is_called_model(link: &Link) -> bool {
    static CALLED: Pattern = Pattern::new(
        r"(?i)^\W*(?:(?:trained|our|final|best|released)\s+)*(?:models?|adapters?)(?:\s+(?:links?|downloads?|files?|drive|hub|page|collection|zip|here))*\W*$",
    );
    says(&CALLED, &link.text)
        && host_of(&link.target).is_some_and(|host| host.name != "GitHub")
        && !is_foundation(&link.target)
}

/// Whether an address on a hub is that of a maker of models that others start from.
fn is_foundation(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    ["huggingface.co/", "hf.co/"].iter().any(|hub| {
        lower.split_once(hub).is_some_and(|(_, id)| FOUNDATIONS.iter().any(|known| id.starts_with(known)))
    })
}

/// Whether models are the subject of a sentence that says where they lie, on a host of files: `the model trained on the
/// first data set can be found at …`.
fn models_lie_at(sentence: &str, link: &Link) -> bool {
    static LIE: Pattern = Pattern::text(
        r"(?i)^([^.;]{0,60}?)\bmodels?\b[^.;]{0,80}\b(?:can\s+be|is|are)\s+(?:\w+ly\s+|also\s+)?(?:found|downloaded|obtained|accessed|available|saved|stored|hosted|provided|released|shared|uploaded)\b",
    );
    let lower = link.target.to_ascii_lowercase();
    if lower.contains("github.com") || lower.contains("gitlab.com") {
        return false;
    }
    let Some(found) = LIE.captures(sentence) else { return false };
    // Data for the models are no models, and neither is the code of one.
    found.get(1).is_none_or(|before| !says(&DATA, before.as_str()))
}

/// What stands over the list that holds a link and ends in a colon: it speaks for every item.
fn introduction<'document>(
    document: &'document Document,
    link: &Link,
    places: &Places<'_>,
    place: Place,
) -> Option<&'document str> {
    let is_item = |block: &Block| matches!(block.kind, BlockKind::Item { .. });
    let at = place.block?;
    // A paragraph that holds nothing but an address belongs to the one over it.
    if let Some(alone) = document.blocks.get(at).filter(|block| block.text.trim() == link.target)
        && let Some(over) = at.checked_sub(1).and_then(|over| document.blocks.get(over))
        && over.section == alone.section
        && !matches!(over.kind, BlockKind::Code { .. } | BlockKind::Table { .. })
    {
        return end_of(over.text.trim().trim_end_matches(['.', ':'])).rsplit(". ").next();
    }
    let item = document.blocks.get(at).filter(|block| is_item(block))?;
    let over = document.blocks.get(places.over_list(at)?)?;
    let text = over.text.trim();
    let is_words = matches!(over.kind, BlockKind::Paragraph | BlockKind::Html);
    (is_words && over.section == item.section && text.ends_with(':'))
        .then(|| end_of(text).rsplit(". ").next().unwrap_or(text))
}

/// The sentence, the list item or the table row that holds a link, with the table's header.
fn sentence_of<'places>(
    document: &Document,
    link: &'places Link,
    places: &'places Places<'_>,
    place: Place,
) -> Cow<'places, str> {
    // Rows are searched no further for a link.
    const MOST_CELLS: usize = 200;
    let Some(block) = place.block.and_then(|at| document.blocks.get(at)) else {
        return Cow::Borrowed(&link.text);
    };
    let BlockKind::Table { header, rows, row_lines } = &block.kind else {
        return Cow::Borrowed(places.sentence(link, place));
    };
    let row = row_lines.partition_point(|line| *line < link.line);
    let row = rows.get(row).filter(|_| row_lines.get(row) == Some(&link.line));
    // Several links of a row may have the same text, each in a cell of its own.
    let is_twin = |other: &&&Link| !other.image && other.text == link.text;
    let twins = places.links_on(link.line).iter().take(MOST_CELLS).filter(is_twin);
    let before = twins.take_while(|other| other.target != link.target).count();
    let holds = |cell: &&(usize, &String)| cell.1.contains(link.text.as_str());
    let columns = || row.into_iter().flatten().take(MOST_CELLS).enumerate();
    let column =
        columns().filter(|cell| holds(&cell)).nth(before).or_else(|| columns().find(|cell| holds(&cell)));
    let column = column.map(|(column, _)| column);
    let head = column.and_then(|column| header.get(column)).map_or("", |head| start_of(head));
    // What a column of models holds links to is a model.
    let is_model = offers_weights(head) && !says(&NO_OFFER, head)
        || pieces(head).iter().any(|word| {
            matches!(
                word.as_str(),
                "model"
                    | "models"
                    | "weights"
                    | "ckpt"
                    | "checkpoint"
                    | "checkpoints"
                    | "download"
                    | "pretrained"
            )
        });
    Cow::Owned(match is_model {
        true => format!("{head} model weights {}", link.text),
        false => {
            format!("{} {}", row.and_then(|row| row.first()).map_or("", |cell| start_of(cell)), link.text)
        }
    })
}

/// The words just before a link: what it is a link to.
fn near_words(sentence: &str, text: &str) -> String {
    let at = sentence.find(text).filter(|_| !text.is_empty()).unwrap_or(sentence.len());
    let before: Vec<&str> = sentence.get(..at).unwrap_or_default().split_whitespace().rev().take(6).collect();
    let said: Vec<&str> = before.into_iter().rev().collect();
    said.join(" ")
}

/// Makers of models that others start from.
const FOUNDATIONS: &[&str] = &[
    "bert-",
    "roberta",
    "distilbert",
    "gpt2",
    "t5-",
    "google",
    "google-bert",
    "facebook",
    "meta-llama",
    "mistralai",
    "eleutherai",
    "stabilityai",
    "runwayml",
    "compvis",
    "huggyllama",
    "microsoft",
    "salesforce",
    "openai",
    "qwen",
    "deepseek-ai",
    "tiiuae",
    "bigscience",
    "lmsys",
    "decapoda-research",
    "sentence-transformers",
    "timm",
    "black-forest-labs",
    "xlm-",
    "albert-",
    "xlnet-",
    "laion",
    "allenai",
    "nvidia",
];

/// Hub ids that a document's code loads and that bear a name of the repository's own.
fn hub_ids(facts: &Facts, document: &Document) -> Vec<Weights> {
    static LOAD: Pattern = Pattern::text(
        r#"(?:from_pretrained|hf_hub_download|snapshot_download|hub\.load|hub\.KerasLayer|pipeline|load_model)\(\s*(?:[a-z_]+\s*=\s*)?["']([\w.-]+/[\w./:-]+)["']"#,
    );
    let own = own_names(facts, document);
    let is_offered = |block: &Block| {
        let title = document.title_over(block.section);
        (offers_weights(title) || says(&MODELS_TITLE, title)) && !says(&NO_OFFER, title)
    };
    let mut found = Vec::new();
    for block in document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Code { .. })) {
        let Some(load) = LOAD.within(&block.text) else { continue };
        for (offset, line) in block.text.lines().enumerate() {
            for id in load.captures_iter(line).filter_map(|found| found.get(1)) {
                let lower = id.as_str().to_ascii_lowercase();
                let maker_is_known = FOUNDATIONS.iter().any(|known| lower.starts_with(known));
                let bears_own_name = own.iter().any(|name| lower.contains(name.as_str()));
                if bears_own_name || (!maker_is_known && (own.is_empty() || is_offered(block))) {
                    found.push(Weights {
                        release: Release::Hub,
                        path: document.path.clone(),
                        lines: Lines::at(block.lines.first + offset as u32 + 1),
                        target: id.as_str().to_owned(),
                    });
                }
            }
        }
    }
    found
}

/// Rare words of the document's first title, and the packages in the tree.
fn own_names(facts: &Facts, document: &Document) -> Vec<String> {
    let mut names = rare_words_of_title(document);
    names.extend_from_slice(facts.packages.get_or_init(|| packages(facts)));
    names
}

/// Rare names of the packages in the tree.
fn packages(facts: &Facts) -> Vec<String> {
    let paths = facts.tree.entries().iter().filter_map(|entry| entry.path.strip_suffix("/__init__.py"));
    let names = paths.filter(|path| !path.contains('/')).map(str::to_ascii_lowercase);
    names.filter(|name| is_rare(name)).collect()
}

/// Rare words of the README's first title, and the name that the project is installed by.
fn project_names(facts: &Facts) -> Vec<String> {
    let readme = facts.readme.as_ref().and_then(|readme| facts.document(readme));
    let mut names = readme.map(rare_words_of_title).unwrap_or_default();
    let manifests = ["pyproject.toml", "setup.py", "setup.cfg"]
        .iter()
        .filter_map(|name| facts.files.get(&facts.at_root(name)));
    for file in manifests {
        let name = file.text.lines().find_map(|line| {
            let value = line.trim_start().strip_prefix("name")?.trim_start().strip_prefix('=')?;
            let value = value.trim().trim_end_matches(',');
            Some(value.trim_matches(|c| matches!(c, '"' | '\'')).to_ascii_lowercase())
        });
        names.extend(name.filter(|name| is_rare(name)));
    }
    names
}

fn rare_words_of_title(document: &Document) -> Vec<String> {
    let title = document.sections.iter().find(|section| section.level > 0);
    let title = title.map(|section| section.title.as_str()).unwrap_or_default();
    let words = title.split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase);
    words.filter(|word| is_rare(word)).collect()
}

/// Whether a word may tell one project from others.
fn is_rare(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "neurips",
        "icml",
        "iclr",
        "pytorch",
        "tensorflow",
        "official",
        "implementation",
        "model",
        "models",
        "learning",
        "network",
        "networks",
        "paper",
        "code",
        "with",
        "from",
        "image",
        "language",
        "large",
        "data",
        "deep",
        "neural",
        "transformer",
        "transformers",
        "training",
        "generation",
    ];
    word.len() >= 3 && word.chars().any(|c| c.is_ascii_alphabetic()) && !COMMON.contains(&word)
}

/// Scripts, notebooks and modules that fetch weights.
fn downloads(facts: &Facts) -> Vec<Weights> {
    // What is yet to come is not what the code of a known model fetches.
    if are_yet_to_come(facts) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let own = project_names(facts);
    let fetched_by_itself = are_fetched_by_themselves(facts);
    for (path, file) in &facts.files {
        if plan::is_vendored(path) || lies_in_a_release(facts.within_project(path)) {
            continue;
        }
        if let Some(python) = &file.python {
            found.extend(python.calls.iter().filter_map(|call| fetched(path, call)));
            if fetched_by_itself {
                found.extend(python.calls.iter().filter_map(|call| fetched_by_name(path, python, call)));
            }
            for assignment in &python.assignments {
                let mut addresses = Vec::new();
                texts(&assignment.value, &mut addresses);
                // One address is as often somebody else's model; a table of them is a zoo, and an own one where the
                // addresses bear a name of the project.
                let is_zoo = addresses.iter().filter(|text| has_weight_ending(text)).count() >= 2;
                let named = addresses.into_iter().find(|text| {
                    let lower = text.to_ascii_lowercase();
                    is_zoo
                        && is_address(text)
                        && has_weight_ending(text)
                        && !is_third_party(text)
                        && (text.starts_with("{}/") || own.iter().any(|name| lower.contains(name.as_str())))
                });
                if let Some(target) = named {
                    found.push(Weights {
                        release: Release::Script,
                        path: path.clone(),
                        lines: Lines::at(assignment.line),
                        target: target.to_owned(),
                    });
                }
            }
        } else if plan::Kind::of(path) == plan::Kind::Script || path.ends_with(".txt") {
            found.extend(fetched_by_shell(path, &file.text, false));
        }
    }
    found.retain(|weights| !is_of_another_project(facts, &weights.target));
    found
}

/// Whether a text is an address, also where its first part is filled in.
fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("{}/")
}

/// Whether an address is on a publisher's own shelf whose name the README does not bear: the code of a known model,
/// brought along with the addresses of its makers.
fn is_of_another_project(facts: &Facts, address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let Some((_, path)) = lower.split_once("fbaipublicfiles.com/") else { return false };
    let Some(shelf) = path.split('/').next().filter(|shelf| shelf.len() >= 3) else { return false };
    let readme = facts.readme.as_ref().and_then(|readme| facts.files.get(readme));
    let plain = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    readme.is_some_and(|file| !plain(&file.text.to_ascii_lowercase()).contains(&plain(shelf)))
}

fn is_third_party(address: &str) -> bool {
    is_known_model(address)
        || has_any(&pieces(&address.to_ascii_lowercase()), &["dataset", "datasets", "data"])
}

/// Whether an address leads to one of the models that everybody starts from.
fn is_known_model(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let words = pieces(&lower);
    lower.contains("download.pytorch.org")
        || lower.contains("nvlabs-fi-cdn")
        || lower.contains("/rwightman/")
        || lower.contains("keras-applications")
        || lower.contains("/fchollet/")
        || has_any(
            &words,
            &[
                "vgg",
                "vgg16",
                "vgg19",
                "inception",
                "alexnet",
                "glove",
                "word2vec",
                "lpips",
                "imagenet",
                "resnet",
                "resnet18",
                "resnet34",
                "resnet50",
                "resnet101",
                "resnet152",
                "densenet",
                "squeezenet",
                "bert",
                "i3d",
                "mobilenet",
            ],
        )
}

/// Whether the guided documents say that weights come by themselves when the code asks for them.
fn are_fetched_by_themselves(facts: &Facts) -> bool {
    static BY_ITSELF: Pattern =
        Pattern::new(r"(?i)\bautomatically\s+(?:be\s+)?download|\bdownload\w*\s+automatically");
    let documents = facts.guided.iter().filter_map(|path| facts.document(path));
    documents.flat_map(|document| &document.blocks).any(|block| {
        !matches!(block.kind, BlockKind::Code { .. })
            && says(&BY_ITSELF, &block.text)
            && offers_weights(&block.text)
            && !says(&NO_OFFER, &block.text)
    })
}

/// Whether the guided documents say that weights will be released some day.
fn are_yet_to_come(facts: &Facts) -> bool {
    static TO_COME: Pattern = Pattern::new(
        r"(?i)\b(?:pre-?trained\s+(?:models?|weights)|checkpoints?|(?:model|our)\s+weights)\b[^.]{0,20}\bwill\s+be\s+(?:made\s+|publicly\s+)*(?:available|released|uploaded|provided|public)",
    );
    // Some of them are there, where more are to come.
    static SOME: Pattern = Pattern::new(
        r"(?i)\b(?:more|other|additional|remaining|further)\s+(?:pre-?trained|models?|weights|checkpoints?)\b",
    );
    let documents = facts.guided.iter().filter_map(|path| facts.document(path));
    let blocks = documents.flat_map(|document| &document.blocks);
    let words = blocks.filter(|block| !matches!(block.kind, BlockKind::Code { .. }));
    words
        .filter(|block| says(&TO_COME, &block.text))
        .flat_map(|block| block.text.split(". "))
        .any(|sentence| says(&TO_COME, sentence) && !says(&SOME, sentence))
}

/// A fetch of an address that the same definition gave a name.
fn fetched_by_name(path: &str, python: &PythonModule, call: &Call) -> Option<Weights> {
    // `download_checkpoint(name)`: what it fetches is in its name.
    let words = pieces(call.method());
    let says_what = has_any(&words, &["download", "fetch"])
        && has_any(
            &words,
            &["checkpoint", "checkpoints", "ckpt", "model", "models", "weights", "pretrained"],
        );
    if says_what {
        return Some(Weights {
            release: Release::Script,
            path: path.to_owned(),
            lines: call.lines,
            target: call.written.clone(),
        });
    }
    if !LOADERS.contains(&call.method()) {
        return None;
    }
    let named = call.arguments.iter().find_map(|argument| match &argument.value {
        Value::Name(name) => python.assignments_in(call.scope, name).next(),
        _ => None,
    })?;
    let Value::Text(address) = &named.value else { return None };
    let file = address.split('?').next().unwrap_or_default();
    (is_address(address) && has_weight_ending(file) && !is_third_party(file)).then(|| Weights {
        release: Release::Script,
        path: path.to_owned(),
        lines: Lines::at(named.line),
        target: address.clone(),
    })
}

fn texts<'value>(value: &'value Value, found: &mut Vec<&'value str>) {
    match value {
        Value::Text(text) => found.push(text),
        Value::List(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, found)),
        _ => {}
    }
}

/// Functions that fetch a file.
const LOADERS: &[&str] = &[
    "load_state_dict_from_url",
    "load_url",
    "hf_hub_download",
    "urlretrieve",
    "get_file",
    "download_url",
    "download",
    "download_file_from_google_drive",
    "download_and_extract_archive",
    "cached_download",
    "get",
    "wget",
];

fn fetched(path: &str, call: &Call) -> Option<Weights> {
    if !LOADERS.contains(&call.method()) {
        return None;
    }
    let mut addresses = Vec::new();
    call.arguments.iter().for_each(|argument| texts(&argument.value, &mut addresses));
    let address = addresses.iter().find(|text| text.contains("://"))?;
    let named = addresses.iter().any(|text| has_weight_ending(text) || text.contains(".ckpt"));
    (named && !is_third_party(address)).then(|| Weights {
        release: Release::Script,
        path: path.to_owned(),
        lines: call.lines,
        target: (*address).to_owned(),
    })
}

/// Commands of a document that fetch what is named as weights, or fetch into a folder for them.
fn fetched_by_commands(document: &Document) -> Vec<Weights> {
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Code { .. }) {
            continue;
        }
        let over = index.checked_sub(1).and_then(|before| document.blocks.get(before)).filter(|over| {
            over.section == block.section
                && !matches!(over.kind, BlockKind::Code { .. } | BlockKind::Table { .. })
        });
        // A last sentence may name another host for the same.
        let is_other_way = |sentence: &str| sentence.trim_start().starts_with("Alternatively");
        let mut sentences = over.into_iter().flat_map(|over| over.text.trim().rsplit(". "));
        let announced = sentences.find(|sentence| !is_other_way(sentence)).is_some_and(fetches_weights);
        for mut weights in fetched_by_shell(&document.path, &block.text, announced) {
            let line = block.lines.first + weights.lines.first;
            weights.lines = Lines::at(line.min(block.lines.last));
            found.push(weights);
        }
    }
    found
}

/// Whether a comment says that what follows fetches something trained.
fn fetches_weights(comment: &str) -> bool {
    static TRAINED: Pattern = Pattern::new(
        r"(?i)\b(?:download|fetch|get|retrieve)\w*\b.{0,40}\b(?:(?:pre-?)?trained|checkpoints?|weights|models?|networks?|policies|policy|agents?)\b",
    );
    says(&TRAINED, comment) && !says(&NO_OFFER, comment) && !says(&SAMPLES, comment)
}

/// Words of folders that hold weights.
const WEIGHT_FOLDERS: &[&str] =
    &["pretrained", "checkpoint", "checkpoints", "ckpt", "ckpts", "weights", "snapshots"];

/// How a hub is named in commands that fetch from it.
fn names_hub(text: &str) -> bool {
    ["hf.co", "huggingface.co", "huggingface-cli download", "hf download"]
        .iter()
        .any(|hub| text.contains(hub))
}

/// Whether a command fetches from a model hub, other than what everybody starts from.
fn fetches_from_hub(line: &str) -> bool {
    let fetches = line.contains("git clone") || line.contains(" download ") && !line.contains("dataset");
    let id = line.split_whitespace().find(|word| word.contains('/')).map(|word| {
        let path = word.rsplit(".co").next().unwrap_or(word);
        path.trim_start_matches([':', '/']).to_ascii_lowercase()
    });
    fetches
        && names_hub(line)
        && id.is_some_and(|id| {
            !["datasets/", "spaces/"].iter().any(|kind| id.starts_with(kind))
                && !FOUNDATIONS.iter().any(|known| id.starts_with(known))
        })
}

/// Lines of a shell script that fetch what is named as weights; all that they fetch where the words over it announce
/// weights.
fn fetched_by_shell(path: &str, text: &str, all_announced: bool) -> Vec<Weights> {
    static ADDRESS: Pattern =
        Pattern::text(r#"(?:(?:https?|gs|s3)://|git@(?:hf|huggingface)\.co:)[^\s"'<>|;)]+"#);
    const TOOLS: [&str; 8] = ["wget", "curl", "gdown", "gsutil", "aws s3", "rclone", "azcopy", "aria2c"];
    // A word of its own, with what it fetches behind it: `curled` is none.
    let runs = |text: &str, tool: &str| {
        memchr::memmem::find_iter(text.as_bytes(), tool).any(|at| {
            let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + tool.len()..));
            !before.ends_with(|last: char| last.is_alphanumeric())
                && after.is_some_and(|after| after.starts_with([' ', '\t', '(', '.']))
        })
    };
    let fetches = |text: &str| TOOLS.iter().any(|tool| runs(text, tool));
    if !fetches(text) && !names_hub(text) {
        return Vec::new();
    }
    let script_is_for_weights = has_any(
        &pieces(path),
        &["model", "models", "weights", "pretrained", "checkpoints", "checkpoint", "ckpt"],
    );
    let mut found = Vec::new();
    let mut in_weights = false;
    let mut comment = "";
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('#') {
            comment = line;
            continue;
        }
        // A comment speaks of the command under it.
        let above = std::mem::take(&mut comment);
        if let Some(folder) = line.split("&&").find_map(|part| part.trim().strip_prefix("cd ")) {
            // The last part alone: a project may well be called after checkpoints.
            let last = folder.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            in_weights = has_any(&pieces(last), WEIGHT_FOLDERS);
        }
        let from_hub = fetches_from_hub(line);
        if !fetches(line) && !from_hub {
            continue;
        }
        let announced = all_announced || fetches_weights(above);
        // From a hub anything is had by name; a word over it has to say what.
        if from_hub && !announced {
            continue;
        }
        let address = ADDRESS.find(line).map_or("", |found| found.as_str());
        let words = pieces(line);
        let named = has_weight_ending(address.split('?').next().unwrap_or_default())
            || line.split_whitespace().any(has_weight_ending);
        let says_model = script_is_for_weights
            || in_weights
            || announced
            || has_any(&words, &["pretrained", "checkpoint", "checkpoints", "ckpt", "weights"]);
        let source = if address.is_empty() { line } else { address };
        // What a comment calls trained may lie among data.
        let is_elsewhere = match announced {
            true => is_known_model(source),
            false => is_third_party(source),
        };
        if (named || says_model) && !is_elsewhere {
            let target = if address.is_empty() { line.trim() } else { address };
            found.push(Weights {
                release: Release::Script,
                path: path.to_owned(),
                lines: Lines::at(index as u32 + 1),
                target: target.to_owned(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    fn released_in(files: &[(&str, &str)]) -> Vec<String> {
        let snapshot = Snapshot::from_files(files.iter().copied());
        let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
        released(&facts).into_iter().map(|weights| weights.target).collect()
    }

    #[test]
    fn a_folder_of_trained_models_holds_large_files_of_any_ending() {
        let readme = "# Pears\n\nWe use pre-trained models that are saved in the `/nets` directory.\n";
        let large = "x".repeat(30_000);
        let files = [("README.md", readme), ("nets/pear.tk", large.as_str())];
        assert_eq!(released_in(&files), ["nets/pear.tk"]);
        assert!(released_in(&[files[0], ("nets/pear.tk", "small")]).is_empty());
        assert!(released_in(&[files[0], ("nets/pear.csv", large.as_str())]).is_empty());
        assert!(released_in(&[files[1]]).is_empty());
    }

    #[test]
    fn what_is_pickled_has_the_size_of_a_model() {
        assert!(!is_weight_file("models/base_model.pickle", Some(600)));
        assert!(is_weight_file("models/base_model.pickle", Some(60_000)));
        assert!(is_weight_file("models/base_model.pickle", None));
    }
}
