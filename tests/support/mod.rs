//! A GitHub that keeps state: repositories, pull requests, comments, threads; and that can be made to fail.
//!
//! It speaks HTTP by itself, so that it can also do what no polite server does: stop in the middle of a body, answer
//! after the deed is done and lose the answer, keep silent.

#![allow(dead_code, unused_imports, unreachable_pub, missing_docs, reason = "each test uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

pub mod graphql;
pub mod rest;
pub mod run;
pub mod server;

pub use run::Run;
pub use server::FakeGithub;

use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Read, and write comments and reviews.
    Write,
    /// Read alone, as a fork's token.
    Read,
}

/// Who a token belongs to.
#[derive(Debug, Clone)]
pub struct Account {
    pub login: String,
    pub permission: Permission,
    /// A workflow's own token may not ask who it is.
    pub app: bool,
}

/// A comment, on a pull request as a whole or on a line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: u64,
    pub author: String,
    pub body: String,
}

/// A thread on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    pub id: String,
    pub path: String,
    pub line: u32,
    pub resolved: bool,
    pub comments: Vec<Comment>,
}

/// A pull request.
#[derive(Debug, Clone)]
pub struct Pull {
    pub head: String,
    pub base: String,
    pub base_ref: String,
    pub head_ref: String,
    /// `None` for a repository that is gone.
    pub head_repo: Option<String>,
    pub comments: Vec<Comment>,
    pub threads: Vec<Thread>,
    pub reviews: usize,
}

/// A commit: its whole tree, and its parent.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// Path to blob id.
    pub files: BTreeMap<String, String>,
    /// Modes by path, of what is no plain file.
    pub modes: BTreeMap<String, &'static str>,
    /// Sizes by path that the listing gives in place of the true ones.
    pub sizes: BTreeMap<String, u64>,
    pub parent: Option<String>,
}

/// A repository.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    pub blobs: BTreeMap<String, Vec<u8>>,
    pub commits: BTreeMap<String, Commit>,
    pub branches: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    pub pulls: BTreeMap<u64, Pull>,
}

/// One request as it was seen.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    /// The name of a GraphQL query.
    pub query: Option<String>,
    pub token: Option<String>,
    pub body: String,
    pub start: Instant,
    pub end: Instant,
    pub status: u16,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Another status, with headers and a body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The deed is done, and then the answer is this status.
    DoneBut(u16),
    /// The deed is done, and then the connection closes.
    DoneButLost,
    /// Half of the body, and then the connection closes.
    CutBody,
    /// The head of the answer, and then nothing.
    Stall,
    /// Half of the JSON, as if it were all of it.
    Malformed,
    /// A page for people.
    WrongType,
    /// Data with holes: every second blob is missing, and an error says so.
    Partial,
    /// GraphQL cuts every text, and says so.
    TruncatedTexts,
    /// The recursive listing is cut off after some entries.
    TruncatedTree(usize),
    /// The recursive listing is cut off where its entries reach so many bytes.
    TruncatedTreeBytes(usize),
    /// Half of the body at once, and the rest byte by byte, with this pause before each.
    Dribble(Duration),
    /// Half of the body, and then nothing.
    StallInBody,
    /// The answer is right, and calls itself this.
    CalledType(&'static str),
}

/// When what goes wrong.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `GET`, …; empty for any.
    pub method: &'static str,
    /// A part of the path, or a query's name.
    pub what: &'static str,
    /// How often.
    pub times: usize,
    pub fault: Fault,
}

type Hook = Box<dyn FnOnce(&mut State) + Send>;

/// Everything that it holds.
pub struct State {
    pub url: String,
    pub repos: BTreeMap<String, Repository>,
    pub tokens: BTreeMap<String, Account>,
    pub next: u64,
    pub rules: Vec<Rule>,
    /// Changes that happen when a request arrives that contains this.
    pub hooks: Vec<(&'static str, Hook)>,
    pub seen: Vec<Seen>,
    pub graphql: bool,
    /// Whether reviews take `line`, or only the older `position`.
    pub lines: bool,
    pub latency: Duration,
    /// One request in this many fails with 502; half of those after the deed.
    pub one_in: Option<usize>,
    pub page: usize,
    /// Where the API lies below the address: empty, or `/api/v3` of an Enterprise server.
    pub prefix: &'static str,
}

impl State {
    pub fn id(&mut self) -> u64 {
        self.next += 1;
        // Real ones are past 32 bits.
        3_000_000_000 + self.next
    }

    pub fn repo(&mut self) -> &mut Repository {
        self.repos.get_mut(REPO).unwrap()
    }

    pub fn pull(&mut self) -> &mut Pull {
        self.repo().pulls.get_mut(&PULL).unwrap()
    }
}

/// The repository that tests begin with.
pub const REPO: &str = "lab/model";
/// Its pull request.
pub const PULL: u64 = 7;
/// The token of a workflow.
pub const TOKEN: &str = "ghs_testtoken";

/// Files as paths and texts.
pub type Files<'test> = &'test [(&'test str, &'test str)];

impl Repository {
    /// Adds a blob.
    pub fn blob(&mut self, bytes: &[u8]) -> String {
        let id = object_id("blob", bytes);
        self.blobs.insert(id.clone(), bytes.to_vec());
        id
    }

    /// Adds a commit with exactly these files.
    pub fn commit(&mut self, parent: Option<&str>, files: &[(String, Vec<u8>)]) -> String {
        let files: BTreeMap<String, String> =
            files.iter().map(|(path, bytes)| (path.clone(), self.blob(bytes))).collect();
        let id = object_id("commit", format!("{parent:?}{files:?}").as_bytes());
        self.commits
            .insert(id.clone(), Commit { files, parent: parent.map(str::to_owned), ..Commit::default() });
        id
    }

    /// Whether `commit` is `tip` or an ancestor of it.
    pub fn reaches(&self, tip: &str, commit: &str) -> bool {
        let mut current = Some(tip.to_owned());
        while let Some(id) = current {
            if id == commit {
                return true;
            }
            current = self.commits.get(&id).and_then(|commit| commit.parent.clone());
        }
        false
    }

    /// A branch, a tag, an id or the beginning of one.
    pub fn resolve(&self, name: &str) -> Option<String> {
        let named = match name {
            "HEAD" => self.branches.get("main"),
            _ => self.branches.get(name).or_else(|| self.tags.get(name)),
        };
        named.cloned().or_else(|| self.commits.keys().find(|id| id.starts_with(name)).cloned())
    }

    /// The patch of one file: all between the first and the last line that differ, and three lines around.
    pub fn patch(&self, base: &str, head: &str, path: &str) -> Option<String> {
        let text = |commit: &str| {
            let id = self.commits.get(commit)?.files.get(path)?;
            Some(String::from_utf8_lossy(&self.blobs[id]).into_owned())
        };
        let (old, new) = (text(base).unwrap_or_default(), text(head)?);
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let same = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
        let most = old.len().min(new.len()) - same;
        let tail =
            old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(one, other)| one == other).count();
        let from = same.saturating_sub(3);
        let behind = tail.min(3);
        let (old_end, new_end) = (old.len() - tail, new.len() - tail);
        let mut patch = format!(
            "@@ -{},{} +{},{} @@",
            from + 1,
            old_end + behind - from,
            from + 1,
            new_end + behind - from
        );
        let mut add = |sign: char, lines: &[&str]| {
            lines.iter().for_each(|line| patch.push_str(&format!("\n{sign}{line}")))
        };
        add(' ', &new[from..same]);
        add('-', &old[same..old_end]);
        add('+', &new[same..new_end]);
        add(' ', &new[new_end..new_end + behind]);
        Some(patch)
    }

    /// Paths that differ between two commits.
    pub fn changed(&self, base: &str, head: &str) -> Vec<String> {
        let empty = BTreeMap::new();
        let files = |commit: &str| self.commits.get(commit).map_or(&empty, |commit| &commit.files);
        let (old, new) = (files(base), files(head));
        new.iter().filter(|(path, id)| old.get(*path) != Some(id)).map(|(path, _)| path.clone()).collect()
    }
}

/// Forty digits that depend on the content alone.
fn object_id(kind: &str, bytes: &[u8]) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let part = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (kind, salt, bytes).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}{:08x}", part(0), part(1), part(2) as u32)
}

/// An answer before it is sent.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string() }
    }

    pub fn message(status: u16, message: &str) -> Self {
        Self::json(status, serde_json::json!({"message": message}))
    }
}
