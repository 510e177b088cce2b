//! Prints what a check reads of a revision, a line each: blob id, size, path. The benchmark's floor reads the same.

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use reprogate::facts::plan::plan;
use reprogate::snapshot::Limits;
use reprogate::source::git::GitRepository;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(revision)) = (arguments.next(), arguments.next()) else {
        return Err("usage: planned REPOSITORY REVISION".into());
    };
    let snapshot = GitRepository::open(Path::new(&path))?.snapshot(&revision, &Limits::default())?;
    for wanted in plan(&snapshot.entries, &Limits::default()).read {
        if let Some(entry) = snapshot.entries.get(wanted.entry) {
            println!("{} {} {}", entry.id, entry.size.unwrap_or(0), entry.path);
        }
    }
    Ok(())
}
