//! Generated documentation: rule pages, tables, schemas and `--help`, each from the one place that knows.
//!
//! Pure: it says what every generated file should hold. The test `docs` compares, and writes where it is asked to.

use crate::cli::Cli;
use crate::policy;
use crate::render;
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
    files
}

/// Pieces of hand-written pages that are generated: path, name of the marker, and content.
///
/// A piece stands between `<!-- generated: NAME -->` and `<!-- /generated -->`.
pub fn pieces() -> Vec<(&'static str, &'static str, String)> {
    vec![("README.md", "rules", rules_table("docs/rules/")), ("docs/policy.md", "keys", policy_keys())]
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

/// Points without needless decimals.
fn number(points: f64) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
