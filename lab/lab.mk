# Making runs, and the chain from a run's series to its ranking. Included by the Makefile, which sets BIN.
#
# A stage is a variable and a prerequisite: `make experiment znorm=./my-znorm.py` swaps it. Flags that change the
# answer are a prerequisite too (target/flags). A run is a measurement: made once, and never again while its
# run.json is there.

prom-fetch ?= $(BIN)/prom-fetch
spans ?= $(BIN)/spans
grid-build ?= $(BIN)/grid-build
znorm ?= $(BIN)/znorm
peaks ?= $(BIN)/peaks
dtw ?= $(BIN)/dtw
faults ?= $(BIN)/faults
pca ?= $(BIN)/pca
rank ?= $(BIN)/rank
report ?= $(BIN)/report

# A variable's text as one word of the shell, by its name. What comes from the command line or the environment is taken as
# it is, and not as make's language.
q = $(call quoted,$(if $(filter file,$(origin $1)),$($1),$(value $1)))
quoted = '$(subst ','\'',$1)'
# A variable that is none of some words is misspelt.
one_of = $(if $(filter-out $2,$($1)),$(error $1: expected $(subst $() , or ,$2): "$($1)"))

BOTTLENECK ?= carts
STEADY ?= 60s
OVERLOAD ?= 60s
STEADY_USERS ?= 20
STEADY_SPAWN ?= 10
USERS ?= 150
SPAWN ?= 30
SHAPE ?= steady
TAGS ?= bottleneck=$(BOTTLENECK) users=$(USERS)

# The response time whose rise is looked into, and how much of it is cut out before and after its peak.
ON ?= locust_response_time_ms{quantile="0.95"}
CUT ?= 10s,10s
spans_flags ?=
grid-build_flags ?= --histograms quantiles
znorm_flags ?=
peaks_flags ?= --on $(call q,ON) --prominence 3 --cut $(call q,CUT) --no-peak whole
dtw_flags ?= --query $(call q,ON)
pca_flags ?=
rank_flags ?=
report_flags ?=
# Of a run with traces, rank takes the call graph into account; CALLS=no keeps it out.
CALLS ?= yes
$(call one_of,CALLS,yes no)
# Examples of known faults (make library): where there are any, faults says which of them a run resembles.
FAULTS ?= fault-library
faults_flags ?= --library $(call q,FAULTS)
# None in the demo, which is the same on every machine.
known := $(if $(filter demo,$(MAKECMDGOALS)),,$(wildcard $(value FAULTS)/*/*))

empty :=
ifndef RUN
# The tags name a folder: nothing else may be in them (strainlab/words.py has the same rule).
tags := $(shell tags=$(call q,TAGS); [[ $$tags =~ ^[A-Za-z0-9_.=,\ -]+$$ && ! " $$tags " =~ \ \.+\  ]] && printf '%s\n' "$$tags")
ifeq ($(tags),)
$(error TAGS: only letters, digits and "_ . = , -", with spaces between them)
endif
RUN := runs/$(subst $(empty) $(empty),+,$(sort $(tags)))/$(shell date -u +%Y%m%dT%H%M%SZ)
endif
RUNS ?= $(patsubst %/run.json,%,$(wildcard runs/*/*/run.json))
LIVE := target/live/carts target/live/orders
DEMO := target/demo
ALL_RUNS := $(sort $(RUNS) $(RUN) $(LIVE) $(DEMO))

.PHONY: experiment analyse runs runs-page rank-all least-scalable demo test-live setup venv FORCE

experiment: $(RUN)/report.html ## Load the shop until BOTTLENECK gives way, and rank what changed
	@printf '\n%s\n' 'Metrics, those that changed most first ($(RUN)/rank.csv):'
	@$(call show,$(RUN)) | head -n 13
	@printf '\n%s\n' 'Services ($(RUN)/services.csv):'
	@$(call show,$(RUN)) --by service
	@$(call page,$(RUN)/report.html)

analyse: $(RUNS:=/report.html) ## Rank every run under runs/ again where a tool or a flag has changed

runs: ## List the runs: tags, time, and what became of each
	@lab/runs

runs-page: $(report) ## The same as a page, runs/index.html, that leads to the pages of the runs
	@mkdir -p runs
	@lab/runs --to csv | $(report) --title Runs --index > runs/index.html
	@$(call page,runs/index.html)

rank-all: $(RUNS:=/overload.csv) $(rank) ## The metrics that change most on average over all runs (RUNS)
	$(rank) $(RUNS:%=--baseline %/steady.csv) --to table $(rank_flags) $(RUNS:=/overload.csv)

least-scalable: $(RUNS:=/overload.csv) $(rank) $(report) ## The metrics that scale least with the users over all runs (RUNS), and a page
	$(growth) --to table $(LEVELS)
	@mkdir -p runs
	@$(growth) --quiet --points $(LEVELS) > runs/least-scalable.csv
	@lab/runs --to csv $(RUNS) > runs/runs.csv
	@$(growth) --quiet $(LEVELS) | $(report) --title 'What scales least' --points runs/least-scalable.csv --runs runs/runs.csv \
	  $(report_flags) > runs/least-scalable.html
	@$(call page,runs/least-scalable.html)

demo: $(DEMO)/report.html ## Run the whole chain on a recorded run (no server needed)
	@printf '\n%s\n' 'Metrics, those that changed most first:'
	@$(call show,$(DEMO)) | head -n 13
	@printf '\n%s\n' 'Services:'
	@$(call show,$(DEMO)) --by service
	@$(call page,$(DEMO)/report.html)

test-live: ## Two short experiments: each must name the service that was made to give way
	lab/test-live

setup: ## Install Prometheus and Python's venv through apt, if they are missing
	@lab/setup

venv: .venv/ready ## Python's environment with Locust in it

.venv/ready: lab/requirements.txt | setup
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement lab/requirements.txt
	@touch $@

# Cargo knows best what is out of date; what it leaves alone keeps its time, and so does all that is made with it.
# A demo builds its own filters only, without link-time optimisation (target/quick); tests take target/debug.
$(BIN)/shop $(FILTERS:%=$(BIN)/%): $(patsubst release,build,$(notdir $(BIN)))
	@:

# Runs. `run.json` is written last, so it stands for all that a run records.
recorders := $(if $(filter run,$(MAKECMDGOALS)),,$(BIN)/shop) $(prom-fetch) $(if $(WATCH),$(grid-build) $(rank) $(report)) .venv/ready
record = lab/experiment $(@D) --shop $(BIN)/shop --prom-fetch $(prom-fetch)
watched = $(if $(WATCH),--watch --grid-build $(grid-build) --rank $(rank) --report $(report))
phases = --tags $(call q,TAGS) --steady $(call q,STEADY) --steady-users $(call q,STEADY_USERS) \
  --steady-spawn-rate $(call q,STEADY_SPAWN) --overload $(call q,OVERLOAD) --users $(call q,USERS) \
  --spawn-rate $(call q,SPAWN) --shape $(call q,SHAPE) $(if $(CRITERIA),--criteria $(call q,CRITERIA)) $(watched)

$(RUN)/run.json: | $(recorders)
	$(record) $(phases) $(bottleneck)

bottleneck = --bottleneck $(call q,BOTTLENECK) $(if $(LOCUSTFILE),--locustfile $(call q,LOCUSTFILE))

$(LIVE:=/run.json): $(recorders) FORCE
	@rm -rf $(@D)
	$(record) --bottleneck $(notdir $(@D)) --tags test --steady 20s --overload 25s

$(DEMO)/run.json: FORCE
	@rm -rf $(@D) && mkdir -p $(@D)
	@cp examples/shop-carts/run.json examples/shop-carts/*.gz $(@D)
	@gunzip $(@D)/locust_*.gz

# The chain. What a stage is, and with which flags, is a prerequisite of what it makes: swapping it remakes all that follows.
target/flags/%: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quoted,$($*) $($*_flags)) | cmp --silent - $@ || printf '%s\n' $(call quoted,$($*) $($*_flags)) > $@

# Each command stands here once; `chain` lists them all, for the page of a run.
make_steady = $(call calls,$1,steady)$(grid-build) $(call locust,$1) $(grid-build_flags) $(call series,$1,steady) > $1/steady.csv
make_overload = $(call calls,$1,overload)$(grid-build) $(call locust,$1) --like $1/steady.csv $(grid-build_flags) $(call series,$1,overload) \
  > $1/overload.csv
make_z = $(znorm) --baseline $1/steady.csv $(znorm_flags) $1/overload.csv > $1/z.csv
make_windows = $(peaks) $(peaks_flags) $1/z.csv > $1/windows.csv
make_path = $(dtw) --quiet $(dtw_flags) --top 40 --path $1/path.csv $1/windows.csv > $1/nearest.csv
make_dtw = $(dtw) $(dtw_flags) $1/windows.csv > $1/dtw.csv
make_pca = $(pca) $(pca_flags) $1/z.csv > $1/pca.csv
make_variance = $(pca) --quiet --emit variance $(pca_flags) $1/z.csv > $1/variance.csv
make_edges = $(spans) --quiet --edges $1/steady-spans.jsonl.gz $1/overload-spans.jsonl.gz > $1/edges.csv
make_faults = $(faults) $(faults_flags) --with $1/services.csv --baseline $1/steady.csv $1/overload.csv > $1/faults.csv
make_rank = $(rank) $(call rank_inputs,$1) $1/overload.csv > $1/rank.csv
make_services = $(rank) $(call rank_inputs,$1) --by service $1/overload.csv > $1/services.csv
make_report = $(report) --title 'What gives first: $(notdir $1)' --grid $1/overload.csv --baseline $1/steady.csv \
  --services $1/services.csv --dtw $1/dtw.csv --path $1/path.csv --windows $1/windows.csv --pca $1/pca.csv --variance $1/variance.csv \
  $(call graph,$1,--edges) $(if $(known),--faults $1/faults.csv) \
  --run $1/run.json --locust $1/locust --chain $1/chain.txt $(report_flags) $1/rank.csv > $1/report.html
define chain
$(call make_steady,$1)
$(call make_overload,$1)
$(call make_z,$1)
$(call make_windows,$1)
$(call make_dtw,$1)
$(call make_path,$1)
$(call make_pca,$1)
$(call make_variance,$1)
$(if $(call graph,$1),$(call make_edges,$1))
$(call make_rank,$1)
$(call make_services,$1)
$(if $(known),$(call make_faults,$1))
$(call make_report,$1)
endef

$(ALL_RUNS:=/steady.csv): %/steady.csv: %/run.json $(spans) $(grid-build) target/flags/spans target/flags/grid-build
	$(call make_steady,$*)

$(ALL_RUNS:=/overload.csv): %/overload.csv: %/steady.csv %/run.json $(spans) $(grid-build) target/flags/spans target/flags/grid-build
	$(call make_overload,$*)

$(ALL_RUNS:=/z.csv): %/z.csv: %/overload.csv %/steady.csv $(znorm) target/flags/znorm
	$(call make_z,$*)

$(ALL_RUNS:=/windows.csv): %/windows.csv: %/z.csv $(peaks) target/flags/peaks
	$(call make_windows,$*)

$(ALL_RUNS:=/dtw.csv): %/dtw.csv: %/windows.csv $(dtw) target/flags/dtw
	$(call make_dtw,$*)

$(ALL_RUNS:=/path.csv): %/path.csv: %/windows.csv $(dtw) target/flags/dtw
	$(call make_path,$*)

$(ALL_RUNS:=/pca.csv): %/pca.csv: %/z.csv $(pca) target/flags/pca
	$(call make_pca,$*)

$(ALL_RUNS:=/variance.csv): %/variance.csv: %/z.csv $(pca) target/flags/pca
	$(call make_variance,$*)

# Of a run without traces, and where no fault is known, an empty table that nothing reads.
$(ALL_RUNS:=/edges.csv): %/edges.csv: %/run.json $(spans)
	$(if $(call graph,$*),$(call make_edges,$*),@: > $@)

$(ALL_RUNS:=/faults.csv): %/faults.csv: %/overload.csv %/services.csv $(known) $(if $(known),$(faults)) target/flags/faults
	$(if $(known),$(call make_faults,$*),@: > $@)

$(ALL_RUNS:=/rank.csv): %/rank.csv: %/overload.csv %/steady.csv %/dtw.csv %/pca.csv %/edges.csv $(rank) target/flags/rank
	$(call make_rank,$*)

$(ALL_RUNS:=/services.csv): %/services.csv: %/overload.csv %/steady.csv %/dtw.csv %/pca.csv %/edges.csv $(rank) target/flags/rank
	$(call make_services,$*)

$(ALL_RUNS:=/report.html): %/report.html: %/rank.csv %/services.csv %/path.csv %/variance.csv %/faults.csv $(report) target/flags/report
	$(if $(is_dry),,$(file >$*/chain.txt,$(call chain,$*)))
	$(call make_report,$*)

# `make -n` calls make's functions as it prints a recipe, and none of them may write.
is_dry = $(findstring n,$(firstword -$(MAKEFLAGS)))

# The series of a phase: those of its metrics and, of a run with traces, those of its calls. `wildcard` would not see a
# file that was made since make began.
traced = $(shell ls $1/$2-spans.jsonl.gz 2> /dev/null)
calls = $(if $(call traced,$1,$2),$(spans) --quiet $(spans_flags) $1/$2-spans.jsonl.gz | )
# The call graph of a run with traces, behind a flag.
graph = $(if $(call traced,$1,steady),$(if $(call traced,$1,overload),$2 $1/edges.csv))
series = $1/$2.jsonl.gz$(if $(call traced,$1,$2), -)
locust = --locust $1/locust --locust-requests $1/requests.csv.gz --locust-run $1/run.json
show = $(rank) --quiet $(call rank_inputs,$1) --to table --columns $(SHOWN) $1/overload.csv
page = printf '\n%s\n' 'Page: file://$(abspath $1)'
SHOWN := rank,service,metric,steady,overload,pct_change,score
growth = $(rank) --load locust_users $(rank_flags)
LEVELS = $(RUNS:=/steady.csv) $(RUNS:=/overload.csv)
rank_inputs = --baseline $1/steady.csv --with $1/dtw.csv --with $1/pca.csv $(if $(filter yes,$(CALLS)),$(call graph,$1,--calls)) \
  $(rank_flags)
