//! A document of the guideline's shape gives every item, and without one of its sections every item but that one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

use reprogate::facts::markdown;
use reprogate::facts::recipe::{Item, Reading};
use std::sync::Arc;

fn given(text: &str) -> Vec<Item> {
    let text: Arc<str> = Arc::from(text);
    let reading = Reading::of(&markdown::parse("recipe.md", &text), &text);
    Item::ALL.into_iter().filter(|item| reading.gives(*item)).collect()
}

/// The document in pieces: what precedes the sections, then each with its heading.
fn sections(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for line in text.lines() {
        if line.starts_with("#### ") || line.starts_with("## ") || line.starts_with("### ") {
            pieces.push(String::new());
        }
        let piece = pieces.last_mut().unwrap();
        piece.push_str(line);
        piece.push('\n');
    }
    pieces
}

#[test]
fn a_recipe_without_one_section_lacks_that_item_and_no_other() {
    let text = std::fs::read_to_string("tests/recipes/complete.md").unwrap();
    let all: Vec<Item> = Item::ALL.to_vec();
    assert_eq!(given(&text), all);
    let pieces = sections(&text);
    let mut wrong = String::new();
    let asking: Vec<usize> = (0..pieces.len()).filter(|index| pieces[*index].starts_with("#### ")).collect();
    assert_eq!(asking.len(), all.len());
    for (removed, item) in asking.into_iter().zip(all) {
        let kept: String = pieces
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != removed)
            .map(|(_, piece)| piece.as_str())
            .collect();
        let still = given(&kept);
        let lacking: Vec<Item> = Item::ALL.into_iter().filter(|item| !still.contains(item)).collect();
        if lacking != [item] {
            wrong.push_str(&format!("without {item:?}: lacks {lacking:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn promises_and_gaps_give_nothing() {
    let text = std::fs::read_to_string("tests/recipes/complete.md").unwrap();
    for filler in ["TODO", "Coming soon.", "To be released.", "TBD", "..."] {
        let emptied: String = sections(&text)
            .into_iter()
            .map(|piece| match piece.split_once('\n') {
                Some((heading, _)) if heading.starts_with("#### ") => format!("{heading}\n\n{filler}\n\n"),
                _ => piece,
            })
            .collect();
        assert_eq!(given(&emptied), [], "{filler}");
    }
}

#[test]
fn titles_on_networks_are_read_under_any_heading() {
    let chapters =
        ["References", "Papers on inference", "Export and performance", "Notes", "Benchmark of speed"];
    let titles = ["Benchmarks of a GPT", "Quantised ResNet", "Papers on vision transformers", "LSTM"];
    for chapter in chapters {
        for title in titles {
            let text = format!("# Work\n\n## {chapter}\n\n### {chapter}\n\n#### {title}\n\nWords.\n");
            assert!(given(&text).contains(&Item::Architecture), "{chapter} / {title}");
        }
    }
}
