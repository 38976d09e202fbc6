# strain: what gives first? `make help` lists the targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN     ?= $(if $(filter demo,$(MAKECMDGOALS)),target/quick,target/release)
FILTERS := strain prom-fetch spans grid-build znorm peaks dtw faults pca rank report
PACKAGES = $(patsubst strain-strain,strain-cli,$(FILTERS:%=strain-%))
PREFIX  ?= /usr/local

include lab/lab.mk
-include lab/containers.mk
include packaging/packaging.mk
include scale/scale.mk
include history/history.mk

.PHONY: help build quick debug check test golden bench man clean

help: ## List the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 18

build: ## Build every filter and the small shop (release)
	cargo build --release --workspace

quick: # What `make demo` needs, and no more
	@test -x target/quick/report || echo 'make: builds the filters of the demo first: some four minutes of processor time, once'
	cargo build --quiet --profile quick $(addprefix --package strain-,$(filter-out strain prom-fetch faults,$(FILTERS)))

debug: # What `make check` makes: with the same features and the tests', for else all is compiled twice
	cargo test --quiet --no-run --workspace --all-features

deny = --deny warnings
check: ## Formatting, clippy as errors, and the fast tests: before every commit
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- $(deny)
	cargo test --workspace --all-features

# What a newer clippy says is no failure of a user's test; `make check test` denies it.
test: deny =
# The programs that `cargo test` has made are the ones that the pipe and the experiment are tested with.
test: setup check .venv-otlp/ready ## Run everything: units, laws, golden numbers, cases, the pipe, the live experiment
	python3 -B lab/tests/laws.py
	BIN=target/debug lab/tests/payloads
	BIN=target/debug tests/pipe
	tests/traces .venv-otlp/bin/python target/debug/spans
	BIN=target/debug tests/readme
	BIN=target/debug tests/messages
	BIN=target/debug tests/misspelt
	BIN=target/debug tests/mutations
	BIN=target/debug tests/closure
	BIN=target/debug tests/empty
	BIN=target/debug tests/hostile
	lab/setup zsh fish
	BIN=target/debug tests/terminal
	$(MAKE) --no-print-directory test-python
	lab/setup mlr=miller jq curl victoria-metrics
	BIN=target/debug PYTHON=.venv-python/bin/python tests/cookbook
	BIN=target/debug packaging/test
	BIN=target/debug tests/memory
	lab/setup chromium chromedriver=chromium-driver
	report/tests/browser/run target/debug/report target/demo/report.html target/page.png
	BIN=target/debug lab/test-live
	lab/setup debootstrap
	BIN=target/debug lab/tests/oscar none db-lock

.venv-otlp/ready: spans/tests/sdk/requirements.txt | setup
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

golden: ## Make the golden numbers anew with SciPy, scikit-learn and dtaidistance
	python3 -m venv .venv-golden
	.venv-golden/bin/pip install --quiet --requirement tools/requirements.txt
	for script in tools/golden_*.py; do .venv-golden/bin/python "$$script"; done

bench: ## Time the hot loops
	cargo bench --workspace

man: build ## Write the manual pages and the shell completions to target/man
	mkdir -p target/man
	for tool in $(FILTERS); do \
	  page=strain-$$tool; $(BIN)/$$tool --generate man > target/man/$${page/strain-strain/strain}.1; \
	  $(BIN)/$$tool --generate complete-bash > target/man/$$tool.bash; \
	  $(BIN)/$$tool --generate complete-zsh > target/man/_$$tool; \
	  $(BIN)/$$tool --generate complete-fish > target/man/$$tool.fish; \
	done

clean: ## Remove what was built; runs are kept
	rm -rf target .venv .venv-golden .venv-otlp .venv-python .venv-scale .venv-history
