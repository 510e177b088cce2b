//! Policies: what is accepted, and errors that anyone can follow.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

use reprogate::policy::{FailOn, PATH, Policy, Profile, differences, parse, schema};
use reprogate::rules::Standard;

fn error(text: &str) -> String {
    parse(text, PATH).map(|policy| format!("accepted: {policy:?}")).unwrap_or_else(|error| error.to_string())
}

/// Every key once, with a value that is not its default.
const FULL: &str = "\
version: 1
profile: production
min-score: 70
min-scores:
  checklist: 80
required:
  - integrity/notebooks
fail-on: both
projects:
  - models/vision
  - path: ./models/text/
    min-score: 40.5
recipes: ['recipes/*.md']
documents: ['docs/**/*.md']
weights:
  integrity/notebooks: 3
rules:
  integrity/notebooks: off
waivers:
  - rule: integrity/notebooks
    path: 'old/**'
    reason: kept as published
    until: 2027-01-31
limits:
  files: 10
  file-bytes: 11
  notebook-bytes: 12
  total-bytes: 13
";

#[test]
fn a_full_policy_is_read_whole() {
    let policy = parse(FULL, PATH).unwrap();
    assert_eq!((policy.profile, policy.min_score, policy.fail_on), (Profile::Production, 70.0, FailOn::Both));
    assert_eq!(policy.min_scores.get(&Standard::Checklist), Some(&80.0));
    assert_eq!(
        policy.projects.iter().map(|project| (project.root.as_str(), project.min_score)).collect::<Vec<_>>(),
        [("models/vision", None), ("models/text", Some(40.5))]
    );
    assert!(policy.off.contains("integrity/notebooks") && policy.required.contains("integrity/notebooks"));
    assert_eq!(
        (policy.waivers[0].path.as_deref(), policy.waivers[0].until.as_str()),
        (Some("old/**"), "2027-01-31")
    );
    assert_eq!(
        (
            policy.limits.files,
            policy.limits.file_bytes,
            policy.limits.notebook_bytes,
            policy.limits.total_bytes
        ),
        (10, 11, 12, 13)
    );
}

#[test]
fn an_empty_policy_is_the_default() {
    for text in ["", "# nothing yet\n", "---\n"] {
        assert_eq!(parse(text, PATH).unwrap(), Policy::default());
    }
}

#[test]
fn errors_say_where_what_and_what_instead() {
    let cases = [
        "min-scor: 3\n",
        "version: 1\nmin-score: high\n",
        "min-score: 1\nprofile: paper\nmin-score: 2\n",
        "min-score: 101\n",
        "version: 2\n",
        "profile: papr\n",
        "min-scores:\n  cheklist: 3\n",
        "required: [integrity/notebook]\n",
        "required:\n  - integrity/notebooks\n  - no/such-thing\n",
        "rules:\n  integrity/notebooks:\n    depth: 3\n",
        "rules:\n  integrity/notebooks: off\n  integrity/notebooks: off\n",
        "weights:\n  integrity/notebooks: -1\n",
        "projects: [../other]\n",
        "projects: [a, a/]\n",
        "recipes: [docs/**/*.md]\nlimits: {files: 0}\n",
        "recipes: [*.md]\n",
        "recipes: ['a[']\n",
        "a: &a [1]\n",
        "waivers:\n  - rule: integrity/notebooks\n    reason: ''\n    until: 2027-01-01\n",
        "waivers:\n  - rule: integrity/notebooks\n    reason: why\n    until: next year\n",
        "waivers:\n  - rule: integrity/notebooks\n    reason: why\n",
        "- a list\n",
        "min-score: [\n",
        "fail-on: sometimes\n",
    ];
    let shown: String =
        cases.iter().map(|text| format!("{}\n  {}\n", text.trim_end(), error(text))).collect();
    insta::assert_snapshot!(shown);
}

#[test]
fn aliases_in_every_disguise_are_refused() {
    for text in [
        "a: &a [1]\n",
        "recipes: *a\n",
        "recipes: ['a', *a]\n",
        "limits: {files: &a 3, file-bytes: *a}\n",
        "rules: {integrity/links: {x: &a [1], y: *a}}\n",
        "waivers:\n  - &a\n    rule: x\n",
        "waivers:\n  - <<: *a\n",
        "<<: {min-score: 0}\n",
    ] {
        let said = error(text);
        assert!(said.contains("alias") || said.contains("merges"), "{text}: {said}");
    }
    // Whatever hides them, they cannot make a short text a huge one.
    let wide = |open: &str, close: &str| {
        format!(
            "rules:\n  ?{open}integrity/links\n  : x: {open} &a [{}]\n    y: [{}]{close}\n",
            "1,".repeat(9_000),
            "*a,".repeat(9_000)
        )
    };
    for text in [wide(" ", ""), wide(" !x", "")] {
        let said = error(&text);
        assert!(said.starts_with(PATH) && !said.contains("accepted"), "{said}");
    }
}

#[test]
fn a_policy_of_any_depth_is_an_error_and_no_crash() {
    for (open, close) in
        [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("!x ", ""), ("\"", ""), ("a:\n ", "")]
    {
        let text = format!("rules: {}{}\n", open.repeat(20_000), close.repeat(20_000));
        assert!(!error(&text).contains("accepted"), "{open}");
    }
}

#[test]
fn a_proposed_policy_is_told_apart_in_words() {
    let then = parse(FULL, PATH).unwrap();
    insta::assert_snapshot!(differences(&Policy::default(), &then).join("\n"));
    assert_eq!(differences(&then, &then), Vec::<String>::new());
}

#[test]
fn the_schema_knows_the_keys_that_the_parser_knows() {
    let message = error("no-such-key-anywhere: 1\n");
    let known: Vec<&str> = message.split('`').skip(1).step_by(2).skip(1).collect();
    let schema = schema();
    let described: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(known, described);
}
