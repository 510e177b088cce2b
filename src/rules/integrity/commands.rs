//! Does every documented command name something that exists?

use super::replacement::{line_that, replacement};
use crate::facts::targets::{Kind, Missing, Target, Targets};
use crate::facts::{Command, Facts, Lines};
use crate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Rule, Standard, Theme,
};
use std::collections::BTreeSet;

/// The rule; its source is this project.
pub(super) static RULE: Rule = Rule {
    id: "integrity/commands",
    standard: Standard::Integrity,
    title: "Documented commands exist",
    summary: "Commands in the documents name scripts, modules, make targets and configurations that exist",
    reason: "a command that names a file which is not there stops a reader at the first step",
    theme: Theme::Training,
    weight: 3.0,
    parts: &[Part { id: "targets", title: "commands that name what exists", share: 1 }],
    options: &[],
    docs: include_str!("commands.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let targets = Targets::new(facts);
    let mut evidence = Vec::new();
    let mut shown = BTreeSet::new();
    let mut findings: Vec<Finding> = Vec::new();
    let mut documents = BTreeSet::new();
    let mut told: BTreeSet<(String, u32, String)> = BTreeSet::new();
    for command in facts.commands().iter().filter(|command| super::is_own(facts, &command.document)) {
        let mut good = false;
        for target in targets.of(command) {
            match target {
                Target::There => good = true,
                Target::Untold => {}
                Target::Missing(missing) => {
                    if told.insert((command.document.clone(), command.lines.first, missing.written.clone())) {
                        findings.push(finding(facts, command, missing));
                    }
                }
            }
        }
        if good {
            let place = Evidence::new(&command.document, command.lines, shorten(&command.text));
            if shown.insert(place.clone()) {
                evidence.push(place);
            }
        }
        documents.insert(command.document.clone());
    }
    if evidence.is_empty() && findings.is_empty() {
        return Judgement::not_applicable("no document has a command that runs something of this repository");
    }
    let checked = evidence.len() + findings.len();
    let met = if findings.is_empty() { Met::Yes } else { Met::No };
    Judgement {
        not_applicable: None,
        parts: vec![PartJudgement {
            id: "targets",
            met,
            credit: evidence.len() as f64 / checked as f64,
            evidence,
        }],
        looked_at: documents.into_iter().collect(),
        fix: fix(&findings),
        findings,
    }
}

fn fix(findings: &[Finding]) -> Option<Fix> {
    let first = findings.first()?;
    let more = match findings.len() {
        1 => String::new(),
        2 => ", and one more".to_owned(),
        count => format!(", and {} more", count - 1),
    };
    let name = first.key.split_once(' ').map_or(first.key.as_str(), |(_, name)| name);
    Some(Fix { summary: format!("Mend or remove {name} in {}{more}", first.place.path), snippet: None })
}

fn finding(facts: &Facts, command: &Command, missing: Missing) -> Finding {
    let Missing { written, kind, nearest, instead } = missing;
    let is_elsewhere = kind == Kind::Script && command.script.is_some();
    let near = match &nearest {
        Some(near) if is_elsewhere => format!("; it is {}", near.name),
        Some(near) if kind == Kind::MakeTarget => format!("; the nearest is `{}`", near.name),
        Some(near) => format!("; the nearest file is {}", near.name),
        None => String::new(),
    };
    let message = match kind {
        Kind::MakeTarget => format!(
            "{} runs `make {written}`, and {} has no such target{near}",
            command.document,
            command.script.as_deref().unwrap_or("the makefile")
        ),
        Kind::Module => {
            format!("{} runs the module `{written}`, which is not in the repository{near}", command.document)
        }
        Kind::Script if is_elsewhere => format!(
            "{} runs `{written}`, which is not in {}{near}",
            command.document,
            command.folder.as_deref().filter(|folder| !folder.is_empty()).unwrap_or("the repository's root")
        ),
        Kind::Script => {
            format!("{} runs `{written}`, which is not in the repository{near}", command.document)
        }
        Kind::File => {
            format!("{} passes `{written}`, which is not in the repository{near}", command.document)
        }
    };
    let mended = nearest
        .filter(|near| near.is_meant)
        .and(instead)
        .and_then(|instead| replacement(facts, &command.document, command.lines, &written, &instead));
    let line = mended.as_ref().map_or_else(
        || line_that(facts, &command.document, command.lines, |line| line.contains(&written)),
        |found| found.line,
    );
    Finding {
        place: Evidence::new(&command.document, Lines::at(line), format!("names `{written}`")),
        message,
        key: format!("{} {written}", name_of(kind)),
        replacement: mended,
    }
}

/// What waivers and comparisons call it.
fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Script => "script",
        Kind::Module => "module",
        Kind::MakeTarget => "target",
        Kind::File => "file",
    }
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}
