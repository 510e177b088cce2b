//! The report as markdown.

use crate::report::Report;

/// The report as markdown.
pub fn render(report: &Report) -> String {
    format!("{} / 100\n", report.score())
}
