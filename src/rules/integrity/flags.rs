//! Does every script take the flags that the documents pass to it?

use super::replacement::{line_that, replacement};
use crate::facts::commands::is_placeholder;
use crate::facts::nearest::Search;
use crate::facts::{Command, DeclaredFlags, Facts, Lines};
use crate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Rule, Standard, Theme,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rule; its source is this project.
pub(super) static RULE: Rule = Rule {
    id: "integrity/flags",
    standard: Standard::Integrity,
    title: "Documented flags exist",
    summary: "Flags in documented commands are declared by the script that they are passed to",
    reason: "a flag that the script does not know stops it, or is dropped without a word",
    theme: Theme::Training,
    weight: 2.0,
    parts: &[Part { id: "declared", title: "flags that the scripts declare", share: 1 }],
    options: &[],
    docs: include_str!("flags.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let mut scripts: BTreeMap<&str, Arc<DeclaredFlags>> = BTreeMap::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut shown: BTreeSet<Evidence> = BTreeSet::new();
    let mut findings: Vec<Finding> = Vec::new();
    let mut told: BTreeSet<(String, u32, String)> = BTreeSet::new();
    let mut good = 0usize;
    let search = Search::new(&facts.tree);
    let commands = facts.commands().iter().filter(|command| super::is_own(facts, &command.document));
    for command in commands {
        let Some(script) = command.script.as_deref() else { continue };
        if !command.flags_are_scripts || !script.ends_with(".py") || command.folder.is_none() {
            continue;
        }
        let flags: Vec<&str> =
            command.flags.iter().map(|flag| flag.name.as_str()).filter(|name| is_written_out(name)).collect();
        if flags.is_empty() {
            continue;
        }
        let declared = scripts.entry(script).or_insert_with(|| facts.flags_of(script));
        if declared.open.is_some() {
            continue;
        }
        let mut all_known = true;
        for flag in flags {
            if declared.accepts(flag) {
                good += 1;
                continue;
            }
            all_known = false;
            if told.insert((command.document.clone(), command.lines.first, flag.to_owned())) {
                findings.push(finding(facts, &search, command, script, flag, declared));
            }
        }
        if all_known {
            let place = Evidence::new(
                &command.document,
                command.lines,
                format!("every flag is declared by {script}"),
            );
            if shown.insert(place.clone()) {
                evidence.push(place);
            }
        }
    }
    if good == 0 && findings.is_empty() {
        return Judgement::not_applicable("no document passes flags to a script whose flags can be read");
    }
    let met = if findings.is_empty() { Met::Yes } else { Met::No };
    let credit = good as f64 / (good + findings.len()) as f64;
    let fix = findings.first().map(|first| {
        let more =
            if findings.len() > 1 { format!(", and {} more", findings.len() - 1) } else { String::new() };
        let flag = first.key.split_once(' ').map_or(first.key.as_str(), |(_, flag)| flag);
        Fix {
            summary: format!("Mend or remove {flag} in {}, or declare it{more}", first.place.path),
            snippet: None,
        }
    });
    Judgement {
        not_applicable: None,
        parts: vec![PartJudgement { id: "declared", met, credit, evidence }],
        looked_at: scripts.into_keys().map(str::to_owned).collect(),
        findings,
        fix,
    }
}

/// Whether a flag is meant as it is written: no placeholder, no synopsis.
fn is_written_out(flag: &str) -> bool {
    let name = flag.trim_start_matches('-');
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && (name.len() == 1 || !is_placeholder(&name.to_ascii_lowercase()))
}

fn finding(
    facts: &Facts,
    search: &Search<'_>,
    command: &Command,
    script: &str,
    flag: &str,
    declared: &DeclaredFlags,
) -> Finding {
    let nearest = search.name(flag, declared.names().filter(|name| name.len() > 2 || flag.len() <= 2));
    let near = match &nearest {
        Some(near) => format!("; the nearest is `{}`", near.name),
        None if declared.flags.is_empty() => "; it declares none".to_owned(),
        None => String::new(),
    };
    let message =
        format!("{} passes `{flag}` to {script}, which does not declare it{near}", command.document);
    let mended = nearest
        .filter(|near| near.is_meant && flag.len() > 3)
        .and_then(|near| replacement(facts, &command.document, command.lines, flag, &near.name));
    let passes = |line: &str| line.split([' ', '\t', '=', '`', '"', '\\']).any(|word| word == flag);
    let line = line_that(facts, &command.document, command.lines, passes);
    Finding {
        place: Evidence::new(&command.document, Lines::at(line), format!("passes `{flag}`")),
        message,
        key: format!("{script} {flag}"),
        replacement: mended,
    }
}
