# What a developer runs. Needs Rust 1.95, Node 20 and Python 3, and nothing else.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

E2E := tests/e2e
MODULES := $(E2E)/node_modules/.package-lock.json
VENV := target/venv
# REPROGATE_BINARY names a program that is built already.
BUILD := $(if $(REPROGATE_BINARY),,build)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(BUILD) $(MODULES) ## Review the example's pull request on an emulated GitHub, twice
	@node $(E2E)/demo.js

.PHONY: test
test: lint test-rust test-e2e ## Formatting, lints, all tests

.PHONY: lint
lint: ## rustfmt and clippy
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

.PHONY: test-rust
test-rust: ## Unit tests, rule fixtures, generated docs
	cargo test --locked

.PHONY: test-e2e
test-e2e: $(BUILD) $(MODULES) ## The binary against an emulated GitHub
	cd $(E2E) && node --test

.PHONY: build
build:
	@cargo build --locked

# npm's own record of what is installed is younger than the lock file once `npm ci` has run.
$(MODULES): $(E2E)/package.json $(E2E)/package-lock.json
	cd $(E2E) && npm ci --no-audit --no-fund

.PHONY: docs
docs: ## Write the generated documentation
	UPDATE_DOCS=1 cargo test --locked --test docs

.PHONY: zizmor
zizmor: $(VENV)/bin/zizmor ## Audit the workflows (installs zizmor from PyPI)
	$(VENV)/bin/zizmor --offline --no-progress --config .github/zizmor.yml . examples/workflows/*.yml

$(VENV)/bin/zizmor:
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check zizmor==1.32.0

.PHONY: deny
deny: ## Licences, advisories and sources of the dependencies (needs cargo-deny)
	cargo deny check

.PHONY: growth
growth: ## How the cost of hostile texts grows with their length (optional: PART=text, or WRITE=docs/security.md)
	cargo bench --locked --bench growth $(if $(PART),-- "$(PART)") $(if $(WRITE),-- --write "$(WRITE)")

.PHONY: fuzz
fuzz: ## Fuzz one target (TARGET=document SECONDS=60; needs a nightly toolchain and cargo-fuzz)
	@test -n "$(TARGET)" || { echo "usage: make fuzz TARGET=NAME [SECONDS=N]" >&2; exit 2; }
	cp Cargo.lock fuzz/Cargo.lock
	FUZZ_CORPUS=$(CURDIR)/fuzz/corpus cargo test --locked --test fuzz -- --ignored corpus
	cargo +nightly fuzz run --sanitizer none $(TARGET) fuzz/corpus/$(TARGET) fuzz/seeds/$(TARGET) -- -max_total_time=$(or $(SECONDS),60) -timeout=20 -rss_limit_mb=4096

.PHONY: bench
bench: ## Time beside the neighbours and beside the floor (optional: MIRROR=DIR LABELS=FILE.csv PART=NAME)
	python3 scripts/bench.py $(if $(MIRROR),--mirror "$(MIRROR)") $(if $(LABELS),--labels "$(LABELS)") $(addprefix --part ,$(PART)) --write docs/performance.md

.PHONY: accuracy
accuracy: ## Verdicts against careful readings (MIRROR=folder of clones, LABELS=folder of labels)
	@test -n "$(MIRROR)" && test -n "$(LABELS)" || { echo "usage: make accuracy MIRROR=DIR LABELS=DIR" >&2; exit 2; }
	cargo build --locked --release
	python3 scripts/accuracy.py --mirror "$(MIRROR)" --labels "$(LABELS)" --write docs/accuracy.md

.PHONY: scores
scores: ## The scores that a minimum is chosen by (MIRROR=folder of clones, LIST=CSV with repo and sha)
	@test -n "$(MIRROR)" && test -n "$(LIST)" || { echo "usage: make scores MIRROR=DIR LIST=FILE" >&2; exit 2; }
	cargo build --locked --release
	python3 scripts/reference_scores.py --binary target/release/reprogate --mirror "$(MIRROR)" --list "$(LIST)" --write data/checklist_scores.json
	UPDATE_DOCS=1 cargo test --locked --test docs
