//! Where a commit comes from. Each source lists one commit and reads the planned texts of it.

pub mod git;
pub mod github;
pub mod online;
pub mod worktree;

use std::path::PathBuf;

/// Why a commit could not be read from disk.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The folder is no git repository.
    #[error("{path} is not a git repository")]
    NotARepository {
        /// The folder.
        path: PathBuf,
        /// What the library says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The revision does not name a commit.
    #[error("{revision:?} names no commit in {path}")]
    UnknownRevision {
        /// The revision as given.
        revision: String,
        /// The repository.
        path: PathBuf,
        /// What the library says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A tree object is missing or damaged, so the listing is not to be had.
    #[error("the tree of {revision} cannot be listed in {path}")]
    Listing {
        /// The commit.
        revision: String,
        /// The repository.
        path: PathBuf,
        /// What the library says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file or folder cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}
