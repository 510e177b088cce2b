//! Versions of packages: what a repository says of them, and how a line pins one.

use super::Facts;
use super::dependencies::{Manifest, Requirement, normalize};
use crate::pattern::Pattern;
use std::collections::BTreeMap;

/// A version that the repository gives of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVersion {
    /// The version, as `1.26.4`.
    pub version: String,
    /// The path of the file that says so.
    pub place: String,
}

/// Versions that anything in the repository gives, by package.
#[derive(Debug, Default)]
pub struct KnownVersions(BTreeMap<String, KnownVersion>);

impl KnownVersions {
    /// What `manifests` pin, by path, and then what the README lists.
    pub fn of<'facts>(
        facts: &'facts Facts,
        manifests: impl IntoIterator<Item = (&'facts str, &'facts Manifest)>,
    ) -> Self {
        let mut known = Self::default();
        for (path, manifest) in manifests {
            for requirement in manifest.requirements.iter().filter(|requirement| requirement.pinned) {
                let version = requirement.version.trim_start_matches('=');
                let version = version.split(['=', ' ', '+']).next().unwrap_or_default();
                if version.starts_with(|first: char| first.is_ascii_digit()) && !version.contains('*') {
                    known.add(&requirement.name, version, path);
                }
            }
        }
        // Many READMEs list the versions that the results were made with.
        static LISTED: Pattern = Pattern::text(
            r"(?i)\b([a-z][a-z0-9_.-]{2,30})\s*(?:==|=|:|\(|version|v)?\s*v?(\d+\.\d+(?:\.\d+)?)\b",
        );
        let readme = facts.readme.as_deref().and_then(|path| facts.document(path));
        for (document, block) in
            readme.iter().flat_map(|&document| document.blocks.iter().map(move |block| (document, block)))
        {
            for found in
                LISTED.within(&block.text).iter().flat_map(|listed| listed.captures_iter(&block.text))
            {
                if let (Some(name), Some(version)) = (found.get(1), found.get(2)) {
                    known.add(&normalize(name.as_str()), version.as_str(), &document.path);
                }
            }
        }
        known
    }

    /// The first word counts.
    fn add(&mut self, name: &str, version: &str, place: &str) {
        self.0
            .entry(same(name).to_owned())
            .or_insert_with(|| KnownVersion { version: version.to_owned(), place: place.to_owned() });
    }

    /// The version of a required package, where the requirement does not rule it out.
    pub fn fitting(&self, requirement: &Requirement) -> Option<&KnownVersion> {
        self.0.get(same(&requirement.name)).filter(|known| allows(&requirement.version, &known.version))
    }
}

/// The names of the same package with pip and with conda.
fn same(name: &str) -> &str {
    match name {
        "torch" | "pytorch" | "pytorch-gpu" => "pytorch",
        "tensorflow-gpu" | "tensorflow-cpu" => "tensorflow",
        "sklearn" => "scikit-learn",
        name => name,
    }
}

/// Whether a lower bound does not speak against a version; other specifiers are not read.
fn allows(specifier: &str, version: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.trim_matches(|c: char| !c.is_ascii_digit())
            .split('.')
            .map_while(|part| part.parse().ok())
            .collect()
    };
    specifier.split(',').all(|bound| {
        let bound = bound.trim();
        if let Some(least) = bound.strip_prefix(">=") {
            numbers(version) >= numbers(least)
        } else if let Some(most) = bound.strip_prefix("<=") {
            numbers(version) <= numbers(most)
        } else if let Some(most) = bound.strip_prefix('<') {
            numbers(version) < numbers(most)
        } else {
            true
        }
    })
}

/// The whole line of a manifest of `tool` with the package pinned to `version`; `None` where it cannot be found in it.
pub fn pin(line: &str, name: &str, version: &str, tool: &str) -> Option<String> {
    if tool == "poetry" || tool == "pipenv" {
        return pin_in_table(line, name, version, if tool == "pipenv" { "==" } else { "" });
    }
    let is_conda = tool == "conda" && line.trim_start().starts_with('-') && !line.contains("==");
    let sign = if is_conda { "=" } else { "==" };
    let begins = |at: usize| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|last| {
            last.is_whitespace() || matches!(last, '"' | '\'' | ',' | ':' | '/' | '[' | '-')
        })
    };
    line.char_indices().filter(|(at, _)| begins(*at)).find_map(|(at, _)| {
        let named = line.get(at..)?;
        let mut end = at + name_at_start(named, name)?;
        if line.get(end..)?.starts_with('[') {
            end += line.get(end..)?.find(']')? + 1;
        }
        let rest = without_specifiers(line.get(end..)?);
        let ends = rest.trim_start().chars().next().is_none_or(|next| ";#\"',])".contains(next));
        ends.then(|| format!("{}{sign}{version}{rest}", line.get(..end).unwrap_or_default()))
    })
}

/// `name = "^1.0"` or `name = { version = "^1.0" }` with another version.
fn pin_in_table(line: &str, name: &str, version: &str, sign: &str) -> Option<String> {
    const QUOTES: [char; 2] = ['"', '\''];
    let key = line.trim_start().trim_start_matches(QUOTES);
    let value = key.get(name_at_start(key, name)?..)?.trim_start_matches(QUOTES);
    let mut value = value.trim_start().strip_prefix('=')?.trim_start();
    if value.starts_with('{') {
        let (_, after) = value.rsplit_once("version")?;
        value = after.trim_start().strip_prefix('=')?.trim_start();
    }
    let written = value.strip_prefix(QUOTES)?;
    let after = written.get(written.find(QUOTES)?..)?;
    let before = line.get(..line.len() - written.len())?;
    Some(format!("{before}{sign}{version}{after}"))
}

/// The length of a package's name at the start of `text`, as people write it: `-`, `_` and `.` are one, and letters have
/// no case.
fn name_at_start(text: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    for (index, piece) in name.split('-').enumerate() {
        if index > 0 {
            let rest = text.get(at..)?;
            let joint = rest.len() - rest.trim_start_matches(['-', '_', '.']).len();
            if joint == 0 {
                return None;
            }
            at += joint;
        }
        text.get(at..at + piece.len()).filter(|written| written.eq_ignore_ascii_case(piece))?;
        at += piece.len();
    }
    Some(at)
}

/// What follows `>=1.0,<2`; the text without blanks before it where it begins with no specifier.
fn without_specifiers(text: &str) -> &str {
    let specifier = |text: &'_ str| -> Option<usize> {
        let rest = text.trim_start();
        let bound = rest.strip_prefix(['<', '>', '=', '!', '~', '^'])?;
        let bound = bound.strip_prefix('=').unwrap_or(bound);
        let bound = bound.strip_prefix('=').unwrap_or(bound).trim_start();
        let is_version = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '*' | '+' | '!' | '-');
        let after = bound.trim_start_matches(is_version);
        (after.len() < bound.len()).then(|| text.len() - after.len())
    };
    let Some(mut end) = specifier(text) else { return text.trim_start() };
    while let Some(rest) = text.get(end..)
        && let Some(next) = rest.trim_start().strip_prefix(',')
        && let Some(length) = specifier(next)
    {
        end = text.len() - next.len() + length;
    }
    text.get(end..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_pinned_in_the_words_of_their_tool() {
        let pinned = |line: &str, name: &str, tool: &str| pin(line, name, "1.2.3", tool);
        assert_eq!(pinned("numpy>=1.0,<2  # fast", "numpy", "pip").as_deref(), Some("numpy==1.2.3  # fast"));
        assert_eq!(pinned("Scikit_Learn", "scikit-learn", "pip").as_deref(), Some("Scikit_Learn==1.2.3"));
        assert_eq!(
            pinned("ray[tune] ; python_version > '3'", "ray", "pip").as_deref(),
            Some("ray[tune]==1.2.3; python_version > '3'")
        );
        assert_eq!(pinned("  - numpy>=1.0", "numpy", "conda").as_deref(), Some("  - numpy=1.2.3"));
        assert_eq!(
            pinned("    \"numpy>=1.0\",", "numpy", "setuptools").as_deref(),
            Some("    \"numpy==1.2.3\",")
        );
        assert_eq!(pinned("numpy = \"^1.0\"", "numpy", "poetry").as_deref(), Some("numpy = \"1.2.3\""));
        assert_eq!(pinned("numpydoc", "numpy", "pip"), None);
        assert_eq!(
            pinned("jax = { extras = [\"tpu\"], version = \"^0.4\" }", "jax", "pipenv").as_deref(),
            Some("jax = { extras = [\"tpu\"], version = \"==1.2.3\" }")
        );
        assert_eq!(
            pinned("größe==1 my-numpy >= 1 , < 2;", "numpy", "pip").as_deref(),
            Some("größe==1 my-numpy==1.2.3;")
        );
        assert_eq!(pinned("numpy >= 1.0 or less", "numpy", "pip"), None);
    }

    #[test]
    fn a_version_out_of_range_is_no_proposal() {
        assert!(allows(">=1.0,<2", "1.26.4"));
        assert!(!allows(">=1.0,<2", "2.0.1"));
        assert!(allows("", "3.0"));
    }
}
