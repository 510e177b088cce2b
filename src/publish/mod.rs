//! Tells people and programs: a plan, computed from what is wanted and what is there, and then its application.
//!
//! Running twice changes nothing; an older run never overwrites a newer one; what GitHub refuses hides nothing.

mod comment;
mod look;
mod marker;
mod plan;
mod review;
pub mod workflow;

pub use comment::Outcome;
pub use look::{PULL_REQUEST, Place};
pub use marker::{Key, Mark};
pub use plan::{CommentMode, Existing, OwnComment, Plan, Step, Wanted, plan};
pub use review::{DiffLines, OwnThread, RESOLVE, ReviewOutcome, ReviewPlan, ThreadId, diff_lines};

use crate::render::review::InlineNote;
use look::Scope;

impl Place<'_> {
    /// Brings comment and notes to what is wanted; `notes` is `None` where none are to be touched.
    ///
    /// One look serves both. On a head that is not the pull request's any more nothing is noted.
    pub async fn publish(
        &self,
        wanted: &Wanted,
        notes: Option<&[InlineNote]>,
    ) -> (Outcome, Option<ReviewOutcome>) {
        let comments = wanted.mode != CommentMode::Off;
        if !comments && notes.is_none() {
            return (Outcome::Off, None);
        }
        let first = match self.look(Scope { comments, threads: notes.is_some() }).await {
            Ok(first) => first,
            Err(error) if error.is_refusal() => return (Outcome::Refused(error), None),
            Err(error) => return (Outcome::Failed(error), None),
        };
        let (head, threads) = (first.existing.head.clone(), first.threads.clone().unwrap_or_default());
        let current = head.as_str() == wanted.mark.head && first.existing.base_ref == wanted.base_ref;
        let review = async {
            let notes = notes.filter(|_| current)?;
            Some(self.review(&wanted.mark.key, &head, notes, &threads).await)
        };
        futures::join!(self.comment(wanted, first), review)
    }
}
