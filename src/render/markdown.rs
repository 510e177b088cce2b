//! The report as Markdown for a file or a pipe: the comment's text, whole, with nothing folded away.

use super::body::{Detail, Face};
use crate::report::Report;

/// The report as Markdown.
pub fn render(report: &Report) -> String {
    let face = Face { details: &[Detail::WHOLE], most_bytes: usize::MAX, whole_in: None, folds: false };
    super::body::render(report, &face)
}
