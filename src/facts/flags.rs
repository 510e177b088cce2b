//! The flags that a script declares, as far as reading it tells.
//!
//! Declarations are followed through local imports: a parser is often built in `options.py` or handed from one function
//! to the next. All that is declared on the way counts, so a flag is rather taken for declared than for missing; where
//! a declaration cannot be read (a loop, a library that adds its own), the script is open and nothing is said.

use super::code::Code;
use super::document::Lines;
use super::python::{Call, Definition, Import, PythonModule, Value};
use super::{FileFacts, Tree};
use crate::pattern::Pattern;
use foldhash::{HashMap, HashMapExt as _, HashSet};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// How a command line is read: what the names of flags may be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// argparse, optparse, docopt, getopt: as declared, long ones may be cut short.
    Argparse,
    /// click and typer: as declared.
    Click,
    /// absl and TensorFlow 1: one dash or two, `--noname` for a yes-or-no flag.
    Absl,
    /// fire and Hugging Face's dataclass parser: `-` and `_` are the same.
    Fields,
}

/// A flag that a script declares.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredFlag {
    /// Its names with dashes, as declared; positional arguments are not among them.
    pub names: Vec<String>,
    /// How it may be written.
    pub dialect: Dialect,
    /// The value it has when it is not passed, where the declaration gives one.
    pub default: Option<Value>,
    /// The file that declares it.
    pub path: String,
    /// Where.
    pub line: u32,
}

/// What a script declares.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeclaredFlags {
    /// All flags, of its subcommands and helpers too, in order of path and line.
    pub flags: Vec<DeclaredFlag>,
    /// Why there may be more than were found, if so.
    pub open: Option<String>,
    /// Local modules that were read: the script first.
    pub read: Vec<String>,
}

impl DeclaredFlags {
    /// Whether `flag`, with its dashes, would be taken; `true` as well where nobody can tell.
    pub fn accepts(&self, flag: &str) -> bool {
        self.open.is_some()
            || matches!(flag, "-h" | "--help")
            || self.flags.iter().any(|known| known.accepts(flag))
    }

    /// Every name that is declared.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().flat_map(|flag| &flag.names).map(String::as_str)
    }

    /// The flag of this name, with its dashes.
    pub fn find(&self, name: &str) -> Option<&DeclaredFlag> {
        self.flags.iter().find(|flag| flag.accepts(name))
    }
}

impl DeclaredFlag {
    fn accepts(&self, flag: &str) -> bool {
        let bare = |name: &str| name.trim_start_matches('-').replace('-', "_");
        self.names.iter().any(|name| {
            name == flag
                || match self.dialect {
                    Dialect::Argparse => {
                        let is_long = flag.starts_with("--") || name.len() > 2;
                        // `-n4` is `-n 4`, and `-vv` is `-v` twice.
                        let is_short =
                            name.len() == 2 && !flag.starts_with("--") && flag.starts_with(name.as_str());
                        (is_long && flag.len() > 2 && name.starts_with(flag)) || is_short
                    }
                    Dialect::Click => {
                        name.len() == 2 && !flag.starts_with("--") && flag.starts_with(name.as_str())
                    }
                    Dialect::Absl => {
                        let (name, flag) = (name.trim_start_matches('-'), flag.trim_start_matches('-'));
                        name == flag
                            || flag.strip_prefix("no") == Some(name)
                            || name.strip_suffix('.').is_some_and(|stem| {
                                flag.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'))
                            })
                    }
                    Dialect::Fields => {
                        let (name, flag) = (bare(name), bare(flag));
                        name == flag || flag.strip_prefix("no_") == Some(name.as_str())
                    }
                }
        })
    }
}

/// What can be looked up about the project while a script is read.
#[derive(Debug, Clone, Copy)]
pub struct Project<'facts> {
    /// The listing.
    pub tree: &'facts Tree,
    /// Its files, by path.
    pub files: &'facts BTreeMap<String, Arc<FileFacts>>,
    /// Its folder.
    pub root: &'facts str,
    /// What was worked out already.
    pub(crate) code: &'facts Code,
}

impl<'facts> Project<'facts> {
    fn module(&self, path: &str) -> Option<(&'facts PythonModule, &'facts FileFacts)> {
        let file = self.files.get(path)?;
        Some((file.python.as_ref()?, file))
    }

    /// What the script at `path` declares.
    pub fn declared(self, path: &str) -> Arc<DeclaredFlags> {
        self.code.flags.get(path.to_owned(), || declared(self, path))
    }

    /// Files of the tree that the imports of the module at `path` bring in when `script` is run, in order.
    pub fn imported(self, script: &str, path: &str) -> Arc<Vec<String>> {
        let folder = folder_of(script);
        self.code.imports.get((folder.to_owned(), path.to_owned()), || {
            let module = self.files.get(path).and_then(|file| file.python.as_ref());
            let imports = module.map_or(&[][..], |module| module.imports.as_slice());
            let mut found = Vec::new();
            for import in imports {
                self.import(folder, path, import, &mut found);
            }
            found
        })
    }

    /// The files that one import brings in when a script in `folder` is run.
    fn import(self, folder: &str, path: &str, import: &Import, found: &mut Vec<String>) {
        let first = import.module.split('.').next().unwrap_or_default();
        // An installed package.
        if import.level == 0 && !self.tree.may_hold_module(first) {
            return;
        }
        let dotted = import.module.replace('.', "/");
        let mut bases: Vec<Cow<'_, str>> = Vec::new();
        let mut add = |base| {
            if !bases.contains(&base) {
                bases.push(base);
            }
        };
        if import.level > 0 {
            let mut base = folder_of(path);
            for _ in 1..import.level {
                base = folder_of(base);
            }
            add(Cow::Borrowed(base));
        } else {
            add(Cow::Borrowed(folder_of(path)));
            let mut base = folder;
            loop {
                add(Cow::Borrowed(base));
                if base.is_empty() {
                    break;
                }
                base = folder_of(base);
            }
            add(Cow::Borrowed(self.root));
            add(Cow::Owned(within(self.root, "src")));
            add(Cow::Owned(within(self.root, "lib")));
        }
        let named = import.name.as_deref().filter(|name| *name != "*").map(|name| within(&dotted, name));
        // Most names are of functions and classes. An empty one is the folder itself.
        let may_be_module = |wanted: &String| {
            let last = wanted.rsplit_once('/').map_or(wanted.as_str(), |(_, last)| last);
            last.is_empty() || self.tree.may_hold_module(last)
        };
        for wanted in named.into_iter().chain([dotted]).filter(may_be_module) {
            found.extend(bases.iter().find_map(|base| {
                let mut path = within(base, &wanted);
                let stem = path.len();
                path.push_str(".py");
                if self.tree.has_file(&path) {
                    return Some(path);
                }
                path.truncate(stem);
                path.push_str(if stem == 0 { "__init__.py" } else { "/__init__.py" });
                self.tree.has_file(&path).then_some(path)
            }));
        }
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn within(base: &str, name: &str) -> String {
    match (base.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => base.to_owned(),
        _ => format!("{base}/{name}"),
    }
}

/// Reads what the Python script at `script` declares.
fn declared(project: Project<'_>, script: &str) -> DeclaredFlags {
    const MOST_MODULES: usize = 400;
    // Each that is passed is held against each.
    const MOST_FLAGS: usize = 2_000;
    let mut reader = Reader {
        declared: DeclaredFlags::default(),
        modules: Vec::new(),
        parsers: false,
        handed: HashMap::new(),
        parents: 0,
    };
    if project.module(script).is_none() {
        reader.open(format!("{script} is no Python that could be read"));
        return reader.declared;
    }
    let mut queue = VecDeque::from([script.to_owned()]);
    let mut seen = BTreeSet::from([script.to_owned()]);
    while let Some(path) = queue.pop_front() {
        if reader.modules.len() >= MOST_MODULES {
            reader.open("too many modules are imported".to_owned());
            break;
        }
        let Some((module, file)) = project.module(&path) else {
            reader.open(format!("{path} could not be read"));
            continue;
        };
        for found in project.imported(script, &path).iter() {
            if seen.insert(found.clone()) {
                queue.push_back(found.clone());
            }
        }
        let declaring = file.declaring.get_or_init(|| Declaring::of(module, &file.text));
        reader.modules.push(Read { path, module, text: &file.text, declaring });
    }
    reader.read();
    if reader.declared.flags.len() > MOST_FLAGS {
        reader.open(format!("{script} declares more than {MOST_FLAGS} flags"));
    }
    reader.declared
}

struct Read<'facts> {
    path: String,
    module: &'facts PythonModule,
    text: &'facts str,
    declaring: &'facts Declaring,
}

/// What a module does with command lines by itself, whichever script imports it.
#[derive(Debug)]
pub(super) struct Declaring {
    /// Calls that may declare flags, or take or hand on a parser; by their index.
    calls: Vec<usize>,
    /// Assignments that may give a function that declares another name; by their index.
    aliases: Vec<usize>,
    /// Imports that read a command line in ways that are not followed; by their index.
    opaque: Vec<usize>,
    /// Whether it makes a parser or declares flags.
    declares: bool,
    /// Whether it chooses modules while running.
    chooses_modules: bool,
    /// Whether a function of it takes a parser.
    takes_parser: bool,
    /// Whether its text may read a command line at all.
    may_read: bool,
}

impl Declaring {
    fn of(module: &PythonModule, text: &str) -> Self {
        static READS: Pattern = Pattern::text(
            r"(?i)argv|pars(?:e|er)\b|parse_|_args|flags|options|getopt|\bcli\b|click|\bfire\b|hydra|config",
        );
        fn where_so<T>(all: &[T], is_so: impl Fn(&T) -> bool) -> Vec<usize> {
            all.iter().enumerate().filter(|(_, one)| is_so(one)).map(|(index, _)| index).collect()
        }
        let is_opaque = |import: &Import| {
            import.level == 0
                && OPAQUE.iter().any(|opaque| {
                    let rest = import.module.strip_prefix(opaque);
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
        };
        let takes_parser =
            |definition: &Definition| definition.parameters.iter().any(|(name, _)| is_parser_name(name));
        Self {
            calls: where_so(&module.calls, may_matter),
            aliases: where_so(&module.assignments, |assignment| {
                assignment.value.as_name().is_some_and(|value| is_alias(value) || is_partial(value))
            }),
            opaque: where_so(&module.imports, is_opaque),
            declares: module.calls.iter().any(|call| {
                matches!(call.method(), "add_argument" | "ArgumentParser" | "add_option")
                    || is_parser_call(call.method())
            }),
            chooses_modules: module
                .calls
                .iter()
                .any(|call| matches!(call.name.as_str(), "importlib.import_module" | "__import__")),
            takes_parser: module.definitions.iter().any(takes_parser),
            may_read: READS.is_in(text),
        }
    }
}

/// Whether a call is one that [`Reader::call`] tells anything by, wherever it stands.
fn may_matter(call: &Call) -> bool {
    let method = call.method();
    matches!(
        method,
        "ArgumentParser"
            | "ArgParser"
            | "OptionParser"
            | "add_argument"
            | "add_option"
            | "add_bool_arg"
            | "add_flag"
            | "option"
            | "version_option"
            | "command"
            | "group"
            | "Option"
            | "Fire"
            | "run"
            | "HfArgumentParser"
            | "docopt"
            | "getopt"
            | "gnu_getopt"
            | "main"
            | "setup"
            | "LightningCLI"
            | "lightning_cli"
            | "add_argparse_args"
            | "from_argparse_args"
            | "default_argument_parser"
    ) || method.starts_with("DEFINE_")
        || takes_parser(call)
        || is_parser_call(method)
}

fn takes_parser(call: &Call) -> bool {
    let names = call.arguments.iter().filter_map(|argument| argument.value.as_name());
    names.into_iter().any(|name| is_parser_name(name.rsplit('.').next().unwrap_or(name)))
}

fn is_alias(value: &str) -> bool {
    value.ends_with(".add_argument") || value.ends_with(".add_option")
}

fn is_partial(value: &str) -> bool {
    matches!(value, "functools.partial()" | "partial()")
}

/// Each is looked for among all that is imported.
const MOST_PARENTS: usize = 200;

/// How a function is used that declares a flag whose name it makes up.
#[derive(Debug, Clone, Copy)]
struct Handed {
    /// It is called with a name that can be read.
    names: bool,
    /// It is handed on by `partial`.
    on: bool,
}

struct Reader<'facts> {
    declared: DeclaredFlags,
    modules: Vec<Read<'facts>>,
    /// Whether anything that reads a command line was found.
    parsers: bool,
    /// See [`Reader::handed`].
    handed: HashMap<String, Handed>,
    /// Parsers whose flags others take over.
    parents: usize,
}

/// Libraries that make a command line of types or configurations, in ways that are not followed here.
const OPAQUE: [&str; 20] = [
    "simple_parsing",
    "tyro",
    "jsonargparse",
    "tap",
    "draccus",
    "chz",
    "pyrallis",
    "argh",
    "plac",
    "begin",
    "clize",
    "defopt",
    "sacred",
    "guild",
    "cleo",
    "cliff",
    "arguably",
    "cyclopts",
    "datargs",
    "lightning.pytorch.cli",
];

impl Reader<'_> {
    fn open(&mut self, why: String) {
        self.declared.open.get_or_insert(why);
    }

    /// How the functions of a name are used; looked for once.
    fn handed(&mut self, name: &str, modules: &[Read<'_>]) -> Handed {
        if let Some(known) = self.handed.get(name) {
            return *known;
        }
        let mut of_name = modules.iter().flat_map(|other| other.module.calls_of(name));
        let mut partial = modules.iter().flat_map(|other| other.module.calls_of("partial"));
        let first = |call: &Call| {
            let first = call.positional().next().and_then(Value::as_name);
            first.and_then(|first| first.rsplit('.').next()) == Some(name)
        };
        let handed = Handed {
            names: of_name.any(|call| call.positional().any(|value| literal(value).is_some())),
            on: partial.any(first),
        };
        self.handed.insert(name.to_owned(), handed);
        handed
    }

    fn add(&mut self, names: Vec<String>, dialect: Dialect, default: Option<&Value>, path: &str, line: u32) {
        self.parsers = true;
        if !names.is_empty() {
            let (default, path) = (default.cloned(), path.to_owned());
            self.declared.flags.push(DeclaredFlag { names, dialect, default, path, line });
        }
    }

    fn read(&mut self) {
        let modules = std::mem::take(&mut self.modules);
        self.declared.read = modules.iter().map(|read| read.path.clone()).collect();
        let defined: LazyCell<HashSet<&str>, _> = LazyCell::new(|| {
            let definitions = modules.iter().flat_map(|read| &read.module.definitions);
            definitions.map(|definition| definition.name.as_str()).collect()
        });
        let is_defined = |name: &str| defined.contains(name);
        let wrappers = self.wrappers(&modules);
        for (index, read) in modules.iter().enumerate() {
            if let Some(why) = &read.module.unparsed {
                self.open(format!("{}: {why}", read.path));
            }
            for import in chosen(&read.module.imports, &read.declaring.opaque) {
                let name = import.module.as_str();
                if !modules.iter().any(|other| other.path.ends_with(&format!("{name}.py"))) {
                    self.open(format!("{} reads its command line through {name}", read.path));
                }
            }
            if wrappers.is_empty() {
                for call in chosen(&read.module.calls, &read.declaring.calls) {
                    self.call(call, read, &modules, is_defined, &wrappers);
                }
            } else {
                let known = &read.declaring.calls;
                for (index, call) in read.module.calls.iter().enumerate() {
                    if wrappers.contains(call.method()) || known.binary_search(&index).is_ok() {
                        self.call(call, read, &modules, is_defined, &wrappers);
                    }
                }
            }
            if index == 0 || read.declaring.declares {
                self.leftovers(read);
            }
        }
        if !self.parsers
            && let Some(read) = modules.iter().find(|read| read.declaring.may_read)
        {
            self.open(format!("{} may read the command line by itself", read.path));
        }
        let any = |is_so: fn(&Declaring) -> bool| modules.iter().any(|read| is_so(read.declaring));
        if any(|declaring| declaring.chooses_modules) && any(|declaring| declaring.takes_parser) {
            self.open("modules that are chosen while running may add flags".to_owned());
        }
        self.declared.flags.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
    }

    /// Names of functions that declare a flag whose name they are given.
    fn wrappers(&mut self, modules: &[Read<'_>]) -> BTreeSet<String> {
        let mut wrappers = BTreeSet::new();
        for read in modules {
            let calls = chosen(&read.module.calls, &read.declaring.calls);
            for call in calls.filter(|call| is_declaration(call)) {
                let is_dynamic = call.positional().next().is_none_or(|first| literal(first).is_none());
                let around = call.scope.and_then(|scope| read.module.definitions.get(scope));
                if let Some(around) =
                    around.filter(|around| is_dynamic && !around.is_class && call.loops == 0)
                {
                    wrappers.insert(around.name.clone());
                }
            }
        }
        for read in modules {
            let by_line = LazyCell::new(|| {
                let mut by_line: HashMap<u32, Vec<&str>> = HashMap::new();
                for call in read.module.calls_of("partial") {
                    let first = call.positional().next().and_then(Value::as_name);
                    by_line.entry(call.lines.first).or_default().extend(first);
                }
                by_line
            });
            for assignment in chosen(&read.module.assignments, &read.declaring.aliases) {
                let Some(value) = assignment.value.as_name() else { continue };
                let is_partial = is_partial(value)
                    && by_line.get(&assignment.line).into_iter().flatten().any(|name| {
                        let last = name.rsplit('.').next().unwrap_or(name);
                        last == "add_argument" || wrappers.contains(last)
                    });
                if is_alias(value) || is_partial {
                    wrappers.insert(assignment.target.rsplit('.').next().unwrap_or_default().to_owned());
                }
            }
        }
        wrappers
    }

    fn call(
        &mut self,
        call: &Call,
        read: &Read<'_>,
        modules: &[Read<'_>],
        is_defined: impl Fn(&str) -> bool,
        wrappers: &BTreeSet<String>,
    ) {
        let method = call.method();
        let (path, line) = (read.path.as_str(), call.lines.first);
        let texts: Vec<&str> = call.positional().filter_map(literal).collect();
        let dashed: Vec<String> =
            texts.iter().filter(|text| text.starts_with('-')).map(|text| (*text).to_owned()).collect();
        match method {
            "ArgumentParser" | "ArgParser" | "OptionParser" => {
                self.parsers = true;
                let parents = match call.keyword("parents") {
                    Some(Value::List(parents)) => parents.as_slice(),
                    _ => &[],
                };
                for parent in parents.iter().filter_map(Value::as_name) {
                    self.parents += 1;
                    if self.parents > MOST_PARENTS {
                        self.open(format!("{path} takes over the flags of more than {MOST_PARENTS} others"));
                        break;
                    }
                    let first = parent.split(['.', '(']).next().unwrap_or(parent);
                    let outside = read
                        .module
                        .imports
                        .iter()
                        .any(|import| import.alias == first || parent.starts_with(&import.module))
                        && !is_defined(parent.trim_end_matches("()").rsplit('.').next().unwrap_or_default())
                        && !modules.iter().any(|other| other.path.ends_with(&format!("{}.py", first)));
                    if outside {
                        self.open(format!("{path} takes over the flags of {parent}"));
                    }
                }
            }
            "add_argument" | "add_option" | "add_bool_arg" | "add_flag" if is_declaration(call) => {
                if !dashed.is_empty() {
                    let mut names = dashed;
                    if call
                        .keyword("action")
                        .and_then(Value::as_name)
                        .is_some_and(|name| name.contains("BooleanOptional"))
                    {
                        let negated = names
                            .iter()
                            .filter_map(|name| Some(format!("--no-{}", name.strip_prefix("--")?)));
                        names.extend(negated.collect::<Vec<_>>());
                    }
                    if call
                        .keyword("nargs")
                        .and_then(Value::as_name)
                        .is_some_and(|name| name.ends_with("REMAINDER"))
                    {
                        self.open(format!("{path} passes on what is left of the command line"));
                    }
                    self.add(names, Dialect::Argparse, call.keyword("default"), path, line);
                } else if !texts.is_empty() {
                    self.parsers = true;
                    if call
                        .keyword("nargs")
                        .and_then(Value::as_name)
                        .is_some_and(|name| name.ends_with("REMAINDER"))
                    {
                        self.open(format!("{path} passes on what is left of the command line"));
                    }
                } else if self.declared.open.is_none() {
                    let around = call.scope.and_then(|scope| read.module.definitions.get(scope));
                    let handed = around.map(|around| self.handed(&around.name, modules));
                    if !handed.is_some_and(|handed| handed.names && call.loops == 0 || handed.on) {
                        self.open(format!("{path} makes up names of flags as it runs"));
                    }
                }
            }
            "option" if !dashed.is_empty() => {
                let names = dashed.iter().flat_map(|name| name.split('/')).map(|name| name.trim().to_owned());
                self.add(
                    names.filter(|name| name.starts_with('-')).collect(),
                    Dialect::Click,
                    call.keyword("default"),
                    path,
                    line,
                );
            }
            "version_option" => self.add(vec!["--version".to_owned()], Dialect::Click, None, path, line),
            "command" | "group" if call.name.starts_with("click.") => {
                self.parsers = true;
                let text = lines_of(read.text, call.lines);
                if text.contains("ignore_unknown_options") {
                    self.open(format!("{path} passes on what it does not know"));
                }
            }
            "Option" if call.name.starts_with("typer.") => {
                let names = dashed.iter().flat_map(|name| name.split('/')).map(str::to_owned);
                self.add(names.collect(), Dialect::Click, None, path, line);
            }
            _ if method.starts_with("DEFINE_") => match texts.first() {
                Some(name) => {
                    let mut names = vec![format!("--{name}")];
                    if call.name.contains("config_flags") || method.contains("config") {
                        names.push(format!("--{name}."));
                    }
                    names.extend(
                        call.keyword("short_name").and_then(Value::as_text).map(|name| format!("-{name}")),
                    );
                    let default = call.positional().nth(1).or(call.keyword("default"));
                    self.add(names, Dialect::Absl, default, path, line);
                    for name in [
                        "verbosity",
                        "v",
                        "logtostderr",
                        "alsologtostderr",
                        "log_dir",
                        "flagfile",
                        "undefok",
                        "helpfull",
                        "helpshort",
                        "stderrthreshold",
                        "run_with_pdb",
                        "pdb_post_mortem",
                    ] {
                        if !self
                            .declared
                            .flags
                            .iter()
                            .any(|flag| flag.names.iter().any(|known| known == &format!("--{name}")))
                        {
                            self.add(vec![format!("--{name}")], Dialect::Absl, None, path, line);
                        }
                    }
                }
                None => match call.scope.and_then(|scope| read.module.definitions.get(scope)) {
                    Some(around) if wrappers.contains(&around.name) => {}
                    _ => self.open(format!("{path} makes up names of flags as it runs")),
                },
            },
            "Fire" if call.name == "fire.Fire" => self.fire(call, read, modules),
            "run" if call.name == "typer.run" => {
                if let Some(name) = call.positional().next().and_then(Value::as_name) {
                    self.parameters_of(name, read, modules, Dialect::Fields);
                }
            }
            "HfArgumentParser" => self.dataclasses(call, read, modules),
            "docopt" => {
                static OPTION: Pattern = Pattern::text(r"(?:^|[\s\[(|,])(--?[A-Za-z][\w-]*)");
                let text = read.module.docstring.map_or(String::new(), |lines| lines_of(read.text, lines));
                self.parsers = true;
                let names: Vec<String> = OPTION
                    .within(&text)
                    .iter()
                    .flat_map(|option| option.captures_iter(&text))
                    .filter_map(|found| Some(found.get(1)?.as_str().to_owned()))
                    .collect();
                if names.is_empty() {
                    self.open(format!("{path} declares its flags in a text that is made as it runs"));
                }
                self.add(names, Dialect::Argparse, None, path, line);
            }
            "getopt" | "gnu_getopt" if call.name.starts_with("getopt.") => {
                let arguments: Vec<&Value> = call.positional().collect();
                let mut names = Vec::new();
                match (arguments.get(1), arguments.get(2)) {
                    (Some(Value::Text(short)), long) => {
                        names.extend(short.chars().filter(|c| *c != ':').map(|c| format!("-{c}")));
                        match long {
                            Some(Value::List(long)) => names.extend(
                                long.iter()
                                    .filter_map(Value::as_text)
                                    .map(|name| format!("--{}", name.trim_end_matches('='))),
                            ),
                            None => {}
                            Some(_) => self.open(format!("{path} makes up names of flags as it runs")),
                        }
                    }
                    _ => self.open(format!("{path} makes up names of flags as it runs")),
                }
                self.add(names, Dialect::Argparse, None, path, line);
            }
            "main" if call.name == "hydra.main" => {
                const OWN: [&str; 20] = [
                    "--config-name",
                    "-cn",
                    "--config-path",
                    "-cp",
                    "--config-dir",
                    "-cd",
                    "--multirun",
                    "-m",
                    "--run",
                    "-r",
                    "--cfg",
                    "-c",
                    "--package",
                    "-p",
                    "--info",
                    "-i",
                    "--resolve",
                    "--version",
                    "--hydra-help",
                    "--experimental-rerun",
                ];
                self.add(OWN.map(str::to_owned).to_vec(), Dialect::Argparse, None, path, line);
            }
            _ if wrappers.contains(method) && !texts.is_empty() => {
                let first = texts.first().copied().unwrap_or_default();
                let names = if dashed.is_empty() {
                    texts
                        .iter()
                        .filter(|text| !text.contains(char::is_whitespace) && !text.is_empty())
                        .take(if first.is_empty() { 0 } else { 2 })
                        .flat_map(|text| [format!("--{text}"), format!("-{text}")])
                        .collect()
                } else {
                    dashed
                };
                self.add(names, Dialect::Argparse, None, path, line);
            }
            "setup" if call.name.contains("setuptools") || call.name.contains("distutils") => {
                self.open(format!("{path} is run by setuptools"));
            }
            "LightningCLI"
            | "lightning_cli"
            | "add_argparse_args"
            | "from_argparse_args"
            | "default_argument_parser" => {
                self.open(format!("{path} leaves its flags to {}", call.written));
            }
            _ => self.unknown_call(call, read, is_defined),
        }
    }

    /// A call that may add flags, or read a command line, without being readable here.
    fn unknown_call(&mut self, call: &Call, read: &Read<'_>, is_defined: impl Fn(&str) -> bool) {
        let method = call.method();
        let known = matches!(
            method,
            "parse_args"
                | "parse_known_args"
                | "parse_intermixed_args"
                | "add_subparsers"
                | "add_parser"
                | "set_defaults"
                | "add_argument_group"
                | "add_mutually_exclusive_group"
                | "print_help"
                | "print_usage"
                | "error"
                | "exit"
                | "format_help"
                | "print"
                | "isinstance"
                | "get_default"
                | "parse_args_into_dataclasses"
                | "vars"
                | "len"
                | "partial"
                | "super"
                | "__init__"
                | "register"
                | "add_option_group"
                | "OptionGroup"
                | "str"
                | "deepcopy"
        );
        if known {
            return;
        }
        let is_chosen = call.written.contains("[]") || call.written.contains("()");
        if takes_parser(call) && (is_chosen || !is_defined(method)) {
            self.open(format!("{} hands its parser to {}", read.path, call.written));
        } else if is_parser_call(method) && !is_defined(method) {
            self.open(format!("{} leaves its flags to {}", read.path, call.written));
        }
    }

    /// What `parse_known_args` leaves over: used, it may be read by anyone.
    fn leftovers(&mut self, read: &Read<'_>) {
        let assigned: Vec<_> = read
            .module
            .assignments
            .iter()
            .filter(|assignment| {
                assignment.value.as_name().is_some_and(|name| name.ends_with("parse_known_args()"))
            })
            .collect();
        for pair in assigned.windows(2) {
            let [first, second] = pair else { continue };
            if first.line != second.line {
                continue;
            }
            let name = second.target.as_str();
            if name == "_" {
                continue;
            }
            let parsed_again = read
                .module
                .calls
                .iter()
                .filter(|call| {
                    call.method().starts_with("parse_")
                        && call.arguments.iter().any(|argument| argument.value.as_name() == Some(name))
                })
                .count();
            if count_words(read.text, name) > 1 + parsed_again {
                self.open(format!("{} passes on what its parser does not know", read.path));
            }
        }
        let direct = read.module.calls.iter().filter(|call| call.method() == "parse_known_args").count();
        let kept = read.module.assignments.iter().filter(|assignment| {
            assignment.value.as_name().is_some_and(|name| name.contains("parse_known_args()"))
        });
        if direct > 0 && kept.count() == 0 {
            self.open(format!("{} passes on what its parser does not know", read.path));
        }
    }

    fn fire(&mut self, call: &Call, read: &Read<'_>, modules: &[Read<'_>]) {
        self.parsers = true;
        match call.positional().next() {
            Some(Value::Name(name)) => self.parameters_of(name, read, modules, Dialect::Fields),
            Some(Value::Map(entries)) => {
                for (_, value) in entries {
                    match value.as_name() {
                        Some(name) => self.parameters_of(name, read, modules, Dialect::Fields),
                        None => self.open(format!("{} makes commands of what is not named", read.path)),
                    }
                }
            }
            None => {
                let names: Vec<&str> = read
                    .module
                    .definitions
                    .iter()
                    .filter(|d| d.parent.is_none())
                    .map(|d| d.name.as_str())
                    .collect();
                for name in names {
                    self.parameters_of(name, read, modules, Dialect::Fields);
                }
            }
            Some(_) => self.open(format!("{} makes commands of what is not named", read.path)),
        }
    }

    /// Parameters of a function, or of a class's methods, as flags.
    fn parameters_of(&mut self, name: &str, read: &Read<'_>, modules: &[Read<'_>], dialect: Dialect) {
        self.parsers = true;
        let last = name.trim_end_matches("()").rsplit('.').next().unwrap_or(name);
        let here = std::iter::once(read).chain(modules);
        let found = here.into_iter().find_map(|read| {
            let index = read.module.definitions.iter().position(|d| d.name == last && d.parent.is_none())?;
            Some((read, index))
        });
        let Some((read, index)) = found else {
            return self.open(format!("{name} is defined elsewhere"));
        };
        let Some(definition) = read.module.definitions.get(index) else { return };
        if definition.is_class && !definition.bases.is_empty() {
            self.open(format!("{name} inherits"));
        }
        let methods =
            read.module.definitions.iter().filter(|d| definition.is_class && d.parent == Some(index));
        for function in std::iter::once(definition).chain(methods) {
            for (parameter, default) in &function.parameters {
                if matches!(
                    parameter.as_str(),
                    "kwargs" | "kw" | "kwds" | "args" | "params" | "options" | "overrides" | "unused"
                ) {
                    self.open(format!("{last} takes any parameter"));
                }
                self.add(
                    vec![format!("--{parameter}")],
                    dialect,
                    default.as_ref(),
                    &read.path,
                    function.lines.first,
                );
            }
            // A decorator may change the parameters.
            if function
                .decorators
                .iter()
                .any(|name| !matches!(name.as_str(), "staticmethod" | "classmethod" | "property"))
            {
                self.open(format!("{last} is decorated"));
            }
        }
    }

    /// Fields of the dataclasses that a parser is made of.
    fn dataclasses(&mut self, call: &Call, read: &Read<'_>, modules: &[Read<'_>]) {
        self.parsers = true;
        let mut queue: VecDeque<String> = VecDeque::new();
        let mut given = |value: &Value| match value {
            Value::Name(name) => {
                queue.push_back(name.clone());
                true
            }
            Value::List(values) => {
                let names: Vec<String> =
                    values.iter().filter_map(Value::as_name).map(str::to_owned).collect();
                let all = names.len() == values.len();
                queue.extend(names);
                all
            }
            _ => false,
        };
        if !call
            .arguments
            .iter()
            .filter(|a| matches!(a.keyword.as_deref(), None | Some("dataclass_types")))
            .all(|a| given(&a.value))
        {
            self.open(format!("{} makes flags of classes that are not named", read.path));
        }
        let mut seen = BTreeSet::new();
        while let Some(name) = queue.pop_front() {
            let last = name.rsplit('.').next().unwrap_or(&name).to_owned();
            if !seen.insert(last.clone()) || matches!(last.as_str(), "object" | "ABC") {
                continue;
            }
            let found = std::iter::once(read).chain(modules).find_map(|read| {
                let index = read.module.definitions.iter().position(|d| d.is_class && d.name == last)?;
                Some((read, index))
            });
            let Some((read, index)) = found else {
                self.open(format!("{last} is a class of another library"));
                continue;
            };
            let fields =
                read.module.assignments.iter().filter(|a| a.scope == Some(index) && a.annotation.is_some());
            for field in fields {
                let names = vec![format!("--{}", field.target)];
                self.add(names, Dialect::Fields, Some(&field.value), &read.path, field.line);
            }
            if let Some(definition) = read.module.definitions.get(index) {
                queue.extend(definition.bases.iter().cloned());
            }
        }
    }
}

/// Those of `all` that have these indices.
fn chosen<'all, T>(all: &'all [T], indices: &'all [usize]) -> impl Iterator<Item = &'all T> {
    indices.iter().filter_map(|index| all.get(*index))
}

/// A text without gaps that are filled in as the program runs.
fn literal(value: &Value) -> Option<&str> {
    value.as_text().filter(|text| !text.contains("{}"))
}

fn is_declaration(call: &Call) -> bool {
    matches!(call.method(), "add_argument" | "add_option") && !call.arguments.is_empty()
        || call.method().starts_with("DEFINE_")
}

fn is_parser_name(name: &str) -> bool {
    let name = name.trim_end_matches("()").to_ascii_lowercase();
    name == "parser"
        || name.ends_with("_parser")
        || name.ends_with("argparser")
        || name.starts_with("parser_")
        || name == "subparsers"
}

/// Whether a function's name says that it reads a command line or makes what does.
fn is_parser_call(method: &str) -> bool {
    static NAMES: Pattern = Pattern::text(
        r"(?i)^(?:(?:make|build|create|get|init|setup|base|default|common|train|eval|test)_?)*(?:arg(?:ument)?s?|cmd|cli|opt(?:ion)?s?|flags?)?_?(?:arg(?:ument)?|opt(?:ion)?)?_?pars(?:er|e_?args|e_?opts?|e_?options|e_?arguments|e_?flags)$|^(?:define|add|declare)_\w*(?:flags|args|arguments|options)$|^get_(?:args|arguments|options|opts|flags)$",
    );
    let plain = matches!(method, "parser" | "Parser" | "ConfigParser" | "get_parser_class");
    // How all of them end, for a glance: it is asked of every call.
    matches!(method.as_bytes(), [.., b'r' | b'R' | b's' | b'S']) && !plain && NAMES.is_in(method)
}

fn lines_of(text: &str, lines: Lines) -> String {
    let (first, count) = (lines.first.saturating_sub(1) as usize, (lines.last + 1 - lines.first) as usize);
    text.lines().skip(first).take(count).collect::<Vec<_>>().join("\n")
}

fn count_words(text: &str, word: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .filter(|(at, _)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::snapshot::Snapshot;

    fn declared_in(files: &[(&str, &str)]) -> DeclaredFlags {
        let snapshot = Snapshot::from_files(files.iter().copied());
        let parsed = crate::facts::parse_all(&snapshot, &Default::default());
        let facts = Facts::gather(&snapshot, &parsed, "");
        facts.flags_of(files[0].0).as_ref().clone()
    }

    #[track_caller]
    fn check(files: &[(&str, &str)], yes: &[&str], no: &[&str]) {
        let declared = declared_in(files);
        assert_eq!(declared.open, None);
        for flag in yes {
            assert!(declared.accepts(flag), "{flag} of {:?}", declared.names().collect::<Vec<_>>());
        }
        for flag in no {
            assert!(!declared.accepts(flag), "{flag} of {:?}", declared.names().collect::<Vec<_>>());
        }
    }

    #[track_caller]
    fn is_open(text: &str) {
        assert!(declared_in(&[("a.py", text)]).open.is_some(), "{text}");
    }

    #[test]
    fn argparse_with_parents_subparsers_and_helper_modules() {
        let script = "import argparse\nfrom util.options import base, add\nimport opts\nparser = argparse.ArgumentParser(parents=[base()])\nparser.add_argument('--batch_size', '-b', type=int, default=3)\nparser.add_argument('data')\nsub = parser.add_subparsers()\nrun = sub.add_parser('run')\nrun.add_argument('--fast', action=argparse.BooleanOptionalAction)\nadd(parser)\nargs, _ = parser.parse_known_args()\n";
        let options = "import argparse\ndef base():\n    p = argparse.ArgumentParser(add_help=False)\n    p.add_argument('--seed')\n    return p\ndef add(parser):\n    group = parser.add_argument_group('x')\n    group.add_argument('--depth')\n";
        let files =
            [("train.py", script), ("util/options.py", options), ("util/__init__.py", ""), ("opts.py", "")];
        check(
            &files,
            &["--batch_size", "-b", "-b4", "--batch", "--fast", "--no-fast", "--seed", "--depth", "--help"],
            &["--batch-size", "--lr", "-c", "--data"],
        );
        let declared = declared_in(&files);
        let found = declared.find("--batch_size").map(|flag| (flag.line, flag.default.clone()));
        assert_eq!(found, Some((5, Some(Value::Number("3".to_owned())))));
    }

    #[test]
    fn wrappers_and_aliases_of_add_argument() {
        check(
            &[(
                "a.py",
                "import argparse, functools\np = argparse.ArgumentParser()\nadd = p.add_argument\nadd('--lr')\ndef arg(name, default):\n    p.add_argument('--' + name, default=default)\narg('depth', 3)\np.parse_args()\n",
            )],
            &["--lr", "--depth"],
            &["--width"],
        );
        check(
            &[
                (
                    "a.py",
                    "import argparse, functools\nfrom utility import add_arguments\nparser = argparse.ArgumentParser()\nadd_arg = functools.partial(add_arguments, argparser=parser)\nadd_arg('batch_size', int, 64, 'Minibatch size.')\nparser.parse_args()\n",
                ),
                (
                    "utility.py",
                    "def add_arguments(argname, type, default, help, argparser, **kwargs):\n    argparser.add_argument('--' + argname, default=default)\n",
                ),
            ],
            &["--batch_size"],
            &["--width"],
        );
    }

    #[test]
    fn click_typer_and_absl() {
        check(
            &[(
                "a.py",
                "import click\n@click.command()\n@click.option('--shout/--no-shout', '-s', default=False)\n@click.argument('x')\ndef main(shout, x): pass\n",
            )],
            &["--shout", "--no-shout", "-s"],
            &["--x", "--shou"],
        );
        check(
            &[("a.py", "import typer\ndef main(batch_size: int = 3): pass\ntyper.run(main)\n")],
            &["--batch-size"],
            &["--lr"],
        );
        check(
            &[(
                "a.py",
                "from absl import app, flags\nflags.DEFINE_bool('fast', True, '')\nflags.DEFINE_float('lr', 1., '')\napp.run(main)\n",
            )],
            &["--fast", "--nofast", "-lr", "--flagfile"],
            &["--learning_rate"],
        );
        check(
            &[(
                "a.py",
                "import tensorflow as tf\nflags = tf.app.flags\nflags.DEFINE_integer('steps', 1, '')\n",
            )],
            &["--steps"],
            &["--step_count"],
        );
        check(
            &[(
                "a.py",
                "from ml_collections import config_flags\nconfig_flags.DEFINE_config_file('config')\n",
            )],
            &["--config", "--config.lr"],
            &["--conf"],
        );
    }

    #[test]
    fn fire_hydra_dataclasses_docopt_and_getopt() {
        check(
            &[("a.py", "import fire\ndef train(lr=1, batch_size=3): pass\nfire.Fire(train)\n")],
            &["--lr", "--batch-size", "--batch_size"],
            &["--depth"],
        );
        check(
            &[("a.py", "import hydra\n@hydra.main(config_path='conf')\ndef main(cfg): pass\n")],
            &["--multirun", "-m", "--config-name"],
            &["--lr"],
        );
        check(
            &[(
                "a.py",
                "from transformers import HfArgumentParser\nfrom dataclasses import dataclass\n@dataclass\nclass Base:\n    seed: int = 1\n@dataclass\nclass Args(Base):\n    model_name: str = 'x'\nHfArgumentParser((Args,)).parse_args_into_dataclasses()\n",
            )],
            &["--model_name", "--model-name", "--seed"],
            &["--lr"],
        );
        check(
            &[(
                "a.py",
                "\"\"\"Usage: a.py [--lr=<x>] [-v]\n\nOptions:\n  --depth=<n>  Depth.\n\"\"\"\nfrom docopt import docopt\ndocopt(__doc__)\n",
            )],
            &["--lr", "-v", "--depth"],
            &["--width"],
        );
        check(
            &[("a.py", "import getopt, sys\ngetopt.getopt(sys.argv[1:], 'ho:', ['help', 'output='])\n")],
            &["-o", "--output"],
            &["--input"],
        );
        check(&[("a.py", "print('no command line at all')\n")], &[], &["--lr"]);
    }

    #[test]
    fn what_cannot_be_told_is_open() {
        is_open("import sys\nprint(sys.argv[1])\n");
        is_open(
            "import argparse\np = argparse.ArgumentParser()\nfor k in d:\n    p.add_argument('--' + k)\n",
        );
        is_open(
            "import argparse\np = argparse.ArgumentParser()\na, rest = p.parse_known_args()\nrun(rest)\n",
        );
        is_open(
            "import argparse\nfrom lib import Trainer\nparser = argparse.ArgumentParser()\nparser = Trainer.add_argparse_args(parser)\n",
        );
        is_open(
            "import argparse\nfrom lib import extend\nparser = argparse.ArgumentParser()\nextend(parser)\n",
        );
        is_open("from baselines.common import common_arg_parser\na = common_arg_parser().parse_args()\n");
        is_open(
            "from transformers import HfArgumentParser, TrainingArguments\nHfArgumentParser(TrainingArguments)\n",
        );
        is_open("import fire\ndef main(**kwargs): pass\nfire.Fire(main)\n");
        is_open("import tyro\ntyro.cli(x)\n");
    }
}
