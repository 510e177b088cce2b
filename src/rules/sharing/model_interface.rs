//! Others can load the trained model by its name.

use super::{few, has_code};
use crate::facts::Facts;
use crate::facts::exports;
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/model-interface",
    standard: Standard::Sharing,
    title: "Model interface",
    summary: "Others can load the trained model by its name: torch.hub, TF Hub, the Hugging Face Hub, a package",
    reason: "one line that loads the model is what lets others build on it",
    theme: Theme::Inference,
    weight: 0.75,
    parts: &[Part { id: "by-name", title: "a call that loads the model by its name", share: 1 }],
    options: &[],
    docs: include_str!("model-interface.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) && facts.readme.is_none() {
        return Judgement::not_applicable("there is neither code nor a README");
    }
    let others = facts.foreign();
    let found = exports::interfaces(facts, others);
    let evidence = found.iter().map(|way| Evidence::new(&way.path, way.lines, way.what));
    let torch = facts.python().any(|(_, module)| module.imports_package("torch"));
    let fix = found.is_empty().then(|| {
        if torch {
            let body = "dependencies = [\"torch\"]\n\nimport torch\n\n\ndef model(pretrained=True):\n    \"\"\"The trained model.\"\"\"\n    network = ...  # build it as in training\n    if pretrained:\n        network.load_state_dict(torch.hub.load_state_dict_from_url(\"<address of the weights>\"))\n    return network\n";
            Fix {
                summary: "Let others load the model by its name: a hubconf.py makes torch.hub.load work on this repository".to_owned(),
                snippet: Some(Snippet { path: facts.at_root("hubconf.py"), body: body.to_owned(), new_file: true }),
            }
        } else {
            Fix {
                summary: format!("Publish the model on a hub, and show in {} the line that loads it by its name", facts.readme_path()),
                snippet: None,
            }
        }
    });
    Judgement {
        parts: vec![PartJudgement::from_evidence("by-name", few(evidence))],
        looked_at: vec![
            "hubconf.py".to_owned(),
            format!("code blocks of {}", facts.readme_path()),
            "functions that download weights".to_owned(),
        ],
        fix,
        ..Judgement::default()
    }
}
