//! Comments and notes on a pull request that others change at the same time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod support;

use reprogate::event::Run;
use reprogate::github::{PullRequestNumber, RepoName};
use reprogate::publish::{CommentMode, Key, Mark, Outcome, Place, ReviewOutcome, Wanted};
use reprogate::render::review::InlineNote;
use support::run::{client, quick};
use support::server::answer;
use support::{Account, FakeGithub, Fault, Files, PULL, Permission, REPO, TOKEN};

const BASE: Files<'_> = &[("README.md", "# Model\n\none\ntwo\nthree\n")];
const HEAD: Files<'_> = &[("README.md", "# Model\n\none\ntwo\nthree\nfour\nfive\n"), ("train.py", "x = 1\n")];

fn fake() -> FakeGithub {
    FakeGithub::with_pull(BASE, HEAD)
}

/// With a server that has no GraphQL, a user's token, and what reviews take there.
fn fake_by_rest() -> FakeGithub {
    let fake = fake();
    {
        let mut state = fake.lock();
        state.graphql = false;
        state.lines = false;
        state.tokens.get_mut(TOKEN).unwrap().app = false;
    }
    fake
}

/// Both ways to look at a pull request.
fn both() -> [FakeGithub; 2] {
    [fake(), fake_by_rest()]
}

/// A verdict on the pull request as it is now.
fn verdict(fake: &FakeGithub, run: u64, text: &str) -> Wanted {
    let mut state = fake.lock();
    let pull = state.pull();
    Wanted {
        mark: Mark {
            key: Key::new("", ""),
            head: pull.head.clone(),
            base: Some(pull.base.clone()),
            run: Run { id: run, attempt: 1 },
        },
        text: text.to_owned(),
        base_ref: pull.base_ref.clone(),
        mode: CommentMode::Update,
    }
}

async fn publish(
    fake: &FakeGithub,
    wanted: &Wanted,
    notes: Option<&[InlineNote]>,
) -> (Outcome, Option<ReviewOutcome>) {
    let client = client(fake, quick());
    let repo: RepoName = REPO.parse().unwrap();
    Place { client: &client, repo: &repo, number: PullRequestNumber(PULL) }.publish(wanted, notes).await
}

async fn comment(fake: &FakeGithub, wanted: &Wanted) -> Outcome {
    publish(fake, wanted, None).await.0
}

/// Texts of the comments that the bot wrote, without their marks.
fn texts(fake: &FakeGithub) -> Vec<String> {
    let own = fake.comments().into_iter().filter(|(author, _)| author == "github-actions[bot]");
    own.map(|(_, body)| Mark::read(&body).map_or(body.clone(), |(_, text)| text.to_owned())).collect()
}

fn changed(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Posted { url, changed } => {
            assert!(url.contains("#issuecomment-"), "{url}");
            *changed
        }
        other => panic!("{other:?}"),
    }
}

fn superseded(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Superseded(_))
}

#[tokio::test]
async fn publishing_twice_is_publishing_once() {
    for fake in both() {
        assert!(changed(&comment(&fake, &verdict(&fake, 1, "71 / 100")).await));
        let writes = fake.writes();
        assert_eq!(writes.len(), 1);
        assert!(!changed(&comment(&fake, &verdict(&fake, 1, "71 / 100")).await));
        assert!(!changed(&comment(&fake, &verdict(&fake, 2, "71 / 100")).await));
        assert_eq!(fake.writes(), writes);
        fake.lock().push(&[("README.md", "# Better\n")]);
        assert!(changed(&comment(&fake, &verdict(&fake, 3, "75 / 100")).await));
        assert_eq!(texts(&fake), ["75 / 100"]);
        assert_eq!(fake.writes().len(), 2);
    }
}

#[tokio::test]
async fn a_comment_is_found_on_any_page() {
    for fake in both() {
        {
            let mut state = fake.lock();
            for number in 0..250 {
                state.say("ada", &format!("comment {number}"));
            }
        }
        assert!(changed(&comment(&fake, &verdict(&fake, 1, "71 / 100")).await));
        for number in 0..120 {
            fake.lock().say("ada", &format!("later {number}"));
        }
        fake.lock().push(&[("README.md", "# Better\n")]);
        assert!(changed(&comment(&fake, &verdict(&fake, 2, "75 / 100")).await));
        assert_eq!(texts(&fake), ["75 / 100"]);
        assert_eq!(fake.comments().len(), 371);
    }
}

#[tokio::test]
async fn a_mark_that_someone_else_planted_is_ignored() {
    for fake in both() {
        let planted = {
            let mut newer = verdict(&fake, 999, "100 / 100");
            newer.mark.run.attempt = 9;
            format!("{}100 / 100", newer.mark.line())
        };
        fake.lock().say("mallory", &planted);
        assert!(changed(&comment(&fake, &verdict(&fake, 1, "12 / 100")).await));
        assert_eq!(texts(&fake), ["12 / 100"]);
        assert_eq!(fake.comments()[0], ("mallory".to_owned(), planted));
    }
}

#[tokio::test]
async fn a_lost_answer_posts_once() {
    for fault in [
        Fault::DoneButLost,
        Fault::DoneBut(502),
        Fault::CutBody,
        Fault::Malformed,
        Fault::WrongType,
        answer(503),
    ] {
        for fake in both() {
            fake.fail("POST", "/issues/", 2, fault.clone());
            assert!(changed(&comment(&fake, &verdict(&fake, 1, "71 / 100")).await), "{fault:?}");
            assert_eq!(texts(&fake), ["71 / 100"], "{fault:?}");
            // Not written twice and then taken away.
            assert!(!fake.writes().iter().any(|write| write.starts_with("DELETE")), "{:?}", fake.writes());
        }
    }
}

#[tokio::test]
async fn a_lost_answer_to_an_update_is_looked_up() {
    for fault in [Fault::DoneButLost, Fault::DoneBut(502), answer(503)] {
        for fake in both() {
            comment(&fake, &verdict(&fake, 1, "71 / 100")).await;
            fake.lock().push(&[("README.md", "# Better\n")]);
            fake.fail("PATCH", "", 1, fault.clone());
            comment(&fake, &verdict(&fake, 2, "75 / 100")).await;
            assert_eq!(texts(&fake), ["75 / 100"], "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_newer_run_between_two_attempts_is_not_overwritten() {
    for fake in both() {
        comment(&fake, &verdict(&fake, 1, "71 / 100")).await;
        fake.lock().push(&[("README.md", "# Better\n")]);
        let late = verdict(&fake, 2, "75 / 100");
        fake.fail("PATCH", "", 1, answer(502));
        // While the first attempt fails, a push comes, and its run is done at once.
        fake.when("/issues/comments/", |state| {
            let head = state.push(&[("README.md", "# Best\n")]);
            let mark = Mark { key: Key::new("", ""), head, base: None, run: Run { id: 3, attempt: 1 } };
            state.pull().comments[0].body = format!("{}90 / 100", mark.line());
        });
        assert!(superseded(&comment(&fake, &late).await));
        assert_eq!(texts(&fake), ["90 / 100"]);
    }
}

#[tokio::test]
async fn a_listing_that_lags_makes_no_second_comment() {
    let fake = fake();
    let empty = {
        let mut state = fake.lock();
        let pull = state.pull();
        serde_json::json!({"data": {"repository": {"pullRequest": {
            "headRefOid": pull.head, "baseRefName": "main",
            "comments": {"pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": []}}}}})
    };
    fake.fail("", "PullRequest", 2, Fault::Answer(200, vec![], empty.to_string()));
    assert!(changed(&comment(&fake, &verdict(&fake, 1, "71 / 100")).await));
    assert_eq!(texts(&fake), ["71 / 100"]);
    assert_eq!(fake.writes().len(), 1);
}

/// GraphQL that gives a pull request without its comments has not said that there are none.
#[tokio::test]
async fn half_an_answer_is_not_taken_for_all_of_it() {
    for trouble in ["FORBIDDEN", "NOT_FOUND", ""] {
        let fake = fake();
        comment(&fake, &verdict(&fake, 1, "71 / 100")).await;
        let head = fake.lock().push(&[("README.md", "# Better\n")]);
        let half = serde_json::json!({
            "data": {"repository": {"pullRequest": {"headRefOid": head, "baseRefName": "main", "comments": null}}},
            "errors": [{"type": trouble, "message": "Something went wrong"}],
        });
        // Once, or however often it is asked.
        for times in [1, usize::MAX] {
            let text = format!("75 / 100, {times}");
            fake.fail("", "PullRequest", times, Fault::Answer(200, vec![], half.to_string()));
            assert!(changed(&comment(&fake, &verdict(&fake, 2, &text)).await));
            assert_eq!(texts(&fake), [text], "{trouble}: {:?}", fake.writes());
            let created = fake.writes().iter().filter(|write| write.starts_with("POST")).count();
            assert_eq!(created, 1, "{trouble}: {:?}", fake.writes());
        }
    }
}

/// A comment, or a thread, that GraphQL cannot give stands as `null` among the others.
#[tokio::test]
async fn half_a_list_is_not_taken_for_all_of_it() {
    let page = serde_json::json!({"hasNextPage": false, "endCursor": null});
    let none = serde_json::json!({"pageInfo": page, "nodes": []});
    let gap = serde_json::json!({"pageInfo": page, "nodes": [null]});
    let missing = serde_json::Value::Null;
    for (comments, threads) in [(&gap, &none), (&none, &gap), (&missing, &none), (&none, &missing)] {
        let fake = fake();
        let notes = [note("aa", "README.md", 6)];
        publish(&fake, &verdict(&fake, 1, "71 / 100"), Some(&notes)).await;
        let head = fake.lock().pull().head.clone();
        let half = serde_json::json!({
            "data": {"repository": {"pullRequest": {
                "headRefOid": head, "baseRefName": "main", "comments": comments, "reviewThreads": threads,
            }}},
            "errors": [{"message": "Something went wrong"}],
        });
        fake.fail("", "PullRequest", usize::MAX, Fault::Answer(200, vec![], half.to_string()));
        publish(&fake, &verdict(&fake, 2, "71 / 100"), Some(&notes)).await;
        assert_eq!(texts(&fake).len(), 1, "{comments} {threads}: {:?}", fake.writes());
        assert_eq!(crate::threads(&fake).len(), 1, "{comments} {threads}: {:?}", fake.writes());
    }
}

/// The hour's limit, told by GraphQL with status 200, between two looks.
#[tokio::test]
async fn a_limit_in_the_middle_is_waited_for_or_told() {
    let limited = |reset: u64| {
        let headers =
            vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset.to_string())];
        let body = r#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#;
        Fault::Answer(200, headers, body.to_owned())
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let soon = fake();
    soon.fail("", "PullRequest", 2, limited(now));
    assert!(changed(&comment(&soon, &verdict(&soon, 1, "71 / 100")).await));
    let late = fake();
    late.fail("", "PullRequest", usize::MAX, limited(now + 1800));
    let Outcome::Failed(error) = comment(&late, &verdict(&late, 1, "71 / 100")).await else { panic!() };
    assert!(error.to_string().contains("resets in 30 minutes"), "{error}");
    assert_eq!((texts(&late).len(), late.requests().len()), (0, 1));
}

#[tokio::test]
async fn pages_that_change_between_requests_end_in_one_comment() {
    let fake = fake_by_rest();
    let wanted = verdict(&fake, 1, "71 / 100");
    for number in 0..150 {
        let own = number == 100;
        let text = if own { format!("{}old", wanted.mark.line()) } else { format!("comment {number}") };
        fake.lock().say(if own { "github-actions[bot]" } else { "ada" }, &text);
    }
    // Ours moves to the first page, which was read before.
    fake.when("page=2", |state| {
        state.pull().comments.remove(0);
    });
    assert!(changed(&comment(&fake, &wanted).await));
    assert_eq!(texts(&fake), ["71 / 100"], "{:?}", fake.writes());
}

#[tokio::test]
async fn a_comment_deleted_under_our_hands_is_written_again() {
    for fake in both() {
        comment(&fake, &verdict(&fake, 1, "71 / 100")).await;
        fake.lock().push(&[("README.md", "# Better\n")]);
        fake.when("/issues/comments/", |state| state.pull().comments.clear());
        assert!(changed(&comment(&fake, &verdict(&fake, 2, "75 / 100")).await));
        assert_eq!(texts(&fake), ["75 / 100"]);
    }
}

#[tokio::test]
async fn an_older_run_never_overwrites() {
    for fake in both() {
        let old = verdict(&fake, 1, "71 / 100");
        fake.lock().push(&[("README.md", "# Better\n")]);
        // It comes first, and waits for the newer one.
        assert!(superseded(&comment(&fake, &old).await));
        assert_eq!(texts(&fake), [""; 0]);
        comment(&fake, &verdict(&fake, 2, "75 / 100")).await;
        let writes = fake.writes();
        assert!(superseded(&comment(&fake, &old).await));
        assert_eq!(texts(&fake), ["75 / 100"]);
        assert_eq!(fake.writes(), writes);
    }
}

#[tokio::test]
async fn a_rerun_of_an_older_run_leaves_the_newer_verdict_on_the_same_commit() {
    for fake in both() {
        comment(&fake, &verdict(&fake, 5, "new rules: 60 / 100")).await;
        assert!(superseded(&comment(&fake, &verdict(&fake, 4, "71 / 100")).await));
        assert_eq!(texts(&fake), ["new rules: 60 / 100"]);
    }
}

#[tokio::test]
async fn a_retargeted_pull_request_shows_the_verdict_against_its_new_base() {
    for fake in both() {
        let against_main = verdict(&fake, 1, "against main");
        comment(&fake, &against_main).await;
        fake.lock().pull().base_ref = "next".into();
        comment(&fake, &verdict(&fake, 2, "against next")).await;
        assert!(superseded(&comment(&fake, &against_main).await));
        assert_eq!(texts(&fake), ["against next"]);
        // Nor where it runs later, or nothing is there yet.
        let rerun = Wanted { base_ref: "main".into(), ..verdict(&fake, 3, "against main") };
        assert!(superseded(&comment(&fake, &rerun).await));
        assert_eq!(texts(&fake), ["against next"]);
        fake.lock().pull().comments.clear();
        assert!(superseded(&comment(&fake, &rerun).await));
        assert_eq!(texts(&fake), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn runs_at_the_same_time_end_in_one_comment_on_the_newest_head() {
    for round in 0..12 {
        let fake = fake();
        fake.lock().graphql = round % 2 == 0;
        fake.lock().tokens.get_mut(TOKEN).unwrap().app = round % 2 == 0;
        fake.lock().latency = std::time::Duration::from_millis(round % 5);
        let mut runs = vec![verdict(&fake, 1, "on 1")];
        for number in 2..=4 {
            // Later runs judge later heads; the last two the same one.
            if number < 4 {
                fake.lock().push(&[("README.md", &format!("# Push {number}\n"))]);
            }
            runs.push(verdict(&fake, number, &format!("on {number}")));
        }
        let tasks = runs.into_iter().map(|wanted| {
            let fake = fake.clone();
            tokio::spawn(async move { comment(&fake, &wanted).await })
        });
        for done in futures::future::join_all(tasks).await {
            let done = done.unwrap();
            assert!(matches!(done, Outcome::Posted { .. } | Outcome::Superseded(_)), "{done:?}");
        }
        assert_eq!(texts(&fake), ["on 4"], "round {round}: {:?}", fake.writes());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_created_at_once_agree_on_one() {
    // Both look before either writes.
    let mut met = 0;
    for _ in 0..5 {
        let fake = fake();
        fake.lock().latency = std::time::Duration::from_millis(15);
        let wanted = [verdict(&fake, 1, "first"), verdict(&fake, 2, "second")];
        futures::future::join_all(wanted.iter().map(|wanted| comment(&fake, wanted))).await;
        assert_eq!(texts(&fake), ["second"], "{:?}", fake.writes());
        met += usize::from(fake.writes().iter().filter(|write| write.starts_with("POST")).count() == 2);
    }
    assert!(met > 0, "they never met");
}

#[tokio::test]
async fn duplicates_of_ours_are_removed_and_those_of_another_gate_stay() {
    for fake in both() {
        let wanted = verdict(&fake, 3, "75 / 100");
        for (run, key) in [(1, ""), (2, ""), (1, "models")] {
            let mut mark = wanted.mark.clone();
            mark.run.id = run;
            mark.key = Key::new(key, "");
            fake.lock().say("github-actions[bot]", &format!("{}run {run} {key}", mark.line()));
        }
        comment(&fake, &wanted).await;
        assert_eq!(texts(&fake), ["75 / 100", "run 1 models"]);
    }
}

#[tokio::test]
async fn a_new_comment_for_each_commit_where_that_is_wanted() {
    let fake = fake();
    let mut wanted = verdict(&fake, 1, "71 / 100");
    wanted.mode = CommentMode::New;
    comment(&fake, &wanted).await;
    comment(&fake, &wanted).await;
    fake.lock().push(&[("README.md", "# Better\n")]);
    let mut wanted = verdict(&fake, 2, "75 / 100");
    wanted.mode = CommentMode::New;
    comment(&fake, &wanted).await;
    assert_eq!(texts(&fake), ["71 / 100", "75 / 100"]);
    wanted.mode = CommentMode::Off;
    let writes = fake.writes();
    assert!(matches!(comment(&fake, &wanted).await, Outcome::Off));
    assert_eq!(fake.writes(), writes);
}

#[tokio::test]
async fn a_refusal_names_the_permission() {
    for fake in both() {
        let read_only =
            Account { login: "github-actions[bot]".into(), permission: Permission::Read, app: true };
        fake.lock().tokens.insert(TOKEN.into(), read_only);
        let Outcome::Refused(error) = comment(&fake, &verdict(&fake, 1, "71 / 100")).await else { panic!() };
        assert!(error.to_string().contains("issues=write; pull_requests=write"), "{error}");
        assert_eq!(fake.writes().len(), 1);
        assert!(fake.comments().is_empty());
    }
}

#[tokio::test]
async fn what_stays_broken_ends_in_an_error_and_no_storm() {
    for fault in [answer(500), Fault::DoneButLost] {
        let fake = fake();
        fake.fail("POST", "/issues/", usize::MAX, fault);
        let outcome = comment(&fake, &verdict(&fake, 1, "71 / 100")).await;
        assert!(matches!(outcome, Outcome::Failed(_) | Outcome::Posted { .. }), "{outcome:?}");
        assert!(texts(&fake).len() <= 1 && fake.requests().len() <= 20);
    }
    let fake = fake();
    fake.fail(
        "POST",
        "/issues/",
        usize::MAX,
        Fault::Answer(422, vec![], r#"{"message":"Body is too long"}"#.into()),
    );
    assert!(matches!(comment(&fake, &verdict(&fake, 1, "71 / 100")).await, Outcome::Failed(_)));
    assert_eq!(fake.writes().len(), 1, "a 422 is never sent again");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_cut_and_taken() {
    let fake = fake();
    assert!(changed(&comment(&fake, &verdict(&fake, 1, &"long ".repeat(40_000))).await));
    assert!(texts(&fake)[0].ends_with("summary._\n"));
}

fn note(fingerprint: &str, path: &str, line: u32) -> InlineNote {
    InlineNote {
        path: path.into(),
        line,
        body: format!("note {fingerprint}"),
        fingerprint: fingerprint.into(),
        replacement: None,
        plain: None,
    }
}

/// Threads as line, resolved, text of the first comment behind its mark.
fn threads(fake: &FakeGithub) -> Vec<(u32, bool, String)> {
    let mut state = fake.lock();
    let of = |thread: &support::Thread| {
        let body = &thread.comments[0].body;
        (thread.line, thread.resolved, body.split_once('\n').unwrap().1.to_owned())
    };
    state.pull().threads.iter().map(of).collect()
}

#[tokio::test]
async fn notes_are_written_once_on_lines_of_the_diff() {
    for fake in both() {
        let notes = [
            note("aa", "README.md", 6),
            note("bb", "train.py", 1),
            note("cc", "README.md", 400),
            note("dd", "gone.py", 1),
        ];
        for run in 1..=2 {
            let (outcome, review) = publish(&fake, &verdict(&fake, run, "71 / 100"), Some(&notes)).await;
            assert_eq!(changed(&outcome), run == 1);
            let review = review.unwrap();
            assert!(review.error.is_none(), "{review:?}");
            assert_eq!(review.posted, if run == 1 { 2 } else { 0 });
        }
        assert_eq!(threads(&fake), [(6, false, "note aa".to_owned()), (1, false, "note bb".to_owned())]);
        assert_eq!(fake.lock().pull().reviews, 1);
    }
}

#[tokio::test]
async fn one_note_that_github_declines_loses_no_other() {
    let fake = fake();
    let notes = [note("aa", "README.md", 6), note("bb", "README.md", 7), note("cc", "train.py", 1)];
    // The review as a whole is declined, by line and by place, and then one of three.
    fake.fail("POST", "/reviews", 2, answer(422));
    fake.fail("POST", "/pulls/7/comments", 1, answer(422));
    let (_, review) = publish(&fake, &verdict(&fake, 1, "71 / 100"), Some(&notes)).await;
    assert_eq!(review.unwrap().posted, 2);
    assert_eq!(threads(&fake).len(), 2);
}

#[tokio::test]
async fn a_review_whose_answer_is_lost_is_not_sent_again() {
    let fake = fake();
    let notes = [note("aa", "README.md", 6)];
    fake.fail("POST", "/reviews", 1, Fault::DoneButLost);
    let (outcome, review) = publish(&fake, &verdict(&fake, 1, "71 / 100"), Some(&notes)).await;
    assert!(changed(&outcome) && review.unwrap().error.is_some());
    let (_, review) = publish(&fake, &verdict(&fake, 2, "71 / 100"), Some(&notes)).await;
    assert_eq!(review.unwrap().posted, 0);
    assert_eq!(threads(&fake).len(), 1);
}

#[tokio::test]
async fn threads_are_resolved_when_what_they_say_is_mended() {
    let fake = fake();
    let notes = [note("aa", "README.md", 6), note("bb", "README.md", 7)];
    publish(&fake, &verdict(&fake, 1, "71 / 100"), Some(&notes)).await;
    {
        // Someone else's thread, with a mark that looks like ours.
        let mut state = fake.lock();
        let mut planted = state.pull().threads[0].clone();
        planted.id = "PRRT_planted".into();
        planted.comments[0].author = "mallory".into();
        state.pull().threads.push(planted);
    }
    fake.lock()
        .push(&[("README.md", "# Model\n\none\ntwo\nthree\nfour\nfive\nsix\n"), ("train.py", "x = 1\n")]);
    let (_, review) = publish(&fake, &verdict(&fake, 2, "75 / 100"), Some(&notes[1..])).await;
    assert_eq!(review.unwrap().resolved, 1);
    let resolved: Vec<bool> = threads(&fake).iter().map(|(_, resolved, _)| *resolved).collect();
    assert_eq!(resolved, [true, false, false]);
    // Back again: someone was told already.
    let (_, review) = publish(&fake, &verdict(&fake, 3, "71 / 100"), Some(&notes)).await;
    assert_eq!(review.unwrap().posted, 0);
}

#[tokio::test]
async fn without_graphql_notes_are_removed_unless_someone_answered() {
    let fake = fake_by_rest();
    let notes = [note("aa", "README.md", 6), note("bb", "README.md", 7)];
    publish(&fake, &verdict(&fake, 1, "71 / 100"), Some(&notes)).await;
    {
        let mut state = fake.lock();
        let id = state.id();
        let reply = support::Comment { id, author: "ada".into(), body: "on purpose".into() };
        state.pull().threads[0].comments.push(reply);
    }
    publish(&fake, &verdict(&fake, 1, "71 / 100"), Some(&[])).await;
    assert_eq!(threads(&fake), [(6, false, "note aa".to_owned())]);
}

#[tokio::test]
async fn a_head_that_has_moved_on_gets_no_notes() {
    let fake = fake();
    let old = verdict(&fake, 1, "71 / 100");
    fake.lock().push(HEAD);
    let (outcome, review) = publish(&fake, &old, Some(&[note("aa", "README.md", 6)])).await;
    assert!(superseded(&outcome) && review.is_none());
    assert!(fake.writes().is_empty());
}
