//! GitHub's API, REST and GraphQL. The only folder that names octocrab.
//!
//! octocrab carries the requests; which of them are repeated, how long they may take and what a refusal means is
//! decided here. Nothing is repeated that could take effect twice.

mod connect;
mod error;
mod retry;
mod types;

pub use error::GithubError;
pub use retry::Timing;
pub use types::{CommentId, CommitSha, NameError, PullRequestNumber, RepoName, Token};

use http::{HeaderMap, Method};
use http_body_util::BodyExt as _;
use octocrab::Octocrab;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The largest answer that is taken: a recursive tree is at most 7 MB, a blob at most 100 MB.
const MOST_ANSWER_BYTES: usize = 160 << 20;

/// Where GitHub is and who asks.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The REST API: `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise server.
    pub api_url: String,
    /// The GraphQL API; `None` derives it from `api_url`.
    pub graphql_url: Option<String>,
    /// Who asks; `None` for what the public may see.
    pub token: Option<Token>,
    /// A proxy for `https` addresses, as HTTPS_PROXY names it.
    pub proxy: Option<String>,
    /// Hosts that are reached without it, as NO_PROXY names them.
    pub no_proxy: Option<String>,
    /// How long things may take.
    pub timing: Timing,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api_url: "https://api.github.com".to_owned(),
            graphql_url: None,
            token: None,
            proxy: None,
            no_proxy: None,
            timing: Timing::default(),
        }
    }
}

/// Whether sending a request twice does the same as sending it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It does: reading, and writing a given state.
    Safe,
    /// It might do it twice: creating.
    Never,
}

/// A connection to GitHub, for one run: its deadline starts when it is made.
pub struct Client {
    rest: Octocrab,
    graphql: Octocrab,
    graphql_path: String,
    /// For errors: the API's address, and the proxy on the way there.
    url: String,
    timing: Timing,
    started: Instant,
    requests: AtomicUsize,
    no_graphql: AtomicBool,
    has_token: bool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Client").field("graphql_path", &self.graphql_path).finish_non_exhaustive()
    }
}

/// An answer with a good status.
struct Answer {
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A page of a listing.
#[derive(Debug)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Whether another follows.
    pub more: bool,
}

/// What GraphQL answers: data, which may be partial, and what is wrong with the rest.
#[derive(Debug, Deserialize)]
pub struct GraphqlAnswer<T> {
    /// The data; parts that failed are null.
    pub data: Option<T>,
    /// Why parts are null.
    #[serde(default)]
    pub errors: Vec<GraphqlError>,
}

/// One complaint of GraphQL.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct GraphqlError {
    /// Its kind: `NOT_FOUND`, `FORBIDDEN`, `RATE_LIMITED`, …
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// What GitHub says.
    #[serde(default)]
    pub message: String,
}

impl Client {
    /// Prepares the connection; nothing is sent yet. Has to be called within a tokio runtime.
    ///
    /// # Errors
    /// [`GithubError::Setup`] where an address is no address, or this machine has no certificate authorities.
    pub fn new(settings: &Settings) -> Result<Self, GithubError> {
        let api_url = connect::address(&settings.api_url)?;
        let graphql_url = match settings.graphql_url.as_deref().map(str::trim).filter(|url| !url.is_empty()) {
            Some(url) => connect::address(url)?,
            None => connect::graphql_address(&api_url)?,
        };
        // The library puts a base's path before every request's, so each API gets a base of its own.
        let (graphql_base, graphql_path) = connect::split_last(&graphql_url)?;
        let token = settings.token.as_ref();
        let host = url::Url::parse(&api_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let proxy = connect::proxy_for(
            host.as_deref().unwrap_or_default(),
            settings.proxy.as_deref(),
            settings.no_proxy.as_deref(),
        );
        let connections = connect::connections(&api_url, proxy, &settings.timing)?;
        Ok(Self {
            rest: connect::octocrab(&api_url, token, &connections)?,
            graphql: connect::octocrab(&graphql_base, token, &connections)?,
            graphql_path,
            url: match proxy {
                Some(proxy) => format!("{api_url} through the proxy {}", connect::host_of(proxy)),
                None => api_url,
            },
            timing: settings.timing.clone(),
            started: Instant::now(),
            requests: AtomicUsize::new(0),
            // GraphQL answers nobody without a token.
            no_graphql: AtomicBool::new(token.is_none()),
            has_token: token.is_some(),
        })
    }

    /// Requests sent so far, repeats included.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// Whether GraphQL may be asked; false once a server has said that it has none.
    pub fn has_graphql(&self) -> bool {
        !self.no_graphql.load(Ordering::Relaxed)
    }

    /// Whether requests are anyone's; without a token GitHub answers sixty of them an hour.
    pub fn has_token(&self) -> bool {
        self.has_token
    }

    /// Gets `path` (with its query) and decodes the JSON that comes.
    ///
    /// # Errors
    /// Any [`GithubError`].
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, GithubError> {
        Ok(self.rest(Method::GET, path, None, Repeat::Safe, decode).await?.0)
    }

    /// Gets `path` and takes the answer's body through `parse`, which says what is wrong with it.
    ///
    /// # Errors
    /// Any [`GithubError`].
    pub async fn get_with<T>(
        &self,
        path: &str,
        parse: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<T, GithubError> {
        Ok(self.rest(Method::GET, path, None, Repeat::Safe, parse).await?.0)
    }

    /// Gets one page of the listing at `path`, which has to name `per_page` and `page`.
    ///
    /// # Errors
    /// Any [`GithubError`].
    pub async fn get_page<T: DeserializeOwned>(&self, path: &str) -> Result<Page<T>, GithubError> {
        let (items, headers) = self.rest(Method::GET, path, None, Repeat::Safe, decode::<Vec<T>>).await?;
        let more = headers
            .get(http::header::LINK)
            .and_then(|link| link.to_str().ok())
            .is_some_and(|link| link.contains("rel=\"next\""));
        Ok(Page { items, more })
    }

    /// Gets every item of the listing at `path` (without a query), at most `most_pages` pages of a hundred, and
    /// whether that was all.
    ///
    /// # Errors
    /// Any [`GithubError`].
    pub async fn get_all<T: DeserializeOwned>(
        &self,
        path: &str,
        most_pages: usize,
    ) -> Result<(Vec<T>, bool), GithubError> {
        let mut items = Vec::new();
        for page in 1..=most_pages {
            let answer = self.get_page(&format!("{path}?per_page=100&page={page}")).await?;
            items.extend(answer.items);
            if !answer.more {
                return Ok((items, true));
            }
        }
        Ok((items, false))
    }

    /// Creates something: sent again only where GitHub turned it away unread.
    ///
    /// # Errors
    /// Any [`GithubError`]; after one that [is passing](GithubError::is_passing) it may exist all the same.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, GithubError> {
        Ok(self.rest(Method::POST, path, Some(body), Repeat::Never, decode).await?.0)
    }

    /// Sets something to a given state. Not repeated here: by then the state may be another run's.
    ///
    /// # Errors
    /// Any [`GithubError`].
    pub async fn patch<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, GithubError> {
        Ok(self.rest(Method::PATCH, path, Some(body), Repeat::Never, decode).await?.0)
    }

    /// Deletes something; that it is gone already is fine.
    ///
    /// # Errors
    /// Any [`GithubError`].
    pub async fn delete(&self, path: &str) -> Result<(), GithubError> {
        match self.rest(Method::DELETE, path, None, Repeat::Safe, |_| Ok(())).await {
            Ok(_) | Err(GithubError::NotFound { .. } | GithubError::Gone { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Asks GraphQL. Partial data is an answer; no data at all is an error.
    ///
    /// # Errors
    /// Any [`GithubError`]; [`GithubError::NotFound`] where the server has no GraphQL.
    pub async fn graphql<T: DeserializeOwned>(
        &self,
        name: &str,
        query: &str,
        variables: Value,
        repeat: Repeat,
    ) -> Result<GraphqlAnswer<T>, GithubError> {
        let what = format!("GraphQL {name}");
        if !self.has_graphql() {
            return Err(GithubError::NotFound { what });
        }
        let body = serde_json::json!({"query": query, "variables": variables});
        let request = Outgoing {
            api: &self.graphql,
            url: &self.url,
            what: &what,
            method: Method::POST,
            path: &self.graphql_path,
            body: Some(&body),
            repeat,
        };
        let parse = |headers: &HeaderMap, bytes: &[u8]| {
            let answer: GraphqlAnswer<T> =
                decode(bytes).map_err(|why| GithubError::Decode { what: what.clone(), why })?;
            match complaint(&what, &answer, headers) {
                Some(error) => Err(error),
                None => Ok(answer),
            }
        };
        match self.send(request, parse).await {
            Ok((answer, _)) => Ok(answer),
            Err(error) => {
                let missing = matches!(
                    &error,
                    GithubError::NotFound { .. } | GithubError::Status { status: 405 | 501, .. }
                );
                if missing {
                    self.no_graphql.store(true, Ordering::Relaxed);
                    return Err(GithubError::NotFound { what });
                }
                Err(error)
            }
        }
    }

    async fn rest<T>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        repeat: Repeat,
        parse: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<(T, HeaderMap), GithubError> {
        let what = format!("{method} {}", path.split('?').next().unwrap_or(path));
        let request = Outgoing { api: &self.rest, url: &self.url, what: &what, method, path, body, repeat };
        self.send(request, |_, bytes| {
            parse(bytes).map_err(|why| GithubError::Decode { what: what.clone(), why })
        })
        .await
    }

    /// Sends, and sends again where that is safe and may help, until the run's deadline.
    async fn send<T>(
        &self,
        request: Outgoing<'_>,
        parse: impl Fn(&HeaderMap, &[u8]) -> Result<T, GithubError>,
    ) -> Result<(T, HeaderMap), GithubError> {
        let mut attempt = 0;
        let mut previous = None;
        loop {
            attempt += 1;
            let result = self
                .attempt(&request)
                .await
                .and_then(|answer| Ok((parse(&answer.headers, &answer.body)?, answer.headers)));
            let error = match result {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            // An attempt that the deadline cuts short says less than the one before it.
            if let (true, Some(last)) = (self.started.elapsed() >= self.timing.overall, previous) {
                return Err(GithubError::Deadline { after: self.timing.overall, last: Box::new(last) });
            }
            let again = match request.repeat {
                Repeat::Safe => error.is_passing(),
                Repeat::Never => error.is_limit(),
            };
            if !again || attempt >= self.timing.attempts {
                return Err(error);
            }
            previous = Some(error.clone());
            self.pause(attempt, error).await?;
        }
    }

    /// Waits before another attempt, as long as GitHub asks or else longer each time.
    ///
    /// # Errors
    /// `error` itself where a limit resets too late; [`GithubError::Deadline`] where the run's time is used up.
    pub async fn pause(&self, attempt: u32, error: GithubError) -> Result<(), GithubError> {
        let wait = self.timing.wait(attempt, &error);
        let left = self.timing.overall.saturating_sub(self.started.elapsed());
        if wait >= left {
            if error.is_limit() {
                return Err(error);
            }
            return Err(GithubError::Deadline { after: self.timing.overall, last: Box::new(error) });
        }
        tracing::info!(attempt, wait_ms = wait.as_millis() as u64, left_s = left.as_secs(), %error, "trying again");
        tokio::time::sleep(wait).await;
        Ok(())
    }

    async fn attempt(&self, request: &Outgoing<'_>) -> Result<Answer, GithubError> {
        let left = self.timing.overall.saturating_sub(self.started.elapsed());
        let within = self.timing.attempt.min(left);
        let timeout = || GithubError::Timeout { what: request.what.to_owned(), after: within };
        if left.is_zero() {
            return Err(GithubError::Deadline { after: self.timing.overall, last: Box::new(timeout()) });
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        tokio::time::timeout(within, exchange(request)).await.map_err(|_| timeout())?
    }
}

const JSON: &str = "application/vnd.github+json";

struct Outgoing<'request> {
    api: &'request Octocrab,
    url: &'request str,
    what: &'request str,
    method: Method,
    path: &'request str,
    body: Option<&'request Value>,
    repeat: Repeat,
}

/// Sends one request and reads its answer to the end.
async fn exchange(request: &Outgoing<'_>) -> Result<Answer, GithubError> {
    let what = request.what;
    let network = |error: octocrab::Error| {
        let (url, why) = (request.url.to_owned(), causes(&error));
        if connect::is_lasting(&why) {
            GithubError::Setup { url, why }
        } else {
            GithubError::Network { what: what.to_owned(), url, why }
        }
    };
    let builder = http::Request::builder()
        .method(request.method.clone())
        .uri(request.path)
        .header(http::header::ACCEPT, JSON);
    let built = request.api.build_request(builder, request.body).map_err(network)?;
    let response = request.api.execute(built).await.map_err(network)?;
    let (parts, mut stream) = response.into_parts();
    let mut body = Vec::new();
    while let Some(frame) = stream.frame().await {
        let frame = frame.map_err(network)?;
        if let Some(data) = frame.data_ref() {
            if body.len() + data.len() > MOST_ANSWER_BYTES {
                let why = format!("more than {MOST_ANSWER_BYTES} bytes");
                return Err(GithubError::Decode { what: what.to_owned(), why });
            }
            body.extend_from_slice(data);
        }
    }
    tracing::debug!(what, status = parts.status.as_u16(), bytes = body.len(), "answered");
    if parts.status.is_success() {
        Ok(Answer { headers: parts.headers, body })
    } else {
        Err(refusal(what, parts.status.as_u16(), &parts.headers, &body))
    }
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// The library's `Display` says little; its causes say what happened.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        // Its own errors end in a backtrace.
        let line = error.to_string().lines().next().unwrap_or_default().to_owned();
        if !line.is_empty() && !text.ends_with(&line) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&line);
        }
        cause = error.source();
    }
    text.chars().take(500).collect()
}

#[derive(Deserialize, Default)]
struct Message {
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Option<Value>,
}

/// What an answer with a bad status means.
fn refusal(what: &str, status: u16, headers: &HeaderMap, body: &[u8]) -> GithubError {
    let what = what.to_owned();
    let message = said(body, status);
    match status {
        401 => GithubError::Auth { what, message },
        403 | 429 => {
            if let Some(limit) = limit(&what, &message, headers, status == 429) {
                return limit;
            }
            let needed = header(headers, "x-accepted-github-permissions").map(|needed| {
                needed.chars().filter(|shown| shown.is_ascii_graphic() || *shown == ' ').collect()
            });
            GithubError::Forbidden { what, message, needed }
        }
        404 => GithubError::NotFound { what },
        409 => GithubError::Conflict { what, message },
        410 => GithubError::Gone { what, message },
        422 => GithubError::Unprocessable { what, message },
        _ => GithubError::Status { what, status, message },
    }
}

/// The message of an error's body, on one line and short: it ends up in logs.
fn said(body: &[u8], status: u16) -> String {
    let parsed: Message = serde_json::from_slice(body).unwrap_or_default();
    let mut text = parsed.message;
    if let Some(errors) = parsed.errors.filter(|errors| !errors.is_null()) {
        text = format!("{text} {errors}");
    }
    if text.trim().is_empty() {
        text = http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("no reason given")
            .to_owned();
    }
    let one_line: String =
        text.chars().map(|shown| if shown.is_control() { ' ' } else { shown }).take(500).collect();
    one_line.trim().to_owned()
}

fn limit(what: &str, message: &str, headers: &HeaderMap, certain: bool) -> Option<GithubError> {
    let what = what.to_owned();
    let retry_after =
        header(headers, "retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
    let used_up = header(headers, "x-ratelimit-remaining").as_deref() == Some("0");
    let lower = message.to_ascii_lowercase();
    let secondary = lower.contains("secondary rate limit") || lower.contains("abuse");
    if !secondary && (used_up || lower.contains("rate limit exceeded")) {
        return Some(GithubError::RateLimited { what, reset_in: reset_in(headers).or(retry_after) });
    }
    (certain || secondary || retry_after.is_some())
        .then_some(GithubError::SecondaryLimit { what, retry_after })
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_owned())
}

fn reset_in(headers: &HeaderMap) -> Option<Duration> {
    let reset: u64 = header(headers, "x-ratelimit-reset")?.parse().ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(Duration::from_secs(reset.saturating_sub(now)))
}

/// GraphQL answers 200 to most refusals. Errors beside data are no refusal.
fn complaint<T>(what: &str, answer: &GraphqlAnswer<T>, headers: &HeaderMap) -> Option<GithubError> {
    let what = what.to_owned();
    let limited = |error: &&GraphqlError| {
        let lower = error.message.to_ascii_lowercase();
        error.kind.as_deref() == Some("RATE_LIMITED")
            || error.kind.as_deref() == Some("RATE_LIMIT")
            || lower.contains("rate limit")
    };
    if let Some(error) = answer.errors.iter().find(limited) {
        let primary = GithubError::RateLimited { what: what.clone(), reset_in: reset_in(headers) };
        return Some(limit(&what, &error.message, headers, false).unwrap_or(primary));
    }
    if answer.data.is_some() {
        return None;
    }
    let Some(first) = answer.errors.first() else {
        return Some(GithubError::Decode { what, why: "neither data nor errors".to_owned() });
    };
    let message: String =
        first.message.chars().map(|shown| if shown.is_control() { ' ' } else { shown }).take(300).collect();
    Some(match first.kind.as_deref() {
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => GithubError::Forbidden { what, message, needed: None },
        // A query that took too long, or one of GitHub's own troubles.
        None if message.to_ascii_lowercase().contains("something went wrong")
            || message.to_ascii_lowercase().contains("timeout") =>
        {
            GithubError::Status { what, status: 502, message }
        }
        _ => GithubError::Graphql { what, message },
    })
}

/// A text as one part of a path: everything but plain characters is escaped, `/` too.
pub fn path_part(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn refusals_are_told_apart() {
        let told = |status, pairs: &[(&'static str, &str)], body: &str| {
            format!("{:?}", refusal("GET /x", status, &headers(pairs), body.as_bytes()))
                .split(' ')
                .next()
                .unwrap()
                .to_owned()
        };
        assert_eq!(told(401, &[], r#"{"message":"Bad credentials"}"#), "Auth");
        assert_eq!(told(403, &[], r#"{"message":"Resource not accessible by integration"}"#), "Forbidden");
        assert_eq!(told(403, &[("x-ratelimit-remaining", "0")], "{}"), "RateLimited");
        assert_eq!(told(429, &[], ""), "SecondaryLimit");
        assert_eq!(
            told(403, &[], r#"{"message":"You have exceeded a secondary rate limit."}"#),
            "SecondaryLimit"
        );
        assert_eq!(told(403, &[("retry-after", "3")], "{}"), "SecondaryLimit");
        assert_eq!(told(404, &[], "{}"), "NotFound");
        assert_eq!(told(409, &[], "{}"), "Conflict");
        assert_eq!(told(410, &[], "{}"), "Gone");
        assert_eq!(told(422, &[], "{}"), "Unprocessable");
        assert_eq!(told(502, &[], "<html>"), "Status");
    }

    #[test]
    fn the_missing_permission_is_named() {
        let error = refusal(
            "POST /repos/lab/model/issues/3/comments",
            403,
            &headers(&[("x-accepted-github-permissions", "issues=write; pull_requests=write")]),
            br#"{"message":"Resource not accessible by integration"}"#,
        );
        assert_eq!(
            error.to_string(),
            "POST /repos/lab/model/issues/3/comments: not allowed (Resource not accessible by integration); \
             it needs issues=write; pull_requests=write"
        );
    }

    #[test]
    fn graphql_says_its_limit_with_status_200() {
        let answer: GraphqlAnswer<Value> = serde_json::from_str(
            r#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded for installation."}]}"#,
        )
        .unwrap();
        assert!(matches!(complaint("q", &answer, &HeaderMap::new()), Some(GithubError::RateLimited { .. })));
        let partial: GraphqlAnswer<Value> = serde_json::from_str(
            r#"{"data":{"a":1,"b":null},"errors":[{"type":"NOT_FOUND","message":"no b"}]}"#,
        )
        .unwrap();
        assert!(complaint("q", &partial, &HeaderMap::new()).is_none());
    }

    #[test]
    fn a_message_is_one_short_line() {
        assert_eq!(said(b"{\"message\":\"a\\n::error::b\"}", 500), "a ::error::b");
        assert_eq!(said(b"\xff", 502), "Bad Gateway");
    }
}
