//! Documents show the main results and say what makes them.

use crate::facts::results::{self, Form};
use crate::facts::{Facts, Lines};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the ML Code Completeness Checklist, item 5.
pub(super) static RULE: Rule = Rule {
    id: "checklist/results",
    standard: Standard::Checklist,
    title: "Results",
    summary: "Documents show the main results as a table, a figure or numbers, and say which command makes them",
    reason: "a reader who cannot see what to expect cannot tell whether they reproduced it",
    theme: Theme::Evaluation,
    weight: 10.0,
    parts: &[
        Part { id: "shown-and-reproducible", title: "results, and what makes them", share: 7 },
        Part { id: "leaderboard-or-paper", title: "a link to the paper or a leaderboard", share: 3 },
    ],
    options: &[],
    docs: include_str!("results.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    const MOST: usize = 3;
    let results::Told { shown, makers } = results::told(facts);
    let mut evidence: Vec<Evidence> = Vec::new();
    if !shown.is_empty() && !makers.is_empty() {
        let note = |form: Form| match form {
            Form::Table => "a table of results",
            Form::Figure => "a figure of results",
            Form::Numbers => "numbers",
            Form::Notebook => "a notebook with its outputs",
        };
        evidence.extend(
            shown
                .iter()
                .take(MOST)
                .map(|shown| Evidence::new(shown.path.as_str(), shown.lines, note(shown.form))),
        );
        evidence.extend(
            makers
                .iter()
                .take(MOST)
                .map(|maker| Evidence::new(maker.path.as_str(), maker.lines, "what makes them")),
        );
    }
    let links = papers(facts);
    let fix = fix(facts, &shown, &makers);
    let parts = vec![
        PartJudgement::from_evidence("shown-and-reproducible", evidence),
        PartJudgement::from_evidence("leaderboard-or-paper", links),
    ];
    let is_whole = parts.iter().all(|part| !part.evidence.is_empty());
    Judgement {
        parts,
        looked_at: match facts.guided.is_empty() {
            true => vec!["README files, of which there is none".to_owned()],
            false => facts
                .guided
                .iter()
                .take(6)
                .map(|path| format!("tables, figures and numbers of {path}"))
                .collect(),
        },
        fix: fix.filter(|_| !is_whole),
        ..Judgement::default()
    }
}

/// Where papers and their rankings live. Papers with Code closed in 2025: a link to it still says which paper is meant.
const PAPERS: &[(&str, &str)] = &[
    ("paperswithcode.com", "Papers with Code, which closed in 2025"),
    ("codalab", "a leaderboard on CodaLab"),
    ("eval.ai", "a leaderboard on EvalAI"),
    ("evalai", "a leaderboard on EvalAI"),
    ("leaderboard", "a leaderboard"),
    ("arxiv.org", "the paper"),
    ("openreview.net", "the paper"),
    ("papers.nips.cc", "the paper"),
    ("papers.neurips.cc", "the paper"),
    ("proceedings.", "the paper"),
    ("openaccess.thecvf.com", "the paper"),
    ("aclanthology.org", "the paper"),
    ("aclweb.org", "the paper"),
    ("doi.org", "the paper"),
    ("biorxiv.org", "the paper"),
    ("jmlr.org", "the paper"),
    ("hal.", "the paper"),
    ("ieeexplore.ieee.org", "the paper"),
    ("dl.acm.org", "the paper"),
    ("link.springer.com", "the paper"),
    ("huggingface.co/papers", "the paper"),
    (".pdf", "the paper"),
];

fn papers(facts: &Facts) -> Vec<Evidence> {
    let mut found = Vec::new();
    for document in facts.guided.iter().filter_map(|path| facts.document(path)) {
        for link in document.links.iter() {
            let target = link.target.to_ascii_lowercase();
            if let Some((_, note)) = PAPERS.iter().find(|(piece, _)| target.contains(piece)) {
                found.push(Evidence::new(document.path.as_str(), Lines::at(link.line), *note));
            }
        }
    }
    found.truncate(2);
    found
}

fn fix(facts: &Facts, shown: &[results::Shown], makers: &[results::Maker]) -> Option<Fix> {
    let readme = facts.readme_path();
    let summary = match (shown.first(), makers.first()) {
        (Some(shown), None) => {
            let what = match shown.form {
                Form::Table => "The results table",
                Form::Figure => "The figure of results",
                Form::Numbers => "The numbers",
                Form::Notebook => "The notebook",
            };
            return Some(Fix {
                summary: format!(
                    "{what} at {}:{} has no command that makes it: name the script under it",
                    shown.path, shown.lines.first
                ),
                snippet: None,
            });
        }
        (None, Some(maker)) => {
            format!("Show in {readme} the main results, beside `{}` that makes them", shorten(&maker.what))
        }
        (None, None) => {
            format!("Show in {readme} the main results as a table, and name the command that makes them")
        }
        (Some(_), Some(_)) => {
            return Some(Fix {
                summary: format!("Link in {readme} to the paper, or to a leaderboard with the results"),
                snippet: None,
            });
        }
    };
    let command = makers
        .first()
        .map_or_else(|| "TODO: the command that makes these numbers".to_owned(), |maker| maker.what.clone());
    let body = format!(
        "## Results\n\n| model | data | metric |\n|---|---|---|\n| TODO | TODO | TODO |\n\n```bash\n{command}\n```\n"
    );
    Some(Fix { summary, snippet: Some(Snippet { path: readme, body, new_file: facts.readme.is_none() }) })
}

fn shorten(text: &str) -> String {
    const SHOWN: usize = 60;
    let line = text.lines().next().unwrap_or_default().trim_end_matches(['\\', ' ']).replace('`', "'");
    if line.chars().count() <= SHOWN {
        return line;
    }
    // Cut between words: half a flag would look like one.
    let kept: String = line.chars().take(SHOWN).collect();
    format!("{} …", kept.rsplit_once(' ').map_or(kept.as_str(), |(whole, _)| whole.trim_end()))
}
