//! What has to be installed is said, can be installed, and is all of it.

use crate::facts::activity::{self, is_vendored};
use crate::facts::{Block, BlockKind, Document, Facts, environment, foreign, packages, plan};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// The rule; its source is the ML Code Completeness Checklist, item 1.
pub(super) static RULE: Rule = Rule {
    id: "checklist/dependencies",
    standard: Standard::Checklist,
    title: "Dependencies",
    summary: "Dependencies are specified, with instructions to install them",
    reason: "code that cannot be installed cannot be run again",
    theme: Theme::Training,
    weight: 10.0,
    parts: &[
        Part { id: "specified", title: "dependencies are named", share: 5 },
        Part { id: "install-instructions", title: "how to install them is said", share: 2 },
        Part { id: "complete", title: "every import of the code is declared", share: 3 },
    ],
    options: &[],
    docs: include_str!("dependencies.md"),
    judge: Judge::Project(judge),
};

const MOST_EVIDENCE: usize = 6;

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let mut evidence = declared(facts, Whose::Own);
    let mut documents = install_documents(facts, NEAR);
    let mut named = named_in(&documents);
    forget_itself(facts, &mut named);
    let says_nothing = evidence.is_empty() && named.iter().all(|(_, places)| places.is_empty());
    if says_nothing && documents.iter().any(|document| environment::sends_into_folders(document)) {
        documents = install_documents(facts, FAR);
        named = named_in(&documents);
        // Far away only what everybody knows is believed.
        for (_, places) in &mut named {
            places.retain(|place| place.packages.iter().any(|name| packages::is_well_known(name)));
        }
    }
    // Code that was brought along is installed by its own list, where there is no other.
    if evidence.is_empty() && named.iter().all(|(_, places)| places.is_empty()) {
        evidence = declared(facts, Whose::Copied);
    }
    for (document, places) in &named {
        let shown = places.iter().take(3).map(|place| {
            Evidence::new(document.path.as_str(), place.lines, format!("names {}", place.packages.join(", ")))
        });
        evidence.extend(shown);
    }
    evidence.truncate(MOST_EVIDENCE);
    let specified = PartJudgement::from_evidence("specified", evidence);
    let instructions = PartJudgement::from_evidence("install-instructions", instructions(facts, &named));
    let imports = third_party_imports(facts);
    let missing = undeclared(facts, &named, &imports);
    let complete = if imports.is_empty() {
        PartJudgement::not_applicable("complete", "no Python code imports a package")
    } else if missing.is_empty() && specified.evidence.is_empty() {
        PartJudgement::missing("complete")
    } else if missing.is_empty() {
        PartJudgement::met("complete", specified.evidence.iter().take(1).cloned().collect())
    } else {
        PartJudgement::missing("complete")
    };
    let fix = fix(facts, &specified, &instructions, &missing, &imports);
    let mut looked_at: Vec<String> = documents.iter().map(|document| document.path.clone()).collect();
    looked_at.push("requirements files, environment files, pyproject.toml, setup.py, containers".to_owned());
    Judgement { parts: vec![specified, instructions, complete], looked_at, fix, ..Judgement::default() }
}

/// How deep the folders lie whose READMEs are asked: deeper ones are other people's as often as not, and are asked
/// where the near ones say nothing and send a reader into folders.
const NEAR: usize = 1;
const FAR: usize = 3;

/// What documents name, of each.
fn named_in<'facts>(documents: &[&'facts Document]) -> Vec<(&'facts Document, Vec<environment::Named>)> {
    documents.iter().map(|document| (*document, environment::named(document))).collect()
}

/// Leaves out the project's own name: a command that installs it says nothing of what it needs.
fn forget_itself(facts: &Facts, named: &mut [(&Document, Vec<environment::Named>)]) {
    let is_own = |name: &str| {
        let module = name.replace('-', "_");
        let code = [format!("{module}.py"), format!("{module}/__init__.py")];
        !packages::is_well_known(name) && code.iter().any(|path| facts.tree.has_file(&facts.at_root(path)))
    };
    for place in named.iter_mut().flat_map(|(_, places)| places).filter(|place| place.is_command) {
        place.packages.retain(|name| !is_own(name));
    }
    for (_, places) in named {
        places.retain(|place| !place.packages.is_empty());
    }
}

/// The documents that say how to install: those that readers are led to, then every README and installation guide.
fn install_documents(facts: &Facts, deepest: usize) -> Vec<&Document> {
    let mut found: Vec<&Document> = facts.guided.iter().filter_map(|path| facts.document(path)).collect();
    let copied = facts.foreign();
    let guided: BTreeSet<&str> = facts.guided.iter().map(String::as_str).collect();
    for document in facts.documents() {
        let name = document.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let tells =
            ["readme", "install", "setup", "getting_started", "reproduc", "environment", "requirements"]
                .iter()
                .any(|start| name.starts_with(start));
        let is_other =
            is_vendored(facts.within_project(&document.path)) || foreign::holds(copied, &document.path);
        let is_near = facts.depth(&document.path) <= deepest;
        if tells && is_near && !is_other && !guided.contains(document.path.as_str()) {
            found.push(document);
        }
    }
    found
}

/// Whose manifests count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Those of the project's own folders.
    Own,
    /// Lists of packages in folders of a licence of their own as well.
    Copied,
}

/// Manifests that name something, the most telling first.
fn declared(facts: &Facts, whose: Whose) -> Vec<Evidence> {
    let mut found: Vec<(usize, Evidence)> = Vec::new();
    // Python that could not be read is Python as well.
    let unread = |path: &str| matches!(plan::Kind::of(path), plan::Kind::Python | plan::Kind::Notebook);
    let has_python = facts.python().next().is_some() || facts.unread.iter().any(|file| unread(&file.path));
    let copied = facts.foreign();
    // Where hardly any code is the project's own, the copies are what it consists of.
    let kept = || facts.python().filter(|(path, _)| !is_vendored(facts.within_project(path)));
    let own = kept().filter(|(path, _)| !foreign::holds(copied, path)).count();
    let is_built_of_copies = own < 2 || own * 10 < kept().count();
    let installs_tree = OnceCell::new();
    for (path, manifest) in facts.manifests() {
        let within = facts.within_project(path);
        // Beside Python code these build the project's pages, and say nothing of what its code needs.
        if has_python && matches!(manifest.tool, "npm" | "bundler") {
            continue;
        }
        let Some(first) = manifest.requirements.iter().find(|requirement| !requirement.optional) else {
            continue;
        };
        let is_list = matches!(manifest.tool, "pip" | "conda") && whose == Whose::Copied;
        let is_copy = is_vendored(within) || !is_list && !is_built_of_copies && foreign::holds(copied, path);
        // A copy that is installed from the tree brings what it needs.
        if is_copy
            && !(manifest.tool == "setuptools" && *installs_tree.get_or_init(|| installs_tree_of(facts)))
        {
            continue;
        }
        let depth = facts.depth(path);
        let rank = depth * 2 + usize::from(manifest.is_lock) + usize::from(manifest.tool == "shell") * 4;
        let last = manifest.requirements.iter().map(|requirement| requirement.lines.last).max();
        let lines = crate::facts::Lines::new(first.lines.first, last.unwrap_or(first.lines.last));
        let note =
            format!("declares {} and {} more", first.name, manifest.requirements.len().saturating_sub(1));
        let note = if manifest.requirements.len() == 1 { format!("declares {}", first.name) } else { note };
        found.push((rank, Evidence::new(path, lines, note)));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.cmp(&other.1)));
    found.into_iter().map(|(_, evidence)| evidence).take(MOST_EVIDENCE - 2).collect()
}

/// Whether the documents have a package installed from a folder of the tree.
fn installs_tree_of(facts: &Facts) -> bool {
    const COMMANDS: &[&str] =
        &["pip install -e .", "pip install --editable .", "pip install .", "setup.py develop"];
    let installs = |text: &str| COMMANDS.iter().any(|command| text.contains(command));
    facts.commands.documented.iter().any(|command| installs(&command.text))
        || facts
            .guided
            .iter()
            .filter_map(|path| facts.document(path))
            .any(|document| document.inline_code.iter().any(|code| installs(&code.text)))
}

/// Where a document says how to install what is needed.
fn instructions(facts: &Facts, named: &[(&Document, Vec<environment::Named>)]) -> Vec<Evidence> {
    let mut found = Vec::new();
    for command in &facts.commands.documented {
        if installs(&command.text) {
            found.push(Evidence::new(command.document.as_str(), command.lines, "installs the dependencies"));
        }
    }
    for (document, places) in named {
        found.extend(places.iter().filter(|place| place.is_command).map(|place| {
            Evidence::new(
                document.path.as_str(),
                place.lines,
                format!("installs {}", place.packages.join(", ")),
            )
        }));
    }
    for path in &facts.guided {
        let Some(document) = facts.document(path) else { continue };
        found.extend(
            document
                .blocks
                .iter()
                .filter(|block| tells_to_install(block))
                .map(|block| Evidence::new(path.as_str(), block.lines, "says what to install")),
        );
    }
    found.sort();
    found.dedup_by(|one, other| one.path == other.path && one.line == other.line);
    found.truncate(MOST_EVIDENCE);
    found
}

fn installs(command: &str) -> bool {
    const COMMANDS: &[&str] = &[
        "pip install",
        "pip3 install",
        "-m pip install",
        "conda env create",
        "conda install",
        "conda create",
        "mamba env create",
        "mamba install",
        "conda env update",
        "poetry install",
        "uv sync",
        "uv pip install",
        "pdm install",
        "pipenv install",
        "pixi install",
        "setup.py install",
        "setup.py develop",
        "docker build",
        "docker pull",
        "docker run",
        "docker compose",
        "docker-compose",
        "Pkg.instantiate",
        "renv::restore",
        "install.packages",
        "singularity build",
        "apptainer build",
        "make install",
        "nvidia-docker",
    ];
    COMMANDS.iter().any(|known| command.contains(known))
}

fn tells_to_install(block: &Block) -> bool {
    let lower = block.text.to_lowercase();
    !matches!(block.kind, BlockKind::Table { .. })
        && (installs(&block.text)
            || ((lower.contains("install") || lower.contains("create the environment"))
                && lower.contains("requirements.txt"))
            || lower.contains("using pip")
            || lower.contains("with pip")
            || lower.contains("via pip")
            || lower.contains("environment.yml"))
}

/// Top-level modules that the training and evaluation code imports (without such code: all that is run) and that neither Python nor the tree brings, with one place
/// for each.
fn third_party_imports(facts: &Facts) -> BTreeMap<String, (String, u32)> {
    let local = local_modules(facts);
    let survey = &facts.survey;
    let places = survey.training.iter().chain(&survey.evaluation);
    let start: Vec<&str> = places
        .filter_map(|place| facts.files.get_key_value(place.path.as_str()).map(|(path, _)| path.as_str()))
        .collect();
    let run = if start.is_empty() { activity::reached(facts) } else { activity::imported_from(facts, start) };
    let mut found = BTreeMap::new();
    for (path, module) in facts.python() {
        let within = facts.within_project(path);
        let is_test = facts
            .files
            .get(path)
            .and_then(|file| file.activity.as_ref())
            .is_some_and(|activity| activity.is_unit_test);
        let is_setup = within == "setup.py" || within.starts_with("docs/");
        if is_test || is_setup || !run.contains(path) || is_vendored(within) {
            continue;
        }
        for import in module.imports.iter().filter(|import| import.level == 0 && !import.optional) {
            let top = import.module.split('.').next().unwrap_or_default();
            // What the notebook server or the platform brings itself.
            let platform = (top == "google" && import.module.contains("colab"))
                || (path.ends_with(".ipynb") && matches!(top, "IPython" | "ipykernel" | "ipywidgets"));
            if top.is_empty() || platform || packages::is_standard(top) || local.contains(top) {
                continue;
            }
            found.entry(top.to_owned()).or_insert_with(|| (path.to_owned(), import.line));
        }
    }
    found
}

/// Names that an import may find in the tree: folders, modules, submodules.
fn local_modules(facts: &Facts) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for entry in facts.tree.entries() {
        let mut pieces = entry.path.rsplit('/');
        let name = pieces.next().unwrap_or_default();
        for code in [".py", ".pyx", ".so", ".ipynb", ".cpp", ".cu", ".pyd", ".proto", ".pyi"] {
            found.extend(name.strip_suffix(code).map(|stem| stem.split('.').next().unwrap_or(stem)));
        }
        // An entry that is a folder at once is a submodule.
        let is_submodule = facts.tree.has_folder(&entry.path);
        if is_submodule {
            found.insert(name);
        }
        if name.ends_with(".py") || is_submodule {
            found.extend(pieces);
        }
    }
    found
}

/// Imports that no manifest and no document names: the module, and where it is imported.
fn undeclared(
    facts: &Facts,
    named: &[(&Document, Vec<environment::Named>)],
    imports: &BTreeMap<String, (String, u32)>,
) -> Vec<(String, String, u32)> {
    let manifests: Vec<_> = facts.manifests().map(|(_, manifest)| manifest).collect();
    let declared: BTreeSet<&str> = manifests
        .iter()
        .flat_map(|manifest| manifest.requirements.iter().map(|requirement| requirement.name.as_str()))
        .chain(named.iter().flat_map(|(_, places)| {
            places.iter().flat_map(|place| place.packages.iter().map(String::as_str))
        }))
        .collect();
    imports
        .iter()
        .filter(|(module, _)| {
            !packages::that_bring(module).iter().any(|package| declared.contains(package.as_str()))
                && !packages::that_come_with(module).iter().any(|package| declared.contains(package))
                && !is_extended(module, &declared)
        })
        .map(|(module, (path, line))| (module.clone(), path.clone(), *line))
        .collect()
}

/// Whether a package of little renown has the module's name and a word more, as `quillon-ml` brings `quillon`.
fn is_extended(module: &str, declared: &BTreeSet<&str>) -> bool {
    let lower = module.to_ascii_lowercase().replace('_', "-");
    let start = format!("{lower}-");
    lower.len() > 3
        && !packages::is_well_known(&lower)
        && declared.range(start.as_str()..).next().is_some_and(|package| package.starts_with(&start))
}

fn fix(
    facts: &Facts,
    specified: &PartJudgement,
    instructions: &PartJudgement,
    missing: &[(String, String, u32)],
    imports: &BTreeMap<String, (String, u32)>,
) -> Option<Fix> {
    let requirements = facts.at_root("requirements.txt");
    let pip = facts
        .manifests()
        .find(|(path, manifest)| manifest.tool == "pip" && path.ends_with(".txt"))
        .map(|(path, _)| path);
    if let Some((module, path, line)) = missing.first() {
        let target = pip.map_or(requirements, str::to_owned);
        // A new file that named no more than what was forgotten would install no more than that.
        let lines: BTreeSet<String> = match pip {
            Some(_) => missing.iter().map(|(module, _, _)| requirement_line(facts, module)).collect(),
            None => imports.keys().map(|module| requirement_line(facts, module)).collect(),
        };
        let body = lines.into_iter().fold(String::new(), |body, line| body + &line + "\n");
        let place = format!("{path}:{line} imports {module}");
        let summary = if specified.evidence.is_empty() {
            format!("Say what has to be installed: {place}, and nothing declares it")
        } else {
            format!("Declare every package that the code imports: {place}, which is not declared")
        };
        return Some(Fix { summary, snippet: Some(Snippet { path: target, body, new_file: pip.is_none() }) });
    }
    if specified.evidence.is_empty() {
        let summary =
            "Name the packages, with versions, that have to be installed before the code runs".to_owned();
        return Some(Fix { summary, snippet: None });
    }
    if !instructions.evidence.is_empty() {
        return None;
    }
    let (manifest, tool) =
        facts.manifests().map(|(path, manifest)| (facts.within_project(path), manifest.tool)).next()?;
    let command = match tool {
        "conda" => format!("conda env create -f {manifest}"),
        "poetry" => "poetry install".to_owned(),
        "uv" => "uv sync".to_owned(),
        "pdm" => "pdm install".to_owned(),
        "pipenv" => "pipenv install".to_owned(),
        "docker" => format!("docker build -f {manifest} -t {} .", "experiments"),
        "r" | "renv" => "Rscript -e 'renv::restore()'".to_owned(),
        "julia" => "julia --project=. -e 'using Pkg; Pkg.instantiate()'".to_owned(),
        "pip" => format!("pip install -r {manifest}"),
        _ => "pip install -e .".to_owned(),
    };
    let readme = facts.readme.clone().unwrap_or_else(|| facts.at_root("README.md"));
    Some(Fix {
        summary: format!("Say in {readme} how to install what {manifest} declares"),
        snippet: Some(Snippet {
            body: format!("## Installation\n\n```bash\n{command}\n```\n"),
            new_file: facts.readme.is_none(),
            path: readme,
        }),
    })
}

/// The package of a module, with the version that a lock file knows.
fn requirement_line(facts: &Facts, module: &str) -> String {
    let package = packages::package_of(module);
    let locked = facts.manifests().filter(|(_, manifest)| manifest.is_lock).find_map(|(_, manifest)| {
        manifest
            .requirements
            .iter()
            .find(|requirement| requirement.pinned && packages::brings(&requirement.name, module))
    });
    match locked {
        Some(requirement) => format!("{}{}", requirement.name, requirement.version),
        None => package,
    }
}
