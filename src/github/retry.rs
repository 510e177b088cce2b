//! How long a request, a pause and a whole run may take.

use super::GithubError;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

/// How long things may take. Tests make everything short.
#[derive(Debug, Clone)]
pub struct Timing {
    /// For connecting.
    pub connect: Duration,
    /// For one request with its whole answer.
    pub attempt: Duration,
    /// For everything in one run, pauses included.
    pub overall: Duration,
    /// Most times that one request is sent.
    pub attempts: u32,
    /// The pause after a first failure; each further one doubles it.
    pub first_pause: Duration,
    /// The longest pause that is not GitHub's own wish.
    pub longest_pause: Duration,
    /// The pause after a secondary limit that names none.
    pub secondary_pause: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(30),
            overall: Duration::from_secs(300),
            attempts: 5,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(20),
            secondary_pause: Duration::from_secs(60),
        }
    }
}

impl Timing {
    /// The pause after the `attempt`th failure (from 1): what GitHub asks for, else longer each time and never the
    /// same for two runs that failed together.
    pub fn wait(&self, attempt: u32, error: &GithubError) -> Duration {
        let doubled = self.first_pause.saturating_mul(1 << attempt.saturating_sub(1).min(10));
        let pause = doubled.min(self.longest_pause);
        let jittered = pause.mul_f64(0.5 + share());
        match error {
            GithubError::RateLimited { reset_in, .. } => {
                reset_in.map_or(self.secondary_pause, |wait| wait + jittered.min(Duration::from_secs(1)))
            }
            GithubError::SecondaryLimit { retry_after, .. } => {
                retry_after.unwrap_or(self.secondary_pause * attempt.max(1))
                    + jittered.min(Duration::from_secs(1))
            }
            _ => jittered,
        }
    }
}

/// A random share between 0 and 1. The standard library's hash keys are random by process and count up by use.
fn share() -> f64 {
    f64::from(RandomState::new().hash_one(0_u8) as u32) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status() -> GithubError {
        GithubError::Status { what: String::new(), status: 502, message: String::new() }
    }

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let timing = Timing::default();
        for attempt in 1..40 {
            let wait = timing.wait(attempt, &status());
            let middle = timing.first_pause.mul_f64(2_f64.powi(attempt as i32 - 1)).min(timing.longest_pause);
            assert!(wait >= middle / 2 && wait <= middle.mul_f64(1.5), "{attempt}: {wait:?}");
        }
    }

    #[test]
    fn what_github_asks_for_comes_first() {
        let timing = Timing::default();
        let asked = Duration::from_secs(7);
        let limit = |retry_after| GithubError::SecondaryLimit { what: String::new(), retry_after };
        assert!((asked..asked + Duration::from_secs(1)).contains(&timing.wait(1, &limit(Some(asked)))));
        assert!(timing.wait(1, &limit(None)) >= Duration::from_secs(60));
    }
}
