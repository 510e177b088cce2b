//! Do links lead somewhere?

use super::replacement::replacement;
use crate::facts::ignored::Ignored;
use crate::facts::links::{Destination, Liveness, destination, has_anchor, without_fragment};
use crate::facts::nearest::{self, Nearest, Search};
use crate::facts::{Document, Facts, Lines, Link, Markup};
use crate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Rule, Standard, Theme,
};
use std::collections::BTreeSet;

/// The rule; its source is this project.
pub(super) static RULE: Rule = Rule {
    id: "integrity/links",
    standard: Standard::Integrity,
    title: "Links lead somewhere",
    summary: "Links and pictures into the repository resolve, headings too; with --online, outside links are alive",
    reason: "a link that leads nowhere hides what it was meant to show",
    theme: Theme::Sharing,
    weight: 2.0,
    parts: &[Part { id: "resolve", title: "links that lead somewhere", share: 1 }],
    options: &[],
    docs: include_str!("links.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let ignored = Ignored::new(&facts.files);
    let search = Search::new(&facts.tree);
    let mut findings: Vec<Finding> = Vec::new();
    let mut evidence = Vec::new();
    let mut looked_at = BTreeSet::new();
    let (mut good, mut unknown) = (0usize, BTreeSet::new());
    for document in facts.documents().filter(|document| super::is_own(facts, &document.path)) {
        let before = findings.len();
        let mut seen = BTreeSet::new();
        let mut checked = 0usize;
        for link in document.links.iter().filter(|link| seen.insert((link.target.clone(), link.line))) {
            match look(facts, &ignored, &search, document, link) {
                Some(Ok(())) => checked += 1,
                Some(Err(finding)) => findings.push(*finding),
                None => {
                    if let Some(Liveness::Unknown(why)) = answer(facts, document, link) {
                        unknown.insert(format!("{}: {why}", link.target));
                    }
                }
            }
        }
        good += checked;
        if checked + findings.len() > before {
            looked_at.insert(document.path.clone());
        }
        if checked > 0 && findings.len() == before {
            let note =
                if checked == 1 { "1 link resolves".to_owned() } else { format!("{checked} links resolve") };
            evidence.push(Evidence::new(&document.path, Lines::at(1), note));
        }
    }
    let mut looked_at: Vec<String> = looked_at.into_iter().collect();
    if !unknown.is_empty() {
        looked_at.push(format!("outside links that gave no answer: {}", unknown.len()));
    }
    if good == 0 && findings.is_empty() {
        return Judgement::not_applicable("no document links to a file or heading of this repository");
    }
    let fix = findings.first().map(|first| {
        let more =
            if findings.len() > 1 { format!(", and {} more", findings.len() - 1) } else { String::new() };
        Fix {
            summary: format!("Mend the link to {} in {}{more}", first.key, first.place.path),
            snippet: None,
        }
    });
    Judgement {
        not_applicable: None,
        parts: vec![PartJudgement {
            id: "resolve",
            met: if findings.is_empty() { Met::Yes } else { Met::No },
            credit: good as f64 / (good + findings.len()) as f64,
            evidence,
        }],
        findings,
        looked_at,
        fix,
    }
}

fn answer<'facts>(facts: &'facts Facts, document: &Document, link: &Link) -> Option<&'facts Liveness> {
    match destination(&document.path, &link.target) {
        Destination::Outside(address) => facts.answers.links.get(without_fragment(&address)),
        _ => None,
    }
}

/// Whether a link leads somewhere; `None` where that is not to be told.
fn look(
    facts: &Facts,
    ignored: &Ignored,
    search: &Search<'_>,
    document: &Document,
    link: &Link,
) -> Option<Result<(), Box<Finding>>> {
    let finding = |message: String, note: String, wrong: &str, meant: Option<Nearest>| {
        let replacement = meant
            .filter(|near| near.is_meant)
            .and_then(|near| replacement(facts, &document.path, Lines::at(link.line), wrong, &near.name));
        let place = Evidence::new(&document.path, Lines::at(link.line), note);
        Some(Err(Box::new(Finding { place, message, key: link.target.clone(), replacement })))
    };
    match destination(&document.path, &link.target) {
        Destination::Nowhere => None,
        Destination::Outside(address) => match facts.answers.links.get(without_fragment(&address))? {
            Liveness::Alive => Some(Ok(())),
            Liveness::Unknown(_) => None,
            Liveness::Dead(why) => finding(
                format!("{} links to {address}, which is gone: {why}", document.path),
                "leads nowhere".to_owned(),
                &address,
                None,
            ),
        },
        Destination::Here(fragment) => {
            // Pages that are built by a tool have anchors of their own.
            if document.markup != Markup::Markdown
                || !is_shown_by_github(&document.path)
                || is_numbered(&fragment)
            {
                return None;
            }
            if has_anchor(document, &fragment) {
                return Some(Ok(()));
            }
            let near = search.name(&fragment.to_lowercase(), document.anchors.iter().map(String::as_str));
            let words =
                near.as_ref().map_or_else(String::new, |near| format!("; the nearest is #{}", near.name));
            finding(
                format!("{} links to its heading #{fragment}, which it does not have{words}", document.path),
                "names no heading".to_owned(),
                &fragment,
                near,
            )
        }
        Destination::Tree { path, fragment } => {
            let tree = &facts.tree;
            if tree.in_submodule(&path) {
                return None;
            }
            if tree.has_file(&path) || tree.has_folder(&path) {
                let target = facts.document(&path).filter(|target| target.markup == Markup::Markdown);
                let (Some(fragment), Some(target)) = (fragment, target) else { return Some(Ok(())) };
                if is_numbered(&fragment)
                    || !is_shown_by_github(&document.path)
                    || has_anchor(target, &fragment)
                {
                    return Some(Ok(()));
                }
                let near = search.name(&fragment.to_lowercase(), target.anchors.iter().map(String::as_str));
                let words =
                    near.as_ref().map_or_else(String::new, |near| format!("; the nearest is #{}", near.name));
                return finding(
                    format!(
                        "{} links to #{fragment} of {path}, which has no such heading{words}",
                        document.path
                    ),
                    "names no heading".to_owned(),
                    &fragment,
                    near,
                );
            }
            // What does not look like a path is no link: citations, keys, names of functions.
            let written = link.target.split(['#', '?']).next().unwrap_or_default();
            if !looks_like_path(written, document) || ignored.has(&path) || is_built(facts, document, written)
            {
                return None;
            }
            if exists_under_other_base(facts, document, written) {
                return None;
            }
            let near = search.file(written, &path);
            let from = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let words =
                near.as_ref().map_or_else(String::new, |near| format!("; the nearest file is {}", near.name));
            let meant = near.map(|near| {
                let name = nearest::relative(from, &near.name);
                Nearest { name, is_meant: near.is_meant }
            });
            let what = if link.image { "shows" } else { "links to" };
            finding(
                format!("{} {what} {written}, which is not in the repository{words}", document.path),
                format!("{what} `{written}`"),
                written,
                meant,
            )
        }
    }
}

fn looks_like_path(written: &str, document: &Document) -> bool {
    let name = written.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let has_extension =
        (1..=5).contains(&extension.len()) && extension.chars().all(|c| c.is_ascii_alphanumeric());
    // `www.example.org/x` is an address whose scheme was forgotten.
    let first = written.trim_start_matches("./").split('/').next().unwrap_or_default();
    let is_host =
        first.contains('.') && !written.starts_with('.') && written.contains('/') && link_host(first);
    let plain = !written.chars().any(|c| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '*' | '='));
    plain
        && !is_host
        && !link_host(written)
        && document.markup == Markup::Markdown
        && (has_extension || written.contains('/'))
        && !written.eq_ignore_ascii_case("url")
}

/// Whether a first component names a host.
fn link_host(first: &str) -> bool {
    let last = first.rsplit('.').next().unwrap_or_default();
    first.starts_with("www.")
        || first.contains('.')
            && matches!(
                last,
                "com"
                    | "org"
                    | "net"
                    | "io"
                    | "edu"
                    | "gov"
                    | "ai"
                    | "co"
                    | "uk"
                    | "de"
                    | "fr"
                    | "cn"
                    | "dev"
                    | "app"
            )
}

/// `#1`, `#L10-L20`, `#issuecomment-…`: not headings.
fn is_numbered(fragment: &str) -> bool {
    fragment.chars().all(|c| c.is_ascii_digit())
        || fragment.strip_prefix('L').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        || fragment.contains('=')
        || fragment.starts_with("fn")
}

/// Pages of a documentation generator follow its rules, not GitHub's.
fn is_shown_by_github(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    !path.split('/').any(|part| matches!(part, "docs" | "doc" | "website" | "site" | "_posts" | "blog"))
        || name.starts_with("readme")
}

/// Whether the page is made into another one, where links lead to what is built.
fn is_built(facts: &Facts, document: &Document, written: &str) -> bool {
    let page = [".html", ".htm", ".php", "/"].iter().any(|end| written.ends_with(end));
    let generator = [
        "mkdocs.yml",
        "mkdocs.yaml",
        "_config.yml",
        "docs/_config.yml",
        "docs/conf.py",
        "docs/source/conf.py",
        "conf.py",
        "docusaurus.config.js",
        "website/docusaurus.config.js",
        "docs/index.html",
        "book.toml",
        "_quarto.yml",
    ];
    let is_generated = generator.iter().any(|path| facts.tree.has_file(&facts.at_root(path)));
    is_generated && (page || !is_shown_by_github(&document.path) || written.starts_with('/'))
}

/// Sites resolve some links from their own root.
fn exists_under_other_base(facts: &Facts, document: &Document, written: &str) -> bool {
    let plain = written.trim_start_matches('/').trim_start_matches("./");
    if is_shown_by_github(&document.path) && !written.starts_with('/') {
        return false;
    }
    facts.tree.entries().iter().any(|entry| {
        entry.path.strip_suffix(plain).is_some_and(|before| before.is_empty() || before.ends_with('/'))
    }) || ["", "docs/"].iter().any(|base| {
        let path = format!("{base}{plain}");
        ["", ".md", ".html", "/index.md"].iter().any(|end| facts.tree.has_file(&format!("{path}{end}")))
            || facts.tree.has_folder(path.trim_end_matches('/'))
    })
}
