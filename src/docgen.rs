//! Generated documentation: rule pages, tables, schemas and `--help`, each from the one place that knows.
//!
//! Pure: it says what every generated file should hold. The test `docs` compares, and writes where it is asked to.

use crate::cli::Cli;
use crate::policy::{self, Profile};
use crate::render::{self, reference};
use crate::rules::{self, OptionDefault, Rule, Standard};
use clap::CommandFactory as _;
use serde_json::Value;
use std::fmt::Write as _;

/// What stands at the top of each file that is generated whole.
const NOTICE: &str =
    "<!-- Generated from the source; `UPDATE_DOCS=1 cargo test --test docs` writes it. -->\n";

/// Files that are generated whole: path from the repository's root, and content.
pub fn files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = rules::all()
        .map(|rule| (format!("docs/rules/{}.md", rule.id), format!("{NOTICE}\n{}", rule_page(rule))))
        .collect();
    files.push(("docs/rules/README.md".to_owned(), format!("{NOTICE}\n{}", catalogue())));
    files.push(("docs/cli.md".to_owned(), format!("{NOTICE}\n{}", command_line())));
    files.push(("docs/schema/policy.schema.json".to_owned(), pretty(&policy::schema())));
    files.push(("docs/schema/report.schema.json".to_owned(), pretty(&render::json::schema())));
    files.push(("docs/score-distribution.svg".to_owned(), distribution_picture()));
    files
}

/// Pieces of hand-written pages that are generated: path, name of the marker, and content.
///
/// A piece stands between `<!-- generated: NAME -->` and `<!-- /generated -->`.
pub fn pieces() -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("README.md", "rules", rules_table("docs/rules/")),
        ("docs/policy.md", "keys", policy_keys()),
        ("docs/choosing-a-minimum.md", "distribution", distribution()),
    ]
}

/// A JSON value as a file holds it.
pub fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// `text` with the piece `name` replaced; `None` where it has no such marker.
pub fn with_piece(text: &str, name: &str, piece: &str) -> Option<String> {
    let open = format!("<!-- generated: {name} -->");
    let (before, rest) = text.split_once(&open)?;
    let (_, after) = rest.split_once("<!-- /generated -->")?;
    Some(format!("{before}{open}\n{}\n<!-- /generated -->{after}", piece.trim_end()))
}

/// A rule's page: its documentation, with its points, parts and options.
pub fn rule_page(rule: &Rule) -> String {
    let mut text = rule.docs.trim_end().to_owned();
    let _ = write!(
        text,
        "\n\n## Points\n\n{} of 100 when every rule applies.\n\n| part | asks for | points |\n|---|---|---|\n",
        number(rule.weight)
    );
    for (index, part) in rule.parts.iter().enumerate() {
        let decides =
            if index == 0 && rule.parts.len() > 1 { " (decides whether the rule is met)" } else { "" };
        let _ = writeln!(
            text,
            "| `{}` | {}{decides} | {} |",
            part.id,
            part.title,
            number(rule.points_of(part.id))
        );
    }
    if !rule.options.is_empty() {
        text.push_str(
            "\n## Options\n\nUnder `rules:` in the policy.\n\n| option | does | default |\n|---|---|---|\n",
        );
        for option in rule.options {
            let default = match option.default {
                OptionDefault::Number { default, least, most } => format!("{default} ({least} to {most})"),
                OptionDefault::Texts(texts) => format!("`{texts:?}`"),
                OptionDefault::Flag(flag) => flag.to_string(),
            };
            let _ = writeln!(text, "| `{}` | {} | {default} |", option.name, option.summary);
        }
    }
    text
}

/// The table of all rules, standard by standard.
pub fn catalogue() -> String {
    let mut text = "# The catalogue\n\nPoints are of 100; a rule that does not apply drops out and the rest is scaled.\n".to_owned();
    for standard in Standard::ALL {
        let source = standard.source();
        let _ = write!(
            text,
            "\n## {} ({} points)\n\nSource: [{}]({}).\n\n",
            standard.title(),
            number(standard.weight()),
            source.title,
            source.url
        );
        text.push_str("| rule | asks | points |\n|---|---|---|\n");
        for rule in rules::all().filter(|rule| rule.standard == standard) {
            let _ = writeln!(
                text,
                "| [{}]({}.md) | {} | {} |",
                rule.id,
                rule.id,
                rule.summary,
                number(rule.weight)
            );
        }
    }
    text
}

fn rules_table(folder: &str) -> String {
    let mut text = "| standard | points | rules |\n|---|---|---|\n".to_owned();
    for standard in Standard::ALL {
        let rules: Vec<String> = rules::all()
            .filter(|rule| rule.standard == standard)
            .map(|rule| format!("[{}]({folder}{}.md)", rule.name(), rule.id))
            .collect();
        let source = standard.source();
        let _ = writeln!(
            text,
            "| [{}]({}) | {} | {} |",
            standard.title(),
            source.url,
            number(standard.weight()),
            rules.join(", ")
        );
    }
    text
}

/// `--help` of every command.
fn command_line() -> String {
    let mut text = "# The command line\n\n```text\n".to_owned();
    let mut root = Cli::command().term_width(100);
    root.build();
    let _ = writeln!(text, "{}```", trimmed(&root.render_long_help().to_string()));
    for command in root.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let _ = write!(text, "\n## reprogate {}\n\n```text\n", command.get_name());
        let help = command.clone().term_width(100).render_long_help().to_string();
        let _ = writeln!(text, "{}```", trimmed(&help));
    }
    text
}

fn trimmed(help: &str) -> String {
    help.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// The policy's keys, from its schema.
fn policy_keys() -> String {
    let schema = policy::schema();
    let mut text = "| key | is | default | meaning |\n|---|---|---|---|\n".to_owned();
    let mut row = |key: &str, field: &Value| {
        let kind = match (&field["type"], &field["enum"], &field["const"]) {
            (Value::String(kind), ..) => match (&field["minimum"], &field["maximum"]) {
                (Value::Number(least), Value::Number(most)) => format!("{kind}, {least} to {most}"),
                _ => kind.clone(),
            },
            (_, Value::Array(names), _) => names
                .iter()
                .map(|name| format!("`{}`", name.as_str().unwrap_or_default()))
                .collect::<Vec<_>>()
                .join(", "),
            (.., fixed) => fixed.to_string(),
        };
        let default = field.get("default").map_or_else(String::new, |default| {
            default.as_str().map_or_else(|| default.to_string(), str::to_owned)
        });
        let _ = writeln!(
            text,
            "| `{key}` | {kind} | {default} | {} |",
            field["description"].as_str().unwrap_or_default()
        );
    };
    for (key, field) in schema["properties"].as_object().into_iter().flatten() {
        row(key, field);
        if key == "limits" {
            for (name, field) in field["properties"].as_object().into_iter().flatten() {
                row(&format!("limits.{name}"), field);
            }
        }
    }
    text
}

/// The score that a share of the reference repositories does not reach; `sorted` is lowest first.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let index = (sorted.len() as f64 * share) as usize;
    sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Where the scores of the reference repositories lie, in words and as tables.
fn distribution() -> String {
    const MINIMA: [f64; 8] = [20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0];
    let scores = reference::scores(Profile::Paper);
    let reach = |scores: &[f64], least: f64| {
        let passing = scores.iter().filter(|score| **score >= least).count();
        format!("{} %", (100.0 * passing as f64 / scores.len().max(1) as f64).round())
    };
    let mut text = format!(
        "In the profile `paper`, half of the {} repositories score {} or more, a quarter {} or more, and one in ten {} \
         or more; a quarter stays below {}.\n\n| profile | lowest tenth ends at | first quarter ends at | median | \
         last quarter starts at | last tenth starts at | highest |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        scores.len(),
        number(quantile(scores, 0.5)),
        number(quantile(scores, 0.75)),
        number(quantile(scores, 0.9)),
        number(quantile(scores, 0.25)),
    );
    for profile in Profile::ALL {
        let scores = reference::scores(profile);
        let cells: Vec<String> = [0.1, 0.25, 0.5, 0.75, 0.9, 1.0]
            .into_iter()
            .map(|share| number(quantile(scores, share)))
            .collect();
        let _ = writeln!(text, "| `{}` | {} |", profile.id(), cells.join(" | "));
    }
    text.push_str("\nHow many of them a minimum would let pass:\n\n| minimum |");
    for least in MINIMA {
        let _ = write!(text, " {least} |");
    }
    let _ = write!(text, "\n| --- |{}\n", " ---: |".repeat(MINIMA.len()));
    for profile in Profile::ALL {
        let cells = MINIMA.map(|least| reach(reference::scores(profile), least));
        let _ = writeln!(text, "| `{}` | {} |", profile.id(), cells.join(" | "));
    }
    text
}

/// The same as a picture: one histogram a profile, with its median. It asks no other file for anything, and follows
/// the reader's choice of light or dark.
fn distribution_picture() -> String {
    const BINS: usize = 20;
    const LEFT: usize = 60;
    const BIN: usize = 30;
    const HEIGHT: usize = 120;
    const PANEL: usize = 190;
    let right = LEFT + BINS * BIN;
    let (width, height) = (right + 30, Profile::ALL.len() * PANEL + 50);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">Scores of {} research repositories</title>\n\
         <desc id=\"description\">Histograms in steps of five points, one for each profile; the numbers are in the \
         page's tables.</desc>\n\
         <style>\n  .page {{ fill: #fff }} text {{ fill: #1f2328; font: 13px system-ui, sans-serif }}\n  \
         .head {{ font-weight: 600; font-size: 15px }} .bar {{ fill: #0969da }}\n  \
         .axis {{ stroke: #59636e }} .median {{ stroke: #b35900; stroke-width: 2; stroke-dasharray: 5 3 }}\n  \
         .middle {{ fill: #8a4500 }}\n  \
         @media (prefers-color-scheme: dark) {{\n    .page {{ fill: #0d1117 }} text {{ fill: #f0f6fc }} .bar {{ fill: #4493f8 }}\n    \
         .axis {{ stroke: #9198a1 }} .median {{ stroke: #f0a04b }} .middle {{ fill: #f5b876 }}\n  }}\n</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n",
        reference::scores(Profile::Paper).len()
    );
    for (panel, profile) in Profile::ALL.into_iter().enumerate() {
        let scores = reference::scores(profile);
        let mut counts = [0_usize; BINS];
        for score in scores {
            let bin = ((score / 100.0 * BINS as f64) as usize).min(BINS - 1);
            if let Some(count) = counts.get_mut(bin) {
                *count += 1;
            }
        }
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let top = panel * PANEL + 50;
        let floor = top + HEIGHT;
        let _ = writeln!(
            text,
            "<text class=\"head\" x=\"{LEFT}\" y=\"{}\">Profile {}</text>",
            top - 24,
            profile.id()
        );
        for (bin, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let tall = count * HEIGHT / most;
            let (x, y) = (LEFT + bin * BIN, floor - tall);
            let from = bin * 100 / BINS;
            let _ = writeln!(
                text,
                "<rect class=\"bar\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{tall}\">\
                 <title>{from} to {}: {count}</title></rect>\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{count}</text>",
                x + 2,
                BIN - 4,
                from + 100 / BINS,
                x + BIN / 2,
                y.saturating_sub(4),
            );
        }
        let _ = writeln!(
            text,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{floor}\" y2=\"{floor}\"/>"
        );
        for tick in (0..=100).step_by(10) {
            let x = LEFT + tick * BINS * BIN / 100;
            let _ =
                writeln!(text, "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{tick}</text>", floor + 18);
        }
        let median = quantile(scores, 0.5);
        let x = LEFT as f64 + median / 100.0 * (BINS * BIN) as f64;
        let _ = writeln!(
            text,
            "<line class=\"median\" x1=\"{x:.0}\" x2=\"{x:.0}\" y1=\"{}\" y2=\"{floor}\"/>\
             <text class=\"middle\" x=\"{x:.0}\" y=\"{}\" text-anchor=\"middle\">median {}</text>",
            top - 14,
            top - 18,
            number(median)
        );
    }
    let _ = write!(
        text,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">score; a bar is five points wide and says how many \
         repositories it holds</text>\n</svg>\n",
        (LEFT + right) / 2,
        height - 8
    );
    text
}

/// Points without needless decimals.
fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
