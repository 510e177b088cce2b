//! Which documents of a project are recipes.

use crate::facts::{Document, Facts, FileFacts, Markup, Recipe, plan, tree};
use foldhash::HashSet;

/// Documents that every repository has and that say nothing about training.
const ASIDES: [&str; 12] = [
    "license",
    "licence",
    "copying",
    "contributing",
    "code_of_conduct",
    "changelog",
    "changes",
    "history",
    "authors",
    "security",
    "citation",
    "notice",
];

impl Facts {
    /// The documents that are judged as training recipes: those that `globs` name, else files named like recipes or
    /// model cards and documents under `recipes/`, else the README together with the documents that it leads to, else
    /// the only document there is. Where there is no document at all, an empty one stands for the README that is missing.
    pub fn recipes(&self, globs: &[String]) -> Vec<Recipe<'_>> {
        if !globs.is_empty() {
            let globs: Vec<_> = globs
                .iter()
                .filter_map(|glob| globset::Glob::new(glob).ok())
                .map(|glob| glob.compile_matcher())
                .collect();
            let named = self
                .files
                .iter()
                .filter(|(path, _)| globs.iter().any(|glob| glob.is_match(self.within_project(path))));
            return named.filter_map(|(_, file)| alone(file)).collect();
        }
        let named: Vec<_> = self
            .files
            .iter()
            .filter(|(path, file)| {
                file.document.is_some() && is_named_like_a_recipe(self.within_project(path))
            })
            .filter_map(|(_, file)| alone(file))
            .collect();
        if !named.is_empty() {
            return named;
        }
        let readme = self.readme.as_ref().and_then(|path| self.files.get(path));
        if let Some(mut recipe) = readme.and_then(|file| alone(file)) {
            recipe.files.extend(self.continuations(recipe.document));
            return vec![recipe];
        }
        let is_own = |path: &str| !plan::is_vendored(self.within_project(path));
        let mut documents = self.files.values().filter(|file| file.document.is_some() && is_own(&file.path));
        // One that could not be read is another one all the same.
        let is_document =
            |path: &str| matches!(plan::Kind::of(path), plan::Kind::Document(_)) && is_own(path);
        let unread = self.unread.iter().find(|file| file.path == self.root || is_document(&file.path));
        match (documents.next().and_then(|file| alone(file)), documents.next(), unread) {
            (Some(recipe), None, None) => vec![recipe],
            _ => alone(self.absent_readme()).into_iter().collect(),
        }
    }

    /// The documents of the tree that `document` links to, in order.
    fn continuations(&self, document: &Document) -> Vec<&FileFacts> {
        let mut seen = HashSet::from_iter([document.path.clone()]);
        let mut found = Vec::new();
        for link in document.links.iter().filter(|link| !link.image) {
            let Some(path) = tree::resolve(&document.path, &link.target) else { continue };
            let candidates = [
                path.clone(),
                format!("{path}/README.md"),
                format!("{path}/readme.md"),
                format!("{path}/README.rst"),
            ];
            let file = candidates
                .iter()
                .find_map(|path| self.files.get(path).filter(|file| file.document.is_some()));
            let Some(file) = file else { continue };
            let stem = file.path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
            let is_text = file.document.as_ref().is_some_and(|document| document.markup != Markup::Plain);
            if is_text
                && !ASIDES.contains(&stem.to_ascii_lowercase().as_str())
                && seen.insert(file.path.clone())
            {
                found.push(file.as_ref());
            }
        }
        found
    }
}

fn alone(file: &FileFacts) -> Option<Recipe<'_>> {
    let document = file.document.as_ref()?;
    Some(Recipe { document, text: &file.text, files: vec![file], production: false })
}

/// Whether a path is that of a recipe or a model card: `recipe_lstm.md`, `MODEL_CARD.md`, `recipes/asr/README.md`.
fn is_named_like_a_recipe(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", lower.as_str()));
    let Some((stem, "md" | "markdown" | "rst" | "mdx")) = name.rsplit_once('.') else { return false };
    let mut folders = folder.split('/');
    if folders.clone().any(|folder| {
        matches!(
            folder,
            "third_party" | "thirdparty" | "vendor" | "external" | "node_modules" | "tests" | "test"
        )
    }) || ASIDES.contains(&stem)
    {
        return false;
    }
    let words: Vec<&str> = stem.split(['_', '-', '.', ' ']).collect();
    let joined = words.concat();
    words.iter().any(|word| matches!(*word, "recipe" | "recipes"))
        || joined.contains("modelcard")
        || folders.any(|folder| folder == "recipes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    fn found(files: &[(&str, &str)], globs: &[&str]) -> Vec<Vec<String>> {
        let snapshot = Snapshot::from_files(files.iter().copied());
        let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
        let globs: Vec<String> = globs.iter().map(|&glob| glob.to_owned()).collect();
        let paths = |recipe: Recipe<'_>| recipe.files.iter().map(|file| file.path.clone()).collect();
        facts.recipes(&globs).into_iter().map(paths).collect()
    }

    #[test]
    fn recipes_are_found_by_policy_then_by_name_then_by_the_readme() {
        let files = [
            ("README.md", "[training](docs/training.md) [l](LICENSE.md)"),
            ("docs/training.md", "x"),
            ("docs/other.md", "y"),
            ("LICENSE.md", "z"),
        ];
        assert_eq!(found(&files, &["docs/*.md"]), [vec!["docs/other.md"], vec!["docs/training.md"]]);
        assert_eq!(found(&files, &[]), [vec!["README.md", "docs/training.md"]]);
        let named = [
            ("README.md", "r"),
            ("recipe_lstm.md", "a"),
            ("MODEL_CARD.md", "b"),
            ("recipes/asr/README.md", "c"),
            ("receipt.md", "d"),
        ];
        assert_eq!(
            found(&named, &[]),
            [vec!["MODEL_CARD.md"], vec!["recipe_lstm.md"], vec!["recipes/asr/README.md"]]
        );
        assert_eq!(found(&[("notes.md", "n")], &[]), [vec!["notes.md"]]);
        assert_eq!(found(&[("train.py", "x = 1")], &[]), [vec!["README.md"]]);
    }
}
