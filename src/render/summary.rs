//! The job summary: the comment's text, whole.

use super::body::{Detail, Face, Missing};
use crate::report::Report;

/// Most bytes of a job summary; GitHub drops one of more than 1 MiB.
pub const MOST_BYTES: usize = 1_000_000;

const DETAILS: [Detail; 4] = [
    Detail::WHOLE,
    Detail { evidence: 3, ..Detail::WHOLE },
    Detail {
        evidence: 1,
        missing: Missing::Sentences,
        entries: 1_000,
        changes: 500,
        projects: 200,
        ..Detail::WHOLE
    },
    Detail {
        evidence: 0,
        missing: Missing::Sentences,
        met: false,
        entries: 200,
        changes: 100,
        snippet_bytes: 4_000,
        projects: 100,
        characters: 200,
    },
];

/// The job summary's Markdown, at most [`MOST_BYTES`] bytes.
pub fn render(report: &Report) -> String {
    let face = Face {
        details: &DETAILS,
        most_bytes: MOST_BYTES,
        whole_in: Some("the JSON and HTML reports have all of it"),
        folds: true,
    };
    super::body::render(report, &face)
}
