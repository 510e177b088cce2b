//! What started the run: the runner's GITHUB_* values and the event's payload, as a [`Trigger`]. A pure reading of
//! given texts.
//!
//! Base and head of a pull request come from the payload: `GITHUB_SHA` is a merge commit, or the default branch's.

use crate::github::{CommitSha, NameError, PullRequestNumber, RepoName};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why the event cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// A value that every runner sets is not there.
    #[error("{0} is not set: this does not look like a GitHub Actions run")]
    Missing(&'static str),
    /// A name or id is not one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The payload is not what GitHub sends.
    #[error("the payload of the event {event} cannot be understood")]
    Payload {
        /// The event's name.
        event: String,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// The payload lacks something that GitHub always sends.
    #[error("the payload of the event {event} has no {field}")]
    Field {
        /// The event's name.
        event: String,
        /// What is missing.
        field: &'static str,
    },
    /// An event that has nothing to judge.
    #[error("the event {0:?} has no commit to judge")]
    Unknown(String),
}

impl EventError {
    /// What to do about it, if something helps.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Missing(_) => {
                Some("outside of Actions, use `reprogate check OWNER/REPO#NUMBER`".to_owned())
            }
            Self::Unknown(_) => Some(
                "run it on pull_request, pull_request_target, merge_group, push, schedule, workflow_dispatch or \
                 workflow_run"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// Which run this is: a later one has a larger id, or a larger attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// GITHUB_RUN_ID; 0 outside of Actions.
    pub id: u64,
    /// GITHUB_RUN_ATTEMPT, from 1.
    pub attempt: u64,
}

/// A pull request, as the event or the API describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number.
    pub number: PullRequestNumber,
    /// The commit that it proposes.
    pub head: CommitSha,
    /// The tip of the branch that it goes into.
    pub base: CommitSha,
    /// That branch.
    pub base_ref: String,
    /// The branch that it comes from.
    pub head_ref: String,
    /// Where that branch is; `None` when that repository is gone.
    pub head_repo: Option<RepoName>,
    /// Whether it comes from another repository.
    pub fork: bool,
    /// Whether it is a draft.
    pub draft: bool,
}

/// A branch of somebody's copy of the repository. Its name is as its owner likes it, and says nothing about its commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Whose copy it is in.
    pub owner: String,
    /// Its name.
    pub name: String,
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A pull request, known whole.
    PullRequest(PullRequest),
    /// A pull request of which only the number is known.
    Numbered(PullRequestNumber),
    /// The open pull request whose head is this commit, if there is one; else the commit.
    Proposed {
        /// What is judged.
        head: CommitSha,
        /// The branch that it was pushed to; `None` when that repository is gone.
        branch: Option<Branch>,
    },
    /// A commit, and what it is compared with.
    Commit {
        /// What is judged.
        head: CommitSha,
        /// What it is compared with.
        base: Option<CommitSha>,
    },
    /// A branch was deleted.
    Nothing,
}

/// What started the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The event's name.
    pub event: String,
    /// The repository that the workflow runs for.
    pub repo: RepoName,
    /// Where people see it: `https://github.com`.
    pub server_url: String,
    /// What is judged.
    pub subject: Subject,
    /// Which run this is.
    pub run: Run,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Payload {
    pull_request: Option<PullRequestPayload>,
    merge_group: Option<MergeGroup>,
    workflow_run: Option<WorkflowRun>,
    inputs: Option<BTreeMap<String, serde_json::Value>>,
    before: Option<String>,
    after: Option<String>,
    deleted: bool,
}

/// A pull request as payloads and the REST API hold it.
#[derive(Debug, Deserialize)]
pub struct PullRequestPayload {
    number: u64,
    head: Side,
    base: Side,
    #[serde(default)]
    draft: bool,
}

#[derive(Debug, Deserialize)]
struct Side {
    sha: String,
    #[serde(rename = "ref")]
    name: String,
    repo: Option<Repository>,
}

#[derive(Debug, Deserialize)]
struct Repository {
    full_name: String,
}

#[derive(Deserialize)]
struct MergeGroup {
    head_sha: String,
    base_sha: String,
}

#[derive(Deserialize)]
struct WorkflowRun {
    head_sha: String,
    head_branch: Option<String>,
    head_repository: Option<HeadRepository>,
    event: Option<String>,
    #[serde(default)]
    pull_requests: Vec<WorkflowRunPullRequest>,
}

#[derive(Deserialize)]
struct HeadRepository {
    owner: Owner,
}

#[derive(Deserialize)]
struct Owner {
    login: String,
}

#[derive(Deserialize)]
struct WorkflowRunPullRequest {
    number: u64,
    head: WorkflowRunHead,
}

#[derive(Deserialize)]
struct WorkflowRunHead {
    sha: String,
}

impl TryFrom<PullRequestPayload> for PullRequest {
    type Error = NameError;

    fn try_from(payload: PullRequestPayload) -> Result<Self, NameError> {
        let full_name = |side: &Side| side.repo.as_ref().map(|repo| repo.full_name.clone());
        let (head_repo, base_repo) = (full_name(&payload.head), full_name(&payload.base));
        Ok(Self {
            number: PullRequestNumber(payload.number),
            head: payload.head.sha.parse()?,
            base: payload.base.sha.parse()?,
            base_ref: payload.base.name,
            head_ref: payload.head.name,
            fork: head_repo.as_ref().is_none_or(|head| Some(head) != base_repo.as_ref()),
            head_repo: head_repo.and_then(|name| name.parse().ok()),
            draft: payload.draft,
        })
    }
}

/// Reads what started the run from the runner's `variables` and the event's `payload` (JSON).
///
/// # Errors
/// Any [`EventError`].
pub fn parse(variables: &BTreeMap<String, String>, payload: &str) -> Result<Trigger, EventError> {
    let variable =
        |name: &'static str| variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let event = variable("GITHUB_EVENT_NAME").ok_or(EventError::Missing("GITHUB_EVENT_NAME"))?.to_owned();
    let repo: RepoName =
        variable("GITHUB_REPOSITORY").ok_or(EventError::Missing("GITHUB_REPOSITORY"))?.parse()?;
    let number = |name| variable(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    let text = if payload.trim().is_empty() { "{}" } else { payload };
    let payload: Payload =
        serde_json::from_str(text).map_err(|source| EventError::Payload { event: event.clone(), source })?;
    Ok(Trigger {
        subject: subject(&event, payload, variable("GITHUB_SHA"))?,
        repo,
        server_url: variable("GITHUB_SERVER_URL")
            .unwrap_or("https://github.com")
            .trim_end_matches('/')
            .to_owned(),
        run: Run { id: number("GITHUB_RUN_ID"), attempt: number("GITHUB_RUN_ATTEMPT") },
        event,
    })
}

fn subject(event: &str, payload: Payload, sha: Option<&str>) -> Result<Subject, EventError> {
    let lacks = |field| EventError::Field { event: event.to_owned(), field };
    let current =
        || -> Result<CommitSha, EventError> { Ok(sha.ok_or(EventError::Missing("GITHUB_SHA"))?.parse()?) };
    match event {
        "pull_request" | "pull_request_target" | "pull_request_review" => {
            let pull_request = payload.pull_request.ok_or_else(|| lacks("pull_request"))?;
            Ok(Subject::PullRequest(pull_request.try_into()?))
        }
        "merge_group" => {
            let group = payload.merge_group.ok_or_else(|| lacks("merge_group"))?;
            Ok(Subject::Commit { head: group.head_sha.parse()?, base: Some(group.base_sha.parse()?) })
        }
        "push" => {
            let head: CommitSha = match payload.after {
                Some(after) => after.parse()?,
                None => current()?,
            };
            if payload.deleted || head.is_zero() {
                return Ok(Subject::Nothing);
            }
            let before = payload.before.map(|before| before.parse::<CommitSha>()).transpose()?;
            Ok(Subject::Commit { head, base: before.filter(|before| !before.is_zero()) })
        }
        "schedule" => Ok(Subject::Commit { head: current()?, base: None }),
        "workflow_dispatch" | "repository_dispatch" => match payload.inputs.as_ref().and_then(asked_number) {
            Some(number) => Ok(Subject::Numbered(PullRequestNumber(number))),
            None => Ok(Subject::Commit { head: current()?, base: None }),
        },
        "workflow_run" => {
            let run = payload.workflow_run.ok_or_else(|| lacks("workflow_run"))?;
            let head: CommitSha = run.head_sha.parse()?;
            // The list is empty for forks, and holds every pull request of the branch for others.
            let own = run.pull_requests.iter().find(|listed| listed.head.sha == run.head_sha);
            match (own, run.event.as_deref()) {
                (Some(own), _) => Ok(Subject::Numbered(PullRequestNumber(own.number))),
                (None, Some("pull_request" | "pull_request_target")) => {
                    let branch = run.head_branch.zip(run.head_repository);
                    let branch = branch.map(|(name, from)| Branch { owner: from.owner.login, name });
                    Ok(Subject::Proposed { head, branch })
                }
                (None, _) => Ok(Subject::Commit { head, base: None }),
            }
        }
        other => Err(EventError::Unknown(other.to_owned())),
    }
}

/// The number of the pull request that a run by hand asks about: `pr`, `pull-request`, …
fn asked_number(inputs: &BTreeMap<String, serde_json::Value>) -> Option<u64> {
    let names = ["pr", "pull-request", "pull_request", "pr-number", "pr_number", "number"];
    let value = names.iter().find_map(|name| inputs.get(*name))?;
    let text = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
    text.trim().trim_start_matches('#').parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(event: &str, payload: &Value) -> Result<Trigger, EventError> {
        let variables = [
            ("GITHUB_EVENT_NAME", event),
            ("GITHUB_REPOSITORY", "lab/model"),
            ("GITHUB_SHA", &"9".repeat(40)),
            ("GITHUB_RUN_ID", "77"),
            ("GITHUB_RUN_ATTEMPT", "2"),
            ("GITHUB_SERVER_URL", "https://git.lab.org/"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        parse(&variables, &payload.to_string())
    }

    fn pull_request(head_repo: Value) -> Value {
        json!({"action": "synchronize", "pull_request": {
            "number": 3, "draft": false,
            "head": {"sha": "a".repeat(40), "ref": "faster", "repo": head_repo},
            "base": {"sha": "b".repeat(40), "ref": "main", "repo": {"full_name": "lab/model"}}}})
    }

    #[test]
    fn a_pull_request_names_its_own_commits() {
        for event in ["pull_request", "pull_request_target"] {
            let trigger = read(event, &pull_request(json!({"full_name": "lab/model"}))).unwrap();
            let Subject::PullRequest(found) = trigger.subject else { panic!("{:?}", trigger.subject) };
            assert_eq!((found.head.as_str(), found.base.as_str()), (&*"a".repeat(40), &*"b".repeat(40)));
            assert!(!found.fork);
            assert_eq!(trigger.run, Run { id: 77, attempt: 2 });
            assert_eq!(trigger.server_url, "https://git.lab.org");
        }
    }

    #[test]
    fn forks_are_seen_even_when_they_are_gone() {
        for repo in [json!({"full_name": "someone/model"}), Value::Null] {
            let trigger = read("pull_request", &pull_request(repo)).unwrap();
            let Subject::PullRequest(found) = trigger.subject else { panic!() };
            assert!(found.fork);
        }
    }

    #[test]
    fn a_merge_group_is_compared_with_its_base() {
        let payload = json!({"action": "checks_requested", "merge_group": {
            "head_sha": "c".repeat(40), "base_sha": "d".repeat(40), "head_ref": "refs/heads/gh-readonly-queue/main/pr-3"}});
        let base = Some("d".repeat(40).parse().unwrap());
        let head = "c".repeat(40).parse().unwrap();
        assert_eq!(read("merge_group", &payload).unwrap().subject, Subject::Commit { head, base });
    }

    #[test]
    fn a_push_is_compared_with_what_was_there() {
        let push = |before: &str, after: &str| {
            read(
                "push",
                &json!({"before": before.repeat(40), "after": after.repeat(40), "deleted": after == "0"}),
            )
            .unwrap()
            .subject
        };
        let commit = |digit: &str| digit.repeat(40).parse::<CommitSha>().unwrap();
        assert_eq!(push("1", "2"), Subject::Commit { head: commit("2"), base: Some(commit("1")) });
        assert_eq!(push("0", "2"), Subject::Commit { head: commit("2"), base: None });
        assert_eq!(push("1", "0"), Subject::Nothing);
    }

    #[test]
    fn a_run_by_hand_may_name_a_pull_request() {
        let of = |inputs: Value| read("workflow_dispatch", &json!({"inputs": inputs})).unwrap().subject;
        assert_eq!(of(json!({"pr": "#12"})), Subject::Numbered(PullRequestNumber(12)));
        assert_eq!(of(json!({"pr": 12})), Subject::Numbered(PullRequestNumber(12)));
        let head = "9".repeat(40).parse().unwrap();
        assert_eq!(of(json!({"pr": ""})), Subject::Commit { head, base: None });
        assert!(matches!(of(Value::Null), Subject::Commit { .. }));
    }

    #[test]
    fn a_workflow_run_leads_to_its_pull_request() {
        let of = |listed: Value, event: &str| {
            let run = json!({
                "head_sha": "e".repeat(40), "head_branch": "faster", "head_repository": {"owner": {"login": "someone"}},
                "event": event, "pull_requests": listed});
            read("workflow_run", &json!({"workflow_run": run})).unwrap().subject
        };
        let head: CommitSha = "e".repeat(40).parse().unwrap();
        let listed = json!([{"number": 4, "head": {"sha": "f".repeat(40)}}, {"number": 5, "head": {"sha": "e".repeat(40)}}]);
        assert_eq!(of(listed, "pull_request"), Subject::Numbered(PullRequestNumber(5)));
        let branch = Some(Branch { owner: "someone".into(), name: "faster".into() });
        assert_eq!(of(json!([]), "pull_request"), Subject::Proposed { head: head.clone(), branch });
        assert_eq!(of(json!([]), "push"), Subject::Commit { head, base: None });
    }

    #[test]
    fn what_is_no_event_is_an_error_with_help() {
        assert!(matches!(read("issues", &json!({})), Err(EventError::Unknown(_))));
        assert!(matches!(read("pull_request", &json!({})), Err(EventError::Field { .. })));
        assert!(matches!(read("pull_request", &json!({"pull_request": 3})), Err(EventError::Payload { .. })));
        assert!(matches!(parse(&BTreeMap::new(), "{}"), Err(EventError::Missing(_))));
        let mut payload = pull_request(Value::Null);
        payload["pull_request"]["head"]["sha"] = json!("main");
        assert!(matches!(read("pull_request", &payload), Err(EventError::Name(_))));
    }
}
