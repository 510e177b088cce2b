//! How the cost of one file grows with its length, for texts that are made to be slow: each is doubled, and a cost that
//! more than doubles shows as an exponent over 1. Processor time is counted, so a busy machine does not matter.
//!
//! `cargo bench --bench growth [-- PART | -- --write docs/security.md]`; with `--profile dev` it needs no optimized
//! build. It fails when an exponent is over 1.25 and the cost is more than a whole file of that length may take.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::exit,
    reason = "a program that prints"
)]

use reprogate::facts::FileFacts;
use reprogate::policy::{PATH, Policy};
use reprogate::snapshot::Snapshot;
use reprogate::{Request, render, review};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The texts: lines of a path, and under it those of its texts. The piece within `«»` is repeated, what is before and
/// behind it stands once; a second piece is repeated as often as the first. `§` is the piece's number; `\n`, `\t`, `\\`
/// and `\u{…}` are as in Rust. Paths that are joined by ` & ` are those of several files, whose texts are joined by ` & `.
const TEXTS: &str = include_str!("growth.txt");

/// Texts that are made to be slow, of any length.
struct Pattern {
    path: &'static str,
    written: &'static str,
    files: Vec<(&'static str, Pieces)>,
}

/// A text by its pieces.
struct Pieces {
    first: String,
    /// What is repeated, with what stands behind all of its repetitions.
    repeated: Vec<(String, String)>,
}

impl Pattern {
    fn all() -> Vec<Self> {
        let mut path = "";
        let lines = TEXTS.lines().filter(|line| !line.is_empty());
        lines
            .filter_map(|written| {
                if !written.contains('«') {
                    path = written;
                    return None;
                }
                let files = path.split(" & ").zip(written.split(" & "));
                let files = files.map(|(path, written)| (path, Pieces::new(written))).collect();
                Some(Self { path, written, files })
            })
            .collect()
    }

    fn files(&self, bytes: usize) -> Vec<(String, String)> {
        self.files.iter().map(|(path, pieces)| ((*path).to_owned(), pieces.text(bytes))).collect()
    }
}

impl Pieces {
    fn new(written: &str) -> Self {
        let mut parts = written.split('«');
        let first = unescaped(parts.next().unwrap());
        let pieces = parts.map(|part| part.split_once('»').unwrap());
        Self {
            first,
            repeated: pieces.map(|(piece, behind)| (unescaped(piece), unescaped(behind))).collect(),
        }
    }

    fn text(&self, bytes: usize) -> String {
        let once: usize = self.repeated.iter().map(|(piece, _)| piece.len()).sum();
        let mut text = self.first.clone();
        let mut times = 0;
        let mut length = text.len();
        for (piece, behind) in &self.repeated {
            let mut number = 0;
            // As often as all pieces together fill the text.
            while if times == 0 { length < bytes } else { number < times } {
                let one = piece.replace('§', &number.to_string());
                length += one.len() + once - piece.len();
                text.push_str(&one);
                number += 1;
            }
            times = number;
            text.push_str(behind);
        }
        text
    }
}

fn unescaped(written: &str) -> String {
    let mut text = String::new();
    let mut rest = written.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match rest.next().unwrap() {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'u' => {
                let digits: String = rest.by_ref().skip(1).take_while(|digit| *digit != '}').collect();
                text.push(char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap());
            }
            other => text.push(other),
        }
    }
    text
}

/// Many files in place of a long one: a path and a text, `§` being the file's number and `~` the next one's.
const MANY: &[(&str, &str)] = &[
    ("docs/a§.md", "# a\n\n[next](a~.md)\n"),
    ("a§.md", "[next](a~.md) `a~.md`\n"),
    ("a§/README.md", "```\npython train.py --lr 1\n```\n"),
    ("m§.py", "import m~\nfrom m~ import f\n"),
    ("m§.py", "import argparse\nfrom m~ import *\np.add_argument('--a§')\n"),
    ("p§/train.py", "import torch\nloss.backward()\noptimizer.step()\n"),
    ("p/train§.py", "from . import train~\nrandom.random()\n"),
    ("requirements§.txt", "-r requirements~.txt\na§\n"),
    ("s§.sh", "bash s~.sh\npython m§.py\n"),
    ("a§.ipynb", "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"import a\",\"outputs\":[]}]}"),
    ("weights/a§.pth", ""),
    ("a/a/a/a/a/a/a/a/a§", ""),
    ("tests/test_§.py", "def test_a():\n    pass\n"),
    ("recipes/a§.md", "# Recipe\n\n## Data\n\ntext\n"),
    ("Dockerfile§", "FROM a\nRUN python a§.py\n"),
    (".github/workflows/a§.yml", "jobs:\n  a:\n    steps:\n      - run: ruff check\n"),
    ("a§.yaml", "lr: 0.1\nbatch_size: 3\n"),
    ("a§/b.md", "```\npython -m a§.b\npython x§.py --config c§.yaml\nmake m§\n```\n"),
    ("a§/README.md", "[a](b§.md) ![c](d§.png) [e](../a~/README.md#f)\n"),
    ("a§/b/train.py", "import a§.b.train\nfrom a~.b import train\n"),
    ("a§/README.md", "```\npython b/train§.py --a\ncd b\npython c.py\n```\n"),
    ("a§/LICENSE", "MIT License\n\nPermission is hereby granted, free of charge, to any person\n"),
    ("a§/setup.py", "from setuptools import setup\nsetup(name='a§', install_requires=['a~', 'b'])\n"),
    ("a§/pyproject.toml", "[project]\nname = \"a§\"\ndependencies = [\"a~\"]\n"),
    ("a§/.gitignore", "*.py\nb§/\n"),
    ("a§/__init__.py", "from a~ import *\nfrom .b import c\n"),
    (
        "a§.ipynb",
        "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"%run a~.ipynb\\nimport torch\",\"outputs\":[]}]}",
    ),
    ("a§.png", ""),
    ("a§.sh", "source a~.sh\npython train.py --config a§.yaml\n"),
    ("conf/a§.yaml", "defaults:\n  - a~\nlr: 0.1\n"),
    ("Makefile", "a§: b\n\tpython train.py\n"),
    ("a§/Makefile", "train:\n\tpython train.py --lr 1\n\t$(MAKE) -C ../a~ train\n"),
    ("a§.R", "source('a~.R')\nset.seed(1)\nsaveRDS(model, 'a')\n"),
    ("docs/a§.rst", ".. include:: a~.rst\n.. toctree::\n\n   a~\n"),
    ("ab§.py", "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a')\np.parse_args()\n"),
];

/// Bytes of the shortest text, doubled as often as there are costs.
const LEAST: usize = 16 << 10;
const DOUBLED: u32 = 3;
/// The greatest exponent that is not held to be too slow; what is linear measures up to about 1.1.
const STEEPEST: f64 = 1.25;
/// How often what looks too slow is measured again.
const AGAIN: usize = 3;
/// What the longest may cost whatever its exponent: an ordinary text of its length takes as long.
const FREE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 300 } else { 30 });

fn filled(pattern: &str, number: usize) -> String {
    pattern.replace('§', &number.to_string()).replace('~', &(number + 1).to_string())
}

/// Nanoseconds of processor time that this thread has used. Linux adds up a running thread's time at each of its ticks,
/// every four milliseconds or so, and when the thread offers to make room for others.
fn processor_time() -> Option<u64> {
    std::thread::yield_now();
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

fn timed(work: impl FnOnce()) -> Duration {
    let (began, before) = (Instant::now(), processor_time());
    work();
    match (before, processor_time()) {
        (Some(before), Some(after)) => Duration::from_nanos(after.saturating_sub(before)),
        _ => began.elapsed(),
    }
}

/// On a stack as deep as the program's own workers have.
fn on_a_worker<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, work).unwrap().join().unwrap()
    })
}

/// Parsing one file; and then everything behind it, whose parsing is left to workers and so not counted again.
fn costs(files: &[(String, String)]) -> [Duration; 2] {
    let parsing = on_a_worker(|| {
        timed(|| {
            for (path, text) in files {
                if path == PATH {
                    let _ = reprogate::policy::parse(text, PATH);
                }
                let facts = FileFacts::extract(path, &Arc::from(text.as_str()));
                std::hint::black_box(facts.reading());
            }
        })
    });
    let snapshot = Snapshot::from_files(files.iter().map(|(path, text)| (path, text)));
    let policy = Policy::default();
    let request = Request { policy, today: "2026-01-01".to_owned(), jobs: Some(1), ..Request::default() };
    let judging = timed(|| {
        let report = review(&snapshot, None, &request);
        std::hint::black_box(render::comment::render(&report).len() + render::json::render(&report).len());
    });
    [parsing, judging]
}

/// How the cost of one stage grew, with the text that it grew on.
struct Growth {
    /// What kind of file it was.
    kind: String,
    /// What it holds.
    text: String,
    /// Parsing or judging.
    stage: &'static str,
    /// The power of the length that the cost grew with.
    exponent: f64,
    /// What each length cost.
    costs: Vec<Duration>,
}

impl Growth {
    const STAGES: [&str; 2] = ["parsing", "judging"];

    /// Both stages of what `files` give at each length. What looks steep is measured again, and the least of it counts:
    /// other work on the machine makes a cost greater and never smaller.
    fn of(kind: &str, text: &str, files: &dyn Fn(u32) -> Vec<(String, String)>) -> [Self; 2] {
        let measured = || -> Vec<[Duration; 2]> { (0..=DOUBLED).map(|times| costs(&files(times))).collect() };
        let grown = |all: &[[Duration; 2]]| {
            [0, 1].map(|stage| {
                let costs: Vec<Duration> = all.iter().map(|cost| cost[stage]).collect();
                let of = |index: usize| costs[index].as_secs_f64();
                let last = costs.len() - 1;
                let exponent = (of(last) / of(last - 2).max(1e-6)).log2() / 2.0;
                let (kind, text) = (kind.to_owned(), text.to_owned());
                Self { kind, text, stage: Self::STAGES[stage], exponent, costs }
            })
        };
        let mut least = measured();
        for _ in 0..AGAIN {
            if !grown(&least).iter().any(Self::is_steep) {
                break;
            }
            for (cost, again) in least.iter_mut().zip(measured()) {
                *cost = [0, 1].map(|stage| cost[stage].min(again[stage]));
            }
        }
        grown(&least)
    }

    fn longest(&self) -> Duration {
        self.costs[self.costs.len() - 1]
    }

    fn is_steep(&self) -> bool {
        self.exponent > STEEPEST && self.longest() > FREE
    }

    fn print(&self) {
        let mark = if self.is_steep() { "SLOW" } else { "    " };
        let costs: Vec<String> =
            self.costs.iter().map(|cost| format!("{:.0}", cost.as_secs_f64() * 1e3)).collect();
        println!(
            "{mark} {:.2} {} [{} ms] {} {}",
            self.exponent,
            self.stage,
            costs.join(" "),
            self.kind,
            self.text
        );
    }
}

/// A row for each kind of file: what is steepest of that which costs anything.
fn table(all: &[Growth]) -> String {
    let mut kinds: Vec<&str> = all.iter().map(|growth| growth.kind.as_str()).collect();
    kinds.dedup();
    let mut rows = "| file | texts | steepest exponent | of |\n|---|---|---|---|\n".to_owned();
    for kind in kinds {
        let own = || all.iter().filter(|growth| growth.kind == kind);
        let costly = own().filter(|growth| growth.longest() > FREE);
        let steepest = costly.max_by(|one, other| one.exponent.total_cmp(&other.exponent));
        let told = steepest.map_or("- | none costs enough to tell".to_owned(), |growth| {
            format!("{:.2} | {} ``{}``", growth.exponent, growth.stage, growth.text.replace('|', "\\|"))
        });
        rows += &format!("| {kind} | {} | {told} |\n", own().count() / Growth::STAGES.len());
    }
    rows
}

/// Puts `text` between the marks of `file`.
fn write(file: &str, text: &str) {
    const MARKS: [&str; 2] = ["<!-- growth -->\n", "<!-- /growth -->"];
    let page = std::fs::read_to_string(file).unwrap();
    let (before, rest) = page.split_once(MARKS[0]).unwrap();
    let (_, after) = rest.split_once(MARKS[1]).unwrap();
    std::fs::write(file, format!("{before}{}\n{text}\n{}{after}", MARKS[0], MARKS[1])).unwrap();
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (page, part) = match arguments.as_slice() {
        [flag, page] if flag == "--write" => (Some(page), ""),
        [part] => (None, part.as_str()),
        _ => (None, ""),
    };
    let mut all: Vec<Growth> = Vec::new();
    let mut attempt = |kind: &str, text: &str, files: &dyn Fn(u32) -> Vec<(String, String)>| {
        if format!("{kind} {text}").contains(part) {
            let grown = Growth::of(kind, text, files);
            grown.iter().for_each(Growth::print);
            all.extend(grown);
        }
    };
    for pattern in Pattern::all() {
        let files = |times| pattern.files(LEAST << times);
        attempt(pattern.path, pattern.written, &files);
    }
    for (path, body) in MANY {
        let files = |times| {
            let count = 150_usize << times;
            let mut files: Vec<_> =
                (0..count).map(|number| (filled(path, number), filled(body, number))).collect();
            let links: String =
                (0..count).map(|number| format!("[{number}]({})\n", filled(path, number))).collect();
            files.push(("README.md".to_owned(), links));
            files
        };
        attempt("many files", &format!("{path} {body:?}"), &files);
    }
    let slow = all.iter().filter(|growth| growth.is_steep()).count();
    println!("{} texts doubled {DOUBLED} times, {slow} of them too slow", all.len() / Growth::STAGES.len());
    if let Some(page) = page {
        write(page, &table(&all));
    }
    if slow > 0 {
        std::process::exit(1);
    }
}
