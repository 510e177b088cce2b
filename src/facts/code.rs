//! What is worked out from a project's code as a whole, kept from the first time that it is asked for.

use super::flags::DeclaredFlags;
use super::randomness::EntryPoint;
use foldhash::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

/// Results by what they were asked of. They depend on nothing but the project's Python files: a tree in which those
/// are the same shares them.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// Local files that a module's imports bring in, by the folder of the script that is run and the module's path.
    pub(super) imports: Kept<(String, String), Vec<String>>,
    /// What a script declares, by its path.
    pub(super) flags: Kept<String, DeclaredFlags>,
    /// What an entry point draws and seeds, by its path.
    pub(super) entry_points: Kept<String, EntryPoint>,
}

/// Values that are made once for each key.
#[derive(Debug)]
pub(super) struct Kept<K, V>(Mutex<HashMap<K, Arc<V>>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Kept<K, V> {
    /// The value of `key`, which `make` makes where there is none. Nothing is locked meanwhile: two threads that ask at
    /// once both make it, and the first one is kept.
    pub(super) fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        if let Some(known) = self.0.lock().ok().and_then(|kept| kept.get(&key).cloned()) {
            return known;
        }
        let made = Arc::new(make());
        match self.0.lock() {
            Ok(mut kept) => Arc::clone(kept.entry(key).or_insert(made)),
            Err(_) => made,
        }
    }
}
