//! Python and the other languages: no bytes make extraction fail. The first byte chooses the file's name.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reprogate::facts::FileFacts;
use reprogate::snapshot::{Text, decode};

const PATHS: &[&str] = &["train.py", "train.sh", "train.R", "train.jl", "train.m", "train.lua", "train.cpp", "Makefile", "config.yaml"];

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    if let Text::Read(text) = decode(rest) {
        let facts = FileFacts::extract(PATHS[usize::from(*choice) % PATHS.len()], &text);
        assert_eq!(facts.text, text);
    }
});
