//! The report as summary.

use crate::report::Report;

/// The report as summary.
pub fn render(report: &Report) -> String {
    format!("{} / 100\n", report.score())
}
