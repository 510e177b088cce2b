//! Generated documentation cannot drift: what is on disk is what the source says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

use reprogate::docgen;
use std::path::{Path, PathBuf};

const MEND: &str = "run `UPDATE_DOCS=1 cargo test --test docs` and commit what it writes";

fn wanted() -> Vec<(PathBuf, String)> {
    let mut files: Vec<(PathBuf, String)> =
        docgen::files().into_iter().map(|(path, text)| (PathBuf::from(path), text)).collect();
    for (path, name, piece) in docgen::pieces() {
        let known = files.iter_mut().find(|(known, _)| known == Path::new(path));
        let text = known.as_ref().map_or_else(
            || std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}")),
            |(_, text)| text.clone(),
        );
        let text = docgen::with_piece(&text, name, &piece)
            .unwrap_or_else(|| panic!("{path} has no marker `<!-- generated: {name} -->`"));
        match known {
            Some((_, known)) => *known = text,
            None => files.push((PathBuf::from(path), text)),
        }
    }
    files
}

#[test]
fn generated_docs_are_up_to_date() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut stale = Vec::new();
    for (path, text) in wanted() {
        if std::fs::read_to_string(&path).ok().as_deref() == Some(text.as_str()) {
            continue;
        }
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
        } else {
            stale.push(path.display().to_string());
        }
    }
    assert!(stale.is_empty(), "out of date: {}; {MEND}", stale.join(", "));
}

#[test]
fn no_page_is_left_of_a_rule_that_is_gone() {
    let known: Vec<PathBuf> = wanted().into_iter().map(|(path, _)| path).collect();
    for standard in std::fs::read_dir("docs/rules")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
    {
        for page in std::fs::read_dir(standard).unwrap().map(|entry| entry.unwrap().path()) {
            assert!(known.contains(&page), "{} documents no rule: delete it", page.display());
        }
    }
}

/// Links between our own pages resolve.
#[test]
fn pages_lead_somewhere() {
    let mut pages = vec![PathBuf::from("README.md"), PathBuf::from("CONTRIBUTING.md")];
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    let mut broken = Vec::new();
    for page in pages.iter().filter(|page| page.exists()) {
        let text: std::sync::Arc<str> = std::fs::read_to_string(page).unwrap().into();
        let document = reprogate::facts::markdown::parse(page.to_str().unwrap(), &text);
        for link in document.links {
            let target =
                reprogate::facts::tree::resolve(page.to_str().unwrap(), &link.target).unwrap_or_default();
            if !target.is_empty() && !Path::new(&target).exists() {
                broken.push(format!("{}:{} {}", page.display(), link.line, link.target));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The security page tells limits as they are.
#[test]
fn limits_are_told_as_they_are() {
    let page = std::fs::read_to_string("docs/security.md").unwrap();
    let (timing, links) =
        (reprogate::github::Timing::default(), reprogate::source::online::Bounds::default());
    for row in [
        format!("{} seconds, {} attempts", timing.attempt.as_secs(), timing.attempts),
        format!("limits included | {} seconds |", timing.overall.as_secs()),
        format!("| {}, {} at once, {} redirects |", links.links, links.at_once, links.redirects),
        format!("| {} seconds; {} seconds |", links.each.as_secs(), links.all.as_secs()),
        format!("any port but {} and {}", links.ports[0], links.ports[1]),
    ] {
        assert!(page.contains(&row), "{row}");
    }
}

/// Every test that the security page names exists where it says: functions, and what the tests of the built action are
/// called.
#[test]
fn promises_name_tests_that_exist() {
    let page = std::fs::read_to_string("docs/security.md").unwrap();
    let mut promised = 0;
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let mut names: Vec<&str> = Vec::new();
        for (index, piece) in line.split('`').enumerate() {
            if index % 2 == 1 {
                names.push(piece);
                continue;
            }
            let is_file = |word: &&str| word.ends_with(".rs") || word.ends_with(".test.js");
            let Some(file) = piece.split([' ', ',', '|']).find(is_file) else { continue };
            let source = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
            for name in names.drain(..) {
                let (function, called) = (format!("fn {name}("), format!("(\"{name}\", "));
                // Code that the row speaks of stands before its tests.
                let is_test = file.ends_with(".js") || name.contains('_');
                let wanted = if file.ends_with(".js") { &called } else { &function };
                assert!(!is_test || source.contains(wanted.as_str()), "{file} has no test {name}");
                promised += usize::from(is_test);
            }
        }
    }
    assert!(promised > 80, "{promised}");
}
