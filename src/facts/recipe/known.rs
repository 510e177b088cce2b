//! What the repository itself shows of a recipe, as text that can be pasted: real entry points, defaults that are
//! declared, calls that are made, each with where it comes from.

use super::page::does;
use super::{Item, command};
use crate::facts::python::{Call, PythonModule, Value};
use crate::facts::{Command, Facts, FileFacts, Lines, Link, plan};
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use std::cell::{LazyCell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// What the repository shows of each item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Markdown by item, without its heading.
    pub items: BTreeMap<Item, String>,
    /// The script that trains, where there is one.
    pub training_script: Option<String>,
    /// What the documented training command sets: name, value and place, nearest first.
    settings: Vec<(String, String, String)>,
    /// The line of that command, where a document gives it.
    training_line: Option<u32>,
}

/// The guideline's outline: each item with the headings it stands under.
const OUTLINE: [(Item, [&str; 3]); 25] = [
    (Item::RawDataDescription, ["Data", "Raw data", "Description"]),
    (Item::RawDataPath, ["Data", "Raw data", "Path"]),
    (Item::ProcessingDescription, ["Data", "Data processing", "Description"]),
    (Item::ProcessingCode, ["Data", "Data processing", "Code"]),
    (Item::ProcessingCommit, ["Data", "Data processing", "Commit"]),
    (Item::ProcessedDataPath, ["Data", "Data processing", "Path"]),
    (Item::Architecture, ["Training", "Model", "Architecture"]),
    (Item::Loss, ["Training", "Model", "Loss"]),
    (Item::TrainingCode, ["Training", "Training run", "Code"]),
    (Item::TrainingCommit, ["Training", "Training run", "Commit"]),
    (Item::BatchSize, ["Training", "Hyperparameters", "Batch size"]),
    (Item::Devices, ["Training", "Hyperparameters", "Devices"]),
    (Item::Optimizer, ["Training", "Hyperparameters", "Optimizer"]),
    (Item::LearningRate, ["Training", "Hyperparameters", "Learning rate"]),
    (Item::Initialization, ["Training", "Hyperparameters", "Initialization"]),
    (Item::Augmentation, ["Training", "Hyperparameters", "Data augmentation"]),
    (Item::Dynamics, ["Training", "Course of training", "Dynamics"]),
    (Item::Outputs, ["Training", "Course of training", "Outputs"]),
    (Item::TargetMetrics, ["Evaluation", "Performance metrics", "Target metrics"]),
    (Item::EvaluationCode, ["Evaluation", "Performance metrics", "Code"]),
    (Item::EvaluationCommit, ["Evaluation", "Performance metrics", "Commit"]),
    (Item::InferenceCode, ["Inference", "Running inference", "Code"]),
    (Item::InferenceTiming, ["Inference", "Running inference", "Timing"]),
    (Item::Serialization, ["Inference", "Running inference", "Serialization"]),
    (Item::References, ["Miscellaneous", "Notes", "References"]),
];

/// The outline with a body for each item that `body` has one for.
pub fn outline(body: impl Fn(Item) -> Option<String>) -> String {
    let mut text = String::new();
    let mut open = ["", ""];
    for (item, [chapter, section, title]) in OUTLINE {
        let Some(body) = body(item) else { continue };
        if open.first() != Some(&chapter) {
            let _ = write!(text, "## {chapter}\n\n");
            open = [chapter, ""];
        }
        if open.last() != Some(&section) {
            let _ = write!(text, "### {section}\n\n");
            open = [chapter, section];
        }
        let _ = write!(text, "#### {title}\n\n{}\n\n", body.trim_end());
    }
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

impl Known {
    /// Reads it from the facts.
    pub fn of(facts: &Facts) -> Self {
        let mut known = Self::default();
        known.entry_points(facts);
        if let Some(script) = known.training_script.clone() {
            known.of_training(facts, &script);
        }
        known.data(facts);
        known.link(facts, Item::Outputs, "The trained model can be downloaded from");
        known.link(facts, Item::References, "The paper:");
        known
    }

    /// The guideline's sections of `items`, as far as they are known; empty where none is.
    pub fn sections(&self, items: &[Item]) -> String {
        outline(|item| items.contains(&item).then(|| self.items.get(&item).cloned()).flatten())
    }

    fn entry_points(&mut self, facts: &Facts) {
        let readme = facts.readme.as_ref().and_then(|path| facts.files.get(path));
        let table = [
            (Item::TrainingCode, does::TRAIN),
            (Item::EvaluationCode, does::EVALUATE),
            (Item::ProcessingCode, does::PROCESS),
            (Item::InferenceCode, does::INFER),
            (Item::Serialization, does::EXPORT),
        ];
        let runs = |documented: &&Command| {
            documented
                .script
                .as_deref()
                .and_then(|script| facts.files.get(script))
                .is_some_and(|file| is_code(file))
        };
        let commands: Vec<&Command> = facts.commands.documented.iter().filter(runs).collect();
        let all_named = OnceCell::new();
        // Scripts that are run, and what their names say that they do.
        let scripts: LazyCell<Vec<(&str, &FileFacts, u32)>, _> = LazyCell::new(|| {
            let is_run = |(path, file): &(&String, &Arc<FileFacts>)| {
                let entry = file
                    .activity
                    .as_ref()
                    .is_some_and(|activity| activity.entry.is_some() && !activity.is_unit_test)
                    || file.python.as_ref().is_some_and(|python| python.entry_point.is_some());
                path.ends_with(".py") && entry
            };
            let scripts = facts.files.iter().filter(is_run).map(|(path, file)| {
                let call = format!("python {}", facts.within_project(path).to_lowercase());
                (path.as_str(), file.as_ref(), command::named(&call) & !does::RUN)
            });
            scripts.collect()
        });
        for (item, wanted) in table {
            // What the documents tell to run comes first: it has its arguments.
            let places: Vec<u32> = readme
                .map_or(&[][..], |file| file.reading().places(item))
                .iter()
                .map(|place| place.lines.first)
                .collect();
            // The first command of each line.
            let mut open: BTreeSet<u32> = places.iter().copied().collect();
            let mut at: HashMap<u32, &Command> = HashMap::new();
            for command in &commands {
                if readme.is_some_and(|file| file.path == command.document) {
                    while let Some(line) =
                        open.range(command.lines.first..=command.lines.last).next().copied()
                    {
                        open.remove(&line);
                        at.insert(line, command);
                    }
                }
            }
            let read = places.iter().find_map(|line| at.get(line).copied());
            let named = || {
                let all: &Vec<u32> = all_named.get_or_init(|| {
                    commands.iter().map(|command| command::named(&command.text.to_lowercase())).collect()
                });
                commands.iter().zip(all).find(|(_, named)| **named & wanted != 0).map(|(command, _)| *command)
            };
            let documented = read.or_else(named).and_then(|command| {
                let folder = command.folder.as_deref().filter(|folder| !folder.is_empty());
                let enter = folder.map_or(String::new(), |folder| format!("cd {folder}\n"));
                if item == Item::TrainingCode {
                    self.settings = settings(facts, command);
                    self.training_line = Some(command.lines.first);
                }
                let place = format!("{}:{}", command.document, command.lines.first);
                Some((command.script.clone()?, format!("{enter}{}", command.text), place))
            });
            let found = documented.or_else(|| {
                let learns = |file: &FileFacts| {
                    item != Item::TrainingCode
                        || file.activity.as_ref().is_some_and(|activity| !activity.trains.is_empty())
                };
                let fitting = scripts.iter().filter(|(_, file, does)| *does == wanted && learns(file));
                let first = fitting.min_by_key(|(path, ..)| (path.matches('/').count(), path.len(), *path));
                first.map(|(path, ..)| {
                    let call = format!("python {}", facts.within_project(path));
                    ((*path).to_owned(), call, format!("{path}:1"))
                })
            });
            let Some((script, text, place)) = found else { continue };
            if item == Item::TrainingCode {
                self.training_script = Some(script);
            }
            self.items.insert(item, format!("```bash\n{text}\n```\n\n(from `{place}`)\n"));
        }
    }

    /// Hyperparameters, architecture and loss, from the script that trains and the modules it imports.
    fn of_training(&mut self, facts: &Facts, script: &str) {
        let declared = facts.flags_of(script);
        let mut modules: Vec<(&str, &PythonModule)> = declared
            .read
            .iter()
            .filter_map(|path| Some((path.as_str(), facts.files.get(path)?.python.as_ref()?)))
            .collect();
        if modules.is_empty() {
            modules.extend(facts.files.get(script).and_then(|file| Some((script, file.python.as_ref()?))));
        }
        let settings = self.settings.clone();
        let number = |names: &[&str]| {
            let set = settings
                .iter()
                .find(|(name, value, _)| names.contains(&name.as_str()) && starts_with_digit(value));
            if let Some((name, value, place)) = set {
                return Some(format!("{value} (`{name}`, `{place}`)"));
            }
            let flag = declared.flags.iter().find_map(|flag| {
                let name = flag.names.iter().find(|name| names.contains(&bare(name).as_str()))?;
                let value = shown(flag.default.as_ref()?)?;
                Some(format!("{value} (default of `{name}`, `{}:{}`)", flag.path, flag.line))
            });
            flag.or_else(|| {
                let module = facts.files.get(script)?.python.as_ref()?;
                let found = module.assignments.iter().find(|assignment| {
                    assignment.scope.is_none()
                        && !assignment.augmented
                        && names.contains(&assignment.target.to_lowercase().as_str())
                })?;
                Some(format!(
                    "{} (default of `{}`, `{script}:{}`)",
                    shown(&found.value)?,
                    found.target,
                    found.line
                ))
            })
        };
        let insert = |items: &mut BTreeMap<Item, String>, item: Item, text: Option<String>| {
            if let Some(text) = text {
                items.entry(item).or_insert(text);
            }
        };
        let batch = number(&[
            "batch_size",
            "train_batch_size",
            "batchsize",
            "batch",
            "bs",
            "per_device_train_batch_size",
            "sizebatch",
        ]);
        insert(&mut self.items, Item::BatchSize, batch.map(|value| format!("Batch size: {value}")));
        let rate = number(&["lr", "learning_rate", "base_lr", "init_lr", "lrate", "max_lr"]);
        insert(&mut self.items, Item::LearningRate, rate.map(|value| format!("Learning rate: {value}")));
        let devices =
            number(&["gpus", "num_gpus", "ngpu", "ngpus", "n_gpu", "n_gpus", "nproc_per_node", "world_size"]);
        let devices = devices.filter(|value| value.starts_with(|c: char| c.is_ascii_digit() && c != '0'));
        insert(&mut self.items, Item::Devices, devices.map(|value| format!("Number of GPUs: {value}")));
        const MOST_NAMED: usize = 4;
        let calls = |wanted: &dyn Fn(&Call) -> Option<String>| -> Vec<(String, String)> {
            let mut found: Vec<(String, String)> = Vec::new();
            // What the script itself calls is what it uses; modules that it imports may hold more than it needs.
            for own in [true, false] {
                for (path, module) in modules.iter().filter(|(path, _)| (*path == script) == own) {
                    for call in &module.calls {
                        if found.len() == MOST_NAMED {
                            break;
                        }
                        if let Some(name) =
                            wanted(call).filter(|name| !found.iter().any(|(known, _)| known == name))
                        {
                            found.push((name, format!("`{path}:{}`", call.lines.first)));
                        }
                    }
                }
                if !found.is_empty() {
                    break;
                }
            }
            found
        };
        let list = |found: &[(String, String)]| {
            let each: Vec<String> = found.iter().map(|(name, place)| format!("`{name}` ({place})")).collect();
            (!each.is_empty()).then(|| each.join(", "))
        };
        let optimizers = calls(&|call| {
            let last = call.method();
            let is_class = last.starts_with(|c: char| c.is_ascii_uppercase());
            let within = [
                "torch.optim.",
                "keras.optimizers.",
                "tf.train.",
                "tensorflow.train.",
                "optax.",
                "transformers.",
            ];
            let optimizes = within.iter().any(|module| call.name.contains(module))
                && super::hyperparameters::is_optimizer(
                    last,
                    &format!("optimizer {}", last.to_lowercase().replace("optimizer", "")),
                );
            (optimizes && (is_class || call.name.contains("optax")) && !call.name.contains("lr_scheduler"))
                .then(|| call.name.clone())
        });
        insert(
            &mut self.items,
            Item::Optimizer,
            list(&optimizers).map(|names| format!("Optimizer: {names}")),
        );
        let losses = calls(&|call| {
            let last = call.method();
            let within = call.name.contains("torch.nn.")
                || call.name.contains("keras.losses.")
                || call.name.contains("optax.");
            let lower = last.to_lowercase();
            let is_loss = lower.ends_with("loss")
                || lower.contains("cross_entropy")
                || lower.contains("crossentropy")
                || lower == "mean_squared_error";
            (within && is_loss).then(|| call.name.clone())
        });
        insert(
            &mut self.items,
            Item::Loss,
            list(&losses).map(|names| format!("The loss is computed by {names}.")),
        );
        let schedules = calls(&|call| call.name.contains("lr_scheduler.").then(|| call.name.clone()));
        if let (Some(text), Some(names)) = (self.items.get_mut(&Item::LearningRate), list(&schedules)) {
            let _ = write!(text, "\n\nSchedule: {names}");
        }
        let augmentations = calls(&|call| {
            let last = call.method();
            let within = call.name.contains("transforms.")
                || call.name.contains("albumentations.")
                || call.name.contains("keras.layers.");
            (within
                && (last.starts_with("Random")
                    || last.contains("Jitter")
                    || last.contains("Augment")
                    || last == "Mixup"))
                .then(|| call.name.clone())
        });
        insert(&mut self.items, Item::Augmentation, list(&augmentations));
        let starts = calls(&|call| {
            let pretrained = call.keyword("pretrained") == Some(&Value::Flag(true)) || call.keyword("weights").is_some_and(|weights| matches!(weights, Value::Text(text) if text.to_lowercase().contains("imagenet")));
            let initializes = call.name.contains("nn.init.");
            (pretrained || initializes).then(|| call.name.clone())
        });
        insert(
            &mut self.items,
            Item::Initialization,
            list(&starts).map(|names| format!("Weights are initialised by {names}.")),
        );
        let classes: Vec<(String, String)> = modules
            .iter()
            .flat_map(|(path, module)| {
                module
                    .definitions
                    .iter()
                    .filter(|definition| {
                        definition.is_class
                            && definition.parent.is_none()
                            && definition.bases.iter().any(|base| {
                                ["nn.Module", "keras.Model", "LightningModule", "flax.linen.Module"]
                                    .iter()
                                    .any(|end| base.ends_with(end))
                            })
                    })
                    .map(move |definition| {
                        (definition.name.clone(), format!("`{path}:{}`", definition.lines.first))
                    })
            })
            .collect();
        let script_module = facts.files.get(script).and_then(|file| file.python.as_ref());
        let built: Vec<(String, String)> = classes
            .into_iter()
            .filter(|(name, _)| script_module.is_some_and(|module| module.calls_of(name).next().is_some()))
            .take(MOST_NAMED)
            .collect();
        insert(
            &mut self.items,
            Item::Architecture,
            list(&built).map(|names| format!("The model is built from the classes {names}.")),
        );
    }

    /// Scripts that download, and loaders that do it by themselves.
    fn data(&mut self, facts: &Facts) {
        let script = facts.files.iter().find(|(path, file)| {
            let lower = facts.within_project(path).to_lowercase();
            let name = lower.rsplit('/').next().unwrap_or_default();
            let is_script = path.ends_with(".sh")
                || file.python.as_ref().is_some_and(|python| python.entry_point.is_some());
            is_script
                && name.contains("download")
                && !["model", "weight", "checkpoint"].iter().any(|word| lower.contains(word))
        });
        if let Some((path, _)) = script {
            let program = if path.ends_with(".sh") { "bash" } else { "python" };
            let path = facts.within_project(path);
            self.items
                .insert(Item::RawDataPath, format!("Download the data:\n\n```bash\n{program} {path}\n```\n"));
            return;
        }
        if let Some(text) = self.fetching(facts) {
            self.items.insert(Item::RawDataPath, text);
            return;
        }
        self.link(facts, Item::RawDataPath, "The dataset can be downloaded from");
        let Some(script) =
            self.training_script.as_deref().filter(|_| !self.items.contains_key(&Item::RawDataPath))
        else {
            return;
        };
        // A loader that training itself brings in: others load other data.
        let declared = facts.flags_of(script);
        let modules =
            declared.read.iter().filter_map(|path| Some((path, facts.files.get(path)?.python.as_ref()?)));
        let loader = modules.into_iter().find_map(|(path, module)| {
            let call = module.calls.iter().find(|call| {
                let downloads = call.keyword("download") == Some(&Value::Flag(true));
                let torchvision = call.name.contains("datasets.") && downloads;
                let hub = (call.name == "datasets.load_dataset"
                    || call.name.ends_with("tensorflow_datasets.load"))
                    && call.positional().next().is_some_and(|name| name.as_text().is_some());
                let keras = call.name.contains("keras.datasets.") && call.method() == "load_data";
                torchvision || hub || keras
            })?;
            let name = call
                .positional()
                .next()
                .and_then(Value::as_text)
                .filter(|_| !call.name.contains("torchvision"));
            let what = name.map_or(call.name.clone(), |name| format!("{}(\"{name}\")", call.name));
            Some(format!(
                "`{what}` (`{path}:{}`): its dataset is downloaded automatically.\n",
                call.lines.first
            ))
        });
        if let Some(text) = loader {
            self.items.insert(Item::RawDataPath, text);
        }
    }

    /// The command that the README gives for getting the data, nearest before the one that trains.
    fn fetching(&self, facts: &Facts) -> Option<String> {
        let readme = facts.files.get(facts.readme.as_ref()?)?;
        let mut places: Vec<Lines> =
            readme.reading().places(Item::RawDataPath).iter().map(|place| place.lines).collect();
        Lines::reach_on(&mut places);
        let trains = self.training_line?;
        let command = facts
            .commands
            .documented
            .iter()
            .filter(|command| command.document == readme.path && command.lines.first < trains)
            .filter(|command| Lines::any_contains(&places, command.lines.first))
            .filter(|command| {
                let script = command.script.as_deref().and_then(|script| facts.files.get(script));
                script.is_some_and(|file| is_code(file))
            })
            .max_by_key(|command| command.lines.first)?;
        let enter = command.folder.as_deref().filter(|folder| !folder.is_empty());
        let enter = enter.map_or(String::new(), |folder| format!("cd {folder}\n"));
        let place = format!("{}:{}", command.document, command.lines.first);
        Some(format!("Download the data:\n\n```bash\n{enter}{}\n```\n\n(from `{place}`)\n", command.text))
    }

    /// An address that the README gives, with the words that lead to it.
    fn link(&mut self, facts: &Facts, item: Item, words: &str) {
        let Some(file) = facts.readme.as_ref().and_then(|path| facts.files.get(path)) else { return };
        let Some(document) = file.document.as_ref().filter(|_| !self.items.contains_key(&item)) else {
            return;
        };
        let leads_out = |link: &&Link| !link.image && link.target.contains("://");
        let mut links: Vec<&Link> = document.links.iter().filter(leads_out).collect();
        links.sort_by_key(|link| link.line);
        let link = file.reading().places(item).iter().find_map(|place| {
            let first = links.partition_point(|link| link.line < place.lines.first);
            links.get(first).copied().filter(|link| place.lines.contains(link.line))
        });
        let Some(link) = link else { return };
        // An address in running text may be cut short where markup could begin.
        let line = file.line(link.line).unwrap_or_default();
        let rest = line.split_once(link.target.as_str()).map_or("", |(_, rest)| rest);
        let more =
            rest.split([' ', '>', '<', ')', ']', '"', '\'', '`', ',', ';', '|']).next().unwrap_or_default();
        let target = if link.bare {
            format!("{}{}", link.target, more.trim_end_matches('.'))
        } else {
            link.target.clone()
        };
        let name = if link.bare { target.clone() } else { link.text.replace(['[', ']'], "") };
        let text = format!("{words} [{name}]({target}) (from `{}:{}`).\n", document.path, link.line);
        // What the sentence says must be what a reader of it finds.
        let section = outline(|wanted| (wanted == item).then(|| text.clone()));
        let parsed = crate::facts::markdown::parse("recipe.md", &section.as_str().into());
        if super::Reading::of(&parsed, &section).gives(item) {
            self.items.insert(item, text);
        }
    }
}

/// What a command sets: by its flags, then by the configuration files that it names.
fn settings(facts: &Facts, command: &Command) -> Vec<(String, String, String)> {
    let place = format!("{}:{}", command.document, command.lines.first);
    let mut found: Vec<(String, String, String)> = command
        .flags
        .iter()
        .filter_map(|flag| Some((bare(&flag.name), flag.value.clone()?, place.clone())))
        .collect();
    let folder = command.folder.as_deref().unwrap_or_default();
    let mut seen: HashSet<&str> = HashSet::new();
    for argument in command.arguments.iter().filter(|argument| seen.insert(argument)) {
        let written = argument.trim_start_matches('@');
        let path = if folder.is_empty() { written.to_owned() } else { format!("{folder}/{written}") };
        let Some(file) = facts.files.get(&path).filter(|_| Some(path.as_str()) != command.script.as_deref())
        else {
            continue;
        };
        for (line, number) in file.text.lines().zip(1..) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let Some((name, value)) = line.split_once([':', '=', ' ']) else { continue };
            let name = bare(name.trim_matches(['"', '\'', ' ']));
            let value = value.trim_matches([' ', '=', ':', ',', '"', '\'']).to_owned();
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_name && !value.is_empty() {
                found.push((name, value, format!("{path}:{number}")));
            }
        }
    }
    found
}

fn starts_with_digit(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_digit() || c == '.') && value.len() < 16
}

fn is_code(file: &FileFacts) -> bool {
    matches!(plan::Kind::of(&file.path), plan::Kind::Python | plan::Kind::Script | plan::Kind::Notebook)
}

fn bare(flag: &str) -> String {
    flag.trim_start_matches('-').replace('-', "_").to_lowercase()
}

/// A default as it is written, where it is a number.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => Some(text.clone()),
        _ => None,
    }
}
