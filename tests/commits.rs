//! Pinned commits are looked up in the git repository itself: reachable, lost, and of another repository.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/git.rs"]
mod support;

use reprogate::facts::links::{Ancestry, PinnedCommit};
use reprogate::source::git::GitRepository;
use std::collections::BTreeSet;
use support::git;

#[test]
fn a_pin_is_reachable_unreachable_missing_or_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    git(at, &["init", "-q"]);
    git(at, &["remote", "add", "origin", "https://github.com/me/demo.git"]);
    let commit = |message: &str| {
        git(at, &["commit", "-q", "--allow-empty", "-m", message]);
        git(at, &["rev-parse", "HEAD"])
    };
    let first = commit("one");
    let kept = commit("two");
    git(at, &["tag", "-a", "v1", "-m", "v1"]);
    git(at, &["reset", "-q", "--hard", &first]);
    let lost = commit("three");
    git(at, &["reset", "-q", "--hard", &first]);
    let last = commit("four");

    let pin = |id: &str, repository: Option<&str>| PinnedCommit {
        id: id.to_owned(),
        repository: repository.map(str::to_owned),
    };
    let nowhere = "0123456789abcdef0123456789abcdef01234567";
    let asked = [
        (pin(&first[..9], None), Ancestry::Reachable),
        (pin(&kept, Some("Me/Demo")), Ancestry::Reachable),
        (pin(&last, None), Ancestry::Reachable),
        (pin(&lost, None), Ancestry::Unreachable),
        (pin(nowhere, None), Ancestry::Missing),
        (pin(nowhere, Some("me/demo")), Ancestry::Missing),
        (pin(nowhere, Some("you/other")), Ancestry::Elsewhere),
    ];
    let pins: BTreeSet<PinnedCommit> = asked.iter().map(|(pin, _)| pin.clone()).collect();
    let answers = GitRepository::open(at).unwrap().ancestry(&pins);
    for (pin, answer) in &asked {
        assert_eq!(answers.get(pin), Some(answer), "{pin:?}");
    }

    let shallow = tempfile::tempdir().unwrap();
    let from = format!("file://{}", at.display());
    git(shallow.path(), &["clone", "-q", "--depth", "1", &from, "clone"]);
    let answers = GitRepository::open(&shallow.path().join("clone")).unwrap().ancestry(&pins);
    assert!(matches!(answers[&pin(nowhere, None)], Ancestry::Unknown(_)), "{answers:?}");
}
