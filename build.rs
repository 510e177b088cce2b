//! Compiles the regular expressions that the sources hold, so that running the program compiles none of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/pattern/compile.rs"]
mod compile;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    list(&Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("src"), &mut files)?;
    let mut programs = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        for (maker, characters) in [("Pattern::new(", false), ("Pattern::text(", true)] {
            for (at, _) in text.match_indices(maker) {
                let code = text.get(at + maker.len()..).unwrap_or_default();
                let Some(source) = constant(&text, code) else { continue };
                if let Some(program) = compile::program(&source, characters) {
                    programs.insert((source, characters), program);
                }
            }
        }
    }
    let mut index = format!(
        "pub(super) static PROGRAMS: [(&str, bool, std::ops::Range<usize>); {}] = [\n",
        programs.len()
    );
    let mut bytes = Vec::new();
    for ((source, characters), program) in programs {
        let start = bytes.len();
        bytes.extend(program);
        index.push_str(&format!("    ({source:?}, {characters}, {start}..{}),\n", bytes.len()));
    }
    index.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("programs.bin"), bytes)?;
    fs::write(out.join("programs.rs"), index)?;
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The text that is written at the beginning of `code`: a literal, several within `concat!`, or the name of a constant
/// of the same `file`. What is written in another way is compiled when it is first asked.
fn constant(file: &str, code: &str) -> Option<String> {
    let code = code.trim_start();
    if let Some(mut parts) = code.strip_prefix("concat!(") {
        let mut all = String::new();
        while let Some((part, rest)) = literal(parts.trim_start()) {
            all.push_str(&part);
            parts = rest.trim_start().strip_prefix(',')?;
        }
        return parts.trim_start().starts_with(')').then_some(all);
    }
    let name = code.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_')).next()?;
    if !name.is_empty() {
        return literal(file.split_once(&format!("const {name}: &str ="))?.1.trim_start())
            .map(|(text, _)| text);
    }
    literal(code).map(|(text, _)| text)
}

/// A literal without escapes, and what stands behind it.
fn literal(code: &str) -> Option<(String, &str)> {
    let is_raw = code.starts_with('r');
    let code = code.strip_prefix('r').unwrap_or(code);
    let body = code.trim_start_matches('#');
    let hashes = code.len() - body.len();
    let (text, rest) = body.strip_prefix('"')?.split_once(&format!("\"{}", "#".repeat(hashes)))?;
    (is_raw || !text.contains('\\')).then(|| (text.to_owned(), rest))
}
