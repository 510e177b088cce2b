//! A document as someone reads it who wants to train the model: sentences, table rows, commands and snippets, each with
//! where it stands and what it stands under.

use crate::facts::document::{Block, BlockKind, Document, Inline, LineIndex, Lines, Link};
use crate::pattern::Pattern;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;

/// What sections are about, as a set of bits.
pub(super) mod topic {
    pub(crate) const DATA: u32 = 1;
    pub(crate) const PROCESSING: u32 = 1 << 1;
    pub(crate) const TRAINING: u32 = 1 << 2;
    pub(crate) const EVALUATION: u32 = 1 << 3;
    pub(crate) const RESULTS: u32 = 1 << 4;
    pub(crate) const INFERENCE: u32 = 1 << 5;
    pub(crate) const MODELS: u32 = 1 << 6;
    pub(crate) const REFERENCES: u32 = 1 << 7;
    pub(crate) const INSTALLATION: u32 = 1 << 8;
    pub(crate) const EXPORT: u32 = 1 << 9;
    pub(crate) const PERFORMANCE: u32 = 1 << 10;
    /// Release notes, plans, licences, tables of contents: nothing in them is a recipe.
    pub(crate) const ASIDE: u32 = 1 << 11;
    pub(crate) const HYPERPARAMETERS: u32 = 1 << 12;
    pub(crate) const AUGMENTATION: u32 = 1 << 13;
}

/// Most commands of a document, and most links of a line, that are looked at: no person writes more, and passages are
/// searched for them.
const MOST: usize = 2_000;
/// Most links and pieces of inline code of one passage that are looked at: it is read once for each of them.
const MOST_IN_PASSAGE: usize = 200;
/// How often as much as the whole text is searched in vain for what may stand in a passage.
const MOST_SEARCHES: usize = 100;
/// Most lines that a row of a table takes, beyond its first.
const LONGEST_ROW: u32 = 40;
/// Most bytes of the words that lead to a command.
const LONGEST_LEAD: usize = 600;
/// Sentences longer than this, in bytes, are read in pieces.
const LONGEST_SENTENCE: usize = 4_000;

/// A section's title and topics.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) title: String,
    /// Topics of its own title.
    pub(super) own: u32,
    /// Its own and those of the sections around it.
    pub(super) all: u32,
    /// Titles from the top down to it, in lower case.
    pub(super) trail: Vec<String>,
}

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Title,
    Sentence,
    Item,
    /// A row of a table, with the names of its columns before the cells.
    Row,
}

/// A sentence, a list's item or a table's row.
#[derive(Debug)]
pub(super) struct Passage<'page> {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) lower: String,
    pub(super) lines: Lines,
    pub(super) section: usize,
    pub(super) links: Vec<&'page Link>,
    /// Inline code in it, in lower case.
    pub(super) code: Vec<String>,
    /// See [`is_placeholder`]; asked for each kind of item.
    is_placeholder: OnceCell<bool>,
}

impl Passage<'_> {
    /// Whether it only promises, or waits to be filled in.
    pub(super) fn is_placeholder(&self) -> bool {
        *self.is_placeholder.get_or_init(|| is_placeholder(&self.lower))
    }
}

/// A command with its flags.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) text: String,
    pub(super) lower: String,
    pub(super) lines: Lines,
    pub(super) section: usize,
    /// The words nearest before it, in lower case: a comment above it, else the sentence that leads to it.
    pub(super) lead: String,
    /// What it does, a set of [`does`] bits, by its own name and flags.
    pub(super) named: u32,
    /// What it does by what is said around it.
    pub(super) said: u32,
}

/// What commands do, as a set of bits.
pub(super) mod does {
    pub(crate) const DOWNLOAD: u32 = 1;
    pub(crate) const PROCESS: u32 = 1 << 1;
    pub(crate) const TRAIN: u32 = 1 << 2;
    pub(crate) const EVALUATE: u32 = 1 << 3;
    pub(crate) const INFER: u32 = 1 << 4;
    pub(crate) const EXPORT: u32 = 1 << 5;
    /// Installing, building, moving files: nothing of a recipe by itself.
    pub(crate) const PREPARE_MACHINE: u32 = 1 << 6;
    /// Runs a script or a module.
    pub(crate) const RUN: u32 = 1 << 7;
}

/// Code that is no command.
#[derive(Debug)]
pub(super) struct Snippet {
    pub(super) lower: String,
    pub(super) lines: Lines,
    pub(super) section: usize,
    pub(super) lead: String,
}

/// A table with what stands above it.
#[derive(Debug)]
pub(super) struct Table {
    /// Names of its columns, in lower case.
    pub(super) header: Vec<String>,
    /// Cells in lower case.
    pub(super) rows: Vec<Vec<String>>,
    pub(super) row_lines: Vec<u32>,
    pub(super) lines: Lines,
    pub(super) section: usize,
    /// The sentence above it, in lower case.
    pub(super) lead: String,
}

/// Everything that stands in one document.
#[derive(Debug)]
pub(super) struct Page<'page> {
    pub(super) document: &'page Document,
    pub(super) headings: Vec<Heading>,
    pub(super) passages: Vec<Passage<'page>>,
    pub(super) commands: Vec<Command>,
    pub(super) snippets: Vec<Snippet>,
    pub(super) tables: Vec<Table>,
    /// Comments of shell code, with their line and section.
    pub(super) remarks: Vec<(String, u32, usize)>,
    /// The document's links by their line.
    links: BTreeMap<u32, Vec<&'page Link>>,
    /// The document's inline code by its line.
    inline_code: BTreeMap<u32, Vec<&'page Inline>>,
    /// Bytes of passages that may yet be searched in vain for what stands on their lines.
    left: usize,
}

impl<'page> Page<'page> {
    /// Reads a document whose text is `text`.
    pub(super) fn new(document: &'page Document, text: &str) -> Self {
        let source: Vec<&str> = text.lines().collect();
        let mut page = Self {
            document,
            headings: headings(document),
            passages: Vec::new(),
            commands: Vec::new(),
            snippets: Vec::new(),
            tables: Vec::new(),
            remarks: Vec::new(),
            links: by_line(&document.links, |link| link.line),
            inline_code: by_line(&document.inline_code, |code| code.line),
            left: text.len().saturating_mul(MOST_SEARCHES),
        };
        for (index, section) in document.sections.iter().enumerate().filter(|(_, section)| section.level > 0)
        {
            page.push(Kind::Title, &section.title, Lines::at(section.lines.first), index);
        }
        let mut lead = (usize::MAX, String::new());
        for block in &document.blocks {
            if lead.0 != block.section {
                let title = document.sections.get(block.section).map_or("", |section| section.title.as_str());
                lead = (block.section, title.to_lowercase());
            }
            match &block.kind {
                BlockKind::Code { language } => page.code(block, language, &source, &lead.1),
                BlockKind::Table { header, rows, row_lines } => {
                    page.table(header, rows, row_lines, block.lines, block.section, &lead.1);
                }
                BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Quote | BlockKind::Html => {
                    if let Some((header, rows, row_lines)) = loose_table(block) {
                        page.table(&header, &rows, &row_lines, block.lines, block.section, &lead.1);
                        continue;
                    }
                    let kind = if matches!(block.kind, BlockKind::Item { .. }) {
                        Kind::Item
                    } else {
                        Kind::Sentence
                    };
                    let mut words = String::new();
                    for (sentence, lines) in sentences(block) {
                        page.push(kind, &sentence, lines, block.section);
                        let lower = sentence.to_lowercase();
                        // A remark behind the sentence that leads to a command does not hide it.
                        words = if super::command::said(&lower, "") == 0
                            && !words.is_empty()
                            && words.len() < LONGEST_LEAD
                        {
                            format!("{words} {lower}")
                        } else {
                            lower
                        };
                    }
                    if !words.is_empty() {
                        lead.1 = words;
                    }
                }
            }
        }
        page.inline_commands();
        page.passages.sort_by_key(|passage| passage.lines.first);
        page.commands.sort_by_key(|command| command.lines.first);
        page
    }

    fn push(&mut self, kind: Kind, text: &str, lines: Lines, section: usize) {
        let left = Cell::new(self.left);
        let holds = |words: &str| {
            let is_held = left.get() > 0 && memchr::memmem::find(text.as_bytes(), words.as_bytes()).is_some();
            // A search costs something, however short the text is.
            left.set(left.get().saturating_sub(if is_held { 0 } else { text.len() + 100 }));
            is_held
        };
        let links: Vec<&Link> = on_lines(&self.links, lines)
            .filter(|link| link.section == section && (lines.first == lines.last || !link.text.is_empty()))
            .filter(|link| link.bare || link.image || link.text.is_empty() || holds(link.text.trim()))
            .take(MOST_IN_PASSAGE)
            .collect();
        let code = on_lines(&self.inline_code, lines)
            .filter(|code| holds(&code.text))
            .take(MOST_IN_PASSAGE)
            .map(|code| code.text.to_lowercase())
            .collect();
        self.left = left.get();
        // A table of contents.
        if kind == Kind::Item
            && links.iter().any(|link| link.target.starts_with('#') && link.text == text.trim())
        {
            return;
        }
        self.passages.push(Passage {
            kind,
            text: text.to_owned(),
            lower: text.to_lowercase(),
            lines,
            section,
            links,
            code,
            is_placeholder: OnceCell::new(),
        });
    }

    fn table(
        &mut self,
        header: &[String],
        rows: &[Vec<String>],
        row_lines: &[u32],
        lines: Lines,
        section: usize,
        lead: &str,
    ) {
        let lower =
            |cells: &[String]| cells.iter().map(|cell| cell.trim().to_lowercase()).collect::<Vec<_>>();
        let mut names = lower(header);
        let mut skipped = 0;
        // Tables in HTML often name their columns in an ordinary row.
        while names.iter().filter(|name| !name.is_empty()).count() < 2 && skipped + 1 < rows.len().min(4) {
            names = rows.get(skipped).map(|row| lower(row)).unwrap_or_default();
            skipped += 1;
        }
        let mut table = Table {
            header: names,
            rows: Vec::new(),
            row_lines: Vec::new(),
            lines,
            section,
            lead: lead.to_owned(),
        };
        for (index, (row, line)) in rows.iter().zip(row_lines).enumerate().skip(skipped) {
            // A row of HTML takes several lines.
            let next = row_lines.get(index + 1).copied().unwrap_or(lines.last + 1);
            let taken = Lines::new(*line, next.saturating_sub(1).clamp(*line, *line + LONGEST_ROW));
            let named: Vec<String> = row
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.trim().is_empty())
                .map(|(column, cell)| match table.header.get(column).filter(|name| !name.is_empty()) {
                    Some(name) => format!("{name}: {}", cell.trim()),
                    None => cell.trim().to_owned(),
                })
                .collect();
            let links = on_lines(&self.links, taken)
                .filter(|link| link.section == section)
                .take(MOST_IN_PASSAGE)
                .collect();
            let text = named.join(" | ");
            self.passages.push(Passage {
                kind: Kind::Row,
                lower: text.to_lowercase(),
                text,
                lines: Lines::at(*line),
                section,
                links,
                code: Vec::new(),
                is_placeholder: OnceCell::new(),
            });
            table.rows.push(lower(row));
            table.row_lines.push(*line);
        }
        self.tables.push(table);
    }

    fn code(&mut self, block: &Block, language: &str, source: &[&str], lead: &str) {
        let opening = source.get(block.lines.first.saturating_sub(1) as usize).copied().unwrap_or_default();
        let fenced = opening.contains("```") || opening.contains("~~~");
        let first = block.lines.first + u32::from(fenced);
        let is_shell = matches!(
            language,
            "bash"
                | "sh"
                | "shell"
                | "console"
                | "zsh"
                | "shellsession"
                | "shell-session"
                | "cmd"
                | "powershell"
                | "batch"
                | "command"
                | "commandline"
                | "terminal"
                | "prompt"
        );
        let mut found = Vec::new();
        if is_shell || !is_programming(language, &block.text) || holds_only_commands(&block.text) {
            found = commands_in(&block.text, first, is_shell);
        }
        if !found.is_empty() {
            let comments = block.text.lines().zip(first..).filter_map(|(line, number)| {
                Some((line.trim().strip_prefix('#')?.trim().to_lowercase(), number, block.section))
            });
            self.remarks.extend(comments);
        }
        if found.is_empty() {
            self.snippets.push(Snippet {
                lower: block.text.to_lowercase(),
                lines: block.lines,
                section: block.section,
                lead: lead.to_owned(),
            });
        }
        for (text, lines, comment) in found {
            let comment = comment.to_lowercase();
            let lead = if comment.is_empty() {
                lead.to_owned()
            } else if super::command::said(&comment, "") != 0 {
                comment
            } else {
                format!("{lead} {comment}")
            };
            self.command(text, lines, block.section, lead);
        }
    }

    fn command(&mut self, text: String, lines: Lines, section: usize, lead: String) {
        if self.commands.len() >= MOST {
            return;
        }
        let lower = text.to_lowercase();
        let named = super::command::named(&lower);
        let trail = self.headings.get(section).map_or(&[][..], |heading| heading.trail.as_slice());
        // The nearest title that says something; the document's own says it of everything.
        let titles = trail.get(usize::from(trail.len() > 1)..).unwrap_or_default();
        let said = titles
            .iter()
            .rev()
            .map(|title| super::command::said(&lead, title))
            .find(|said| *said != 0)
            .unwrap_or_else(|| super::command::said(&lead, ""));
        self.commands.push(Command { text, lower, lines, section, lead, named, said });
    }

    /// Commands and scripts named within sentences.
    fn inline_commands(&mut self) {
        let mut found = Vec::new();
        for code in self.document.inline_code.iter().take(MOST) {
            let text = code.text.trim();
            if is_command(text) || (is_script(text) && !text.contains(' ')) {
                let passage = self.passages.iter().find(|passage| {
                    passage.lines.contains(code.line)
                        && passage.section == code.section
                        && passage.text.contains(text)
                });
                let mut lead = passage.map_or(String::new(), |passage| passage.lower.clone());
                // A command that stands alone is led to by the line before it.
                let alone = lead.trim() == text.to_lowercase();
                if alone {
                    let before = self.passages.iter().rfind(|passage| {
                        passage.section == code.section
                            && passage.lines.last < code.line
                            && passage.kind != Kind::Row
                    });
                    lead = before.map_or(lead, |before| before.lower.clone());
                }
                found.push((text.to_owned(), Lines::at(code.line), code.section, lead, alone));
            }
        }
        static TOLD: Pattern = Pattern::new(
            r"\b(run|runs|running|execut\w+|launch\w*|us(e|ing)|call|start|invoke|via|by|with)\b",
        );
        for (text, lines, section, lead, alone) in found {
            let lower = text.to_lowercase();
            // A folder is no command, and a file that is only described is not run.
            let is_path =
                text.starts_with("./") && !is_script(text.split_whitespace().next().unwrap_or_default());
            let runs = is_command(&text) && !is_path && (text.contains(' ') || TOLD.is_in(&lead) || alone);
            if runs
                || (!is_command(&text)
                    && TOLD.is_in(&lead)
                    && (super::command::named(&lower) & !does::RUN != 0
                        || super::command::said(&lead, "") & does::INFER != 0))
            {
                self.command(text, lines, section, lead);
            }
        }
    }

    /// Topics of a section, with those around it.
    pub(super) fn topics(&self, section: usize) -> u32 {
        self.headings.get(section).map_or(0, |heading| heading.all)
    }

    /// Topics of a section's own title.
    pub(super) fn own_topics(&self, section: usize) -> u32 {
        self.headings.get(section).map_or(0, |heading| heading.own)
    }

    /// Whether a section is about any of `topics`.
    pub(super) fn is_about(&self, section: usize, topics: u32) -> bool {
        self.topics(section) & topics != 0
    }

    /// Passages that can say something: no placeholders, no release notes, no plans.
    pub(super) fn telling(&self) -> impl Iterator<Item = &Passage<'page>> {
        self.passages
            .iter()
            .filter(|passage| !self.is_about(passage.section, topic::ASIDE) && !passage.is_placeholder())
    }

    /// Commands outside of release notes and plans.
    pub(super) fn telling_commands(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(|command| !self.is_about(command.section, topic::ASIDE))
    }
}

/// Whether a text only promises, or waits to be filled in.
fn is_placeholder(lower: &str) -> bool {
    static PROMISE: Pattern = Pattern::new(
        r"\b(todo|tbd|tba|tbc|fixme|coming soon|to be (released|announced|added|determined|done|updated|uploaded|filled)|will be (released|available|made available|added|updated|uploaded|provided|published|open-?sourced)|available soon|under construction|work in progress|stay tuned|lorem ipsum|not yet (available|released|supported))\b|<(link|url|todo|insert[^>]*|your [^>]*|fill[^>]*)>|\[(link|url|todo|insert[^\]]*|fill[^\]]*)\]$",
    );
    // All that there is.
    static EMPTY: Pattern = Pattern::new(r"^\W*(fill (me |this )?in\b|(\.\.\.|…|x{2,}|-+|n/a|\?+)\W*$)");
    PROMISE.is_in(lower) || EMPTY.is_in(lower)
}

fn headings(document: &Document) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::with_capacity(document.sections.len());
    let top_level = document.sections.iter().filter(|section| section.level == 1).count();
    for (index, section) in document.sections.iter().enumerate() {
        let title = section.title.to_lowercase();
        // The document's title names the work, not what a section is about.
        let is_title = section.level == 1 && document.sections.len() > 2 && top_level <= 1;
        let own = if is_title { 0 } else { topics_of(&title) };
        let parent = section.parent.filter(|_| section.level > 0).and_then(|parent| headings.get(parent));
        let inherited = parent.map_or(0, |parent| parent.all);
        let trail = document.trail(index).iter().map(|title| title.to_lowercase()).collect();
        headings.push(Heading { title, own, all: own | inherited, trail });
    }
    headings
}

fn topics_of(title: &str) -> u32 {
    static PRETRAINED: Pattern = Pattern::new(
        r"pre-?trained|trained models?|model zoo|checkpoints?|\bweights\b|released models|\bmodels?$|^outputs?$|artifacts",
    );
    static TABLE: [(u32, Pattern); 13] = [
        (topic::DATA, Pattern::new(r"\b(data|datasets?|corpus|corpora|database)\b")),
        (
            topic::PROCESSING,
            Pattern::new(
                r"pre-?process|data (prepar|process|pipeline)|preparation|processing|prepar(e|ing) (the )?(data|corpus)|feature extraction|tokeni[sz]",
            ),
        ),
        (
            topic::TRAINING,
            Pattern::new(
                r"\b(pre-?)?train(ing)?\b|fine-?tun|optimi[sz]ation method|reproduc|distill|learning recipe",
            ),
        ),
        (
            topic::EVALUATION,
            Pattern::new(r"evalu|evalut|\btest(s|ing)?\b|metrics?|validat|\bquality\b|decod"),
        ),
        (
            topic::RESULTS,
            Pattern::new(r"results?|accurac|scores?|ranking|experiments?|benchmark|leaderboard|performance"),
        ),
        (
            topic::INFERENCE,
            Pattern::new(
                r"inference|predict|\bdemos?\b|sampling|deploy|interactive|generat|translat|how to use|triton|serving|latency|transcri",
            ),
        ),
        (
            topic::REFERENCES,
            Pattern::new(
                r"\bcit(e|ing|ations?)\b|bibtex|bibliography|\breferences$|^reference$|publications?|attribution|\bpapers?\b|miscellan|^notes?$|journal|further reading",
            ),
        ),
        (
            topic::INSTALLATION,
            Pattern::new(
                r"install|set-?up|requirements?|dependenc|\benvironments?\b|\bbuild\b|prerequisite|docker|configure machine",
            ),
        ),
        (
            topic::EXPORT,
            Pattern::new(r"\bexport|conver(t|sion)|seriali[sz]|onnx|tensorrt|quanti[sz]|torchscript|tflite"),
        ),
        (topic::PERFORMANCE, Pattern::new(r"performance|latency|throughput|benchmark|speed|timing")),
        (
            topic::ASIDE,
            Pattern::new(
                r"change ?log|\bnews\b|release notes|what'?s new|\bupdates?\b|\bto-?dos?\b|roadmap|future work|known issues|licen[cs]e|contribut|acknowledg|table of contents|^contents$|code of conduct|faq|troubleshoot|related (work|projects|repos)|projects using|building on|your own (dataset|data)|custom (dataset|data)$",
            ),
        ),
        (
            topic::HYPERPARAMETERS,
            Pattern::new(
                r"hyper-?parameters?|training (settings|configuration|parameters|details)|optimizer|learning rate|configuration",
            ),
        ),
        (topic::AUGMENTATION, Pattern::new(r"augment")),
    ];
    let models = if PRETRAINED.is_in(title) { topic::MODELS } else { 0 };
    static STATISTICAL: Pattern = Pattern::new(
        r"\b(variational|bayesian|causal|approximate|statistical|natural language|posterior|amortized) inference\b",
    );
    let rest = PRETRAINED.remove(title).replace("post-process", "post").replace("postprocess", "post");
    let rest = STATISTICAL.remove(&rest);
    TABLE.iter().filter(|(_, pattern)| pattern.is_in(&rest)).fold(models, |topics, (bit, _)| topics | bit)
}

/// What stands on each line, in the order of the document.
fn by_line<T>(all: &[T], line: impl Fn(&T) -> u32) -> BTreeMap<u32, Vec<&T>> {
    let mut lines: BTreeMap<u32, Vec<&T>> = BTreeMap::new();
    for one in all {
        lines.entry(line(one)).or_default().push(one);
    }
    lines
}

/// As many of what stands on `lines` as are looked at.
fn on_lines<'page, T>(
    by_line: &BTreeMap<u32, Vec<&'page T>>,
    lines: Lines,
) -> impl Iterator<Item = &'page T> {
    by_line.range(lines.first..=lines.last.max(lines.first)).flat_map(|(_, there)| there).copied().take(MOST)
}

/// Sentences of a block of running text, each with its lines.
fn sentences(block: &Block) -> Vec<(String, Lines)> {
    let mut found = Vec::new();
    let text = &block.text;
    let mut start = 0;
    let bytes = text.as_bytes();
    let lines = LineIndex::new(text);
    let mut push = |from: usize, to: usize| {
        let Some(sentence) = text.get(from..to) else { return };
        let lead = sentence.len() - sentence.trim_start().len();
        if sentence.trim().is_empty() {
            return;
        }
        let line = |at: usize| (block.lines.first + lines.line(at) - 1).min(block.lines.last);
        let last = from + sentence.trim_end().len();
        found.push((sentence.trim().replace('\n', " "), Lines::new(line(from + lead), line(last))));
    };
    for (at, byte) in bytes.iter().enumerate() {
        let ends = match byte {
            b'.' | b'!' | b'?' => {
                let follows = bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
                let next = text.get(at + 1..).and_then(|rest| rest.trim_start().chars().next());
                // As far as a word may reach that is cut short.
                let reach = bytes.get(start..at).unwrap_or_default().iter().rev().take("approx".len() + 1);
                let length = reach.take_while(|byte| !matches!(byte, b' ' | b'\n' | b'(')).count();
                let word = text.get(at - length..at).unwrap_or_default();
                let is_short = matches!(
                    word,
                    "e.g"
                        | "i.e"
                        | "al"
                        | "vs"
                        | "cf"
                        | "Fig"
                        | "fig"
                        | "Eq"
                        | "approx"
                        | "resp"
                        | "etc"
                        | "No"
                        | "no"
                ) || word.len() == 1;
                follows && !is_short && next.is_none_or(|next| !next.is_lowercase())
            }
            b' ' | b'\n' => at - start > LONGEST_SENTENCE,
            _ => false,
        };
        if ends {
            push(start, at + 1);
            start = at + 1;
        }
    }
    push(start, text.len());
    found
}

type LooseTable = (Vec<String>, Vec<Vec<String>>, Vec<u32>);

/// A table whose rows have differing numbers of cells, which no Markdown renders as one and readers read all the same.
fn loose_table(block: &Block) -> Option<LooseTable> {
    let mut lines = block.text.lines();
    let (header, rule) = (lines.next()?, lines.next()?);
    let is_rule = rule.contains('|')
        && rule.contains("--")
        && rule.chars().all(|c| "|-: \t".contains(c) || c == '–' || c == '—');
    if !header.contains('|') || !is_rule {
        return None;
    }
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_start_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let (rows, numbers) =
        lines.zip(block.lines.first + 2..).map(|(line, number)| (cells(line), number)).unzip();
    Some((cells(header), rows, numbers))
}

/// Whether every line of a block that is set as a program is run in a shell.
fn holds_only_commands(text: &str) -> bool {
    static STARTS: Pattern = Pattern::new(r"^(\$ ?)?(python[23]?|sh|bash|\./\S+) \S");
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut continued = false;
    let mut runs = false;
    let all = lines.all(|line| {
        let told = STARTS.is_in(line);
        runs |= told;
        let holds = continued || told || is_command(line);
        continued = line.ends_with('\\');
        holds
    });
    all && runs
}

fn is_programming(language: &str, text: &str) -> bool {
    // What stands behind a fence is not always a language.
    let named = language.starts_with(|c: char| c.is_ascii_alphabetic());
    if !named || matches!(language, "text" | "txt" | "plain" | "none" | "plaintext") {
        return text.lines().any(|line| {
            line.starts_with("import ")
                || (line.starts_with("from ") && line.contains(" import "))
                || line.starts_with("def ")
        }) || text.trim_start().starts_with('@')
            || text.trim_start().starts_with('{');
    }
    true
}

/// Commands of a block: text with continuations joined, lines, and the comment above.
fn commands_in(text: &str, first: u32, is_shell: bool) -> Vec<(String, Lines, String)> {
    let mut found: Vec<(String, Lines, String)> = Vec::new();
    let mut comment = String::new();
    let mut open: Option<(String, u32)> = None;
    for (line, number) in text.lines().zip(first..) {
        let trimmed = line.trim();
        if let Some((mut joined, from)) = open.take() {
            joined.push(' ');
            joined.push_str(trimmed.trim_end_matches('\\').trim_end());
            if trimmed.ends_with('\\') {
                open = Some((joined, from));
            } else {
                found.push((joined, Lines::new(from, number), comment.clone()));
            }
            continue;
        }
        let bare = trimmed.trim_start_matches(['$', '>', '%', '!']).trim_start();
        if trimmed.is_empty() {
            continue;
        }
        if let Some(words) = bare.strip_prefix('#') {
            // `$ ` is a prompt, and so is `# `, where a command follows it.
            if !is_command(words.trim_start_matches('#').trim()) {
                comment = words.trim_matches(['#', ' ', '-', '=']).to_owned();
                continue;
            }
            if is_shell {
                continue;
            }
        }
        if trimmed.to_lowercase().starts_with("usage:") {
            break;
        }
        let bare = bare.trim_start_matches('#').trim_start();
        if !(is_command(bare) || is_tool_with_flags(bare) || (is_shell && is_call_with_flags(bare))) {
            continue;
        }
        // A remark behind the command leads to it as well.
        let remark = bare.split_once(" # ").map_or("", |(_, remark)| remark);
        if !remark.is_empty() {
            comment = remark.to_owned();
        }
        let command = bare.split(" # ").next().unwrap_or(bare).trim_end_matches('\\').trim_end().to_owned();
        if bare.ends_with('\\') {
            open = Some((command, number));
        } else {
            found.push((command, Lines::at(number), comment.clone()));
        }
        if !remark.is_empty() {
            comment.clear();
        }
    }
    if let Some((command, from)) = open {
        found.push((command, Lines::at(from), comment));
    }
    found
}

/// Whether a line of shell code calls something by a plain name and hands it flags.
fn is_call_with_flags(text: &str) -> bool {
    static CALL: Pattern = Pattern::new(r"^[A-Za-z][\w.-]*[\w] (\S+ )*--[a-z][\w-]*");
    CALL.is_in(text)
}

/// Whether a line calls a tool that is installed under a name of several words, and hands it flags.
fn is_tool_with_flags(text: &str) -> bool {
    static CALL: Pattern =
        Pattern::new(r"^([A-Z_][A-Z0-9_]*=\S+ )*[a-z][a-z0-9]+([_-][a-z0-9]+)+ (\S+ )*--[a-z][\w.-]*[ =]\S");
    CALL.is_in(text)
}

/// Whether a line puts what it lists or takes from files into another file.
pub(super) fn is_redirected(text: &str) -> bool {
    static REDIRECTED: Pattern = Pattern::new(
        r"^(ls|cat|head|tail|awk|sed|find|sort|shuf|split|jq|cut|paste|grep) .*[^>0-9&]> ?[\w./$]",
    );
    REDIRECTED.is_in(text)
}

/// Whether a line is run in a shell.
pub(super) fn is_command(text: &str) -> bool {
    const PROGRAMS: [&str; 77] = [
        "python",
        "ipython",
        "salloc",
        "poprun",
        "python2",
        "python3",
        "bash",
        "sh",
        "zsh",
        "torchrun",
        "accelerate",
        "deepspeed",
        "horovodrun",
        "mpirun",
        "mpiexec",
        "srun",
        "sbatch",
        "env",
        "make",
        "docker",
        "julia",
        "rscript",
        "matlab",
        "th",
        "luajit",
        "java",
        "node",
        "cargo",
        "wget",
        "curl",
        "gdown",
        "git",
        "aws",
        "gsutil",
        "gcloud",
        "huggingface-cli",
        "hf",
        "kaggle",
        "unzip",
        "tar",
        "pip",
        "pip3",
        "conda",
        "mamba",
        "apt",
        "apt-get",
        "sudo",
        "cd",
        "mkdir",
        "ln",
        "cp",
        "mv",
        "export",
        "source",
        "tensorboard",
        "nohup",
        "time",
        "poetry",
        "uv",
        "pipenv",
        "allennlp",
        "snakemake",
        "jupyter",
        "streamlit",
        "singularity",
        "lm_eval",
        "ollama",
        "mim",
        "composer",
        "litgpt",
        "colossalai",
        "xtuner",
        "llamafactory-cli",
        "ns-train",
        "ns-eval",
        "marian",
        "spacy",
    ];
    let mut words = text.split_whitespace().map(|word| word.trim_start_matches("./"));
    let mut first = words.next().unwrap_or_default();
    // Variables set for one command.
    while first.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    }) {
        match words.next() {
            Some(next) => first = next,
            None => return false,
        }
    }
    let lower = first.to_ascii_lowercase();
    let has_more = words.next().is_some();
    (PROGRAMS.contains(&lower.as_str()) && has_more && first != "Make" && !text.ends_with('.'))
        || lower.starts_with("python3.")
        || (text.starts_with("./") && is_script(first))
        || (text.starts_with("./") && !first.contains('.') && !first.is_empty())
        || (is_script(first)
            && (first.contains('/') || has_more)
            && !text.ends_with(':')
            && !text.contains(": "))
        || is_redirected(text)
        || ["fairseq-", "nnunet", "t2t-", "onmt_", "onmt-", "mmf_", "sockeye-"]
            .iter()
            .any(|tool| lower.starts_with(tool))
}

/// Whether a word names a script or a notebook.
pub(super) fn is_script(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    [".py", ".sh", ".ipynb", ".r", ".jl", ".m", ".lua", ".pl", ".bash", ".slurm"]
        .iter()
        .any(|end| word.ends_with(end))
        && word.len() > 3
        && !word.contains("://")
}
