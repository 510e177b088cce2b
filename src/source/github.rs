//! Commits on GitHub, through its API: one listing a commit, texts by blob id in GraphQL batches, REST for the rest.
//!
//! Everything is read from the repository that is judged: the head of a fork's pull request can be read there too,
//! with the same token, even when the fork is gone.

use crate::facts::plan;
use crate::github::{Client, CommitSha, GithubError, Repeat, RepoName, path_part};
use crate::policy::Limits;
use crate::snapshot::{BlobId, Entry, Mode, Snapshot, Text, decode};
use base64::Engine as _;
use futures::stream::{FuturesUnordered, StreamExt as _};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// Blobs of one GraphQL request: 200 are known to work.
const MOST_IN_BATCH: usize = 200;
/// Bytes of one GraphQL request, by the listing's sizes: an answer that takes over ten seconds is cut off.
const MOST_BATCH_BYTES: u64 = 4 << 20;
/// Larger texts are cut by GraphQL, so they are asked of REST at once.
const MOST_GRAPHQL_BYTES: u64 = 400 << 10;
/// Requests at a time; GitHub counts 100 as too many.
const AT_ONCE: usize = 12;
/// Single blobs asked of REST where GraphQL works: each costs a request of the hour's thousand.
const MOST_SINGLES: usize = 100;
/// Single blobs asked of REST without a token, of the hour's sixty requests.
const MOST_WITHOUT_TOKEN: usize = 40;
/// A batch of so few is not made smaller: what fails then is not its size.
const LEAST_IN_BATCH: usize = 25;
/// Folders listed by themselves where the whole listing is cut off.
const MOST_FOLDERS: usize = 200;
/// Entries kept of one commit.
const MOST_ENTRIES: usize = 1_000_000;

/// The listing of one commit.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The commit; `None` for an empty repository.
    pub commit: Option<CommitSha>,
    /// Every file, link and submodule, sorted by path.
    pub entries: Arc<Vec<Entry>>,
    /// Why it is not whole, if it is not.
    pub incomplete: Option<String>,
}

impl Listing {
    /// The entry of exactly this path.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        let found = self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.entries.get(found)
    }
}

/// Texts by blob id, those of every commit of one run together.
pub type Texts = HashMap<BlobId, Text>;

/// A blob that is wanted, with its size where the listing knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedBlob {
    /// Its id.
    pub id: BlobId,
    /// Its size in bytes.
    pub size: Option<u64>,
}

/// A repository on GitHub.
#[derive(Debug, Clone, Copy)]
pub struct GithubSource<'run> {
    /// The connection.
    pub client: &'run Client,
    /// The repository.
    pub repo: &'run RepoName,
}

#[derive(Deserialize)]
struct TreeAnswer<'body> {
    #[serde(borrow)]
    tree: Vec<TreeEntry<'body>>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct TreeEntry<'body> {
    #[serde(borrow)]
    path: Cow<'body, str>,
    #[serde(borrow)]
    mode: Cow<'body, str>,
    #[serde(borrow)]
    sha: Option<Cow<'body, str>>,
    size: Option<u64>,
}

/// One answer of the trees endpoint, sorted into what it holds.
#[derive(Default)]
struct Tree {
    entries: Vec<Entry>,
    folders: Vec<(String, String)>,
    truncated: bool,
}

impl GithubSource<'_> {
    /// The commit that `reference` names: a branch, a tag, an id, `HEAD`. `None` in an empty repository.
    ///
    /// # Errors
    /// Any [`GithubError`].
    pub async fn resolve(&self, reference: &str) -> Result<Option<CommitSha>, GithubError> {
        #[derive(Deserialize)]
        struct Commit {
            sha: String,
        }
        // A branch's name may hold slashes, which the path keeps.
        let escaped: Vec<String> = reference.split('/').map(path_part).collect();
        let path = format!("/repos/{}/commits/{}", self.repo, escaped.join("/"));
        match self.client.get::<Commit>(&path).await {
            Ok(commit) => {
                let why = |error: crate::github::NameError| GithubError::Decode {
                    what: format!("GET {path}"),
                    why: error.to_string(),
                };
                commit.sha.parse().map(Some).map_err(why)
            }
            Err(GithubError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lists a commit. Where GitHub cuts the listing off, folder by folder.
    ///
    /// # Errors
    /// Any [`GithubError`]; an empty repository is an empty listing.
    pub async fn list(&self, commit: &CommitSha) -> Result<Listing, GithubError> {
        let whole = match self.tree("", commit.as_str(), true).await {
            Ok(tree) => tree,
            Err(GithubError::Conflict { .. }) => return Ok(Listing::default()),
            Err(error) => return Err(error),
        };
        let (mut entries, incomplete) =
            if whole.truncated { self.walk(commit).await? } else { (whole.entries, None) };
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        entries.dedup_by(|one, other| one.path == other.path);
        Ok(Listing { commit: Some(commit.clone()), entries: Arc::new(entries), incomplete })
    }

    /// Lists the root by itself, then each folder whole, then the folders of those that are still cut off.
    async fn walk(&self, commit: &CommitSha) -> Result<(Vec<Entry>, Option<String>), GithubError> {
        let root = self.tree("", commit.as_str(), false).await?;
        let mut incomplete = root.truncated.then(|| "GitHub cuts the root's listing off".to_owned());
        let mut entries = root.entries;
        let mut level = root.folders;
        let mut asked = 0;
        while !level.is_empty() {
            let room = MOST_FOLDERS.saturating_sub(asked);
            if level.len() > room {
                incomplete = Some(format!("over the limit of {MOST_FOLDERS} folders listed by themselves"));
                level.truncate(room);
            }
            asked += level.len();
            let whole = futures::stream::iter(level.into_iter().map(|(path, sha)| async move {
                let tree = self.tree(&path, &sha, true).await;
                (path, sha, tree)
            }))
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
            let mut cut = Vec::new();
            for (path, sha, tree) in whole {
                let tree = tree?;
                if tree.truncated {
                    cut.push((path, sha));
                } else {
                    entries.extend(tree.entries);
                }
            }
            let room = MOST_FOLDERS.saturating_sub(asked);
            if cut.len() > room {
                incomplete = Some(format!("over the limit of {MOST_FOLDERS} folders listed by themselves"));
                cut.truncate(room);
            }
            asked += cut.len();
            let single = futures::stream::iter(
                cut.into_iter().map(|(path, sha)| async move { (self.tree(&path, &sha, false).await, path) }),
            )
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await;
            level = Vec::new();
            for (tree, path) in single {
                let tree = tree?;
                if tree.truncated {
                    incomplete = Some(format!("GitHub cuts the listing of {path} off"));
                }
                entries.extend(tree.entries);
                level.extend(tree.folders);
            }
            if entries.len() > MOST_ENTRIES {
                entries.truncate(MOST_ENTRIES);
                incomplete = Some(format!("over the limit of {MOST_ENTRIES} entries"));
                break;
            }
        }
        Ok((entries, incomplete))
    }

    async fn tree(&self, folder: &str, id: &str, recursive: bool) -> Result<Tree, GithubError> {
        let query = if recursive { "?recursive=1" } else { "" };
        let path = format!("/repos/{}/git/trees/{}{query}", self.repo, path_part(id));
        self.client.get_with(&path, |body| parse_tree(folder, body)).await
    }

    /// Reads the texts of `wanted` that `texts` lacks. What cannot be read is unread there, with its reason; only a
    /// token that is not accepted is an error.
    ///
    /// # Errors
    /// [`GithubError::Auth`], [`GithubError::Deadline`], and limits that last.
    pub async fn read(&self, wanted: &[WantedBlob], texts: &mut Texts) -> Result<(), GithubError> {
        let mut seen = HashSet::new();
        let new = |blob: &&WantedBlob| !texts.contains_key(&blob.id) && seen.insert(blob.id.clone());
        let missing: Vec<&WantedBlob> = wanted.iter().filter(new).collect();
        let (small, mut singles): (Vec<&WantedBlob>, Vec<&WantedBlob>) = missing
            .into_iter()
            .partition(|blob| self.client.has_graphql() && blob.size.unwrap_or(0) <= MOST_GRAPHQL_BYTES);
        let mut waiting: Vec<Vec<&WantedBlob>> = batches(&small);
        waiting.reverse();
        let mut running = FuturesUnordered::new();
        let mut refused = None;
        loop {
            while running.len() < AT_ONCE {
                let Some(batch) = waiting.pop() else { break };
                running.push(async move { (self.batch(&batch).await, batch) });
            }
            let Some((answer, batch)) = running.next().await else { break };
            match answer {
                Ok(read) => {
                    for blob in batch {
                        match read.get(&blob.id) {
                            Some(text) => {
                                texts.insert(blob.id.clone(), text.clone());
                            }
                            None => singles.push(blob),
                        }
                    }
                }
                Err(error @ (GithubError::Auth { .. } | GithubError::Deadline { .. })) => return Err(error),
                Err(error) if error.is_limit() => refused = Some(error),
                // Too much at once is the likely reason; half may do.
                Err(error) if error.is_passing() && batch.len() > LEAST_IN_BATCH => {
                    let (one, other) = batch.split_at(batch.len() / 2);
                    tracing::info!(%error, blobs = batch.len(), "asking for half as much");
                    waiting.push(one.to_vec());
                    waiting.push(other.to_vec());
                }
                Err(error) => {
                    tracing::debug!(%error, blobs = batch.len(), "asking REST instead");
                    singles.extend(batch);
                }
            }
        }
        if let Some(error) = refused {
            return Err(error);
        }
        let most = match (self.client.has_token(), self.client.has_graphql()) {
            (false, _) => MOST_WITHOUT_TOKEN,
            (true, true) => MOST_SINGLES,
            (true, false) => usize::MAX,
        };
        for blob in singles.iter().skip(most) {
            let hint = if self.client.has_token() { "" } else { "; a token lifts it" };
            let why = format!("over the limit of {most} texts read one by one{hint}");
            texts.insert(blob.id.clone(), Text::Unread(why));
        }
        let mut single = futures::stream::iter(singles.into_iter().take(most).map(|blob| async move {
            let path = format!("/repos/{}/git/blobs/{}", self.repo, path_part(blob.id.as_str()));
            (blob, self.client.get_with(&path, parse_blob).await)
        }))
        .buffer_unordered(AT_ONCE);
        while let Some((blob, read)) = single.next().await {
            let text = match read {
                Ok(text) => text,
                Err(
                    error @ (GithubError::Auth { .. }
                    | GithubError::Deadline { .. }
                    | GithubError::RateLimited { .. }
                    | GithubError::SecondaryLimit { .. }),
                ) => return Err(error),
                Err(error) => Text::Unread(format!("GitHub did not give the text: {error}")),
            };
            texts.insert(blob.id.clone(), text);
        }
        Ok(())
    }

    async fn batch(&self, blobs: &[&WantedBlob]) -> Result<HashMap<BlobId, Text>, GithubError> {
        let mut query = String::from(
            "query Blobs($owner: String!, $name: String!) {\n  repository(owner: $owner, name: $name) {\n",
        );
        for (index, blob) in blobs.iter().enumerate() {
            // Ids come from GitHub's own listing; anything else would be a way into the query.
            if blob.id.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()) {
                let _ = writeln!(query, "    b{index}: object(oid: \"{}\") {{ ...Content }}", blob.id);
            }
        }
        query.push_str("  }\n}\nfragment Content on Blob { oid text isBinary isTruncated }\n");
        let variables = serde_json::json!({"owner": self.repo.owner(), "name": self.repo.name()});
        let answer: crate::github::GraphqlAnswer<BlobsData> =
            self.client.graphql("Blobs", &query, variables, Repeat::Safe).await?;
        if let Some(error) = answer.errors.first() {
            tracing::debug!(message = error.message, errors = answer.errors.len(), "partial answer");
        }
        let found = answer.data.and_then(|data| data.repository).unwrap_or_default();
        let whole = found.into_values().flatten().filter_map(|blob| match blob {
            // Text in another encoding counts as binary there, and is read by REST.
            BlobAnswer { oid: Some(oid), text: Some(text), is_binary, is_truncated: false }
                if is_binary != Some(true) =>
            {
                Some((BlobId::new(oid), decode(text.as_bytes())))
            }
            _ => None,
        });
        Ok(whole.collect())
    }

    /// Whether each of `commits` (ids, also shortened ones) can be reached from a branch or a tag. A commit that
    /// only a fork has can be shown by GitHub under this repository's name, so that it exists is not enough.
    pub async fn reachable(&self, commits: &[String]) -> BTreeMap<String, Reachability> {
        let wanted: BTreeSet<&String> = commits.iter().collect();
        let mut found = BTreeMap::new();
        let (mut asked, mut left) = (Vec::new(), 0_usize);
        for commit in wanted {
            let plain =
                (4..=64).contains(&commit.len()) && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !plain {
                found.insert(commit.clone(), Reachability::Missing);
            } else if asked.len() < MOST_COMMITS {
                asked.push(commit.clone());
            } else {
                left += 1;
                found.insert(
                    commit.clone(),
                    Reachability::Unknown(format!("over the limit of {MOST_COMMITS} commits")),
                );
            }
        }
        if left > 0 {
            tracing::info!(left, "commits left unchecked");
        }
        if asked.is_empty() {
            return found;
        }
        let first = futures::future::join_all(asked.iter().map(|commit| self.behind("HEAD", commit))).await;
        let mut open = Vec::new();
        for (commit, answer) in asked.into_iter().zip(first) {
            match answer {
                Ok(true) => {
                    found.insert(commit, Reachability::Reachable);
                }
                Ok(false) => open.push(commit),
                Err(GithubError::NotFound { .. } | GithubError::Unprocessable { .. }) => {
                    found.insert(commit, Reachability::Missing);
                }
                Err(error) => {
                    found.insert(commit, Reachability::Unknown(error.to_string()));
                }
            }
        }
        if open.is_empty() {
            return found;
        }
        let (heads, tags) = futures::join!(self.references("branches"), self.references("tags"));
        let (references, whole) = match (heads, tags) {
            (Ok((mut heads, all_heads)), Ok((tags, all_tags))) => {
                heads.extend(tags);
                (heads, all_heads && all_tags)
            }
            (Err(error), _) | (_, Err(error)) => {
                let why = error.to_string();
                found.extend(open.into_iter().map(|commit| (commit, Reachability::Unknown(why.clone()))));
                return found;
            }
        };
        for commit in open {
            let mut answers =
                futures::stream::iter(references.iter().map(|reference| self.behind(reference, &commit)))
                    .buffer_unordered(AT_ONCE);
            let (mut reached, mut failed) = (false, None);
            while let Some(answer) = answers.next().await {
                match answer {
                    Ok(true) => {
                        reached = true;
                        break;
                    }
                    Ok(false) => {}
                    Err(error) => failed = Some(error.to_string()),
                }
            }
            drop(answers);
            let answer = match (reached, failed, whole) {
                (true, ..) => Reachability::Reachable,
                (false, Some(why), _) => Reachability::Unknown(why),
                (false, None, true) => Reachability::Unreachable,
                (false, None, false) => {
                    Reachability::Unknown(format!("over the limit of {MOST_REFERENCES} branches or tags"))
                }
            };
            found.insert(commit, answer);
        }
        found
    }

    /// Names of branches or tags, and whether those are all.
    async fn references(&self, kind: &str) -> Result<(Vec<String>, bool), GithubError> {
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        let path = format!("/repos/{}/{kind}?per_page={MOST_REFERENCES}&page=1", self.repo);
        let page = self.client.get_page::<Named>(&path).await?;
        Ok((page.items.into_iter().map(|named| named.name).collect(), !page.more))
    }

    /// Whether `commit` is `reference` or one of its ancestors.
    async fn behind(&self, reference: &str, commit: &str) -> Result<bool, GithubError> {
        #[derive(Deserialize)]
        struct Comparison {
            status: String,
        }
        let path = format!(
            "/repos/{}/compare/{}...{}?per_page=1&page=2",
            self.repo,
            path_part(reference),
            path_part(commit)
        );
        match self.client.get::<Comparison>(&path).await {
            Ok(comparison) => Ok(matches!(comparison.status.as_str(), "behind" | "identical")),
            Err(error) => Err(error),
        }
    }
}

/// Commits asked about in one run.
const MOST_COMMITS: usize = 10;
/// Branches, and tags, that a commit is looked for in.
const MOST_REFERENCES: usize = 20;

/// Whether a commit belongs to a repository's own history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reachability {
    /// From a branch or a tag.
    Reachable,
    /// It exists, and no branch or tag leads to it.
    Unreachable,
    /// There is no such commit.
    Missing,
    /// It could not be found out, and why.
    Unknown(String),
}

#[derive(Deserialize)]
struct BlobsData {
    repository: Option<HashMap<String, Option<BlobAnswer>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlobAnswer {
    oid: Option<String>,
    text: Option<String>,
    is_binary: Option<bool>,
    #[serde(default)]
    is_truncated: bool,
}

/// Splits by count and bytes, evenly: the largest batch decides how long all take.
fn batches<'blob>(blobs: &[&'blob WantedBlob]) -> Vec<Vec<&'blob WantedBlob>> {
    let bytes: u64 = blobs.iter().map(|blob| blob.size.unwrap_or(0)).sum();
    let count = blobs.len().div_ceil(MOST_IN_BATCH).max(bytes.div_ceil(MOST_BATCH_BYTES) as usize);
    if blobs.is_empty() {
        return Vec::new();
    }
    let mut sorted: Vec<&WantedBlob> = blobs.to_vec();
    sorted.sort_by_key(|blob| std::cmp::Reverse(blob.size));
    let mut batches: Vec<(u64, Vec<&WantedBlob>)> = vec![(0, Vec::new()); count.max(1)];
    for blob in sorted {
        let room = batches
            .iter_mut()
            .filter(|(_, batch)| batch.len() < MOST_IN_BATCH)
            .min_by_key(|(bytes, batch)| (*bytes, batch.len()));
        if let Some((bytes, batch)) = room {
            *bytes += blob.size.unwrap_or(0);
            batch.push(blob);
        }
    }
    batches.into_iter().map(|(_, batch)| batch).filter(|batch| !batch.is_empty()).collect()
}

fn parse_tree(folder: &str, body: &[u8]) -> Result<Tree, String> {
    let answer: TreeAnswer<'_> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let mut tree = Tree { truncated: answer.truncated, ..Tree::default() };
    tree.entries.reserve(answer.tree.len());
    for entry in answer.tree {
        let path =
            if folder.is_empty() { entry.path } else { Cow::Owned(format!("{folder}/{}", entry.path)) };
        let Some(sha) = entry.sha else { continue };
        let mode = match &*entry.mode {
            "100755" => Mode::Executable,
            "120000" => Mode::Symlink,
            "160000" => Mode::Submodule,
            "040000" | "40000" => {
                tree.folders.push((path.into_owned(), sha.into_owned()));
                continue;
            }
            _ => Mode::File,
        };
        // A path that a file system would take for another is no path of this tree.
        if path.is_empty()
            || path.starts_with('/')
            || path.split('/').any(|part| matches!(part, "" | "." | ".."))
        {
            continue;
        }
        tree.entries.push(Entry { path: Arc::from(&*path), size: entry.size, mode, id: BlobId::new(&*sha) });
    }
    Ok(tree)
}

fn parse_blob(body: &[u8]) -> Result<Text, String> {
    #[derive(Deserialize)]
    struct Blob<'body> {
        #[serde(borrow)]
        content: Cow<'body, str>,
        #[serde(borrow)]
        encoding: Cow<'body, str>,
    }
    let blob: Blob<'_> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    match &*blob.encoding {
        "base64" => {
            let packed: Vec<u8> = blob.content.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(packed)
                .map_err(|error| error.to_string())?;
            Ok(decode(&bytes))
        }
        "utf-8" => Ok(decode(blob.content.as_bytes())),
        other => Err(format!("a blob in the unknown encoding {other:?}")),
    }
}

/// The blobs that `limits` want of the listings, each once, most telling first; and of `also`, whatever the limits.
pub fn wanted(listings: &[&Listing], also: &[&str], limits: &Limits) -> Vec<WantedBlob> {
    let mut seen = HashSet::new();
    let mut wanted = Vec::new();
    let mut want = |entry: &Entry| {
        if seen.insert(entry.id.clone()) {
            wanted.push(WantedBlob { id: entry.id.clone(), size: entry.size });
        }
    };
    for listing in listings {
        for path in also {
            if let Some(entry) = listing.entry(path).filter(|entry| entry.is_file()) {
                want(entry);
            }
        }
    }
    for listing in listings {
        for read in plan::plan(&listing.entries, limits).read {
            if let Some(entry) = listing.entries.get(read.entry) {
                want(entry);
            }
        }
    }
    wanted
}

/// The snapshot of a listing: of `texts`, what `limits` allow, and why the rest was left.
pub fn snapshot(listing: &Listing, texts: &Texts, limits: &Limits) -> Snapshot {
    let plan = plan::plan(&listing.entries, limits);
    let mut own = HashMap::with_capacity(plan.read.len());
    for wanted in &plan.read {
        let Some(entry) = listing.entries.get(wanted.entry) else { continue };
        let text = texts.get(&entry.id).cloned();
        own.insert(entry.id.clone(), text.unwrap_or_else(|| Text::Unread("it was not asked for".to_owned())));
    }
    Snapshot {
        commit: listing.commit.as_ref().map(|commit| commit.as_str().to_owned()),
        entries: Arc::clone(&listing.entries),
        texts: own,
        left: plan.left(&listing.entries),
        incomplete: listing.incomplete.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(number: usize, size: u64) -> WantedBlob {
        WantedBlob { id: BlobId::new(format!("{number:040x}")), size: Some(size) }
    }

    #[test]
    fn five_hundred_files_are_three_batches() {
        let blobs: Vec<WantedBlob> = (0..500).map(|number| blob(number, 8_000)).collect();
        let made = batches(&blobs.iter().collect::<Vec<_>>());
        assert_eq!(made.len(), 3);
        assert_eq!(made.iter().map(Vec::len).sum::<usize>(), 500);
    }

    #[test]
    fn batches_hold_their_bounds() {
        let blobs: Vec<WantedBlob> =
            (0..1000).map(|number| blob(number, (number as u64 % 7) * 60_000)).collect();
        let made = batches(&blobs.iter().collect::<Vec<_>>());
        assert_eq!(made.iter().map(Vec::len).sum::<usize>(), 1000);
        for batch in made {
            assert!(batch.len() <= MOST_IN_BATCH);
            assert!(
                batch.iter().filter_map(|blob| blob.size).sum::<u64>()
                    <= MOST_BATCH_BYTES + MOST_GRAPHQL_BYTES
            );
        }
    }

    #[test]
    fn a_tree_keeps_what_is_a_path() {
        let body = br#"{"sha":"1","truncated":false,"tree":[
            {"path":"src","mode":"040000","type":"tree","sha":"a"},
            {"path":"src/train.py","mode":"100644","type":"blob","sha":"b","size":3},
            {"path":"run","mode":"100755","type":"blob","sha":"c","size":3},
            {"path":"data","mode":"120000","type":"blob","sha":"d","size":3},
            {"path":"lib","mode":"160000","type":"commit","sha":"e"},
            {"path":"../up","mode":"100644","type":"blob","sha":"f","size":3}]}"#;
        let tree = parse_tree("", body).unwrap();
        let paths: Vec<&str> = tree.entries.iter().map(|entry| &*entry.path).collect();
        assert_eq!(paths, ["src/train.py", "run", "data", "lib"]);
        assert_eq!(tree.folders, [("src".to_owned(), "a".to_owned())]);
        assert_eq!(&*parse_tree("sub", body).unwrap().entries[0].path, "sub/src/train.py");
    }

    #[test]
    fn blobs_come_in_wrapped_base64() {
        assert_eq!(
            parse_blob(br#"{"content":"aGVs\nbG8=\n","encoding":"base64","size":5}"#),
            Ok(Text::Read(Arc::from("hello")))
        );
        assert!(parse_blob(br#"{"content":"","encoding":"none"}"#).is_err());
    }
}
