# Works on a bare checkout: `make demo` and `make test` set up and build whatever they need.
# The shipped binary carries its Swift runtime; the tests cannot (swift-testing is dynamic), and one
# build folder for both would be compiled anew at every turn. Hence two.

SHELL     := /bin/bash
PREFIX    ?= /usr/local
SHARE     := $(PREFIX)/share
BINARY    := .build/static/release/logbook
EXTENSION := .build/static/release/liblogbook.so
SOURCES   := Package.swift Sources Tests migrations Benchmarks Fuzz/Package.swift Fuzz/Sources Fuzz/Targets
# An import of a target that Package.swift does not declare is an error in every build.
SWIFT     := --configuration release --explicit-target-dependency-import-check error
TEST      := swift test $(SWIFT) --disable-xctest -Xswiftc -enable-testing
DEBIAN    := libsqlite3-dev libdeflate-dev libisal-dev zlib1g-dev libzstd-dev libpcre2-dev \
             libyaml-dev pkg-config sqlite3 gzip zstd bzip2 xz-utils logrotate jq \
             python3 binutils zsh fish mandoc
PEERS     := python3 python3-venv lnav ripgrep hyperfine gzip

.DEFAULT_GOAL := help
.PHONY: help setup build extension demo test smoke lint format bench bench-scale performance accuracy gate gate-update soak fuzz install check clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-11s %s\n", $$1, $$2 }' Makefile

setup: ## Install the Debian packages that are missing (none missing: no network, no root)
	@command -v swift >/dev/null || { echo "make: swift is missing; Logbook needs Swift 6.3: https://swift.org/install" >&2; exit 1; }
	@.ci/install-packages $(DEBIAN)

build: setup ## Build the release binary, .build/static/release/logbook
	swift build $(SWIFT) --scratch-path .build/static --static-swift-stdlib --product logbook

extension: setup ## Build the loadable extension, .build/static/release/liblogbook.so
	swift build $(SWIFT) --scratch-path .build/static --static-swift-stdlib --product LoadableExtension
	@cp .build/static/release/libLoadableExtension.so $(EXTENSION)

demo: build ## Ingest the shipped fixtures into a scratch database and look at them
	@LOGBOOK_BINARY=$(BINARY) Examples/demo.sh

test: build extension ## Run all tests, the transcripts against the release binary
	set -o pipefail; \
		LOGBOOK_BINARY=$(CURDIR)/$(BINARY) LOGBOOK_EXTENSION=$(CURDIR)/$(EXTENSION) $(TEST) 2>&1 | .ci/test-report

smoke: setup ## Run the tests that start no logbook process
	$(TEST) --skip AcceptanceTests

lint: ## Check the style (swift-format, strict)
	swift format lint --strict --parallel --recursive $(SOURCES)

format: ## Put the sources into that style
	swift format --in-place --parallel --recursive $(SOURCES)

bench: build ## Measure beside the peers: make bench [ONLY=ingest-app,search-rare] [RUNS=3]
	@.ci/install-packages $(PEERS)
	Benchmarks/run --binary $(BINARY) --runs $(or $(RUNS),3) $(if $(ONLY),--only $(ONLY))

bench-scale: build ## Measure at 1, 10 and 100 million lines: make bench-scale [MILLIONS=1,10]
	@.ci/install-packages python3 hyperfine
	Benchmarks/scale --binary $(BINARY) --millions $(if $(MILLIONS),$(MILLIONS),1,10,100)

performance: build ## Measure all of it for long, and put the tables into docs/PERFORMANCE.md
	@.ci/install-packages $(PEERS) linux-perf
	Benchmarks/run --binary $(BINARY) --runs 5 --page docs/PERFORMANCE.md
	Benchmarks/shares --binary $(BINARY) --page docs/PERFORMANCE.md
	Benchmarks/scale --binary $(BINARY) --page docs/PERFORMANCE.md

gate: build ## Fail when it takes more instructions than Benchmarks/instructions.json says
	@.ci/install-packages python3 valgrind
	Benchmarks/gate --binary $(BINARY)

gate-update: build ## Accept the instructions that it takes now
	@.ci/install-packages python3 valgrind
	Benchmarks/gate --binary $(BINARY) --update

accuracy: build ## Compare patterns with the labelled lines of the loghub sets
	Benchmarks/accuracy --binary $(BINARY)

soak: build ## Random histories and kills for long: make soak [MINUTES=20] [SEED=1]
	MODEL_SECONDS=$$(( $(or $(MINUTES),20) * 60 )) LOGBOOK_BINARY=$(CURDIR)/$(BINARY) \
	  SEED=$(or $(SEED),random) $(TEST) --filter 'Random histories'

fuzz: setup ## Look for inputs that break it: make fuzz [SECONDS=60] [TARGET=query]
	Fuzz/run --seconds $(or $(SECONDS),60) $(if $(TARGET),--target $(TARGET))

install: build extension ## Install under PREFIX (default /usr/local)
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/logbook
	install -D -m 0644 $(EXTENSION) $(DESTDIR)$(PREFIX)/lib/liblogbook.so
	install -d $(DESTDIR)$(SHARE)/man/man1 $(DESTDIR)$(SHARE)/bash-completion/completions \
	  $(DESTDIR)$(SHARE)/zsh/site-functions $(DESTDIR)$(SHARE)/fish/vendor_completions.d
	$(BINARY) manual | gzip -9n > $(DESTDIR)$(SHARE)/man/man1/logbook.1.gz
	$(BINARY) completions bash > $(DESTDIR)$(SHARE)/bash-completion/completions/logbook
	$(BINARY) completions zsh > $(DESTDIR)$(SHARE)/zsh/site-functions/_logbook
	$(BINARY) completions fish > $(DESTDIR)$(SHARE)/fish/vendor_completions.d/logbook.fish

check: setup lint build test gate ## All that continuous integration checks

clean: ## Remove everything that was built or generated
	rm -rf .build Benchmarks/.build Fuzz/.build bench-data
