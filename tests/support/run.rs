//! Runs of the Action against the fake, and what they leave behind.

use super::{FakeGithub, PULL, REPO, TOKEN, rest};
use reprogate::github::{Client, Settings, Timing};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything short: a failure costs milliseconds.
pub fn quick() -> Timing {
    Timing {
        connect: Duration::from_secs(5),
        attempt: Duration::from_secs(5),
        overall: Duration::from_secs(60),
        attempts: 5,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
        secondary_pause: Duration::from_millis(3),
    }
}

/// A client of the fake, as the program makes it.
pub fn client(fake: &FakeGithub, timing: Timing) -> Client {
    let state = fake.lock();
    let settings = Settings {
        api_url: format!("{}{}", state.url, state.prefix),
        token: Some(TOKEN.parse().unwrap()),
        timing,
        ..Settings::default()
    };
    Client::new(&settings).unwrap()
}

/// A run in preparation.
pub struct Run {
    fake: FakeGithub,
    event: &'static str,
    payload: Value,
    variables: BTreeMap<String, String>,
    timing: Timing,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Finished {
    pub code: u8,
    /// The error, where the run ended without a verdict.
    pub error: Option<String>,
    pub stdout: String,
    pub summary: String,
    pub outputs: BTreeMap<String, String>,
}

impl Run {
    /// A run for the pull request as it is now.
    pub fn pull_request(fake: &FakeGithub) -> Self {
        let payload = {
            let mut state = fake.lock();
            json!({"action": "synchronize", "pull_request": rest::shown(REPO, PULL, state.pull())})
        };
        Self::event(fake, "pull_request", payload)
    }

    pub fn event(fake: &FakeGithub, event: &'static str, payload: Value) -> Self {
        let (url, prefix) = {
            let state = fake.lock();
            (state.url.clone(), state.prefix)
        };
        let variables = [
            ("GITHUB_EVENT_NAME", event.to_owned()),
            ("GITHUB_REPOSITORY", REPO.to_owned()),
            ("GITHUB_SERVER_URL", url.clone()),
            ("GITHUB_API_URL", format!("{url}{prefix}")),
            ("GITHUB_RUN_ID", "100".to_owned()),
            ("GITHUB_RUN_ATTEMPT", "1".to_owned()),
            ("INPUT_TOKEN", TOKEN.to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into();
        Self { fake: fake.clone(), event, payload, variables, timing: quick() }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    pub fn id(self, id: u64) -> Self {
        self.with("GITHUB_RUN_ID", id.to_string())
    }

    pub fn timing(mut self, change: impl FnOnce(&mut Timing)) -> Self {
        change(&mut self.timing);
        self
    }

    pub async fn run(mut self) -> Finished {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(path("event.json"), self.payload.to_string()).unwrap();
        for (variable, name) in [
            ("GITHUB_EVENT_PATH", "event.json"),
            ("GITHUB_STEP_SUMMARY", "summary"),
            ("GITHUB_OUTPUT", "output"),
        ] {
            self.variables.entry(variable.to_owned()).or_insert_with(|| path(name));
        }
        let mut stdout = Vec::new();
        let result = reprogate::action::run(&self.variables, "2026-06-01", self.timing, &mut stdout).await;
        let read = |name: &str| std::fs::read_to_string(path(name)).unwrap_or_default();
        let finished = Finished {
            code: result.as_ref().map_or_else(reprogate::error::Error::exit_code, |code| *code),
            error: result.err().map(|error| format!("{error}; {}", error.help().unwrap_or_default())),
            stdout: String::from_utf8(stdout).unwrap(),
            summary: read("summary"),
            outputs: outputs(&read("output")),
        };
        // Whatever happens, nobody sees the token.
        assert!(!format!("{finished:?}").contains(TOKEN));
        assert!(self.fake.comments().iter().all(|(_, body)| !body.contains(TOKEN)));
        finished
    }
}

/// Reads outputs as the runner does.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").unwrap();
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}
