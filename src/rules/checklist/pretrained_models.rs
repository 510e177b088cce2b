//! Trained weights of the repository's own models are free to have.

use crate::facts::weights::{self, Release, Weights};
use crate::facts::{BlockKind, Facts};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the ML Code Completeness Checklist, item 4.
pub(super) static RULE: Rule = Rule {
    id: "checklist/pretrained-models",
    standard: Standard::Checklist,
    title: "Pre-trained models",
    summary: "Trained weights of the models are in the tree or a link away, on a host that keeps them",
    reason: "with the weights at hand, a result can be checked without the weeks of training",
    theme: Theme::Inference,
    weight: 10.0,
    parts: &[
        Part { id: "released", title: "trained weights", share: 6 },
        Part { id: "host", title: "a host that keeps versions and is free to download from", share: 2 },
        Part { id: "how-to-load", title: "how to load them", share: 2 },
    ],
    options: &[],
    docs: include_str!("pretrained_models.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    const MOST: usize = 4;
    let found = weights::released(facts);
    let note = |weights: &Weights| match weights.release {
        Release::File => "weights in the tree",
        Release::Link => "a link to weights",
        Release::Hub => "an id on a model hub",
        Release::Script => "code that downloads weights",
    };
    let shown = spread(&found, MOST);
    let released: Vec<Evidence> = shown
        .iter()
        .map(|weights| Evidence::new(weights.path.as_str(), weights.lines, note(weights)))
        .collect();
    let hosted: Vec<Evidence> = found
        .iter()
        .filter_map(|weights| Some((weights, weights::host(weights)?)))
        .filter(|(_, host)| host.keeps_versions)
        .take(2)
        .map(|(weights, host)| {
            Evidence::new(weights.path.as_str(), weights.lines, format!("on {}", host.name))
        })
        .collect();
    let is_released = !released.is_empty();
    let loading = if is_released { loading(facts, &found) } else { Vec::new() };
    let parts = vec![
        PartJudgement::from_evidence("released", released),
        PartJudgement::from_evidence("host", hosted),
        PartJudgement::from_evidence("how-to-load", loading),
    ];
    let fix = fix(facts, &found, &parts);
    Judgement {
        parts,
        looked_at: vec![
            "files of the tree that hold weights".to_owned(),
            "links, hub ids and download commands of README files and the pages that they lead to".to_owned(),
            "scripts that download".to_owned(),
        ],
        fix,
        ..Judgement::default()
    }
}

/// The first of each kind, then the rest, at most `most`.
fn spread(found: &[Weights], most: usize) -> Vec<&Weights> {
    let kinds = [Release::Link, Release::Hub, Release::File, Release::Script];
    let first = kinds.iter().filter_map(|kind| found.iter().find(|weights| weights.release == *kind));
    let mut shown: Vec<&Weights> = first.collect();
    for weights in found {
        if shown.len() >= most {
            break;
        }
        if !shown.contains(&weights) {
            shown.push(weights);
        }
    }
    shown.truncate(most);
    shown
}

/// Where documents or code show how the weights are loaded: a flag that names them, or a call that reads them.
fn loading(facts: &Facts, found: &[Weights]) -> Vec<Evidence> {
    let mut places = Vec::new();
    for command in facts.commands() {
        let says = command.flags.iter().any(|flag| {
            let name = flag.name.to_ascii_lowercase();
            [
                "checkpoint",
                "ckpt",
                "resume",
                "weights",
                "pretrain",
                "load",
                "restore",
                "snapshot",
                "model-path",
                "model_path",
                "model",
            ]
            .iter()
            .any(|word| name.contains(word))
        });
        if says {
            places.push(Evidence::new(command.document.as_str(), command.lines, "a command that takes them"));
        }
    }
    for document in facts.guided.iter().filter_map(|path| facts.document(path)) {
        for block in document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Code { .. })) {
            let loads = [
                "load_state_dict",
                "from_pretrained",
                "torch.load",
                "hub.load",
                "load_model(",
                "load_weights",
                "restore(",
            ];
            if loads.iter().any(|call| block.text.contains(call)) {
                places.push(Evidence::new(document.path.as_str(), block.lines, "code that loads them"));
            }
        }
    }
    if places.is_empty() && found.iter().any(|weights| weights.release != Release::Link) {
        let loads =
            facts.files.values().filter_map(|file| Some((file, file.activity.as_ref()?.loads.first()?)));
        places.extend(
            loads
                .take(1)
                .map(|(file, sign)| Evidence::new(file.path.as_str(), sign.lines, "code that loads them")),
        );
    }
    places.truncate(2);
    places
}

fn fix(facts: &Facts, found: &[Weights], parts: &[PartJudgement]) -> Option<Fix> {
    let readme = facts.readme_path();
    let missing = |id: &str| parts.iter().any(|part| part.id == id && part.evidence.is_empty());
    if missing("released") {
        let saving =
            || facts.files.values().filter_map(|file| Some((file, file.activity.as_ref()?.saves.first()?)));
        // What is written beside training is the model; elsewhere it may be data.
        let trains = |path: &str| facts.survey.training.iter().any(|place| place.path == path);
        let saves = saving().find(|(file, _)| trains(&file.path)).or_else(|| saving().next());
        let what = saves.map_or_else(
            || "the trained weights".to_owned(),
            |(file, sign)| format!("the weights that {}:{} saves", file.path, sign.lines.first),
        );
        return Some(Fix {
            summary: format!("Put {what} where others can download them (a GitHub release, Zenodo, Hugging Face Hub), and link them in {readme}"),
            snippet: Some(Snippet {
                path: readme,
                body: "## Pre-trained models\n\n| model | data | weights |\n|---|---|---|\n| TODO | TODO | TODO: link |\n".to_owned(),
                new_file: facts.readme.is_none(),
            }),
        });
    }
    let first = found.first()?;
    if missing("host") {
        let host = weights::host(first).map_or("this host", |host| host.name);
        return Some(Fix {
            summary: format!(
                "The weights at {}:{} are on {host}, where a file can change or vanish unseen: put a copy on Zenodo, Hugging Face Hub or a GitHub release",
                first.path, first.lines.first
            ),
            snippet: None,
        });
    }
    missing("how-to-load").then(|| Fix {
        summary: format!(
            "Show in {readme} how the weights are loaded: the command and the flag that takes them"
        ),
        snippet: None,
    })
}
