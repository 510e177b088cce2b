//! Where the documents' links lead: into the tree, to a heading, or outside.
//!
//! Outside, and for the commits that documents pin, only questions are collected; a source answers them.

use super::document::{Document, Markup};
use super::{Facts, tree};
use crate::pattern::Pattern;
use foldhash::{HashSet, HashSetExt as _};
use std::collections::{BTreeMap, BTreeSet};

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A path of the tree, from the repository's root, with a heading in it.
    Tree {
        /// The path, `.` and `..` resolved.
        path: String,
        /// What stands after `#`.
        fragment: Option<String>,
    },
    /// A heading of the document itself.
    Here(String),
    /// An address on the web.
    Outside(String),
    /// A mail address, a template, nothing that can be followed.
    Nowhere,
}

/// Where `target`, as written in `document`, leads.
pub fn destination(document: &str, target: &str) -> Destination {
    let target = target.trim();
    let target = target.split_once(" \"").map_or(target, |(target, _)| target).trim_matches(['<', '>']);
    if target.is_empty()
        || target.contains(['{', '}', '$', '<', '>', '|'])
        || target.chars().any(char::is_control)
    {
        return Destination::Nowhere;
    }
    if let Some(fragment) = target.strip_prefix('#') {
        return Destination::Here(fragment.to_owned());
    }
    let lower = target.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Destination::Outside(target.to_owned());
    }
    if let Some(rest) = target.strip_prefix("//") {
        return Destination::Outside(format!("https://{rest}"));
    }
    let scheme = target.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if scheme {
        return Destination::Nowhere;
    }
    let fragment = target.split_once('#').map(|(_, fragment)| fragment.to_owned()).filter(|f| !f.is_empty());
    match tree::resolve(document, target) {
        Some(path) => Destination::Tree { path, fragment },
        None => Destination::Nowhere,
    }
}

/// Whether a document has the anchor that a `#fragment` names, as GitHub shows it.
pub fn has_anchor(document: &Document, fragment: &str) -> bool {
    let plain = |name: &str| name.trim_start_matches("user-content-").to_lowercase();
    let decoded = percent_decoded(fragment);
    let wanted = plain(&decoded);
    if wanted.is_empty() || wanted == "top" || wanted.starts_with(":~:") {
        return true;
    }
    // Lines of a file that is shown as a text.
    let is_line = |text: &str| {
        text.strip_prefix('l').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    if is_line(&wanted) {
        return true;
    }
    let fragments = document.fragments.get_or_init(|| {
        let mut fragments = HashSet::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for anchor in document.anchors.iter().map(|anchor| plain(anchor)) {
            let count = seen.entry(anchor.clone()).or_default();
            if *count > 0 {
                fragments.insert(format!("{anchor}-{count}"));
            }
            *count += 1;
            fragments.insert(anchor);
        }
        fragments
    });
    fragments.contains(&wanted)
}

fn percent_decoded(text: &str) -> String {
    url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
}

/// A commit that a document pins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PinnedCommit {
    /// Its id, whole or shortened, in lower case.
    pub id: String,
    /// `owner/name` of the repository that it is said to be in; `None` where none is named.
    pub repository: Option<String>,
}

/// Where a commit is pinned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// What is pinned.
    pub commit: PinnedCommit,
    /// The document.
    pub document: String,
    /// The line.
    pub line: u32,
}

/// Commits that a document pins: links to one, and ids that the words around call one.
pub fn pins(document: &Document, text: &str) -> Vec<Pin> {
    static LINK: Pattern = Pattern::text(
        r"github\.com/([\w.-]+)/([\w.-]+)/(?:commits?|tree|blob|raw|archive)/([0-9a-fA-F]{7,40})\b",
    );
    static WORDS: Pattern = Pattern::text(
        r"(?i)\b(?:commit|revision|sha|git checkout|git reset --hard|hash)\b[^0-9a-zA-Z\n]{0,12}(?:(?:id|hash|sha)\b[^0-9a-zA-Z\n]{0,8})?([0-9a-f]{7,40})\b",
    );
    if document.markup == Markup::Notebook {
        return Vec::new();
    }
    let mut pins = Vec::new();
    let (links, words) = (LINK.within(text), WORDS.within(text));
    if links.is_none() && words.is_none() {
        return pins;
    }
    for (line, number) in text.lines().zip(1u32..) {
        let mut linked: Vec<(usize, usize)> = Vec::new();
        for found in links.iter().flat_map(|link| link.captures_iter(line)) {
            let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
            if !is_commit_id(part(3)) {
                continue;
            }
            linked.extend(found.get(3).map(|id| (id.start(), id.end())));
            let repository = Some(format!("{}/{}", part(1), part(2).trim_end_matches(".git")));
            let commit = PinnedCommit { id: part(3).to_ascii_lowercase(), repository };
            pins.push(Pin { commit, document: document.path.clone(), line: number });
        }
        // Another repository on the same line may be what the words speak of.
        if memchr::memmem::find(line.as_bytes(), b"://").is_some() {
            continue;
        }
        for id in words.iter().flat_map(|words| words.captures_iter(line)).filter_map(|found| found.get(1)) {
            if is_commit_id(id.as_str()) && !linked.contains(&(id.start(), id.end())) {
                let commit = PinnedCommit { id: id.as_str().to_ascii_lowercase(), repository: None };
                pins.push(Pin { commit, document: document.path.clone(), line: number });
            }
        }
    }
    pins
}

/// Hexadecimal with a letter and a digit: a number or a word is no id.
fn is_commit_id(text: &str) -> bool {
    (7..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (text.len() == 40
            || text.bytes().any(|byte| byte.is_ascii_digit())
                && text.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

/// What only the outside can answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questions {
    /// Addresses on the web, without fragments: are they alive?
    pub links: BTreeSet<String>,
    /// Commits: are they in this repository, reachable from a branch or a tag?
    pub commits: BTreeSet<PinnedCommit>,
}

/// Whether an address leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Liveness {
    /// It answers.
    Alive,
    /// It answers that nothing is there, or its host does not exist; with what it says.
    Dead(String),
    /// It could not be found out, and why: a limit, a timeout, a refusal, an address that is not to be asked.
    Unknown(String),
}

/// Whether a commit belongs to a repository's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ancestry {
    /// Reachable from a branch or a tag.
    Reachable,
    /// It exists, and no branch or tag leads to it.
    Unreachable,
    /// There is no such commit.
    Missing,
    /// The pin names another repository.
    Elsewhere,
    /// It could not be found out, and why.
    Unknown(String),
}

/// What the outside answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// By address, as asked; an address that was not asked has none.
    pub links: BTreeMap<String, Liveness>,
    /// By pin, as asked.
    pub commits: BTreeMap<PinnedCommit, Ancestry>,
}

/// The address without its fragment: what a question is about.
pub fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}

impl Facts {
    /// What the documents raise that only the outside can answer: the links of those that readers are led to, and the
    /// commits that any of them pins.
    pub fn questions(&self) -> Questions {
        let mut questions = Questions::default();
        for document in self.guided.iter().filter_map(|path| self.document(path)) {
            for link in &document.links {
                if let Destination::Outside(address) = destination(&document.path, &link.target) {
                    questions.links.insert(without_fragment(&address).to_owned());
                }
            }
        }
        questions.commits = self.pins().into_iter().map(|pin| pin.commit).collect();
        questions
    }

    /// Whether a pin without a repository's name stands where another repository is cloned or worked in.
    fn speaks_of_another(&self, pin: &Pin) -> bool {
        let Some(document) = self.document(&pin.document) else { return false };
        let section =
            document.sections.iter().rposition(|section| section.lines.first <= pin.line).unwrap_or(0);
        let is_elsewhere = self.commands().iter().any(|command| {
            command.document == pin.document && command.lines.contains(pin.line) && command.folder.is_none()
        });
        is_elsewhere || self.commands.foreign.contains(&(pin.document.clone(), section))
    }

    /// Commits that the documents readers are led to pin, and recipes among the others.
    pub fn pins(&self) -> Vec<Pin> {
        let guided = self.guided.iter().map(String::as_str);
        let recipes = self.recipes(&[]);
        let paths: BTreeSet<&str> =
            guided.chain(recipes.iter().map(|recipe| recipe.document.path.as_str())).collect();
        let files = paths.into_iter().filter_map(|path| self.files.get(path));
        let pins = files.flat_map(|file| file.pins()).cloned();
        pins.filter(|pin| pin.commit.repository.is_some() || !self.speaks_of_another(pin)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::markdown;
    use std::sync::Arc;

    #[test]
    fn destinations() {
        let tree = |path: &str, fragment: Option<&str>| Destination::Tree {
            path: path.to_owned(),
            fragment: fragment.map(str::to_owned),
        };
        assert_eq!(destination("docs/a.md", "../b.md#use"), tree("b.md", Some("use")));
        assert_eq!(destination("a.md", "#use"), Destination::Here("use".to_owned()));
        assert_eq!(destination("a.md", "//x.org/y"), Destination::Outside("https://x.org/y".to_owned()));
        assert_eq!(destination("a.md", "mailto:a@b.c"), Destination::Nowhere);
        assert_eq!(destination("a.md", "{{ url }}"), Destination::Nowhere);
        assert_eq!(destination("a.md", "../../x"), Destination::Nowhere);
    }

    #[test]
    fn anchors_are_those_that_a_reader_is_shown() {
        let text = "# Use it\n## Use it\n# Größe & Maß\n<a name=\"Old\"></a>\n";
        let document = markdown::parse("a.md", &Arc::from(text));
        for fragment in ["use-it", "use-it-1", "Use-It", "gr%C3%B6%C3%9Fe--ma%C3%9F", "old", "top", "L12"] {
            assert!(has_anchor(&document, fragment), "{fragment}: {:?}", document.anchors);
        }
        assert!(!has_anchor(&document, "use-it-2"));
        assert!(!has_anchor(&document, "using"));
    }

    #[test]
    fn pins_are_told_from_numbers_and_words() {
        let text = "Trained at commit `1a2b3c4d`.\nSee https://github.com/a/b/tree/0123456789abcdef0123456789abcdef01234567/x.\ngit checkout deadbeef1\ncommit 2019123 of 1234567\ncommit to defaced\n";
        let document = markdown::parse("a.md", &Arc::from(text));
        let found: Vec<_> = pins(&document, text)
            .into_iter()
            .map(|pin| (pin.line, pin.commit.id, pin.commit.repository))
            .collect();
        assert_eq!(
            found,
            [
                (1, "1a2b3c4d".to_owned(), None),
                (2, "0123456789abcdef0123456789abcdef01234567".to_owned(), Some("a/b".to_owned())),
                (3, "deadbeef1".to_owned(), None),
            ]
        );
    }
}
