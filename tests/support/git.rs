//! Git, run on a folder as its users run it.

use std::path::Path;

/// What git prints; a name and a branch are given, so that nothing of this machine's settings matters.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let done = std::process::Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}
