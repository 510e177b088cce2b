//! Automated tests of the project's own code.

use super::{at, few, has_code, is_python};
use crate::facts::tooling::{self, is_test_path};
use crate::facts::{Facts, foreign};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/tests",
    standard: Standard::Sharing,
    title: "Tests",
    summary: "Automated tests check this repository's own code",
    reason: "a test tells whoever changes the code, or a dependency, that it still does what it did",
    theme: Theme::Sharing,
    weight: 1.0,
    parts: &[
        Part { id: "checked", title: "tests with assertions", share: 3 },
        Part { id: "run", title: "continuous integration or a documented command runs them", share: 1 },
    ],
    options: &[],
    docs: include_str!("tests.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code to test");
    }
    let others = facts.foreign();
    let found = tooling::tests(facts, others);
    let mut shown: Vec<Evidence> = Vec::new();
    for test in &found {
        if !shown.iter().any(|place| place.path == test.path) {
            shown.push(Evidence::new(&test.path, test.check, format!("{} checks", test.name)));
        }
    }
    let runs = if found.is_empty() { Vec::new() } else { tooling::test_runs(facts, others) };
    let run = runs.iter().map(|(path, line)| at(path, *line, "runs the tests"));
    let fix = if found.is_empty() {
        Some(missing(facts, others))
    } else if runs.is_empty() {
        Some(Fix {
            summary: format!(
                "Nothing runs the tests; say in {} how to, or let continuous integration run them",
                facts.readme_path()
            ),
            snippet: Some(Snippet {
                path: facts.readme_path(),
                body: "## Tests\n\n```bash\npython -m pytest\n```\n".to_owned(),
                new_file: facts.readme.is_none(),
            }),
        })
    } else {
        None
    };
    Judgement {
        parts: vec![
            PartJudgement::from_evidence("checked", few(shown)),
            PartJudgement::from_evidence("run", few(run)),
        ],
        looked_at: vec!["tests/".to_owned(), "test_*.py, *_test.py".to_owned(), "unittest cases".to_owned()],
        fix,
        ..Judgement::default()
    }
}

fn missing(facts: &Facts, others: &[String]) -> Fix {
    if !is_python(facts) {
        return Fix {
            summary: "Write a first test: one function, one input, the output that it must give".to_owned(),
            snippet: None,
        };
    }
    // A small pure function is the easiest to begin with.
    let candidate = facts
        .python()
        .filter(|(path, _)| path.ends_with(".py") && !foreign::holds(others, path) && !is_test_path(path))
        .flat_map(|(path, module)| module.definitions.iter().map(move |definition| (path, definition)))
        .filter(|(_, definition)| {
            let lines = definition.lines.last - definition.lines.first;
            !definition.is_class
                && definition.parent.is_none()
                && !definition.parameters.is_empty()
                && definition.parameters.len() < 4
                && (3..25).contains(&lines)
                && !definition.name.starts_with("main")
                && !definition.name.starts_with('_')
        })
        .min_by_key(|(path, definition)| {
            (path.matches('/').count(), definition.lines.last - definition.lines.first)
        });
    let Some((path, definition)) = candidate else {
        return Fix {
            summary: "Write a first test: one function, one input, the output that it must give".to_owned(),
            snippet: None,
        };
    };
    let module = facts.within_project(path).trim_end_matches(".py").replace('/', ".");
    let name = &definition.name;
    let arguments: Vec<&str> = definition
        .parameters
        .iter()
        .filter(|(_, default)| default.is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    let inputs: String =
        arguments.iter().map(|argument| format!("    {argument} = ...  # a small input\n")).collect();
    Fix {
        summary: format!("Write a first test, of {name} in {path} for example"),
        snippet: Some(Snippet {
            path: facts.at_root(&format!("tests/test_{name}.py")),
            body: format!(
                "from {module} import {name}\n\n\ndef test_{name}():\n{inputs}    expected = ...  # what it must give\n    assert {name}({}) == expected\n",
                arguments.join(", ")
            ),
            new_file: true,
        }),
    }
}
