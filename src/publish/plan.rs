//! What has to be written so that the wanted comment is there once: wanted against existing, as a list of steps.

use super::marker::Mark;
use crate::github::{CommentId, CommitSha};

/// What becomes of the comment of an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CommentMode {
    /// It is updated in place.
    #[default]
    Update,
    /// It stays, and each commit gets a comment of its own.
    New,
    /// No comment is written.
    Off,
}

/// The comment that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its hidden first line.
    pub mark: Mark,
    /// Its Markdown.
    pub text: String,
    /// The branch that the pull request went into when it was judged.
    pub base_ref: String,
    /// What becomes of earlier ones.
    pub mode: CommentMode,
}

/// A comment that we wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnComment {
    /// Its number.
    pub id: CommentId,
    /// Its whole Markdown.
    pub body: String,
    /// Where people see it.
    pub url: String,
}

/// A pull request as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// The commit that it proposes now.
    pub head: CommitSha,
    /// The branch that it goes into now.
    pub base_ref: String,
    /// Comments that we wrote.
    pub comments: Vec<OwnComment>,
    /// Whether those are all of them.
    pub whole: bool,
}

/// One thing to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Write a comment.
    Create,
    /// Write over one.
    Update(CommentId),
    /// Remove one that is there twice.
    Delete(CommentId),
}

/// What has to be written, and what is there afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In this order.
    pub steps: Vec<Step>,
    /// The comment that stays, where there is one already.
    pub stays: Option<OwnComment>,
    /// Why ours is not written, if so.
    pub superseded: Option<String>,
}

/// Compares the comment that is `wanted` with what is `existing`.
///
/// Where there are several, every run chooses the same one to stay: the newest commit's, then the newest run's, then
/// the first. So runs that meet remove the same comments, in whatever order they come.
pub fn plan(wanted: &Wanted, existing: &Existing) -> Plan {
    if wanted.mode == CommentMode::Off {
        return Plan::default();
    }
    let current = existing.head.as_str();
    let rank = |mark: &Mark| (mark.head == current, mark.run);
    let mut own: Vec<(&OwnComment, Mark, &str)> = existing
        .comments
        .iter()
        .filter_map(|comment| {
            let (mark, text) = Mark::read(&comment.body)?;
            Some((comment, mark, text))
        })
        .filter(|(_, mark, _)| mark.key == wanted.mark.key)
        .filter(|(_, mark, _)| {
            wanted.mode == CommentMode::Update
                || (mark.head == wanted.mark.head && mark.base == wanted.mark.base)
        })
        .collect();
    own.sort_by(|(one, one_mark, _), (other, other_mark, _)| {
        rank(other_mark).cmp(&rank(one_mark)).then(one.id.cmp(&other.id))
    });
    let mut plan = Plan::default();
    plan.steps.extend(own.iter().skip(1).map(|(comment, ..)| Step::Delete(comment.id)));
    let first = own.first();
    plan.stays = first.map(|(comment, ..)| (*comment).clone());
    plan.superseded = superseded(wanted, existing, first.map(|(_, mark, _)| mark));
    if plan.superseded.is_some() {
        return plan;
    }
    match first {
        None => plan.steps.insert(0, Step::Create),
        Some((comment, mark, text)) => {
            let same = mark.head == wanted.mark.head
                && mark.base == wanted.mark.base
                && text.trim_end() == wanted.text.trim_end();
            if !same {
                plan.steps.insert(0, Step::Update(comment.id));
            }
        }
    }
    plan
}

fn superseded(wanted: &Wanted, existing: &Existing, there: Option<&Mark>) -> Option<String> {
    if wanted.mark.head != existing.head.as_str() {
        return Some(format!("the pull request has moved on to {}", existing.head.short()));
    }
    if wanted.base_ref != existing.base_ref {
        return Some("the pull request goes into another branch now".to_owned());
    }
    let there = there?;
    (there.head == wanted.mark.head && there.run > wanted.mark.run)
        .then(|| format!("run {} has judged this commit since", there.run.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Run;
    use crate::publish::marker::Key;

    fn sha(digit: char) -> String {
        digit.to_string().repeat(40)
    }

    fn mark(head: char, run: u64) -> Mark {
        Mark {
            key: Key::new("", ""),
            head: sha(head),
            base: Some(sha('b')),
            run: Run { id: run, attempt: 1 },
        }
    }

    fn wanted(head: char, run: u64) -> Wanted {
        Wanted {
            mark: mark(head, run),
            text: format!("verdict on {head}\n"),
            base_ref: "main".into(),
            mode: CommentMode::Update,
        }
    }

    fn comment(id: u64, mark: &Mark, text: &str) -> OwnComment {
        OwnComment { id: CommentId(id), body: format!("{}{text}", mark.line()), url: String::new() }
    }

    fn existing(head: char, comments: Vec<OwnComment>) -> Existing {
        Existing { head: sha(head).parse().unwrap(), base_ref: "main".into(), comments, whole: true }
    }

    #[test]
    fn the_first_run_creates_and_the_second_finds_nothing_to_do() {
        let wanted = wanted('a', 1);
        assert_eq!(plan(&wanted, &existing('a', vec![])).steps, [Step::Create]);
        let there = comment(1, &mark('a', 1), "verdict on a");
        assert_eq!(plan(&wanted, &existing('a', vec![there])).steps, []);
    }

    #[test]
    fn another_run_with_the_same_verdict_changes_nothing() {
        let there = comment(1, &mark('a', 1), "verdict on a\n");
        assert_eq!(plan(&wanted('a', 9), &existing('a', vec![there])).steps, []);
    }

    #[test]
    fn the_same_words_about_another_base_are_marked_anew() {
        let mut mark = mark('a', 1);
        mark.base = Some(sha('d'));
        let there = comment(1, &mark, "verdict on a\n");
        assert_eq!(plan(&wanted('a', 2), &existing('a', vec![there])).steps, [Step::Update(CommentId(1))]);
    }

    #[test]
    fn a_new_commit_updates_in_place() {
        let there = comment(1, &mark('a', 1), "verdict on a\n");
        assert_eq!(plan(&wanted('c', 2), &existing('c', vec![there])).steps, [Step::Update(CommentId(1))]);
    }

    #[test]
    fn an_older_run_never_overwrites() {
        let newer = comment(1, &mark('c', 2), "verdict on c\n");
        let late = plan(&wanted('a', 1), &existing('c', vec![newer.clone()]));
        assert!(late.steps.is_empty() && late.superseded.is_some());
        // The same commit, judged by a later run, e.g. against another base.
        let late = plan(&wanted('c', 1), &existing('c', vec![newer]));
        assert!(late.steps.is_empty() && late.superseded.is_some());
        assert!(plan(&wanted('a', 1), &existing('c', vec![])).steps.is_empty());
    }

    #[test]
    fn a_retargeted_pull_request_waits_for_its_own_run() {
        let mut now = existing('a', vec![]);
        now.base_ref = "next".into();
        assert!(plan(&wanted('a', 1), &now).superseded.is_some());
    }

    #[test]
    fn every_run_keeps_the_same_one_of_two() {
        let (old, new) =
            (comment(5, &mark('a', 1), "verdict on a"), comment(6, &mark('c', 2), "verdict on c"));
        for comments in [vec![old.clone(), new.clone()], vec![new, old]] {
            let one = plan(&wanted('a', 1), &existing('c', comments.clone()));
            let other = plan(&wanted('c', 2), &existing('c', comments));
            assert_eq!(one.steps, [Step::Delete(CommentId(5))]);
            assert_eq!(other.steps, [Step::Delete(CommentId(5))]);
        }
    }

    #[test]
    fn another_gate_is_left_alone() {
        let mut other = mark('a', 7);
        other.key = Key::new("models", "");
        let there = comment(1, &other, "verdict on models");
        assert_eq!(plan(&wanted('a', 1), &existing('a', vec![there])).steps, [Step::Create]);
    }

    #[test]
    fn new_comments_leave_those_of_other_commits() {
        let mut wanted = wanted('c', 2);
        wanted.mode = CommentMode::New;
        let old = comment(1, &mark('a', 1), "verdict on a");
        assert_eq!(plan(&wanted, &existing('c', vec![old.clone()])).steps, [Step::Create]);
        let own = comment(2, &mark('c', 2), "verdict on c");
        assert_eq!(plan(&wanted, &existing('c', vec![old, own])).steps, []);
    }
}
