//! What documents say must be installed: by command, by list, by sentence.

use super::dependencies;
use super::document::{Block, BlockKind, Document, Lines};
use super::packages::is_well_known;
use crate::pattern::Pattern;

/// A place in a document that names packages to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The packages, in lower case, in order of the text.
    pub packages: Vec<String>,
    /// Where it stands.
    pub lines: Lines,
    /// Whether it is a command that installs them, or else words.
    pub is_command: bool,
}

/// Places that name packages which must be installed; a bare mention in passing is none.
pub fn named(document: &Document) -> Vec<Named> {
    let mut found = Vec::new();
    // Whether what was said last announces a list, and in which section.
    let mut announced: Option<usize> = None;
    let mut asking: Vec<bool> = Vec::new();
    for (index, section) in document.sections.iter().enumerate() {
        // A README's first title is the project's name, which may well be that of an environment.
        let names_project = index == 1 && section.level == 1 && is_readme(&document.path);
        let asks = section.level > 0
            && (asks_outright(&section.title) || !names_project && names_environment(&section.title));
        let above = section.parent.and_then(|parent| asking.get(parent)).copied().unwrap_or(false);
        asking.push(asks || above);
    }
    let asking_strictly: Vec<bool> =
        (0..document.sections.len()).map(|index| asks_for_packages(document.title_over(index))).collect();
    for block in &document.blocks {
        if is_quoted_paper(block) {
            continue;
        }
        let in_asking = asking.get(block.section).copied().unwrap_or(false);
        if let BlockKind::Code { language } = &block.kind {
            // The keys of settings are no packages.
            if matches!(language.as_str(), "json" | "jsonc" | "json5") {
                continue;
            }
            if let Some(installed) = command(&block.text, block.lines.first + 1) {
                found.push(installed);
            } else if in_asking || announced == Some(block.section) || lists_versions(&block.text) {
                let packages = packages(&block.text);
                if !packages.is_empty()
                    && block.lines.last - block.lines.first < 60
                    && !reads_as_code(&block.text)
                {
                    found.push(Named { packages, lines: block.lines, is_command: false });
                }
            }
            continue;
        }
        let packages = packages_in_words(&block.text);
        let names_none = packages.is_empty();
        let says_so = says_required(&block.text);
        let is_item = matches!(block.kind, BlockKind::Item { .. } | BlockKind::Table { .. });
        let is_numbered = block.text.trim_start().starts_with("1)");
        let is_listing = is_item || (packages.len() > 1 || is_numbered) && lists_by_lines(&block.text);
        let is_announced = is_listing && announced == Some(block.section);
        let is_versioned = !packages.is_empty() && has_version(&block.text);
        let counts = in_asking || is_announced || says_so || is_versioned;
        if !packages.is_empty() && counts && (says_so || is_versioned || is_short(block) || is_listing) {
            found.push(Named { packages, lines: block.lines, is_command: false });
        } else if (says_so || is_announced || in_asking)
            && let Some(package) = named_package(&block.text)
                // A package to install may be called as the project is.
                .filter(|name| block.text.contains("nstall") || !is_own_name(document, name))
                .or_else(|| installed_version(&block.text))
                .or_else(|| {
                    let strict = asking_strictly.get(block.section).copied().unwrap_or(false);
                    versioned(&block.text)
                        .or_else(|| compiler(&block.text).filter(|_| is_item || says_so))
                        .filter(|_| strict)
                })
        {
            found.push(Named { packages: vec![package], lines: block.lines, is_command: false });
        }
        let asked = asked_repository(document, block)
            .filter(|_| found.last().is_none_or(|last| last.lines != block.lines));
        if let Some(package) = asked {
            found.push(Named { packages: vec![package], lines: block.lines, is_command: false });
        }
        let addressed = (announced == Some(block.section)).then(|| name_and_address(&block.text)).flatten();
        let goes_on = addressed.is_some();
        if let Some(package) = addressed
            && found.last().is_none_or(|last| last.lines != block.lines)
        {
            found.push(Named { packages: vec![package], lines: block.lines, is_command: false });
        }
        // An item that ends in a colon, or is no more than a title, announces what is indented under it.
        let is_title = || names_none && block.text.split_whitespace().count() <= 4;
        let announces_below = says_so && (block.text.trim_end().ends_with(':') || is_title());
        if !goes_on && (!is_item || announces_below) {
            announced = says_so.then_some(block.section);
        }
        if let Some(installed) = inline_command(&block.text, block.lines.first) {
            found.push(installed);
        }
    }
    for code in &document.inline_code {
        found.extend(command(&code.text, code.line));
    }
    found.sort_by_key(|named| (named.lines, !named.is_command));
    found.dedup();
    found
}

/// Whether a document's first title bears a name: what the project is called is not asked for.
fn is_own_name(document: &Document, name: &str) -> bool {
    words(document.first_title()).any(|word| word == name)
}

/// Whether a document sends its readers into folders: `cd <example>`, `see the README of each folder`.
pub fn sends_into_folders(document: &Document) -> bool {
    static INTO: Pattern = Pattern::new(
        r"(?i)^\s*cd\s+[*<\[{$]|\b(?:go\s+(?:in)?to|see|in|under|of)\b[^.]{0,40}\b(?:folders?|(?:sub)?director(?:y|ies)|subfolders?)\b",
    );
    document.blocks.iter().flat_map(|block| block.text.lines()).any(|line| INTO.is_in(line))
}

/// Whether a text without bullets names one thing a line.
fn lists_by_lines(text: &str) -> bool {
    text.lines().count() > 1
        && text.lines().all(|line| line.len() < 80 && line.split_whitespace().count() < 6)
}

/// Whether a text holds nothing but names with versions, one a line.
fn lists_versions(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    has_version(text)
        && lines.all(|line| {
            (2..=3).contains(&line.split_whitespace().count())
                && line.bytes().any(|byte| byte.is_ascii_digit())
        })
}

/// The name in `Name: https://…`, as toolboxes are listed with the address that they come from.
fn name_and_address(text: &str) -> Option<String> {
    let (name, rest) = text.trim().split_once(':')?;
    let is_address = rest.trim_start().trim_start_matches('<').starts_with("http");
    (is_address && name.len() > 1 && name.len() < 30 && name.split_whitespace().count() == 1)
        .then(|| name.to_lowercase())
}

/// A compiler that has to be installed to build the code.
fn compiler(text: &str) -> Option<String> {
    let names = ["gcc", "g++", "clang", "clang++", "gfortran", "nvcc"];
    text.split(|character: char| character.is_whitespace() || matches!(character, ',' | '(' | ')' | '`'))
        .map(str::to_lowercase)
        .find(|word| names.contains(&word.as_str()))
}

fn is_readme(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("readme"))
}

fn asks_outright(title: &str) -> bool {
    let lower = title.to_lowercase();
    const WORDS: &[&str] = &[
        "requirement",
        "dependenc",
        "prerequisite",
        "pre-requisite",
        "install",
        "set up",
        "set-up",
        "setting up",
        "packages",
        "package version",
        "libraries",
        "getting started",
        "preparation",
        "what you need",
        "software",
        "you need",
    ];
    // An experimental setup is described, not installed.
    let is_setup = lower.contains("setup") && !lower.contains("experiment");
    is_setup || WORDS.iter().any(|word| lower.contains(word)) || misspells_requirements(&lower)
}

/// `Requirments`, `Dependancies`: two letters may be wrong.
fn misspells_requirements(lower: &str) -> bool {
    const MOST: usize = 2;
    lower.split(|character: char| !character.is_alphanumeric()).any(|word| {
        ["requirements", "dependencies", "prerequisites", "installation"].iter().any(|right| {
            word.len().abs_diff(right.len()) <= MOST && strsim::osa_distance(word, right) <= MOST
        })
    })
}

/// Environments are what agents live in, one is what code runs in.
fn names_environment(title: &str) -> bool {
    let lower = title.to_lowercase();
    lower.contains("environment") && !lower.contains("environments")
}

fn asks_for_packages(title: &str) -> bool {
    let lower = title.to_lowercase();
    ["requirement", "dependenc", "prerequisite", "packages", "libraries"]
        .iter()
        .any(|word| lower.contains(word))
}

/// A name with a version, of what is neither a language nor a machine: `SomeLib 1.2`, `somelib>=3`.
fn versioned(text: &str) -> Option<String> {
    const NO_PACKAGES: &[&str] = &[
        "python", "python2", "python3", "r", "julia", "matlab", "java", "lua", "gcc", "g++", "c++", "cuda",
        "cudnn", "ubuntu", "linux", "windows", "macos", "os", "gpu", "gpus", "version", "ram", "nvidia",
        "driver", "ver", "v", "than", "release", "tested", "on", "with", "at", "least", "of", "x", "table",
        "figure", "section", "step", "a", "the", "to", "and", "or", "in", "is", "for", "debian", "centos",
        "mac", "titan", "rtx", "gtx", "tesla",
    ];
    let mut before: Option<String> = None;
    if text.len() > 200 {
        return None;
    }
    for word in text.split(|character: char| {
        character.is_whitespace() || matches!(character, '(' | ')' | ',' | '=' | '>' | '<' | '~' | '`')
    }) {
        let word = word.trim_matches(['.', ':', ';']).to_lowercase();
        if word.is_empty() {
            continue;
        }
        let number = word.trim_start_matches('v');
        let is_version = number.starts_with(|first: char| first.is_ascii_digit())
            && number.contains('.')
            && number
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'*'));
        if is_version && let Some(name) = before.take() {
            let named = name.len() > 1 && name.starts_with(|first: char| first.is_alphabetic());
            if named && !NO_PACKAGES.contains(&name.as_str()) {
                return Some(name);
            }
        }
        before = Some(word);
    }
    None
}

/// The name in `install NAME 1.2` and `assumes NAME 1.2`, of what is neither a language nor a machine.
fn installed_version(text: &str) -> Option<String> {
    let asks = |word: &str| ["install", "assumes"].iter().any(|verb| word.to_lowercase().starts_with(verb));
    let mut pieces = text.split_whitespace().skip_while(|word| !asks(word));
    pieces.next()?;
    let (name, version) = (pieces.next()?, pieces.next()?);
    versioned(&format!("{name} {version}"))
}

/// The repository that a sentence which asks for it leads to.
fn asked_repository(document: &Document, block: &Block) -> Option<String> {
    static ASKS: Pattern = Pattern::new(
        r"(?i)\b(?:you|we)\s+(?:also\s+|will\s+(?:also\s+)?|must\s+)?(?:need|require|install)\b|\b(?:depends|relies)\s+on\b|\bplease\s+install\s+(?:it|them)\b",
    );
    if !ASKS.is_in(&block.text) {
        return None;
    }
    let links = document.links.iter().filter(|link| !link.image && block.lines.contains(link.line));
    links.filter(|link| !link.text.contains(char::is_whitespace)).find_map(|link| {
        let (_, path) = link.target.split_once("github.com/")?;
        let (_, name) = path.trim_end_matches('/').split_once('/').filter(|(_, name)| !name.contains('/'))?;
        let text = link.text.to_lowercase();
        Some(if names_nothing(&text) { name.to_lowercase() } else { text })
    })
}

/// Whether a link's text points and does not name.
fn names_nothing(lower: &str) -> bool {
    lower.len() < 2 || ["here", "this", "link", "repo", "repository", "code"].contains(&lower)
}

/// Whether a sentence asks for what it names.
fn says_required(text: &str) -> bool {
    let mut lower = text.to_lowercase().replace('：', ":");
    if lower.contains("://") {
        // What an address is called asks for nothing.
        lower = lower.split(' ').filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ");
    }
    if lower.starts_with("env:") {
        return true;
    }
    [
        "require",
        "dependenc",
        "depends on",
        "depend on",
        "prerequisite",
        "install",
        "and build ",
        "and compile ",
        "tested with",
        "tested on",
        "tested under",
        "tested using",
        "tested in",
        "need to have",
        "you will need",
        "you'll need",
        "you need",
        "you also need",
        "is needed",
        "are needed",
        "packages",
        "libraries used",
        "environment:",
        "developed with",
        "developed under",
        "developed using",
        "is run on",
        "assumes ",
    ]
    .iter()
    .any(|cue| lower.contains(cue))
        || names_used_versions(&lower)
}

/// `We use python3.7, PyTorch and torchvision`, in lower case: what stands beside a version of the language is used.
fn names_used_versions(lower: &str) -> bool {
    static USED: Pattern = Pattern::new(
        r"\b(?:uses?|using|used|runs? (?:on|with|in|under)|written (?:in|with|for)|implemented (?:in|with|using)|works? (?:with|on|in|under)|based on|built (?:on|with))\s+(?:[a-z]+\s+){0,2}python\s*[23]\.\d[^.]*?(?:,|\band\b|\bwith\b|\+)",
    );
    lower.contains("python") && USED.is_in(lower)
}

fn is_quoted_paper(block: &Block) -> bool {
    let start = block.text.trim_start();
    start.starts_with("@inproceedings") || start.starts_with("@article") || start.starts_with("@misc")
}

fn is_short(block: &Block) -> bool {
    block.text.len() < 300
}

fn reads_as_code(text: &str) -> bool {
    ["import ", "def ", "print(", "return ", "--"].iter().any(|word| text.contains(word))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !(character.is_alphanumeric() || matches!(character, '-' | '_' | '.')))
        .map(|word| word.trim_matches(['.', '-', '_']).to_lowercase())
        .filter(|word| !word.is_empty())
}

/// Known packages and those of Julia among the words, also with a version attached by a hyphen (`tensorflow-1.8`).
fn packages(text: &str) -> Vec<String> {
    let mut found: Vec<String> = julia_packages(text).collect();
    found.dedup();
    for word in words(text) {
        let name = match word.rsplit_once('-') {
            Some((name, version)) if version.starts_with(|first: char| first.is_ascii_digit()) => name,
            _ => &word,
        };
        let name = name.trim_end_matches(|last: char| last.is_ascii_digit() || last == '.');
        for name in [name, word.as_str()] {
            if is_well_known(name) && !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    }
    found
}

/// Known packages among the words of a sentence. Those that are called by a word of the language are meant where the
/// text names another package too, tells a version, or is hardly more than the name.
fn packages_in_words(text: &str) -> Vec<String> {
    const WORDS: &[&str] = &[
        "accelerate",
        "annoy",
        "apex",
        "art",
        "baselines",
        "boost",
        "captum",
        "click",
        "datasets",
        "distributions",
        "evaluate",
        "fire",
        "flux",
        "future",
        "jump",
        "lightning",
        "lime",
        "ninja",
        "ray",
        "requests",
        "robustness",
        "six",
        "slim",
        "sonnet",
        "surprise",
    ];
    const HARDLY_MORE: usize = 3;
    let found = packages(text);
    let is_word = found.iter().all(|name| WORDS.contains(&name.as_str()));
    match is_word && !has_version(text) && text.split_whitespace().count() > HARDLY_MORE {
        true => Vec::new(),
        false => found,
    }
}

/// Julia's packages bear its ending and begin with a capital: `StatsBase.jl`; scripts begin with a small letter.
fn julia_packages(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '.')))
        .filter_map(|word| word.trim_matches('.').strip_suffix(".jl"))
        .filter(|name| name.len() > 1 && name.starts_with(|first: char| first.is_ascii_uppercase()))
        .map(str::to_lowercase)
}

/// Whether a known package is followed by a version: `PyTorch 1.0`, `Keras (2.2.4)`, `torch==1.2`.
fn has_version(text: &str) -> bool {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let mut pieces = text
        .split(|character: char| !(character.is_alphanumeric() || matches!(character, '-' | '_' | '.')))
        .map(|word| word.trim_matches(['.', '-', '_']))
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = pieces.next() {
        let lower = word.to_lowercase();
        let attached = lower.rsplit_once('-').is_some_and(|(name, version)| {
            is_well_known(name) && version.starts_with(|first: char| first.is_ascii_digit())
        });
        // `PyTorch version: 1.7`
        if pieces.peek().is_some_and(|next| next.eq_ignore_ascii_case("version")) && is_well_known(&lower) {
            pieces.next();
        }
        let follows = pieces.peek().is_some_and(|next| {
            let next = next.trim_start_matches(['v', 'V']);
            next.starts_with(|first: char| first.is_ascii_digit()) && next.contains('.')
        });
        if attached || (follows && is_well_known(&lower)) {
            return true;
        }
    }
    false
}

/// The name in `the NAME package`, `NAME toolbox`, `packages: NAME`.
fn named_package(text: &str) -> Option<String> {
    const NO_NAMES: &[&str] = &[
        "the",
        "this",
        "our",
        "a",
        "an",
        "following",
        "required",
        "python",
        "standard",
        "these",
        "those",
        "additional",
        "all",
        "necessary",
        "other",
        "some",
        "your",
        "r",
        "matlab",
        "julia",
        "each",
        "and",
        "or",
        "external",
        "any",
        "needed",
        "of",
        "common",
        "used",
        "new",
        "main",
        "pip",
        "conda",
        "that",
        "for",
        "to",
        "in",
        "as",
        "with",
        "source",
        "open",
        "open-source",
        "third-party",
        "scientific",
        "basic",
        "is",
        "whole",
        "entire",
        "its",
        "learning",
        "software",
        "several",
        "few",
        "via",
        "from",
        "corresponding",
        "related",
        "latest",
        "also",
        "special",
        "same",
        "set-up",
        "setup",
        "installation",
        "environment",
        "dynamic",
        "static",
        "shared",
    ];
    let all: Vec<String> = words(text).collect();
    let at =
        all.iter().position(|word| matches!(word.as_str(), "package" | "toolbox" | "library" | "toolkit"))?;
    let name = all.get(at.checked_sub(1)?)?;
    // MATLAB's toolboxes are called after what is done with them: `Parallel Computing Toolbox`.
    let is_toolbox = all.get(at).is_some_and(|word| word == "toolbox");
    let tells = |name: &str| !NO_NAMES.contains(&name) && !name.ends_with("ed") && !name.ends_with("ing");
    let is_named = tells(name) || is_toolbox && name.ends_with("ing");
    (name.len() > 1 && is_named).then(|| name.clone())
}

fn command(text: &str, first_line: u32) -> Option<Named> {
    let manifest = dependencies::installed_by(text, first_line)?;
    let first = manifest.requirements.first()?.lines.first;
    let last = manifest.requirements.last().map_or(first, |requirement| requirement.lines.last);
    let packages = manifest.requirements.into_iter().map(|requirement| requirement.name).collect();
    Some(Named { packages, lines: Lines::new(first, last), is_command: true })
}

/// `pip install x` within running text.
fn inline_command(text: &str, line: u32) -> Option<Named> {
    let lower = text.to_lowercase();
    let at = ["pip install ", "pip3 install ", "conda install "]
        .iter()
        .filter_map(|verb| lower.find(verb))
        .min()?;
    let rest = text.get(at..)?.lines().next()?;
    command(rest, line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::markdown;
    use std::sync::Arc;

    fn found(text: &str) -> Vec<(u32, String)> {
        let document = markdown::parse("README.md", &Arc::from(text));
        named(&document).into_iter().map(|named| (named.lines.first, named.packages.join(" "))).collect()
    }

    #[test]
    fn asked_for_and_mentioned_are_told_apart() {
        assert_eq!(found("# X\nThis is our PyTorch implementation.\n"), []);
        assert_eq!(found("# X\nTested with Keras (2.2.4).\n"), [(2, "keras".to_owned())]);
        assert_eq!(found("# X\n## Requirements\n- Python 3.6\n- numpy\n"), [(4, "numpy".to_owned())]);
        assert_eq!(found("# X\n## Requirements\nPython 3.12, CUDA 10.1\n"), []);
        assert_eq!(found("# X\n## Requirements\n- Kelpie 1.2\n"), [(3, "kelpie".to_owned())]);
        assert_eq!(
            found("# X\n```\npip install foo -q\npip install -r r.txt\n```\n"),
            [(3, "foo".to_owned())]
        );
        assert_eq!(found("# X\n## Requirements\n- GCC, to build the sources\n"), [(3, "gcc".to_owned())]);
        assert_eq!(found("# X\nPackages needed:\n\n* gym\n"), [(4, "gym".to_owned())]);
        assert_eq!(found("# X\nversion:\n\n    python 3.5+\n    keras 2.2.4\n"), [(4, "keras".to_owned())]);
        assert_eq!(
            found("# X\n1. Prerequisites:\n```\npython3.5, Tensorflow 1.8, numpy\n```\n"),
            [(3, "tensorflow numpy".to_owned())]
        );
        assert_eq!(found("# X\n## Nerves\n1. Install NERVE 7.5 from its page\n"), [(3, "nerve".to_owned())]);
        assert_eq!(found("# X\n* pytorch version: 1.7.1\n"), [(2, "pytorch".to_owned())]);
        assert_eq!(found("# X\nThis is the PyTorch version of it.\n"), []);
        assert_eq!(found("# X\n1. Install Python 3.5 from its page\n"), []);
        assert_eq!(
            found("# X\nYou also need [canon](https://github.com/a/canon), our library.\n"),
            [(2, "canon".to_owned())]
        );
        assert_eq!(found("# X\nWe compare with [canon](https://github.com/a/canon).\n"), []);
        assert_eq!(found("# X\nIt runs:\n\n    keras 2.2.4 is started\n    with 3 workers by hand\n"), []);
    }
}
