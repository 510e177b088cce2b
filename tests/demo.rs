//! The example's pull request, reviewed by the Action: what is posted, what a fork is told, and what it is worth.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod support;

use regex::Regex;
use std::collections::BTreeMap;
use std::path::Path;
use support::{Account, FakeGithub, Permission, Run, TOKEN};

type Tree = BTreeMap<String, String>;

fn read(folder: &Path, under: &Path, files: &mut Tree) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "__pycache__" {
            read(&path, under, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.insert(path.strip_prefix(under).unwrap().to_str().unwrap().to_owned(), text);
        }
    }
}

fn example() -> (Tree, Tree) {
    let mut base = Tree::new();
    read(Path::new("examples/project"), Path::new("examples/project"), &mut base);
    let mut head = base.clone();
    read(Path::new("examples/pull-request"), Path::new("examples/pull-request"), &mut head);
    (base, head)
}

fn pairs(files: &Tree) -> Vec<(&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
}

fn fake(base: &Tree, head: &Tree) -> FakeGithub {
    FakeGithub::with_pull(&pairs(base), &pairs(head))
}

/// What differs from run to run: the server's address.
fn plain(text: &str) -> String {
    let address = Regex::new(r"http://127\.0\.0\.1:\d+").unwrap();
    address.replace_all(text, "https://github.example").into_owned()
}

fn posted(fake: &FakeGithub) -> String {
    let comments = fake.comments();
    let [(_, comment)] = comments.as_slice() else { panic!("{comments:?}") };
    comment.clone()
}

/// The notes on lines, as they were sent.
fn notes(fake: &FakeGithub) -> String {
    let state = fake.lock();
    let mut sent = String::new();
    for seen in state.seen.iter().filter(|seen| seen.method == "POST" && seen.path.ends_with("/reviews")) {
        let review: serde_json::Value = serde_json::from_str(&seen.body).unwrap();
        for note in review["comments"].as_array().unwrap() {
            sent.push_str(&format!(
                "=== {} line {}\n{}\n",
                note["path"],
                note["line"],
                note["body"].as_str().unwrap()
            ));
        }
    }
    sent
}

#[tokio::test]
async fn what_the_examples_pull_request_is_told() {
    let (base, head) = example();
    let fake = fake(&base, &head);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = Run::pull_request(&fake)
        .with("INPUT_MIN-SCORE", "70")
        .with("INPUT_SARIF-FILE", path("report.sarif"))
        .with("INPUT_HTML-FILE", path("report.html"))
        .run()
        .await;
    assert_eq!((run.error.as_deref(), run.code), (None, 1), "{}", run.stdout);
    insta::assert_snapshot!("demo_comment", plain(&posted(&fake)));
    insta::assert_snapshot!("demo_review", plain(&notes(&fake)));
    let file = |name: &str| plain(&std::fs::read_to_string(path(name)).unwrap());
    insta::assert_snapshot!("demo_sarif", file("report.sarif"));
    insta::assert_snapshot!("demo_html", file("report.html"));
    // The summary says what the comment says, and all of it.
    let (_, comment) =
        posted(&fake).split_once('\n').map(|(mark, text)| (mark.to_owned(), text.to_owned())).unwrap();
    assert_eq!(plain(&run.summary).trim(), plain(&comment).trim());
}

/// A fork's token may read and not write: nothing is posted, and nothing is lost.
#[tokio::test]
async fn what_a_fork_without_permission_is_told() {
    let (base, head) = example();
    let fake = fake(&base, &head);
    {
        let mut state = fake.lock();
        state.pull().head_repo = Some("ada/model".into());
        let reader = Account { login: "github-actions[bot]".into(), permission: Permission::Read, app: true };
        state.tokens.insert(TOKEN.into(), reader);
    }
    let run = Run::pull_request(&fake).with("INPUT_MIN-SCORE", "70").run().await;
    assert_eq!((run.error.as_deref(), run.code), (None, 1), "{}", run.stdout);
    assert!(fake.comments().is_empty());
    insta::assert_snapshot!("fork_log", plain(&run.stdout));
    insta::assert_snapshot!("fork_summary", plain(&run.summary));
}

/// What a person finds in the posted comment and puts in place: new files, blocks to paste, lines as they would be right.
fn put_in_place(comment: &str, files: &mut Tree) -> usize {
    let title = Regex::new(r"^<summary>(?:Paste into|New file) <code>([^<]+)</code>").unwrap();
    let place = Regex::new(r"^`([^`]+):(\d+)`$").unwrap();
    let mut count = 0;
    let mut lines = comment.lines().peekable();
    let mut whole: Vec<(String, String)> = Vec::new();
    let mut mended: Vec<(String, usize, String)> = Vec::new();
    let mut in_lines = false;
    while let Some(line) = lines.next() {
        if line.starts_with("<summary>") {
            in_lines = line.starts_with("<summary>The line") && line.contains("would be right");
        }
        let block = title.captures(line).map(|found| (found[1].to_owned(), 0));
        let right = place.captures(line).filter(|_| in_lines);
        let right = right.map(|found| (found[1].to_owned(), found[2].parse().unwrap()));
        let Some((path, number)) = block.or(right) else { continue };
        let open = lines.by_ref().find(|line| line.starts_with("```")).unwrap();
        let ticks = &open[..open.len() - open.trim_start_matches('`').len()];
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != ticks).collect();
        count += 1;
        match number {
            0 => whole.push((path, body.join("\n") + "\n")),
            number => mended.push((path, number, body.join("\n"))),
        }
    }
    for (path, number, text) in mended {
        let mut all: Vec<&str> = files[&path].split('\n').collect();
        all[number - 1] = &text;
        let new = all.join("\n");
        files.insert(path, new);
    }
    for (path, body) in whole {
        match files.get_mut(&path) {
            Some(text) => *text = format!("{}\n\n{body}", text.trim_end()),
            None => {
                files.insert(path, body);
            }
        }
    }
    count
}

/// A pull request that takes all that its comment offers scores what the comment said, and is offered nothing more.
#[tokio::test]
async fn what_the_comment_promises_is_what_it_brings() {
    let (base, head) = example();
    let fake = fake(&base, &head);
    Run::pull_request(&fake).run().await;
    let first = posted(&fake);
    let promise = Regex::new(r"put in place as it is, the score becomes ([\d.]+)\.").unwrap();
    let promised = promise.captures(&first).expect("a promise")[1].to_owned();
    let mut better = head.clone();
    let count = put_in_place(&first, &mut better);
    assert!(count >= 2, "{count} things to put in place:\n{first}");
    fake.lock().push(&pairs(&better));
    let second = Run::pull_request(&fake).id(101).run().await;
    assert_eq!(second.outputs["score"], promised, "{}", posted(&fake));
    assert!(!promise.is_match(&posted(&fake)), "{}", posted(&fake));
}
