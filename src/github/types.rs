//! Names and numbers of GitHub, each a type of its own, and the token, which cannot be printed.

use std::fmt;
use std::str::FromStr;

/// Why a text is no such name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not `owner/name`.
    #[error("{0:?} is not a repository: OWNER/NAME was expected")]
    Repository(String),
    /// Not a full commit id.
    #[error("{0:?} is not a commit id: 40 or 64 hexadecimal digits were expected")]
    Commit(String),
    /// Empty, or with characters that no token has. The text itself is left out.
    #[error("the token is empty or holds characters that no token has")]
    Token,
}

/// `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoName {
    owner: String,
    name: String,
}

impl RepoName {
    /// The account that it belongs to.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Its name within the account.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for RepoName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let valid = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.len() <= 100
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        match text.split_once('/') {
            Some((owner, name)) if valid(owner) && valid(name) => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => Err(NameError::Repository(text.chars().take(200).collect())),
        }
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.owner, self.name)
    }
}

/// A whole commit id, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommitSha(String);

impl CommitSha {
    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven digits, as people write it.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }

    /// Whether it is the id of nothing, which pushes use for a branch that did not exist or is gone.
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|byte| byte == b'0')
    }
}

impl FromStr for CommitSha {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let whole = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if whole {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(NameError::Commit(text.chars().take(80).collect()))
        }
    }
}

impl fmt::Display for CommitSha {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A pull request's number within its repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PullRequestNumber(pub u64);

impl fmt::Display for PullRequestNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The number of a comment, of an issue's or of a review's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommentId(pub u64);

impl fmt::Display for CommentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A token. It shows itself to the client alone: `Debug` hides it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The secret itself.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Token {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let token = text.trim();
        if token.is_empty() || token.len() > 4096 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NameError::Token);
        }
        Ok(Self(token.to_owned()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_two_plain_names() {
        assert_eq!("lab/model.pytorch".parse::<RepoName>().unwrap().name(), "model.pytorch");
        for text in ["lab", "lab/", "/model", "lab/a/b", "lab/..", "lab/a b", "lab/a?b", "lab/a%2f", "lab/é"]
        {
            assert!(text.parse::<RepoName>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_token_is_trimmed_and_never_shown() {
        let token: Token = " ghs_secret\n".parse().unwrap();
        assert_eq!(token.reveal(), "ghs_secret");
        assert_eq!(format!("{token:?}"), "Token(***)");
        for text in ["", " \n", "two words", "line\nbreak", "tokén"] {
            let error = text.parse::<Token>().unwrap_err();
            assert!(text.trim().is_empty() || !error.to_string().contains(text.trim()));
        }
    }

    #[test]
    fn commits_are_whole() {
        assert!("0".repeat(40).parse::<CommitSha>().unwrap().is_zero());
        assert_eq!("ABCDEF0123".repeat(4).parse::<CommitSha>().unwrap().short(), "abcdef0");
        for text in ["abc", "HEAD", &"g".repeat(40)] {
            assert!(text.parse::<CommitSha>().is_err(), "{text}");
        }
    }
}
