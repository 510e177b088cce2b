//! The report for a terminal: short, every line with its place, and what to do first at the end.

use super::text::{self, signed};
use super::view;
use crate::report::Report;
use crate::rules::Evidence;
use crate::verdict::{Change, Decision, Outcome, Status};
use std::fmt::Write as _;

/// Findings of one rule that are shown.
const MOST_FINDINGS: usize = 5;
/// Things to do that are shown.
const FIRST: usize = 3;

/// The report as lines of at most `width` columns (no less than 40), with ANSI colours if `color`.
///
/// Control characters of the judged files never reach the terminal.
pub fn render(report: &Report, color: bool, width: usize) -> String {
    let page = Page { color, width: width.max(40) };
    let mut out = String::new();
    for verdict in &report.verdicts {
        if report.verdicts.len() > 1 {
            let name = text::line(view::project_name(verdict), 200);
            let score = view::score(verdict.score, verdict.score_at_most);
            let _ = writeln!(out, "{}\n", page.bold(&format!("{name}: {score} / 100")));
        }
        for (recipe, outcomes) in std::iter::once((None, &verdict.outcomes))
            .chain(verdict.recipes.iter().map(|recipe| (Some(recipe), &recipe.outcomes)))
        {
            if let Some(recipe) = recipe {
                let path = text::path(&recipe.path, 200);
                let _ = writeln!(
                    out,
                    "{}",
                    page.bold(&format!("recipe {path}: {} / 100", text::points(recipe.score)))
                );
            }
            let mut met = 0;
            for outcome in outcomes {
                match outcome.status {
                    Status::NotApplicable => {}
                    Status::Pass => met += 1,
                    _ => page.outcome(&mut out, outcome),
                }
            }
            if met > 0 {
                let _ = writeln!(out, "  {} {}", page.green("met    "), text::count(met, "rule"));
            }
        }
        for ended in &verdict.ended_waivers {
            let rule = text::line(&ended.waiver.rule, 80);
            page.wrapped(&mut out, "  waiver  ", &format!("{rule}: {}", text::line(&ended.why, 200)));
        }
        out.push('\n');
    }
    for unread in report.coverage.unread.iter().take(10) {
        page.wrapped(
            &mut out,
            "  unread  ",
            &format!("{}: {}", text::path(&unread.path, 200), text::line(&unread.why, 200)),
        );
    }
    let headline = view::headline(report);
    let headline = match report.decision() {
        Decision::Passed => page.green(&headline),
        Decision::Failed => page.red(&headline),
        Decision::Undecided => page.yellow(&headline),
    };
    let _ = writeln!(out, "{headline}");
    for reason in report.verdicts.iter().flat_map(|verdict| &verdict.gate.reasons) {
        page.wrapped(&mut out, "  ", &text::line(reason, 400));
    }
    let actions = view::actions(report);
    if !actions.is_empty() {
        let _ = writeln!(out, "\n{}", page.bold("What to do first:"));
    }
    for (index, action) in actions.iter().take(FIRST).enumerate() {
        let gain = if action.gain >= 0.05 { format!(" ({})", signed(action.gain)) } else { String::new() };
        let place = action
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.findings)
            .map(|finding| &finding.finding.place)
            .next()
            .map_or_else(String::new, |place| format!(", {}", location(place)));
        let rule = action.outcomes.first().map_or("", |outcome| outcome.rule.id);
        let sentence = text::line(&action.sentence(), 400);
        page.wrapped(&mut out, &format!("  {}. ", index + 1), &format!("{sentence}{gain}{place}"));
        let _ = writeln!(out, "     {}", page.dim(&format!("reprogate explain {rule}")));
    }
    out
}

fn location(place: &Evidence) -> String {
    format!("{}:{}", text::line(&place.path, 400), place.line.max(1))
}

struct Page {
    color: bool,
    width: usize,
}

impl Page {
    fn outcome(&self, out: &mut String, outcome: &Outcome) {
        let (label, painted): (&str, fn(&Self, &str) -> String) = match outcome.status {
            Status::Fail => ("missing", Self::red),
            Status::Partial => ("partly ", Self::yellow),
            Status::Waived => ("waived ", Self::dim),
            Status::Unknown => ("unknown", Self::yellow),
            Status::Pass | Status::NotApplicable => return,
        };
        let new = if outcome.change == Some(Change::Introduced) && outcome.status != Status::Waived {
            ", introduced"
        } else {
            ""
        };
        let gain =
            if outcome.gain >= 0.05 { format!(" ({}{new})", signed(outcome.gain)) } else { String::new() };
        let _ = writeln!(out, "  {} {}{gain}", painted(self, label), self.bold(outcome.rule.id));
        let hang = "          ";
        match outcome.status {
            Status::Waived => {
                let until = outcome.waived_until.as_deref().unwrap_or_default();
                let reason = text::line(outcome.reason.as_deref().unwrap_or_default(), 300);
                self.wrapped(out, hang, &format!("until {until}: {reason}"));
                return;
            }
            Status::Unknown => self.wrapped(
                out,
                hang,
                &text::line(outcome.reason.as_deref().unwrap_or("it could not be read"), 300),
            ),
            _ => {
                let looked: Vec<String> =
                    outcome.looked_at.iter().take(4).map(|place| text::line(place, 100)).collect();
                let looked = if looked.is_empty() {
                    String::new()
                } else {
                    format!("; looked at {}", looked.join(", "))
                };
                if outcome.findings.is_empty() {
                    let sentence = text::line(&view::sentence_of(outcome), 400);
                    self.wrapped(out, hang, &format!("{sentence}{looked}"));
                }
            }
        }
        for finding in outcome.findings.iter().take(MOST_FINDINGS) {
            let finding = &finding.finding;
            self.wrapped(
                out,
                hang,
                &format!("{}: {}", location(&finding.place), text::line(&finding.message, 400)),
            );
        }
        if outcome.findings.len() > MOST_FINDINGS {
            let _ = writeln!(out, "{hang}and {} more", outcome.findings.len() - MOST_FINDINGS);
        }
    }

    /// Words in lines no wider than the page where they allow it, each after the first under the first's text.
    fn wrapped(&self, out: &mut String, indent: &str, words: &str) {
        let hang = " ".repeat(indent.chars().count());
        let mut column = indent.chars().count();
        out.push_str(indent);
        for (index, word) in words.split(' ').enumerate() {
            let length = word.chars().count();
            if index > 0 && column + 1 + length > self.width {
                out.push('\n');
                out.push_str(&hang);
                column = hang.len();
            } else if index > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out.push('\n');
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    fn red(&self, text: &str) -> String {
        self.paint("31", text)
    }

    fn green(&self, text: &str) -> String {
        self.paint("32", text)
    }

    fn yellow(&self, text: &str) -> String {
        self.paint("33", text)
    }
}
