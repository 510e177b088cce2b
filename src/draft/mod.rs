//! Ready-to-paste files, filled in from facts: what the repository shows is written, what it does not is a plain TODO.

pub mod citation;
pub mod policy;
pub mod readme;
pub mod recipe;
pub mod workflow;

/// What a draft takes from outside the facts.
#[derive(Debug, Clone, Copy)]
pub struct Context<'context> {
    /// The commit that the facts are of.
    pub commit: Option<&'context str>,
    /// Today's date, `YYYY-MM-DD`.
    pub today: &'context str,
}
