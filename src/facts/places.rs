//! The sentences that links stand in. A link is looked for behind the one before it, so that a paragraph is gone through
//! once, however many links it holds.

use super::document::{Block, BlockKind};
use super::{Document, Link};
use foldhash::{HashMap, HashMapExt as _};
use std::borrow::Cow;
use std::cell::OnceCell;

/// Bytes of a sentence on either side of a link: what is further away says nothing of it.
const REACH: usize = 1_000;
/// How often the text of a block is gone through for links that do not stand where they should, their words being
/// markup.
const MOST_SEARCHES: usize = 20;

/// The words of a link that its block holds.
pub(super) fn words_of(link: &Link) -> &str {
    if link.text.is_empty() { &link.target } else { &link.text }
}

/// The beginning of a text, as far as it is read for what it says of others.
pub(super) fn start_of(text: &str) -> &str {
    text.get(..text.floor_char_boundary(REACH)).unwrap_or_default()
}

/// The end of a text, as far as a reader remembers it.
pub(super) fn end_of(text: &str) -> &str {
    text.get(text.ceil_char_boundary(text.len().saturating_sub(REACH))..).unwrap_or_default()
}

/// The last sentence of a text, which may be broken into lines, as far as a reader remembers it.
pub(super) fn last_sentence(text: &str) -> &str {
    let text = end_of(text);
    let behind = |at: usize| text.get(at + 1..).unwrap_or_default();
    let end = text.rmatch_indices('.').find(|(at, _)| behind(*at).starts_with([' ', '\n']));
    end.map_or(text, |(at, _)| behind(at).get(1..).unwrap_or_default())
}

/// A block's text that is searched for the links of the block, one after the other.
struct Searched<'document> {
    /// The text with blanks in place of line breaks, which keeps every byte's place.
    text: Cow<'document, str>,
    /// Where the last link that was found ends.
    reached: usize,
    /// Bytes that may yet be searched in vain.
    left: usize,
}

impl Searched<'_> {
    fn new(block: &Block) -> Searched<'_> {
        let text = match block.text.contains('\n') && !matches!(block.kind, BlockKind::Code { .. }) {
            true => Cow::Owned(block.text.replace('\n', " ")),
            false => Cow::Borrowed(block.text.as_str()),
        };
        let left = text.len() * MOST_SEARCHES;
        Searched { text, reached: 0, left }
    }

    fn find(&mut self, words: &str) -> Option<usize> {
        let find = |from: usize| memchr::memmem::find(self.text.as_bytes().get(from..)?, words.as_bytes());
        if words.is_empty() || self.left == 0 {
            return None;
        }
        if let Some(at) = find(self.reached) {
            let at = self.reached + at;
            self.reached = at + words.len();
            return Some(at);
        }
        let found = find(0);
        self.left = self.left.saturating_sub(self.text.len());
        found
    }
}

/// Where links stand in a document, for links that are asked for in reading order.
pub(super) struct Places<'document> {
    document: &'document Document,
    blocks: HashMap<usize, Searched<'document>>,
    /// See [`Places::over_list`].
    over_lists: OnceCell<Vec<Option<usize>>>,
    /// See [`Places::links_on`].
    by_line: OnceCell<HashMap<u32, Vec<&'document Link>>>,
}

/// Where a link stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Index of its block.
    pub(super) block: Option<usize>,
    /// Where its words begin in the text of the block; of a table they are not looked for.
    pub(super) at: Option<usize>,
}

impl<'document> Places<'document> {
    /// Links of `document`, from its beginning.
    pub(super) fn new(document: &'document Document) -> Self {
        Self { document, blocks: HashMap::new(), over_lists: OnceCell::new(), by_line: OnceCell::new() }
    }

    /// The document's links on a line, in order.
    pub(super) fn links_on(&self, line: u32) -> &[&'document Link] {
        let by_line = self.by_line.get_or_init(|| {
            let mut by_line: HashMap<u32, Vec<&Link>> = HashMap::new();
            self.document.links.iter().for_each(|link| by_line.entry(link.line).or_default().push(link));
            by_line
        });
        by_line.get(&line).map_or(&[], Vec::as_slice)
    }

    /// The last block before that of this index that is no item of a list.
    pub(super) fn over_list(&self, block: usize) -> Option<usize> {
        let over = self.over_lists.get_or_init(|| {
            let mut last = None;
            let over = self.document.blocks.iter().enumerate().map(|(index, block)| {
                let over = last;
                if !matches!(block.kind, BlockKind::Item { .. }) {
                    last = Some(index);
                }
                over
            });
            over.collect()
        });
        over.get(block).copied().flatten()
    }

    /// Where the next link stands.
    pub(super) fn next(&mut self, link: &Link) -> Place {
        let block = self.document.block_at(link.line);
        let found = block.and_then(|at| Some((at, self.document.blocks.get(at)?)));
        let at = found.filter(|(_, block)| !matches!(block.kind, BlockKind::Table { .. })).and_then(
            |(index, block)| {
                self.blocks.entry(index).or_insert_with(|| Searched::new(block)).find(words_of(link))
            },
        );
        Place { block, at }
    }

    /// The sentence or the list item that holds a link, the line of code, or the block's
    /// beginning where the link is not found in it.
    pub(super) fn sentence(&self, link: &Link, place: Place) -> &str {
        let found = place.block.and_then(|at| Some((at, self.document.blocks.get(at)?)));
        let Some((index, block)) = found else { return "" };
        let text = self.blocks.get(&index).map_or(block.text.as_str(), |searched| &searched.text);
        let is_code = matches!(block.kind, BlockKind::Code { .. });
        let Some(at) = place.at else {
            let end = if is_code { 0 } else { text.floor_char_boundary(2 * REACH) };
            return text.get(..end).unwrap_or_default();
        };
        let behind = at + words_of(link).len();
        let first = text.ceil_char_boundary(at.saturating_sub(REACH));
        let last = text.floor_char_boundary(behind.saturating_add(REACH));
        let before = text.get(first..at).unwrap_or_default();
        let after = text.get(behind..last).unwrap_or_default();
        let (start, end) = match is_code {
            true => (before.rfind('\n').map(|line| line + 1), after.find('\n')),
            false => (before.rfind(". ").map(|dot| dot + 2), after.find(". ")),
        };
        let sentence =
            text.get(start.map_or(first, |start| first + start)..end.map_or(last, |end| behind + end));
        let sentence = sentence.unwrap_or_default();
        if is_code { sentence.trim() } else { sentence }
    }
}
