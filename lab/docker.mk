# The lab in containers. Included by the Makefile. Only what is in here needs Docker; lab/docker/README.md is its page.
#
# Variables of the command line and of the environment reach the scripts as they are: STACK, PROJECT, COMPOSE, SHOP_PORT,
# PROMETHEUS_PORT, BOTTLENECK, and the names of the images (lab/docker/README.md lists them, with their defaults).
# `make images-offline` makes stand-ins for the public images, which hold here until target/docker/images.mk is deleted.

-include target/docker/images.mk
STACK ?= shop

.PHONY: images images-offline up down status

images: ## Docker: make the small shop's image from a static binary
	@lab/docker/images shop

images-offline: ## Docker: make stand-ins for the public images from a Debian root, for machines without a registry
	@lab/docker/images offline

up: $(if $(filter shop,$(STACK)),images) ## Docker: bring up STACK=shop|sock-shop with its Prometheus
	@lab/docker/stack up '$(STACK)'

down: ## Docker: take the stack down; no container, network or volume stays
	@lab/docker/stack down

status: ## Docker: list the stack's containers
	@lab/docker/stack status

# Load alone, into a folder: LOCUST=docker runs it in a container that is removed at the end.
LOCUST ?= venv
TIME ?= 60s
ifndef LOAD
LOAD := target/load/$(shell date -u +%Y%m%dT%H%M%SZ)
endif
load_flags = $(if $(LOCUST_TAGS),--tags '$(LOCUST_TAGS)') $(if $(HOST_URL),--host '$(HOST_URL)') $(if $(DRY_RUN),--dry-run)

.PHONY: load

load: $(if $(filter venv,$(LOCUST)),| .venv/ready) ## Docker: Locust without its pages, SHAPE, USERS, SPAWN and TIME, LOCUST=venv|docker
	@lab/docker/load '$(LOAD)' --by '$(LOCUST)' --stack '$(STACK)' --users '$(USERS)' --spawn-rate '$(SPAWN)' --shape '$(SHAPE)' \
	  --time '$(TIME)' $(load_flags)

# What a service may use, reckoned from the machine: CPU_SHARE is a part of all its cores. THROTTLE_TABLE=FILE instead
# has a row for each service; THROTTLE=off takes all limits away.
THROTTLE ?= on
throttle_flags = $(if $(filter off,$(THROTTLE)),--off,$(if $(THROTTLE_TABLE),--table '$(THROTTLE_TABLE)',$(throttle_words)))
throttle_words = $(if $(CPU_SHARE),--cpu-share '$(CPU_SHARE)') $(if $(MEM),--memory '$(MEM)') $(SERVICE:%=--service '%')

.PHONY: specs throttle

specs: ## Docker: write the machine, the engine and all limits as JSON to SPECS, else to standard output
	@lab/docker/specs $(if $(SPECS),--file '$(SPECS)')

throttle: ## Docker: limit services to CPU_SHARE=0.5 of the cores and MEM=256m, now and from the next up on
	@lab/docker/throttle '$(STACK)' $(throttle_flags)

# One fault in one container. SERVICE or CONTAINER names it; what a kind can be told: DELAY, JITTER, CORRELATION,
# PERCENT, RATE, CPUS, WORKERS, FAULT_MEM, SIGNAL, GRACE, INTERFACE. PUMBA_HOST is Pumba's -H: a socket, or tcp://localhost:2375.
FAULT_BY ?= pumba
DURATION ?= 30s
fault_flags = $(call flag,container,CONTAINER) $(call flag,time,DELAY) $(call flag,jitter,JITTER) $(call flag,rate,RATE) \
  $(call flag,correlation,CORRELATION) $(call flag,percent,PERCENT) $(call flag,cpus,CPUS) $(call flag,workers,WORKERS) \
  $(call flag,memory,FAULT_MEM) $(call flag,signal,SIGNAL) $(call flag,grace,GRACE) $(call flag,interface,INTERFACE) \
  $(call flag,record,RECORD) $(if $(DRY_RUN),--dry-run)
flag = $(if $($2),--$1='$($2)')

.PHONY: fault heal

fault: ## Docker: FAULT=delay|loss|rate|corrupt|cpu|mem|pause|kill|stop in SERVICE for DURATION, FAULT_BY=pumba|docker
	@lab/docker/fault --by '$(FAULT_BY)' --duration '$(DURATION)' $(strip $(fault_flags)) '$(FAULT)' '$(SERVICE)'

heal: ## Docker: take back faults that were cut off by a crash
	@lab/docker/fault --heal

# A run on the containers goes through the chain of lab.mk; only what records it is another program. TAGS say what to do:
# make run TAGS="users=100 shape=step", make run TAGS="fault=delay service=carts time=100ms".
MATRIX ?= lab/docker/matrix.csv
REPEATS ?= 3
TRIES ?= 3
SEED ?= 1
RECOVERY ?= 20s
record_flags = --stack '$(STACK)' --by '$(FAULT_BY)' --locust-by '$(LOCUST)' --recovery $(RECOVERY) --bin $(BIN) --prom-fetch $(prom-fetch)
ifneq ($(filter run,$(MAKECMDGOALS)),)
ifeq ($(origin TAGS),file)
$(error run: say what to do, such as TAGS="users=100 shape=step" or TAGS="fault=delay service=carts")
endif
endif

.PHONY: run sweep

run: record = lab/docker/record $(@D) $(record_flags)
run: $(if $(filter run,$(MAKECMDGOALS)),$(if $(filter shop,$(STACK)),images) $(RUN)/report.html) ## Docker: make one run as TAGS say, with load, a fault or both, and rank what changed
	@$(call show,$(RUN)) | head -n 13
	@$(call show,$(RUN)) --by service

sweep: $(if $(filter shop,$(STACK)),images) | $(prom-fetch) $(if $(filter venv,$(LOCUST)),.venv/ready) ## Docker: make the runs of MATRIX, REPEATS times each, in seeded order; goes on where it stopped
	@lab/docker/sweep '$(MATRIX)' --repeats $(REPEATS) --tries $(TRIES) --seed $(SEED) $(record_flags) \
	  --steady $(STEADY) --overload $(OVERLOAD) --steady-users $(STEADY_USERS) --steady-spawn-rate $(STEADY_SPAWN)

FAULTS ?= faults

.PHONY: library new-fault

library: analyse $(faults) ## Docker: file the fault runs under FAULTS, and print how well faults tells them apart
	@lab/docker/library --library '$(FAULTS)' --faults $(faults)

new-fault: $(faults) ## Docker: file one run as a new kind of fault, KIND=leak RUN=runs/...
	@lab/docker/library --library '$(FAULTS)' --faults $(faults) --kind '$(KIND)' --run '$(RUN)'

.PHONY: test-lab

# Longer than `make test`, which it comes after. It makes its own images, so it asks no registry.
test-lab: build .venv/ready ## Docker: test all of this on the small shop (a quarter of an hour); without an engine, what can be told without one
	@lab/setup debootstrap
	@lab/docker/test
