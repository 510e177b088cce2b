//! A pull request as it is now: its head, and what we wrote on it before.

use super::plan::{Existing, OwnComment};
use super::review::{OwnThread, ThreadId, read_fingerprint};
use crate::github::{
    Client, CommentId, CommitSha, GithubError, NameError, PullRequestNumber, Repeat, RepoName,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Pages of a hundred comments, or threads, that are looked through.
const MOST_PAGES: usize = 30;
/// Who GITHUB_TOKEN writes as.
const ACTIONS_BOT: &str = "github-actions[bot]";

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

/// What is looked at beside the pull request itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    /// Comments on the pull request as a whole.
    pub(super) comments: bool,
    /// Threads on lines of it.
    pub(super) threads: bool,
}

/// A pull request as it is now.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) existing: Existing,
    /// Threads that we began; `None` where they were not asked for.
    pub(super) threads: Option<Vec<OwnThread>>,
}

impl Place<'_> {
    /// Looks at everything within `scope`, on all pages.
    pub(super) async fn look(&self, scope: Scope) -> Result<Look, GithubError> {
        if self.client.has_graphql() {
            match self.look_by_graphql(scope).await {
                // An older Enterprise server may lack a field, and a token may be good for REST alone.
                Err(
                    error @ (GithubError::NotFound { .. }
                    | GithubError::Graphql { .. }
                    | GithubError::Forbidden { .. }),
                ) => tracing::debug!(%error, "asking REST instead"),
                answer => return answer,
            }
        }
        self.look_by_rest(scope).await
    }

    async fn look_by_graphql(&self, scope: Scope) -> Result<Look, GithubError> {
        let Scope { mut comments, mut threads } = scope;
        let (mut after, mut threads_after) = (Value::Null, Value::Null);
        let mut look: Option<Look> = None;
        for page in 1..=MOST_PAGES {
            let variables = json!({
                "owner": self.repo.owner(), "name": self.repo.name(), "number": self.number.0,
                "comments": comments, "after": after, "threads": threads, "threadsAfter": threads_after,
            });
            let answer =
                self.client.graphql::<Data>("PullRequest", PULL_REQUEST, variables, Repeat::Safe).await?;
            let lacking = || GithubError::Graphql {
                what: "GraphQL PullRequest".to_owned(),
                message: answer.errors.first().map_or("no pull request", |error| &error.message).to_owned(),
            };
            let found = answer
                .data
                .and_then(|data| data.repository)
                .and_then(|repository| repository.pull_request)
                .ok_or_else(lacking)?;
            // Half an answer would be taken for what is there.
            let lacks_comments = comments && found.comments.as_ref().is_none_or(Connection::has_gaps);
            let lacks_threads = threads && found.review_threads.as_ref().is_none_or(Connection::has_gaps);
            if lacks_comments || lacks_threads {
                return Err(lacking());
            }
            let look = match &mut look {
                Some(look) => look,
                none => none.insert(Look {
                    existing: Existing {
                        head: commit("GraphQL PullRequest", &found.head_ref_oid)?,
                        base_ref: found.base_ref_name,
                        comments: Vec::new(),
                        whole: true,
                    },
                    threads: scope.threads.then(Vec::new),
                }),
            };
            if let Some(listed) = found.comments {
                look.existing.comments.extend(listed.nodes.into_iter().flatten().filter_map(own_comment));
                comments = listed.page_info.has_next_page;
                after = listed.page_info.end_cursor.map_or(Value::Null, Value::String);
            }
            if let (Some(listed), Some(own)) = (found.review_threads, &mut look.threads) {
                own.extend(listed.nodes.into_iter().flatten().filter_map(own_thread));
                threads = listed.page_info.has_next_page;
                threads_after = listed.page_info.end_cursor.map_or(Value::Null, Value::String);
            }
            if !comments && !threads {
                break;
            }
            look.existing.whole = page < MOST_PAGES || !comments;
        }
        look.ok_or_else(|| GithubError::NotFound { what: "GraphQL PullRequest".to_owned() })
    }

    async fn look_by_rest(&self, scope: Scope) -> Result<Look, GithubError> {
        let pull = format!("/repos/{}/pulls/{}", self.repo, self.number);
        let all = async |wanted: bool, path: String| match wanted {
            true => self.client.get_all::<RestComment>(&path, MOST_PAGES).await,
            false => Ok((Vec::new(), true)),
        };
        let (pull, comments, threads, login) = futures::join!(
            self.client.get::<Pull>(&pull),
            all(scope.comments, format!("/repos/{}/issues/{}/comments", self.repo, self.number)),
            all(scope.threads, format!("{pull}/comments")),
            self.login(),
        );
        let (pull, (comments, whole), (notes, _), login) = (pull?, comments?, threads?, login?);
        let is_own = |comment: &RestComment| {
            comment.user.as_ref().is_some_and(|user| user.login.eq_ignore_ascii_case(&login))
        };
        let own = comments.into_iter().filter(is_own).map(|comment| OwnComment {
            id: CommentId(comment.id),
            body: comment.body.unwrap_or_default(),
            url: comment.html_url,
        });
        let existing = Existing {
            head: commit("GET pulls", &pull.head.sha)?,
            base_ref: pull.base.name,
            comments: own.collect(),
            whole,
        };
        let replied: Vec<u64> = notes.iter().filter_map(|note| note.in_reply_to_id).collect();
        let threads = notes.into_iter().filter(is_own).filter_map(|note| {
            let fingerprint = read_fingerprint(note.body.as_deref()?)?;
            Some(OwnThread {
                id: ThreadId::Rest,
                comment: CommentId(note.id),
                fingerprint,
                resolved: false,
                replied: replied.contains(&note.id),
            })
        });
        Ok(Look { existing, threads: scope.threads.then(|| threads.collect()) })
    }

    /// Who we are. A workflow's own token may not ask.
    async fn login(&self) -> Result<String, GithubError> {
        match self.client.get::<User>("/user").await {
            Ok(user) => Ok(user.login),
            Err(error) if error.is_refusal() => Ok(ACTIONS_BOT.to_owned()),
            Err(error) => Err(error),
        }
    }
}

fn commit(what: &str, text: &str) -> Result<CommitSha, GithubError> {
    let decode = |error: NameError| GithubError::Decode { what: what.to_owned(), why: error.to_string() };
    text.parse().map_err(decode)
}

fn own_comment(node: CommentNode) -> Option<OwnComment> {
    let id = number(node.full_database_id.as_ref()?)?;
    node.viewer_did_author.then_some(OwnComment { id: CommentId(id), body: node.body, url: node.url })
}

fn own_thread(node: ThreadNode) -> Option<OwnThread> {
    let replied = node.comments.total_count > 1;
    let first = node.comments.nodes.into_iter().flatten().next().filter(|first| first.viewer_did_author)?;
    Some(OwnThread {
        id: ThreadId::Graphql(node.id),
        comment: CommentId(number(first.full_database_id.as_ref()?)?),
        fingerprint: read_fingerprint(&first.body)?,
        resolved: node.is_resolved,
        replied,
    })
}

/// Numbers over 32 bits come as texts.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The query for what we wrote on a pull request before.
pub const PULL_REQUEST: &str = "\
query PullRequest(
  $owner: String!, $name: String!, $number: Int!,
  $comments: Boolean!, $after: String, $threads: Boolean!, $threadsAfter: String
) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      baseRefName
      comments(first: 100, after: $after) @include(if: $comments) {
        pageInfo { hasNextPage endCursor }
        nodes { fullDatabaseId viewerDidAuthor url body }
      }
      reviewThreads(first: 100, after: $threadsAfter) @include(if: $threads) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          isResolved
          comments(first: 1) { totalCount nodes { fullDatabaseId viewerDidAuthor body } }
        }
      }
    }
  }
}
";

#[derive(Deserialize)]
struct Data {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    pull_request: Option<PullRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullRequest {
    head_ref_oid: String,
    base_ref_name: String,
    comments: Option<Connection<CommentNode>>,
    review_threads: Option<Connection<ThreadNode>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection<T> {
    page_info: PageInfo,
    nodes: Vec<Option<T>>,
}

impl<T> Connection<T> {
    /// Whether GitHub could not give some of what is there.
    fn has_gaps(&self) -> bool {
        self.nodes.iter().any(Option::is_none)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentNode {
    full_database_id: Option<Value>,
    viewer_did_author: bool,
    #[serde(default)]
    url: String,
    body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadNode {
    id: String,
    is_resolved: bool,
    comments: ThreadComments,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadComments {
    total_count: u64,
    nodes: Vec<Option<CommentNode>>,
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
    in_reply_to_id: Option<u64>,
}

#[derive(Deserialize)]
struct User {
    login: String,
}
