//! The hidden first line of a comment: whose it is, and which run judged which commits.

use crate::event::Run;
use serde::{Deserialize, Serialize};

const OPEN: &str = "<!-- reprogate:";
const CLOSE: &str = " -->";
const LONGEST_KEY: usize = 80;

/// What the first line of a comment holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Tells gates of one repository apart.
    pub key: Key,
    /// The commit that was judged.
    pub head: String,
    /// The commit that it was compared with.
    pub base: Option<String>,
    /// The run that wrote it.
    pub run: Run,
}

/// Tells gates of one repository apart: the project's folder, reduced to characters that cannot end a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

#[derive(Serialize, Deserialize)]
struct Data {
    head: String,
    base: Option<String>,
    run: u64,
    attempt: u64,
}

impl Key {
    /// The key of a gate that is set up for `project` under the policy at `policy`; empty texts are the defaults.
    pub fn new(project: &str, policy: &str) -> Self {
        let plain = |text: &str| -> String {
            text.chars()
                .map(|shown| {
                    let kept = shown.is_ascii_alphanumeric() || matches!(shown, '/' | '.' | '_');
                    if kept { shown } else { '_' }
                })
                .collect()
        };
        let mut key = if project.is_empty() { "root".to_owned() } else { plain(project) };
        if !policy.is_empty() {
            key.push('+');
            key.push_str(&plain(policy));
        }
        // Two names that read the same here are still two.
        if key.len() > LONGEST_KEY || plain(project) != project || plain(policy) != policy {
            let hash =
                format!("{project}\n{policy}").bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
                });
            key.truncate(LONGEST_KEY - 17);
            key.push_str(&format!("+{hash:016x}"));
        }
        Self(key)
    }

    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Mark {
    /// The first line, with its end.
    pub fn line(&self) -> String {
        let Run { id, attempt } = self.run;
        let data = Data { head: self.head.clone(), base: self.base.clone(), run: id, attempt };
        // Ids are hexadecimal and the key is plain, so nothing can end the comment early.
        let data = serde_json::to_string(&data).unwrap_or_default();
        format!("{OPEN}{} {data}{CLOSE}\n", self.key.as_str())
    }

    /// The mark of a comment's `body`, and the text behind it. Only at the very start does it count.
    pub fn read(body: &str) -> Option<(Self, &str)> {
        let (line, text) = body.strip_prefix(OPEN)?.split_once(CLOSE)?;
        let (key, data) = line.split_once(' ')?;
        let data: Data = serde_json::from_str(data).ok()?;
        let run = Run { id: data.run, attempt: data.attempt };
        let text = text.strip_prefix('\r').unwrap_or(text);
        let mark = Self { key: Key(key.to_owned()), head: data.head, base: data.base, run };
        Some((mark, text.strip_prefix('\n').unwrap_or(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_as_it_was_written() {
        let mark = Mark {
            key: Key::new("models/vision", ""),
            head: "a".repeat(40),
            base: None,
            run: Run { id: 5, attempt: 2 },
        };
        let body = format!("{}## 71 / 100\n", mark.line());
        assert_eq!(Mark::read(&body), Some((mark, "## 71 / 100\n")));
    }

    #[test]
    fn only_the_start_of_a_comment_counts() {
        let line =
            Mark { key: Key::new("", ""), head: String::new(), base: None, run: Run::default() }.line();
        assert!(Mark::read(&format!("> {line}")).is_none());
        assert!(Mark::read(&format!("\n{line}")).is_none());
        assert!(Mark::read("<!-- reprogate:root {} -->").is_none());
    }

    #[test]
    fn keys_tell_gates_apart_and_hold_nothing_that_ends_a_comment() {
        let keys = [
            Key::new("", ""),
            Key::new("a", ""),
            Key::new("a", "gate.yml"),
            Key::new("a b", ""),
            Key::new("a-b", ""),
            Key::new("--><img>", ""),
            Key::new(&"x".repeat(500), ""),
            Key::new(&"x".repeat(501), ""),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(
                !key.as_str().contains("--")
                    && !key.as_str().contains(' ')
                    && key.as_str().len() <= LONGEST_KEY
            );
            assert!(!keys.iter().skip(index + 1).any(|other| other == key), "{key:?}");
        }
    }
}
