//! The tree as it would be with everything that is offered put in place: ready blocks pasted, lines replaced.
//!
//! It is judged again, so that what a fix promises is what it brings.

use crate::rules::Snippet;
use crate::snapshot::{BlobId, Entry, Mode, Snapshot, Text};
use crate::verdict::{Outcome, Status, Verdict};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Whether an outcome lacks something that is known and not waived.
pub fn is_missing(outcome: &Outcome) -> bool {
    matches!(outcome.status, Status::Partial | Status::Fail)
        || (outcome.status == Status::Unknown && outcome.gain > 1e-9)
}

/// Whether a snippet leaves something for a person to fill in: `<words in angle brackets>`, `...` for a value, `TODO`,
/// or a line that says what to describe; or code whose place in its file only a person can tell.
pub fn is_draft(snippet: &Snippet) -> bool {
    static OPEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)<[a-z][a-z -]*>|= \.\.\.|\bTODO\b|^Describe ").ok());
    is_code_to_place(snippet) || OPEN.as_ref().is_some_and(|open| open.is_match(&snippet.body))
}

/// Whether a snippet is code for a script that exists: at its end it would come too late.
pub fn is_code_to_place(snippet: &Snippet) -> bool {
    let extension = snippet.path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_text = ["md", "rst", "txt", "cfg", "toml", "yml", "yaml", "cff", ""].contains(&extension);
    !snippet.new_file && !is_text
}

/// What is put in place together: an outcome of the project by itself, or all that one recipe lacks.
pub fn groups(verdict: &Verdict) -> Vec<Vec<&Outcome>> {
    let alone = verdict.outcomes.iter().filter(|outcome| is_missing(outcome)).map(|outcome| vec![outcome]);
    let recipes = verdict
        .recipes
        .iter()
        .map(|recipe| recipe.outcomes.iter().filter(|outcome| is_missing(outcome)).collect());
    alone.chain(recipes).filter(|group: &Vec<_>| !group.is_empty()).collect()
}

/// Whether the outcome offers something that can be put in place as it is.
pub fn offers(outcome: &Outcome) -> bool {
    let snippet = outcome.fix.as_ref().and_then(|fix| fix.snippet.as_ref());
    is_missing(outcome)
        && (snippet.is_some_and(|snippet| !is_draft(snippet))
            || outcome.findings.iter().any(|finding| finding.finding.replacement.is_some()))
}

/// `snapshot` with all that `verdicts` offer put in place; `None` where nothing is offered.
///
/// Lines are replaced, then blocks are pasted at the end of their file. A line is replaced once, and a new file is not
/// written over another.
pub fn apply(snapshot: &Snapshot, verdicts: &[Verdict]) -> Option<Snapshot> {
    let groups: Vec<Vec<&Outcome>> = verdicts.iter().flat_map(groups).collect();
    let mut lines: BTreeMap<&str, BTreeMap<u32, &str>> = BTreeMap::new();
    for finding in groups.iter().flatten().flat_map(|outcome| &outcome.findings) {
        if let Some(replacement) = &finding.finding.replacement {
            let of_file = lines.entry(&finding.finding.place.path).or_default();
            of_file.entry(replacement.line).or_insert(&replacement.text);
        }
    }
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (path, lines) in lines {
        let Some(text) = snapshot.text(path) else { continue };
        let mended: String = text
            .split_inclusive('\n')
            .zip(1_u32..)
            .flat_map(|(line, number)| match lines.get(&number) {
                Some(new) => [*new, line.get(line.trim_end_matches(['\r', '\n']).len()..).unwrap_or("\n")],
                None => [line, ""],
            })
            .collect();
        texts.insert(path.to_owned(), mended);
    }
    for snippet in groups.iter().flat_map(|group| snippets(group)).filter(|snippet| !is_draft(snippet)) {
        let known = texts.get(&snippet.path).cloned();
        let known = known.or_else(|| snapshot.text(&snippet.path).map(|text| text.to_string()));
        match known {
            Some(text) if !snippet.new_file => {
                texts.insert(snippet.path, format!("{}\n\n{}", text.trim_end_matches('\n'), snippet.body));
            }
            None if snapshot.entry(&snippet.path).is_none() => {
                texts.insert(snippet.path, snippet.body);
            }
            _ => {}
        }
    }
    (!texts.is_empty()).then(|| with_texts(snapshot, texts))
}

fn with_texts(snapshot: &Snapshot, texts: BTreeMap<String, String>) -> Snapshot {
    let mut mended = snapshot.clone();
    let mut entries: Vec<Entry> =
        snapshot.entries.iter().filter(|entry| !texts.contains_key(&*entry.path)).cloned().collect();
    for (path, text) in texts {
        let id = BlobId::new(format!("mended:{path}"));
        let mode = snapshot.entry(&path).map_or(Mode::File, |entry| entry.mode);
        entries.push(Entry { path: Arc::from(path), size: Some(text.len() as u64), mode, id: id.clone() });
        mended.texts.insert(id, Text::Read(Arc::from(text)));
    }
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    mended.entries = Arc::new(entries);
    mended
}

/// Writes into `verdict` what `mended`, the verdict on the mended tree, brings.
pub fn promise(verdict: &mut Verdict, mended: &Verdict) {
    let brings = |now: &Outcome, outcomes: &[Outcome]| {
        let after = outcomes.iter().find(|after| after.rule.id == now.rule.id);
        let more = after.map_or(0.0, |after| mended.contribution(after)) - verdict.contribution(now);
        offers(now).then_some(more)
    };
    let whole: Vec<Option<f64>> = verdict.outcomes.iter().map(|now| brings(now, &mended.outcomes)).collect();
    let recipes: Vec<Vec<Option<f64>>> = verdict
        .recipes
        .iter()
        .map(|recipe| {
            let after = mended.recipes.iter().find(|after| after.path == recipe.path);
            let after = after.map_or(&[][..], |after| &after.outcomes);
            recipe.outcomes.iter().map(|now| brings(now, after)).collect()
        })
        .collect();
    verdict.score_as_is = Some(mended.score);
    for (outcome, gain) in verdict.outcomes.iter_mut().zip(whole) {
        outcome.gain_as_is = gain;
    }
    for (recipe, gains) in verdict.recipes.iter_mut().zip(recipes) {
        for (outcome, gain) in recipe.outcomes.iter_mut().zip(gains) {
            outcome.gain_as_is = gain;
        }
    }
}

/// What the fixes of `outcomes` offer to paste, those of one file joined; sections under the same heading become one.
pub fn snippets(outcomes: &[&Outcome]) -> Vec<Snippet> {
    let mut merged: Vec<(Snippet, Vec<(String, String)>)> = Vec::new();
    for snippet in outcomes.iter().filter_map(|outcome| outcome.fix.as_ref()?.snippet.as_ref()) {
        let (heading, rest) = match snippet.body.trim_start_matches('\n').split_once('\n') {
            Some((first, rest)) if first.starts_with('#') => (first.trim_end(), rest),
            _ => ("", snippet.body.as_str()),
        };
        let rest = rest.trim_matches('\n');
        let position = merged.iter().position(|(known, _)| known.path == snippet.path);
        let Some((_, sections)) = position.and_then(|position| merged.get_mut(position)) else {
            merged.push((snippet.clone(), vec![(heading.to_owned(), rest.to_owned())]));
            continue;
        };
        if snippet.new_file {
            continue;
        }
        if sections.iter().any(|(_, body)| body.contains(rest)) {
            continue;
        }
        match sections.iter_mut().find(|(known, _)| !heading.is_empty() && known == heading) {
            Some((_, body)) => {
                body.push_str(if is_list(body) && is_list(rest) { "\n" } else { "\n\n" });
                body.push_str(rest);
            }
            None => sections.push((heading.to_owned(), rest.to_owned())),
        }
    }
    merged
        .into_iter()
        .map(|(snippet, sections)| {
            if outcomes.len() == 1 {
                return snippet;
            }
            let mut body = String::new();
            for (heading, rest) in sections {
                if !body.is_empty() {
                    body.push('\n');
                }
                if !heading.is_empty() {
                    body.push_str(&heading);
                    body.push_str("\n\n");
                }
                body.push_str(rest.trim_start_matches('\n'));
                body.push('\n');
            }
            Snippet { body, ..snippet }
        })
        .collect()
}

fn is_list(body: &str) -> bool {
    body.lines().all(|line| line.starts_with("- ") || line.starts_with("  "))
}
