//! Notes on lines of the diff: each written once, resolved when what it says is mended.

use super::look::Place;
use super::marker::Key;
use crate::github::{CommentId, CommitSha, GithubError, Repeat};
use crate::render::review::InlineNote;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Notes written in one run; the comment holds the rest.
const MOST_NOTES: usize = 30;
/// Pages of a hundred changed files; GitHub lists no more.
const MOST_FILE_PAGES: usize = 30;
/// Bytes of one note; GitHub takes 65,535, and one that is too long loses the whole review.
const MOST_NOTE_BYTES: usize = 60_000;

const OPEN: &str = "<!-- reprogate-note:";
const CLOSE: &str = " -->";

/// How a thread is named to the API that listed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThreadId {
    /// GraphQL's id, which can be resolved.
    Graphql(String),
    /// REST knows comments alone.
    Rest,
}

/// A thread that one of our notes began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnThread {
    /// How it is named.
    pub id: ThreadId,
    /// Its first comment, which is ours.
    pub comment: CommentId,
    /// Which note it is, with its gate.
    pub fingerprint: String,
    /// Whether it is resolved; REST does not say.
    pub resolved: bool,
    /// Whether someone answered.
    pub replied: bool,
}

/// What became of the notes.
#[derive(Debug, Default)]
pub struct ReviewOutcome {
    /// Notes written.
    pub posted: usize,
    /// Threads resolved, or notes removed.
    pub resolved: usize,
    /// Why the rest was not written, if so.
    pub error: Option<GithubError>,
}

/// Lines that a note can be left on, with their places in the patch.
pub type DiffLines = BTreeMap<u32, u32>;

/// What has to be done so that the wanted notes are there once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ReviewPlan<'run> {
    /// Notes that are not there yet.
    pub post: Vec<&'run InlineNote>,
    /// Threads whose notes are not wanted any more.
    pub resolve: Vec<&'run OwnThread>,
}

/// Compares the `notes` of the gate `key` with the `threads` that are there.
///
/// A thread that someone resolved or answered stays as it is, and its note is not repeated.
pub(super) fn plan<'run>(
    key: &Key,
    notes: &'run [InlineNote],
    threads: &'run [OwnThread],
) -> ReviewPlan<'run> {
    let there: BTreeSet<&str> = threads.iter().map(|thread| thread.fingerprint.as_str()).collect();
    let mut seen = BTreeSet::new();
    let post = notes.iter().filter(|note| {
        let fingerprint = fingerprint(key, note);
        !there.contains(fingerprint.as_str()) && seen.insert(fingerprint)
    });
    let wanted: BTreeSet<String> = notes.iter().map(|note| fingerprint(key, note)).collect();
    let gate = format!("{} ", key.as_str());
    let resolve = threads.iter().filter(|thread| {
        thread.fingerprint.starts_with(&gate)
            && !wanted.contains(&thread.fingerprint)
            && !thread.resolved
            && (matches!(thread.id, ThreadId::Graphql(_)) || !thread.replied)
    });
    ReviewPlan { post: post.collect(), resolve: resolve.collect() }
}

fn fingerprint(key: &Key, note: &InlineNote) -> String {
    let plain: String = note.fingerprint.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    format!("{} {plain}", key.as_str())
}

/// The fingerprint in a note's first line.
pub(super) fn read_fingerprint(body: &str) -> Option<String> {
    Some(body.strip_prefix(OPEN)?.split_once(CLOSE)?.0.to_owned())
}

fn body(key: &Key, note: &InlineNote) -> String {
    let mut text = format!("{OPEN}{}{CLOSE}\n{}", fingerprint(key, note), note.body);
    if text.len() > MOST_NOTE_BYTES {
        let mut end = MOST_NOTE_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}

/// The note with its place in the patch: on the line that it would replace, else, without its suggestion, on the line
/// that it speaks of; `None` where the diff shows neither.
fn placed(note: &InlineNote, diff: &BTreeMap<String, DiffLines>) -> Option<(InlineNote, u32)> {
    let lines = diff.get(&note.path)?;
    if let Some(position) = lines.get(&note.line) {
        return Some((note.clone(), *position));
    }
    let (line, body) = note.plain.clone()?;
    let position = *lines.get(&line)?;
    Some((InlineNote { line, body, replacement: None, plain: None, ..note.clone() }, position))
}

/// Lines of the new file that a `patch` shows, added ones and those around them, each with its place in the patch.
pub fn diff_lines(patch: &str) -> DiffLines {
    let mut lines = DiffLines::new();
    let mut next: Option<u32> = None;
    for (position, line) in (0_u32..).zip(patch.lines()) {
        if line.starts_with("@@") {
            next = line
                .split_once('+')
                .and_then(|(_, rest)| rest.split([',', ' ']).next())
                .and_then(|first| first.parse().ok());
            continue;
        }
        let Some(number) = next else { continue };
        // An empty context line may have lost its blank.
        if line.starts_with('+') || line.starts_with(' ') || line.is_empty() {
            lines.insert(number, position);
            next = number.checked_add(1);
        }
    }
    lines
}

impl Place<'_> {
    /// Brings the notes on lines of `head` to `notes`, where `threads` are there. What the diff does not show gets no
    /// note, and one note that GitHub declines loses no other.
    pub(super) async fn review(
        &self,
        key: &Key,
        head: &CommitSha,
        notes: &[InlineNote],
        threads: &[OwnThread],
    ) -> ReviewOutcome {
        let mut outcome = ReviewOutcome::default();
        let ReviewPlan { post, resolve } = plan(key, notes, threads);
        for thread in resolve {
            match self.resolve(thread).await {
                Ok(()) => outcome.resolved += 1,
                Err(error) => {
                    tracing::debug!(%error, "thread left open");
                    outcome.error = Some(error);
                }
            }
        }
        if post.is_empty() {
            return outcome;
        }
        let diff = match self.diff(&post).await {
            Ok(diff) => diff,
            Err(error) => return ReviewOutcome { error: Some(error), ..outcome },
        };
        let placed: Vec<(InlineNote, u32)> =
            post.into_iter().filter_map(|note| placed(note, &diff)).take(MOST_NOTES).collect();
        if placed.is_empty() {
            return outcome;
        }
        match self.post(key, head, &placed).await {
            Ok(posted) => outcome.posted = posted,
            Err(error) => outcome.error = Some(error),
        }
        outcome
    }

    /// All notes in one review; where GitHub declines that, by place in the patch, and then one by one.
    async fn post(
        &self,
        key: &Key,
        head: &CommitSha,
        notes: &[(InlineNote, u32)],
    ) -> Result<usize, GithubError> {
        let path = format!("/repos/{}/pulls/{}/reviews", self.repo, self.number);
        let review = |comments: Vec<Value>| {
            let many = if notes.len() == 1 { "1 note".to_owned() } else { format!("{} notes", notes.len()) };
            let body = format!("reprogate: {many} on lines of this change.");
            json!({"commit_id": head.as_str(), "event": "COMMENT", "body": body, "comments": comments})
        };
        let by_line = |(note, _): &(InlineNote, u32)| json!({"path": note.path, "line": note.line, "side": "RIGHT", "body": body(key, note)});
        let by_position = |(note, position): &(InlineNote, u32)| json!({"path": note.path, "position": position, "body": body(key, note)});
        let first = self.client.post::<Value>(&path, &review(notes.iter().map(by_line).collect())).await;
        match first {
            Ok(_) => return Ok(notes.len()),
            Err(GithubError::Unprocessable { message, .. }) => tracing::info!(message, "review declined"),
            // Whether it took effect is for the next run to see: sent again, it could be there twice.
            Err(error) => return Err(error),
        }
        match self.client.post::<Value>(&path, &review(notes.iter().map(by_position).collect())).await {
            Ok(_) => return Ok(notes.len()),
            Err(GithubError::Unprocessable { message, .. }) => tracing::info!(message, "review declined"),
            Err(error) => return Err(error),
        }
        let path = format!("/repos/{}/pulls/{}/comments", self.repo, self.number);
        let mut posted = 0;
        for note in notes {
            let mut comment = by_line(note);
            if let Some(comment) = comment.as_object_mut() {
                comment.insert("commit_id".to_owned(), Value::from(head.as_str()));
            }
            match self.client.post::<Value>(&path, &comment).await {
                Ok(_) => posted += 1,
                Err(GithubError::Unprocessable { message, .. }) => {
                    tracing::info!(message, path = note.0.path, line = note.0.line, "note declined");
                }
                Err(error) if posted == 0 => return Err(error),
                Err(error) => {
                    tracing::info!(%error, "remaining notes left out");
                    break;
                }
            }
        }
        Ok(posted)
    }

    async fn resolve(&self, thread: &OwnThread) -> Result<(), GithubError> {
        match &thread.id {
            ThreadId::Graphql(id) => {
                let variables = json!({"thread": id});
                // Resolving twice is resolving once.
                let answer =
                    self.client.graphql::<Value>("Resolve", RESOLVE, variables, Repeat::Safe).await?;
                match answer.errors.first() {
                    Some(error) if error.kind.as_deref() == Some("FORBIDDEN") => {
                        Err(GithubError::Forbidden {
                            what: "GraphQL Resolve".to_owned(),
                            message: error.message.clone(),
                            needed: Some("pull_requests=write".to_owned()),
                        })
                    }
                    Some(error) => Err(GithubError::Graphql {
                        what: "GraphQL Resolve".to_owned(),
                        message: error.message.clone(),
                    }),
                    None => Ok(()),
                }
            }
            ThreadId::Rest => {
                self.client.delete(&format!("/repos/{}/pulls/comments/{}", self.repo, thread.comment)).await
            }
        }
    }

    /// Lines of the diff in the files of `notes`. Large files come without a patch and get no notes.
    async fn diff(&self, notes: &[&InlineNote]) -> Result<BTreeMap<String, DiffLines>, GithubError> {
        #[derive(Deserialize)]
        struct File {
            filename: String,
            patch: Option<String>,
        }
        let mut wanted: BTreeSet<&str> = notes.iter().map(|note| note.path.as_str()).collect();
        let mut diff = BTreeMap::new();
        for page in 1..=MOST_FILE_PAGES {
            let path = format!("/repos/{}/pulls/{}/files?per_page=100&page={page}", self.repo, self.number);
            let answer = self.client.get_page::<File>(&path).await?;
            for file in answer.items {
                if wanted.remove(file.filename.as_str())
                    && let Some(patch) = file.patch
                {
                    diff.insert(file.filename, diff_lines(&patch));
                }
            }
            if wanted.is_empty() || !answer.more {
                break;
            }
        }
        Ok(diff)
    }
}

/// The mutation that resolves a thread.
pub const RESOLVE: &str = "\
mutation Resolve($thread: ID!) {
  resolveReviewThread(input: {threadId: $thread}) { thread { id isResolved } }
}
";

#[cfg(test)]
mod tests {
    use super::*;

    fn note(fingerprint: &str, line: u32) -> InlineNote {
        InlineNote {
            path: "README.md".into(),
            line,
            body: "`nope.py` does not exist.".into(),
            fingerprint: fingerprint.into(),
            replacement: None,
            plain: None,
        }
    }

    fn thread(fingerprint: &str, id: ThreadId, resolved: bool, replied: bool) -> OwnThread {
        OwnThread { id, comment: CommentId(1), fingerprint: format!("root {fingerprint}"), resolved, replied }
    }

    fn key() -> Key {
        Key::new("", "")
    }

    #[test]
    fn a_note_is_written_once_whatever_became_of_it() {
        let notes = [note("aa", 3), note("bb", 4), note("bb", 9)];
        for (resolved, replied) in [(false, false), (true, false), (false, true)] {
            let threads = [thread("aa", ThreadId::Graphql("T1".into()), resolved, replied)];
            let plan = plan(&key(), &notes, &threads);
            assert_eq!(plan.post, [&notes[1]]);
            assert!(plan.resolve.is_empty());
        }
    }

    #[test]
    fn what_is_mended_is_resolved_and_answers_are_kept() {
        let graphql = |number: u8| ThreadId::Graphql(format!("T{number}"));
        let threads = [
            thread("aa", graphql(1), false, true),
            thread("bb", graphql(2), true, false),
            thread("cc", ThreadId::Rest, false, true),
            thread("dd", ThreadId::Rest, false, false),
        ];
        let plan = plan(&key(), &[], &threads);
        assert_eq!(plan.resolve, [&threads[0], &threads[3]]);
        let other = super::plan(&Key::new("models", ""), &[], &threads);
        assert!(other.resolve.is_empty());
    }

    #[test]
    fn a_note_names_itself_in_its_first_line() {
        let text = body(&key(), &note("a-->b", 1));
        assert_eq!(read_fingerprint(&text).unwrap(), "root ab");
        assert!(read_fingerprint(&format!("> {text}")).is_none());
    }

    #[test]
    fn a_suggestion_for_a_line_that_did_not_change_is_left_out_and_the_note_stays() {
        let diff = BTreeMap::from([("README.md".to_owned(), DiffLines::from([(7, 2), (9, 4)]))]);
        let mut note = note("aa", 3);
        note.replacement = Some("x".into());
        assert_eq!(placed(&note, &diff), None);
        note.plain = Some((9, "plain".into()));
        let (found, position) = placed(&note, &diff).unwrap();
        assert_eq!((found.line, found.body.as_str(), found.replacement, position), (9, "plain", None, 4));
        note.line = 7;
        assert_eq!(placed(&note, &diff).unwrap(), (note.clone(), 2));
    }

    #[test]
    fn lines_of_the_diff_are_those_of_the_new_file() {
        let patch = "@@ -1,3 +1,4 @@ # Title\n one\n-two\n+zwei\n+drei\n four\n@@ -20 +30,2 @@\n-x\n+y\n+z\n\\ No newline at end of file";
        let lines: Vec<(u32, u32)> = diff_lines(patch).into_iter().collect();
        assert_eq!(lines, [(1, 1), (2, 3), (3, 4), (4, 5), (30, 8), (31, 9)]);
        assert!(diff_lines("").is_empty());
        assert!(diff_lines("@@ broken @@\n+x").is_empty());
        assert_eq!(diff_lines("@@ -0,0 +4294967295 @@\n+x\n+y").len(), 1);
    }
}
