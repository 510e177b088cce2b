//! Sources of randomness: what the code that trains draws from, and what seeds it on the way from the entry point.
//!
//! An entry point is followed through its local imports. Of the modules that it brings in, only what is named
//! somewhere on the way counts: a helper that nobody calls draws nothing.

use super::document::{LineIndex, Lines};
use super::flags::{self, DeclaredFlags, Project};
use super::plan::Kind;
use super::python::{Call, PythonModule, Value};
use super::tooling::is_test_path;
use super::{Facts, FileFacts, foreign};
use crate::pattern::Pattern;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use reach::{MOST_MODULES, Modules, Step, may_be_called};
use std::collections::BTreeMap;

mod reach;

/// A generator with a state of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Library {
    /// Python's `random`.
    Random,
    /// NumPy's global generator, which scikit-learn and SciPy use as well.
    NumPy,
    /// PyTorch, on CPU and CUDA.
    Torch,
    /// TensorFlow and Keras.
    TensorFlow,
    /// JAX: keys are explicit.
    Jax,
    /// R.
    R,
    /// Julia.
    Julia,
    /// MATLAB and Octave.
    Matlab,
    /// Lua's Torch.
    Lua,
}

impl Library {
    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::NumPy => "numpy",
            Self::Torch => "torch",
            Self::TensorFlow => "tensorflow",
            Self::Jax => "jax",
            Self::R => "R",
            Self::Julia => "Julia",
            Self::Matlab => "MATLAB",
            Self::Lua => "Lua Torch",
        }
    }

    /// The statement that seeds it with `seed`.
    pub fn seed_call(self, seed: &str) -> String {
        match self {
            Self::Random => format!("random.seed({seed})"),
            Self::NumPy => format!("np.random.seed({seed})"),
            Self::Torch => format!("torch.manual_seed({seed})"),
            Self::TensorFlow => format!("tf.random.set_seed({seed})"),
            Self::Jax => format!("key = jax.random.PRNGKey({seed})"),
            Self::R => format!("set.seed({seed})"),
            Self::Julia => format!("Random.seed!({seed})"),
            Self::Matlab => format!("rng({seed})"),
            Self::Lua => format!("torch.manualSeed({seed})"),
        }
    }
}

/// A place that draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// What it draws from.
    pub library: Library,
    /// Where.
    pub path: String,
    /// The line there.
    pub line: u32,
    /// The call, resolved.
    pub what: String,
}

/// A place that seeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// What it seeds.
    pub libraries: Vec<Library>,
    /// Where.
    pub path: String,
    /// The line there.
    pub line: u32,
    /// The call, resolved.
    pub what: String,
    /// The generator that its value is drawn from, if it is.
    pub from: Option<Library>,
    /// Why it does not seed by itself: its value is missing, the clock's, or an option's without a default.
    pub void: Option<String>,
}

/// A `--seed` flag that nothing reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadFlag {
    /// As declared.
    pub name: String,
    /// Where.
    pub path: String,
    /// The line there.
    pub line: u32,
}

/// Something that is run, and what it draws and seeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// Its path.
    pub path: String,
    /// Where it trains, if it does.
    pub trains: Option<(String, u32)>,
    /// Whether a document or a script calls it.
    pub documented: bool,
    /// Whether anything on the way imports a framework of neural networks.
    pub has_framework: bool,
    /// The first draw from each library.
    pub draws: Vec<Draw>,
    /// What it seeds.
    pub seeds: Vec<Seed>,
    /// Seed flags that it declares and reads, and those that it does not read.
    pub read_flags: usize,
    /// Seed flags that nothing reads.
    pub unread_flags: Vec<UnreadFlag>,
}

impl EntryPoint {
    /// Whether `library` is seeded.
    pub fn is_seeded(&self, library: Library) -> bool {
        // What JAX draws, it draws with a key.
        let by = |library: Library, from: fn(&Self, Library) -> bool| {
            self.seeds.iter().any(|seed| {
                seed.void.is_none()
                    && seed.libraries.contains(&library)
                    && seed.from.is_none_or(|source| source != library && from(self, source))
            })
        };
        by(library, |entry, source| {
            entry
                .seeds
                .iter()
                .any(|seed| seed.void.is_none() && seed.from.is_none() && seed.libraries.contains(&source))
        })
    }

    /// Whether it draws, or trains in ways that reading does not follow and seeds all the same.
    pub fn is_telling(&self) -> bool {
        !self.draws.is_empty() || self.seeds.iter().any(|seed| seed.void.is_none())
    }

    /// What is drawn from and not seeded.
    pub fn unseeded(&self) -> impl Iterator<Item = &Draw> {
        self.draws.iter().filter(|draw| !self.is_seeded(draw.library))
    }
}

/// The entry points of the project that train, or where none is seen to, those that draw.
pub fn entry_points(facts: &Facts, foreign: &[String]) -> Vec<EntryPoint> {
    let project = facts.project();
    let mut imported: HashSet<String> = HashSet::new();
    let own: Vec<(&str, &PythonModule)> = facts
        .python()
        .filter(|(path, _)| !foreign::holds(foreign, path) && !is_support(facts.within_project(path)))
        .collect();
    for (path, _) in &own {
        imported.extend(project.imported(path, path).iter().filter(|found| found != path).cloned());
    }
    let called: HashSet<&str> = facts
        .commands
        .documented
        .iter()
        .chain(&facts.commands.scripted)
        .filter_map(|command| command.script.as_deref())
        .collect();
    let readme = facts.readme.as_deref().and_then(|path| facts.files.get(path)).map_or("", |file| &file.text);
    let mut documented: HashSet<&str> =
        facts.commands.documented.iter().filter_map(|command| command.script.as_deref()).collect();
    // What a shell script runs that the README names is told too.
    let through: Vec<&str> = facts
        .commands
        .scripted
        .iter()
        .filter(|command| {
            let shell = command.document.as_str();
            let name = shell.rsplit_once('/').map_or(shell, |(_, name)| name);
            name.len() > 5 && readme.contains(name)
        })
        .filter_map(|command| command.script.as_deref())
        .collect();
    documented.extend(through);
    let candidates: Vec<(&str, bool)> = own
        .iter()
        .filter(|(path, module)| {
            module.entry_point.is_some()
                || called.contains(path)
                || !module.top_level_work.is_empty() && !imported.contains(*path)
        })
        .map(|(path, _)| {
            let name = path.rsplit_once('/').map_or(*path, |(_, name)| name);
            (*path, documented.contains(path) || path.ends_with(".py") && readme.contains(name))
        })
        .collect();
    let mut modules = Modules::default();
    let mut read = |told: bool| -> Vec<EntryPoint> {
        let candidates = candidates.iter().filter(|candidate| candidate.1 == told).take(MOST_ENTRIES);
        candidates
            .map(|(path, documented)| {
                let follow = || follow(project, &mut modules, path);
                let followed = project.code.entry_points.get((*path).to_owned(), follow);
                EntryPoint { documented: *documented, ..followed.as_ref().clone() }
            })
            .collect()
    };
    // What the documents tell people to run is enough where it trains.
    let mut found = read(true);
    if !found.iter().any(|entry| entry.trains.is_some() && entry.is_telling()) {
        found.extend(read(false));
    }
    if found.is_empty() {
        found = scripts(facts, foreign);
    }
    if found.iter().any(|entry| entry.trains.is_some()) {
        found.retain(|entry| entry.trains.is_some());
        // Evaluation may build an optimizer only to restore it.
        if found.iter().any(|entry| !only_applies(&entry.path)) {
            found.retain(|entry| !only_applies(&entry.path));
        }
    } else {
        // With a framework and without a gradient, a model is only applied.
        let frameworks = [Library::Torch, Library::TensorFlow, Library::Jax];
        found.retain(|entry| !entry.has_framework || is_named_for_it(&entry.path));
        found.retain(|entry| {
            let only_draws =
                !entry.draws.is_empty() && !entry.draws.iter().any(|draw| frameworks.contains(&draw.library));
            only_draws
                || is_named_for_it(&entry.path) && entry.unseeded().next().is_none() && entry.is_telling()
        });
    }
    found
}

/// Whether a script's name says that it trains, or that it is where to begin.
pub fn is_named_for_it(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    stem.split(['_', '-', ' ']).any(|word| matches!(word, "train" | "training" | "trainer" | "main"))
}

/// Whether a script's name says that it applies a model, or shows what came out.
fn only_applies(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let words: Vec<&str> = stem.split(['_', '-', ' ']).collect();
    let applies = |word: &&str| {
        matches!(
            *word,
            "eval"
                | "evaluate"
                | "evaluation"
                | "test"
                | "infer"
                | "inference"
                | "plot"
                | "plots"
                | "visualize"
                | "visualise"
                | "visualization"
                | "vis"
                | "sample"
                | "sampling"
                | "demo"
                | "generate"
                | "predict"
                | "benchmark"
                | "export"
                | "convert"
        )
    };
    words.iter().any(applies) && !words.iter().any(|word| word.starts_with("train") || *word == "finetune")
}

/// Files that are run and are no part of the experiments.
fn is_support(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    is_test_path(path)
        || path.split('/').any(|part| part.starts_with('.'))
        || matches!(
            name,
            "setup.py" | "conf.py" | "conftest.py" | "versioneer.py" | "noxfile.py" | "__init__.py"
        )
}

/// Scripts that are followed; a folder of a hundred variants shows nothing more.
const MOST_ENTRIES: usize = 40;

fn follow<'facts>(project: Project<'facts>, modules: &mut Modules<'facts>, entry: &str) -> EntryPoint {
    let steps = modules.closure(project, entry);
    let live = modules.live(&steps);
    let declared = project.declared(entry);
    let mut sources = Sources::default();
    let mut with_torch = false;
    let mut may_train = None;
    let mut found = EntryPoint {
        path: entry.to_owned(),
        trains: None,
        documented: false,
        has_framework: steps.iter().any(|step| step.said.has_framework),
        draws: Vec::new(),
        seeds: Vec::new(),
        read_flags: 0,
        unread_flags: Vec::new(),
    };
    for (nth, step) in steps.iter().enumerate() {
        for telling in step.said.calls.iter().filter(|telling| nth == 0 || !telling.in_main) {
            let call = telling.call;
            let libraries = if telling.may_seed {
                seeded_by(call, |name| modules.defines(&steps, name))
            } else {
                Vec::new()
            };
            let alive = live.scope(nth, call.scope);
            // A method may be called through a name that reading does not resolve.
            if !libraries.is_empty() && (alive || may_be_called(&steps, step, call.scope)) {
                let (from, void) = match in_worker(&steps, step, call) {
                    Some(from) => from,
                    None => sources.of(&steps, step, call, &declared),
                };
                found.seeds.push(Seed {
                    libraries,
                    path: step.path.to_owned(),
                    line: call.lines.first,
                    what: call.name.clone(),
                    from,
                    void,
                });
                continue;
            }
            if !alive {
                // What is chosen by its name at run time cannot be followed.
                if may_train.is_none() && telling.trains && step.said.has_torch {
                    may_train = Some((step.path.to_owned(), call.lines.first));
                }
                continue;
            }
            with_torch |= step.said.has_torch
                && (call.name.starts_with("torch.optim.")
                    || matches!(call.method(), "backward" | "step") && telling.trains);
            if found.trains.is_none() && telling.trains {
                found.trains = Some((step.path.to_owned(), call.lines.first));
            }
            for library in telling.draws.iter().copied() {
                if !found.draws.iter().any(|draw| draw.library == library) {
                    found.draws.push(Draw {
                        library,
                        path: step.path.to_owned(),
                        line: call.lines.first,
                        what: call.name.clone(),
                    });
                }
            }
        }
    }
    let by_name = steps.first().is_some_and(|step| {
        let choose = [
            "eval",
            "getattr",
            "globals",
            "importlib.import_module",
            "import_module",
            "hydra.utils.instantiate",
        ];
        step.module
            .calls
            .iter()
            .any(|call| choose.contains(&call.name.trim_end_matches("()")) || call.name.contains("getattr()"))
    });
    if found.trains.is_none() && by_name && may_train.is_some() {
        found.trains = may_train;
        with_torch = true;
    }
    // A trainer seeds by itself; where the code does so too, it decides.
    let by_trainer = |seed: &Seed| seed.what.ends_with("Trainer");
    let is_workers = |seed: &Seed| seed.void.as_deref() == Some(WORKERS_ALONE);
    if found.seeds.iter().any(|seed| !by_trainer(seed) && !is_workers(seed) && seed.libraries.len() > 1) {
        found.seeds.retain(|seed| !by_trainer(seed));
    }
    // Whatever is trained was initialized, wherever that is.
    if let Some((path, line)) = &found.trains
        && with_torch
        && !found.draws.iter().any(|draw| draw.library == Library::Torch)
    {
        let what = "training".to_owned();
        found.draws.push(Draw { library: Library::Torch, path: path.clone(), line: *line, what });
    }
    found.draws.sort_by_key(|draw| draw.library);
    seed_flags(&steps, &declared, &mut found);
    found
}

/// Whether a call belongs to training: gradients, fitting, an optimizer's step.
fn trains(call: &Call) -> bool {
    let method = call.method();
    // A function of one variable or two is no model.
    if call.name.starts_with("scipy.") {
        return false;
    }
    matches!(
        method,
        "backward"
            | "fit"
            | "fit_generator"
            | "train_on_batch"
            | "minimize"
            | "apply_gradients"
            | "partial_fit"
            | "value_and_grad"
            | "fit_one_cycle"
    ) || method == "step" && (call.written.contains("optim") || call.written.contains("opt"))
        || method == "learn" && call.written.contains('.')
        || method == "train"
            && !call.arguments.is_empty()
            && ["estimator", "agent", "learner", "algo", "booster"]
                .iter()
                .any(|word| call.written.to_ascii_lowercase().contains(word))
        || method == "train" && call.written.to_ascii_lowercase().contains("trainer")
        || matches!(
            call.name.as_str(),
            "jax.grad" | "torch.autograd.grad" | "tensorflow.gradients" | "lightgbm.train" | "xgboost.train"
        )
        || call.name.starts_with("torch.optim.") && !call.name.contains("lr_scheduler")
        || call.name.starts_with("tensorflow.train.") && call.name.ends_with("Optimizer")
}

/// The libraries that a call seeds, where `is_defined` tells which functions are the project's own.
fn seeded_by(call: &Call, is_defined: impl FnOnce(&str) -> bool) -> Vec<Library> {
    use Library::{Jax, NumPy, Random, TensorFlow, Torch};
    let name = call.name.as_str();
    match name {
        "random.seed" => return vec![Random],
        "numpy.random.seed" => return vec![NumPy],
        "torch.manual_seed" | "torch.random.manual_seed" => return vec![Torch],
        "jax.random.PRNGKey" | "jax.random.key" => return vec![Jax],
        "keras.utils.set_random_seed" | "tensorflow.keras.utils.set_random_seed" => {
            return vec![Random, NumPy, TensorFlow];
        }
        _ => {}
    }
    let method = call.method();
    let first = name.split('.').next().unwrap_or_default();
    if first == "tensorflow" && matches!(method, "set_random_seed" | "set_seed") {
        return vec![TensorFlow];
    }
    // A trainer that seeds everything when it is made, with 42 where nobody says otherwise.
    if matches!(first, "transformers" | "trl") && method.ends_with("Trainer") {
        return vec![Random, NumPy, Torch, TensorFlow];
    }
    let says_seed = method.to_ascii_lowercase().contains("seed")
        || method == "set_determinism"
        || method == "enable_full_determinism";
    if says_seed
        && method.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name.contains('.')
        && !name.contains("()")
        && is_module(first)
        && !is_defined(method)
    {
        return vec![Random, NumPy, Torch, TensorFlow];
    }
    Vec::new()
}

/// Packages with a function that seeds all the others.
fn is_module(first: &str) -> bool {
    matches!(
        first,
        "pytorch_lightning"
            | "lightning"
            | "lightning_fabric"
            | "lightning_utilities"
            | "transformers"
            | "accelerate"
            | "fastai"
            | "mmengine"
            | "mmcv"
            | "mmdet"
            | "mmseg"
            | "monai"
            | "ignite"
            | "stable_baselines3"
            | "stable_baselines"
            | "baselines"
            | "spinup"
            | "detectron2"
            | "catalyst"
            | "rlkit"
            | "rllab"
            | "garage"
            | "torch_geometric"
            | "fairseq"
            | "allennlp"
            | "composer"
            | "hydra_zen"
            | "pl_bolts"
            | "trl"
            | "recbole"
            | "ogb"
            | "common"
            | "utils"
            | "util"
            | "tools"
            | "misc"
            | "helpers"
    )
}

/// The libraries that a call draws from.
fn drawn_by(call: &Call, module: &PythonModule) -> Vec<Library> {
    let name = call.name.as_str();
    let method = call.method();
    let mut found = Vec::new();
    if let Some(function) = name.strip_prefix("random.")
        && module.imports_package("random")
        && matches!(
            function,
            "random"
                | "randint"
                | "randrange"
                | "choice"
                | "choices"
                | "sample"
                | "shuffle"
                | "uniform"
                | "gauss"
                | "normalvariate"
                | "betavariate"
                | "expovariate"
                | "getrandbits"
                | "triangular"
        )
    {
        found.push(Library::Random);
    }
    if let Some(function) = name.strip_prefix("numpy.random.")
        && !function.contains(['.', '('])
        && !matches!(
            function,
            "seed"
                | "RandomState"
                | "default_rng"
                | "get_state"
                | "set_state"
                | "Generator"
                | "SeedSequence"
                | "PCG64"
                | "MT19937"
                | "Philox"
        )
    {
        found.push(Library::NumPy);
    }
    let unstated = call.keyword("random_state").is_none_or(|state| *state == Value::Nothing);
    if unstated && name.starts_with("scipy.stats.") && method == "rvs" {
        found.push(Library::NumPy);
    }
    if unstated && name.starts_with("sklearn.") && draws_in_sklearn(call, method) {
        found.push(Library::NumPy);
    }
    if name.starts_with("torch.") && draws_in_torch(name, method)
        || (name.ends_with("DataLoader") && name.starts_with("torch"))
            && call.keyword("shuffle").is_some_and(|shuffle| *shuffle != Value::Flag(false))
        || module.imports_package("torch")
            && matches!(
                method,
                "normal_"
                    | "uniform_"
                    | "bernoulli_"
                    | "random_"
                    | "rsample"
                    | "kaiming_normal_"
                    | "xavier_uniform_"
                    | "xavier_normal_"
            )
    {
        found.push(Library::Torch);
    }
    let first = name.split('.').next().unwrap_or_default();
    if matches!(first, "tensorflow" | "keras" | "tflearn" | "sonnet" | "tensorflow_probability")
        && draws_in_tensorflow(name, method)
    {
        found.push(Library::TensorFlow);
    }
    found
}

fn draws_in_sklearn(call: &Call, method: &str) -> bool {
    let shuffles = call.keyword("shuffle") == Some(&Value::Flag(true));
    match method {
        "KFold" | "StratifiedKFold" | "GroupKFold" => shuffles,
        "train_test_split" => call.keyword("shuffle") != Some(&Value::Flag(false)),
        "shuffle"
        | "resample"
        | "ShuffleSplit"
        | "StratifiedShuffleSplit"
        | "KMeans"
        | "MiniBatchKMeans"
        | "TSNE"
        | "MLPClassifier"
        | "MLPRegressor"
        | "SGDClassifier"
        | "SGDRegressor"
        | "GaussianMixture"
        | "BaggingClassifier"
        | "BaggingRegressor"
        | "IsolationForest" => true,
        method => {
            method.starts_with("RandomForest")
                || method.starts_with("ExtraTrees")
                || method.starts_with("make_") && call.name.starts_with("sklearn.datasets.")
        }
    }
}

fn draws_in_torch(name: &str, method: &str) -> bool {
    if name.contains("()") && !name.ends_with(')') && !name.starts_with("torch.nn") {
        return false;
    }
    method.starts_with("rand") && !method.contains("seed")
        || matches!(method, "normal" | "bernoulli" | "multinomial" | "poisson" | "dropout" | "gumbel_softmax" | "random_split" | "RandomSampler" | "SubsetRandomSampler" | "WeightedRandomSampler")
        || name.starts_with("torch.nn.init.") && !matches!(method, "constant_" | "zeros_" | "ones_" | "eye_")
        || name.starts_with("torch.nn.")
            && ["Linear", "Conv", "LSTM", "GRU", "RNN", "Embedding", "Transformer", "Dropout", "Multihead", "Bilinear"]
                .iter()
                .any(|layer| method.starts_with(layer))
        // Whatever is optimized was initialized.
        || name.starts_with("torch.optim.") && !name.contains("lr_scheduler")
}

fn draws_in_tensorflow(name: &str, method: &str) -> bool {
    if name.contains(".backend.") || name.contains(".nn.") && method != "dropout" {
        return false;
    }
    name.contains(".random.") && !method.contains("seed") && !method.contains("get_global")
        || method.starts_with("random_")
        || matches!(
            method,
            "truncated_normal"
                | "get_variable"
                | "dropout"
                | "shuffle"
                | "glorot_uniform_initializer"
                | "xavier_initializer"
                | "variance_scaling_initializer"
                | "fully_connected"
        )
        || (name.contains("layers.") || name.contains("slim."))
            && ["Dense", "Conv", "dense", "conv", "LSTM", "GRU", "Embedding", "Dropout", "SimpleRNN"]
                .iter()
                .any(|layer| method.starts_with(layer))
        || name.starts_with("tensorflow.train.") && method.ends_with("Optimizer")
}

const WORKERS_ALONE: &str = "seeds the workers of a data loader alone";

/// What a seed comes from that stands in the initialization of a data loader's workers, `None` elsewhere.
///
/// It leaves the process that trains as it was; what it takes from PyTorch's generator is as good as that one's seed.
fn in_worker(steps: &[Step<'_>], step: &Step<'_>, call: &Call) -> Option<(Option<Library>, Option<String>)> {
    let definition = call.scope.and_then(|scope| step.module.definitions.get(scope))?;
    let takes_worker = definition.parameters.iter().any(|(name, _)| {
        matches!(name.as_str(), "worker_id" | "worker_ix" | "worker_index" | "worker_idx" | "worker")
    });
    let named = definition.name.contains("worker")
        && (definition.name.contains("init") || definition.name.contains("seed"));
    if definition.is_class || !takes_worker && !named {
        return None;
    }
    let mut text = written(call.positional().next()?);
    if let Some((assigned, _, _)) =
        origin(steps, step, call.scope, text.split(' ').next().unwrap_or_default())
    {
        text.push_str(&assigned);
    }
    if text.contains("initial_seed") || text.contains("worker_info") || text.contains("get_state") {
        return Some((Some(Library::Torch), None));
    }
    Some((None, Some(WORKERS_ALONE.to_owned())))
}

/// What a seed's value comes from, and why it is none.
type Source = (Option<Library>, Option<String>);

/// What was found out about the seeds of one entry point, so that each value is followed once.
#[derive(Default)]
struct Sources<'facts> {
    /// By the module and the definition that it stands in, and as it is written.
    known: HashMap<(&'facts str, Option<usize>, String), Source>,
    /// See [`assigned`].
    assigned: HashMap<String, bool>,
}

impl<'facts> Sources<'facts> {
    fn of(
        &mut self,
        steps: &[Step<'facts>],
        step: &Step<'facts>,
        call: &Call,
        declared: &DeclaredFlags,
    ) -> Source {
        if call.method().ends_with("Trainer") {
            return (None, None);
        }
        let value =
            call.positional().next().or_else(|| call.arguments.first().map(|argument| &argument.value));
        let Some(value) = value else {
            let needs_one = matches!(call.name.as_str(), "random.seed" | "numpy.random.seed");
            return (None, needs_one.then(|| "is called without a seed".to_owned()));
        };
        let key = (step.path, call.scope, written(value));
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let is_assigned =
            |name: &str| *self.assigned.entry(name.to_owned()).or_insert_with(|| assigned(steps, name));
        let source = source_of_seed(steps, step, call.scope, written(value), declared, is_assigned);
        self.known.insert(key, source.clone());
        source
    }
}

/// What a seed comes from whose value is written as `text`.
fn source_of_seed(
    steps: &[Step<'_>],
    step: &Step<'_>,
    mut scope: Option<usize>,
    mut text: String,
    declared: &DeclaredFlags,
    is_assigned: impl FnOnce(&str) -> bool,
) -> Source {
    let mut at = step;
    const HOPS: usize = 4;
    for _ in 0..HOPS {
        match origin(steps, at, scope, &text) {
            Some((next, next_scope, next_step)) => {
                if next == text {
                    break;
                }
                (text, scope) = (next, next_scope);
                at = next_step;
            }
            None => break,
        }
    }
    if text == "None" {
        return (None, Some("is called with None".to_owned()));
    }
    if text.contains("time.time")
        || text.contains("datetime")
        || text.contains("urandom")
        || text.contains("getpid")
    {
        return (None, Some("takes the clock for a seed".to_owned()));
    }
    for (library, prefix) in
        [(Library::NumPy, "numpy.random."), (Library::NumPy, "np.random."), (Library::Random, "random.")]
    {
        if text.starts_with(prefix) && !text.contains("seed") {
            return (Some(library), None);
        }
    }
    static OPTION: Pattern = Pattern::text(
        r"(?i)\b(?:args?|opts?|options?|params?|flags|config|cfg|hparams|hps|conf|parsed|\w+_args|\w+_opts)\.(\w*seed\w*)\b",
    );
    if let Some(name) = OPTION.captures(&text).and_then(|found| found.get(1)) {
        let flag = declared.flags.iter().find(|flag| {
            flag.dialect == flags::Dialect::Argparse
                && flag
                    .names
                    .iter()
                    .any(|known| known.trim_start_matches('-').replace('-', "_") == name.as_str())
        });
        if let Some(flag) = flag
            && matches!(flag.default, None | Some(Value::Nothing))
            && !is_assigned(name.as_str())
        {
            return (
                None,
                Some(format!(
                    "takes {}, which has no default",
                    flag.names.first().map_or("an option", String::as_str)
                )),
            );
        }
    }
    (None, None)
}

/// Whether an option is given a value that is no draw after it was parsed.
fn assigned(steps: &[Step<'_>], option: &str) -> bool {
    steps.iter().flat_map(|step| &step.module.assignments).any(|assignment| {
        assignment.target.rsplit('.').next() == Some(option)
            && assignment.target.contains('.')
            && matches!(&assignment.value, Value::Number(_))
    })
}

fn written(value: &Value) -> String {
    match value {
        Value::Nothing => "None".to_owned(),
        Value::Number(text) | Value::Text(text) | Value::Name(text) | Value::Other(text) => text.clone(),
        Value::Flag(flag) => flag.to_string(),
        Value::List(_) | Value::Map(_) => String::new(),
    }
}

/// Where a name comes from: an assignment in its scope or module, or the argument that its function is called with.
fn origin<'steps, 'facts>(
    steps: &'steps [Step<'facts>],
    step: &'steps Step<'facts>,
    scope: Option<usize>,
    name: &str,
) -> Option<(String, Option<usize>, &'steps Step<'facts>)> {
    /// Calls of one function in one module that are looked at for what it is called with.
    const MOST_CALLS: usize = 1_000;
    if !name.chars().all(|c| c.is_alphanumeric() || c == '_')
        || name.is_empty()
        || name.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let definition = scope.and_then(|scope| step.module.definitions.get(scope));
    if let Some((index, (_, default))) = definition.and_then(|definition| {
        definition.parameters.iter().enumerate().find(|(_, (parameter, _))| parameter == name)
    }) {
        let definition = definition?;
        for caller in steps {
            for call in caller.module.calls_of(&definition.name).take(MOST_CALLS) {
                let passed = call.keyword(name).or_else(|| call.positional().nth(index));
                if let Some(value) = passed {
                    return Some((written(value), call.scope, caller));
                }
            }
        }
        return default.as_ref().map(|default| (written(default), scope, step));
    }
    let nearest = [scope, None].into_iter().find_map(|scope| step.module.assignments_in(scope, name).next());
    nearest.map(|assignment| (written(&assignment.value), assignment.scope, step))
}

/// Seed flags that the entry point declares: how many are read, and which are not.
fn seed_flags(steps: &[Step<'_>], declared: &DeclaredFlags, found: &mut EntryPoint) {
    let mut readers: HashMap<String, Vec<&str>> = HashMap::new();
    for flag in &declared.flags {
        let Some(name) = flag.names.iter().find(|name| is_seed_flag(name)) else { continue };
        let Some(at) = steps.iter().find(|step| step.path == flag.path) else { continue };
        let destination =
            destination(at, flag.line).unwrap_or_else(|| name.trim_start_matches('-').replace('-', "_"));
        let is_read = reads(at.file, &destination, Some(flag.line)) || {
            // Of all others once, however often the flag is declared.
            let readers = readers.entry(destination).or_insert_with_key(|option| {
                let readers = steps.iter().filter(|step| reads(step.file, option, None));
                readers.take(2).map(|step| step.path).collect()
            });
            readers.iter().any(|path| *path != flag.path)
        };
        if is_read {
            found.read_flags += 1;
        } else {
            found.unread_flags.push(UnreadFlag {
                name: name.clone(),
                path: flag.path.clone(),
                line: flag.line,
            });
        }
    }
}

fn is_seed_flag(name: &str) -> bool {
    let bare = name.trim_start_matches('-').replace('-', "_").to_ascii_lowercase();
    matches!(
        bare.as_str(),
        "seed"
            | "random_seed"
            | "manual_seed"
            | "manualseed"
            | "rng_seed"
            | "global_seed"
            | "randomseed"
            | "np_seed"
            | "torch_seed"
            | "train_seed"
    )
}

fn destination(step: &Step<'_>, line: u32) -> Option<String> {
    let call =
        step.module.calls.iter().find(|call| call.lines.contains(line) && call.keyword("dest").is_some())?;
    call.keyword("dest")?.as_text().map(str::to_owned)
}

/// Whether anything but its declaration names an option, or all options are handed on as a whole.
fn reads(file: &FileFacts, option: &str, declared_at: Option<u32>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let named = |(number, line): (u32, &str)| {
        let near = declared_at.is_some_and(|at| number.abs_diff(at) <= 1);
        let code = line.split('#').next().unwrap_or_default();
        !near
            && code.match_indices(option).any(|(at, _)| {
                !is_word(code.get(..at).and_then(|before| before.chars().next_back()))
                    && !is_word(code.get(at + option.len()..).and_then(|after| after.chars().next()))
            })
    };
    option.is_empty() || file.hands_on_options() || lines_with(&file.text, option).any(named)
}

/// Whether code hands on all options as a whole, so that reading cannot tell which are used.
pub(super) fn hands_on_options(text: &str) -> bool {
    /// One of them stands in every line that the expression fits.
    const NEEDED: [&str; 11] = [
        "vars(",
        "**",
        "__dict__",
        "Namespace",
        "OmegaConf",
        "EasyDict",
        "asdict",
        "fire.Fire",
        "_get_kwargs",
        "globals()",
        "locals()",
    ];
    static WHOLE: Pattern = Pattern::text(
        r"\bvars\(|\*\*\s*(?:args|opts?|options|config|cfg|params|kwargs)|__dict__|\b(?:Namespace|OmegaConf|EasyDict|asdict|fire\.Fire|_get_kwargs)\b|globals\(\)\.update|locals\(\)",
    );
    let whole = |line: &str| {
        let code = line.split('#').next().unwrap_or_default();
        WHOLE.is_in(code)
    };
    NEEDED.iter().any(|needed| lines_with(text, needed).any(|(_, line)| whole(line)))
}

/// Lines in which `needle` stands, each once, with their numbers from 1.
fn lines_with<'text>(text: &'text str, needle: &'text str) -> impl Iterator<Item = (u32, &'text str)> {
    let (mut from, mut number) = (0, 1);
    std::iter::from_fn(move || {
        let at = from + text.get(from..)?.find(needle)?;
        let start = text.get(..at)?.rfind('\n').map_or(0, |line_break| line_break + 1);
        let line = text.get(start..)?.lines().next()?;
        number += memchr::memchr_iter(b'\n', text.get(from..start)?.as_bytes()).count() as u32;
        let found = (number, line);
        from = start + line.len();
        Some(found)
    })
}

/// A language's extension and library, what draws and what seeds.
type Language = (&'static str, Library, Pattern, Pattern);

/// What scripts of other languages draw and seed.
fn scripts(facts: &Facts, foreign: &[String]) -> Vec<EntryPoint> {
    static LANGUAGES: [Language; 4] = [
        (
            "r",
            Library::R,
            Pattern::text(
                r"\b(?:rnorm|runif|rbinom|rpois|rexp|rgamma|rmultinom|mvrnorm|rmvnorm|sample|sample_n|createDataPartition)\s*\(",
            ),
            Pattern::text(r"\bset\.seed\s*\(\s*[^)\s]"),
        ),
        (
            "jl",
            Library::Julia,
            Pattern::text(r"\b(?:rand|randn|randperm|shuffle!?|sample)\s*\("),
            Pattern::text(r"\b(?:Random\.seed!|srand|MersenneTwister|StableRNG|Xoshiro)\s*\(\s*[^)\s]"),
        ),
        (
            "m",
            Library::Matlab,
            Pattern::text(r"\b(?:rand|randn|randi|randperm|normrnd|mvnrnd|datasample|unifrnd)\s*\("),
            Pattern::text(
                r"\brng\s*\(|\brng\s+(?:default|\d)|\brandn?\s*\(\s*'(?:seed|state|twister)'|RandStream",
            ),
        ),
        (
            "lua",
            Library::Lua,
            Pattern::text(r"\btorch\.(?:rand|randn|randperm|uniform|normal)\b|\bnn\.[A-Z]"),
            Pattern::text(r"\btorch\.manualSeed\s*\("),
        ),
    ];
    let mut read: Vec<ScriptFile<'_>> = Vec::new();
    for (path, file) in &facts.files {
        if foreign::holds(foreign, path)
            || Kind::of(path) != Kind::Script
            || is_support(facts.within_project(path))
        {
            continue;
        }
        let extension =
            path.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase());
        let Some((_, library, draws, seeds)) = LANGUAGES.iter().find(|language| language.0 == extension)
        else {
            continue;
        };
        let index = LineIndex::new(&file.text);
        let first = |of: &Pattern| {
            of.find(&file.text).map(|at| (path.as_str(), index.line(at.start()), at.as_str().to_owned()))
        };
        read.push(ScriptFile {
            path,
            text: &file.text,
            library: *library,
            draw: first(draws),
            seed: first(seeds),
        });
    }
    let calls: Vec<Vec<usize>> = called_by(&read);
    let mut is_called = vec![false; read.len()];
    for (nth, called) in calls.iter().enumerate() {
        called.iter().filter(|other| **other != nth).for_each(|other| {
            if let Some(slot) = is_called.get_mut(*other) {
                *slot = true;
            }
        });
    }
    let mut found = Vec::new();
    for (nth, script) in read.iter().enumerate() {
        if is_called.get(nth).copied().unwrap_or(false) {
            continue;
        }
        let mut reached = vec![nth];
        let mut at = 0;
        while let Some(next) = reached.get(at).copied() {
            for other in calls.get(next).into_iter().flatten() {
                if !reached.contains(other) && reached.len() < MOST_MODULES {
                    reached.push(*other);
                }
            }
            at += 1;
        }
        let files = || reached.iter().filter_map(|index| read.get(*index));
        let draw = files().find_map(|file| file.draw.clone());
        let seed = files().find_map(|file| file.seed.clone());
        if draw.is_none() && seed.is_none() {
            continue;
        }
        found.push(EntryPoint {
            path: script.path.to_owned(),
            trains: None,
            documented: false,
            has_framework: false,
            draws: draw
                .into_iter()
                .map(|(path, line, what)| Draw { library: script.library, path: path.to_owned(), line, what })
                .collect(),
            seeds: seed
                .into_iter()
                .map(|(path, line, what)| Seed {
                    libraries: vec![script.library],
                    path: path.to_owned(),
                    line,
                    what,
                    from: None,
                    void: None,
                })
                .collect(),
            read_flags: 0,
            unread_flags: Vec::new(),
        });
    }
    found
}

/// A file of another language.
struct ScriptFile<'facts> {
    path: &'facts str,
    text: &'facts str,
    library: Library,
    /// The first place that draws, and that seeds: path, line, as written.
    draw: Option<(&'facts str, u32, String)>,
    seed: Option<(&'facts str, u32, String)>,
}

/// Which files each file calls: in MATLAB a function is called by its file's name, elsewhere files are included.
fn called_by(read: &[ScriptFile<'_>]) -> Vec<Vec<usize>> {
    fn folder(path: &str) -> &str {
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (nth, script) in read.iter().enumerate() {
        let name = script.path.rsplit_once('/').map_or(script.path, |(_, name)| name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        by_name.entry(if script.library == Library::Matlab { stem } else { name }).or_default().push(nth);
    }
    read.iter()
        .map(|script| {
            let mut found: Vec<usize> = Vec::new();
            let code = script.text.lines().map(|line| match script.library {
                Library::Matlab => line.split('%').next().unwrap_or_default(),
                _ => line.split('#').next().unwrap_or_default(),
            });
            for line in code {
                let words: Vec<&str> = if script.library == Library::Matlab {
                    line.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
                } else if line.contains("source") || line.contains("include") {
                    line.split(['"', '\'']).map(|piece| piece.rsplit('/').next().unwrap_or(piece)).collect()
                } else {
                    continue;
                };
                for candidates in words.iter().filter_map(|word| by_name.get(word)) {
                    // Of files with the same name, the one beside the caller is meant.
                    let beside: Vec<usize> = candidates
                        .iter()
                        .copied()
                        .filter(|other| {
                            read.get(*other).is_some_and(|other| folder(other.path) == folder(script.path))
                        })
                        .collect();
                    let meant = if beside.is_empty() { candidates.clone() } else { beside };
                    found.extend(meant.into_iter().filter(|other| {
                        read.get(*other).is_some_and(|other| other.library == script.library)
                    }));
                }
            }
            found.sort_unstable();
            found.dedup();
            found
        })
        .collect()
}

/// The lines of an entry point that a reader would look at first.
pub fn where_seeded(entry: &EntryPoint) -> Option<(String, Lines)> {
    entry.seeds.iter().find(|seed| seed.void.is_none()).map(|seed| (seed.path.clone(), Lines::at(seed.line)))
}
