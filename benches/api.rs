//! The Action against a GitHub with injected latency: requests, sequential round trips, and time.
//!
//! A report and no assertion: the bounds are held by `tests/action.rs`. Prints a Markdown table, which `make bench`
//! takes into docs/performance.md.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used, reason = "its output is what it is for")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};
use support::{FakeGithub, Run};

/// `files` files at the head, `read` of them Python, `changed` of those changed since the base.
fn pull_request(files: usize, read: usize, changed: usize) -> FakeGithub {
    let side = |name: &str, changed_here: bool| -> Vec<(String, Vec<u8>)> {
        let file = |index: usize| {
            if index >= read {
                return (format!("data/part{}/sample{index}.png", index % 400), Vec::new());
            }
            let side = if changed_here && index < changed { name } else { "both" };
            let text = format!("import torch\n\n\ndef part_{index}():\n    return '{side}'\n").repeat(8);
            (format!("package/part_{index:05}.py"), text.into_bytes())
        };
        (0..files).map(file).collect()
    };
    let fake = FakeGithub::start();
    fake.lock().open_pull_bytes(&side("base", true), &side("head", true));
    fake
}

fn main() {
    // `cargo test --benches` and `cargo bench` call every bench; only the latter measures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    println!("| pull request | latency | requests | sequential round trips before the comment | time |");
    println!("|---|---|---|---|---|");
    for (name, files, read, changed) in [
        ("20 files", 20, 20, 3),
        ("500 files", 500, 500, 20),
        ("100,000 entries, 500 read", 100_000, 500, 20),
    ] {
        let fake = pull_request(files, read, changed);
        for latency in [0, 50, 100] {
            {
                let mut state = fake.lock();
                state.latency = Duration::from_millis(latency);
                state.seen.clear();
                for pull in state.repo().pulls.values_mut() {
                    pull.comments.clear();
                }
            }
            let run = Run::pull_request(&fake);
            let started = Instant::now();
            let finished = runtime.block_on(run.run());
            let took = started.elapsed();
            assert_eq!((finished.code, finished.error), (0, None));
            println!(
                "| {name} | {latency} ms | {} | {} | {:.2} s |",
                fake.requests().len(),
                fake.rounds("POST /repos"),
                took.as_secs_f64()
            );
        }
    }
}
