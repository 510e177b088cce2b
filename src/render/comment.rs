//! The comment on a pull request.

use super::body::{Detail, Face, Missing};
use crate::report::Report;

/// Most bytes of a comment.
pub const MOST_BYTES: usize = 60_000;

/// What is cut, in this order, until the comment fits: evidence of what is met; blocks to paste of what does not come
/// first; what is met; long lists; long blocks to paste; all blocks.
const DETAILS: [Detail; 7] = [
    Detail::WHOLE,
    Detail { evidence: 1, ..Detail::WHOLE },
    Detail { evidence: 0, missing: Missing::Sentences, ..Detail::WHOLE },
    Detail {
        evidence: 0,
        missing: Missing::Sentences,
        met: false,
        entries: 60,
        changes: 40,
        ..Detail::WHOLE
    },
    Detail {
        evidence: 0,
        missing: Missing::Sentences,
        met: false,
        entries: 30,
        changes: 20,
        snippet_bytes: 6_000,
        projects: 30,
        characters: 300,
    },
    Detail {
        evidence: 0,
        missing: Missing::Sentences,
        met: false,
        entries: 15,
        changes: 10,
        snippet_bytes: 2_000,
        projects: 20,
        characters: 160,
    },
    Detail {
        evidence: 0,
        missing: Missing::Count,
        met: false,
        entries: 4,
        changes: 3,
        snippet_bytes: 0,
        projects: 10,
        characters: 80,
    },
];

/// The comment's Markdown, at most [`MOST_BYTES`] bytes, without the hidden marker that publishing puts before it.
pub fn render(report: &Report) -> String {
    let face = Face {
        details: &DETAILS,
        most_bytes: MOST_BYTES,
        whole_in: Some("the job summary and the HTML report have all of it"),
        folds: true,
    };
    super::body::render(report, &face)
}
