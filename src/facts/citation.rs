//! How the authors want to be cited: CITATION files, BibTeX entries, references that a heading or a sentence asks for.

use super::document::{Document, LineIndex, Lines};
use super::{BlockKind, Facts};
use crate::pattern::Pattern;

/// One place that says how to cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// What it is.
    pub kind: CitationKind,
    /// Where it stands.
    pub path: String,
    /// The lines there.
    pub lines: Lines,
}

/// What says how to cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CitationKind {
    /// A `CITATION.cff` with all that its schema requires.
    CitationFile,
    /// A `CITATION.cff` that lacks something, and what.
    BrokenCitationFile(Vec<&'static str>),
    /// A BibTeX entry with title and authors.
    BibTeX,
    /// A reference with title and authors under a heading or sentence that asks for it.
    Reference,
}

/// Every place of the project that says how to cite it.
pub fn find(facts: &Facts) -> Vec<Citation> {
    let mut found = Vec::new();
    for (path, file) in &facts.files {
        let within = facts.within_project(path);
        if within.contains('/') && !within.starts_with(".github/") {
            continue;
        }
        let name = within.rsplit_once('/').map_or(within, |(_, name)| name).to_ascii_lowercase();
        let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
        if extension == "cff" {
            let missing = missing_in_cff(&file.text);
            let kind = if missing.is_empty() {
                CitationKind::CitationFile
            } else {
                CitationKind::BrokenCitationFile(missing)
            };
            found.push(Citation { kind, path: path.clone(), lines: Lines::at(1) });
        } else if matches!(stem, "citation" | "citing" | "cite" | "citations") {
            let entries = bibtex(&file.text);
            let plain = entries.is_empty() && is_reference(&file.text);
            found.extend(entries.into_iter().map(|lines| Citation {
                kind: CitationKind::BibTeX,
                path: path.clone(),
                lines,
            }));
            if plain {
                found.push(Citation {
                    kind: CitationKind::Reference,
                    path: path.clone(),
                    lines: Lines::at(1),
                });
            }
        }
    }
    // What the README leads to at the root belongs to it: a `CITING.md`, a longer guide.
    let documents = facts
        .guided
        .iter()
        .filter(|path| facts.readme.as_ref() == Some(path) || !facts.within_project(path).contains('/'));
    for path in documents {
        let Some(file) = facts.files.get(path) else { continue };
        let Some(document) = &file.document else { continue };
        found.extend(bibtex(&file.text).into_iter().map(|lines| Citation {
            kind: CitationKind::BibTeX,
            path: path.clone(),
            lines,
        }));
        found.extend(references(document));
    }
    found
}

/// What a `CITATION.cff` lacks of what its schema requires.
pub fn missing_in_cff(text: &str) -> Vec<&'static str> {
    const REQUIRED: [&str; 4] = ["cff-version", "message", "title", "authors"];
    if !crate::yaml::is_bounded(text) {
        return REQUIRED.to_vec();
    }
    let Ok(serde_yaml::Value::Mapping(map)) = serde_yaml::from_str::<serde_yaml::Value>(text) else {
        return REQUIRED.to_vec();
    };
    let filled = |key: &str| match map.get(key) {
        Some(serde_yaml::Value::Sequence(items)) => !items.is_empty(),
        Some(serde_yaml::Value::String(text)) => !text.trim().is_empty(),
        Some(serde_yaml::Value::Number(_)) => true,
        _ => false,
    };
    REQUIRED.into_iter().filter(|key| !filled(key)).collect()
}

/// Lines of the BibTeX entries with title and authors in a text.
pub fn bibtex(text: &str) -> Vec<Lines> {
    const LONGEST: usize = 4000;
    static ENTRY: Pattern = Pattern::text(
        r"(?i)@(?:article|inproceedings|incollection|conference|misc|book|inbook|proceedings|phdthesis|mastersthesis|techreport|unpublished|software|online|manual|thesis|report|dataset)\s*\{",
    );
    static FIELDS: [Pattern; 2] =
        [Pattern::text(r"(?i)\btitle\s*="), Pattern::text(r"(?i)\b(?:author|editor)s?\s*=")];
    let Some(entry) = ENTRY.within(text) else { return Vec::new() };
    let index = LineIndex::new(text);
    let starts: Vec<usize> = entry.find_iter(text).map(|found| found.start()).collect();
    let mut found = Vec::new();
    for (nth, &start) in starts.iter().enumerate() {
        let mut end = starts.get(nth + 1).copied().unwrap_or(text.len()).min(start + LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let body = text.get(start..end).unwrap_or_default();
        let closed = closing_brace(body).map_or(body, |end| body.get(..end).unwrap_or(body));
        if FIELDS.iter().all(|field| field.is_in(closed)) {
            found.push(Lines::new(index.line(start), index.line(start + closed.len().saturating_sub(1))));
        }
    }
    found
}

fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at + 1),
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn references(document: &Document) -> Vec<Citation> {
    static ASKS: Pattern = Pattern::text(
        r"(?i)\b(?:(?:please|kindly|consider|should|to|can|must) (?:also |consider )?(?:cite|citing|reference)|cite (?:as|us|our|the|this|it)\b|how to cite|citing (?:us|our|this|the)|cited as)",
    );
    static TITLE: Pattern = Pattern::text(r"(?i)\b(?:cit(?:e|ing|ation|ations)|bibtex|bibliography)\b");
    let mut found = Vec::new();
    let mut asked: Option<(usize, usize)> = None;
    for (at, block) in document.blocks.iter().enumerate() {
        let headed = document
            .sections
            .get(block.section)
            .is_some_and(|section| section.level > 0 && TITLE.is_in(&section.title));
        let asks_here = !matches!(block.kind, BlockKind::Code { .. }) && ASKS.is_in(&block.text);
        if asks_here {
            asked = Some((at, block.section));
            // "Please cite the above paper": the reference stands before.
            let lower = block.text.to_lowercase();
            if ["above", "aforementioned", "preceding"].iter().any(|word| lower.contains(word)) {
                let before = document.blocks.get(at.saturating_sub(4)..at).unwrap_or_default();
                let kind = CitationKind::Reference;
                found.extend(
                    before
                        .iter()
                        .rfind(|before| before.section == block.section && is_reference(&before.text))
                        .map(|before| Citation { kind, path: document.path.clone(), lines: before.lines }),
                );
            }
        }
        let follows = asked.is_some_and(|(from, section)| section == block.section && at - from <= 4);
        if (headed || follows) && is_reference(&block.text) {
            let kind = CitationKind::Reference;
            found.push(Citation { kind, path: document.path.clone(), lines: block.lines });
        }
    }
    found
}

/// Whether a text reads like a reference: authors, a title, and a year or a place of publication.
fn is_reference(text: &str) -> bool {
    static SIGNS: [Pattern; 4] = [
        Pattern::text(r"\b(?:19|20)\d\d\b"),
        // Two names with a comma or an `and` between, or initials.
        Pattern::text(
            r"(?:\p{Lu}[\p{L}'-]+,? (?:and|&) \p{Lu}|\bet al\b|\p{Lu}[\p{L}'-]+, (?:\p{Lu}\.|\p{Lu}[\p{L}'-]+ \p{Lu})|\b\p{Lu}\. ?\p{Lu}[\p{L}'-]+,|\p{Lu}[\p{L}'-]+ \p{Lu}[\p{L}'-]+, \p{Lu}[\p{L}'.-]+ )",
        ),
        Pattern::text(
            r"(?i)\b(?:proceedings|conference|workshop|journal|transactions|advances in|arxiv|preprint|neurips|nips|icml|iclr|cvpr|iccv|eccv|aaai|aistats|acl|emnlp|naacl|uai|colt|jmlr|nature|science|thesis|zenodo|doi|technical report)\b",
        ),
        // A title: quoted, or many words between two stops.
        Pattern::text(r#"["“«][^"”»]{15,}["”»]|[.,:)]\s+\p{Lu}[^.\n]{24,}[.,]|^[^.\n]{30,}$"#),
    ];
    const LONGEST: usize = 3000;
    let [year, authors, place, title] = &SIGNS;
    text.len() < LONGEST
        && text.len() > 40
        && authors.is_in(text)
        && title.is_in(text)
        && (year.is_in(text) || place.is_in(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_file_needs_what_its_schema_requires() {
        let whole = "cff-version: 1.2.0\nmessage: Please cite\ntitle: Moss\nauthors:\n  - name: Ana\n";
        assert!(missing_in_cff(whole).is_empty());
        assert_eq!(missing_in_cff("cff-version: 1.2.0\nmessage: x\ntitle: Moss\nauthors: []\n"), ["authors"]);
        assert_eq!(missing_in_cff(": [").len(), 4);
        let bomb = format!("authors: &a [{}]\ntitle: [{}]\n", "1,".repeat(20_000), "*a,".repeat(20_000));
        assert_eq!(missing_in_cff(&bomb).len(), 4);
    }

    #[test]
    fn bibtex_entries_have_title_and_authors() {
        let text = "x\n```\n@inproceedings{a,\n title={B {c}},\n author = {D}\n}\n```\n@misc{b, url={x}}\n";
        assert_eq!(bibtex(text), [Lines::new(3, 6)]);
    }

    #[test]
    fn references_read_like_references() {
        assert!(is_reference(
            "Ana Moss and Bo Fern. Learning to count leaves with little light. In ICML, 2021."
        ));
        assert!(is_reference("Moss, A., Fern, B.: \"Learning to count leaves\". arXiv preprint, 2020"));
        assert!(!is_reference("If you use this code, please cite our paper."));
        assert!(!is_reference("The paper: https://arxiv.org/abs/2001.00001"));
    }
}
