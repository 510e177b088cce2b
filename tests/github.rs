//! The client and the source of commits, against a GitHub that can be made to fail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod support;

use reprogate::github::{Client, CommitSha, GithubError, Repeat, RepoName, Timing};
use reprogate::policy::Limits;
use reprogate::snapshot::{Snapshot, Text};
use reprogate::source::github::{GithubSource, Listing, Reachability, Texts, snapshot, wanted};
use std::collections::BTreeMap;
use std::time::Duration;
use support::run::{client, quick};
use support::server::answer;
use support::{FakeGithub, Fault, Files, REPO};

const BASE: Files<'_> =
    &[("README.md", "# Model\n"), ("src/train.py", "import torch\n"), ("src/data.bin", "x")];
const HEAD: Files<'_> =
    &[("README.md", "# Model\n\nMore.\n"), ("src/train.py", "import torch\n"), ("src/data.bin", "x")];

fn repo() -> RepoName {
    REPO.parse().unwrap()
}

fn commits(fake: &FakeGithub) -> (CommitSha, CommitSha) {
    let mut state = fake.lock();
    (state.pull().head.parse().unwrap(), state.pull().base.parse().unwrap())
}

/// Lists and reads head and base, as the Action does.
async fn read(fake: &FakeGithub, timing: Timing) -> Result<(Snapshot, Snapshot), GithubError> {
    let (client, repo) = (client(fake, timing), repo());
    let source = GithubSource { client: &client, repo: &repo };
    let (head, base) = commits(fake);
    let head = source.list(&head).await?;
    let base = source.list(&base).await?;
    let mut texts = Texts::new();
    source.read(&wanted(&[&head, &base], &[], &Limits::default()), &mut texts).await?;
    let made = |listing: &Listing| snapshot(listing, &texts, &Limits::default());
    Ok((made(&head), made(&base)))
}

fn text<'snapshot>(snapshot: &'snapshot Snapshot, path: &str) -> Option<&'snapshot str> {
    snapshot.text(path).map(AsRef::as_ref)
}

fn unread(snapshot: &Snapshot, path: &str) -> String {
    match snapshot.read(snapshot.entry(path).unwrap()).unwrap() {
        Text::Unread(why) => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn base_and_head_share_their_texts() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let (head, base) = read(&fake, quick()).await.unwrap();
    assert_eq!(text(&head, "README.md"), Some("# Model\n\nMore.\n"));
    assert_eq!(text(&base, "README.md"), Some("# Model\n"));
    assert_eq!(text(&head, "src/train.py"), text(&base, "src/train.py"));
    assert_eq!(head.entries.len(), 3);
    assert_eq!(fake.requests().iter().filter(|request| *request == "GraphQL Blobs").count(), 1);
    let asked = fake.lock().seen.last().unwrap().body.matches("object(oid").count();
    assert_eq!(asked, 3, "two READMEs and one shared module");
}

#[tokio::test]
async fn without_graphql_everything_comes_by_rest() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.lock().graphql = false;
    let (head, base) = read(&fake, quick()).await.unwrap();
    assert_eq!(text(&head, "README.md"), Some("# Model\n\nMore.\n"));
    assert_eq!(text(&base, "src/train.py"), Some("import torch\n"));
    let requests = fake.requests();
    assert_eq!(requests.iter().filter(|request| request.starts_with("GraphQL")).count(), 1, "{requests:?}");
}

#[tokio::test]
async fn rest_reads_what_graphql_cuts_or_leaves_out() {
    for fault in [Fault::TruncatedTexts, Fault::Partial] {
        let fake = FakeGithub::with_pull(BASE, HEAD);
        fake.fail("POST", "Blobs", 1, fault);
        let (head, base) = read(&fake, quick()).await.unwrap();
        assert_eq!(text(&head, "README.md"), Some("# Model\n\nMore.\n"));
        assert_eq!(text(&base, "README.md"), Some("# Model\n"));
        assert_eq!(text(&head, "src/train.py"), Some("import torch\n"));
    }
}

#[tokio::test]
async fn other_encodings_and_large_texts_are_read_whole() {
    let fake = FakeGithub::start();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("# Modèle".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let large = format!("# Large\n{}", "word ".repeat(90_000));
    let files = [
        ("README.md".to_owned(), utf16),
        ("latin.md".to_owned(), b"# caf\xe9".to_vec()),
        ("large.md".to_owned(), large.clone().into_bytes()),
        ("binary.md".to_owned(), vec![0; 64]),
    ];
    fake.lock().open_pull_bytes(&[], &files);
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert_eq!(text(&head, "README.md"), Some("# Modèle"));
    assert_eq!(text(&head, "latin.md"), Some("# caf\u{fffd}"));
    assert_eq!(text(&head, "large.md"), Some(large.as_str()));
    assert_eq!(head.texts[&head.entry("binary.md").unwrap().id], Text::Binary);
}

#[tokio::test]
async fn a_missing_blob_is_unread_and_no_error() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let id = {
        let mut state = fake.lock();
        let head = state.pull().head.clone();
        let id = state.repo().commits[&head].files["README.md"].clone();
        let bytes = state.repo().blobs[&id].clone();
        // The listing still names it.
        state.repo().blobs.insert(id.clone(), bytes);
        id
    };
    fake.when("Blobs", move |state| {
        state.repo().blobs.remove(&id);
    });
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert!(unread(&head, "README.md").contains("not found"));
    assert_eq!(text(&head, "src/train.py"), Some("import torch\n"));
}

fn folders(count: usize) -> Vec<(String, Vec<u8>)> {
    let file = |number: usize| (format!("f{number:03}/sub/train.py"), format!("x = {number}\n").into_bytes());
    (0..count).map(file).chain([("README.md".to_owned(), b"# Model\n".to_vec())]).collect()
}

#[tokio::test]
async fn a_listing_that_is_cut_off_is_walked_folder_by_folder() {
    let fake = FakeGithub::start();
    fake.lock().open_pull_bytes(&folders(5), &folders(6));
    // Both commits whole, and one folder once more; by entries and by bytes.
    for (first, then) in [
        (Fault::TruncatedTree(3), Fault::TruncatedTree(1)),
        (Fault::TruncatedTreeBytes(300), Fault::TruncatedTreeBytes(150)),
    ] {
        fake.fail("GET", "/git/trees/", 1, first);
        fake.fail("GET", "recursive=1", 2, then);
        let asked = fake.requests().len();
        let (head, base) = read(&fake, quick()).await.unwrap();
        assert_eq!((head.entries.len(), base.entries.len()), (7, 6));
        assert_eq!((head.incomplete, base.incomplete), (None, None));
        assert!(head.entries.is_sorted_by(|one, other| one.path < other.path));
        assert!(fake.requests().len() - asked > 10, "{:?}", fake.requests());
    }
}

#[tokio::test]
async fn a_listing_that_stays_cut_off_is_incomplete_and_says_so() {
    let fake = FakeGithub::start();
    fake.lock().open_pull_bytes(&[], &folders(150));
    fake.fail("GET", "recursive=1", usize::MAX, Fault::TruncatedTree(0));
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert!(head.incomplete.unwrap().contains("folders"));
    assert!(head.entries.iter().any(|entry| &*entry.path == "README.md"));
    assert!(fake.requests().len() < 500);
}

#[tokio::test]
async fn an_empty_repository_is_an_empty_listing() {
    let fake = FakeGithub::start();
    let (client, repo) = (client(&fake, quick()), repo());
    let source = GithubSource { client: &client, repo: &repo };
    assert_eq!(source.resolve("HEAD").await.unwrap(), None);
    let listing = source.list(&"a".repeat(40).parse().unwrap()).await.unwrap();
    assert!(listing.commit.is_none() && listing.entries.is_empty());
}

#[tokio::test]
async fn an_enterprise_server_has_its_apis_under_a_path() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.lock().prefix = "/api/v3";
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert_eq!(text(&head, "README.md"), Some("# Model\n\nMore.\n"));
    let seen = fake.lock().seen.clone();
    assert!(seen.iter().all(|seen| seen.path.starts_with("/api/v3/repos/") || seen.path == "/api/graphql"));
    assert!(seen.iter().all(|seen| seen.token.as_deref() == Some(support::TOKEN) && seen.status == 200));
}

/// Answers that no repeat mends: each is asked once.
#[tokio::test]
async fn refusals_are_final_and_told_apart() {
    let permission = vec![("x-accepted-github-permissions", "contents=read".to_owned())];
    let message = |text: &str| format!("{{\"message\":\"{text}\"}}");
    for (status, headers, body, expected) in [
        (401, vec![], message("Bad credentials"), "does not accept the token"),
        (403, vec![], message("Resource not accessible by integration"), "not allowed"),
        (403, permission, message("Resource not accessible by integration"), "it needs contents=read"),
        (404, vec![], message("Not Found"), "not found"),
        (410, vec![], message("Gone"), "gone"),
        (422, vec![], message("Validation Failed"), "declined"),
        (451, vec![], message("Blocked"), "status 451"),
    ] {
        let fake = FakeGithub::with_pull(BASE, HEAD);
        fake.fail("GET", "/git/trees/", usize::MAX, Fault::Answer(status, headers, body));
        let error = read(&fake, quick()).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.help().is_some());
        assert_eq!(fake.requests().len(), 1, "{status}");
    }
}

/// Troubles that pass: the same request goes well a moment later.
#[tokio::test]
async fn passing_troubles_are_survived() {
    let limit = |headers: Vec<(&'static str, String)>, status, text: &str| {
        Fault::Answer(status, headers, format!("{{\"message\":\"{text}\"}}"))
    };
    let used_up = |reset: &str| {
        vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset.to_owned())]
    };
    let secondary = "You have exceeded a secondary rate limit.";
    let primary = r#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#.to_owned();
    let faults = [
        answer(500),
        answer(502),
        answer(503),
        answer(504),
        answer(408),
        limit(vec![], 429, "slow down"),
        limit(vec![("retry-after", "0".into())], 429, "slow down"),
        limit(vec![("retry-after", "0".into())], 403, secondary),
        limit(vec![], 403, secondary),
        limit(used_up("1"), 403, "API rate limit exceeded"),
        Fault::Answer(200, used_up("1"), primary),
        Fault::CutBody,
        Fault::DoneButLost,
        Fault::Malformed,
        Fault::WrongType,
        Fault::Stall,
        Fault::StallInBody,
        Fault::Dribble(Duration::from_millis(40)),
    ];
    for what in ["/git/trees/", "Blobs", "/git/blobs/"] {
        for fault in &faults {
            let fake = FakeGithub::with_pull(BASE, HEAD);
            if what == "/git/blobs/" {
                fake.lock().graphql = false;
            }
            fake.fail("", what, 2, fault.clone());
            let timing = Timing { attempt: Duration::from_millis(200), ..quick() };
            let read = read(&fake, timing).await;
            let (head, base) = read.unwrap_or_else(|error| panic!("{what} {fault:?}: {error}"));
            assert_eq!(text(&head, "README.md"), Some("# Model\n\nMore.\n"), "{what} {fault:?}");
            assert_eq!(text(&base, "README.md"), Some("# Model\n"), "{what} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_batch_that_is_too_much_is_asked_for_in_halves() {
    let fake = FakeGithub::start();
    fake.lock().open_pull_bytes(&[], &folders(60));
    fake.fail("POST", "Blobs", 5, answer(502));
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert_eq!(text(&head, "f003/sub/train.py"), Some("x = 3\n"));
    assert!(fake.requests().iter().all(|request| !request.contains("/git/blobs/")));
}

#[tokio::test]
async fn a_limit_that_resets_too_late_is_told_at_once() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let reset = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 1500;
    let headers = vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset.to_string())];
    let body = r#"{"message":"API rate limit exceeded"}"#.to_owned();
    fake.fail("", "/git/trees/", usize::MAX, Fault::Answer(403, headers, body));
    let error = read(&fake, quick()).await.unwrap_err();
    assert!(error.to_string().ends_with("the rate limit is used up; it resets in 25 minutes"), "{error}");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_run_has_a_deadline_and_says_what_failed_last() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.fail("", "/git/trees/", usize::MAX, answer(503));
    let timing = Timing {
        // Long enough for a first answer on any machine; the attempts outlast it.
        overall: Duration::from_secs(3),
        attempts: 100_000,
        ..quick()
    };
    let error = read(&fake, timing).await.unwrap_err();
    assert!(matches!(error, GithubError::Deadline { .. }), "{error:?}");
    assert!(error.to_string().contains("status 503"), "{error}");
    let error = read(&fake, quick()).await.unwrap_err();
    assert!(matches!(error, GithubError::Status { status: 503, .. }), "{error:?}");
}

#[tokio::test]
async fn nobody_at_home_is_a_network_error() {
    let settings = reprogate::github::Settings {
        api_url: "http://127.0.0.1:9".into(),
        timing: Timing { attempts: 2, ..quick() },
        ..Default::default()
    };
    let error = Client::new(&settings).unwrap().get::<serde_json::Value>("/user").await.unwrap_err();
    assert!(matches!(error, GithubError::Network { .. }), "{error:?}");
    assert!(error.to_string().contains("the connection to http://127.0.0.1:9 failed"), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

/// What calls itself something else than JSON is judged by what it holds.
#[tokio::test]
async fn an_answer_is_read_whatever_it_calls_itself() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    fake.fail("", "", usize::MAX, Fault::CalledType("text/plain; charset=latin-1"));
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert_eq!(text(&head, "README.md"), Some("# Model\n\nMore.\n"));
}

/// A redirect within the API is followed with the token, one that leads away without it.
#[tokio::test]
async fn the_token_goes_to_the_api_alone() {
    let (fake, elsewhere) = (FakeGithub::with_pull(BASE, HEAD), FakeGithub::with_pull(BASE, HEAD));
    let path = format!("/repos/{REPO}/pulls/7");
    let (own, foreign) =
        (fake.lock().url.clone(), elsewhere.lock().url.clone().replace("127.0.0.1", "localhost"));
    let by_port = elsewhere.lock().url.clone();
    for (status, to) in [(301, &own), (307, &own), (302, &foreign), (307, &foreign), (302, &by_port)] {
        let location = vec![("location", format!("{to}{path}"))];
        fake.fail("GET", "/issues/1", 1, Fault::Answer(status, location, String::new()));
        let client = client(&fake, quick());
        let found = client.get::<serde_json::Value>(&format!("/repos/{REPO}/issues/1")).await;
        assert_eq!(found.unwrap()["number"], 7, "{status} {to}");
    }
    assert!(fake.lock().seen.iter().all(|seen| seen.token.as_deref() == Some(support::TOKEN)));
    assert_eq!(elsewhere.requests().len(), 3);
    assert!(elsewhere.lock().seen.iter().all(|seen| seen.token.is_none()));
    // A write that is sent on elsewhere is not written there.
    for status in [301, 302, 307, 308] {
        let location = vec![("location", format!("{foreign}/repos/{REPO}/issues/7/comments"))];
        fake.fail("POST", "/comments", 1, Fault::Answer(status, location, String::new()));
        let body = serde_json::json!({"body": "hello"});
        let path = format!("/repos/{REPO}/issues/7/comments");
        let _ = client(&fake, quick()).post::<serde_json::Value>(&path, &body).await;
    }
    assert!(elsewhere.comments().is_empty());
}

/// A link is never followed, a submodule is another repository's, and neither is read.
#[tokio::test]
async fn links_and_submodules_are_listed_and_not_read() {
    let fake = FakeGithub::start();
    fake.lock().open_pull(
        &[],
        &[
            ("README.md", "# Model\n"),
            ("docs/README.md", "/etc/passwd"),
            ("train.py", "../../secrets.py"),
            ("lib", ""),
        ],
    );
    {
        let mut state = fake.lock();
        let head = state.pull().head.clone();
        let modes = &mut state.repo().commits.get_mut(&head).unwrap().modes;
        modes.extend([
            ("docs/README.md".to_owned(), "120000"),
            ("train.py".to_owned(), "120000"),
            ("lib".to_owned(), "160000"),
        ]);
    }
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert_eq!(head.entries.len(), 4);
    assert_eq!(text(&head, "README.md"), Some("# Model\n"));
    for path in ["docs/README.md", "train.py", "lib"] {
        assert_eq!(text(&head, path), None, "{path}");
    }
    let asked = fake.lock().seen.iter().map(|seen| seen.body.matches("object(oid").count()).sum::<usize>();
    assert_eq!(asked, 1);
}

/// What the listing calls huge is not asked for.
#[tokio::test]
async fn gigabytes_by_listing_are_left_unread() {
    let fake = FakeGithub::start();
    fake.lock().open_pull(&[], &[("README.md", "# Model\n"), ("demo.ipynb", "{}"), ("train.py", "x = 1\n")]);
    {
        let mut state = fake.lock();
        let head = state.pull().head.clone();
        let sizes = &mut state.repo().commits.get_mut(&head).unwrap().sizes;
        sizes.extend([("demo.ipynb".to_owned(), 5 << 30), ("train.py".to_owned(), u64::MAX)]);
    }
    let (head, _) = read(&fake, quick()).await.unwrap();
    assert_eq!(text(&head, "README.md"), Some("# Model\n"));
    assert!(unread(&head, "demo.ipynb").contains("over the limit"));
    assert!(unread(&head, "train.py").contains("over the limit"));
    let asked = fake.lock().seen.iter().map(|seen| seen.body.matches("object(oid").count()).sum::<usize>();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn what_could_take_effect_twice_is_sent_once() {
    let body = serde_json::json!({"body": "hello"});
    for fault in [answer(502), Fault::DoneBut(502), Fault::DoneButLost, Fault::CutBody, Fault::Malformed] {
        let fake = FakeGithub::with_pull(BASE, HEAD);
        fake.fail("", "/comments", usize::MAX, fault.clone());
        let client = client(&fake, quick());
        let path = format!("/repos/{REPO}/issues/{}/comments", support::PULL);
        assert!(client.post::<serde_json::Value>(&path, &body).await.unwrap_err().is_passing());
        assert_eq!(fake.requests().len(), 1, "{fault:?}");
    }
    // Turned away unread: safe to send again.
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let limit = Fault::Answer(429, vec![("retry-after", "0".into())], "{}".into());
    fake.fail("", "/comments", 2, limit);
    let path = format!("/repos/{REPO}/issues/{}/comments", support::PULL);
    client(&fake, quick()).post::<serde_json::Value>(&path, &body).await.unwrap();
    assert_eq!(fake.comments().len(), 1);
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn graphql_that_is_refused_is_an_error_of_its_kind() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let refused = r#"{"data":null,"errors":[{"type":"FORBIDDEN","message":"Resource not accessible"}]}"#;
    fake.fail("", "PullRequest", 1, Fault::Answer(200, vec![], refused.into()));
    let ask = async |client: &Client| {
        client
            .graphql::<serde_json::Value>(
                "PullRequest",
                "query PullRequest { x }",
                serde_json::json!({}),
                Repeat::Safe,
            )
            .await
    };
    let client = client(&fake, quick());
    assert!(matches!(ask(&client).await.unwrap_err(), GithubError::Forbidden { .. }));
    let nonsense = r#"{"errors":[{"message":"Field 'x' doesn't exist on type 'Query'"}]}"#;
    fake.fail("", "PullRequest", 1, Fault::Answer(200, vec![], nonsense.into()));
    assert!(matches!(ask(&client).await.unwrap_err(), GithubError::Graphql { .. }));
    let trouble = r#"{"errors":[{"message":"Something went wrong while executing your query."}]}"#;
    fake.fail("", "PullRequest", 1, Fault::Answer(200, vec![], trouble.into()));
    assert!(ask(&client).await.is_ok(), "asked again");
}

#[tokio::test]
async fn a_commit_is_reachable_only_from_a_branch_or_tag() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let (base, head, stray, tagged) = {
        let mut state = fake.lock();
        let (base, head) = (state.pull().base.clone(), state.pull().head.clone());
        let repo = state.repo();
        let stray = repo.commit(Some(&base), &[("a.py".into(), b"fork".to_vec())]);
        let tagged = repo.commit(Some(&base), &[("a.py".into(), b"release".to_vec())]);
        repo.tags.insert("v1".into(), tagged.clone());
        (base, head, stray, tagged)
    };
    let (client, repo) = (client(&fake, quick()), repo());
    let source = GithubSource { client: &client, repo: &repo };
    let absent = "0123456789".to_owned();
    let asked = [
        base[..9].to_owned(),
        head.clone(),
        stray.clone(),
        tagged.clone(),
        absent.clone(),
        "main".to_owned(),
    ];
    let found = source.reachable(&asked).await;
    let expected: BTreeMap<String, Reachability> = [
        (base[..9].to_owned(), Reachability::Reachable),
        (head, Reachability::Reachable),
        (stray, Reachability::Unreachable),
        (tagged, Reachability::Reachable),
        (absent, Reachability::Missing),
        ("main".to_owned(), Reachability::Missing),
    ]
    .into();
    assert_eq!(found, expected);
    fake.fail("GET", "/compare/", usize::MAX, answer(500));
    let found = source.reachable(&["abcdef0".to_owned()]).await;
    assert!(matches!(found["abcdef0"], Reachability::Unknown(_)));
}

/// A proxy that takes tunnels, and keeps what was asked of it.
fn proxy() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    use std::io::{BufRead as _, BufReader, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = asked.clone();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut head = String::new();
            let mut reader = BufReader::new(client.try_clone().unwrap());
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let target = head.split_whitespace().nth(1).unwrap().to_owned();
            kept.lock().unwrap().push(head);
            let mut server = std::net::TcpStream::connect(target).unwrap();
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
            let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut from, &mut back));
            std::thread::spawn(move || std::io::copy(&mut client, &mut server));
        }
    });
    (address, asked)
}

#[tokio::test]
async fn a_proxy_is_obeyed_unless_the_host_is_excepted() {
    let fake = FakeGithub::with_pull(BASE, HEAD);
    let (address, asked) = proxy();
    let mut settings = reprogate::github::Settings {
        api_url: fake.lock().url.clone(),
        proxy: Some(format!("http://ada:p%40ss@{address}")),
        timing: quick(),
        ..Default::default()
    };
    let path = format!("/repos/{REPO}/pulls/7");
    Client::new(&settings).unwrap().get::<serde_json::Value>(&path).await.unwrap();
    let heads = asked.lock().unwrap().clone();
    assert_eq!(heads.len(), 1);
    assert!(heads[0].starts_with("CONNECT 127.0.0.1:"), "{heads:?}");
    assert!(heads[0].to_ascii_lowercase().contains("proxy-authorization: basic ywrhonbac3m="), "{heads:?}");
    settings.no_proxy = Some("localhost,127.0.0.1".into());
    Client::new(&settings).unwrap().get::<serde_json::Value>(&path).await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 1);
    settings.no_proxy = None;
    settings.proxy = Some("127.0.0.1:9".into());
    let error = Client::new(&settings).unwrap().get::<serde_json::Value>(&path).await.unwrap_err();
    assert!(matches!(error, GithubError::Network { .. }), "{error:?}");
}

#[tokio::test]
async fn without_a_token_graphql_is_not_asked_and_the_hours_requests_are_spared() {
    let fake = FakeGithub::start();
    fake.lock().open_pull_bytes(&[], &folders(60));
    let (head, _) = commits(&fake);
    let settings = reprogate::github::Settings {
        api_url: fake.lock().url.clone(),
        timing: quick(),
        ..Default::default()
    };
    let (client, repo) = (Client::new(&settings).unwrap(), repo());
    let source = GithubSource { client: &client, repo: &repo };
    let listing = source.list(&head).await.unwrap();
    let mut texts = Texts::new();
    source.read(&wanted(&[&listing], &[], &Limits::default()), &mut texts).await.unwrap();
    let read = texts.values().filter(|text| matches!(text, Text::Read(_))).count();
    assert_eq!((read, texts.len(), fake.requests().len()), (40, 61, 41));
    assert!(
        texts.values().any(|text| matches!(text, Text::Unread(why) if why.ends_with("a token lifts it")))
    );
    assert!(fake.lock().seen.iter().all(|seen| seen.token.is_none()));
}
