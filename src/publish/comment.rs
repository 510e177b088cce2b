//! Brings the pull request's comment to what is wanted: look, plan, write, and look again.
//!
//! Nothing is written on a state that was not just looked at: after a failure whose effect is unknown, the next look
//! says whether it took effect.

use super::plan::{Existing, OwnComment, Plan, Step, Wanted, plan};
use crate::github::{Client, CommentId, GithubError, PullRequestNumber, Repeat, RepoName};
use serde::Deserialize;
use serde_json::{Value, json};

/// Pages of a hundred comments that are looked through.
const MOST_PAGES: usize = 30;
/// Looks in one run: each failed write, and each other run met, costs one.
const MOST_LOOKS: u32 = 8;
/// Who GITHUB_TOKEN writes as.
const ACTIONS_BOT: &str = "github-actions[bot]";

/// What became of the comment.
#[derive(Debug)]
pub enum Outcome {
    /// It is there.
    Posted {
        /// Where people see it.
        url: String,
        /// Whether anything was written.
        changed: bool,
    },
    /// A newer run's is there, or will be, and why.
    Superseded(String),
    /// GitHub does not let us.
    Refused(GithubError),
    /// It did not work out.
    Failed(GithubError),
    /// None was wanted.
    Off,
}

/// A pull request on GitHub.
#[derive(Debug, Clone, Copy)]
pub struct Place<'run> {
    /// The connection.
    pub client: &'run Client,
    /// The repository.
    pub repo: &'run RepoName,
    /// The pull request.
    pub number: PullRequestNumber,
}

impl Place<'_> {
    /// Brings the comment to what is `wanted`.
    pub async fn comment(&self, wanted: &Wanted) -> Outcome {
        if wanted.mode == super::plan::CommentMode::Off {
            return Outcome::Off;
        }
        let body = format!("{}{}", wanted.mark.line(), bounded(&wanted.text));
        let mut written: Option<OwnComment> = None;
        let mut changed = false;
        let mut failures = 0;
        for _ in 0..MOST_LOOKS {
            let mut existing = match self.look().await {
                Ok(existing) => existing,
                Err(error) if error.is_refusal() => return Outcome::Refused(error),
                Err(error) => return Outcome::Failed(error),
            };
            // A listing may lag behind a write that GitHub has confirmed.
            if let Some(written) = &written
                && !existing.comments.iter().any(|comment| comment.id == written.id)
            {
                existing.comments.push(written.clone());
            }
            let Plan { steps, stays, superseded } = plan(wanted, &existing);
            if steps.contains(&Step::Create) && !existing.whole {
                let why = format!("more than {} comments to look through", MOST_PAGES * 100);
                return Outcome::Superseded(why);
            }
            if steps.is_empty() {
                return match (superseded, stays) {
                    (Some(why), _) => Outcome::Superseded(why),
                    (None, Some(comment)) => Outcome::Posted { url: comment.url, changed },
                    (None, None) => Outcome::Off,
                };
            }
            let mut look_again = false;
            for step in steps {
                changed = true;
                look_again |= step == Step::Create;
                match self.apply(&step, &body).await {
                    Ok(Some(comment)) if step == Step::Create => written = Some(comment),
                    Ok(Some(comment)) => written = Some(comment),
                    Ok(None) => {}
                    // It was deleted meanwhile: the next look finds out.
                    Err(GithubError::NotFound { .. } | GithubError::Gone { .. })
                        if matches!(step, Step::Update(_)) =>
                    {
                        failures += 1;
                        look_again = true;
                    }
                    Err(error) if error.is_refusal() => return Outcome::Refused(error),
                    Err(error) if error.is_passing() => {
                        failures += 1;
                        if let Err(error) = self.client.pause(failures, error).await {
                            return Outcome::Failed(error);
                        }
                        look_again = true;
                    }
                    Err(error) => return Outcome::Failed(error),
                }
                if failures > 0 && look_again {
                    break;
                }
            }
            if !look_again {
                let url = written.or(stays).map(|comment| comment.url).unwrap_or_default();
                return match superseded {
                    Some(why) => Outcome::Superseded(why),
                    None => Outcome::Posted { url, changed },
                };
            }
        }
        match written {
            Some(comment) => Outcome::Posted { url: comment.url, changed },
            None => Outcome::Failed(GithubError::Decode {
                what: format!("the comment on #{}", self.number),
                why: "it keeps changing under our hands".to_owned(),
            }),
        }
    }

    async fn apply(&self, step: &Step, body: &str) -> Result<Option<OwnComment>, GithubError> {
        let content = json!({"body": body});
        let answer: Written = match step {
            Step::Create => {
                let path = format!("/repos/{}/issues/{}/comments", self.repo, self.number);
                self.client.post(&path, &content).await?
            }
            Step::Update(id) => {
                let path = format!("/repos/{}/issues/comments/{id}", self.repo);
                self.client.patch(&path, &content).await?
            }
            Step::Delete(id) => {
                self.client.delete(&format!("/repos/{}/issues/comments/{id}", self.repo)).await?;
                return Ok(None);
            }
        };
        Ok(Some(OwnComment { id: CommentId(answer.id), body: body.to_owned(), url: answer.html_url }))
    }

    /// The pull request as it is now, with our comments on all pages.
    async fn look(&self) -> Result<Existing, GithubError> {
        if self.client.has_graphql() {
            match self.look_by_graphql().await {
                // An older Enterprise server may lack a field, and a token may be good for REST alone.
                Err(
                    error @ (GithubError::NotFound { .. }
                    | GithubError::Graphql { .. }
                    | GithubError::Forbidden { .. }),
                ) => tracing::debug!(%error, "asking REST instead"),
                answer => return answer,
            }
        }
        self.look_by_rest().await
    }

    async fn look_by_graphql(&self) -> Result<Existing, GithubError> {
        let mut after = Value::Null;
        let mut existing: Option<Existing> = None;
        for page in 1..=MOST_PAGES {
            let variables = json!({
                "owner": self.repo.owner(), "name": self.repo.name(), "number": self.number.0, "after": after,
            });
            let answer =
                self.client.graphql::<LookData>("Comments", COMMENTS, variables, Repeat::Safe).await?;
            let lacking = || GithubError::Graphql {
                what: "GraphQL Comments".to_owned(),
                message: answer.errors.first().map_or("no pull request", |error| &error.message).to_owned(),
            };
            let found = answer
                .data
                .and_then(|data| data.repository)
                .and_then(|repository| repository.pull_request)
                .ok_or_else(lacking)?;
            let decode = |error: crate::github::NameError| GithubError::Decode {
                what: "GraphQL Comments".to_owned(),
                why: error.to_string(),
            };
            let existing = match &mut existing {
                Some(existing) => existing,
                none => none.insert(Existing {
                    head: found.head_ref_oid.parse().map_err(decode)?,
                    base_ref: found.base_ref_name,
                    comments: Vec::new(),
                    whole: false,
                }),
            };
            for node in found.comments.nodes.into_iter().flatten() {
                let number = node.full_database_id.as_ref().and_then(number);
                let Some(id) = number.filter(|_| node.viewer_did_author) else { continue };
                existing.comments.push(OwnComment { id: CommentId(id), body: node.body, url: node.url });
            }
            existing.whole = !found.comments.page_info.has_next_page;
            if existing.whole || page == MOST_PAGES {
                break;
            }
            after = found.comments.page_info.end_cursor.map_or(Value::Null, Value::String);
        }
        existing.ok_or_else(|| GithubError::NotFound { what: "GraphQL Comments".to_owned() })
    }

    async fn look_by_rest(&self) -> Result<Existing, GithubError> {
        let pull = format!("/repos/{}/pulls/{}", self.repo, self.number);
        let comments = format!("/repos/{}/issues/{}/comments", self.repo, self.number);
        let (pull, comments, login) = futures::join!(
            self.client.get::<Pull>(&pull),
            self.client.get_all::<RestComment>(&comments, MOST_PAGES),
            self.login(),
        );
        let (pull, (comments, whole), login) = (pull?, comments?, login?);
        let decode = |error: crate::github::NameError| GithubError::Decode {
            what: format!("GET /repos/{}/pulls/{}", self.repo, self.number),
            why: error.to_string(),
        };
        let own = comments
            .into_iter()
            .filter(|comment| {
                comment.user.as_ref().is_some_and(|user| user.login.eq_ignore_ascii_case(&login))
            })
            .map(|comment| OwnComment {
                id: CommentId(comment.id),
                body: comment.body.unwrap_or_default(),
                url: comment.html_url,
            });
        Ok(Existing {
            head: pull.head.sha.parse().map_err(decode)?,
            base_ref: pull.base.name,
            comments: own.collect(),
            whole,
        })
    }

    /// Who we are. A workflow's own token may not ask.
    pub(super) async fn login(&self) -> Result<String, GithubError> {
        match self.client.get::<User>("/user").await {
            Ok(user) => Ok(user.login),
            Err(error) if error.is_refusal() => Ok(ACTIONS_BOT.to_owned()),
            Err(error) => Err(error),
        }
    }
}

/// GitHub takes 65,536 characters; rendering keeps below, and this makes sure.
fn bounded(text: &str) -> String {
    const MOST_BYTES: usize = 65_000;
    if text.len() <= MOST_BYTES {
        return text.to_owned();
    }
    const NOTICE: &str = "\n\n_Cut here: the whole report is in the job's summary._\n";
    let mut end = MOST_BYTES - NOTICE.len() - 16;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = text.get(..end).unwrap_or_default();
    let kept = kept.rsplit_once('\n').map_or(kept, |(whole, _)| whole);
    let open_fence = kept.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1;
    format!("{kept}{}{NOTICE}", if open_fence { "\n```" } else { "" })
}

/// The query for the comments of a pull request.
pub const COMMENTS: &str = "\
query Comments($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      baseRefName
      comments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { fullDatabaseId viewerDidAuthor url body }
      }
    }
  }
}
";

/// Numbers over 32 bits come as texts.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[derive(Deserialize)]
struct LookData {
    repository: Option<LookRepository>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LookRepository {
    pull_request: Option<LookPullRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LookPullRequest {
    head_ref_oid: String,
    base_ref_name: String,
    comments: Connection<LookComment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection<T> {
    pub(super) page_info: PageInfo,
    pub(super) nodes: Vec<Option<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    pub(super) end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LookComment {
    full_database_id: Option<Value>,
    viewer_did_author: bool,
    url: String,
    body: String,
}

#[derive(Deserialize)]
struct Written {
    id: u64,
    #[serde(default)]
    html_url: String,
}

#[derive(Deserialize)]
struct Pull {
    head: Sha,
    base: Ref,
}

#[derive(Deserialize)]
struct Sha {
    sha: String,
}

#[derive(Deserialize)]
struct Ref {
    #[serde(rename = "ref")]
    name: String,
}

#[derive(Deserialize)]
struct RestComment {
    id: u64,
    body: Option<String>,
    #[serde(default)]
    html_url: String,
    user: Option<User>,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) login: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_too_long_is_cut_between_lines() {
        let text = format!("# Start\n```\n{}", "évidence\n".repeat(20_000));
        let cut = bounded(&text);
        assert!(cut.len() <= 65_000);
        assert!(cut.contains("évidence\n```\n\n_Cut here"));
        assert_eq!(bounded("short"), "short");
    }
}
