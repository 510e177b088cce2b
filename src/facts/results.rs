//! What documents show of a paper's results: tables, figures, numbers and notebooks' outputs, told apart from
//! teasers, architecture pictures and badges; and what they say makes them.

use super::document::{Block, BlockKind, Lines};
use super::pattern::Pattern;
use super::{CommandKind, Document, Facts, Link, Markup, tree};
use std::collections::BTreeSet;

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
    r"(?ix)\b(?: acc(?:uracy|uracies)? | acc@\d+ | top-?\s?[15] | err(?:or)?s?(?:\s+rates?)? | fid | fid-\d+k | inception\s+score | m?ap(?:@?\d+)? | m?iou | f1 | f-?score | bleu | rouge(?:-\w+)?
          | meteor | cider | spice | psnr | ssim | lpips | auc | auroc | auprc | r?mse | mae | mape | nll | elbo | log-?likelihood | perplexity | ppl | bpc | bpd | bits(?:/dim|\s+per\s+\w+)? | recall | precision | r@\d+ | hits@\d+ | mrr | ndcg
          | rewards? | returns? | regret | elo | wer | cer | epe | dice | j_mean | j&f | map50 | scores? | performance | success\s+rate | correlation | spearman | pearson | r2 | kappa | win\s?rate | pesq | stoi | mos | clip-?score
          | results? | test | val(?:idation)? | dev | speed-?up | loss | eer | pck | auac | robustness | mmlu | gsm8k | humaneval | benchmark | ours | baselines? )\b | % ",
);

/// Words of tables that hold no results: settings and statistics of data.
static SETTINGS: Pattern = Pattern::new(
    r"(?ix)\b(?: hyper-?parameters? | learning\s+rate | batch[\s_-]?size | default | description | argument | option | flag | parameter | type | version | dependency | requirement | package | \#?\s?(?:samples|images|nodes|edges|classes) | statistics | possible\s+values | config(?:uration)? | vram )\b",
);

static DECIMAL: Pattern =
    Pattern::new(r"^\W*\d{1,4}(?:[.,]\d+)?\s*(?:%|\\%)?(?:\s*(?:\(|±|\+/?-|\\pm|/|\$).*)?\W*$");

static RESULTS_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:results?|performances?|benchmarks?|experiments?|experimental|evaluations?|comparisons?|accurac(?:y|ies)|scores?|leaderboard|findings|ablations?|reproduc\w*|replicat\w*|zoo|numbers|quantitative|qualitative)\b",
);

/// Titles over what a generative model made.
static GENERATED_TITLE: Pattern = Pattern::new(
    r"(?i)\b(?:sampled|generated|synthesi[sz]ed|reconstructed)\s+\w+|\b(?:samples|reconstructions)\b",
);

static DATA_TITLE: Pattern = Pattern::new(r"(?i)\bdata(?:sets?)?\b|\binputs?\b");

static RESULTS_PICTURE: Pattern = Pattern::new(
    r"(?i)(?:results?|performances?|benchmarks?|comparisons?|compare|accurac|scores?|curves?|plots?|tables?|ablation|loss|errors?|regret|rewards?|returns?|roc|convergence|scaling|sota|wer\b|fid|quantitative|qualitative|evaluation|learning[_-]?curve|histogram|breakdown|vs\b|classification|test)",
);

static NO_RESULT_PICTURE: Pattern = Pattern::new(
    r"(?i)(?:teaser|architecture|framework|pipeline|overview|method|diagram|logo|badge|banner|network|structure|workflow|schematic|approach|intro|concept|icon|screenshot|dataset|flow[_-]?chart|abstract|illustration|shields\.io|travis|codecov|colab|badge\.svg|button|model\.(?:png|jpg)|algorithm|demo|video)",
);

static PROSE: Pattern = Pattern::new(
    r"(?ix)\b(?:accuracy|error(?:\s+rate)?|fid|map|m?iou|f1(?:[\s-]score)?|bleu|psnr|perplexity|auc|auroc|score|reward|return|wer|top-?1|recall|precision|nll|bits\s+per\s+dim\w*|bpd|mse|rmse)\b[^.\n|]{0,40}?\b\d{1,3}(?:\.\d+)?\s*\\?%
          | \b(?:accuracy|error|fid|map|m?iou|f1(?:[\s-]score)?|bleu|psnr|perplexity|auc|auroc|reward|wer|nll|bpd|mse|rmse)\s*(?:of|is|:|=|around|about|≈|~)\s*(?:around|about|approximately|~)?\s*\d+\.\d+
          | \b\d{1,3}\.\d+\s*%\s+(?:[\w-]+\s+){0,3}(?:accuracy|error|map|iou|top-?1|recall|precision)",
);

fn says(pattern: &Pattern, text: &str) -> bool {
    pattern.is_in(text)
}

/// The guided documents, and those of the folders that they send a reader to.
fn read_documents(facts: &Facts) -> Vec<&Document> {
    let mut paths: Vec<String> = facts.guided.clone();
    let first: Vec<&Document> = facts.guided.iter().filter_map(|path| facts.document(path)).collect();
    for document in first {
        let named = document.inline_code.iter().map(|code| code.text.as_str());
        let linked = document.links.iter().filter(|link| !link.image).map(|link| link.target.as_str());
        for target in named.chain(linked) {
            let Some(folder) = tree::resolve(&document.path, target.trim_matches('`')) else { continue };
            if folder.is_empty() || !facts.tree.has_folder(&folder) {
                continue;
            }
            let pages = ["README.md", "readme.md", "Readme.md", "README.rst", "README.txt", "README"];
            paths.extend(
                pages
                    .iter()
                    .map(|page| format!("{folder}/{page}"))
                    .filter(|page| facts.document(page).is_some()),
            );
        }
    }
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    paths.iter().filter_map(|path| facts.document(path)).collect()
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
            } else if is_results_prose(block) || is_printed_result(document, index) {
                found.push(place(Form::Numbers, block.lines));
            }
        }
        let figures = document.links.iter().filter(|link| link.image && is_results_figure(document, link));
        found.extend(figures.map(|link| place(Form::Figure, Lines::at(link.line))));
    }
    found.extend(notebooks.iter().filter(|path| !prepares_data(path)).filter_map(|path| {
        let notebook = facts.files.get(path)?.notebook.as_ref()?;
        let is_result = !is_tutorial(path) || is_named_for_results(documents, path);
        let is_evaluation = !is_result && is_named_for(documents, path, &EVALUATION);
        let cell = notebook.cells.iter().find(|cell| match is_result {
            true => cell.has_image || has_measures(&cell.output),
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

/// Whether a notebook's name says that it makes data ready.
fn prepares_data(path: &str) -> bool {
    static PREPARES: Pattern = Pattern::new(
        r"(?i)(?:^|[^a-z])(?:pre-?process(?:ing|ed)?|prepar(?:e|ation|ing)|(?:data\w*|dataset)[ _-]+splits?|splits?|download)(?:[^a-z]|$)",
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

/// Whether the sentence that names a notebook speaks of results, figures or comparisons.
fn is_named_for_results(documents: &[&Document], path: &str) -> bool {
    static SPEAKS: Pattern =
        Pattern::new(r"(?i)\b(?:comparisons?|results?|figures?|experiments?|plott?(?:s|ing)?)\b");
    is_named_for(documents, path, &SPEAKS)
}

fn is_named_for(documents: &[&Document], path: &str, pattern: &Pattern) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut blocks = documents.iter().flat_map(|document| &document.blocks);
    blocks.any(|block| {
        block.text.split(". ").any(|sentence| sentence.contains(name) && says(pattern, sentence))
    })
}

/// Whether a code block shows what a command printed, after words that promise a result.
fn is_printed_result(document: &Document, index: usize) -> bool {
    static PROMISE: Pattern = Pattern::new(
        r"(?i)\b(?:results?|reference output|expect(?:ed)?|reproduces?|replicates?|should (?:get|see|obtain|give))\b",
    );
    let Some(block) = document.blocks.get(index).filter(|block| matches!(block.kind, BlockKind::Code { .. }))
    else {
        return false;
    };
    let before = index.checked_sub(1).and_then(|before| document.blocks.get(before));
    let printed = says(&PRINTED, &block.text);
    printed
        && before.is_some_and(|before| {
            before.section == block.section
                && !matches!(before.kind, BlockKind::Code { .. })
                && says(&PROMISE, &before.text)
        })
}

/// A measure and its number, as programs print them.
static PRINTED: Pattern = Pattern::new(
    r"(?i)\b(?:accuracy|acc|precision|recall|f1|auc|error|fid|map|miou|bleu|psnr|reward|return|mse|nll|perplexity|top-?1|score)\w*\s*[:=|]?\s*\d+\.\d+",
);

fn has_measures(output: &str) -> bool {
    says(&MEASURE, &output.replace('_', " ")) && output.chars().filter(char::is_ascii_digit).count() >= 4
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
    let title = document.trail(block.section).join(" / ");
    let measured = says(&MEASURE, &heading) || says(&MEASURE, &first_column) || says(&RESULTS_TITLE, &title);
    let precise = rows.iter().flatten().any(|cell| {
        cell.contains('.') && cell.bytes().any(|byte| byte.is_ascii_digit()) && DECIMAL.is_in(cell)
    });
    let settings = says(&SETTINGS, &heading) && !says(&MEASURE, &heading);
    (measured && !settings) || (precise && with_numbers >= 2 && !settings && !says(&SETTINGS, &title))
}

fn is_results_prose(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Html | BlockKind::Quote)
        && says(&PROSE, &block.text)
}

fn is_results_figure(document: &Document, link: &Link) -> bool {
    static BADGE: Pattern = Pattern::new(
        r"(?i)badge|shields\.io|travis|codecov|circleci|readthedocs|youtu|github\.com/[^ ]*/workflows|actions/workflows|colab|img\.io|pepy",
    );
    let name = link.target.rsplit('/').next().unwrap_or_default();
    let told = format!("{} {name}", link.text);
    if says(&NO_RESULT_PICTURE, &told) || says(&BADGE, &link.target) {
        return false;
    }
    // Above the first heading stands what catches the eye, and not what was measured.
    let on_top = document
        .sections
        .get(link.section)
        .is_none_or(|section| section.level <= 1 && section.lines.first <= 10)
        && document.sections.len() > 2;
    if on_top {
        static MEASURED: Pattern =
            Pattern::new(r"(?i)results?|accurac|benchmark|performance|curve|scores?|error|regret|sota");
        return says(&MEASURED, &told) || is_announced(document, link);
    }
    let title = document.trail(link.section).last().copied().unwrap_or_default().to_owned();
    let trail = document.trail(link.section).join(" / ");
    if says(&RESULTS_TITLE, &title) || says(&RESULTS_TITLE, &trail) && link.section > 1 {
        return true;
    }
    if says(&RESULTS_PICTURE, &told) || says(&GENERATED_TITLE, &title) && !says(&DATA_TITLE, &title) {
        return true;
    }
    // A sentence beside it that speaks of results, or a figure of the paper.
    static BESIDE: Pattern = Pattern::new(
        r"(?i)\b(?:results?|outperform\w*|compar(?:e[sd]?|isons?)|performance|(?:figure|fig\.|table)\s*\d+|replicates?|reproduces?|achieves?|improv\w+|expected\s+output|should\s+see)\b",
    );
    let near = |block: &&Block| {
        block.lines.first <= link.line + 4
            && link.line <= block.lines.last + 4
            && block.section == link.section
    };
    document
        .blocks
        .iter()
        .filter(near)
        .any(|block| says(&BESIDE, &block.text) && !says(&ELSEWHERE, &block.text))
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
            && block.text.trim().rsplit(". ").next().is_some_and(|last| says(&ANNOUNCED, last))
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
            for path in &all {
                let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
                let stem = name.trim_end_matches(".ipynb");
                let folder = path.rsplit_once('/').map(|(folder, _)| folder.to_ascii_lowercase());
                let folder_is_named = folder.is_some_and(|folder| {
                    names_folder(&text, &folder)
                        || text.contains(&format!("`{folder}`"))
                        || text.contains(&format!("folder `{folder}"))
                });
                if text.contains(&name) || (stem.len() > 6 && text.contains(stem)) || folder_is_named {
                    found.insert((*path).to_owned());
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Whether a text names a folder and not just one file in it.
fn names_folder(text: &str, folder: &str) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*');
    text.match_indices(folder).any(|(at, _)| {
        let after = text.get(at + folder.len()..).unwrap_or_default();
        let is_below = text.get(..at).is_some_and(|before| before.ends_with('/'));
        match after.strip_prefix('/') {
            Some(rest) => !rest.starts_with(is_of_name),
            None => is_below && !after.starts_with(is_of_name),
        }
    })
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
        r"(?i)\b(?:run(?:ning)?|execut\w+|launch|see|use|using|reproduc\w+|replicat\w+|generat\w+|produc\w+|train\w*|evaluat\w+|test\w*|script|upload|open|plot\w*)\b",
    );
    for &document in documents {
        for block in &document.blocks {
            if matches!(block.kind, BlockKind::Code { .. }) || !says(&RUN, &block.text) {
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
    for path in notebooks {
        found.push(Maker { what: path.clone(), lines: Lines::at(1), path });
    }
    static MEASURES: Pattern = Pattern::new(
        r"(?i)eval|test|reproduc|replicat|result|experiment|figure|table|plot|bench|valid|compare|score",
    );
    found.sort_by_key(|maker| !says(&MEASURES, &maker.what));
    found
}

fn prepares(text: &str) -> bool {
    static PREPARES: Pattern = Pattern::new(
        r"(?i)setup\.py|pip install|\bdownload|preprocess|prepare|install|tensorboard|unzip|convert_|create_dataset|build_ext|get_data|--help|\bdemo",
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
