//! `check`, `action` and `draft`: from arguments to the flow and from its report to files.

use super::{Check, Draft, DraftKind, Format, Target, print, write};
use crate::engine::Selection;
use crate::error::Error;
use crate::facts::{Facts, Parsed, parse_all};
use crate::policy::{self, Limits, Policy};
use crate::report::{self, Report};
use crate::snapshot::{Snapshot, Text, decode};
use crate::source::{SourceError, git::GitRepository, worktree};
use crate::verdict::Decision;
use crate::{Request, draft, render, review, rules};
use clap::ArgMatches;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// What is written where; `None` is standard output.
pub(super) type Outputs = Vec<(Format, Option<PathBuf>)>;

/// Gives each `--output` to the `--format` before it.
pub(super) fn pair(check: &Check, order: Option<&ArgMatches>) -> Result<Outputs, Error> {
    let places = |name: &str| -> Vec<usize> {
        order.and_then(|order| order.indices_of(name)).map(Iterator::collect).unwrap_or_default()
    };
    let mut outputs: Vec<(usize, Format, Option<PathBuf>)> =
        places("format").into_iter().zip(&check.format).map(|(at, format)| (at, *format, None)).collect();
    for (at, path) in places("output").into_iter().zip(&check.output) {
        let before = outputs.iter_mut().rfind(|(format, ..)| *format < at);
        match before {
            Some((_, _, place @ None)) => *place = Some(path.clone()),
            Some((_, _, Some(taken))) => {
                return Err(Error::Usage(format!(
                    "{} and {} follow the same --format; each --output needs its own",
                    taken.display(),
                    path.display()
                )));
            }
            None => {
                return Err(Error::Usage(format!("--output {} needs a --format before it", path.display())));
            }
        }
    }
    if outputs.iter().filter(|(_, _, path)| path.is_none()).count() > 1 {
        return Err(Error::Usage("only one --format can be printed; give the others an --output".to_owned()));
    }
    let mut outputs: Outputs = outputs.into_iter().map(|(_, format, path)| (format, path)).collect();
    if outputs.is_empty() {
        outputs.push((Format::Terminal, None));
    }
    Ok(outputs)
}

/// Today, `YYYY-MM-DD`, in UTC as GitHub's runners count.
pub fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}

pub(super) fn run(check: &Check, outputs: &Outputs) -> Result<u8, Error> {
    for only in &check.only {
        let known =
            rules::Standard::ALL.iter().any(|standard| standard.id() == only) || rules::find(only).is_some();
        if !known {
            let names = rules::all().map(|rule| rule.id).chain(rules::Standard::ALL.map(rules::Standard::id));
            let near = policy::nearest(only, names)
                .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(Error::Usage(format!("--only {only} names no rule and no standard{near}")));
        }
    }
    let report = match Target::parse(&check.target).map_err(Error::Usage)? {
        Target::Document(path) => document(check, &path)?,
        Target::Folder(path) => folder(check, &path)?,
        Target::Repository { .. } | Target::PullRequest { .. } => {
            return Err(Error::Usage("repositories on GitHub are judged by the Action only".to_owned()));
        }
    };
    publish(&report, outputs)
}

fn publish(report: &Report, outputs: &Outputs) -> Result<u8, Error> {
    for (format, path) in outputs {
        let text = rendered(report, *format, path.is_none());
        match path {
            Some(path) => write(path, &text)?,
            None => {
                print(&text)?;
            }
        }
    }
    Ok(match report.decision() {
        Decision::Passed => 0,
        Decision::Failed => 1,
        Decision::Undecided => 3,
    })
}

fn rendered(report: &Report, format: Format, printed: bool) -> String {
    match format {
        Format::Terminal => {
            let terminal = printed && std::io::stdout().is_terminal();
            let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            render::terminal::render(report, colour, width())
        }
        Format::Json => render::json::render(report),
        Format::Markdown => render::markdown::render(report),
        Format::Sarif => render::sarif::render(report),
        Format::Html => render::html::render(report),
        Format::Github => render::annotations::list(report)
            .iter()
            .map(|annotation| annotation.workflow_command() + "\n")
            .collect(),
    }
}

/// Columns of the terminal, as far as the environment tells.
fn width() -> usize {
    const DEFAULT: usize = 100;
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| *columns >= 40)
        .unwrap_or(DEFAULT)
}

/// The policy that arguments override; `found` is the text of the repository's own.
fn policy_for(check: &Check, found: Option<String>, origin: &str) -> Result<(Policy, String), Error> {
    let (mut policy, source) = match (&check.policy, found) {
        (Some(path), _) => {
            let text = std::fs::read_to_string(path)
                .map_err(|source| SourceError::Read { path: path.clone(), source })?;
            let shown = path.display().to_string();
            (policy::parse(&text, &shown)?, shown)
        }
        (None, Some(text)) => (policy::parse(&text, policy::PATH)?, format!("{}{origin}", policy::PATH)),
        (None, None) => (Policy::default(), "defaults".to_owned()),
    };
    if let Some(score) = check.min_score {
        policy.min_score = score;
    }
    if let Some(profile) = check.profile {
        policy.profile = profile;
    }
    Ok((policy, source))
}

fn document(check: &Check, path: &Path) -> Result<Report, Error> {
    if check.rev.is_some() || check.base.is_some() {
        return Err(Error::Usage(
            "--rev and --base name commits; a document is judged as it stands".to_owned(),
        ));
    }
    let bytes = std::fs::read(path).map_err(|source| SourceError::Read { path: path.to_owned(), source })?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("document.md").to_owned();
    let Text::Read(text) = decode(&bytes) else {
        return Err(Error::Usage(format!("{} is not a text", path.display())));
    };
    let (mut policy, source) = policy_for(check, None, "")?;
    policy.recipes = vec!["*".to_owned()];
    let selection = if check.only.is_empty() {
        vec![rules::Standard::Recipe.id().to_owned()]
    } else {
        check.only.clone()
    };
    let target = report::Target { kind: "document".to_owned(), ..report::Target::default() };
    let request = Request {
        target,
        policy,
        policy_source: source,
        selection: Selection { only: selection },
        today: today(),
        jobs: check.jobs,
    };
    Ok(review(&Snapshot::from_files([(name, text)]), None, &request))
}

fn folder(check: &Check, path: &Path) -> Result<Report, Error> {
    let repository = match (&check.rev, &check.base) {
        (None, None) => None,
        _ => Some(GitRepository::open(path)?),
    };
    // The policy that governs a change is that of the commit it is compared with.
    let (found, origin) = match (&repository, &check.base, &check.rev) {
        (Some(repository), Some(base), _) => (repository.file(base, policy::PATH)?, format!(" at {base}")),
        (Some(repository), None, Some(rev)) => (repository.file(rev, policy::PATH)?, format!(" at {rev}")),
        _ => (std::fs::read(path.join(policy::PATH)).ok(), String::new()),
    };
    let found = found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let (policy, source) = policy_for(check, found, &origin)?;
    let at = |revision: &str| -> Result<Option<Snapshot>, SourceError> {
        repository.as_ref().map(|repository| repository.snapshot(revision, &policy.limits)).transpose()
    };
    let (head, kind) = match &check.rev {
        Some(revision) => (at(revision)?, "commit"),
        None => (Some(worktree::snapshot(path, &policy.limits)?), "worktree"),
    };
    let head = head.unwrap_or_default();
    let base = check.base.as_deref().map(at).transpose()?.flatten();
    let target = report::Target {
        kind: kind.to_owned(),
        head: head.commit.clone(),
        base: base.as_ref().and_then(|base| base.commit.clone()),
        ..report::Target::default()
    };
    let selection = Selection { only: check.only.clone() };
    let request =
        Request { target, policy, policy_source: source, selection, today: today(), jobs: check.jobs };
    Ok(review(&head, base.as_ref(), &request))
}

pub(super) fn action() -> Result<u8, Error> {
    Err(Error::Usage("the Action's entry point is not part of this build".to_owned()))
}

pub(super) fn draft(arguments: &Draft) -> Result<u8, Error> {
    let limits = Limits::default();
    let snapshot = match &arguments.rev {
        Some(revision) => GitRepository::open(&arguments.path)?.snapshot(revision, &limits)?,
        None => worktree::snapshot(&arguments.path, &limits)?,
    };
    let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
    let commit = snapshot.commit.clone().or_else(|| {
        GitRepository::open(&arguments.path).and_then(|repository| repository.resolve("HEAD")).ok()
    });
    let context = draft::Context { commit: commit.as_deref(), today: &today() };
    print(&match arguments.what {
        DraftKind::Recipe => draft::recipe::draft(&facts, &context),
        DraftKind::Readme => draft::readme::draft(&facts, &context),
        DraftKind::Policy => draft::policy::draft(&facts, &context),
        DraftKind::Workflow => draft::workflow::draft(&facts, &context),
        DraftKind::Citation => draft::citation::draft(&facts, &context),
    })
}
