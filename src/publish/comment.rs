//! Brings the pull request's comment to what is wanted: look, plan, write, and look again.
//!
//! Nothing is written on a state that was not just looked at: after a failure whose effect is unknown, the next look
//! says whether it took effect.

use super::look::{Look, Place, Scope};
use super::plan::{CommentMode, OwnComment, Plan, Step, Wanted, plan};
use crate::github::{CommentId, GithubError};
use serde::Deserialize;
use serde_json::json;

/// Looks in one run: each failed write, and each other run met, costs one.
const MOST_LOOKS: u32 = 8;

/// What became of the comment.
#[derive(Debug)]
pub enum Outcome {
    /// It is there.
    Posted {
        /// Where people see it.
        url: String,
        /// Whether anything was written.
        changed: bool,
    },
    /// A newer run's is there, or will be, and why.
    Superseded(String),
    /// GitHub does not let us.
    Refused(GithubError),
    /// It did not work out.
    Failed(GithubError),
    /// None was wanted.
    Off,
}

impl Place<'_> {
    /// Brings the comment to what is `wanted`, beginning with what was just looked at.
    pub(super) async fn comment(&self, wanted: &Wanted, first: Look) -> Outcome {
        if wanted.mode == CommentMode::Off {
            return Outcome::Off;
        }
        let mut first = Some(first);
        let body = format!("{}{}", wanted.mark.line(), bounded(&wanted.text));
        let mut written: Option<OwnComment> = None;
        let mut changed = false;
        let mut failures = 0;
        for _ in 0..MOST_LOOKS {
            let look = match first.take() {
                Some(look) => Ok(look),
                None => self.look(Scope { comments: true, threads: false }).await,
            };
            let mut existing = match look {
                Ok(look) => look.existing,
                Err(error) if error.is_refusal() => return Outcome::Refused(error),
                Err(error) => return Outcome::Failed(error),
            };
            // A listing may lag behind a write that GitHub has confirmed.
            if let Some(written) = &written
                && !existing.comments.iter().any(|comment| comment.id == written.id)
            {
                existing.comments.push(written.clone());
            }
            let Plan { steps, stays, superseded } = plan(wanted, &existing);
            if steps.contains(&Step::Create) && !existing.whole {
                return Outcome::Superseded("there are too many comments to look through".to_owned());
            }
            if steps.is_empty() {
                return match (superseded, stays) {
                    (Some(why), _) => Outcome::Superseded(why),
                    (None, Some(comment)) => Outcome::Posted { url: comment.url, changed },
                    (None, None) => Outcome::Off,
                };
            }
            let mut look_again = false;
            for step in steps {
                changed = true;
                look_again |= step == Step::Create;
                match self.apply(&step, &body).await {
                    Ok(Some(comment)) => written = Some(comment),
                    Ok(None) => {}
                    // It was deleted meanwhile: the next look finds out.
                    Err(GithubError::NotFound { .. } | GithubError::Gone { .. })
                        if matches!(step, Step::Update(_)) =>
                    {
                        failures += 1;
                        look_again = true;
                    }
                    Err(error) if error.is_refusal() => return Outcome::Refused(error),
                    Err(error) if error.is_passing() => {
                        failures += 1;
                        if let Err(error) = self.client.pause(failures, error).await {
                            return Outcome::Failed(error);
                        }
                        look_again = true;
                    }
                    Err(error) => return Outcome::Failed(error),
                }
                if failures > 0 && look_again {
                    break;
                }
            }
            if !look_again {
                let url = written.or(stays).map(|comment| comment.url).unwrap_or_default();
                return match superseded {
                    Some(why) => Outcome::Superseded(why),
                    None => Outcome::Posted { url, changed },
                };
            }
        }
        match written {
            Some(comment) => Outcome::Posted { url: comment.url, changed },
            None => Outcome::Failed(GithubError::Decode {
                what: format!("the comment on #{}", self.number),
                why: "it keeps changing under our hands".to_owned(),
            }),
        }
    }

    async fn apply(&self, step: &Step, body: &str) -> Result<Option<OwnComment>, GithubError> {
        let content = json!({"body": body});
        let answer: Written = match step {
            Step::Create => {
                let path = format!("/repos/{}/issues/{}/comments", self.repo, self.number);
                self.client.post(&path, &content).await?
            }
            Step::Update(id) => {
                let path = format!("/repos/{}/issues/comments/{id}", self.repo);
                self.client.patch(&path, &content).await?
            }
            Step::Delete(id) => {
                self.client.delete(&format!("/repos/{}/issues/comments/{id}", self.repo)).await?;
                return Ok(None);
            }
        };
        Ok(Some(OwnComment { id: CommentId(answer.id), body: body.to_owned(), url: answer.html_url }))
    }
}

/// GitHub takes 65,536 characters; rendering keeps below, and this makes sure.
fn bounded(text: &str) -> String {
    const MOST_BYTES: usize = 65_000;
    if text.len() <= MOST_BYTES {
        return text.to_owned();
    }
    const NOTICE: &str = "\n\n_Cut here: the whole report is in the job's summary._\n";
    let mut end = MOST_BYTES - NOTICE.len() - 16;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = text.get(..end).unwrap_or_default();
    let kept = kept.rsplit_once('\n').map_or(kept, |(whole, _)| whole);
    let open_fence = kept.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1;
    format!("{kept}{}{NOTICE}", if open_fence { "\n```" } else { "" })
}

#[derive(Deserialize)]
struct Written {
    id: u64,
    #[serde(default)]
    html_url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_too_long_is_cut_between_lines() {
        let text = format!("# Start\n```\n{}", "évidence\n".repeat(20_000));
        let cut = bounded(&text);
        assert!(cut.len() <= 65_000);
        assert!(cut.contains("évidence\n```\n\n_Cut here"));
        assert_eq!(bounded("short"), "short");
    }
}
