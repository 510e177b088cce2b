//! Documentation beyond the README.

use super::{few, has_code, name};
use crate::facts::Facts;
use crate::facts::tooling::{self, DocumentationKind};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/documentation",
    standard: Standard::Sharing,
    title: "Documentation",
    summary: "Documentation beyond the README explains how to use the code",
    reason: "a README gets people started, and what they do next needs a page of its own",
    theme: Theme::Sharing,
    weight: 1.0,
    parts: &[Part { id: "pages", title: "pages, a site, a wiki or tutorials", share: 1 }],
    options: &[],
    docs: include_str!("documentation.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code to explain");
    }
    let others = facts.foreign();
    let found = tooling::documentation(facts, others);
    // A site's configuration without a page is an empty site.
    let pages = found.iter().any(|found| found.kind != DocumentationKind::Site);
    let evidence = found.iter().map(|found| {
        let note = match found.kind {
            DocumentationKind::Page => "a page on how to use the code",
            DocumentationKind::Site => "a site is built from here",
            DocumentationKind::Tutorial => "a tutorial",
            DocumentationKind::Link => "a link to the documentation",
        };
        Evidence::new(&found.path, found.lines, note)
    });
    let part = PartJudgement::from_evidence("pages", if pages { few(evidence) } else { Vec::new() });
    let fix = (!pages).then(|| {
        let name = name(facts);
        Fix {
            summary: format!("Write down in docs/usage.md how to use {name} beyond what {} shows", facts.readme_path()),
            snippet: Some(Snippet {
                path: facts.at_root("docs/usage.md"),
                body: format!(
                    "# Using {name}\n\n## On your own data\n\nDescribe the files that the code expects, their format, and where to put them.\n\n## Options\n\nDescribe each option of the training and evaluation scripts: what it changes, its default, and when to change it.\n\n## Extending it\n\nDescribe which module to change to add a model, a dataset or a loss.\n"
                ),
                new_file: true,
            }),
        }
    });
    Judgement {
        parts: vec![part],
        looked_at: vec![
            "docs/".to_owned(),
            "tutorials".to_owned(),
            format!("links of {}", facts.readme_path()),
        ],
        fix,
        ..Judgement::default()
    }
}
