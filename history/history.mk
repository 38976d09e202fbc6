# The rankings of all runs, kept for years and asked. Included by the Makefile.

.PHONY: history test-history

HISTORY ?= runs/history
ASK ?= trend
ask = $(if $(filter changes,$(ASK)),changes $(call q,HISTORY),ask $(call q,HISTORY) history/$(ASK).sql)

history: .venv-history/ready $(if $(filter changes,$(ASK)),.venv-history/otava) ## Keep the rankings of all runs as Parquet in HISTORY, and ask it: ASK=trend|regressions|least-scalable|changes
	@.venv-history/bin/python history/keep runs $(call q,HISTORY)
	@.venv-history/bin/python history/$(ask) $(if $(SERVICE),SERVICE=$(call q,SERVICE)) --to markdown

test-history: .venv-history/otava ## Test the history
	@.venv-history/bin/python history/tests.py

.venv-history/ready: history/requirements.txt | setup
	python3 -m venv .venv-history
	.venv-history/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.venv-history/otava: history/requirements-changes.txt .venv-history/ready
	.venv-history/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	@touch $@
