//! What commands name, and whether it is there.

use super::commands::{Origin, is_placeholder, join};
use super::ignored::Ignored;
use super::makefile::{self, Makefile};
use super::nearest::{self, Nearest, Search};
use super::{BlockKind, Command, CommandKind, Document, Facts};
use crate::pattern::Pattern;
use foldhash::{HashMap, HashSet};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What became of one thing that a command names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// It is there.
    There,
    /// It is not.
    Missing(Missing),
    /// Nobody can tell, or nothing is named.
    Untold,
}

/// A thing that a command names and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its name as the command has it.
    pub written: String,
    /// What it is.
    pub kind: Kind,
    /// What is like it.
    pub nearest: Option<Nearest>,
    /// What to write in place of [`Missing::written`], where `nearest` is meant.
    pub instead: Option<String>,
}

/// What a command names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The script that it runs.
    Script,
    /// The Python module that it runs.
    Module,
    /// A target of a makefile.
    MakeTarget,
    /// A file that is passed to what it runs.
    File,
}

/// File names that documents link to elsewhere: readers fetch them.
fn linked_names(facts: &Facts) -> BTreeSet<String> {
    let links = facts.documents().flat_map(|document| &document.links);
    let outside = links.filter(|link| link.target.contains("://"));
    outside
        .flat_map(|link| [link.target.split(['?', '#']).next().unwrap_or_default(), link.text.trim()])
        .filter_map(|text| text.trim_end_matches('/').rsplit('/').next())
        .map(str::to_owned)
        .collect()
}

fn words_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '`' | '"' | '\'' | ',' | ';' | '(' | ')' | ':' | '*')
    })
    .map(|word| word.trim_end_matches('.').trim_matches('/').trim_start_matches("./"))
    .filter(|word| !word.is_empty())
}

/// Words of the document's text, headings and links.
fn words_of(document: &Document) -> impl Iterator<Item = &str> {
    let blocks = document.blocks.iter().map(|block| block.text.as_str());
    let titles = document.sections.iter().map(|section| section.title.as_str());
    let links = document.links.iter().flat_map(|link| [link.target.as_str(), link.text.as_str()]);
    blocks.chain(titles).chain(links).flat_map(words_in)
}

/// Names in those paragraphs that tell the reader to make a file: "create a new file `name`".
fn told_to_write(document: &Document) -> HashSet<&str> {
    static MAKES: Pattern = Pattern::text(
        r"(?i)\b(?:creat|writ|sav|add|copy|copi|download|mak|put|prepar)\w*\b[^.!?]{0,60}\b(?:file|script|config\w*)\b",
    );
    let blocks = document.blocks.iter().filter(|block| !matches!(block.kind, BlockKind::Code { .. }));
    let telling = blocks.filter(|block| MAKES.is_in(&block.text));
    telling.flat_map(|block| words_in(&block.text)).filter_map(|word| word.rsplit('/').next()).collect()
}

/// What a document says, gathered for all of its commands at once.
#[derive(Debug)]
struct Told<'facts> {
    document: &'facts Document,
    words: HashSet<&'facts str>,
    /// The last parts of words that are paths, and whole words.
    last: HashSet<&'facts str>,
    to_write: HashSet<&'facts str>,
    /// Lines and sections of links to other repositories.
    elsewhere: Vec<(u32, usize)>,
    /// Whether the block of an index names a folder that is not here.
    sends_away: RefCell<HashMap<usize, bool>>,
}

impl<'facts> Told<'facts> {
    fn new(document: &'facts Document) -> Self {
        let words: HashSet<&str> = words_of(document).collect();
        let is_other = |target: &str| {
            ["github.com/", "gitlab.com/", "bitbucket.org/"].iter().any(|host| target.contains(host))
        };
        let others = document.links.iter().filter(|link| is_other(&link.target));
        Self {
            document,
            last: words.iter().filter_map(|word| word.rsplit('/').next()).collect(),
            words,
            to_write: told_to_write(document),
            elsewhere: others.map(|link| (link.line, link.section)).collect(),
            sends_away: RefCell::default(),
        }
    }
}

/// What the commands of a project's documents name.
#[derive(Debug)]
pub struct Targets<'facts> {
    facts: &'facts Facts,
    ignored: Ignored,
    linked: BTreeSet<String>,
    search: Search<'facts>,
    /// By path.
    told: RefCell<HashMap<&'facts str, Rc<Told<'facts>>>>,
    /// By path.
    makefiles: RefCell<HashMap<&'facts str, Rc<Makefile>>>,
    /// Names of all files and folders.
    parts: OnceCell<HashSet<&'facts str>>,
}

impl<'facts> Targets<'facts> {
    /// Looks in the listing, in what git is told to ignore and in what the documents link to.
    pub fn new(facts: &'facts Facts) -> Self {
        Self {
            facts,
            ignored: Ignored::new(&facts.files),
            linked: linked_names(facts),
            search: Search::new(&facts.tree),
            told: RefCell::default(),
            makefiles: RefCell::default(),
            parts: OnceCell::new(),
        }
    }

    fn told(&self, path: &str) -> Option<Rc<Told<'facts>>> {
        let document = self.facts.document(path)?;
        let mut known = self.told.borrow_mut();
        Some(Rc::clone(known.entry(&document.path).or_insert_with(|| Rc::new(Told::new(document)))))
    }

    fn has_part(&self, name: &str) -> bool {
        let entries = || self.facts.tree.entries().iter().flat_map(|entry| entry.path.split('/'));
        self.parts.get_or_init(|| entries().collect()).contains(name)
    }

    /// What became of each thing that `command` names: what it runs, and the files that it passes.
    pub fn of(&self, command: &Command) -> Vec<Target> {
        let mut seen = vec![match &command.kind {
            CommandKind::Script { path } => self.script(command, path),
            CommandKind::Module { name } => self.module(command, name),
            CommandKind::Make { targets, .. } => self.make(command, targets),
            CommandKind::Program => Target::Untold,
        }];
        // Files that are passed count where it is known who reads them, and from where.
        let runs_ours = command.script.is_some() && command.target().is_some();
        if (runs_ours || matches!(command.kind, CommandKind::Program)) && command.folder.is_some() {
            seen.extend(passed_files(command).into_iter().map(|written| self.file(command, &written)));
        }
        seen
    }

    /// Whether something else than the commit makes or brings the file.
    fn comes_otherwise(&self, written: &str, resolved: &str) -> bool {
        let name = resolved.rsplit('/').next().unwrap_or(resolved);
        self.facts.tree.in_submodule(resolved)
            || self.ignored.has(resolved)
            || self.facts.commands.makes(written)
            || self.facts.commands.makes(resolved)
            || self.linked.contains(name)
            // A symbolic link's files are elsewhere.
            || resolved.match_indices('/').any(|(at, _)| {
                resolved.get(..at).is_some_and(|folder| self.facts.tree.has_file(folder))
            })
    }

    fn script(&self, command: &Command, path: &str) -> Target {
        if command.script.is_some() && command.is_exact {
            return Target::There;
        }
        let Some(folder) = &command.folder else { return Target::Untold };
        if is_placeholder(path) || !path.contains(['.', '/']) {
            return Target::Untold;
        }
        let Some(resolved) = join(folder, path) else { return Target::Untold };
        if resolved.is_empty() || self.comes_otherwise(path, &resolved) || is_activation(&resolved) {
            return Target::Untold;
        }
        if self.facts.tree.has_folder(&resolved) {
            return Target::Untold;
        }
        // `./configure` and the like are made by building.
        let name = resolved.rsplit('/').next().unwrap_or_default();
        let is_source = name.rsplit_once('.').is_some_and(|(_, extension)| {
            matches!(
                extension,
                "py" | "sh"
                    | "R"
                    | "r"
                    | "jl"
                    | "lua"
                    | "ipynb"
                    | "pl"
                    | "m"
                    | "js"
                    | "bash"
                    | "slurm"
                    | "sbatch"
            )
        });
        if !is_source || !self.search.goes_on() {
            return Target::Untold;
        }
        if self.is_led_to(command, path) {
            return Target::There;
        }
        if self.may_be_elsewhere(command, path) {
            return Target::Untold;
        }
        let nearest = match &command.script {
            Some(script) => Some(Nearest { name: script.clone(), is_meant: true }),
            None => self.search.file(path, &resolved),
        };
        let instead = nearest.as_ref().map(|near| nearest::relative(folder, &near.name));
        let dotted = path.starts_with("./");
        let instead = instead.map(|path| if dotted { format!("./{path}") } else { path });
        Target::Missing(Missing { written: path.to_owned(), kind: Kind::Script, nearest, instead })
    }

    /// Whether the document's words tell a reader to be in a folder where the script is.
    fn is_led_to(&self, command: &Command, path: &str) -> bool {
        let plain = path.trim_start_matches("./").trim_start_matches("../");
        let Some(told) = self.told(&command.document) else { return false };
        let name = plain.rsplit('/').next().unwrap_or(plain);
        let paths = self.search.named(name).iter();
        let mut folders = paths.filter_map(|path| path.strip_suffix(plain)?.strip_suffix('/'));
        folders.any(|folder| {
            let last = folder.rsplit('/').next().unwrap_or(folder);
            told.words.contains(folder) || told.last.contains(last)
        })
    }

    /// Whether the words around say that the command belongs to code that is not here.
    fn may_be_elsewhere(&self, command: &Command, path: &str) -> bool {
        let Some(told) = self.told(&command.document) else { return false };
        let document = told.document;
        let plain = path.trim_start_matches("./").trim_start_matches("../");
        let name = plain.rsplit('/').next().unwrap_or(plain);
        if self.search.has_like(name) {
            return false;
        }
        // A tool on the reader's path.
        if command.program == path && !path.contains('/') {
            return true;
        }
        if self.facts.commands.foreign.contains(&(command.document.clone(), command.section)) {
            return true;
        }
        if told.to_write.contains(name) {
            return true;
        }
        let first = command.lines.first;
        if command.origin == Origin::Inline {
            let around = document.block_at(first).and_then(|at| document.blocks.get(at));
            let lines = around.map_or(command.lines, |block| block.lines);
            return told.elsewhere.iter().any(|(line, _)| lines.contains(*line));
        }
        // "Go to `data/custom`", a folder that is not here.
        let before = document.blocks.iter().enumerate().rfind(|(_, block)| block.lines.last < first);
        let sends_away = before.is_some_and(|(index, block)| {
            let names_other = || {
                words_in(&block.text).any(|word| {
                    let is_path = word.contains('/') && !word.contains("//") && !word.contains('.');
                    let folder = word.trim_start_matches("./");
                    is_path && !is_placeholder(word) && !self.facts.tree.has_folder(folder)
                })
            };
            *told.sends_away.borrow_mut().entry(index).or_insert_with(names_other)
        });
        let top = plain.split_once('/').map(|(top, _)| top);
        let is_strange = top.is_some_and(|top| {
            let folder = command.folder.as_deref().unwrap_or_default();
            !self.has_part(top) && join(folder, top).is_none_or(|path| !self.facts.tree.has_folder(&path))
        });
        let section_links =
            || told.elsewhere.iter().any(|(_, section)| document.is_within(command.section, *section));
        let lies_deep = self.facts.within_project(&command.document).contains('/');
        sends_away || is_strange && (section_links() || lies_deep)
    }

    fn module(&self, command: &Command, name: &str) -> Target {
        if command.script.is_some() {
            return Target::There;
        }
        let Some(folder) = &command.folder else { return Target::Untold };
        if is_placeholder(name) || !self.search.goes_on() {
            return Target::Untold;
        }
        let package = name.split('.').next().unwrap_or(name);
        let path = name.replace('.', "/");
        let is_ours = name.contains('.')
            && [folder.as_str(), self.facts.root.as_str()].iter().any(|folder| {
                let package = join(folder, package).unwrap_or_default();
                self.facts.tree.within(&package).any(|entry| entry.path.ends_with(".py"))
            });
        let resolved = join(folder, &format!("{path}.py")).unwrap_or_default();
        if !(is_ours || self.is_slip(folder, name)) || self.comes_otherwise(&path, &resolved) {
            return Target::Untold;
        }
        // A class or function behind the module: `package.module:main`.
        let nearest = self.search.file(&format!("{path}.py"), &resolved);
        let instead = nearest.as_ref().map(|near| {
            nearest::relative(folder, &near.name)
                .trim_end_matches(".py")
                .trim_end_matches("/__main__")
                .replace('/', ".")
        });
        Target::Missing(Missing { written: name.to_owned(), kind: Kind::Module, nearest, instead })
    }

    /// Whether a module's name is all but that of one in the tree: then the package itself is misspelt.
    fn is_slip(&self, folder: &str, name: &str) -> bool {
        const INSTALLED: [&str; 9] =
            ["build", "pytest", "unittest", "venv", "timeit", "doctest", "black", "twine", "wheel"];
        let most = if name.contains('.') { 2 } else { 1 };
        let starts = [folder, self.facts.root.as_str()];
        let modules = self.facts.tree.entries().iter().filter_map(|entry| entry.path.strip_suffix(".py"));
        let below = |path: &'facts str, start: &str| match start.is_empty() {
            true => Some(path),
            false => path.strip_prefix(start)?.strip_prefix('/'),
        };
        let modules = modules.flat_map(|path| starts.into_iter().filter_map(move |start| below(path, start)));
        name.len() > 4
            && !INSTALLED.contains(&name)
            && modules.filter(|path| path.len().abs_diff(name.len()) <= most).any(|path| {
                path.matches('/').count() == name.matches('.').count()
                    && strsim::osa_distance(&path.replace('/', "."), name) <= most
            })
    }

    fn make(&self, command: &Command, targets: &[String]) -> Target {
        if command.folder.is_none() {
            return Target::Untold;
        }
        let Some(file) = command.script.as_ref().and_then(|path| self.facts.files.get(path)) else {
            return Target::Untold;
        };
        let parsed = || Rc::new(makefile::parse(&file.text));
        let makefile = Rc::clone(self.makefiles.borrow_mut().entry(&file.path).or_insert_with(parsed));
        for target in targets {
            let path = join(command.folder.as_deref().unwrap_or_default(), target).unwrap_or_default();
            let known = makefile.targets.contains(target) || self.facts.tree.has_file(&path);
            if known
                || is_placeholder(target)
                || makefile.open
                || command.origin == Origin::Inline && targets.len() > 1
            {
                continue;
            }
            let nearest = self.search.name(target, makefile.targets.iter().map(String::as_str));
            let instead = nearest.as_ref().map(|near| near.name.clone());
            return Target::Missing(Missing {
                written: target.clone(),
                kind: Kind::MakeTarget,
                nearest,
                instead,
            });
        }
        Target::There
    }

    fn file(&self, command: &Command, written: &str) -> Target {
        let Some(folder) = &command.folder else { return Target::Untold };
        let Some(resolved) = join(folder, written).filter(|path| !path.is_empty()) else {
            return Target::Untold;
        };
        let own = command.document.rsplit_once('/').map_or("", |(folder, _)| folder);
        let of_script =
            command.script.as_deref().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let starts = [folder.as_str(), self.facts.root.as_str(), own, of_script];
        let tree = &self.facts.tree;
        let there = starts
            .iter()
            .filter_map(|start| join(start, written))
            .any(|path| tree.has_file(&path) || tree.has_folder(&path));
        // Scripts look for configurations in folders of theirs.
        let plain = written.trim_start_matches("./").trim_start_matches("../");
        let anywhere = || {
            let name = plain.rsplit('/').next().unwrap_or(plain);
            let mut before = self.search.named(name).iter().filter_map(|path| path.strip_suffix(plain));
            before.any(|before| before.is_empty() || before.ends_with('/'))
        };
        if there {
            return Target::There;
        }
        if !self.search.goes_on() {
            return Target::Untold;
        }
        if anywhere() {
            return Target::There;
        }
        if self.comes_otherwise(written, &resolved) {
            return Target::Untold;
        }
        let nearest = self.search.file(written, &resolved);
        // A bare name that is like nothing here may be looked for in the data's folder, or be the reader's to write.
        let is_like = nearest.as_ref().is_some_and(|near| {
            let name = near.name.rsplit('/').next().unwrap_or_default();
            strsim::osa_distance(name, written) <= 2
        });
        let is_beside = command.target().is_none() || of_script == folder;
        if !written.contains('/') && !is_like && (written.ends_with(".json") || !is_beside) {
            return Target::Untold;
        }
        let name = resolved.rsplit('/').next().unwrap_or_default();
        if !is_like && self.told(&command.document).is_some_and(|told| told.to_write.contains(name)) {
            return Target::Untold;
        }
        let instead = nearest.as_ref().map(|near| nearest::relative(folder, &near.name));
        Target::Missing(Missing { written: written.to_owned(), kind: Kind::File, nearest, instead })
    }
}

/// `source venv/bin/activate` and the profile files of a shell.
fn is_activation(path: &str) -> bool {
    path.ends_with("/activate")
        || path.contains("bin/activate")
        || path.ends_with("conda.sh")
        || path.contains(".bashrc")
}

/// Files that a command is given to read and that belong in a repository: requirements, environments, configurations.
fn passed_files(command: &Command) -> Vec<String> {
    const CONFIGURATIONS: [&str; 11] =
        ["yaml", "yml", "toml", "gin", "ini", "cfg", "conf", "json", "jsonnet", "py", "prototxt"];
    let extension = |path: &str| {
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e.to_owned())
    };
    let arguments = &command.arguments;
    let mut found = Vec::new();
    let after = |names: &[&str]| -> Vec<String> {
        let at = arguments.iter().enumerate().filter(|(_, word)| names.contains(&word.as_str()));
        at.filter_map(|(at, _)| arguments.get(at + 1).cloned()).collect()
    };
    match command.program.as_str() {
        "pip" | "uv" if arguments.iter().any(|word| word == "install" || word == "sync") => {
            found.extend(after(&["-r", "--requirement", "-c", "--constraint"]));
            found.extend(
                arguments
                    .iter()
                    .filter_map(|word| Some(word.strip_prefix("-r")?.to_owned()))
                    .filter(|rest| !rest.is_empty()),
            );
        }
        "conda" | "mamba" | "micromamba" => {
            let files = after(&["-f", "--file"]);
            found.extend(files);
            found.extend(arguments.iter().filter_map(|word| Some(word.strip_prefix("--file=")?.to_owned())));
        }
        "docker" if arguments.first().is_some_and(|word| word == "build") => {
            found.extend(after(&["-f", "--file"]))
        }
        "docker-compose" => found.extend(after(&["-f", "--file"])),
        _ => {}
    }
    if command.target().is_some() && command.flags_are_scripts {
        for flag in &command.flags {
            let name = flag.name.trim_start_matches('-').to_ascii_lowercase().replace('-', "_");
            let is_config = ["config", "cfg", "conf", "yaml", "gin_file", "hparams"].iter().any(|word| {
                name.split(['_', '.']).any(|piece| piece.starts_with(word)) || name.ends_with(word)
            });
            let writes = ["out", "save", "dump", "log", "write", "export", "result"]
                .iter()
                .any(|word| name.contains(word));
            if let Some(value) = flag.value.as_ref().filter(|_| is_config && !writes) {
                found.extend(
                    extension(value).filter(|e| CONFIGURATIONS.contains(&e.as_str())).map(|_| value.clone()),
                );
            }
        }
        for word in command.positional() {
            let (key, value) = match word.split_once('=') {
                Some((key, value)) => (Some(key), value),
                None => (None, word),
            };
            let named = key.is_none_or(|key| key.contains("config") || key.contains("cfg"));
            let fits = extension(value).is_some_and(|e| match e.as_str() {
                "json" | "cfg" | "conf" => key.is_some(),
                // Configurations in Python lie in a folder; a bare name may be anything.
                "py" => value.contains('/'),
                e => CONFIGURATIONS.contains(&e),
            });
            if named && fits && !word.starts_with('-') {
                found.push(value.to_owned());
            }
        }
    }
    found.retain(|path| !is_placeholder(path) && !path.contains("://") && !path.starts_with(['/', '~', '-']));
    found.dedup();
    found
}
