//! What was probably meant: the nearest file, flag or name.

use super::tree::Tree;
use strsim::osa_distance;

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
    let names: Vec<&str> = names.into_iter().filter(|name| *name != wanted).collect();
    let mut short = names.iter().filter(|name| {
        let name = plain(name);
        initials(&name).as_deref() == Some(&wanted_plain) || initials(&wanted_plain) == Some(name)
    });
    if let (Some(name), None) = (short.next(), short.next()) {
        return Some(Nearest { name: (*name).to_owned(), is_meant: true });
    }
    let mut ranked: Vec<(usize, &str)> =
        names.into_iter().map(|name| (osa_distance(&wanted_plain, &plain(name)), name)).collect();
    ranked.sort_unstable();
    ranked.dedup();
    let (distance, best) = *ranked.first()?;
    let length = wanted_plain.chars().count().max(1);
    // Half of it may differ before the likeness is chance; a fifth, at least one letter, is a slip.
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

/// The file of the tree that a missing `written` probably means, from the repository's root; `resolved` is where it was
/// looked for.
pub fn file(tree: &Tree, written: &str, resolved: &str) -> Option<Nearest> {
    let split = |path: &str| -> (String, String, String) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        (folder.to_ascii_lowercase(), stem.to_ascii_lowercase(), extension.to_ascii_lowercase())
    };
    let (folder, stem, extension) = split(resolved);
    let written_folder = split(written).0;
    let mut ranked: Vec<(usize, usize, &str)> = Vec::new();
    for entry in tree.entries() {
        let (other_folder, other_stem, other_extension) = split(&entry.path);
        let same_kind = other_extension == extension
            || (extension == "yml" && other_extension == "yaml")
            || (extension == "yaml" && other_extension == "yml")
            || extension.is_empty();
        if !same_kind {
            continue;
        }
        let distance = osa_distance(&stem, &other_stem);
        if distance * 2 > stem.chars().count().max(1) {
            continue;
        }
        let away = if other_folder == folder {
            0
        } else if other_folder.ends_with(&written_folder) && !written_folder.is_empty() {
            1
        } else {
            2 + osa_distance(&folder, &other_folder).min(20)
        };
        ranked.push((distance, away, &entry.path));
    }
    ranked.sort_unstable();
    let (distance, away, best) = *ranked.first()?;
    let alone = ranked.get(1).is_none_or(|(second, further, _)| (*second, *further) > (distance, away));
    let only_name = ranked.iter().filter(|(other, _, _)| *other == distance).count() == 1;
    let small = (stem.chars().count() / 5).clamp(1, 2);
    let is_meant = alone && (distance == 0 && only_name || distance <= small && away == 0);
    Some(Nearest { name: best.to_owned(), is_meant })
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
