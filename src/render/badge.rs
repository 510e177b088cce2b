//! The badge: an SVG image, and the JSON that shields.io's endpoint badge reads.

use crate::report::Report;

/// The badge as SVG.
pub fn svg(report: &Report) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title></svg>\n", report.score())
}

/// The badge as endpoint JSON.
pub fn endpoint(report: &Report) -> String {
    format!("{{\"schemaVersion\":1,\"label\":\"reproducibility\",\"message\":\"{}\"}}\n", report.score())
}
