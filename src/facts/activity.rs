//! What code does, whatever its language: trains, evaluates, saves and loads weights.
//!
//! Each file is read by itself and leaves [`Sign`]s, most of them weak: a name, a call, a loop over test data. The
//! [`Survey`] of a project weighs them together, and asks which files are run, which are called from there, and which
//! merely wait for somebody to call them.

use super::document::Lines;
use super::python::{Assignment, Call, Comparison, Definition, Loop, PythonModule, Value};
use super::{Facts, languages, tree};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How far one sign by itself can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// A name or a word, which other things carry as well.
    Hint,
    /// What rarely means anything else.
    Likely,
    /// What the thing itself looks like.
    Sure,
}

/// One place that speaks for an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// A few words on what is there: `steps an optimizer`.
    pub what: &'static str,
    /// How far it can be trusted by itself.
    pub trust: Trust,
    /// Where it stands.
    pub lines: Lines,
    /// Names of the functions and classes around it, outer before inner.
    pub within: Vec<String>,
}

/// What one file does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// Signs that parameters are learned from data or experience.
    pub trains: Vec<Sign>,
    /// Signs that models are measured, or experiments run.
    pub evaluates: Vec<Sign>,
    /// Where weights are written.
    pub saves: Vec<Sign>,
    /// Where weights are read.
    pub loads: Vec<Sign>,
    /// Where running it starts: a `__main__` block, or statements at the top; `None` for what is only imported.
    pub entry: Option<Lines>,
    /// Whether it holds unit tests.
    pub is_unit_test: bool,
}

impl Activity {
    /// Whether anything was found at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads what a file does; `None` where it is no code or does nothing of the kind.
pub fn read(path: &str, text: &str, python: Option<&PythonModule>) -> Option<Activity> {
    let activity = match python.filter(|module| module.unparsed.is_none()) {
        Some(module) => Reader::new(path, module).read(),
        None => languages::read(path, text)?,
    };
    (!activity.is_empty()).then_some(activity)
}

/// The words of an identifier, in lower case: `valAcc_top1` is `val`, `acc`, `top`, `1`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for character in name.chars() {
        let breaks = !character.is_alphanumeric()
            || (character.is_uppercase() && before.is_lowercase())
            || (character.is_numeric() != before.is_numeric() && before.is_alphanumeric());
        if breaks && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn has_any(words: &[String], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_str()))
}

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

/// Words of what is measured.
pub(super) const MEASURES: &[&str] = &[
    "acc",
    "accs",
    "accuracy",
    "accuracies",
    "auc",
    "auroc",
    "aupr",
    "roc",
    "rmse",
    "mse",
    "mae",
    "mape",
    "nll",
    "bpd",
    "elbo",
    "f1",
    "iou",
    "miou",
    "map",
    "ap",
    "psnr",
    "ssim",
    "bleu",
    "rouge",
    "meteor",
    "cider",
    "fid",
    "perplexity",
    "ppl",
    "wer",
    "cer",
    "ndcg",
    "mrr",
    "recall",
    "precision",
    "nmi",
    "ari",
    "regret",
    "dice",
    "prec",
    "top1",
    "err",
    "error",
    "errors",
    "score",
    "scores",
    "metric",
    "metrics",
    "loss",
    "losses",
    "correct",
    "hits",
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
    "lpips",
    "kl",
    "mmd",
    "divergence",
    "distance",
    "speedup",
    "robust",
    "r2",
    "snr",
];

/// Words of measures that say by themselves that something is being judged.
pub(super) const PLAIN_MEASURES: &[&str] = &[
    "acc",
    "accuracy",
    "accuracies",
    "accs",
    "auc",
    "auroc",
    "rmse",
    "f1",
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
];

const DATA_WORDS: &[&str] = &[
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

struct Reader<'module> {
    path: &'module str,
    module: &'module PythonModule,
    activity: Activity,
    is_optimizer: Vec<bool>,
    optimizers: BTreeMap<&'module str, bool>,
    is_preparation: BTreeSet<&'module str>,
    defined: BTreeSet<&'module str>,
    called: BTreeSet<&'module str>,
    has_optimizer: bool,
    path_words: Vec<String>,
}

impl<'module> Reader<'module> {
    fn new(path: &'module str, module: &'module PythonModule) -> Self {
        let mut is_optimizer: Vec<bool> = Vec::with_capacity(module.definitions.len());
        for definition in &module.definitions {
            let inherited =
                definition.parent.and_then(|parent| is_optimizer.get(parent).copied()).unwrap_or(false);
            is_optimizer.push(inherited || implements_optimizer(definition));
        }
        let stem = path.rsplit('/').next().unwrap_or(path);
        Self {
            path,
            module,
            activity: Activity::default(),
            is_optimizer,
            optimizers: BTreeMap::new(),
            is_preparation: BTreeSet::new(),
            defined: module.definitions.iter().map(|definition| definition.name.as_str()).collect(),
            called: module.calls.iter().map(Call::method).collect(),
            has_optimizer: has_optimizer(module),
            path_words: words(stem.rsplit_once('.').map_or(stem, |(stem, _)| stem)),
        }
    }

    fn read(mut self) -> Activity {
        self.activity.is_unit_test = self.is_unit_test();
        self.activity.entry = self.entry();
        self.note_assignments();
        let module = self.module;
        for call in &module.calls {
            if self.in_optimizer(call.scope) {
                continue;
            }
            self.training_call(call);
            self.evaluation_call(call);
            self.weights_call(call);
        }
        for assignment in &module.assignments {
            self.training_assignment(assignment);
            self.evaluation_assignment(assignment);
        }
        for definition in &module.definitions {
            self.definition(definition);
        }
        for looped in &module.loops {
            self.looped(looped);
        }
        for compared in &module.comparisons {
            self.comparison(compared);
        }
        for phrase in &module.phrases {
            self.phrase(&phrase.text, phrase.line, phrase.scope);
        }
        self.path_signs();
        for signs in [
            &mut self.activity.trains,
            &mut self.activity.evaluates,
            &mut self.activity.saves,
            &mut self.activity.loads,
        ] {
            signs.sort_by_key(|sign| (std::cmp::Reverse(sign.trust), sign.lines));
            signs.dedup_by_key(|sign| (sign.trust, sign.lines));
            signs.truncate(MOST_SIGNS);
        }
        self.activity
    }

    fn within(&self, mut scope: Option<usize>) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(definition) = scope.and_then(|scope| self.module.definitions.get(scope)) {
            names.push(definition.name.clone());
            // A definition stands before what it holds.
            scope = definition.parent.filter(|parent| Some(*parent) < scope);
        }
        names.reverse();
        names
    }

    fn trains(&mut self, what: &'static str, trust: Trust, lines: Lines, scope: Option<usize>) {
        let within = self.within(scope);
        self.activity.trains.push(Sign { what, trust, lines, within });
    }

    fn evaluates(&mut self, what: &'static str, trust: Trust, lines: Lines, scope: Option<usize>) {
        let within = self.within(scope);
        self.activity.evaluates.push(Sign { what, trust, lines, within });
    }

    fn in_optimizer(&self, scope: Option<usize>) -> bool {
        scope.and_then(|scope| self.is_optimizer.get(scope).copied()).unwrap_or(false)
    }

    /// Whether this is the `step` of a class that wraps an optimizer.
    fn wraps_optimizer(&self, scope: Option<usize>) -> bool {
        let Some(function) = scope.and_then(|scope| self.module.definitions.get(scope)) else { return false };
        let class = function.parent.and_then(|parent| self.module.definitions.get(parent));
        matches!(function.name.as_str(), "step" | "__call__" | "update" | "minimize")
            && class.is_some_and(|class| {
                class.is_class
                    && words(&class.name).iter().any(|word| word.starts_with("optim") || word == "opt")
            })
    }

    fn is_unit_test(&self) -> bool {
        let lower = self.path.to_ascii_lowercase();
        let placed = lower
            .split('/')
            .rev()
            .skip(1)
            .any(|part| matches!(part, "test" | "tests" | "unittests" | "unit_tests" | "testing"));
        let name = lower.rsplit('/').next().unwrap_or_default();
        let named = name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py";
        let framework = ["pytest", "unittest", "nose", "absl.testing", "numpy.testing", "hypothesis"]
            .iter()
            .any(|package| self.module.imports_package(package))
            || self
                .module
                .definitions
                .iter()
                .any(|definition| definition.bases.iter().any(|base| base.ends_with("TestCase")));
        let cases =
            self.module.definitions.iter().filter(|definition| definition.name.starts_with("test_")).count();
        (framework && (placed || named || cases > 0))
            || (cases > 0
                && (placed || named)
                && cases * 2 >= self.module.definitions.len().saturating_sub(2))
    }

    fn entry(&self) -> Option<Lines> {
        if self.module.entry_point.is_some() {
            return self.module.entry_point;
        }
        if self.path.ends_with(".ipynb") {
            return Some(Lines::at(1));
        }
        let setup = [
            "append",
            "insert",
            "filterwarnings",
            "simplefilter",
            "use",
            "seed",
            "manual_seed",
            "getLogger",
            "basicConfig",
            "register",
            "set_verbosity",
            "DEFINE_string",
            "DEFINE_integer",
            "DEFINE_float",
            "DEFINE_bool",
            "DEFINE_boolean",
            "set_printoptions",
            "update",
            "setdefault",
            "warn",
        ];
        let preparing: HashSet<Lines> = self
            .module
            .calls
            .iter()
            .filter(|call| call.scope.is_none() && setup.contains(&call.method()))
            .map(|call| call.lines)
            .collect();
        self.module.top_level_work.iter().copied().find(|lines| !preparing.contains(lines))
    }

    /// Which names hold optimizers, and which hold what is fitted to prepare data.
    fn note_assignments(&mut self) {
        let mut assigned_on: HashMap<u32, Vec<&'module str>> = HashMap::new();
        for assigned in &self.module.assignments {
            assigned_on.entry(assigned.line).or_default().push(&assigned.target);
        }
        for call in &self.module.calls {
            if is_optimizer_name(call.method()) && !call.arguments.is_empty() {
                let over_input =
                    call.positional().next().or_else(|| call.keyword("params")).is_some_and(is_input_list);
                for target in assigned_on.get(&call.lines.first).into_iter().flatten() {
                    self.optimizers.insert(target, over_input);
                }
            }
        }
        for assigned in &self.module.assignments {
            if let Value::Name(name) = &assigned.value
                && is_preparation(name)
            {
                self.is_preparation.insert(assigned.target.as_str());
            }
        }
    }

    fn training_call(&mut self, call: &Call) {
        let method = call.method();
        let receiver = call.written.rsplit_once('.').map_or("", |(receiver, _)| receiver);
        let (lines, scope) = (call.lines, call.scope);
        match method {
            "step" if self.is_optimizer_receiver(receiver) => {
                if self.optimizers.get(receiver) != Some(&true) && !self.wraps_optimizer(scope) {
                    let follows =
                        ["backward", "zero_grad", "clear_grads", "update_parameters", "record", "loss"];
                    let known = self.optimizers.contains_key(receiver)
                        || !call.arguments.is_empty()
                        || follows.iter().any(|name| self.called.contains(name))
                        || words(receiver).iter().any(|word| word.starts_with("optim"));
                    let trust = if known { Trust::Sure } else { Trust::Hint };
                    self.trains("steps an optimizer", trust, lines, scope);
                }
            }
            "backward" => {
                let found = words(receiver);
                let losses = [
                    "loss",
                    "losses",
                    "cost",
                    "err",
                    "error",
                    "elbo",
                    "nll",
                    "objective",
                    "obj",
                    "l",
                    "accelerator",
                    "scale",
                    "energy",
                ];
                let is_loss = has_any(&found, &losses)
                    || found.iter().any(|word| {
                        word.ends_with("loss") || word.starts_with("err") || word.starts_with("loss")
                    });
                let trust = if !self.activity.is_unit_test
                    && (self.has_optimizer || has_any(&self.path_words, &["train", "training", "learn"]))
                    && (is_loss || receiver.ends_with("()") || !call.arguments.is_empty())
                {
                    Trust::Likely
                } else {
                    Trust::Hint
                };
                if !receiver.contains("super") && receiver != "ctx" && !receiver.is_empty() {
                    self.trains("follows the gradient of a loss", trust, lines, scope);
                }
            }
            "apply_gradients"
            | "apply_updates"
            | "train_on_batch"
            | "fit_generator"
            | "create_train_op"
            | "optimize_loss"
            | "train_and_evaluate"
            | "backward_step"
            | "backward_clip_step"
            | "optimize_parameters"
            | "partial_fit"
            | "make_train_step"
            | "launch_train_with_config"
            | "fit_gpytorch_model"
            | "fit_gpytorch_mll"
            | "fit_generator_v2" => {
                if self.defined.contains(method) && method.starts_with("apply") {
                    return;
                }
                self.trains("updates parameters", Trust::Sure, lines, scope);
            }
            "minimize" => {
                let over_input = call.keyword("var_list").is_some_and(is_input_list);
                if over_input {
                } else if call.name.starts_with("scipy.optimize") || receiver.is_empty() {
                    self.trains("minimizes an objective", Trust::Likely, lines, scope);
                } else if !call.arguments.is_empty() {
                    self.trains("minimizes a loss", Trust::Sure, lines, scope);
                }
            }
            "fit" | "fit_transform" | "fit_predict" | "fit_resample" => self.fit_call(call, receiver),
            "train" | "learn" | "pretrain" | "train_model" | "finetune" => {
                let found = words(receiver);
                let trainer = [
                    "trainer",
                    "algo",
                    "algorithm",
                    "agent",
                    "estimator",
                    "learner",
                    "runner",
                    "solver",
                    "engine",
                    "gbm",
                    "lgb",
                    "lightgbm",
                    "xgb",
                    "xgboost",
                    "experiment",
                    "booster",
                    "workspace",
                    "policy",
                    "manager",
                    "gan",
                    "system",
                    "lgbm",
                    "gbdt",
                ];
                if has_any(&found, &trainer)
                    || call.name.starts_with("lightgbm.")
                    || call.name.starts_with("xgboost.")
                {
                    self.trains("runs a trainer", Trust::Sure, lines, scope);
                } else if method != "train"
                    || call.arguments.iter().any(|argument| !matches!(argument.value, Value::Flag(_)))
                {
                    self.trains("calls the training", Trust::Likely, lines, scope);
                }
            }
            "train_epoch" | "train_one_epoch" | "train_step" | "training_step" | "train_loop"
            | "do_train" | "train_iter" => {
                self.trains("calls the training", Trust::Likely, lines, scope);
            }
            "update" if self.is_optimizer_receiver(receiver) => {
                self.trains("updates parameters", Trust::Sure, lines, scope);
            }
            "run" => {
                // TensorFlow 1: session.run([train_op, loss], …).
                let first = call.positional().next();
                let names = first.map(train_operation).unwrap_or_default();
                let session = words(receiver);
                if names
                    && (has_any(&session, &["sess", "session", "s", "tfutil", "supervisor", "sv"])
                        || receiver.contains("sess"))
                {
                    self.trains("runs a training operation", Trust::Sure, lines, scope);
                } else if call.name.contains("MCMC")
                    || (has_any(&session, &["mcmc", "svi"]) && !call.arguments.is_empty())
                {
                    self.trains("samples a posterior", Trust::Sure, lines, scope);
                } else if has_any(&session, &["trainer"])
                    || (has_any(&session, &["inference"]) && self.module.imports_package("edward"))
                {
                    self.trains("runs a trainer", Trust::Sure, lines, scope);
                } else if has_any(&session, &["runner", "learner", "workspace"])
                    || (!call.arguments.is_empty() && has_any(&session, LEARNERS))
                {
                    self.trains("lets a learner learn", Trust::Likely, lines, scope);
                }
            }
            "sample_chain" => self.trains("samples a posterior", Trust::Likely, lines, scope),
            "opt_update" | "update_params" | "update_parameters" | "optimizer_update"
                if !call.arguments.is_empty() =>
            {
                self.trains("updates parameters", Trust::Likely, lines, scope);
            }
            "update"
                if receiver.is_empty()
                    && !call.arguments.is_empty()
                    && self.module.imports_package("jax") =>
            {
                self.trains("updates parameters", Trust::Likely, lines, scope);
            }
            "sample" if call.name.starts_with("pymc") => {
                self.trains("samples a posterior", Trust::Sure, lines, scope)
            }
            "sampling" | "optimizing" | "vb" => {
                if has_any(&words(receiver), &["sm", "stan", "model"])
                    && !call.arguments.is_empty()
                    && self.module.imports_package("pystan")
                {
                    self.trains("samples a posterior", Trust::Sure, lines, scope);
                }
            }
            "lstsq" | "curve_fit" | "least_squares" | "fmin_l_bfgs_b" | "fmin_bfgs" | "fmin_cg" | "ols"
            | "OLS" | "polyfit" => {
                self.trains("fits by least squares or descent", Trust::Likely, lines, scope);
            }
            "function" => {
                if let Some(updates) = call.keyword("updates").filter(|value| **value != Value::Nothing) {
                    // Samplers update their state and learn nothing by that.
                    let simulates = updates.as_name().is_some_and(|name| {
                        has_any(
                            &words(name),
                            &["simulate", "simulation", "hmc", "sample", "sampling", "sampler", "scan"],
                        )
                    });
                    let trust = if simulates { Trust::Hint } else { Trust::Sure };
                    self.trains("compiles parameter updates", trust, lines, scope);
                }
            }
            "value_and_grad" | "grad"
                if call.name.starts_with("jax") || call.name.starts_with("autograd") =>
            {
                self.trains("takes the gradient of a loss", Trust::Hint, lines, scope);
            }
            "main_loop" | "TrainLoop" => self.trains("runs a training loop", Trust::Likely, lines, scope),
            "estimate" | "observe" | "update" | "build" | "solve" | "optimize" | "iterate" | "step"
            | "add_data" | "update_model" | "predict_update" | "learn_policy" | "improve" | "em" | "EM"
            | "boost" | "perform_training"
                if !call.arguments.is_empty() && has_any(&words(receiver), LEARNERS) =>
            {
                self.trains("lets a learner learn", Trust::Likely, lines, scope);
            }
            "update" | "observe" | "add_data" | "update_model" | "learn_policy" | "update_policy"
            | "store_and_learn"
                if !call.arguments.is_empty()
                    && !receiver.is_empty()
                    && has_any(&words(receiver), PLAYERS) =>
            {
                self.trains("lets a learner learn", Trust::Likely, lines, scope);
            }
            "estimate" if !receiver.is_empty() && !call.arguments.is_empty() => {
                self.trains("estimates from data", Trust::Likely, lines, scope);
            }
            _ => {
                let found = words(method);
                let verbs = ["train", "fit", "learn", "finetune", "pretrain", "training", "optimize"];
                let first = found.first().map(String::as_str).unwrap_or_default();
                let is_verb = verbs.contains(&first)
                    || (has_any(&found, &["train", "trainer"])
                        && has_any(
                            &found,
                            &["loop", "epoch", "step", "model", "one", "run", "do", "op", "net", "network"],
                        ));
                if is_verb
                    && found.len() > 1
                    && !has_any(&found, DATA_WORDS)
                    && !has_any(&found, &["split", "test"])
                {
                    self.trains("calls the training", Trust::Likely, lines, scope);
                } else if has_any(&found, &["update", "updates"])
                    && has_any(&found, PARAMETERS)
                    && !has_any(&found, &["ema", "target", "average", "plot", "set"])
                {
                    self.trains("updates parameters", Trust::Likely, lines, scope);
                } else if !call.arguments.is_empty()
                    && !is_optimizer_name(method)
                    && has_any(&found, ALGORITHMS)
                    && !has_any(
                        &found,
                        &[
                            "plot", "load", "loss", "print", "name", "layer", "get", "test", "error",
                            "hparams", "args", "config", "path",
                        ],
                    )
                {
                    self.trains("runs a learning algorithm", Trust::Likely, lines, scope);
                } else if is_optimizer_name(method)
                    && method.len() > 3
                    && call.positional().next().is_some_and(|first| !is_input_list(first))
                {
                    self.trains("makes an optimizer", Trust::Hint, lines, scope);
                }
            }
        }
    }

    fn fit_call(&mut self, call: &Call, receiver: &str) {
        let name = call.name.rsplit_once('.').map_or("", |(receiver, _)| receiver);
        let prepares = is_preparation(name)
            || self.is_preparation.contains(receiver)
            || call.method() == "fit_transform";
        let (lines, scope) = (call.lines, call.scope);
        if receiver.is_empty() && self.defined.contains("fit") {
            self.trains("fits a model", Trust::Likely, lines, scope);
        } else if receiver.is_empty() {
            self.trains("fits a curve or a model", Trust::Hint, lines, scope);
        } else if is_summary(name) || is_summary(receiver) {
            self.trains("fits a clustering", Trust::Hint, lines, scope);
        } else if prepares || call.arguments.is_empty() {
            self.trains("fits a transformation", Trust::Hint, lines, scope);
        } else {
            self.trains("fits a model", Trust::Sure, lines, scope);
        }
    }

    fn is_optimizer_receiver(&self, receiver: &str) -> bool {
        if receiver.is_empty() {
            return false;
        }
        if self.optimizers.contains_key(receiver) {
            return true;
        }
        let found = words(receiver);
        if has_any(&found, &["scheduler", "sched", "env", "envs", "lr", "warmup", "annealer"]) {
            return false;
        }
        has_any(
            &found,
            &[
                "optim",
                "opt",
                "opts",
                "optimizer",
                "optimizers",
                "optimiser",
                "solver",
                "sgd",
                "adam",
                "scaler",
                "svi",
                "trainer",
                "rmsprop",
                "lbfgs",
                "engine",
                "updater",
                "optims",
            ],
        ) || found
            .iter()
            .any(|word| word.starts_with("optim") || word.ends_with("optimizer") || word.ends_with("opt"))
    }

    fn training_assignment(&mut self, assigned: &Assignment) {
        if self.in_optimizer(assigned.scope) {
            return;
        }
        let updates = [
            "update", "updates", "descent", "prox", "proximal", "newton", "sgd", "mstep", "estep", "gibbs",
            "mirror",
        ];
        if let Value::Name(name) = &assigned.value
            && assigned.loops > 0
            && name.ends_with("()")
            && is_update(name, &updates)
        {
            self.trains("updates what it learns", Trust::Likely, Lines::at(assigned.line), assigned.scope);
        }
        let Value::Other(value) = &assigned.value else { return };
        let value_words = words(value);
        let target_words = words(assigned.target.split('[').next().unwrap_or_default());
        let lines = Lines::at(assigned.line);
        let rates = ["alpha", "lr", "eta", "rate", "stepsize", "step", "learning", "gamma", "tau", "beta"];
        let moves = [
            "grad",
            "grads",
            "gradient",
            "gradients",
            "g",
            "delta",
            "td",
            "diff",
            "update",
            "dw",
            "db",
            "err",
            "error",
            "direction",
        ];
        let depends_on_itself =
            assigned.augmented || target_words.iter().any(|word| value_words.contains(word));
        // Attacks move inputs, simulations positions.
        const MOVED: &[&str] = &[
            "adv",
            "delta",
            "pert",
            "perturbation",
            "image",
            "images",
            "img",
            "noise",
            "pos",
            "vel",
            "velocity",
            "position",
            "velocities",
            "states",
            "eta",
        ];
        let around = self.within(assigned.scope).iter().flat_map(|name| words(name)).collect::<Vec<_>>();
        let elsewhere = [
            "hmc",
            "simulate",
            "dynamics",
            "leapfrog",
            "kernel",
            "fgs",
            "fgsm",
            "pgd",
            "attack",
            "perturb",
            "adversarial",
            "langevin",
            "cw",
            "backward",
        ];
        if has_any(&target_words, MOVED) || has_any(&around, &elsewhere) {
            return;
        }
        let subtracts_or_adds = assigned.augmented || value.contains(['-', '+']);
        if depends_on_itself
            && subtracts_or_adds
            && has_any(&value_words, &rates)
            && has_any(&value_words, &moves)
        {
            self.trains("moves parameters along a gradient", Trust::Likely, lines, assigned.scope);
        }
        let is_solution = (value.contains("linalg.inv(")
            || value.contains("linalg.pinv(")
            || value.contains("linalg.solve(")
            || value.contains("inv("))
            && (value.contains(".T") || value.contains("transpose"))
            && (value.contains('@') || value.contains("dot(") || value.contains("matmul("));
        if is_solution {
            self.trains("solves for the parameters", Trust::Likely, lines, assigned.scope);
        }
    }

    fn evaluation_call(&mut self, call: &Call) {
        if self.activity.is_unit_test {
            return;
        }
        let method = call.method();
        let receiver = call.written.rsplit_once('.').map_or("", |(receiver, _)| receiver);
        let (lines, scope) = (call.lines, call.scope);
        let known = is_metric(&call.name, method);
        if known {
            self.evaluates("computes a metric", Trust::Sure, lines, scope);
            return;
        }
        let arguments = call.arguments.len();
        match method {
            "evaluate" | "evaluate_generator" | "test_on_batch" if !receiver.is_empty() && arguments > 0 => {
                self.evaluates("evaluates the model", Trust::Sure, lines, scope);
            }
            "score" if arguments >= 2 => self.evaluates("scores the model", Trust::Sure, lines, scope),
            "plot" | "errorbar" | "bar" | "boxplot" | "semilogy" | "semilogx" | "loglog" | "fill_between"
            | "hist" | "scatter" | "violinplot" | "lineplot" | "barplot" | "heatmap" | "tsplot"
            | "imshow" | "plot_surface" | "contourf"
                if arguments > 0
                    && (receiver.contains("plt")
                        || receiver.contains("ax")
                        || receiver.contains("sns")
                        || receiver.contains("fig")
                        || call.name.contains("pyplot")
                        || receiver.contains("pl")) =>
            {
                let draws = !matches!(method, "imshow" | "scatter" | "hist");
                let trust = if draws && self.activity.entry.is_some() { Trust::Likely } else { Trust::Hint };
                self.evaluates("draws a figure of numbers", trust, lines, scope);
            }
            "savez" | "savetxt" | "to_csv" | "to_latex" | "savemat" if arguments > 0 => {
                self.evaluates("saves results", Trust::Hint, lines, scope);
            }
            "std" | "sem" if arguments > 0 && self.activity.entry.is_some() => {
                self.evaluates("reports a spread", Trust::Hint, lines, scope);
            }
            "savefig" | "show"
                if call.name.contains("plt") || call.name.contains("pyplot") || receiver.contains("fig") =>
            {
                self.evaluates("draws a figure", Trust::Hint, lines, scope);
            }
            "eval" | "test" if arguments == 0 && !receiver.is_empty() => {
                let found = words(receiver);
                if has_any(
                    &found,
                    &["trainer", "evaluator", "algo", "runner", "solver", "agent", "tester", "experiment"],
                ) {
                    self.evaluates("evaluates the model", Trust::Likely, lines, scope);
                }
            }
            _ => {
                let found = words(method);
                let Some(first) = found.first().map(String::as_str) else { return };
                let verbs = [
                    "test",
                    "eval",
                    "evaluate",
                    "validate",
                    "evaluation",
                    "valid",
                    "val",
                    "benchmark",
                    "run",
                    "do",
                    "compute",
                    "get",
                    "calc",
                    "calculate",
                    "infer",
                    "validation",
                ];
                let is_verb = verbs.contains(&first)
                    && has_any(
                        &found,
                        &[
                            "test",
                            "eval",
                            "evaluate",
                            "evaluation",
                            "validate",
                            "validation",
                            "benchmark",
                            "experiment",
                            "experiments",
                        ],
                    );
                let held_out = call
                    .arguments
                    .iter()
                    .filter(|argument| argument.value.as_name().is_some_and(is_held_out_data))
                    .count();
                if held_out > 0 && !handles_data(&found) && !matches!(first, "fit" | "train") {
                    let predicts =
                        has_any(&found, &["predict", "prediction", "forward", "inference", "infer", "proba"]);
                    let judges = has_any(&found, MEASURES)
                        || has_any(&found, &["statistics", "evaluate", "stats", "calc"]);
                    let trust = if judges || predicts { Trust::Likely } else { Trust::Hint };
                    self.evaluates("uses held-out data", trust, lines, scope);
                }
                let measures =
                    matches!(first, "compute" | "calc" | "calculate" | "get" | "eval" | "evaluate")
                        && has_any(&found, PLAIN_MEASURES);
                let excluded = has_any(&found, DATA_WORDS)
                    || has_any(&found, &["train", "assert", "tf"])
                    || call.name.starts_with("tensorflow.test");
                if (is_verb || measures) && arguments > 0 && !excluded {
                    let own = self.defined.contains(method) || receiver.is_empty();
                    let trust = if own && is_verb && first != "get" { Trust::Sure } else { Trust::Likely };
                    self.evaluates("measures the model", trust, lines, scope);
                } else if arguments > 0 && has_any(&found, PLAIN_MEASURES) && has_any(&found, HELD_OUT) {
                    self.evaluates("measures held-out data", Trust::Likely, lines, scope);
                } else if has_any(&found, PLAIN_MEASURES) && arguments >= 2 && !excluded {
                    self.evaluates("computes a metric", Trust::Likely, lines, scope);
                }
            }
        }
    }

    fn evaluation_assignment(&mut self, assigned: &Assignment) {
        if self.activity.is_unit_test
            || matches!(assigned.value, Value::Number(_) | Value::Text(_) | Value::Flag(_) | Value::Nothing)
        {
            return;
        }
        let found = words(assigned.target.split('[').next().unwrap_or_default());
        let lines = Lines::at(assigned.line);
        if has_any(&found, HELD_OUT) && has_any(&found, MEASURES) && !has_any(&found, DATA_WORDS) {
            self.evaluates("measures held-out data", Trust::Likely, lines, assigned.scope);
        } else if has_any(&found, PLAIN_MEASURES) && !has_any(&found, &["train", "training", "tr"]) {
            self.evaluates("computes a metric", Trust::Hint, lines, assigned.scope);
        }
    }

    fn looped(&mut self, looped: &Loop) {
        if looped.is_while || self.activity.is_unit_test {
            return;
        }
        let found = words(&looped.over);
        const REPEATED: &[&str] = &[
            "trial",
            "trials",
            "rep",
            "reps",
            "repeats",
            "repetitions",
            "replications",
            "replicates",
            "seed",
            "seeds",
            "runs",
            "methods",
            "algorithms",
            "algos",
            "algs",
            "baselines",
            "experiments",
            "sims",
            "simulations",
            "budgets",
            "folds",
            "nruns",
            "ntrials",
            "nreps",
            "nexp",
            "episodes",
            "tasks",
            "estimators",
            "optimizers",
            "thresholds",
            "classifiers",
            "regressors",
        ];
        if has_any(&found, HELD_OUT) && has_any(&found, DATA_WORDS) {
            self.evaluates("goes over held-out data", Trust::Likely, looped.lines, looped.scope);
        } else if has_any(&found, REPEATED) {
            self.evaluates("repeats an experiment", Trust::Hint, looped.lines, looped.scope);
        }
    }

    fn comparison(&mut self, compared: &Comparison) {
        const PREDICTED: &[&str] = &[
            "pred",
            "preds",
            "predicted",
            "prediction",
            "predictions",
            "predict",
            "argmax",
            "output",
            "outputs",
            "yhat",
            "hat",
            "ans",
            "logits",
            "guess",
            "est",
            "answer",
        ];
        const TRUE: &[&str] = &[
            "label", "labels", "target", "targets", "y", "gt", "truth", "true", "lb", "gold", "ground",
            "tgt", "correct", "lab", "batch",
        ];
        if self.activity.is_unit_test {
            return;
        }
        let (left, right) = (words(&compared.left), words(&compared.right));
        let matches = |one: &[String], other: &[String]| has_any(one, PREDICTED) && has_any(other, TRUE);
        if matches(&left, &right) || matches(&right, &left) {
            let lines = Lines::at(compared.line);
            self.evaluates("compares predictions with labels", Trust::Likely, lines, compared.scope);
        }
    }

    fn phrase(&mut self, text: &str, line: u32, scope: Option<usize>) {
        if self.activity.is_unit_test || text.len() < 6 {
            return;
        }
        let found = words(text);
        if found.len() > 24 {
            return;
        }
        let lines = Lines::at(line);
        let shows_value = text.contains(['{', '%', ':', '=']);
        if has_any(&found, HELD_OUT) && has_any(&found, MEASURES) {
            let trust = if shows_value { Trust::Likely } else { Trust::Hint };
            self.evaluates("reports a result on held-out data", trust, lines, scope);
        } else if shows_value && has_any(&found, PLAIN_MEASURES) && !has_any(&found, &["train", "training"]) {
            self.evaluates("reports a metric", Trust::Hint, lines, scope);
        }
    }

    fn definition(&mut self, definition: &Definition) {
        let found = words(&definition.name);
        let lines = definition.lines;
        if implements_optimizer(definition) {
            return;
        }
        let first = found.first().map(String::as_str).unwrap_or_default();
        let within = definition.parent;
        if !definition.is_class {
            let is_used = self.called.contains(definition.name.as_str());
            if matches!(first, "train" | "fit" | "learn" | "pretrain" | "finetune")
                && !has_any(&found, DATA_WORDS)
                && !has_any(&found, &["test"])
            {
                let trust = if is_used { Trust::Likely } else { Trust::Hint };
                self.trains("defines the training", trust, Lines::at(lines.first), within);
            }
            let evaluates = matches!(
                first,
                "test"
                    | "eval"
                    | "evaluate"
                    | "validate"
                    | "evaluation"
                    | "validation"
                    | "valid"
                    | "val"
                    | "benchmark"
            ) || (has_any(
                &found,
                &["eval", "evaluate", "evaluation", "validate", "benchmark", "experiment", "experiments"],
            ) && !has_any(&found, &["train"]));
            if evaluates
                && !self.activity.is_unit_test
                && !has_any(&found, DATA_WORDS)
                && !definition.parameters.is_empty()
            {
                let trust = if is_used { Trust::Likely } else { Trust::Hint };
                self.evaluates("defines the evaluation", trust, Lines::at(lines.first), within);
            }
        } else if definition.bases.iter().any(|base| base.ends_with("LightningModule")) {
            self.trains("defines a Lightning module", Trust::Likely, Lines::at(lines.first), within);
        }
    }

    fn path_signs(&mut self) {
        if self.activity.is_unit_test || self.activity.entry.is_none() {
            return;
        }
        let Some(entry) = self.activity.entry else { return };
        let named = self.path_words.clone();
        let folders: Vec<String> =
            self.path.rsplit_once('/').map(|(folder, _)| words(folder)).unwrap_or_default();
        if has_any(
            &folders,
            &[
                "eval",
                "evaluation",
                "evaluations",
                "experiment",
                "experiments",
                "benchmark",
                "benchmarks",
                "results",
                "validation",
                "figures",
                "plots",
                "exp",
                "exps",
                "simulations",
                "simulation",
            ],
        ) {
            self.evaluates("lies among experiments", Trust::Hint, entry, None);
        }
        if has_any(&named, &["train", "training", "finetune", "pretrain", "fit"]) {
            self.trains("is a training script by name", Trust::Hint, entry, None);
        }
        if has_any(
            &named,
            &[
                "eval",
                "evaluate",
                "evaluation",
                "test",
                "benchmark",
                "validate",
                "experiment",
                "experiments",
                "compare",
                "ablation",
                "exp",
                "figure",
                "figures",
                "fig",
                "table",
                "results",
                "plot",
                "plots",
                "simulation",
                "simulations",
                "demo",
                "inference",
            ],
        ) {
            self.evaluates("is an evaluation script by name", Trust::Hint, entry, None);
        }
    }

    fn weights_call(&mut self, call: &Call) {
        let method = call.method();
        let receiver = call.written.rsplit_once('.').map_or("", |(receiver, _)| receiver);
        let lines = call.lines;
        let within = self.within(call.scope);
        let name = call.name.as_str();
        let saves = matches!(
            method,
            "save_pretrained"
                | "save_weights"
                | "save_model"
                | "save_checkpoint"
                | "save_state"
                | "push_to_hub"
        ) || name == "torch.save"
            || (method == "save"
                && has_any(
                    &words(receiver),
                    &["saver", "model", "checkpoint", "ckpt", "net", "manager", "agent"],
                ))
            || matches!(
                name,
                "joblib.dump"
                    | "onnx.export"
                    | "torch.onnx.export"
                    | "torch.jit.save"
                    | "safetensors.torch.save_file"
                    | "pickle.dump"
            );
        if saves {
            let sign = Sign { what: "saves weights", trust: Trust::Likely, lines, within: within.clone() };
            self.activity.saves.push(sign);
        }
        let loads = matches!(
            method,
            "load_state_dict"
                | "from_pretrained"
                | "load_weights"
                | "load_model"
                | "load_checkpoint"
                | "load_from_checkpoint"
                | "restore"
        ) || matches!(
            name,
            "torch.load"
                | "torch.hub.load"
                | "joblib.load"
                | "torch.jit.load"
                | "safetensors.torch.load_file"
        );
        if loads {
            self.activity.loads.push(Sign { what: "loads weights", trust: Trust::Likely, lines, within });
        }
    }
}

const MOST_SIGNS: usize = 60;

/// Words of what is told about its experience, where `update` means to learn from it.
const PLAYERS: &[&str] = &[
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
const PARAMETERS: &[&str] = &[
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
const ALGORITHMS: &[&str] = &[
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
];

/// Words of what learns from data, as variables are named.
const LEARNERS: &[&str] = &[
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

/// An optimizer's own code steps itself and trains nothing by that.
fn implements_optimizer(definition: &Definition) -> bool {
    let by_base = definition.is_class
        && definition.bases.iter().any(|base| is_optimizer_name(base.rsplit('.').next().unwrap_or_default()));
    let found = words(&definition.name);
    let by_name = definition.is_class
        && found
            .last()
            .is_some_and(|word| matches!(word.as_str(), "optimizer" | "sgd" | "adam" | "optimiser"));
    by_base || by_name
}

fn is_optimizer_name(name: &str) -> bool {
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
fn has_optimizer(module: &PythonModule) -> bool {
    let (mut over_parameters, mut over_inputs, mut handles) = (false, false, false);
    for call in &module.calls {
        if is_optimizer_name(call.method()) {
            let first = call.positional().next().or_else(|| call.keyword("params"));
            let is_input = first.is_some_and(is_input_list);
            over_inputs |= is_input;
            over_parameters |= !is_input;
        } else if matches!(call.method(), "zero_grad" | "apply_gradients" | "step") {
            let receiver = words(call.written.rsplit_once('.').map_or("", |(receiver, _)| receiver));
            handles |= call.method() != "step" || receiver.iter().any(|word| word.starts_with("opt"));
        }
    }
    over_parameters || (handles && !over_inputs)
}

/// Whether a call is named for an update; of an object, `update` alone says too little.
fn is_update(name: &str, updates: &[&str]) -> bool {
    let name = name.trim_end_matches("()");
    let found = words(name.rsplit('.').next().unwrap_or_default());
    has_any(&found, updates) && (found.len() > 1 || !name.contains('.'))
}

/// Whether an optimizer's first argument lists inputs of a model, as attacks and reconstructions do.
fn is_input_list(value: &Value) -> bool {
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
fn is_summary(name: &str) -> bool {
    let last = name.trim_end_matches("()").rsplit('.').next().unwrap_or_default();
    has_any(&words(last), &["kmeans", "means", "kde", "density", "nn", "neighbors", "knn", "neigh", "nbrs"])
}

/// Whether fitting it prepares data and learns no model.
fn is_preparation(name: &str) -> bool {
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
    name.contains("sklearn.preprocessing")
        || name.contains("sklearn.manifold")
        || name.contains("feature_extraction")
        || words(last).last().is_some_and(|word| PREPARES.contains(&word.as_str()))
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
fn is_held_out_data(name: &str) -> bool {
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
fn handles_data(found: &[String]) -> bool {
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
fn train_operation(value: &Value) -> bool {
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
        ) || matches!(found.last().map(String::as_str), Some("op"))
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

fn is_metric(name: &str, method: &str) -> bool {
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
    KNOWN.contains(&method)
        || name.starts_with("sklearn.metrics.")
        || name.starts_with("torchmetrics.")
        || name.starts_with("tensorflow.metrics.")
        || name.starts_with("tensorflow.keras.metrics.")
        || name.starts_with("jiwer.")
        || name.starts_with("evaluate.load")
}

/// One file's part in an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line a reader would quote.
    pub lines: Lines,
    /// A few words on what is there.
    pub what: &'static str,
    /// How far it can be trusted.
    pub trust: Trust,
}

/// What a project's code does, file by file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Places that train, most telling first; empty where nothing is trained.
    pub training: Vec<Place>,
    /// Places that evaluate, most telling first; empty where nothing is evaluated.
    pub evaluation: Vec<Place>,
    /// Files that were read as code.
    pub code_files: usize,
}

/// Weighs the signs of all files of a project.
pub fn survey(facts: &Facts) -> Survey {
    let run = reached(facts);
    let code: Vec<_> = facts
        .files
        .iter()
        .filter_map(|(path, file)| Some((path.as_str(), file.activity.as_ref()?)))
        .filter(|(path, _)| !is_vendored(facts.within_project(path)))
        .collect();
    let named = named_in_documents(facts);
    let used = used_names(facts, &run);
    let weigh = |signs: fn(&Activity) -> &[Sign], least: (u32, u32), with_tests: bool| {
        let mut places = Vec::new();
        let (mut most, mut total) = (0, 0);
        for (path, activity) in &code {
            if activity.is_unit_test && !with_tests {
                continue;
            }
            let is_run = run.contains(*path);
            let found: Vec<&Sign> = signs(activity)
                .iter()
                .filter(|sign| {
                    sign.within.is_empty() || sign.within.iter().any(|name| used.contains(name.as_str()))
                })
                .collect();
            let Some(best) = found.first() else { continue };
            let mut points = file_points(&found);
            if !is_run {
                points /= 3;
            }
            most = most.max(points);
            total += points;
            let bonus = u32::from(named.contains(*path)) * 6 + u32::from(activity.entry.is_some()) * 3;
            let demerit = u32::from(activity.is_unit_test) * 12;
            places.push((
                (points.min(24) + bonus).saturating_sub(demerit),
                Place { path: (*path).to_owned(), lines: best.lines, what: best.what, trust: best.trust },
            ));
        }
        // One file says enough, or many together do.
        if most < least.0 && total < least.1 {
            return Vec::new();
        }
        places.sort_by(|(one, a), (other, b)| {
            other.cmp(one).then_with(|| a.path.len().cmp(&b.path.len())).then_with(|| a.path.cmp(&b.path))
        });
        places.into_iter().map(|(_, place)| place).take(MOST_PLACES).collect()
    };
    Survey {
        training: weigh(|activity| &activity.trains, (4, u32::MAX), true),
        evaluation: weigh(|activity| &activity.evaluates, (2, 12), false),
        code_files: code.len(),
    }
}

const MOST_PLACES: usize = 6;

/// A file's points: the best sign counts whole, further ones of other kinds add to it.
fn file_points(signs: &[&Sign]) -> u32 {
    let mut kinds: HashMap<&str, Trust> = HashMap::new();
    for sign in signs {
        let best = kinds.entry(sign.what).or_insert(sign.trust);
        *best = (*best).max(sign.trust);
    }
    kinds
        .values()
        .map(|trust| match trust {
            Trust::Sure => 10,
            Trust::Likely => 4,
            Trust::Hint => 1,
        })
        .sum()
}

/// Names that code which is run calls, passes on, derives from or registers.
fn used_names<'facts>(facts: &'facts Facts, run: &BTreeSet<&str>) -> HashSet<&'facts str> {
    let mut used = HashSet::from(["main"]);
    let last =
        |name: &'facts str| name.trim_end_matches(['(', ')', '[', ']']).rsplit('.').next().unwrap_or(name);
    for (path, module) in facts.python() {
        if !run.contains(path) {
            continue;
        }
        for call in &module.calls {
            used.insert(call.method());
            let pieces = call.written.split('.').map(|piece| piece.trim_end_matches(['(', ')', '[', ']']));
            used.extend(pieces);
            for argument in &call.arguments {
                used.extend(argument.value.as_name().map(last));
                // Configurations name functions as texts: `train.run_all`.
                let named = argument.value.as_text().filter(|text| !text.contains([' ', '/']));
                used.extend(named.and_then(|text| text.rsplit(['.', ':']).next()));
            }
        }
        for definition in &module.definitions {
            used.extend(definition.bases.iter().map(|base| last(base)));
            // What a framework registers or overrides is called from there.
            if !definition.decorators.is_empty() || (definition.is_class && !definition.bases.is_empty()) {
                used.insert(definition.name.as_str());
            }
        }
        for assigned in &module.assignments {
            match &assigned.value {
                Value::Name(name) => {
                    used.insert(last(name));
                }
                Value::List(items) => used.extend(items.iter().filter_map(Value::as_name).map(last)),
                Value::Map(items) => {
                    used.extend(items.iter().filter_map(|(_, item)| item.as_name()).map(last))
                }
                _ => {}
            }
        }
    }
    for (_, file) in facts.files.iter().filter(|(_, file)| file.python.is_none()) {
        let signs =
            file.activity.iter().flat_map(|activity| activity.trains.iter().chain(&activity.evaluates));
        used.extend(signs.flat_map(|sign| sign.within.iter().map(String::as_str)));
    }
    used
}

/// Copies of other projects are not this one's code.
pub fn is_vendored(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.split('/').rev().skip(1).any(|part| {
        matches!(
            part,
            "third_party"
                | "thirdparty"
                | "third-party"
                | "vendor"
                | "vendored"
                | "external"
                | "externals"
                | "extern"
                | "node_modules"
                | "site-packages"
                | "submodules"
                | "venv"
                | ".venv"
        )
    })
}

/// Files that documents name, as far as they are in the tree.
fn named_in_documents(facts: &Facts) -> BTreeSet<&str> {
    let mut named = BTreeSet::new();
    for command in &facts.commands.documented {
        if let Some(script) = command.script.as_deref()
            && let Some((path, _)) = facts.files.get_key_value(script)
        {
            named.insert(path.as_str());
        }
    }
    for path in &facts.guided {
        let Some(document) = facts.document(path) else { continue };
        let links = document.links.iter().filter(|link| !link.image).map(|link| link.target.as_str());
        for target in links.chain(document.inline_code.iter().map(|code| code.text.as_str())) {
            if let Some(resolved) = tree::resolve(path, target)
                && let Some((found, _)) = facts.files.get_key_value(&resolved)
            {
                named.insert(found.as_str());
            }
        }
    }
    named
}

/// Files that are run, or imported by a file that is run, however far.
pub fn reached(facts: &Facts) -> BTreeSet<&str> {
    let mut start: Vec<&str> = facts
        .files
        .iter()
        .filter(|(path, file)| {
            let activity = file.activity.as_ref();
            file.python.is_none()
                || path.ends_with(".ipynb")
                || activity.is_some_and(|activity| activity.entry.is_some() || activity.is_unit_test)
        })
        .map(|(path, _)| path.as_str())
        .collect();
    // Entry points of a package, and modules that documents run.
    for command in facts.commands.documented.iter().chain(&facts.commands.scripted) {
        if let Some(script) = command.script.as_deref()
            && let Some((path, _)) = facts.files.get_key_value(script)
        {
            start.push(path.as_str());
        }
    }
    imported_from(facts, start)
}

/// `start`, and the files of the project that they import, however far.
pub fn imported_from<'facts>(facts: &'facts Facts, start: Vec<&'facts str>) -> BTreeSet<&'facts str> {
    let mut modules: HashMap<&str, Vec<&str>> = HashMap::new();
    for (path, _) in facts.python() {
        let stem = path.strip_suffix(".py").or_else(|| path.strip_suffix(".pyx")).unwrap_or(path);
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        modules.entry(stem.rsplit('/').next().unwrap_or(stem)).or_default().push(path);
    }
    let mut open = start;
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    while let Some(path) = open.pop() {
        let Some(module) = facts.files.get(path).and_then(|file| file.python.as_ref()) else { continue };
        for import in &module.imports {
            let last = import.module.rsplit('.').next().filter(|piece| !piece.is_empty());
            for piece in last.into_iter().chain(import.name.as_deref()) {
                // Each name is followed once: every module that bears it is taken then.
                for candidate in modules.remove(piece).into_iter().flatten() {
                    if seen.insert(candidate) {
                        open.push(candidate);
                    }
                }
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::python;

    fn of(path: &str, text: &str) -> Activity {
        read(path, text, Some(&python::parse(text))).unwrap_or_default()
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("valAcc_top1.mean"), ["val", "acc", "top", "1", "mean"]);
    }

    #[test]
    fn an_optimizer_that_is_stepped_trains_and_one_over_inputs_does_not() {
        let trains = of(
            "a.py",
            "opt = torch.optim.SGD(net.parameters(), lr=1)\nfor x in d:\n    f(x).backward()\n    opt.step()\n",
        );
        assert_eq!(trains.trains.first().map(|sign| (sign.trust, sign.lines.first)), Some((Trust::Sure, 4)));
        let attacks = of(
            "a.py",
            "opt = torch.optim.LBFGS([dummy_input])\nfor i in range(3):\n    opt.step(closure)\n    env.step(a)\n",
        );
        assert!(attacks.trains.iter().all(|sign| sign.trust < Trust::Sure));
        let own = of(
            "a.py",
            "class Slow(torch.optim.Optimizer):\n    def step(self):\n        self.optimizer.step()\n",
        );
        assert!(own.trains.is_empty());
    }

    #[test]
    fn preparing_data_is_no_training() {
        let found = of("a.py", "scaler = StandardScaler()\nscaler.fit(x)\nnet.train()\nnet.eval()\n");
        assert!(found.trains.iter().all(|sign| sign.trust == Trust::Hint), "{found:?}");
        assert!(found.evaluates.is_empty(), "{found:?}");
    }
}
