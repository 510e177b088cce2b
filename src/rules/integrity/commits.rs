//! Is every pinned commit part of this repository's history?

use crate::facts::links::{Ancestry, Pin};
use crate::facts::{Facts, Lines};
use crate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Rule, Standard, Theme,
};

/// The rule; its source is this project.
pub(super) static RULE: Rule = Rule {
    id: "integrity/commits",
    standard: Standard::Integrity,
    title: "Pinned commits exist",
    summary: "Commits that a document pins exist and are reachable from a branch or a tag",
    reason: "a commit that was rebased away, or that only a fork has, cannot be checked out by anybody else",
    theme: Theme::Training,
    weight: 1.0,
    parts: &[Part { id: "reachable", title: "pinned commits that are reachable", share: 1 }],
    options: &[],
    docs: include_str!("commits.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let pins = facts.pins();
    if pins.is_empty() {
        return Judgement::not_applicable("no document pins a commit");
    }
    let answered: Vec<(&Pin, &Ancestry)> = pins
        .iter()
        .filter_map(|pin| Some((pin, facts.answers.commits.get(&pin.commit)?)))
        .filter(|(_, answer)| **answer != Ancestry::Elsewhere)
        .collect();
    if answered.is_empty() {
        return Judgement::not_applicable(match facts.answers.commits.is_empty() {
            true => "the pinned commits were not looked up: that needs the git repository, or --online",
            false => "no document pins a commit of this repository",
        });
    }
    let (mut evidence, mut findings, mut unknown) = (Vec::new(), Vec::new(), None);
    for (pin, answer) in &answered {
        let shown: String = pin.commit.id.chars().take(12).collect();
        let place = |note: &str| Evidence::new(&pin.document, Lines::at(pin.line), note);
        let wrong = match answer {
            Ancestry::Reachable => {
                evidence.push(place("reachable"));
                continue;
            }
            Ancestry::Unknown(why) => {
                unknown.get_or_insert_with(|| why.clone());
                continue;
            }
            Ancestry::Elsewhere => continue,
            Ancestry::Missing => ("is not a commit of this repository", "there is no such commit"),
            Ancestry::Unreachable => {
                ("exists, and no branch or tag leads to it", "no branch or tag leads to it")
            }
        };
        findings.push(Finding {
            place: place(wrong.1),
            message: format!("{} pins commit {shown}, which {}", pin.document, wrong.0),
            key: pin.commit.id.clone(),
            replacement: None,
        });
    }
    let checked = evidence.len() + findings.len();
    let met = match (findings.is_empty(), unknown) {
        (false, _) => Met::No,
        (true, Some(why)) => Met::Unknown(why),
        (true, None) => Met::Yes,
    };
    let fix = findings.first().map(|first| Fix {
        summary: format!(
            "Pin a commit that a branch or tag of this repository leads to in {}:{}, or push a tag for {}",
            first.place.path,
            first.place.line,
            first.key.get(..7).unwrap_or(&first.key)
        ),
        snippet: None,
    });
    Judgement {
        not_applicable: None,
        parts: vec![PartJudgement {
            id: "reachable",
            met,
            credit: evidence.len() as f64 / checked.max(1) as f64,
            evidence,
        }],
        looked_at: answered.iter().map(|(pin, _)| format!("{}:{}", pin.document, pin.line)).collect(),
        findings,
        fix,
    }
}
