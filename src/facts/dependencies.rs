//! What the manifests declare: pip, conda, Poetry, uv, PDM, Pipenv, setuptools, Docker, R, Julia, CMake, and those that
//! [`super::ecosystems`] reads.
//!
//! Files are told apart by their names and then by what stands in them; nothing is run. What cannot be understood is
//! kept in [`Manifest::unclear`] and never an error.

use super::document::{LineIndex, Lines};
use super::ecosystems;
use super::notebook::Notebook;
use super::python::{PythonModule, Value};
use foldhash::{HashMap, HashMapExt as _};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What one file declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Which tool reads it: `pip`, `conda`, `poetry`, …
    pub tool: &'static str,
    /// Whether it is a lock file, written by a tool.
    pub is_lock: bool,
    /// What it declares, in order.
    pub requirements: Vec<Requirement>,
    /// Requirement files that it includes, as written (`-r base.txt`).
    pub includes: Vec<String>,
    /// What could not be understood: line and text.
    pub unclear: Vec<(u32, String)>,
}

/// One declared dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The name, normalized as its registry does: lower case and `-` for pip.
    pub name: String,
    /// The version specifier as written, without the name: `>=1.2,<2`; empty where there is none.
    pub version: String,
    /// Whether exactly one version satisfies it.
    pub pinned: bool,
    /// Whether it is for development, tests or documentation only, or an optional extra.
    pub optional: bool,
    /// Where it stands.
    pub lines: Lines,
}

impl Manifest {
    pub(super) fn of(tool: &'static str) -> Self {
        Self { tool, ..Self::default() }
    }

    fn lock(tool: &'static str) -> Self {
        Self { tool, is_lock: true, ..Self::default() }
    }

    pub(super) fn add(&mut self, name: &str, version: &str, pinned: bool, optional: bool, line: u32) {
        let requirement = Requirement {
            name: normalize(name),
            version: version.trim().to_owned(),
            pinned,
            optional,
            lines: Lines::at(line),
        };
        self.requirements.push(requirement);
    }

    /// Adds a requirement as pip writes it; an understandable one is needed for `true`.
    fn add_pip(&mut self, text: &str, optional: bool, line: u32) -> bool {
        match pip_requirement(text) {
            Some((name, version, pinned)) => {
                self.add(&name, &version, pinned, optional, line);
                true
            }
            None => {
                self.unclear.push((line, text.chars().take(120).collect()));
                false
            }
        }
    }
}

/// The name as the Python package index compares it: lower case, runs of `-`, `_` and `.` as one `-`.
pub fn normalize(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for character in name.trim().chars() {
        if matches!(character, '-' | '_' | '.') {
            if !normal.ends_with('-') {
                normal.push('-');
            }
        } else {
            normal.extend(character.to_lowercase());
        }
    }
    normal
}

/// Reads the file's declarations; `None` where it is no manifest.
pub fn parse(path: &str, text: &str, python: Option<&PythonModule>) -> Option<Manifest> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    if let Some(manifest) = ecosystems::parse(&name, text) {
        return (!manifest.requirements.is_empty()).then_some(manifest);
    }
    let found = match name.as_str() {
        "setup.cfg" => setup_cfg(text),
        "pyproject.toml" => pyproject(text),
        "pipfile" => pipfile(text),
        "pipfile.lock" => pipfile_lock(text),
        "poetry.lock" | "uv.lock" | "pdm.lock" => {
            let tool = match stem {
                "poetry" => "poetry",
                "uv" => "uv",
                _ => "pdm",
            };
            toml_lock(tool, text)
        }
        "pixi.toml" => pixi(text),
        "cargo.toml" => cargo(text),
        "project.toml" | "juliaproject.toml" => julia_project(text),
        "manifest.toml" | "juliamanifest.toml" => julia_manifest(text),
        "description" => r_description(text),
        "renv.lock" => renv_lock(text),
        "cmakelists.txt" => cmake(text),
        "singularity" | "containerfile" => commands("docker", text, true),
        "require" => julia_require(text),
        _ => match extension {
            "py" if stem == "setup" || calls_setup(python) => setup_py(text, python?),
            // `conda list --export` writes the same list under whatever name it was sent to.
            "yml" | "yaml" | "lock" => conda(text).or_else(|| pip_list(text)),
            "txt" | "in" | "pip" | "" if names_requirements(stem) => pip(text),
            "txt" | "list" => pip_list(text),
            "def" | "dockerfile" | "singularity" => commands("docker", text, true),
            "sh" | "bash" | "zsh" | "mk" | "bat" | "ps1" => commands("shell", text, false),
            "r" => language_commands(text, &["install.packages(", "install_github("]),
            "jl" => language_commands(text, &["Pkg.add("]),
            _ if name.starts_with("dockerfile") => commands("docker", text, true),
            _ if matches!(name.as_str(), "makefile" | "gnumakefile" | "justfile") => {
                commands("shell", text, false)
            }
            _ => return None,
        },
    };
    found.filter(|manifest| {
        !manifest.requirements.is_empty() || !manifest.includes.is_empty() || is_manifest_by_name(&name)
    })
}

fn is_manifest_by_name(name: &str) -> bool {
    matches!(name, "pyproject.toml" | "setup.cfg" | "setup.py" | "pipfile" | "description" | "project.toml")
        || name.starts_with("requirements")
        || name.starts_with("environment.y")
        || name.starts_with("dockerfile")
}

fn names_requirements(stem: &str) -> bool {
    ["requir", "reqs", "constraints", "dependencies", "depends", "pip_packages", "pip-packages", "pip_list"]
        .iter()
        .any(|part| stem.contains(part))
}

/// The requirements of a text of any name, where it lists some.
fn pip_list(text: &str) -> Option<Manifest> {
    if lists_requirements(text) { pip(text) } else { None }
}

/// Whether a text file of any name is a list of pinned packages, as `pip freeze` and `conda list --export` write it.
fn lists_requirements(text: &str) -> bool {
    let (mut lines, mut pinned) = (0usize, 0usize);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        lines += 1;
        let is_pin = line.split_once("==").or_else(|| line.split_once('=')).is_some_and(|(name, version)| {
            is_name(name.trim()) && version.starts_with(|first: char| first.is_ascii_digit())
        });
        pinned += usize::from(is_pin);
        if lines > 20 && pinned * 2 < lines {
            return false;
        }
    }
    pinned >= 2 && pinned * 10 >= lines * 7
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Name, version and whether it is pinned, of `name[extra]>=1 ; marker`, `name @ url`, `git+https://…#egg=name`.
fn pip_requirement(text: &str) -> Option<(String, String, bool)> {
    let text = text.trim();
    if text.contains("://") || text.starts_with("git+") {
        return from_url(text);
    }
    let text = text.split(';').next().unwrap_or_default().trim();
    let end = text
        .find(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    if !is_name(name) {
        return None;
    }
    let mut rest = rest.trim_start();
    if rest.starts_with('[') {
        rest = rest.split_once(']')?.1.trim_start();
    }
    let rest = rest.trim_start_matches('(').trim_end_matches(')').trim();
    // `conda list --export` writes name=version=build.
    if let Some(version) = rest.strip_prefix('=').filter(|version| !version.starts_with('=')) {
        return version
            .trim_start()
            .starts_with(|first: char| first.is_ascii_digit())
            .then(|| (name.to_owned(), rest.to_owned(), true));
    }
    if !rest.is_empty() && !rest.starts_with(['=', '<', '>', '!', '~', '@']) {
        return None;
    }
    Some((name.to_owned(), rest.to_owned(), is_exact(rest)))
}

fn is_exact(version: &str) -> bool {
    version.split(',').map(str::trim).any(|piece| {
        piece.strip_prefix("===").or_else(|| piece.strip_prefix("==")).is_some_and(|version| {
            let version = version.trim();
            !version.is_empty() && !version.contains('*')
        })
    })
}

fn from_url(text: &str) -> Option<(String, String, bool)> {
    let (before, url) = match text.split_once('@') {
        Some((name, url)) if is_name(name.split('[').next().unwrap_or_default().trim()) => {
            (name.split('[').next().unwrap_or_default().trim(), url.trim())
        }
        _ => ("", text),
    };
    let url = url.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
    let (address, fragment) = url.split_once('#').unwrap_or((url, ""));
    let egg = fragment.split('&').find_map(|piece| piece.strip_prefix("egg="));
    let scheme_end = address.find("://").map_or(0, |at| at + 3);
    let path = address.get(scheme_end..).unwrap_or_default();
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let (path, reference) = path.rsplit_once('@').map_or((path, None), |(path, at)| (path, Some(at)));
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_archive = [".whl", ".tar.gz", ".zip", ".tgz"].iter().any(|end| last.ends_with(end));
    let name = match (before.is_empty(), egg) {
        (false, _) => before,
        (true, Some(egg)) => egg.split('[').next().unwrap_or_default(),
        (true, None) if is_archive => last.split('-').next().unwrap_or_default(),
        (true, None) => last.trim_end_matches(".git"),
    };
    let is_commit = |at: &str| {
        (at.len() >= 7 && at.bytes().all(|byte| byte.is_ascii_hexdigit()))
            || at.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit())
    };
    let pinned = is_archive || reference.is_some_and(is_commit);
    is_name(name).then(|| (name.to_owned(), format!("@ {url}"), pinned))
}

fn pip(text: &str) -> Option<Manifest> {
    let mut manifest = Manifest::of("pip");
    let head = text.get(..text.len().min(600)).unwrap_or(text);
    manifest.is_lock = head.contains("autogenerated by pip-compile")
        || head.contains("autogenerated by uv")
        || head.contains("pip-compile");
    let mut continued = String::new();
    let mut first_line = 0;
    for (index, raw) in text.lines().enumerate() {
        let line = index as u32 + 1;
        if continued.is_empty() {
            first_line = line;
        }
        let piece = raw.trim();
        if let Some(piece) = piece.strip_suffix('\\') {
            continued.push_str(piece);
            continued.push(' ');
            continue;
        }
        continued.push_str(piece);
        let whole = std::mem::take(&mut continued);
        pip_line(&mut manifest, &whole, first_line);
    }
    if !continued.is_empty() {
        pip_line(&mut manifest, &continued, first_line);
    }
    Some(manifest)
}

fn pip_line(manifest: &mut Manifest, raw: &str, line: u32) {
    let text = match raw.find(" #") {
        Some(at) => raw.get(..at).unwrap_or_default(),
        None => raw,
    };
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') || text.starts_with("@EXPLICIT") {
        return;
    }
    for (short, long) in [("-r", "--requirement"), ("-c", "--constraint")] {
        let rest = text.strip_prefix(long).or_else(|| text.strip_prefix(short));
        if let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '=', '\t'])) {
            manifest.includes.push(rest.trim_start_matches([' ', '=', '\t']).to_owned());
            return;
        }
    }
    let editable = text.strip_prefix("--editable").or_else(|| text.strip_prefix("-e"));
    if let Some(rest) = editable.filter(|rest| rest.starts_with([' ', '='])) {
        let rest = rest.trim_start_matches([' ', '=']);
        if rest.contains("://") {
            manifest.add_pip(rest, false, line);
        }
        return;
    }
    if text.starts_with('-') || text.starts_with("./") || text.starts_with("../") || text == "." {
        return;
    }
    let text = text.split(" --").next().unwrap_or_default();
    let text = text.split(" -f ").next().unwrap_or_default().split(" -i ").next().unwrap_or_default();
    // Some write a whole command into the file, or names side by side.
    if let Some(rest) = text.strip_prefix("pip install ").or_else(|| text.strip_prefix("pip3 install ")) {
        install_arguments(manifest, rest, line, Registry::Pip);
        return;
    }
    if manifest_words(text) {
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            manifest.add_pip(word, false, line);
        }
        return;
    }
    manifest.add_pip(text, false, line);
}

/// Whether a line is several bare names, or `name version`.
fn manifest_words(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    words.len() > 1
        && words.len() < 40
        && !text.contains(['=', '<', '>', '~', '!', ';', '@', '(', ':'])
        && words
            .iter()
            .all(|word| is_name(word) && word.starts_with(|first: char| first.is_ascii_lowercase()))
}

/// `dependencies:` of an environment file, by lines: enough of YAML for what conda writes, and no more.
fn conda(text: &str) -> Option<Manifest> {
    memchr::memmem::find(text.as_bytes(), b"dependencies:")?;
    let mut manifest = Manifest::of("conda");
    let mut open = false;
    let mut pip_indent: Option<usize> = None;
    let mut deepest_item = None;
    for (index, raw) in text.lines().enumerate() {
        let line = index as u32 + 1;
        let content = raw.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = raw.len() - content.len();
        let is_item = content.starts_with("- ") || content == "-";
        if indent == 0 && !is_item {
            open = content.trim_end() == "dependencies:"
                || content.split('#').next().is_some_and(|content| content.trim() == "dependencies:");
            pip_indent = None;
            continue;
        }
        if !open {
            continue;
        }
        if !is_item {
            // A mapping here is another tool's file.
            return None;
        }
        let item = content.get(1..).unwrap_or_default().trim();
        let item = item.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        deepest_item = deepest_item.or(Some(indent));
        if item.trim_end() == "pip:" {
            pip_indent = Some(indent);
        } else if pip_indent.is_some_and(|pip| indent > pip) {
            pip_line(&mut manifest, item, line);
        } else {
            pip_indent = None;
            add_conda(&mut manifest, item, line);
        }
    }
    (!manifest.requirements.is_empty()).then_some(manifest)
}

/// `channel::name=1.2=build`, `name >=1.2`.
fn add_conda(manifest: &mut Manifest, item: &str, line: u32) {
    let item = item.rsplit("::").next().unwrap_or_default().trim();
    let item = item.split('[').next().unwrap_or_default();
    let end = item
        .find(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')))
        .unwrap_or(item.len());
    let (name, version) = item.split_at_checked(end).unwrap_or((item, ""));
    if !is_name(name) {
        manifest.unclear.push((line, item.chars().take(120).collect()));
        return;
    }
    let version = version.trim();
    let pinned = version.starts_with('=') && !version.contains('*');
    manifest.add(name, version, pinned, false, line);
}

struct Toml<'text> {
    index: LineIndex,
    root: DeTable<'text>,
    broken: Option<(u32, String)>,
}

impl<'text> Toml<'text> {
    fn parse(text: &'text str) -> Self {
        let index = LineIndex::new(text);
        let (root, errors) = DeTable::parse_recoverable(text);
        let broken = errors
            .first()
            .map(|error| (index.line(error.span().map_or(0, |span| span.start)), error.message().to_owned()));
        Self { index, root: root.into_inner(), broken }
    }

    /// An empty manifest that says what did not parse.
    fn manifest(&self, tool: &'static str) -> Manifest {
        Manifest { unclear: self.broken.iter().cloned().collect(), ..Manifest::of(tool) }
    }

    fn line(&self, span: Range<usize>) -> u32 {
        self.index.line(span.start)
    }

    fn get(&self, keys: &[&str]) -> Option<&Spanned<DeValue<'text>>> {
        let (first, rest) = keys.split_first()?;
        let mut value = self.root.get(*first)?;
        for key in rest {
            value = value.get_ref().as_table()?.get(*key)?;
        }
        Some(value)
    }

    fn table(&self, keys: &[&str]) -> Option<&DeTable<'text>> {
        self.get(keys)?.get_ref().as_table()
    }

    /// Adds an array of pip requirements.
    fn add_array(&self, manifest: &mut Manifest, value: Option<&Spanned<DeValue<'_>>>, optional: bool) {
        for item in value.and_then(|value| value.get_ref().as_array()).into_iter().flatten() {
            if let Some(text) = item.get_ref().as_str() {
                manifest.add_pip(text, optional, self.line(item.span()));
            }
        }
    }

    /// Adds a table of names to versions, as Poetry, Pipenv, pixi and Cargo write it.
    fn add_table(&self, manifest: &mut Manifest, table: Option<&DeTable<'_>>, optional: bool) {
        for (key, value) in table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            let inner = value.get_ref().as_table();
            let version = value.get_ref().as_str().or_else(|| inner?.get("version")?.get_ref().as_str());
            let optional = optional
                || inner.and_then(|inner| inner.get("optional")?.get_ref().as_bool()).unwrap_or_default();
            let commit = inner.is_some_and(|inner| inner.get("rev").is_some() || inner.get("tag").is_some());
            let version = version.unwrap_or_default();
            let bare = version.starts_with(|first: char| first.is_ascii_digit());
            let pinned = commit
                || is_exact(version)
                || (version.starts_with('=') && !version.contains('*'))
                || (bare
                    && manifest.tool == "poetry"
                    && version.matches('.').count() >= 2
                    && !version.contains(['*', ',']));
            let shown = if version == "*" { "" } else { version };
            manifest.add(name, shown, pinned, optional, self.line(key.span()));
        }
    }
}

fn pyproject(text: &str) -> Option<Manifest> {
    let toml = Toml::parse(text);
    let tool = ["poetry", "pdm", "uv", "pixi", "hatch"]
        .into_iter()
        .find(|tool| toml.table(&["tool", tool]).is_some())
        .unwrap_or("pyproject");
    let mut manifest = toml.manifest(tool);
    toml.add_array(&mut manifest, toml.get(&["project", "dependencies"]), false);
    for (_, extra) in toml.table(&["project", "optional-dependencies"]).into_iter().flatten() {
        toml.add_array(&mut manifest, Some(extra), true);
    }
    for (_, group) in toml.table(&["dependency-groups"]).into_iter().flatten() {
        toml.add_array(&mut manifest, Some(group), true);
    }
    toml.add_array(&mut manifest, toml.get(&["tool", "uv", "dev-dependencies"]), true);
    for (_, group) in toml.table(&["tool", "pdm", "dev-dependencies"]).into_iter().flatten() {
        toml.add_array(&mut manifest, Some(group), true);
    }
    let poetry = ["tool", "poetry"];
    toml.add_table(&mut manifest, toml.table(&[poetry[0], poetry[1], "dependencies"]), false);
    toml.add_table(&mut manifest, toml.table(&[poetry[0], poetry[1], "dev-dependencies"]), true);
    for (_, group) in toml.table(&[poetry[0], poetry[1], "group"]).into_iter().flatten() {
        let group =
            group.get_ref().as_table().and_then(|group| group.get("dependencies")?.get_ref().as_table());
        toml.add_table(&mut manifest, group, true);
    }
    for key in ["dependencies", "pypi-dependencies"] {
        toml.add_table(&mut manifest, toml.table(&["tool", "pixi", key]), false);
    }
    // Poetry lists the interpreter among the dependencies.
    manifest.requirements.retain(|requirement| requirement.name != "python");
    Some(manifest)
}

fn pipfile(text: &str) -> Option<Manifest> {
    let toml = Toml::parse(text);
    let mut manifest = toml.manifest("pipenv");
    toml.add_table(&mut manifest, toml.table(&["packages"]), false);
    toml.add_table(&mut manifest, toml.table(&["dev-packages"]), true);
    Some(manifest)
}

fn pixi(text: &str) -> Option<Manifest> {
    let toml = Toml::parse(text);
    let mut manifest = toml.manifest("pixi");
    toml.add_table(&mut manifest, toml.table(&["dependencies"]), false);
    toml.add_table(&mut manifest, toml.table(&["pypi-dependencies"]), false);
    Some(manifest)
}

fn cargo(text: &str) -> Option<Manifest> {
    let toml = Toml::parse(text);
    let mut manifest = toml.manifest("cargo");
    toml.add_table(&mut manifest, toml.table(&["dependencies"]), false);
    toml.add_table(&mut manifest, toml.table(&["dev-dependencies"]), true);
    Some(manifest)
}

/// `[[package]]` with `name` and `version`.
fn toml_lock(tool: &'static str, text: &str) -> Option<Manifest> {
    let toml = Toml::parse(text);
    let mut manifest = Manifest::lock(tool);
    for package in toml.get(&["package"])?.get_ref().as_array().into_iter().flatten() {
        let Some(table) = package.get_ref().as_table() else { continue };
        let Some(name) = table.get("name") else { continue };
        let version = table.get("version").and_then(|version| version.get_ref().as_str()).unwrap_or_default();
        let shown = if version.is_empty() { String::new() } else { format!("=={version}") };
        let name_text = name.get_ref().as_str().unwrap_or_default();
        manifest.add(name_text, &shown, !version.is_empty(), false, toml.line(name.span()));
    }
    Some(manifest)
}

/// The line (from 1) that holds a text; searching goes on from the one that was found last.
struct Finder<'text> {
    text: &'text str,
    index: LineIndex,
    at: usize,
    /// Bytes that may yet be searched in vain.
    left: usize,
}

impl<'text> Finder<'text> {
    fn new(text: &'text str) -> Self {
        const MOST_SEARCHES: usize = 20;
        Self { text, index: LineIndex::new(text), at: 0, left: text.len() * MOST_SEARCHES }
    }

    fn line(&mut self, needle: &str) -> u32 {
        if self.left > 0 {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            match memchr::memmem::find(rest, needle.as_bytes()) {
                Some(at) => self.at += at,
                None => self.left = self.left.saturating_sub(rest.len()),
            }
        }
        self.index.line(self.at)
    }
}

fn pipfile_lock(text: &str) -> Option<Manifest> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut manifest = Manifest::lock("pipenv");
    let mut finder = Finder::new(text);
    for (group, optional) in [("default", false), ("develop", true)] {
        finder.line(&format!("\"{group}\""));
        for (name, package) in json.get(group).and_then(|group| group.as_object()).into_iter().flatten() {
            let version = package.get("version").and_then(|version| version.as_str()).unwrap_or_default();
            let line = finder.line(&format!("\"{name}\""));
            manifest.add(name, version, is_exact(version), optional, line);
        }
    }
    Some(manifest)
}

fn renv_lock(text: &str) -> Option<Manifest> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut manifest = Manifest::lock("renv");
    let mut finder = Finder::new(text);
    finder.line("\"Packages\"");
    for (name, package) in
        json.get("Packages").and_then(|packages| packages.as_object()).into_iter().flatten()
    {
        let version = package.get("Version").and_then(|version| version.as_str()).unwrap_or_default();
        let line = finder.line(&format!("\"{name}\""));
        manifest.add(name, version, !version.is_empty(), false, line);
    }
    Some(manifest)
}

fn julia_project(text: &str) -> Option<Manifest> {
    let toml = Toml::parse(text);
    let mut manifest = toml.manifest("julia");
    for (table, optional) in [("deps", false), ("extras", true), ("weakdeps", true)] {
        for (name, _) in toml.table(&[table]).into_iter().flatten() {
            let version =
                toml.get(&["compat", name.get_ref()]).and_then(|version| version.get_ref().as_str());
            let version = version.unwrap_or_default();
            manifest.add(name.get_ref(), version, version.starts_with('='), optional, toml.line(name.span()));
        }
    }
    Some(manifest)
}

fn julia_manifest(text: &str) -> Option<Manifest> {
    let toml = Toml::parse(text);
    let mut manifest = Manifest::lock("julia");
    let packages = toml.table(&["deps"]).unwrap_or(&toml.root);
    for (name, package) in packages {
        let version = package
            .get_ref()
            .as_array()
            .and_then(|found| found.iter().next()?.get_ref().as_table()?.get("version")?.get_ref().as_str());
        if let Some(version) = version {
            manifest.add(name.get_ref(), version, true, false, toml.line(name.span()));
        }
    }
    Some(manifest)
}

/// Julia before 1.0: a name and its oldest version on each line.
fn julia_require(text: &str) -> Option<Manifest> {
    let mut manifest = Manifest::of("julia");
    for (index, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let Some(name) = words.next().filter(|name| is_name(name)) else { continue };
        let version = words.next().unwrap_or_default();
        if name != "julia" {
            manifest.add(name, version, false, false, index as u32 + 1);
        }
    }
    Some(manifest)
}

/// `Imports:`, `Depends:` and `Suggests:` of an R package.
fn r_description(text: &str) -> Option<Manifest> {
    let is_package = text.lines().any(|line| line.starts_with("Package:") || line.starts_with("Imports:"));
    if !is_package {
        return None;
    }
    let mut manifest = Manifest::of("r");
    let mut field = None;
    for (index, line) in text.lines().enumerate() {
        let mut body = line;
        if !line.starts_with([' ', '\t']) {
            let (name, rest) = line.split_once(':').unwrap_or((line, ""));
            field = match name {
                "Imports" | "Depends" | "LinkingTo" => Some(false),
                "Suggests" | "Enhances" => Some(true),
                _ => None,
            };
            body = rest;
        }
        let Some(optional) = field else { continue };
        for piece in body.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
            let (name, version) = piece.split_once('(').unwrap_or((piece, ""));
            let version = version.trim_end_matches(')').trim();
            if name.trim() != "R" && is_name(name.trim()) {
                manifest.add(name, version, version.starts_with("=="), optional, index as u32 + 1);
            }
        }
    }
    Some(manifest)
}

fn cmake(text: &str) -> Option<Manifest> {
    let mut manifest = Manifest::of("cmake");
    for (index, raw) in text.lines().enumerate() {
        let line = raw.trim_start();
        let Some(open) = line.find('(') else { continue };
        let (command, rest) = line.split_at_checked(open)?;
        let command = command.trim().to_ascii_lowercase();
        if !matches!(
            command.as_str(),
            "find_package" | "find_library" | "fetchcontent_declare" | "externalproject_add"
        ) {
            continue;
        }
        let mut words = rest.trim_start_matches('(').split([' ', ')', '\t']).filter(|word| !word.is_empty());
        let Some(name) = words.next().filter(|name| is_name(name)) else { continue };
        let version = words.next().filter(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        let exact = rest.contains(" EXACT");
        manifest.add(name, version.unwrap_or_default(), exact, false, index as u32 + 1);
    }
    Some(manifest)
}

/// `[options]` and `[options.extras_require]` of setuptools, by lines.
fn setup_cfg(text: &str) -> Option<Manifest> {
    let mut manifest = Manifest::of("setuptools");
    let (mut section, mut list) = (String::new(), None);
    for (index, raw) in text.lines().enumerate() {
        let line = index as u32 + 1;
        let content = raw.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if content.starts_with('[') {
            section = content.trim_matches(['[', ']']).to_owned();
            list = None;
            continue;
        }
        let mut value = content;
        if !raw.starts_with([' ', '\t']) {
            let (key, rest) = content.split_once('=').unwrap_or((content, ""));
            list = match (section.as_str(), key.trim()) {
                ("options", "install_requires") => Some(false),
                ("options", "tests_require" | "setup_requires") | ("options.extras_require", _) => Some(true),
                _ => None,
            };
            value = rest.trim();
        }
        if let Some(optional) = list {
            for piece in value.split("  ").map(str::trim).filter(|piece| !piece.is_empty()) {
                manifest.add_pip(piece, optional, line);
            }
        }
    }
    Some(manifest)
}

fn calls_setup(python: Option<&PythonModule>) -> bool {
    python.is_some_and(|module| {
        (module.imports_package("setuptools") || module.imports_package("distutils"))
            && module.calls.iter().any(|call| call.method() == "setup" && call.scope.is_none())
    })
}

fn setup_py(text: &str, python: &PythonModule) -> Option<Manifest> {
    let mut manifest = Manifest::of("setuptools");
    let setup = python.calls.iter().find(|call| call.method() == "setup")?;
    let mut finder = Finder::new(text);
    let mut names = Names { first: HashMap::new(), is_within: false, left: MOST_NAMED };
    for assignment in &python.assignments {
        names.first.entry(assignment.target.as_str()).or_insert(&assignment.value);
    }
    for (keyword, optional) in [
        ("install_requires", false),
        ("setup_requires", true),
        ("tests_require", true),
        ("extras_require", true),
    ] {
        if let Some(value) = setup.keyword(keyword) {
            finder.at = 0;
            add_value(&mut manifest, &mut finder, value, optional, &mut names, 0);
        }
    }
    Some(manifest)
}

/// Values that are followed through names: a list may name itself a thousand times.
const MOST_NAMED: usize = 10_000;

/// What names stand for in one file.
struct Names<'python> {
    /// Their first values.
    first: HashMap<&'python str, &'python Value>,
    /// Whether what is read now stands behind a name.
    is_within: bool,
    /// How many such values may yet be read.
    left: usize,
}

/// Adds the requirements that `value` holds, and those that its names stand for.
fn add_value(
    manifest: &mut Manifest,
    finder: &mut Finder<'_>,
    value: &Value,
    optional: bool,
    names: &mut Names<'_>,
    depth: u8,
) {
    if depth > 4 {
        return;
    }
    if names.is_within {
        let Some(left) = names.left.checked_sub(1) else { return };
        names.left = left;
    }
    match value {
        Value::Text(text) => {
            let line = finder.line(text);
            for piece in
                text.lines().map(str::trim).filter(|piece| !piece.is_empty() && !piece.starts_with('#'))
            {
                manifest.add_pip(piece, optional, line);
            }
        }
        Value::List(items) => {
            for item in items {
                add_value(manifest, finder, item, optional, names, depth + 1);
            }
        }
        Value::Map(items) => {
            for (_, item) in items {
                add_value(manifest, finder, item, optional, names, depth + 1);
            }
        }
        Value::Name(name) => {
            // Names assigned in the file; names that code fills in (from a requirements file) are left out.
            let name = name.split('[').next().unwrap_or_default();
            let assigned = names.first.get(name).copied();
            if let Some(value) = assigned.filter(|value| value.as_name() != Some(name)) {
                let around = std::mem::replace(&mut names.is_within, true);
                add_value(manifest, finder, value, optional, names, depth + 1);
                names.is_within = around;
            }
        }
        _ => {}
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Registry {
    Pip,
    Conda,
    System,
    Julia,
}

/// Installations that a script or a container file runs.
fn commands(tool: &'static str, text: &str, container: bool) -> Option<Manifest> {
    let mut manifest = Manifest::of(tool);
    for (line, command) in logical_lines(text) {
        if container {
            let mut words = command.split_whitespace();
            let is_base = words
                .next()
                .is_some_and(|word| word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("from:"));
            let image = words.find(|word| !word.starts_with("--")).unwrap_or_default();
            if is_base && !image.is_empty() && image != "scratch" {
                let (name, version) = image.rsplit_once(['@', ':']).unwrap_or((image, ""));
                let pinned = !version.is_empty() && version != "latest";
                let name = name.rsplit('/').next().unwrap_or(name);
                manifest.add(name, version, pinned, false, line);
                continue;
            }
        }
        installs(&mut manifest, &command, line);
    }
    (!manifest.requirements.is_empty() || !manifest.includes.is_empty()).then_some(manifest)
}

/// Lines with those that a backslash continues joined, each with the number of its first.
fn logical_lines(text: &str) -> Vec<(u32, String)> {
    let mut joined: Vec<(u32, String)> = Vec::new();
    let mut open = false;
    for (index, raw) in text.lines().enumerate() {
        let content = raw.trim();
        let (content, goes_on) = match content.strip_suffix('\\') {
            Some(content) => (content, true),
            None => (content, false),
        };
        let content = match content.strip_prefix('#').map(str::trim_start) {
            // A notebook's installation, put aside once it had run.
            Some(set_aside) if set_aside.starts_with("!pip") || set_aside.starts_with("%pip") => set_aside,
            Some(_) => continue,
            None => content,
        };
        match joined.last_mut().filter(|_| open) {
            Some((_, whole)) => {
                whole.push(' ');
                whole.push_str(content);
            }
            None => joined.push((index as u32 + 1, content.to_owned())),
        }
        open = goes_on;
    }
    joined
}

/// The packages that one shell command line installs, added to `manifest`.
fn installs(manifest: &mut Manifest, command: &str, line: u32) {
    if memchr::memmem::find(command.as_bytes(), b"install").is_none()
        && memchr::memmem::find(command.as_bytes(), b"conda").is_none()
        && memchr::memmem::find(command.as_bytes(), b"add").is_none()
    {
        return;
    }
    for piece in command.split(['&', ';', '|']) {
        let piece = piece.trim().trim_start_matches(['!', '%', '$', '>', '(']).trim_start();
        let words: Vec<&str> = piece.split_whitespace().collect();
        let known: &[(&[&str], Registry)] = &[
            (&["pip", "install"], Registry::Pip),
            (&["pip3", "install"], Registry::Pip),
            (&["uv", "add"], Registry::Pip),
            (&["poetry", "add"], Registry::Pip),
            (&["pdm", "add"], Registry::Pip),
            (&["pipenv", "install"], Registry::Pip),
            (&["conda", "install"], Registry::Conda),
            (&["mamba", "install"], Registry::Conda),
            (&["micromamba", "install"], Registry::Conda),
            (&["conda", "create"], Registry::Conda),
            (&["mamba", "create"], Registry::Conda),
            (&["apt-get", "install"], Registry::System),
            (&["apt", "install"], Registry::System),
            (&["yum", "install"], Registry::System),
            (&["brew", "install"], Registry::System),
            (&["luarocks", "install"], Registry::System),
            (&["easy_install"], Registry::Pip),
            (&["pkg>", "add"], Registry::Julia),
        ];
        for (verb, registry) in known {
            let Some((first, second)) = verb.split_first() else { continue };
            let Some(at) = words.iter().position(|word| {
                word == first || word.rsplit('/').next() == Some(first) || (*first == "pip" && is_pip(word))
            }) else {
                continue;
            };
            let rest = words.get(at + 1..).unwrap_or_default();
            let skipped = match second.first() {
                None => Some(0),
                Some(second) => rest
                    .iter()
                    .position(|word| !word.starts_with('-'))
                    .filter(|&at| rest.get(at) == Some(second))
                    .map(|at| at + 1),
            };
            if let Some(skipped) = skipped {
                let rest = rest.get(skipped..).unwrap_or_default().join(" ");
                install_arguments(manifest, &rest, line, *registry);
                break;
            }
        }
    }
    for call in ["install.packages(", "install_github(", "Pkg.add("] {
        quoted_names(manifest, command, call, line);
    }
}

/// The names in quotes that `call` is handed.
fn quoted_names(manifest: &mut Manifest, command: &str, call: &str, line: u32) {
    let Some(at) = command.find(call) else { return };
    let rest = command.get(at + call.len()..).unwrap_or_default();
    let inside = rest.split(')').next().unwrap_or_default();
    for name in inside.split(['"', '\'']).skip(1).step_by(2) {
        let name = name.rsplit('/').next().unwrap_or_default();
        if is_name(name) {
            manifest.add(name, "", false, false, line);
        }
    }
}

/// Packages that a script in R or Julia installs.
fn language_commands(text: &str, calls: &[&str]) -> Option<Manifest> {
    if !calls.iter().any(|call| memchr::memmem::find(text.as_bytes(), call.as_bytes()).is_some()) {
        return None;
    }
    let mut manifest = Manifest::of("shell");
    for (index, line) in text.lines().enumerate() {
        let code = line.split('#').next().unwrap_or_default();
        for call in calls {
            quoted_names(&mut manifest, code, call, index as u32 + 1);
        }
    }
    (!manifest.requirements.is_empty()).then_some(manifest)
}

fn is_pip(word: &str) -> bool {
    word.strip_prefix("pip")
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// What follows `pip install` or its like: names, options with and without values, files.
fn install_arguments(manifest: &mut Manifest, rest: &str, line: u32, registry: Registry) {
    let words = shell_words::split(rest).unwrap_or_else(|_| {
        rest.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
    });
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "-r" | "--requirement" | "-c" | "--constraint" | "--file" => {
                manifest.includes.extend(words.next().map(str::to_owned));
                continue;
            }
            "-f"
            | "--find-links"
            | "-i"
            | "--index-url"
            | "--extra-index-url"
            | "-t"
            | "--target"
            | "--channel"
            | "-n"
            | "--name"
            | "-p"
            | "--prefix"
            | "--group"
            | "-G"
            | "--trusted-host"
            | "--timeout"
            | "--default-timeout"
            | "--global-option"
            | "--install-option"
            | "--override-channels" => {
                if word != "--override-channels" {
                    words.next();
                }
                continue;
            }
            "-e" | "--editable" => {
                if let Some(target) = words.next().filter(|target| target.contains("://")) {
                    manifest.add_pip(target, false, line);
                }
                continue;
            }
            // What follows is a remark.
            "#" | "//" | "then" | "and" => return,
            _ => {}
        }
        if let Some(file) = word.strip_prefix("-r").filter(|file| !file.is_empty()) {
            manifest.includes.push(file.to_owned());
            continue;
        }
        if word.starts_with(['-', '.', '/', '$', '<', '`', '\\']) || word.contains('$') {
            continue;
        }
        let looks_local =
            word.ends_with('/') || (word.contains('/') && !word.contains("://") && !word.contains("::"));
        if looks_local {
            continue;
        }
        match registry {
            Registry::Pip | Registry::Julia => {
                if let Some((name, version, pinned)) = pip_requirement(word) {
                    manifest.add(&name, &version, pinned, false, line);
                }
            }
            Registry::Conda => {
                if !word.starts_with("python=") && word != "python" && word != "pip" && word != "anaconda" {
                    add_conda(manifest, word, line);
                }
            }
            Registry::System => {
                let (name, version) = word.split_once('=').unwrap_or((word, ""));
                if is_name(name) {
                    manifest.add(name, version, !version.is_empty(), false, line);
                }
            }
        }
    }
}

/// The packages that a block of shell text installs (a document's code block, a notebook's cells), where `first_line`
/// is the line of its first; `None` where it installs nothing.
pub fn installed_by(text: &str, first_line: u32) -> Option<Manifest> {
    if !["install", "conda", "add", "Pkg"].iter().any(|word| text.contains(word)) {
        return None;
    }
    let mut manifest = Manifest::of("shell");
    for (line, command) in logical_lines(text) {
        installs(&mut manifest, &command, line + first_line.saturating_sub(1));
    }
    (!manifest.requirements.is_empty() || !manifest.includes.is_empty()).then_some(manifest)
}

/// The packages that a notebook's code cells install, by lines that begin with `!` or `%`.
pub fn installed_in(notebook: &Notebook) -> Option<Manifest> {
    let mut found = Manifest::of("shell");
    for cell in notebook.cells.iter().filter(|cell| cell.is_code && cell.source.contains("install")) {
        for (line, command) in logical_lines(&cell.source) {
            if command.starts_with(['!', '%']) {
                installs(&mut found, &command, line + cell.line.saturating_sub(1));
            }
        }
    }
    (!found.requirements.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::python;

    fn shown(path: &str, text: &str) -> Vec<String> {
        let python = path.ends_with(".py").then(|| python::parse(text));
        let manifest = parse(path, text, python.as_ref()).unwrap_or_default();
        manifest
            .requirements
            .iter()
            .map(|found| {
                let mark = |flag: bool, mark: &'static str| if flag { mark } else { "" };
                format!(
                    "{}:{} {}{}{}",
                    found.lines.first,
                    found.name,
                    found.version,
                    mark(found.pinned, " pinned"),
                    mark(found.optional, " optional")
                )
            })
            .collect()
    }

    #[test]
    fn requirement_files() {
        let text = "# comment\nnumpy\nTorch==1.2.0  # why\nscikit_learn[all]>=0.2,<1 ; python_version > '3'\n-r base.txt\n-e .\n-e git+https://example.org/a/b.git@1a2b3c4d#egg=bee\nhttps://example.org/w/foo-1.0-py3.whl\npkg @ git+https://example.org/p\nabc==1 \\\n    --hash=sha256:00\n--find-links x\ntqdm six\n";
        assert_eq!(
            shown("requirements.txt", text),
            [
                "2:numpy ",
                "3:torch ==1.2.0 pinned",
                "4:scikit-learn >=0.2,<1",
                "7:bee @ git+https://example.org/a/b.git@1a2b3c4d#egg=bee pinned",
                "8:foo @ https://example.org/w/foo-1.0-py3.whl pinned",
                "9:pkg @ git+https://example.org/p",
                "10:abc ==1 pinned",
                "13:tqdm ",
                "13:six ",
            ]
        );
        let manifest = parse("requirements.txt", text, None).unwrap_or_default();
        assert_eq!(manifest.includes, ["base.txt"]);
        assert_eq!(shown("versions.txt", "a==1.0\nb==2.0\n"), ["1:a ==1.0 pinned", "2:b ==2.0 pinned"]);
        assert_eq!(parse("data/words.txt", "a\nb\nc\n", None), None);
    }

    #[test]
    fn conda_environments() {
        let text = "name: x\nchannels:\n  - pytorch\ndependencies:\n  - python=3.8\n  - pytorch::torch=1.2=py3\n  - numpy >=1.1\n  - pip:\n    - tqdm==4.0\n  - scipy\nprefix: /x\n";
        assert_eq!(
            shown("env.yaml", text),
            [
                "5:python =3.8 pinned",
                "6:torch =1.2=py3 pinned",
                "7:numpy >=1.1",
                "9:tqdm ==4.0 pinned",
                "10:scipy "
            ]
        );
        assert_eq!(parse("config.yml", "dependencies:\n  a: 1\n", None), None);
    }

    #[test]
    fn toml_files() {
        let text = "[project]\nname = 'x'\ndependencies = [\n  'torch>=2',\n  'numpy==1.0',\n]\n[project.optional-dependencies]\ndev = ['pytest']\n[tool.poetry.dependencies]\npython = '^3.8'\nscipy = '^1.0'\n[dependency-groups]\nlint = ['ruff']\n";
        assert_eq!(
            shown("pyproject.toml", text),
            [
                "4:torch >=2",
                "5:numpy ==1.0 pinned",
                "8:pytest  optional",
                "13:ruff  optional",
                "11:scipy ^1.0"
            ]
        );
        assert_eq!(shown("uv.lock", "[[package]]\nname = 'a'\nversion = '1'\n"), ["2:a ==1 pinned"]);
        assert_eq!(
            shown("Project.toml", "[deps]\nFlux = '00'\n[compat]\nFlux = '=0.1'\n"),
            ["2:flux =0.1 pinned"]
        );
        assert!(!parse("pyproject.toml", "[[[", None).unwrap_or_default().unclear.is_empty());
    }

    #[test]
    fn a_list_that_names_itself_is_read_to_an_end() {
        let itself = format!("from setuptools import setup\na = [{}'tqdm']\n", "a, ".repeat(2_000));
        assert!(shown("setup.py", &format!("{itself}setup(install_requires=a)\n")).len() <= MOST_NAMED);
        assert!(
            shown("setup.py", &format!("{itself}b = ['torch']\nsetup(install_requires=b)\n")) == ["3:torch "]
        );
    }

    #[test]
    fn setuptools_and_containers() {
        let text = "from setuptools import setup\nneeds = ['torch', 'tqdm>=4']\nsetup(name='x', install_requires=needs,\n  extras_require={'dev': ['pytest']})\n";
        assert_eq!(shown("setup.py", text), ["2:torch ", "2:tqdm >=4", "4:pytest  optional"]);
        assert_eq!(
            shown("setup.cfg", "[options]\ninstall_requires =\n    torch\n    numpy>=1\n"),
            ["3:torch ", "4:numpy >=1"]
        );
        let text = "FROM org/pytorch:1.2\nRUN apt-get update && \\\n  apt-get install -y git \\\n && pip install -U 'torch>=1' tqdm -r more.txt\nRUN conda install -c x numpy=1.1 -y\n";
        assert_eq!(
            shown("Dockerfile", text),
            ["1:pytorch 1.2 pinned", "2:git ", "2:torch >=1", "2:tqdm ", "5:numpy =1.1 pinned"]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(?s)([\\PC\n\t]{0,60}|dependencies:\n  - [\\PC]{0,20}|\\[[a-z.]{0,9}\\]\n|[a-z]{1,5}[=<>@ ]{0,3}[\\PC]{0,9}\n){0,12}") {
            for path in [
                "requirements.txt", "env.yml", "pyproject.toml", "setup.cfg", "Pipfile", "Pipfile.lock", "uv.lock", "Dockerfile", "DESCRIPTION", "renv.lock",
                "Project.toml", "Manifest.toml", "REQUIRE", "CMakeLists.txt", "install.sh", "list.txt",
            ] {
                let _ = parse(path, &text, None);
            }
            let python = python::parse(&text);
            let _ = parse("setup.py", &text, Some(&python));
            let _ = installed_by(&text, 1);
            for path in ["a.py", "a.R", "a.jl", "a.m", "a.lua", "a.cpp", "a.sh", "a.Rmd"] {
                let _ = crate::facts::activity::read(path, &text, Some(&python).filter(|_| path == "a.py"));
            }
        }
    }

    #[test]
    fn other_languages() {
        let text =
            "Package: x\nDepends: R (>= 3.0)\nImports:\n    Rcpp (>= 1.0),\n    mgcv\nSuggests: testthat\n";
        assert_eq!(shown("DESCRIPTION", text), ["4:rcpp >= 1.0", "5:mgcv ", "6:testthat  optional"]);
        assert_eq!(shown("CMakeLists.txt", "find_package(OpenCV 4 REQUIRED)\n"), ["1:opencv 4"]);
        assert_eq!(shown("a.R", "library(mgcv)\n# install.packages('a')\ninstall.packages('b')\n"), ["3:b "]);
        assert_eq!(shown("setup.jl", "using Pkg\nPkg.add([\"Flux\"])\n"), ["2:flux "]);
        assert_eq!(shown("CMakeLists.txt", "FetchContent_Declare(json GIT_TAG v1)\n"), ["1:json "]);
        let found = installed_by("install.packages(c(\"mgcv\", 'nlme'))\n", 10).unwrap_or_default();
        assert_eq!(found.requirements.iter().map(|found| found.lines.first).collect::<Vec<_>>(), [10, 10]);
    }
}
