//! The whole pure flow: the bytes of a repository, and of its base, to every face of the report.
//!
//! The input is a list of files, each a line with its path and then its text, up to a line of `\x01`; what follows a
//! line of `\x02` is the base.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reprogate::report::Target;
use reprogate::snapshot::Snapshot;
use reprogate::{Request, render, review};

fn snapshot(text: &str) -> Snapshot {
    let files = text.split("\n\u{1}\n").take(12).filter_map(|file| file.split_once('\n'));
    Snapshot::from_files(files.filter(|(path, _)| !path.is_empty() && !path.starts_with('/')))
}

fuzz_target!(|text: &str| {
    let (head, base) = text.split_once("\n\u{2}\n").unwrap_or((text, ""));
    let (head, base) = (snapshot(head), snapshot(base));
    let request = Request {
        target: Target { kind: "pull-request".to_owned(), blob_url: Some("https://example.org/blob/head".to_owned()), ..Target::default() },
        today: "2026-01-01".to_owned(),
        jobs: Some(1),
        ..Request::default()
    };
    let report = review(&head, Some(&base), &request);
    assert!((0.0..=100.0).contains(&report.score()), "{}", report.score());
    assert!(report.score() <= report.score_at_most());
    let json = render::json::render(&report);
    assert_eq!(json, render::json::render(&review(&head, Some(&base), &request)));
    assert!(render::comment::render(&report).len() < 60_000);
    assert!(render::summary::render(&report).len() <= 1 << 20);
    let _ = render::terminal::render(&report, true, 80);
    let _ = render::sarif::render(&report);
    let _ = render::html::render(&report);
    let _ = render::annotations::list(&report);
    let _ = render::review::list(&report);
});
