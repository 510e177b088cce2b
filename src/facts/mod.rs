//! What parsing a snapshot found. Extraction never fails: what could not be parsed is a fact as well.
//!
//! Facts of one file depend on its path and bytes alone, so base and head share those of files that did not change.

pub mod activity;
pub mod citation;
pub(crate) mod code;
pub mod commands;
pub mod dependencies;
pub mod document;
mod ecosystems;
pub mod environment;
pub mod exports;
pub mod flags;
pub mod foreign;
pub mod identifier;
pub mod ignored;
pub mod licences;
pub mod links;
pub mod makefile;
pub mod markdown;
pub mod nearest;
pub mod notebook;
pub mod packages;
mod places;
pub mod plan;
pub mod python;
pub mod randomness;
pub mod recipe;
pub mod results;
pub mod rst;
pub mod targets;
pub mod tooling;
pub mod tree;
pub mod versions;
pub mod weights;

use crate::snapshot::{BlobId, Snapshot, Text};
use foldhash::{HashMap, HashMapExt as _, HashSet};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub use activity::Activity;
pub use commands::{Command, CommandKind, Commands};
pub use dependencies::Manifest;
pub use document::{Block, BlockKind, Document, Inline, Lines, Link, Markup, Section};
pub use flags::{DeclaredFlag, DeclaredFlags};
pub use notebook::Notebook;
pub use python::PythonModule;
pub use tree::Tree;

/// Facts of one file.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// Path from the repository's root.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// What a person reads in it: Markdown, reStructuredText, plain text, a notebook's Markdown cells.
    pub document: Option<Document>,
    /// What Python code in it does: a module, or a notebook's code cells.
    pub python: Option<PythonModule>,
    /// A notebook's cells and how they were run.
    pub notebook: Option<Notebook>,
    /// The dependencies that it declares.
    pub manifest: Option<Manifest>,
    /// What its code does: trains, evaluates, saves and loads weights.
    pub activity: Option<Activity>,
    /// Its document, understood as a training recipe; read when first asked for.
    reading: OnceLock<recipe::Reading>,
    halves: [OnceLock<recipe::Found>; 2],
    pins: OnceLock<Vec<links::Pin>>,
    hands_on_options: OnceLock<bool>,
    declaring: OnceLock<flags::Declaring>,
    lines: OnceLock<u32>,
    index: OnceLock<document::LineIndex>,
}

impl FileFacts {
    /// What its document gives as a training recipe; nothing where it has no document.
    pub fn reading(&self) -> &recipe::Reading {
        self.reading.get_or_init(|| match (self.half(recipe::Half::First), self.half(recipe::Half::Second)) {
            (Some(first), Some(second)) => recipe::Reading::joined(first, second),
            _ => recipe::Reading::default(),
        })
    }

    /// Half of it, for a thread to have ready when the reading is asked for.
    pub(crate) fn half(&self, half: recipe::Half) -> Option<&recipe::Found> {
        let [first, second] = &self.halves;
        let kept = if half == recipe::Half::First { first } else { second };
        let document = self.document.as_ref()?;
        Some(kept.get_or_init(|| half.read(document, &self.text)))
    }

    /// The commits that its document names; read when first asked for.
    pub(crate) fn pins(&self) -> &[links::Pin] {
        self.pins.get_or_init(|| {
            self.document.as_ref().map_or_else(Vec::new, |document| links::pins(document, &self.text))
        })
    }

    /// How many lines its text has, one at least.
    pub(crate) fn lines(&self) -> u32 {
        let count = || u32::try_from(self.text.lines().count()).unwrap_or(u32::MAX).max(1);
        *self.lines.get_or_init(count)
    }

    /// Its lines with their numbers, from line `first` on.
    pub(crate) fn lines_from(&self, first: u32) -> impl Iterator<Item = (&str, u32)> {
        let first = first.max(1);
        let start = self.index.get_or_init(|| document::LineIndex::new(&self.text)).start(first);
        start.and_then(|start| self.text.get(start..)).unwrap_or_default().lines().zip(first..)
    }

    /// One of its lines, by its number from 1.
    pub(crate) fn line(&self, number: u32) -> Option<&str> {
        let index = self.index.get_or_init(|| document::LineIndex::new(&self.text));
        // Its end is known: a long line is not gone through for it.
        let end = number.checked_add(1).and_then(|next| index.start(next)).unwrap_or(self.text.len());
        let line = self.text.get(index.start(number)?..end).filter(|line| !line.is_empty())?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// Whether its code hands on all options as a whole.
    pub(crate) fn hands_on_options(&self) -> bool {
        *self.hands_on_options.get_or_init(|| randomness::hands_on_options(&self.text))
    }

    /// Parses one file.
    pub fn extract(path: &str, text: &Arc<str>) -> Self {
        let mut facts = Self { path: path.to_owned(), text: Arc::clone(text), ..Self::default() };
        match plan::Kind::of(path) {
            plan::Kind::Document(Markup::Markdown) => facts.document = Some(markdown::parse(path, text)),
            plan::Kind::Document(Markup::ReStructuredText) => facts.document = Some(rst::parse(path, text)),
            plan::Kind::Document(_) => facts.document = Some(rst::parse_plain(path, text)),
            plan::Kind::Python => facts.python = Some(python::parse(text)),
            plan::Kind::Notebook => {
                let notebook = notebook::parse(path, text);
                facts.document = Some(notebook::document(path, &notebook));
                facts.python = notebook::python(&notebook);
                facts.notebook = Some(notebook);
            }
            plan::Kind::Manifest | plan::Kind::Script | plan::Kind::Config | plan::Kind::Other => {}
        }
        facts.manifest = match &facts.notebook {
            Some(notebook) => dependencies::installed_in(notebook),
            None => dependencies::parse(path, text, facts.python.as_ref()),
        };
        facts.activity = activity::read(path, text, facts.python.as_ref());
        facts
    }
}

/// A text that was wanted and is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its path.
    pub path: String,
    /// Why.
    pub why: String,
}

/// What parsing the snapshot found, for one project.
#[derive(Debug)]
pub struct Facts {
    /// The folder that is judged, from the repository's root, without a trailing `/`; empty for the root.
    pub root: String,
    /// The whole repository's listing.
    pub tree: Arc<Tree>,
    /// Facts of the project's files that were read, by path.
    pub files: BTreeMap<String, Arc<FileFacts>>,
    /// The README that a visitor sees first, as a path.
    pub readme: Option<String>,
    /// Paths of the README, and of the documents in the tree that it leads to, nearest first.
    pub guided: Vec<String>,
    /// The project's files that were wanted and could not be read.
    pub unread: Vec<Unread>,
    /// Shell commands of documents, notebooks and scripts.
    pub commands: Commands,
    /// Where the code trains and evaluates.
    pub survey: activity::Survey,
    /// What the outside answered to [`Facts::questions`]; empty where it was not asked.
    pub answers: Arc<links::Answers>,
    /// What the repository shows of a recipe; read when first asked for.
    known: OnceLock<Arc<recipe::Known>>,
    /// Stands for the README of a project that has none.
    absent: OnceLock<FileFacts>,
    /// What was worked out from the code.
    code: Arc<code::Code>,
    foreign: OnceLock<Vec<String>>,
    entry_points: OnceLock<Vec<randomness::EntryPoint>>,
    /// See [`Facts::own_slug`].
    own_slug: OnceLock<Option<String>>,
    /// Names of the packages at the root that tell this project from others, in lower case.
    packages: OnceLock<Vec<String>>,
}

/// A document that is judged as a training recipe, with those that continue it.
#[derive(Debug, Clone)]
pub struct Recipe<'facts> {
    /// The document.
    pub document: &'facts Document,
    /// Its text.
    pub text: &'facts Arc<str>,
    /// The document's file, then those that it leads to and that belong to the same recipe.
    pub files: Vec<&'facts FileFacts>,
    /// Whether the model is to be deployed: timing and export are then asked for.
    pub production: bool,
}

/// What a file's facts depend on: its bytes and its path.
pub type Key = (BlobId, Arc<str>);

/// Facts by file of one commit, kept so that another commit can share them.
pub type Parsed = std::collections::HashMap<Key, Arc<FileFacts>>;

/// Parses every text of `snapshot`, taking those that `known` has from it.
pub fn parse_all(snapshot: &Snapshot, known: &Parsed) -> Parsed {
    parse_on(snapshot, known, None)
}

/// The same on at most `jobs` threads; `None` for as many as the machine has.
pub fn parse_on(snapshot: &Snapshot, known: &Parsed, jobs: Option<usize>) -> Parsed {
    let mut parsed = Parsed::new();
    let mut wanted = Vec::new();
    for entry in snapshot.entries.iter() {
        let Some(Text::Read(text)) = snapshot.read(entry) else { continue };
        let key = (entry.id.clone(), Arc::clone(&entry.path));
        match known.get(&key) {
            Some(facts) => {
                parsed.insert(key, Arc::clone(facts));
            }
            None => wanted.push((key, Arc::clone(text))),
        }
    }
    parsed.extend(run_parallel(wanted, jobs));
    parsed
}

/// Deep syntax trees are walked by recursion, which the default stack of a thread does not hold.
pub(crate) const STACK_BYTES: usize = 256 << 20;

/// Blob and path, and the text to parse.
type Job = (Key, Arc<str>);

fn run_parallel(mut jobs: Vec<Job>, most: Option<usize>) -> Vec<(Key, Arc<FileFacts>)> {
    // Longest first, so that the workers end together.
    jobs.sort_by_key(|(_, text)| std::cmp::Reverse(text.len()));
    let machine = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = most.unwrap_or(machine).min(jobs.len().div_ceil(8)).max(1);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((key, text)) = jobs.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            done.push((key.clone(), Arc::new(FileFacts::extract(&key.1, text))));
        }
        done
    };
    // A few documents take less time than a thread to begin, and no more than the usual stack.
    let is_document = |((_, path), _): &Job| matches!(plan::Kind::of(path), plan::Kind::Document(_));
    if workers == 1 && jobs.iter().all(is_document) {
        return work();
    }
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .filter_map(|_| {
                std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work).ok()
            })
            .collect();
        if handles.is_empty() {
            return work();
        }
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    })
}

impl Facts {
    /// Facts of the project at `root` (empty for the whole repository), from files parsed by [`parse_all`].
    pub fn gather(snapshot: &Snapshot, parsed: &Parsed, root: &str) -> Self {
        Self::listed(snapshot, parsed, root).settled()
    }

    /// Facts of the same project in `snapshot`, another state of its tree that is only judged and not mended: what
    /// depends on the code is shared where no code changed, and what only fixes are made of is taken over as it is.
    pub fn gather_again(&self, snapshot: &Snapshot, parsed: &Parsed) -> Self {
        let mut facts = Self::listed(snapshot, parsed, &self.root);
        let code = |facts: &Self| -> Vec<*const FileFacts> {
            facts.files.values().filter(|file| file.python.is_some()).map(Arc::as_ptr).collect()
        };
        if code(&facts) == code(self) {
            facts.code = Arc::clone(&self.code);
        }
        facts.known = self.known.clone();
        facts.settled()
    }

    fn listed(snapshot: &Snapshot, parsed: &Parsed, root: &str) -> Self {
        let mut files = BTreeMap::new();
        let mut unread = Vec::new();
        for entry in snapshot.entries.iter().filter(|entry| is_under(&entry.path, root)) {
            if let Some(facts) = parsed.get(&(entry.id.clone(), Arc::clone(&entry.path))) {
                files.insert(entry.path.to_string(), Arc::clone(facts));
            } else if let Some(Text::Unread(why)) = snapshot.read(entry) {
                unread.push(Unread { path: entry.path.to_string(), why: why.clone() });
            }
        }
        if let Some(why) = &snapshot.incomplete {
            unread.push(Unread { path: root.to_owned(), why: why.clone() });
        }
        Self {
            root: root.to_owned(),
            tree: Arc::new(Tree::new(Arc::clone(&snapshot.entries))),
            files,
            readme: None,
            guided: Vec::new(),
            unread,
            commands: Commands::default(),
            survey: activity::Survey::default(),
            answers: Arc::default(),
            known: OnceLock::new(),
            absent: OnceLock::new(),
            code: Arc::default(),
            foreign: OnceLock::new(),
            entry_points: OnceLock::new(),
            own_slug: OnceLock::new(),
            packages: OnceLock::new(),
        }
    }

    /// Works out what depends on several files.
    fn settled(mut self) -> Self {
        self.commands = commands::gather(self.files.values().map(AsRef::as_ref), &self.tree, &self.root);
        self.readme = self.find_readme();
        self.guided = self.find_guided();
        self.survey = activity::survey(&self);
        self
    }

    /// Shell commands of the documents and notebooks, by path and in reading order.
    pub fn commands(&self) -> &[Command] {
        &self.commands.documented
    }

    /// The flags that the Python script at `path` declares, by itself and through the local modules that it imports.
    pub fn flags_of(&self, path: &str) -> Arc<DeclaredFlags> {
        self.project().declared(path)
    }

    /// What can be looked up while a script is read.
    pub(crate) fn project(&self) -> flags::Project<'_> {
        flags::Project { tree: &self.tree, files: &self.files, root: &self.root, code: &self.code }
    }

    /// Folders that hold other people's code.
    pub fn foreign(&self) -> &[String] {
        self.foreign.get_or_init(|| foreign::folders(self))
    }

    /// The entry points that train, or where none is seen to, those that draw.
    pub fn entry_points(&self) -> &[randomness::EntryPoint] {
        self.entry_points.get_or_init(|| randomness::entry_points(self, self.foreign()))
    }

    /// An empty README, where the project's would be.
    pub fn absent_readme(&self) -> &FileFacts {
        self.absent.get_or_init(|| {
            let path = self.at_root("README.md");
            let document = Some(Document { path: path.clone(), ..Document::default() });
            FileFacts { path, document, ..FileFacts::default() }
        })
    }

    /// What the repository itself shows of a recipe.
    pub fn known(&self) -> &recipe::Known {
        self.known.get_or_init(|| Arc::new(recipe::Known::of(self)))
    }

    /// The documents of the project, in order of path.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.files.values().filter_map(|file| file.document.as_ref())
    }

    /// The document at exactly this path.
    pub fn document(&self, path: &str) -> Option<&Document> {
        self.files.get(path)?.document.as_ref()
    }

    /// The Python modules and notebooks of the project, with their paths, in order of path.
    pub fn python(&self) -> impl Iterator<Item = (&str, &PythonModule)> {
        self.files.iter().filter_map(|(path, file)| Some((path.as_str(), file.python.as_ref()?)))
    }

    /// The dependency manifests of the project, in order of path.
    pub fn manifests(&self) -> impl Iterator<Item = (&str, &Manifest)> {
        self.files.iter().filter_map(|(path, file)| Some((path.as_str(), file.manifest.as_ref()?)))
    }

    /// Whether a path of the listing belongs to the project.
    pub fn files_hold(&self, path: &str) -> bool {
        is_under(path, &self.root)
    }

    /// A path as it is seen from the project's root.
    pub fn within_project<'path>(&self, path: &'path str) -> &'path str {
        if self.root.is_empty() {
            return path;
        }
        path.strip_prefix(self.root.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
    }

    /// Where a path of the project lies, seen from the repository's root: what [`Facts::within_project`] takes apart.
    pub fn at_root(&self, within: &str) -> String {
        if self.root.is_empty() { within.to_owned() } else { format!("{}/{within}", self.root) }
    }

    /// The README's path, or the one that it would have.
    pub fn readme_path(&self) -> String {
        self.readme.clone().unwrap_or_else(|| self.at_root("README.md"))
    }

    /// In how many folders of the project a path lies.
    pub fn depth(&self, path: &str) -> usize {
        self.within_project(path).matches('/').count()
    }

    /// GitHub's order: `.github/`, the root, `docs/`, and `doc/` that it does not show; then by markup.
    fn find_readme(&self) -> Option<String> {
        let rank = |path: &str| -> Option<(usize, usize, usize)> {
            let (folder, name) =
                self.within_project(path).rsplit_once('/').unwrap_or(("", self.within_project(path)));
            let folder =
                ["", ".github", "docs", "doc"].iter().position(|known| folder.eq_ignore_ascii_case(known))?;
            let name = name.to_ascii_lowercase();
            let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
            (stem == "readme").then_some(())?;
            let extension = ["md", "markdown", "mdown", "rst", "ipynb", "org", "adoc", "txt", "", "tex"]
                .iter()
                .position(|known| *known == extension)?;
            Some((folder, extension, path.len()))
        };
        self.documents()
            .filter_map(|document| Some((rank(&document.path)?, &document.path)))
            .min()
            .map(|(_, path)| path.clone())
    }

    /// The path from the repository's root that `target` names in the document `from`; an address that shows a file
    /// of this very repository on its forge names that file.
    pub fn resolve(&self, from: &str, target: &str) -> Option<String> {
        if let Some(path) = tree::resolve(from, target) {
            return Some(path);
        }
        let (slug, path) = tree::on_forge(target)?;
        let own = self.own_slug.get_or_init(|| self.own_slug().map(str::to_owned)).as_deref();
        (own? == slug && self.holds(&path)).then_some(path)
    }

    fn holds(&self, path: &str) -> bool {
        self.tree.has_file(path) || self.tree.has_folder(path)
    }

    /// `owner/name` of this repository, where the README's addresses tell: the one of whose paths most are here.
    fn own_slug(&self) -> Option<&str> {
        let readme = self.readme.as_ref().and_then(|path| self.document(path))?;
        // How many of its paths are here, and how many there are in all; which slug was named first settles a tie.
        let mut known: HashMap<&str, (usize, std::cmp::Reverse<usize>, usize)> = HashMap::new();
        for (slug, path) in readme.links.iter().filter_map(|link| tree::on_forge(&link.target)) {
            let first = std::cmp::Reverse(known.len());
            let (here, _, all) = known.entry(slug).or_insert((0, first, 0));
            *here += usize::from(self.holds(&path));
            *all += 1;
        }
        let (slug, (here, _, all)) = known.into_iter().max_by_key(|(_, counted)| *counted)?;
        (here * 2 >= all && here > 0).then_some(slug)
    }

    /// Follows links from the README to documents in the tree, two steps far.
    fn find_guided(&self) -> Vec<String> {
        const STEPS: usize = 2;
        let mut found: Vec<String> = self.readme.iter().cloned().collect();
        let mut known: HashSet<String> = found.iter().cloned().collect();
        let mut from = 0;
        for _ in 0..STEPS {
            let until = found.len();
            while from < until {
                let Some(document) = found.get(from).and_then(|path| self.document(path)) else { break };
                let targets =
                    document.links.iter().filter(|link| !link.image).map(|link| link.target.as_str());
                let named = document.inline_code.iter().map(|code| code.text.as_str());
                for target in targets.chain(named) {
                    let Some(path) = self.resolve(&document.path, target) else { continue };
                    let candidates = [
                        path.clone(),
                        format!("{path}/README.md"),
                        format!("{path}/readme.md"),
                        format!("{path}/README.rst"),
                    ];
                    for path in candidates {
                        if self.document(&path).is_some() && known.insert(path.clone()) {
                            found.push(path);
                        }
                    }
                }
                from += 1;
            }
        }
        found
    }
}

fn is_under(path: &str, root: &str) -> bool {
    root.is_empty() || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

/// A text as a YAML scalar in double quotes, whatever it holds.
pub fn quoted_yaml(text: &str) -> String {
    // A JSON string is a YAML one, but for a few characters that YAML takes for line ends, or for none at all.
    let mut quoted = String::with_capacity(text.len() + 2);
    for character in serde_json::Value::from(text).to_string().chars() {
        match character {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            character => quoted.push(character),
        }
    }
    quoted
}
