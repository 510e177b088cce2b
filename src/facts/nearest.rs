//! What was probably meant: the nearest file, flag or name.

use super::tree::Tree;
use foldhash::HashMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use strsim::osa_distance;

/// Names that are looked for in one search; more are not looked for.
const MOST_LOOKS: usize = 400;
/// Characters of a name that is compared with others.
const LONGEST: usize = 255;
/// Names among which the nearest is looked for.
const MOST_NAMES: usize = 2_000;
/// Files of one name among which the nearest is looked for.
const MOST_OF_A_NAME: usize = 1_000;

/// The nearest of several names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// The name.
    pub name: String,
    /// Whether it is so near, and alone, that it is what was meant.
    pub is_meant: bool,
}

/// The nearest of `names` to `wanted`; `None` where nothing is like it.
pub fn name<'name>(wanted: &str, names: impl IntoIterator<Item = &'name str>) -> Option<Nearest> {
    let plain = |name: &str| name.trim_start_matches('-').replace('-', "_").to_ascii_lowercase();
    let wanted_plain = plain(wanted);
    let length = wanted_plain.chars().count().max(1);
    if length > LONGEST {
        return None;
    }
    let is_short = |name: &&str| *name != wanted && name.len() <= 4 * LONGEST;
    let names: Vec<&str> = names.into_iter().filter(is_short).take(MOST_NAMES).collect();
    let mut short = names.iter().filter(|name| {
        let name = plain(name);
        initials(&name).as_deref() == Some(&wanted_plain) || initials(&wanted_plain) == Some(name)
    });
    if let (Some(name), None) = (short.next(), short.next()) {
        return Some(Nearest { name: (*name).to_owned(), is_meant: true });
    }
    let shape = Shape::of(&wanted_plain);
    let ranked = names.into_iter().filter_map(|name| {
        let plain = plain(name);
        // Half of it may differ before the likeness is chance.
        let may_be_like = shape.may_be_within(Shape::of(&plain), length / 2);
        may_be_like.then(|| (osa_distance(&wanted_plain, &plain), name))
    });
    let mut ranked: Vec<(usize, &str)> = ranked.collect();
    ranked.sort_unstable();
    ranked.dedup();
    let (distance, best) = *ranked.first()?;
    // A fifth, at least one letter, is a slip.
    if distance * 2 > length {
        return None;
    }
    let alone = ranked.get(1).is_none_or(|(second, _)| *second > distance);
    Some(Nearest { name: best.to_owned(), is_meant: alone && distance <= (length / 5).clamp(1, 2) })
}

/// The first letters of a name's words, as `lr` of `learning_rate`; `None` for a single word.
fn initials(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    (words.len() > 1).then(|| words.iter().filter_map(|word| word.chars().next()).collect())
}

/// How long a name is and which characters it has: most names are told apart by that alone.
#[derive(Debug, Clone, Copy)]
struct Shape {
    length: usize,
    /// A bit for each character, by its number modulo 64.
    characters: u64,
}

impl Shape {
    fn of(name: &str) -> Self {
        let start = Self { length: 0, characters: 0 };
        name.chars().fold(start, |shape, character| Self {
            length: shape.length + 1,
            characters: shape.characters | 1 << (u32::from(character) % 64),
        })
    }

    /// Whether two names may be that few edits apart, each of which adds or takes away one character, or does both.
    fn may_be_within(self, other: Self, edits: usize) -> bool {
        self.length.abs_diff(other.length) <= edits
            && (self.characters ^ other.characters).count_ones() as usize <= 2 * edits
    }
}

/// A file name of the tree, with all that bear it.
#[derive(Debug)]
struct Name<'tree> {
    name: &'tree str,
    shape: Shape,
    /// In lower case.
    stem: String,
    stem_shape: Shape,
    /// In lower case.
    extension: String,
    paths: Vec<&'tree str>,
}

/// Looks for what is meant by names that are not there, so often and no further.
#[derive(Debug)]
pub struct Search<'tree> {
    tree: &'tree Tree,
    /// Names that may yet be looked for.
    left: Cell<usize>,
    /// By name.
    names: OnceCell<BTreeMap<&'tree str, Name<'tree>>>,
    /// See [`Search::has_like`].
    like: RefCell<HashMap<String, bool>>,
}

impl<'tree> Search<'tree> {
    /// Looks among the files of `tree`.
    pub fn new(tree: &'tree Tree) -> Self {
        Self { tree, left: Cell::new(MOST_LOOKS), names: OnceCell::new(), like: RefCell::default() }
    }

    /// Counts one more look; `false` where there were enough.
    pub(super) fn goes_on(&self) -> bool {
        let left = self.left.get().checked_sub(1);
        left.is_some_and(|left| {
            self.left.set(left);
            true
        })
    }

    fn names(&self) -> &BTreeMap<&'tree str, Name<'tree>> {
        self.names.get_or_init(|| {
            let mut names: BTreeMap<&str, Name<'_>> = BTreeMap::new();
            for entry in self.tree.entries() {
                let name = entry.path.rsplit('/').next().unwrap_or_default();
                let known = names.entry(name).or_insert_with(|| {
                    let (stem, extension) = split(name);
                    let (shape, stem_shape) = (Shape::of(name), Shape::of(&stem));
                    Name { name, shape, stem, stem_shape, extension, paths: Vec::new() }
                });
                known.paths.push(&entry.path);
            }
            names
        })
    }

    /// The paths of the files that are called so.
    pub(super) fn named(&self, name: &str) -> &[&'tree str] {
        self.names().get(name).map_or(&[], |known| &known.paths)
    }

    /// Whether a file has this name, or all but this: a fifth of it may differ, at least one letter.
    pub(super) fn has_like(&self, name: &str) -> bool {
        if let Some(known) = self.like.borrow().get(name) {
            return *known;
        }
        let (shape, most) = (Shape::of(name), (name.len() / 5).max(1));
        let is_like = match shape.length > LONGEST {
            true => self.names().contains_key(name),
            false => self.names().values().any(|other| {
                shape.may_be_within(other.shape, most) && osa_distance(name, other.name) <= most
            }),
        };
        self.like.borrow_mut().insert(name.to_owned(), is_like);
        is_like
    }

    /// As [`name`], as long as not too much was looked for.
    pub fn name<'name>(&self, wanted: &str, names: impl IntoIterator<Item = &'name str>) -> Option<Nearest> {
        self.goes_on().then(|| name(wanted, names))?
    }

    /// The file of the tree that a missing `written` probably means, from the repository's root; `resolved` is where it
    /// was looked for.
    pub fn file(&self, written: &str, resolved: &str) -> Option<Nearest> {
        let folder_of =
            |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_ascii_lowercase();
        let (stem, extension) = split(resolved.rsplit('/').next().unwrap_or_default());
        let (folder, written_folder) = (folder_of(resolved), folder_of(written));
        let shape = Shape::of(&stem);
        let most = shape.length.max(1) / 2;
        if shape.length > LONGEST || !self.goes_on() {
            return None;
        }
        let mut ranked: Vec<(usize, usize, &str)> = Vec::new();
        for other in self.names().values() {
            let same_kind = other.extension == extension
                || (extension == "yml" && other.extension == "yaml")
                || (extension == "yaml" && other.extension == "yml")
                || extension.is_empty();
            if !same_kind || !shape.may_be_within(other.stem_shape, most) {
                continue;
            }
            let distance = osa_distance(&stem, &other.stem);
            if distance > most {
                continue;
            }
            for path in other.paths.iter().take(MOST_OF_A_NAME) {
                let other_folder = folder_of(path);
                let away = if other_folder == folder {
                    0
                } else if other_folder.ends_with(&written_folder) && !written_folder.is_empty() {
                    1
                } else if folder.len().max(other_folder.len()) > LONGEST {
                    2 + FURTHEST
                } else {
                    2 + osa_distance(&folder, &other_folder).min(FURTHEST)
                };
                ranked.push((distance, away, path));
            }
        }
        ranked.sort_unstable();
        let (distance, away, best) = *ranked.first()?;
        let alone = ranked.get(1).is_none_or(|(second, further, _)| (*second, *further) > (distance, away));
        let only_name = ranked.iter().filter(|(other, _, _)| *other == distance).count() == 1;
        let small = (shape.length / 5).clamp(1, 2);
        let is_meant = alone && (distance == 0 && only_name || distance <= small && away == 0);
        Some(Nearest { name: best.to_owned(), is_meant })
    }
}

/// Edits between two folders beyond which all are equally far.
const FURTHEST: usize = 20;

/// The stem and the extension of a file name, in lower case.
fn split(name: &str) -> (String, String) {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    (stem.to_ascii_lowercase(), extension.to_ascii_lowercase())
}

/// `path` as it is written from the folder `from`.
pub fn relative(from: &str, path: &str) -> String {
    let parts = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (from, to) = (parts(from), parts(path));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let ups = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    ups.chain(to.into_iter().skip(shared)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        let names = ["--batch-size", "--lr", "--epochs"];
        let near = |wanted: &str| name(wanted, names).map(|near| (near.name, near.is_meant));
        assert_eq!(near("--batch_size"), Some(("--batch-size".to_owned(), true)));
        assert_eq!(near("--epoch"), Some(("--epochs".to_owned(), true)));
        assert_eq!(near("--bat-size"), Some(("--batch-size".to_owned(), false)));
        assert_eq!(near("--weight-decay"), None);
        assert_eq!(near("--learning-rate"), Some(("--lr".to_owned(), true)));
        assert_eq!(near("--bs"), Some(("--batch-size".to_owned(), true)));
        assert_eq!(name("--bs", ["--batch-size", "--beam-size"]), None);
    }

    #[test]
    fn paths_are_written_from_where_the_reader_stands() {
        assert_eq!(relative("", "a/b.py"), "a/b.py");
        assert_eq!(relative("a", "a/b.py"), "b.py");
        assert_eq!(relative("a/c", "a/b.py"), "../b.py");
    }
}
