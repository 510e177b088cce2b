//! The Action's entry point: what started the run, the review of it, and telling everyone.
//!
//! First what nobody can refuse (summary, annotations, files, outputs), then what GitHub may refuse (the comment).
//! The exit code is the verdict's in any case.

mod inputs;
mod judge;

pub use inputs::{Inputs, Overrides, Variables, input};
pub use judge::{Asked, Commits, commits, judge, pull_request};

use crate::engine::Selection;
use crate::error::Error;
use crate::event::{self, PullRequest, Trigger};
use crate::github::{Client, GithubError, RepoName, Settings, Timing, Token};
use crate::publish::{CommentMode, Key, Mark, Outcome, Place, Wanted, workflow};
use crate::render;
use crate::report::Report;
use crate::source::github::GithubSource;
use crate::verdict::{Decision, Status};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Runs as a GitHub Action. The code is 0 when the gate is passed, 1 when it failed, 3 when it is undecided.
///
/// # Errors
/// Any [`Error`] that leaves no verdict.
pub async fn run(
    variables: &Variables,
    today: &str,
    timing: Timing,
    stdout: &mut (dyn Write + Send),
) -> Result<u8, Error> {
    let inputs = Inputs::read(variables)?;
    let trigger = trigger(variables)?;
    let client = Client::new(&settings(variables, inputs.github_api_url.as_deref(), timing)?)?;
    let mut commits = commits(&client, &trigger.repo, &trigger.subject).await?;
    commits.base_may_be_gone = trigger.event == "push";
    if commits.head.is_none() {
        say(stdout, "Nothing to judge: the branch was deleted.\n");
        return Ok(0);
    }
    let source = GithubSource { client: &client, repo: &trigger.repo };
    let asked = Asked {
        server_url: &trigger.server_url,
        overrides: &inputs.overrides,
        policy: None,
        selection: Selection::default(),
        today: today.to_owned(),
        jobs: None,
        online: inputs.online,
    };
    let report = judge(source, &commits, &asked).await?;
    tell(variables, &inputs, &report, stdout);
    let comment_url = match &commits.pull_request {
        Some(found) => {
            let place = Place { client: &client, repo: &trigger.repo, number: found.number };
            comment(&place, &inputs, &trigger, found, &report, stdout).await
        }
        None => None,
    };
    let outputs = workflow::outputs(&[("comment-url", comment_url.unwrap_or_default())]);
    append(variables, "GITHUB_OUTPUT", &outputs, stdout);
    tracing::info!(requests = client.requests(), "done");
    Ok(exit_code(report.decision()))
}

/// 0 when the gate is passed, 1 when it failed, 3 when what could not be read decides.
pub fn exit_code(decision: Decision) -> u8 {
    match decision {
        Decision::Passed => 0,
        Decision::Failed => 1,
        Decision::Undecided => 3,
    }
}

/// How GitHub is reached, by the runner's variables and the input `github-api-url`.
///
/// # Errors
/// [`Error::Usage`] for a token that is none.
pub fn settings(variables: &Variables, api_url: Option<&str>, timing: Timing) -> Result<Settings, Error> {
    let variable =
        |name: &str| variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let token = input(variables, "token")
        .or_else(|| variable("GITHUB_TOKEN"))
        .or_else(|| variable("GH_TOKEN"))
        .map(str::parse::<Token>)
        .transpose()
        .map_err(|error| Error::Usage(error.to_string()))?;
    let own = variable("GITHUB_API_URL");
    let api_url = api_url.or(own).unwrap_or("https://api.github.com").to_owned();
    // An address from elsewhere has its GraphQL elsewhere too.
    let graphql_url =
        if own == Some(api_url.as_str()) { variable("GITHUB_GRAPHQL_URL").map(str::to_owned) } else { None };
    // Plain addresses are of this machine or of a test.
    let proxy = variable("HTTPS_PROXY")
        .or_else(|| variable("https_proxy"))
        .filter(|_| api_url.trim_start().starts_with("https:"));
    let no_proxy = variable("NO_PROXY").or_else(|| variable("no_proxy"));
    Ok(Settings {
        api_url,
        graphql_url,
        token,
        proxy: proxy.map(str::to_owned),
        no_proxy: no_proxy.map(str::to_owned),
        timing,
    })
}

fn trigger(variables: &Variables) -> Result<Trigger, Error> {
    let payload = match variables.get("GITHUB_EVENT_PATH").filter(|path| !path.is_empty()) {
        Some(path) => std::fs::read_to_string(path).map_err(|source| {
            Error::Source(crate::source::SourceError::Read { path: PathBuf::from(path), source })
        })?,
        None => String::new(),
    };
    Ok(event::parse(variables, &payload)?)
}

/// What needs nobody's leave: each part that fails is said, and hides no other.
fn tell(variables: &Variables, inputs: &Inputs, report: &Report, stdout: &mut (dyn Write + Send)) {
    append(variables, "GITHUB_STEP_SUMMARY", &workflow::summary(&render::summary::render(report)), stdout);
    if inputs.annotations {
        say(stdout, &workflow::commands(&render::annotations::list(report)));
    }
    type Renderer = fn(&Report) -> String;
    let files: [(&Option<String>, Renderer); 3] = [
        (&inputs.json_file, render::json::render),
        (&inputs.sarif_file, render::sarif::render),
        (&inputs.html_file, render::html::render),
    ];
    let mut report_file = String::new();
    for (path, render) in files {
        let Some(path) = path else { continue };
        match crate::cli::write(Path::new(path), &render(report)) {
            Ok(()) if report_file.is_empty() => report_file.clone_from(path),
            Ok(()) => {}
            Err(error) => say(stdout, &workflow::warning("reprogate: file not written", &error.to_string())),
        }
    }
    let decision = report.decision();
    let outputs = workflow::outputs(&[
        ("score", report.score().to_string()),
        ("passed", (decision == Decision::Passed).to_string()),
        ("delta", report.delta().map(|delta| delta.to_string()).unwrap_or_default()),
        ("missing", serde_json::to_string(&missing(report)).unwrap_or_default()),
        ("report-file", report_file),
    ]);
    append(variables, "GITHUB_OUTPUT", &outputs, stdout);
    let said = match decision {
        Decision::Passed => "passes",
        Decision::Failed => "fails",
        Decision::Undecided => "is undecided",
    };
    let mut line = format!("{} / 100, {said}", report.score());
    for verdict in &report.verdicts {
        let project = if verdict.root.is_empty() { String::new() } else { format!("{}: ", verdict.root) };
        for reason in &verdict.gate.reasons {
            line.push_str(&format!("\n- {}", workflow::plain(&format!("{project}{reason}"))));
        }
    }
    line.push('\n');
    say(stdout, &line);
}

/// Ids of the rules that lack something, in the order of the catalogue, each once.
fn missing(report: &Report) -> Vec<&'static str> {
    let lacking = |status: Status| matches!(status, Status::Partial | Status::Fail);
    let mut missing: Vec<&'static str> = Vec::new();
    for outcome in report.verdicts.iter().flat_map(|verdict| verdict.all_outcomes()) {
        if lacking(outcome.status) && !missing.contains(&outcome.rule.id) {
            missing.push(outcome.rule.id);
        }
    }
    missing
}

async fn comment(
    place: &Place<'_>,
    inputs: &Inputs,
    trigger: &Trigger,
    found: &PullRequest,
    report: &Report,
    stdout: &mut (dyn Write + Send),
) -> Option<String> {
    let overrides = &inputs.overrides;
    let key = Key::new(
        overrides.project.as_deref().unwrap_or_default(),
        overrides.policy.as_deref().unwrap_or_default(),
    );
    let wanted = Wanted {
        mark: Mark {
            key,
            head: found.head.as_str().to_owned(),
            base: Some(found.base.as_str().to_owned()),
            run: trigger.run,
        },
        text: if inputs.comment == CommentMode::Off {
            String::new()
        } else {
            render::comment::render(report)
        },
        base_ref: found.base_ref.clone(),
        mode: inputs.comment,
    };
    let notes = inputs.review.then(|| render::review::list(report));
    let (outcome, review) = place.publish(&wanted, notes.as_deref()).await;
    if let Some(review) = review {
        if review.posted + review.resolved > 0 {
            say(stdout, &format!("Notes: {} written, {} resolved.\n", review.posted, review.resolved));
        }
        match review.error {
            Some(error) if error.is_refusal() => refused(stdout, "notes on lines", &error),
            Some(error) => {
                let text = format!("some notes on lines are missing: {error}");
                say(stdout, &workflow::warning("reprogate: notes missing", &text));
            }
            None => {}
        }
    }
    match outcome {
        Outcome::Posted { url, changed } => {
            say(stdout, &format!("Comment {}: {url}\n", if changed { "written" } else { "unchanged" }));
            Some(url)
        }
        Outcome::Superseded(why) => {
            say(stdout, &format!("Comment left alone: {why}.\n"));
            None
        }
        Outcome::Refused(error) => {
            refused(stdout, "the comment", &error);
            None
        }
        Outcome::Failed(error) => {
            let text = format!("the comment could not be written: {error}");
            say(stdout, &workflow::warning("reprogate: no comment", &text));
            None
        }
        Outcome::Off => None,
    }
}

/// Says which permission is missing, where nobody overlooks it and nothing depends on it.
fn refused(stdout: &mut (dyn Write + Send), what: &str, error: &GithubError) {
    let help = error.help().map(|help| format!(" ({help})")).unwrap_or_default();
    let text = format!("GitHub does not allow {what}: {error}{help}. The verdict is in the job's summary.");
    say(stdout, &workflow::warning("reprogate: not allowed to comment", &text));
}

/// Adds to one of the runner's files, where the runner names it.
fn append(variables: &Variables, name: &str, text: &str, stdout: &mut (dyn Write + Send)) {
    let Some(path) = variables.get(name).filter(|path| !path.is_empty()) else { return };
    if let Err(error) = workflow::append(Path::new(path), text) {
        say(stdout, &workflow::warning("reprogate", &format!("{name} cannot be written: {error}")));
    }
}

/// Prints; a log that is gone is no reason to stop.
fn say(stdout: &mut (dyn Write + Send), text: &str) {
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// Judges a repository at a branch, tag or commit (its default branch without one).
///
/// # Errors
/// Any [`Error`] that leaves no verdict.
pub async fn check_repository(
    client: &Client,
    repo: &RepoName,
    reference: Option<&str>,
    base: Option<&str>,
    asked: &Asked<'_>,
) -> Result<Report, Error> {
    let source = GithubSource { client, repo };
    let resolve = async |reference: Option<&str>| match reference {
        Some(reference) => source.resolve(reference).await,
        None => Ok(None),
    };
    let (head, base) = futures::join!(source.resolve(reference.unwrap_or("HEAD")), resolve(base));
    let commits = Commits { head: head?, base: base?, ..Commits::default() };
    judge(source, &commits, asked).await
}

/// Judges a pull request as it is now.
///
/// # Errors
/// Any [`Error`] that leaves no verdict.
pub async fn check_pull_request(
    client: &Client,
    repo: &RepoName,
    number: crate::github::PullRequestNumber,
    asked: &Asked<'_>,
) -> Result<Report, Error> {
    let commits = commits(client, repo, &event::Subject::Numbered(number)).await?;
    judge(GithubSource { client, repo }, &commits, asked).await
}
