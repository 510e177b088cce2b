//! Results as notebooks with their outputs, of those that documents lead to.

use super::words::RESULTS_TITLE;
use super::{MOST_PATTERNS, named_by_pattern, patterns_in, says};
use crate::facts::document::{Block, Inline};
use crate::facts::{Document, Facts, Markup, tree};
use crate::pattern::Pattern;
use aho_corasick::AhoCorasick;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use std::collections::BTreeSet;
use std::ops::Range;

/// A measure with its number and its spread.
pub(super) static SPREAD_OUTPUT: Pattern = Pattern::new(
    r"(?i)\b(?:accuracy|precision|recall|f1|auc|auroc|fid|map|miou|bleu|psnr|rmse|mae|nll|perplexity|score)\s*[:=]\s*\d+\.\d+\s*%?\s*(?:±|\+-|\+/-)\s*\d",
);

/// A measure with its number on a line of its own, as is printed once at the end and not at every step.
pub(super) static MEASURED_OUTPUT: Pattern = Pattern::new(
    r"(?im)^[\w ,/()'-]*:?[\w ,/()'-]*\b(?:accuracy|precision|recall|f1|auc|auroc|fid|map|miou|bleu|psnr|rmse|mae|nll|perplexity|score|performance)\s*[:=]\s*\d+\.\d+\s*(?:%|(?:±|\+-|\+/-).*)?\s*$",
);

/// Sentences that say what makes data ready.
pub(super) static READIES_DATA: Pattern = Pattern::new(
    r"(?i)\bdata\w*\W+(?:pre-?processing|preparation|cleaning)\b|\b(?:pre-?process(?:es|ing)?|prepar(?:e|es|ing)|clean(?:s|ing)?)\W+(?:(?:the|our|raw)\W+)*(?:\w+\W+)?data\w*\b",
);

/// Whether a notebook's name, or that of a folder it lies in, says that it makes data ready.
pub(super) fn prepares_data(path: &str) -> bool {
    static PREPARES: Pattern = Pattern::new(
        r"(?i)(?:^|[^a-z])(?:pre-?proc(?:ess(?:ing|ed)?)?|prepar(?:e|ation|ing)|clean(?:ing|ed)|(?:data\w*|dataset)[ _-]+splits?|splits?|download)(?:[^a-z]|$)",
    );
    let of_results = |name: &str| says(&RESULTS_TITLE, &name.replace(['_', '-'], " "));
    let mut names = path.rsplit('/');
    let name = names.next().unwrap_or(path);
    !of_results(name) && (says(&PREPARES, name) || names.any(|folder| says(&PREPARES, folder)))
}

/// Whether a notebook's name says that it shows how, and not what came out.
pub(super) fn is_tutorial(path: &str) -> bool {
    static TUTORIAL: Pattern =
        Pattern::new(r"(?i)demo|example|tutorial|quick|getting|intro|usage|walkthrough|playground");
    says(&TUTORIAL, path)
}

/// Whether a notebook's name says that it teaches.
pub(super) fn is_lesson(path: &str) -> bool {
    static LESSON: Pattern = Pattern::new(r"(?i)tutorial|quick|getting|intro|usage|walkthrough|playground");
    says(&LESSON, path)
}

/// Whether the code of a cell draws several things beside each other, and says which is which.
pub(super) fn compares(source: &str) -> bool {
    source.contains("legend") || source.contains("hue=")
}

/// Those of the notebooks that documents present as lessons or demonstrations: by the words around their name, or by the
/// title over it.
pub(super) fn called_lessons(documents: &[&Document], notebooks: &[String]) -> Vec<String> {
    static LESSON: Pattern = Pattern::new(
        r"(?i)\b(?:demos?|demonstrat\w+|tutorials?|step[\s-]by[\s-]step|minimal|walk-?through|getting started|how to (?:use|run))\b",
    );
    if notebooks.is_empty() {
        return Vec::new();
    }
    let mut told: Vec<&str> = Vec::new();
    for document in documents {
        let is_of_lesson =
            |block: &Block| says(&LESSON, &block.text) || says(&LESSON, document.title_over(block.section));
        let lessons: Vec<bool> = document.blocks.iter().map(is_of_lesson).collect();
        let is_lesson = |at: &usize| lessons.get(*at).copied().unwrap_or(false);
        let texts = document.blocks.iter().zip(&lessons).filter(|(_, is_lesson)| **is_lesson);
        told.extend(texts.map(|(block, _)| block.text.as_str()));
        let links = document.links.iter();
        let links = links.filter(|link| document.block_at(link.line).as_ref().is_some_and(is_lesson));
        told.extend(links.map(|link| link.target.as_str()));
    }
    let is_told = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        told.iter().any(|told| told.contains(name))
    };
    notebooks.iter().filter(is_told).cloned().collect()
}

/// Whether the project is installed and then imported: its demonstrations show how it is used. Where it is not, they
/// are the experiment itself.
pub(super) fn is_package(facts: &Facts) -> bool {
    ["setup.py", "setup.cfg", "pyproject.toml", "DESCRIPTION", "Project.toml"]
        .iter()
        .any(|name| facts.tree.has_file(&facts.at_root(name)))
}

/// Sentences of the documents that a pattern fits.
pub(super) fn sentences<'document>(
    documents: &[&'document Document],
    pattern: &Pattern,
) -> Vec<&'document str> {
    let blocks = documents.iter().flat_map(|document| &document.blocks);
    blocks.flat_map(|block| block.text.split(". ")).filter(|sentence| says(pattern, sentence)).collect()
}

/// Whether one of the sentences names the file.
pub(super) fn is_named_in(sentences: &[&str], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    sentences.iter().any(|sentence| sentence.contains(name))
}

/// Notebooks in the tree that guided documents name or link to; all at the side of a README that speaks of notebooks.
pub(super) fn notebooks(facts: &Facts, documents: &[&Document]) -> Vec<String> {
    let all: Vec<&str> = facts
        .files
        .iter()
        // Jupyter keeps a copy of what was open.
        .filter(|(path, file)| file.notebook.is_some() && !path.contains(".ipynb_checkpoints/"))
        .map(|(path, _)| path.as_str())
        .collect();
    if all.is_empty() {
        return Vec::new();
    }
    let names = NotebookNames::new(facts, &all);
    let mut found = BTreeSet::new();
    for document in documents.iter().filter(|document| document.markup != Markup::Notebook) {
        let text =
            facts.files.get(&document.path).map(|file| file.text.to_ascii_lowercase()).unwrap_or_default();
        let text = text.replace("%20", " ");
        if text.contains("notebook")
            || text.contains("ipynb")
            || text.contains("colab")
            || text.contains("jupyter")
        {
            found.extend(names.said_in(&text).into_iter().map(str::to_owned));
            if found.is_empty() || !text.contains(".ipynb") {
                found.extend(meant(&all, &document.path, &text).into_iter().map(str::to_owned));
            }
            let is_notebook = |path: &&str| all.contains(path);
            let patterned = patterns_in(facts, document);
            let said = document
                .blocks
                .iter()
                .filter(|block| block.text.contains('*') && block.text.contains(".ipynb"))
                .flat_map(|block| block.text.split_whitespace())
                .filter(|word| word.contains('*') && word.contains(".ipynb"))
                .take(MOST_PATTERNS)
                .map(|word| word.trim_matches(['(', ')', ',', '.', ';', ':', '"', '\'']))
                .flat_map(|word| named_by_pattern(facts, document, word));
            found.extend(patterned.chain(said).filter(is_notebook).map(str::to_owned));
        }
        found.extend(in_folders_of_figures(facts, document, &all).map(str::to_owned));
    }
    found.into_iter().collect()
}

/// Notebooks that lie anywhere in folders of which a sentence says that they hold what draws the figures.
fn in_folders_of_figures<'path>(
    facts: &Facts,
    document: &Document,
    all: &[&'path str],
) -> impl Iterator<Item = &'path str> {
    static FIGURES: Pattern = Pattern::new(r"(?i)\b(?:figures?|plots?|visuali[sz]ations?)\b");
    let of_figures = |code: &&Inline| {
        let block = document.block_at(code.line).and_then(|at| document.blocks.get(at));
        block.is_some_and(|block| block.text.len() < 1_000 && says(&FIGURES, &block.text))
    };
    // `./folder`, said without any markup, as in the rows of a table.
    let said = document
        .blocks
        .iter()
        .filter(|block| block.text.contains("./") && block.text.len() < 1_000 && says(&FIGURES, &block.text))
        .flat_map(|block| block.text.split(|c: char| c.is_whitespace() || c == '|'))
        .filter(|word| word.starts_with("./"));
    let folders: BTreeSet<String> = document
        .inline_code
        .iter()
        .filter(of_figures)
        .map(|code| code.text.as_str())
        .chain(said)
        .filter_map(|named| {
            let resolved = tree::resolve(&document.path, named)?;
            // The repository's own name often comes first.
            let within = named.split_once('/').and_then(|(_, within)| tree::resolve(&document.path, within));
            if facts.tree.has_folder(&resolved) { Some(resolved) } else { within }
        })
        .filter(|folder| !folder.is_empty() && facts.tree.has_folder(folder))
        .collect();
    let is_within = move |path: &&str| {
        folders
            .iter()
            .any(|folder| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    all.iter().copied().filter(is_within)
}

/// Whether a notebook's name would not stand in a text by chance: it is of several words, or long.
fn is_telling(stem: &str) -> bool {
    const LONG: usize = 11;
    stem.len() >= LONG || stem.len() > 6 && stem.contains(|c: char| !c.is_alphabetic())
}

/// Notebooks that a text means without their exact name: by the same words in another order, or as the notebooks that
/// lie beside it.
fn meant<'path>(all: &[&'path str], document: &str, text: &str) -> Vec<&'path str> {
    let words = |name: &str| -> BTreeSet<String> {
        let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".ipynb");
        stem.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let named: Vec<BTreeSet<String>> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | ')' | '[' | ']' | '"' | '\'' | ','))
        .filter_map(|word| word.strip_suffix('.').unwrap_or(word).strip_suffix(".ipynb"))
        .map(words)
        .collect();
    // `AggResults.ipynb` for `agg_results.ipynb`.
    let letters = |words: &BTreeSet<String>| words.iter().flat_map(|word| word.chars()).count();
    let joined = |words: &BTreeSet<String>| words.iter().map(String::as_str).collect::<String>();
    let is_meant = |path: &&&str| {
        let own = words(path);
        let stem: String =
            path.rsplit('/').next().unwrap_or(path).chars().filter(|c| c.is_alphanumeric()).collect();
        let stem = stem.to_ascii_lowercase();
        let stem = stem.trim_end_matches("ipynb");
        named
            .iter()
            .any(|named| *named == own || named.len() == 1 && letters(named) > 6 && joined(named) == stem)
    };
    let by_words: Vec<&str> = all.iter().filter(is_meant).copied().collect();
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder_of = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    if by_words.is_empty() && !named.is_empty() {
        // Those beside the document were called otherwise once, where they share a word with what is named.
        let shares = |path: &&&str| {
            let own = words(path);
            folder_of(path) == folder
                && named.iter().any(|named| named.intersection(&own).any(|word| word.len() > 4))
        };
        return all.iter().filter(shares).copied().collect();
    }
    if !by_words.is_empty() {
        return by_words;
    }
    static NOTEBOOKS: Pattern = Pattern::new(
        r"(?i)\b(?:the|these|following|provided|included|our|jupyter|ipython)\s+(?:\w+\s+)?notebooks?\b",
    );
    // "See notebooks for the figures", where a folder is called so.
    static SENT: Pattern = Pattern::new(
        r"(?i)\b(?:see|run|open|check|use|in)\s+(?:the\s+)?(?:\w+\s+)?notebooks?\b[^.]{0,40}\b(?:figures?|results?|plots?|experiments?|reproduc\w*|replicat\w*)\b",
    );
    let in_their_folder = |path: &&&str| {
        let within = folder_of(path);
        let name = within.strip_prefix(folder).unwrap_or_default().trim_start_matches('/');
        matches!(name.to_ascii_lowercase().as_str(), "notebooks" | "notebook" | "jupyter" | "ipynb")
    };
    // "Call it from a Jupyter notebook" means none in particular.
    static ANY: Pattern =
        Pattern::text(r"(?i)\b(?:from|in|within|inside|as|into|using|with)\s+an?\s+(?:\w+\s+)?notebooks?\b");
    let text = &*ANY.replace(text, |_| " ");
    let mut meant: Vec<&str> = Vec::new();
    if says(&NOTEBOOKS, text) {
        meant.extend(all.iter().filter(|path| folder_of(path) == folder).copied());
    }
    if meant.is_empty() && says(&SENT, text) {
        meant.extend(all.iter().filter(in_their_folder).copied());
    }
    meant
}

/// What texts may call notebooks by, looked for all at once.
struct NotebookNames<'path> {
    /// Finds every name in a text; `None` where there are too many to look for.
    search: Option<AhoCorasick>,
    /// Each notebook's path, the names that mean it wherever they stand, and its folder, as places in the search.
    notebooks: Vec<(&'path str, Vec<usize>, Option<usize>)>,
}

impl<'path> NotebookNames<'path> {
    fn new(facts: &Facts, all: &[&'path str]) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut place = |name: String| {
            *known.entry(name).or_insert_with_key(|name| {
                names.push(name.clone());
                names.len() - 1
            })
        };
        let notebooks = all
            .iter()
            .map(|&path| {
                let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
                let stem = name.trim_end_matches(".ipynb").to_owned();
                let mut meant = vec![place(name)];
                if is_telling(&stem) {
                    meant.push(place(stem.clone()));
                } else if stem.len() > 6 {
                    meant.push(place(format!("{stem}.")));
                }
                // With its folder and another ending, or a slip of one.
                let within = facts.within_project(path).to_ascii_lowercase();
                if let Some(folder) = within.rsplit('/').nth(1) {
                    meant.push(place(format!("{folder}/{stem}.")));
                }
                let folder = path.rsplit_once('/').map(|(folder, _)| place(folder.to_ascii_lowercase()));
                (path, meant, folder)
            })
            .collect();
        Self { search: AhoCorasick::new(&names).ok(), notebooks }
    }

    /// The notebooks that a text in lower case names, by themselves or by their folder.
    fn said_in(&self, text: &str) -> Vec<&'path str> {
        let Some(search) = &self.search else { return Vec::new() };
        let (mut stands, mut is_folder) = (HashSet::new(), HashSet::new());
        for found in search.find_overlapping_iter(text) {
            let name = found.pattern().as_usize();
            stands.insert(name);
            if !is_folder.contains(&name) && names_folder(text, found.range()) {
                is_folder.insert(name);
            }
        }
        let is_said = |(_, meant, folder): &&(&str, Vec<usize>, Option<usize>)| {
            meant.iter().any(|name| stands.contains(name))
                || folder.is_some_and(|folder| is_folder.contains(&folder))
        };
        self.notebooks.iter().filter(is_said).map(|(path, ..)| *path).collect()
    }
}

/// Whether a folder's name at a place of a text means the folder, and not just one file in it.
fn names_folder(text: &str, place: Range<usize>) -> bool {
    const QUOTES: [char; 6] = ['\'', '"', '‘', '’', '“', '”'];
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*');
    let before = text.get(..place.start).unwrap_or_default();
    let after = text.get(place.end..).unwrap_or_default();
    let is_code = before.ends_with('`') && after.starts_with('`') || before.ends_with("folder `");
    let is_quoted = before.ends_with(QUOTES) && after.starts_with(QUOTES);
    let is_called = !before.ends_with(is_of_name)
        && !before.ends_with('/')
        && [" folder", " directory", " subfolder"].iter().any(|kind| after.starts_with(kind));
    is_code
        || is_quoted
        || is_called
        || match after.strip_prefix('/') {
            Some(rest) => !rest.starts_with(is_of_name),
            None => before.ends_with('/') && !after.starts_with(is_of_name),
        }
}
