//! Reads the literate fixtures of `tests/rules/`; how they are written stands in `tests/rules.rs`.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "each test takes what it needs")]

use reprogate::facts::links::{Ancestry, Answers, Liveness, PinnedCommit};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A case of a fixture file.
pub struct Case {
    pub title: String,
    pub files: Vec<(String, String)>,
    pub answers: Answers,
    pub expect: Expect,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub met: Option<bool>,
    #[serde(default)]
    pub parts: BTreeMap<String, Option<bool>>,
    #[serde(default)]
    pub evidence: Vec<String>,
    #[serde(default)]
    pub findings: Vec<String>,
    #[serde(default)]
    pub fix: Option<String>,
    #[serde(default)]
    pub not_applicable: Option<String>,
}

/// What the outside says, by address and by commit (`ID` or `OWNER/NAME@ID`).
fn answers(text: &str) -> Answers {
    let said: BTreeMap<String, String> = serde_yaml::from_str(text).unwrap();
    let mut answers = Answers::default();
    let unknown = || "no answer in time".to_owned();
    for (asked, said) in said {
        if asked.contains("://") {
            let liveness = match said.as_str() {
                "alive" => Liveness::Alive,
                "dead" => Liveness::Dead("it answers 404".to_owned()),
                "unknown" => Liveness::Unknown(unknown()),
                other => panic!("{other} is no answer about an address"),
            };
            answers.links.insert(asked, liveness);
            continue;
        }
        let ancestry = match said.as_str() {
            "reachable" => Ancestry::Reachable,
            "unreachable" => Ancestry::Unreachable,
            "missing" => Ancestry::Missing,
            "elsewhere" => Ancestry::Elsewhere,
            "unknown" => Ancestry::Unknown(unknown()),
            other => panic!("{other} is no answer about a commit"),
        };
        let (repository, id) = match asked.rsplit_once('@') {
            Some((repository, id)) => (Some(repository.to_owned()), id.to_owned()),
            None => (None, asked),
        };
        answers.commits.insert(PinnedCommit { id, repository }, ancestry);
    }
    answers
}

pub fn fixtures() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for standard in std::fs::read_dir("tests/rules").unwrap() {
        for file in std::fs::read_dir(standard.unwrap().path()).unwrap() {
            found.push(file.unwrap().path());
        }
    }
    found.sort();
    found
}

pub fn rule_id(path: &Path) -> String {
    let standard = path.parent().and_then(Path::file_name).unwrap().to_str().unwrap();
    format!("{standard}/{}", path.file_stem().unwrap().to_str().unwrap())
}

pub fn cases(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).unwrap();
    /// Title, files, the text of the expect block, and what the outside answers.
    type Raw = (String, Vec<(String, String)>, Option<String>, Answers);
    let mut found: Vec<Raw> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            found.push((title.to_owned(), Vec::new(), None, Answers::default()));
        } else if line.starts_with("```") {
            let fence: String = line.chars().take_while(|c| *c == '`').collect();
            let info = &line[fence.len()..];
            let body: String = lines
                .by_ref()
                .take_while(|line| *line != fence)
                .fold(String::new(), |body, line| body + line + "\n");
            let Some(case) = found.last_mut() else {
                panic!("{}: a block before the first case", path.display())
            };
            if let Some((_, file)) = info.split_once("file=") {
                case.1.push((file.trim().to_owned(), body));
            } else if info.trim() == "expect" {
                case.2 = Some(body);
            } else if info.trim() == "answers" {
                case.3 = answers(&body);
            }
        }
    }
    found
        .into_iter()
        .map(|(title, files, expect, answers)| {
            let expect =
                expect.unwrap_or_else(|| panic!("{}: `{title}` has no expect block", path.display()));
            let expect = serde_yaml::from_str(&expect)
                .unwrap_or_else(|error| panic!("{}: `{title}`: {error}", path.display()));
            Case { title, files, answers, expect }
        })
        .collect()
}
