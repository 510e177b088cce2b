//! What GitHub refuses or fails to answer, and what to do about it.

use super::connect;
use std::time::Duration;

/// Why a request has no good answer. `what` names the request, e.g. `GET /repos/lab/model/pulls/3`.
#[derive(Debug, Clone, thiserror::Error)]
pub enum GithubError {
    /// There can be no connection, now or later: a wrong address, an unknown host, a certificate that nobody vouches
    /// for.
    #[error("the connection to {url} cannot be set up: {why}")]
    Setup {
        /// The API's address, and the proxy on the way there.
        url: String,
        /// What is wrong.
        why: String,
    },
    /// 401: the token is missing, wrong or expired.
    #[error("{what}: GitHub does not accept the token ({message})")]
    Auth {
        /// The request.
        what: String,
        /// What GitHub says.
        message: String,
    },
    /// 403, and no limit: the token may not do this.
    #[error("{what}: not allowed ({message}){}", .needed.as_ref().map(|needed| format!("; it needs {needed}")).unwrap_or_default())]
    Forbidden {
        /// The request.
        what: String,
        /// What GitHub says.
        message: String,
        /// The permissions that would do, as GitHub names them, e.g. `pull_requests=write`.
        needed: Option<String>,
    },
    /// 404: it does not exist, or the token may not see it.
    #[error("{what}: not found")]
    NotFound {
        /// The request.
        what: String,
    },
    /// 409: an empty repository, or something changed meanwhile.
    #[error("{what}: conflict ({message})")]
    Conflict {
        /// The request.
        what: String,
        /// What GitHub says.
        message: String,
    },
    /// 410: it is gone, or this part of the repository is switched off.
    #[error("{what}: gone ({message})")]
    Gone {
        /// The request.
        what: String,
        /// What GitHub says.
        message: String,
    },
    /// 422: GitHub understood and declines.
    #[error("{what}: declined ({message})")]
    Unprocessable {
        /// The request.
        what: String,
        /// What GitHub says.
        message: String,
    },
    /// The hour's requests are used up, and waiting for more would pass the deadline.
    #[error("{what}: the rate limit is used up{}", .reset_in.map(|wait| format!("; it resets in {}", minutes(wait))).unwrap_or_default())]
    RateLimited {
        /// The request.
        what: String,
        /// Time until the limit resets, where GitHub says.
        reset_in: Option<Duration>,
    },
    /// Too much at once, by GitHub's reckoning, and waiting would pass the deadline.
    #[error("{what}: GitHub asks to slow down{}", .retry_after.map(|wait| format!("; it asks for a pause of {}", minutes(wait))).unwrap_or_default())]
    SecondaryLimit {
        /// The request.
        what: String,
        /// The pause that GitHub asks for, where it says.
        retry_after: Option<Duration>,
    },
    /// No whole answer within the time for one request.
    #[error("{what}: no whole answer within {} seconds", .after.as_secs())]
    Timeout {
        /// The request.
        what: String,
        /// How long was waited.
        after: Duration,
    },
    /// Another status: mostly GitHub's own trouble.
    #[error("{what}: status {status} ({message})")]
    Status {
        /// The request.
        what: String,
        /// The HTTP status.
        status: u16,
        /// What GitHub says.
        message: String,
    },
    /// The answer is not what the API promises.
    #[error("{what}: the answer cannot be understood: {why}")]
    Decode {
        /// The request.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// GraphQL refuses the query itself.
    #[error("{what}: {message}")]
    Graphql {
        /// The query's name.
        what: String,
        /// What GitHub says.
        message: String,
    },
    /// The connection failed or broke.
    #[error("{what}: the connection to {url} failed: {why}")]
    Network {
        /// The request.
        what: String,
        /// The API's address, and the proxy on the way there.
        url: String,
        /// The library's reason, with its causes.
        why: String,
    },
    /// The time for the whole run is used up.
    #[error("gave up after {} seconds in all; the last failure: {last}", .after.as_secs())]
    Deadline {
        /// The time for the whole run.
        after: Duration,
        /// What failed last.
        last: Box<GithubError>,
    },
}

impl GithubError {
    /// Whether the same request may go well a moment later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 408 | 425 | 500..=599),
            Self::Timeout { .. }
            | Self::Network { .. }
            | Self::Decode { .. }
            | Self::RateLimited { .. }
            | Self::SecondaryLimit { .. } => true,
            _ => false,
        }
    }

    /// Whether GitHub turned the request away unread, so that even a create may be sent again.
    pub fn is_limit(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::SecondaryLimit { .. })
    }

    /// Whether the token is what is missing: the request is right, and not allowed.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Auth { .. } | Self::Forbidden { .. } | Self::NotFound { .. } | Self::Gone { .. })
    }

    /// What to do about it, if something helps.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::Setup { why, .. } if why.contains(connect::UNTRUSTED) => {
                "its authority is not among this machine's: name the file with that authority's certificate in SSL_CERT_FILE"
            }
            Self::Setup { .. } => {
                "check `github-api-url`; behind a proxy, HTTPS_PROXY and NO_PROXY are obeyed"
            }
            Self::Auth { .. } => {
                "pass a valid token: `token: ${{ github.token }}`, or GITHUB_TOKEN on the command line"
            }
            Self::Forbidden { needed: Some(needed), .. } => {
                return Some(format!(
                    "grant it to the job: `permissions:` with {}; a pull request from a fork gets a read-only token",
                    needed.replace('=', ": ").replace('_', "-").replace(';', ", or")
                ));
            }
            Self::Forbidden { .. } => {
                "the job's `permissions:` need `contents: read` and `pull-requests: write`; a pull request from a fork gets a read-only token"
            }
            Self::NotFound { .. } => {
                "check the name; for a private repository the token needs `contents: read`"
            }
            Self::Conflict { .. } => "an empty repository has nothing to judge yet",
            Self::Gone { .. } => "this part of the repository was deleted or is switched off",
            Self::Unprocessable { .. } | Self::Decode { .. } | Self::Graphql { .. } => {
                "this may be a fault in reprogate; please report it with the line above"
            }
            Self::RateLimited { .. } => {
                "run the job again after the reset; the hour's requests are shared by all workflows of the repository"
            }
            Self::SecondaryLimit { .. } => "run the job again in a few minutes",
            Self::Timeout { .. } | Self::Network { .. } | Self::Status { .. } => {
                "this is mostly passing: run the job again; behind a proxy, HTTPS_PROXY and NO_PROXY are obeyed"
            }
            Self::Deadline { last, .. } => return last.help(),
        };
        Some(text.to_owned())
    }
}

fn minutes(wait: Duration) -> String {
    match wait.as_secs() {
        0..120 => format!("{} seconds", wait.as_secs()),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}
