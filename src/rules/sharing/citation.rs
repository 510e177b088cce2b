//! How to cite the work.

use super::{few, title};
use crate::facts::Facts;
use crate::facts::citation::{self, CitationKind};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/citation",
    standard: Standard::Sharing,
    title: "How to cite",
    summary: "The README or a CITATION file says how to cite the work, with title and authors",
    reason: "people cite what they can copy, and a bare link names neither title nor authors",
    theme: Theme::Sharing,
    weight: 1.0,
    parts: &[
        Part { id: "stated", title: "a reference with title and authors", share: 3 },
        Part { id: "machine-readable", title: "a valid CITATION.cff or a BibTeX entry", share: 1 },
    ],
    options: &[],
    docs: include_str!("citation.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let found = citation::find(facts);
    let says = |kind: &CitationKind| match kind {
        CitationKind::BrokenCitationFile(missing) => {
            !missing.contains(&"title") && !missing.contains(&"authors")
        }
        _ => true,
    };
    let note = |kind: &CitationKind| match kind {
        CitationKind::CitationFile => "a citation file".to_owned(),
        CitationKind::BrokenCitationFile(missing) => format!("lacks {}", missing.join(", ")),
        CitationKind::BibTeX => "a BibTeX entry".to_owned(),
        CitationKind::Reference => "a reference".to_owned(),
    };
    let evidence = |wanted: &dyn Fn(&CitationKind) -> bool| {
        few(found
            .iter()
            .filter(|citation| wanted(&citation.kind))
            .map(|citation| Evidence::new(&citation.path, citation.lines, note(&citation.kind))))
    };
    let stated = evidence(&says);
    let machine = evidence(&|kind| matches!(kind, CitationKind::CitationFile | CitationKind::BibTeX));
    let broken = found.iter().find_map(|citation| match &citation.kind {
        CitationKind::BrokenCitationFile(missing) => Some((citation, missing)),
        _ => None,
    });
    let fix = if let (Some((citation, missing)), true) = (broken, machine.is_empty()) {
        let lines = missing.iter().map(|key| match *key {
            "cff-version" => "cff-version: 1.2.0".to_owned(),
            "message" => "message: If you use this work, please cite it as below.".to_owned(),
            "title" => format!("title: {}", quoted(&title(facts))),
            _ => "authors:\n  - name: <authors>".to_owned(),
        });
        let body = lines.collect::<Vec<_>>().join("\n") + "\n";
        Some(Fix {
            summary: format!("{} lacks {}, which its schema requires", citation.path, missing.join(" and ")),
            snippet: Some(Snippet { path: citation.path.clone(), body, new_file: false }),
        })
    } else if machine.is_empty() {
        let body = format!(
            "cff-version: 1.2.0\nmessage: If you use this work, please cite it as below.\ntitle: {}\nauthors:\n  - family-names: <family name>\n    given-names: <given name>\n",
            quoted(&title(facts))
        );
        let summary = if stated.is_empty() {
            format!(
                "Say how to cite the work: a CITATION.cff (GitHub shows it beside the code) or a BibTeX entry in {}",
                facts.readme_path()
            )
        } else {
            "Give the reference as a CITATION.cff or a BibTeX entry too, so that it can be copied".to_owned()
        };
        Some(Fix {
            summary,
            snippet: Some(Snippet { path: facts.at_root("CITATION.cff"), body, new_file: true }),
        })
    } else {
        None
    };
    Judgement {
        parts: vec![
            PartJudgement::from_evidence("stated", stated),
            PartJudgement::from_evidence("machine-readable", machine),
        ],
        looked_at: vec!["CITATION files".to_owned(), facts.readme_path()],
        fix,
        ..Judgement::default()
    }
}

/// A text as a YAML scalar.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace(['\\', '"'], " ").trim())
}
