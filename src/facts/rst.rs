//! reStructuredText and plain text into a [`Document`]. What follows is line by line, as a reader skims it; it is not
//! a full docutils parser.

use super::document::{Block, BlockKind, Document, Inline, Lines, Link, Markup, Outline, slug};
use crate::pattern::Pattern;
use std::sync::Arc;

/// Parses reStructuredText; any text is accepted.
pub fn parse(path: &str, text: &Arc<str>) -> Document {
    walk(path, text, Markup::ReStructuredText)
}

/// Parses plain text: underlined headings, indented code, addresses.
pub fn parse_plain(path: &str, text: &Arc<str>) -> Document {
    walk(path, text, Markup::Plain)
}

fn walk(path: &str, text: &str, markup: Markup) -> Document {
    let lines: Vec<&str> = text.lines().collect();
    let mut document =
        Document { path: path.to_owned(), markup, lines: lines.len().max(1) as u32, ..Document::default() };
    let mut outline = Outline::new();
    let mut styles: Vec<char> = Vec::new();
    let mut at = 0;
    while let Some(&line) = lines.get(at) {
        let number = at as u32 + 1;
        if line.trim().is_empty() {
            at += 1;
            continue;
        }
        // An overline, a title and an underline, or a title and an underline.
        let overlined = adornment(line)
            .filter(|_| lines.get(at + 2).is_some_and(|under| under.trim_end() == line.trim_end()));
        let underlined = lines
            .get(at + 1)
            .and_then(|under| adornment(under))
            .filter(|_| indent(line) == 0 && adornment(line).is_none());
        if let Some(style) = overlined.or(underlined) {
            let (title, used) = if overlined.is_some() {
                (lines.get(at + 1).copied().unwrap_or_default(), 3)
            } else {
                (line, 2)
            };
            let level = styles.iter().position(|known| *known == style).unwrap_or_else(|| {
                styles.push(style);
                styles.len() - 1
            });
            let title = plain(title.trim());
            document.anchors.push(slug(&title));
            outline.open((level + 1).min(6) as u8, title, number);
            at += used;
            continue;
        }
        let section = outline.current();
        if let Some(directive) = line.trim_start().strip_prefix(".. ") {
            at = read_directive(&lines, at, directive, &mut document, section);
            continue;
        }
        // A paragraph, a list item or an indented block: up to the next empty line.
        let end = (at..lines.len()).find(|&index| lines[index].trim().is_empty()).unwrap_or(lines.len());
        let is_literal = indent(line) > 0 && previous_ends_with_double_colon(&document, section);
        let end = if is_literal { end_of_indented(&lines, at, 1) } else { end };
        let body = lines[at..end].join("\n");
        let place = Lines::new(number, end as u32);
        if let Some(rows) = table_rows(&lines[at..end]) {
            let text = rows.iter().map(|(_, cells)| cells.join(" | ")).collect::<Vec<_>>().join("\n");
            let mut cells = rows.into_iter();
            let header = cells.next().map(|(_, cells)| cells).unwrap_or_default();
            let (row_lines, rows) = cells.map(|(offset, cells)| (number + offset, cells)).unzip();
            document.blocks.push(Block {
                kind: BlockKind::Table { header, rows, row_lines },
                text,
                lines: place,
                section,
            });
        } else if is_literal
            || body
                .lines()
                .all(|line| line.trim_start().starts_with("$ ") || line.trim_start().starts_with(">>> "))
        {
            let dedented = dedent(&lines[at..end]);
            document.blocks.push(Block {
                kind: BlockKind::Code { language: String::new() },
                text: dedented,
                lines: place,
                section,
            });
        } else {
            let kind = match line.trim_start().chars().next() {
                Some('-' | '*' | '+' | '•') if line.trim_start().chars().nth(1) == Some(' ') => {
                    BlockKind::Item { depth: 0 }
                }
                _ => BlockKind::Paragraph,
            };
            inline(&lines[at..end], number, section, &mut document);
            document.blocks.push(Block { kind, text: plain(&body), lines: place, section });
        }
        at = end;
    }
    let last = document.lines;
    document.sections = outline.finish(last);
    document
}

/// The character of a line that is nothing but a heading's adornment.
fn adornment(line: &str) -> Option<char> {
    let line = line.trim_end();
    let first = line.chars().next().filter(|c| "=-`:'\"~^_*+#<>.".contains(*c))?;
    (line.len() >= 3 && line.chars().all(|c| c == first)).then_some(first)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn end_of_indented(lines: &[&str], from: usize, least: usize) -> usize {
    let mut end = from;
    for (index, line) in lines.iter().enumerate().skip(from) {
        if line.trim().is_empty() {
            continue;
        }
        if indent(line) < least {
            break;
        }
        end = index + 1;
    }
    end
}

fn dedent(lines: &[&str]) -> String {
    let least =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn previous_ends_with_double_colon(document: &Document, section: usize) -> bool {
    let block = document.blocks.last().filter(|block| block.section == section);
    block.is_some_and(|block| {
        block.text.trim_end().ends_with(':') || matches!(block.kind, BlockKind::Code { .. })
    })
}

fn read_directive(
    lines: &[&str],
    at: usize,
    directive: &str,
    document: &mut Document,
    section: usize,
) -> usize {
    let number = at as u32 + 1;
    let base = indent(lines[at]);
    let end = end_of_indented(lines, at + 1, base + 1);
    let (name, argument) =
        directive.split_once("::").map_or((directive, ""), |(name, argument)| (name.trim(), argument.trim()));
    let name = name.rsplit('|').next().unwrap_or(name).trim();
    let body = &lines[(at + 1).min(end)..end];
    let place = Lines::new(number, end.max(at + 1) as u32);
    let text: Vec<&str> = body
        .iter()
        .copied()
        .skip_while(|line| line.trim().is_empty() || line.trim_start().starts_with(':'))
        .collect();
    match name {
        "code" | "code-block" | "sourcecode" | "highlight" | "prompt" => {
            let block = Block {
                kind: BlockKind::Code { language: argument.to_ascii_lowercase() },
                text: dedent(&text),
                lines: place,
                section,
            };
            document.blocks.push(block);
        }
        "image" | "figure" => {
            let alt = body
                .iter()
                .find_map(|line| line.trim().strip_prefix(":alt:"))
                .unwrap_or_default()
                .trim()
                .to_owned();
            document.links.push(Link {
                text: alt,
                target: argument.to_owned(),
                line: number,
                image: true,
                bare: false,
                section,
            });
            if let Some(target) = body.iter().find_map(|line| line.trim().strip_prefix(":target:")) {
                document.links.push(Link {
                    text: String::new(),
                    target: target.trim().to_owned(),
                    line: number,
                    image: false,
                    bare: false,
                    section,
                });
            }
            let caption = plain(&dedent(&text));
            if !caption.trim().is_empty() {
                document.blocks.push(Block {
                    kind: BlockKind::Paragraph,
                    text: caption,
                    lines: place,
                    section,
                });
            }
        }
        "note" | "warning" | "tip" | "important" | "hint" | "caution" | "attention" | "admonition" => {
            inline(body, number + 1, section, document);
            document.blocks.push(Block {
                kind: BlockKind::Quote,
                text: plain(&dedent(&text)),
                lines: place,
                section,
            });
        }
        "csv-table" | "list-table" | "table" => {
            inline(body, number + 1, section, document);
            document.blocks.push(Block {
                kind: BlockKind::Paragraph,
                text: plain(&dedent(&text)),
                lines: place,
                section,
            });
        }
        _ => {
            if let Some((label, target)) = directive.strip_prefix('_').and_then(|rest| rest.split_once(": "))
            {
                let link = Link {
                    text: label.trim_matches('`').to_owned(),
                    target: target.trim().to_owned(),
                    line: number,
                    image: false,
                    bare: false,
                    section,
                };
                document.links.push(link);
            } else if let Some(label) = directive.strip_prefix('_').and_then(|rest| rest.strip_suffix(':')) {
                document.anchors.push(label.to_owned());
            }
        }
    }
    end.max(at + 1)
}

/// Rows of a simple or grid table, with their offset from the first line.
fn table_rows(lines: &[&str]) -> Option<Vec<(u32, Vec<String>)>> {
    let first = lines.first()?.trim();
    let rule = |line: &str| {
        line.len() >= 3
            && line.chars().all(|c| "=+- ".contains(c))
            && (line.contains("==") || line.contains("--"))
    };
    if lines.len() < 3 || !rule(first) {
        return None;
    }
    let grid = first.starts_with('+');
    if !grid && !first.contains("= =") && !first.contains("=  =") {
        return None;
    }
    let columns: Vec<usize> = first
        .char_indices()
        .filter(|(at, c)| *c == '=' && (*at == 0 || first.as_bytes().get(at - 1) == Some(&b' ')))
        .map(|(at, _)| at)
        .collect();
    let rows = lines.iter().enumerate().filter(|(_, line)| !rule(line.trim())).map(|(offset, line)| {
        let cells = if grid {
            line.trim().trim_matches('|').split('|').map(|cell| plain(cell.trim())).collect()
        } else {
            let line = line.trim_start();
            columns
                .iter()
                .enumerate()
                .map(|(index, start)| {
                    let end = columns.get(index + 1).copied().unwrap_or(line.len()).min(line.len());
                    plain(line.get((*start).min(end)..end).unwrap_or_default().trim())
                })
                .collect()
        };
        (offset as u32, cells)
    });
    Some(rows.collect())
}

fn inline(lines: &[&str], first: u32, section: usize, document: &mut Document) {
    static LINK: Pattern = Pattern::text(r"`([^`<]*)<([^`>]+)>`_");
    static CODE: Pattern = Pattern::text(r"``([^`]+)``");
    static ADDRESS: Pattern = Pattern::text(r"https?://[^\s<>()\[\]{}\x22'`|]+");
    for (line, number) in lines.iter().zip(first..) {
        let (marked, addressed) = (line.contains('`'), line.contains("://"));
        for found in LINK.captures_iter(line).take_while(|_| marked) {
            let part = |index: usize| found.get(index).map_or("", |part| part.as_str()).trim().to_owned();
            document.links.push(Link {
                text: part(1),
                target: part(2),
                line: number,
                image: false,
                bare: false,
                section,
            });
        }
        for found in CODE.captures_iter(line).take_while(|_| marked) {
            let text = found.get(1).map_or("", |part| part.as_str()).to_owned();
            document.inline_code.push(Inline { text, line: number, section });
        }
        for found in ADDRESS.find_iter(line).take_while(|_| addressed) {
            let inside = line.get(..found.start()).is_some_and(|before| before.ends_with('<'));
            if !inside {
                let target = found.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?']).to_owned();
                document.links.push(Link {
                    text: target.clone(),
                    target,
                    line: number,
                    image: false,
                    bare: true,
                    section,
                });
            }
        }
    }
}

/// Words without inline markup.
fn plain(text: &str) -> String {
    static MARKUP: Pattern = Pattern::text(r"(?::[a-z:]+:)?`([^`<]*?)\s*(?:<[^`>]+>)?`_{0,2}");
    let text = text.replace("``", "\u{1}");
    let text = if text.contains('`') {
        MARKUP.replace(&text, |found| found.get(1).map_or("", |part| part.as_str()))
    } else {
        text
    };
    text.replace('\u{1}', "").replace("**", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readme_in_restructuredtext_reads_like_one_in_markdown() {
        let text = "=====\nTitle\n=====\n\nIntro with ``code`` and `a page <docs/x.rst>`_.\n\nTraining\n--------\n\nRun::\n\n    python train.py --lr 1\n\n.. code-block:: bash\n\n   python eval.py\n\n.. image:: fig.png\n   :alt: curve\n\n=====  =====\nmodel  score\n=====  =====\nours   91.2\n=====  =====\n";
        let document = parse("README.rst", &Arc::from(text));
        let titles: Vec<_> = document
            .sections
            .iter()
            .map(|section| (section.level, section.title.as_str(), section.lines.first))
            .collect();
        assert_eq!(titles, [(0, "", 1), (1, "Title", 1), (2, "Training", 7)]);
        let code: Vec<_> = document
            .blocks
            .iter()
            .filter(|block| matches!(block.kind, BlockKind::Code { .. }))
            .map(|block| (block.text.as_str(), block.lines.first))
            .collect();
        assert_eq!(code, [("python train.py --lr 1", 12), ("python eval.py", 14)]);
        assert_eq!(
            document.links.iter().map(|link| (link.target.as_str(), link.image)).collect::<Vec<_>>(),
            [("docs/x.rst", false), ("fig.png", true)]
        );
        let table = document.blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Table { header, rows, .. } => Some((header.clone(), rows.clone())),
            _ => None,
        });
        assert_eq!(
            table,
            Some((vec!["model".into(), "score".into()], vec![vec!["ours".into(), "91.2".into()]]))
        );
    }
}
