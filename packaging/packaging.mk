# Packages. Included by the Makefile, which sets BIN and FILTERS. The release workflow runs these same targets.

VERSION := $(shell sed -n '/^\[workspace.package\]/,/^$$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
ARCH    ?= $(shell uname -m)
TRIPLE  ?= $(ARCH)-unknown-linux-musl
DIST    ?= target/dist
IMAGE   ?= strain:$(VERSION)
# Debug, quick or release: which binaries a package holds.
PROFILE ?= release
profile = $(PROFILE:debug=dev)
STATIC  := target/$(TRIPLE)/$(PROFILE)
NAME    := strain-$(VERSION)-$(ARCH)-linux

.PHONY: install static archive deb image wheel sbom test-packages

# Not every shell makes ~ of a word after = a folder.
install: man ## Install strain, its filters, manual pages and completions below PREFIX; LINKS=yes puts the filters on PATH too
	packaging/install --bin $(BIN) --pages target/man --root '$(DESTDIR)$(PREFIX:~/%=$(HOME)/%)' $(if $(LINKS),--links) $(FILTERS)

static: # Binaries that need no library of the machine; C code is compiled by musl-gcc (Debian: musl-tools)
	@[[ $$(rustup target list --installed) == *'$(TRIPLE)'* ]] || rustup target add '$(TRIPLE)'
	cargo build --profile $(profile) --target $(TRIPLE) $(addprefix --package ,$(PACKAGES))

archive: static ## Make a .tar.gz of static binaries, manual pages and completions in target/dist
	$(MAKE) --no-print-directory man BIN=$(STATIC) --assume-old=build
	rm -rf $(DIST)/$(NAME) && mkdir -p $(DIST)/$(NAME)
	packaging/install --bin $(STATIC) --pages target/man --root $(DIST)/$(NAME) $(FILTERS)
	cp README.md FORMATS.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE $(DIST)/$(NAME)
	tar --create --gzip --owner=0 --group=0 --sort=name --file $(DIST)/$(NAME).tar.gz --directory $(DIST) $(NAME)
	@echo $(DIST)/$(NAME).tar.gz

deb: man ## Make a Debian package in target/dist (needs cargo-deb)
	mkdir -p $(DIST)
	cargo deb --package strain-cli --profile $(profile) --no-build --no-strip $(if $(filter-out release,$(PROFILE)),--fast) --output $(DIST)

image: archive ## Make a Docker image from scratch, IMAGE, of the same binaries
	packaging/image $(DIST)/$(NAME) $(IMAGE)

wheel: $(if $(filter debug,$(PROFILE)),debug,build) .venv-python/ready ## Make a Python wheel in target/dist: the binaries and a thin module
	packaging/wheel target/$(PROFILE) $(DIST) .venv-python/bin/maturin $(filter-out strain,$(FILTERS))

.venv-python/ready: python/requirements.txt | setup
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.PHONY: test-python
test-python: debug .venv-python/ready ## Test the Python module and its notebook on the recorded runs
	PATH=$(abspath .venv-python/bin):$$PATH STRAIN=$(abspath target/debug/strain) PYTHONPATH=$(abspath python/src) \
	  MYPYPATH=$(abspath python/src) .venv-python/bin/python -B -m pytest -q -p no:cacheprovider python/tests

sbom: ## Write what each binary is made of (CycloneDX) to target/dist (needs cargo-cyclonedx)
	rm -rf $(DIST)/sbom && mkdir -p $(DIST)/sbom
	cargo cyclonedx --quiet --format json --override-filename sbom.part
	for filter in $(FILTERS); do mv $$filter/sbom.part.json $(DIST)/sbom/$$filter.cdx.json; done
	find . -name sbom.part.json -not -path './target/*' -delete
	tar --create --gzip --owner=0 --group=0 --sort=name --file $(DIST)/strain-$(VERSION)-sbom.tar.gz --directory $(DIST) sbom
	@echo $(DIST)/strain-$(VERSION)-sbom.tar.gz

test-packages: ## Build the packages and run what is in them, in places of their own
	BIN=$(BIN) packaging/test all
