//! A licence that others can rely on: recognised by its text or its name.

use super::{few, unread};
use crate::facts::{Facts, foreign, licences};
use crate::rules::{
    Evidence, Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Snippet, Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/license",
    standard: Standard::Sharing,
    title: "Licence",
    summary: "A licence says what others may do with the code and the model",
    reason: "without a licence nobody else may legally use, change or share the work",
    theme: Theme::Sharing,
    weight: 2.0,
    parts: &[Part { id: "recognised", title: "a licence that is recognised", share: 1 }],
    options: &[],
    docs: include_str!("license.md"),
    judge: Judge::Project(judge),
};

const MIT: &str = "MIT License

Copyright (c) <year> <names of the authors>

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    let others = facts.foreign();
    let found = licences::find(facts, others);
    // The licence of a repository holds for every folder in it.
    let above = facts.tree.entries().iter().map(|entry| &*entry.path).find(|path| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_above =
            folder.is_empty() || facts.root.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        !facts.root.is_empty() && folder != facts.root && is_above && foreign::is_licence_name(name)
    });
    let part = if let (true, Some(path)) = (found.is_empty(), above) {
        PartJudgement::met("recognised", vec![super::at(path, 1, "the licence of the whole repository")])
    } else if found.is_empty() {
        let is_licence = |path: &str| foreign::is_licence_name(path) && !path.ends_with(".pdf");
        match unread(facts, is_licence) {
            Some(why) => PartJudgement::unknown("recognised", why),
            None => PartJudgement::missing("recognised"),
        }
    } else {
        let evidence = found.iter().map(|licence| {
            let note = if licence.id == "LicenseRef-own" {
                "a licence of its own".to_owned()
            } else {
                licence.id.clone()
            };
            Evidence::new(&licence.path, licence.lines, note)
        });
        PartJudgement::met("recognised", few(evidence))
    };
    let unknown_text = facts.files.keys().find(|path| {
        let within = facts.within_project(path);
        !within.contains('/') && foreign::is_licence_name(within)
    });
    let fix = (found.is_empty() && above.is_none()).then(|| match unknown_text {
        Some(path) => Fix {
            summary: format!("Put the whole text of a known licence into {path}; what stands there now is none that is recognised"),
            snippet: Some(Snippet { path: path.clone(), body: MIT.to_owned(), new_file: false }),
        },
        None => Fix {
            summary: "Add a LICENSE file with the year and your names filled in; MIT is a common choice for research code".to_owned(),
            snippet: Some(Snippet { path: facts.at_root("LICENSE"), body: MIT.to_owned(), new_file: true }),
        },
    });
    let mut looked_at = vec!["licence files".to_owned(), "package manifests".to_owned()];
    looked_at.extend(facts.readme.clone());
    Judgement { parts: vec![part], looked_at, fix, ..Judgement::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Parsed, parse_all};
    use crate::snapshot::Snapshot;

    #[test]
    fn the_licence_of_a_repository_holds_for_its_folders() {
        let judged = |licence: &str| {
            let snapshot = Snapshot::from_files([(licence, MIT), ("gym/train.py", "import torch\n")]);
            let facts = Facts::gather(&snapshot, &parse_all(&snapshot, &Parsed::new()), "gym");
            judge(&facts, &Options::default())
        };
        assert!(judged("LICENSE.md").is_met() && judged("LICENSE.md").fix.is_none());
        assert!(!judged("atari/LICENSE").is_met() && judged("atari/LICENSE").fix.is_some());
    }
}
