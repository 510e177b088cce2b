//! Results as figures, told apart from teasers, architectures and badges.

use super::makers::titles_script;
use super::words::{
    DATA_TITLE, ELSEWHERE, EXPLAINS, GENERATED, GENERATED_TITLE, INTRODUCES, NO_RESULT_PICTURE,
    RESULTS_PICTURE, RESULTS_TITLE, SETTING, STRONG_TITLE,
};
use super::{is_quoted, says};
use crate::facts::document::{Block, BlockKind};
use crate::facts::places::{last_sentence, start_of};
use crate::facts::{Document, Facts, Link, tree};
use crate::pattern::Pattern;
use foldhash::HashMap;
use std::cell::{LazyCell, OnceCell, RefCell};
use std::collections::BTreeSet;

/// How files of pictures end that people look at as such.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "pdf", "svg"];

/// What stands behind the last dot of a path, in lower case; nothing without one.
fn ending_of(path: &str) -> String {
    path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}

/// Whether a link that is no picture leads to one in the tree, which is named after results.
pub(super) fn is_linked_figure(facts: &Facts, document: &Document, link: &Link) -> bool {
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

/// Whether a document says what makes its figures anew: the pictures that it shows are then those.
fn regenerates_figures(document: &Document) -> bool {
    static ANEW: Pattern = Pattern::new(
        r"(?i)\b(?:reproduc|regenerat|recreat|replicat)(?:e|es|ing)\s+(?:(?:the|all|our|these|paper|of|its|main)\s+){0,4}(?:figures|plots)\b",
    );
    document.blocks.iter().any(|block| says(&ANEW, &block.text))
}

/// What is told of the pictures of a document, found out once for all of them.
pub(super) struct Pictures<'document> {
    facts: &'document Facts,
    document: &'document Document,
    /// See [`regenerates_figures`].
    anew: OnceCell<bool>,
    /// Whether the title of a section names a script or notebook of the tree.
    titled: RefCell<HashMap<usize, bool>>,
    /// Whether the block of an index speaks of results.
    spoken: RefCell<HashMap<usize, bool>>,
}

impl<'document> Pictures<'document> {
    pub(super) fn new(facts: &'document Facts, document: &'document Document) -> Self {
        Self {
            facts,
            document,
            anew: OnceCell::new(),
            titled: RefCell::default(),
            spoken: RefCell::default(),
        }
    }

    /// Whether a section is about a script or notebook, which its title names: what it shows comes of it.
    fn is_of_script(&self, section: usize) -> bool {
        let names = || titles_script(self.facts, self.document, self.document.title_over(section));
        *self.titled.borrow_mut().entry(section).or_insert_with(names)
    }
}

pub(super) fn is_results_figure(pictures: &Pictures<'_>, link: &Link) -> bool {
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
    if lies_among_results(link) || pictures.is_of_script(link.section) {
        return true;
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
    if is_announced(document, link) {
        return true;
    }
    // Where the work is introduced, the words beside a picture praise it.
    let introduces = says(&INTRODUCES, title);
    // A sentence beside it that speaks of results, or a figure of the paper; what results in something is none.
    static BESIDE: Pattern = Pattern::new(
        r"(?i)\bresults?(?:\s*$|[^\w\s]|\s+(?:[^i\s]|i[^n]|in\w|in\s+(?:our|the|this|table|fig)))|\b(?:outperform\w*|compar(?:e[sd]?|isons?)|performance|(?:figure|fig\.|table)\s*\d+|replicates?|reproduces?|achieves?|improv\w+|\w+\s+curves?|figures?\s+(?:\S+\s+){0,3}(?:shows?|reports?|depicts?|displays?|visuali[sz]es?)|(?:expected|example|sample)\s+(?:outputs?|results?|plots?|figures?)\b|should\s+(?:see|look|get|obtain))\b",
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

/// Whether a picture lies in a folder for results.
fn lies_among_results(link: &Link) -> bool {
    let folders = link.target.rsplit_once('/').map_or("", |(folders, _)| folders);
    let mut folders = folders.rsplit('/').take_while(|folder| !matches!(*folder, "blob" | "raw" | "tree"));
    folders.any(|folder| {
        matches!(
            folder.to_ascii_lowercase().as_str(),
            "results" | "result" | "samples" | "outputs" | "output"
        )
    })
}

/// The titles over a section and its own. On the front page the first names the project, and says nothing of what
/// stands in other sections.
pub(super) fn titles_over(document: &Document, section: usize) -> String {
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

/// Whether the title over a section's own, which is not the project's, is one of data.
pub(super) fn stands_among_data(document: &Document, section: usize) -> bool {
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
pub(super) fn remakes_figures(document: &Document) -> bool {
    static REMAKES: Pattern = Pattern::new(
        r"(?i)\b(?:generat|reproduc|re-?creat|re-?mak|mak|creat|plot|draw|produc)(?:es?|ing)?\b[^.]{0,40}\b(?:all|every|each|most|the|our)\b[^.]{0,30}\bfigures?\b",
    );
    let words = |block: &&Block| !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    document.blocks.iter().filter(words).any(|block| says(&REMAKES, &block.text))
}

/// Whether a picture is one of a row of numbered figures in the tree, as a paper has them.
pub(super) fn is_numbered_figure(facts: &Facts, document: &Document, link: &Link) -> bool {
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
pub(super) fn named_by_commands<'document>(
    facts: &Facts,
    document: &'document Document,
) -> BTreeSet<&'document str> {
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
        r"(?i)(?:python3?|bash|sh|julia|Rscript|matlab)\s+\S*(?:test|eval|infer|sampl|generat|plot|figure|visuali[sz]|experiment|reproduc|predict|compar)|^\s*\./\S*(?:test|eval|plot|figure|experiment)|\s--?(?:save[_-]?figs?|save[_-]?plots?|plot|visuali[sz]e)\b",
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
    let before = before.map(|block| last_sentence(block.text.trim()));
    let after = after.and_then(|block| start_of(block.text.trim()).split(". ").next());
    before.into_iter().chain(after)
}

/// Whether a sentence leads to a folder of the tree that holds figures of results, or to a sheet of them.
pub(super) fn leads_to_figures(facts: &Facts, document: &Document, block: &Block) -> bool {
    static LEADS: Pattern = Pattern::new(
        r"(?i)\b(?:results?|figures?|plots?|(?:learning|training|reward|accuracy) curves?)\b[^.]{0,60}\b(?:are|is|can be|were|we have|provided|uploaded|appear|found|in|under|see)\b|\b(?:contains?|holds?|has|includes?|stores|keeps)\s+(?:the\s+|all\s+|our\s+)*(?:results?|figures?|plots?|curves?)\b",
    );
    static LATER: Pattern = Pattern::new(
        r"(?i)\b(?:will|to be|would|shall|then|output(?:s|ted)?|sav(?:e[ds]?|ing)|writ(?:e|es|ten)|store[d]?|storing)\b",
    );
    // A list that is set in by four blanks reads as code.
    if matches!(block.kind, BlockKind::Table { .. }) || !says(&LEADS, &block.text) {
        return false;
    }
    let text = block.text.replace('\n', " ");
    let sentences = text.split(". ").filter(|sentence| says(&LEADS, sentence) && !says(&LATER, sentence));
    // "Reproduces results in" is about no folder that happens to be called results.
    static NAMES_FOLDER: Pattern = Pattern::new(r"(?i)\b(?:folders?|director(?:y|ies)|subfolders?)\b");
    let codes = LazyCell::new(|| -> String {
        let codes = document.inline_code.iter().filter(|code| block.lines.contains(code.line));
        codes.map(|code| code.text.as_str()).collect::<Vec<_>>().join(" ")
    });
    let is_path = |sentence: &str, word: &str| {
        word.contains(['/', '.', '_', '-', '`', '"', '\''])
            || word.contains(|c: char| c.is_ascii_digit())
            || says(&NAMES_FOLDER, sentence)
            || codes.contains(word)
    };
    sentences
        .flat_map(|sentence| sentence.split_whitespace().filter(move |word| is_path(sentence, word)))
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
    let is_meant = |folder: &&str| {
        facts.files_hold(folder) && folder.strip_suffix(named).is_some_and(|before| before.ends_with('/'))
    };
    let called = facts.tree.folders_called(named.rsplit('/').next().unwrap_or(named));
    let mut folders = called.iter().map(AsRef::as_ref).filter(is_meant);
    folders.next().filter(|_| folders.next().is_none()).map(str::to_owned)
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
pub(super) fn is_announced(document: &Document, link: &Link) -> bool {
    static ANNOUNCED: Pattern = Pattern::new(
        r"(?i)\b(?:below|following|figure|plot|graph)\b[^.]*\b(?:results?|performances?|accurac(?:y|ies)|comparisons?|compares?|scores?|errors?|curves?)\b",
    );
    let before = document.blocks.iter().rev().find(|block| block.lines.last < link.line);
    before.is_some_and(|block| {
        block.lines.last + 3 >= link.line
            && block.section == link.section
            && !matches!(block.kind, BlockKind::Code { .. })
            // The last sentence: what comes before speaks of other things.
            && says(&ANNOUNCED, last_sentence(block.text.trim()))
    })
}
