//! The workflow that runs the Action.

use super::Context;
use crate::facts::Facts;

/// The Action as a workflow names it: the tag stands for its inputs and outputs and moves with each release.
pub const ACTION: &str = "reprogate/reprogate@v1";

/// A `.github/workflows/reprogate.yml` with the least permissions.
pub fn draft(_facts: &Facts, _context: &Context<'_>) -> String {
    format!(
        "\
# Goes to .github/workflows/reprogate.yml.
name: Reproducibility

on:
  pull_request:
    # `edited` is sent when the base branch is changed.
    types: [opened, synchronize, reopened, edited]

permissions: {{}}

concurrency:
  group: reprogate-${{{{ github.event.pull_request.number }}}}
  cancel-in-progress: true

jobs:
  review:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: write
    steps:
      # No checkout: the tree is read through the API, and nothing of it is run.
      - uses: {ACTION}
        with:
          # 0 lets everything pass; .github/reprogate.yml may say it instead.
          min-score: 0
"
    )
}
