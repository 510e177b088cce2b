//! A visitor can see the model at work without training it.

use super::{few, has_code};
use crate::facts::exports;
use crate::facts::{Facts, foreign};
use crate::rules::{Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Standard, Theme};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/demo",
    standard: Standard::Sharing,
    title: "Demo",
    summary: "A visitor can see the model at work without training it",
    reason: "people try what runs at once, and believe what they have tried",
    theme: Theme::Inference,
    weight: 1.0,
    parts: &[Part {
        id: "runs",
        title: "a hosted notebook, an app, or a script that applies released weights",
        share: 1,
    }],
    options: &[],
    docs: include_str!("demo.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) && facts.readme.is_none() {
        return Judgement::not_applicable("there is neither code nor a README");
    }
    let others = facts.foreign();
    let mut found = exports::demos(facts, others);
    found.sort_by_key(|way| facts.readme.as_ref() != Some(&way.path));
    let evidence = found.iter().map(|way| Evidence::new(&way.path, way.lines, way.what));
    let notebook =
        facts.files.iter().find(|(path, file)| file.notebook.is_some() && !foreign::holds(others, path));
    let fix = found.is_empty().then(|| Fix {
        summary: match notebook {
            Some((path, _)) => format!("Let {path} load released weights and apply them to an example, and link it in {} so that it opens in Colab or Binder", facts.readme_path()),
            None => format!("Add a notebook that loads released weights and applies them to one example, and link it in {} so that it opens in Colab or Binder", facts.readme_path()),
        },
        snippet: None,
    });
    Judgement {
        parts: vec![PartJudgement::from_evidence("runs", few(evidence))],
        looked_at: vec![
            "links to Colab, Binder, Streamlit and Spaces".to_owned(),
            "notebooks and demo scripts".to_owned(),
        ],
        fix,
        ..Judgement::default()
    }
}
