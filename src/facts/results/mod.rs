//! What documents show of a paper's results: tables, figures, numbers and notebooks' outputs, told apart from
//! teasers, architecture pictures and badges; and what they say makes them.

mod figures;
mod makers;
mod notebooks;
mod numbers;
mod words;

use crate::facts::document::{Block, BlockKind, Inline, Lines};
use crate::facts::{Document, Facts, foreign, tree};
use crate::pattern::Pattern;
use figures::{
    Pictures, is_linked_figure, is_numbered_figure, is_results_figure, leads_to_figures, named_by_commands,
    remakes_figures,
};
use makers::{makers, names_script};
use notebooks::{
    MEASURED_OUTPUT, READIES_DATA, SPREAD_OUTPUT, called_lessons, compares, is_lesson, is_named_in,
    is_package, is_tutorial, notebooks, prepares_data, sentences,
};
use numbers::{
    has_measures, has_rows_of_numbers, is_printed_result, is_results_prose, is_results_table,
    numbers_over_commands, printed_below_commands, promised_in_comments, quotes_output,
};
use std::cell::LazyCell;
use std::collections::BTreeSet;
use words::{EVALUATION, RESULTS};

/// How a result is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A table with numbers.
    Table,
    /// A figure.
    Figure,
    /// Numbers in a sentence.
    Numbers,
    /// Outputs of a notebook.
    Notebook,
}

/// A place that shows a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// How.
    pub form: Form,
    /// The document or notebook.
    pub path: String,
    /// Where in it.
    pub lines: Lines,
}

/// A place that says what makes results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maker {
    /// The document that says it.
    pub path: String,
    /// Where in it.
    pub lines: Lines,
    /// The command, script or notebook.
    pub what: String,
}

fn says(pattern: &Pattern, text: &str) -> bool {
    pattern.is_in(text)
}

/// Folders of which one that has no page of its own leads to the pages.
const MOST_FOLDERS: usize = 12;

/// The guided documents, and those of the folders that they send a reader to.
fn read_documents(facts: &Facts) -> Vec<&Document> {
    let mut paths: Vec<String> = facts.guided.clone();
    let first: Vec<&Document> = facts.guided.iter().filter_map(|path| facts.document(path)).collect();
    let pages_in = |folder: &str| -> Vec<String> {
        const NAMES: &[&str] = &["README", "ReadMe", "Readme", "readme"];
        let from = |name: &str| {
            let start = format!("{folder}/{name}");
            let paths = facts.files.range(start.clone()..).map(|(path, _)| path);
            let paths = paths.take_while(move |path| path.starts_with(&start));
            paths.filter(|path| {
                facts.document(path).is_some()
                    && path.rsplit_once('/').is_some_and(|(within, _)| within == folder)
            })
        };
        NAMES.iter().flat_map(|name| from(name).cloned()).collect()
    };
    // The pages of folders lead on to others, one step far.
    const STEPS: usize = 2;
    let mut round = first.clone();
    for _ in 0..STEPS {
        let from = paths.len();
        for &document in &round {
            paths.extend(led_to_by(facts, document, &pages_in));
        }
        let known: BTreeSet<&String> = paths.iter().take(from).collect();
        let found = paths.iter().skip(from).filter(|path| !known.contains(path));
        let found: BTreeSet<&String> = found.collect();
        round = found.into_iter().filter_map(|path| facts.document(path)).collect();
    }
    // A README that leads nowhere and runs nothing leaves it to those of the folders.
    if let ([only], [_]) = (first.as_slice(), facts.guided.as_slice())
        && !only.blocks.iter().any(|block| matches!(block.kind, BlockKind::Code { .. }) && !is_quoted(block))
        && only.inline_code.is_empty()
        && !only.links.iter().any(|link| link.image)
        && !only
            .blocks
            .iter()
            .any(|block| block.text.split_whitespace().any(|word| names_script(facts, only, word)))
    {
        paths.extend(folders_in(facts, &facts.root).into_iter().take(MOST_FOLDERS).flat_map(pages_in));
    }
    // The pages of the folders, to which a sentence sends: `see the README of each folder`.
    let folder_of = |path: &String| match facts.guided.contains(path) {
        true => facts.root.clone(),
        false => path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()),
    };
    let sends = |path: &&String| facts.document(path).is_some_and(sends_to_pages);
    let senders: BTreeSet<String> = paths.iter().filter(sends).map(folder_of).collect();
    for folder in &senders {
        let near = folders_in(facts, folder);
        let far = near.iter().flat_map(|folder| folders_in(facts, folder));
        paths.extend(near.iter().copied().chain(far).take(4 * MOST_FOLDERS).flat_map(pages_in));
    }
    let mut seen = BTreeSet::new();
    // What other people's code shows, brought along with it, is not this repository's.
    let copies: Vec<String> = first.iter().flat_map(|document| changed_copies(facts, document)).collect();
    paths.retain(|path| seen.insert(path.clone()) && !foreign::holds(&copies, path));
    let read = paths.iter().filter_map(|path| facts.document(path));
    read.filter(|document| foreign::is_own_page(facts, document)).collect()
}

/// Pages of the folders that a document names, and those that it names all at once.
fn led_to_by(facts: &Facts, document: &Document, pages_in: &impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut paths = Vec::new();
    let mut known = BTreeSet::new();
    let named = document.inline_code.iter().map(|code| code.text.as_str());
    let linked = document.links.iter().filter(|link| !link.image).map(|link| link.target.as_str());
    // `./folder` and "folder", said without any markup.
    let said = document
        .blocks
        .iter()
        .filter(|block| !matches!(block.kind, BlockKind::Code { .. }))
        .filter(|block| block.text.contains("./") || block.text.contains(['"', '“']))
        .flat_map(|block| block.text.split_whitespace())
        .filter(|word| word.starts_with(['.', '"', '“']))
        .map(|word| word.trim_matches([',', ';', ':', ')', '"', '“', '”']).trim_end_matches('.'));
    let named = named.chain(linked).chain(said);
    for target in named.chain(called_folders(document)).chain(drawn_folders(document)) {
        let Some(folder) = facts.resolve(&document.path, target.trim_matches('`')) else { continue };
        if folder.is_empty() || !facts.tree.has_folder(&folder) || !known.insert(folder.clone()) {
            continue;
        }
        let mut found = pages_in(&folder);
        // A folder without a page of its own leads to those of the folders in it.
        if found.is_empty() {
            found.extend(folders_in(facts, &folder).into_iter().take(MOST_FOLDERS).flat_map(pages_in));
        }
        paths.extend(found);
    }
    let patterned = patterns_in(facts, document);
    paths.extend(patterned.filter(|path| facts.document(path).is_some()).map(str::to_owned));
    paths
}

/// Words of sentences that look like the name of a folder, and like no word of the language: `code_north`, `CIFAR10`.
fn called_folders(document: &Document) -> impl Iterator<Item = &str> {
    const LONGEST: usize = 60;
    let is_words = |block: &&Block| !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    let is_quote = |c: char| matches!(c, '\'' | '"' | '‘' | '’' | '“' | '”');
    let words = document.blocks.iter().filter(is_words).flat_map(|block| block.text.split_whitespace());
    words.filter(|word| (3..=LONGEST).contains(&word.len())).filter_map(move |word| {
        let bare = word.trim_matches([',', ';', ':', '(', ')', '.', '*']);
        let name = bare.trim_matches(is_quote).trim_end_matches('/');
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
        let is_telling = name.len() < bare.len()
            || name.get(1..).is_some_and(|rest| rest.contains(|c: char| !c.is_ascii_lowercase()));
        (is_telling && name.chars().all(is_name)).then_some(name)
    })
}

/// What stands first in each row of a drawing of the tree: `├── plots/   # draws the figures`.
fn drawn_folders(document: &Document) -> impl Iterator<Item = &str> {
    let is_drawn = |block: &&Block| {
        matches!(block.kind, BlockKind::Code { .. })
            && (block.text.contains("├") || block.text.contains("|--"))
    };
    let rows = document.blocks.iter().filter(is_drawn).flat_map(|block| block.text.lines());
    rows.filter_map(|row| {
        let row = row.trim_start().strip_prefix(['├', '└', '|', '`'])?;
        let name = row.trim_start_matches(['─', '-', ' ', '\u{a0}']).split_whitespace().next()?;
        Some(name.trim_end_matches('/'))
    })
}

/// Folders of which a sentence says that they hold other people's code, changed for the work: their pages show the
/// results of others.
fn changed_copies(facts: &Facts, document: &Document) -> Vec<String> {
    static COPY: Pattern = Pattern::new(
        r"(?i)\b(?:modified|adapted|adjusted|patched|forked|customi[sz]ed|slightly\s+changed)\s+(?:version|copy|fork|clone)\s+of\b",
    );
    let is_of_copy: Vec<bool> = document.blocks.iter().map(|block| says(&COPY, &block.text)).collect();
    let is_said = |code: &&Inline| {
        let block = document.block_at(code.line);
        block.and_then(|at| is_of_copy.get(at)).copied().unwrap_or(false)
    };
    document
        .inline_code
        .iter()
        .filter(is_said)
        .filter_map(|code| facts.resolve(&document.path, &code.text))
        .filter(|folder| !folder.is_empty() && facts.tree.has_folder(folder))
        .collect()
}

/// Files that inline code names all at once.
fn patterns_in<'facts>(facts: &'facts Facts, document: &Document) -> impl Iterator<Item = &'facts str> {
    let codes = document.inline_code.iter().filter(|code| may_be_pattern(&code.text));
    codes.take(MOST_PATTERNS).flat_map(|code| named_by_pattern(facts, document, &code.text))
}

/// Whether a text has something to fill in.
fn may_be_pattern(text: &str) -> bool {
    text.contains(['*', '<', '{', '[', '#'])
}

/// Patterns of file names that are looked for, of each document: every one is held against all files.
const MOST_PATTERNS: usize = 64;

/// Files that a text names all at once, with something to fill in: `scores/*.txt`, `runs/<name>/log.txt`,
/// `plot_#.ipynb`.
fn named_by_pattern<'facts>(facts: &'facts Facts, document: &Document, text: &str) -> Vec<&'facts str> {
    const MOST: usize = 12;
    static TO_FILL_IN: Pattern = Pattern::text(r"\*\w+\*|<[^<>/]+>|\{[^{}/]+\}|\[[^\[\]/]+\]|\*+");
    let ends_as_file = text.rsplit_once('.').is_some_and(|(_, ending)| {
        (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    // `#` stands for a number where no place in a page follows it.
    let text = text.replace("#.", "*.");
    if !ends_as_file || text.contains(char::is_whitespace) || !TO_FILL_IN.is_in(&text) {
        return Vec::new();
    }
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let written = TO_FILL_IN.replace(&text, |_| "*");
    let Some(pattern) = tree::walk(folder, &written) else { return Vec::new() };
    let named = |pattern: &str| -> Vec<&'facts str> {
        let Ok(pattern) = globset::GlobBuilder::new(pattern).literal_separator(true).build() else {
            return Vec::new();
        };
        let pattern = pattern.compile_matcher();
        let paths = facts.files.keys().map(String::as_str);
        paths.filter(|path| pattern.is_match(path)).take(MOST).collect()
    };
    let found = named(&pattern);
    // A name without its folder may lie in one.
    if found.is_empty() && !written.contains('/') { named(&format!("**/{written}")) } else { found }
}

/// Whether a document sends its readers to the READMEs of folders that it does not name.
fn sends_to_pages(document: &Document) -> bool {
    static SENDS: Pattern = Pattern::new(
        r"(?i)\b(?:sub-?)?(?:folders?|director(?:y|ies))\b[^.]{0,60}\breadmes?\b|\breadmes?\b(?:\.md)?[^.]{0,60}\b(?:sub-?)?(?:folders?|director(?:y|ies))\b",
    );
    let words = |block: &&Block| !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    document.blocks.iter().filter(words).any(|block| says(&SENDS, &block.text))
}

/// Whether a block of code is what a paper is cited by.
fn is_quoted(block: &Block) -> bool {
    block.text.trim_start().starts_with('@')
}

/// Folders that lie directly in another, in order of path.
fn folders_in<'facts>(facts: &'facts Facts, folder: &str) -> BTreeSet<&'facts str> {
    let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let inner =
        |entry: &'facts crate::snapshot::Entry| entry.path.get(..start + entry.path.get(start..)?.find('/')?);
    match folder {
        "" => facts.tree.entries().iter().filter_map(inner).collect(),
        folder => facts.tree.within(folder).filter_map(inner).collect(),
    }
}

/// What documents show of results, and what they say makes them.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Places that show results, tables first.
    pub shown: Vec<Shown>,
    /// Places that say what makes them, those that measure first.
    pub makers: Vec<Maker>,
}

/// Reads the guided documents.
pub fn told(facts: &Facts) -> Told {
    let documents = read_documents(facts);
    let notebooks = notebooks(facts, &documents);
    Told { shown: shown(facts, &documents, &notebooks), makers: makers(facts, &documents, notebooks) }
}

/// Every place that shows results, tables first.
fn shown(facts: &Facts, documents: &[&Document], notebooks: &[String]) -> Vec<Shown> {
    let mut found = Vec::new();
    for &document in documents {
        let place = |form: Form, lines: Lines| Shown { form, path: document.path.clone(), lines };
        if facts.files.get(&document.path).is_some_and(|file| file.notebook.is_some()) {
            continue;
        }
        for (index, block) in document.blocks.iter().enumerate() {
            if is_results_table(document, block) {
                found.push(place(Form::Table, block.lines));
            } else if is_results_prose(document, block)
                || is_printed_result(document, index)
                || quotes_output(document, block)
            {
                found.push(place(Form::Numbers, block.lines));
            } else if leads_to_figures(facts, document, block) {
                found.push(place(Form::Figure, block.lines));
            }
        }
        found.extend(
            printed_below_commands(facts, document).map(|line| place(Form::Numbers, Lines::at(line))),
        );
        found.extend(promised_in_comments(document).map(|line| place(Form::Numbers, Lines::at(line))));
        found.extend(numbers_over_commands(document).map(|lines| place(Form::Numbers, lines)));
        let remakes = remakes_figures(document);
        let experiments = named_by_commands(facts, document);
        let pictures = Pictures::new(facts, document);
        let figures = document.links.iter().filter(|link| match link.image {
            true => {
                is_results_figure(&pictures, link)
                    || remakes && is_numbered_figure(facts, document, link)
                    || experiments.contains(&link.target.as_str())
            }
            false => is_linked_figure(facts, document, link) && is_results_figure(&pictures, link),
        });
        found.extend(figures.map(|link| place(Form::Figure, Lines::at(link.line))));
    }
    let is_package = is_package(facts);
    // Sentences that speak of something, each list made once for all notebooks.
    let of_data = LazyCell::new(|| sentences(documents, &READIES_DATA));
    let of_results = LazyCell::new(|| sentences(documents, &RESULTS));
    let called_lessons = called_lessons(documents, notebooks);
    let has_scripts = facts.commands.documented.iter().any(|command| {
        makers::runs_a_script(command) && documents.iter().any(|document| document.path == command.document)
    });
    let of_evaluation = LazyCell::new(|| sentences(documents, &EVALUATION));
    // What makes data ready for the experiments shows none of their results.
    let is_of_data = |path: &str| {
        prepares_data(path)
            || is_named_in(&of_data, path)
                && !of_results.iter().any(|told| !says(&READIES_DATA, told) && is_named_in(&[*told], path))
    };
    found.extend(notebooks.iter().filter(|path| !is_of_data(path)).filter_map(|path| {
        let notebook = facts.files.get(path)?.notebook.as_ref()?;
        // One that shows how it is done shows what came out where it draws several things to compare, or where nothing
        // else is there to run.
        let compares = || {
            notebook
                .cells
                .iter()
                .any(|cell| cell.has_image && (!has_scripts && !is_lesson(path) || compares(&cell.source)))
        };
        let is_result = !is_tutorial(path) && !called_lessons.iter().any(|called| called == path)
            || is_named_in(&of_results, path)
            || (!is_package || !facts.within_project(path).contains('/') && !is_lesson(path)) && compares();
        let is_evaluation = !is_result && is_named_in(&of_evaluation, path);
        let is_said_to_show = LazyCell::new(|| is_named_in(&of_results, path));
        let cell = notebook.cells.iter().find(|cell| match is_result {
            true => {
                cell.has_image
                    || has_measures(&cell.output)
                    || has_rows_of_numbers(&cell.output) && *is_said_to_show
            }
            // A tutorial shows a result where it prints how well the model did, and over how many runs.
            false => {
                says(&SPREAD_OUTPUT, &cell.output) || is_evaluation && says(&MEASURED_OUTPUT, &cell.output)
            }
        })?;
        Some(Shown { form: Form::Notebook, lines: Lines::at(cell.line), path: path.clone() })
    }));
    found.sort_by_key(|shown| shown.form);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    fn shown_in(files: &[(&str, &str)]) -> Vec<(Form, String)> {
        let snapshot = Snapshot::from_files(files.iter().copied());
        let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
        told(&facts).shown.into_iter().map(|shown| (shown.form, shown.path)).collect()
    }

    const PLOT: &str = r#"{"cells": [{"cell_type": "code", "execution_count": 1, "source": ["plot(x)"],
 "outputs": [{"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}}]}], "metadata": {}, "nbformat": 4}"#;

    #[test]
    fn a_sentence_leads_to_a_folder_of_curves() {
        let readme = "# Faster critics\n\nReward curves of every game are found under /reward_curves.\nSaved models are elsewhere.\n";
        let files = [("README.md", readme), ("reward_curves/a.png", ""), ("reward_curves/b.png", "")];
        assert_eq!(shown_in(&files), [(Form::Figure, "README.md".to_owned())]);
        let later = "# Faster critics\n\nReward curves of every game are saved under /reward_curves.\n";
        assert_eq!(shown_in(&[("README.md", later), files[1], files[2]]), []);
        assert_eq!(shown_in(&files[..1]), []);
    }

    #[test]
    fn notebooks_are_meant_without_their_names() {
        let all = "# Maps\n\nEverything is made by the jupyter notebooks here.\n";
        assert_eq!(
            shown_in(&[("README.md", all), ("noise study.ipynb", PLOT)]),
            [(Form::Notebook, "noise study.ipynb".to_owned())]
        );
        let turned = "# Maps\n\nOpen `2d_toy.ipynb` first.\n";
        assert_eq!(
            shown_in(&[("README.md", turned), ("toy_2d.ipynb", PLOT), ("other.ipynb", PLOT)]).len(),
            1
        );
    }
}
