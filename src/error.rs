//! The errors that end a run, each with its exit code and with what to do.

use crate::event::EventError;
use crate::github::GithubError;
use crate::policy::PolicyError;
use crate::source::SourceError;
use std::path::PathBuf;

/// Why a run ended without a verdict.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The arguments do not make sense together.
    #[error("{0}")]
    Usage(String),
    /// The policy is wrong.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The commit could not be read from disk.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The commit could not be read from GitHub.
    #[error(transparent)]
    Github(#[from] GithubError),
    /// What started the run cannot be judged.
    #[error(transparent)]
    Event(#[from] EventError),
    /// A file that decides about the gate is there and cannot be read.
    #[error("{what} cannot be read: {why}")]
    Unreadable {
        /// The file.
        what: String,
        /// Why.
        why: String,
    },
    /// An output could not be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

impl Error {
    /// 2 for usage and policy, 3 for GitHub, network and files.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Policy(_) | Self::Event(_) => 2,
            Self::Source(_) | Self::Github(_) | Self::Unreadable { .. } | Self::Write { .. } => 3,
        }
    }

    /// What to do about it, if something helps.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Source(SourceError::UnknownRevision { .. }) => Some(
                "name a branch, a tag or a commit that this clone has; `git fetch` brings more".to_owned(),
            ),
            Self::Source(SourceError::NotARepository { .. }) => {
                Some("without --rev, any folder can be judged as it stands".to_owned())
            }
            Self::Policy(_) => {
                Some("`reprogate schema policy` prints the schema, which editors understand".to_owned())
            }
            Self::Github(error) => error.help(),
            Self::Event(error) => error.help(),
            Self::Usage(_) | Self::Source(_) | Self::Unreadable { .. } | Self::Write { .. } => None,
        }
    }
}
