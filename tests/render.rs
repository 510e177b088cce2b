//! What people see: every case in which a comment is read, and what may never happen whatever a pull request holds.
//!
//! The rules here are this file's own, so that these snapshots say how a report reads and not how a rule judges.

use reprogate::engine::{Judged, Judgements};
use reprogate::facts::{Lines, Unread};
use reprogate::policy::{FailOn, Policy, Project, Waiver};
use reprogate::render;
use reprogate::report::{Coverage, ProposedPolicy, Report, Target};
use reprogate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Part, PartJudgement, Replacement, Rule, Snippet, Standard,
    Theme,
};
use reprogate::verdict::{Verdict, reach};
use std::sync::Arc;

const fn rule(
    id: &'static str,
    standard: Standard,
    title: &'static str,
    reason: &'static str,
    theme: Theme,
    weight: f64,
    parts: &'static [Part],
) -> Rule {
    Rule {
        id,
        standard,
        title,
        summary: title,
        reason,
        theme,
        weight,
        parts,
        options: &[],
        docs: "# What it asks\n\nA thing.\n",
        judge: Judge::Project(|_, _| Judgement::not_applicable("")),
    }
}

const fn part(id: &'static str, title: &'static str, share: u32) -> Part {
    Part { id, title, share }
}

static DEPENDENCIES: Rule = rule(
    "checklist/dependencies",
    Standard::Checklist,
    "Dependencies",
    "nobody can rebuild the environment from memory",
    Theme::Training,
    10.0,
    &[part("specified", "specified", 2), part("install-instructions", "installation told", 1)],
);
static TRAINING: Rule = rule(
    "checklist/training-code",
    Standard::Checklist,
    "Training code",
    "a result that cannot be trained again cannot be checked",
    Theme::Training,
    10.0,
    &[part("code", "training code", 2), part("command", "documented command", 1)],
);
static EVALUATION: Rule = rule(
    "checklist/evaluation-code",
    Standard::Checklist,
    "Evaluation code",
    "small differences in how a metric is computed change the numbers",
    Theme::Evaluation,
    10.0,
    &[part("code", "evaluation code", 2), part("command", "documented command", 1)],
);
static RESULTS: Rule = rule(
    "checklist/results",
    Standard::Checklist,
    "Results",
    "a number without its command cannot be made again",
    Theme::Evaluation,
    10.0,
    &[part("shown-and-reproducible", "shown, with the command that makes them", 1)],
);
static MODELS: Rule = rule(
    "checklist/pretrained-models",
    Standard::Checklist,
    "Pre-trained models",
    "training again may cost more than a reader has",
    Theme::Inference,
    10.0,
    &[part("released", "released", 1)],
);
static LICENSE: Rule = rule(
    "sharing/license",
    Standard::Sharing,
    "Licence",
    "without one nobody may build on the code",
    Theme::Sharing,
    9.0,
    &[part("present", "a known licence", 1)],
);
static CITATION: Rule = rule(
    "sharing/citation",
    Standard::Sharing,
    "Citation",
    "who builds on it wants to credit it",
    Theme::Sharing,
    6.0,
    &[part("present", "how to cite", 1)],
);
static COMMANDS: Rule = rule(
    "integrity/commands",
    Standard::Integrity,
    "Commands name what exists",
    "the first command that fails is where a reader gives up",
    Theme::Training,
    10.0,
    &[part("exist", "every command names what exists", 1)],
);

const TOLD: &[Part] = &[part("told", "told", 1)];
const RECIPE_NAMES: [(&str, &str, Theme); 10] = [
    ("recipe/raw-data-description", "Raw data described", Theme::Data),
    ("recipe/raw-data-path", "Where the raw data is", Theme::Data),
    ("recipe/processing-code", "Processing code", Theme::Data),
    ("recipe/architecture", "Architecture", Theme::Training),
    ("recipe/loss", "Loss", Theme::Training),
    ("recipe/training-commit", "Commit of the training code", Theme::Training),
    ("recipe/dynamics", "Training dynamics", Theme::Training),
    ("recipe/target-metrics", "Target metrics", Theme::Evaluation),
    ("recipe/evaluation-commit", "Commit of the evaluation code", Theme::Evaluation),
    ("recipe/references", "References", Theme::Sharing),
];
static RECIPES: [Rule; 10] = {
    const fn of(index: usize) -> Rule {
        let (id, title, theme) = RECIPE_NAMES[index];
        rule(id, Standard::Recipe, title, "it has to be guessed else", theme, 2.5, TOLD)
    }
    [of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7), of(8), of(9)]
};

fn at(path: &str, first: u32, last: u32, note: &str) -> Evidence {
    Evidence::new(path, Lines { first, last }, note)
}

/// A judgement whose parts are met (with a place) or not.
fn parts(rule: &'static Rule, met: &[Option<(&str, u32, u32)>]) -> Judgement {
    let parts = rule.parts.iter().zip(met).map(|(part, met)| match met {
        Some((path, first, last)) => PartJudgement::met(part.id, vec![at(path, *first, *last, part.title)]),
        None => PartJudgement::missing(part.id),
    });
    Judgement {
        parts: parts.collect(),
        looked_at: vec!["README.md".into(), "the files it links to".into()],
        ..Judgement::default()
    }
}

fn all_met(rule: &'static Rule) -> Judgement {
    parts(rule, &[Some(("README.md", 12, 14)), Some(("train.py", 3, 3))])
}

fn none_met(rule: &'static Rule, summary: &str, snippet: Option<(&str, &str, bool)>) -> Judgement {
    let snippet =
        snippet.map(|(path, body, new_file)| Snippet { path: path.into(), body: body.into(), new_file });
    Judgement { fix: Some(Fix { summary: summary.into(), snippet }), ..parts(rule, &[None, None]) }
}

fn wrong(rule: &'static Rule, places: &[(&str, u32, &str, Option<&str>)]) -> Judgement {
    let findings = places.iter().map(|&(path, line, message, replacement)| Finding {
        place: at(path, line, line, "wrong"),
        message: message.into(),
        key: message.into(),
        replacement: replacement.map(|text| Replacement { line, text: text.into() }),
    });
    Judgement {
        findings: findings.collect(),
        parts: vec![PartJudgement { credit: 0.5, ..PartJudgement::missing(rule.parts[0].id) }],
        looked_at: vec!["README.md".into()],
        fix: Some(Fix { summary: "Correct the commands that name no file".into(), snippet: None }),
        ..Judgement::default()
    }
}

type Told = Vec<(&'static Rule, Judgement)>;

/// Every rule of the project met.
fn perfect() -> Told {
    [&DEPENDENCIES, &TRAINING, &EVALUATION, &RESULTS, &MODELS, &LICENSE, &CITATION, &COMMANDS]
        .into_iter()
        .map(|rule| (rule, all_met(rule)))
        .collect()
}

fn with(mut told: Told, changes: Told) -> Told {
    for (rule, judgement) in changes {
        match told.iter_mut().find(|(known, _)| known.id == rule.id) {
            Some(known) => known.1 = judgement,
            None => told.push((rule, judgement)),
        }
    }
    told
}

fn recipe(gaps: usize) -> Told {
    RECIPES
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            if index >= gaps {
                return (rule, all_met(rule));
            }
            let section = match rule.theme {
                Theme::Data => "Data",
                Theme::Training => "Training",
                _ => "Evaluation",
            };
            let body = format!("## {section}\n\n- {}: \n", rule.title);
            let summary = format!("README.md tells nothing under \"{}\"", rule.title);
            (rule, none_met(rule, &summary, Some(("README.md", &body, false))))
        })
        .collect()
}

fn judge(
    policy: &Policy,
    project: &Project,
    told: Told,
    recipes: Vec<(&str, Told)>,
    base: Option<&Verdict>,
) -> Verdict {
    let judged = |told: Told| -> Vec<Judged> {
        told.into_iter().map(|(rule, judgement)| Judged { rule, judgement }).collect()
    };
    let recipes = recipes.into_iter().map(|(path, told)| (path.to_owned(), judged(told))).collect();
    let judgements = Judgements { project: judged(told), recipes };
    reach(judgements, policy, project, "2026-06-01", base)
}

fn report(
    policy: Policy,
    head: Told,
    recipes: Vec<(&str, Told)>,
    base: Option<(Told, Vec<(&str, Told)>)>,
) -> Report {
    let project = policy.projects[0].clone();
    let base = base.map(|(told, recipes)| judge(&policy, &project, told, recipes, None));
    let verdict = judge(&policy, &project, head, recipes, base.as_ref());
    whole(policy, vec![verdict], if base.is_some() { vec![base] } else { vec![] })
}

fn whole(policy: Policy, verdicts: Vec<Verdict>, base: Vec<Option<Verdict>>) -> Report {
    let head = "5f3c1d0a9b8e7f6a5d4c3b2a1908f7e6d5c4b3a2";
    let readme: String = (1..=120).map(|line| format!("line {line} of the text\n")).collect();
    Report {
        target: Target {
            kind: "pull-request".into(),
            repo: Some("lab/model".into()),
            head: Some(head.into()),
            base: Some("0a1b2c3d4e5f60718293a4b5c6d7e8f901234567".into()),
            pull_request: Some(7),
            blob_url: Some(format!("https://github.com/lab/model/blob/{head}")),
            new_file_url: Some("https://github.com/lab/model/new/feature".into()),
        },
        policy,
        policy_source: "base commit 0a1b2c3".into(),
        proposed_policy: None,
        verdicts,
        base,
        documents: vec!["README.md".into()],
        coverage: Coverage { files: 37, read: 24, bytes: 120_034, unread: vec![] },
        excerpts: [("README.md", readme.as_str()), ("train.py", "import torch\n\ndef main():\n    pass\n")]
            .into_iter()
            .map(|(path, text)| (path.to_owned(), Arc::from(text)))
            .collect(),
    }
}

fn minimum(min_score: f64) -> Policy {
    Policy { min_score, ..Policy::default() }
}

fn empty_told() -> Told {
    vec![
        (
            &DEPENDENCIES,
            none_met(&DEPENDENCIES, "Add a requirements.txt that names what the code imports", None),
        ),
        (&TRAINING, none_met(&TRAINING, "Add the code that trains the model", None)),
        (&EVALUATION, none_met(&EVALUATION, "Add the code that evaluates the model", None)),
        (&RESULTS, none_met(&RESULTS, "Add a README with a table of the main results", None)),
        (&MODELS, none_met(&MODELS, "Publish the weights, as a GitHub release for example", None)),
        (
            &LICENSE,
            none_met(
                &LICENSE,
                "Add a LICENSE file; MIT is a common choice for research code",
                Some(("LICENSE", "MIT License\n\nCopyright (c) 2026 the authors\n", true)),
            ),
        ),
        (
            &CITATION,
            none_met(
                &CITATION,
                "Add a CITATION.cff, which GitHub shows as a button",
                Some(("CITATION.cff", "cff-version: 1.2.0\ntitle: model\n", true)),
            ),
        ),
        (&COMMANDS, Judgement::not_applicable("no document holds a command")),
    ]
}

fn results_missing() -> Judgement {
    none_met(
        &RESULTS,
        "The results table at README.md:88 has no command that makes it",
        Some(("README.md", "## Results\n\n```sh\npython eval.py --checkpoint best.pt\n```\n", false)),
    )
}

/// Every case, by name.
fn cases() -> Vec<(&'static str, Report)> {
    let mut cases = vec![
        (
            "a_perfect_repository",
            report(
                minimum(70.0),
                perfect(),
                vec![("README.md", recipe(0))],
                Some((perfect(), vec![("README.md", recipe(0))])),
            ),
        ),
        ("an_empty_repository", report(minimum(60.0), empty_told(), vec![], None)),
    ];
    let readme_only = with(
        empty_told(),
        vec![
            (&RESULTS, results_missing()),
            (
                &COMMANDS,
                wrong(
                    &COMMANDS,
                    &[("README.md", 20, "python train.py names no file of this repository", None)],
                ),
            ),
        ],
    );
    cases.push(("a_readme_only", report(minimum(60.0), readme_only, vec![("README.md", recipe(6))], None)));
    let unlicensed =
        || with(perfect(), vec![(&LICENSE, empty_told().remove(5).1), (&RESULTS, results_missing())]);
    cases.push((
        "one_file_fixed",
        report(
            minimum(70.0),
            with(perfect(), vec![(&RESULTS, results_missing())]),
            vec![("README.md", recipe(2))],
            Some((unlicensed(), vec![("README.md", recipe(3))])),
        ),
    ));
    let broken = wrong(
        &COMMANDS,
        &[
            (
                "README.md",
                20,
                "python trian.py names no file of this repository; the nearest is train.py",
                Some("python train.py --lr 0.1"),
            ),
            (
                "README.md",
                31,
                "eval.py has no flag --chekpoint; the nearest is --checkpoint",
                Some("python eval.py --checkpoint best.pt"),
            ),
        ],
    );
    let before =
        wrong(&COMMANDS, &[("README.md", 44, "python demo.py names no file of this repository", None)]);
    cases.push((
        "a_regression",
        report(
            Policy { fail_on: FailOn::Both, ..minimum(60.0) },
            with(
                perfect(),
                vec![
                    (&COMMANDS, broken.clone()),
                    (
                        &TRAINING,
                        Judgement {
                            fix: Some(Fix {
                                summary: "Bring back the training code that README.md:12 speaks of".into(),
                                snippet: None,
                            }),
                            ..parts(&TRAINING, &[None, Some(("README.md", 12, 14))])
                        },
                    ),
                ],
            ),
            vec![("README.md", recipe(1))],
            Some((
                with(perfect(), vec![(&COMMANDS, before), (&CITATION, empty_told().remove(6).1)]),
                vec![("README.md", recipe(1))],
            )),
        ),
    ));
    let told = || {
        with(
            perfect(),
            vec![
                (&RESULTS, results_missing()),
                (&CITATION, empty_told().remove(6).1),
                (&MODELS, empty_told().remove(4).1),
            ],
        )
    };
    let missed = report(minimum(75.0), told(), vec![("README.md", recipe(1))], None);
    let least = missed.verdicts[0].score + 1.0;
    cases.push((
        "a_gate_missed_by_one_point",
        report(
            minimum(least),
            told(),
            vec![("README.md", recipe(1))],
            Some((told(), vec![("README.md", recipe(1))])),
        ),
    ));
    let messages: Vec<(String, u32)> = (0..40)
        .map(|index| (format!("python scripts/step_{index}.py names no file of this repository"), 10 + index))
        .collect();
    let forty: Vec<(&str, u32, &str, Option<&str>)> =
        messages.iter().map(|(message, line)| ("README.md", *line, message.as_str(), None)).collect();
    cases.push((
        "forty_findings",
        report(
            minimum(60.0),
            with(perfect(), vec![(&COMMANDS, wrong(&COMMANDS, &forty))]),
            vec![("README.md", recipe(0))],
            Some((perfect(), vec![("README.md", recipe(0))])),
        ),
    ));
    cases.push((
        "a_recipe_with_nine_gaps",
        report(
            minimum(90.0),
            perfect(),
            vec![("recipes/large.md", recipe(0)), ("recipes/small.md", recipe(9))],
            Some((perfect(), vec![("recipes/large.md", recipe(0))])),
        ),
    ));
    cases.push(("three_projects", three_projects()));
    let mut proposed = report(
        minimum(70.0),
        perfect(),
        vec![("README.md", recipe(5))],
        Some((perfect(), vec![("README.md", recipe(5))])),
    );
    proposed.proposed_policy = Some(ProposedPolicy {
        path: ".github/reprogate.yml".into(),
        changes: vec![
            "minimum 70 -> 40".into(),
            "waives sharing/license until 2027-01-01: \"we ask the @legal team\"".into(),
        ],
        error: None,
    });
    cases.push(("a_proposed_policy", proposed));
    cases.push(("hostile_names", hostile()));
    let unknown = |rule: &'static Rule| Judgement {
        parts: rule
            .parts
            .iter()
            .map(|part| PartJudgement {
                met: Met::Unknown("train.py is over the limit of 524288 bytes for one file".into()),
                ..PartJudgement::missing(part.id)
            })
            .collect(),
        looked_at: vec!["train.py".into()],
        ..Judgement::default()
    };
    let mut unknowns = report(
        minimum(85.0),
        with(perfect(), vec![(&TRAINING, unknown(&TRAINING)), (&CITATION, empty_told().remove(6).1)]),
        vec![("README.md", recipe(1))],
        Some((perfect(), vec![("README.md", recipe(1))])),
    );
    unknowns.coverage.unread = vec![Unread {
        path: "train.py".into(),
        why: "600000 bytes, over the limit of 524288 for one file".into(),
    }];
    cases.push(("unknowns", unknowns));
    let waiver = |rule: &str, path: Option<&str>, until: &str| Waiver {
        rule: rule.into(),
        path: path.map(Into::into),
        reason: "the weights are under review by the hospital".into(),
        until: until.into(),
    };
    let policy = Policy {
        waivers: vec![
            waiver("checklist/pretrained-models", None, "2026-12-31"),
            waiver("sharing/citation", None, "2026-03-01"),
            waiver("integrity/commands", Some("docs/**"), "2026-12-31"),
        ],
        ..minimum(60.0)
    };
    cases.push(("waivers", report(policy, told(), vec![("README.md", recipe(1))], None)));
    cases
}

fn three_projects() -> Report {
    let project = |root: &str, min_score| Project { root: root.into(), min_score };
    let policy = Policy {
        projects: vec![project("vision", Some(80.0)), project("speech", None), project("tools", Some(0.0))],
        ..minimum(60.0)
    };
    let (mut verdicts, mut base) = (vec![], vec![]);
    for (index, project) in policy.projects.iter().enumerate() {
        let told = |worse: bool| match (index, worse) {
            (0, false) => {
                with(perfect(), vec![(&RESULTS, results_missing()), (&MODELS, empty_told().remove(4).1)])
            }
            (1, _) => perfect(),
            (2, false) => empty_told(),
            _ => with(perfect(), vec![(&RESULTS, results_missing())]),
        };
        let before = (index < 2).then(|| judge(&policy, project, told(true), vec![], None));
        verdicts.push(judge(&policy, project, told(false), vec![], before.as_ref()));
        base.push(before);
    }
    whole(policy, verdicts, base)
}

const HOSTILE: &str =
    "a`b``c|d\n@everyone <!-- x --> **b** <img src=x> [l](http://e.org) #1 </details> ```` ::error::";

fn hostile() -> Report {
    let policy = Policy {
        waivers: vec![Waiver {
            rule: HOSTILE.into(),
            path: Some(HOSTILE.into()),
            reason: HOSTILE.into(),
            until: "2027-01-01".into(),
        }],
        ..minimum(99.0)
    };
    let judgement = Judgement {
        looked_at: vec![HOSTILE.into()],
        fix: Some(Fix {
            summary: HOSTILE.into(),
            snippet: Some(Snippet {
                path: HOSTILE.into(),
                body: format!("{HOSTILE}\n````\n<!-- reprogate: -->"),
                new_file: true,
            }),
        }),
        ..wrong(&COMMANDS, &[(HOSTILE, 3, HOSTILE, Some(HOSTILE)), (HOSTILE, 4, "`code` and `more`", None)])
    };
    let mut report = report(
        policy,
        with(perfect(), vec![(&COMMANDS, judgement), (&LICENSE, parts(&LICENSE, &[Some((HOSTILE, 1, 2))]))]),
        vec![(HOSTILE, recipe(2)), ("b.md", recipe(0))],
        Some((perfect(), vec![])),
    );
    report.proposed_policy =
        Some(ProposedPolicy { path: HOSTILE.into(), changes: vec![], error: Some(HOSTILE.into()) });
    report.policy_source = HOSTILE.into();
    report.coverage.unread = vec![Unread { path: HOSTILE.into(), why: HOSTILE.into() }];
    report
}

#[test]
fn each_case_reads_well() {
    for (name, report) in cases() {
        insta::assert_snapshot!(format!("comment_{name}"), render::comment::render(&report));
    }
}

/// A schema's validator is a big dependency; what is told here is what readers of the other faces see.
#[test]
fn the_other_faces_read_well() {
    let cases = cases();
    let case = |name: &str| &cases.iter().find(|(known, _)| *known == name).unwrap().1;
    for (name, report) in &cases {
        insta::assert_snapshot!(format!("terminal_{name}"), render::terminal::render(report, false, 100));
        insta::assert_debug_snapshot!(format!("annotations_{name}"), render::annotations::list(report));
        insta::assert_snapshot!(format!("sarif_{name}"), render::sarif::render(report));
        // What it looks like is the same for all.
        let html = render::html::render(report);
        let (before, after) = (html.split_once("<style>").unwrap().0, html.split_once("</style>").unwrap().1);
        insta::assert_snapshot!(format!("html_{name}"), format!("{before}{after}"));
        let notes = render::review::list(report);
        if !notes.is_empty() {
            insta::assert_debug_snapshot!(format!("review_{name}"), notes);
        }
        // Here everything fits into a comment, so the summary has nothing to add.
        assert_eq!(render::summary::render(report), render::comment::render(report), "{name}");
    }
    insta::assert_snapshot!("markdown_a_regression", render::markdown::render(case("a_regression")));
    insta::assert_snapshot!("badge_svg", render::badge::svg(case("unknowns")));
    insta::assert_snapshot!("badge_endpoint", render::badge::endpoint(case("a_regression")));
}

#[test]
fn annotations_stay_within_the_caps() {
    for (name, report) in cases() {
        let list = render::annotations::list(&report);
        for level in [
            render::annotations::Level::Error,
            render::annotations::Level::Warning,
            render::annotations::Level::Notice,
        ] {
            assert!(list.iter().filter(|annotation| annotation.level == level).count() <= 10, "{name}");
        }
        assert!(list.is_sorted_by_key(|annotation| annotation.level), "{name}");
    }
}

/// Writes every case as HTML where REPROGATE_SAMPLES names a folder; the browser's tests read them there.
#[test]
fn sample_reports_are_written_on_demand() {
    let Some(folder) = std::env::var_os("REPROGATE_SAMPLES") else { return };
    for (name, report) in cases() {
        let folder = std::path::Path::new(&folder);
        std::fs::write(folder.join(format!("{name}.html")), render::html::render(&report)).unwrap();
        std::fs::write(folder.join(format!("{name}.sarif")), render::sarif::render(&report)).unwrap();
        std::fs::write(folder.join(format!("{name}.json")), render::json::render(&report)).unwrap();
    }
}

/// Markdown, whatever else it says, has every fence closed, each table row whole, no HTML but ours and no mention.
fn check_markdown(markdown: &str, most: usize) {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    assert!(markdown.len() <= most, "{} bytes", markdown.len());
    let (mut folds, mut code) = (0_i32, false);
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                code = (code || html == "<code>") && html != "</code>";
                folds += i32::from(html.contains("<details>")) - i32::from(html.contains("</details>"));
                let ours = ["<details>", "</details>", "<summary>", "<code>", "</code>"];
                assert!(html.is_empty() || ours.iter().any(|tag| html.starts_with(tag)), "{html}");
                assert!(
                    !html.contains("<img") && !html.contains("<script") && !html.contains("<!--"),
                    "{html}"
                );
                assert!((0..=2).contains(&folds), "{html}");
            }
            Event::Text(text) if !code => assert!(!text.contains("@team") && !text.contains("#1"), "{text}"),
            Event::Start(Tag::Image { dest_url, .. }) => assert_eq!(dest_url.as_ref(), "no image"),
            _ => {}
        }
    }
    assert_eq!(folds, 0, "a fold is left open");
    let last = markdown.lines().last().unwrap_or_default();
    assert!(!last.starts_with("```"), "{last}");
    assert!(!code);
}

/// A report in which every text that a pull request decides on is `text`.
fn arbitrary_report(text: &str, findings: usize, gaps: usize, min_score: f64) -> Report {
    let places: Vec<(&str, u32, &str, Option<&str>)> =
        (0..findings).map(|index| (text, index as u32, text, (index % 2 == 0).then_some(text))).collect();
    let judgement = || Judgement {
        looked_at: vec![text.to_owned(); 30],
        fix: Some(Fix {
            summary: text.to_owned(),
            snippet: Some(Snippet {
                path: text.to_owned(),
                body: text.to_owned(),
                new_file: findings.is_multiple_of(2),
            }),
        }),
        ..wrong(&COMMANDS, &places)
    };
    let evidence = || Judgement {
        parts: vec![PartJudgement::met("present", vec![at(text, 1, 9, text); 20])],
        ..Judgement::default()
    };
    let policy = Policy {
        waivers: vec![
            Waiver {
                rule: text.into(),
                path: Some(text.into()),
                reason: text.into(),
                until: text.into()
            };
            3
        ],
        ..minimum(min_score)
    };
    let told = || {
        with(
            empty_told(),
            vec![
                (&COMMANDS, judgement()),
                (&LICENSE, evidence()),
                (&RESULTS, none_met(&RESULTS, text, Some((text, text, false)))),
            ],
        )
    };
    let recipes = || vec![(text, recipe(gaps)), ("b.md", recipe(gaps))];
    let mut report = report(policy, told(), recipes(), Some((perfect(), vec![])));
    for _ in 0..findings.min(12) {
        let project = Project { root: text.into(), min_score: None };
        let verdict = judge(&report.policy, &project, told(), recipes(), None);
        report.verdicts.push(verdict);
        report.base.push(None);
    }
    report.proposed_policy = Some(ProposedPolicy {
        path: text.into(),
        changes: vec![text.into(); 40],
        error: findings.is_multiple_of(3).then(|| text.into()),
    });
    report.policy_source = text.into();
    report.coverage.unread = vec![Unread { path: text.into(), why: text.into() }; 300];
    report.excerpts.insert(text.to_owned(), Arc::from(text));
    report
}

fn check_faces(report: &Report) {
    let comment = render::comment::render(report);
    check_markdown(&comment, render::comment::MOST_BYTES);
    check_markdown(&render::summary::render(report), render::summary::MOST_BYTES);
    check_markdown(&render::markdown::render(report), usize::MAX);
    assert_eq!(comment, render::comment::render(report));
    for note in render::review::list(report) {
        check_markdown(&note.body, render::comment::MOST_BYTES);
    }
    let terminal = render::terminal::render(report, false, 80);
    assert!(!terminal.contains(|c: char| c.is_control() && c != '\n'));
    let html = render::html::render(report);
    assert!(!html.contains("<script") && !html.contains("<img"));
    assert!(serde_json::from_str::<serde_json::Value>(&render::sarif::render(report)).is_ok());
    let list = render::annotations::list(report);
    assert!(list.len() <= 30 && list.iter().all(|annotation| !annotation.message.contains('\n')));
}

/// What opens, closes or mentions something, in any order.
fn hostile_text() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let pieces = prop_oneof![
        Just("`"),
        Just("```"),
        Just("````"),
        Just("~~~"),
        Just("\n"),
        Just("\r"),
        Just("|"),
        Just("<!--"),
        Just("-->"),
        Just("</details>"),
        Just("<details>"),
        Just("<img src=x>"),
        Just("<script>"),
        Just("@team"),
        Just("#1"),
        Just("\\"),
        Just("]("),
        Just("\u{202e}"),
        Just("\u{1b}[31m"),
        Just("::error::"),
        Just("%0A"),
        Just("é"),
        Just("漢"),
        Just("🦀"),
        Just("a"),
        Just(" "),
        Just("\t"),
        Just("- "),
        Just("1. "),
        Just("# "),
        Just("> "),
        Just("    "),
        Just("www.x.org"),
    ];
    (proptest::collection::vec(pieces, 0..30), 1_usize..20)
        .prop_map(|(pieces, times)| pieces.concat().repeat(times))
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 12, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nothing_from_a_pull_request_breaks_a_face(text in hostile_text(), findings in 0_usize..12, gaps in 0_usize..10, least in 0.0..100.0) {
        check_faces(&arbitrary_report(&text, findings, gaps, least));
    }
}

#[test]
fn the_largest_reports_fit() {
    for text in ["漢`|@".repeat(500), "`".repeat(3_000), HOSTILE.repeat(5)] {
        check_faces(&arbitrary_report(&text, 40, 10, 90.0));
    }
    for (_, report) in cases() {
        check_faces(&report);
    }
}

/// What of JSON schema our own schema uses, and nothing more: an unknown keyword is a mistake.
#[allow(clippy::unwrap_used)]
fn check_schema(schema: &serde_json::Value, root: &serde_json::Value, value: &serde_json::Value, at: &str) {
    use serde_json::Value;
    let kind = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    for (keyword, asked) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let name = asked.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                check_schema(&root["$defs"][name], root, value, at);
            }
            "type" => {
                let is = |asked: &Value| asked == kind(value) || (asked == "number" && value.is_number());
                let one = asked.as_array().map_or_else(|| is(asked), |kinds| kinds.iter().any(is));
                assert!(one, "{at} is {value}, not {asked}");
            }
            "const" => assert_eq!(value, asked, "{at}"),
            "enum" => assert!(asked.as_array().unwrap().contains(value), "{at} is {value}"),
            "minimum" => {
                assert!(value.as_f64().is_none_or(|number| number >= asked.as_f64().unwrap()), "{at}")
            }
            "maximum" => {
                assert!(value.as_f64().is_none_or(|number| number <= asked.as_f64().unwrap()), "{at}")
            }
            "items" => {
                for item in value.as_array().unwrap() {
                    check_schema(asked, root, item, &format!("{at}[]"));
                }
            }
            "required" if value.is_null() => {}
            "required" => {
                let names: Vec<&str> = asked.as_array().unwrap().iter().filter_map(Value::as_str).collect();
                for name in names {
                    assert!(value.get(name).is_some(), "{at} has no {name}");
                }
            }
            "properties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    let known = asked.get(name);
                    // Several projects say which one an outcome is of.
                    assert!(known.is_some() || name == "project", "the schema does not tell of {at}.{name}");
                    if let Some(known) = known {
                        check_schema(known, root, value, &format!("{at}.{name}"));
                    }
                }
            }
            "anyOf" if value.is_null() => {}
            "anyOf" => check_schema(&asked[0], root, value, at),
            other => assert_eq!(other, "a keyword that this checker knows"),
        }
    }
}

#[test]
fn the_json_is_what_its_schema_tells() {
    let schema = render::json::schema();
    for (name, report) in cases() {
        check_schema(&schema, &schema, &render::json::value(&report), name);
    }
}
