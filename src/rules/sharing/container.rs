//! A container that installs what the code needs.

use super::{at, few, has_code};
use crate::facts::Facts;
use crate::facts::tooling::{self, Container};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/container",
    standard: Standard::Sharing,
    title: "Container",
    summary: "A Dockerfile, devcontainer, Apptainer or Nix file installs what the code needs",
    reason: "system libraries and drivers are not in a requirements file, and they age",
    theme: Theme::Sharing,
    weight: 1.0,
    parts: &[
        Part { id: "installs-dependencies", title: "a container that installs the dependencies", share: 3 },
        Part { id: "base-pinned", title: "its base image names one version", share: 1 },
    ],
    options: &[],
    docs: include_str!("container.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code to put into a container");
    }
    let others = facts.foreign();
    let found = tooling::containers(facts, others);
    let good: Vec<&Container> = found.iter().filter(|container| installs(container)).collect();
    let evidence = good.iter().map(|container| {
        let first = container.installs.first().copied();
        let lines =
            first.or(container.bases.first().map(|base| crate::facts::Lines::at(base.1))).unwrap_or_default();
        Evidence::new(&container.path, lines, format!("a {} file that installs", container.tool))
    });
    let installs = PartJudgement::from_evidence("installs-dependencies", few(evidence));
    let pinned = good.iter().find(|container| {
        !container.bases.is_empty() && container.bases.iter().all(|base| base.2)
            || container.tool == "Nix" && facts.tree.has_file(&facts.at_root("flake.lock"))
    });
    let base = match pinned {
        Some(container) => {
            let shown =
                container.bases.iter().map(|(image, line, _)| at(&container.path, *line, image.as_str()));
            PartJudgement::met("base-pinned", few(shown))
        }
        None => PartJudgement::missing("base-pinned"),
    };
    let floating = good.iter().find_map(|container| {
        container.bases.iter().find(|base| !base.2).map(|base| (container.path.as_str(), base.0.as_str()))
    });
    let fix = if good.is_empty() {
        Some(missing(facts, &found))
    } else if base.credit == 0.0 {
        floating.map(|(path, image)| Fix {
            summary: format!(
                "{path} starts from {image}, which changes under its name; name one version, or a digest"
            ),
            snippet: None,
        })
    } else {
        None
    };
    Judgement {
        parts: vec![installs, base],
        looked_at: vec![
            "Dockerfile".to_owned(),
            ".devcontainer/".to_owned(),
            "*.def".to_owned(),
            "flake.nix".to_owned(),
        ],
        fix,
        ..Judgement::default()
    }
}

/// Images that bring the frameworks along need no further installation.
fn installs(container: &Container) -> bool {
    const FRAMEWORKS: [&str; 8] =
        ["pytorch", "tensorflow", "jax", "jupyter/", "kaggle", "rocker/", "huggingface", "mxnet"];
    !container.installs.is_empty()
        || container.bases.iter().any(|base| FRAMEWORKS.iter().any(|framework| base.0.contains(framework)))
}

fn missing(facts: &Facts, found: &[Container]) -> Fix {
    if let Some(container) = found.first() {
        return Fix {
            summary: format!(
                "{} installs nothing that the code needs; let it install the dependencies",
                container.path
            ),
            snippet: None,
        };
    }
    let has = |name: &str| facts.tree.has_file(&facts.at_root(name));
    let steps = if has("uv.lock") {
        "COPY pyproject.toml uv.lock ./\nRUN pip install uv && uv sync --frozen\n"
    } else if has("requirements.txt") {
        "COPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n"
    } else if has("environment.yml") {
        "COPY environment.yml .\nRUN conda env update -n base -f environment.yml\n"
    } else if has("setup.py") || has("pyproject.toml") {
        "COPY . .\nRUN pip install --no-cache-dir .\n"
    } else {
        "RUN pip install --no-cache-dir <packages>\n"
    };
    let base = if steps.contains("conda") { "continuumio/miniconda3:24.9.2-0" } else { "python:3.11.9-slim" };
    let copy = if steps.starts_with("COPY . .") { "" } else { "COPY . .\n" };
    Fix {
        summary: "Add a Dockerfile that installs what the code needs".to_owned(),
        snippet: Some(Snippet {
            path: facts.at_root("Dockerfile"),
            body: format!("FROM {base}\nWORKDIR /app\n{steps}{copy}"),
            new_file: true,
        }),
    }
}
