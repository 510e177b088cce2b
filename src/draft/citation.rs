//! A CITATION.cff, from what the README says.

use super::Context;
use crate::facts::{BlockKind, Facts, quoted_yaml};
use std::fmt::Write as _;

/// A CITATION.cff of version 1.2.0; what no file tells is a TODO.
pub fn draft(facts: &Facts, context: &Context<'_>) -> String {
    let readme = facts.readme.as_deref().and_then(|path| facts.document(path));
    let entry = readme.and_then(|document| {
        let mut code = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Code { .. }));
        code.find_map(|block| BibEntry::read(&block.text))
    });
    let says = |text: &str| !text.trim().is_empty();
    let title = entry.as_ref().and_then(|entry| entry.field("title")).filter(|title| says(title));
    let sections = readme.into_iter().flat_map(|document| &document.sections);
    let mut headings = sections.filter(|section| section.level == 1).map(|section| section.title.as_str());
    let heading = headings.find(|title| says(title));
    let name = title.as_deref().or(heading).unwrap_or("TODO: the project's name");
    let authors = entry.as_ref().map(BibEntry::authors).unwrap_or_default();
    let mut text =
        "cff-version: 1.2.0\nmessage: If you use this software, please cite it as below.\ntype: software\n"
            .to_owned();
    let _ = writeln!(text, "title: {}\nauthors:", quoted_yaml(name));
    list_authors(&mut text, &authors, "  ");
    if authors.is_empty() {
        text.push_str("  - family-names: \"TODO: family name\"\n    given-names: \"TODO: given names\"\n");
    }
    if let Some(commit) = context.commit {
        let _ = writeln!(text, "commit: {}", quoted_yaml(commit));
    }
    let _ = writeln!(text, "date-released: {}", context.today);
    if let (Some(entry), Some(title)) = (&entry, &title) {
        let kind = if entry.kind == "article" { "article" } else { "conference-paper" };
        let _ = writeln!(
            text,
            "preferred-citation:\n  type: {kind}\n  title: {}\n  authors:",
            quoted_yaml(title)
        );
        list_authors(&mut text, &authors, "    ");
        if let Some(year) = entry.field("year").filter(|year| year.parse::<u16>().is_ok()) {
            let _ = writeln!(text, "  year: {year}");
        }
        if let Some(doi) = entry.field("doi") {
            let _ = writeln!(text, "  doi: {}", quoted_yaml(&doi));
        }
    }
    text
}

fn list_authors(text: &mut String, authors: &[(String, String)], indent: &str) {
    for (family, given) in authors {
        let _ = writeln!(text, "{indent}- family-names: {}", quoted_yaml(family));
        if !given.is_empty() {
            let _ = writeln!(text, "{indent}  given-names: {}", quoted_yaml(given));
        }
    }
}

/// A BibTeX entry, as far as a citation file needs it.
struct BibEntry<'text> {
    kind: String,
    body: &'text str,
}

impl<'text> BibEntry<'text> {
    fn read(text: &'text str) -> Option<Self> {
        let (_, rest) = text.split_once('@')?;
        let (kind, body) = rest.split_once('{')?;
        let kind = kind.trim().to_ascii_lowercase();
        kind.bytes().all(|byte| byte.is_ascii_alphabetic()).then_some(Self { kind, body })
    }

    /// A field's value, its braces and line ends taken out.
    fn field(&self, name: &str) -> Option<String> {
        let mut rest = self.body;
        loop {
            let (before, after) = rest.split_once('=')?;
            let key = before.trim_end().rsplit([',', '\n', ' ', '\t']).next().unwrap_or_default();
            let after = after.trim_start();
            let end = match after.chars().next()? {
                '{' => balanced(after)?,
                '"' => after.get(1..)?.find('"')? + 2,
                _ => after.find([',', '}', '\n']).unwrap_or(after.len()),
            };
            let (value, next) = after.split_at(end);
            if key.eq_ignore_ascii_case(name) {
                let value: String =
                    value.trim_matches('"').chars().filter(|c| !matches!(c, '{' | '}')).collect();
                return Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
                    .filter(|value| !value.is_empty());
            }
            rest = next;
        }
    }

    /// Family and given names.
    fn authors(&self) -> Vec<(String, String)> {
        let names = self.field("author").unwrap_or_default();
        let named = names.split(" and ").map(str::trim).filter(|name| !name.is_empty() && *name != "others");
        named
            .map(|name| {
                match name
                    .split_once(',')
                    .map(|(family, given)| (given, family))
                    .or_else(|| name.rsplit_once(' '))
                {
                    Some((given, family)) => (family.trim().to_owned(), given.trim().to_owned()),
                    None => (name.to_owned(), String::new()),
                }
            })
            .collect()
    }
}

/// Length of the braced group that `text` starts with.
fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    #[test]
    fn a_citation_takes_what_the_readme_tells_and_nothing_else() {
        let readme = "# Nets\n\n```bibtex\n@inproceedings{a2024,\n  title = {Small {N}ets},\n  author={Ana Berg and Diaz, Carl},\n  year = 2024\n}\n```\n";
        let snapshot = Snapshot::from_files([("README.md", readme)]);
        let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
        let text = draft(&facts, &Context { commit: None, today: "2026-01-02" });
        let value: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(value["title"], "Small Nets");
        assert_eq!(value["authors"][0]["family-names"], "Berg");
        assert_eq!(value["authors"][1]["given-names"], "Carl");
        assert_eq!(value["preferred-citation"]["year"], 2024);
        assert!(!text.contains("TODO"), "{text}");
    }

    #[test]
    fn any_words_are_a_title_and_none_are_none() {
        let every: String = ('\u{1}'..='\u{ffff}').chain(['\u{1f600}']).collect();
        assert_eq!(serde_yaml::from_str::<String>(&quoted_yaml(&every)).unwrap(), every);
        for (readme, title) in [("#\n\n# Nets\u{7f}\n", "Nets\u{7f}"), ("#\n", "TODO: the project's name")] {
            let snapshot = Snapshot::from_files([("README.md", readme)]);
            let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
            let text = draft(&facts, &Context { commit: None, today: "2026-01-02" });
            assert_eq!(serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap()["title"], title);
        }
    }
}
