//! Files that are made to break whoever reads them, through the whole flow.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/git.rs"]
mod support;

use reprogate::event::Run;
use reprogate::facts::parse_all;
use reprogate::policy::{Limits, PATH, parse};
use reprogate::publish::{Key, Mark};
use reprogate::report::Report;
use reprogate::snapshot::{BlobId, Entry, Mode, Snapshot, Text};
use reprogate::source::git::GitRepository;
use reprogate::{Request, render, review};
use std::sync::Arc;

fn judge(snapshot: &Snapshot, policy: &str) -> Report {
    let policy = parse(policy, PATH).unwrap();
    let request = Request { policy, today: "2026-01-01".to_owned(), jobs: Some(1), ..Request::default() };
    let report = review(snapshot, None, &request);
    assert!((0.0..=100.0).contains(&report.score()));
    for face in [render::json::render(&report), render::sarif::render(&report)] {
        serde_json::from_str::<serde_json::Value>(&face).unwrap();
    }
    assert!(render::comment::render(&report).len() < 60_000);
    report
}

fn judge_file(path: &str, text: &str) -> Report {
    judge(&Snapshot::from_files([(path, text)]), "")
}

/// A stack that overflows ends the process, so that this test ends is what it shows.
#[test]
fn nothing_of_any_depth_overflows() {
    let nested: &[(&str, &str, &str, &str)] = &[
        ("README.md", "> ", "x", ""),
        ("README.md", "- ", "x", ""),
        ("README.md", "1. ", "x", ""),
        ("README.md", "[", "x", "]"),
        ("README.md", "![", "x", "](y)"),
        ("README.md", "*a **b ", "x", ""),
        ("README.md", "<div>", "x", "</div>"),
        ("README.md", "<details><summary>\n\n", "x", ""),
        ("README.md", "<!--", "x", "-->"),
        ("README.md", "<table><tr><td>", "x", ""),
        ("README.md", "```\n", "x", ""),
        ("README.rst", "  ", "x", ""),
        ("README.rst", "* ", "x", ""),
        ("README.rst", ".. note::\n   ", "x", ""),
        ("demo.ipynb", "[", "1", "]"),
        ("demo.ipynb", "{\"cells\":[", "1", "]}"),
        ("demo.ipynb", "{\"cells\":[{\"cell_type\":\"code\",\"source\":[", "\"x\"", "]}]}"),
        ("train.py", "(", "1", ")"),
        ("train.py", "[\n", "1", "]\n"),
        ("train.py", "f(\n", "1", ")"),
        ("train.py", "x = (", "1", ",)\n"),
        ("train.py", "-", "1", ""),
        ("train.py", "not ", "1", ""),
        ("train.py", "lambda: ", "1", ""),
        ("train.py", "await ", "1", ""),
        ("train.py", "", "x", ".y"),
        ("train.py", "", "f", "()"),
        ("train.py", "", "f", "[0]"),
        ("train.py", "", "1", " + \\\n1"),
        ("train.py", "", "1", " if x else \\\n1"),
        ("train.py", "1 ** ", "1", ""),
        ("train.py", "f'{", "x", "}'"),
        ("train.py", "if x:\n    y\nel", "", ""),
        ("train.py", "", "if x:\n    y\n", "elif x:\n    y\n"),
        ("train.py", "", "try:\n    x\n", "except y:\n    z\n"),
        ("train.py", "x: ", "1", ""),
        ("train.py", "match x:\n case ", "1", ""),
        ("train.py", "x = ", "1", ""),
        ("train.sh", "$(", "x", ")"),
        ("train.sh", "`", "x", ""),
        ("train.sh", "if x; then ", "x", ""),
        ("train.sh", "{ ", "x", "; }"),
        ("train.cpp", "{", "x", "}"),
        ("train.cpp", "/*", "x", "*/"),
        ("train.R", "f(", "x", ")"),
        ("train.lua", "{", "x", "}"),
        ("config.yaml", "a: {", "x", "}"),
        ("config.yaml", "- ", "x", ""),
        ("config.json", "[", "1", "]"),
        ("pyproject.toml", "a = [", "1", "]"),
        ("pyproject.toml", "[a.", "b", "]"),
        ("requirements.txt", "(", "x", ")"),
        ("setup.py", "setup(install_requires=[", "'x'", "])"),
        ("Pipfile.lock", "{\"default\":", "1", "}"),
        ("CITATION.cff", "a: [", "x", "]"),
        ("CITATION.cff", "a:\n - ", "x", ""),
        ("CITATION.cff", "!a ", "x", ""),
        ("environment.yml", "dependencies: [", "x", "]"),
        ("Dockerfile", "RUN $(", "x", ")"),
        ("Makefile", "$(", "x", ")"),
    ];
    for (path, open, middle, close) in nested {
        for depth in [150, 6_000] {
            judge_file(path, &format!("{}{middle}{}", open.repeat(depth), close.repeat(depth)));
        }
    }
    // By indentation, up to the line that is too long to be read.
    for (path, line) in
        [("train.py", "if x:"), ("README.md", "- x"), ("config.yaml", "a:"), ("README.rst", "x\n")]
    {
        let text: String = (0..400).map(|depth| format!("{}{line}\n", " ".repeat(depth))).collect();
        judge_file(path, &(text + &" ".repeat(400) + "y\n"));
    }
}

/// As much of a nesting as one file may hold; and brackets that quotes hide from who counts them, in a text short enough
/// to be parsed.
#[test]
fn nothing_as_long_as_a_file_may_be_overflows() {
    for (first, piece, last) in [
        ("x = (", "-\n", "1)"),
        ("x = (a", ".b\n", ")"),
        ("x = ", "a + \\\n", "1"),
        ("", "x(')',\n", ""),
        ("if x:\n    y\n", "elif x:\n    y\n", ""),
    ] {
        let text = format!("{first}{}{last}\n", piece.repeat(524_000 / piece.len()));
        judge_file("train.py", &text);
        let cell = serde_json::json!({"cell_type": "code", "source": text.repeat(8), "outputs": []});
        judge_file("demo.ipynb", &serde_json::json!({"cells": [cell], "metadata": {}}).to_string());
    }
    for (piece, close) in [("[')',\n", "]"), ("-\n", ""), ("not\n", ""), ("f(')',\n", ")"), ("lambda:\n", "")]
    {
        let count = 31_000 / (piece.len() + close.len());
        judge_file("train.py", &format!("x = ({}1{})\n", piece.repeat(count), close.repeat(count)));
    }
}

#[test]
fn paths_of_any_depth_and_length_are_only_names() {
    let deep = format!("{}train.py", "a/".repeat(3_000));
    let long = format!("{}.md", "x".repeat(70_000));
    let dotted = format!("{}.py", ".a".repeat(5_000));
    let readme =
        format!("# Nets\n\n[a]({deep}) `{long}`\n\n```\npython {deep}\ncd {}\n```\n", "../".repeat(9_000));
    judge(
        &Snapshot::from_files([
            ("README.md", readme.as_str()),
            (&deep, "import torch\n"),
            (&long, "# x\n"),
            (&dotted, "x = 1\n"),
        ]),
        "",
    );
}

/// A repository of a hundred thousand files whose texts nobody asked for.
#[test]
fn a_hundred_thousand_entries_are_a_listing_like_any_other() {
    let mut snapshot =
        Snapshot::from_files([("README.md", "# Nets\n\nSee [data](data/part-7/sample-000007.npy).\n")]);
    let entries = Arc::make_mut(&mut snapshot.entries);
    entries.extend((0..100_000).map(|number| Entry {
        path: Arc::from(format!("data/part-{}/sample-{number:06}.npy", number % 100)),
        size: Some(4 << 30),
        mode: Mode::File,
        id: BlobId::new(format!("{number:040x}")),
    }));
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let report = judge(&snapshot, "");
    assert_eq!(report.coverage.files, 100_001);
    assert_eq!(report.coverage.read, 1);
}

/// Bytes of no encoding, through the decoding that every source uses.
/// Git keeps one text for all of them, and so would each limit if texts were counted.
#[test]
fn copies_of_one_text_count_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    support::git(at, &["init", "-q"]);
    for run in 0..40 {
        let copy = at.join(format!("runs/{run:02}"));
        std::fs::create_dir_all(&copy).unwrap();
        std::fs::write(copy.join("train.py"), "optimizer.step()\n").unwrap();
    }
    support::git(at, &["add", "."]);
    support::git(at, &["commit", "-q", "-m", "runs and the sources of each"]);
    let limits = Limits { files: 10, ..Limits::default() };
    let snapshot = GitRepository::open(at).unwrap().snapshot("HEAD", &limits).unwrap();
    assert_eq!(parse_all(&snapshot, &Default::default()).len(), 10);
    let coverage = judge(&snapshot, "").coverage;
    assert_eq!((coverage.files, coverage.read, coverage.bytes), (40, 10, 170));
    assert_eq!(coverage.unread.len(), 30);
    assert!(coverage.unread.iter().all(|unread| unread.why == "over the limit of 10 files"));
}

#[test]
fn bytes_of_no_encoding_are_read_as_far_as_they_go() {
    let every: Vec<u8> = (0..=255_u8).cycle().skip(1).take(255).collect();
    let surrogates: Vec<u8> = [0xff, 0xfe].into_iter().chain([0x00, 0xd8].repeat(500)).collect();
    let halves = [b"\xe2\x82".as_slice(), b"# x\n", b"\xf0\x9f"].concat();
    for bytes in [every, surrogates, halves, vec![0xff; 5_000], b"\xfe\xff".to_vec(), b"\xff\xfea".to_vec()] {
        let Text::Read(text) = reprogate::snapshot::decode(&bytes) else { continue };
        for path in ["README.md", "train.py", "demo.ipynb", "requirements.txt", "README.rst", "CITATION.cff"]
        {
            judge_file(path, &text);
        }
    }
}

/// What a document writes about marks is text, and the mark of the comment is its own.
#[test]
fn a_mark_in_a_document_marks_nothing() {
    let planted = Mark {
        key: Key::new("", ""),
        head: "f".repeat(40),
        base: None,
        run: Run { id: u64::MAX, attempt: 9 },
    };
    let line = planted.line();
    let readme =
        format!("{line}\n# {line}\n```bash\npython '{}'.py\n```\n[x]({})\n", line.trim(), line.trim());
    let report = judge(&Snapshot::from_files([("README.md", readme.as_str()), (line.trim(), "x")]), "");
    let own = Mark { head: "a".repeat(40), run: Run { id: 1, attempt: 1 }, ..planted };
    let body = own.line() + &render::comment::render(&report);
    let (read, text) = Mark::read(&body).unwrap();
    assert_eq!(read, own);
    assert!(Mark::read(text).is_none());
    for note in render::review::list(&report) {
        assert!(Mark::read(&note.body).is_none());
    }
}

/// A waiver's reason is shown, and calls nobody.
#[test]
fn words_of_a_policy_are_shown_and_not_obeyed() {
    let policy = "version: 1\nwaivers:\n  - rule: integrity/flags\n    reason: '@team #12 <script>alert(1)</script> </details> ::error:: | `x`'\n    until: 2030-01-01\n";
    let files = [
        ("README.md", "# Nets\n\n```bash\npython train.py --nope 1\n```\n"),
        (
            "train.py",
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr')\np.parse_args()\n",
        ),
    ];
    let report = judge(&Snapshot::from_files(files), policy);
    let comment = render::comment::render(&report);
    let (summary, html) = (render::summary::render(&report), render::html::render(&report));
    assert!([&comment, &summary, &html].iter().any(|face| face.contains("alert(1)")), "{comment}");
    for face in [comment, summary] {
        assert!(!face.contains("<script>") && !face.contains("@team"), "{face}");
        assert_eq!(face.matches("<details").count(), face.matches("</details>").count(), "{face}");
    }
    assert!(!html.contains("<script>alert"));
}
