//! What the code of a project does together: which files are run, which are reached from there, and which merely wait
//! for somebody to call them.

use super::{Activity, Sign, Trust};
use crate::facts::document::Lines;
use crate::facts::identifier::words;
use crate::facts::python::{PythonModule, Value};
use crate::facts::{Command, CommandKind, Facts, FileFacts, foreign, plan, tree};
use foldhash::{HashMap, HashMapExt as _};
use std::cell::RefCell;
use std::collections::BTreeSet;

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
    let copied = facts.foreign();
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
                .filter(|sign| sign.within.is_empty() || sign.within.iter().any(|name| used.is_used(name)))
                .collect();
            let Some(best) = found.first() else { continue };
            let mut points = file_points(&found);
            // What came along with a copied project says little of this one, and so does what nobody runs.
            if foreign::holds(copied, path) {
                points /= 5;
            } else if !is_run {
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
            // A mere hint is quoted where nothing says more.
            let is_hint = |place: &Place| place.trust == Trust::Hint;
            let by_trust = is_hint(a).cmp(&is_hint(b));
            by_trust
                .then_with(|| other.cmp(one))
                .then_with(|| a.path.len().cmp(&b.path.len()))
                .then_with(|| a.path.cmp(&b.path))
        });
        places.into_iter().map(|(_, place)| place).take(MOST_PLACES).collect()
    };
    let mut training = weigh(|activity| &activity.trains, (4, u32::MAX), true);
    if training.is_empty() {
        training = trained_by_clones(facts);
    }
    if training.is_empty() {
        training = trained_by_frameworks(facts);
    }
    let mut evaluation = weigh(|activity| &activity.evaluates, (2, 12), false);
    if !evaluation.is_empty() && merely_generates(facts, &code) {
        evaluation.clear();
    }
    Survey { training, evaluation, code_files: code.len() }
}

/// Whether pictures are made, or may be by code that could not be read, and what is called a test measures nothing of them
/// anywhere.
fn merely_generates(facts: &Facts, code: &[(&str, &Activity)]) -> bool {
    const NAMED_SO: &[&str] = &[
        "measures the model",
        "defines the evaluation",
        "is an evaluation script by name",
        "lies among experiments",
        "runs the evaluation",
        "draws a figure",
    ];
    let mut all = code.iter().filter(|(_, activity)| !activity.is_unit_test);
    let may_write = |path: &str| {
        path == facts.root
            || matches!(plan::Kind::of(path), plan::Kind::Python | plan::Kind::Notebook)
                && !is_vendored(facts.within_project(path))
                && !foreign::holds(facts.foreign(), path)
    };
    (code.iter().any(|(_, activity)| activity.writes_pictures)
        || facts.unread.iter().any(|unread| may_write(&unread.path)))
        && all.all(|(_, activity)| activity.evaluates.iter().all(|sign| NAMED_SO.contains(&sign.what)))
}

const MOST_PLACES: usize = 6;

/// Where shell scripts of the project run the training of another repository, which an earlier step clones.
fn trained_by_clones(facts: &Facts) -> Vec<Place> {
    let trains = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        words(name).iter().any(|word| matches!(word.as_ref(), "train" | "pretrain" | "finetune" | "training"))
    };
    facts
        .commands
        .scripted
        .iter()
        .filter(|command| command.script.is_none() && !is_vendored(facts.within_project(&command.document)))
        .filter(|command| {
            let CommandKind::Script { path } = &command.kind else { return false };
            let asked = command
                .flags
                .iter()
                .any(|flag| matches!(flag.name.trim_start_matches('-'), "do_train" | "do-train" | "train"));
            path.contains('/') && (trains(path) || asked) && facts.commands.makes(path)
        })
        .map(|command| Place {
            path: command.document.clone(),
            lines: command.lines,
            what: "trains with code that is cloned",
            trust: Trust::Likely,
        })
        .take(MOST_PLACES)
        .collect()
}

/// Where a command hands a configuration of the tree, which says how to learn, to a program that is installed or was brought
/// along; the command may leave the configuration to be filled in where its document leads to it.
fn trained_by_frameworks<'facts>(facts: &'facts Facts) -> Vec<Place> {
    let learns = |path: &str| {
        is_configuration(path) && facts.files.get(path).is_some_and(|file| says_how_to_learn(&file.text))
    };
    // Whether each document leads to one, found out once for all of its commands.
    let leads: RefCell<HashMap<&str, bool>> = RefCell::default();
    let led_to = |command: &'facts Command| {
        let to_fill_in =
            command.text.contains('<') && command.text.split_whitespace().any(|word| word == "train");
        let leads_there = || {
            facts.document(&command.document).is_some_and(|document| {
                let mut links = document.links.iter().filter(|link| !link.image);
                links
                    .any(|link| facts.resolve(&document.path, &link.target).is_some_and(|path| learns(&path)))
            })
        };
        to_fill_in && *leads.borrow_mut().entry(command.document.as_str()).or_insert_with(leads_there)
    };
    // The tool's own name may say it, as in `orchard-train --config-file settings/few.yaml`.
    let is_trainer = |command: &Command| {
        let tool = command.text.split_whitespace().next().unwrap_or_default();
        command.script.is_none() && words(tool).iter().any(|word| word == "train")
    };
    let handed = |command: &Command| {
        let folder = command.folder.as_deref()?;
        command.arguments.iter().find_map(|argument| {
            let named = argument.rsplit('=').next().unwrap_or(argument);
            let from = if folder.is_empty() { "x".to_owned() } else { format!("{folder}/x") };
            let path = tree::resolve(&from, named).filter(|path| is_configuration(path))?;
            facts.files.get(&path).filter(|file| is_trainer(command) || says_how_to_learn(&file.text))
        })
    };
    // A framework may have been brought along.
    let copied = facts.foreign();
    let commands = facts.commands.documented.iter().chain(&facts.commands.scripted);
    commands
        .filter(|command| command.script.as_deref().is_none_or(|script| foreign::holds(copied, script)))
        .filter(|command| !is_vendored(facts.within_project(&command.document)))
        .filter(|command| handed(command).is_some() || led_to(command))
        .map(|command| Place {
            path: command.document.clone(),
            lines: command.lines,
            what: "trains with a framework, as a configuration says",
            trust: Trust::Likely,
        })
        .take(MOST_PLACES)
        .collect()
}

fn is_configuration(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "yaml" | "yml" | "json" | "jsonnet" | "toml" | "gin" | "cfg" | "ini" | "conf")
}

/// Whether a configuration sets an optimizer or its rate, and how long or on how much at a time to learn.
fn says_how_to_learn(text: &str) -> bool {
    const LINES: usize = 400;
    let (mut rate, mut length) = (false, false);
    for line in text.lines().take(LINES) {
        let Some((key, _)) = line.split_once([':', '=']) else { continue };
        let found = words(key);
        let has = |wanted: &[&str]| found.iter().any(|word| wanted.contains(&word.as_ref()));
        rate |= has(&["optimizer", "optimiser", "optim", "lr"]) || has(&["learning"]) && has(&["rate"]);
        length |= has(&["epochs", "epoch", "iterations", "iters"])
            || has(&["batch"]) && has(&["size"])
            || has(&["max", "num", "total", "train"]) && has(&["steps", "updates"]);
    }
    rate && length
}

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

/// Names that are asked for, and which of them are used.
struct Asked<'facts> {
    is_used: HashMap<&'facts str, bool>,
    /// A bit for each length by the first byte: most other names are told apart by that.
    lengths: [u64; 256],
}

impl<'facts> Asked<'facts> {
    fn new(names: impl Iterator<Item = &'facts str>) -> Self {
        let mut asked = Self { is_used: HashMap::new(), lengths: [0; 256] };
        for name in names {
            let (first, length) = Self::shape(name);
            asked.lengths[usize::from(first)] |= length;
            asked.is_used.insert(name, false);
        }
        asked
    }

    fn shape(name: &str) -> (u8, u64) {
        (name.bytes().next().unwrap_or_default(), 1 << name.len().min(63))
    }

    fn see(&mut self, name: &str) {
        let (first, length) = Self::shape(name);
        if self.lengths[usize::from(first)] & length != 0
            && let Some(is_used) = self.is_used.get_mut(name)
        {
            *is_used = true;
        }
    }

    fn see_all<'name>(&mut self, names: impl IntoIterator<Item = &'name str>) {
        names.into_iter().for_each(|name| self.see(name));
    }

    fn is_used(&self, name: &str) -> bool {
        self.is_used.get(name).copied().unwrap_or(false)
    }
}

/// What code that is run calls, passes on, derives from or registers, of the names that signs stand in.
fn used_names<'facts>(facts: &'facts Facts, run: &BTreeSet<&str>) -> Asked<'facts> {
    let signs = |file: &'facts FileFacts| {
        let of = |activity: &'facts Activity| activity.trains.iter().chain(&activity.evaluates);
        file.activity.iter().flat_map(of).flat_map(|sign| sign.within.iter().map(String::as_str))
    };
    let mut used = Asked::new(facts.files.values().flat_map(|file| signs(file)));
    if used.is_used.is_empty() {
        return used;
    }
    used.see("main");
    fn last(name: &str) -> &str {
        name.trim_end_matches(['(', ')', '[', ']']).rsplit('.').next().unwrap_or(name)
    }
    for (path, module) in facts.python() {
        if !run.contains(path) {
            continue;
        }
        for call in &module.calls {
            // A method that calls its like on its parts is not yet called by anybody.
            let around = call.scope.and_then(|scope| module.definitions.get(scope));
            if around.is_some_and(|around| around.name == call.method()) {
                continue;
            }
            used.see(call.method());
            let pieces = call.written.split('.').map(|piece| piece.trim_end_matches(['(', ')', '[', ']']));
            used.see_all(pieces);
            for argument in &call.arguments {
                used.see_all(argument.value.as_name().map(last));
                // Configurations name functions as texts: `train.run_all`.
                let named = argument.value.as_text().filter(|text| !text.contains([' ', '/']));
                used.see_all(named.and_then(|text| text.rsplit(['.', ':']).next()));
            }
        }
        for definition in &module.definitions {
            used.see_all(definition.bases.iter().map(|base| last(base)));
            // What a framework registers or overrides is called from there.
            if !definition.decorators.is_empty() || (definition.is_class && !definition.bases.is_empty()) {
                used.see(&definition.name);
            }
        }
        for assigned in &module.assignments {
            match &assigned.value {
                Value::Name(name) => used.see(last(name)),
                Value::List(items) => used.see_all(items.iter().filter_map(Value::as_name).map(last)),
                Value::Map(items) => {
                    used.see_all(items.iter().filter_map(|(_, item)| item.as_name()).map(last));
                }
                _ => {}
            }
        }
    }
    for file in facts.files.values().filter(|file| file.python.is_none()) {
        used.see_all(signs(file));
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
    start.extend(named_by_configurations(facts));
    imported_from(facts, start)
}

/// Modules that configurations name, where code imports what it is told to: `module: models.gan`,
/// `_target_: models.gan.Generator`.
fn named_by_configurations(facts: &Facts) -> BTreeSet<&str> {
    const LINES: usize = 400;
    let imports_by_name = |module: &PythonModule| {
        ["importlib", "pydoc", "hydra"].iter().any(|package| module.imports_package(package))
    };
    let mut found = BTreeSet::new();
    if !facts.python().any(|(_, module)| imports_by_name(module)) {
        return found;
    }
    let files = facts.files.iter().filter(|(path, _)| is_configuration(path));
    for line in files.flat_map(|(_, file)| file.text.lines().take(LINES)) {
        let Some((_, value)) = line.split_once([':', '=']) else { continue };
        let value = value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
        if !value.contains('.') || value.contains(char::is_whitespace) {
            continue;
        }
        let module = value.replace('.', "/");
        let class_left_out = module.rsplit_once('/').map_or("", |(module, _)| module);
        let candidates =
            [module.as_str(), class_left_out].map(|module| facts.at_root(&format!("{module}.py")));
        found.extend(candidates.iter().filter_map(|path| Some(facts.files.get_key_value(path)?.0.as_str())));
    }
    found
}

/// `start`, and the files of the project that they import, however far.
pub fn imported_from<'facts>(facts: &'facts Facts, start: Vec<&'facts str>) -> BTreeSet<&'facts str> {
    let mut modules: HashMap<&str, Vec<&str>> = HashMap::new();
    for (path, _) in facts.python() {
        let stem = path.strip_suffix(".py").or_else(|| path.strip_suffix(".pyx")).unwrap_or(path);
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        modules.entry(stem.rsplit('/').next().unwrap_or(stem)).or_default().push(path);
    }
    let mut seen: BTreeSet<&str> = start.into_iter().collect();
    // Each file is opened once, however often a document runs it.
    let mut open: Vec<&str> = seen.iter().copied().collect();
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
