//! The workflow step that runs the Action.

use super::Context;
use crate::facts::Facts;

/// A `.github/workflows/reprogate.yml` with the least permissions.
pub fn draft(_facts: &Facts, _context: &Context<'_>) -> String {
    format!(
        "\
name: reproducibility
on:
  pull_request:
    types: [opened, synchronize, reopened, edited]
  merge_group:

permissions: {{}}

jobs:
  reprogate:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      pull-requests: write
    steps:
      # No checkout: the tree is read through the API, and nothing of it is run.
      - uses: reprogate/reprogate@v{}
        with:
          min-score: 0
",
        env!("CARGO_PKG_VERSION")
    )
}
