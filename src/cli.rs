//! The command line.

use crate::engine::Selection;
use crate::error::Error;
use crate::policy::Policy;
use crate::report::Target;
use crate::snapshot::{Snapshot, decode};
use crate::source::{SourceError, git::GitRepository, worktree};
use crate::verdict::Decision;
use crate::{Request, render, review};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Reviews the reproducibility of machine-learning code, without running it.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge a folder, a git revision, a document, or a repository or pull request on GitHub
    Check(Check),
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// A folder, a git repository, a document, OWNER/REPO[@REF] or OWNER/REPO#PR
    #[arg(default_value = ".")]
    pub target: String,
    /// Judge this revision of the git repository in place of the work tree
    #[arg(long)]
    pub rev: Option<String>,
    /// Compare with this revision
    #[arg(long)]
    pub base: Option<String>,
    /// Run only these rules or standards
    #[arg(long, value_name = "RULE|STANDARD")]
    pub only: Vec<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
}

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The versioned report
    Json,
}

/// Runs a command; the code is 0 when the gate is passed, 1 when it failed, 3 when it is undecided.
///
/// # Errors
/// Any [`Error`].
pub fn run(cli: Cli) -> Result<u8, Error> {
    match cli.command {
        Command::Check(check) => run_check(&check),
    }
}

fn run_check(check: &Check) -> Result<u8, Error> {
    let path = Path::new(&check.target);
    let policy = Policy::default();
    let (head, base, kind) = if path.is_file() {
        let bytes =
            std::fs::read(path).map_err(|source| SourceError::Read { path: path.to_owned(), source })?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("document.md").to_owned();
        let text = match decode(&bytes) {
            crate::snapshot::Text::Read(text) => text,
            _ => return Err(Error::Usage(format!("{} is not a text", path.display()))),
        };
        (Snapshot::from_files([(name, text)]), None, "document")
    } else {
        let repository = || GitRepository::open(path);
        let at = |revision: &str| -> Result<Snapshot, Error> {
            Ok(repository()?.snapshot(revision, &policy.limits)?)
        };
        let head = match &check.rev {
            Some(revision) => at(revision)?,
            None => worktree::snapshot(path, &policy.limits)?,
        };
        let base = check.base.as_deref().map(at).transpose()?;
        (head, base, if check.rev.is_some() { "commit" } else { "worktree" })
    };
    let target = Target {
        kind: kind.to_owned(),
        head: head.commit.clone(),
        base: base.as_ref().and_then(|base| base.commit.clone()),
        ..Target::default()
    };
    let request = Request {
        target,
        policy,
        policy_source: "defaults".to_owned(),
        selection: Selection { only: check.only.clone() },
        today: "2026-01-01".to_owned(),
    };
    let report = review(&head, base.as_ref(), &request);
    let text = render::json::render(&report);
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|source| Error::Write { path: PathBuf::from("standard output"), source })?;
    Ok(match report.decision() {
        Decision::Passed => 0,
        Decision::Failed => 1,
        Decision::Undecided => 3,
    })
}
