//! What people and programs see of a report: one pure function and one file each.

pub mod json;
