//! What makes the results: commands, scripts and notebooks that documents name.

use super::{MOST_PATTERNS, Maker, named_by_pattern, says};
use crate::facts::document::{BlockKind, Lines};
use crate::facts::{Command, CommandKind, Document, Facts, tree};
use crate::pattern::Pattern;

/// Every place that says which command, script or notebook makes results: those that speak of results or of measuring
/// first, then those that train.
pub(super) fn makers(facts: &Facts, documents: &[&Document], notebooks: Vec<String>) -> Vec<Maker> {
    // `make` alone builds, and `make test` runs unit tests.
    static MAKES: Pattern =
        Pattern::new(r"(?i)eval|reproduc|replicat|result|experiment|figure|plot|table|bench|train|paper");
    let is_read = |path: &str| documents.iter().any(|document| document.path == path);
    let mut found = Vec::new();
    for command in facts.commands.documented.iter().filter(|command| is_read(&command.document)) {
        let draws = |targets: &[String]| targets.iter().any(|target| says(&MAKES, target));
        let makes = matches!(&command.kind, CommandKind::Make { targets, .. } if draws(targets));
        if runs_a_script(command) || makes && !prepares(&command.text) {
            found.push(Maker {
                path: command.document.clone(),
                lines: command.lines,
                what: command.text.clone(),
            });
        }
    }
    // A script named in a sentence that says to run it.
    static RUN: Pattern = Pattern::new(
        r"(?i)\b(?:run(?:ning)?|execut\w+|launch|see|used?|using|draw\w*|reproduc\w+|replicat\w+|generat\w+|produc\w+|train\w*|evaluat\w+|test\w*|script|upload|open|plot\w*)\b",
    );
    // Where it is told how something is done, nothing is said to be run.
    static DETAILS: Pattern = Pattern::new(
        r"(?i)\b(?:see|refer\s+to|look\s+at|check)\b[^.]*\.\w+\W+for\s+(?:(?:more|further|the|all|full|its)\s+)*(?:details?|information|implementations?|definitions?|descriptions?|arguments|options)\b",
    );
    for &document in documents {
        // A script that has a section of its own, which says what it does.
        let titled = document
            .sections
            .iter()
            .filter(|section| section.level > 0 && titles_script(facts, document, &section.title));
        found.extend(titled.map(|section| Maker {
            path: document.path.clone(),
            lines: section.lines,
            what: section.title.clone(),
        }));
        for block in &document.blocks {
            let is_code = matches!(block.kind, BlockKind::Code { .. });
            if is_code && !is_list_of_files(&block.text) || !says(&RUN, &block.text) {
                continue;
            }
            let named = block
                .text
                .split(". ")
                .filter(|sentence| !says(&DETAILS, sentence))
                .flat_map(str::split_whitespace)
                .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
                .find(|word| names_script(facts, document, word));
            if let Some(word) = named {
                found.push(Maker { path: document.path.clone(), lines: block.lines, what: word.to_owned() });
            }
        }
    }
    found.extend(documents.iter().flat_map(|document| linked_scripts(facts, document)));
    found.extend(documents.iter().flat_map(|document| folders_of_scripts(facts, document)));
    found.extend(documents.iter().flat_map(|document| named_without_ending(facts, document)));
    for path in notebooks {
        found.push(Maker { what: path.clone(), lines: Lines::at(1), path });
    }
    static MEASURES: Pattern = Pattern::new(
        r"(?i)eval|test|reproduc|replicat|result|experiment|figure|table|plot|bench|valid|compare|score",
    );
    found.sort_by_key(|maker| !says(&MEASURES, &maker.what));
    found
}

/// Scripts that links lead to, whatever the words of the link are: `check [this](grow.py)`.
fn linked_scripts(facts: &Facts, document: &Document) -> Vec<Maker> {
    let is_script = |path: &str| {
        let (_, ending) = path.rsplit_once('.').unwrap_or_default();
        matches!(ending, "py" | "sh" | "m" | "R" | "r" | "jl" | "lua") && !prepares(path)
    };
    let links = document.links.iter().filter(|link| !link.image);
    links
        .filter_map(|link| {
            let target = link.target.split(['?', '#']).next().filter(|target| is_script(target))?;
            let what = facts.resolve(&document.path, target).filter(|path| facts.tree.has_file(path))?;
            Some(Maker { path: document.path.clone(), lines: Lines::at(link.line), what })
        })
        .collect()
}

/// Whether a command runs a script of the project, for something else than getting ready.
pub(super) fn runs_a_script(command: &Command) -> bool {
    let runs = match &command.kind {
        // `python 3.9.5` asks for a version.
        CommandKind::Script { path } => path.contains(|c: char| !c.is_ascii_digit() && c != '.'),
        CommandKind::Module { .. } => true,
        CommandKind::Make { .. } | CommandKind::Program => false,
    };
    runs && !prepares(&command.text)
}

/// Scripts that sentences name without their ending, or all at once: `run the MATLAB script main_north`,
/// `the Python file "Figure*"`.
fn named_without_ending(facts: &Facts, document: &Document) -> Vec<Maker> {
    static NAMED: Pattern = Pattern::new(
        r"(?i)\b(python|matlab|julia|lua|shell|bash|r)\s+(?:files?|scripts?|codes?|programs?)\s+(?:called\s+|named\s+)?[^\w\s]?([\w*/-]{3,60})",
    );
    const MOST_IN_BLOCK: usize = 8;
    let mut found = Vec::new();
    for block in document.blocks.iter().filter(|block| says(&NAMED, &block.text)).take(MOST_PATTERNS) {
        if matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. }) {
            continue;
        }
        let named = NAMED.captures_iter(&block.text).take(MOST_IN_BLOCK).filter_map(|said| {
            let ending = match said.get(1)?.as_str().to_ascii_lowercase().as_str() {
                "python" => "py",
                "matlab" => "m",
                "julia" => "jl",
                "lua" => "lua",
                "r" => "R",
                _ => "sh",
            };
            let name = format!("{}.{ending}", said.get(2)?.as_str());
            let exists = tree::resolve(&document.path, &name).is_some_and(|path| facts.tree.has_file(&path))
                || !named_by_pattern(facts, document, &name).is_empty();
            (exists && !prepares(&name)).then_some(name)
        });
        let maker = |what| Maker { path: document.path.clone(), lines: block.lines, what };
        found.extend(named.map(maker));
    }
    found
}

/// Sentences that say in which folder of the tree the scripts lie that train or measure.
fn folders_of_scripts(facts: &Facts, document: &Document) -> Vec<Maker> {
    static LIE: Pattern = Pattern::new(
        r"(?i)\bscripts?\s+(?:\w+\s+){0,3}(?:train\w*|evaluat\w*|experiments?|results)\b[^.]{0,30}\b(?:are|is|can\s+be)\s+(?:available|found|located|provided)?\s*(?:in|under)\b|\b(?:train\w*|evaluat\w*|test\w*|experiments?|reproduc\w*|replicat\w*)\b[^.]{0,60}\bscripts?\b[^.]{0,40}\b(?:are|is|lie|live|can\s+be\s+found|(?:are|is)\s+(?:found|located|provided))\s+(?:in|under)\b",
    );
    let mut found = Vec::new();
    for block in &document.blocks {
        if matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. }) || !says(&LIE, &block.text)
        {
            continue;
        }
        let folder = block.text.split_whitespace().filter(|word| word.contains('/')).find_map(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-'));
            tree::resolve(&document.path, word)
                .filter(|folder| !folder.is_empty() && facts.tree.has_folder(folder))
        });
        let maker = folder.map(|what| Maker { path: document.path.clone(), lines: block.lines, what });
        found.extend(maker);
    }
    found
}

/// Whether a text that is set in by four blanks is no code but a list that says of files what they are for.
fn is_list_of_files(text: &str) -> bool {
    static ENTRY: Pattern = Pattern::new(r"^\s*(?:\d+\.|[-*])\s+`?[\w./-]+`?\s*:\s+\w+\s+\w+");
    text.lines().filter(|line| !line.trim().is_empty()).all(|line| says(&ENTRY, line))
}

fn prepares(text: &str) -> bool {
    static PREPARES: Pattern = Pattern::new(
        r"(?i)setup\.py|pip install|\bdownload|preprocess|prepar(?:e|ing)|install|tensorboard|unzip|convert_|create_dataset|build_ext|get_data|--help|\bdemo",
    );
    says(&PREPARES, text)
}

/// Names in a text that are looked for in the tree.
const MOST_NAMES: usize = 16;

/// Whether a script or notebook of the tree is among the words of a title.
pub(super) fn titles_script(facts: &Facts, document: &Document, title: &str) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let words = title.split(|c: char| !is_of_name(c)).map(|word| word.trim_matches('.'));
    let mut words = words.filter(|word| word.contains('.')).take(MOST_NAMES);
    words.any(|word| names_script(facts, document, word))
}

pub(super) fn names_script(facts: &Facts, document: &Document, word: &str) -> bool {
    tree::is_script(word)
        && !prepares(word)
        && (tree::resolve(&document.path, word).is_some_and(|path| facts.tree.has_file(&path))
            || facts.tree.holds_script(word.rsplit('/').next().unwrap_or(word)))
}
