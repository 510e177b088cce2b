//! Which code is reached from an entry point, by name: each module is read once, and scripts share what it says.

use super::{Library, drawn_by, seeded_by, trains};
use crate::facts::FileFacts;
use crate::facts::flags::Project;
use crate::facts::python::{Call, Definition, PythonModule, Value};
use foldhash::{HashMap, HashSet};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// A name's number.
type Name = u32;

/// What the modules say that entry points lead to.
#[derive(Default)]
pub(super) struct Modules<'facts> {
    numbers: HashMap<&'facts str, Name>,
    said: HashMap<&'facts str, Rc<Said<'facts>>>,
}

/// What one module says, whatever leads to it.
pub(super) struct Said<'facts> {
    /// The names that each scope mentions: the module first, then its definitions.
    imported: Vec<Vec<Name>>,
    /// Those that it mentions besides where the module itself is run.
    run: Vec<Vec<Name>>,
    definitions: Vec<Defined>,
    /// Calls that train, draw or may seed, in order.
    pub(super) calls: Vec<Telling<'facts>>,
    pub(super) has_framework: bool,
    pub(super) has_torch: bool,
}

struct Defined {
    name: Name,
    /// Whether frameworks or the language call it as a method.
    is_hook: bool,
}

/// A call that tells something.
pub(super) struct Telling<'facts> {
    pub(super) call: &'facts Call,
    /// Whether it is left out where the module is imported.
    pub(super) in_main: bool,
    pub(super) may_seed: bool,
    pub(super) trains: bool,
    pub(super) draws: Vec<Library>,
}

/// One module on the way from an entry point.
pub(super) struct Step<'facts> {
    pub(super) path: &'facts str,
    pub(super) module: &'facts PythonModule,
    pub(super) file: &'facts Arc<FileFacts>,
    pub(super) said: Rc<Said<'facts>>,
}

/// How far imports are followed, and how many modules.
const STEPS: usize = 4;
pub(super) const MOST_MODULES: usize = 150;

impl<'facts> Modules<'facts> {
    /// The modules that `entry` leads to, itself first.
    pub(super) fn closure(&mut self, project: Project<'facts>, entry: &str) -> Vec<Step<'facts>> {
        let mut steps: Vec<Step<'facts>> = Vec::new();
        let mut queue = VecDeque::from([(entry.to_owned(), 0)]);
        let mut seen = HashSet::from_iter([entry.to_owned()]);
        while let Some((path, depth)) = queue.pop_front() {
            let Some((path, file)) = project.files.get_key_value(&path) else { continue };
            let Some(module) = &file.python else { continue };
            if steps.len() >= MOST_MODULES {
                break;
            }
            if depth < STEPS {
                for found in project.imported(entry, path).iter() {
                    if !seen.contains(found) {
                        seen.insert(found.clone());
                        queue.push_back((found.clone(), depth + 1));
                    }
                }
            }
            steps.push(Step { path, module, file, said: self.read(path, module) });
        }
        steps
    }

    fn read(&mut self, path: &'facts str, module: &'facts PythonModule) -> Rc<Said<'facts>> {
        if let Some(known) = self.said.get(path) {
            return Rc::clone(known);
        }
        let said = Rc::new(Said::of(module, &mut self.numbers));
        self.said.insert(path, Rc::clone(&said));
        said
    }

    /// Which definitions are reached by name from the first of `steps`.
    pub(super) fn live(&self, steps: &[Step<'facts>]) -> Live {
        let mut reached: Vec<Vec<bool>> =
            steps.iter().map(|step| vec![false; step.said.definitions.len()]).collect();
        let mut named = vec![false; self.numbers.len()];
        let name_all = |named: &mut Vec<bool>, nth: usize, scope: Option<usize>| {
            let Some(step) = steps.get(nth) else { return };
            for name in step.said.mentions(scope, nth == 0) {
                if let Some(slot) = named.get_mut(name as usize) {
                    *slot = true;
                }
            }
        };
        (0..steps.len()).for_each(|nth| name_all(&mut named, nth, None));
        let main = self.numbers.get("main");
        // Each round reaches at least one more definition, or is the last.
        const ROUNDS: usize = 40;
        for _ in 0..ROUNDS {
            let mut changed = false;
            for (nth, step) in steps.iter().enumerate() {
                let Some(reached) = reached.get_mut(nth) else { continue };
                for (index, (definition, defined)) in
                    step.module.definitions.iter().zip(&step.said.definitions).enumerate()
                {
                    if reached.get(index).copied().unwrap_or(true) {
                        continue;
                    }
                    let parent = definition.parent;
                    let parent_reached =
                        parent.is_none_or(|parent| reached.get(parent).copied().unwrap_or(false));
                    if !parent_reached {
                        continue;
                    }
                    let in_class = parent
                        .and_then(|parent| step.module.definitions.get(parent))
                        .is_some_and(|parent| parent.is_class);
                    let called = named.get(defined.name as usize).copied().unwrap_or(false)
                        || in_class && defined.is_hook
                        || parent.is_some() && !in_class
                        || nth == 0 && parent.is_none() && Some(&defined.name) == main;
                    if called {
                        if let Some(slot) = reached.get_mut(index) {
                            *slot = true;
                        }
                        name_all(&mut named, nth, Some(index));
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        Live { definitions: reached }
    }
}

/// Which definitions of which module are reached by name.
pub(super) struct Live {
    definitions: Vec<Vec<bool>>,
}

impl Live {
    pub(super) fn scope(&self, step: usize, scope: Option<usize>) -> bool {
        scope.is_none_or(|scope| {
            self.definitions.get(step).and_then(|live| live.get(scope)).copied().unwrap_or(false)
        })
    }
}

/// Whether a scope of a module may be called, by a name that stands anywhere in `steps`.
pub(super) fn may_be_called(steps: &[Step<'_>], step: &Step<'_>, scope: Option<usize>) -> bool {
    let Some(at) = scope else { return true };
    let Some((definition, defined)) = step.module.definitions.get(at).zip(step.said.definitions.get(at))
    else {
        return true;
    };
    let is_named = |(nth, step): (usize, &Step<'_>)| step.said.mentions_anywhere(defined.name, nth == 0);
    definition.parent.is_some() || steps.iter().enumerate().any(is_named)
}

/// Names that frameworks call.
const HOOKS: &[&str] = &[
    "forward",
    "call",
    "build",
    "setup",
    "training_step",
    "configure_optimizers",
    "train_dataloader",
    "prepare_data",
    "train",
    "fit",
    "main",
    "run",
];

impl<'facts> Said<'facts> {
    fn of(module: &'facts PythonModule, numbers: &mut HashMap<&'facts str, Name>) -> Self {
        let mut number = |name: &'facts str| {
            let next = numbers.len() as Name;
            *numbers.entry(name).or_insert(next)
        };
        let in_main = |line: u32| module.entry_point.is_some_and(|main| main.contains(line));
        let scopes = module.definitions.len() + 1;
        let (mut imported, mut run) = (vec![Vec::new(); scopes], vec![Vec::new(); scopes]);
        let mut mentioned = |in_main: bool, scope: Option<usize>, name: &'facts str| {
            let names = if in_main { &mut run } else { &mut imported };
            if let Some(of) = names.get_mut(place_of(scope)) {
                of.push(number(name));
            }
        };
        for call in &module.calls {
            let mut add = |name| mentioned(in_main(call.lines.first), call.scope, name);
            pieces(&call.name, &mut add);
            if call.written != call.name {
                pieces(&call.written, &mut add);
            }
            call.arguments.iter().for_each(|argument| mention(&argument.value, &mut add));
        }
        for assignment in &module.assignments {
            let mut add = |name| mentioned(in_main(assignment.line), assignment.scope, name);
            mention(&assignment.value, &mut add);
        }
        for (index, definition) in module.definitions.iter().enumerate() {
            for decorator in &definition.decorators {
                pieces(decorator, &mut |name| mentioned(false, definition.parent, name));
            }
            for base in &definition.bases {
                pieces(base, &mut |name| mentioned(false, Some(index), name));
            }
        }
        for names in imported.iter_mut().chain(&mut run) {
            names.sort_unstable();
            names.dedup();
        }
        let defined = |definition: &'facts Definition| Defined {
            name: number(&definition.name),
            is_hook: definition.name.starts_with("__") || HOOKS.contains(&definition.name.as_str()),
        };
        let definitions = module.definitions.iter().map(defined).collect();
        let telling = |call: &'facts Call| {
            let (may_seed, trains) = (!seeded_by(call, |_| false).is_empty(), trains(call));
            let draws = drawn_by(call, module);
            let tells = may_seed || trains || !draws.is_empty() || call.name.starts_with("torch.optim.");
            tells.then(|| Telling { call, in_main: in_main(call.lines.first), may_seed, trains, draws })
        };
        let frameworks = ["torch", "tensorflow", "jax", "keras"];
        Self {
            definitions,
            calls: module.calls.iter().filter_map(telling).collect(),
            has_framework: frameworks.iter().any(|package| module.imports_package(package)),
            has_torch: module.imports_package("torch"),
            imported,
            run,
        }
    }

    /// The names that a scope mentions, in a module that is imported or that is run itself.
    fn mentions(&self, scope: Option<usize>, is_run: bool) -> impl Iterator<Item = Name> {
        let more = if is_run { self.run.get(place_of(scope)) } else { None };
        self.imported.get(place_of(scope)).into_iter().chain(more).flatten().copied()
    }

    /// Whether any scope mentions a name.
    fn mentions_anywhere(&self, name: Name, is_run: bool) -> bool {
        let more = if is_run { self.run.as_slice() } else { &[] };
        self.imported.iter().chain(more).any(|names| names.binary_search(&name).is_ok())
    }

    /// Whether it defines a function or a class of this name.
    pub(super) fn defines(&self, name: Name) -> bool {
        self.definitions.iter().any(|defined| defined.name == name)
    }
}

impl Modules<'_> {
    /// Whether any of `steps` defines a function or a class of this name.
    pub(super) fn defines(&self, steps: &[Step<'_>], name: &str) -> bool {
        self.numbers.get(name).is_some_and(|number| steps.iter().any(|step| step.said.defines(*number)))
    }
}

/// Where the names of a scope are.
fn place_of(scope: Option<usize>) -> usize {
    scope.map_or(0, |scope| scope + 1)
}

fn pieces<'text>(name: &'text str, add: &mut impl FnMut(&'text str)) {
    let is_between = |c: char| matches!(c, '.' | '(' | ')' | '[' | ']');
    name.split(is_between).filter(|piece| !piece.is_empty()).for_each(add);
}

fn mention<'text>(value: &'text Value, add: &mut impl FnMut(&'text str)) {
    match value {
        Value::Name(name) => pieces(name, add),
        Value::List(values) => values.iter().for_each(|value| mention(value, add)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| mention(value, add)),
        Value::Other(text) => {
            let is_between = |c: char| !c.is_alphanumeric() && c != '_';
            text.split(is_between).filter(|piece| !piece.is_empty()).for_each(add);
        }
        _ => {}
    }
}
