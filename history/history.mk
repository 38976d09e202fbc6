# The rankings of all runs, kept for years and asked. Included by the Makefile.

.PHONY: history test-history

HISTORY ?= runs/history
ASK ?= trend

history: .venv-history/ready ## Keep the rankings of all runs as Parquet in HISTORY, and ask it: ASK=trend|regressions|least-scalable
	@.venv-history/bin/python history/keep runs $(call q,HISTORY)
	@.venv-history/bin/python history/ask $(call q,HISTORY) history/$(ASK).sql $(if $(SERVICE),SERVICE=$(call q,SERVICE)) --to markdown

test-history: .venv-history/ready ## Test the history
	@.venv-history/bin/python history/tests.py

.venv-history/ready: history/requirements.txt | setup
	python3 -m venv .venv-history
	.venv-history/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
