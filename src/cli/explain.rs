//! `explain` and `rules`: the catalogue for people at a terminal.

use crate::docgen;
use crate::error::Error;
use crate::policy::nearest;
use crate::rules::{self, Standard};
use std::fmt::Write as _;

/// A rule's documentation.
///
/// # Errors
/// [`Error::Usage`] for a rule that does not exist, with the nearest name.
pub(super) fn explain(id: &str) -> Result<String, Error> {
    let by_name = || rules::all().filter(|rule| rule.name() == id).collect::<Vec<_>>();
    let rule = rules::find(id).or_else(|| match by_name().as_slice() {
        [only] => Some(only),
        _ => None,
    });
    rule.map(docgen::rule_page).ok_or_else(|| {
        let near = nearest(id, rules::all().map(|rule| rule.id));
        let help = near.map_or_else(
            || "`reprogate rules` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Error::Usage(format!("there is no rule `{id}`; {help}"))
    })
}

/// The catalogue, standard by standard.
pub(super) fn catalogue() -> String {
    let widest = rules::all().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for standard in Standard::ALL {
        let source = standard.source();
        let _ = writeln!(
            text,
            "{} ({} points)\n  {}, {}",
            standard.title(),
            standard.weight(),
            source.title,
            source.url
        );
        for rule in rules::all().filter(|rule| rule.standard == standard) {
            let _ = writeln!(text, "  {:widest$}  {:>5.2}  {}", rule.id, rule.weight, rule.summary);
        }
        text.push('\n');
    }
    text.push_str("`reprogate explain RULE` says why a rule matters, what counts and how to mend it.\n");
    text
}
