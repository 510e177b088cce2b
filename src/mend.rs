//! The tree as it would be with everything that is offered put in place: ready blocks pasted, lines replaced.
//!
//! It is judged again, so that what a fix promises is what it brings.

use crate::pattern::Pattern;
use crate::rules::Snippet;
use crate::snapshot::{BlobId, Entry, Mode, Snapshot, Text};
use crate::verdict::{Outcome, Status, Verdict};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether an outcome lacks something that is known and not waived.
pub fn is_missing(outcome: &Outcome) -> bool {
    matches!(outcome.status, Status::Partial | Status::Fail)
        || (outcome.status == Status::Unknown && outcome.gain > 1e-9)
}

/// Whether a snippet leaves something for a person to fill in: `<words in angle brackets>`, `...` for a value, `TODO`,
/// or a line that says what to describe; or code whose place in its file only a person can tell.
pub fn is_draft(snippet: &Snippet) -> bool {
    is_code_to_place(snippet) || is_open(&snippet.body)
}

fn is_open(text: &str) -> bool {
    static OPEN: Pattern = Pattern::new(r"(?m)<[a-z][a-z -]*>|= \.\.\.|\bTODO\b|^Describe ");
    OPEN.is_in(text)
}

/// Whether a snippet is put in place as it is: nothing in it is left to fill in, or some of its sections are whole.
pub fn is_offered(snippet: &Snippet) -> bool {
    let is_whole = |(_, text): &(Vec<&str>, String)| !text.is_empty() && !is_open(text);
    !is_draft(snippet)
        || (!is_code_to_place(snippet)
            && is_markdown(snippet)
            && sections(&snippet.body).iter().any(is_whole))
}

fn is_markdown(snippet: &Snippet) -> bool {
    snippet.path.to_ascii_lowercase().ends_with(".md")
}

/// The sections of a Markdown text, each with the headings that it stands under; a `#` in a fence is no heading.
fn sections(body: &str) -> Vec<(Vec<&str>, String)> {
    let mut found: Vec<(Vec<&str>, String)> = vec![(Vec::new(), String::new())];
    let mut fence: Option<&str> = None;
    for line in body.lines() {
        let ticks = line.trim_start();
        let ticks = ticks.get(..ticks.len() - ticks.trim_start_matches('`').len()).unwrap_or_default();
        match fence {
            Some(open) if ticks.len() >= open.len() && line.trim() == ticks => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            _ => {}
        }
        let level = line.len() - line.trim_start_matches('#').len();
        if fence.is_none() && level > 0 && line.get(level..).is_some_and(|rest| rest.starts_with(' ')) {
            let mut path = found.last().map_or_else(Vec::new, |(path, _)| path.clone());
            path.retain(|heading| heading.len() - heading.trim_start_matches('#').len() < level);
            path.push(line.trim_end());
            found.push((path, String::new()));
        } else if let Some((_, text)) = found.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    for (_, text) in &mut found {
        *text = text.trim_matches('\n').to_owned();
    }
    found
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
        && (snippet.is_some_and(is_offered)
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
    for snippet in groups.iter().flat_map(|group| snippets(group)).filter(is_offered) {
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
        mended.left.remove(path.as_str());
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
    let mut merged: Vec<(Snippet, Vec<&str>)> = Vec::new();
    for snippet in outcomes.iter().filter_map(|outcome| outcome.fix.as_ref()?.snippet.as_ref()) {
        match merged.iter_mut().find(|(known, _)| known.path == snippet.path) {
            None => merged.push((snippet.clone(), vec![&snippet.body])),
            Some((known, bodies)) if !known.new_file => bodies.push(&snippet.body),
            Some((known, bodies)) if is_markdown(known) => bodies.push(&snippet.body),
            Some(_) => {}
        }
    }
    merged
        .into_iter()
        .map(|(snippet, bodies)| match bodies.as_slice() {
            [_] => snippet,
            bodies if is_markdown(&snippet) => Snippet { body: joined_sections(bodies), ..snippet },
            bodies => Snippet { body: joined_texts(bodies), ..snippet },
        })
        .collect()
}

/// Texts one below the other, those that others hold left out.
fn joined_texts(bodies: &[&str]) -> String {
    let mut joined: Vec<&str> = Vec::new();
    for body in bodies.iter().map(|body| body.trim_matches('\n')) {
        if !joined.iter().any(|known| known.contains(body)) {
            joined.push(body);
        }
    }
    joined.join("\n\n") + "\n"
}

/// Markdown texts with each heading once, in the order of their first appearance, below the heading that it belongs to.
fn joined_sections(bodies: &[&str]) -> String {
    let mut all: Vec<(Vec<&str>, String)> = Vec::new();
    for (path, text) in bodies.iter().flat_map(|body| sections(body)) {
        if let Some((_, known)) = all.iter_mut().find(|(known, _)| *known == path) {
            if !known.contains(&text) {
                known.push_str(if is_list(known) && is_list(&text) { "\n" } else { "\n\n" });
                known.push_str(&text);
            }
            continue;
        }
        // Behind the last section that shares the most headings with it.
        let shared = |known: &[&str]| known.iter().zip(&path).take_while(|(one, other)| one == other).count();
        let most = all.iter().map(|(known, _)| shared(known)).max().unwrap_or(0);
        let at = all.iter().rposition(|(known, _)| shared(known) == most).map_or(0, |last| last + 1);
        all.insert(if most == 0 { all.len() } else { at }, (path, text));
    }
    let mut out = String::new();
    for (path, text) in all {
        for piece in
            path.last().copied().into_iter().chain(Some(text.as_str())).filter(|piece| !piece.is_empty())
        {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(piece);
            out.push('\n');
        }
    }
    out
}

fn is_list(body: &str) -> bool {
    !body.is_empty() && body.lines().all(|line| line.starts_with("- ") || line.starts_with("  "))
}
