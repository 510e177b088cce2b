//! What documents show of a paper's results: tables, figures, numbers and notebooks' outputs, told apart from
//! teasers, architecture pictures and badges; and what they say makes them.

use super::document::{Block, BlockKind, Inline, Lines};
use super::places::{end_of, start_of};
use super::{CommandKind, Document, Facts, Link, Markup, foreign, tree};
use crate::pattern::Pattern;
use aho_corasick::AhoCorasick;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};
use std::cell::{LazyCell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

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

/// Words of measures. Each stands for a number that a paper reports.
static MEASURE: Pattern = Pattern::new(
    r"(?ix)\b(?: acc(?:uracy|uracies)? | acc@?\d+ | top-?\s?[15] | err(?:or)?s?(?:\s+rates?)? | fid | fid-\d+k | inception\s+score | m?ap(?:@?\d+)? | m?iou | f1 | f-?score | bleu | rouge(?:-\w+)?
          | meteor | cider | spice | psnr | ssim | lpips | auc | auroc | auprc | r?mse | mae | mape | nll | elbo | log-?likelihood | perplexity | ppl | bpc | bpd | bits(?:/dim|\s+per\s+\w+)? | recall | precision | r@\d+ | hits@\d+ | mrr | ndcg
          | rewards? | returns? | regret | elo | wer | cer | epe | dice | map50 | scores? | performance | success\s+rate | correlation | spearman | pearson | r2 | kappa | win\s?rate | pesq | stoi | mos | clip-?score
          | results? | test | val(?:idation)? | dev | speed-?up | loss | eer | pck | robustness | mmlu | gsm8k | humaneval | benchmark | ours | baselines? )\b | % ",
);

/// Words of tables that hold no results: settings and statistics of data.
static SETTINGS: Pattern = Pattern::new(
    r"(?ix)\b(?: hyper-?parameters? | learning\s+rate | batch[\s_-]?size | default | description | argument | option | flag | parameter | type | versions? | dependency | requirements? | packages? | \#?\s?(?:samples|images|nodes|edges|classes) | statistics | possible\s+values | config(?:uration)? | vram )\b",
);

static DECIMAL: Pattern =
    Pattern::new(r"^\W*\d{1,4}(?:[.,]\d+)?\s*(?:%|\\%|dB|nats|bits)?(?:\s*(?:\(|±|\+/?-|\\pm|/|\$).*)?\W*$");

static RESULTS_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:results?|performances?|benchmarks?|curves|experiments?|experimental|evaluations?|comparisons?|accurac(?:y|ies)|scores?|leaderboard|findings|ablations?|reproduc\w*|replicat\w*|zoo|numbers|quantitative|qualitative)\b",
);

/// Titles over what a generative model made.
static GENERATED_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:sampled|generated|synthesi[sz]ed|reconstructed)\s+\w+|\b(?:samples|reconstructions)\b",
);

static DATA_TITLE: Pattern = Pattern::new(r"(?i)\bdata(?:sets?)?\b|\binputs?\b");

static RESULTS_PICTURE: Pattern = Pattern::new(
    r"(?i)(?:results?|performances?|benchmarks?|comparisons?|compare|accurac|scores?|curves?|plots?|tables?|ablation|loss|errors?|regret|rewards?|returns?|roc|convergence|scaling|sota|wer\b|fid|(?:^|[^a-z])poster(?:[^a-z]|$)|quantitative|qualitative|evaluation|learning[_-]?curve|histogram|(?:^|[^a-z])vs(?:[^a-z]|$)|classification|test|psnr|ssim|m?iou(?:[^a-z]|$)|bleu|perplexity|rmse|(?:^|[^a-z])auc(?:[^a-z]|$))",
);

static NO_RESULT_PICTURE: Pattern = Pattern::new(
    r"(?i)(?:teaser|architecture|framework|pipeline|overview|method|diagram|logo|badge|banner|network|structure|workflow|schematic|approach|intro|concept|icon|screenshot|dataset|flow[_-]?chart|abstract|illustration|shields\.io|travis|codecov|colab|badge\.svg|button|model\d*\.(?:png|jpe?g|gif)|algorithm|demo|video|\bexamples?\.(?:png|jpg))",
);

static PROSE: Pattern = Pattern::new(
    r"(?ix)\b(?:accuracy|error(?:\s+rate)?|fid|map|m?iou|f1(?:[\s-]score)?|bleu|psnr|perplexity|auc|auroc|score|reward|return|wer|top-?1|recall|precision|nll|bits\s+per\s+dim\w*|bpd|mse|rmse)\b[^.\n|]{0,40}?\b\d{1,3}(?:\.\d+)?\s*\\?%
          | \b(?:accuracy|error|fid|map|m?iou|f1(?:[\s-]score)?|bleu|psnr|perplexity|auc|auroc|reward|wer|nll|bpd|mse|rmse|mae|ssim|r2|spearman|pearson|inception\s+score|fid\s+score|bleu\s+score|dice\s+score)\s*(?:of|is|:|=|around|about|≈|~)\s*(?:around|about|approximately|roughly|~)?\s*\d+\.\d+
          | \b\d{1,3}\.\d+\s*%\s+(?:[\w-]+\s+){0,3}(?:accuracy|error|map|iou|top-?1|recall|precision)
          | \bshould\s+(?:\w+\s+)?(?:get|see|obtain|achieve|reach|be|yield)\b[^.\n|]{0,40}?\d+(?:\.\d+)?\W{0,3}\s*(?:%\s*)?(?:accuracy|error|fid|m?iou|f1|bleu|psnr|perplexity|auc|reward|return|nll|\+/?-\s*\d|±\s*\d)
          | \bresults?\s+of\s+\W{0,3}\d{1,3}\.\d+\s*\\?%
          | \(\s*\d+\.\d+\s*(?:bpd|bits?\s*/\s*dim|bits\s+per\s+dim|nats|m?iou|map|bleu|fid|psnr|auroc|auc|top-?1)\s*\)",
);

fn says(pattern: &Pattern, text: &str) -> bool {
    pattern.is_in(text)
}

/// The guided documents, and those of the folders that they send a reader to.
fn read_documents(facts: &Facts) -> Vec<&Document> {
    const MOST_FOLDERS: usize = 12;
    let mut paths: Vec<String> = facts.guided.clone();
    let first: Vec<&Document> = facts.guided.iter().filter_map(|path| facts.document(path)).collect();
    let pages_in = |folder: &str| -> Vec<String> {
        const PAGES: &[&str] = &["README.md", "readme.md", "Readme.md", "README.rst", "README.txt", "README"];
        let pages = PAGES.iter().map(|page| format!("{folder}/{page}"));
        pages.filter(|page| facts.document(page).is_some()).collect()
    };
    for &document in &first {
        let named = document.inline_code.iter().map(|code| code.text.as_str());
        let linked = document.links.iter().filter(|link| !link.image).map(|link| link.target.as_str());
        // `./folder`, said without any markup.
        let said = document
            .blocks
            .iter()
            .filter(|block| !matches!(block.kind, BlockKind::Code { .. }) && block.text.contains("./"))
            .flat_map(|block| block.text.split_whitespace())
            .filter(|word| word.starts_with("./"))
            .map(|word| word.trim_end_matches(['.', ',', ';', ':', ')']));
        for target in named.chain(linked).chain(said) {
            let Some(folder) = facts.resolve(&document.path, target.trim_matches('`')) else { continue };
            if folder.is_empty() || !facts.tree.has_folder(&folder) {
                continue;
            }
            let mut found = pages_in(&folder);
            // A folder without a page of its own leads to those of the folders in it.
            if found.is_empty() {
                found.extend(folders_in(facts, &folder).into_iter().take(MOST_FOLDERS).flat_map(pages_in));
            }
            paths.extend(found);
        }
        let patterned =
            document.inline_code.iter().flat_map(|code| named_by_pattern(facts, document, &code.text));
        paths.extend(patterned.filter(|path| facts.document(path).is_some()).map(str::to_owned));
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
    if first.iter().any(|document| sends_to_pages(document)) {
        let near = folders_in(facts, &facts.root);
        let far = near.iter().flat_map(|folder| folders_in(facts, folder));
        paths.extend(near.iter().copied().chain(far).take(4 * MOST_FOLDERS).flat_map(pages_in));
    }
    let mut seen = BTreeSet::new();
    // What other people's code shows, brought along with it, is not this repository's.
    let others = facts.foreign();
    paths.retain(|path| !foreign::holds(others, path) && seen.insert(path.clone()));
    paths.iter().filter_map(|path| facts.document(path)).collect()
}

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
    let Ok(pattern) = globset::GlobBuilder::new(&pattern).literal_separator(true).build() else {
        return Vec::new();
    };
    let pattern = pattern.compile_matcher();
    let paths = facts.files.keys().map(String::as_str);
    paths.filter(|path| pattern.is_match(path)).take(MOST).collect()
}

/// Whether a document sends its readers to the READMEs of folders that it does not name.
fn sends_to_pages(document: &Document) -> bool {
    static SENDS: Pattern = Pattern::new(
        r"(?i)\b(?:folders?|(?:sub)?director(?:y|ies)|subfolders?)\b[^.]{0,60}\breadme\b|\breadme\b(?:\.md)?[^.]{0,60}\b(?:folders?|(?:sub)?director(?:y|ies)|subfolders?)\b",
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
        found.extend(promised_in_comments(document).map(|line| place(Form::Numbers, Lines::at(line))));
        found.extend(numbers_over_commands(document).map(|lines| place(Form::Numbers, lines)));
        let remakes = remakes_figures(document);
        let experiments = named_by_commands(facts, document);
        let pictures = Pictures::new(document);
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
    let of_evaluation = LazyCell::new(|| sentences(documents, &EVALUATION));
    // What makes data ready for the experiments shows none of their results.
    let is_of_data = |path: &str| {
        prepares_data(path)
            || is_named_in(&of_data, path)
                && !of_results.iter().any(|told| !says(&READIES_DATA, told) && is_named_in(&[*told], path))
    };
    found.extend(notebooks.iter().filter(|path| !is_of_data(path)).filter_map(|path| {
        let notebook = facts.files.get(path)?.notebook.as_ref()?;
        let is_result = !is_tutorial(path)
            || is_named_in(&of_results, path)
            || !is_package && notebook.cells.iter().any(|cell| cell.has_image)
            || is_package && !facts.within_project(path).contains('/') && !is_lesson(path);
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

static EVALUATION: Pattern = Pattern::new(r"(?i)\b(?:evaluat(?:e[sd]?|ing|ion)|benchmark\w*)\b");

/// A measure with its number and its spread.
static SPREAD_OUTPUT: Pattern = Pattern::new(
    r"(?i)\b(?:accuracy|precision|recall|f1|auc|auroc|fid|map|miou|bleu|psnr|rmse|mae|nll|perplexity|score)\s*[:=]\s*\d+\.\d+\s*%?\s*(?:±|\+-|\+/-)\s*\d",
);

/// A measure with its number on a line of its own, as is printed once at the end and not at every step.
static MEASURED_OUTPUT: Pattern = Pattern::new(
    r"(?im)^[\w ,/()'-]*:?[\w ,/()'-]*\b(?:accuracy|precision|recall|f1|auc|auroc|fid|map|miou|bleu|psnr|rmse|mae|nll|perplexity|score)\s*[:=]\s*\d+\.\d+\s*(?:%|(?:±|\+-|\+/-).*)?\s*$",
);

/// Sentences that say what makes data ready.
static READIES_DATA: Pattern = Pattern::new(
    r"(?i)\bdata\w*\W+(?:pre-?processing|preparation|cleaning)\b|\b(?:pre-?process(?:es|ing)?|prepar(?:e|es|ing)|clean(?:s|ing)?)\W+(?:(?:the|our|raw)\W+)*(?:\w+\W+)?data\w*\b",
);

/// Whether a notebook's name says that it makes data ready.
fn prepares_data(path: &str) -> bool {
    static PREPARES: Pattern = Pattern::new(
        r"(?i)(?:^|[^a-z])(?:pre-?process(?:ing|ed)?|prepar(?:e|ation|ing)|clean(?:ing|ed)|(?:data\w*|dataset)[ _-]+splits?|splits?|download)(?:[^a-z]|$)",
    );
    let name = path.rsplit('/').next().unwrap_or(path);
    says(&PREPARES, name) && !says(&RESULTS_TITLE, &name.replace(['_', '-'], " "))
}

/// Whether a notebook's name says that it shows how, and not what came out.
fn is_tutorial(path: &str) -> bool {
    static TUTORIAL: Pattern =
        Pattern::new(r"(?i)demo|example|tutorial|quick|getting|intro|usage|walkthrough|playground");
    says(&TUTORIAL, path)
}

/// Whether a notebook's name says that it teaches.
fn is_lesson(path: &str) -> bool {
    static LESSON: Pattern = Pattern::new(r"(?i)tutorial|quick|getting|intro|usage|walkthrough|playground");
    says(&LESSON, path)
}

/// Whether the project is installed and then imported: its demonstrations show how it is used. Where it is not, they
/// are the experiment itself.
fn is_package(facts: &Facts) -> bool {
    ["setup.py", "setup.cfg", "pyproject.toml", "DESCRIPTION", "Project.toml"]
        .iter()
        .any(|name| facts.tree.has_file(&facts.at_root(name)))
}

/// Words of results, figures or comparisons.
static RESULTS: Pattern =
    Pattern::new(r"(?i)\b(?:comparisons?|results?|figures?|experiments?|plott?(?:s|ing)?)\b");

/// Sentences of the documents that a pattern fits.
fn sentences<'document>(documents: &[&'document Document], pattern: &Pattern) -> Vec<&'document str> {
    let blocks = documents.iter().flat_map(|document| &document.blocks);
    blocks.flat_map(|block| block.text.split(". ")).filter(|sentence| says(pattern, sentence)).collect()
}

/// Whether one of the sentences names the file.
fn is_named_in(sentences: &[&str], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    sentences.iter().any(|sentence| sentence.contains(name))
}

/// Titles that end in a number, each over the command that reaches it: `### Small model 77.8`.
fn numbers_over_commands(document: &Document) -> impl Iterator<Item = Lines> {
    const SEVERAL: usize = 2;
    static ENDS_IN_NUMBER: Pattern = Pattern::new(r"\w\D*[\s(:=]\d{1,3}\.\d{1,3}\s*%?\W*$");
    static VERSION: Pattern = Pattern::new(
        r"(?i)python|torch|tensorflow|keras|cuda|ubuntu|version|release|update|install|requirement|\bv\d|\bstep\b|section|\bsec\b|figure|table",
    );
    let over_command = |index: usize| {
        document
            .blocks
            .iter()
            .find(|block| block.section == index)
            .is_some_and(|block| matches!(block.kind, BlockKind::Code { .. }))
    };
    let found: Vec<Lines> = document
        .sections
        .iter()
        .enumerate()
        .filter(|(index, section)| {
            section.level > 1
                && says(&ENDS_IN_NUMBER, &section.title)
                && !says(&VERSION, &section.title)
                && over_command(*index)
        })
        .map(|(_, section)| Lines::at(section.lines.first))
        .collect();
    let is_row = found.len() >= SEVERAL;
    found.into_iter().filter(move |_| is_row)
}

/// Lines of comments beside commands that tell the number to expect: `# expected: BLEU = 27.1`.
fn promised_in_comments(document: &Document) -> impl Iterator<Item = u32> {
    static EXPECTED: Pattern =
        Pattern::new(r"(?i)\b(?:expect(?:ed|s)?|should|reaches|gives|yields|obtains?|achieves?|results?)\b");
    let promises = |line: &str| {
        let comment = line.find("# ").and_then(|at| line.get(at..));
        comment.is_some_and(|comment| says(&EXPECTED, comment) && says(&PRINTED, comment))
    };
    let blocks = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Code { .. }));
    blocks.filter(|block| says(&PRINTED, &block.text)).flat_map(move |block| {
        block.code_lines().filter(move |(_, line)| promises(line)).map(|(number, _)| number)
    })
}

/// How files of pictures end that people look at as such.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "pdf", "svg"];

/// What stands behind the last dot of a path, in lower case; nothing without one.
fn ending_of(path: &str) -> String {
    path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}

/// Whether a link that is no picture leads to one in the tree, which is named after results.
fn is_linked_figure(facts: &Facts, document: &Document, link: &Link) -> bool {
    static PAGES: Pattern =
        Pattern::new(r"(?i)paper|supp|slides|poster|thesis|report|article|arxiv|appendix");
    let target = link.target.split(['?', '#']).next().unwrap_or_default();
    let ending = ending_of(target);
    let name = target.rsplit('/').next().unwrap_or_default();
    (PICTURES.contains(&ending.as_str()) || ending == "gif")
        && says(&RESULTS_PICTURE, name)
        && !says(&PAGES, name)
        && facts.resolve(&document.path, target).is_some_and(|path| facts.tree.has_file(&path))
}

/// Whether a code block shows what a command printed, after words that promise a result.
fn is_printed_result(document: &Document, index: usize) -> bool {
    static PROMISE: Pattern = Pattern::new(
        r"(?i)\b(?:results?|reference output|expect(?:ed)?|reproduces?|replicates?|should (?:get|see|obtain|give|print|output|look)|yields?|achieves?|performances?)\b",
    );
    let Some(block) = document.blocks.get(index).filter(|block| matches!(block.kind, BlockKind::Code { .. }))
    else {
        return false;
    };
    let before = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| document.blocks.get(before))?;
        (before.section == block.section && !matches!(before.kind, BlockKind::Code { .. })).then_some(before)
    };
    let printed = says(&PRINTED, &block.text) || is_aligned_table(&block.text);
    printed
        && before(index).is_some_and(|nearest| {
            // "For the small model:" says of which, and the words over it what.
            let introduces = nearest.text.trim_end().ends_with(':') && nearest.text.len() < 80;
            says(&PROMISE, &nearest.text)
                || introduces && before(index - 1).is_some_and(|over| says(&PROMISE, &over.text))
        })
}

/// Whether a text is a table aligned by spaces or drawn with bars: names of measures over a row of as many numbers.
fn is_aligned_table(text: &str) -> bool {
    const LEAST: usize = 3;
    let is_rule = |line: &str| line.chars().all(|c| matches!(c, '+' | '-' | '=' | '|') || c.is_whitespace());
    let between = |c: char| c == '|' || c.is_whitespace();
    let mut rows = text
        .lines()
        .filter(|line| !is_rule(line))
        .map(|line| line.split(between).filter(|cell| !cell.is_empty()).collect::<Vec<_>>());
    let numbers = |row: &[&str]| row.iter().filter(|cell| cell.contains('.') && DECIMAL.is_in(cell)).count();
    let Some(header) = rows.find(|row| !row.is_empty()) else { return false };
    header.len() >= LEAST
        && numbers(&header) == 0
        // A command has numbers among its words.
        && rows.any(|row| {
            let numbers = numbers(&row);
            row.len() >= header.len() && numbers + 1 >= header.len() && numbers * 2 >= row.len()
        })
}

/// Whether a document says what makes its figures anew: the pictures that it shows are then those.
fn regenerates_figures(document: &Document) -> bool {
    static ANEW: Pattern = Pattern::new(
        r"(?i)\b(?:reproduc|regenerat|recreat|replicat)(?:e|es|ing)\s+(?:(?:the|all|our|these|paper|of|its|main)\s+){0,4}(?:figures|plots)\b",
    );
    document.blocks.iter().any(|block| says(&ANEW, &block.text))
}

/// Whether a sentence quotes a line of numbers as what a command puts out.
fn quotes_output(document: &Document, block: &Block) -> bool {
    static OUTPUT: Pattern =
        Pattern::new(r"(?i)\b(?:outputs?|prints?|printed|results?)\b[^.]{0,30}\b(?:is|are|be|like|reads?)\b");
    let fractions = |text: &str| {
        text.split_whitespace().filter(|word| word.contains('.') && word.parse::<f64>().is_ok()).count()
    };
    !matches!(block.kind, BlockKind::Code { .. })
        && says(&OUTPUT, &block.text)
        && document
            .inline_code
            .iter()
            .any(|code| block.lines.contains(code.line) && fractions(&code.text) >= 2)
}

/// A measure and its number, as programs print them.
static PRINTED: Pattern = Pattern::new(
    r"(?i)\b(?:accuracy|acc|precision|recall|f1|auc|error|fid|map|miou|bleu|psnr|reward|return|mse|nll|perplexity|top-?1|score)\w*\s*[:=|]?\s*\d+\.\d+",
);

/// Whether an output says what was measured; dates, counts and shapes are whole numbers.
fn has_measures(output: &str) -> bool {
    let has_fraction = output.contains('%')
        || output.as_bytes().windows(3).any(|around| {
            matches!(around, [before, b'.', after] if before.is_ascii_digit() && after.is_ascii_digit())
        });
    has_fraction
        && says(&MEASURE, &output.replace('_', " "))
        && output.chars().filter(char::is_ascii_digit).count() >= 4
}

/// Whether several lines of an output hold several numbers with a point.
fn has_rows_of_numbers(output: &str) -> bool {
    const SEVERAL: usize = 2;
    let is_row = |line: &&str| {
        let numbers = line.split_whitespace().filter(|word| word.contains('.') && DECIMAL.is_in(word));
        numbers.take(SEVERAL).count() == SEVERAL
    };
    output.lines().filter(is_row).take(SEVERAL).count() == SEVERAL
}

fn is_results_table(document: &Document, block: &Block) -> bool {
    let BlockKind::Table { header, rows, .. } = &block.kind else { return false };
    let numeric = |row: &&Vec<String>| row.iter().skip(1).filter(|cell| DECIMAL.is_in(cell)).count() >= 1;
    let with_numbers = rows.iter().filter(numeric).count();
    if with_numbers == 0 {
        return false;
    }
    let heading = header.join(" ");
    let first_column: String =
        rows.iter().filter_map(|row| row.first()).map(String::as_str).collect::<Vec<_>>().join(" ");
    let title = titles_over(document, block.section);
    // "… gives these PSNRs:"
    let announced = document.blocks.iter().rev().find(|before| before.lines.last < block.lines.first);
    let is_announced = announced.is_some_and(|before| {
        before.section == block.section
            && before.text.trim_end().ends_with(':')
            && says(&ANNOUNCED_MEASURE, &before.text)
    });
    let is_named = says(&MEASURE, &heading) || says(&MEASURE, &first_column) || is_announced;
    // What is counted of data is no result, unless a measure is named.
    let nearest = document.title_over(block.section);
    let is_of_data = says(&DATA_TITLE, nearest) || stands_among_data(document, block.section);
    if is_of_data && !is_named && says(&SETTINGS, &first_column) {
        return false;
    }
    let measured = is_named || says(&RESULTS_TITLE, &title);
    let precise = rows.iter().flatten().any(|cell| {
        cell.contains('.') && cell.bytes().any(|byte| byte.is_ascii_digit()) && DECIMAL.is_in(cell)
    });
    let settings = says(&SETTINGS, &heading) && !says(&MEASURE, &heading);
    (measured && !settings) || (precise && with_numbers >= 2 && !settings && !says(&SETTINGS, nearest))
}

fn is_results_prose(document: &Document, block: &Block) -> bool {
    let of_data = || {
        let title = document.title_over(block.section);
        says(&DATA_TITLE, title) && !says(&RESULTS_TITLE, title)
    };
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Html | BlockKind::Quote)
        && (says(&PROSE, &block.text) || goes_on_from_title(document, block))
        && !says(&OTHER_WORK, &block.text)
        && !of_data()
}

/// Whether a text begins with the number of what the title over it names: `## Test accuracy`, then `91.2% with …`.
fn goes_on_from_title(document: &Document, block: &Block) -> bool {
    static BEGINS: Pattern = Pattern::new(r"^\W*\d{1,3}\.\d+\s*\\?%");
    const LONGEST: usize = 300;
    let text = start_of(&block.text);
    says(&BEGINS, text) && text.len() <= LONGEST && {
        let title = document.title_over(block.section);
        says(&PROSE, &format!("{title}: {}", text.trim_start()))
    }
}

/// Measures that a sentence announces in the plural.
static ANNOUNCED_MEASURE: Pattern = Pattern::new(
    r"(?i)\b(?:accuracies|accuracy|errors?|scores?|psnrs?|ssims?|fids?|bleu|m?iou|m?ap|aucs?|perplexit(?:y|ies)|rmse|mse|mae|nll|rewards?|returns?|results?)\b",
);

/// An entry of a list of works: a name, where it appeared and when.
static OTHER_WORK: Pattern = Pattern::new(
    r"(?i)^\W*(?:\d+\W+)?[^().]{2,120}\((?:[a-z][\w-]*[ ,']*){1,4}(?:19|20)?\d\d(?:,?\s+(?:oral|spotlight|poster|workshop))?\)",
);

/// What is told of the pictures of a document, found out once for all of them.
struct Pictures<'document> {
    document: &'document Document,
    /// See [`regenerates_figures`].
    anew: OnceCell<bool>,
    /// Whether the block of an index speaks of results.
    spoken: RefCell<HashMap<usize, bool>>,
}

impl<'document> Pictures<'document> {
    fn new(document: &'document Document) -> Self {
        Self { document, anew: OnceCell::new(), spoken: RefCell::default() }
    }
}

fn is_results_figure(pictures: &Pictures<'_>, link: &Link) -> bool {
    let document = pictures.document;
    static BADGE: Pattern = Pattern::new(
        r"(?i)badge|shields\.io|travis|codecov|circleci|readthedocs|youtu|github\.com/[^ ]*/workflows|actions/workflows|colab|img\.io|pepy|star-history|contrib\.rocks|readme-stats",
    );
    let name = link.target.rsplit('/').next().unwrap_or_default();
    let told = format!("{} {name}", link.text);
    if is_formula(link, name) {
        return false;
    }
    if says(&NO_RESULT_PICTURE, &told) || says(&BADGE, &link.target) {
        return false;
    }
    // What agents are set to do, and not how they did.
    static SET_TASKS: Pattern =
        Pattern::new(r"(?i)(?:^|[^a-z])(?:envs?|environments?|tasks?|domains?|robots?)(?:[^a-z]|$)");
    if says(&SET_TASKS, &told) && !says(&STRONG_TITLE, &told) && !says(&RESULTS_PICTURE, &told) {
        return false;
    }
    let caption = caption(document, link);
    if says(&EXPLAINS, &caption) && !says(&STRONG_TITLE, &caption) && !says(&STRONG_TITLE, &told) {
        return false;
    }
    // A title that names results and nothing else is no project's name, wherever it stands.
    static OF_RESULTS: Pattern = Pattern::new(
        r"(?i)^\W*(?:(?:main|our|the|key|experimental|benchmark)\s+)*(?:results?|performances?|accurac(?:y|ies)|scores?|findings|experiments?|evaluations?|benchmarks?|comparisons?)\W*$",
    );
    // Above the first heading, and under it, stands what catches the eye, and not what was measured.
    let on_top = document.sections.get(link.section).is_none_or(|section| {
        link.section <= 1 && !says(&OF_RESULTS, &section.title)
            || section.level <= 1 && names_project(document, link.section)
    }) && document.sections.len() > 2;
    if on_top {
        static MEASURED: Pattern = Pattern::new(
            r"(?i)results?|accurac|benchmark|performance|curve|scores?|error|regret|sota|plots?(?:[^a-z]|$)|\bposter\b",
        );
        return says(&MEASURED, &told)
            || says(&STRONG_TITLE, &caption)
            || says(&GENERATED, &told)
            || is_announced(document, link);
    }
    let title = document.title_over(link.section);
    let trail = titles_over(document, link.section);
    if says(&STRONG_TITLE, title) || says(&STRONG_TITLE, &trail) && link.section > 1 {
        return true;
    }
    // Titles over how experiments are run stand over pictures of what they are run on as well.
    let shows_setting = sentences_beside(document, link).any(|sentence| says(&SETTING, sentence));
    let is_of_data = says(&DATA_TITLE, title) || stands_among_data(document, link.section);
    if says(&RESULTS_TITLE, &trail) && !shows_setting && !is_of_data {
        return true;
    }
    if says(&RESULTS_PICTURE, &told) || says(&GENERATED_TITLE, title) && !is_of_data {
        return true;
    }
    if shows_setting || is_of_data {
        return false;
    }
    if follows_its_command(document, link) || *pictures.anew.get_or_init(|| regenerates_figures(document)) {
        return true;
    }
    // Where the work is introduced, the words beside a picture praise it.
    let introduces = says(&INTRODUCES, title);
    // A sentence beside it that speaks of results, or a figure of the paper.
    static BESIDE: Pattern = Pattern::new(
        r"(?i)\b(?:results?|outperform\w*|compar(?:e[sd]?|isons?)|performance|(?:figure|fig\.|table)\s*\d+|replicates?|reproduces?|achieves?|improv\w+|\w+\s+curves?|figures?\s+(?:\S+\s+){0,3}(?:shows?|reports?|depicts?|displays?|visuali[sz]es?)|(?:expected|example|sample)\s+(?:outputs?|results?|plots?|figures?)\b|should\s+(?:see|look|get|obtain))\b",
    );
    let near = |block: &Block| {
        block.lines.first <= link.line + 4
            && link.line <= block.lines.last + 4
            && block.section == link.section
    };
    // An entry of a bibliography is about a paper and shows nothing.
    let cites = |block: &Block| matches!(block.kind, BlockKind::Code { .. }) && is_quoted(block);
    let mut blocks = document.blocks.iter().enumerate().filter(|(_, block)| near(block));
    // Where the work is introduced, words beside a picture praise the work, unless they tell numbers or say which figure
    // shows how well it does.
    static TELLS: Pattern = Pattern::new(
        r"(?i)\d\s*\\?%|\bfig(?:ure|\.)\s*\d[^.]*\b(?:performances?|results?|accurac(?:y|ies)|comparisons?)\b|\b(?:performances?|results?|accurac(?:y|ies)|comparisons?)\b[^.]*\bfig(?:ure|\.)\s*\d",
    );
    let praises = |block: &Block| introduces && !says(&TELLS, &block.text);
    blocks.any(|(index, block)| {
        let speaks = || {
            !cites(block) && says(&BESIDE, &block.text) && !says(&ELSEWHERE, &block.text) && !praises(block)
        };
        *pictures.spoken.borrow_mut().entry(index).or_insert_with(speaks)
    })
}

/// The titles over a section and its own. On the front page the first names the project, and says nothing of what
/// stands in other sections.
fn titles_over(document: &Document, section: usize) -> String {
    let mut titles = document.trail(section);
    let is_front = !document.path.contains('/') && document.path.to_ascii_lowercase().starts_with("readme");
    let name = document.sections.get(1).filter(|named| named.level == 1 && is_front && section > 1);
    if let (Some(named), Some(top)) = (name, titles.first())
        && titles.len() > 1
        && named.title == *top
    {
        titles.remove(0);
    }
    titles.join(" / ")
}

/// Titles over what a work is about.
static INTRODUCES: Pattern = Pattern::new(
    r"(?i)^\W*(?:\d+\.?\s*)?(?:introduction|intro|overview|abstract|about|motivation|background)\W*$",
);

/// Whether the title over a section's own, which is not the project's, is one of data.
fn stands_among_data(document: &Document, section: usize) -> bool {
    let above = document.sections.get(section).and_then(|section| section.parent);
    let above = above.filter(|above| *above > 1).and_then(|above| document.sections.get(above));
    above.is_some_and(|above| says(&DATA_TITLE, &above.title) && !says(&RESULTS_TITLE, &above.title))
}

/// Whether a section of the first level bears the project's name: it is the only one of its level, news and links
/// having come before it, or it is the first and stands on top.
fn names_project(document: &Document, section: usize) -> bool {
    const TOP: u32 = 10;
    let Some(named) = document.sections.get(section) else { return false };
    let of_level = document.sections.iter().filter(|other| other.level == named.level).count();
    (named.lines.first <= TOP || of_level == 1) && !says(&RESULTS_TITLE, &named.title)
}

/// Whether a document says what draws the figures of the paper.
fn remakes_figures(document: &Document) -> bool {
    static REMAKES: Pattern = Pattern::new(
        r"(?i)\b(?:generat|reproduc|re-?creat|re-?mak|mak|creat|plot|draw|produc)(?:es?|ing)?\b[^.]{0,40}\b(?:all|every|each|most|the|our)\b[^.]{0,30}\bfigures?\b",
    );
    let words = |block: &&Block| !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    document.blocks.iter().filter(words).any(|block| says(&REMAKES, &block.text))
}

/// Whether a picture is one of a row of numbered figures in the tree, as a paper has them.
fn is_numbered_figure(facts: &Facts, document: &Document, link: &Link) -> bool {
    const ROW: usize = 3;
    let is_numbered = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let rest = name.strip_prefix("figure").or_else(|| name.strip_prefix("fig"));
        let rest = rest.map(|rest| rest.trim_start_matches(['_', '-', '.', ' ']));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let Some(path) = tree::resolve(&document.path, &link.target).filter(|path| is_numbered(path)) else {
        return false;
    };
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let beside = facts.tree.within(folder).filter(|entry| {
        entry.path.rsplit_once('/').is_some_and(|(other, _)| other == folder)
            && entry.path.ends_with(ending)
            && is_numbered(&entry.path)
    });
    beside.count() >= ROW
}

/// Pictures of the tree that are called as documented commands call their experiments: several of one document, each
/// named by a flag or an argument.
fn named_by_commands<'document>(facts: &Facts, document: &'document Document) -> BTreeSet<&'document str> {
    const SEVERAL: usize = 2;
    let arguments: BTreeSet<String> = facts
        .commands
        .documented
        .iter()
        .filter(|command| command.document == document.path)
        .flat_map(|command| &command.arguments)
        .map(|argument| argument.trim_start_matches('-').to_ascii_lowercase())
        .collect();
    let is_named = |link: &&Link| {
        let name = link.target.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let stem = name.split('.').next().unwrap_or_default();
        link.image
            && stem.len() > 2
            && arguments.contains(stem)
            && tree::resolve(&document.path, &link.target).is_some_and(|path| facts.tree.has_file(&path))
    };
    let named: BTreeSet<&str> =
        document.links.iter().filter(is_named).map(|link| link.target.as_str()).collect();
    if named.len() < SEVERAL { BTreeSet::new() } else { named }
}

/// Whether a figure stands right under the command that makes it: one that tests or draws, and not one that trains.
fn follows_its_command(document: &Document, link: &Link) -> bool {
    static MAKES: Pattern = Pattern::new(
        r"(?i)(?:python3?|bash|sh|julia|Rscript|matlab)\s+\S*(?:test|eval|infer|sampl|generat|plot|figure|visuali[sz]|experiment|reproduc|predict|compar)|^\s*\./\S*(?:test|eval|plot|figure|experiment)",
    );
    static READIES: Pattern = Pattern::new(r"(?i)download|preprocess|prepare|convert_|create_dataset");
    let before = document.blocks.iter().rev().find(|block| block.lines.last < link.line);
    before.is_some_and(|block| {
        matches!(block.kind, BlockKind::Code { .. })
            && block.section == link.section
            && block.lines.last + 3 >= link.line
            && says(&MAKES, &block.text)
            && !says(&READIES, &block.text)
    })
}

/// Whether a picture is a typeset formula: its text is TeX, its address asks for TeX, or its name is a digest of it.
fn is_formula(link: &Link, name: &str) -> bool {
    let stem = name.strip_suffix(".svg").unwrap_or_default();
    link.text.trim_start().starts_with('$')
        || ["latex", "render/math", "tex="].iter().any(|piece| link.target.contains(piece))
            && link.target.contains("://")
        || stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Words beside a picture of what a generative model made.
static GENERATED: Pattern = Pattern::new(
    r"(?i)\b(?:samples?|images?|faces|pictures?|reconstructions?)\s+(?:\w+\s+){0,2}(?:generated|drawn|synthesi[sz]ed|produced|sampled)\s+(?:by|from|with|using)\s+(?:our|the)\b",
);

/// Titles that promise what came out, and not only how it was tried.
static STRONG_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:results?|performances?|comparisons?|curves|accurac(?:y|ies)|scores?|leaderboard|findings|ablations?|quantitative|qualitative)\b",
);

/// Captions of what explains a method.
static EXPLAINS: Pattern = Pattern::new(
    r"(?i)\b(?:architecture|overview|pipeline|framework|schematic|illustrat\w+|workflow|diagram|mechanism|structure of|process of|procedure|teaser|demo video)\b",
);

/// Sentences beside pictures of what experiments are made on.
static SETTING: Pattern = Pattern::new(
    r"(?i)\b(?:environments?|tasks?|domains?|data\s?sets?|scenes?)\b[^.]{0,40}\b(?:used|considered|consist|provided|available|look)|\b(?:diversity|distribution|examples?|statistics|samples?)\b[^.]{0,20}\b(?:of|from|in) (?:our|the) data|\bscreenshots?\b|\b(?:left|right|above|below) video\b",
);

/// What a figure is called: the text of the block that holds it, or a numbered caption next to it.
fn caption(document: &Document, link: &Link) -> String {
    static NUMBERED: Pattern = Pattern::new(r"(?i)^\W*(?:figure|fig\.?|table)\s*\d+\W");
    let is_words = |block: &&Block| {
        !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. })
            && block.section == link.section
    };
    let blocks = || document.blocks.iter().filter(is_words);
    // Longer texts tell more than what the figure shows.
    const LONGEST: usize = 300;
    let own = blocks().find(|block| block.lines.contains(link.line)).map(|block| block.text.as_str());
    let own = own.filter(|text| text.len() <= LONGEST || says(&NUMBERED, text));
    let next = blocks().find(|block| block.lines.first > link.line && block.lines.first <= link.line + 3);
    let next = next.map(|block| block.text.as_str()).filter(|text| says(&NUMBERED, text));
    let first = |text: &str| text.trim().chars().take(LONGEST).collect::<String>();
    own.into_iter().chain(next).map(first).collect::<Vec<_>>().join(" ")
}

/// The last sentence before a figure and the first after it.
fn sentences_beside<'document>(
    document: &'document Document,
    link: &Link,
) -> impl Iterator<Item = &'document str> {
    let section = link.section;
    let line = link.line;
    let blocks = || {
        let is_words = move |block: &&Block| {
            block.section == section
                && !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. })
        };
        document.blocks.iter().filter(is_words)
    };
    let before = blocks().rev().find(|block| block.lines.first <= line && block.lines.last + 4 >= line);
    let after = blocks().find(|block| block.lines.first > line && block.lines.first <= line + 4);
    let before = before.and_then(|block| end_of(block.text.trim()).rsplit(". ").next());
    let after = after.and_then(|block| start_of(block.text.trim()).split(". ").next());
    before.into_iter().chain(after)
}

/// Whether a sentence leads to a folder of the tree that holds figures of results, or to a sheet of them.
fn leads_to_figures(facts: &Facts, document: &Document, block: &Block) -> bool {
    static LEADS: Pattern = Pattern::new(
        r"(?i)\b(?:results?|figures?|plots?|(?:learning|training|reward|accuracy) curves?)\b[^.]{0,60}\b(?:are|is|can be|were|we have|provided|uploaded|appear|found|in|under|see)\b|\b(?:contains?|holds?|has|includes?)\s+(?:the\s+|all\s+|our\s+)*(?:results?|figures?|plots?|curves?)\b",
    );
    static LATER: Pattern = Pattern::new(
        r"(?i)\b(?:will|to be|would|shall|then|output(?:s|ted)?|sav(?:e[ds]?|ing)|writ(?:e|es|ten)|stor(?:e[ds]?|ing))\b",
    );
    // A list that is set in by four blanks reads as code.
    if matches!(block.kind, BlockKind::Table { .. }) || !says(&LEADS, &block.text) {
        return false;
    }
    let text = block.text.replace('\n', " ");
    let sentences = text.split(". ").filter(|sentence| says(&LEADS, sentence) && !says(&LATER, sentence));
    sentences
        .flat_map(str::split_whitespace)
        .map(|word| {
            word.trim_matches(|c: char| matches!(c, '`' | '"' | '\'' | ',' | '(' | ')' | ':' | ';' | '.'))
        })
        .filter(|word| word.len() > 2)
        .flat_map(|word| {
            let word = word.strip_prefix("~/").unwrap_or(word).trim_matches('.');
            // Pages of folders often name paths as they are seen from the root.
            let from_root = document.path.contains('/').then(|| tree::resolve("", word)).flatten();
            tree::resolve(&document.path, word).into_iter().chain(from_root)
        })
        .any(|named| {
            is_sheet_of_results(facts, &named)
                || folder_named(facts, &named).is_some_and(|folder| holds_figures(facts, &folder))
        })
}

/// Whether a file of the tree is a sheet or a picture, and is called after results.
fn is_sheet_of_results(facts: &Facts, path: &str) -> bool {
    static CALLED: Pattern = Pattern::new(
        r"(?i)(?:^|[^a-z])(?:results?|scores?|performances?|benchmarks?|metrics|accurac(?:y|ies)|leaderboard|figures?)(?:[^a-z]|$)",
    );
    const SHEETS: &[&str] = &["csv", "tsv", "xls", "xlsx", "ods"];
    let ending = ending_of(path);
    [SHEETS, PICTURES].iter().any(|endings| endings.contains(&ending.as_str()))
        && says(&CALLED, path)
        && facts.tree.has_file(path)
}

/// The folder that a document means: the one at this path, else the only one in the project that is called so.
fn folder_named(facts: &Facts, named: &str) -> Option<String> {
    if named.is_empty() || facts.tree.has_folder(named) {
        return (!named.is_empty()).then(|| named.to_owned());
    }
    let folders: BTreeSet<&str> = facts
        .tree
        .entries()
        .iter()
        .filter_map(|entry| Some(entry.path.rsplit_once('/')?.0))
        .filter(|folder| {
            facts.files_hold(folder) && folder.strip_suffix(named).is_some_and(|before| before.ends_with('/'))
        })
        .collect();
    match folders.len() {
        1 => folders.first().map(|folder| (*folder).to_owned()),
        _ => None,
    }
}

/// Whether a folder holds several pictures and is called after figures, however deep they lie, or after results, the
/// pictures lying in it directly.
fn holds_figures(facts: &Facts, folder: &str) -> bool {
    const SEVERAL: usize = 2;
    let name = folder.rsplit('/').next().unwrap_or(folder).to_ascii_lowercase();
    let is_for_figures = matches!(name.as_str(), "figures" | "figs" | "figure");
    if !is_for_figures && !says(&RESULTS_PICTURE, folder) {
        return false;
    }
    let pictures = facts.tree.within(folder).filter(|entry| {
        let ending = ending_of(&entry.path);
        (PICTURES.contains(&ending.as_str()) || ending == "eps")
            && (is_for_figures || entry.path.get(folder.len() + 1..).is_some_and(|name| !name.contains('/')))
    });
    pictures.take(SEVERAL).count() == SEVERAL
}

/// Whether the words just before a figure say that it shows how well something did.
fn is_announced(document: &Document, link: &Link) -> bool {
    static ANNOUNCED: Pattern = Pattern::new(
        r"(?i)\b(?:below|following|figure|plot|graph)\b[^.]*\b(?:results?|performances?|accurac(?:y|ies)|comparisons?|compares?|scores?|errors?|curves?)\b",
    );
    let before = document.blocks.iter().rev().find(|block| block.lines.last < link.line);
    before.is_some_and(|block| {
        block.lines.last + 3 >= link.line
            && block.section == link.section
            && !matches!(block.kind, BlockKind::Code { .. })
            // The last sentence: what comes before speaks of other things.
            && end_of(block.text.trim()).rsplit(". ").next().is_some_and(|last| says(&ANNOUNCED, last))
    })
}

/// Sends a reader to the paper for what is not shown here.
static ELSEWHERE: Pattern = Pattern::new(r"(?i)(?:refer to|see|in) (?:the|our) paper");

/// Notebooks in the tree that guided documents name or link to; all at the side of a README that speaks of notebooks.
fn notebooks(facts: &Facts, documents: &[&Document]) -> Vec<String> {
    let all: Vec<&str> = facts
        .files
        .iter()
        .filter(|(_, file)| file.notebook.is_some())
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
            let patterned =
                document.inline_code.iter().flat_map(|code| named_by_pattern(facts, document, &code.text));
            found.extend(patterned.filter(is_notebook).map(str::to_owned));
            found.extend(in_folders_of_figures(facts, document, &all).map(str::to_owned));
        }
    }
    found.into_iter().collect()
}

/// Notebooks that lie anywhere in folders of which a sentence says that they hold what draws the figures.
fn in_folders_of_figures<'path>(
    facts: &Facts,
    document: &Document,
    all: &[&'path str],
) -> impl Iterator<Item = &'path str> {
    static FIGURES: Pattern = Pattern::new(r"(?i)\b(?:figures?|plots?)\b");
    let of_figures = |code: &&Inline| {
        let block = document.block_at(code.line).and_then(|at| document.blocks.get(at));
        block.is_some_and(|block| block.text.len() < 1_000 && says(&FIGURES, &block.text))
    };
    let folders: BTreeSet<String> = document
        .inline_code
        .iter()
        .filter(of_figures)
        .filter_map(|code| tree::resolve(&document.path, &code.text))
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
    let by_words: Vec<&str> = all.iter().copied().filter(|path| named.contains(&words(path))).collect();
    if !by_words.is_empty() || !named.is_empty() {
        return by_words;
    }
    static NOTEBOOKS: Pattern = Pattern::new(
        r"(?i)\b(?:the|these|following|provided|included|our|jupyter|ipython)\s+(?:\w+\s+)?notebooks?\b",
    );
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_beside = |path: &&str| path.rsplit_once('/').map_or("", |(folder, _)| folder) == folder;
    match says(&NOTEBOOKS, text) {
        true => all.iter().copied().filter(is_beside).collect(),
        false => Vec::new(),
    }
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
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*');
    let before = text.get(..place.start).unwrap_or_default();
    let after = text.get(place.end..).unwrap_or_default();
    let is_code = before.ends_with('`') && after.starts_with('`') || before.ends_with("folder `");
    is_code
        || match after.strip_prefix('/') {
            Some(rest) => !rest.starts_with(is_of_name),
            None => before.ends_with('/') && !after.starts_with(is_of_name),
        }
}

/// Every place that says which command, script or notebook makes results: those that speak of results or of measuring
/// first, then those that train.
fn makers(facts: &Facts, documents: &[&Document], notebooks: Vec<String>) -> Vec<Maker> {
    let is_read = |path: &str| documents.iter().any(|document| document.path == path);
    let mut found = Vec::new();
    for command in facts.commands.documented.iter().filter(|command| is_read(&command.document)) {
        let runs = match &command.kind {
            CommandKind::Script { .. } | CommandKind::Module { .. } => true,
            CommandKind::Make { .. } | CommandKind::Program => false,
        };
        if runs && !prepares(&command.text) {
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
    for &document in documents {
        // A script that has a section of its own, which says what it does.
        let titled = document.sections.iter().filter(|section| {
            section.level > 0 && names_script(facts, document, section.title.trim_matches(['`', ' ', ':']))
        });
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
                .split_whitespace()
                .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
                .find(|word| names_script(facts, document, word));
            if let Some(word) = named {
                found.push(Maker { path: document.path.clone(), lines: block.lines, what: word.to_owned() });
            }
        }
    }
    found.extend(documents.iter().flat_map(|document| folders_of_scripts(facts, document)));
    for path in notebooks {
        found.push(Maker { what: path.clone(), lines: Lines::at(1), path });
    }
    static MEASURES: Pattern = Pattern::new(
        r"(?i)eval|test|reproduc|replicat|result|experiment|figure|table|plot|bench|valid|compare|score",
    );
    found.sort_by_key(|maker| !says(&MEASURES, &maker.what));
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

fn names_script(facts: &Facts, document: &Document, word: &str) -> bool {
    const CODE: &[&str] = &[".py", ".sh", ".ipynb", ".m", ".r", ".jl", ".lua"];
    let lower = word.to_ascii_lowercase();
    if !CODE.iter().any(|ending| lower.ends_with(ending)) || prepares(word) {
        return false;
    }
    let exact = tree::resolve(&document.path, word).is_some_and(|path| facts.tree.has_file(&path));
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    exact
        || facts
            .tree
            .entries()
            .iter()
            .any(|entry| entry.path.rsplit('/').next().is_some_and(|file| file.eq_ignore_ascii_case(name)))
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
