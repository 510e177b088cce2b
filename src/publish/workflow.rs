//! What the runner takes from a step: workflow commands, the job's summary, outputs, files.

use crate::render::annotations::{Annotation, MOST_OF_A_LEVEL, escaped_data, escaped_property};
use std::hash::{BuildHasher as _, RandomState};
use std::io::Write as _;
use std::path::Path;

/// A summary over 1 MiB is refused whole.
const MOST_SUMMARY_BYTES: usize = (1 << 20) - 4096;

/// The lines of `annotations`, those that GitHub shows of one step.
pub fn commands(annotations: &[Annotation]) -> String {
    let mut text = String::new();
    for (index, annotation) in annotations.iter().enumerate() {
        let before = annotations.iter().take(index).filter(|other| other.level == annotation.level).count();
        if before < MOST_OF_A_LEVEL {
            text.push_str(&annotation.workflow_command());
            text.push('\n');
        }
    }
    text
}

/// A line of the log that also shows on the run's page.
pub fn warning(title: &str, message: &str) -> String {
    format!("::warning title={}::{}\n", escaped_property(title), escaped_data(message))
}

/// Text for a line of the log. The runner also obeys the older `##[command]` anywhere in a line.
pub fn plain(text: &str) -> String {
    let one_line: String = text.chars().map(|shown| if shown.is_control() { ' ' } else { shown }).collect();
    one_line.replace("##[", "## [").replace("::", ": :")
}

/// Outputs as the runner's file takes them. The delimiter is a new one each time, so no value can end itself.
pub fn outputs(values: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in values {
        let random = |salt: u8| RandomState::new().hash_one(salt);
        let delimiter = format!("reprogate-{:016x}{:016x}", random(0), random(1));
        text.push_str(&format!("{name}<<{delimiter}\n{value}\n{delimiter}\n"));
    }
    text
}

/// A summary that the runner takes: cut between lines where it is too long.
pub fn summary(text: &str) -> String {
    if text.len() <= MOST_SUMMARY_BYTES {
        return text.to_owned();
    }
    let mut end = MOST_SUMMARY_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = text.get(..end).unwrap_or_default();
    let kept = kept.rsplit_once('\n').map_or(kept, |(whole, _)| whole);
    format!("{kept}\n\n_Cut here: a summary holds 1 MiB._\n")
}

/// Adds `text` to the end of one of the runner's files.
///
/// # Errors
/// What the system says.
pub fn append(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::annotations::Level;

    #[test]
    fn nothing_in_a_name_or_message_becomes_a_command() {
        let hostile = Annotation {
            level: Level::Error,
            title: "a,b:c\n::warning::".into(),
            message: "50% done\r\n::set-output name=score::100".into(),
            path: Some("x\n::error::,line=3".into()),
            line: Some(4),
            end_line: None,
        };
        assert_eq!(
            hostile.workflow_command() + "\n",
            "::error file=x%0A%3A%3Aerror%3A%3A%2Cline=3,line=4,endLine=4,title=a%2Cb%3Ac%0A%3A%3Awarning%3A%3A\
             ::50%25 done%0D%0A::set-output name=score::100\n"
        );
    }

    #[test]
    fn a_line_of_the_log_is_no_command() {
        assert_eq!(plain("a\n::error::b ##[set-env name=x]"), "a : :error: :b ## [set-env name=x]");
    }

    #[test]
    fn no_more_than_github_shows() {
        let one = |level| Annotation {
            level,
            title: String::new(),
            message: String::new(),
            path: None,
            line: None,
            end_line: None,
        };
        let many: Vec<Annotation> =
            (0..40).map(|number| one(if number % 2 == 0 { Level::Error } else { Level::Warning })).collect();
        assert_eq!(commands(&many).lines().count(), 20);
    }

    #[test]
    fn an_output_cannot_end_itself() {
        let text = outputs(&[("missing", "[]\nreprogate-0\npassed=true".into())]);
        let lines: Vec<&str> = text.lines().collect();
        let delimiter = lines[0].strip_prefix("missing<<").unwrap();
        assert_eq!(lines.iter().filter(|line| **line == delimiter).count(), 1);
        assert_eq!(*lines.last().unwrap(), delimiter);
        assert_ne!(outputs(&[("a", String::new())]), outputs(&[("a", String::new())]));
    }

    #[test]
    fn a_summary_fits() {
        assert!(summary(&"héllo wörld\n".repeat(200_000)).len() <= 1 << 20);
    }
}
