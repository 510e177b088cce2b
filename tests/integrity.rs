//! A README whose commands are mutated is always caught, and the unmutated one never.
//!
//! Every script, module, target, configuration, flag and link of small projects is misspelt, renamed or removed in
//! every way that people do it, one at a time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

use proptest::prelude::*;
use reprogate::engine::Selection;
use reprogate::policy::Policy;
use reprogate::report::Target;
use reprogate::snapshot::Snapshot;
use reprogate::{Request, review};

/// A project with a README, and what in the README can be broken: the rule that has to notice, and the words.
struct Example {
    files: Vec<(&'static str, &'static str)>,
    readme: &'static str,
    paths: &'static [&'static str],
    flags: &'static [&'static str],
    links: &'static [&'static str],
}

const ARGUMENTS: &str = "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('--config')\nparser.add_argument('--learning-rate', type=float)\nparser.add_argument('--epochs', type=int)\nparser.add_argument('--checkpoint')\nargs = parser.parse_args()\n";

fn examples() -> Vec<Example> {
    vec![
        Example {
            files: vec![
                ("train.py", ARGUMENTS),
                ("tools/evaluate.py", "from train import parser\nprint(parser.parse_args())\n"),
                ("tools/common.py", ""),
                ("configs/base.yaml", "lr: 1\n"),
                ("requirements.txt", "numpy==1.26.0\n"),
                ("scripts/reproduce.sh", "python train.py\n"),
                ("docs/data.md", "# Layout\n"),
            ],
            readme: "# Segment\n\nSee [the data](docs/data.md).\n\n## Install\n\n```bash\ngit clone https://github.com/lab/segment.git\ncd segment\npip install -r requirements.txt\n```\n\n## Train\n\n```bash\n# two devices\nCUDA_VISIBLE_DEVICES=0,1 torchrun --nproc_per_node=2 train.py \\\n    --config configs/base.yaml \\\n    --learning-rate 0.1 --epochs=3\n```\n\n## Evaluate\n\n    $ cd tools && python evaluate.py --checkpoint <your checkpoint> && cd ..\n\nor all of it with `bash scripts/reproduce.sh 0`.\n",
            paths: &[
                "train.py",
                "evaluate.py",
                "configs/base.yaml",
                "requirements.txt",
                "scripts/reproduce.sh",
            ],
            flags: &["--config", "--learning-rate", "--epochs", "--checkpoint"],
            links: &["docs/data.md"],
        },
        Example {
            files: vec![
                ("speech/__init__.py", ""),
                (
                    "speech/fit.py",
                    "import click\n\n@click.command()\n@click.option('--width', default=3)\n@click.option('--data-folder')\ndef main(width, data_folder):\n    pass\n",
                ),
                (
                    "speech/score.py",
                    "from absl import app, flags\nflags.DEFINE_string('weights', None, '')\nflags.DEFINE_bool('verbose', False, '')\napp.run(print)\n",
                ),
                ("Makefile", "prepare:\n\techo\n\nfigures: prepare\n\techo\n"),
                ("environment.yml", "dependencies: [python=3.11]\n"),
                ("plots/curve.png", ""),
            ],
            readme: "Speech\n======\n\n![curve](plots/curve.png)\n\n```console\n(base) me@host:~/speech$ conda env create -f environment.yml\n(base) me@host:~/speech$ make prepare\n```\n\n1. Fit:\n   ```\n   nohup python3 -u -m speech.fit --width 8 --data-folder /path/to/data > log.txt 2>&1 &\n   ```\n2. Score:\n   ```sh\n   python speech/score.py --weights=$WEIGHTS --noverbose | tee scores.txt\n   make figures\n   ```\n",
            paths: &["environment.yml", "prepare", "speech.fit", "speech/score.py", "figures"],
            flags: &["--width", "--data-folder", "--weights"],
            links: &["plots/curve.png"],
        },
        Example {
            files: vec![
                (
                    "src/main.py",
                    "import argparse\nfrom options import common\n\ndef options():\n    parser = argparse.ArgumentParser(parents=[common()])\n    commands = parser.add_subparsers()\n    fit = commands.add_parser('fit')\n    fit.add_argument('--depth')\n    return parser.parse_args()\n",
                ),
                (
                    "src/options.py",
                    "import argparse\n\ndef common():\n    parser = argparse.ArgumentParser(add_help=False)\n    parser.add_argument('-s', '--seed')\n    return parser\n",
                ),
                ("src/settings/large.toml", "width = 3\n"),
                ("notebooks/figures.ipynb", "{\"cells\": [], \"metadata\": {}}"),
                ("jobs/cluster.slurm", "#!/bin/bash\n"),
            ],
            readme: "Everything is run from `src`:\n\n```shell\ncd src\naccelerate launch main.py fit --depth 3 --seed 1 settings/large.toml\nsrun -p gpu --gres=gpu:1 python main.py fit --seed 2\ncd ..\nsbatch --time 1:00 jobs/cluster.slurm\njupyter nbconvert --execute notebooks/figures.ipynb\n```\n",
            paths: &["main.py", "settings/large.toml", "jobs/cluster.slurm", "notebooks/figures.ipynb"],
            flags: &["--depth", "--seed"],
            links: &[],
        },
    ]
}

/// What the integrity rules find in a project with this README.
fn found(files: &[(&str, &str)], readme: &str) -> Vec<(&'static str, String, Option<String>)> {
    let files = files.iter().copied().chain([("README.md", readme)]);
    let request = Request {
        target: Target::default(),
        policy: Policy::default(),
        policy_source: "defaults".to_owned(),
        selection: Selection { only: vec!["integrity".to_owned()] },
        today: "2026-01-01".to_owned(),
        jobs: Some(1),
    };
    let report = review(&Snapshot::from_files(files), None, &request);
    let outcomes = report.verdicts.iter().flat_map(|verdict| verdict.all_outcomes());
    outcomes
        .flat_map(|outcome| {
            outcome.findings.iter().map(|found| {
                let replacement = found.finding.replacement.as_ref().map(|line| line.text.clone());
                (outcome.rule.id, found.finding.message.clone(), replacement)
            })
        })
        .collect()
}

/// Ways in which a name goes wrong: renamed, a letter lost, doubled or swapped, joined by the other character.
fn misspelt(name: &str, way: usize, at: usize) -> Option<String> {
    // Another package may be anybody's; another module of this one is not.
    if let Some((package, _)) =
        name.split_once('.').filter(|_| name == "speech.fit" && (way == 0 || way == 4))
    {
        return Some(format!("{package}.renamed"));
    }
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let (stem, extension) = match file.rsplit_once('.') {
        Some((stem, extension)) => (stem, format!(".{extension}")),
        None => (file, String::new()),
    };
    let dashes: String = stem.chars().take_while(|c| *c == '-').collect();
    let letters: Vec<char> = stem.chars().skip(dashes.len()).collect();
    let at = at % letters.len();
    let mut changed = letters.clone();
    match way {
        0 => changed.extend("_v2".chars()),
        1 if letters.len() > 4 => {
            changed.remove(at);
        }
        2 => changed.insert(at, letters[at]),
        3 if at + 1 < letters.len() && letters.len() > 3 => changed.swap(at, at + 1),
        4 => changed = "renamed".chars().collect(),
        5 => changed = stem.trim_start_matches('-').replace('-', "_").chars().collect(),
        _ => return None,
    }
    // What is cut short at its end is still taken by argparse, and what did not change is no mistake.
    if changed == letters || letters.starts_with(&changed) {
        return None;
    }
    let stem: String = dashes.chars().chain(changed).collect();
    let file = format!("{stem}{extension}");
    Some(if folder.is_empty() { file } else { format!("{folder}/{file}") })
}

fn with(readme: &str, wrong: &str, right: &str) -> String {
    assert!(readme.contains(right), "{right}");
    readme.replace(right, wrong)
}

#[test]
fn what_is_true_is_never_found_wrong() {
    for example in examples() {
        assert_eq!(found(&example.files, example.readme), [], "{}", example.readme);
    }
}

#[test]
fn what_was_removed_is_always_missed() {
    for example in examples() {
        for path in example.paths.iter().chain(example.links) {
            let is_file = |file: &str| file == *path || file.ends_with(&format!("/{path}"));
            if !example.files.iter().any(|(file, _)| is_file(file)) {
                continue;
            }
            let left: Vec<_> = example.files.iter().copied().filter(|(file, _)| !is_file(file)).collect();
            let found = found(&left, example.readme);
            assert!(found.iter().any(|(_, message, _)| message.contains(path)), "{path}: {found:?}");
        }
    }
}

#[test]
fn a_slip_is_mended_by_the_line_that_was_meant() {
    let [first, ..] = &examples()[..] else { panic!("no example") };
    for (wrong, right) in [
        ("scripts/reprodcue.sh", "scripts/reproduce.sh"),
        ("configs/bases.yaml", "configs/base.yaml"),
        ("--learning_rate", "--learning-rate"),
        ("docs/date.md", "docs/data.md"),
    ] {
        let found = found(&first.files, &with(first.readme, wrong, right));
        let line = first.readme.lines().find(|line| line.contains(right)).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].2.as_deref(), Some(line), "{found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_misspelt_is_always_found(which in 0usize..3, what in 0usize..40, way in 0usize..6, at in 0usize..20) {
        let examples = examples();
        let example = &examples[which];
        let words: Vec<&str> = example.paths.iter().chain(example.flags).chain(example.links).copied().collect();
        let right = words[what % words.len()];
        let is_taken = |wrong: &str| example.files.iter().any(|(path, text)| path.ends_with(wrong) || text.contains(&format!("'{wrong}'")));
        if let Some(wrong) = misspelt(right, way, at).filter(|wrong| !is_taken(wrong)) {
            let readme = with(example.readme, &wrong, right);
            let found = found(&example.files, &readme);
            let kind = if example.flags.contains(&right) {
                "integrity/flags"
            } else if example.links.contains(&right) {
                "integrity/links"
            } else {
                "integrity/commands"
            };
            prop_assert!(found.iter().any(|(rule, message, _)| *rule == kind && message.contains(&wrong)), "{wrong}: {found:?}");
        }
    }
}
