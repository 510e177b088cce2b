//! `recipe/`: *Training Recipes for Reproducible Machine Learning Models* (yahoo/ml-reproducibility-guidelines).

use super::Rule;

/// Its rules, in the order of the catalogue.
pub static RULES: &[&Rule] = &[];
