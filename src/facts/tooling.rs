//! What keeps the code in shape: linters, formatters, hooks, continuous integration, containers, tests, documentation.

use super::document::{LineIndex, Lines};
use super::plan::Kind;
use super::python::{Call, Definition, PythonModule};
use super::{Block, BlockKind, Document, Facts, FileFacts, Link, Markup, foreign};
use crate::pattern::Pattern;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

/// What a tool does with code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Points at mistakes.
    Linter,
    /// Lays code out.
    Formatter,
}

/// Where a tool is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// A configuration file or section of its own.
    Configuration,
    /// A pre-commit hook.
    Hook,
    /// A step of continuous integration.
    ContinuousIntegration,
    /// A command of a Makefile, tox or nox.
    Command,
}

/// A linter or a formatter that the project uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolUse {
    /// What it does.
    pub role: Role,
    /// Its name.
    pub name: String,
    /// How it is set up.
    pub setup: Setup,
    /// Where.
    pub path: String,
    /// The lines there.
    pub lines: Lines,
}

/// Names of linters as they are called on a command line and in hooks.
const LINTERS: &[&str] = &[
    "flake8",
    "pylint",
    "ruff",
    "ruff-check",
    "pycodestyle",
    "pep8",
    "pyflakes",
    "pydocstyle",
    "prospector",
    "pylama",
    "lintr",
    "eslint",
    "cpplint",
    "clang-tidy",
    "cppcheck",
    "luacheck",
    "codespell",
    "pyupgrade",
    "mlint",
    "golangci-lint",
    "cargo-clippy",
    "clippy",
    "nbqa-flake8",
    "nbqa-ruff",
    "nbqa-pylint",
    "flakeheaven",
    "flakehell",
];

/// Names of formatters as they are called on a command line and in hooks.
const FORMATTERS: &[&str] = &[
    "black",
    "black-jupyter",
    "isort",
    "yapf",
    "autopep8",
    "ruff-format",
    "clang-format",
    "styler",
    "style-files",
    "prettier",
    "docformatter",
    "blue",
    "pyink",
    "ufmt",
    "usort",
    "darker",
    "rustfmt",
    "gofmt",
    "nbqa-black",
    "nbqa-isort",
    "juliaformatter",
    "cmake-format",
    "stylua",
    "yapfify",
];

/// Every linter and formatter that the project sets up, in order of path and line.
pub fn tools(facts: &Facts, foreign: &[String]) -> Vec<ToolUse> {
    const DEEPEST: usize = 3;
    let mut found = Vec::new();
    for (path, file) in &facts.files {
        let within = facts.within_project(path);
        if within.matches('/').count() > DEEPEST || foreign::holds(foreign, path) {
            continue;
        }
        let name = within.rsplit_once('/').map_or(within, |(_, name)| name).to_ascii_lowercase();
        found.extend(by_file_name(path, &name, file));
        match name.as_str() {
            "pyproject.toml" | "setup.cfg" | "tox.ini" | ".pep8" | ".pycodestyle" => {
                found.extend(by_section(path, &file.text));
            }
            ".pre-commit-config.yaml" | ".pre-commit-config.yml" => found.extend(by_hook(path, &file.text)),
            _ => {}
        }
        if is_continuous_integration(within) {
            found.extend(by_command(path, &file.text, Setup::ContinuousIntegration));
        } else if matches!(name.as_str(), "makefile" | "justfile" | "tox.ini" | "noxfile.py" | "tasks.py") {
            found.extend(by_command(path, &file.text, Setup::Command));
        }
    }
    found
}

/// Whether a path configures continuous integration.
pub fn is_continuous_integration(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit_once('/').map_or(lower.as_str(), |(_, name)| name);
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    yaml && (lower.starts_with(".github/workflows/")
        || lower.starts_with(".circleci/")
        || name.starts_with("azure-pipelines")
        || lower.starts_with(".azure")
        || matches!(
            name,
            ".travis.yml"
                | ".gitlab-ci.yml"
                | "appveyor.yml"
                | ".appveyor.yml"
                | ".drone.yml"
                | ".cirrus.yml"
        ))
}

fn by_file_name(path: &str, name: &str, file: &FileFacts) -> Option<ToolUse> {
    if file.text.trim().is_empty() {
        return None;
    }
    let (role, tool) = match name {
        ".flake8" => (Role::Linter, "flake8"),
        ".pylintrc" | "pylintrc" | ".pylintrc.toml" => (Role::Linter, "pylint"),
        "ruff.toml" | ".ruff.toml" => (Role::Linter, "ruff"),
        ".lintr" => (Role::Linter, "lintr"),
        ".clang-tidy" => (Role::Linter, "clang-tidy"),
        ".luacheckrc" => (Role::Linter, "luacheck"),
        ".prospector.yaml" | ".prospector.yml" => (Role::Linter, "prospector"),
        _ if name.starts_with(".eslintrc") || name.starts_with("eslint.config") => (Role::Linter, "eslint"),
        ".style.yapf" => (Role::Formatter, "yapf"),
        ".isort.cfg" => (Role::Formatter, "isort"),
        ".clang-format" => (Role::Formatter, "clang-format"),
        ".juliaformatter.toml" => (Role::Formatter, "JuliaFormatter"),
        "rustfmt.toml" | ".rustfmt.toml" => (Role::Formatter, "rustfmt"),
        _ if name.starts_with(".prettierrc") => (Role::Formatter, "prettier"),
        _ => return None,
    };
    Some(tool_use(role, tool, Setup::Configuration, path, Lines::at(1)))
}

fn tool_use(role: Role, name: &str, setup: Setup, path: &str, lines: Lines) -> ToolUse {
    ToolUse { role, name: name.to_owned(), setup, path: path.to_owned(), lines }
}

fn by_section(path: &str, text: &str) -> Vec<ToolUse> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let at = Lines::at(number as u32 + 1);
        let Some(section) = line.strip_prefix('[').map(|rest| rest.trim_start_matches('[')) else {
            // Linters that pytest runs.
            for tool in ["flake8", "pylint", "pycodestyle", "ruff"] {
                if line.starts_with("addopts") && line.contains(&format!("--{tool}")) {
                    found.push(tool_use(Role::Linter, tool, Setup::Configuration, path, at));
                }
            }
            continue;
        };
        let section = section.trim_end_matches(']').trim_start_matches("tool.").trim_start_matches("tool:");
        let section = section.to_ascii_lowercase();
        let (first, second) = section.split_once('.').unwrap_or((&section, ""));
        let (role, tool) = match (first, second) {
            ("ruff", "format") => (Role::Formatter, "ruff format"),
            (first, _) if LINTERS.contains(&first) => (Role::Linter, first),
            ("messages control" | "master" | "format", _) => continue,
            (first, _) if FORMATTERS.contains(&first) => (Role::Formatter, first),
            _ => continue,
        };
        found.push(tool_use(role, tool, Setup::Configuration, path, at));
    }
    found
}

fn by_hook(path: &str, text: &str) -> Vec<ToolUse> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((_, id)) = line.trim_start().split_once("id:") else { continue };
        if line.trim_start().starts_with('#') {
            continue;
        }
        let id = id.trim().trim_matches(['"', '\'']).split([' ', '#']).next().unwrap_or_default();
        let id = id.to_ascii_lowercase();
        let role = if LINTERS.contains(&id.as_str()) {
            Role::Linter
        } else if FORMATTERS.contains(&id.as_str()) {
            Role::Formatter
        } else {
            continue;
        };
        found.push(tool_use(role, &id, Setup::Hook, path, Lines::at(number as u32 + 1)));
    }
    found
}

fn by_command(path: &str, text: &str, setup: Setup) -> Vec<ToolUse> {
    static COMMAND: Pattern = Pattern::text(
        r#"(?:^\s*@?-?|&&|;|\|\||\brun:|\bscript:|\bcommands\s*=|\(|["'])\s*(?:(?:uv run|uvx|poetry run|pipenv run|pixi run|hatch run|conda run|pdm run|npx|python\d?(?:\.\d+)? -m|time|-)\s+)*(flake8|pylint|ruff|pycodestyle|pep8|pyflakes|pydocstyle|prospector|pylama|eslint|cpplint|clang-tidy|cppcheck|black|isort|yapf|autopep8|clang-format|prettier|docformatter|ufmt)((?:["',]?\s[^\n&;|]*)|["',]|$)"#,
    );
    static ACTION: Pattern = Pattern::text(
        r"uses:\s*\S*(psf/black|ruff-action|action-ruff|flake8|pylint|isort-action|lint-action|clang-format|super-linter)",
    );
    let mut found = Vec::new();
    let (commands, actions) = (COMMAND.within(text), ACTION.within(text));
    if commands.is_none() && actions.is_none() {
        return found;
    }
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('#') {
            continue;
        }
        let at = Lines::at(number as u32 + 1);
        for command in commands.into_iter().flat_map(|command| command.captures_iter(line)) {
            let name = command.get(1).map_or("", |tool| tool.as_str());
            let rest = command.get(2).map_or("", |rest| rest.as_str());
            // A list of packages to install, or a key of the same name.
            if line.contains("install") && !line.contains("&&") && !line.contains(';')
                || rest.trim_start().starts_with(':')
            {
                continue;
            }
            let formats = FORMATTERS.contains(&name) || name == "ruff" && rest.contains("format");
            let role = if formats { Role::Formatter } else { Role::Linter };
            found.push(tool_use(role, name, setup, path, at));
        }
        if let Some(action) = actions.and_then(|action| action.captures(line)) {
            let name = action.get(1).map_or("", |tool| tool.as_str());
            let formats = name.contains("black") || name.contains("isort") || name.contains("format");
            let role = if formats { Role::Formatter } else { Role::Linter };
            found.push(tool_use(role, name, setup, path, at));
        }
    }
    found
}

/// A file that describes an environment to run in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// `Docker`, `devcontainer`, `Apptainer` or `Nix`.
    pub tool: &'static str,
    /// Where.
    pub path: String,
    /// Where it installs what the code needs.
    pub installs: Vec<Lines>,
    /// Base images: as written, where, and whether each names one version or digest.
    pub bases: Vec<(String, u32, bool)>,
}

/// The container descriptions of the project.
pub fn containers(facts: &Facts, foreign: &[String]) -> Vec<Container> {
    let mut found = Vec::new();
    for (path, file) in &facts.files {
        if foreign::holds(foreign, path) {
            continue;
        }
        let lower = path.to_ascii_lowercase();
        let name = lower.rsplit_once('/').map_or(lower.as_str(), |(_, name)| name);
        let tool =
            if name.starts_with("dockerfile") || name.ends_with("dockerfile") || name == "containerfile" {
                "Docker"
            } else if name == "devcontainer.json" || name == ".devcontainer.json" {
                "devcontainer"
            } else if name == "singularity"
                || name == "apptainer"
                || name.ends_with(".def")
                || name.starts_with("singularity.")
            {
                "Apptainer"
            } else if matches!(name, "flake.nix" | "default.nix" | "shell.nix") {
                "Nix"
            } else {
                continue;
            };
        let container = match tool {
            "devcontainer" => devcontainer(path, &file.text),
            "Nix" => nix(path, &file.text),
            tool => recipe(path, &file.text, tool),
        };
        if tool != "Apptainer" || !container.bases.is_empty() {
            found.push(container);
        }
    }
    found
}

fn installs(line: &str) -> bool {
    static INSTALLS: Pattern = Pattern::text(
        r"(?i)\b(?:pip3?|conda|mamba|micromamba|uv|poetry|pdm|pipenv|pixi|apt(?:-get)?|apk|yum|dnf|npm|cargo|install2\.r|renv)\b[^&;|]*\b(?:install|sync|create|update|add|restore)\b|setup\.py (?:install|develop)|install\.packages|install_github|Pkg\.(?:add|instantiate)|\buv sync|install2\.r",
    );
    INSTALLS.is_in(line)
}

/// A Dockerfile or an Apptainer definition.
fn recipe(path: &str, text: &str, tool: &'static str) -> Container {
    let mut container = Container { tool, path: path.to_owned(), installs: Vec::new(), bases: Vec::new() };
    let mut stages: HashSet<String> = HashSet::new();
    let mut defaults: Vec<(String, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default().to_ascii_uppercase();
        if first == "ARG"
            && let Some((name, value)) = words.clone().next().and_then(|word| word.split_once('='))
        {
            defaults.push((name.to_owned(), value.trim_matches(['"', '\'']).to_owned()));
        }
        if first == "FROM" || first == "FROM:" {
            let image = words.find(|word| !word.starts_with("--")).unwrap_or_default();
            let mut resolved = image.to_owned();
            for (name, value) in &defaults {
                resolved =
                    resolved.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
            }
            if !stages.contains(&resolved.to_ascii_lowercase()) && !image.is_empty() && image != "scratch" {
                container.bases.push((resolved.clone(), number, is_pinned_image(&resolved)));
            }
            let rest: Vec<&str> = words.collect();
            if let [as_word, stage, ..] = rest.as_slice()
                && as_word.eq_ignore_ascii_case("as")
            {
                stages.insert(stage.to_ascii_lowercase());
            }
        }
        if installs(line) {
            container.installs.push(Lines::at(number));
        }
    }
    container
}

/// Whether an image reference names one version: a digest, or a tag with a number in it.
fn is_pinned_image(image: &str) -> bool {
    if image.contains("@sha256:") {
        return true;
    }
    let last = image.rsplit('/').next().unwrap_or_default();
    last.split_once(':')
        .is_some_and(|(_, tag)| tag.bytes().any(|byte| byte.is_ascii_digit()) && !tag.contains("latest"))
}

fn devcontainer(path: &str, text: &str) -> Container {
    let mut container =
        Container { tool: "devcontainer", path: path.to_owned(), installs: Vec::new(), bases: Vec::new() };
    for (number, line) in text.lines().enumerate() {
        let number = number as u32 + 1;
        if line.trim_start().starts_with("//") {
            continue;
        }
        if let Some((_, rest)) = line.split_once("\"image\"") {
            let image = rest.trim_start_matches([':', ' ', '\t']).trim_matches(['"', ',', ' ']);
            container.bases.push((image.to_owned(), number, is_pinned_image(image)));
        }
        if installs(line) || line.contains("\"dockerFile\"") || line.contains("\"dockerfile\"") {
            container.installs.push(Lines::at(number));
        }
    }
    container
}

fn nix(path: &str, text: &str) -> Container {
    let mut container =
        Container { tool: "Nix", path: path.to_owned(), installs: Vec::new(), bases: Vec::new() };
    for (number, line) in text.lines().enumerate() {
        let number = number as u32 + 1;
        if ["buildInputs", "packages", "withPackages", "propagatedBuildInputs"]
            .iter()
            .any(|word| line.contains(word))
        {
            container.installs.push(Lines::at(number));
        }
        if line.contains("nixpkgs")
            && (line.contains("url") || line.contains("fetch") || line.contains("import"))
        {
            let pinned = line.contains("nixos-") || line.contains("archive/");
            container.bases.push((line.trim().to_owned(), number, pinned));
        }
    }
    container
}

/// A test function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Where.
    pub path: String,
    /// The lines of its first check.
    pub check: Lines,
    /// Its name.
    pub name: String,
}

/// Automated tests of the project's own code that check something.
pub fn tests(facts: &Facts, foreign: &[String]) -> Vec<Test> {
    let mut local: HashSet<&str> = HashSet::new();
    for entry in facts.tree.entries().iter().filter(|entry| facts.files_hold(&entry.path)) {
        let mut parts = entry.path.split('/').rev();
        let name = parts.next().unwrap_or_default();
        if let Some(stem) = name.strip_suffix(".py").or_else(|| name.strip_suffix(".pyx")) {
            local.insert(stem);
            local.extend(parts);
        }
    }
    let mut found = Vec::new();
    for (path, file) in &facts.files {
        if foreign::holds(foreign, path) {
            continue;
        }
        if let Some(module) = &file.python {
            // An extension that is built next to its tests is named in its setup.py alone.
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let beside_setup = facts.files.contains_key(&format!("{folder}/setup.py"));
            found.extend(python_tests(path, file, module, &local, beside_setup));
        } else if Kind::of(path) == Kind::Script {
            found.extend(script_tests(path, &file.text));
        }
    }
    found
}

/// Whether a path is where tests are kept, or is named as they are.
pub fn is_test_path(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.split('.').next().unwrap_or_default();
    folders
        .split('/')
        .any(|folder| matches!(folder, "test" | "tests" | "testing" | "unit_tests" | "unittests"))
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || matches!(stem, "test" | "tests" | "unit_tests" | "unittests")
}

fn python_tests(
    path: &str,
    file: &FileFacts,
    module: &PythonModule,
    local: &HashSet<&str>,
    beside_setup: bool,
) -> Vec<Test> {
    let is_case = |definition: &Definition| {
        definition.bases.iter().any(|base| {
            base.rsplit('.').next().is_some_and(|base| base.ends_with("TestCase") || base == "Test")
        })
    };
    let has_cases = module.definitions.iter().any(is_case);
    if !has_cases && !is_test_path(path) {
        return Vec::new();
    }
    let own = module.imports.iter().any(|import| {
        import.level > 0
            || import.module.split('.').next().is_some_and(|first| local.contains(first))
            || import.name.as_deref().is_some_and(|name| import.module.is_empty() && local.contains(name))
    });
    let kept_as_tests = path.split('/').rev().skip(1).any(|folder| matches!(folder, "test" | "tests"));
    let known = own || kept_as_tests || (has_cases && beside_setup);
    if !known {
        return Vec::new();
    }
    let lines: Vec<&str> = file.text.lines().collect();
    let handed: HashSet<&str> = module
        .calls
        .iter()
        .filter(|call| call.arguments.iter().any(|argument| argument.keyword.is_none()))
        .map(|call| call.name.as_str())
        .collect();
    let is_check = |call: &&Call| {
        let method = call.method();
        method.starts_with("assert")
            || matches!(method, "raises" | "fail" | "run_in_graph_and_eager_modes")
            || call.name.starts_with("chex.assert")
            || method.starts_with("check_")
    };
    let mut checks: Vec<&Call> = module.calls.iter().filter(is_check).collect();
    checks.sort_by_key(|call| call.lines.first);
    let mut helpers: HashMap<Option<usize>, Lines> = HashMap::new();
    for call in module.calls.iter().filter(|call| call.method().contains("check")) {
        helpers.entry(call.scope).or_insert(call.lines);
    }
    let mut found = Vec::new();
    for (index, definition) in module.definitions.iter().enumerate() {
        let parent = definition.parent.and_then(|parent| module.definitions.get(parent));
        let in_case = parent.is_some_and(is_case);
        let named = definition.name.strip_prefix("test").is_some_and(|rest| {
            rest.starts_with('_')
                || rest.starts_with(|first: char| first.is_ascii_uppercase() || first.is_ascii_digit())
        });
        let stands = parent.is_none_or(|parent| parent.is_class);
        if definition.is_class || !(named && stands || in_case && definition.name.starts_with("test")) {
            continue;
        }
        // A function that the module hands a model to is a part of it, and no test.
        if handed.contains(definition.name.as_str()) && !in_case {
            continue;
        }
        let after = checks.partition_point(|call| call.lines.first < definition.lines.first);
        let by_call = checks.get(after).filter(|call| definition.lines.contains(call.lines.first));
        let by_statement = (definition.lines.first..=definition.lines.last).find(|number| {
            lines.get(*number as usize - 1).is_some_and(|line| {
                let line = line.trim_start();
                line.starts_with("assert ") || line.starts_with("assert(")
            })
        });
        let check = match (by_call.map(|call| call.lines), by_statement) {
            (Some(lines), Some(number)) if lines.first < number => Some(lines),
            (_, Some(number)) => Some(Lines::at(number)),
            (Some(lines), None) => Some(lines),
            // A helper of the same class or module checks.
            (None, None) => helpers.get(&Some(index)).copied(),
        };
        if let Some(check) = check {
            found.push(Test { path: path.to_owned(), check, name: definition.name.clone() });
        }
    }
    found
}

fn script_tests(path: &str, text: &str) -> Option<Test> {
    static CHECK: Pattern = Pattern::text(
        r"(?m)^\s*(?:@test(?:_throws|_broken)?\b|expect_\w+\(|test_that\(|(?:ASSERT|EXPECT)_\w+\(|(?:TEST_CASE|REQUIRE|CHECK)\s*\(|verify\w+\(testCase|testCase\.(?:verify|assert)\w+\(|#\[test\]|func Test\w+\()",
    );
    let lower = path.to_ascii_lowercase();
    if !lower.contains("test") {
        return None;
    }
    let at = CHECK.find(text)?.start();
    let check =
        Lines::at(LineIndex::new(text).line(at + text.get(at..)?.len() - text.get(at..)?.trim_start().len()));
    Some(Test { path: path.to_owned(), check, name: path.rsplit('/').next().unwrap_or(path).to_owned() })
}

/// Where the tests are run: a step of continuous integration, a command in a document or a Makefile.
pub fn test_runs(facts: &Facts, foreign: &[String]) -> Vec<(String, u32)> {
    static RUN: Pattern = Pattern::text(
        r"(?m)(?:^|[\s;&|('`$])(?:pytest|py\.test|nosetests|nose2|tox|nox|python\d? -m (?:pytest|unittest|nose)|python\d? setup\.py test|make (?:test|check)|bazel test|testthat::|Pkg\.test|devtools::test|absltest|julia-runtest|ctest|python\d? \S*\btest\w*\.py)\b",
    );
    let mut found = Vec::new();
    for (path, file) in &facts.files {
        if foreign::holds(foreign, path) {
            continue;
        }
        let within = facts.within_project(path);
        let name = within.rsplit_once('/').map_or(within, |(_, name)| name).to_ascii_lowercase();
        if is_continuous_integration(within)
            || matches!(name.as_str(), "makefile" | "tox.ini" | "noxfile.py" | "justfile")
        {
            if let Some(at) = RUN.find(&file.text) {
                found.push((path.clone(), LineIndex::new(&file.text).line(at.end().saturating_sub(1))));
            }
        } else if let Some(document) = &file.document {
            let block = document
                .blocks
                .iter()
                .find(|block| matches!(block.kind, BlockKind::Code { .. }) && RUN.is_in(&block.text));
            let inline = document.inline_code.iter().find(|code| RUN.is_in(&code.text));
            let line = block.map(|block| block.lines.first).or(inline.map(|code| code.line));
            found.extend(line.map(|line| (path.clone(), line)));
        }
    }
    found
}

/// A page or a site that explains how to use the code, beyond the README.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documentation {
    /// Where: the page itself, or the place that links to the site.
    pub path: String,
    /// The lines there.
    pub lines: Lines,
    /// What it is.
    pub kind: DocumentationKind,
}

/// What documentation there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentationKind {
    /// A page in the tree.
    Page,
    /// A page that a generator builds a site from.
    Site,
    /// A tutorial in the tree.
    Tutorial,
    /// A link to a site, a wiki or a tutorial elsewhere.
    Link,
}

/// Documentation beyond the README.
pub fn documentation(facts: &Facts, foreign: &[String]) -> Vec<Documentation> {
    let mut found = Vec::new();
    for (path, file) in &facts.files {
        if foreign::holds(foreign, path) {
            continue;
        }
        let within = facts.within_project(path);
        if matches!(
            within,
            "mkdocs.yml"
                | "mkdocs.yaml"
                | "docs/conf.py"
                | "doc/conf.py"
                | "docs/source/conf.py"
                | "doc/source/conf.py"
                | "docs/_toc.yml"
        ) {
            found.push(Documentation {
                path: path.clone(),
                lines: Lines::at(1),
                kind: DocumentationKind::Site,
            });
        }
        let Some(document) = &file.document else { continue };
        if facts.readme.as_deref() == Some(path.as_str()) {
            found.extend(links(document, &names(facts, document)));
            found.extend(tutorials(facts, document));
        } else if let Some(kind) = page(facts, within, document, file) {
            let line = document.sections.get(1).map_or(1, |section| section.lines.first);
            found.push(Documentation { path: path.clone(), lines: Lines::at(line), kind });
        }
    }
    found
}

fn page(facts: &Facts, within: &str, document: &Document, file: &FileFacts) -> Option<DocumentationKind> {
    static RUNS: Pattern = Pattern::text(
        r"(?m)^\s*(?:[$>]\s*)?(?:[A-Z_]+=\S+ )*(?:python\d?|torchrun|accelerate|bash|sh|\./|mpirun|deepspeed|julia|Rscript|matlab|make|srun|sbatch)\b|^\s*(?:import|from) \w+",
    );
    let lower = within.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let about_the_project = [
        "readme",
        "license",
        "licence",
        "contributing",
        "code_of_conduct",
        "code-of-conduct",
        "changelog",
        "changes",
        "history",
        "authors",
        "security",
        "citation",
        "news",
        "notice",
        "third-party",
        "model_card",
        "model-card",
        "modelcard",
        "pull_request_template",
        "issue_template",
        "copying",
        "todo",
        "acknowledg",
        "maintainers",
        "datasheet",
        "roadmap",
        "release",
        "agents",
        "claude",
        "governance",
        "thirdparty",
        "support",
    ];
    if document.markup == Markup::Plain && !lower.ends_with(".org") && !lower.ends_with(".adoc")
        || file
            .notebook
            .as_ref()
            .is_some_and(|notebook| notebook.cells.iter().filter(|cell| !cell.is_code).count() < 3)
        || folders.split('/').any(|folder| folder == ".github" || folder == "issue_template")
    {
        return None;
    }
    let words: usize = document.blocks.iter().map(|block| block.text.split_whitespace().count()).sum();
    let tutorial = |text: &str| {
        [
            "tutorial",
            "getting_started",
            "getting-started",
            "quickstart",
            "quick_start",
            "user_guide",
            "walkthrough",
        ]
        .iter()
        .any(|word| text.contains(word))
    };
    if words >= 40 && (tutorial(stem) || folders.split('/').any(tutorial)) && !tests_or_data(folders) {
        return Some(DocumentationKind::Tutorial);
    }
    // `README_training.md` beside the README is a page of its own; `README_zh.md` is the README again.
    let translated = |rest: &str| {
        let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
        rest.is_empty()
            || rest.split(['-', '_']).any(|part| part.len() <= 2 || part.chars().all(|c| c.is_ascii_digit()))
    };
    let is_variant = folders.is_empty()
        && stem.strip_prefix("readme").is_some_and(|rest| !translated(rest) && rest.starts_with(['_', '-']));
    if file.notebook.is_some()
        || stem.contains("readme") && !is_variant
        || about_the_project.iter().any(|known| stem.starts_with(known)) && !is_variant
    {
        return None;
    }
    let in_docs = folders.split('/').next().is_some_and(|folder| {
        matches!(folder, "doc" | "docs" | "documentation" | "guide" | "guides" | "wiki" | "manual")
    });
    const SHORTEST: usize = 25;
    if in_docs && words >= SHORTEST {
        return Some(DocumentationKind::Page);
    }
    // A page that the README leads to, or that stands beside it, with commands to run.
    let path = facts.at_root(within);
    let guided = !stem.starts_with("install") && (folders.is_empty() || facts.guided.contains(&path));
    let runs = document
        .blocks
        .iter()
        .any(|block| matches!(block.kind, BlockKind::Code { .. }) && RUNS.is_in(&block.text));
    const LONG: usize = 100;
    let says = ["documentation", "manual", "user_guide", "userguide", "howto"];
    let named = stem.split(['-', '_']).any(|word| says.contains(&word));
    (guided && (runs && words >= SHORTEST || named && words >= LONG)).then_some(DocumentationKind::Page)
}

fn tests_or_data(folders: &str) -> bool {
    folders.split('/').any(|folder| matches!(folder, "tests" | "test" | "data" | "datasets"))
}

/// Words that name the project: the README's title, the package's name.
fn names(facts: &Facts, readme: &Document) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        for word in text.split(|character: char| !character.is_alphanumeric()) {
            let word = word.to_lowercase();
            if word.len() >= 4 && !found.contains(&word) {
                found.push(word);
            }
        }
    };
    if let Some(section) = readme.sections.iter().find(|section| section.level == 1) {
        add(&section.title);
    }
    for entry in facts.tree.entries().iter().filter(|entry| entry.path.ends_with("__init__.py")) {
        let within = facts.within_project(&entry.path);
        let mut parts = within.split('/');
        if let (Some(first), Some(_)) = (parts.next(), parts.next()) {
            add(first);
        }
    }
    found
}

/// Notebooks that the README calls tutorials: in the sentence that names them, or by the heading above their link.
fn tutorials(facts: &Facts, readme: &Document) -> Vec<Documentation> {
    let says = |text: &str| text.to_lowercase().contains("tutorial");
    let at = |line: u32, kind: DocumentationKind| Documentation {
        path: readme.path.clone(),
        lines: Lines::at(line),
        kind,
    };
    let folder = readme.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let stands = |target: &str| {
        target.ends_with(".ipynb")
            && facts.tree.has_file(&format!("{folder}{}", target.trim_start_matches("./")))
    };
    let is_sentence = |block: &&Block| {
        !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. }) && says(&block.text)
    };
    let mut saying: Vec<Lines> = readme.blocks.iter().filter(is_sentence).map(|block| block.lines).collect();
    Lines::reach_on(&mut saying);
    let sentence = |line: u32| Lines::any_contains(&saying, line);
    let named = readme
        .inline_code
        .iter()
        .filter(|code| stands(&code.text) && sentence(code.line))
        .map(|code| at(code.line, DocumentationKind::Tutorial));
    let linked = readme.links.iter().filter_map(|link| {
        let headed = readme.sections.get(link.section).is_some_and(|section| says(&section.title));
        let colab = link.target.contains("colab.research.google.com/") && !link.target.contains("/assets/");
        if stands(&link.target) && (headed || sentence(link.line)) {
            Some(at(link.line, DocumentationKind::Tutorial))
        } else {
            (colab && headed).then(|| at(link.line, DocumentationKind::Link))
        }
    });
    named.chain(linked).collect()
}

/// Links of the README to documentation of this project elsewhere.
fn links(readme: &Document, names: &[String]) -> Vec<Documentation> {
    // Documentation of what people build on, which names their projects too.
    const OTHERS: [&str; 12] = [
        "huggingface.co/docs",
        "pytorch.org",
        "tensorflow.org",
        "scikit-learn.org",
        "numpy.org",
        "docs.python.org",
        "docs.nvidia.com",
        "docs.wandb",
        "docs.docker.com",
        "docs.conda.io",
        "docs.github.com",
        "lightning.ai",
    ];
    let says = |words: &str| {
        ["documentation", "docs", "tutorial", "user guide", "api reference", "manual"]
            .iter()
            .any(|word| words.contains(word))
    };
    let mut badges: HashMap<u32, &Link> = HashMap::new();
    for image in readme.links.iter().filter(|link| link.image) {
        badges.entry(image.line).or_insert(image);
    }
    // Each paragraph is read once, however many links it holds.
    let mut speaking: HashMap<usize, bool> = HashMap::new();
    let mut found = Vec::new();
    for link in readme.links.iter().filter(|link| link.target.starts_with("http")) {
        let target = link.target.to_lowercase();
        // A badge says on its picture what its link leads to.
        let badge = badges.get(&link.line).filter(|_| !link.image);
        let text = match badge {
            Some(badge) if link.text.trim().is_empty() => badge.text.to_lowercase(),
            _ => link.text.to_lowercase(),
        };
        if OTHERS.iter().any(|other| target.contains(other)) {
            continue;
        }
        let host =
            target.split("://").nth(1).unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
        let ours = names.iter().any(|name| target.contains(name.as_str()));
        let at = readme.block_at(link.line);
        let mut sentence_says = || {
            at.and_then(|at| Some((at, readme.blocks.get(at)?))).is_some_and(|(at, block)| {
                *speaking.entry(at).or_insert_with(|| says(&block.text.to_lowercase()))
            })
        };
        let hosted = host.contains("readthedocs") || host.ends_with(".rtfd.io");
        let wiki = host == "github.com" && target.contains("/wiki");
        let site = hosted && ours
            || wiki && (ours || sentence_says() || text.contains("wiki"))
            || ours && !link.image && (says(&text) || link.bare && sentence_says()) && !host.contains("arxiv") && host != "github.com" && !host.contains("img.shields") && !host.contains("colab")
            // A badge at the top.
            || says(&text) && (link.image || text.len() < 20) && (target.contains("docs") || hosted || ours) && link.section <= 1 && !host.contains("img.shields") && host != "github.com";
        if site {
            found.push(Documentation {
                path: readme.path.clone(),
                lines: Lines::at(link.line),
                kind: DocumentationKind::Link,
            });
        }
    }
    found
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn commands_are_told_from_installations() {
        let of = |text: &str| {
            by_command("ci.yml", text, Setup::ContinuousIntegration)
                .into_iter()
                .map(|found| (found.role, found.name))
                .collect::<Vec<_>>()
        };
        assert_eq!(of("  - run: flake8 src"), [(Role::Linter, "flake8".to_owned())]);
        assert_eq!(of("        ruff format --check ."), [(Role::Formatter, "ruff".to_owned())]);
        assert_eq!(
            of("    - script: 'pip install pycodestyle && pycodestyle moss'"),
            [(Role::Linter, "pycodestyle".to_owned())]
        );
        assert!(of("  - pip install flake8 black").is_empty());
    }

    #[test]
    fn images_are_pinned_by_a_numbered_tag_or_a_digest() {
        let container = recipe(
            "Dockerfile",
            "ARG V=2.1.0\nFROM pytorch/pytorch:${V} AS base\nRUN pip install -r requirements.txt\nFROM base\n",
            "Docker",
        );
        assert_eq!(container.bases, [("pytorch/pytorch:2.1.0".to_owned(), 2, true)]);
        assert_eq!(container.installs, [Lines::at(3)]);
        assert!(!is_pinned_image("ubuntu:latest"));
        assert!(!is_pinned_image("localhost:5000/moss"));
    }
}
