//! The command line.
#![allow(clippy::disallowed_methods, reason = "the command line reads files, the clock and the terminal")]

mod check;
mod explain;
mod target;

use crate::docgen;
use crate::error::Error;
use crate::policy::Profile;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::io::Write as _;
use std::path::{Path, PathBuf};

pub use check::today;
pub use target::Target;

/// Reviews the reproducibility of machine-learning code, without running it.
///
/// Exit codes: 0 the gate is passed, 1 it failed, 2 the arguments or the policy are wrong, 3 GitHub, the network or a
/// file failed, or what could not be read decides.
#[derive(Debug, Parser)]
#[command(name = "reprogate", version, about, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge a folder, a git revision, a document, or a repository or pull request on GitHub
    Check(Box<Check>),
    /// Run as a GitHub Action: read INPUT_* and GITHUB_*, judge, comment, gate
    Action,
    /// Print a ready-to-fill file, filled in from the repository's facts
    Draft(Draft),
    /// Say why a rule matters, what counts, how to mend it, and where it comes from
    Explain {
        /// The rule's id, e.g. checklist/training-code
        rule: String,
    },
    /// List the catalogue of rules
    Rules,
    /// Print a JSON schema
    Schema {
        /// Which schema
        #[arg(value_enum)]
        of: Schema,
    },
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// A folder, a git repository, a document, OWNER/REPO[@REF] or OWNER/REPO#PR
    #[arg(default_value = ".", value_name = "PATH | FILE.md | OWNER/REPO[@REF] | OWNER/REPO#PR")]
    pub target: String,
    /// Judge this revision of the git repository, in place of the work tree
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// Compare with this revision
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Read the policy from this file, in place of .github/reprogate.yml
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Least score that passes, 0 to 100; overrides the policy
    #[arg(long, value_name = "N", value_parser = score)]
    pub min_score: Option<f64>,
    /// What is asked; overrides the policy
    #[arg(long, value_name = "PROFILE", value_parser = profile)]
    pub profile: Option<Profile>,
    /// What to print; repeat for several, each with an --output behind it
    #[arg(long, value_enum)]
    pub format: Vec<Format>,
    /// Write the format named before it to this file, in place of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Run only these rules or standards; repeat for several
    #[arg(long, value_name = "RULE|STANDARD")]
    pub only: Vec<String>,
    /// Ask the outside as well: whether links are alive
    #[arg(long)]
    pub online: bool,
    /// Most threads to parse with
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// Arguments of `draft`.
#[derive(Debug, Args)]
pub struct Draft {
    /// What to draft
    #[arg(value_enum)]
    pub what: DraftKind,
    /// The folder or git repository whose facts fill it in
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Read this revision, in place of the work tree
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
}

/// What to draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DraftKind {
    /// A training recipe
    Recipe,
    /// The README's sections on training, evaluation, results and models
    Readme,
    /// A policy, .github/reprogate.yml
    Policy,
    /// A workflow, .github/workflows/reprogate.yml
    Workflow,
    /// A CITATION.cff
    Citation,
}

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal; the default
    Terminal,
    /// The versioned report
    Json,
    /// The comment that the Action posts
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// One self-contained page
    Html,
    /// Workflow commands that annotate a pull request
    Github,
}

/// Of what a schema is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// .github/reprogate.yml
    Policy,
    /// The JSON report
    Report,
}

/// A parsed command line, with the order of its arguments.
#[derive(Debug)]
pub struct Arguments {
    cli: Cli,
    matches: ArgMatches,
}

impl Arguments {
    /// Parses the process's arguments; prints usage and ends the process where they are wrong, or help is asked for.
    pub fn from_environment() -> Self {
        let matches = Cli::command().get_matches();
        let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        Self { cli, matches }
    }
}

/// Runs a command; the code is 0 when the gate is passed, 1 when it failed, 3 when it is undecided.
///
/// # Errors
/// Any [`Error`].
pub fn run(arguments: Arguments) -> Result<u8, Error> {
    let Arguments { cli, matches } = arguments;
    match cli.command {
        Command::Check(check) => {
            let order = matches.subcommand_matches("check");
            check::run(&check, &check::pair(&check, order)?)
        }
        Command::Action => check::action(),
        Command::Draft(draft) => check::draft(&draft),
        Command::Explain { rule } => explain::explain(&rule).and_then(|text| print(&text)),
        Command::Rules => print(&explain::catalogue()),
        Command::Schema { of: Schema::Policy } => print(&docgen::pretty(&crate::policy::schema())),
        Command::Schema { of: Schema::Report } => print(&docgen::pretty(&crate::render::json::schema())),
    }
}

/// Prints a text; a reader that went away (`| head`) is no error.
fn print(text: &str) -> Result<u8, Error> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Write { path: PathBuf::from("standard output"), source })
        }
        _ => Ok(0),
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    let error = |source| Error::Write { path: path.to_owned(), source };
    let name = path.file_name().ok_or_else(|| error(std::io::ErrorKind::IsADirectory.into()))?;
    let draft = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    std::fs::write(&draft, text).and_then(|()| std::fs::rename(&draft, path)).map_err(|source| {
        let _ = std::fs::remove_file(&draft);
        error(source)
    })
}

fn score(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(score) if (0.0..=100.0).contains(&score) => Ok(score),
        _ => Err("expected a score from 0 to 100".to_owned()),
    }
}

fn profile(text: &str) -> Result<Profile, String> {
    Profile::find(text).ok_or_else(|| format!("expected one of {}", Profile::ALL.map(Profile::id).join(", ")))
}
