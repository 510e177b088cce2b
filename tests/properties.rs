//! What holds for any repository: tried on random mixtures of the fixtures' files, and on hostile names and texts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/literate.rs"]
mod literate;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use reprogate::event::Run;
use reprogate::github::CommentId;
use reprogate::publish::{CommentMode, Existing, Key, Mark, OwnComment, Plan, Step, Wanted, plan};
use reprogate::report::{Report, Target};
use reprogate::snapshot::{Snapshot, Text};
use reprogate::{Request, render, review};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Every file of every fixture.
static FILES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    literate::fixtures().iter().flat_map(|path| literate::cases(path)).flat_map(|case| case.files).collect()
});

fn judge(head: &Snapshot, base: Option<&Snapshot>) -> Report {
    let target = Target {
        kind: "pull-request".to_owned(),
        blob_url: Some("https://example.org/blob/0".to_owned()),
        ..Target::default()
    };
    let request = Request { target, today: "2026-01-01".to_owned(), jobs: Some(1), ..Request::default() };
    review(head, base, &request)
}

/// Some files of the fixtures, each under its own path; a later one of the same path takes its place.
fn mixture() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::vec(any::<Index>(), 0..8)
        .prop_map(|choices| choices.into_iter().map(|choice| choice.get(&FILES).clone()).collect())
}

/// Names and texts that try to break out of whatever they are shown in.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("`".to_owned()),
        Just("```\n".to_owned()),
        Just("|".to_owned()),
        Just("\n".to_owned()),
        Just("@team".to_owned()),
        Just("<!-- x".to_owned()),
        Just("-->".to_owned()),
        Just("</details>".to_owned()),
        Just("<script>".to_owned()),
        Just("::error::".to_owned()),
        Just("%0A".to_owned()),
        Just("](x)".to_owned()),
        Just("\u{202e}".to_owned()),
        "[a-z ]{1,8}",
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// The same 96 cases on every run, so that a change alone decides; with PROPTEST_CASES as many as it says, drawn anew.
fn cases() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(96),
        rng_seed: asked.map_or(RngSeed::Fixed(1), |_: u32| RngSeed::Random),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_same_input_gives_the_same_bytes(head in mixture(), base in mixture()) {
        let (head, base) = (Snapshot::from_files(&head), Snapshot::from_files(&base));
        let (one, other) = (judge(&head, Some(&base)), judge(&head, Some(&base)));
        prop_assert_eq!(render::json::render(&one), render::json::render(&other));
        prop_assert_eq!(render::comment::render(&one), render::comment::render(&other));
        prop_assert_eq!(render::sarif::render(&one), render::sarif::render(&other));
        prop_assert_eq!(render::html::render(&one), render::html::render(&other));
    }

    #[test]
    fn a_commit_compared_with_itself_changes_nothing(files in mixture()) {
        let snapshot = Snapshot::from_files(&files);
        let report = judge(&snapshot, Some(&snapshot));
        prop_assert_eq!(report.delta(), Some(0.0));
        let json = render::json::value(&report);
        for outcome in json["outcomes"].as_array().unwrap() {
            prop_assert!(matches!(outcome["change"].as_str(), None | Some("existing")), "{}", outcome);
        }
    }

    #[test]
    fn adding_a_file_never_lowers_coverage(files in mixture(), more in any::<Index>()) {
        let before = judge(&Snapshot::from_files(&files), None).coverage;
        let mut files = files;
        let (path, text) = more.get(&FILES).clone();
        files.entry(path).or_insert(text);
        let after = judge(&Snapshot::from_files(&files), None).coverage;
        prop_assert!(after.files >= before.files && after.read >= before.read && after.bytes >= before.bytes);
    }

    #[test]
    fn the_range_contains_the_score_whatever_unknown_turns_out_to_be(files in mixture(), hidden in prop::collection::vec(any::<bool>(), 8)) {
        let whole = Snapshot::from_files(&files);
        let mut partial = whole.clone();
        for (entry, hide) in whole.entries.iter().zip(hidden) {
            if hide {
                partial.texts.insert(entry.id.clone(), Text::Unread("the blob is not in this clone".to_owned()));
            }
        }
        let (truth, range) = (judge(&whole, None), judge(&partial, None));
        prop_assert!(
            range.score() <= truth.score() + 0.1 && truth.score() <= range.score_at_most() + 0.1,
            "{} is not in {} to {}\nhidden: {:?}\n{}",
            truth.score(), range.score(), range.score_at_most(),
            partial.texts.iter().filter(|(_, text)| matches!(text, Text::Unread(_))).map(|(id, _)| id).collect::<Vec<_>>(),
            difference(&truth, &range),
        );
    }

    #[test]
    fn no_name_breaks_out_of_what_it_is_shown_in(path in hostile(), text in hostile(), heading in hostile()) {
        let readme = format!("# {heading}\n\n```bash\npython {path}.py --{text}\n```\n\n![{text}]({path}.png)\n");
        let files = [("README.md".to_owned(), readme), (format!("{}.ipynb", path.replace('\n', " ")), text.clone()), (path, text)];
        let report = judge(&Snapshot::from_files(files), None);
        let comment = render::comment::render(&report);
        prop_assert!(comment.len() < 60_000);
        let (words, markup) = outside_code(&comment);
        // Within code nobody is called and nothing is markup; a name that ends the code early would be outside of it.
        prop_assert!(!markup.contains("<script>"), "{markup}");
        prop_assert!(!words.contains("@team"), "{}", words.lines().find(|line| line.contains("@team")).unwrap_or_default());
        for annotation in render::annotations::list(&report) {
            prop_assert_eq!(annotation.workflow_command().lines().count(), 1);
        }
        prop_assert!(!render::html::render(&report).contains("<script>alert"));
    }
}

/// What is judged as the only document, is it no more where there are others.
#[test]
fn a_document_that_was_not_read_is_one_of_several() {
    let page = "# Training\n\n```\npython train.py --lr 0.1\n```\n";
    for other in ["vendor/lib/README.md", "notes.md"] {
        hiding(&[("TRAINING.md", page), (other, "# Notes\n")], other);
    }
}

/// A script of which nobody knows yet that it only draws pictures takes away what its name would be taken for elsewhere.
#[test]
fn code_that_was_not_read_may_only_draw() {
    let draws = "from model import load, save_image\n\nmodel = load('m')\nfor x in model.inputs():\n    save_image(model.test(x), 'out')\n";
    let measures = "yhat <- predict(fit, new)\nmse <- mean((yhat - y)^2)\n";
    hiding(&[("sim.R", measures), ("test.py", draws)], "test.py");
}

/// The range without the text of `path` contains the score.
fn hiding(files: &[(&str, &str)], path: &str) {
    let whole = Snapshot::from_files(files.iter().copied());
    let mut partial = whole.clone();
    let hidden = whole.entries.iter().find(|entry| &*entry.path == path).unwrap();
    partial.texts.insert(hidden.id.clone(), Text::Unread("the blob is not in this clone".to_owned()));
    let (truth, range) = (judge(&whole, None), judge(&partial, None));
    assert!(range.score() <= truth.score(), "{path}: {}", difference(&truth, &range));
    assert!(truth.score() <= range.score_at_most(), "{path}: {}", difference(&truth, &range));
}

/// The words and the raw HTML of `markdown`, code left out.
fn outside_code(markdown: &str) -> (String, String) {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let mut code = false;
    let (mut words, mut markup) = (String::new(), String::new());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(text) if !code => words.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => {
                code = if &*html == "<code>" { true } else { code && &*html != "</code>" };
                markup.push_str(&html);
            }
            _ => {}
        }
    }
    (words, markup)
}

/// Outcomes of `truth` that lie outside of those of `range`.
fn difference(truth: &Report, range: &Report) -> String {
    let of = |report: &Report| -> Vec<(String, f64, f64, f64)> {
        let outcomes = report.verdicts.iter().flat_map(|verdict| verdict.all_outcomes());
        outcomes.map(|o| (o.rule.id.to_owned(), o.points, o.points_at_most, o.of)).collect()
    };
    let known = of(range);
    let mut text = String::new();
    for (id, points, _, whole) in of(truth) {
        if whole > 0.0 && known.iter().any(|(known, _, _, asked)| *known == id && *asked == 0.0) {
            text += &format!("{id}: asked here, and not where files are hidden\n");
        }
        let there = known.iter().find(|(known, ..)| *known == id);
        if !there.is_some_and(|(_, low, high, _)| *low <= points + 1e-6 && points <= high + 1e-6) {
            text += &format!("{id}: {points} of {whole}, range {there:?}\n");
        }
    }
    text
}

/// What GitHub would hold after `plan`'s steps.
fn applied(existing: &mut Existing, plan: &Plan, wanted: &Wanted, next: &mut u64) {
    let body = format!("{}{}", wanted.mark.line(), wanted.text);
    for step in &plan.steps {
        match step {
            Step::Create => {
                *next += 1;
                existing.comments.push(OwnComment {
                    id: CommentId(*next),
                    body: body.clone(),
                    url: String::new(),
                });
            }
            Step::Update(id) => {
                for comment in existing.comments.iter_mut().filter(|comment| comment.id == *id) {
                    comment.body.clone_from(&body);
                }
            }
            Step::Delete(id) => existing.comments.retain(|comment| comment.id != *id),
        }
    }
}

/// A run's verdict: the head that it judged, its number and attempt, its gate.
fn run_of(head: u8, run: u64, attempt: u64, gate: u8) -> Wanted {
    Wanted {
        mark: Mark {
            key: Key::new(["", "models"][usize::from(gate) % 2], ""),
            head: format!("{:x}", head % 4).repeat(40),
            base: None,
            run: Run { id: run, attempt },
        },
        text: format!("verdict on {}\n", head % 4),
        base_ref: "main".to_owned(),
        mode: CommentMode::Update,
    }
}

fn runs() -> impl Strategy<Value = Vec<Wanted>> {
    let one = (0..4_u8, 0..5_u64, 1..3_u64, 0..2_u8);
    prop::collection::vec(one.prop_map(|(head, run, attempt, gate)| run_of(head, run, attempt, gate)), 0..8)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn publishing_twice_is_publishing_once(
        there in runs(), strangers in prop::collection::vec(hostile(), 0..3), wanted in runs(), now in 0..4_u8, fresh in any::<bool>()
    ) {
        let mut next = 0;
        let mut comment = |body: String| {
            next += 1;
            OwnComment { id: CommentId(next), body, url: String::new() }
        };
        let mut comments: Vec<OwnComment> = there.iter().map(|run| comment(format!("{}{}", run.mark.line(), run.text))).collect();
        comments.extend(strangers.into_iter().map(&mut comment));
        let head = format!("{now:x}").repeat(40).parse().unwrap();
        let mut existing = Existing { head, base_ref: "main".to_owned(), comments, whole: true };
        let unmarked = |existing: &Existing| {
            existing.comments.iter().filter(|comment| Mark::read(&comment.body).is_none()).cloned().collect::<Vec<_>>()
        };
        let others = unmarked(&existing);
        for mut wanted in wanted {
            wanted.mode = if fresh { CommentMode::New } else { CommentMode::Update };
            let first = plan(&wanted, &existing);
            applied(&mut existing, &first, &wanted, &mut next);
            let settled = existing.clone();
            let second = plan(&wanted, &existing);
            prop_assert!(second.steps.is_empty(), "{:?}, and then {:?}", first, second);
            prop_assert_eq!(second.superseded.is_some(), first.superseded.is_some());
            applied(&mut existing, &second, &wanted, &mut next);
            prop_assert_eq!(&existing, &settled);
            if first.superseded.is_none() {
                // There it is, once, and about the commit that was judged.
                let own = existing.comments.iter().filter(|comment| {
                    Mark::read(&comment.body).is_some_and(|(mark, _)| {
                        mark.key == wanted.mark.key && (!fresh || mark.head == wanted.mark.head)
                    })
                });
                let own: Vec<&OwnComment> = own.collect();
                prop_assert_eq!(own.len(), 1);
                let (mark, text) = Mark::read(&own[0].body).unwrap();
                prop_assert_eq!((mark.head.as_str(), text), (wanted.mark.head.as_str(), wanted.text.as_str()));
            }
        }
        prop_assert_eq!(unmarked(&existing), others);
    }
}
