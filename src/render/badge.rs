//! The badge: an SVG image, and the JSON that an endpoint badge reads.

use super::text;
use crate::report::Report;
use crate::verdict::Decision;
use serde_json::json;

const LABEL: &str = "reproducibility";

/// The badge as SVG, which asks no other file for anything.
pub fn svg(report: &Report) -> String {
    let (message, colour) = (message(report), colour(report));
    let (left, right) = (width(LABEL), width(&message));
    let whole = left + right;
    let (label_at, message_at) = (left / 2, left + right / 2);
    let message = text::html(&message);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" role=\"img\" \
         aria-label=\"{LABEL}: {message}\">\
         <title>{LABEL}: {message}</title>\
         <clipPath id=\"r\"><rect width=\"{whole}\" height=\"20\" rx=\"3\"/></clipPath>\
         <g clip-path=\"url(#r)\"><rect width=\"{left}\" height=\"20\" fill=\"#444\"/>\
         <rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/></g>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" \
         font-size=\"11\"><text x=\"{label_at}\" y=\"14\">{LABEL}</text>\
         <text x=\"{message_at}\" y=\"14\">{message}</text></g></svg>\n"
    )
}

/// The badge as the JSON of an endpoint badge, schema version 1.
pub fn endpoint(report: &Report) -> String {
    let badge =
        json!({"schemaVersion": 1, "label": LABEL, "message": message(report), "color": colour(report)});
    format!("{badge}\n")
}

fn message(report: &Report) -> String {
    format!("{} / 100", super::view::score(report.score(), report.score_at_most()))
}

/// Dark enough for white letters: 4.5 to 1 and more.
fn colour(report: &Report) -> &'static str {
    match (report.decision(), report.score()) {
        (Decision::Failed, _) => "#b3261e",
        (Decision::Undecided, _) => "#6b6b6b",
        (Decision::Passed, score) if score >= 75.0 => "#1a7f37",
        (Decision::Passed, score) if score >= 40.0 => "#7d6200",
        (Decision::Passed, _) => "#a04100",
    }
}

/// Pixels of `text` in 11 px Verdana, with its margins; digits and letters are about 7 wide.
fn width(text: &str) -> usize {
    text.chars()
        .map(|character| if matches!(character, ' ' | '.' | '/' | 'i' | 'l' | 't') { 5 } else { 7 })
        .sum::<usize>()
        + 10
}
