//! Docstrings on what the modules offer.

use super::at;
use crate::facts::tooling::is_test_path;
use crate::facts::{Facts, PythonModule, foreign};
use crate::rules::{
    Fix, Judge, Judgement, Met, OptionDefault, OptionSpec, Options, Part, PartJudgement, Rule, Snippet,
    Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/docstrings",
    standard: Standard::Sharing,
    title: "Docstrings",
    summary: "Public modules, classes and functions say in a docstring what they do",
    reason: "whoever builds on the code reads a docstring before the code, and tools show it to them",
    theme: Theme::Sharing,
    weight: 0.75,
    parts: &[Part {
        id: "documented",
        title: "most public functions, classes and modules have a docstring",
        share: 1,
    }],
    options: &[OptionSpec {
        name: "least",
        summary: "The share of public modules, classes and functions that need a docstring",
        default: OptionDefault::Number { default: 0.5, least: 0.0, most: 1.0 },
    }],
    docs: include_str!("docstrings.md"),
    judge: Judge::Project(judge),
};

/// A public name, and whether it has a docstring.
struct Public<'facts> {
    path: &'facts str,
    line: u32,
    name: &'facts str,
    documented: bool,
}

fn judge(facts: &Facts, options: &Options) -> Judgement {
    let least = options.number(&RULE, "least");
    let others = facts.foreign();
    let modules = facts.python().filter(|(path, module)| {
        !path.ends_with(".ipynb")
            && module.unparsed.is_none()
            && !foreign::holds(others, path)
            && !is_test_path(facts.within_project(path))
    });
    let public: Vec<Public<'_>> = modules.flat_map(|(path, module)| public(path, module)).collect();
    if public.is_empty() {
        return Judgement::not_applicable("no Python module offers anything public");
    }
    let documented: Vec<&Public<'_>> = public.iter().filter(|name| name.documented).collect();
    let share = documented.len() as f64 / public.len() as f64;
    let enough = share >= least;
    let shown =
        documented.iter().take(3).map(|name| at(name.path, name.line, format!("docstring of {}", name.name)));
    let part = PartJudgement {
        id: "documented",
        met: if enough { Met::Yes } else { Met::No },
        credit: if enough { 1.0 } else { share / least.max(f64::EPSILON) },
        evidence: if enough { shown.collect() } else { Vec::new() },
    };
    let fix = (!enough).then(|| fix(&public, documented.len()));
    let looked_at = vec![format!("{} public modules, classes and functions", public.len())];
    Judgement { parts: vec![part], looked_at, fix, ..Judgement::default() }
}

/// The module that lacks most is where to begin.
fn fix(public: &[Public<'_>], documented: usize) -> Fix {
    let mut bare: Vec<(&str, Vec<&Public<'_>>)> = Vec::new();
    for name in public.iter().filter(|name| !name.documented) {
        match bare.iter_mut().find(|(path, _)| *path == name.path) {
            Some((_, names)) => names.push(name),
            None => bare.push((name.path, vec![name])),
        }
    }
    let most = bare.into_iter().max_by_key(|(_, names)| names.len());
    let Some((path, names)) = most else {
        return Fix { summary: "Write docstrings".to_owned(), snippet: None };
    };
    let listed: Vec<String> =
        names.iter().take(3).map(|name| format!("{} (line {})", name.name, name.line)).collect();
    Fix {
        summary: format!(
            "{documented} of {} public modules, classes and functions have a docstring; {path} lacks most: {}",
            public.len(),
            listed.join(", ")
        ),
        snippet: None::<Snippet>,
    }
}

fn public<'facts>(path: &'facts str, module: &'facts PythonModule) -> Vec<Public<'facts>> {
    let top = module.definitions.iter().filter(|definition| definition.parent.is_none());
    let mut found: Vec<Public<'facts>> = top
        .filter(|definition| !definition.name.starts_with('_'))
        .map(|definition| Public {
            path,
            line: definition.lines.first,
            name: &definition.name,
            documented: definition.has_docstring,
        })
        .collect();
    // A module that only gathers names needs none.
    if !found.is_empty() || !module.top_level_work.is_empty() {
        let line = module.docstring.map_or(1, |lines| lines.first);
        found.push(Public { path, line, name: "the module", documented: module.docstring.is_some() });
    }
    found
}
