//! The Action from end to end, against a GitHub that keeps state.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod support;

use reprogate::publish::Mark;
use serde_json::json;
use std::time::{Duration, Instant};
use support::run::quick;
use support::server::answer;
use support::{Account, FakeGithub, Fault, Files, Permission, Run, TOKEN};

const README: &str = "# Model\n";
const BETTER: &str = "# Model\n\n## Training\n\n```sh\npython train.py\n```\n";
const TRAIN: &str = "import torch\n\nif __name__ == '__main__':\n    print('train')\n";
const POLICY: &str = ".github/reprogate.yml";
const BASE: Files<'_> = &[("README.md", README), ("train.py", TRAIN)];
const HEAD: Files<'_> = &[("README.md", BETTER), ("train.py", TRAIN)];
/// Nothing reaches this.
const STRICT: &str = "version: 1\nmin-score: 100\n";
const LENIENT: &str = "version: 1\nmin-score: 0\n";

/// The one comment that is there, behind its mark.
fn only_comment(fake: &FakeGithub) -> String {
    let comments = fake.comments();
    let own: Vec<_> = comments.iter().filter(|(author, _)| author == "github-actions[bot]").collect();
    assert_eq!(own.len(), 1, "{comments:?}");
    own[0].1.clone()
}

fn head(fake: &FakeGithub) -> String {
    fake.lock().pull().head.clone()
}

/// Whether the one comment is about `commit`.
fn is_about(fake: &FakeGithub, commit: &str) -> bool {
    only_comment(fake).starts_with(&format!("<!-- reprogate:root {{\"head\":\"{commit}\""))
}

#[tokio::test]
async fn a_pull_request_gets_one_comment_and_a_second_run_changes_nothing() {
    for graphql in [true, false] {
        let fake = FakeGithub::with_pull(BASE, HEAD);
        fake.lock().graphql = graphql;
        let first = Run::pull_request(&fake).run().await;
        assert_eq!((first.error.as_deref(), first.code), (None, 0), "{}", first.stdout);
        assert!(is_about(&fake, &head(&fake)));
        assert!(first.outputs["comment-url"].contains("#issuecomment-3000000"));
        assert_eq!(first.outputs["passed"], "true");
        assert!(first.outputs["missing"].starts_with('['));
        assert!(!first.summary.is_empty());
        let (comments, written) = (fake.comments(), fake.writes());
        assert_eq!(written.len(), 1, "{written:?}");
        let second = Run::pull_request(&fake).id(101).run().await;
        assert_eq!(fake.comments(), comments);
        assert_eq!(fake.writes(), written);
        assert_eq!(second.outputs, first.outputs);
    }
}

#[tokio::test]
async fn the_gate_is_the_exit_code() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let run = Run::pull_request(&fake).with("INPUT_MIN-SCORE", "100").run().await;
    assert_eq!((run.code, run.outputs["passed"].as_str()), (1, "false"));
    let run =
        Run::pull_request(&fake).with("INPUT_MIN-SCORE", "100").with("INPUT_FAIL-ON", "never").run().await;
    assert_eq!(run.code, 0);
    let run = Run::pull_request(&fake).with("INPUT_MIN-SCORE", "much").run().await;
    assert_eq!((run.code, fake.comments().len()), (2, 1));
    assert!(run.error.unwrap().contains("min-score"));
}

/// The policy in force is the base's, whatever the head does to its own.
#[tokio::test]
async fn a_pull_request_cannot_change_its_own_gate() {
    let waived = "version: 1\nmin-score: 0\nwaivers:\n  - rule: checklist/training-code\n    reason: later\n    until: 2030-01-01\n";
    for proposed in
        [Some(LENIENT), Some(waived), Some("version: 1\nfail-on: never\n"), Some("not: [a policy"), None]
    {
        let fake = FakeGithub::start();
        let mut head = HEAD.to_vec();
        head.extend(proposed.map(|text| (POLICY, text)));
        fake.lock().open_pull(&[BASE[0], BASE[1], (POLICY, STRICT)], &head);
        for event in ["pull_request", "pull_request_target"] {
            let payload = {
                let mut state = fake.lock();
                json!({"action": "synchronize", "pull_request": support::rest::shown(support::REPO, support::PULL, state.pull())})
            };
            // The runner's own commit is another one, and is not to be trusted here.
            let run = Run::event(&fake, event, payload).with("GITHUB_SHA", "f".repeat(40)).run().await;
            assert_eq!((run.code, run.error), (1, None), "{event} {proposed:?}");
        }
        only_comment(&fake);
    }
    // And the other way round: a base without a gate is not closed by the head's.
    let fake = FakeGithub::with_pull(BASE, &[HEAD[0], HEAD[1], (POLICY, STRICT)]);
    assert_eq!(Run::pull_request(&fake).run().await.code, 0);
}

#[tokio::test]
async fn a_policy_in_force_that_cannot_be_used_is_no_pass() {
    let fake = FakeGithub::start();
    fake.lock().open_pull(&[BASE[0], (POLICY, "min-score: 50\nminscore: 60\n")], HEAD);
    let run = Run::pull_request(&fake).run().await;
    assert_eq!(run.code, 2);
    assert!(run.error.unwrap().contains(POLICY));
    // It is listed and cannot be read.
    let fake = FakeGithub::start();
    fake.lock().open_pull(&[BASE[0], (POLICY, STRICT)], HEAD);
    fake.when("Blobs", |state| {
        let base = state.pull().base.clone();
        let id = state.repo().commits[&base].files[POLICY].clone();
        state.repo().blobs.remove(&id);
    });
    let run = Run::pull_request(&fake).run().await;
    assert_eq!(run.code, 3);
    assert!(run.error.unwrap().contains("cannot be read"));
    // The listing is cut off before it.
    let fake = FakeGithub::start();
    fake.lock().open_pull(&[BASE[0], (POLICY, STRICT)], HEAD);
    fake.fail("GET", "recursive=1", usize::MAX, Fault::TruncatedTree(0));
    fake.fail("GET", "/git/trees/", usize::MAX, answer(404));
    assert_eq!(Run::pull_request(&fake).run().await.code, 3);
    // The workflow names one that is not there.
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let run = Run::pull_request(&fake).with("INPUT_POLICY", "gate.yml").run().await;
    assert_eq!(run.code, 2);
    assert!(fake.comments().is_empty());
}

#[tokio::test]
async fn a_policy_may_lie_elsewhere_and_inputs_stand_over_it() {
    let fake = FakeGithub::start();
    fake.lock().open_pull(&[BASE[0], BASE[1], ("gate.yml", STRICT)], HEAD);
    let run = Run::pull_request(&fake).with("INPUT_POLICY", "gate.yml").run().await;
    assert_eq!(run.code, 1);
    let run =
        Run::pull_request(&fake).with("INPUT_POLICY", "gate.yml").with("INPUT_MIN-SCORE", "0").run().await;
    assert_eq!(run.code, 0);
    // A gate of its own beside the usual one.
    let run = Run::pull_request(&fake).with("INPUT_COMMENT", "update").run().await;
    assert_eq!((run.code, fake.comments().len()), (0, 2));
}

#[tokio::test]
async fn a_read_only_token_still_gives_the_verdict() {
    for graphql in [true, false] {
        let fake = FakeGithub::with_pull(BASE, HEAD);
        {
            let mut state = fake.lock();
            state.graphql = graphql;
            state.pull().head_repo = Some("ada/model".into());
            let reader =
                Account { login: "github-actions[bot]".into(), permission: Permission::Read, app: true };
            state.tokens.insert(TOKEN.into(), reader);
        }
        let passed = Run::pull_request(&fake).run().await;
        let failed = Run::pull_request(&fake).with("INPUT_MIN-SCORE", "100").run().await;
        assert_eq!((passed.code, failed.code), (0, 1));
        assert!(!failed.summary.is_empty());
        assert_eq!(failed.outputs["passed"], "false");
        assert!(failed.stdout.contains("::warning"), "{}", failed.stdout);
        assert!(failed.stdout.contains("issues=write; pull_requests=write"), "{}", failed.stdout);
        assert!(fake.comments().is_empty());
    }
}

#[tokio::test]
async fn trouble_with_the_comment_hides_no_verdict() {
    for fault in [
        answer(401),
        answer(403),
        answer(404),
        answer(410),
        answer(422),
        answer(500),
        Fault::Stall,
        Fault::WrongType,
    ] {
        let fake = FakeGithub::with_pull(BASE, HEAD);
        fake.fail("POST", "/issues/", usize::MAX, fault.clone());
        let run = Run::pull_request(&fake)
            .with("INPUT_MIN-SCORE", "100")
            .timing(|timing| timing.attempt = Duration::from_millis(300))
            .run()
            .await;
        assert_eq!((run.code, run.outputs["passed"].as_str()), (1, "false"), "{fault:?}");
        assert!(
            run.stdout.contains("::warning") || only_comment(&fake).contains("100"),
            "{fault:?}: {}",
            run.stdout
        );
    }
}

#[tokio::test]
async fn a_force_push_during_the_run_leaves_the_comment_to_the_next() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.when("Blobs", |state| {
        state.push(&[("README.md", "# Forced\n")]);
    });
    let first = Run::pull_request(&fake).run().await;
    assert_eq!(first.code, 0);
    assert!(first.stdout.contains("left alone"), "{}", first.stdout);
    assert!(fake.comments().is_empty());
    Run::pull_request(&fake).id(101).run().await;
    assert!(is_about(&fake, &head(&fake)));
}

#[tokio::test]
async fn a_base_that_changes_during_the_run_leaves_the_comment_to_the_next() {
    for graphql in [true, false] {
        let fake = FakeGithub::with_pull(BASE, HEAD);
        fake.lock().graphql = graphql;
        fake.when(if graphql { "Blobs" } else { "/git/blobs/" }, |state| {
            state.pull().base_ref = "next".into();
        });
        let run = Run::pull_request(&fake).run().await;
        assert_eq!(run.code, 0);
        assert!(run.stdout.contains("goes into another branch now"), "{}", run.stdout);
        assert!(fake.comments().is_empty());
    }
}

#[tokio::test]
async fn a_retargeted_pull_request_is_judged_against_its_new_base() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let stale = Run::pull_request(&fake);
    Run::pull_request(&fake).run().await;
    // The event as GitHub sends it: the new base, and what it was changed from.
    let (old, new, payload) = {
        let mut state = fake.lock();
        let new =
            state.repo().commit(None, &[(POLICY.into(), STRICT.into()), ("README.md".into(), README.into())]);
        let pull = state.pull();
        let old = (std::mem::replace(&mut pull.base, new.clone()), pull.base_ref.clone());
        pull.base_ref = "next".into();
        let changes = json!({"base": {"ref": {"from": old.1}, "sha": {"from": old.0}}});
        let shown = support::rest::shown(support::REPO, support::PULL, pull);
        (old.0, new, json!({"action": "edited", "changes": changes, "pull_request": shown}))
    };
    let edited = Run::event(&fake, "pull_request", payload)
        .id(101)
        .with("GITHUB_BASE_REF", "next")
        .with("GITHUB_SHA", &old)
        .run()
        .await;
    assert_eq!((edited.code, edited.error), (1, None), "the new base is stricter");
    let comment = only_comment(&fake);
    let (mark, text) = Mark::read(&comment).unwrap();
    assert_eq!(mark.base.as_deref(), Some(new.as_str()));
    assert!(!text.contains(&old[..7]), "nothing is compared with the old base: {text}");
    let late = stale.run().await;
    assert!(late.stdout.contains("left alone"), "{}", late.stdout);
    assert_eq!(only_comment(&fake), comment);
}

#[tokio::test]
async fn a_head_repository_that_is_gone_is_no_obstacle() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.lock().pull().head_repo = None;
    assert_eq!(Run::pull_request(&fake).run().await.code, 0);
    assert!(is_about(&fake, &head(&fake)));
}

#[tokio::test]
async fn events_without_a_pull_request_gate_and_write_nothing() {
    let fake = FakeGithub::start();
    fake.lock().open_pull(&[BASE[0], BASE[1], (POLICY, STRICT)], HEAD);
    let (head, base) = {
        let mut state = fake.lock();
        (state.pull().head.clone(), state.pull().base.clone())
    };
    let zero = "0".repeat(40);
    for (event, payload, sha, code) in [
        ("merge_group", json!({"merge_group": {"head_sha": head, "base_sha": base}}), &zero, 1),
        ("push", json!({"before": base, "after": head}), &head, 1),
        // What was replaced is gone: the commit's own policy, of which it has none.
        ("push", json!({"before": "d".repeat(40), "after": head}), &head, 0),
        ("push", json!({"before": zero, "after": head}), &head, 0),
        ("push", json!({"before": base, "after": zero, "deleted": true}), &head, 0),
        ("schedule", json!({"schedule": "0 4 * * 1"}), &base, 1),
        ("workflow_dispatch", json!({"inputs": null}), &base, 1),
        (
            "workflow_run",
            json!({"workflow_run": {"head_sha": base, "event": "push", "pull_requests": []}}),
            &zero,
            1,
        ),
    ] {
        let run = Run::event(&fake, event, payload.clone()).with("GITHUB_SHA", sha.as_str()).run().await;
        assert_eq!((run.code, run.error), (code, None), "{event} {payload}");
    }
    assert!(fake.writes().is_empty());
}

#[tokio::test]
async fn a_merge_group_without_its_base_is_an_error() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let payload = json!({"merge_group": {"head_sha": head(&fake), "base_sha": "d".repeat(40)}});
    let run = Run::event(&fake, "merge_group", payload).run().await;
    assert_eq!(run.code, 3, "without the base there is no gate to pass");
}

#[tokio::test]
async fn runs_by_hand_and_after_another_workflow_find_their_pull_request() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let head = head(&fake);
    let run = Run::event(&fake, "workflow_dispatch", json!({"inputs": {"pr": "7"}})).run().await;
    assert_eq!(run.code, 0);
    assert!(is_about(&fake, &head));
    for listed in [json!([]), json!([{"number": 7, "head": {"sha": head}}])] {
        let payload =
            json!({"workflow_run": {"head_sha": head, "event": "pull_request", "pull_requests": listed}});
        let run = Run::event(&fake, "workflow_run", payload).id(102).run().await;
        assert_eq!(run.code, 0);
        assert!(run.stdout.contains("unchanged"), "{}", run.stdout);
    }
    // From a fork: its commit is on no branch here, and its branch may be called anything.
    let from = ("someone/model", "a&head=lab:faster#?%41/ö");
    for (branch, known) in [(from.1, true), ("faster", false)] {
        {
            let mut state = fake.lock();
            let pull = state.pull();
            (pull.head_repo, pull.head_ref) = (Some(from.0.into()), from.1.into());
            state.repo().branches.remove("faster");
        }
        let payload = json!({"workflow_run": {"head_sha": head, "head_branch": branch, "event": "pull_request",
            "head_repository": {"owner": {"login": "someone"}}, "pull_requests": []}});
        let run = Run::event(&fake, "workflow_run", payload).id(103).run().await;
        assert_eq!((run.code, run.stdout.contains("Comment ")), (0, known), "{}", run.stdout);
    }
    // A number that the first workflow could have made up leads nowhere.
    let payload = json!({"workflow_run": {"head_sha": "c".repeat(40), "event": "pull_request", "pull_requests": [{"number": 7, "head": {"sha": head}}]}});
    let run = Run::event(&fake, "workflow_run", payload).run().await;
    assert_eq!(run.code, 3);
    only_comment(&fake);
}

#[tokio::test]
async fn an_empty_repository_is_judged_as_empty() {
    let fake = FakeGithub::start();
    let run = Run::event(&fake, "schedule", json!({})).with("GITHUB_SHA", "a".repeat(40)).run().await;
    assert_eq!((run.code, run.error), (0, None));
    assert!(fake.writes().is_empty());
}

#[tokio::test]
async fn an_enterprise_server_is_used_throughout() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.lock().prefix = "/api/v3";
    let url = fake.lock().url.clone();
    let run = Run::pull_request(&fake)
        .with("GITHUB_API_URL", "https://api.github.com")
        .with("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
        .with("INPUT_GITHUB-API-URL", format!("{url}/api/v3/"))
        .run()
        .await;
    assert_eq!((run.code, run.error), (0, None));
    only_comment(&fake);
    assert!(fake.lock().seen.iter().all(|seen| seen.path.starts_with("/api/")));
}

#[tokio::test]
async fn files_are_written_where_the_workflow_wants_them() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = Run::pull_request(&fake)
        .with("INPUT_JSON-FILE", path("report.json"))
        .with("INPUT_SARIF_FILE", path("report.sarif"))
        .with("INPUT_HTML-FILE", path("no-such-folder/report.html"))
        .run()
        .await;
    assert_eq!(run.code, 0);
    assert_eq!(run.outputs["report-file"], path("report.json"));
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path("report.json")).unwrap()).unwrap();
    assert_eq!(report["target"]["pull_request"], support::PULL);
    assert!(run.stdout.contains("::warning title=reprogate%3A file not written::"), "{}", run.stdout);
    // Nothing half-written stays.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// 500 files on both sides, 20 of them changed.
fn five_hundred() -> FakeGithub {
    let file = |number: usize, side: &str| {
        let text = format!("import torch\n\n\ndef part_{number}():\n    return '{side}'\n").repeat(8);
        (format!("package/part_{number:03}.py"), text.into_bytes())
    };
    let base: Vec<_> = (0..500).map(|number| file(number, "base")).collect();
    let head: Vec<_> =
        (0..500).map(|number| file(number, if number < 20 { "head" } else { "base" })).collect();
    let fake = FakeGithub::start();
    fake.lock().open_pull_bytes(&base, &head);
    fake
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_files_take_four_rounds_and_ten_requests() {
    let fake = five_hundred();
    fake.lock().latency = Duration::from_millis(100);
    let started = Instant::now();
    let run = Run::pull_request(&fake).run().await;
    let took = started.elapsed();
    assert_eq!((run.code, run.error), (0, None));
    let requests = fake.requests();
    println!(
        "{} requests, {} rounds before the comment, {took:?}: {requests:#?}",
        requests.len(),
        fake.rounds("POST /repos")
    );
    assert!(fake.rounds("POST /repos") <= 4, "{requests:?}");
    assert!(requests.len() <= 10, "{requests:?}");
    only_comment(&fake);
}

/// One in ten requests fails, half of those after the deed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_in_ten_failing_ends_right_with_each_thing_posted_once() {
    for one_in in [2, 3, 4, 5, 7, 10] {
        for graphql in [true, false] {
            let fake = FakeGithub::with_pull(BASE, HEAD);
            {
                let mut state = fake.lock();
                state.one_in = Some(one_in);
                state.graphql = graphql;
            }
            for run in 0..6 {
                let finished =
                    Run::pull_request(&fake).id(100 + run).timing(|timing| timing.attempts = 8).run().await;
                assert_eq!((finished.code, finished.error), (0, None), "1 in {one_in}");
                assert!(is_about(&fake, &head(&fake)), "1 in {one_in}: {:?}", fake.writes());
                // Not written twice and then taken away.
                let taken_away = fake.writes().iter().any(|write| write.starts_with("DELETE"));
                assert!(!taken_away, "1 in {one_in}: {:?}", fake.writes());
                if run % 2 == 1 {
                    fake.lock().push(&[("README.md", &format!("# Push {run}\n")), ("train.py", TRAIN)]);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_and_failing_github_is_survived_within_the_deadline() {
    let fake = five_hundred();
    {
        let mut state = fake.lock();
        state.latency = Duration::from_millis(100);
        state.one_in = Some(10);
    }
    // The pauses that users get.
    let timing = |timing: &mut reprogate::github::Timing| {
        *timing = reprogate::github::Timing { first_pause: quick().longest_pause, ..Default::default() };
    };
    let deadline = reprogate::github::Timing::default().overall;
    for run in 0..3 {
        let began = Instant::now();
        let finished = Run::pull_request(&fake).id(100 + run).timing(timing).run().await;
        assert_eq!((finished.code, finished.error), (0, None));
        assert!(began.elapsed() < deadline, "{:?}", began.elapsed());
        assert!(is_about(&fake, &head(&fake)));
        fake.lock().push(&[("README.md", &format!("# Push {run}\n"))]);
    }
}

#[tokio::test]
async fn names_in_the_repository_are_no_workflow_commands() {
    let fake = FakeGithub::start();
    let name = "train\n::error title=owned::owned.py";
    let readme = format!("# Model\n\n## Training\n\n```sh\npython '{name}'\n```\n");
    fake.lock().open_pull(BASE, &[("README.md", &readme), (name, TRAIN)]);
    let run = Run::pull_request(&fake).with("INPUT_MIN-SCORE", "100").run().await;
    assert_eq!(run.code, 1);
    assert!(run.stdout.lines().all(|line| !line.starts_with("::error title=owned")), "{}", run.stdout);
    assert!(run.stdout.contains("owned.py"), "its name is shown: {}", run.stdout);
}

/// A pull request whose README passes a flag that the script does not declare.
fn with_a_wrong_flag() -> FakeGithub {
    let train = "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('--epochs', type=int)\nprint(parser.parse_args())\n";
    let wrong = BETTER.replace("train.py", "train.py --lr 0.1");
    FakeGithub::with_pull(
        &[("README.md", README), ("train.py", train)],
        &[("README.md", &wrong), ("train.py", train)],
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_change_breaks_is_noted_on_its_line_and_resolved_when_mended() {
    for graphql in [true, false] {
        let fake = with_a_wrong_flag();
        {
            let mut state = fake.lock();
            state.graphql = graphql;
            state.latency = Duration::from_millis(100);
        }
        let run = Run::pull_request(&fake).run().await;
        assert_eq!(run.error, None);
        // Without GraphQL, finding that out is a round of its own.
        let most = if graphql { 4 } else { 5 };
        assert!(fake.rounds("POST /repos/lab/model/issues") <= most, "{:?}", fake.requests());
        let threads = fake.lock().pull().threads.clone();
        assert_eq!(threads.len(), 1, "{}", run.stdout);
        assert_eq!((threads[0].path.as_str(), threads[0].line, threads[0].resolved), ("README.md", 6, false));
        assert!(threads[0].comments[0].body.contains("--lr"), "{threads:?}");
        let written = fake.writes();
        Run::pull_request(&fake).id(101).run().await;
        assert_eq!(fake.writes(), written, "a second run changes nothing");
        let train = {
            let mut state = fake.lock();
            let head = state.pull().head.clone();
            let id = state.repo().commits[&head].files["train.py"].clone();
            String::from_utf8(state.repo().blobs[&id].clone()).unwrap()
        };
        fake.lock()
            .push(&[("README.md", &BETTER.replace("train.py", "train.py --epochs 3")), ("train.py", &train)]);
        Run::pull_request(&fake).id(102).run().await;
        let threads = fake.lock().pull().threads.clone();
        assert!(if graphql { threads[0].resolved } else { threads.is_empty() }, "{threads:?}");
        // And nothing where no notes are wanted.
        let quiet = with_a_wrong_flag();
        Run::pull_request(&quiet).with("INPUT_REVIEW", "off").run().await;
        assert!(quiet.lock().pull().threads.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_entries_take_no_more_rounds() {
    let file = |number: usize| {
        (
            format!("data/part_{:03}/sample_{number:06}.npy", number / 100),
            format!("{}", number % 50).into_bytes(),
        )
    };
    let mut base: Vec<_> = (0..100_000).map(file).collect();
    base.extend(BASE.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    let mut head = base.clone();
    head.push(("recipe.md".to_owned(), b"# Recipe\n".to_vec()));
    let fake = FakeGithub::start();
    fake.lock().open_pull_bytes(&base, &head);
    // The fake takes its time to write such a listing.
    let patient = |timing: &mut reprogate::github::Timing| {
        (timing.attempt, timing.overall) = (Duration::from_secs(120), Duration::from_secs(300));
    };
    let run = Run::pull_request(&fake).timing(patient).run().await;
    assert_eq!((run.code, run.error), (0, None));
    assert!(fake.requests().len() <= 10, "{:?}", fake.requests());
    only_comment(&fake);
}

/// A policy that is a link leads nowhere: in the head it changes nothing, in the base there is no gate to pass.
#[tokio::test]
async fn a_policy_that_is_a_link_is_not_followed() {
    let linked = |side: fn(&mut support::State) -> String| {
        let fake = FakeGithub::start();
        let mut head = HEAD.to_vec();
        head.extend([(POLICY, "../lenient.yml"), ("lenient.yml", LENIENT)]);
        fake.lock().open_pull(&[BASE[0], BASE[1], (POLICY, STRICT)], &head);
        let mut state = fake.lock();
        let commit = side(&mut state);
        let commit = state.repo().commits.get_mut(&commit).unwrap();
        commit.modes.insert(POLICY.to_owned(), "120000");
        drop(state);
        fake
    };
    let run = Run::pull_request(&linked(|state| state.pull().head.clone())).run().await;
    assert_eq!((run.code, run.error), (1, None));
    let run = Run::pull_request(&linked(|state| state.pull().base.clone())).run().await;
    assert_eq!(run.code, 3);
    assert!(run.error.unwrap().contains("it is no file"));
}

/// A draft is judged like any other, so that its author sees what is missing.
#[tokio::test]
async fn a_draft_is_judged_as_well() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let mut payload = {
        let mut state = fake.lock();
        json!({"action": "opened", "pull_request": support::rest::shown(support::REPO, support::PULL, state.pull())})
    };
    payload["pull_request"]["draft"] = json!(true);
    let run = Run::event(&fake, "pull_request", payload).run().await;
    assert_eq!((run.code, run.error), (0, None));
    assert!(is_about(&fake, &head(&fake)));
}

/// A private repository that the token does not cover, at any point of the run.
#[tokio::test]
async fn a_repository_that_the_token_does_not_cover_is_told_with_the_permission() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.fail("", "", usize::MAX, answer(404));
    let run = Run::pull_request(&fake).run().await;
    assert_eq!(run.code, 3);
    assert!(run.error.unwrap().contains("`contents: read`"));
    assert!(fake.writes().is_empty());
}
