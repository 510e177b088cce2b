//! The server: HTTP/1.1 by hand, a thread for each connection.

use super::{Account, Fault, Permission, Pull, Reply, Repository, Rule, Seen, State, graphql, rest};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A running fake. It ends with the test's process.
#[derive(Clone)]
pub struct FakeGithub {
    state: Arc<Mutex<State>>,
}

impl FakeGithub {
    /// Starts with an empty repository and a workflow's token.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bot = Account { login: "github-actions[bot]".into(), permission: Permission::Write, app: true };
        let state = State {
            url,
            repos: [(super::REPO.to_owned(), Repository::default())].into(),
            tokens: [(super::TOKEN.to_owned(), bot)].into(),
            next: 0,
            rules: Vec::new(),
            hooks: Vec::new(),
            seen: Vec::new(),
            graphql: true,
            lines: true,
            latency: Duration::ZERO,
            one_in: None,
            page: 100,
            prefix: "",
        };
        let fake = Self { state: Arc::new(Mutex::new(state)) };
        let accepting = fake.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = accepting.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        fake
    }

    /// With a pull request from `base` to `head`.
    pub fn with_pull(base: super::Files<'_>, head: super::Files<'_>) -> Self {
        let fake = Self::start();
        fake.lock().open_pull(base, head);
        fake
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What goes wrong, and how often.
    pub fn fail(&self, method: &'static str, what: &'static str, times: usize, fault: Fault) -> &Self {
        self.lock().rules.push(Rule { method, what, times, fault });
        self
    }

    /// A change when a request arrives that contains `what`.
    pub fn when(&self, what: &'static str, change: impl FnOnce(&mut State) + Send + 'static) -> &Self {
        self.lock().hooks.push((what, Box::new(change)));
        self
    }

    /// Comments on the pull request, as authors and bodies.
    pub fn comments(&self) -> Vec<(String, String)> {
        let mut state = self.lock();
        let comments = state.repo().pulls.values().flat_map(|pull| &pull.comments);
        comments.map(|comment| (comment.author.clone(), comment.body.clone())).collect()
    }

    /// Requests so far, as methods and paths or queries' names.
    pub fn requests(&self) -> Vec<String> {
        let state = self.lock();
        let name = |seen: &Seen| match &seen.query {
            Some(query) => format!("GraphQL {query}"),
            None => format!("{} {}", seen.method, seen.path),
        };
        state.seen.iter().map(name).collect()
    }

    /// What was written: everything but reading.
    pub fn writes(&self) -> Vec<String> {
        let reading = |request: &String| {
            request.starts_with("GET ") || matches!(request.as_str(), "GraphQL Blobs" | "GraphQL PullRequest")
        };
        self.requests().into_iter().filter(|request| !reading(request)).collect()
    }

    /// The longest chain of requests of which each began after the one before had ended, up to the first that
    /// contains `until`.
    pub fn rounds(&self, until: &str) -> usize {
        let state = self.lock();
        let last = state
            .seen
            .iter()
            .find(|seen| !until.is_empty() && format!("{} {}", seen.method, seen.path).contains(until))
            .map(|seen| seen.end);
        let mut spans: Vec<(Instant, Instant)> = state
            .seen
            .iter()
            .map(|seen| (seen.start, seen.end))
            .filter(|(_, end)| last.is_none_or(|last| *end <= last))
            .collect();
        spans.sort_by_key(|(_, end)| *end);
        let (mut rounds, mut free) = (0, None);
        for (start, end) in spans {
            if free.is_none_or(|free| start >= free) {
                rounds += 1;
                free = Some(end);
            }
        }
        rounds
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut stream = stream;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let mut words = line.split_whitespace();
            let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
            let (mut length, mut token) = (0, None);
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).ok()?;
                let header = header.trim();
                if header.is_empty() {
                    break;
                }
                let (name, value) = header.split_once(':')?;
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.trim().parse().ok()?,
                    "authorization" => token = value.trim().strip_prefix("Bearer ").map(str::to_owned),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).ok()?;
            self.answer(&mut stream, &method, &path, token, &String::from_utf8_lossy(&body))?;
        }
    }

    /// `None` closes the connection.
    fn answer(
        &self,
        stream: &mut TcpStream,
        method: &str,
        path: &str,
        token: Option<String>,
        body: &str,
    ) -> Option<()> {
        let start = Instant::now();
        let latency = self.lock().latency;
        std::thread::sleep(latency);
        let mut state = self.lock();
        let graphql_path = if state.prefix.is_empty() { "/graphql" } else { "/api/graphql" };
        let query = (path == graphql_path).then(|| graphql::name(body));
        let what = query.clone().unwrap_or_else(|| path.to_owned());
        if let Some(found) = state.hooks.iter().position(|(part, _)| what.contains(part)) {
            let (_, change) = state.hooks.remove(found);
            change(&mut state);
        }
        let mut fault = None;
        if let Some(rule) = state.rules.iter_mut().find(|rule| {
            rule.times > 0 && (rule.method.is_empty() || rule.method == method) && what.contains(rule.what)
        }) {
            rule.times -= 1;
            fault = Some(rule.fault.clone());
        }
        let count = state.seen.len() + 1;
        if fault.is_none() && state.one_in.is_some_and(|one_in| count.is_multiple_of(one_in)) {
            let one_in = state.one_in.unwrap_or(1);
            fault = Some(if (count / one_in).is_multiple_of(2) { Fault::DoneBut(502) } else { answer(502) });
        }
        let token_known = token.as_deref().map(|token| state.tokens.get(token).cloned());
        let act = |state: &mut State, fault: Option<&Fault>| match (&token_known, &query) {
            (Some(None), _) => Reply::message(401, "Bad credentials"),
            (account, Some(_)) => graphql::answer(state, account.clone().flatten(), body, fault),
            (account, None) => {
                let own = path.strip_prefix(state.prefix).unwrap_or("/nowhere");
                rest::answer(state, account.clone().flatten(), method, own, body, fault)
            }
        };
        let reply = match &fault {
            Some(Fault::Answer(status, headers, body)) => {
                Reply { status: *status, headers: headers.clone(), body: body.clone() }
            }
            other => act(&mut state, other.as_ref()),
        };
        let reply = match fault {
            Some(Fault::DoneBut(status)) => Reply::message(status, "Server Error"),
            Some(Fault::Malformed) => {
                let half = reply.body.chars().take(reply.body.chars().count() / 2).collect();
                Reply { body: half, ..reply }
            }
            Some(Fault::WrongType) => Reply {
                status: 200,
                headers: vec![("content-type", "text/html".into())],
                body: "<!DOCTYPE html><title>Unicorn</title>".into(),
            },
            _ => reply,
        };
        let status = reply.status;
        let seen = Seen {
            method: method.to_owned(),
            path: path.to_owned(),
            query,
            token,
            body: body.to_owned(),
            start,
            end: Instant::now(),
            status,
        };
        state.seen.push(seen);
        drop(state);
        let reply = match fault {
            Some(Fault::CalledType(name)) => {
                Reply { headers: vec![("content-type", name.to_owned())], ..reply }
            }
            _ => reply,
        };
        let typed = reply.headers.iter().any(|(name, _)| *name == "content-type");
        let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", reply.body.len());
        if !typed {
            head.push_str("content-type: application/json\r\n");
        }
        for (name, value) in &reply.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let bytes = reply.body.as_bytes();
        match fault {
            Some(Fault::DoneButLost) => return None,
            Some(Fault::CutBody) => {
                stream.write_all(head.as_bytes()).ok()?;
                stream.write_all(&bytes[..bytes.len() / 2]).ok()?;
                return None;
            }
            Some(Fault::Dribble(pause)) => {
                let (first, rest) = bytes.split_at(bytes.len() / 2);
                stream.write_all(&[head.as_bytes(), first].concat()).ok()?;
                for byte in rest {
                    stream.flush().ok()?;
                    std::thread::sleep(pause);
                    stream.write_all(&[*byte]).ok()?;
                }
                return stream.flush().ok();
            }
            Some(Fault::Stall | Fault::StallInBody) => {
                let sent = if matches!(fault, Some(Fault::Stall)) { 0 } else { bytes.len() / 2 };
                stream.write_all(&[head.as_bytes(), &bytes[..sent]].concat()).ok()?;
                stream.flush().ok()?;
                // Until the client gives up and closes.
                let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
                let _ = stream.read(&mut [0]);
                return None;
            }
            _ => {}
        }
        // In one piece: two small ones would wait for each other.
        stream.write_all(&[head.as_bytes(), bytes].concat()).ok()?;
        stream.flush().ok()
    }
}

/// A plain refusal.
pub fn answer(status: u16) -> Fault {
    Fault::Answer(status, Vec::new(), r#"{"message":"Server Error"}"#.into())
}

impl State {
    /// A pull request from `base` to `head`, and both commits.
    pub fn open_pull(&mut self, base: super::Files<'_>, head: super::Files<'_>) {
        let owned = |files: super::Files<'_>| -> Vec<(String, Vec<u8>)> {
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
        };
        self.open_pull_bytes(&owned(base), &owned(head));
    }

    pub fn open_pull_bytes(&mut self, base: &[(String, Vec<u8>)], head: &[(String, Vec<u8>)]) {
        let repo = self.repo();
        let base = repo.commit(None, base);
        let head = repo.commit(Some(&base), head);
        repo.branches.insert("main".into(), base.clone());
        repo.branches.insert("faster".into(), head.clone());
        let pull = Pull {
            head,
            base,
            base_ref: "main".into(),
            head_ref: "faster".into(),
            head_repo: Some(super::REPO.into()),
            comments: Vec::new(),
            threads: Vec::new(),
            reviews: 0,
        };
        repo.pulls.insert(super::PULL, pull);
    }

    /// Pushes to the pull request.
    pub fn push(&mut self, files: super::Files<'_>) -> String {
        let parent = self.pull().head.clone();
        let files: Vec<(String, Vec<u8>)> =
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let head = self.repo().commit(Some(&parent), &files);
        self.repo().branches.insert("faster".into(), head.clone());
        self.pull().head.clone_from(&head);
        head
    }

    /// A comment by someone.
    pub fn say(&mut self, author: &str, body: &str) {
        let id = self.id();
        self.pull().comments.push(super::Comment { id, author: author.into(), body: body.into() });
    }
}
