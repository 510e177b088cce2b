//! Words and names that tell trained weights from what else a repository holds.

use crate::pattern::Pattern;

/// Extensions that hold weights and little else.
pub(super) const STRONG: &[&str] = &[
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
pub(super) const WEAK: &[&str] = &[
    "pkl", "pickle", "npz", "npy", "h5", "hdf5", "mat", "bin", "zip", "gz", "tar", "p", "rds", "rdata",
    "msgpack", "dat", "chkpt", "hdf", "bz2", "xz", "jld", "jld2", "bson", "",
];

/// Words of names that hold trained parameters, and that are said of little else.
pub(super) const CHECKPOINTS: &[&str] = &[
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
pub(super) fn is_model_word(word: &str) -> bool {
    CHECKPOINTS.contains(&word) || PARTS_AND_STATES.contains(&word)
}

pub(super) fn says_model(words: &[String]) -> bool {
    words.iter().any(|word| is_model_word(word))
}

/// Words of names that hold data, or what was learned elsewhere.
pub(super) const FOREIGN_WORDS: &[&str] = &[
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
    "hist",
];

/// Words of what agents or experts have done, which others learn from.
pub(super) const SEEN_AND_DONE: &[&str] = &[
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
pub(super) fn pieces(name: &str) -> Vec<String> {
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
pub(super) fn abbreviates_checkpoint(word: &str) -> bool {
    let mut rest = "chckpnts".chars();
    word.len() >= 3
        && word.starts_with('c')
        && word.contains("kp")
        && word.chars().all(|c| rest.by_ref().any(|other| other == c))
}

/// Whether a file in a folder of a version is one of the three that the LPIPS metric is distributed with.
pub(super) fn is_perceptual_metric(name: &str) -> bool {
    matches!(name, "alex.pth" | "squeeze.pth" | "vgg.pth")
}

/// Whether a file is called as the backbones are that everybody starts from: with the first eight digits of its hash,
/// as torchvision hands them out (`resnet50-19c8e357.pth`), as the VGG without its last layers, as BERT, or as the
/// predictor of how well pictures please.
pub(super) fn is_stock_backbone(stem: &str) -> bool {
    stem.ends_with("_reducedfc")
        || stem == "bert_model"
        || stem.starts_with("bert_model.ckpt")
        || stem.starts_with("sac+logos+ava1")
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
pub(super) fn is_measure(word: &str) -> bool {
    const MEASURES: &[&str] =
        &["error", "loss", "losses", "score", "accuracy", "acc", "auc", "metric", "regret"];
    MEASURES.iter().any(|measure| word.trim_end_matches('s').ends_with(measure))
}

/// Whether a name ends as an archive, which may hold anything.
pub(super) fn is_archive(name: &str) -> bool {
    matches!(
        name.rsplit_once('.').map_or("", |(_, extension)| extension),
        "zip" | "gz" | "tar" | "tgz" | "bz2" | "xz"
    )
}

/// Extensions of what is looked at, listened to or read.
pub(super) const PICTURES_AND_SHEETS: &[&str] = &[
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
    "tokens",
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

/// Extensions of shapes, programs, graphs, problems and what else may be large and is not learned.
pub(super) const OTHER_KINDS: &[&str] = &[
    "off",
    "obj",
    "stl",
    "ply",
    "wrl",
    "dae",
    "mtl",
    "blend",
    "fbx",
    "glb",
    "urdf",
    "sdf",
    "pdb",
    "xyz",
    "cif",
    "so",
    "dll",
    "exe",
    "o",
    "a",
    "whl",
    "egg",
    "jar",
    "class",
    "pyc",
    "cuh",
    "inl",
    "ttf",
    "woff",
    "woff2",
    "ico",
    "css",
    "less",
    "scss",
    "php",
    "pl",
    "rb",
    "kt",
    "map",
    "pbtxt",
    "proto",
    "prototxt",
    "doctree",
    "sln",
    "vcxproj",
    "gml",
    "graph",
    "graphml",
    "edges",
    "edgelist",
    "uai",
    "bif",
    "cnf",
    "wcnf",
    "lp",
    "mps",
    "smt2",
    "vnnlib",
    "stan",
    "bug",
    "dta",
    "sas",
    "bib",
    "sty",
    "bst",
    "cls",
    "bbl",
    "aux",
    "ps",
    "fig",
    "vsdx",
    "drawio",
    "psd",
    "heic",
    "diff",
    "patch",
    "orig",
    "bak",
    "swp",
    "lst",
    "tab",
    "dot",
    "7z",
    "rar",
    "tgz",
    "idx",
    "rd",
    "iml",
    "mako",
    "jinja",
    "sample",
    "example",
    "examples",
    "template",
    "conf",
    "config",
    "properties",
    "names",
    "vocab",
    "bpe",
    "codes",
    "nii",
    "dcm",
    "raw",
    "bam",
    "fasta",
    "fa",
    "m4a",
    "mkv",
    "webm",
];

/// Words by which documents offer trained weights.
static OFFER: Pattern = Pattern::new(
    r"(?ix) pre-?\s?train(?:ed|s|ing)?\b | \bcheckpoints?\b | \bckpts?\b | \btrained\s+(?:\S+\s+){0,5}(?:model|network|generator|agent|polic|weight|flow|parameter|classifier)
          | \b(?:models?|adapter|network|our|the)\s+weights?\b | \bweights\b | model\s+zoo | \bsnapshots?\b | \bmodel\s+files?\b | \btrained\s+by\b
          | \b(?:download|get|find)\b[^.]{0,40}\bmodels?\b | \bmodels?\b[^.]{0,60}\b(?:download(?:ed|able|s)?|available|released|here)\b
          | \bmodels?\b[^.]{0,100}\bare\s+(?:hosted|shared|provided|stored|uploaded|available)\b | \bmodel\s+parameters\b",
);

/// Words of what is no offer: somebody else's model, data, something yet to come.
pub(super) static NO_OFFER: Pattern = Pattern::new(
    r"(?ix) coming\s+soon | will\s+be\s+(?:released|available|uploaded|provided|added|made) | \bto\s+be\s+released | \btodo\b | to\s+appear
          | \bbackbone | image-?net[\s-]+pre-?(?:trained|training)\s+(?:model|weight|resnet|vgg|network|backbone|\w*net)s?\b\s+(?:from|of|provided) | pre-?trained\s+(?:on\s+imagenet\s+)?(?:vgg|resnet|inception|alexnet|bert\b|glove|word2?vec|word\s+(?:vector|embedding)|embedding|i3d|c3d|language\s+model|roberta|gpt)
          | \b(?:prior|previous|earlier)\s+(?:[\w-]+\s+){0,3}works?\b
          | \bfor\s+the\s+(?:[\w-]+\s+){0,2}(?:encoder|extractor|tokenizer)s?,?\s+(?:please\s+)?(?:we\s+)?(?:use|download|get)\b
          | \bglove\b | word2vec | fasttext | \bbert[\s-]base | \bbert[\s-]large | bert_models | \bword\s+(?:vectors|embeddings)\b | \bembeddings?\b",
);

/// Embeddings are somebody else's as a rule, and the authors' own where they say so.
pub(super) static OWN_EMBEDDINGS: Pattern =
    Pattern::new(r"(?i)\bour\s+(?:own\s+)?(?:pre-?)?trained\s+(?:[\w-]+\s+){0,5}embeddings?\b");

pub(super) static DATA: Pattern = Pattern::new(
    r"(?i)\b(?:data\s?sets?|data|images?|features?|annotations?|splits?|labels?|corpus|corpora|videos?|slides?|poster|paper|preprint|arxiv|logs?|detections?|matri(?:x|ces)|vocabular(?:y|ies)|tutorials?|demo|blog|docs?|license|code|repo(?:sitory)?)\b",
);

pub(super) static SAMPLES: Pattern =
    Pattern::new(r"(?i)\b(?:data\s?sets?|data|images?|features?|annotations?|splits?|labels?)\b");

/// Weights beside something else, at one address: `data and models`, `weights and logs`.
pub(super) static TOGETHER: Pattern = Pattern::new(
    r"(?ix)\b(?:(?:(?:pre-?)?trained|released|our|the)\s+models?|model\s+files?|weights|checkpoints?)\s*
            (?:,|/|&|and|along\s+with|as\s+well\s+as|together\s+with)\s*(?:[\w-]+\s+){0,3}
            (?:data\s?sets?|data|logs?|results|code|configs?|features|annotations)\b
          |\b(?:(?:(?:pre-?)?trained|released|our)\s+models?|weights|checkpoints?)\s+with\s+(?:[\w-]+\s+){0,3}
            (?:logs?|plots?|curves?|results|configs?|code)\b
          |\b(?:data\s?sets?|data|logs?|code|scripts?|features|annotations)\b[^.]{0,40}?
            (?:,|/|&|\band|\balong\s+with|\bas\s+well\s+as|\btogether\s+with)\s*(?:[\w-]+\s+){0,3}
            (?:(?:pre-?)?trained\s+(?:[\w-]+\s+)?models?|model\s+weights|weights|checkpoints?)\b",
);

pub(super) fn says(pattern: &Pattern, text: &str) -> bool {
    pattern.is_in(text)
}

/// Whether a text speaks of data, papers or code; the word that opens a shared folder, `(code: a1b2)`, is none.
pub(super) fn is_about_data(text: &str) -> bool {
    static PASSWORD: Pattern = Pattern::text(
        r"(?i)\b(?:(?:access|extraction|extract|fetch|sharing|share|verification|pass)\s*-?\s*)?code\s*[:：=]?\s*[a-z0-9]{4}\b\s*(?:[)\]]|$)",
    );
    if PASSWORD.is_in(text) { says(&DATA, &PASSWORD.remove(text)) } else { says(&DATA, text) }
}

/// Whether a text offers trained weights; the name of a logger that speaks of weights is no offer.
pub(super) fn offers_weights(text: &str) -> bool {
    static LOGGER: Pattern = Pattern::text(r"(?i)\bweights\s*(?:&amp;|&|\+|and|n)\s*biase?s\b");
    if LOGGER.is_in(text) { says(&OFFER, &LOGGER.remove(text)) } else { says(&OFFER, text) }
}

pub(super) fn has_weight_ending(path: &str) -> bool {
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
