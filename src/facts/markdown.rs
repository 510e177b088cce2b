//! Markdown, as GitHub renders it, into a [`Document`].

use super::document::{Block, BlockKind, Document, Inline, LineIndex, Lines, Link, Markup, Outline, slug};
use crate::pattern::Pattern;
use foldhash::{HashMap, HashMapExt as _};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeWithOffset};
use std::ops::Range;
use std::sync::Arc;

/// Parses a Markdown document; any text is one.
pub fn parse(path: &str, text: &Arc<str>) -> Document {
    let mut walk = Walk::new(path, text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let (front_matter, start) = match front_matter(text) {
        Some(found) => (text.get(found.clone()).map(str::to_owned), after_line(text, found.end)),
        None => (None, 0),
    };
    walk.document.front_matter = front_matter;
    let parser = Parser::new_ext(text.get(start..).unwrap_or_default(), options).into_offset_iter();
    // The parser breaks texts where a mark might have stood: the `~` of an address, for one.
    for (event, range) in TextMergeWithOffset::new(parser) {
        walk.event(event, range.start + start..range.end + start);
    }
    walk.finish()
}

/// Bytes of a text's front matter, between two rules at its very top. The parser would take what stands between any two
/// rules for such, and with it whole sections.
fn front_matter(text: &str) -> Option<Range<usize>> {
    let begins = text.trim_start_matches('\u{feff}');
    let mut end = text.len() - begins.len();
    let mut lines = begins.split_inclusive('\n');
    let first = lines.next().filter(|first| first.trim_end() == "---")?;
    end += first.len();
    let start = end;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(start..end);
        }
        // A rule at the top that a blank line follows is a rule.
        if end == start && line.trim().is_empty() {
            return None;
        }
        end += line.len();
    }
    None
}

/// Where the line after the one at `offset` starts.
fn after_line(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).and_then(|rest| rest.find('\n'));
    rest.map_or(text.len(), |at| offset + at + 1)
}

struct Walk<'text> {
    document: Document,
    outline: Outline,
    index: LineIndex,
    text: &'text str,
    /// Words of the block that is open.
    words: String,
    /// Where the open block starts.
    start: usize,
    heading: Option<u8>,
    depth: u8,
    quotes: u8,
    code: Option<String>,
    table: Option<OpenTable>,
    /// Links that are open, outermost first: target, image, start in `words`, offset.
    links: Vec<(String, bool, usize, usize)>,
    html: String,
    /// A table of HTML that a blank line tore: its header, and the row that was not yet complete.
    torn: Option<OpenTable>,
}

#[derive(Default)]
struct OpenTable {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    row_lines: Vec<u32>,
    row: Vec<String>,
}

impl<'text> Walk<'text> {
    fn new(path: &str, text: &'text str) -> Self {
        Self {
            document: Document { path: path.to_owned(), markup: Markup::Markdown, ..Document::default() },
            outline: Outline::new(),
            index: LineIndex::new(text),
            text,
            words: String::new(),
            start: 0,
            heading: None,
            depth: 0,
            quotes: 0,
            code: None,
            table: None,
            links: Vec::new(),
            html: String::new(),
            torn: None,
        }
    }

    fn lines(&self, range: &Range<usize>) -> Lines {
        let body = self.text.get(range.clone()).unwrap_or_default();
        let end = range.start + body.trim_end().len().max(1) - 1;
        Lines::new(self.index.line(range.start), self.index.line(end))
    }

    /// Ends the block of running words that is open, if it has any.
    fn flush(&mut self, kind: BlockKind, until: usize) {
        let words = std::mem::take(&mut self.words);
        if words.trim().is_empty() {
            return;
        }
        let lines = self.lines(&(self.start..until));
        self.push(kind, words.trim().to_owned(), lines);
    }

    fn push(&mut self, kind: BlockKind, text: String, lines: Lines) {
        let section = self.outline.current();
        self.document.blocks.push(Block { kind, text, lines, section });
    }

    fn running(&self) -> BlockKind {
        if self.depth > 0 {
            BlockKind::Item { depth: self.depth - 1 }
        } else if self.quotes > 0 {
            BlockKind::Quote
        } else {
            BlockKind::Paragraph
        }
    }

    fn event(&mut self, event: Event<'text>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, range),
            Event::End(tag) => self.close(tag, range),
            Event::Text(text) => {
                if let Some(code) = &mut self.code {
                    code.push_str(&text);
                } else {
                    self.words.push_str(&text);
                    if self.links.is_empty() && self.heading.is_none() {
                        self.bare_links(&text, range.start);
                    }
                }
            }
            Event::Code(text) => {
                let line = self.index.line(range.start);
                let section = self.outline.current();
                self.document.inline_code.push(Inline { text: text.to_string(), line, section });
                self.words.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.words.push(if self.table.is_some() { ' ' } else { '\n' })
            }
            Event::Html(html) => {
                if self.html.is_empty() {
                    self.start = range.start;
                }
                self.html.push_str(&html);
            }
            Event::InlineHtml(html) => {
                self.html_links(&html, range.start);
                if html.starts_with("<br") {
                    self.words.push(' ');
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'text>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                // What a heading ends does not go on below it.
                self.torn = None;
                self.words.clear();
                self.start = range.start;
                self.heading = Some(level_number(level));
            }
            // A loose list's item holds paragraphs: the item's own place is kept for the first of them.
            Tag::Paragraph if self.words.trim().is_empty() => {
                self.words.clear();
                self.start = range.start;
            }
            Tag::Item => {
                let kind = self.running();
                self.flush(kind, range.start);
                self.depth = self.depth.saturating_add(1);
                self.start = range.start;
            }
            Tag::List(_) => {
                let kind = self.running();
                self.flush(kind, range.start);
            }
            Tag::BlockQuote(_) => self.quotes = self.quotes.saturating_add(1),
            Tag::CodeBlock(kind) => {
                let running = self.running();
                self.flush(running, range.start);
                self.start = range.start;
                self.code = Some(String::new());
                if let CodeBlockKind::Fenced(language) = kind {
                    self.words = language
                        .split([' ', ',', '{', '}'])
                        .find(|word| !word.is_empty())
                        .unwrap_or_default()
                        .to_ascii_lowercase();
                }
            }
            Tag::Table(_) => {
                self.start = range.start;
                self.words.clear();
                self.table = Some(OpenTable::default());
            }
            Tag::TableHead | Tag::TableRow | Tag::TableCell => self.words.clear(),
            Tag::Link { dest_url, .. } => {
                self.links.push((dest_url.to_string(), false, self.words.len(), range.start))
            }
            Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.to_string(), true, self.words.len(), range.start))
            }
            Tag::HtmlBlock => {
                self.html.clear();
                self.start = range.start;
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) => {
                let level = self.heading.take().unwrap_or(1);
                let title = std::mem::take(&mut self.words).trim().to_owned();
                let line = self.index.line(range.start);
                self.document.anchors.push(slug(&title));
                // A link or image in a heading belongs to the section that it opens.
                let last = self.lines(&range).last;
                self.outline.open(level, title, line);
                let current = self.outline.current();
                for link in self
                    .document
                    .links
                    .iter_mut()
                    .rev()
                    .take_while(|link| link.line >= line && link.line <= last)
                {
                    link.section = current;
                }
            }
            TagEnd::Paragraph => {
                let kind = self.running();
                self.flush(kind, range.end);
            }
            TagEnd::Item => {
                let kind = self.running();
                self.flush(kind, range.end);
                self.depth = self.depth.saturating_sub(1);
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::CodeBlock => {
                let text = self.code.take().unwrap_or_default();
                let language = std::mem::take(&mut self.words);
                let lines = self.lines(&range);
                self.push(BlockKind::Code { language }, text.trim_end_matches('\n').to_owned(), lines);
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.words).trim().to_owned();
                if let Some(table) = &mut self.table {
                    table.row.push(cell);
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.header = std::mem::take(&mut table.row);
                }
            }
            TagEnd::TableRow => {
                let line = self.index.line(range.start);
                if let Some(table) = &mut self.table {
                    let row = std::mem::take(&mut table.row);
                    table.rows.push(row);
                    table.row_lines.push(line);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let lines = self.lines(&range);
                    self.push_table(table, lines);
                }
            }
            TagEnd::Link | TagEnd::Image => {
                if let Some((target, image, start, offset)) = self.links.pop() {
                    let text = self.words.get(start..).unwrap_or_default().trim().to_owned();
                    if image {
                        // A picture's alternative text is not something that a reader reads.
                        self.words.truncate(start);
                    }
                    let (line, section) = (self.index.line(offset), self.outline.current());
                    self.document.links.push(Link { text, target, line, image, bare: false, section });
                }
            }
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.html);
                self.html_block(&html, range.start);
            }
            _ => {}
        }
    }

    fn push_table(&mut self, table: OpenTable, lines: Lines) {
        let OpenTable { header, rows, row_lines, .. } = table;
        let text = std::iter::once(&header)
            .chain(&rows)
            .filter(|row| !row.is_empty())
            .map(|row| row.join(" | "))
            .collect::<Vec<_>>()
            .join("\n");
        self.push(BlockKind::Table { header, rows, row_lines }, text, lines);
    }

    /// Addresses written out in the text.
    fn bare_links(&mut self, text: &str, offset: usize) {
        static ADDRESS: Pattern = Pattern::text(r"(?:https?://|\bwww\.[a-z0-9-]+\.)[^\s<>()\[\]{}\x22'`|]+");
        if !["://", "www."]
            .iter()
            .any(|start| memchr::memmem::find(text.as_bytes(), start.as_bytes()).is_some())
        {
            return;
        }
        for found in ADDRESS.find_iter(text) {
            let written = found.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
            // As GitHub does where the scheme is left out.
            let target =
                if written.contains("://") { written.to_owned() } else { format!("http://{written}") };
            let (line, section) = (self.index.line(offset + found.start()), self.outline.current());
            self.document.links.push(Link {
                text: written.to_owned(),
                target,
                line,
                image: false,
                bare: true,
                section,
            });
        }
    }

    fn html_links(&mut self, html: &str, offset: usize) {
        for tag in tags(html) {
            let line = self.index.line(offset + tag.start);
            let section = self.outline.current();
            let target = match tag.name.as_str() {
                "a" => {
                    self.document
                        .anchors
                        .extend(tag.attribute("name").or(tag.attribute("id")).map(str::to_owned));
                    tag.attribute("href").map(|target| (target, false))
                }
                "img" | "video" | "source" => tag.attribute("src").map(|target| (target, true)),
                _ => {
                    self.document.anchors.extend(tag.attribute("id").map(str::to_owned));
                    None
                }
            };
            if let Some((target, image)) = target {
                let text = match image {
                    true => tag.attribute("alt").unwrap_or_default().to_owned(),
                    false => words_of_link(html, tag.end),
                };
                self.document.links.push(Link {
                    text,
                    target: target.to_owned(),
                    line,
                    image,
                    bare: false,
                    section,
                });
            }
        }
    }

    /// A block of raw HTML: its headings open sections, its tables are tables, the rest is text.
    fn html_block(&mut self, html: &str, offset: usize) {
        let mut plain_from = 0;
        let mut table: Option<(OpenTable, usize)> = self.torn.take().map(|mut torn| {
            let line = self.index.line(offset);
            torn.row_lines = vec![line; torn.rows.len() + usize::from(!torn.row.is_empty())];
            (torn, 0)
        });
        let mut preformatted: Option<usize> = None;
        let (mut cell, mut heading, mut comment_until): (Option<usize>, Option<(u8, usize, usize)>, usize) =
            (None, None, 0);
        for tag in tags(html) {
            if tag.start < comment_until {
                continue;
            }
            let line = self.index.line(offset + tag.start);
            match (tag.name.as_str(), tag.closing) {
                ("!--", _) => comment_until = tag.end,
                ("table", false) => {
                    // What precedes a table is text once, however many open behind it.
                    if table.is_none() {
                        self.html_text(html, plain_from..tag.start, offset);
                    }
                    plain_from = tag.start;
                    table = Some((OpenTable::default(), tag.start));
                }
                ("tr", false) => {
                    if let Some((table, _)) = &mut table {
                        table.end_row();
                        table.row_lines.push(line);
                    }
                }
                ("tr", true) => {
                    if let Some((table, _)) = &mut table {
                        table.end_row();
                    }
                }
                ("td" | "th", false) => cell = Some(tag.end),
                ("td" | "th", true) => {
                    if let (Some((table, _)), Some(start)) = (&mut table, cell.take()) {
                        // A row whose tag is missing begins at its first cell.
                        if table.row_lines.len() <= table.rows.len() {
                            table.row_lines.push(line);
                        }
                        table.row.push(strip_tags(html.get(start..tag.start).unwrap_or_default()));
                    }
                }
                ("table", true) => {
                    if let Some((mut table, start)) = table.take() {
                        table.end_row();
                        self.html_table(table, offset + start..offset + tag.end);
                        plain_from = tag.end;
                    }
                }
                ("pre", false) if table.is_none() => {
                    self.html_text(html, plain_from..tag.start, offset);
                    plain_from = tag.start;
                    preformatted = Some(tag.end);
                }
                ("pre", true) => {
                    if let Some(start) = preformatted.take() {
                        self.html_code(html, start..tag.start, offset);
                        plain_from = tag.end;
                    }
                }
                (name, false) if is_heading(name) => {
                    self.html_text(html, plain_from..tag.start, offset);
                    plain_from = tag.start;
                    heading = name.as_bytes().get(1).map(|digit| (digit - b'0', tag.end, tag.start));
                }
                (name, true) if is_heading(name) => {
                    if let Some((level, start, opened)) = heading.take() {
                        let title = strip_tags(html.get(start..tag.start).unwrap_or_default());
                        self.document.anchors.push(slug(&title));
                        let line = self.index.line(offset + opened);
                        self.outline.open(level, title, line);
                        plain_from = tag.end;
                    }
                }
                _ => {}
            }
        }
        match table {
            Some((mut table, start)) => {
                self.torn = Some(OpenTable {
                    rows: table.rows.first().cloned().into_iter().collect(),
                    row: std::mem::take(&mut table.row),
                    ..OpenTable::default()
                });
                if table.rows.len() > 1 {
                    self.html_table(table, offset + start..offset + html.len());
                }
            }
            None => self.html_text(html, plain_from..html.len(), offset),
        }
        self.html_links(html, offset);
        self.bare_links(&strip_comments(html), offset);
    }

    /// A table of HTML whose first row is its header.
    fn html_table(&mut self, mut table: OpenTable, range: Range<usize>) {
        if !table.rows.is_empty() {
            table.header = table.rows.remove(0);
            table.row_lines = table.row_lines.split_off(1.min(table.row_lines.len()));
        }
        table.row_lines.truncate(table.rows.len());
        let place = self.lines(&range);
        self.push_table(table, place);
    }

    fn html_code(&mut self, html: &str, range: Range<usize>, offset: usize) {
        let inner = html.get(range.clone()).unwrap_or_default();
        let lead = inner.len() - inner.trim_start().len();
        let text = without_tags(inner.trim());
        if !text.trim().is_empty() {
            let lines = self.lines(&(offset + range.start + lead..offset + range.end));
            self.push(BlockKind::Code { language: String::new() }, text, lines);
        }
    }

    fn html_text(&mut self, html: &str, range: Range<usize>, offset: usize) {
        let text = strip_tags(html.get(range.clone()).unwrap_or_default());
        if !text.is_empty() {
            let lines = self.lines(&(offset + range.start..offset + range.end));
            self.push(BlockKind::Html, text, lines);
        }
    }

    fn finish(mut self) -> Document {
        self.flush(BlockKind::Paragraph, self.text.len());
        let last = self.text.lines().count().max(1) as u32;
        self.document.lines = last;
        self.document.sections = self.outline.finish(last);
        // GitHub numbers equal fragments.
        let mut seen: HashMap<String, u32> = HashMap::new();
        for anchor in &mut self.document.anchors {
            let count = seen.entry(anchor.clone()).or_default();
            if *count > 0 {
                *anchor = format!("{anchor}-{count}");
            }
            *count += 1;
        }
        self.document.links.sort_by_key(|link| link.line);
        self.document
    }
}

impl OpenTable {
    fn end_row(&mut self) {
        if !self.row.is_empty() {
            let row = std::mem::take(&mut self.row);
            self.rows.push(row);
        } else if !self.row_lines.is_empty() && self.rows.len() < self.row_lines.len() {
            self.row_lines.pop();
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// A tag of raw HTML.
struct HtmlTag<'html> {
    name: String,
    closing: bool,
    start: usize,
    end: usize,
    body: &'html str,
}

impl<'html> HtmlTag<'html> {
    fn attribute(&self, name: &str) -> Option<&'html str> {
        let mut rest = self.body;
        loop {
            let (before, after) = rest.split_once('=')?;
            let key = before.trim_end().rsplit([' ', '\n', '\t', '"', '\'']).next().unwrap_or_default();
            let after = after.trim_start();
            let (value, next) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => {
                    let end = after.find(|c: char| c.is_whitespace()).unwrap_or(after.len());
                    after.split_at(end)
                }
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value.trim());
            }
            rest = next;
        }
    }
}

/// The words between a link's tag, which ends at `from`, and its closing one; longer than a paragraph they are no link's.
fn words_of_link(html: &str, from: usize) -> String {
    const LONGEST: usize = 2_000;
    let mut until = html.len().min(from + LONGEST);
    while !html.is_char_boundary(until) {
        until -= 1;
    }
    let near = html.get(from..until).unwrap_or_default();
    near.split_once("</a").map(|(inner, _)| strip_tags(inner)).unwrap_or_default()
}

/// The tags of raw HTML in order; a comment is one tag, named `!--`.
fn tags(html: &str) -> Vec<HtmlTag<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) =
        memchr::memchr(b'<', html.as_bytes().get(at..).unwrap_or_default()).map(|offset| at + offset)
    {
        let rest = html.get(start + 1..).unwrap_or_default();
        if rest.starts_with("!--") {
            let end = rest.find("-->").map_or(html.len(), |length| start + 1 + length + 3);
            found.push(HtmlTag { name: "!--".to_owned(), closing: false, start, end, body: "" });
            at = end;
            continue;
        }
        // Without a name there is no tag, and no need to look for its end.
        if !rest.trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphanumeric()) {
            at = start + 1;
            continue;
        }
        let Some(length) = rest.find('>') else { break };
        let inner = rest.get(..length).unwrap_or_default();
        let closing = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let (name, body) = inner.split_at(name_end);
        at = start + 1;
        if !name.is_empty() {
            found.push(HtmlTag {
                name: name.to_ascii_lowercase(),
                closing,
                start,
                end: start + 1 + length + 1,
                body,
            });
            at = start + 1 + length + 1;
        }
    }
    found
}

/// Preformatted text without the tags in it; its line breaks stay.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut from = 0;
    for tag in tags(html) {
        text.push_str(html.get(from..tag.start).unwrap_or_default());
        from = tag.end;
    }
    text.push_str(html.get(from..).unwrap_or_default());
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn strip_comments(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut from = 0;
    for tag in tags(html).into_iter().filter(|tag| tag.name == "!--") {
        text.push_str(html.get(from..tag.start).unwrap_or_default());
        let blank = html.get(tag.start..tag.end).unwrap_or_default().chars();
        // Same number of characters may be fewer bytes; only line ends matter behind it.
        text.extend(blank.map(|c| if c == '\n' { '\n' } else { ' ' }));
        from = tag.end;
    }
    text.push_str(html.get(from..).unwrap_or_default());
    text
}

/// The words of raw HTML, entities decoded, white space folded.
pub(crate) fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html) {
        text.push_str(html.get(at..tag.start).unwrap_or_default());
        if !matches!(
            tag.name.as_str(),
            "b" | "i" | "em" | "strong" | "sub" | "sup" | "span" | "a" | "code" | "font" | "u"
        ) {
            text.push(' ');
        }
        at = tag.end;
    }
    text.push_str(html.get(at..).unwrap_or_default());
    let text = text
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Document {
        parse("README.md", &Arc::from(text))
    }

    #[test]
    fn sections_blocks_and_lines_are_those_a_reader_sees() {
        let document = parsed(
            "intro\n\n# A `b`\n\npara\nmore\n\n- one\n- two\n  - deep\n\n```Bash\npython a.py \\\n  --x 1\n```\n\n## C\n",
        );
        let titles: Vec<_> = document
            .sections
            .iter()
            .map(|section| (section.level, section.title.as_str(), section.lines))
            .collect();
        assert_eq!(
            titles,
            [(0, "", Lines::new(1, 2)), (1, "A b", Lines::new(3, 16)), (2, "C", Lines::new(17, 17))]
        );
        let blocks: Vec<_> =
            document.blocks.iter().map(|block| (block.text.as_str(), block.lines, block.section)).collect();
        assert_eq!(
            blocks,
            [
                ("intro", Lines::at(1), 0),
                ("para\nmore", Lines::new(5, 6), 1),
                ("one", Lines::at(8), 1),
                ("two", Lines::at(9), 1),
                ("deep", Lines::at(10), 1),
                ("python a.py \\\n  --x 1", Lines::new(12, 15), 1),
            ]
        );
        assert_eq!(document.blocks[5].kind, BlockKind::Code { language: "bash".to_owned() });
        assert_eq!(document.trail(2), ["A b", "C"]);
    }

    #[test]
    fn tables_and_links_are_found_in_markdown_and_in_html() {
        let document = parsed(
            "| a | b |\n|---|---|\n| 1 | [w](https://x.org/w) |\n\n<table>\n<tr><th>k</th></tr>\n<tr><td>9.5</td></tr>\n</table>\n\nsee https://y.org/z. ![pic](p.png) <a href=\"#k\">k</a>\n",
        );
        let tables: Vec<_> = document
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Table { header, rows, row_lines } => {
                    Some((header.clone(), rows.clone(), row_lines.clone()))
                }
                _ => None,
            })
            .collect();
        assert_eq!(tables[0], (vec!["a".into(), "b".into()], vec![vec!["1".into(), "w".into()]], vec![3]));
        assert_eq!(tables[1], (vec!["k".into()], vec![vec!["9.5".into()]], vec![7]));
        let links: Vec<_> = document
            .links
            .iter()
            .map(|link| (link.target.as_str(), link.line, link.image, link.bare))
            .collect();
        assert_eq!(
            links,
            [
                ("https://x.org/w", 3, false, false),
                ("https://y.org/z", 10, false, true),
                ("p.png", 10, true, false),
                ("#k", 10, false, false)
            ]
        );
    }

    #[test]
    fn cells_without_a_row_are_one_by_themselves() {
        let document = parsed("<table>\n<th>k</th>\n<td>v</td>\n<tr><td>9.5</td></tr>\n</table>\n");
        let BlockKind::Table { header, rows, row_lines } = &document.blocks[0].kind else { panic!() };
        assert_eq!(
            (header.as_slice(), rows.len(), row_lines.as_slice()),
            (["k", "v"].map(String::from).as_slice(), 1, &[4][..])
        );
    }

    #[test]
    fn a_table_that_blank_lines_tear_is_read_in_pieces_under_one_header() {
        let document = parsed(
            "<table>\n<tr><th>k</th><th>v</th></tr>\n<tr><td>a</td>\n\n<td>1</td></tr>\n\n<tr><td>b</td>\n<td>2</td></tr>\n</table>\n\ntext\n",
        );
        let tables: Vec<_> = document
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Table { header, rows, row_lines } => {
                    Some((header.join(""), rows.concat().join(""), row_lines.clone()))
                }
                _ => None,
            })
            .collect();
        let row = |cells: &str, line| ("kv".to_owned(), cells.to_owned(), vec![line]);
        assert_eq!(tables, [row("a1", 5), row("b2", 7)]);
        assert_eq!(document.blocks.last().map(|block| block.text.as_str()), Some("text"));

        let never_ended = parsed("<table>\n<tr><td>a</td></tr>\n\n## Next\n\n<p>\nwords\n</p>\n");
        assert_eq!(never_ended.blocks.last().map(|block| block.text.trim()), Some("words"));
    }

    #[test]
    fn addresses_are_whole_whatever_marks_they_hold() {
        let document = parsed("See https://x.org/~ana/a_b_c?d=1&amp;e=2 and\nhttps://y.org/~bo.\n");
        let links: Vec<_> = document.links.iter().map(|link| (link.target.as_str(), link.line)).collect();
        assert_eq!(links, [("https://x.org/~ana/a_b_c?d=1&e=2", 1), ("https://y.org/~bo", 2)]);
    }

    #[test]
    fn sections_between_rules_are_no_front_matter() {
        let text: Arc<str> =
            Arc::from("```\nx\n```\n---\n## Weights\n\n[here](https://a.example/w)\n---\n\nText.\n");
        let document = parse("README.md", &text);
        assert_eq!(document.front_matter, None);
        assert_eq!(document.links.len(), 1);
        let card: Arc<str> = Arc::from("---\nlicense: mit\n---\n# Model\n---\nname: x\n---\n");
        let document = parse("README.md", &card);
        assert_eq!(document.front_matter.as_deref(), Some("license: mit\n"));
        assert_eq!(document.sections.iter().filter(|section| section.title == "Model").count(), 1);
        assert_eq!(
            document.sections.iter().find(|section| section.title == "Model").map(|s| s.lines.first),
            Some(4)
        );
    }

    #[test]
    fn equal_headings_get_numbered_fragments() {
        assert_eq!(parsed("# Set-up, now!\n\n# Set-up now\n").anchors, ["set-up-now", "set-up-now-1"]);
    }
}
