//! What people and programs see of a report: one pure function and one file each.

pub mod annotations;
pub mod badge;
mod body;
pub mod comment;
pub mod html;
pub mod json;
pub mod markdown;
pub(crate) mod reference;
pub mod review;
pub mod sarif;
pub mod summary;
pub mod terminal;
pub(crate) mod text;
mod view;
