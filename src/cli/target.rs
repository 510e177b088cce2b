//! What `check` is asked to judge.

use std::path::PathBuf;

/// What `check` is asked to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A folder: a work tree, or a git repository.
    Folder(PathBuf),
    /// One document.
    Document(PathBuf),
    /// A repository on GitHub, at its default branch or at a branch, tag or commit.
    Repository {
        /// `owner/name`.
        repo: String,
        /// A branch, tag or commit.
        reference: Option<String>,
    },
    /// A pull request on GitHub.
    PullRequest {
        /// `owner/name`.
        repo: String,
        /// Its number.
        number: u64,
    },
}

impl Target {
    /// What exists on disk is meant before what could be a name on GitHub.
    ///
    /// # Errors
    /// What was expected, as a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        if path.is_dir() {
            return Ok(Self::Folder(path));
        }
        if path.exists() {
            return Ok(Self::Document(path));
        }
        Self::on_github(text).ok_or_else(|| {
            format!(
                "`{text}` is no file or folder, and no OWNER/REPO, OWNER/REPO@REF or OWNER/REPO#PR either"
            )
        })
    }

    fn on_github(text: &str) -> Option<Self> {
        let is_name = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        let (owner, rest) = text.split_once('/')?;
        let end = rest.find(['@', '#']).unwrap_or(rest.len());
        let (name, suffix) = rest.split_at(end);
        if !is_name(owner) || !is_name(name) {
            return None;
        }
        let repo = format!("{owner}/{name}");
        match suffix.split_at_checked(1) {
            None => Some(Self::Repository { repo, reference: None }),
            Some(("@", reference)) if !reference.is_empty() => {
                Some(Self::Repository { repo, reference: Some(reference.to_owned()) })
            }
            Some(("#", number)) => Some(Self::PullRequest { repo, number: number.parse().ok()? }),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn github_names_are_told_from_typing_errors() {
        let repo = "ana/nets".to_owned();
        assert_eq!(Target::parse("ana/nets"), Ok(Target::Repository { repo: repo.clone(), reference: None }));
        assert_eq!(
            Target::parse("ana/nets@feature/x"),
            Ok(Target::Repository { repo: repo.clone(), reference: Some("feature/x".into()) })
        );
        assert_eq!(Target::parse("ana/nets#12"), Ok(Target::PullRequest { repo, number: 12 }));
        for wrong in [
            "ana",
            "ana/nets#",
            "ana/nets#x",
            "ana/nets@",
            "a b/c",
            "ana/nets/more",
            "../no-such-folder",
            "/nowhere/at-all",
        ] {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Target::parse("src"), Ok(Target::Folder("src".into())));
        assert_eq!(Target::parse("Cargo.toml"), Ok(Target::Document("Cargo.toml".into())));
    }
}
