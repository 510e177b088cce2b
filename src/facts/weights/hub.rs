//! Ids and pages of model hubs, told apart from those of foundations that others trained.

use super::documents::{MODELS_TITLE, leads_to_files};
use super::words::{NO_OFFER, offers_weights, says};
use super::{Release, Weights};
use crate::facts::document::{Block, BlockKind, Lines};
use crate::facts::{Document, Facts};
use crate::pattern::Pattern;

/// Whether an address is that of a model on the hub which bears one of the repository's own names.
pub(super) fn is_own_hub_page(target: &str, own: &[String]) -> bool {
    leads_to_files(target) && !is_foundation(target) && bears_own_name(target, own)
}

/// Whether the name of a model on the hub bears one of the repository's own names.
pub(super) fn bears_own_name(target: &str, own: &[String]) -> bool {
    const LEAST: usize = 4;
    let lower = target.to_ascii_lowercase();
    let id =
        ["huggingface.co/", "hf.co/"].iter().find_map(|hub| lower.split_once(hub)).map_or("", |(_, id)| id);
    let name = plain(id.split(['/', '?', '#']).nth(1).unwrap_or_default());
    !name.is_empty() && own.iter().any(|own| own.len() >= LEAST && name.contains(plain(own).as_str()))
}

/// A name without what stands between its words: a package's underscores are a model's hyphens.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, '-' | '_' | '.')).collect()
}

/// Whether an address on a hub is that of a maker of models that others start from.
pub(super) fn is_foundation(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    ["huggingface.co/", "hf.co/"].iter().any(|hub| {
        lower.split_once(hub).is_some_and(|(_, id)| FOUNDATIONS.iter().any(|known| id.starts_with(known)))
    })
}

/// Makers of models that others start from.
pub(super) const FOUNDATIONS: &[&str] = &[
    "bert-",
    "roberta",
    "distilbert",
    "gpt2",
    "t5-",
    "google",
    "google-bert",
    "facebook",
    "meta-llama",
    "mistralai",
    "eleutherai",
    "stabilityai",
    "runwayml",
    "compvis",
    "huggyllama",
    "microsoft",
    "salesforce",
    "openai",
    "qwen",
    "deepseek-ai",
    "tiiuae",
    "bigscience",
    "lmsys",
    "decapoda-research",
    "sentence-transformers",
    "timm",
    "black-forest-labs",
    "xlm-",
    "albert-",
    "xlnet-",
    "laion",
    "allenai",
    "nvidia",
];

/// Hub ids that a document's code loads and that bear a name of the repository's own.
pub(super) fn hub_ids(facts: &Facts, document: &Document) -> Vec<Weights> {
    static LOAD: Pattern = Pattern::text(
        r#"(?:from_pretrained|hf_hub_download|snapshot_download|hub\.load|hub\.KerasLayer|pipeline|load_model)\(\s*(?:[a-z_]+\s*=\s*)?["']([\w.-]+/[\w./:-]+)["']"#,
    );
    let own = own_names(facts, document);
    let is_offered = |block: &Block| {
        let title = document.title_over(block.section);
        (offers_weights(title) || says(&MODELS_TITLE, title)) && !says(&NO_OFFER, title)
    };
    let mut found = Vec::new();
    for block in document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Code { .. })) {
        let Some(load) = LOAD.within(&block.text) else { continue };
        for (offset, line) in block.text.lines().enumerate() {
            for id in load.captures_iter(line).filter_map(|found| found.get(1)) {
                let lower = id.as_str().to_ascii_lowercase();
                let maker_is_known = FOUNDATIONS.iter().any(|known| lower.starts_with(known));
                let bears_own_name = own.iter().any(|name| lower.contains(name.as_str()));
                if bears_own_name || (!maker_is_known && (own.is_empty() || is_offered(block))) {
                    found.push(Weights {
                        release: Release::Hub,
                        path: document.path.clone(),
                        lines: Lines::at(block.lines.first + offset as u32 + 1),
                        target: id.as_str().to_owned(),
                    });
                }
            }
        }
    }
    found
}

/// Rare words of the document's first title, and the packages in the tree.
pub(super) fn own_names(facts: &Facts, document: &Document) -> Vec<String> {
    let mut names = rare_words_of_title(document);
    names.extend_from_slice(facts.packages.get_or_init(|| packages(facts)));
    names
}

/// Rare names of the packages in the tree.
fn packages(facts: &Facts) -> Vec<String> {
    let paths = facts.tree.entries().iter().filter_map(|entry| entry.path.strip_suffix("/__init__.py"));
    let names = paths.filter(|path| !path.contains('/')).map(str::to_ascii_lowercase);
    names.filter(|name| is_rare(name)).collect()
}

/// Rare words of the README's first title, and the name that the project is installed by.
pub(super) fn project_names(facts: &Facts) -> Vec<String> {
    let readme = facts.readme.as_ref().and_then(|readme| facts.document(readme));
    let mut names = readme.map(rare_words_of_title).unwrap_or_default();
    let manifests = ["pyproject.toml", "setup.py", "setup.cfg"]
        .iter()
        .filter_map(|name| facts.files.get(&facts.at_root(name)));
    for file in manifests {
        let name = file.text.lines().find_map(|line| {
            let value = line.trim_start().strip_prefix("name")?.trim_start().strip_prefix('=')?;
            let value = value.trim().trim_end_matches(',');
            Some(value.trim_matches(|c| matches!(c, '"' | '\'')).to_ascii_lowercase())
        });
        names.extend(name.filter(|name| is_rare(name)));
    }
    names
}

fn rare_words_of_title(document: &Document) -> Vec<String> {
    let words = document.first_title().split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase);
    words.filter(|word| is_rare(word)).collect()
}

/// Whether a word may tell one project from others.
fn is_rare(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "neurips",
        "icml",
        "iclr",
        "pytorch",
        "tensorflow",
        "official",
        "implementation",
        "model",
        "models",
        "learning",
        "network",
        "networks",
        "paper",
        "code",
        "with",
        "from",
        "image",
        "language",
        "large",
        "data",
        "deep",
        "neural",
        "transformer",
        "transformers",
        "training",
        "generation",
    ];
    word.len() >= 3 && word.chars().any(|c| c.is_ascii_alphabetic()) && !COMMON.contains(&word)
}
