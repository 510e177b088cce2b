//! A training recipe.

use super::Context;
use crate::facts::Facts;

/// The guideline's document, filled in from `facts`.
pub fn draft(facts: &Facts, context: &Context<'_>) -> String {
    let _ = facts;
    format!("# Training recipe\n\nCommit: {}\n", context.commit.unwrap_or("TODO"))
}
