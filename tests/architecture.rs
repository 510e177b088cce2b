//! The flow goes one way: a module names what stands before it and nothing behind it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module with what it may name of this crate, beside itself.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("snapshot", &[]),
    ("yaml", &[]),
    ("pattern", &[]),
    ("facts", &["pattern", "snapshot", "yaml"]),
    ("rules", &["facts", "draft"]),
    ("policy", &["rules", "snapshot", "yaml"]),
    ("engine", &["facts", "policy", "rules"]),
    ("verdict", &["engine", "policy", "rules"]),
    ("mend", &["pattern", "rules", "snapshot", "verdict"]),
    ("report", &["facts", "policy", "rules", "snapshot", "verdict"]),
    ("draft", &["facts", "policy"]),
    ("render", &["facts", "mend", "policy", "report", "rules", "verdict"]),
    ("event", &["github"]),
    ("github", &[]),
    ("source", &["facts", "github", "policy", "snapshot"]),
    ("publish", &["event", "github", "policy", "render", "report", "rules", "verdict"]),
];

/// Modules that tie the others together: they may name anything.
const AT_THE_RIM: &[&str] = &["action", "cli", "docgen", "error", "lib", "main"];

/// Only these talk to the outside.
const ASYNC: &[&str] = &["github", "source", "publish", "action", "cli"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn modules() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    files.sort();
    let module = |path: &Path| {
        let first = path
            .strip_prefix("src")
            .unwrap()
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .to_owned();
        first.trim_end_matches(".rs").to_owned()
    };
    files
        .into_iter()
        .map(|path| (module(&path), path.clone(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

/// Top-level modules that a text names: `crate::facts::…`, `use crate::{facts, …}`.
fn named(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let group = rest.strip_prefix('{').and_then(|rest| rest.split_once("};").map(|(group, _)| group));
        let mut depth = 0;
        let mut add = |piece: &str| {
            let name: String =
                piece.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            names.insert(name);
        };
        match group {
            None => add(rest),
            Some(group) => group
                .split(|c| {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    c == ',' && depth == 0
                })
                .for_each(&mut add),
        }
    }
    names
}

#[test]
fn modules_name_only_what_stands_before_them() {
    let mut wrong = Vec::new();
    for (module, path, text) in modules() {
        if AT_THE_RIM.contains(&module.as_str()) {
            continue;
        }
        let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == module) else {
            panic!("{} belongs to no module of MAY_NAME: add it where it stands in the flow", path.display());
        };
        let known: Vec<&str> =
            MAY_NAME.iter().map(|(name, _)| *name).chain(AT_THE_RIM.iter().copied()).collect();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for name in named(code).iter().filter(|name| known.contains(&name.as_str())) {
            if *name != module && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{} names `{name}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_rim_of_the_flow_is_async() {
    for (module, path, text) in modules() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_async = code.contains("async fn") || code.contains(".await");
        assert!(!is_async || ASYNC.contains(&module.as_str()), "{} is async", path.display());
    }
}

#[test]
fn octocrab_and_the_python_parser_are_named_in_one_place_each() {
    for (module, path, text) in modules() {
        let names =
            |name: &str| text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(name));
        assert!(!names("octocrab") || module == "github", "{} names octocrab", path.display());
        assert!(
            !names("ruff_python") || path.ends_with("facts/python.rs"),
            "{} names the parser",
            path.display()
        );
    }
}

#[test]
fn the_pure_part_reads_no_clock_environment_or_file() {
    for (module, path, text) in modules() {
        if ["cli", "action", "source", "publish", "github", "main"].contains(&module.as_str()) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for banned in [
            "std::env::",
            "std::fs::",
            "std::net::",
            "SystemTime",
            "Instant::now",
            "Utc::now",
            "println!",
            "std::process",
        ] {
            assert!(!code.contains(banned), "{} names {banned}", path.display());
        }
    }
}
