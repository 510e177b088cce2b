//! From a text to a policy, or to an error that anyone can follow.

use super::raw::{RawPolicy, RawRule};
use super::{FailOn, Limits, Policy, PolicyError, Profile, Project, Waiver};
use crate::rules::{self, OptionDefault, OptionValue, Options, Rule, Standard};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// Longest policy that is read, in bytes.
const LONGEST: usize = 256 << 10;

/// Reads the policy `text` that stands at `path`.
///
/// # Errors
/// The first thing that is wrong, with its line where it is known.
pub fn parse(text: &str, path: &str) -> Result<Policy, PolicyError> {
    let check = Check { text, path };
    if text.len() > LONGEST {
        return Err(check.error(&[], "the policy is too long", format!("expected at most {LONGEST} bytes")));
    }
    check.refuse_aliases()?;
    if text.lines().all(|line| matches!(line.trim(), "" | "---") || line.trim_start().starts_with('#')) {
        return Ok(Policy::default());
    }
    if !crate::yaml::is_bounded(text) {
        let expected =
            "every value written out where it is meant, and no nesting beyond that of the settings";
        return Err(check.error(&[], "the policy holds too much by aliases or nesting", expected));
    }
    let raw: RawPolicy = serde_yaml::from_str(text).map_err(|error| check.syntax(&error))?;
    check.policy(raw)
}

struct Check<'text> {
    text: &'text str,
    path: &'text str,
}

type Checked<T> = Result<T, PolicyError>;

impl Check<'_> {
    fn error(&self, keys: &[&str], problem: impl Display, expected: impl Into<String>) -> PolicyError {
        PolicyError {
            path: self.path.to_owned(),
            line: locate(self.text, keys),
            problem: problem.to_string(),
            expected: expected.into(),
        }
    }

    /// Aliases make a short text a huge one, and hide what a reader sees; nothing here needs them.
    fn refuse_aliases(&self) -> Checked<()> {
        for (index, line) in self.text.lines().enumerate() {
            let content = line.trim_start().trim_start_matches("- ").trim_start();
            let value = content.split_once(": ").map_or(content, |(_, value)| value.trim_start());
            let inner = value.split(['[', '{', ',']).flat_map(|part| part.split(": ")).map(str::trim_start);
            let sigil = std::iter::once(value).chain(inner.filter(|_| value.starts_with(['[', '{'])));
            if let Some(word) = sigil.into_iter().find(|word| word.starts_with(['&', '*'])) {
                return Err(PolicyError {
                    path: self.path.to_owned(),
                    line: Some(index + 1),
                    problem: format!(
                        "`{}` is an anchor or an alias, which policies do not have",
                        shorten(word)
                    ),
                    expected: "a glob that starts with `*` stands in quotes".to_owned(),
                });
            }
            if content.starts_with("<<:") {
                return Err(PolicyError {
                    path: self.path.to_owned(),
                    line: Some(index + 1),
                    problem: "`<<` merges are not accepted".to_owned(),
                    expected: "write the keys out".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The YAML library's error, with what was expected in plain words.
    fn syntax(&self, error: &serde_yaml::Error) -> PolicyError {
        let whole = error.to_string();
        let message = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
        let mut problem = message.clone();
        let mut expected = String::new();
        let ticked: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        if message.contains("unknown field") {
            let names = ticked.get(1..).unwrap_or_default();
            problem = message
                .split(", expected")
                .next()
                .unwrap_or(&message)
                .replace("unknown field", "unknown key");
            expected = expect_one_of(ticked.first().copied().unwrap_or_default(), names);
        } else if message.contains("duplicate field") || message.contains("duplicate entry") {
            problem = message.replace("duplicate field", "this key stands twice:");
            expected = "each key stands once".to_owned();
        } else if message.contains("missing field") {
            problem = message.replace("missing field", "missing key");
        } else if let Some((found, wanted)) = message.split_once(", expected ") {
            problem = found.to_owned();
            expected =
                format!("expected {}", wanted.replace("f64", "a number").replace("u64", "a whole number"));
        }
        let line = error.location().map(|location| location.line()).filter(|line| *line > 0);
        // A repeated key is reported where the map starts; the reader wants the second one.
        let line = if problem.starts_with("this key stands twice") || problem.contains("stands twice") {
            ticked.first().and_then(|key| second_line_of(self.text, key)).or(line)
        } else if message.contains("unknown field") {
            ticked.first().and_then(|key| locate_anywhere(self.text, key)).or(line)
        } else {
            line
        };
        PolicyError { path: self.path.to_owned(), line, problem, expected }
    }

    fn policy(&self, raw: RawPolicy) -> Checked<Policy> {
        if let Some(version) = raw.version.filter(|version| *version != 1) {
            return Err(self.error(
                &["version"],
                format!("version {version} is not known"),
                "expected `version: 1`",
            ));
        }
        let mut policy = Policy::default();
        if let Some(name) = &raw.profile {
            policy.profile = Profile::find(name).ok_or_else(|| {
                self.error(
                    &["profile"],
                    format!("unknown profile `{}`", shorten(name)),
                    expect_one_of(name, &Profile::ALL.map(Profile::id)),
                )
            })?;
        }
        if let Some(score) = raw.min_score {
            policy.min_score = self.score(&["min-score"], score)?;
        }
        for (name, score) in raw.min_scores.0 {
            let keys = ["min-scores", name.as_str()];
            let standard =
                Standard::ALL.into_iter().find(|standard| standard.id() == name).ok_or_else(|| {
                    self.error(
                        &keys,
                        format!("unknown standard `{}`", shorten(&name)),
                        expect_one_of(&name, &Standard::ALL.map(Standard::id)),
                    )
                })?;
            policy.min_scores.insert(standard, self.score(&keys, score)?);
        }
        for id in &raw.required {
            policy.required.insert(self.rule(&["required", id], id)?.id.to_owned());
        }
        if let Some(name) = &raw.fail_on {
            policy.fail_on = FailOn::find(name).ok_or_else(|| {
                self.error(
                    &["fail-on"],
                    format!("unknown choice `{}`", shorten(name)),
                    expect_one_of(name, &FailOn::ALL.map(FailOn::id)),
                )
            })?;
        }
        let mut roots = BTreeSet::new();
        let mut projects = Vec::new();
        for project in raw.projects {
            let keys = ["projects", project.path.as_str()];
            let root = self.folder(&keys, &project.path)?;
            if !roots.insert(root.clone()) {
                return Err(self.error(
                    &keys,
                    format!("the folder `{}` stands twice", shorten(&project.path)),
                    "each folder stands once",
                ));
            }
            let min_score = project.min_score.map(|score| self.score(&keys, score)).transpose()?;
            projects.push(Project { root, min_score });
        }
        if !projects.is_empty() {
            policy.projects = projects;
        }
        policy.recipes = self.globs("recipes", raw.recipes)?;
        policy.documents = self.globs("documents", raw.documents)?;
        for (id, points) in raw.weights.0 {
            let keys = ["weights", id.as_str()];
            let rule = self.rule(&keys, &id)?;
            if !points.is_finite() || !(0.0..=100.0).contains(&points) {
                return Err(self.error(
                    &keys,
                    format!("the weight of `{id}` is {points}"),
                    "expected points from 0 to 100",
                ));
            }
            policy.weights.insert(rule.id.to_owned(), points);
        }
        for (id, setting) in raw.rules.0 {
            let rule = self.rule(&["rules", id.as_str()], &id)?;
            match setting {
                RawRule::Off => {
                    policy.off.insert(rule.id.to_owned());
                }
                RawRule::Options(options) => {
                    let options = self.options(rule, options.0)?;
                    policy.options.insert(rule.id.to_owned(), options);
                }
            }
        }
        for waiver in raw.waivers {
            let keys = ["waivers", waiver.rule.as_str()];
            let rule = self.rule(&keys, &waiver.rule)?;
            if waiver.reason.trim().is_empty() {
                return Err(self.error(
                    &keys,
                    format!("the waiver of `{}` has an empty reason", rule.id),
                    "say why it is accepted",
                ));
            }
            if chrono::NaiveDate::parse_from_str(&waiver.until, "%Y-%m-%d").is_err()
                || waiver.until.len() != "YYYY-MM-DD".len()
            {
                let keys = ["waivers", waiver.until.as_str()];
                return Err(self.error(
                    &keys,
                    format!("`until: {}` is no date", shorten(&waiver.until)),
                    "expected the last day that the waiver holds, as YYYY-MM-DD",
                ));
            }
            let path = waiver.path.map(|path| self.glob("waivers", path)).transpose()?;
            policy.waivers.push(Waiver {
                rule: rule.id.to_owned(),
                path,
                reason: waiver.reason,
                until: waiver.until,
            });
        }
        policy.limits = self.limits(&raw.limits)?;
        Ok(policy)
    }

    fn score(&self, keys: &[&str], score: f64) -> Checked<f64> {
        if score.is_finite() && (0.0..=100.0).contains(&score) {
            return Ok(score);
        }
        let key = keys.join(".");
        Err(self.error(keys, format!("`{key}` is {score}"), "expected a score from 0 to 100"))
    }

    fn rule(&self, keys: &[&str], id: &str) -> Checked<&'static Rule> {
        rules::find(id).ok_or_else(|| {
            let near = nearest(id, rules::all().map(|rule| rule.id));
            let expected = near.map_or_else(
                || "`reprogate rules` lists them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(keys, format!("unknown rule `{}`", shorten(id)), expected)
        })
    }

    fn folder(&self, keys: &[&str], path: &str) -> Checked<String> {
        let trimmed = path.trim_start_matches("./").trim_end_matches('/');
        let root = if trimmed == "." { "" } else { trimmed };
        let leads_out = path.starts_with('/')
            || root.split('/').any(|part| part == ".." || part == ".")
            || root.contains('\\');
        if leads_out || root.contains("//") {
            return Err(self.error(
                keys,
                format!("`{}` is no folder of this repository", shorten(path)),
                "expected a path from the repository's root, with `/`",
            ));
        }
        Ok(root.to_owned())
    }

    fn globs(&self, key: &str, globs: Vec<String>) -> Checked<Vec<String>> {
        globs.into_iter().map(|glob| self.glob(key, glob)).collect()
    }

    fn glob(&self, key: &str, glob: String) -> Checked<String> {
        match globset::Glob::new(&glob) {
            Ok(_) => Ok(glob),
            Err(error) => Err(self.error(
                &[key, &glob],
                format!("`{}` is no glob: {}", shorten(&glob), error.kind()),
                "expected a pattern such as `docs/**/*.md`",
            )),
        }
    }

    fn options(&self, rule: &Rule, raw: Vec<(String, serde_yaml::Value)>) -> Checked<Options> {
        let mut values = BTreeMap::new();
        for (name, value) in raw {
            let keys = ["rules", rule.id, name.as_str()];
            let Some(spec) = rule.option(&name) else {
                let names: Vec<&str> = rule.options.iter().map(|option| option.name).collect();
                let expected = if names.is_empty() {
                    format!("`{}` has no options", rule.id)
                } else {
                    expect_one_of(&name, &names)
                };
                return Err(self.error(
                    &keys,
                    format!("unknown option `{}` of `{}`", shorten(&name), rule.id),
                    expected,
                ));
            };
            let wrong = |expected: String| {
                self.error(&keys, format!("`{name}` of `{}` has the wrong type or value", rule.id), expected)
            };
            let value = match spec {
                OptionDefault::Number { least, most, .. } => value
                    .as_f64()
                    .filter(|number| (least..=most).contains(number))
                    .map(OptionValue::Number)
                    .ok_or_else(|| wrong(format!("expected a number from {least} to {most}")))?,
                OptionDefault::Flag(_) => value
                    .as_bool()
                    .map(OptionValue::Flag)
                    .ok_or_else(|| wrong("expected true or false".to_owned()))?,
                OptionDefault::Texts(_) => {
                    let texts = value.as_sequence().and_then(|texts| {
                        texts.iter().map(|text| text.as_str().map(str::to_owned)).collect()
                    });
                    texts
                        .map(OptionValue::Texts)
                        .ok_or_else(|| wrong("expected a list of texts".to_owned()))?
                }
            };
            values.insert(name, value);
        }
        Ok(Options { values })
    }

    fn limits(&self, raw: &super::raw::RawLimits) -> Checked<Limits> {
        let mut limits = Limits::default();
        let within = |key: &str, value: Option<u64>, default: u64, most: u64| match value {
            None => Ok(default),
            Some(value) if (1..=most).contains(&value) => Ok(value),
            Some(value) => Err(self.error(
                &["limits", key],
                format!("`limits.{key}` is {value}"),
                format!("expected a whole number from 1 to {most}"),
            )),
        };
        limits.files = within("files", raw.files, limits.files as u64, Limits::MOST_FILES)? as usize;
        limits.file_bytes = within("file-bytes", raw.file_bytes, limits.file_bytes, Limits::MOST_BYTES)?;
        limits.notebook_bytes =
            within("notebook-bytes", raw.notebook_bytes, limits.notebook_bytes, Limits::MOST_BYTES)?;
        limits.total_bytes = within("total-bytes", raw.total_bytes, limits.total_bytes, Limits::MOST_BYTES)?;
        Ok(limits)
    }
}

fn expect_one_of(given: &str, names: &[&str]) -> String {
    match nearest(given, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "expected one of {}",
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The name that is most like `given`, if one is like it at all.
pub(crate) fn nearest<'name>(given: &str, names: impl IntoIterator<Item = &'name str>) -> Option<&'name str> {
    const LIKE: f64 = 0.75;
    let given = given.chars().take(100).collect::<String>().to_ascii_lowercase();
    let scored = names.into_iter().map(|name| {
        // A rule may be named without its standard.
        let short = name.rsplit('/').next().unwrap_or(name);
        (strsim::jaro_winkler(&given, name).max(strsim::jaro_winkler(&given, short)), name)
    });
    scored
        .filter(|(score, _)| *score >= LIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// What is shown of a text from outside.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 60;
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if text.chars().count() > SHOWN { line + "…" } else { line }
}

/// The line of a nested key or of a list's item, each looked for below the one before it.
fn locate(text: &str, keys: &[&str]) -> Option<usize> {
    let mut from = 0;
    let mut found = None;
    for key in keys {
        let next = text.lines().enumerate().skip(from).find(|(_, line)| names_key(line, key));
        match next {
            Some((index, _)) => {
                found = Some(index + 1);
                from = if found == Some(from + 1) { from } else { index };
            }
            None => break,
        }
    }
    found
}

fn names_key(line: &str, key: &str) -> bool {
    let content = line.trim_start().trim_start_matches("- ");
    let bare = content.trim_start_matches(['"', '\'']);
    if line.split_once(": ").is_some_and(|(_, value)| value.trim().trim_matches(['"', '\'']) == key) {
        return true;
    }
    let starts = bare.strip_prefix(key).is_some_and(|rest| {
        rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':')
            || rest.trim_matches(['"', '\'', ' ']).is_empty()
    });
    starts
        || line.split([' ', '[', ']', ',', '{', '}']).any(|word| word.trim_matches(['"', '\'', ':']) == key)
}

fn locate_anywhere(text: &str, key: &str) -> Option<usize> {
    text.lines().position(|line| names_key(line, key)).map(|index| index + 1)
}

fn second_line_of(text: &str, key: &str) -> Option<usize> {
    text.lines().enumerate().filter(|(_, line)| names_key(line, key)).nth(1).map(|(index, _)| index + 1)
}
