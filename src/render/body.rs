//! The Markdown that the comment, the job summary and the Markdown report share.

use super::text::{self, code, fence, prose, signed};
use super::view::{self, Action, Changed, DOCS, HALF_A_STEP};
use crate::report::Report;
use crate::rules::{Evidence, Snippet};
use crate::verdict::{Change, Decision, Outcome, Status, Verdict};
use std::fmt::Write as _;

/// Things to do that come first.
const FIRST: usize = 5;
/// Characters of a path that are shown.
const PATH: usize = 100;

/// How the folded list of what is missing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// With blocks to paste.
    Blocks,
    /// One sentence each.
    Sentences,
    /// How many there are.
    Count,
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Detail {
    /// Places shown for each part that is met.
    pub(super) evidence: usize,
    /// What is said of what is missing.
    pub(super) missing: Missing,
    /// Whether what is met is listed.
    pub(super) met: bool,
    /// Entries of each folded list.
    pub(super) entries: usize,
    /// Entries of what was introduced, and of what was fixed.
    pub(super) changes: usize,
    /// Bytes of a block to paste; a longer one is left out.
    pub(super) snippet_bytes: usize,
    /// Projects and recipes in the table.
    pub(super) projects: usize,
    /// Characters of one message.
    pub(super) characters: usize,
}

impl Detail {
    /// Everything that a person would read.
    pub(super) const WHOLE: Self = Self {
        evidence: 3,
        missing: Missing::Blocks,
        met: true,
        entries: usize::MAX,
        changes: usize::MAX,
        snippet_bytes: 20_000,
        projects: usize::MAX,
        characters: 600,
    };
}

/// One of the three faces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    /// What is said, the next where it does not fit.
    pub(super) details: &'static [Detail],
    /// Most bytes.
    pub(super) most_bytes: usize,
    /// Where the rest is.
    pub(super) whole_in: Option<&'static str>,
    /// Whether lists are folded.
    pub(super) folds: bool,
}

/// Writes the report in the most detail that fits.
pub(super) fn render(report: &Report, face: &Face) -> String {
    let mut body = String::new();
    for (index, detail) in face.details.iter().enumerate() {
        body = Writer { report, face, detail, cut: index > 0, actions: view::actions(report) }.write();
        if body.len() <= face.most_bytes {
            return body;
        }
    }
    // The last detail is bounded; this is for the reader of the code.
    let mut end = face.most_bytes.min(body.len());
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    body.truncate(body.get(..end).and_then(|kept| kept.rfind("\n\n")).unwrap_or(0));
    body.push('\n');
    body
}

struct Writer<'report> {
    report: &'report Report,
    face: &'report Face,
    detail: &'report Detail,
    cut: bool,
    actions: Vec<Action<'report>>,
}

impl Writer<'_> {
    fn write(&self) -> String {
        let mut out = format!("## Reproducibility: {}\n\n", view::headline(self.report));
        self.gate(&mut out);
        self.changes(&mut out);
        self.policy(&mut out);
        self.first(&mut out);
        self.standards(&mut out);
        self.missing(&mut out);
        self.met(&mut out);
        self.unknown(&mut out);
        self.waivers(&mut out);
        self.rank(&mut out);
        if let (true, Some(where_)) = (self.cut, self.face.whole_in) {
            let _ = writeln!(out, "This is shortened; {where_}.\n");
        }
        self.last_line(&mut out);
        out
    }

    fn prose(&self, message: &str) -> String {
        prose(message, self.detail.characters)
    }

    fn several(&self) -> bool {
        self.report.verdicts.len() > 1
    }

    /// Which project and recipe an entry is about, where that is not plain.
    fn about(&self, project: &Verdict, recipe: Option<&str>) -> String {
        let mut about = String::new();
        if self.several() {
            about = format!("{}: ", code(&text::path(view::project_name(project), PATH), PATH));
        }
        if let Some(recipe) = recipe
            && project.recipes.len() > 1
        {
            let _ = write!(about, "{}: ", code(&text::path(recipe, PATH), PATH));
        }
        about
    }

    /// A place as a link to its lines at `blob_url`, or as its name where there is nowhere to link to.
    fn place_at(&self, blob_url: Option<&str>, place: &Evidence) -> String {
        let lines = match (place.line, place.end_line) {
            (0, _) => String::new(),
            (line, end) if end > line => format!(":{line}-{end}"),
            (line, _) => format!(":{line}"),
        };
        let label = code(&format!("{}{lines}", text::path(&place.path, PATH)), PATH + 30);
        match blob_url.and_then(|url| text::permalink(url, &place.path, place.line, place.end_line)) {
            Some(address) => format!("[{label}]({address})"),
            None => label,
        }
    }

    fn place(&self, place: &Evidence) -> String {
        self.place_at(self.report.target.blob_url.as_deref(), place)
    }

    /// Where the base's files can be seen.
    fn base_url(&self) -> Option<String> {
        let target = &self.report.target;
        let at_head = target.blob_url.as_deref()?;
        Some(format!("{}{}", at_head.strip_suffix(target.head.as_deref()?)?, target.base.as_deref()?))
    }

    fn folded(&self, out: &mut String, title: &str, inner: &str) {
        if self.face.folds {
            let _ = write!(out, "<details>\n<summary>{title}</summary>\n\n{inner}\n</details>\n\n");
        } else {
            let _ = write!(out, "### {title}\n\n{}\n\n", inner.trim_end_matches('\n'));
        }
    }

    fn gate(&self, out: &mut String) {
        let reasons: Vec<String> = self
            .report
            .verdicts
            .iter()
            .flat_map(|verdict| verdict.gate.reasons.iter().map(move |reason| (verdict, reason)))
            .map(|(verdict, reason)| {
                // A reason that starts with a rule's id keeps it as it is written.
                let (id, rest) = reason.split_once(' ').unwrap_or((reason, ""));
                let sentence = if id.contains('/') {
                    format!("{} {}", code(id, PATH), text::sentence(&self.prose(rest)))
                } else {
                    text::sentence(&self.prose(&text::capital(reason)))
                };
                format!("{}{sentence}", self.about(verdict, None))
            })
            .collect();
        // That the score is below the minimum is in the heading.
        let plain = !self.several()
            && reasons.len() == 1
            && reasons.iter().all(|reason| reason.starts_with("The score is"));
        if !plain {
            for reason in reasons.iter().take(self.detail.changes) {
                let _ = writeln!(out, "- {reason}");
            }
            self.more(out, reasons.len(), self.detail.changes, "reason");
            if !reasons.is_empty() {
                out.push('\n');
            }
        }
        if self.report.decision() == Decision::Undecided {
            let depends: Vec<String> = self
                .report
                .verdicts
                .iter()
                .flat_map(|verdict| verdict.all_outcomes().map(move |outcome| (verdict, outcome)))
                .filter(|(_, outcome)| {
                    outcome.status == Status::Unknown
                        && self.report.policy.required.iter().any(|id| id == outcome.rule.id)
                })
                .map(|(verdict, outcome)| {
                    format!("{}{}", self.about(verdict, None), code(outcome.rule.id, PATH))
                })
                .collect();
            let required = match depends.as_slice() {
                [] => String::new(),
                depends => format!(", as the policy requires {}", text::listed(depends)),
            };
            let _ = writeln!(
                out,
                "Whether it passes depends on what could not be read{required}; it is listed below. Running the \
                 check again may bring it; raising `limits` in the policy does where a limit was reached.\n"
            );
        }
    }

    fn more(&self, out: &mut String, count: usize, shown: usize, noun: &str) {
        if count > shown {
            let _ = writeln!(out, "- and {}", text::count(count - shown, &format!("more {noun}")));
        }
    }

    fn changes(&self, out: &mut String) {
        if self.report.base.iter().flatten().next().is_none() {
            return;
        }
        let (introduced, fixed) = view::changes(self.report);
        if introduced.is_empty() && fixed.is_empty() {
            let what = if self.report.delta().is_some_and(|delta| delta.abs() > 0.0) {
                "No single rule is met or broken by this change."
            } else {
                "This change neither fixes nor breaks anything that is judged here."
            };
            let _ = writeln!(out, "{what}\n");
            return;
        }
        if !introduced.is_empty() {
            out.push_str("**Introduced by this change**\n\n");
            self.changed(out, &introduced, false);
        }
        if !fixed.is_empty() {
            out.push_str("**Fixed by this change**\n\n");
            self.changed(out, &fixed, true);
        }
    }

    fn changed(&self, out: &mut String, changes: &[Changed<'_>], better: bool) {
        let mut left = self.detail.changes;
        let base_url = self.base_url();
        let alone = |change: &&Changed<'_>| !better && change.findings.is_empty() && change.recipe.is_some();
        let grouped: Vec<&Changed<'_>> = changes.iter().filter(alone).collect();
        let mut told_of: Vec<&str> = Vec::new();
        for (index, change) in changes.iter().enumerate() {
            if let Some(recipe) = change.recipe.filter(|_| alone(&change)) {
                let of_recipe =
                    |other: &&&Changed<'_>| other.recipe.is_some_and(|other| std::ptr::eq(other, recipe));
                let lacking: Vec<String> = grouped
                    .iter()
                    .filter(of_recipe)
                    .map(|other| text::small(other.outcome.rule.title))
                    .collect();
                if lacking.len() > 2 {
                    if told_of.contains(&recipe.path.as_str()) || left == 0 {
                        continue;
                    }
                    told_of.push(&recipe.path);
                    left -= 1;
                    let _ = writeln!(
                        out,
                        "- {} lacks {} of what a training recipe tells: {}.",
                        code(&text::path(&recipe.path, PATH), PATH),
                        text::count(lacking.len(), "thing"),
                        self.prose(&lacking.join(", ")),
                    );
                    continue;
                }
            }
            if left == 0 {
                self.more(out, changes.len(), index, "rule");
                break;
            }
            left -= 1;
            let about = self.about(change.project, change.recipe.map(|recipe| recipe.path.as_str()));
            // What a rule lost in one place it may have gained in another.
            let counts = if better { change.points >= HALF_A_STEP } else { change.points <= -HALF_A_STEP };
            let points = if counts { format!(" ({})", signed(change.points)) } else { String::new() };
            let outcome = change.outcome;
            let lost = change.lost();
            let told = match (better, change.met_before()) {
                (true, _) if outcome.change == Some(Change::Fixed) => " is met now".to_owned(),
                (true, _) if counts => " is better".to_owned(),
                (true, _) => String::new(),
                (false, Some(true)) if !outcome.met => " was met before and is not now".to_owned(),
                (false, _) if !change.findings.is_empty() => String::new(),
                (false, Some(_)) if !lost.is_empty() => {
                    format!(" lacks now: {}", self.prose(&lost.join(", ")))
                }
                (false, Some(_)) => " is worse".to_owned(),
                (false, None) => " is asked for by what this change adds".to_owned(),
            };
            let _ = write!(out, "- {about}**{}**{told}{points}", outcome.rule.title);
            let shown = outcome
                .parts
                .iter()
                .filter(|part| part.met == Some(true))
                .flat_map(|part| &part.evidence)
                .next();
            match (better, shown) {
                (true, Some(place)) if change.findings.is_empty() => {
                    let _ = writeln!(out, ": {}", self.place(place));
                }
                _ if change.findings.is_empty() && !better => {
                    let _ = writeln!(out, ". {}", text::sentence(&self.prose(&view::sentence_of(outcome))));
                }
                _ => out.push('\n'),
            }
            let count = change.findings.len();
            let mut folded = String::new();
            for (nth, finding) in change.findings.iter().take(left).enumerate() {
                let url = if better { base_url.as_deref() } else { self.report.target.blob_url.as_deref() };
                let place = self.place_at(url, &finding.finding.place);
                let message = text::sentence(&self.prose(&finding.finding.message));
                let gone = if better { "no longer: " } else { "" };
                let line = format!("  - {place}: {gone}{message}\n");
                if nth < FIRST || count <= FIRST + 2 || !self.face.folds {
                    out.push_str(&line);
                } else {
                    folded.push_str(&line);
                }
            }
            if !folded.is_empty() {
                let more = count.min(left) - FIRST;
                let _ = write!(
                    out,
                    "\n  <details>\n  <summary>and {more} more</summary>\n\n{folded}\n  </details>\n\n"
                );
            }
            if count > left {
                let _ = writeln!(out, "  - and {} more", count - left);
            }
            left = left.saturating_sub(count);
        }
        out.push('\n');
    }

    fn first(&self, out: &mut String) {
        if self.actions.is_empty() {
            let complete = self.report.verdicts.iter().all(|verdict| verdict.score >= 100.0);
            out.push_str(if complete { "Everything that is asked here is there.\n\n" } else { "" });
            return;
        }
        out.push_str("### What to do first\n\n");
        if self.report.decision() != Decision::Passed {
            self.cheapest(out);
        }
        for (index, action) in self.actions.iter().take(FIRST).enumerate() {
            self.action(out, Some(index + 1), action, true);
        }
        self.as_is(out);
    }

    /// What all that is offered brings, put in place as it is.
    fn as_is(&self, out: &mut String) {
        if self.detail.missing != Missing::Blocks {
            return;
        }
        for verdict in self.report.verdicts.iter().take(self.detail.projects) {
            let Some(score) = verdict.score_as_is.filter(|score| *score > verdict.score) else { continue };
            let _ = writeln!(
                out,
                "{}With all that is ready to paste or to accept here put in place as it is, the score becomes {}.\n",
                self.about(verdict, None),
                text::points(score)
            );
        }
    }

    fn cheapest(&self, out: &mut String) {
        for verdict in self
            .report
            .verdicts
            .iter()
            .filter(|verdict| verdict.gate.decision != Decision::Passed)
            .take(self.detail.projects)
        {
            let of: Vec<(usize, &Action<'_>)> = self
                .actions
                .iter()
                .enumerate()
                .filter(|(_, action)| std::ptr::eq(action.project, verdict) && action.in_cheapest)
                .collect();
            let gain: f64 = of.iter().map(|(_, action)| action.gain).sum();
            let about = self.about(verdict, None);
            let least = text::points(verdict.gate.min_score);
            if of.is_empty() {
                if verdict.gate.decision == Decision::Failed {
                    let _ =
                        writeln!(out, "{about}What is listed here does not reach the minimum of {least}.\n");
                }
                continue;
            }
            let numbers: Vec<String> =
                of.iter()
                    .map(|(index, action)| {
                        if *index < FIRST { (index + 1).to_string() } else { self.prose(&action.sentence()) }
                    })
                    .collect();
            let shown = numbers.get(..numbers.len().min(8)).unwrap_or_default();
            let rest = numbers.len().saturating_sub(shown.len());
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let reaches = text::points(verdict.exact_score + gain);
            let _ = writeln!(
                out,
                "{about}The least work that passes: {}{rest}. The score becomes {reaches}.\n",
                text::listed(shown)
            );
        }
    }

    /// Whether `action` passes the gate alone or with others.
    fn enough(&self, action: &Action<'_>) -> String {
        let of_project =
            |other: &&Action<'_>| std::ptr::eq(other.project, action.project) && other.in_cheapest;
        match self.actions.iter().filter(of_project).count() {
            1 => ", enough to pass".to_owned(),
            count => format!(", one of the {count} that are enough to pass"),
        }
    }

    /// One thing to do: a sentence, what it gains, why, where it was looked for, and something to paste.
    fn action(&self, out: &mut String, number: Option<usize>, action: &Action<'_>, blocks: bool) {
        let about = self.about(
            action.project,
            action.recipe.map(|recipe| recipe.path.as_str()).filter(|_| action.outcomes.len() == 1),
        );
        let sentence = text::sentence(&self.prose(&action.sentence()));
        let needed = if action.in_cheapest && number.is_some() { self.enough(action) } else { String::new() };
        // What is offered may be a part of what is missing, or a draft: it promises no more than it brings.
        let as_is = match action.gain_as_is {
            Some(as_is) if as_is >= HALF_A_STEP && as_is + HALF_A_STEP <= action.gain => {
                format!(", {} of them ready below", text::points(as_is))
            }
            _ => String::new(),
        };
        let gain = match points_named(action.gain) {
            Some(points) => format!(" (+{points}{as_is}{needed})"),
            None => String::new(),
        };
        match number {
            Some(number) => {
                let _ = write!(out, "**{number}. {about}{sentence}**{gain}\n\n");
            }
            None => {
                let _ = writeln!(out, "- {about}{sentence}{gain}");
                if !blocks {
                    return;
                }
            }
        }
        let indent = if number.is_some() { "" } else { "  " };
        let mut why = String::new();
        let lacks = action.lacks();
        if let [(None, names)] = lacks.as_slice() {
            let _ = write!(why, "Missing: {}. ", self.prose(names));
        }
        let _ = write!(why, "{}.", prose(action.reason().trim_end_matches('.'), self.detail.characters));
        let looked = action.looked_at();
        if !looked.is_empty() {
            let names: Vec<String> = looked.iter().take(6).map(|place| prose(place, PATH)).collect();
            let rest = if looked.len() > names.len() {
                format!(" and {} more", looked.len() - names.len())
            } else {
                String::new()
            };
            let _ = write!(why, " Looked at {}{rest}.", names.join(", "));
        }
        let _ = writeln!(out, "{indent}{why} [What counts]({})", action.page());
        let lists = lacks.iter().filter_map(|(theme, names)| Some(((*theme)?, names)));
        for (index, (theme, names)) in lists.enumerate() {
            if index == 0 {
                out.push('\n');
            }
            let _ = writeln!(out, "{indent}- {theme}: {}", self.prose(names));
        }
        if number.is_some() {
            // What this change introduced is listed above.
            let places: Vec<_> = action
                .outcomes
                .iter()
                .flat_map(|outcome| &outcome.findings)
                .filter(|finding| finding.change != Some(Change::Introduced))
                .collect();
            let shown = places.len().min(10).min(self.detail.changes);
            if places.len() > 1 {
                out.push('\n');
                for finding in places.iter().take(shown) {
                    let message = text::sentence(&self.prose(&finding.finding.message));
                    let _ = writeln!(out, "- {}: {message}", self.place(&finding.finding.place));
                }
                self.more(out, places.len(), shown, "place");
            }
        }
        out.push('\n');
        if self.detail.snippet_bytes > 0 {
            self.replacements(out, action);
        }
        for snippet in &action.snippets {
            self.snippet(out, snippet);
        }
    }

    /// Lines as they should be.
    fn replacements(&self, out: &mut String, action: &Action<'_>) {
        const MOST: usize = 20;
        let findings = action.outcomes.iter().flat_map(|outcome| &outcome.findings);
        let mut inner = String::new();
        let mut count = 0;
        for finding in findings {
            let Some(replacement) = &finding.finding.replacement else { continue };
            count += 1;
            if count > MOST || replacement.text.len() > self.detail.snippet_bytes / MOST {
                continue;
            }
            let path = &finding.finding.place.path;
            let label = code(&format!("{}:{}", text::path(path, PATH), replacement.line), PATH + 12);
            let _ = write!(inner, "{label}\n\n{}\n", fence(&replacement.text, text::language(path)));
        }
        if inner.is_empty() {
            return;
        }
        let more = if count > MOST { format!(", {MOST} of {count}") } else { String::new() };
        let title = match count {
            1 => "The line as it would be right".to_owned(),
            _ => format!("The lines as they would be right{more}"),
        };
        if self.face.folds {
            let _ = write!(out, "<details>\n<summary>{title}</summary>\n\n{inner}</details>\n\n");
        } else {
            let _ = write!(out, "{title}:\n\n{inner}");
        }
    }

    fn snippet(&self, out: &mut String, snippet: &Snippet) {
        let path = text::path(&snippet.path, PATH);
        let edit = self.report.target.new_file_url.as_deref().filter(|_| snippet.new_file);
        let edit = edit.and_then(|url| text::new_file_address(url, &snippet.path, &snippet.body));
        let fits = snippet.body.len() <= self.detail.snippet_bytes;
        if let Some(address) = edit.filter(|_| self.detail.snippet_bytes > 0) {
            let _ = writeln!(out, "[Open GitHub's editor with {} filled in]({address})\n", code(&path, PATH));
        }
        if !fits {
            let _ = writeln!(out, "A draft for {} is too long to show here.\n", code(&path, PATH));
            return;
        }
        let (title, then) = view::offer_title(snippet);
        let title = format!("{title} <code>{}</code>{then}", text::html(&path));
        let block = fence(&snippet.body, text::language(&snippet.path));
        if self.face.folds {
            let _ = write!(out, "<details>\n<summary>{title}</summary>\n\n{block}\n</details>\n\n");
        } else {
            let _ = write!(out, "{title}:\n\n{block}\n");
        }
    }

    fn standards(&self, out: &mut String) {
        let has_base = self.report.base.iter().any(Option::is_some);
        let since = |now: f64, before: Option<f64>| {
            before.map_or_else(|| "new".to_owned(), |before| signed(now - before))
        };
        let recipes: Vec<(&Verdict, usize)> =
            self.report.verdicts.iter().map(|verdict| (verdict, verdict.recipes.len())).collect();
        if self.several() {
            let change = if has_base { " | change" } else { "" };
            let _ = writeln!(out, "| project | score | minimum | gate{change} |");
            let _ = writeln!(out, "| --- | ---: | ---: | ---{} |", if has_base { " | ---:" } else { "" });
            let bases = self.report.base.iter().map(Option::as_ref).chain(std::iter::repeat(None));
            for (verdict, base) in self.report.verdicts.iter().zip(bases).take(self.detail.projects) {
                let change = if has_base {
                    format!(" | {}", since(verdict.score, base.map(|base| base.score)))
                } else {
                    String::new()
                };
                let decision = match verdict.gate.decision {
                    Decision::Passed => "passes",
                    Decision::Failed => "does not pass",
                    Decision::Undecided => "undecided",
                };
                let _ = writeln!(
                    out,
                    "| {} | {} | {} | {decision}{change} |",
                    code(&text::path(view::project_name(verdict), PATH), PATH),
                    view::score(verdict.score, verdict.score_at_most),
                    text::points(verdict.gate.min_score),
                );
            }
            self.table_cut(out, self.report.verdicts.len(), "project");
        }
        for (verdict, base) in self
            .report
            .verdicts
            .iter()
            .zip(self.report.base.iter().map(Option::as_ref).chain(std::iter::repeat(None)))
            .take(self.detail.projects)
        {
            if self.several() {
                let _ = writeln!(out, "{}\n", code(&text::path(view::project_name(verdict), PATH), PATH));
            }
            let change = if has_base { " | change" } else { "" };
            let _ = writeln!(out, "| standard | score | of{change} |");
            let _ = writeln!(out, "| --- | ---: | ---:{} |", if has_base { " | ---:" } else { "" });
            for row in view::rows(verdict, base) {
                let change = if has_base {
                    format!(" | {}", row.change.map_or_else(|| "new".to_owned(), signed))
                } else {
                    String::new()
                };
                let title = match &row.url {
                    Some(url) => format!("[{}]({url})", row.title),
                    None => row.title.to_owned(),
                };
                let _ = match row.points {
                    Some((low, high)) => writeln!(
                        out,
                        "| {title} | {} | {}{change} |",
                        view::score(low, high),
                        text::points(row.of)
                    ),
                    None => {
                        writeln!(out, "| {title} | does not apply | |{}", if has_base { " |" } else { "" })
                    }
                };
            }
            out.push('\n');
        }
        for (verdict, count) in recipes.into_iter().filter(|(_, count)| *count > 1).take(self.detail.projects)
        {
            let _ = writeln!(out, "| recipe | score |\n| --- | ---: |");
            for recipe in verdict.recipes.iter().take(self.detail.projects) {
                let _ = writeln!(
                    out,
                    "| {} | {} |",
                    code(&text::path(&recipe.path, PATH), PATH),
                    text::points(recipe.score)
                );
            }
            self.table_cut(out, count, "recipe");
        }
    }

    fn table_cut(&self, out: &mut String, count: usize, noun: &str) {
        out.push('\n');
        if count > self.detail.projects {
            let _ = writeln!(
                out,
                "And {}.\n",
                text::count(count - self.detail.projects, &format!("more {noun}"))
            );
        }
    }

    fn missing(&self, out: &mut String) {
        let rest: Vec<&Action<'_>> = self.actions.iter().skip(FIRST).collect();
        if rest.is_empty() {
            return;
        }
        let title = format!("What else is missing ({})", rest.len());
        if self.detail.missing == Missing::Count {
            let _ = writeln!(
                out,
                "{} missing beside these.\n",
                text::count(rest.len(), "more thing") + if rest.len() == 1 { " is" } else { " are" }
            );
            return;
        }
        let mut inner = String::new();
        let mut shown = 0;
        for theme in view::THEMES {
            let of: Vec<&&Action<'_>> = rest.iter().filter(|action| action.theme() == theme).collect();
            if of.is_empty() || shown >= self.detail.entries {
                continue;
            }
            let _ = write!(inner, "**{}**\n\n", view::theme_title(theme));
            for action in of.into_iter().take(self.detail.entries - shown) {
                self.action(&mut inner, None, action, self.detail.missing == Missing::Blocks);
                shown += 1;
            }
            if !inner.ends_with("\n\n") {
                inner.push('\n');
            }
        }
        if rest.len() > shown {
            let _ = writeln!(inner, "And {}.", text::count(rest.len() - shown, "more thing"));
        }
        self.folded(out, &title, inner.trim_end_matches('\n').to_owned().as_str());
    }

    fn met(&self, out: &mut String) {
        if !self.detail.met {
            return;
        }
        let mut inner = String::new();
        let mut count = 0;
        for verdict in &self.report.verdicts {
            for outcome in &verdict.outcomes {
                let met = self.met_parts(outcome, true);
                if !met.is_empty() {
                    count += 1;
                    let _ =
                        writeln!(inner, "- {}**{}**: {met}", self.about(verdict, None), outcome.rule.title);
                }
            }
            for recipe in &verdict.recipes {
                let met: Vec<String> = recipe
                    .outcomes
                    .iter()
                    .filter_map(|outcome| {
                        let met = self.met_parts(outcome, outcome.rule.parts.len() > 1);
                        (!met.is_empty()).then(|| format!("{}: {met}", outcome.rule.title))
                    })
                    .collect();
                if !met.is_empty() {
                    count += met.len();
                    let about = if self.several() { self.about(verdict, None) } else { String::new() };
                    let path = code(&text::path(&recipe.path, PATH), PATH);
                    let _ =
                        writeln!(inner, "- {about}**Training recipe** {path}\n  - {}", met.join("\n  - "));
                }
            }
        }
        if count > 0 {
            self.folded(out, &format!("What is met ({count})"), &inner);
        }
    }

    /// The parts that are met, with their places.
    fn met_parts(&self, outcome: &Outcome, titles: bool) -> String {
        let met = outcome.parts.iter().filter(|part| part.met == Some(true));
        let met: Vec<String> = met
            .map(|part| {
                let mut all: Vec<&Evidence> = Vec::new();
                for place in &part.evidence {
                    let is_same = |known: &&Evidence| {
                        (&known.path, known.line, known.end_line) == (&place.path, place.line, place.end_line)
                    };
                    if !all.iter().any(is_same) {
                        all.push(place);
                    }
                }
                let shown = all.iter().take(self.detail.evidence);
                let places: Vec<String> = shown.map(|place| self.place(place)).collect();
                let rest = all.len().saturating_sub(places.len());
                let rest =
                    if rest > 0 && !places.is_empty() { format!(" and {rest} more") } else { String::new() };
                let title = if titles || places.is_empty() { prose(part.title, PATH) } else { String::new() };
                let places = places.join(", ");
                let gap = if title.is_empty() || places.is_empty() { "" } else { " " };
                format!("{title}{gap}{places}{rest}")
            })
            .collect();
        met.join(", ")
    }

    fn unknown(&self, out: &mut String) {
        // What one unread file leaves open is told once.
        let mut open: Vec<(String, Vec<String>)> = Vec::new();
        for verdict in &self.report.verdicts {
            for outcome in
                verdict.all_outcomes().filter(|outcome| outcome.points_at_most > outcome.points + 1e-9)
            {
                let parts: Vec<&str> = outcome
                    .parts
                    .iter()
                    .filter(|part| part.met.is_none() && part.reason.is_some())
                    .map(|part| part.title)
                    .collect();
                let why = outcome
                    .parts
                    .iter()
                    .find_map(|part| part.reason.as_deref().filter(|_| part.met.is_none()))
                    .or(outcome.reason.as_deref())
                    .unwrap_or("it could not be read");
                let parts =
                    if outcome.parts.len() > 1 && !parts.is_empty() && parts.len() < outcome.parts.len() {
                        format!(" ({})", prose(&parts.join(", "), self.detail.characters))
                    } else {
                        String::new()
                    };
                let said = format!("{}**{}**{parts}", self.about(verdict, None), outcome.rule.title);
                match open.iter_mut().find(|(known, _)| known == why) {
                    Some((_, all)) => all.push(said),
                    None => open.push((why.to_owned(), vec![said])),
                }
            }
        }
        let mut lines: Vec<String> = Vec::new();
        for (why, rules) in &open {
            let shown: Vec<&str> = rules.iter().map(String::as_str).take(40).collect();
            let rest = if rules.len() > shown.len() {
                format!(" and {} more", rules.len() - shown.len())
            } else {
                String::new()
            };
            lines.push(format!("{}. This leaves open: {}{rest}", self.prose(why), shown.join(", ")));
        }
        for unread in &self.report.coverage.unread {
            let told = |(why, _): &(String, _)| why.starts_with(&unread.path) && why.ends_with(&unread.why);
            if unread.path.is_empty() || !open.iter().any(told) {
                lines.push(format!(
                    "{}: {}",
                    code(
                        &text::path(if unread.path.is_empty() { "the listing" } else { &unread.path }, PATH),
                        PATH
                    ),
                    self.prose(&unread.why)
                ));
            }
        }
        if lines.is_empty() {
            return;
        }
        let most = self.detail.entries.min(200);
        let mut inner = String::new();
        for line in lines.iter().take(most) {
            let _ = writeln!(inner, "- {line}");
        }
        if lines.len() > most {
            let _ = writeln!(inner, "- and {} more", lines.len() - most);
        }
        self.folded(out, &format!("What could not be judged or read ({})", lines.len()), &inner);
    }

    fn waivers(&self, out: &mut String) {
        let waivers = &self.report.policy.waivers;
        if waivers.is_empty() {
            return;
        }
        let mut inner = String::new();
        let mut ended = 0;
        for (index, waiver) in waivers.iter().enumerate() {
            // It does something as long as one project says so.
            let why = self.report.verdicts.iter().map(|verdict| {
                verdict
                    .ended_waivers
                    .iter()
                    .find(|ended| ended.waiver == *waiver)
                    .map(|ended| ended.why.as_str())
            });
            let why: Option<Vec<&str>> = why.collect();
            let state = match why.as_deref() {
                Some([why, ..]) => {
                    ended += 1;
                    format!("**{}**", prose(why, PATH))
                }
                _ => format!("until {}", prose(&waiver.until, 20)),
            };
            if index >= self.detail.entries {
                continue;
            }
            let path =
                waiver.path.as_deref().map_or_else(String::new, |path| format!(" at {}", code(path, PATH)));
            let reason = text::sentence(&self.prose(&waiver.reason));
            let _ = writeln!(inner, "- {}{path}, {state}: {reason}", code(&waiver.rule, PATH));
        }
        if waivers.len() > self.detail.entries {
            let _ = writeln!(inner, "- and {} more", waivers.len() - self.detail.entries);
        }
        let ended = if ended > 0 { format!(", {ended} of no effect any more") } else { String::new() };
        self.folded(out, &format!("Waivers ({}{ended})", waivers.len()), &inner);
    }

    fn policy(&self, out: &mut String) {
        let Some(proposed) = &self.report.proposed_policy else { return };
        let path = code(&text::path(&proposed.path, PATH), PATH);
        if let Some(error) = &proposed.error {
            let _ = writeln!(
                out,
                "**This change breaks the policy {path}**, which is not used here: {} After a merge, no pull request \
                 could be judged.\n",
                text::sentence(&self.prose(error))
            );
        } else if proposed.changes.is_empty() {
            let _ = writeln!(out, "This change edits the policy {path}; nothing that counts is different.\n");
        } else {
            let _ = writeln!(
                out,
                "**This change edits the policy {path}.** It takes effect after merge and is not used here:\n"
            );
            for change in proposed.changes.iter().take(self.detail.entries) {
                let _ = writeln!(out, "- {}", self.prose(change));
            }
            self.more(out, proposed.changes.len(), self.detail.entries, "change");
            out.push('\n');
        }
    }

    fn rank(&self, out: &mut String) {
        if let Some((percent, of)) = view::rank(self.report).filter(|_| !self.several()) {
            let _ = writeln!(
                out,
                "Among {of} repositories of NeurIPS 2019 papers, {percent} % score lower \
                 ([choosing a minimum]({DOCS}/choosing-a-minimum.md)).\n"
            );
        }
    }

    fn last_line(&self, out: &mut String) {
        let target = &self.report.target;
        let mut said: Vec<String> = Vec::new();
        match (&target.head, &target.base) {
            (Some(head), Some(base)) => said.push(format!(
                "Commit {} against base {}",
                code(&text::short(head), 9),
                code(&text::short(base), 9)
            )),
            (Some(head), None) => said.push(format!("Commit {}", code(&text::short(head), 9))),
            (None, _) => {}
        }
        said.push(format!("policy: {}", prose(&self.report.policy_source, PATH)));
        said.push(format!("[what is asked, and how to mend it]({DOCS}/rules/README.md)"));
        said.push(format!("to accept a finding for a while, [add a waiver]({DOCS}/policy.md#waivers)"));
        if target.pull_request.is_some() {
            said.push("to run again, push or re-run the job".to_owned());
        }
        said.push(format!("reprogate {}", env!("CARGO_PKG_VERSION")));
        let _ = writeln!(out, "{}", said.join(" · "));
    }
}

impl Changed<'_> {
    /// Whether the rule was met at the base; `None` where it was not judged there.
    fn met_before(&self) -> Option<bool> {
        self.before.filter(|before| before.status != Status::NotApplicable).map(|before| before.met)
    }
}

/// `1 point`, `2.5 points`; `None` for what rounds to nothing.
fn points_named(gain: f64) -> Option<String> {
    let rounded = text::points(gain);
    match rounded.as_str() {
        "0" => None,
        "1" => Some("1 point".to_owned()),
        _ => Some(format!("{rounded} points")),
    }
}
