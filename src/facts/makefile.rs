//! The targets of makefiles.

use std::collections::BTreeSet;

/// What a makefile can make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Makefile {
    /// Targets by name.
    pub targets: BTreeSet<String>,
    /// Whether there may be more: patterns, variables as targets, included files.
    pub open: bool,
}

/// Reads a makefile line by line; recipes are skipped.
pub fn parse(text: &str) -> Makefile {
    let mut makefile = Makefile::default();
    for line in text.lines() {
        if line.starts_with(['\t', '#']) || line.trim().is_empty() {
            continue;
        }
        let line = line.trim_start();
        if line.starts_with("include ") || line.starts_with("-include ") || line.starts_with("sinclude ") {
            makefile.open = true;
            continue;
        }
        let Some((before, after)) = line.split_once(':') else { continue };
        // `NAME := value` sets a variable.
        if after.starts_with('=') || after.starts_with(":=") || before.contains('=') {
            continue;
        }
        for target in before.split_whitespace() {
            if target.contains(['%', '$']) {
                makefile.open = true;
            } else {
                makefile.targets.insert(target.to_owned());
            }
        }
        // Targets that are named as phony only are no targets, yet `make` accepts them where a rule follows.
        if before.trim() == ".PHONY" {
            makefile.targets.remove(".PHONY");
        }
    }
    makefile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_told_from_variables_and_recipes() {
        let makefile = parse(
            ".PHONY: all\nCC := gcc\nall train: data\n\tpython train.py: x\n# no: target\neval:\n\techo\n",
        );
        assert_eq!(makefile.targets.into_iter().collect::<Vec<_>>(), ["all", "eval", "train"]);
        assert!(!makefile.open);
        assert!(parse("%.o: %.c\n").open);
        assert!(parse("include x.mk\n").open);
    }
}
