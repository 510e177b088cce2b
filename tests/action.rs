//! The Action from end to end, against a GitHub that keeps state.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod support;

use support::{FakeGithub, Files, Run};

const BASE: Files<'_> = &[("README.md", "# Model\n"), ("train.py", "print('train')\n")];
const HEAD: Files<'_> = &[
    ("README.md", "# Model\n\n## Training\n\n```sh\npython train.py\n```\n"),
    ("train.py", "print('train')\n"),
];

#[tokio::test]
async fn a_pull_request_gets_one_comment_and_a_second_run_changes_nothing() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let first = Run::pull_request(&fake).run().await;
    assert_eq!(first.error, None);
    assert_eq!(first.code, 0);
    let comments = fake.comments();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].1.starts_with("<!-- reprogate:root {\"head\":"), "{}", comments[0].1);
    assert!(first.outputs["comment-url"].contains("#issuecomment-3000000"));
    let written = fake.writes();
    let second = Run::pull_request(&fake).id(101).run().await;
    assert_eq!(fake.comments(), comments);
    assert_eq!(fake.writes(), written);
    assert_eq!(second.outputs, first.outputs);
}
