//! What is fuzzed, replayed on every test run without a fuzzer: the seeds and past findings of each target, and some
//! mutations of them that depend on nothing but the seed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "../fuzz/entry.rs"]
mod entry;
#[path = "support/literate.rs"]
mod literate;

use std::path::Path;

/// The seeds of `target`, with their names.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new("fuzz/seeds").join(target);
    let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|file| {
            let path = file.unwrap().path();
            (path.display().to_string(), std::fs::read(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// A generator that gives the same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

/// One of the changes that fuzzers make: cut, doubled, overwritten, spliced with another seed.
fn mutated(bytes: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    const TOKENS: &[&str] = &[
        "\n",
        "```",
        "[",
        "](",
        "|",
        "<!--",
        "\"",
        "'''",
        "(",
        "{",
        "&a ",
        "*a",
        "\\",
        "\r\n",
        "\u{1}\n",
        "- ",
        "#",
        "::",
        "%0A",
        "\t",
        "\u{202e}",
        "é",
        "0",
        "-1",
        "99999999999999999999",
        "==",
        "---\n",
        "import ",
        "$(",
        "<<",
    ];
    let mut bytes = bytes.to_vec();
    for _ in 0..=numbers.next(4) {
        let at = numbers.next(bytes.len() + 1);
        let end = (at + numbers.next(40)).min(bytes.len());
        match numbers.next(6) {
            0 => bytes.truncate(at.max(1)),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let piece = piece.repeat(1 + numbers.next(20));
                bytes.splice(at..at, piece);
            }
            3 => {
                let token = TOKENS[numbers.next(TOKENS.len())].repeat(1 + numbers.next(8));
                bytes.splice(at..end, token.bytes());
            }
            4 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << numbers.next(8);
                }
            }
            _ => {
                let from = numbers.next(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
    bytes
}

/// Every seed, and `rounds` mutations of each.
fn replay(target: &str, rounds: usize) {
    let run = entry::TARGETS.iter().find(|(name, _)| *name == target).unwrap().1;
    let seeds = seeds(target);
    assert!(!seeds.is_empty(), "{target} has no seed");
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let attempt = |name: &str, bytes: &[u8]| {
        let fallen = std::panic::catch_unwind(|| run(bytes)).is_err();
        if fallen {
            let kept = std::env::temp_dir().join(format!("reprogate-fuzz-{target}"));
            std::fs::write(&kept, bytes).unwrap();
            panic!("{name} of {target}: the input is kept in {}", kept.display());
        }
    };
    for (name, bytes) in &seeds {
        attempt(name, bytes);
    }
    for round in 0..rounds {
        let (name, bytes) = &seeds[round % seeds.len()];
        let other = &seeds[numbers.next(seeds.len())].1;
        attempt(&format!("mutation {round} of {name}"), &mutated(bytes, other, &mut numbers));
    }
}

macro_rules! replayed {
    ($($target:ident: $rounds:expr,)*) => {
        $(#[test]
        fn $target() {
            replay(stringify!($target), rounds($rounds));
        })*

        #[test]
        fn every_target_is_replayed_and_has_its_program() {
            let mut replayed = [$(stringify!($target)),*];
            replayed.sort_unstable();
            let entries: Vec<&str> = entry::TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(replayed.as_slice(), entries);
            let manifest = std::fs::read_to_string("fuzz/Cargo.toml").unwrap();
            for name in entries {
                assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
                assert!(Path::new(&format!("fuzz/fuzz_targets/{name}.rs")).exists(), "{name}");
            }
        }
    };
}

/// FUZZ_ROUNDS multiplies the mutations of a usual run.
fn rounds(usual: usize) -> usize {
    let times = std::env::var("FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    usual * times
}

replayed! {
    code: 60,
    document: 60,
    event: 300,
    flow: 12,
    github: 40,
    links: 40,
    manifest: 100,
    marks: 300,
    names: 20,
    policy: 20,
}

/// Writes a corpus to fuzz from: the files of the rules' fixtures, each for the target that reads it.
///
/// `FUZZ_CORPUS=fuzz/corpus cargo test --test fuzz corpus -- --ignored`
#[test]
#[ignore = "writes files"]
fn corpus() {
    let Some(folder) = std::env::var_os("FUZZ_CORPUS") else { panic!("FUZZ_CORPUS names no folder") };
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(&folder).join(target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    };
    let mut count = 0;
    for case in literate::fixtures().iter().flat_map(|path| literate::cases(path)) {
        count += 1;
        let files: Vec<String> = case.files.iter().map(|(path, text)| format!("{path}\n{text}")).collect();
        let Some(first) = files.first() else { continue };
        put(
            "flow",
            &format!("fixture-{count}"),
            format!("{}\n\u{2}\n{first}", files.join("\n\u{1}\n")).as_bytes(),
        );
        for (number, (path, text)) in case.files.iter().enumerate() {
            for (target, choice) in entry::targets_of(path) {
                put(target, &format!("fixture-{count}-{number}"), &[&[choice], text.as_bytes()].concat());
            }
        }
    }
}
