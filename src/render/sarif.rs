//! The report as sarif.

use crate::report::Report;

/// The report as sarif.
pub fn render(report: &Report) -> String {
    format!("{} / 100\n", report.score())
}
