//! The report as html.

use crate::report::Report;

/// The report as html.
pub fn render(report: &Report) -> String {
    format!("{} / 100\n", report.score())
}
