//! The errors that end a run, each with its exit code and with what to do.

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
            Self::Usage(_) | Self::Policy(_) => 2,
            Self::Source(_) | Self::Write { .. } => 3,
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
            Self::Usage(_) | Self::Source(_) | Self::Write { .. } => None,
        }
    }
}
