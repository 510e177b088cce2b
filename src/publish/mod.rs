//! Tells people and programs: a plan, computed from what is wanted and what is there, and then its application.
//!
//! Running twice changes nothing; an older run never overwrites a newer one; what GitHub refuses hides nothing.

mod comment;
mod marker;
mod plan;
pub mod workflow;

pub use comment::{COMMENTS, Outcome, Place};
pub use marker::{Key, Mark};
pub use plan::{CommentMode, Existing, OwnComment, Plan, Step, Wanted, plan};
