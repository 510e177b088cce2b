//! A work tree as it stands, uncommitted edits included.

use super::SourceError;
use crate::facts::plan;
use crate::policy::Limits;
use crate::snapshot::{BlobId, Entry, Mode, Snapshot, Text, decode};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Lists the folder, as git would (ignored files left out, hidden ones not), and reads what the plan asks for.
///
/// # Errors
/// [`SourceError::Read`] where the folder itself cannot be listed; a single file that cannot be read is unread.
pub fn snapshot(root: &Path, limits: &Limits) -> Result<Snapshot, SourceError> {
    let metadata =
        std::fs::metadata(root).map_err(|source| SourceError::Read { path: root.to_owned(), source })?;
    if !metadata.is_dir() {
        let source = std::io::Error::new(std::io::ErrorKind::NotADirectory, "not a folder");
        return Err(SourceError::Read { path: root.to_owned(), source });
    }
    let mut entries = Vec::new();
    let walk = ignore::WalkBuilder::new(root)
        .hidden(false)
        .follow_links(false)
        .require_git(false)
        .git_global(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk.filter_map(Result::ok) {
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { continue };
        let Ok(relative) = entry.path().strip_prefix(root) else { continue };
        let Some(path) = relative
            .components()
            .map(|part| part.as_os_str().to_str())
            .collect::<Option<Vec<_>>>()
            .map(|parts| parts.join("/"))
        else {
            continue;
        };
        let Ok(metadata) = entry.metadata() else { continue };
        let mode = if kind.is_symlink() {
            Mode::Symlink
        } else if is_executable(&metadata) {
            Mode::Executable
        } else {
            Mode::File
        };
        entries.push(Entry {
            id: BlobId::new(format!("worktree:{path}")),
            path: Arc::from(path),
            size: Some(metadata.len()),
            mode,
        });
    }
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let plan = plan::plan(&entries, limits);
    let mut texts = HashMap::with_capacity(plan.read.len());
    for wanted in &plan.read {
        let Some(entry) = entries.get(wanted.entry) else { continue };
        let text = match std::fs::read(root.join(&*entry.path)) {
            Ok(bytes) => decode(&bytes),
            Err(error) => Text::Unread(format!("cannot be read: {error}")),
        };
        texts.insert(entry.id.clone(), text);
    }
    for (index, why) in plan.skipped {
        if let Some(entry) = entries.get(index) {
            texts.entry(entry.id.clone()).or_insert(Text::Unread(why));
        }
    }
    Ok(Snapshot { commit: None, entries: Arc::new(entries), texts, incomplete: None })
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_metadata: &std::fs::Metadata) -> bool {
    false
}
