//! The code saves the trained model so that it can be loaded again.

use super::{few, has_code};
use crate::facts::Facts;
use crate::facts::exports::{self, Export, Form};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/model-export",
    standard: Standard::Sharing,
    title: "Model export",
    summary: "The code saves the trained model in a form that can be loaded again",
    reason: "a model that is gone when training ends has to be trained again by everyone",
    theme: Theme::Inference,
    weight: 1.25,
    parts: &[
        Part { id: "saves", title: "the trained model is saved", share: 3 },
        Part { id: "standard-form", title: "in a form that needs no pickled code", share: 1 },
    ],
    options: &[],
    docs: include_str!("model-export.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code that could save a model");
    }
    let others = facts.foreign();
    let found = exports::saved(facts, others);
    let evidence = |wanted: &dyn Fn(&Export) -> bool| {
        let mut shown: Vec<Evidence> = Vec::new();
        for export in found.iter().filter(|export| wanted(export)) {
            if !shown.iter().any(|place| place.path == export.path) {
                shown.push(Evidence::new(&export.path, export.lines, export.what.as_str()));
            }
        }
        few(shown)
    };
    let all = evidence(&|_| true);
    let standard = evidence(&|export| export.form == Form::Standard);
    let fix = if all.is_empty() {
        Some(missing(facts))
    } else if standard.is_empty() {
        found.first().map(|export| Fix {
            summary: format!(
                "{} in {} pickles a whole object, which only this code at this commit can load; save its state dict",
                export.what, export.path
            ),
            snippet: None,
        })
    } else {
        None
    };
    Judgement {
        parts: vec![
            PartJudgement::from_evidence("saves", all),
            PartJudgement::from_evidence("standard-form", standard),
        ],
        looked_at: vec!["calls that save models, weights, checkpoints or parameters".to_owned()],
        fix,
        ..Judgement::default()
    }
}

fn missing(facts: &Facts) -> Fix {
    let entry = facts.entry_points().iter().find(|entry| entry.trains.is_some());
    let Some(path) = entry.and_then(|entry| entry.trains.as_ref()).map(|(path, _)| path) else {
        return Fix {
            summary: "Save the model's parameters at the end of training".to_owned(),
            snippet: None,
        };
    };
    let module = facts.files.get(path).and_then(|file| file.python.as_ref());
    let body = match module {
        Some(module) if module.imports_package("torch") => "torch.save(model.state_dict(), \"model.pt\")\n",
        Some(module) if module.imports_package("tensorflow") || module.imports_package("keras") => {
            "model.save_weights(\"model.weights.h5\")\n"
        }
        Some(module) if module.imports_package("sklearn") => "joblib.dump(model, \"model.joblib\")\n",
        _ => "",
    };
    Fix {
        summary: format!("Save the model's parameters at the end of training in {path}"),
        snippet: (!body.is_empty()).then(|| Snippet {
            path: path.clone(),
            body: body.to_owned(),
            new_file: false,
        }),
    }
}
