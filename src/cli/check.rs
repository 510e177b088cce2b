//! `check`, `action` and `draft`: from arguments to the flow and from its report to files.

use super::{Check, Draft, DraftKind, Format, Target, print, write};
use crate::action::{self, Asked, Overrides};
use crate::engine::Selection;
use crate::error::Error;
use crate::facts::links::Answers;
use crate::facts::{Facts, Parsed, parse_all};
use crate::github::{Client, PullRequestNumber, RepoName, Timing};
use crate::policy::{self, Limits, Policy};
use crate::report::{self, Report};
use crate::snapshot::{Snapshot, Text, decode};
use crate::source::{SourceError, git::GitRepository, online, worktree};
use crate::verdict::Decision;
use crate::{Prepared, Request, draft, render, review, rules};
use clap::ArgMatches;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
        target @ (Target::Repository { .. } | Target::PullRequest { .. }) => on_github(check, &target)?,
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

/// The revision that is read: the one asked for, of a bare repository its HEAD; `None` for a work tree.
fn revision(asked: Option<&String>, path: &Path) -> Option<String> {
    let is_bare =
        || path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir();
    asked.cloned().or_else(|| is_bare().then(|| "HEAD".to_owned()))
}

fn folder(check: &Check, path: &Path) -> Result<Report, Error> {
    let rev = revision(check.rev.as_ref(), path);
    let repository = match (&rev, &check.base) {
        (None, None) => None,
        _ => Some(GitRepository::open(path)?),
    };
    // The policy that governs a change is that of the commit it is compared with.
    let (found, origin) = match (&repository, &check.base, &rev) {
        (Some(repository), Some(base), _) => (repository.file(base, policy::PATH)?, format!(" at {base}")),
        (Some(repository), None, Some(rev)) => (repository.file(rev, policy::PATH)?, format!(" at {rev}")),
        _ => (std::fs::read(path.join(policy::PATH)).ok(), String::new()),
    };
    let found = found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let (policy, source) = policy_for(check, found, &origin)?;
    let at = |revision: &str| -> Result<Option<Snapshot>, SourceError> {
        repository.as_ref().map(|repository| repository.snapshot(revision, &policy.limits)).transpose()
    };
    let (head, kind) = match &rev {
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
    let prepared = Prepared::new(&head, base.as_ref(), &request);
    let questions = prepared.questions();
    let mut answers = Answers::default();
    if !questions.commits.is_empty() {
        // A folder that is no repository leaves the question open.
        answers.commits = match repository.map_or_else(|| GitRepository::open(path), Ok) {
            Ok(repository) => repository.ancestry(&questions.commits),
            Err(_) => BTreeMap::new(),
        };
    }
    if check.online {
        let bounds = online::Bounds::default();
        answers.links = runtime()?.block_on(online::ask(&questions.links, None, &bounds, online::is_public));
    }
    let (report, judged) = prepared.judge_and_keep(&Arc::new(answers));
    // The process is about to end, and the system takes all of it back at once.
    std::mem::forget((judged, head, base));
    Ok(report)
}

/// Judges what only GitHub has, with the token and the addresses of the environment.
fn on_github(check: &Check, target: &Target) -> Result<Report, Error> {
    if check.rev.is_some() {
        return Err(Error::Usage("--rev is for git repositories on disk; write OWNER/REPO@REF".to_owned()));
    }
    log("reprogate=warn");
    let variables = variables();
    let settings = action::settings(&variables, None, Timing::default())?;
    let policy = check.policy.as_ref().map(|path| {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SourceError::Read { path: path.clone(), source })?;
        Ok::<_, Error>((text, path.display().to_string()))
    });
    let server_url = variables.get("GITHUB_SERVER_URL").filter(|url| !url.is_empty());
    let overrides = Overrides { min_score: check.min_score, profile: check.profile, ..Overrides::default() };
    let asked = Asked {
        server_url: server_url.map_or("https://github.com", |url| url.trim_end_matches('/')),
        overrides: &overrides,
        policy: policy.transpose()?,
        selection: Selection { only: check.only.clone() },
        today: today(),
        jobs: check.jobs,
        online: check.online,
    };
    let name = |repo: &str| repo.parse::<RepoName>().map_err(|error| Error::Usage(error.to_string()));
    runtime()?.block_on(async {
        let client = Client::new(&settings)?;
        match target {
            Target::Repository { repo, reference } => {
                let base = check.base.as_deref();
                action::check_repository(&client, &name(repo)?, reference.as_deref(), base, &asked).await
            }
            Target::PullRequest { repo, number } => {
                action::check_pull_request(&client, &name(repo)?, PullRequestNumber(*number), &asked).await
            }
            Target::Folder(path) | Target::Document(path) => {
                Err(Error::Usage(format!("{} is on this machine", path.display())))
            }
        }
    })
}

pub(super) fn action() -> Result<u8, Error> {
    let variables = variables();
    let debugs = variables.get("RUNNER_DEBUG").is_some_and(|value| value == "1");
    log(if debugs { "reprogate=debug" } else { "reprogate=info" });
    runtime()?.block_on(action::run(&variables, &today(), Timing::default(), &mut std::io::stdout()))
}

fn variables() -> action::Variables {
    let text =
        |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    std::env::vars_os().filter_map(text).collect()
}

/// Logs to standard error; RUST_LOG overrides what is logged.
fn log(default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .with_target(false)
        .try_init();
}

fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::Usage(format!("this machine gives no event loop: {error}")))
}

pub(super) fn draft(arguments: &Draft) -> Result<u8, Error> {
    let limits = Limits::default();
    let snapshot = match revision(arguments.rev.as_ref(), &arguments.path) {
        Some(revision) => GitRepository::open(&arguments.path)?.snapshot(&revision, &limits)?,
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
