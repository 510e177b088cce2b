//! How a trained model leaves the repository: what code saves it, what loads it by name, what shows it at work.

use super::commands::Command;
use super::document::{LineIndex, Lines};
use super::identifier::{Word, has_any, holds, words};
use super::plan::Kind;
use super::python::{Assignment, Call, PythonModule, Value};
use super::tooling::is_test_path;
use super::{BlockKind, Document, Facts, foreign};
use crate::pattern::Pattern;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use std::cell::OnceCell;

/// What a saved model can be loaded by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A documented format: a state dict, SavedModel, safetensors, ONNX, TorchScript, arrays, a framework's checkpoint.
    Standard,
    /// A whole object pickled: it needs this very code to be loaded again.
    Pickled,
}

/// A place that saves a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Where.
    pub path: String,
    /// The lines there.
    pub lines: Lines,
    /// The call, as written.
    pub what: String,
    /// In which form.
    pub form: Form,
}

/// Words that name a model's parameters, even where they name a bare array.
const PARAMETER_WORDS: &[&str] = &[
    "model",
    "weights",
    "wts",
    "params",
    "param",
    "parameters",
    "theta",
    "coef",
    "coefs",
    "mu",
    "cov",
    "checkpoint",
    "ckpt",
];

/// More words that name a model or what makes it up.
const MODEL_WORDS: &[&str] = &[
    "models",
    "net",
    "nets",
    "network",
    "networks",
    "state",
    "states",
    "checkpoints",
    "ckp",
    "chkpt",
    "weight",
    "encoder",
    "decoder",
    "generator",
    "discriminator",
    "policy",
    "actor",
    "critic",
    "agent",
    "classifier",
    "clf",
    "regressor",
    "estimator",
    "forest",
    "booster",
    "learner",
    "backbone",
    "ema",
    "vae",
    "gan",
    "gs",
    "snapshot",
    "trainer",
    "saver",
    "sd",
    "statedict",
];

fn names_model(found: &[Word<'_>]) -> bool {
    has_any(found, PARAMETER_WORDS) || has_any(found, MODEL_WORDS)
}

/// Words of what is saved beside models.
const OTHER_WORDS: &[&str] = &[
    "data",
    "dataset",
    "features",
    "feature",
    "feats",
    "loss",
    "losses",
    "acc",
    "accuracy",
    "result",
    "results",
    "logs",
    "log",
    "history",
    "metrics",
    "embeddings",
    "embedding",
    "images",
    "image",
    "samples",
    "stats",
    "preds",
    "predictions",
    "labels",
    "indices",
    "scores",
    "args",
    "vocab",
    "config",
    "cache",
    "buffer",
];

/// Words that name a saved state of a model, whatever stands beside them.
const SNAPSHOT_WORDS: &[&str] = &["snapshot", "checkpoint", "ckpt", "weights", "statedict"];

/// The words of a value, keys and elements included.
fn said<'value>(value: &'value Value, into: &mut Vec<Word<'value>>) {
    match value {
        Value::Text(text) | Value::Name(text) | Value::Other(text) => into.extend(words(text)),
        Value::List(values) => values.iter().for_each(|value| said(value, into)),
        Value::Map(entries) => entries.iter().for_each(|(key, value)| {
            into.extend(words(key));
            said(value, into);
        }),
        Value::Number(_) | Value::Flag(_) | Value::Nothing => {}
    }
}

fn own_python<'facts>(
    facts: &'facts Facts,
    foreign: &'facts [String],
) -> impl Iterator<Item = (&'facts str, &'facts PythonModule)> {
    facts
        .python()
        .filter(|(path, _)| !foreign::holds(foreign, path) && !is_test_path(facts.within_project(path)))
}

/// Every place of the project's own code that saves a model.
pub fn saved(facts: &Facts, foreign: &[String]) -> Vec<Export> {
    let mut found = Vec::new();
    let something_trains = own_python(facts, foreign).any(|(_, module)| module.calls.iter().any(is_training));
    let called: HashSet<&str> = match something_trains {
        true => HashSet::new(),
        false => {
            own_python(facts, foreign).flat_map(|(_, module)| module.calls.iter().map(Call::method)).collect()
        }
    };
    for (path, module) in own_python(facts, foreign) {
        let tables = OnceCell::new();
        for call in &module.calls {
            if let Some(form) = saves(call, module, &tables) {
                // A helper that nobody calls came along with somebody's vocoder.
                if !something_trains && is_idle(&called, module, call) {
                    continue;
                }
                found.push(Export {
                    path: path.to_owned(),
                    lines: call.lines,
                    what: call.written.clone(),
                    form,
                });
            }
        }
    }
    found.extend(saved_by_scripts(facts, foreign));
    // Training code first, then what is nearest to the root.
    found.sort_by_key(|export| {
        (!words(&export.path).iter().any(|word| word.starts_with("train")), export.path.matches('/').count())
    });
    found
}

/// Whether a call takes part in fitting a model.
fn is_training(call: &Call) -> bool {
    matches!(
        call.method(),
        "backward" | "fit" | "minimize" | "apply_gradients" | "train_on_batch" | "train" | "step" | "learn"
    )
}

/// Whether a value is a table with a model or its parameters among what it holds.
fn holds_model(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Map(entries)) if entries.iter().any(|(key, _)| {
        matches!(key.as_str(), "model" | "state_dict" | "model_state_dict" | "weights" | "params" | "parameters")
    }))
}

/// Whether a call stands in a function that is named for writing a model.
fn writes_model(call: &Call, module: &PythonModule) -> bool {
    let Some(definition) = call.scope.and_then(|scope| module.definitions.get(scope)) else { return false };
    let named = words(&definition.name);
    named.first().is_some_and(|verb| {
        matches!(verb.as_ref(), "save" | "write" | "dump" | "export" | "store" | "persist")
    }) && has_any(&named, &["model", "models", "network", "weights", "checkpoint", "policy", "agent"])
}

/// Whether a call stands in a function that is none of those `called` in the project.
fn is_idle(called: &HashSet<&str>, module: &PythonModule, call: &Call) -> bool {
    let Some(definition) = call.scope.and_then(|scope| module.definitions.get(scope)) else { return false };
    definition.parent.is_none() && !definition.is_class && !called.contains(definition.name.as_str())
}

/// Parts of the names of whatever may save a model.
static SAVING: Pattern = Pattern::new(
    r"(?i)save|dump|export|store|checkpoint|write|push_to_hub|log_model|to_bytes|trainer|estimator|supervisor|monitoredtrainingsession|register_training_hooks|from_cfg",
);

/// Assignments of tables by their targets and the definitions around them, in order of the text.
type Tables<'module> = HashMap<(&'module str, Option<usize>), Vec<&'module Assignment>>;

fn tables(module: &PythonModule) -> Tables<'_> {
    let mut found = Tables::new();
    for assignment in &module.assignments {
        if matches!(assignment.value, Value::Map(_)) {
            found.entry((assignment.target.as_str(), assignment.scope)).or_default().push(assignment);
        }
    }
    found.values_mut().for_each(|assignments| assignments.sort_by_key(|assignment| assignment.line));
    found
}

/// The form in which a call saves a model, if it does; `known` keeps the tables of its module.
fn saves<'module>(
    call: &Call,
    module: &'module PythonModule,
    known: &OnceCell<Tables<'module>>,
) -> Option<Form> {
    let name = call.name.as_str();
    let method = call.method();
    // Most calls are told from all that follow by a glance.
    if !SAVING.is_in(method) {
        return None;
    }
    let receiver = call.receiver();
    let mut arguments = Vec::new();
    call.arguments.iter().for_each(|argument| {
        said(&argument.value, &mut arguments);
        arguments.extend(argument.keyword.iter().flat_map(|keyword| words(keyword)));
    });
    let first = call.positional().next().or_else(|| call.arguments.first().map(|argument| &argument.value));
    let mut of_first = Vec::new();
    if let Some(first) = first {
        said(first, &mut of_first);
        // What a name stands for says more than the name.
        let above = |assignments: &Vec<&'module Assignment>| {
            let above = assignments.partition_point(|assignment| assignment.line <= call.lines.first);
            above.checked_sub(1).and_then(|last| assignments.get(last)).copied()
        };
        if let Value::Name(name) = first
            && let Some(assignment) =
                known.get_or_init(|| tables(module)).get(&(name.as_str(), call.scope)).and_then(above)
        {
            of_first.clear();
            said(&assignment.value, &mut of_first);
            arguments.extend(of_first.iter().cloned());
        }
    }
    let pickles = matches!(
        name,
        "pickle.dump"
            | "dill.dump"
            | "cloudpickle.dump"
            | "cPickle.dump"
            | "_pickle.dump"
            | "joblib.dump"
            | "sklearn.externals.joblib.dump"
    );
    if pickles && (holds_model(first) || writes_model(call, module)) {
        return Some(if name.ends_with("joblib.dump") { Form::Standard } else { Form::Pickled });
    }
    let models = names_model(&arguments);
    let others = has_any(&of_first, OTHER_WORDS) && !has_any(&of_first, SNAPSHOT_WORDS);
    match method {
        "save_pretrained"
        | "save_weights"
        | "push_to_hub"
        | "save_checkpoint"
        | "save_parameters"
        | "save_params"
        | "save_npz"
        | "save_hdf5"
        | "ModelCheckpoint"
        | "save_network"
        | "save_networks"
        | "save_weights_to_file"
        | "save_to_checkpoint"
        | "CheckpointManager"
        | "save_lora_weights"
        | "register_checkpoint_hook"
        | "CheckpointHook"
        | "CheckpointSaver" => {
            return Some(Form::Standard);
        }
        "save_model" | "save_state" | "save_ckpt" | "save_models" | "save_net" | "save_agent"
        | "save_policy" => return Some(Form::Standard),
        _ => {}
    }
    match name {
        "torch.save" | "paddle.save" => {
            if !models && others {
                return None;
            }
            let whole = matches!(first, Some(Value::Name(object)) if {
                let last = object.rsplit('.').next().unwrap_or_default();
                matches!(last, "model" | "net" | "network" | "encoder" | "decoder" | "generator" | "discriminator" | "policy" | "actor" | "agent" | "netG" | "netD" | "classifier")
            });
            return Some(if whole { Form::Pickled } else { Form::Standard });
        }
        "torch.onnx.export"
        | "onnx.export"
        | "torch.jit.save"
        | "safetensors.torch.save_file"
        | "safetensors.numpy.save_file"
        | "mlflow.pytorch.log_model"
        | "mlflow.sklearn.log_model"
        | "tensorflow.saved_model.save"
        | "tensorflow.saved_model.simple_save"
        | "skops.io.dump"
        | "flax.serialization.to_bytes"
        | "flax.training.checkpoints.save_checkpoint" => return Some(Form::Standard),
        "pickle.dump" | "dill.dump" | "cloudpickle.dump" | "cPickle.dump" | "_pickle.dump" | "pkl.dump" => {
            return (names_model(&of_first) && !others).then_some(Form::Pickled);
        }
        "joblib.dump" | "sklearn.externals.joblib.dump" => {
            return (models && !others).then_some(Form::Standard);
        }
        "numpy.save" | "numpy.savez" | "numpy.savez_compressed" | "scipy.io.savemat" => {
            return has_any(&arguments, PARAMETER_WORDS).then_some(Form::Standard);
        }
        _ => {}
    }
    // Frameworks that write checkpoints by themselves.
    let first_name = name.split('.').next().unwrap_or_default();
    let automatic = match method {
        "Trainer" | "Seq2SeqTrainer" | "SFTTrainer" | "DPOTrainer" => {
            matches!(first_name, "pytorch_lightning" | "lightning" | "transformers" | "trl")
        }
        "Estimator" | "TPUEstimator" | "Supervisor" | "MonitoredTrainingSession" => {
            first_name == "tensorflow"
        }
        "register_training_hooks" => arguments.iter().any(|word| word == "checkpoint"),
        "from_cfg" => first_name == "mmengine",
        "ModelSaver" | "SavedModelBuilder" | "DetectronCheckpointer" | "DetectionCheckpointer" => true,
        _ => false,
    };
    if automatic {
        return Some(Form::Standard);
    }
    let receivers = words(receiver);
    let by_object = matches!(method, "save" | "export" | "write" | "dump") && names_model(&receivers)
        || method == "save"
            && has_any(&receivers, &["cp", "manager", "alg", "algo", "runner"])
            && !has_any(&receivers, &["fig", "plt", "image", "img"]);
    if by_object
        && !has_any(&receivers, &["figure", "fig", "config", "args", "logger"])
        && method != "write"
        && (method != "dump" || has_any(&receivers, &["serializer"]))
    {
        return Some(Form::Standard);
    }
    // A helper of the project's own.
    let of_method = words(method);
    let helper = of_method
        .first()
        .is_some_and(|verb| matches!(verb.as_ref(), "save" | "dump" | "export" | "store" | "checkpoint"))
        && !matches!(
            first_name,
            "numpy"
                | "scipy"
                | "PIL"
                | "cv2"
                | "matplotlib"
                | "torchvision"
                | "json"
                | "yaml"
                | "imageio"
                | "pandas"
        );
    let object = of_method.iter().skip(1).any(|word| {
        matches!(
            word.as_ref(),
            "model"
                | "models"
                | "checkpoint"
                | "checkpoints"
                | "weights"
                | "network"
                | "networks"
                | "params"
                | "parameters"
                | "ckpt"
                | "net"
                | "snapshot"
        )
    });
    let pickles = has_any(&of_method, &["pkl", "pickle"]) && models && !has_any(&of_first, OTHER_WORDS);
    if helper && pickles {
        return Some(Form::Pickled);
    }
    // Its definition is found by itself, where it is here.
    let is_defined = || module.definitions_called(method).next().is_some();
    (helper && object && !is_defined() && !call.arguments.is_empty()).then_some(Form::Standard)
}

fn saved_by_scripts(facts: &Facts, foreign: &[String]) -> Vec<Export> {
    static SAVES: Pattern = Pattern::text(
        r"(?m)^[^\n#]*@save\b[^\n]*(?:model|param|weight|θ|\b[DGW]\b)|(?i)^[^\n%#]*\b(?:saveRDS\s*\([^)\n]*(?:model|fit|net|param|weight)|save_model_\w+\s*\(|torch\.save\s*\([^)\n]*(?:model|net|check|param)|BSON\.@save|JLD2?\.(?:save|@save)|save\s*\(?[^\n]*\b\w*(?:model|net|weight|theta|param)\w*|torch::save\s*\(|save_model\s*\(|SaveModel\s*\()",
    );
    let mut found = Vec::new();
    for (path, file) in &facts.files {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        let read = matches!(extension.as_str(), "r" | "m" | "jl" | "lua" | "cpp" | "cc" | "cu");
        if !read
            || foreign::holds(foreign, path)
            || Kind::of(path) != Kind::Script
            || is_test_path(facts.within_project(path))
        {
            continue;
        }
        let text = file.text.as_ref();
        let saved = lines_that_save(text).find_map(|from| {
            let found = SAVES.find(text.get(from..end_of_next_line(text, from))?)?;
            (found.start() == 0).then_some((from + found.end(), found))
        });
        if let Some((end, at)) = saved {
            let line = LineIndex::new(text).line(end.saturating_sub(1));
            found.push(Export {
                path: path.clone(),
                lines: Lines::at(line),
                what: at.as_str().trim().chars().take(60).collect(),
                form: Form::Standard,
            });
        }
    }
    found
}

/// Where the lines begin in which `save` stands, in any case.
fn lines_that_save(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + memchr::memchr2(b'v', b'V', bytes.get(from..)?)?;
            from = at + 1;
            let word = at.checked_sub(2).and_then(|start| bytes.get(start..start + 4));
            if word.is_some_and(|word| word.eq_ignore_ascii_case(b"save")) {
                from = end_of_line(bytes, at);
                return Some(memchr::memrchr(b'\n', bytes.get(..at)?).map_or(0, |line_break| line_break + 1));
            }
        }
    })
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| from + length)
}

/// Where the line ends that follows the one at `from`, blank ones left out: a call may be broken before its arguments.
fn end_of_next_line(text: &str, from: usize) -> usize {
    let end = end_of_line(text.as_bytes(), from);
    let rest = text.get(end..).unwrap_or_default();
    end_of_line(text.as_bytes(), end + rest.len() - rest.trim_start().len())
}

/// A way to get the trained model by its name, or to see it at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Where.
    pub path: String,
    /// The lines there.
    pub lines: Lines,
    /// A few words on what is there.
    pub what: &'static str,
}

fn way(path: &str, lines: Lines, what: &'static str) -> Way {
    Way { path: path.to_owned(), lines, what }
}

fn own_documents<'facts>(
    facts: &'facts Facts,
    foreign: &'facts [String],
) -> impl Iterator<Item = (&'facts String, &'facts Document)> {
    facts
        .files
        .iter()
        .filter(|(path, _)| !foreign::holds(foreign, path))
        .filter_map(|(path, file)| Some((path, file.document.as_ref()?)))
}

/// Ways to load the trained model by name.
pub fn interfaces(facts: &Facts, foreign: &[String]) -> Vec<Way> {
    static LOADS: Pattern = Pattern::text(
        r#"\bfrom_pretrained\s*\(|\btorch\.hub\.load\s*\(|\bhub\.(?:KerasLayer|load|Module)\s*\(|\bhf_hub_download\s*\(|\bpipeline\s*\([^)]*model\s*=|\btimm\.create_model\s*\(\s*['"]hf[-_]hub"#,
    );
    static NAMED: Pattern = Pattern::text(
        r#"["'](?:https://tfhub\.dev/|https://huggingface\.co/)?[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.:-]*(?:/\d+)?["']"#,
    );
    // The project's own package, as its users call it.
    static OWN: Pattern = Pattern::text(
        r#"\b([A-Za-z_]\w*)\.(?:load|load_model|get_model|create_model|from_pretrained)\s*\(\s*["'][\w-]+(?:\.[a-z]+)?["']"#,
    );
    let packages: HashSet<&str> = own_python(facts, foreign)
        .filter_map(|(path, _)| facts.within_project(path).strip_suffix("/__init__.py"))
        .filter_map(|folder| folder.rsplit('/').next())
        .collect();
    let mut found = Vec::new();
    for (path, document) in own_documents(facts, foreign) {
        let is_guide = facts.readme.as_ref() == Some(path)
            || facts.guided.contains(path)
            || path.to_ascii_lowercase().contains("card")
            || facts.within_project(path).starts_with("docs/");
        if !is_guide {
            continue;
        }
        for block in document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Code { .. })) {
            let loads = LOADS.find(&block.text).filter(|_| NAMED.is_in(&block.text));
            let own = || {
                let found = OWN.captures(&block.text)?;
                let package = found.get(1)?;
                let imported = block.text.contains(&format!("import {}", package.as_str()));
                (imported && packages.contains(package.as_str())).then_some(package)
            };
            if let Some(at) = loads.or_else(own) {
                let before =
                    block.text.get(..at.start()).map_or(0, |before| before.matches('\n').count()) as u32;
                // A fence stands above the text.
                let fenced =
                    block.lines.last - block.lines.first > block.text.trim_end().matches('\n').count() as u32;
                let line = (block.lines.first + before + u32::from(fenced)).min(block.lines.last);
                found.push(way(path, Lines::at(line), "loads the published model by its name"));
            }
        }
    }
    for (path, module) in own_python(facts, foreign) {
        let within = facts.within_project(path);
        if within == "hubconf.py" {
            if let Some(entry) = module
                .definitions
                .iter()
                .find(|definition| definition.parent.is_none() && !definition.name.starts_with('_'))
            {
                found.push(way(path, entry.lines, "an entry point for torch.hub"));
            } else if module.imports.iter().any(|import| import.name.is_some()) {
                found.push(way(path, Lines::at(1), "entry points for torch.hub"));
            }
        }
        if let Some(class) = module
            .definitions
            .iter()
            .find(|definition| definition.bases.iter().any(|base| base.ends_with("ModelHubMixin")))
        {
            found.push(way(path, Lines::at(class.lines.first), "a model class of the Hugging Face Hub"));
        }
        if let Some(call) = module
            .calls
            .iter()
            .find(|call| call.method() == "hf_hub_download" && call.keyword("repo_type").is_none())
        {
            found.push(way(path, call.lines, "downloads weights from the Hugging Face Hub"));
        }
        found.extend(by_address(path, module, facts));
    }
    found.extend(by_command(facts, foreign));
    found
}

/// Commands that hand a script the id of weights on the Hugging Face Hub, which the same document links to.
fn by_command(facts: &Facts, foreign: &[String]) -> Vec<Way> {
    const HUB: &str = "huggingface.co/";
    // `owner/name` of what each document links to.
    let linked = |document: &Document| -> HashSet<String> {
        let rest = document.links.iter().filter_map(|link| link.target.split_once(HUB));
        rest.map(|(_, rest)| rest.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")).collect()
    };
    let mut published: HashMap<&str, HashSet<String>> = HashMap::new();
    let mut found = Vec::new();
    for command in &facts.commands.documented {
        let loads = command
            .script
            .as_ref()
            .filter(|script| !foreign::holds(foreign, script))
            .and_then(|script| facts.files.get(script))
            .and_then(|file| file.python.as_ref())
            .is_some_and(|module| module.calls_of("from_pretrained").next().is_some());
        let Some(document) = facts.document(&command.document).filter(|_| loads) else { continue };
        let published = published.entry(command.document.as_str()).or_insert_with(|| linked(document));
        let is_published = |value: &str| {
            let id = value.trim_matches(['"', '\'']);
            id.split('/').count() == 2 && published.contains(id)
        };
        let given = command
            .flags
            .iter()
            .filter_map(|flag| flag.value.as_deref())
            .chain(command.arguments.iter().map(String::as_str));
        if given.into_iter().any(is_published) {
            found.push(way(&command.document, command.lines, "loads published weights by their id"));
        }
    }
    found
}

/// Hosts of other people's backbones, whose loaders are copied everywhere.
const BACKBONES: &[&str] = &[
    "download.pytorch.org",
    "s3.amazonaws.com/pytorch",
    "github.com/rwightman",
    "github.com/huggingface/pytorch-image-models",
    "data.lip6.fr",
    "storage.googleapis.com/tensorflow",
    "github.com/fchollet",
    "github.com/lukemelas",
    "dl.fbaipublicfiles.com/detectron",
    "keras-applications",
    "s3.us-west-1.wasabisys.com/resnest",
    "sota.nizhib.ai",
    "openaipublic.azureedge.net/clip",
    "models.huggingface.co/bert",
    "s3.amazonaws.com/models.huggingface",
];

/// A function that downloads weights when it is asked for a pretrained model.
fn by_address(path: &str, module: &PythonModule, facts: &Facts) -> Option<Way> {
    static ADDRESS: Pattern = Pattern::text(
        r#"https?://[^\s"']+\.(?:pt|pth|ckpt|bin|safetensors|h5|hdf5|npz|pkl|tar|tgz|tar\.gz|zip|params|pdparams)\b"#,
    );
    let asked = module.definitions.iter().any(|definition| {
        definition.parameters.iter().any(|(name, _)| name == "pretrained")
            || matches!(
                definition.name.as_str(),
                "load_model" | "from_pretrained" | "load_pretrained" | "load"
            ) && definition
                .parameters
                .iter()
                .any(|(name, _)| name.contains("name") || name.contains("model"))
    });
    if !asked {
        return None;
    }
    let text = &facts.files.get(path)?.text;
    let own: Vec<_> = ADDRESS
        .find_iter(text)
        .filter(|address| !BACKBONES.iter().any(|known| address.as_str().contains(known)))
        .collect();
    let first = own.first()?;
    let loads =
        module.calls.iter().find(|call| matches!(call.method(), "load_state_dict_from_url" | "load_url"));
    (loads.is_some() || own.len() >= 2).then(|| {
        let lines =
            loads.map_or_else(|| Lines::at(LineIndex::new(text).line(first.start())), |call| call.lines);
        way(path, lines, "downloads weights when asked for a pretrained model")
    })
}

/// Ways to see the model at work without training it.
pub fn demos(facts: &Facts, foreign: &[String]) -> Vec<Way> {
    let mut found = Vec::new();
    for (path, document) in own_documents(facts, foreign) {
        for link in &document.links {
            if let Some(what) = hosted(&link.target) {
                found.push(way(path, Lines::at(link.line), what));
            }
        }
    }
    let released = releases(facts, foreign);
    for (path, module) in own_python(facts, foreign) {
        for (package, what) in [("gradio", "a Gradio app"), ("streamlit", "a Streamlit app")] {
            if let Some(import) =
                module.imports.iter().find(|import| import.module.split('.').next() == Some(package))
            {
                found.push(way(path, Lines::at(import.line), what));
            }
        }
        let Some(load) = module.calls.iter().find(|call| loads(call)) else { continue };
        if module
            .calls
            .iter()
            .any(|call| matches!(call.method(), "backward" | "fit" | "minimize" | "apply_gradients"))
        {
            continue;
        }
        let is_notebook = path.ends_with(".ipynb");
        let by_itself = load.positional().chain(load.arguments.iter().map(|argument| &argument.value)).any(|value| {
            matches!(value, Value::Text(text) if text.contains("://") || text.split('/').count() == 2 && !text.contains('.'))
        });
        if is_notebook && (released || by_itself) {
            found.push(way(path, load.lines, "a notebook that applies released weights"));
        } else if released
            && shows(path)
            && (module.entry_point.is_some() || !module.top_level_work.is_empty())
        {
            found.push(way(path, load.lines, "a script that applies released weights"));
        }
    }
    if released {
        found.extend(described(facts, foreign));
    }
    found.extend(by_weights_address(facts, foreign));
    // A script may load through a helper.
    for (path, module) in own_python(facts, foreign) {
        let helper = module.calls.iter().find(|call| {
            let named = words(call.method());
            named.first().is_some_and(|verb| matches!(verb.as_ref(), "load" | "restore"))
                && has_any(
                    &named,
                    &[
                        "model",
                        "gan",
                        "checkpoint",
                        "weights",
                        "network",
                        "net",
                        "generator",
                        "state",
                        "pretrained",
                    ],
                )
        });
        if let Some(load) = helper
            && released
            && shows(path)
            && module.entry_point.is_none_or(|main| main.first > 0)
            && (module.entry_point.is_some() || !module.top_level_work.is_empty())
            && !found.iter().any(|known| known.path == path)
        {
            found.push(way(path, load.lines, "a script that applies released weights"));
        }
    }
    found
}

/// Commands that hand the address of weights to a script that does not train.
fn by_weights_address(facts: &Facts, foreign: &[String]) -> Vec<Way> {
    const ENDS: &[&str] = &[".pt", ".pth", ".pkl", ".ckpt", ".h5", ".safetensors", ".tar", ".onnx"];
    let is_weights = |argument: &String| {
        let value = argument.rsplit('=').next().unwrap_or(argument).trim_matches(['"', '\'']);
        value.starts_with("http") && ENDS.iter().any(|end| value.ends_with(end))
    };
    facts
        .commands
        .documented
        .iter()
        .filter(|command| command.arguments.iter().any(is_weights))
        .filter(|command| {
            command.script.as_ref().is_some_and(|script| {
                !foreign::holds(foreign, script)
                    && shows(script)
                    && facts
                        .files
                        .get(script)
                        .and_then(|file| file.python.as_ref())
                        .is_none_or(|module| module.calls_of("backward").next().is_none())
            })
        })
        .map(|command| way(&command.document, command.lines, "a command that applies released weights"))
        .collect()
}

/// Commands under a heading that promises samples or predictions, where weights can be had.
fn described(facts: &Facts, foreign: &[String]) -> Vec<Way> {
    let guided: HashSet<&str> = facts.readme.iter().chain(&facts.guided).map(String::as_str).collect();
    let commands = facts.commands.documented.iter().filter(|command| {
        command.script.as_deref().is_some_and(|script| !foreign::holds(foreign, script))
            && guided.contains(command.document.as_str())
    });
    let mut applied: HashMap<&str, bool> = HashMap::new();
    let mut promised: HashMap<(&str, usize), bool> = HashMap::new();
    commands
        .filter(|command| {
            let Some(document) = facts.document(&command.document) else { return false };
            let Some(script) = command.script.as_deref() else { return false };
            if holds(script, &["train", "download"]) {
                return false;
            }
            let promises = || {
                promises_application(
                    document.sections.get(command.section).map_or("", |section| section.title.as_str()),
                )
            };
            *promised.entry((command.document.as_str(), command.section)).or_insert_with(promises)
                || takes_input(command)
                    && *applied.entry(script).or_insert_with(|| only_applies_weights(facts, script))
        })
        .map(|command| way(&command.document, command.lines, "a command that applies released weights"))
        .collect()
}

/// Whether a title promises samples or predictions of a trained model.
fn promises_application(title: &str) -> bool {
    let lower = title.to_lowercase().replace("pre-trained", "pretrained");
    if ["using ", "use ", "try ", "apply "].iter().any(|verb| lower.starts_with(verb))
        && lower.contains("pretrained")
    {
        return true;
    }
    let said = words(title);
    has_any(
        &said,
        &[
            "demo",
            "inference",
            "sampling",
            "generation",
            "generating",
            "predict",
            "prediction",
            "synthesis",
            "interactive",
        ],
    ) && !has_any(&said, &["training", "train", "data", "dataset", "evaluation", "evaluate"])
}

fn hosted(target: &str) -> Option<&'static str> {
    let lower = target.to_ascii_lowercase();
    let at = |host: &str| lower.contains(host);
    if at("colab.research.google.com/") && !at("/assets/") {
        Some("a Colab notebook")
    } else if at("mybinder.org/v2") || at("notebooks.gesis.org/binder") {
        Some("a Binder link")
    } else if at("huggingface.co/spaces/")
        || at("hf.space")
        || at("gradio.app/") && !at("www.gradio.app") && !at("//gradio.app")
    {
        Some("an app on Hugging Face Spaces")
    } else if at(".streamlit.app") || at("share.streamlit.io") || at("streamlitapp.com") {
        Some("a Streamlit app")
    } else if at("replicate.com/") || at("replicate.ai/") {
        Some("an app on Replicate")
    } else {
        None
    }
}

/// Whether a call reads trained weights into a model.
pub(super) fn loads(call: &Call) -> bool {
    matches!(
        call.method(),
        "load_state_dict"
            | "from_pretrained"
            | "load_weights"
            | "load_model"
            | "load_checkpoint"
            | "load_from_checkpoint"
            | "restore"
    ) || matches!(
        call.name.as_str(),
        "torch.load"
            | "torch.hub.load"
            | "torch.jit.load"
            | "joblib.load"
            | "safetensors.torch.load_file"
            | "tensorflow_hub.load"
            | "tensorflow_hub.Module"
    )
}

/// Whether a script's name says that it applies a model to examples.
fn shows(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    holds(
        name,
        &[
            "demo",
            "demos",
            "infer",
            "inference",
            "predict",
            "prediction",
            "sample",
            "sampling",
            "generate",
            "synthesize",
            "translate",
            "interactive",
            "quickstart",
        ],
    ) && !holds(name, &["train", "dataset", "data", "utils", "util"])
}

/// Whether a documented command runs a script of the project that is named for downloading models.
fn fetches_weights(command: &Command) -> bool {
    command.script.as_deref().is_some_and(|script| {
        let named = words(script.rsplit('/').next().unwrap_or(script));
        has_any(&named, &["download", "fetch", "get"])
            && has_any(&named, &["model", "models", "weights", "checkpoint", "checkpoints", "pretrained"])
    })
}

/// Whether a command hands on an input of the reader's own.
fn takes_input(command: &Command) -> bool {
    const INPUTS: &[&str] = &[
        "--test_folder",
        "--test-folder",
        "--image",
        "--img",
        "--image_path",
        "--image-path",
        "--image_file",
        "--input_image",
        "--video",
        "--video_path",
        "--audio",
        "--audio_path",
        "--wav",
        "--text",
        "--prompt",
        "--sentence",
    ];
    command.flag(INPUTS).is_some()
}

/// Whether a script loads a model and does not train one.
fn only_applies_weights(facts: &Facts, script: &str) -> bool {
    facts.files.get(script).and_then(|file| file.python.as_ref()).is_some_and(|module| {
        let trains = module
            .calls
            .iter()
            .any(|call| matches!(call.method(), "backward" | "fit" | "minimize" | "apply_gradients"));
        !trains && module.calls.iter().any(loads)
    })
}

/// Whether weights can be had: in the tree, or behind a link of a document that says so.
fn releases(facts: &Facts, foreign: &[String]) -> bool {
    let in_tree = facts.tree.entries().iter().any(|entry| {
        let lower = entry.path.to_ascii_lowercase();
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        facts.files_hold(&entry.path)
            && !foreign::holds(foreign, &entry.path)
            && matches!(
                extension,
                "pt" | "pth"
                    | "ckpt"
                    | "ckp"
                    | "safetensors"
                    | "h5"
                    | "pb"
                    | "caffemodel"
                    | "onnx"
                    | "tflite"
                    | "t7"
                    | "index"
            )
            && !lower.split('/').any(|folder| folder == "data" || folder == "datasets")
    });
    in_tree
        || facts.commands.documented.iter().any(fetches_weights)
        || own_documents(facts, foreign)
            .filter(|(path, _)| facts.readme.as_ref() == Some(path) || facts.guided.contains(path))
            .any(|(_, document)| {
                let (mut of_blocks, mut of_sections) = (HashMap::new(), HashMap::new());
                document.links.iter().any(|link| {
                    let target = link.target.to_ascii_lowercase();
                    let weights =
                        [".pt", ".pth", ".ckpt", ".safetensors", ".h5", ".pth.tar", ".pkl", ".bin", ".npz"]
                            .iter()
                            .any(|extension| target.ends_with(extension));
                    let hosted = [
                        "drive.google.com",
                        "dropbox.com",
                        "zenodo.org",
                        "huggingface.co/",
                        "1drv.ms",
                        "onedrive",
                        "/releases",
                        "amazonaws.com",
                        "storage.googleapis.com",
                        "pan.baidu.com",
                        "figshare",
                        "box.com",
                        "sharepoint.com",
                    ]
                    .iter()
                    .any(|host| target.contains(host));
                    if !hosted {
                        return weights && target.starts_with("http");
                    }
                    if weights && target.starts_with("http") {
                        return true;
                    }
                    // Each paragraph and title is read once, however many links it holds.
                    let titles = || Said::of(&document.trail(link.section).join(" "));
                    let section = *of_sections.entry(link.section).or_insert_with(titles);
                    let block = document.block_at(link.line).and_then(|at| {
                        let block = document.blocks.get(at)?;
                        Some(*of_blocks.entry(at).or_insert_with(|| Said::of(&block.text)))
                    });
                    let about = Said::of(&link.text).and(section).and(block.unwrap_or_default());
                    about.models && (!about.data || about.weights)
                })
            })
}

/// Which words that tell weights from data are in a text.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    /// What may be weights.
    models: bool,
    /// What can be nothing but weights.
    weights: bool,
    data: bool,
}

impl Said {
    fn of(text: &str) -> Self {
        let about = words(text);
        let weights = has_any(&about, &["pretrained", "weights", "checkpoint", "checkpoints"]);
        Self {
            models: weights || has_any(&about, &["trained", "model", "models"]),
            weights,
            data: has_any(&about, &["data", "dataset", "datasets"]),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            models: self.models || other.models,
            weights: self.weights || other.weights,
            data: self.data || other.data,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    #[test]
    fn scripts_save_on_the_line_that_says_what() {
        let line = |path: &str, text: &str| {
            let snapshot = Snapshot::from_files([(path, text)]);
            let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
            saved_by_scripts(&facts, &[]).first().map(|found| found.lines.first)
        };
        assert_eq!(line("a.lua", "print('saved')\n-- no\ntorch.save('m.t7', model)\n"), Some(3));
        assert_eq!(line("a.R", "f <- fit(x)\nSAVE\n\n (model, file = 'm')\nsave(fit)\n"), Some(4));
        assert_eq!(line("a.jl", "# save model\nx = 1 # save(model)\n"), None);
    }
}
