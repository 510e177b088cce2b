//! A work tree as it stands, uncommitted edits included.

use super::SourceError;
use crate::facts::plan;
use crate::policy::Limits;
use crate::snapshot::{BlobId, Entry, Mode, Snapshot, Text, decode};
use std::collections::HashMap;
use std::fs::FileType;
use std::path::{Path, PathBuf};
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
    // Names that are no text are shown as near as can be, and found by what they are.
    let mut ill_named: HashMap<String, PathBuf> = HashMap::new();
    let walk = ignore::WalkBuilder::new(root)
        .hidden(false)
        .follow_links(false)
        .require_git(false)
        .git_global(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk.filter_map(Result::ok) {
        // Git knows no pipes and sockets, and reading one may never end.
        let is_ours = |kind: &FileType| kind.is_file() || kind.is_symlink();
        let Some(kind) = entry.file_type().filter(is_ours) else { continue };
        let Ok(relative) = entry.path().strip_prefix(root) else { continue };
        let parts = relative.components().map(|part| part.as_os_str().to_string_lossy());
        let path = parts.collect::<Vec<_>>().join("/");
        let Ok(metadata) = entry.metadata() else { continue };
        let mode = if kind.is_symlink() {
            Mode::Symlink
        } else if is_executable(&metadata) {
            Mode::Executable
        } else {
            Mode::File
        };
        if relative.to_str().is_none() {
            ill_named.insert(path.clone(), entry.path().to_owned());
        }
        entries.push(Entry {
            id: BlobId::new(format!("worktree:{path}")),
            path: Arc::from(path.as_str()),
            size: Some(metadata.len()),
            mode,
        });
    }
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let plan = plan::plan(&entries, limits);
    let mut texts = HashMap::with_capacity(plan.read.len());
    for wanted in &plan.read {
        let Some(entry) = entries.get(wanted.entry) else { continue };
        let file = ill_named.get(&*entry.path).cloned().unwrap_or_else(|| root.join(&*entry.path));
        let text = match std::fs::read(file) {
            Ok(bytes) => decode(&bytes),
            Err(error) => Text::Unread(format!("cannot be read: {error}")),
        };
        texts.insert(entry.id.clone(), text);
    }
    let left = plan.left(&entries);
    Ok(Snapshot { commit: None, entries: Arc::new(entries), texts, left, incomplete: None })
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
