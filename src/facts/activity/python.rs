//! What a Python module does, by its calls, loops, assignments and names.

use super::names::*;
use super::{Activity, Sign, Trust};
use crate::facts::document::Lines;
use crate::facts::exports;
use crate::facts::identifier::{Word, Words, has_any, holds, words};
use crate::facts::python::{Assignment, Call, Comparison, Definition, Loop, PythonModule, Value};
use foldhash::{HashMap, HashMapExt as _, HashSet};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// What a parsed module does.
pub(super) fn read(path: &str, module: &PythonModule) -> Activity {
    Reader::new(path, module).read()
}

const MOST_SIGNS: usize = 60;

struct Reader<'module> {
    path: &'module str,
    module: &'module PythonModule,
    activity: Activity,
    is_optimizer: Vec<bool>,
    optimizers: BTreeMap<&'module str, bool>,
    is_preparation: BTreeSet<&'module str>,
    /// Names that hold what was made from data by a class of this project.
    built_from_data: BTreeSet<&'module str>,
    /// Names that hold an object of a class, as the layers of a network do.
    is_made_here: BTreeSet<&'module str>,
    defined: HashSet<&'module str>,
    called: HashSet<&'module str>,
    has_optimizer: bool,
    path_words: Words<'module>,
    choices: OnceCell<Choices<'module>>,
    /// Lines that assign the state of a sampler or a solver.
    state_lines: OnceCell<HashSet<u32>>,
}

/// Variables, with the definitions that they stand in.
type Variables<'module> = HashSet<(Option<usize>, &'module str)>;

/// Choices that a module makes: see [`Reader::learns_of_a_choice`].
struct Choices<'module> {
    /// Those of the best so far.
    best: Variables<'module>,
    /// Those that are counted.
    counted: Variables<'module>,
}

impl<'module> Choices<'module> {
    fn of(module: &'module PythonModule) -> Self {
        let is_best = |value: &Value| matches!(value, Value::Name(name) if name.ends_with("argmax()") || name.ends_with("argmin()"));
        let is_one = |value: &Value| matches!(value, Value::Number(number) if number == "1");
        let assigned = || module.assignments.iter();
        let best = assigned().filter(|made| is_best(&made.value));
        let counted = assigned().filter(|counted| counted.augmented && is_one(&counted.value));
        Self {
            best: best.map(|made| (made.scope, made.target.as_str())).collect(),
            counted: counted.filter_map(|of| Some((of.scope, of.index.as_deref()?))).collect(),
        }
    }
}

/// Whether a value's name says that it is the state of a trained model.
fn is_state(name: &str) -> bool {
    has_any(&words(name), &["state", "checkpoint", "ckpt"]) || name.starts_with("torch.load")
}

/// Whether `def eval(self)` does no more than put the parts of a model into a mode.
fn sets_mode(definition: &Definition) -> bool {
    const LONGEST: u32 = 5;
    definition.name == "eval"
        && definition.parameters.len() == 1
        && definition.parent.is_some()
        && definition.lines.last.saturating_sub(definition.lines.first) <= LONGEST
}

/// Whether a value that `model.train(…)` is handed says which mode to be in: `True`, `was_training`, `mode`.
fn is_mode(value: &Value) -> bool {
    const MODE: &[&str] = &[
        "was", "is", "in", "prev", "previous", "original", "old", "training", "mode", "status", "state",
        "flag",
    ];
    match value {
        Value::Flag(_) => true,
        Value::Name(name) => {
            let last = name.rsplit('.').next().unwrap_or(name);
            words(last).iter().all(|word| MODE.contains(&word.as_ref()))
        }
        _ => false,
    }
}

/// Whether a function that is called makes something or fetches it, and corrects nothing.
fn makes_anew(called: &str) -> bool {
    let name = called.trim_end_matches("()");
    holds(
        name.rsplit('.').next().unwrap_or(name),
        &[
            "generate",
            "sample",
            "random",
            "get",
            "load",
            "read",
            "make",
            "create",
            "init",
            "empty",
            "initialize",
            "copy",
        ],
    )
}

/// Whether a call writes a picture or a film.
fn writes_a_picture(call: &Call) -> bool {
    SAVES_IMAGES.contains(&call.method())
        || matches!(
            call.method(),
            "imwrite" | "mimsave" | "mimwrite" | "write_video" | "write_videofile" | "VideoWriter"
        )
        || call.method() == "save"
            && ["fromarray()", "toimage()", "to_pil_image()"]
                .iter()
                .any(|made| call.receiver().ends_with(made))
}

/// Methods that draw numbers.
#[rustfmt::skip]
const PLOTS: &[&str] = &[
    "plot", "errorbar", "bar", "boxplot", "semilogy", "semilogx", "loglog", "fill_between", "hist", "scatter",
    "violinplot", "lineplot", "barplot", "heatmap", "tsplot", "plot_surface", "contourf",
];

/// Words of what is moved along a gradient without learning: attacks move inputs, simulations positions.
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
    // Statistics that go along.
    "mean",
    "means",
    "var",
    "variance",
    "std",
    "running",
];

const SAVES_IMAGES: &[&str] = &["save_image", "save_images", "imsave", "save_img"];

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
            built_from_data: BTreeSet::new(),
            is_made_here: BTreeSet::new(),
            defined: module.definitions.iter().map(|definition| definition.name.as_str()).collect(),
            // A method that calls its like on its parts is not yet called by anybody.
            called: module
                .calls
                .iter()
                .filter(|call| {
                    let around = call.scope.and_then(|scope| module.definitions.get(scope));
                    around.is_none_or(|around| around.name != call.method())
                })
                .map(Call::method)
                .collect(),
            has_optimizer: has_optimizer(module),
            choices: OnceCell::new(),
            state_lines: OnceCell::new(),
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
        self.activity.writes_pictures = module.calls.iter().any(writes_a_picture);
        self.measures_without_learning();
        self.path_signs();
        self.bandits();
        self.learners_as_they_go();
        self.forget_mere_sampling();
        self.forget_mere_looking();
        self.forget_measures_of_training();
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

    /// Choices of an arm by what was seen of all arms: a bandit learns so, however its functions are called.
    fn bandits(&mut self) {
        let module = self.module;
        let speaks_of_arms = |assigned: &&Assignment| holds(&assigned.target, &["arm", "arms"]);
        let scopes: BTreeSet<Option<usize>> =
            module.assignments.iter().filter(speaks_of_arms).map(|assigned| assigned.scope).collect();
        let chooses = |call: &&Call| {
            matches!(call.method(), "argmax" | "argmin" | "argsort" | "argpartition")
                && scopes.contains(&call.scope)
        };
        let choices: Vec<&Call> = module.calls.iter().filter(chooses).collect();
        for call in &choices {
            self.trains("chooses arms by what it has seen", Trust::Likely, call.lines, call.scope);
        }
        if choices.is_empty() || self.activity.entry.is_none() {
            return;
        }
        let averaged = module.calls.iter().find(|call| {
            call.scope.is_none() && matches!(call.method(), "mean" | "average") && !call.arguments.is_empty()
        });
        if let Some(call) = averaged {
            self.evaluates("averages over runs", Trust::Likely, call.lines, call.scope);
        }
    }

    /// A script that follows no gradients, and says so, prints a loss to tell how well a model does.
    fn measures_without_learning(&mut self) {
        const TOLD: &[&str] = &[
            "loss",
            "losses",
            "mse",
            "mae",
            "likelihood",
            "nll",
            "elbo",
            "score",
            "scores",
            "reward",
            "rewards",
        ];
        const NOT_TOLD: &[&str] = &[
            "train", "training", "must", "should", "expected", "unknown", "invalid", "save", "saved", "path",
        ];
        let module = self.module;
        let says_so = ["no_grad", "inference_mode", "eval"].iter().any(|method| self.called.contains(method));
        let learns = self.activity.trains.iter().any(|sign| sign.trust != Trust::Hint);
        if !says_so || learns || self.activity.is_unit_test {
            return;
        }
        let shows_value = |text: &str| text.contains(['{', '%']) || text.trim_end().ends_with([':', '=']);
        for phrase in module.phrases.iter().filter(|phrase| shows_value(&phrase.text)) {
            let found = words(&phrase.text);
            if found.len() <= 12 && has_any(&found, TOLD) && !has_any(&found, NOT_TOLD) {
                let lines = Lines::at(phrase.line);
                self.evaluates("reports a measure and trains nothing", Trust::Likely, lines, phrase.scope);
            }
        }
    }

    /// What is asked for its choice and then told what came of it, in one loop, learns as it goes, whatever it is
    /// called: `guess = expert.get_prediction()`, then `expert.update(loss)`.
    fn learners_as_they_go(&mut self) {
        const ASKED: &[&str] = &[
            "predict",
            "prediction",
            "choose",
            "choice",
            "select",
            "act",
            "action",
            "play",
            "recommend",
            "decide",
            "decision",
            "ask",
            "suggest",
        ];
        // Filters correct what they believe of one moving thing.
        const FOLLOWERS: &[&str] = &["tracker", "track", "kf", "ekf", "ukf", "kalman", "filter"];
        let module = self.module;
        // `player` of `players`, `self.players[i]`: one of several is asked, and one of them is told.
        let one_of = |receiver: &'module str| {
            let whole = receiver.split('[').next().unwrap_or(receiver);
            whole.rsplit('.').next().unwrap_or(whole).trim_end_matches('s')
        };
        let parts = |call: &'module Call| {
            let (receiver, method) = call.written.rsplit_once('.')?;
            (call.loops > 0 && !receiver.is_empty()).then_some((one_of(receiver), call.scope, method))
        };
        let asked: BTreeSet<(&str, Option<usize>)> = module
            .calls
            .iter()
            .filter_map(parts)
            .filter(|(_, _, method)| holds(method, ASKED))
            .map(|(receiver, scope, _)| (receiver, scope))
            .collect();
        if asked.is_empty() {
            return;
        }
        for call in module.calls.iter().filter(|call| !call.arguments.is_empty()) {
            let Some((receiver, scope, method)) = parts(call) else { continue };
            if matches!(method, "update" | "observe" | "tell" | "feedback" | "receive" | "receive_reward")
                && asked.contains(&(receiver, scope))
                && !holds(receiver, FOLLOWERS)
            {
                self.trains("learns of what its choices brought", Trust::Likely, call.lines, scope);
            }
        }
    }

    /// A script that looks at pictures with nothing beside it measures nothing, whatever it is called.
    fn forget_mere_looking(&mut self) {
        const DRAWS: &[&str] = &["draws a figure", "draws a figure of numbers"];
        const LOOKS: &[&str] = &["imshow", "matshow"];
        let called = |methods: &[&str]| methods.iter().any(|method| self.called.contains(method));
        let restores = || {
            let named = |method: &&str| holds(method, &["restore", "pretrained", "checkpoint", "ckpt"]);
            !self.activity.loads.is_empty() || self.called.iter().any(named)
        };
        // What follows gradients to a picture, or shows what a trained model makes, experiments.
        if called(LOOKS)
            && !called(PLOTS)
            && !called(&["barh"])
            && self.activity.trains.is_empty()
            && !restores()
            && self.activity.evaluates.iter().all(|sign| sign.trust == Trust::Hint)
        {
            self.activity.evaluates.retain(|sign| !DRAWS.contains(&sign.what));
        }
    }

    /// What is told of a measure within the training, and nowhere of data that is held out, is how the training goes.
    fn forget_measures_of_training(&mut self) {
        const TOLD: &[&str] = &["computes a metric", "reports a metric"];
        let is_of_training = |sign: &Sign| {
            let around = || sign.within.iter().map(|name| words(name));
            sign.trust == Trust::Hint
                && TOLD.contains(&sign.what)
                && around().any(|found| has_any(&found, &["train", "trainer", "training"]))
                && !around().any(|found| has_any(&found, HELD_OUT) || has_any(&found, EVALUATING))
        };
        self.activity.evaluates.retain(|sign| !is_of_training(sign));
    }

    /// A script that draws images and saves them measures nothing, even where its function is called `evaluate`.
    fn forget_mere_sampling(&mut self) {
        const NAMED_SO: &[&str] = &["measures the model", "defines the evaluation"];
        const BESIDE: &[&str] = &[
            "is an evaluation script by name",
            "lies among experiments",
            "draws a figure",
            "draws a figure of numbers",
            "uses held-out data",
            "repeats an experiment",
        ];
        let only_named = self.activity.evaluates.iter().all(|sign| {
            NAMED_SO.contains(&sign.what) || (BESIDE.contains(&sign.what) && sign.trust == Trust::Hint)
        });
        if !only_named || !SAVES_IMAGES.iter().any(|method| self.called.contains(method)) {
            return;
        }
        // What is called from elsewhere may well measure.
        let asks_elsewhere = self.module.calls.iter().any(|call| {
            let method = call.method();
            !self.defined.contains(method)
                && !call.arguments.is_empty()
                && holds(method, &["eval", "evaluate", "evaluation", "test", "validate", "fid"])
        });
        if !asks_elsewhere {
            self.activity.evaluates.retain(|sign| !NAMED_SO.contains(&sign.what));
        }
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
            } else if self.makes_from_data(call) {
                let targets = assigned_on.get(&call.lines.first).into_iter().flatten();
                self.built_from_data.extend(targets.copied());
            }
        }
        for assigned in &self.module.assignments {
            let Value::Name(name) = &assigned.value else { continue };
            if is_preparation(name) {
                self.is_preparation.insert(assigned.target.as_str());
            }
            let made = name.strip_suffix("()").and_then(|made| made.rsplit('.').next());
            if made.is_some_and(|made| made.starts_with(|first: char| first.is_ascii_uppercase())) {
                self.is_made_here.insert(assigned.target.as_str());
            }
        }
    }

    /// Whether a class of this project is handed data, as estimators are that are run afterwards.
    fn makes_from_data(&self, call: &Call) -> bool {
        const OTHERS: &[&str] = &[
            "data",
            "dataset",
            "loader",
            "eval",
            "evaluator",
            "evaluation",
            "test",
            "tester",
            "plot",
            "plotter",
            "simulator",
            "simulation",
            "parser",
            "reader",
            "writer",
            "processor",
            "preprocessor",
            "sampler",
            "env",
            "environment",
            "attack",
            "logger",
            "benchmark",
            "visualizer",
            "generator",
            "thread",
            "process",
            "server",
        ];
        let name = call.method();
        let is_own = self.defined.contains(name)
            || self.module.imports.iter().any(|import| {
                import.name.as_deref() == Some(name) && import.module.rsplit('.').next() == Some(name)
            });
        name.starts_with(|first: char| first.is_ascii_uppercase())
            && is_own
            && !holds(name, OTHERS)
            && call.positional().next().and_then(Value::as_name).is_some_and(|first| {
                let last = first.rsplit('.').next().unwrap_or(first);
                matches!(
                    last,
                    "data" | "dataset" | "X" | "samples" | "observations" | "train_data" | "X_train"
                )
            })
    }

    fn training_call(&mut self, call: &Call) {
        let method = call.method();
        let receiver = call.receiver();
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
                // Attacks follow the gradient down to an input.
                let over_inputs = !self.optimizers.is_empty() && self.optimizers.values().all(|over| *over);
                let trust = if !self.activity.is_unit_test
                    && !over_inputs
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
            | "optimize_parameters"
            | "partial_fit"
            | "make_train_step"
            | "launch_train_with_config"
            | "fit_gpytorch_model"
            | "fit_gpytorch_mll" => {
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
            // Regression with a kernel: what is solved for stands on the side of the labels.
            "solve" | "spsolve" | "cho_solve" | "lu_solve"
                if call.name.contains("linalg")
                    && call.positional().nth(1).is_some_and(|right| match right {
                        Value::Name(name) | Value::Other(name) => {
                            holds(name.split('[').next().unwrap_or(name), &["y", "ys", "labels", "targets"])
                        }
                        _ => false,
                    }) =>
            {
                self.trains("solves for the parameters", Trust::Likely, lines, scope);
            }
            // As climin and GPy do.
            "minimize_until" => self.trains("minimizes an objective", Trust::Likely, lines, scope),
            "optimize" | "optimize_restarts"
                if ["messages", "max_iters", "num_restarts"]
                    .iter()
                    .any(|name| call.keyword(name).is_some()) =>
            {
                self.trains("fits a model", Trust::Sure, lines, scope);
            }
            "fit" | "fit_transform" | "fit_predict" | "fit_resample" => self.fit_call(call, receiver),
            // One that is handed a state puts it into a model.
            "pretrain"
                if call.arguments.iter().any(|argument| argument.value.as_name().is_some_and(is_state)) => {}
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
                } else if method != "train" || call.arguments.iter().any(|argument| !is_mode(&argument.value))
                {
                    self.trains("calls the training", Trust::Likely, lines, scope);
                }
            }
            "train_epoch" | "train_one_epoch" | "train_step" | "training_step" | "train_loop"
            | "do_train" | "train_iter" => {
                self.trains("calls the training", Trust::Likely, lines, scope);
            }
            "update" if Self::fills_a_dictionary(call, receiver) => {}
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
                    || (call.arguments.is_empty() && self.built_from_data.contains(receiver))
                {
                    self.trains("lets a learner learn", Trust::Likely, lines, scope);
                }
            }
            "sample_chain" => self.trains("samples a posterior", Trust::Likely, lines, scope),
            // What hands jobs to a cluster has parameters as well.
            "update_parameters" if holds(receiver, &["executor"]) => {}
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
                if holds(receiver, &["sm", "stan", "model"])
                    && !call.arguments.is_empty()
                    && self.module.imports_package("pystan")
                {
                    self.trains("samples a posterior", Trust::Sure, lines, scope);
                }
            }
            // A straight line through points is drawn, and seldom learned.
            "polyfit" if matches!(call.positional().nth(2), Some(Value::Number(degree)) if degree == "1") => {
                self.trains("fits by least squares or descent", Trust::Hint, lines, scope);
            }
            "lstsq" | "curve_fit" | "least_squares" | "fmin_l_bfgs_b" | "fmin_bfgs" | "fmin_cg" | "ols"
            | "OLS" | "polyfit" => {
                self.trains("fits by least squares or descent", Trust::Likely, lines, scope);
            }
            "function" => {
                if let Some(updates) = call.keyword("updates").filter(|value| **value != Value::Nothing) {
                    // Samplers update their state and learn nothing by that.
                    let simulates = updates.as_name().is_some_and(|name| {
                        holds(
                            name,
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
            "set_data" | "set_value" | "assign" | "assign_sub" | "copy_" | "sub_"
                if self.moves_along_a_gradient(call) =>
            {
                self.trains("moves parameters along a gradient", Trust::Likely, lines, scope);
            }
            "run_experiments" if call.name.contains("tune") => {
                self.trains("runs a trainer", Trust::Sure, lines, scope);
            }
            "run_agents_on_mdp" | "run_agents_lifelong" => {
                self.trains("runs a trainer", Trust::Sure, lines, scope);
            }
            "optimize" if holds(receiver, &["experiment", "trainer", "solver", "learner"]) => {
                self.trains("runs a trainer", Trust::Likely, lines, scope);
            }
            "main_loop" | "TrainLoop" => self.trains("runs a training loop", Trust::Likely, lines, scope),
            "estimate" | "observe" | "update" | "build" | "solve" | "optimize" | "iterate" | "step"
            | "add_data" | "improve" | "em" | "EM" | "boost"
                if !call.arguments.is_empty() && holds(receiver, LEARNERS) =>
            {
                self.trains("lets a learner learn", Trust::Likely, lines, scope);
            }
            "update" | "observe" | "add_data"
                if !call.arguments.is_empty() && !receiver.is_empty() && holds(receiver, PLAYERS) =>
            {
                self.trains("lets a learner learn", Trust::Likely, lines, scope);
            }
            "estimate" if !receiver.is_empty() && !call.arguments.is_empty() => {
                self.trains("estimates from data", Trust::Likely, lines, scope);
            }
            _ => {
                let found = words(method);
                let verbs =
                    ["train", "fit", "learn", "finetune", "pretrain", "retrain", "training", "optimize"];
                let first = found.first().map(AsRef::as_ref).unwrap_or_default();
                let is_verb = verbs.contains(&first)
                    || (has_any(&found, &["train", "trainer"])
                        && has_any(
                            &found,
                            &["loop", "epoch", "step", "model", "one", "run", "do", "op", "net", "network"],
                        ));
                let told = words(receiver);
                if backs_and_steps(&found) || fits_from_a_generator(&found) {
                    self.trains("updates parameters", Trust::Sure, lines, scope);
                } else if is_verb
                    && found.len() > 1
                    && !has_any(&found, DATA_WORDS)
                    && !has_any(&found, &["split", "test"])
                {
                    self.trains("calls the training", Trust::Likely, lines, scope);
                } else if !call.arguments.is_empty()
                    && tells_to_learn(&found)
                    && (has_any(&told, LEARNERS) || has_any(&told, PLAYERS))
                {
                    self.trains("lets a learner learn", Trust::Likely, lines, scope);
                } else if !call.arguments.is_empty()
                    && has_any(&found, &["parameter", "parameters", "params"])
                    && matches!(found.last().map(AsRef::as_ref), Some("estimation" | "learning" | "fitting"))
                {
                    self.trains("estimates from data", Trust::Likely, lines, scope);
                } else if has_any(&found, &["update", "updates"])
                    && has_any(&found, PARAMETERS)
                    && !self.is_made_here.contains(method)
                    && !has_any(&found, &["ema", "target", "average", "plot", "set"])
                {
                    self.trains("updates parameters", Trust::Likely, lines, scope);
                } else if !call.arguments.is_empty()
                    && !is_optimizer_name(method)
                    && !self.is_made_here.contains(call.written.as_str())
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

    /// Whether what a call puts in a parameter's place lies a step of some rate away: `p.set_data(p.data() - lr * g)`,
    /// `w.assign_sub(lr * gradient)`.
    fn moves_along_a_gradient(&self, call: &Call) -> bool {
        const RATES: &[&str] = &["lr", "eta", "rate", "stepsize", "learning"];
        let target = words(call.receiver());
        let Some(Value::Other(step)) = call.positional().next() else { return false };
        let found = words(step);
        let goes_down = matches!(call.method(), "assign_sub" | "sub_")
            || step.contains('-') && target.iter().any(|word| found.contains(word));
        goes_down && has_any(&found, RATES) && !has_any(&target, MOVED)
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
            && !self.advances_a_state(assigned)
        {
            self.trains("updates what it learns", Trust::Likely, Lines::at(assigned.line), assigned.scope);
        }
        // Clustering by hand computes its centres anew in a loop.
        let centres = ["centroid", "centroids", "centers", "centres"];
        if assigned.loops > 0
            && holds(assigned.target.split('[').next().unwrap_or_default(), &centres)
            && matches!(&assigned.value, Value::Name(name) if name.ends_with("()") && !makes_anew(name))
        {
            self.trains(
                "moves the centres of clusters",
                Trust::Likely,
                Lines::at(assigned.line),
                assigned.scope,
            );
        }
        if assigned.augmented && self.learns_of_a_choice(assigned) {
            self.trains(
                "learns which choice is best",
                Trust::Likely,
                Lines::at(assigned.line),
                assigned.scope,
            );
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
        // What is moved stands on both sides; what moves it may not be all that the two have in common.
        let depends_on_itself = assigned.augmented
            || target_words.iter().any(|word| {
                value_words.contains(word)
                    && !moves.contains(&word.as_ref())
                    && !rates.contains(&word.as_ref())
            });
        let scopes = self.within(assigned.scope);
        let around = scopes.iter().flat_map(|name| words(name)).collect::<Vec<_>>();
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

    /// Whether what a choice brought is added up in a loop, beside how often it was made, as bandits do: the choice is
    /// the best so far, `arm = argmax(…)`, then `rewards[arm] += reward` and `pulls[arm] += 1`.
    fn learns_of_a_choice(&self, assigned: &Assignment) -> bool {
        let Some(choice) = assigned.index.as_deref().filter(|_| assigned.loops > 0) else { return false };
        let choices = self.choices.get_or_init(|| Choices::of(self.module));
        let choice = (assigned.scope, choice);
        !matches!(assigned.value, Value::Number(_))
            && choices.best.contains(&choice)
            && choices.counted.contains(&choice)
    }

    /// Whether a sampler or a solver of equations moves its state on, which learns nothing.
    fn advances_a_state(&self, assigned: &Assignment) -> bool {
        let scopes = self.within(assigned.scope);
        let around = scopes.iter().flat_map(|name| words(name)).collect::<Vec<_>>();
        let is_state = |other: &&Assignment| {
            let found = words(&other.target);
            matches!(found.first().map(AsRef::as_ref), Some("x" | "y" | "z" | "img" | "state" | "samples"))
        };
        let state_lines =
            || self.module.assignments.iter().filter(is_state).map(|other| other.line).collect();
        has_any(&around, &["sample", "sampler", "sampling", "solver", "ode", "sde", "simulate"])
            && self.state_lines.get_or_init(state_lines).contains(&assigned.line)
    }

    /// Whether `update` fills a dictionary and teaches nobody.
    fn fills_a_dictionary(call: &Call, receiver: &str) -> bool {
        const SETTINGS: &[&str] = &[
            "kwargs", "cfg", "config", "configs", "args", "dict", "options", "opts", "settings", "info",
            "metrics", "stats", "meta", "defaults", "hparams",
        ];
        holds(receiver, SETTINGS)
            || call.positional().next().is_some_and(|first| match first {
                Value::Map(_) => true,
                Value::Name(name) => holds(name.rsplit('.').next().unwrap_or(name), SETTINGS),
                _ => false,
            })
    }

    /// Whether a name may be that of a function which this module defines or imports.
    fn may_be_made_here(&self, name: &str) -> bool {
        self.defined.contains(name)
            || self
                .module
                .imports
                .iter()
                .any(|import| import.alias == name || import.name.as_deref() == Some("*"))
    }

    fn evaluation_call(&mut self, call: &Call) {
        if self.activity.is_unit_test {
            return;
        }
        let method = call.method();
        let receiver = call.receiver();
        let (lines, scope) = (call.lines, call.scope);
        let known = is_metric(&call.name, method);
        if known {
            self.evaluates("computes a metric", Trust::Sure, lines, scope);
            return;
        }
        let arguments = call.arguments.len();
        match method {
            "fit" | "fit_generator"
                if ["validation_data", "validation_split"]
                    .iter()
                    .any(|name| call.keyword(name).is_some_and(|value| *value != Value::Nothing)) =>
            {
                self.evaluates("measures held-out data", Trust::Likely, lines, scope);
            }
            // Of a requirement, whether it applies here.
            "evaluate" if holds(receiver, &["marker", "expression", "expr", "condition"]) => {}
            "evaluate" | "evaluate_generator" | "test_on_batch" if !receiver.is_empty() && arguments > 0 => {
                self.evaluates("evaluates the model", Trust::Sure, lines, scope);
            }
            "score" if arguments >= 2 => self.evaluates("scores the model", Trust::Sure, lines, scope),
            _ if (PLOTS.contains(&method) || method == "imshow")
                && arguments > 0
                && (receiver.contains("plt")
                    || receiver.contains("ax")
                    || receiver.contains("sns")
                    || receiver.contains("fig")
                    || call.name.contains("pyplot")
                    || receiver.contains("pl")) =>
            {
                // What a function visualizes is a thing, not how well a model does.
                let shows_things = self.within(scope).iter().any(|name| {
                    matches!(words(name).first().map(AsRef::as_ref), Some("visualize" | "visualise" | "draw"))
                });
                let draws = !matches!(method, "imshow" | "scatter" | "hist") && !shows_things;
                let trust = if draws && self.activity.entry.is_some() { Trust::Likely } else { Trust::Hint };
                self.evaluates("draws a figure of numbers", trust, lines, scope);
            }
            "savez" | "savetxt" | "to_csv" | "to_latex" | "savemat" if arguments > 0 => {
                self.evaluates("saves results", Trust::Hint, lines, scope);
            }
            // Python's own, which reads an expression out of a text.
            "eval" if receiver.is_empty() && !self.may_be_made_here("eval") => {}
            "std" | "sem" if arguments > 0 && self.activity.entry.is_some() => {
                self.evaluates("reports a spread", Trust::Hint, lines, scope);
            }
            "savefig" | "show"
                if call.name.contains("plt") || call.name.contains("pyplot") || receiver.contains("fig") =>
            {
                self.evaluates("draws a figure", Trust::Hint, lines, scope);
            }
            // What a learner lost against the best choice is known to experiments alone.
            "append" if has_any(&words(receiver), &["regret", "regrets"]) => {
                self.evaluates("collects the regret", Trust::Likely, lines, scope);
            }
            "eval" | "test" | "evaluate" if arguments == 0 && !receiver.is_empty() => {
                let found = words(receiver);
                if has_any(
                    &found,
                    &["trainer", "evaluator", "algo", "runner", "solver", "agent", "tester", "experiment"],
                ) {
                    self.evaluates("evaluates the model", Trust::Likely, lines, scope);
                } else if method == "eval" && self.keeps_the_best(scope) {
                    self.evaluates("keeps the best model", Trust::Likely, lines, scope);
                }
            }
            _ => {
                let found = words(method);
                let Some(first) = found.first().map(AsRef::as_ref) else { return };
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
                    let judges = name_measure(&found)
                        || has_any(&found, &["statistics", "evaluate", "evaluator", "stats", "calc"]);
                    let trust = if judges || predicts { Trust::Likely } else { Trust::Hint };
                    self.evaluates("uses held-out data", trust, lines, scope);
                }
                let measures =
                    matches!(first, "compute" | "calc" | "calculate" | "get" | "eval" | "evaluate")
                        && name_plain_measure(&found);
                let excluded = has_any(&found, DATA_WORDS)
                    || has_any(&found, &["train", "assert", "tf"])
                    || matches!(first, "validate") && has_any(&found, HANDED_IN)
                    || call.name.starts_with("tensorflow.test")
                    || call.name.starts_with("torch.nn.init");
                if (is_verb || measures) && arguments > 0 && !excluded {
                    let own = self.defined.contains(method) || receiver.is_empty();
                    let trust = if own && is_verb && first != "get" { Trust::Sure } else { Trust::Likely };
                    self.evaluates("measures the model", trust, lines, scope);
                } else if arguments > 0 && name_plain_measure(&found) && has_any(&found, HELD_OUT) {
                    self.evaluates("measures held-out data", Trust::Likely, lines, scope);
                } else if name_plain_measure(&found) && arguments >= 2 && !excluded {
                    self.evaluates("computes a metric", Trust::Likely, lines, scope);
                }
            }
        }
    }

    /// Whether a definition notes a measure as the best so far: `best_cost = cost`.
    fn keeps_the_best(&self, scope: Option<usize>) -> bool {
        self.module.assignments.iter().any(|assigned| {
            assigned.scope == scope
                && assigned.value.as_name().is_some_and(|name| !name.contains("()") && !name.contains("inf"))
                && matches!(words(&assigned.target).as_slice(), [first, .., _] if first == "best")
        })
    }

    fn evaluation_assignment(&mut self, assigned: &Assignment) {
        if self.activity.is_unit_test
            || matches!(assigned.value, Value::Number(_) | Value::Text(_) | Value::Flag(_) | Value::Nothing)
        {
            return;
        }
        let mut found = words(assigned.target.split('[').next().unwrap_or_default());
        // The `val` of `loss_val = session.run(loss)` is a value.
        if found.last().is_some_and(|last| last == "val") && !name_plain_measure(&found) {
            found.pop();
        }
        let lines = Lines::at(assigned.line);
        // Room for measures, and a value to begin with, are made before anything is measured.
        let begins = assigned.value.as_name().is_some_and(|name| {
            let made = words(name.trim_end_matches("()").rsplit('.').next().unwrap_or(name));
            makes_room(&made) || matches!(made.as_slice(), [word] if word == "inf")
        });
        if has_any(&found, HELD_OUT) && name_measure(&found) && !has_any(&found, DATA_WORDS) {
            let trust = if begins { Trust::Hint } else { Trust::Likely };
            self.evaluates("measures held-out data", trust, lines, assigned.scope);
        // What a model foretells of a measure is an output like others.
        } else if name_plain_measure(&found)
            && !has_any(&found, &["train", "training", "tr", "prediction", "predictions", "preds", "pred"])
        {
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
            // Files that are listed may be measured, or merely drawn.
            if !has_any(&found, &["listdir", "scandir"]) {
                self.evaluates("goes over held-out data", Trust::Likely, looped.lines, looped.scope);
            }
        } else if has_any(&found, REPEATED) {
            self.evaluates("repeats an experiment", Trust::Hint, looped.lines, looped.scope);
        }
    }

    fn comparison(&mut self, compared: &Comparison) {
        const PREDICTED: &[&str] = &[
            "adv",
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
        // How large two things are says nothing of how alike they are.
        let is_size =
            |side: &str| [".shape", ".size", ".ndim", "len("].iter().any(|size| side.contains(size));
        if self.activity.is_unit_test || is_size(&compared.left) || is_size(&compared.right) {
            return;
        }
        let (left, right) = (words(&compared.left), words(&compared.right));
        let matches = |one: &[Word<'_>], other: &[Word<'_>]| has_any(one, PREDICTED) && has_any(other, TRUE);
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
        if has_any(&found, HELD_OUT) && name_measure(&found) {
            let trust = if shows_value { Trust::Likely } else { Trust::Hint };
            self.evaluates("reports a result on held-out data", trust, lines, scope);
        } else if shows_value && name_plain_measure(&found) && !has_any(&found, &["train", "training"]) {
            self.evaluates("reports a metric", Trust::Hint, lines, scope);
        }
        if announces_training(&found) {
            self.trains("announces the training", Trust::Likely, lines, scope);
        }
    }

    fn definition(&mut self, definition: &Definition) {
        let found = words(&definition.name);
        let lines = definition.lines;
        if implements_optimizer(definition) {
            return;
        }
        let first = found.first().map(AsRef::as_ref).unwrap_or_default();
        let within = definition.parent;
        if !definition.is_class {
            let is_used = self.called.contains(definition.name.as_str());
            let first = first.trim_end_matches(|last: char| last.is_ascii_digit());
            if matches!(first, "train" | "fit" | "learn" | "pretrain" | "retrain" | "finetune")
                && !has_any(&found, DATA_WORDS)
                && !has_any(&found, &["test"])
                && (first != "pretrain" || !definition.parameters.iter().any(|(name, _)| is_state(name)))
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
                && (first != "validate" || !has_any(&found, HANDED_IN))
                && !definition.parameters.is_empty()
                && !sets_mode(definition)
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
        let folders: Words<'_> =
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
        let shows = has_any(
            &named,
            &[
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
        );
        if shows || has_any(&named, EVALUATING) {
            self.evaluates("is an evaluation script by name", Trust::Hint, entry, None);
        }
    }

    fn weights_call(&mut self, call: &Call) {
        let method = call.method();
        let receiver = call.receiver();
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
                && holds(receiver, &["saver", "model", "checkpoint", "ckpt", "net", "manager", "agent"]))
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
        if exports::loads(call) {
            self.activity.loads.push(Sign { what: "loads weights", trust: Trust::Likely, lines, within });
        }
    }
}
