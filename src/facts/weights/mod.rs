//! Where trained weights of the repository's own models are to be had: files in the tree, links and hub ids in
//! documents, scripts that download them. Third-party backbones, embeddings and data sets are told apart by what is
//! said of them.

mod documents;
mod fetched;
mod files;
mod hub;
mod words;

use crate::facts::document::Lines;
use crate::facts::{Document, Facts, Markup, foreign};
use documents::{NEAR, handed_out, is_page_of_folder, is_read_by_visitors, linked};
use fetched::{
    downloads, fetched_by_commands, fetched_by_named_scripts, passed_to_commands, said_to_come_by_themselves,
};
use files::{files, in_named_folders, unpacked_by_commands};
use hub::{hub_ids, is_own_hub_page, own_names};
use words::has_weight_ending;

/// How weights are released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// A file in the tree.
    File,
    /// A link of a document.
    Link,
    /// An id on a model hub.
    Hub,
    /// Code that downloads them.
    Script,
}

/// A place that leads to weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// How they are released.
    pub release: Release,
    /// The file that shows it.
    pub path: String,
    /// Where in it.
    pub lines: Lines,
    /// The address, path or id that leads to them.
    pub target: String,
}

/// A host of files, and what it means for those who come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host {
    /// What people call it.
    pub name: &'static str,
    /// Whether what is there keeps its version, or says that it changed.
    pub keeps_versions: bool,
}

/// Hosts by a piece of their address.
const HOSTS: &[(&str, Host)] = &[
    ("zenodo.org", Host { name: "Zenodo", keeps_versions: true }),
    ("huggingface.co", Host { name: "Hugging Face Hub", keeps_versions: true }),
    ("hf.co", Host { name: "Hugging Face Hub", keeps_versions: true }),
    ("tfhub.dev", Host { name: "TensorFlow Hub", keeps_versions: true }),
    ("figshare.com", Host { name: "figshare", keeps_versions: true }),
    ("osf.io", Host { name: "OSF", keeps_versions: true }),
    ("releases/download", Host { name: "GitHub Releases", keeps_versions: true }),
    ("/releases", Host { name: "GitHub Releases", keeps_versions: true }),
    ("github.com", Host { name: "GitHub", keeps_versions: true }),
    ("githubusercontent.com", Host { name: "GitHub", keeps_versions: true }),
    ("drive.google.com", Host { name: "Google Drive", keeps_versions: false }),
    ("docs.google.com", Host { name: "Google Drive", keeps_versions: false }),
    ("dropbox.com", Host { name: "Dropbox", keeps_versions: false }),
    ("amazonaws.com", Host { name: "AWS S3", keeps_versions: false }),
    ("storage.googleapis.com", Host { name: "Google Cloud Storage", keeps_versions: false }),
    ("storage.cloud.google.com", Host { name: "Google Cloud Storage", keeps_versions: false }),
    ("blob.core.windows.net", Host { name: "Azure", keeps_versions: false }),
    ("onedrive.live.com", Host { name: "OneDrive", keeps_versions: false }),
    ("1drv.ms", Host { name: "OneDrive", keeps_versions: false }),
    ("sharepoint.com", Host { name: "OneDrive", keeps_versions: false }),
    ("box.com", Host { name: "Box", keeps_versions: false }),
    ("pan.baidu.com", Host { name: "Baidu", keeps_versions: false }),
    ("fbaipublicfiles.com", Host { name: "a content network", keeps_versions: false }),
    ("mega.nz", Host { name: "MEGA", keeps_versions: false }),
    ("modelscope.cn", Host { name: "ModelScope", keeps_versions: true }),
    ("wandb.ai", Host { name: "Weights & Biases", keeps_versions: true }),
    ("gs://", Host { name: "Google Cloud Storage", keeps_versions: false }),
    ("s3://", Host { name: "AWS S3", keeps_versions: false }),
    ("rclone", Host { name: "RClone", keeps_versions: false }),
];

/// The host of an address; a file in the tree is kept by git.
pub fn host(weights: &Weights) -> Option<Host> {
    if weights.release == Release::File {
        return Some(Host { name: "this repository", keeps_versions: true });
    }
    if weights.release == Release::Hub {
        return Some(Host { name: "a model hub", keeps_versions: true });
    }
    host_of(&weights.target)
}

/// The host that an address names.
fn host_of(address: &str) -> Option<Host> {
    let address = address.to_ascii_lowercase();
    HOSTS.iter().find(|(piece, _)| address.contains(piece)).map(|(_, host)| *host)
}

/// Whether a file may hold weights by what its path says, however large it is.
pub fn may_be_weights(path: &str) -> bool {
    files::is_weight_file(path, None)
}

/// Every place that leads to the repository's own weights, files first, then documents, then code.
pub fn released(facts: &Facts) -> Vec<Weights> {
    let is_own = |path: &str| !foreign::holds(facts.foreign(), path);
    let mut found = files(facts);
    found.retain(|weights| is_own(&weights.path));
    // What stands in the README is what a reader would quote.
    let is_readme = |document: &&Document| facts.readme.as_ref() == Some(&document.path);
    let front = facts.documents().filter(is_readme);
    let others = facts.documents().filter(|document| !is_readme(document));
    for document in front.chain(others).filter(|document| is_read_by_visitors(facts, document)) {
        if !foreign::is_own_page(facts, document) {
            continue;
        }
        found.extend(linked(facts, document));
        found.extend(hub_ids(facts, document));
        found.extend(fetched_by_commands(document));
        found.extend(fetched_by_named_scripts(facts, document));
        found.extend(said_to_come_by_themselves(document));
        found.extend(in_named_folders(facts, document));
        found.extend(unpacked_by_commands(facts, document));
    }
    for document in facts.documents().filter(|document| document.markup == Markup::Notebook) {
        if is_own(&document.path) && !is_read_by_visitors(facts, document) {
            found.extend(handed_out(facts, document));
        }
    }
    // Deep in the tree, a page's links to files of weights that were released beside the code.
    let is_deep = |document: &&Document| facts.depth(&document.path) > NEAR;
    for document in facts.documents().filter(is_deep).filter(|document| is_page_of_folder(facts, document)) {
        if is_own(&document.path) && !is_read_by_visitors(facts, document) {
            let own = own_names(facts, document);
            let links = linked(facts, document).into_iter();
            found.extend(links.filter(|weights| {
                has_weight_ending(&weights.target) && weights.target.contains("/releases/download/")
                    || is_own_hub_page(&weights.target, &own)
            }));
        }
    }
    found.extend(passed_to_commands(facts));
    found.extend(downloads(facts).into_iter().filter(|weights| is_own(&weights.path)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    fn released_in(files: &[(&str, &str)]) -> Vec<String> {
        let snapshot = Snapshot::from_files(files.iter().copied());
        let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "");
        released(&facts).into_iter().map(|weights| weights.target).collect()
    }

    #[test]
    fn a_folder_of_trained_models_holds_large_files_of_any_ending() {
        let readme = "# Pears\n\nWe use pre-trained models that are saved in the `/nets` directory.\n";
        let large = "x".repeat(30_000);
        let files = [("README.md", readme), ("nets/pear.tk", large.as_str())];
        assert_eq!(released_in(&files), ["nets/pear.tk"]);
        assert!(released_in(&[files[0], ("nets/pear.tk", "small")]).is_empty());
        assert!(released_in(&[files[0], ("nets/pear.csv", large.as_str())]).is_empty());
        assert!(released_in(&[files[1]]).is_empty());
    }
}
