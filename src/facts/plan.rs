//! Which texts of a listing are read, and in which order, under the policy's limits.

use super::{Markup, foreign};
use crate::snapshot::{Entry, Limits, Text};
use std::collections::HashMap;
use std::sync::Arc;

/// What a path's name says about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something that people read.
    Document(Markup),
    /// Python code.
    Python,
    /// A Jupyter notebook.
    Notebook,
    /// A file that declares dependencies and is nothing else: a lock file, a requirements file.
    Manifest,
    /// Code in another language: shell, R, Julia, MATLAB, C++, Lua, …
    Script,
    /// Configuration: YAML, JSON, TOML, INI, gin.
    Config,
    /// Nothing that is read.
    Other,
}

impl Kind {
    /// Judges by the path alone.
    pub fn of(path: &str) -> Self {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_ascii_lowercase();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        if stem.is_empty() {
            // `.flake8`, `.pylintrc`, `.clang-format`, …: a hidden file without extension.
            // A checkpoint that was saved under a folder's name has files of endings alone.
            let is_checkpoint = matches!(extension, "index" | "meta") || extension.starts_with("data-0");
            let listing_only =
                matches!(extension, "gitignore" | "gitattributes" | "gitkeep" | "keep" | "ds_store")
                    || extension.ends_with("ignore")
                    || is_checkpoint;
            return if listing_only { Self::Other } else { Self::Config };
        }
        match extension {
            "md" | "markdown" | "mdown" | "mkd" | "mdx" | "rmd" | "qmd" => {
                return Self::Document(Markup::Markdown);
            }
            "rst" => return Self::Document(Markup::ReStructuredText),
            "py" | "pyx" | "pyw" => return Self::Python,
            "ipynb" => return Self::Notebook,
            "sh" | "bash" | "zsh" | "slurm" | "sbatch" | "r" | "jl" | "m" | "lua" | "c" | "cc" | "cpp"
            | "cxx" | "cu" | "h" | "hpp" | "java" | "scala" | "swift" | "js" | "ts" | "go" | "rs" | "mk"
            | "bat" | "ps1" => return Self::Script,
            "adoc" | "org" | "tex" => return Self::Document(Markup::Plain),
            _ => {}
        }
        let named = |names: &[&str]| names.iter().any(|known| *known == name);
        if stem.contains("requirement")
            || name.starts_with("constraints")
            || named(&[
                "pipfile",
                "pipfile.lock",
                "poetry.lock",
                "uv.lock",
                "pdm.lock",
                "conda-lock.yml",
                "pixi.lock",
                "setup.cfg",
                "pyproject.toml",
                "description",
                "project.toml",
                "manifest.toml",
                "renv.lock",
                "environment.yml",
                "environment.yaml",
                "cmakelists.txt",
                "dockerfile",
                "containerfile",
                "singularity",
                "pixi.toml",
                "cargo.toml",
                "package.json",
                "vcpkg.json",
                "apptainer",
                "go.mod",
                "gemfile",
                "pom.xml",
                "build.gradle",
                "build.gradle.kts",
                "build.sbt",
                "meson.build",
                "conanfile.txt",
                "stack.yaml",
            ])
            || name.starts_with("dockerfile")
            || extension == "dockerfile"
            || matches!(extension, "def" | "rockspec" | "cabal" | "nix")
        {
            return Self::Manifest;
        }
        if named(&["makefile", "gnumakefile", "justfile", "snakefile", "rakefile"]) {
            return Self::Script;
        }
        match extension {
            "yml" | "yaml" | "json" | "toml" | "ini" | "cfg" | "conf" | "gin" | "jsonnet" | "libsonnet"
            | "cff" | "lock" | "yapf" => Self::Config,
            "txt" => Self::Document(Markup::Plain),
            "" if named(&[
                "readme",
                "license",
                "licence",
                "copying",
                "citation",
                "authors",
                "install",
                "notes",
                "model_card",
            ]) =>
            {
                Self::Document(Markup::Plain)
            }
            "" if name.starts_with("license") || name.starts_with("licence") => Self::Document(Markup::Plain),
            "" if named(&["pylintrc", "unlicense"]) => Self::Config,
            _ => Self::Other,
        }
    }
}

/// A text to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Index of its entry in the listing.
    pub entry: usize,
    /// Smaller is read first.
    pub priority: u32,
}

/// What is read of a listing, and what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to read, most telling first.
    pub read: Vec<Wanted>,
    /// What would have been read under higher limits: index of its entry, and which limit.
    pub skipped: Vec<(usize, String)>,
}

impl Plan {
    /// What is left of `entries`, by path, as a snapshot keeps it.
    pub fn left(self, entries: &[Entry]) -> HashMap<Arc<str>, Text> {
        let path = |index| entries.get(index).map(|entry: &Entry| Arc::clone(&entry.path));
        self.skipped.into_iter().filter_map(|(index, why)| Some((path(index)?, Text::Unread(why)))).collect()
    }
}

/// Chooses what to read of `entries` under `limits`.
///
/// A size that the listing does not know counts as nothing here; sources check it when they read.
pub fn plan(entries: &[Entry], limits: &Limits) -> Plan {
    let mut plan = Plan::default();
    let mut wanted: Vec<Wanted> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.is_file())
        .filter_map(|(index, entry)| Some(Wanted { entry: index, priority: priority(&entry.path)? }))
        .collect();
    wanted.sort_by_key(|wanted| (wanted.priority, wanted.entry));
    let mut bytes = 0;
    for candidate in wanted {
        let Some(entry) = entries.get(candidate.entry) else { continue };
        let size = entry.size.unwrap_or(0);
        let most =
            if Kind::of(&entry.path) == Kind::Notebook { limits.notebook_bytes } else { limits.file_bytes };
        if size > most {
            plan.skipped
                .push((candidate.entry, format!("{size} bytes, over the limit of {most} for one file")));
        } else if plan.read.len() >= limits.files {
            plan.skipped.push((candidate.entry, format!("over the limit of {} files", limits.files)));
        } else if bytes + size > limits.total_bytes {
            plan.skipped
                .push((candidate.entry, format!("over the limit of {} bytes in all", limits.total_bytes)));
        } else {
            bytes += size;
            plan.read.push(candidate);
        }
    }
    plan
}

/// How telling a file is: its kind, then how deep it lies. `None` for what is never read.
fn priority(path: &str) -> Option<u32> {
    let kind = match Kind::of(path) {
        Kind::Document(_) => 0,
        Kind::Manifest => 1,
        Kind::Python => 2,
        Kind::Script => 3,
        Kind::Notebook => 4,
        Kind::Config => 5,
        Kind::Other => return None,
    };
    let depth = path.bytes().filter(|byte| *byte == b'/').count().min(20) as u32;
    // Lists of data and logs are texts too, and may be thousands: what runs and what people read comes before them.
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let is_list = Kind::of(path) == Kind::Document(Markup::Plain)
        && depth > 0
        && !tells_readers(path)
        && !foreign::is_licence_name(name);
    Some(u32::from(is_vendored(path)) * 1000 + u32::from(is_list) * 500 + depth * 10 + kind)
}

/// Whether a plain text is one that people read, or a list of packages, by its name.
pub fn tells_readers(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name).to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let told = [
        "readme",
        "read_me",
        "instal",
        "setup",
        "usage",
        "guide",
        "howto",
        "how_to",
        "instruction",
        "note",
        "requir",
        "depend",
        "package",
        "environment",
        "reproduc",
        "result",
        "command",
        "run",
        "train",
        "eval",
        "model",
    ];
    told.iter().any(|word| stem.contains(word)) || matches!(stem, "env" | "reqs" | "pip" | "conda")
}

/// Whether a path lies in a copy of somebody else's code.
pub fn is_vendored(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.split('/').any(|part| {
        matches!(
            part,
            "node_modules"
                | "third_party"
                | "thirdparty"
                | "vendor"
                | "vendored"
                | "external"
                | "site-packages"
                | ".git"
                | "venv"
                | ".venv"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Snapshot;

    #[test]
    fn what_runs_is_read_before_lists_and_logs() {
        let logs: Vec<String> = (0..20).map(|log| format!("runs/log_{log}.txt")).collect();
        let own =
            ["README.md", "deep/down/below/train.py", "deep/LICENSE.txt", "deep/install.txt", "data.txt"];
        let paths = logs.iter().map(String::as_str).chain(own).map(|path| (path, ""));
        let snapshot = Snapshot::from_files(paths);
        let limits = Limits { files: own.len(), ..Limits::default() };
        let read = plan(&snapshot.entries, &limits).read;
        let mut read: Vec<&str> = read.iter().map(|wanted| &*snapshot.entries[wanted.entry].path).collect();
        read.sort_unstable();
        let mut wanted = own;
        wanted.sort_unstable();
        assert_eq!(read, wanted);
    }
}
