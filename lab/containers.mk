# The lab in containers. Included by the Makefile. Only what is in here needs Docker; lab/CONTAINERS.md is its page.
#
# Variables of the command line and of the environment reach the scripts as they are: STACK and what a stack's TOML file can
# say (FRONT_DOOR, SCRAPE, PROMETHEUS, PROMETHEUS_URL, LEAVE_ALONE, LOCUSTFILE), HOST_URL, CADVISOR, PROJECT, COMPOSE,
# SHOP_PORT, PROMETHEUS_PORT, and the names of the images.

-include target/docker/images.mk
STACK ?= shop
ifneq ($(origin BOTTLENECK),file)
export SHOP_FLAGS := --bottleneck $(value BOTTLENECK)
endif
# The small shop is built here.
shop_image := $(if $(filter shop,$(STACK)),images)

.PHONY: images images-offline up down status

# What comes from PyPI is fetched with the venv's pip.
images: $(if $(wildcard lab/stacks/$(STACK)/requirements.txt),.venv/ready) ## Docker: make the image of STACK: the small shop's from a static binary, the others' from packages
	@lab/images $(call q,STACK)

images-offline: .venv/ready ## Docker: make stand-ins for the public images from a Debian root, for machines without a registry
	@lab/images offline

up: $(shop_image) ## Docker: bring up STACK, a Compose file or one of lab/stacks, with its Prometheus
	@lab/stack up

down: ## Docker: take the stack down; no container, network or volume stays
	@lab/stack down

status: ## Docker: list the stack's containers
	@lab/stack status

# Load alone, into a folder. LOAD_BY=k6 takes k6 from PATH, LOCUST=docker a container that is removed at the end.
LOCUST ?= venv
LOAD_BY ?= locust
TIME ?= 60s
ifndef LOAD
LOAD := target/load/$(shell date -u +%Y%m%dT%H%M%SZ)
endif
load_by = $(if $(filter locust,$(LOAD_BY)),$(call q,LOCUST),$(call q,LOAD_BY))
venv = $(if $(filter venvlocust,$(LOCUST)$(LOAD_BY)),.venv/ready)
load_flags = $(if $(LOCUST_TAGS),--tags $(call q,LOCUST_TAGS)) $(if $(CRITERIA),--criteria $(call q,CRITERIA)) $(if $(DRY_RUN),--dry-run)

.PHONY: load

load: | $(venv) ## Docker: put load on the stack, SHAPE, USERS, SPAWN and TIME, LOCUST=venv|docker or LOAD_BY=k6
	@lab/load $(call q,LOAD) --by $(load_by) --users $(call q,USERS) --spawn-rate $(call q,SPAWN) --shape $(call q,SHAPE) \
	  --time $(call q,TIME) $(load_flags)

# What a service may use: CPU_SHARE is a part of all its cores, CPUS a number of them. THROTTLE_TABLE=FILE instead has a row
# for each service; THROTTLE=off takes all limits away.
THROTTLE ?= on
$(call one_of,THROTTLE,on off)
throttle_flags = $(if $(filter off,$(THROTTLE)),--off,$(if $(THROTTLE_TABLE),$(call flag,table,THROTTLE_TABLE),$(throttle_words)))
throttle_words = $(call flag,cpu-share,CPU_SHARE) $(call flag,cpus,CPUS) $(call flag,memory,MEM) $(call flag,pids,PIDS) \
  $(call flag,io-device,IO_DEVICE) $(call flag,io-read,IO_READ) $(call flag,io-write,IO_WRITE) \
  $(foreach name,$(SERVICE),--service $(call quoted,$(name)))

.PHONY: specs throttle

specs: ## Docker: write the machine, the engine and all limits as JSON to SPECS, else to standard output
	@lab/specs $(call flag,file,SPECS)

throttle: ## Docker: limit services to CPU_SHARE=0.5 or CPUS=1.5, MEM=256m, PIDS=100, now and from the next up on
	@lab/throttle $(throttle_flags)

# One fault in one container. SERVICE or CONTAINER names it; what a kind can be told: DELAY, JITTER, CORRELATION,
# PERCENT, RATE, CPUS, WORKERS, FAULT_MEM, SIGNAL, GRACE, INTERFACE. PUMBA_HOST is Pumba's -H: a socket, or tcp://localhost:2375.
FAULT_BY ?= pumba
DURATION ?= 30s
fault_flags = $(call flag,container,CONTAINER) $(call flag,time,DELAY) $(call flag,jitter,JITTER) $(call flag,rate,RATE) \
  $(call flag,correlation,CORRELATION) $(call flag,percent,PERCENT) $(call flag,cpus,CPUS) $(call flag,workers,WORKERS) \
  $(call flag,memory,FAULT_MEM) $(call flag,signal,SIGNAL) $(call flag,grace,GRACE) $(call flag,interface,INTERFACE) \
  $(call flag,record,RECORD) $(if $(DRY_RUN),--dry-run)
flag = $(if $(value $2),--$1=$(call q,$2))

.PHONY: fault heal

fault: ## Docker: FAULT=delay|loss|rate|corrupt|cpu|mem|pause|kill|stop|rm in SERVICE, or one of the stack's own, for DURATION, FAULT_BY=pumba|docker
	@lab/fault --by $(call q,FAULT_BY) --duration $(call q,DURATION) $(strip $(fault_flags)) $(call q,FAULT) $(call q,SERVICE)

heal: ## Docker: take back faults and loads that were cut off by a crash
	@lab/fault --heal

# A run on the containers goes through the chain of lab.mk; only what records it is another program. TAGS say what to do:
# make run TAGS="users=100 shape=step", make run TAGS="fault=delay service=carts time=100ms".
MATRIX ?= lab/matrix.csv
REPEATS ?= 3
TRIES ?= 3
SEED ?= 1
RECOVERY ?= 20s
record_flags = --by $(call q,FAULT_BY) --load-by $(load_by) --recovery $(call q,RECOVERY) --prom-fetch $(prom-fetch)
ifneq ($(filter run,$(MAKECMDGOALS)),)
ifeq ($(origin TAGS),file)
$(error run: say what to do, such as TAGS="users=100 shape=step" or TAGS="fault=delay service=carts")
endif
endif

.PHONY: run sweep

run: record = lab/record $(@D) $(record_flags)
run: bottleneck =
run: $(if $(filter run,$(MAKECMDGOALS)),$(shop_image) $(RUN)/report.html) ## Docker: make one run as TAGS say, with load, a fault or both, and rank what changed
	@$(call show,$(RUN)) | head -n 13
	@$(call show,$(RUN)) --by service

sweep: $(shop_image) | $(prom-fetch) $(venv) ## Docker: make the runs of MATRIX, REPEATS times each, in seeded order; goes on where it stopped
	@lab/sweep $(call q,MATRIX) --repeats $(call q,REPEATS) --tries $(call q,TRIES) --seed $(call q,SEED) $(record_flags) \
	  --steady $(call q,STEADY) --overload $(call q,OVERLOAD) --steady-users $(call q,STEADY_USERS) \
	  --steady-spawn-rate $(call q,STEADY_SPAWN) $(if $(CRITERIA),--criteria $(call q,CRITERIA))

# How much the stack can take: FIRST tasks a second, then more, until P95 or FAILURES (in %) breaks.
FIRST ?= 10
P95 ?= 500ms
FAILURES ?= 1
LEVEL ?= 20s
ifndef CAPACITY
CAPACITY := runs/capacity/$(shell date -u +%Y%m%dT%H%M%SZ)
endif

.PHONY: capacity

capacity: $(shop_image) $(prom-fetch) $(grid-build) $(rank) | .venv/ready ## Docker: find how many tasks a second the stack can take, and what gives first
	@lab/capacity $(call q,CAPACITY) --first $(call q,FIRST) --p95 $(call q,P95) --failures $(call q,FAILURES) \
	  --time $(call q,LEVEL) --prom-fetch $(prom-fetch) --grid-build $(grid-build) --rank $(rank)

.PHONY: library new-fault

library: analyse $(faults) ## Docker: file the fault runs under FAULTS, and print how well faults tells them apart
	@lab/library --library $(call q,FAULTS) --faults $(faults)

new-fault: $(faults) ## Docker: file one run as a new kind of fault, KIND=leak RUN=runs/...
	@lab/library --library $(call q,FAULTS) --faults $(faults) --kind $(call q,KIND) --run $(call q,RUN)

.PHONY: test-lab

# Longer than `make test`, which it comes after. It makes its own images, so it asks no registry. What needs no Docker comes
# first: every reader is fuzzed for FUZZ_SECONDS, five million known samples are fetched from Prometheus 2 and from VictoriaMetrics, and
# some from the newest of both.
FUZZ_SECONDS ?= 60
test-lab: debug .venv/ready ## Docker: test all of this on the small shop (twenty minutes); without Docker, only the tests that do not need it
	@lab/setup debootstrap g++ socat
	@FUZZ_SECONDS=$(call q,FUZZ_SECONDS) tests/fuzz
	@STRAIN_SAMPLES=5000000 cargo test --quiet --workspace --all-features --test known every_sample_comes_once
	@lab/unstable > target/unstable.env
	@. target/unstable.env; if [[ -s target/unstable.env ]]; then cargo test --quiet --workspace --all-features --test known; fi
	@BIN=target/debug lab/tests/run
	@$(MAKE) --no-print-directory test-scale test-history
