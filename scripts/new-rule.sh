#!/usr/bin/env bash
# Writes the skeleton of a rule in its four places: scripts/new-rule.sh STANDARD/NAME "A title of a few words"
#   src/rules/STANDARD/NAME.rs   metadata and judgement
#   src/rules/STANDARD/NAME.md   documentation
#   src/rules/STANDARD/mod.rs    its line in the registry (last; move it to its place in the catalogue)
#   tests/rules/STANDARD/NAME.md cases that it accepts, rejects and leaves alone
set -euo pipefail
cd "$(dirname "$0")/.."

usage='usage: scripts/new-rule.sh STANDARD/NAME "A title of a few words"'
id=${1:?$usage} title=${2:?$usage}
standard=${id%%/*} name=${id#*/}
if [[ ! $id =~ ^[a-z]+/[a-z][a-z0-9-]*$ || ! -d src/rules/$standard ]]; then
  echo "$id is no id of a rule: STANDARD/NAME in kebab-case, STANDARD one of $(ls -d src/rules/*/ | xargs -n1 basename | paste -sd' ')" >&2
  exit 2
fi
module=${name//-/_}
rule=src/rules/$standard/$module.rs docs=src/rules/$standard/$module.md fixture=tests/rules/$standard/$name.md
for file in "$rule" "$docs" "$fixture"; do
  [[ ! -e $file ]] || { echo "$file is there already" >&2; exit 1; }
done

cat >"$rule" <<EOF
//! $title.

use crate::facts::Facts;
use crate::rules::{Fix, Judge, Judgement, Options, Part, PartJudgement, Rule, Standard, Theme};

/// The rule; its source is TODO.
pub(super) static RULE: Rule = Rule {
    id: "$id",
    standard: Standard::${standard^},
    title: "$title",
    summary: "TODO: what it asks for, as one sentence without an end",
    reason: "TODO: why it matters to whoever reproduces the work, as a clause",
    theme: Theme::Training,
    weight: 1.0,
    parts: &[Part { id: "present", title: "TODO: what is there when it is met", share: 1 }],
    options: &[],
    docs: include_str!("$module.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if facts.files.is_empty() {
        return Judgement::not_applicable("there is nothing to judge");
    }
    let evidence = Vec::new();
    let part = PartJudgement::from_evidence("present", evidence);
    let fix = Fix { summary: "TODO: one sentence with this repository's own names".to_owned(), snippet: None };
    Judgement {
        parts: vec![part],
        looked_at: facts.files.keys().cloned().collect(),
        fix: Some(fix),
        ..Judgement::default()
    }
}
EOF

cat >"$docs" <<EOF
# $id

## What it asks

TODO

## Why

TODO

## What counts

- TODO

## How to mend it

TODO

## Source

TODO: the sentence of the standard, and where it stands.
EOF

mkdir -p "$(dirname "$fixture")"
cat >"$fixture" <<EOF
# $id

## accepts: TODO

\`\`\`markdown file=README.md
# A model
\`\`\`

\`\`\`expect
status: pass
met: true
\`\`\`

## rejects: TODO

\`\`\`markdown file=README.md
# A model
\`\`\`

\`\`\`expect
status: fail
met: false
fix: TODO
\`\`\`

## leaves alone: TODO

\`\`\`markdown file=notes.md
# Notes
\`\`\`

\`\`\`expect
status: not-applicable
met: false
\`\`\`
EOF

python3 - "src/rules/$standard/mod.rs" "$module" <<'EOF'
import re, sys

path, module = sys.argv[1:]
with open(path) as file:
    text = file.read()
declared = list(re.finditer(r"^mod \w+;\n", text, re.M))
at = declared[-1].end() if declared else text.index("\n\n") + 2
text = f"{text[:at]}mod {module};\n{text[at:]}"
table = re.search(r"(RULES: &\[&Rule\] = &\[)([^\]]*)\]", text)
entries = [entry.strip() for entry in table[2].split(",") if entry.strip()] + [f"&{module}::RULE"]
text = f"{text[:table.start(2)]}{', '.join(entries)}{text[table.end(2):]}"
with open(path, "w") as file:
    file.write(text)
EOF
cargo fmt

cat <<EOF
Written: $rule, $docs, $fixture, and a line in src/rules/$standard/mod.rs.
Next: fill in every TODO; \`cargo test --test rules\` says what is missing; \`make docs\` writes the generated pages.
EOF
