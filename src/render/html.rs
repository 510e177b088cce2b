//! The report as one HTML file that asks nobody for anything: no script, no image, no font from elsewhere.

use super::text::{self, signed};
use super::view;
use crate::report::Report;
use crate::rules::{Evidence, Standard};
use crate::verdict::{Change, Decision, FindingOutcome, Outcome, Status, Verdict};
use askama::Template;

/// Lines of one excerpt.
const MOST_LINES: u32 = 12;
/// Characters of one line of an excerpt.
const MOST_COLUMNS: usize = 200;
/// Places of one part or of one rule's findings that are shown with an excerpt.
const MOST_PLACES: usize = 50;
/// Characters of a message.
const MOST_CHARACTERS: usize = 1_000;

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    title: String,
    headline: String,
    decision: &'static str,
    decided: &'static str,
    reasons: Vec<String>,
    projects: Vec<ProjectView>,
    several: bool,
    actions: Vec<ActionView>,
    as_is: Vec<String>,
    introduced: Vec<ChangeView>,
    fixed: Vec<ChangeView>,
    has_base: bool,
    proposed: Option<ProposedView>,
    unread: Vec<(String, String)>,
    waivers: Vec<String>,
    facts: Vec<(&'static str, String)>,
    version: &'static str,
}

struct ProjectView {
    name: String,
    score: String,
    gauge: Gauge,
    rows: Vec<RowView>,
    groups: Vec<GroupView>,
}

/// The score as an arc of a circle whose whole length is 100.
struct Gauge {
    score: String,
    range: String,
    least: Option<String>,
    said: String,
}

struct RowView {
    title: &'static str,
    points: String,
    of: String,
    change: Option<String>,
    share: String,
    share_at_most: String,
    share_of_base: Option<String>,
}

struct GroupView {
    title: &'static str,
    url: String,
    path: Option<String>,
    score: String,
    rules: Vec<RuleView>,
}

struct RuleView {
    id: &'static str,
    title: &'static str,
    summary: &'static str,
    reason: &'static str,
    url: String,
    status: &'static str,
    status_class: &'static str,
    points: String,
    change: Option<(&'static str, &'static str)>,
    note: Option<String>,
    fix: Option<String>,
    looked_at: Vec<String>,
    parts: Vec<PartView>,
    findings: Vec<PlaceView>,
    more: usize,
    open: bool,
}

struct PartView {
    title: &'static str,
    state: &'static str,
    state_class: &'static str,
    why: Option<String>,
    places: Vec<PlaceView>,
    more: usize,
}

struct PlaceView {
    place: String,
    link: Option<String>,
    message: String,
    new: bool,
    lines: Vec<(u32, String, bool)>,
    replacement: Option<String>,
}

struct ActionView {
    about: String,
    sentence: String,
    gain: String,
    ready: Option<String>,
    needed: bool,
    reason: String,
    lacks: Vec<(Option<&'static str>, String)>,
    looked_at: String,
    page: String,
    lines: Vec<(String, String)>,
    snippets: Vec<SnippetView>,
}

struct SnippetView {
    before: &'static str,
    path: String,
    after: &'static str,
    editor: Option<String>,
    body: String,
}

struct ChangeView {
    about: String,
    title: &'static str,
    points: String,
    lost: String,
    said: Vec<String>,
}

struct ProposedView {
    path: String,
    changes: Vec<String>,
    error: Option<String>,
}

/// The report as HTML.
pub fn render(report: &Report) -> String {
    let mut page = page(report).render().unwrap_or_default();
    page.push('\n');
    page
}

fn page(report: &Report) -> Page {
    let target = &report.target;
    let several = report.verdicts.len() > 1;
    let bases = report.base.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let (introduced, fixed) = view::changes(report);
    let about = |project: &Verdict, recipe: Option<&str>| {
        let mut about = String::new();
        if several {
            about = format!("{}: ", text::path(view::project_name(project), 100));
        }
        if let Some(recipe) = recipe.filter(|_| project.recipes.len() > 1) {
            about.push_str(&text::path(recipe, 100));
            about.push_str(": ");
        }
        about
    };
    let changed = |changes: Vec<view::Changed<'_>>| {
        let one = |change: view::Changed<'_>| ChangeView {
            about: about(change.project, change.recipe.map(|recipe| recipe.path.as_str())),
            title: change.outcome.rule.title,
            points: if change.points.abs() >= view::HALF_A_STEP {
                signed(change.points)
            } else {
                String::new()
            },
            lost: change.lost().join(", "),
            said: change
                .findings
                .iter()
                .take(MOST_PLACES)
                .map(|finding| {
                    format!(
                        "{}: {}",
                        text::html(&place_name(&finding.finding.place)),
                        text::sentence(&text::rich(&finding.finding.message, MOST_CHARACTERS))
                    )
                })
                .collect(),
        };
        changes.into_iter().map(one).collect::<Vec<_>>()
    };
    let actions = view::actions(report);
    let action = |action: &view::Action<'_>| ActionView {
        about: about(action.project, None),
        sentence: text::sentence(&text::rich(&action.sentence(), MOST_CHARACTERS)),
        gain: if action.gain >= 0.05 { signed(action.gain) } else { String::new() },
        ready: action
            .gain_as_is
            .filter(|ready| *ready >= view::HALF_A_STEP && *ready + view::HALF_A_STEP <= action.gain)
            .map(text::points),
        needed: action.in_cheapest,
        reason: action.reason(),
        lacks: action.lacks(),
        looked_at: action
            .looked_at()
            .iter()
            .take(8)
            .map(|place| text::line(place, 100))
            .collect::<Vec<_>>()
            .join(", "),
        page: action.page(),
        lines: action
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.findings)
            .filter_map(|finding| Some((&finding.finding.place, finding.finding.replacement.as_ref()?)))
            .take(MOST_PLACES)
            .map(|(place, right)| {
                (format!("{}:{}", text::path(&place.path, 200), right.line), block(&right.text))
            })
            .collect(),
        snippets: action
            .snippets
            .iter()
            .map(|snippet| {
                let address = target.new_file_url.as_deref().filter(|_| snippet.new_file);
                let address =
                    address.and_then(|url| text::new_file_address(url, &snippet.path, &snippet.body));
                let (before, after) = view::offer_title(snippet);
                SnippetView {
                    before,
                    path: text::path(&snippet.path, 200),
                    after,
                    editor: address.filter(|address| is_web(address)),
                    body: block(&snippet.body),
                }
            })
            .collect(),
    };
    let (decision, decided) = match report.decision() {
        Decision::Passed => ("passed", "passes"),
        Decision::Failed => ("failed", "does not pass"),
        Decision::Undecided => ("undecided", "undecided"),
    };
    let mut facts = Vec::new();
    let mut fact =
        |name, value: Option<&str>| facts.extend(value.map(|value| (name, text::line(value, 300))));
    fact("Repository", target.repo.as_deref());
    fact("Commit", target.head.as_deref());
    fact("Compared with", target.base.as_deref());
    fact("Policy", Some(&report.policy_source));
    fact("Profile", Some(report.policy.profile.id()));
    let coverage = &report.coverage;
    fact("Read", Some(&format!("{} of {} files, {} bytes", coverage.read, coverage.files, coverage.bytes)));
    if let Some((percent, of)) = view::rank(report).filter(|_| !several) {
        fact(
            "Among others",
            Some(&format!("higher than {percent} % of {of} repositories of NeurIPS 2019 papers")),
        );
    }
    Page {
        title: target
            .repo
            .as_deref()
            .map_or_else(|| "Reproducibility".to_owned(), |repo| text::line(repo, 100)),
        headline: view::headline(report),
        decision,
        decided,
        reasons: report
            .verdicts
            .iter()
            .flat_map(|verdict| verdict.gate.reasons.iter().map(move |reason| (verdict, reason)))
            // That the score is below the minimum is in the heading.
            .filter(|(_, reason)| several || !reason.starts_with("the score is "))
            .map(|(verdict, reason)| {
                let is_rule = reason.split(' ').next().is_some_and(|id| id.contains('/'));
                let reason = if is_rule { reason.clone() } else { text::capital(reason) };
                format!("{}{}", about(verdict, None), text::sentence(&text::line(&reason, 300)))
            })
            .collect(),
        projects: report
            .verdicts
            .iter()
            .zip(bases)
            .map(|(verdict, base)| project(report, verdict, base))
            .collect(),
        several,
        actions: actions.iter().map(action).collect(),
        as_is: report
            .verdicts
            .iter()
            .filter_map(|verdict| {
                let score = verdict.score_as_is.filter(|score| *score > verdict.score)?;
                Some(format!("{}{}", about(verdict, None), text::points(score)))
            })
            .collect(),
        introduced: changed(introduced),
        fixed: changed(fixed),
        has_base: report.base.iter().any(Option::is_some),
        proposed: report.proposed_policy.as_ref().map(|proposed| ProposedView {
            path: text::path(&proposed.path, 200),
            changes: proposed.changes.iter().map(|change| text::line(change, 300)).collect(),
            error: proposed.error.as_deref().map(|error| text::line(error, 600)),
        }),
        unread: coverage
            .unread
            .iter()
            .take(500)
            .map(|unread| (text::path(&unread.path, 200), text::line(&unread.why, 300)))
            .collect(),
        waivers: report
            .policy
            .waivers
            .iter()
            .map(|waiver| {
                let path = waiver.path.as_deref().map_or_else(String::new, |path| format!(" at {path}"));
                text::line(&format!("{}{path}, until {}: {}", waiver.rule, waiver.until, waiver.reason), 600)
            })
            .collect(),
        facts,
        version: env!("CARGO_PKG_VERSION"),
    }
}

fn project(report: &Report, verdict: &Verdict, base: Option<&Verdict>) -> ProjectView {
    let share = |points: f64, of: f64| text::points(if of > 0.0 { 100.0 * points / of } else { 0.0 });
    let before = base.map(|base| view::rows(base, None)).unwrap_or_default();
    let rows = view::rows(verdict, base)
        .into_iter()
        .filter_map(|row| {
            let (low, high) = row.points?;
            let base = before.iter().find(|known| known.title == row.title);
            Some(RowView {
                title: row.title,
                points: view::score(low, high),
                of: text::points(row.of),
                change: row.change.map(signed),
                share: share(low, row.of),
                share_at_most: share(high, row.of),
                share_of_base: base.and_then(|base| {
                    Some(text::points((100.0 * base.points?.0 / base.of.max(1.0)).min(99.5)))
                }),
            })
        })
        .collect();
    let mut groups: Vec<GroupView> = Vec::new();
    for standard in Standard::ALL {
        let rules: Vec<RuleView> = verdict
            .outcomes
            .iter()
            .filter(|outcome| outcome.rule.standard == standard)
            .map(|outcome| rule(report, outcome))
            .collect();
        if !rules.is_empty() {
            groups.push(GroupView {
                title: standard.title(),
                url: view::standard_url(standard),
                path: None,
                score: String::new(),
                rules,
            });
        }
        if standard == Standard::Recipe {
            groups.extend(verdict.recipes.iter().map(|recipe| GroupView {
                title: standard.title(),
                url: view::standard_url(standard),
                path: Some(text::path(&recipe.path, 200)),
                score: text::points(recipe.score),
                rules: recipe.outcomes.iter().map(|outcome| rule(report, outcome)).collect(),
            }));
        }
    }
    let score = view::score(verdict.score, verdict.score_at_most);
    let least = verdict.gate.min_score;
    let mut said = format!("Score {score} of 100");
    if least > 0.0 {
        said.push_str(&format!(", minimum {}", text::points(least)));
    }
    if let Some(base) = base {
        said.push_str(&format!(", {} at the base", text::points(base.score)));
    }
    ProjectView {
        name: text::path(view::project_name(verdict), 200),
        gauge: Gauge {
            score: text::points(verdict.score),
            range: text::points(verdict.score_at_most),
            least: (least > 0.0).then(|| text::points(least)),
            said,
        },
        score,
        rows,
        groups,
    }
}

fn rule(report: &Report, outcome: &Outcome) -> RuleView {
    let (status, status_class) = match outcome.status {
        Status::Pass => ("met", "pass"),
        Status::Partial => ("partly met", "partial"),
        Status::Fail => ("missing", "fail"),
        Status::NotApplicable => ("does not apply", "none"),
        Status::Waived => ("waived", "none"),
        Status::Unknown => ("unknown", "unknown"),
    };
    let note = match (outcome.status, &outcome.reason, &outcome.waived_until) {
        (Status::Waived, Some(reason), Some(until)) => Some(format!("Waived until {until}: {reason}")),
        (_, Some(reason), _) => Some(reason.clone()),
        _ => None,
    };
    let parts = outcome
        .parts
        .iter()
        .map(|part| PartView {
            title: part.title,
            state: match part.met {
                Some(true) => "there",
                Some(false) => "missing",
                None => "not judged",
            },
            state_class: match part.met {
                Some(true) => "pass",
                Some(false) => "fail",
                None => "unknown",
            },
            why: part.reason.as_deref().map(|why| text::line(why, 300)),
            places: part.evidence.iter().take(5).map(|place| shown(report, place)).collect(),
            more: part.evidence.len().saturating_sub(5),
        })
        .collect();
    RuleView {
        id: outcome.rule.id,
        title: outcome.rule.title,
        summary: outcome.rule.summary,
        reason: outcome.rule.reason,
        url: outcome.rule.url(),
        status,
        status_class,
        points: if outcome.of > 0.0 {
            format!("{} of {}", text::points(outcome.points), text::points(outcome.of))
        } else {
            String::new()
        },
        change: match (outcome.change, outcome.status) {
            (_, Status::Waived) => None,
            (Some(Change::Introduced), _) => Some(("introduced", "worse")),
            (Some(Change::Fixed), _) => Some(("fixed", "better")),
            _ => None,
        },
        note: note.map(|note| text::line(&note, 600)),
        fix: outcome.fix.as_ref().map(|fix| text::sentence(&text::rich(&fix.summary, MOST_CHARACTERS))),
        looked_at: outcome.looked_at.iter().take(30).map(|place| text::line(place, 200)).collect(),
        parts,
        findings: outcome.findings.iter().take(MOST_PLACES).map(|found| finding(report, found)).collect(),
        more: outcome.findings.len().saturating_sub(MOST_PLACES),
        open: outcome.change == Some(Change::Introduced) && outcome.status != Status::Waived,
    }
}

fn finding(report: &Report, found: &FindingOutcome) -> PlaceView {
    let finding = &found.finding;
    PlaceView {
        message: text::sentence(&text::rich(&finding.message, MOST_CHARACTERS)),
        new: found.change == Some(Change::Introduced),
        replacement: finding.replacement.as_ref().map(|replacement| block(&replacement.text)),
        ..shown(report, &finding.place)
    }
}

fn place_name(place: &Evidence) -> String {
    let path = text::path(&place.path, 200);
    if place.end_line > place.line {
        format!("{path}:{}-{}", place.line, place.end_line)
    } else {
        format!("{path}:{}", place.line)
    }
}

/// A place with its lines, one more above and below.
fn shown(report: &Report, place: &Evidence) -> PlaceView {
    let first = place.line.max(1);
    let last = place.end_line.max(first).min(first.saturating_add(MOST_LINES));
    let lines = report.excerpts.get(&place.path).map(|excerpt| {
        excerpt
            .lines()
            .zip(1_u32..)
            .skip(first.saturating_sub(2) as usize)
            .take_while(|(_, number)| *number <= last + 1)
            .map(|(line, number)| (number, columns(line), (first..=last).contains(&number)))
            .collect()
    });
    let link = report.target.blob_url.as_deref();
    let link = link.and_then(|url| text::permalink(url, &place.path, place.line, place.end_line));
    PlaceView {
        place: place_name(place),
        link: link.filter(|link| is_web(link)),
        message: text::rich(&place.note, 300),
        new: false,
        lines: lines.unwrap_or_default(),
        replacement: None,
    }
}

/// A line of code with its indentation.
fn columns(line: &str) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ' || *c == '\t').take(MOST_COLUMNS).collect();
    let mut shown: String = line
        .chars()
        .skip(indent.len())
        .filter(|c| !c.is_control() && text::is_shown(c.encode_utf8(&mut [0; 4])))
        .take(MOST_COLUMNS)
        .collect();
    if line.chars().count() > indent.len() + MOST_COLUMNS {
        shown.push('…');
    }
    format!("{}{shown}", indent.replace('\t', "    "))
}

fn block(body: &str) -> String {
    body.chars().filter(|c| *c == '\n' || text::is_shown(c.encode_utf8(&mut [0; 4]))).collect()
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}
