//! A git repository at a revision: bare ones too, and partial clones, whose missing blobs are unread.

use super::SourceError;
use crate::facts::links::{Ancestry, PinnedCommit};
use crate::facts::{plan, weights};
use crate::policy::Limits;
use crate::snapshot::{BlobId, Entry, Mode, Snapshot, Text, decode};
use gix::objs::tree::EntryKind;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A repository on disk.
pub struct GitRepository {
    repository: gix::Repository,
    path: PathBuf,
}

impl std::fmt::Debug for GitRepository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GitRepository").field("path", &self.path).finish_non_exhaustive()
    }
}

impl GitRepository {
    /// Opens the repository at `path`, or the one that `path` lies in.
    ///
    /// Its configuration is not obeyed where that could run something or read elsewhere.
    ///
    /// # Errors
    /// [`SourceError::NotARepository`].
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let error = |source: Box<dyn std::error::Error + Send + Sync>| SourceError::NotARepository {
            path: path.to_owned(),
            source,
        };
        let (found, trust) = gix::discover::upwards(path).map_err(|source| error(source.into()))?;
        let options = gix::open::Options::isolated().with(trust);
        let (folder, _) = found.into_repository_and_work_tree_directories();
        let repository = options.open(folder).map_err(|source| error(source.into()))?;
        Ok(Self { repository: repository.into(), path: path.to_owned() })
    }

    /// The commit id that `revision` names.
    ///
    /// # Errors
    /// [`SourceError::UnknownRevision`].
    pub fn resolve(&self, revision: &str) -> Result<String, SourceError> {
        Ok(self.commit(revision)?.id().to_string())
    }

    /// Whether each pinned commit is in this repository, reachable from a branch or a tag. Nothing is fetched.
    pub fn ancestry(&self, pins: &BTreeSet<PinnedCommit>) -> BTreeMap<PinnedCommit, Ancestry> {
        /// Commits that are walked over before giving up.
        const MOST_COMMITS: usize = 200_000;
        let mut answers = BTreeMap::new();
        let mut wanted: HashMap<gix::ObjectId, Vec<&PinnedCommit>> = HashMap::new();
        let remotes = self.remotes();
        let is_shallow = self.repository.is_shallow().unwrap_or(true);
        for pin in pins {
            let is_ours = pin
                .repository
                .as_ref()
                .is_none_or(|name| remotes.iter().any(|remote| remote.eq_ignore_ascii_case(name)));
            let found = self.commit(&pin.id).ok().map(|commit| commit.id().detach());
            match found.filter(|id| id.to_string().starts_with(&pin.id)) {
                Some(id) => wanted.entry(id).or_default().push(pin),
                None => {
                    let answer = if !is_ours {
                        Ancestry::Elsewhere
                    } else if is_shallow {
                        Ancestry::Unknown("this clone is shallow".to_owned())
                    } else {
                        Ancestry::Missing
                    };
                    answers.insert(pin.clone(), answer);
                }
            }
        }
        if wanted.is_empty() {
            return answers;
        }
        let mut settle = |pins: Vec<&PinnedCommit>, answer: &Ancestry| {
            answers.extend(pins.into_iter().map(|pin| (pin.clone(), answer.clone())));
        };
        let mut whole = true;
        match self.repository.rev_walk(self.tips()).all() {
            Ok(walk) => {
                for (count, step) in walk.enumerate() {
                    if wanted.is_empty() {
                        break;
                    }
                    match step {
                        Ok(step) if count < MOST_COMMITS => {
                            if let Some(pins) = wanted.remove(&step.id) {
                                settle(pins, &Ancestry::Reachable);
                            }
                        }
                        _ => {
                            whole = false;
                            break;
                        }
                    }
                }
            }
            Err(_) => whole = false,
        }
        let answer = if whole && !is_shallow {
            Ancestry::Unreachable
        } else {
            Ancestry::Unknown("this clone does not have the whole history".to_owned())
        };
        for pins in wanted.into_values() {
            settle(pins, &answer);
        }
        answers
    }

    /// Commits that branches and tags lead to, and the one that is checked out.
    fn tips(&self) -> Vec<gix::ObjectId> {
        let mut tips: Vec<gix::ObjectId> =
            self.repository.head_id().ok().map(gix::Id::detach).into_iter().collect();
        let Ok(platform) = self.repository.references() else { return tips };
        for prefix in ["refs/heads/", "refs/remotes/", "refs/tags/"] {
            let Ok(references) = platform.prefixed(prefix) else { continue };
            for mut reference in references.filter_map(Result::ok) {
                let Ok(id) = reference.peel_to_id() else { continue };
                let is_commit = self.repository.find_header(id).is_ok_and(|found| found.kind().is_commit());
                if is_commit {
                    tips.push(id.detach());
                }
            }
        }
        tips.sort_unstable();
        tips.dedup();
        tips
    }

    /// `owner/name` of each remote.
    fn remotes(&self) -> Vec<String> {
        let config = self.repository.config_snapshot();
        let names = self.repository.remote_names();
        let urls = names.iter().filter_map(|name| config.string(format!("remote.{name}.url").as_str()));
        urls.filter_map(|url| {
            let url = url.to_string();
            let mut parts = url.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']);
            let name = parts.next()?.to_owned();
            Some(format!("{}/{name}", parts.next()?))
        })
        .collect()
    }

    /// The bytes of the file at `path` in the commit that `revision` names; `None` where there is no such file, or its
    /// blob is not in this clone.
    ///
    /// # Errors
    /// [`SourceError::UnknownRevision`], [`SourceError::Listing`].
    pub fn file(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let error = |source: Box<dyn std::error::Error + Send + Sync>| SourceError::Listing {
            revision: revision.to_owned(),
            path: self.path.clone(),
            source,
        };
        let tree = self.commit(revision)?.tree().map_err(|source| error(source.into()))?;
        let entry = tree.lookup_entry_by_path(path).map_err(|source| error(source.into()))?;
        Ok(entry
            .filter(|entry| entry.mode().is_blob())
            .and_then(|entry| entry.object().ok())
            .map(|object| object.data.clone()))
    }

    fn commit(&self, revision: &str) -> Result<gix::Commit<'_>, SourceError> {
        let error = |source: Box<dyn std::error::Error + Send + Sync>| SourceError::UnknownRevision {
            revision: revision.to_owned(),
            path: self.path.clone(),
            source,
        };
        let id = self.repository.rev_parse_single(revision).map_err(|source| error(source.into()))?;
        id.object()
            .map_err(|source| error(source.into()))?
            .peel_to_commit()
            .map_err(|source| error(source.into()))
    }

    /// Lists the commit that `revision` names and reads what the plan asks for.
    ///
    /// # Errors
    /// [`SourceError::UnknownRevision`], [`SourceError::Listing`].
    pub fn snapshot(&self, revision: &str, limits: &Limits) -> Result<Snapshot, SourceError> {
        let commit = self.commit(revision)?;
        let mut entries = self.list(&commit, revision)?;
        // Asking for a size costs a look into the pack, so only what could be read is asked about, and what could be
        // weights: many of them are as good as all.
        const MOST_WEIGHTS: usize = 200;
        let mut asked = 0;
        for entry in entries.iter_mut().filter(|entry| entry.is_file()) {
            if plan::Kind::of(&entry.path) == plan::Kind::Other {
                if asked == MOST_WEIGHTS || !weights::may_be_weights(&entry.path) {
                    continue;
                }
                asked += 1;
            }
            entry.size = gix::ObjectId::from_hex(entry.id.as_str().as_bytes())
                .ok()
                .and_then(|id| self.repository.find_header(id).ok())
                .map(|header| header.size());
        }
        let plan = plan::plan(&entries, limits);
        let read = plan.read.iter().filter_map(|wanted| entries.get(wanted.entry));
        // Longest first, so that the threads end together.
        let mut wanted: Vec<(Reverse<Option<u64>>, &BlobId)> =
            read.map(|entry| (Reverse(entry.size), &entry.id)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let wanted: Vec<&BlobId> = wanted.into_iter().map(|(_, id)| id).collect();
        let texts = self.read_all(&wanted);
        Ok(Snapshot {
            commit: Some(commit.id().to_string()),
            left: plan.left(&entries),
            entries: Arc::new(entries),
            texts,
            incomplete: None,
        })
    }

    fn list(&self, commit: &gix::Commit<'_>, revision: &str) -> Result<Vec<Entry>, SourceError> {
        let error = |source: Box<dyn std::error::Error + Send + Sync>| SourceError::Listing {
            revision: revision.to_owned(),
            path: self.path.clone(),
            source,
        };
        let tree = commit.tree().map_err(|source| error(source.into()))?;
        let mut entries = Vec::new();
        let mut folders = vec![(String::new(), tree.id().detach())];
        while let Some((prefix, id)) = folders.pop() {
            let tree = self.repository.find_tree(id).map_err(|source| error(source.into()))?;
            for entry in tree.iter() {
                let entry = entry.map_err(|source| error(source.into()))?;
                let name = String::from_utf8_lossy(entry.filename());
                let path = if prefix.is_empty() { name.into_owned() } else { format!("{prefix}/{name}") };
                let mode = match entry.mode().kind() {
                    EntryKind::Tree => {
                        folders.push((path, entry.oid().to_owned()));
                        continue;
                    }
                    EntryKind::Blob => Mode::File,
                    EntryKind::BlobExecutable => Mode::Executable,
                    EntryKind::Link => Mode::Symlink,
                    EntryKind::Commit => Mode::Submodule,
                };
                entries.push(Entry {
                    path: Arc::from(path),
                    size: None,
                    mode,
                    id: BlobId::new(entry.oid().to_string()),
                });
            }
        }
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(entries)
    }

    /// Reads blobs, by two threads where there are many.
    fn read_all(&self, wanted: &[&BlobId]) -> HashMap<BlobId, Text> {
        const FEW: usize = 8;
        let next = AtomicUsize::new(0);
        let work = |repository: &gix::Repository| {
            let ids = std::iter::from_fn(|| wanted.get(next.fetch_add(1, Ordering::Relaxed)));
            ids.map(|id| ((*id).clone(), read(repository, id))).collect::<Vec<_>>()
        };
        let shared = self.repository.clone().into_sync();
        std::thread::scope(|scope| {
            let other = || work(&shared.to_thread_local());
            let thread = std::thread::Builder::new();
            let other = (wanted.len() > FEW).then(|| thread.spawn_scoped(scope, other).ok()).flatten();
            let mut texts: HashMap<BlobId, Text> = work(&self.repository).into_iter().collect();
            match other.map(std::thread::ScopedJoinHandle::join) {
                Some(Ok(others)) => texts.extend(others),
                // Texts that went lost without a word would look like a repository without them.
                Some(Err(panic)) => std::panic::resume_unwind(panic),
                None => {}
            }
            texts
        })
    }
}

fn read(repository: &gix::Repository, id: &BlobId) -> Text {
    let found = gix::ObjectId::from_hex(id.as_str().as_bytes()).map_err(|error| error.to_string());
    match found.and_then(|id| repository.find_object(id).map_err(|error| error.to_string())) {
        Ok(object) => decode(&object.data),
        Err(_) => Text::Unread("the blob is not in this clone".to_owned()),
    }
}
