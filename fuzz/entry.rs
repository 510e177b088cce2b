//! What is fuzzed: for each parser of outside data, and for the whole flow, one function that takes any bytes.
//!
//! The targets in `fuzz_targets/` call these, and so does `tests/fuzz.rs`, which replays the seeds on every test run.
//! None of them asks anything of a network beyond this machine.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each user takes what it needs")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a finding shows")]

use reprogate::event;
use reprogate::facts::links::{Liveness, destination};
use reprogate::facts::{Facts, FileFacts, citation as citations, parse_on, tree};
use reprogate::github::{Client, PullRequestNumber, RepoName, Settings, Timing};
use reprogate::policy::{Limits, PATH, Policy, differences, parse};
use reprogate::publish::{CommentMode, Key, Mark, Place, Wanted, diff_lines, workflow};
use reprogate::render::review::InlineNote;
use reprogate::report::{self, ProposedPolicy, Report};
use reprogate::snapshot::{Mode, Snapshot, Text, decode};
use reprogate::source::github::{GithubSource, Texts, snapshot as snapshot_of, wanted};
use reprogate::source::online::{self, Bounds};
use reprogate::{Request, draft, render, review};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// A target's name, and what takes its bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("code", code),
    ("document", document),
    ("event", event_payload),
    ("flow", flow),
    ("github", github),
    ("links", links),
    ("manifest", manifest),
    ("marks", marks),
    ("names", names),
    ("policy", policy),
];

const DOCUMENTS: &[&str] =
    &["README.md", "README.rst", "notes.txt", "demo.ipynb", "recipe.md", "docs/index.adoc"];

const CODE: &[&str] = &[
    "train.py",
    "train.sh",
    "train.R",
    "train.jl",
    "train.m",
    "train.lua",
    "train.cpp",
    "Makefile",
    "config.yaml",
    "config.gin",
    "config.json",
];

const MANIFESTS: &[&str] = &[
    "requirements.txt",
    "environment.yml",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "poetry.lock",
    "uv.lock",
    "Dockerfile",
    "DESCRIPTION",
    "Project.toml",
    "CMakeLists.txt",
    "CITATION.cff",
    "Pipfile.lock",
    "conda-lock.yml",
    "renv.lock",
    "package.json",
    "pixi.toml",
    "LICENSE",
];

/// The facts of one file: the first byte chooses its name.
fn extract(paths: &[&str], bytes: &[u8]) -> Option<Arc<FileFacts>> {
    let (choice, rest) = bytes.split_first()?;
    let Text::Read(text) = decode(rest) else { return None };
    let path = paths[usize::from(*choice) % paths.len()];
    let snapshot = Snapshot::from_files([(path, &*text)]);
    let parsed = parse_on(&snapshot, &Default::default(), Some(1));
    assert_eq!(parsed.len(), 1, "the worker has fallen");
    let facts = parsed.into_values().next()?;
    assert_eq!(facts.text, text);
    Some(facts)
}

/// Markdown, reStructuredText, plain text and notebooks, read as recipes too.
pub fn document(bytes: &[u8]) {
    let Some(facts) = extract(DOCUMENTS, bytes) else { return };
    let lines = facts.text.lines().count() as u32 + 1;
    let document = facts.document.as_ref().expect("a document is always made of it");
    for block in &document.blocks {
        assert!(block.lines.first >= 1 && block.lines.first <= block.lines.last, "{block:?}");
        assert!(facts.notebook.is_some() || block.lines.last <= lines, "{block:?} of {lines}");
    }
    for link in &document.links {
        let _ = destination(&document.path, &link.target);
        if let Some(path) = tree::resolve(&document.path, &link.target) {
            assert!(!path.split('/').any(|part| part == ".."), "{path}");
        }
    }
    let _ = facts.reading();
}

/// Python and the other languages.
pub fn code(bytes: &[u8]) {
    let _ = extract(CODE, bytes);
}

/// What declares dependencies, licences, and how to cite.
pub fn manifest(bytes: &[u8]) {
    let Some(facts) = extract(MANIFESTS, bytes) else { return };
    let _ = citations::bibtex(&facts.text);
    assert!(citations::missing_in_cff(&facts.text).len() <= 4);
}

/// Any text is a policy that can be judged by, or an error that names a place.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse(text, PATH) {
        Ok(policy) => {
            assert!(!policy.projects.is_empty());
            assert!((0.0..=100.0).contains(&policy.min_score));
            let changes = differences(&Policy::default(), &policy);
            let head = Snapshot::from_files([("README.md", "# Nets\n"), ("train.py", "import torch\n")]);
            let report = judged(&head, Some(&head), policy, Some((changes, None)));
            faces(&report);
        }
        Err(error) => {
            assert!(error.to_string().starts_with(PATH));
            assert!(error.to_string().len() < 4_000);
        }
    }
}

/// Files are lists: each a line with its path and then its text, up to a line of `\x01`. A path behind `?` was not
/// read, one behind `@` is a symbolic link, one behind `=` a submodule.
fn snapshot(text: &str) -> Snapshot {
    let files = text.split("\n\u{1}\n").take(12).filter_map(|file| file.split_once('\n'));
    let mut marked = Vec::new();
    let plain = files.filter_map(|(path, text)| {
        let bare = path.trim_start_matches(['?', '@', '=']);
        let is_path = !bare.is_empty() && bare.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if is_path && bare.len() < path.len() {
            marked.push((bare.to_owned(), path.as_bytes()[0]));
        }
        is_path.then_some((bare, text))
    });
    let mut snapshot = Snapshot::from_files(plain);
    for (path, mark) in marked {
        let Some(entry) = snapshot.entry(&path).cloned() else { continue };
        snapshot.texts.insert(entry.id, Text::Unread("the blob is not in this clone".to_owned()));
        let entries = Arc::make_mut(&mut snapshot.entries);
        let entry = entries.iter_mut().find(|entry| *entry.path == *path).unwrap();
        match mark {
            b'@' => entry.mode = Mode::Symlink,
            b'=' => (entry.mode, entry.size) = (Mode::Submodule, None),
            _ => {}
        }
    }
    snapshot
}

fn judged(
    head: &Snapshot,
    base: Option<&Snapshot>,
    policy: Policy,
    proposed: Option<(Vec<String>, Option<String>)>,
) -> Report {
    let target = report::Target {
        kind: "pull-request".to_owned(),
        repo: Some("lab/model".to_owned()),
        head: Some("a".repeat(40)),
        blob_url: Some("https://example.org/lab/model/blob/head".to_owned()),
        new_file_url: Some("https://example.org/lab/model/new/main".to_owned()),
        ..report::Target::default()
    };
    let request =
        Request { target, policy, today: "2026-01-01".to_owned(), jobs: Some(1), ..Request::default() };
    let mut report = review(head, base, &request);
    assert!((0.0..=100.0).contains(&report.score()), "{}", report.score());
    assert!(report.score() <= report.score_at_most());
    let json = render::json::render(&report);
    // Judging once more costs as much as the rest, and what has no order of its own shows on any input.
    if json.len().is_multiple_of(8) {
        assert_eq!(json, render::json::render(&review(head, base, &request)));
    }
    report.proposed_policy =
        proposed.map(|(changes, error)| ProposedPolicy { path: PATH.to_owned(), changes, error });
    report
}

/// The whole pure flow: the bytes of a repository, and of its base behind a line of `\x02`, to every face.
pub fn flow(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (head, base) = text.split_once("\n\u{2}\n").unwrap_or((text, ""));
    let (head, base) = (snapshot(head), snapshot(base));
    let own = |snapshot: &Snapshot| snapshot.text(PATH).map(|text| parse(text, PATH));
    let policy = own(&base).and_then(Result::ok).unwrap_or_default();
    let proposed = own(&head).map(|parsed| match parsed {
        Ok(then) => (differences(&policy, &then), None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    });
    let report = judged(&head, Some(&base), policy, proposed);
    faces(&report);
    let parsed = parse_on(&head, &Default::default(), Some(1));
    let facts = Facts::gather(&head, &parsed, "");
    let context = draft::Context { commit: Some("0123456789abcdef"), today: "2026-01-01" };
    let citation = draft::citation::draft(&facts, &context);
    assert!(citations::missing_in_cff(&citation).is_empty(), "{citation}");
    let policy = draft::policy::draft(&facts, &context);
    assert!(parse(&policy, PATH).is_ok(), "{policy}");
    let _ = draft::recipe::draft(&facts, &context);
    let _ = draft::readme::draft(&facts, &context);
}

/// Every face of `report`, within its bounds, and in its own language.
fn faces(report: &Report) {
    let comment = render::comment::render(report);
    assert!(comment.len() < 60_000, "{}", comment.len());
    shows_no_markup(&comment);
    let summary = render::summary::render(report);
    assert!(workflow::summary(&summary).len() <= 1 << 20);
    for face in [render::json::render(report), render::sarif::render(report), render::badge::endpoint(report)]
    {
        serde_json::from_str::<serde_json::Value>(&face).expect("JSON");
    }
    let terminal = render::terminal::render(report, false, 80);
    assert!(
        terminal.chars().all(|shown| shown == '\n' || !shown.is_control()),
        "a terminal would obey: {terminal:?}"
    );
    let html = render::html::render(report).to_ascii_lowercase();
    assert!(!html.contains("<img") && !html.contains("javascript:"));
    let svg = render::badge::svg(report);
    assert_eq!(svg.matches("<text").count(), 2);
    for annotation in render::annotations::list(report) {
        let line = annotation.workflow_command();
        assert!(!line.contains(['\n', '\r']) && line.starts_with("::"), "{line}");
    }
    for note in render::review::list(report) {
        shows_no_markup(&note.body);
    }
}

/// Fails where Markdown holds raw HTML beyond what the program itself writes.
fn shows_no_markup(markdown: &str) {
    use pulldown_cmark::{Event, Options, Parser};
    const OWN: &[&str] =
        &["details", "summary", "code", "b", "br", "sub", "sup", "a", "strong", "em", "kbd", "p", "h3"];
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        let (Event::Html(html) | Event::InlineHtml(html)) = event else { continue };
        for tag in html.split('<').skip(1) {
            if tag.starts_with("!--") {
                continue;
            }
            let name: String =
                tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
            assert!(OWN.contains(&name.as_str()), "<{tag} in {markdown}");
        }
    }
}

/// Names and texts of a pull request, in whatever they are shown: a path, a heading, a flag and a text, by lines.
pub fn names(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut pieces = text.split('\u{1}');
    let mut next = || pieces.next().unwrap_or_default();
    let (path, heading, flag, said) = (next(), next(), next(), next());
    let readme = format!(
        "# {heading}\n\n```bash\npython {path}.py --{flag}\n```\n\n![{said}]({path}.png)\n\nSee [{heading}]({path}).\n"
    );
    let part = |text: &str| text.replace('/', "_").replace('\0', "");
    let files = [
        ("README.md".to_owned(), readme),
        (format!("n{}.ipynb", part(path)), said.to_owned()),
        (format!("p{}.py", part(path)), format!("import {heading}\nparser.add_argument('--{flag}')\n")),
        (
            format!("{}/recipe.md", format_args!("d{}", part(heading))),
            format!("# {said}\n\n## Data\n\n{flag}\n"),
        ),
    ];
    let head = Snapshot::from_files(files);
    let base = Snapshot::from_files([("README.md", "# Nets\n")]);
    let proposed = (vec![said.to_owned()], (!flag.is_empty()).then(|| flag.to_owned()));
    faces(&judged(&head, Some(&base), Policy::default(), Some(proposed)));
    for line in [workflow::warning(path, said), workflow::plain(said) + "\n"] {
        assert_eq!(line.matches('\n').count(), 1, "{line:?}");
    }
    let outputs = workflow::outputs(&[("missing", said.to_owned())]);
    let delimiter = outputs.lines().next().unwrap().split_once("<<").unwrap().1;
    assert_eq!(outputs.matches(&format!("\n{delimiter}\n")).count(), 1);
}

/// Marks at the start of comments, keys of gates, and the lines of a patch.
pub fn marks(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some((mark, rest)) = Mark::read(text) {
        assert!(text.ends_with(rest));
        // Whatever was read, what is written of it in its turn is one line that ends where it should.
        let own = Mark { key: Key::new(mark.key.as_str(), ""), ..mark };
        if own.head.bytes().all(|byte| byte.is_ascii_hexdigit()) && own.base.is_none() {
            let line = own.line();
            assert_eq!(Mark::read(&format!("{line}text")), Some((own, "text")));
        }
    }
    let (project, path) = text.split_once('\n').unwrap_or((text, ""));
    let key = Key::new(project, path);
    assert!(!key.as_str().contains("--") && !key.as_str().contains([' ', '>']));
    let lines = diff_lines(text);
    assert!(lines.len() <= text.lines().count());
}

/// Event payloads: the first byte chooses the event.
pub fn event_payload(bytes: &[u8]) {
    const EVENTS: &[&str] = &[
        "pull_request",
        "pull_request_target",
        "merge_group",
        "push",
        "schedule",
        "workflow_dispatch",
        "workflow_run",
        "issues",
    ];
    let Some((choice, rest)) = bytes.split_first() else { return };
    let Ok(payload) = std::str::from_utf8(rest) else { return };
    let variables = BTreeMap::from(
        [
            ("GITHUB_EVENT_NAME", EVENTS[usize::from(*choice) % EVENTS.len()]),
            ("GITHUB_REPOSITORY", "lab/model"),
            ("GITHUB_SHA", "9999999999999999999999999999999999999999"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    match event::parse(&variables, payload) {
        Ok(trigger) => {
            if let event::Subject::PullRequest(found) = trigger.subject {
                for commit in [&found.head, &found.base] {
                    assert!(commit.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()));
                }
            }
        }
        Err(error) => assert!(error.to_string().len() < 2_000, "{error}"),
    }
}

/// A server on this machine that answers each request with the next piece of `script`, and then no more.
///
/// A piece is a status of three digits, header lines up to an empty one, and a body; without such a head it is a body.
struct Scripted {
    port: u16,
    worker: Option<std::thread::JoinHandle<usize>>,
}

impl Scripted {
    fn start(script: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let worker = std::thread::spawn(move || {
            let mut served = 0;
            let mut pieces = script.into_iter();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let Some(request) = request(&mut stream) else { continue };
                if request.starts_with(b"DONE") {
                    return served;
                }
                served += 1;
                let answer = pieces.next().unwrap_or_else(|| b"404\n\n{}".to_vec());
                let _ = stream.write_all(&answered(&answer));
            }
            served
        });
        Self { port, worker: Some(worker) }
    }

    /// Requests that were answered.
    fn stop(mut self) -> usize {
        if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.write_all(b"DONE\r\n\r\n");
        }
        self.worker.take().and_then(|worker| worker.join().ok()).unwrap_or_default()
    }
}

/// A request with its body; `None` where the other side closes before its end.
fn request(stream: &mut std::net::TcpStream) -> Option<Vec<u8>> {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let (mut read, mut piece) = (Vec::new(), [0; 8192]);
    loop {
        let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
        read.extend_from_slice(&piece[..count]);
        let Some(head) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
        let length = text.split("content-length:").nth(1).and_then(|rest| rest.lines().next());
        let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        if read.len() >= head + 4 + length {
            return Some(read);
        }
    }
}

fn answered(piece: &[u8]) -> Vec<u8> {
    let end = piece.windows(2).position(|two| two == b"\n\n");
    let end = end.filter(|_| piece.iter().take(3).all(u8::is_ascii_digit));
    let (head, body) = end.map_or((&b"200"[..], piece), |end| (&piece[..end], &piece[end + 2..]));
    let head = String::from_utf8_lossy(head);
    let status = head.get(..3).unwrap_or("200");
    let mut answer = format!("HTTP/1.1 {status} Said\r\nconnection: close\r\n").into_bytes();
    for line in head.lines().skip(1) {
        answer.extend_from_slice(line.as_bytes());
        answer.extend_from_slice(b"\r\n");
    }
    // Within a piece, `\x02` cuts the body short of what its head promised.
    let cut = body.iter().position(|byte| *byte == 2).unwrap_or(body.len());
    answer.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    answer.extend_from_slice(&body[..cut]);
    answer
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// GitHub's answers, through the real client: pieces between `\x01` answer one request each. The first byte says what
/// is asked for.
pub fn github(bytes: &[u8]) {
    let Some((choice, script)) = bytes.split_first() else { return };
    let script: Vec<Vec<u8>> = script.split(|byte| *byte == 1).take(12).map(<[u8]>::to_vec).collect();
    let server = Scripted::start(script);
    let moment = Duration::from_millis(1);
    let settings = Settings {
        api_url: format!("http://127.0.0.1:{}", server.port),
        token: Some("ghs_fuzz".parse().unwrap()),
        timing: Timing {
            connect: Duration::from_secs(2),
            attempt: Duration::from_secs(2),
            overall: Duration::from_secs(4),
            attempts: 2,
            first_pause: moment,
            longest_pause: moment,
            secondary_pause: moment,
        },
        ..Settings::default()
    };
    runtime().block_on(async {
        let client = Client::new(&settings).unwrap();
        let repo: RepoName = "lab/model".parse().unwrap();
        if choice % 2 == 0 {
            let source = GithubSource { client: &client, repo: &repo };
            let Ok(listing) = source.list(&"a".repeat(40).parse().unwrap()).await else { return };
            assert!(listing.entries.is_sorted_by(|one, other| one.path < other.path));
            for entry in listing.entries.iter() {
                assert!(entry.path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{}", entry.path);
            }
            let mut texts = Texts::new();
            let limits = Limits::default();
            let _ = source.read(&wanted(&[&listing], &[PATH], &limits), &mut texts).await;
            let snapshot = snapshot_of(&listing, &texts, &limits);
            let _ = judged(&snapshot, None, Policy::default(), None);
        } else {
            let place = Place { client: &client, repo: &repo, number: PullRequestNumber(7) };
            let mark =
                Mark { key: Key::new("", ""), head: "a".repeat(40), base: None, run: event::Run::default() };
            let wanted = Wanted {
                mark,
                text: "## 71 / 100\n".to_owned(),
                base_ref: "main".to_owned(),
                mode: CommentMode::Update,
            };
            let note = InlineNote {
                path: "README.md".to_owned(),
                line: 1,
                body: "a note".to_owned(),
                fingerprint: "aa".to_owned(),
                replacement: None,
                plain: None,
            };
            let (outcome, review) = place.publish(&wanted, Some(&[note])).await;
            assert!(!format!("{outcome:?} {review:?}").contains("ghs_fuzz"));
        }
    });
    server.stop();
}

/// The link checker: the first line is an address, of which only the judgement whether it may be asked is tried; the
/// pieces behind it answer a link to this machine, and its redirects.
pub fn links(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, script) = bytes.split_at(end);
    let bounds = Bounds::default();
    if let Ok(link) = std::str::from_utf8(line)
        && online::may_ask(link, &bounds, online::is_public).is_ok()
    {
        let url = url::Url::parse(link).expect("what may be asked is an address");
        assert!(matches!(url.scheme(), "http" | "https"), "{link}");
        assert!(matches!(url.port_or_known_default(), Some(80 | 443)), "{link}");
        if let Ok(address) = url.host_str().unwrap().trim_matches(['[', ']']).parse::<IpAddr>() {
            let inner = match address {
                IpAddr::V6(six) => six.to_ipv4().map_or(address, IpAddr::V4),
                IpAddr::V4(_) => address,
            };
            let private = match inner {
                IpAddr::V4(four) => {
                    four.is_private() || four.is_loopback() || four.is_link_local() || four.is_unspecified()
                }
                IpAddr::V6(six) => six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local(),
            };
            assert!(!private, "{link}");
        }
    }
    let script: Vec<Vec<u8>> =
        script.get(1..).unwrap_or_default().split(|byte| *byte == 1).take(8).map(<[u8]>::to_vec).collect();
    if script.iter().all(Vec::is_empty) {
        return;
    }
    let server = Scripted::start(script);
    // No other port, so nothing that an answer names leads off this machine.
    let bounds = Bounds {
        ports: vec![server.port],
        each: Duration::from_secs(2),
        all: Duration::from_secs(3),
        redirects: 3,
        ..Bounds::default()
    };
    let link = format!("http://127.0.0.1:{}/page", server.port);
    let asked = BTreeSet::from([link.clone()]);
    let admits: online::Admission = |address| address == IpAddr::from([127, 0, 0, 1]);
    let answers = runtime().block_on(online::ask(&asked, None, &bounds, admits));
    assert!(matches!(answers[&link], Liveness::Alive | Liveness::Dead(_) | Liveness::Unknown(_)));
    assert!(server.stop() <= bounds.redirects + 1);
}

/// The targets that read a file of the name of `path`, each with the first byte that chooses it.
pub fn targets_of(path: &str) -> Vec<(&'static str, u8)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let lists = [("document", DOCUMENTS), ("code", CODE), ("manifest", MANIFESTS)];
    let mut found = Vec::new();
    for (target, paths) in lists {
        let whole = paths.iter().position(|known| *known == name);
        let alike =
            |known: &&str| extension.is_some() && known.rsplit_once('.').map(|(_, end)| end) == extension;
        let at = whole.or_else(|| paths.iter().position(|known| target != "manifest" && alike(known)));
        if let Some(at) = at {
            found.push((target, at as u8));
        }
    }
    found
}
