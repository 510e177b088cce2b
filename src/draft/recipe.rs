//! A training recipe: the guideline's document, filled in from what the repository shows.

use super::Context;
use crate::facts::Facts;
use crate::facts::recipe::{Item, outline};
use std::fmt::Write as _;

/// The guideline's document, filled in from `facts`; what they do not show is a TODO.
pub fn draft(facts: &Facts, context: &Context<'_>) -> String {
    let known = facts.known();
    let name = facts
        .readme
        .as_ref()
        .and_then(|path| facts.document(path))
        .and_then(|document| document.sections.iter().find(|section| section.level == 1))
        .map_or("TODO", |section| section.title.as_str());
    let mut text = format!("# Training recipe: {}\n\n", name.replace('\n', " "));
    let manifests: Vec<String> = facts
        .manifests()
        .filter(|(_, manifest)| !manifest.is_lock && !manifest.requirements.is_empty())
        .map(|(path, _)| format!("`{path}`"))
        .collect();
    if !manifests.is_empty() {
        let _ = write!(text, "Dependencies: {}\n\n", manifests.join(", "));
    }
    text.push_str(&outline(|item| {
        let (code, stage) = match item {
            Item::ProcessingCommit => (Some(Item::ProcessingCode), "processing"),
            Item::TrainingCommit => (Some(Item::TrainingCode), "training"),
            Item::EvaluationCommit => (Some(Item::EvaluationCode), "evaluation"),
            _ => (None, ""),
        };
        let pinned = code.filter(|code| known.items.contains_key(code)).and(context.commit);
        let commit = pinned.map(|commit| format!("The {stage} code above is that of commit `{commit}`."));
        let todo = || format!("TODO: {}.", item.ask());
        Some(known.items.get(&item).cloned().or(commit).unwrap_or_else(todo))
    }));
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::facts::recipe::Reading;
    use crate::facts::{Parsed, markdown, parse_all};
    use crate::snapshot::Snapshot;
    use std::sync::Arc;

    const TRAIN: &str = "import argparse\nimport torch\nfrom torch import nn\nfrom torchvision import datasets, transforms\n\n\nclass Fern(nn.Module):\n    def __init__(self):\n        super().__init__()\n        nn.init.xavier_uniform_(self.weight)\n\n\ndef main():\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--batch-size', type=int, default=64)\n    parser.add_argument('--lr', type=float, default=0.001)\n    parser.add_argument('--num-gpus', type=int, default=2)\n    args = parser.parse_args()\n    data = datasets.CIFAR10('data', download=True, transform=transforms.RandomCrop(32))\n    model = Fern()\n    criterion = nn.CrossEntropyLoss()\n    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr)\n    for x, y in data:\n        loss = criterion(model(x), y)\n        loss.backward()\n        optimizer.step()\n\n\nif __name__ == '__main__':\n    main()\n";

    fn given(text: &str) -> Vec<Item> {
        let text: Arc<str> = Arc::from(text);
        let document = markdown::parse("recipe.md", &text);
        let reading = Reading::of(&document, &text);
        Item::ALL.into_iter().filter(|item| reading.gives(*item)).collect()
    }

    fn facts(files: &[(&str, &str)]) -> Facts {
        let snapshot = Snapshot::from_files(files.iter().copied());
        Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "")
    }

    #[test]
    fn a_draft_gives_what_it_fills_in_and_nothing_else() {
        let facts = facts(&[
            ("README.md", "# Fern\n"),
            ("train.py", TRAIN),
            ("evaluate.py", "if __name__ == '__main__':\n    pass\n"),
        ]);
        let context =
            Context { commit: Some("0123456789abcdef0123456789abcdef01234567"), today: "2026-01-01" };
        let text = draft(&facts, &context);
        let mut wanted: Vec<Item> = facts.known().items.keys().copied().collect();
        wanted.extend([Item::TrainingCommit, Item::EvaluationCommit]);
        wanted.sort_unstable();
        assert_eq!(given(&text), wanted, "{text}");
        assert!(text.contains("64 (default of `--batch-size`, `train.py:15`)"), "{text}");
        assert!(wanted.len() >= 12, "{wanted:?}");
    }

    #[test]
    fn an_empty_repository_drafts_nothing_but_questions() {
        let text = draft(
            &facts(&[("README.md", "# Fern\n")]),
            &Context { commit: Some("0123456789abcdef"), today: "2026-01-01" },
        );
        assert_eq!(given(&text), [], "{text}");
    }

    #[test]
    fn a_section_to_paste_gives_its_item() {
        let facts = facts(&[("README.md", "# Fern\n"), ("train.py", TRAIN)]);
        for item in facts.known().items.keys() {
            let text = facts.known().sections(&[*item]);
            assert!(given(&text).contains(item), "{item:?}: {text}");
        }
    }
}
