//! The comment on a pull request.

use crate::report::Report;

/// Most bytes of a comment.
pub const MOST_BYTES: usize = 60_000;

/// The comment's Markdown, without the hidden marker that publishing puts before it.
pub fn render(report: &Report) -> String {
    format!("## {} / 100\n", report.score())
}
