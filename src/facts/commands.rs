//! Shell commands: what documents, notebooks and shell scripts tell a reader to run.
//!
//! A command is read the way a shell would split it and the way a reader would follow it: `cd` moves the working folder
//! for what comes after, a `git clone` or a download makes files, launchers hand over to the script behind them.
//! Nothing is expanded and nothing is run.

use super::document::{BlockKind, Document, Lines, Markup};
use super::tree::{Tree, walk};
use super::{FileFacts, Notebook};
use crate::pattern::Pattern;
use foldhash::{HashMap, HashMapExt as _, HashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Where a command is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A code block of a document.
    CodeBlock,
    /// Code within a sentence.
    Inline,
    /// A `!` line or a shell cell of a notebook.
    NotebookCell,
    /// A shell script or a batch job.
    ShellScript,
}

/// What a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandKind {
    /// A script or notebook, as written: `python tools/train.py`, `bash run.sh`, `./eval.sh`.
    Script {
        /// Its path as written.
        path: String,
    },
    /// A Python module: `python -m package.train`.
    Module {
        /// Its dotted name.
        name: String,
    },
    /// Targets of a makefile.
    Make {
        /// The targets; empty for the first one.
        targets: Vec<String>,
        /// Of `-C`, as written.
        folder: Option<String>,
        /// Of `-f`, as written.
        file: Option<String>,
    },
    /// Anything else: `pip`, `wget`, `cd`, an installed tool.
    Program,
}

/// A flag that a command passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedFlag {
    /// With its dashes, without its value: `--batch-size`, `-n`.
    pub name: String,
    /// The value after `=`, or the next word where that is no flag.
    pub value: Option<String>,
}

/// A shell command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Path of the document, notebook or script that it is written in.
    pub document: String,
    /// Where in it.
    pub origin: Origin,
    /// Its lines there, continuations included.
    pub lines: Lines,
    /// Index into the document's sections; 0 for scripts and cells.
    pub section: usize,
    /// As written, prompt and continuations removed; of `a && b` only its own side.
    pub text: String,
    /// The working folder from the repository's root; `None` where it lies elsewhere: in another repository that was
    /// cloned, in a folder that is not in the tree.
    pub folder: Option<String>,
    /// `CUDA_VISIBLE_DEVICES=0` and the like.
    pub environment: Vec<(String, String)>,
    /// What stands in front of the program that does the work: `torchrun`, `mpirun`, `accelerate`, `nohup`, …
    pub launchers: Vec<String>,
    /// The program's name without its folder and version: `python`, `bash`, `make`, `pip`; of `./run.sh`, `./run.sh`.
    pub program: String,
    /// What it runs.
    pub kind: CommandKind,
    /// The file in the tree that it runs, if there is one.
    pub script: Option<String>,
    /// Whether `script` is what the words say from the working folder, and not the only file elsewhere in the tree
    /// that they fit.
    pub is_exact: bool,
    /// Words after the script, the module or the program.
    pub arguments: Vec<String>,
    /// The flags among them.
    pub flags: Vec<PassedFlag>,
    /// Whether the flags are the script's or module's own (and not those of `pytest`, `jupyter`, …).
    pub flags_are_scripts: bool,
}

impl Command {
    /// The path or module as written, where it runs one.
    pub fn target(&self) -> Option<&str> {
        match &self.kind {
            CommandKind::Script { path } => Some(path),
            CommandKind::Module { name } => Some(name),
            CommandKind::Make { .. } | CommandKind::Program => None,
        }
    }

    /// The value that a flag is given, by any of its names.
    pub fn flag(&self, names: &[&str]) -> Option<&str> {
        let found = self.flags.iter().find(|flag| names.contains(&flag.name.as_str()))?;
        found.value.as_deref()
    }

    /// Arguments that are neither flags nor the value of one, as far as the words tell.
    pub fn positional(&self) -> impl Iterator<Item = &str> {
        let values: HashSet<&str> = self.flags.iter().filter_map(|flag| flag.value.as_deref()).collect();
        let words = self.arguments.iter().map(String::as_str);
        words.filter(move |word| !is_flag(word) && !values.contains(word))
    }
}

/// All commands of a project, and what they make on the way.
#[derive(Debug, Default)]
pub struct Commands {
    /// Those of documents and notebooks, by path and in reading order.
    pub documented: Vec<Command>,
    /// Those of shell scripts, by path and in order of the text.
    pub scripted: Vec<Command>,
    /// Names of files and folders that commands make: clones, downloads, outputs, redirections, as last written and
    /// by their last component.
    pub made: BTreeSet<String>,
    /// Whether an archive is unpacked somewhere, which may make anything.
    pub unpacks: bool,
    /// Document and section in which another repository is cloned.
    pub foreign: BTreeSet<(String, usize)>,
}

impl Commands {
    /// Whether an earlier step makes the file: the path, one of the folders it lies in, or its name.
    pub fn makes(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let mut rest = Some(path);
        while let Some(folder) = rest.filter(|folder| !folder.is_empty()) {
            if self.made.contains(folder) {
                return true;
            }
            rest = folder.rsplit_once('/').map(|(folder, _)| folder);
        }
        path.split('/').next_back().is_some_and(|name| self.made.contains(name))
    }
}

/// Reads every command of the project's `files`.
pub fn gather<'facts>(
    files: impl IntoIterator<Item = &'facts FileFacts>,
    tree: &Tree,
    root: &str,
) -> Commands {
    let mut commands = Commands::default();
    let files: Vec<&FileFacts> = files.into_iter().collect();
    let named = Named::new(tree, own_programs(&files));
    for file in files {
        let (snippets, title) = snippets_of(file);
        if snippets.is_empty() {
            continue;
        }
        let mut found = read(&file.path, &title, &snippets, tree, &named, root, &mut commands);
        if snippets.iter().all(|snippet| snippet.origin == Origin::ShellScript) {
            commands.scripted.append(&mut found);
        } else {
            commands.documented.append(&mut found);
        }
    }
    commands
}

/// Programs that installing the project makes, with the module that each of them runs: `pick = orchard.cli:main`.
fn own_programs(files: &[&FileFacts]) -> BTreeMap<String, String> {
    static PROGRAM: Pattern = Pattern::text(
        r#"(?m)(?:^|["'\[\s,])([A-Za-z][\w.-]*)["']?\s*=\s*["']?([A-Za-z_]\w*(?:\.\w+)*):[A-Za-z_][\w.]*\s*(?:["'\],]|$)"#,
    );
    let tells = |file: &&&FileFacts| {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        matches!(name, "setup.py" | "setup.cfg" | "pyproject.toml") && file.text.contains("script")
    };
    let mut programs = BTreeMap::new();
    for file in files.iter().filter(tells) {
        for groups in PROGRAM.captures_iter(&file.text) {
            let (Some(name), Some(module)) = (groups.get(1), groups.get(2)) else { continue };
            // What a well-known program does is known.
            if !PROGRAMS.contains(&name.as_str()) {
                programs.entry(name.as_str().to_owned()).or_insert_with(|| module.as_str().to_owned());
            }
        }
    }
    programs
}

/// What a command may name that is not a path: a file without its folder, a program of the project.
struct Named<'tree> {
    /// Files by their last component.
    by_name: HashMap<&'tree str, Vec<&'tree str>>,
    /// See [`own_programs`].
    programs: BTreeMap<String, String>,
}

impl<'tree> Named<'tree> {
    fn new(tree: &'tree Tree, programs: BTreeMap<String, String>) -> Self {
        let mut by_name: HashMap<&str, Vec<&str>> = HashMap::new();
        for entry in tree.entries() {
            let name = entry.path.rsplit('/').next().unwrap_or_default();
            by_name.entry(name).or_default().push(&entry.path);
        }
        Self { by_name, programs }
    }

    /// The only file whose path ends in `path`.
    fn only(&self, path: &str) -> Option<&'tree str> {
        let name = path.rsplit('/').next().unwrap_or_default();
        let mut fitting = self.by_name.get(name)?.iter().filter(|candidate| ends_with_path(candidate, path));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(*first)
    }
}

/// Whether `path` is `suffix`, or ends in `/suffix`.
fn ends_with_path(path: &str, suffix: &str) -> bool {
    path.strip_suffix(suffix).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// Text that may hold commands.
#[derive(Debug)]
struct Snippet {
    origin: Origin,
    section: usize,
    /// Lines with their numbers.
    lines: Vec<(u32, String)>,
    /// Whether anything is taken for a command, or only what starts with a prompt or a well-known program.
    is_shell: bool,
}

#[rustfmt::skip]
const SHELL_LANGUAGES: [&str; 15] = [
    "bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession", "sh-session", "terminal",
    "ksh", "command", "commandline", "cmd", "prompt", "bash-session",
];
/// Languages in which no line is a command. What else stands behind a fence says what a block is for (`train`), or was
/// put there by an editor.
#[rustfmt::skip]
const OTHER_LANGUAGES: [&str; 60] = [
    "python", "py", "python2", "python3", "ipython", "jupyter", "pycon", "julia", "jl", "r", "rscript", "matlab",
    "octave", "lua", "c", "c++", "cpp", "cuda", "java", "kotlin", "scala", "go", "rust", "swift", "perl", "php",
    "javascript", "js", "typescript", "ts", "html", "css", "xml", "yaml", "yml", "json", "json5", "jsonc", "toml",
    "ini", "conf", "csv", "sql", "latex", "tex", "bibtex", "bib", "math", "markdown", "md", "rst", "diff", "patch",
    "dockerfile", "makefile", "cmake", "mermaid", "dot", "graphql", "protobuf",
];

fn snippets_of(file: &FileFacts) -> (Vec<Snippet>, String) {
    let mut snippets = Vec::new();
    let mut title = String::new();
    if let Some(document) = &file.document {
        title = document.first_title().to_owned();
        snippets.extend(of_document(document, &file.text));
    }
    if let Some(notebook) = &file.notebook {
        snippets.extend(of_notebook(notebook));
    }
    if file.document.is_none() && is_shell_script(&file.path, &file.text) {
        let lines = file.text.lines().zip(1..).map(|(line, number)| (number, line.to_owned())).collect();
        snippets.push(Snippet { origin: Origin::ShellScript, section: 0, lines, is_shell: true });
    }
    (snippets, title)
}

fn is_shell_script(path: &str, text: &str) -> bool {
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, e)| e);
    match extension {
        "sh" | "bash" | "zsh" | "slurm" | "sbatch" | "pbs" => true,
        "" => text.starts_with("#!") && text.lines().next().is_some_and(|line| line.ends_with("sh")),
        _ => false,
    }
}

fn of_document(document: &Document, text: &str) -> Vec<Snippet> {
    let mut snippets = Vec::new();
    let source: Vec<&str> =
        if document.markup == Markup::Notebook { Vec::new() } else { text.lines().collect() };
    for block in &document.blocks {
        let BlockKind::Code { language } = &block.kind else { continue };
        let language = language.trim_start_matches(['.', '{']).trim_end_matches('}');
        // "``` (in the root folder)" names no language.
        let language = if language.starts_with('(') { "" } else { language };
        let is_shell = SHELL_LANGUAGES.contains(&language);
        let is_python = matches!(language, "python" | "py" | "python3" | "ipython" | "jupyter");
        if !is_shell
            && OTHER_LANGUAGES.contains(&language)
            && !(is_python && begins_with_command(&block.text))
        {
            // A Python block may hold the `!` lines of a notebook among its own.
            if is_python {
                let lines = locate(&block.text, block.lines, &source);
                let lines: Vec<_> = lines
                    .into_iter()
                    .filter_map(|(number, line)| {
                        Some((number, line.trim_start().strip_prefix('!')?.to_owned()))
                    })
                    .collect();
                if !lines.is_empty() {
                    snippets.push(Snippet {
                        origin: Origin::CodeBlock,
                        section: block.section,
                        lines,
                        is_shell: true,
                    });
                }
            }
            continue;
        }
        let lines = locate(&block.text, block.lines, &source);
        snippets.push(Snippet { origin: Origin::CodeBlock, section: block.section, lines, is_shell });
    }
    for code in &document.inline_code {
        let text = code.text.trim();
        if !text.contains(char::is_whitespace) && !text.starts_with("./") {
            continue;
        }
        let lines = vec![(code.line, text.to_owned())];
        snippets.push(Snippet { origin: Origin::Inline, section: code.section, lines, is_shell: false });
    }
    snippets.sort_by_key(|snippet| snippet.lines.first().map_or(0, |(number, _)| *number));
    snippets
}

/// Whether a block that calls itself Python begins with a command: a program's name before an argument, which no line
/// of Python is.
fn begins_with_command(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.next().map(|line| strip_prompt(line).0).is_some_and(|line| {
        let mut words = line.split_whitespace().skip_while(|word| is_assignment(word)).skip(1);
        let is_argument = |word: &str| {
            let is_operator = matches!(word, "is" | "in" | "not" | "and" | "or" | "if" | "for" | "as");
            !is_operator
                && word.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '/' | '~' | '$'))
        };
        starts_with_program(line) && words.next().is_some_and(is_argument)
    })
}

/// Gives each line of a block's text its place in the file; the block's own lines may include fences.
fn locate(text: &str, place: Lines, source: &[&str]) -> Vec<(u32, String)> {
    // A line that is written in another way, its markup being gone, is nowhere else either.
    const FURTHEST: u32 = 200;
    let height = text.lines().count() as u32;
    let fenced = place.last.saturating_sub(place.first) + 1 > height;
    let mut next = place.first + u32::from(fenced);
    let first = source.get(place.first as usize - usize::from(place.first > 0));
    if first
        .zip(text.lines().next())
        .is_some_and(|(line, own)| !own.trim().is_empty() && line.trim() == own.trim())
    {
        next = place.first;
    }
    let mut located = Vec::new();
    for line in text.lines() {
        let own = line.trim();
        if !own.is_empty() {
            let rest = source.get((next as usize).saturating_sub(1)..).unwrap_or_default();
            let height = (place.last + 1).saturating_sub(next).min(FURTHEST) as usize;
            let rest = rest.get(..height).unwrap_or(rest);
            if let Some(skipped) = rest.iter().position(|line| line.contains(own)) {
                next += skipped as u32;
            }
        }
        located.push((next, line.to_owned()));
        next += 1;
    }
    located
}

fn of_notebook(notebook: &Notebook) -> Vec<Snippet> {
    let mut snippets = Vec::new();
    for cell in notebook.cells.iter().filter(|cell| cell.is_code) {
        let first = cell.source.trim_start();
        let whole =
            ["%%bash", "%%sh", "%%shell", "%%script bash"].iter().any(|magic| first.starts_with(magic));
        let mut lines = Vec::new();
        let mut goes_on = false;
        for (line, number) in cell.source.lines().zip(cell.line..) {
            let trimmed = line.trim_start();
            let command = match trimmed
                .strip_prefix('!')
                .or_else(|| trimmed.strip_prefix("%cd ").map(|_| &trimmed[1..]))
            {
                Some(command) => Some(command.trim_start_matches('!')),
                None if goes_on || (whole && !trimmed.starts_with("%%")) => Some(line),
                None => None,
            };
            goes_on = command.is_some_and(|command| command.trim_end().ends_with('\\'));
            lines.extend(command.map(|command| (number, command.to_owned())));
        }
        if !lines.is_empty() {
            snippets.push(Snippet { origin: Origin::NotebookCell, section: 0, lines, is_shell: true });
        }
    }
    snippets
}

/// A line as a shell sees it: continuations joined, prompt removed.
#[derive(Debug, PartialEq, Eq)]
struct Logical {
    lines: Lines,
    text: String,
    prompted: bool,
}

fn logical_lines(snippet: &Snippet) -> Vec<Logical> {
    let mut found: Vec<Logical> = Vec::new();
    let mut goes_on = false;
    let mut heredoc: Option<String> = None;
    for (number, line) in &snippet.lines {
        if let Some(end) = &heredoc {
            if line.trim() == end {
                heredoc = None;
            }
            continue;
        }
        let trimmed = line.trim();
        if goes_on {
            // A comment or an empty line ends what a stray backslash began.
            if let Some(last) = found.last_mut().filter(|_| !trimmed.is_empty() && !trimmed.starts_with('#'))
            {
                let piece = trimmed.strip_prefix("> ").unwrap_or(trimmed);
                last.text.push(' ');
                last.text.push_str(piece.trim_end_matches('\\').trim());
                last.lines.last = *number;
                goes_on = piece.ends_with('\\');
                continue;
            }
            goes_on = false;
        }
        if trimmed.is_empty() {
            continue;
        }
        // Flags on a line of their own go on with the command above, backslash or not.
        if trimmed.starts_with("--")
            && trimmed.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic)
            && let Some(last) = found.last_mut().filter(|last| last.lines.last + 1 == *number)
        {
            last.text.push(' ');
            last.text.push_str(trimmed.trim_end_matches('\\').trim());
            last.lines.last = *number;
            goes_on = trimmed.ends_with('\\');
            continue;
        }
        let (text, prompted) = strip_prompt(trimmed);
        goes_on = text.ends_with('\\');
        let text = text.trim_end_matches('\\').trim_end().to_owned();
        heredoc = heredoc_end(&text);
        found.push(Logical { lines: Lines::at(*number), text, prompted });
    }
    found
}

fn heredoc_end(text: &str) -> Option<String> {
    let (_, after) = text.split_once("<<")?;
    let word = after.trim_start_matches(['-', '<', ' ']).split_whitespace().next()?;
    let word = word.trim_matches(['\'', '"']);
    (!after.starts_with('<') && !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_'))
        .then(|| word.to_owned())
}

/// Removes `$ `, `(env) $ `, `user@host:~$ `, `> `; says whether there was one.
fn strip_prompt(line: &str) -> (&str, bool) {
    for prompt in ["$ ", "% ", "> ", "!$ "] {
        if let Some(rest) = line.strip_prefix(prompt) {
            return (rest.trim_start(), true);
        }
    }
    if let Some(rest) = line.strip_prefix('$').filter(|rest| starts_with_program(rest)) {
        return (rest, true);
    }
    if let Some((before, rest)) = line.split_once("$ ").or_else(|| line.split_once("# ")) {
        let environment = before.trim().starts_with('(') && before.trim().ends_with(')');
        let host = before.contains('@') && before.contains(':') && !before.contains(char::is_whitespace);
        let both = before.starts_with('(') && before.contains('@');
        if environment || host || both {
            return (rest.trim_start(), true);
        }
    }
    if let Some((before, rest)) = line.split_once(") ") {
        // `(env) python train.py`
        let name = before.strip_prefix('(').unwrap_or(" ");
        if !name.contains(char::is_whitespace) && !name.contains('(') && starts_with_program(rest) {
            return (strip_prompt(rest).0, true);
        }
    }
    (line.strip_prefix('!').filter(|rest| starts_with_program(rest)).unwrap_or(line), false)
}

/// Programs whose name at the start of a line makes it a command, wherever it stands.
#[rustfmt::skip]
const PROGRAMS: [&str; 82] = [
    "python", "ipython", "pypy", "pip", "conda", "mamba", "micromamba", "poetry", "uv", "pipenv", "pdm",
    "pixi", "torchrun", "accelerate", "deepspeed", "mpirun", "mpiexec", "horovodrun", "srun", "sbatch",
    "qsub", "bsub", "make", "bash", "sh", "zsh", "source", "docker", "docker-compose", "nvidia-docker",
    "singularity", "apptainer", "jupyter", "jupyter-notebook", "papermill", "streamlit", "gradio", "pytest",
    "git", "wget", "curl", "gdown", "unzip", "tar", "mkdir", "cd", "mv", "cp", "ln", "rm", "chmod",
    "export", "sudo", "nohup", "time", "env", "Rscript", "julia", "th", "lua", "luajit", "node", "npm",
    "perl", "cmake", "apt-get", "apt", "brew", "kaggle", "huggingface-cli", "hf", "gsutil", "aws",
    "tensorboard", "wandb", "rsync", "scp", "echo", "7z", "xvfb-run", "snakemake", "dvc",
];

fn starts_with_program(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| is_assignment(word));
    let Some(first) = words.next() else { return false };
    let second = words.next().unwrap_or_default();
    // `python = 3.7` is a setting, `make sure that` is a sentence.
    if second.starts_with(['=', ':'])
        || matches!(first, "make" if matches!(second, "sure" | "a" | "the" | "it"))
    {
        return false;
    }
    let is_sourced = first == "." && second.ends_with(".sh");
    let is_path = is_sourced
        || first.starts_with("./") && first.len() > 2 && !first.ends_with('/')
        || first.contains('/') && first.ends_with(".sh");
    // A tool that is not known stands before its flags all the same: `orchard-train --config few.yaml`.
    let is_tool = second.starts_with("--")
        && is_flag(second)
        && first.starts_with(|c: char| c.is_ascii_lowercase())
        && first.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
    is_path || is_tool || PROGRAMS.contains(&program_name(first).as_str())
}

/// `python` of `/usr/bin/python3.8`, `pip` of `pip3`; paths without a well-known program stay as they are.
fn program_name(word: &str) -> String {
    let name = word.rsplit('/').next().unwrap_or(word);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match stem {
        "python" | "pip" | "pypy" | "ipython" | "pythonw" => stem.trim_end_matches('w').to_owned(),
        _ if word.contains('/') && !PROGRAMS.contains(&name) => word.to_owned(),
        _ => name.to_owned(),
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Whether a word is a flag: `--name`, `-n`, and no negative number.
pub fn is_flag(word: &str) -> bool {
    let name = word.trim_start_matches('-');
    word.starts_with('-')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.len() - name.len() <= 2
        && !name.contains(char::is_whitespace)
}

/// Whether a word stands for something that the reader fills in: `<path>`, `$DATA`, `{a,b}`, `/path/to`, `YOUR_KEY`.
pub fn is_placeholder(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let marks =
        ['<', '>', '$', '{', '}', '[', ']', '*', '?', '|', '(', ')', '`', '%', '…', '#', '"', '\'', ',', '@'];
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_shouted = letters > 1 && !word.chars().any(|c| c.is_lowercase()) && !word.contains('.');
    let path_has =
        |wanted: &[&str]| lower.split(['/', '-', '_', '.', ' ']).any(|piece| wanted.contains(&piece));
    word.is_empty()
        || word.contains(marks)
        || word.contains("...")
        || lower.contains("path/to")
        || lower.contains("path_to")
        || lower.contains("path-to")
        || lower.contains("pathto")
        || path_has(&["xxx", "xxxx", "xx", "your", "yours", "foo", "bar", "placeholder", "todo", "somewhere"])
        || ((lower.starts_with("your") || lower.starts_with("my"))
            && (lower.contains('_') || lower.contains('-')))
        || is_shouted
        || stands_for_a_name(&lower)
}

/// `dataset_name.yaml`, `name_of_model.py`: the reader's own name goes there.
fn stands_for_a_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    ["_name", "-name"].iter().any(|end| stem.ends_with(end)) || stem.starts_with("name_of") || stem == "name"
}

/// A word or an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `&&`, `||`, `;`, `|`, `&`.
    End(&'static str),
    /// A file that output is written to.
    Into(String),
}

/// Splits a line as a shell does, except that `<placeholder>` and `{a|b}` stay whole.
fn lex(line: &str) -> Vec<Token> {
    let characters: Vec<char> = line.chars().collect();
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut open = false;
    // What the next word is: an argument, a file written to, a file read from.
    let mut role = ' ';
    let mut at = 0;
    let end_word = |word: &mut String, open: &mut bool, role: &mut char, tokens: &mut Vec<Token>| {
        if *open {
            let text = std::mem::take(word);
            match *role {
                '>' => tokens.push(Token::Into(text)),
                '<' => {}
                _ => tokens.push(Token::Word(text)),
            }
            (*open, *role) = (false, ' ');
        }
    };
    while let Some(&character) = characters.get(at) {
        let next = characters.get(at + 1).copied().unwrap_or(' ');
        match character {
            ' ' | '\t' | '\u{a0}' => end_word(&mut word, &mut open, &mut role, &mut tokens),
            '#' if !open => break,
            '\'' | '"' | '`' => {
                let rest = characters.get(at + 1..).unwrap_or_default();
                open = true;
                match rest.iter().position(|other| *other == character) {
                    Some(length) => {
                        if character == '`' {
                            word.push('`');
                        }
                        word.extend(rest.iter().take(length));
                        at += length + 1;
                    }
                    None => word.push(character),
                }
            }
            '\\' => {
                open = true;
                word.push(next);
                at += 1;
            }
            '$' | '<' | '>' if next == '(' => {
                let mut depth = 0usize;
                open = true;
                while let Some(&inner) = characters.get(at) {
                    word.push(inner);
                    depth = match inner {
                        '(' => depth + 1,
                        ')' => depth.saturating_sub(1),
                        _ => depth,
                    };
                    if inner == ')' && depth == 0 {
                        break;
                    }
                    at += 1;
                }
            }
            '<' => match placeholder_length(characters.get(at..).unwrap_or_default()) {
                Some(length) => {
                    open = true;
                    word.extend(characters.iter().skip(at).take(length));
                    at += length - 1;
                }
                None => {
                    end_word(&mut word, &mut open, &mut role, &mut tokens);
                    role = '<';
                    while characters.get(at + 1) == Some(&'<') {
                        at += 1;
                    }
                }
            },
            '>' => {
                if matches!(word.as_str(), "1" | "2" | "&") {
                    word.clear();
                    open = false;
                }
                end_word(&mut word, &mut open, &mut role, &mut tokens);
                role = '>';
                while matches!(characters.get(at + 1), Some('>' | '&')) {
                    at += 1;
                }
            }
            '|' if !word.is_empty() && !next.is_whitespace() && next != '|' => {
                word.push('|');
            }
            '&' | '|' | ';' => {
                end_word(&mut word, &mut open, &mut role, &mut tokens);
                if character == '&' && next == '>' {
                    at += 1;
                    continue;
                }
                let doubled = next == character;
                tokens.push(Token::End(match (character, doubled) {
                    ('&', true) => "&&",
                    ('|', true) => "||",
                    ('&', false) => "&",
                    ('|', false) => "|",
                    _ => ";",
                }));
                at += usize::from(doubled);
            }
            _ => {
                open = true;
                word.push(character);
            }
        }
        at += 1;
    }
    end_word(&mut word, &mut open, &mut role, &mut tokens);
    tokens
}

/// Length of `<words of a placeholder>` at the start, brackets included.
fn placeholder_length(rest: &[char]) -> Option<usize> {
    const LONGEST: usize = 80;
    let second = rest.get(1)?;
    if !(second.is_alphabetic() || matches!(second, '_' | '/' | '.' | '-' | '$')) {
        return None;
    }
    let close = rest.iter().take(LONGEST).skip(1).position(|c| matches!(c, '>' | '<' | '&' | ';'))? + 1;
    (rest.get(close) == Some(&'>')).then_some(close + 1)
}

/// One simple command of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Simple {
    words: Vec<String>,
    into: Vec<String>,
    /// The operator behind it.
    end: &'static str,
}

fn split_simple(tokens: Vec<Token>) -> Vec<Simple> {
    let mut found = Vec::new();
    let mut open = Simple::default();
    for token in tokens {
        match token {
            Token::Word(word) => open.words.push(word),
            Token::Into(path) => open.into.push(path),
            Token::End(end) => {
                open.end = end;
                found.push(std::mem::take(&mut open));
            }
        }
    }
    found.push(open);
    found.retain(|simple| !simple.words.is_empty());
    found
}

/// What a simple command's words say.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading {
    environment: Vec<(String, String)>,
    launchers: Vec<String>,
    program: String,
    kind: CommandKind,
    arguments: Vec<String>,
    flags_are_scripts: bool,
}

/// Words before a command that change nothing about what it runs.
#[rustfmt::skip]
const WRAPPERS: [&str; 30] = [
    "sudo", "nohup", "time", "exec", "command", "env", "nice", "ionice", "numactl", "taskset", "stdbuf",
    "timeout", "xvfb-run", "caffeinate", "unbuffer", "screen", "tmux", "watch", "gdb", "mpirun", "mpiexec",
    "horovodrun", "srun", "orterun", "singularity", "apptainer", "optirun", "proxychains", "strace",
    "salloc",
];
/// Tools that run a command in an environment of theirs: `poetry run`, `conda run`.
const RUNNERS: [&str; 11] =
    ["poetry", "uv", "pipenv", "pdm", "pixi", "rye", "hatch", "conda", "mamba", "micromamba", "coverage"];
/// Modules that hand over to a script: `python -m torch.distributed.launch train.py`.
#[rustfmt::skip]
const LAUNCHER_MODULES: [&str; 17] = [
    "torch.distributed.launch", "torch.distributed.run", "torch.distributed.elastic.agent",
    "accelerate.commands.launch", "cProfile", "profile", "pdb", "ipdb", "pudb", "trace", "kernprof",
    "line_profiler", "memory_profiler", "scalene", "paddle.distributed.launch", "mpi4py",
    "torch.utils.bottleneck",
];

fn interpret(words: &[String], depth: usize) -> Option<Reading> {
    const DEEPEST: usize = 6;
    let mut environment = Vec::new();
    let mut rest = words;
    loop {
        match rest {
            [first, tail @ ..] if matches!(first.as_str(), "do" | "then" | "else" | "!" | "{" | "(") => {
                rest = tail
            }
            [first, tail @ ..] if is_assignment(first) => {
                let (name, value) = first.split_once('=').unwrap_or((first, ""));
                environment.push((name.to_owned(), value.to_owned()));
                rest = tail;
            }
            _ => break,
        }
    }
    let (first, tail) = rest.split_first()?;
    let program = program_name(first);
    let plain = |kind: CommandKind, arguments: &[String], flags_are_scripts: bool| Reading {
        environment: environment.clone(),
        launchers: Vec::new(),
        program: program.clone(),
        kind,
        arguments: arguments.to_vec(),
        flags_are_scripts,
    };
    let other = || plain(CommandKind::Program, tail, false);
    let script = |at: usize, own: bool| {
        let path = tail.get(at).cloned().unwrap_or_default();
        plain(CommandKind::Script { path }, tail.get(at + 1..).unwrap_or_default(), own)
    };
    // What a launcher or wrapper hands over to.
    let hand_over = |from: usize, scripts_directly: bool| -> Option<Reading> {
        let behind = tail.get(from..).unwrap_or_default();
        for (at, word) in behind.iter().enumerate() {
            let from_here = behind.get(at..).unwrap_or_default();
            if scripts_directly && matches!(word.as_str(), "-m" | "--module") {
                let name = behind.get(at + 1)?.clone();
                let arguments = behind.get(at + 2..).unwrap_or_default();
                return Some(plain(CommandKind::Module { name }, arguments, true));
            }
            if scripts_directly && !is_flag(word) && word.ends_with(".py") {
                let arguments = behind.get(at + 1..).unwrap_or_default();
                return Some(plain(CommandKind::Script { path: word.clone() }, arguments, true));
            }
            let name = program_name(word);
            let runs = matches!(
                name.as_str(),
                "python"
                    | "ipython"
                    | "pypy"
                    | "bash"
                    | "sh"
                    | "zsh"
                    | "torchrun"
                    | "accelerate"
                    | "deepspeed"
                    | "Rscript"
                    | "julia"
                    | "make"
                    | "pytest"
                    | "jupyter"
                    | "streamlit"
                    | "sbatch"
                    | "th"
            ) || WRAPPERS.contains(&name.as_str())
                || (word.starts_with("./") && word.len() > 2)
                || is_assignment(word) && at == 0;
            if runs && depth < DEEPEST {
                return interpret(from_here, depth + 1);
            }
        }
        None
    };
    let launched = |mut reading: Reading, launcher: &str| {
        reading.launchers.insert(0, launcher.to_owned());
        let mut all = environment.clone();
        all.append(&mut reading.environment);
        reading.environment = all;
        reading
    };
    let reading = match program.as_str() {
        "python" | "ipython" | "pypy" | "kernprof" => {
            let mut at = 0;
            loop {
                match tail.get(at).map(String::as_str) {
                    None | Some("-" | "-c" | "--version" | "-V" | "-h" | "--help") => break other(),
                    Some("-m") => {
                        let name = tail.get(at + 1).cloned().unwrap_or_default();
                        let is_launcher = LAUNCHER_MODULES.contains(&name.as_str());
                        let is_coverage =
                            name == "coverage" && tail.get(at + 2).is_some_and(|word| word == "run");
                        if is_launcher || is_coverage {
                            break hand_over(at + 2, true).map_or_else(other, |mut reading| {
                                reading.program = "python".to_owned();
                                reading.launchers.insert(0, name.clone());
                                reading
                            });
                        }
                        let arguments = tail.get(at + 2..).unwrap_or_default();
                        break plain(CommandKind::Module { name }, arguments, true);
                    }
                    Some("-W" | "-X") => at += 2,
                    Some(word) if word.starts_with('-') => at += 1,
                    Some(_) => break script(at, true),
                }
            }
        }
        "torchrun" | "deepspeed" => {
            hand_over(0, true).map_or_else(other, |reading| launched(reading, &program))
        }
        "accelerate" if tail.first().is_some_and(|word| word == "launch") => {
            hand_over(1, true).map_or_else(other, |reading| launched(reading, "accelerate"))
        }
        "bash" | "sh" | "zsh" | "ksh" | "source" | "." => {
            match tail.iter().position(|word| !word.starts_with('-') && !word.starts_with('+')) {
                Some(at) if !tail.iter().take(at).any(|word| word == "-c") => script(at, true),
                _ => other(),
            }
        }
        "Rscript" | "julia" | "th" | "lua" | "luajit" | "node" | "perl" | "ruby" | "octave" | "qlua" => {
            match tail.iter().position(|word| !word.starts_with('-')) {
                Some(at) if !tail.iter().take(at).any(|word| matches!(word.as_str(), "-e" | "-E" | "-l")) => {
                    script(at, true)
                }
                _ => other(),
            }
        }
        "make" | "gmake" => {
            let (mut targets, mut folder, mut file) = (Vec::new(), None, None);
            let mut at = 0;
            while let Some(word) = tail.get(at) {
                match word.as_str() {
                    "-C" | "--directory" => {
                        folder = tail.get(at + 1).cloned();
                        at += 1;
                    }
                    "-f" | "--file" | "--makefile" => {
                        file = tail.get(at + 1).cloned();
                        at += 1;
                    }
                    "-j" if tail.get(at + 1).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) => {
                        at += 1
                    }
                    word if word.starts_with('-') || word.contains('=') => {}
                    word => targets.push(word.to_owned()),
                }
                at += 1;
            }
            plain(CommandKind::Make { targets, folder, file }, tail, false)
        }
        "sbatch" | "qsub" | "bsub" => {
            const JOBS: [&str; 10] =
                [".sh", ".slurm", ".sbatch", ".bash", ".job", ".pbs", ".sub", ".py", ".cmd", ".lsf"];
            let job = |word: &String| !word.starts_with('-') && JOBS.iter().any(|end| word.ends_with(end));
            tail.iter().position(job).map_or_else(other, |at| script(at, true))
        }
        "jupyter" | "jupyter-notebook" | "jupyter-lab" | "papermill" | "voila" | "runipy" => {
            let found = tail.iter().position(|word| word.ends_with(".ipynb"));
            found.map_or_else(other, |at| script(at, false))
        }
        "streamlit" | "gradio" | "chainlit" | "bokeh" | "panel" | "pytest" | "py.test" | "nosetests"
        | "flake8" | "py-spy" | "locust" | "modal" | "gunicorn" => {
            let found = tail.iter().position(|word| !word.starts_with('-') && word.ends_with(".py"));
            found.map_or_else(other, |at| script(at, false))
        }
        name if RUNNERS.contains(&name) && tail.first().is_some_and(|word| word == "run") => {
            hand_over(1, true).map_or_else(other, |mut reading| {
                if reading.program == name {
                    reading.program = "python".to_owned();
                }
                launched(reading, name)
            })
        }
        name if WRAPPERS.contains(&name) => {
            hand_over(0, false).map_or_else(other, |reading| launched(reading, name))
        }
        name if (first.starts_with("./")
            || first.starts_with("../")
            || first.contains('/')
            || is_script_name(first))
            && !PROGRAMS.contains(&name)
            && !first.contains("://") =>
        {
            plain(CommandKind::Script { path: first.clone() }, tail, true)
        }
        _ => other(),
    };
    Some(reading)
}

fn is_script_name(word: &str) -> bool {
    !word.contains(['(', ')', '=', ':', ','])
        && [".py", ".sh"].iter().any(|end| word.strip_suffix(end).is_some_and(|stem| !stem.is_empty()))
}

fn passed_flags(arguments: &[String]) -> Vec<PassedFlag> {
    let mut flags = Vec::new();
    for (at, word) in arguments.iter().enumerate() {
        if word == "--" {
            break;
        }
        if !is_flag(word) {
            continue;
        }
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), arguments.get(at + 1).filter(|next| !is_flag(next)).cloned()),
        };
        flags.push(PassedFlag { name: name.to_owned(), value });
    }
    flags
}

/// The folder that `target` names from `folder`; `None` where it leads out of the repository.
pub fn join(folder: &str, target: &str) -> Option<String> {
    if target.starts_with('/') || target.starts_with('~') {
        return None;
    }
    walk(folder, target)
}

/// Where a reader stands while following a document.
struct Reader<'facts> {
    tree: &'facts Tree,
    /// The project's root, then the document's own folder.
    bases: Vec<String>,
    /// Every folder of the tree that the document changes into.
    visited: Vec<String>,
    /// `None` where it lies elsewhere.
    folder: Option<String>,
    before: Option<String>,
    /// Folders that clones make.
    clones: BTreeMap<String, bool>,
    /// Steps below a folder that is elsewhere.
    below: usize,
}

impl Reader<'_> {
    fn change(&mut self, target: &str) {
        let from = self.folder.clone();
        if target == "-" {
            std::mem::swap(&mut self.folder, &mut self.before);
            return;
        }
        self.before = from.clone();
        let ups = target.split('/').take_while(|part| *part == "..").count();
        if from.is_none() && ups > 0 {
            let name = target.trim_start_matches("../").trim_start_matches("..");
            if ups >= self.below {
                self.folder = self.bases.first().cloned();
                self.below = 0;
                if !name.is_empty() {
                    self.change(name);
                }
            } else {
                self.below -= ups;
            }
            return;
        }
        if is_placeholder(target) && !target.is_empty() || target.starts_with(['/', '~']) {
            (self.folder, self.below) = (None, 1);
            return;
        }
        if from.is_none() {
            // Deeper into what cannot be seen, unless the words name a folder of the tree.
            let known =
                self.bases.iter().filter_map(|base| join(base, target)).find(|to| self.tree.has_folder(to));
            match known {
                Some(to) => self.enter(to),
                None => {
                    self.below += target.split('/').filter(|part| !part.is_empty() && *part != ".").count()
                }
            }
            return;
        }
        let mut starts: Vec<&str> = from.iter().map(String::as_str).collect();
        starts.extend(self.bases.iter().map(String::as_str));
        let found = starts.iter().filter_map(|start| join(start, target)).find(|to| self.tree.has_folder(to));
        let name = target.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        match found {
            Some(to) => self.enter(to),
            None if self.clones.get(name) == Some(&true) => {
                let root = self.bases.first().cloned().unwrap_or_default();
                self.enter(root);
            }
            None => (self.folder, self.below) = (None, 1),
        }
    }

    fn enter(&mut self, folder: String) {
        if !self.visited.contains(&folder) {
            self.visited.push(folder.clone());
        }
        (self.folder, self.below) = (Some(folder), 0);
    }

    /// Folders in which a reader would look for what a command names, nearest first.
    fn folders(&self) -> impl Iterator<Item = &str> {
        self.folder.iter().chain(&self.bases).chain(self.visited.iter().rev()).map(String::as_str)
    }

    fn find(&self, written: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
        self.folders().filter_map(|folder| join(folder, written)).find(|path| fits(path))
    }
}

/// The folder that `git clone` makes.
fn clone_of(arguments: &[String]) -> Option<String> {
    let (_, rest) = arguments.split_first().filter(|(first, _)| *first == "clone")?;
    let address =
        rest.iter().position(|word| word.contains("://") || word.contains('@') || word.ends_with(".git"))?;
    let named = rest.get(address + 1).filter(|word| !word.starts_with('-'));
    let word = named.or(rest.get(address))?;
    let name = word.trim_end_matches('/').trim_end_matches(".git");
    Some(name.rsplit(['/', ':']).next().unwrap_or(name).to_owned())
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What everybody's repository holds: that such a file exists here does not show that a clone is of this repository.
fn is_everywhere(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "setup.py" | "install.sh" | "build.sh" | "make.sh" | "setup.sh" | "test.sh" | "run.sh")
}

fn read(
    path: &str,
    title: &str,
    snippets: &[Snippet],
    tree: &Tree,
    named: &Named<'_>,
    root: &str,
    commands: &mut Commands,
) -> Vec<Command> {
    let own_folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut bases = vec![root.to_owned()];
    let mut folder = own_folder;
    // A folder within may be a project of its own, whose documents speak from its top.
    while folder.len() > root.len() {
        bases.push(folder.to_owned());
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
    let mut simples = Vec::new();
    for (index, snippet) in snippets.iter().enumerate() {
        let logical = logical_lines(snippet);
        let any_prompt = logical.iter().any(|line| line.prompted);
        let starts_with_program = |line: &str| {
            let first = line.split_whitespace().next().unwrap_or_default();
            starts_with_program(line) || named.programs.contains_key(first)
        };
        for line in logical {
            let is_command = match (snippet.is_shell, any_prompt) {
                (true, true) => line.prompted || starts_with_program(&line.text),
                (true, false) => true,
                (false, _) => {
                    starts_with_program(&line.text) || (line.prompted && snippet.origin != Origin::Inline)
                }
            };
            if is_command {
                let parts = split_simple(lex(&line.text));
                simples.extend(parts.into_iter().map(|simple| (index, line.lines, simple)));
            }
        }
    }
    let clones = ours_among_clones(title, &simples, tree, &bases);
    let mut reader = Reader {
        tree,
        visited: Vec::new(),
        folder: bases.first().cloned(),
        before: None,
        bases,
        clones,
        below: 0,
    };
    let mut found = Vec::new();
    let (mut last_snippet, mut last_section) = (usize::MAX, usize::MAX);
    for (index, lines, simple) in simples {
        let Some(snippet) = snippets.get(index) else { continue };
        if index != last_snippet && (snippet.section != last_section || snippet.origin == Origin::Inline) {
            // A new section is read from the start; a folder that was changed into stays among those looked into.
            if snippet.origin != Origin::Inline && snippet.origin != Origin::NotebookCell {
                reader.folder = reader.bases.first().cloned();
                reader.below = 0;
            }
        }
        (last_snippet, last_section) = (index, snippet.section);
        commands.made.extend(simple.into.iter().flat_map(|target| names_of(target)));
        let Some(mut reading) = interpret(&simple.words, 0) else { continue };
        if let Some(module) = named.programs.get(&reading.program)
            && matches!(reading.kind, CommandKind::Program)
        {
            reading.kind = CommandKind::Module { name: module.clone() };
        }
        note_what_it_makes(&reading, commands);
        let clone = clone_of(&reading.arguments).filter(|_| reading.program == "git");
        if clone.is_some_and(|name| reader.clones.get(&name) != Some(&true)) {
            commands.foreign.insert((path.to_owned(), snippet.section));
        }
        if (reading.program == "cd" || reading.program == "pushd")
            && let Some(target) = reading.arguments.iter().find(|word| !word.starts_with('-') || *word == "-")
        {
            reader.change(target);
        }
        let (script, is_exact) = resolve(&reading, &reader, named);
        found.push(Command {
            document: path.to_owned(),
            origin: snippet.origin,
            lines,
            section: snippet.section,
            text: simple.words.join(" "),
            folder: reader.folder.clone(),
            environment: reading.environment,
            launchers: reading.launchers,
            program: reading.program,
            kind: reading.kind,
            script,
            is_exact,
            flags: passed_flags(&reading.arguments),
            arguments: reading.arguments,
            flags_are_scripts: reading.flags_are_scripts,
        });
    }
    found
}

/// Which cloned folders are this repository: those from which commands name what is here, or that bear its title.
fn ours_among_clones(
    title: &str,
    simples: &[(usize, Lines, Simple)],
    tree: &Tree,
    bases: &[String],
) -> BTreeMap<String, bool> {
    let mut clones: BTreeMap<String, bool> = BTreeMap::new();
    let mut inside: Option<String> = None;
    // Whoever has run something of this repository, or has cloned one before, clones another one; what comes in later
    // blocks is then no sign.
    let mut is_home = false;
    let mut made_in: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    for (index, _, simple) in simples {
        let Some(reading) = interpret(&simple.words, 0) else { continue };
        if reading.program == "git"
            && let Some(name) = clone_of(&reading.arguments)
        {
            let (one, other) = (letters(&name), letters(title));
            let is_title = !one.is_empty()
                && (one == other
                    || (one.len() > 4 && other.contains(&one))
                    || (other.len() > 4 && one.contains(&other)));
            made_in.entry(name.clone()).or_insert((*index, is_home || !clones.is_empty()));
            clones.entry(name).or_insert(is_title);
        }
        if reading.program == "cd" {
            let target = reading.arguments.first().map_or("", |word| word.trim_end_matches('/'));
            let name = target.rsplit('/').next().unwrap_or_default();
            if clones.contains_key(name) {
                inside = Some(name.to_owned());
            } else if target.starts_with("..") {
                inside = None;
            }
        }
        if let CommandKind::Script { path } = &reading.kind {
            let exists = bases.iter().filter_map(|base| join(base, path)).any(|path| tree.has_file(&path));
            if !exists || is_everywhere(path) {
                continue;
            }
            match &inside {
                Some(name) => {
                    let (snippet, is_late) = made_in.get(name).copied().unwrap_or((*index, false));
                    if !is_late || snippet == *index {
                        clones.insert(name.clone(), true);
                    }
                }
                None => is_home = true,
            }
        }
    }
    clones
}

fn names_of(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    [path, name]
        .into_iter()
        .filter(|name| !name.is_empty() && *name != "." && *name != "..")
        .map(str::to_owned)
        .collect()
}

fn note_what_it_makes(reading: &Reading, commands: &mut Commands) {
    let arguments = &reading.arguments;
    let value_of = |names: &[&str]| {
        let at = arguments.iter().position(|word| names.contains(&word.as_str()))?;
        arguments.get(at + 1)
    };
    let plain = || arguments.iter().filter(|word| !word.starts_with('-'));
    let mut made: Vec<String> = Vec::new();
    match reading.program.as_str() {
        "git" => made.extend(clone_of(arguments)),
        "wget" | "curl" | "gdown" | "aria2c" | "axel" => {
            made.extend(value_of(&["-O", "-o", "--output", "--output-document", "-P", "-d"]).cloned());
            made.extend(plain().filter(|word| word.contains("://")).filter_map(|address| {
                let path = address.split(['?', '#']).next().unwrap_or(address);
                path.rsplit('/').next().map(str::to_owned)
            }));
        }
        "unzip" | "tar" | "7z" | "gunzip" | "unrar" | "gzip" | "bunzip2" | "pigz" => {
            commands.unpacks = true;
            made.extend(value_of(&["-d", "-C"]).cloned());
            for archive in plain() {
                let name = archive.rsplit('/').next().unwrap_or(archive);
                made.push(name.split('.').next().unwrap_or(name).to_owned());
                made.extend(name.rsplit_once('.').map(|(stem, _)| stem.to_owned()));
            }
        }
        "cp" | "mv" | "ln" | "rsync" | "scp" | "install" => {
            made.extend(arguments.last().cloned());
            // `ln -s /data/set` makes `set`; `mv a folder/` makes `folder/a`.
            made.extend(
                plain().filter_map(|word| word.trim_end_matches('/').rsplit('/').next()).map(str::to_owned),
            );
        }
        "mkdir" | "touch" | "tee" | "virtualenv" => made.extend(plain().cloned()),
        "kaggle" | "gsutil" | "aws" | "huggingface-cli" | "hf" | "dvc" | "gcloud" | "azcopy" | "rclone" => {
            commands.unpacks = true;
            made.extend(plain().cloned());
        }
        _ => {
            for flag in passed_flags(arguments) {
                let name = flag.name.trim_start_matches('-').to_ascii_lowercase();
                let writes = ["out", "save", "dest", "dump", "export", "write", "log", "result"];
                if flag.name == "-o" || writes.iter().any(|word| name.contains(word)) {
                    made.extend(flag.value);
                }
            }
        }
    }
    commands.made.extend(made.iter().flat_map(|path| names_of(path)));
}

fn resolve(reading: &Reading, reader: &Reader<'_>, named: &Named<'_>) -> (Option<String>, bool) {
    let is_file = |path: &str| reader.tree.has_file(path);
    match &reading.kind {
        CommandKind::Script { path } => {
            let own = path.split("::").next().unwrap_or(path);
            let runs = |path: &str| is_file(path) || reader.tree.has_file(&format!("{path}/__main__.py"));
            if let Some(found) = reader.find(own, runs) {
                let main = format!("{found}/__main__.py");
                return (Some(if is_file(&found) { found } else { main }), true);
            }
            let own = own.trim_start_matches("./").trim_start_matches("../");
            (named.only(own).filter(|_| !own.is_empty()).map(str::to_owned), false)
        }
        CommandKind::Module { name } => {
            let path = name.replace('.', "/");
            let files = [format!("{path}.py"), format!("{path}/__main__.py"), format!("{path}/__init__.py")];
            for file in &files {
                if let Some(found) =
                    reader.find(file, is_file).or_else(|| reader.find(&format!("src/{file}"), is_file))
                {
                    return (Some(found), true);
                }
            }
            (files.iter().find_map(|file| named.only(file)).map(str::to_owned), false)
        }
        CommandKind::Make { folder, file, .. } => {
            let folder = folder.as_deref().unwrap_or(".");
            let names = match file {
                Some(file) => vec![file.as_str()],
                None => vec!["GNUmakefile", "makefile", "Makefile"],
            };
            let here = reader.folder.as_deref().and_then(|here| join(here, folder));
            let found = names.iter().find_map(|name| {
                let nearest = here.as_deref().and_then(|here| join(here, name)).filter(|path| is_file(path));
                nearest.or_else(|| reader.find(&format!("{folder}/{name}"), is_file))
            });
            let is_exact = found.is_some();
            (found, is_exact)
        }
        CommandKind::Program => (None, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::snapshot::Snapshot;

    #[test]
    fn programs_of_the_project_run_the_modules_that_they_are_made_of() {
        let setup =
            "setup(entry_points=\"\"\"\n    [console_scripts]\n    pick=orchard.train:cli\n    \"\"\")\n";
        let readme = "# Orchard\n\n```\npick plums --fast\n```\n\n```bash\nrate plums\nlook plums\n```\n";
        let project = "[project.scripts]\nrate = \"orchard.rate:main\"\n";
        let facts = facts(&[
            ("README.md", readme),
            ("setup.py", setup),
            ("pyproject.toml", project),
            ("orchard/train.py", "x = 1\n"),
            ("orchard/rate.py", "x = 1\n"),
        ]);
        let scripts: Vec<Option<&str>> =
            facts.commands.documented.iter().map(|command| command.script.as_deref()).collect();
        assert_eq!(scripts, [Some("orchard/train.py"), Some("orchard/rate.py"), None]);
    }

    fn facts(files: &[(&str, &str)]) -> Facts {
        let snapshot = Snapshot::from_files(files.iter().copied());
        let parsed = crate::facts::parse_all(&snapshot, &Default::default());
        Facts::gather(&snapshot, &parsed, "")
    }

    fn scripts(files: &[(&str, &str)]) -> Vec<(u32, Option<String>, String)> {
        let facts = facts(files);
        let shown = |command: &Command| {
            let flags: Vec<_> = command
                .flags
                .iter()
                .map(|flag| format!("{}={}", flag.name, flag.value.as_deref().unwrap_or("")))
                .collect();
            (command.lines.first, command.script.clone(), flags.join(" "))
        };
        facts.commands().iter().filter(|command| command.target().is_some()).map(shown).collect()
    }

    #[test]
    fn words_split_as_a_shell_splits_them() {
        let word = |text: &str| Token::Word(text.to_owned());
        assert_eq!(
            lex("A=1 python a.py --x 'b c' <data dir> > log.txt 2>&1 | tee x && ls # done"),
            [
                word("A=1"),
                word("python"),
                word("a.py"),
                word("--x"),
                word("b c"),
                word("<data dir>"),
                Token::Into("log.txt".into()),
                Token::Into("1".into()),
                Token::End("|"),
                word("tee"),
                word("x"),
                Token::End("&&"),
                word("ls"),
            ]
        );
        assert_eq!(
            lex("python a.py --d {x|y} $(date +%F) it's"),
            [word("python"), word("a.py"), word("--d"), word("{x|y}"), word("$(date +%F)"), word("it's"),]
        );
    }

    #[test]
    fn launchers_hand_over_to_the_script_behind_them() {
        let read = |line: &str| {
            let simple = split_simple(lex(line)).remove(0);
            let reading = interpret(&simple.words, 0).unwrap();
            (reading.launchers.join("+"), reading.kind, reading.arguments.join(" "))
        };
        let script = |path: &str| CommandKind::Script { path: path.to_owned() };
        for (line, launchers, kind, arguments) in [
            ("CUDA_VISIBLE_DEVICES=0,1 python3 -u a/train.py --lr 1", "", script("a/train.py"), "--lr 1"),
            (
                "python -m torch.distributed.launch --nproc_per_node 4 train.py --lr 1",
                "torch.distributed.launch",
                script("train.py"),
                "--lr 1",
            ),
            ("torchrun --nproc-per-node=8 train.py --a", "torchrun", script("train.py"), "--a"),
            ("accelerate launch --config_file x.yaml train.py b", "accelerate", script("train.py"), "b"),
            ("mpirun -np 4 python train.py", "mpirun", script("train.py"), ""),
            ("nohup srun -p gpu bash run.sh 3 &", "nohup+srun", script("run.sh"), "3"),
            ("conda run -n x python train.py -v", "conda", script("train.py"), "-v"),
            ("uv run train.py -v", "uv", script("train.py"), "-v"),
            ("python -m pkg.train --x", "", CommandKind::Module { name: "pkg.train".into() }, "--x"),
            ("sbatch -p gpu job.sh a", "", script("job.sh"), "a"),
            ("./run.sh x", "", script("./run.sh"), "x"),
            ("python -c 'import x'", "", CommandKind::Program, "-c import x"),
        ] {
            assert_eq!(read(line), (launchers.to_owned(), kind, arguments.to_owned()), "{line}");
        }
    }

    #[test]
    fn documents_are_followed_step_by_step() {
        let readme = "# Demo\n\n```bash\ngit clone https://host/x/other\ncd other\npython setup.py install\ncd ..\n```\n\n## Train\n\n    $ cd code && python train.py \\\n        --lr 0.1\n    epoch 1\n\nThen `python code/eval.py --ckpt=a.pt`, or see `train.py`.\n\n```python\nimport x\n```\n\n```\npython missing.py\n  --a b\n```\n";
        let found = scripts(&[("README.md", readme), ("code/train.py", ""), ("code/eval.py", "")]);
        let path = |path: &str| Some(path.to_owned());
        assert_eq!(
            found,
            [
                (6, None, String::new()),
                (12, path("code/train.py"), "--lr=0.1".to_owned()),
                (16, path("code/eval.py"), "--ckpt=a.pt".to_owned()),
                (23, None, "--a=b".to_owned()),
            ]
        );
    }

    #[test]
    fn a_clone_of_this_repository_is_its_root_and_another_one_is_elsewhere() {
        let readme = "# Demo\n```sh\ngit clone https://host/me/demo.git\ncd demo\npython lost.py\n```\n\n```sh\ngit clone https://host/you/apex\ncd apex\npython lost.py\n```\n";
        let facts = facts(&[("README.md", readme)]);
        let folders: Vec<_> = facts
            .commands()
            .iter()
            .filter(|command| command.target().is_some())
            .map(|command| command.folder.clone())
            .collect();
        assert_eq!(folders, [Some(String::new()), None]);
        assert!(facts.commands.makes("apex/train.py"));
    }

    #[test]
    fn a_tool_that_is_cloned_later_is_not_this_repository() {
        let readme = "# Demo\n```\npython demo.py\n```\nNeeds a tool:\n```\ngit clone https://host/you/tool\ncd tool\npython setup.py install\n```\n## Train\n```\npython train.py <(cut -f1 a.txt) --x\n```\n";
        let facts = facts(&[("README.md", readme), ("demo.py", ""), ("train.py", "")]);
        let at = |script: &str| {
            let found = facts.commands().iter().find(|command| command.text.contains(script));
            found.map(|command| (command.folder.clone(), command.flags.len()))
        };
        assert_eq!(at("setup.py"), Some((None, 0)));
        assert_eq!(at("train.py"), Some((Some(String::new()), 1)));
    }

    #[test]
    fn notebooks_and_shell_scripts_hold_commands_too() {
        let notebook = r#"{"cells": [{"cell_type": "code", "source": ["!python a.py --x 1\n", "y = 2"], "outputs": []}], "metadata": {}}"#;
        let facts = facts(&[
            ("n.ipynb", notebook),
            ("a.py", ""),
            ("run.sh", "#!/bin/bash\nfor i in 1 2; do\n  python a.py --seed $i\ndone\n"),
        ]);
        assert_eq!(facts.commands()[0].script.as_deref(), Some("a.py"));
        assert_eq!(facts.commands()[0].origin, Origin::NotebookCell);
        let scripted: Vec<_> =
            facts.commands.scripted.iter().filter_map(|command| command.script.as_deref()).collect();
        assert_eq!(scripted, ["a.py"]);
    }

    #[test]
    fn placeholders_are_told_from_names() {
        for word in [
            "<path>",
            "$DATA",
            "/path/to/x",
            "{a,b}",
            "[x]",
            "...",
            "YOUR_KEY",
            "your_data",
            "xxx.py",
            "CKPT",
        ] {
            assert!(is_placeholder(word), "{word}");
        }
        for word in ["train.py", "configs/a.yaml", "data/train", "README.md", "a-b_c.json"] {
            assert!(!is_placeholder(word), "{word}");
        }
    }
}
