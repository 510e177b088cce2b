//! What names say: words of data, measures, optimizers and learners, as variables and functions of the field bear them.

use crate::facts::identifier::{Word, has_any, holds, words};
use crate::facts::python::{Definition, PythonModule, Value};

/// Words of data that is held out.
pub(super) const HELD_OUT: &[&str] = &[
    "test",
    "tests",
    "testing",
    "val",
    "valid",
    "validation",
    "validate",
    "eval",
    "evaluation",
    "dev",
    "heldout",
    "holdout",
    "ood",
    "te",
    "tst",
];

/// Words of scripts that evaluate, by their names.
pub(super) const EVALUATING: &[&str] =
    &["eval", "evaluate", "evaluation", "test", "benchmark", "validate", "experiment", "experiments"];

/// Words of measures that say by themselves that something is being judged.
const PLAIN_MEASURES: &[&str] = &[
    "acc",
    "accuracy",
    "accuracies",
    "accs",
    "auc",
    "auroc",
    "rmse",
    "iou",
    "miou",
    "psnr",
    "ssim",
    "bleu",
    "rouge",
    "fid",
    "perplexity",
    "ppl",
    "wer",
    "ndcg",
    "mrr",
    "recall",
    "precision",
    "nmi",
    "ari",
    "regret",
    "dice",
    "mape",
    "mae",
    "nll",
    "bpd",
    "correct",
    "hits",
    "lpips",
    "regrets",
    "aucs",
    "rmses",
    "psnrs",
    "nrmse",
    "crps",
    "smape",
    "mase",
    "ece",
    "eer",
    "brier",
    "mpjpe",
    "shd",
];

/// Words of measures that also name what a model learns from, or anything else that is counted.
const MEASURES_IN_CONTEXT: &[&str] = &[
    "aupr",
    "roc",
    "mse",
    "elbo",
    "map",
    "ap",
    "meteor",
    "cider",
    "cer",
    "prec",
    "err",
    "error",
    "errors",
    "score",
    "scores",
    "metric",
    "metrics",
    "loss",
    "losses",
    "reward",
    "rewards",
    "return",
    "returns",
    "success",
    "performance",
    "result",
    "results",
    "likelihood",
    "ll",
    "llh",
    "loglik",
    "lp",
    "mcc",
    "kappa",
    "pearson",
    "spearman",
    "correlation",
    "coverage",
    "bpc",
    "pck",
    "ade",
    "fde",
    "epe",
    "kl",
    "mmd",
    "divergence",
    "distance",
    "speedup",
    "robust",
    "snr",
];

/// Whether words name a measure that says by itself that something is being judged: `f1`, `val_accuracy`.
pub(super) fn name_plain_measure(found: &[Word<'_>]) -> bool {
    has_any(found, PLAIN_MEASURES) || have_numbered(found, &[("f", "1")])
}

/// Whether words name what is measured; where nothing else tells, it may be what a model learns from as well.
pub(super) fn name_measure(found: &[Word<'_>]) -> bool {
    name_plain_measure(found)
        || has_any(found, MEASURES_IN_CONTEXT)
        || have_numbered(found, &[("top", "1"), ("r", "2")])
}

/// Names that end in a number are two words.
fn have_numbered(found: &[Word<'_>], wanted: &[(&str, &str)]) -> bool {
    found.windows(2).any(|pair| matches!(pair, [name, number] if wanted.contains(&(name, number))))
}

/// Words of what a program is handed, which it looks over before it begins.
pub(super) const HANDED_IN: &[&str] = &[
    "arg",
    "args",
    "argument",
    "arguments",
    "column",
    "columns",
    "config",
    "configuration",
    "format",
    "input",
    "inputs",
    "name",
    "names",
    "option",
    "options",
    "param",
    "params",
    "parameter",
    "parameters",
    "schema",
    "settings",
    "shape",
    "shapes",
    "type",
    "types",
];

pub(super) const DATA_WORDS: &[&str] = &[
    "data",
    "loader",
    "dataloader",
    "set",
    "dataset",
    "datasets",
    "split",
    "splits",
    "transform",
    "transforms",
    "batch",
    "batches",
    "images",
    "image",
    "dir",
    "path",
    "paths",
    "file",
    "files",
    "folder",
    "iter",
    "iterator",
    "generator",
    "queue",
    "gen",
    "size",
    "idx",
    "ids",
    "index",
    "indices",
    "sampler",
    "mask",
    "masks",
    "x",
    "y",
    "labels",
    "label",
    "input",
    "inputs",
    "features",
    "users",
    "items",
    "names",
    "list",
    "num",
    "interval",
    "freq",
    "every",
    "args",
    "config",
    "cfg",
    "mode",
    "key",
    "keys",
    "examples",
    "pairs",
    "graph",
    "edges",
    "nodes",
    "env",
    "envs",
];

/// Words of what is told about its experience, where `update` means to learn from it.
pub(super) const PLAYERS: &[&str] = &[
    "policy",
    "algo",
    "alg",
    "algorithm",
    "player",
    "strategy",
    "gp",
    "sampler",
    "mcmc",
    "model",
    "arm",
    "arms",
    "posterior",
    "belief",
];

/// Words of what an update changes when something is learned.
pub(super) const PARAMETERS: &[&str] = &[
    "weights",
    "weight",
    "params",
    "parameters",
    "theta",
    "beta",
    "policy",
    "q",
    "posterior",
    "belief",
    "centers",
    "centroids",
    "phi",
    "mu",
    "factors",
    "gradient",
    "estimates",
    "estimate",
    "coefficients",
    "critic",
    "actor",
    "w",
];

/// Words of algorithms that learn, as functions and classes that run them are named.
pub(super) const ALGORITHMS: &[&str] = &[
    "sgd",
    "svrg",
    "saga",
    "admm",
    "gibbs",
    "boosting",
    "adaboost",
    "descent",
    "lasso",
    "ridge",
    "perceptron",
    "qlearning",
    "sarsa",
    "thompson",
    "ucb",
    "exp3",
    "hedge",
    "ftrl",
    "nmf",
    "baum",
    "reinforce",
    "cem",
    "regression",
    "wolfe",
];

/// Words of what learns from data, as variables are named.
pub(super) const LEARNERS: &[&str] = &[
    "learner",
    "agent",
    "agents",
    "kmeans",
    "gmm",
    "svm",
    "boosting",
    "forest",
    "bandit",
    "regressor",
    "classifier",
    "clf",
    "estimator",
    "critic",
    "actor",
    "clustering",
    "nmf",
    "lda",
    "factorization",
    "hmm",
    "perceptron",
    "forecaster",
    "booster",
    "regression",
    "mixture",
    "coreset",
    "vae",
    "gan",
];

/// Whether a function goes backwards through a model and steps it in one: `backward_and_step`.
pub(super) fn backs_and_steps(found: &[Word<'_>]) -> bool {
    has_any(found, &["backward"]) && has_any(found, &["step", "update", "optimize"])
}

/// Whether a function fits a model to what a generator of batches gives: `fit_generator_v1`.
pub(super) fn fits_from_a_generator(found: &[Word<'_>]) -> bool {
    matches!(found, [first, second, ..] if first == "fit" && second == "generator")
}

/// Whether a method tells what it belongs to to learn, beside whatever else it does: `remember_and_learn`.
pub(super) fn tells_to_learn(found: &[Word<'_>]) -> bool {
    let updates = has_any(found, &["update"])
        && has_any(found, &["model", "policy", "predict", "posterior", "belief", "weights", "parameters"]);
    (updates || has_any(found, &["learn", "train", "training"]))
        && !has_any(found, DATA_WORDS)
        && !has_any(found, HELD_OUT)
        && !has_any(found, &["target", "is", "set", "get", "start", "end", "on", "before", "after", "mode"])
}

/// Whether what is assigned is room for values to come: `zeros(repeats, 1)`.
pub(super) fn makes_room(made: &[Word<'_>]) -> bool {
    has_any(made, &["zeros", "ones", "nan", "empty", "cell", "full"])
        && !has_any(made, &["mean", "sum", "abs", "sqrt", "norm", "eval", "test", "predict"])
}

/// An optimizer's own code steps itself and trains nothing by that.
pub(super) fn implements_optimizer(definition: &Definition) -> bool {
    let by_base = definition.is_class
        && definition.bases.iter().any(|base| is_optimizer_name(base.rsplit('.').next().unwrap_or_default()));
    let found = words(&definition.name);
    let by_name = definition.is_class
        && found
            .last()
            .is_some_and(|word| matches!(word.as_ref(), "optimizer" | "sgd" | "adam" | "optimiser"));
    by_base || by_name
}

pub(super) fn is_optimizer_name(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "Adam",
        "AdamW",
        "SGD",
        "RMSprop",
        "RMSProp",
        "Adagrad",
        "Adadelta",
        "Adamax",
        "LBFGS",
        "Lamb",
        "LAMB",
        "Lion",
        "Nadam",
        "RAdam",
        "SparseAdam",
        "Momentum",
        "adam",
        "adamw",
        "sgd",
        "rmsprop",
        "adagrad",
        "adadelta",
        "nesterov_momentum",
        "AdaBelief",
        "Adafactor",
        "LARS",
        "SAM",
    ];
    KNOWN.contains(&name)
        || name.ends_with("Optimizer")
        || name.ends_with("optimizer")
        || name.ends_with("Optimiser")
}

/// Whether a module makes or handles an optimizer, other than one over a model's inputs.
pub(super) fn has_optimizer(module: &PythonModule) -> bool {
    let (mut over_parameters, mut over_inputs, mut handles) = (false, false, false);
    for call in &module.calls {
        if is_optimizer_name(call.method()) {
            let first = call.positional().next().or_else(|| call.keyword("params"));
            let is_input = first.is_some_and(is_input_list);
            over_inputs |= is_input;
            over_parameters |= !is_input;
        } else if matches!(call.method(), "zero_grad" | "apply_gradients" | "step") {
            let receiver = words(call.receiver());
            handles |= call.method() != "step" || receiver.iter().any(|word| word.starts_with("opt"));
        }
    }
    over_parameters || (handles && !over_inputs)
}

/// Whether a call is named for an update; of an object, `update` alone says too little.
pub(super) fn is_update(name: &str, updates: &[&str]) -> bool {
    let name = name.trim_end_matches("()");
    let found = words(name.rsplit('.').next().unwrap_or_default());
    has_any(&found, updates) && (found.len() > 1 || !name.contains('.'))
}

/// Whether words of a message say that a model is being trained now: `training the dense model`.
pub(super) fn announces_training(found: &[Word<'_>]) -> bool {
    let [first, second, rest @ ..] = found else { return false };
    let model = ["model", "models", "network", "classifier", "regressor", "policy", "agent", "generator"];
    matches!(first.as_ref(), "training" | "train" | "fitting" | "learning")
        && (matches!(second.as_ref(), "the" | "a" | "our") || model.contains(&second.as_ref()))
        && rest.len() < 5
        && found.iter().any(|word| model.contains(&word.as_ref()))
        && !name_measure(found)
        && !has_any(found, HELD_OUT)
}

/// Whether an optimizer's first argument lists inputs of a model, as attacks and reconstructions do.
pub(super) fn is_input_list(value: &Value) -> bool {
    const INPUTS: &[&str] = &[
        "dummy",
        "adv",
        "delta",
        "noise",
        "image",
        "images",
        "img",
        "input",
        "inputs",
        "pert",
        "perturbation",
        "modifier",
        "latent",
        "x",
        "z",
        "style",
        "trigger",
        "data",
        "pixel",
    ];
    let Value::List(items) = value else { return false };
    !items.is_empty()
        && items.iter().all(|item| {
            item.as_name().is_some_and(|name| {
                let found = words(name);
                has_any(&found, INPUTS)
                    && !has_any(&found, &["model", "net", "params", "parameters", "weight", "weights"])
                    && !name.contains("()")
            })
        })
}

/// Whether fitting it groups or compresses data, as many do on the way.
pub(super) fn is_summary(name: &str) -> bool {
    let last = name.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
    holds(last, &["kmeans", "means", "kde", "density", "nn", "neighbors", "knn", "neigh", "nbrs"])
}

/// Whether fitting it prepares data and learns no model.
pub(super) fn is_preparation(name: &str) -> bool {
    const PREPARES: &[&str] = &[
        "scaler",
        "encoder",
        "vectorizer",
        "imputer",
        "normalizer",
        "tokenizer",
        "binarizer",
        "tsne",
        "pca",
        "discretizer",
        "whitener",
        "umap",
        "transformer",
        "datagen",
        "generator",
        "gen",
    ];
    let last = name.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
    (name.contains("sklearn.")
        && (name.contains("sklearn.preprocessing") || name.contains("sklearn.manifold")))
        || name.contains("feature_extraction")
        || words(last).last().is_some_and(|word| PREPARES.contains(&word.as_ref()))
        || matches!(
            last,
            "StandardScaler"
                | "MinMaxScaler"
                | "LabelEncoder"
                | "OneHotEncoder"
                | "TSNE"
                | "PCA"
                | "le"
                | "ohe"
                | "CountVectorizer"
                | "TfidfVectorizer"
        )
}

/// Whether a variable holds data that is held out: `x_test`, `val_loader`.
pub(super) fn is_held_out_data(name: &str) -> bool {
    let found = words(name.trim_end_matches("()").rsplit('.').next().unwrap_or_default());
    found.len() > 1
        && found.len() < 5
        && has_any(&found, HELD_OUT)
        && (has_any(&found, DATA_WORDS) || has_any(&found, &["loader", "data", "iter", "t", "edges"]))
        && !has_any(
            &found,
            &[
                "dir",
                "path",
                "file",
                "size",
                "batch",
                "folder",
                "transform",
                "transforms",
                "freq",
                "interval",
                "num",
            ],
        )
}

/// Whether a function moves data about and judges nothing.
pub(super) fn handles_data(found: &[Word<'_>]) -> bool {
    has_any(
        found,
        &[
            "load",
            "loader",
            "dataset",
            "transform",
            "reshape",
            "astype",
            "array",
            "len",
            "concat",
            "concatenate",
            "print",
            "shape",
            "split",
            "save",
            "dump",
            "append",
            "zip",
            "iter",
            "enumerate",
            "list",
            "listdir",
            "sorted",
            "glob",
            "join",
            "exists",
            "makedirs",
            "next",
            "read",
            "write",
            "tensor",
            "normalize",
            "scale",
            "to",
            "from",
            "range",
            "int",
            "float",
            "str",
            "shuffle",
            "permutation",
            "max",
            "min",
            "sorted",
            "set",
            "join",
            "exists",
            "dims",
            "asarray",
            "zeros",
            "ones",
            "expand",
            "numpy",
            "cuda",
            "variable",
            "stack",
            "vstack",
            "hstack",
            "info",
            "size",
            "batch",
            "categorical",
            "preprocess",
            "prepare",
            "create",
            "make",
            "build",
            "get",
            "placeholder",
            "feed",
            "sparse",
            "copy",
            "subset",
            "extend",
            "update",
            "tqdm",
            "unique",
            "where",
            "ravel",
            "squeeze",
            "sum",
            "tuple",
            "dict",
            "map",
            "format",
            "hot",
            "encode",
            "open",
            "add",
            "device",
            "convert",
            "ceil",
            "floor",
            "mask",
            "data",
            "resize",
            "pad",
            "fillna",
            "drop",
            "isinstance",
            "getattr",
            "hasattr",
        ],
    )
}

/// Whether what a session runs updates parameters.
pub(super) fn train_operation(value: &Value) -> bool {
    let is_operation = |name: &str| {
        let found = words(name.trim_end_matches("[]").rsplit('.').next().unwrap_or_default());
        has_any(
            &found,
            &[
                "train",
                "optim",
                "opt",
                "optimizer",
                "solver",
                "minimize",
                "updates",
                "trainer",
                "training",
                "optimize",
                "adam",
                "sgd",
                "rmsprop",
                "adagrad",
            ],
        ) && !has_any(
            &found,
            &[
                "loss",
                "acc",
                "accuracy",
                "summary",
                "data",
                "writer",
                "iterator",
                "init",
                "x",
                "y",
                "batch",
                "images",
                "labels",
                "lr",
                "initializer",
                "loader",
                "next",
                "set",
                "features",
            ],
        ) || matches!(found.last().map(AsRef::as_ref), Some("op"))
            && has_any(&found, &["apply", "step", "grad", "d", "g"])
    };
    match value {
        Value::Name(name) => is_operation(name),
        Value::List(items) => items.iter().any(train_operation),
        Value::Map(items) => items.iter().any(|(_, item)| train_operation(item)),
        Value::Other(text) => text.split(['+', ',', '[', ']']).any(|piece| is_operation(piece.trim())),
        _ => false,
    }
}

pub(super) fn is_metric(name: &str, method: &str) -> bool {
    const KNOWN: &[&str] = &[
        "accuracy_score",
        "balanced_accuracy_score",
        "f1_score",
        "roc_auc_score",
        "average_precision_score",
        "precision_recall_fscore_support",
        "precision_recall_curve",
        "roc_curve",
        "confusion_matrix",
        "classification_report",
        "normalized_mutual_info_score",
        "adjusted_rand_score",
        "adjusted_mutual_info_score",
        "silhouette_score",
        "cross_val_score",
        "cross_validate",
        "cross_val_predict",
        "corpus_bleu",
        "sentence_bleu",
        "corpus_score",
        "frechet_distance",
        "calculate_frechet_distance",
        "calculate_fid_given_paths",
        "inception_score",
        "compare_ssim",
        "structural_similarity",
        "compare_psnr",
        "peak_signal_noise_ratio",
        "mean_average_precision",
        "ndcg_score",
        "evaluate_policy",
        "simple_evaluate",
        "load_metric",
        "COCOeval",
        "mean_absolute_percentage_error",
        "r2_score",
        "hamming_loss",
        "jaccard_score",
        "matthews_corrcoef",
        "cohen_kappa_score",
        "precision_score",
        "recall_score",
        "InferenceRunner",
    ];
    // A kernel between samples is part of a model, and no measure of it.
    if matches!(method, "pairwise_kernels" | "rbf_kernel" | "polynomial_kernel" | "linear_kernel")
        || name.starts_with("sklearn.metrics.pairwise.")
    {
        return false;
    }
    KNOWN.contains(&method)
        || name.starts_with("sklearn.metrics.")
        || name.starts_with("torchmetrics.")
        || name.starts_with("tensorflow.metrics.")
        || name.starts_with("tensorflow.keras.metrics.")
        || name.starts_with("jiwer.")
        || name.starts_with("evaluate.load")
}
