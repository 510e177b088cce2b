//! From commits on GitHub to a report, under the policy of the base commit.

use super::inputs::Overrides;
use crate::engine::Selection;
use crate::error::Error;
use crate::event::{Branch, PullRequest, PullRequestPayload, Subject};
use crate::facts::links::Answers;
use crate::github::{Client, CommitSha, GithubError, PullRequestNumber, RepoName, path_part};
use crate::policy::{self, Limits, Policy, Project};
use crate::report::{ProposedPolicy, Report, Target};
use crate::snapshot::Text;
use crate::source::github::{GithubSource, Listing, Texts, snapshot, wanted};
use crate::source::online;
use crate::{Prepared, Request};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a review of commits on GitHub needs to be told.
#[derive(Debug, Clone)]
pub struct Asked<'run> {
    /// Where people see the repository: `https://github.com`.
    pub server_url: &'run str,
    /// What is set over the policy.
    pub overrides: &'run Overrides,
    /// A policy in place of the repository's own: its text and where it is from.
    pub policy: Option<(String, String)>,
    /// Which rules run.
    pub selection: Selection,
    /// Today, `YYYY-MM-DD`.
    pub today: String,
    /// Most threads to parse with; `None` for as many as the machine has.
    pub jobs: Option<usize>,
    /// Whether outside links are asked whether they are alive.
    pub online: bool,
}

/// The commits that are judged, and the pull request that they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commits {
    /// What is judged; `None` where there is nothing, e.g. in an empty repository.
    pub head: Option<CommitSha>,
    /// What it is compared with.
    pub base: Option<CommitSha>,
    /// The pull request.
    pub pull_request: Option<PullRequest>,
    /// Whether `base` may be gone: what a forced push replaced.
    pub base_may_be_gone: bool,
}

/// A pull request as it is now.
///
/// # Errors
/// Any [`GithubError`].
pub async fn pull_request(
    client: &Client,
    repo: &RepoName,
    number: PullRequestNumber,
) -> Result<PullRequest, GithubError> {
    let path = format!("/repos/{repo}/pulls/{number}");
    let payload: PullRequestPayload = client.get(&path).await?;
    payload.try_into().map_err(|error: crate::github::NameError| GithubError::Decode {
        what: format!("GET {path}"),
        why: error.to_string(),
    })
}

/// Finds out what `subject` stands for.
///
/// # Errors
/// Any [`GithubError`].
pub async fn commits(client: &Client, repo: &RepoName, subject: &Subject) -> Result<Commits, GithubError> {
    let of = |found: PullRequest| Commits {
        head: Some(found.head.clone()),
        base: Some(found.base.clone()),
        pull_request: Some(found),
        base_may_be_gone: false,
    };
    match subject {
        Subject::PullRequest(found) => Ok(of(found.clone())),
        Subject::Numbered(number) => Ok(of(pull_request(client, repo, *number).await?)),
        Subject::Proposed { head, branch } => {
            Ok(match proposed_by(client, repo, head, branch.as_ref()).await? {
                Some(found) => of(found),
                None => Commits { head: Some(head.clone()), ..Commits::default() },
            })
        }
        Subject::Commit { head, base } => {
            Ok(Commits { head: Some(head.clone()), base: base.clone(), ..Commits::default() })
        }
        Subject::Nothing => Ok(Commits::default()),
    }
}

/// The open pull request whose head is `head`.
///
/// GitHub lists a commit's pull requests only where the commit is on a branch of this very repository; those from forks
/// are listed by their branch. A listing only leads there: the head has to be the one that was tested.
async fn proposed_by(
    client: &Client,
    repo: &RepoName,
    head: &CommitSha,
    branch: Option<&Branch>,
) -> Result<Option<PullRequest>, GithubError> {
    let mut paths = vec![format!("/repos/{repo}/commits/{head}/pulls")];
    if let Some(Branch { owner, name }) = branch {
        let label = path_part(&format!("{owner}:{name}"));
        paths.insert(0, format!("/repos/{repo}/pulls?state=open&head={label}"));
    }
    for path in paths {
        let listed: Vec<Listed> = match client.get(&path).await {
            Ok(listed) => listed,
            Err(GithubError::NotFound { .. } | GithubError::Unprocessable { .. }) => continue,
            Err(error) => return Err(error),
        };
        let open = listed.into_iter().filter(|candidate| candidate.state == "open");
        let mut known = open.filter_map(|candidate| PullRequest::try_from(candidate.pull_request).ok());
        if let Some(found) = known.find(|found| found.head == *head) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// A pull request in a listing.
#[derive(Deserialize)]
struct Listed {
    state: String,
    #[serde(flatten)]
    pull_request: PullRequestPayload,
}

/// Judges `commits` in two rounds of requests: the listings, then the texts.
///
/// # Errors
/// [`Error::Github`] where a commit cannot be listed, [`Error::Policy`] where the policy in force is wrong.
pub async fn judge(source: GithubSource<'_>, commits: &Commits, asked: &Asked<'_>) -> Result<Report, Error> {
    let list = async |commit: &Option<CommitSha>| match commit {
        Some(commit) => source.list(commit).await.map(Some),
        None => Ok(None),
    };
    let (head, base) = futures::join!(list(&commits.head), list(&commits.base));
    let head = head?.unwrap_or_default();
    let base = match base {
        Err(error @ GithubError::NotFound { .. }) if commits.base_may_be_gone => {
            tracing::warn!(%error, "judged without comparing");
            None
        }
        base => base?,
    };
    let mut texts = Texts::new();
    let path = asked.overrides.policy.as_deref().unwrap_or(policy::PATH);
    let listings: Vec<&Listing> = std::iter::once(&head).chain(&base).collect();
    source.read(&wanted(&listings, &[path], &Limits::default()), &mut texts).await?;
    let governing = base.as_ref().unwrap_or(&head);
    let found = policy_text(governing, &texts, path)?;
    let (text, origin) = match (&asked.policy, found) {
        (Some((text, origin)), _) => (Some(text.clone()), origin.clone()),
        (None, Some(text)) => {
            let commit = governing.commit.as_ref().map_or("", CommitSha::short);
            let which = if base.is_some() { "base commit" } else { "commit" };
            (Some(text), format!("{path} at {which} {commit}"))
        }
        (None, None) if asked.overrides.policy.is_some() => {
            return Err(Error::Usage(format!(
                "the policy {path} is not in {}",
                governing.commit.as_ref().map_or("an empty repository", CommitSha::short)
            )));
        }
        (None, None) => (None, "defaults".to_owned()),
    };
    let policy = text.as_deref().map_or_else(|| Ok(Policy::default()), |text| policy::parse(text, path))?;
    let proposed = match (&base, &asked.policy) {
        (Some(_), None) => proposed(&head, &texts, path, text.as_deref(), &policy),
        _ => None,
    };
    let policy = overridden(policy, asked.overrides);
    if policy.limits != Limits::default() {
        source.read(&wanted(&listings, &[], &policy.limits), &mut texts).await?;
    }
    let request = Request {
        target: target(source.repo, commits, asked.server_url),
        selection: asked.selection.clone(),
        policy_source: origin,
        today: asked.today.clone(),
        jobs: asked.jobs,
        policy,
    };
    let limits = &request.policy.limits;
    let base = base.map(|base| snapshot(&base, &texts, limits));
    let head = snapshot(&head, &texts, limits);
    let prepared = Prepared::new(&head, base.as_ref(), &request);
    let questions = prepared.questions();
    let own = format!("{}/{}", source.repo.owner(), source.repo.name());
    let links = async {
        match asked.online {
            true => {
                online::ask(&questions.links, Some(&own), &online::Bounds::default(), online::is_public).await
            }
            false => BTreeMap::new(),
        }
    };
    let (commits, links) = futures::join!(online::ancestry(source, &questions.commits), links);
    let mut report = prepared.judge(&Arc::new(Answers { links, commits }));
    report.proposed_policy = proposed;
    Ok(report)
}

/// The policy of a commit. One that is there and cannot be read is an error: without it the gate would be another.
fn policy_text(listing: &Listing, texts: &Texts, path: &str) -> Result<Option<String>, Error> {
    if let Some(why) = listing.incomplete.as_ref().filter(|_| listing.entry(path).is_none()) {
        return Err(Error::Unreadable { what: path.to_owned(), why: why.clone() });
    }
    let Some(entry) = listing.entry(path) else { return Ok(None) };
    let why = match texts.get(&entry.id) {
        _ if !entry.is_file() => "it is no file".to_owned(),
        Some(Text::Read(text)) => return Ok(Some(text.to_string())),
        Some(Text::Unread(why)) => why.clone(),
        Some(Text::Binary) | None => "it is not a text".to_owned(),
    };
    Err(Error::Unreadable { what: path.to_owned(), why })
}

/// What the head would change about the policy, for those who decide about merging it.
fn proposed(
    head: &Listing,
    texts: &Texts,
    path: &str,
    now: Option<&str>,
    policy: &Policy,
) -> Option<ProposedPolicy> {
    let (then, error) = match policy_text(head, texts, path) {
        Ok(text) => (text, None),
        Err(error) => (None, Some(error.to_string())),
    };
    if error.is_none() && then.as_deref() == now {
        return None;
    }
    let mut proposed = ProposedPolicy { path: path.to_owned(), changes: Vec::new(), error };
    if proposed.error.is_some() {
        return Some(proposed);
    }
    match then.as_deref().map_or_else(|| Ok(Policy::default()), |text| policy::parse(text, path)) {
        Ok(after) => {
            if then.is_none() {
                proposed.changes.push("the policy is deleted: defaults apply".to_owned());
            }
            proposed.changes.extend(policy::differences(policy, &after));
        }
        Err(error) => proposed.error = Some(error.to_string()),
    }
    Some(proposed)
}

/// What the workflow sets stands over the policy.
fn overridden(mut policy: Policy, overrides: &Overrides) -> Policy {
    if let Some(score) = overrides.min_score {
        policy.min_score = score;
    }
    if let Some(profile) = overrides.profile {
        policy.profile = profile;
    }
    if let Some(fail_on) = overrides.fail_on {
        policy.fail_on = fail_on;
    }
    if let Some(root) = &overrides.project {
        let known = policy.projects.iter().find(|project| project.root == *root).cloned();
        policy.projects = vec![known.unwrap_or_else(|| Project { root: root.clone(), ..Project::default() })];
    }
    if overrides.min_score.is_some() {
        // One minimum from the workflow holds for every project.
        policy.projects.iter_mut().for_each(|project| project.min_score = None);
    }
    policy
}

fn target(repo: &RepoName, commits: &Commits, server_url: &str) -> Target {
    let pull_request = commits.pull_request.as_ref();
    let new_file = pull_request.and_then(|found| {
        let branch: Vec<String> = found.head_ref.split('/').map(path_part).collect();
        Some(format!("{server_url}/{}/new/{}", found.head_repo.as_ref()?, branch.join("/")))
    });
    Target {
        kind: if pull_request.is_some() { "pull-request" } else { "commit" }.to_owned(),
        repo: Some(repo.to_string()),
        head: commits.head.as_ref().map(ToString::to_string),
        base: commits.base.as_ref().map(ToString::to_string),
        pull_request: pull_request.map(|found| found.number.0),
        blob_url: commits.head.as_ref().map(|head| format!("{server_url}/{repo}/blob/{head}")),
        new_file_url: new_file,
    }
}
