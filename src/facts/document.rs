//! A document as a reader sees it, whatever it is written in: sections, paragraphs, lists, code, tables, links, images.

use foldhash::HashSet;
use std::sync::OnceLock;

/// First and last line in a file, both from 1, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize)]
pub struct Lines {
    /// First line, from 1.
    pub first: u32,
    /// Last line, included.
    pub last: u32,
}

impl Lines {
    /// One line.
    pub fn at(line: u32) -> Self {
        Self { first: line, last: line }
    }

    /// From `first` to `last`.
    pub fn new(first: u32, last: u32) -> Self {
        Self { first, last: last.max(first) }
    }

    /// Whether `line` lies within.
    pub fn contains(self, line: u32) -> bool {
        self.first <= line && line <= self.last
    }

    /// Sorts `places` and lets each reach as far as any before it, for [`Lines::any_contains`].
    pub(crate) fn reach_on(places: &mut [Self]) {
        places.sort_unstable();
        let mut reached = 0;
        for place in places {
            reached = reached.max(place.last);
            place.last = reached;
        }
    }

    /// Whether `line` lay within one of `places` before [`Lines::reach_on`].
    pub(crate) fn any_contains(places: &[Self], line: u32) -> bool {
        let before = places.partition_point(|place| place.first <= line);
        before.checked_sub(1).and_then(|last| places.get(last)).is_some_and(|place| line <= place.last)
    }
}

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Markup {
    /// GitHub Flavored Markdown.
    #[default]
    Markdown,
    /// reStructuredText.
    ReStructuredText,
    /// A notebook's Markdown cells, in order; lines are those of the `.ipynb` file.
    Notebook,
    /// Anything else that people read: text, Org, AsciiDoc, TeX.
    Plain,
}

/// A document's parts, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Path from the repository's root.
    pub path: String,
    /// What it is written in.
    pub markup: Markup,
    /// Sections in order; the first has level 0 and holds what stands before the first heading.
    pub sections: Vec<Section>,
    /// Everything between headings, in order.
    pub blocks: Vec<Block>,
    /// Links, images and badges, in order.
    pub links: Vec<Link>,
    /// `code` within a sentence, in order.
    pub inline_code: Vec<Inline>,
    /// Names that a `#fragment` may point at: headings' slugs, `<a id>`, `<a name>`.
    pub anchors: Vec<String>,
    /// The YAML block at the top (a model card's metadata), without its fences.
    pub front_matter: Option<String>,
    /// Number of lines.
    pub lines: u32,
    /// The first block on each line; worked out when first asked for.
    pub(super) block_on: OnceLock<Vec<Option<usize>>>,
    /// Its anchors as fragments name them; worked out when first asked for.
    pub(super) fragments: OnceLock<HashSet<String>>,
}

/// A heading and what stands under it, up to the next heading of any level.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// 0 for what precedes the first heading, else 1 to 6.
    pub level: u8,
    /// The heading's text without markup; no more than a thousand bytes of it.
    pub title: String,
    /// The heading's line, then the last line before the next heading.
    pub lines: Lines,
    /// Index of the section it stands under.
    pub parent: Option<usize>,
}

/// A piece of text that stands by itself.
#[derive(Debug, Clone)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text without markup: a paragraph's words, a code block's lines, a table's cells joined by ` | `.
    pub text: String,
    /// Where it stands.
    pub lines: Lines,
    /// Index into [`Document::sections`].
    pub section: usize,
}

impl Block {
    /// The lines of a block of code with their numbers; a fence stands on a line of its own.
    pub fn code_lines(&self) -> impl Iterator<Item = (u32, &str)> {
        let fence = u32::from(self.lines.last - self.lines.first + 1 > self.text.lines().count() as u32);
        (self.lines.first + fence..).zip(self.text.lines())
    }
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// One item of a list, with its depth from 0.
    Item {
        /// Depth of nesting, from 0.
        depth: u8,
    },
    /// A fenced or indented code block, with its language in lower case where it is named.
    Code {
        /// `bash`, `python`, …; empty where it is not named.
        language: String,
    },
    /// A table, Markdown's or HTML's.
    Table {
        /// Cells of the header row; empty where there is none.
        header: Vec<String>,
        /// Cells of the rows.
        rows: Vec<Vec<String>>,
        /// Line of each row.
        row_lines: Vec<u32>,
    },
    /// A quotation or an admonition.
    Quote,
    /// Raw HTML that is no table, link or image, as text.
    Html,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words that carry it; an image's alternative text.
    pub text: String,
    /// As written: a URL, a path, a `#fragment`.
    pub target: String,
    /// Where it stands.
    pub line: u32,
    /// Whether it shows a picture.
    pub image: bool,
    /// Whether it was written as a link, or is a bare address in the text.
    pub bare: bool,
    /// Index into [`Document::sections`].
    pub section: usize,
}

/// Code within a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub line: u32,
    /// Index into [`Document::sections`].
    pub section: usize,
}

impl Document {
    /// The place among the blocks of the first one that a line belongs to.
    pub fn block_at(&self, line: u32) -> Option<usize> {
        self.block_on.get_or_init(|| self.blocks_by_line()).get(line as usize).copied().flatten()
    }

    /// Each line is given to a block once, and passed over by those that enclose it or follow.
    fn blocks_by_line(&self) -> Vec<Option<usize>> {
        let last = self.blocks.iter().map(|block| block.lines.last as usize).max().unwrap_or_default();
        let mut first_on = vec![None; last + 1];
        // The next line from each on that has no block yet.
        let mut free: Vec<usize> = (0..last + 2).collect();
        for (index, block) in self.blocks.iter().enumerate() {
            let mut line = block.lines.first as usize;
            loop {
                while let Some(next) = free.get(line).copied().filter(|next| *next != line) {
                    let beyond = free.get(next).copied().unwrap_or(next);
                    if let Some(skip) = free.get_mut(line) {
                        *skip = beyond;
                    }
                    line = beyond;
                }
                let (Some(place), Some(skip)) = (first_on.get_mut(line), free.get_mut(line)) else { break };
                if line > block.lines.last as usize {
                    break;
                }
                (*place, *skip) = (Some(index), line + 1);
            }
        }
        first_on
    }

    /// Blocks of one section, without its subsections.
    pub fn blocks_of(&self, section: usize) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.section == section)
    }

    /// Titles from the top down to this section, without the nameless first one.
    pub fn trail(&self, section: usize) -> Vec<&str> {
        let mut titles = Vec::new();
        let mut next = Some(section);
        while let Some(section) = next.and_then(|index| self.sections.get(index)) {
            if section.level > 0 {
                titles.push(section.title.as_str());
            }
            next = section.parent;
        }
        titles.reverse();
        titles
    }

    /// The first title, which names the project on its front page; empty where there is none.
    pub fn first_title(&self) -> &str {
        self.sections.iter().find(|section| section.level > 0).map_or("", |section| &section.title)
    }

    /// The title that a section stands under: its own, else the nearest one over it; empty above the first.
    pub fn title_over(&self, section: usize) -> &str {
        let mut next = Some(section);
        while let Some(section) = next.and_then(|index| self.sections.get(index)) {
            if section.level > 0 {
                return &section.title;
            }
            next = section.parent;
        }
        ""
    }

    /// Whether `section` is `ancestor` or stands under it.
    pub fn is_within(&self, section: usize, ancestor: usize) -> bool {
        let mut next = Some(section);
        while let Some(index) = next {
            if index == ancestor {
                return true;
            }
            next = self.sections.get(index).and_then(|section| section.parent);
        }
        false
    }
}

/// Bytes of a heading's text that are kept.
const LONGEST_TITLE: usize = 1_000;

/// Builds sections while a parser walks a document from top to bottom.
#[derive(Debug)]
pub(crate) struct Outline {
    pub(crate) sections: Vec<Section>,
    /// The sections that are open: the current one, and those that it stands under, outermost first.
    open: Vec<usize>,
}

impl Outline {
    pub(crate) fn new() -> Self {
        Self { sections: vec![Section { lines: Lines::at(1), ..Section::default() }], open: vec![0] }
    }

    /// Index of the section that text now belongs to.
    pub(crate) fn current(&self) -> usize {
        self.sections.len() - 1
    }

    /// Opens the section of a heading on `line`.
    pub(crate) fn open(&mut self, level: u8, mut title: String, line: u32) {
        // What stands under a title is read with it, so that it is read very often.
        title.truncate(title.floor_char_boundary(LONGEST_TITLE));
        if let Some(previous) = self.sections.last_mut() {
            previous.lines.last = line.saturating_sub(1).max(previous.lines.first);
        }
        // What is as deep as this one, or deeper, ends here.
        let sections = &self.sections;
        let ends = |index: &usize| sections.get(*index).is_some_and(|section| section.level >= level);
        while self.open.pop_if(|index| ends(index)).is_some() {}
        let parent = self.open.last().copied();
        self.open.push(self.sections.len());
        self.sections.push(Section { level, title, lines: Lines::at(line), parent });
    }

    /// Closes the last section at the document's last line.
    pub(crate) fn finish(mut self, last: u32) -> Vec<Section> {
        if let Some(section) = self.sections.last_mut() {
            section.lines.last = last.max(section.lines.first);
        }
        self.sections
    }
}

/// Line numbers of byte offsets.
#[derive(Debug)]
pub(crate) struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    pub(crate) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        Self { starts }
    }

    /// How many lines `text`, which it was made of, has: a line break at the end begins none.
    pub(crate) fn count(&self, text: &str) -> u32 {
        (self.starts.len() - usize::from(text.is_empty() || text.ends_with('\n'))) as u32
    }

    /// Where a line begins, in bytes; `None` behind the last.
    pub(crate) fn start(&self, line: u32) -> Option<usize> {
        self.starts.get(line.checked_sub(1)? as usize).map(|start| *start as usize)
    }

    /// Line of a byte offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.starts.partition_point(|start| *start as usize <= offset) as u32
    }
}

/// The fragment that GitHub gives a heading: lower case, punctuation dropped, spaces to hyphens.
pub fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for character in title.trim().chars() {
        if character.is_alphanumeric() || character == '_' || character == '-' {
            slug.extend(character.to_lowercase());
        } else if character == ' ' {
            slug.push('-');
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_belongs_to_the_first_block_on_it() {
        let block = |first: u32, last: u32| Block {
            kind: BlockKind::Paragraph,
            text: String::new(),
            lines: Lines::new(first, last),
            section: 0,
        };
        let document = Document {
            blocks: vec![block(2, 6), block(4, 4), block(5, 9), block(12, 12)],
            ..Document::default()
        };
        for line in 0..15 {
            let first = document.blocks.iter().position(|block| block.lines.contains(line));
            assert_eq!(document.block_at(line), first, "line {line}");
        }
        assert_eq!(Document::default().block_at(1), None);
    }
}
