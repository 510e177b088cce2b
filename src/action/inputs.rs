//! The Action's inputs, as the runner passes them: `INPUT_` and the name in capitals, hyphens kept.

use crate::error::Error;
use crate::policy::{FailOn, Profile};
use crate::publish::CommentMode;
use std::collections::BTreeMap;

/// The runner's variables, by name.
pub type Variables = BTreeMap<String, String>;

/// What the workflow sets over the policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overrides {
    /// Least score that passes.
    pub min_score: Option<f64>,
    /// What is asked.
    pub profile: Option<Profile>,
    /// What makes the gate fail.
    pub fail_on: Option<FailOn>,
    /// The folder that is judged alone, without slashes around it.
    pub project: Option<String>,
    /// Where the policy is, in place of `.github/reprogate.yml`.
    pub policy: Option<String>,
}

/// The Action's inputs, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inputs {
    /// What the workflow sets over the policy.
    pub overrides: Overrides,
    /// What becomes of the comment.
    pub comment: CommentMode,
    /// Whether notes are left on lines of the diff.
    pub review: bool,
    /// Whether annotations are printed.
    pub annotations: bool,
    /// Whether links are asked whether they are alive.
    pub online: bool,
    /// Where the JSON report goes.
    pub json_file: Option<String>,
    /// Where the SARIF report goes.
    pub sarif_file: Option<String>,
    /// Where the HTML report goes.
    pub html_file: Option<String>,
    /// The API's address, where the workflow names one.
    pub github_api_url: Option<String>,
}

/// The value of an input; blank is not set. A shell cannot pass hyphens on, so underscores do as well.
pub fn input<'run>(variables: &'run Variables, name: &str) -> Option<&'run str> {
    let upper = name.to_ascii_uppercase();
    let value = variables
        .get(&format!("INPUT_{upper}"))
        .filter(|value| !value.trim().is_empty())
        .or_else(|| variables.get(&format!("INPUT_{}", upper.replace('-', "_"))))?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

impl Inputs {
    /// Reads and checks the inputs.
    ///
    /// # Errors
    /// [`Error::Usage`] for a value that an input does not take.
    pub fn read(variables: &Variables) -> Result<Self, Error> {
        let input = |name: &str| input(variables, name);
        let wrong = |name: &str, value: &str, expected: &str| {
            Error::Usage(format!("the input `{name}` is {value:?}; {expected} was expected"))
        };
        let flag = |name: &str, default: bool| match input(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("on" | "true" | "yes" | "1") => Ok(true),
            Some("off" | "false" | "no" | "0") => Ok(false),
            Some(other) => Err(wrong(name, other, "on or off")),
        };
        let min_score = match input("min-score") {
            None => None,
            Some(text) => match text.parse::<f64>() {
                Ok(score) if (0.0..=100.0).contains(&score) => Some(score),
                _ => return Err(wrong("min-score", text, "a score from 0 to 100")),
            },
        };
        let profile = input("profile")
            .map(|text| {
                let names = Profile::ALL.map(Profile::id).join(", ");
                Profile::find(text).ok_or_else(|| wrong("profile", text, &format!("one of {names}")))
            })
            .transpose()?;
        let fail_on = input("fail-on")
            .map(|text| {
                let names = FailOn::ALL.map(FailOn::id).join(", ");
                FailOn::ALL
                    .into_iter()
                    .find(|known| known.id() == text)
                    .ok_or_else(|| wrong("fail-on", text, &format!("one of {names}")))
            })
            .transpose()?;
        let comment = match input("comment") {
            None | Some("update") => CommentMode::Update,
            Some("new") => CommentMode::New,
            Some("off" | "false") => CommentMode::Off,
            Some(other) => return Err(wrong("comment", other, "update, new or off")),
        };
        let inside = |name: &str| -> Result<Option<String>, Error> {
            let Some(text) = input(name) else { return Ok(None) };
            let path = text.trim_start_matches("./").trim_matches('/');
            if path.split('/').any(|part| part == "..") {
                return Err(wrong(name, text, "a path within the repository"));
            }
            Ok(Some(path.to_owned()).filter(|path| !path.is_empty() && path != "."))
        };
        let owned = |name: &str| input(name).map(str::to_owned);
        Ok(Self {
            overrides: Overrides {
                min_score,
                profile,
                fail_on,
                project: inside("project")?,
                policy: inside("policy")?,
            },
            comment,
            review: flag("review", true)?,
            annotations: flag("annotations", true)?,
            online: flag("online", false)?,
            json_file: owned("json-file"),
            sarif_file: owned("sarif-file"),
            html_file: owned("html-file"),
            github_api_url: owned("github-api-url"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Inputs, Error> {
        Inputs::read(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn hyphens_and_underscores_are_read() {
        assert_eq!(read(&[("INPUT_MIN-SCORE", "70")]).unwrap().overrides.min_score, Some(70.0));
        assert_eq!(read(&[("INPUT_MIN_SCORE", " 70.5 ")]).unwrap().overrides.min_score, Some(70.5));
        assert_eq!(read(&[("INPUT_MIN-SCORE", "")]).unwrap().overrides.min_score, None);
    }

    #[test]
    fn blank_inputs_are_the_defaults() {
        let blank = read(&[("INPUT_COMMENT", ""), ("INPUT_PROFILE", " "), ("INPUT_PROJECT", "./")]).unwrap();
        assert_eq!(blank, read(&[]).unwrap());
        assert!(blank.review && blank.annotations && !blank.online);
    }

    #[test]
    fn a_wrong_value_is_an_error_that_names_it() {
        for (name, value) in [
            ("INPUT_MIN-SCORE", "101"),
            ("INPUT_MIN-SCORE", "NaN"),
            ("INPUT_PROFILE", "strict"),
            ("INPUT_FAIL-ON", "always"),
            ("INPUT_COMMENT", "sometimes"),
            ("INPUT_REVIEW", "maybe"),
            ("INPUT_POLICY", "../other/policy.yml"),
        ] {
            let error = read(&[(name, value)]).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(value), "{error}");
        }
    }
}
