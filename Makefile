# One front door. `make` alone lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8000
export PORT

# Any interpreter will do, as long as it is 3.13: the functions' bytecode is compiled with it.
PYTHON ?= $(shell for candidate in python3.13 python3 python; do \
	if $$candidate -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; \
	then echo $$candidate; break; fi; done)

# x86_64 or arm64; what `make deploy` builds for. The local run builds for the machine it is on.
ARCHITECTURE ?= arm64
export LAYER_ARCHITECTURE = $(ARCHITECTURE)

BIN := .venv/bin
TOOLS := .local/environments
SAM := $(TOOLS)/sam/bin/sam
CODE := shared functions local tests
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONUNBUFFERED = 1
export SAM_CLI_TELEMETRY = 0
# Certificates that this machine trusts, as pip does: a company may have its own.
export UV_SYSTEM_CERTS = 1

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run it on this machine

.PHONY: run up down reset token logs
run: local-tools page ## Start everything and stay in front; Ctrl-C stops it. PORT=8000 moves it, LOCAL_HOME=… its data
	@$(BIN)/python -m local run

up: local-tools page ## The same in the background
	@$(BIN)/python -m local up

down: .venv/.ready ## Stop what `make up` started
	@$(BIN)/python -m local down

reset: .venv/.ready ## Stop, and forget the data
	@$(BIN)/python -m local reset

token: .venv/.ready ## Print a bearer token of the admin user
	@$(BIN)/python -m local token

logs: .venv/.ready ## Follow the functions' logs
	@$(BIN)/python -m local logs

##@ Look after it

.PHONY: redrive audit pricing
redrive: .venv/.ready ## Deliver what lies on the dead-letter queues again; ARGS="--dry-run", "--stack NAME" in the cloud
	@$(BIN)/python -m operations.redrive $(ARGS)

audit: .venv/.ready ## Check what must hold between the items of the table; ARGS="--repair", "--repair --for-real", "--stack NAME"
	@$(BIN)/python -m operations.audit $(ARGS)

pricing: $(TOOLS)/sam/.ready ## Print the guide's two prices: the example beside the running local stack
	@$(BIN)/python -m examples.pricing

##@ Check it

.PHONY: test check format lint types docs handlers template posture page-check soak hostile end-to-end browser
test: setup check end-to-end browser speed ## Everything, from nothing

check: lint types template posture page-check handlers ## All that needs no running stack

format: .venv/.ready ## Rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: .venv/.ready ## Style and likely mistakes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/.ready ## mypy --strict
	$(BIN)/mypy

template: $(TOOLS)/sam/.ready ## The template, by CloudFormation's own rules
	$(SAM) validate --lint --region us-east-1
	$(TOOLS)/sam/bin/cfn-lint template.yaml

posture: $(TOOLS)/posture/.ready ## Rules of security for the template, and no secrets in the repository
	@$(TOOLS)/posture/bin/checkov --config-file .checkov.yaml
	@git ls-files -z | xargs -0 $(TOOLS)/posture/bin/detect-secrets-hook --no-verify --disable-plugin KeywordDetector \
		--disable-plugin Base64HighEntropyString --disable-plugin HexHighEntropyString

page-check: .venv/.ready admin/node_modules/.package-lock.json ## The admin web app: style, types, unit tests
	@cd admin && npm run --silent lint && npm run --silent test

docs: .venv/.ready ## Write the documents that are made from the code
	$(BIN)/python docs/build.py

handlers: .venv/.ready ## Handler, storage, unit and drift tests
	$(BIN)/pytest -n auto -q --ignore tests/end_to_end --ignore tests/browser

soak: .venv/.ready ## Crowds and troubles at one table for SECONDS=60, with a report; ARGS="--seed N" plays a round again
	@$(BIN)/python -m tests.concurrency.soak --seconds $(SECONDS) $(ARGS)

hostile: .venv/.ready ## Requests made from the OpenAPI document, well-formed and not, at the running local stack for SECONDS=60
	@$(BIN)/schemathesis run docs/openapi.json --url http://127.0.0.1:$(PORT) --workers 2 --max-time $(SECONDS) \
		--header "Authorization: Bearer $$($(BIN)/python -m local token)" --request-timeout 30 --continue-on-failure \
		--checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance

SECONDS ?= 60

end-to-end: local-tools ## Over HTTP, against a stack of its own with IAM enforced
	$(BIN)/pytest -q tests/end_to_end

browser: local-tools page ## The user guide in a real browser, against a stack of its own
	$(BIN)/pytest -q tests/browser

##@ Measure it

# `make bench SCALE=10` measures on a tenth of the data, for a machine in use.
SCALE ?= 1

.PHONY: bench speed artifacts
speed: artifacts ## A short look at the times beside the committed results, which it leaves alone; fails for no time
	@if [ "$$(uname -sm)" != "Linux x86_64" ]; then echo "Times are looked at on Linux x86_64 alone."; exit; fi; \
		export BENCHMARK_RESULTS=.local/benchmarks/speed; \
		$(BIN)/python -m benchmarks.overhead --rounds 100; \
		$(BIN)/python -m benchmarks.cold_start --rounds 3

artifacts: local-tools # The functions and layers as the benchmarks start them
	@mkdir -p .local
	@LAYER_ARCHITECTURE=native $(SAM) build --cached --parallel --build-dir .local/build/artifacts \
		--cache-dir .local/build/cache >.local/benchmarks.log 2>&1 || { cat .local/benchmarks.log >&2; exit 1; }

bench: artifacts ## Every benchmark, compared with the committed results, and docs/performance.md
	@$(BIN)/python -m benchmarks.cold_start --rounds 15
	@$(BIN)/python -m benchmarks.overhead
	@$(BIN)/python -m benchmarks.package
	@$(BIN)/python -m benchmarks.capacity --sizes 10 1000 $$((100000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.growth --groups $$((10000 / $(SCALE))) --customers $$((50000 / $(SCALE))) \
		--memberships $$((500000 / $(SCALE))) --largest $$((250000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.membership_throughput --customers $$((100000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.load --seconds 10
	@$(BIN)/python -m benchmarks.report

.PHONY: purge-at-scale
purge-at-scale: local-tools ## Delete a group of 20,000 with the worker killed twice: on dynoxide two minutes, on the local stack 25
	PURGE_AT_SCALE=20000 $(BIN)/pytest -q -s tests/storage/test_purge.py -k very_large
	PURGED_MEMBERS=20000 $(BIN)/pytest -q -s tests/end_to_end/test_afterwards.py -k large_group

.PHONY: sbom vulnerabilities
SUPPLY := $(TOOLS)/supply/bin
SBOM := .local/sbom

sbom: $(TOOLS)/supply/.ready admin/node_modules/.package-lock.json ## What all of this is made of, with licences, as CycloneDX documents in .local/sbom
	@mkdir -p $(SBOM)
	@$(SUPPLY)/cyclonedx-py requirements --output-reproducible --of JSON -o $(SBOM)/functions.json dependencies/requirements.txt 2>/dev/null
	@$(SUPPLY)/cyclonedx-py environment --output-reproducible --of JSON -o $(SBOM)/development.json .venv 2>/dev/null
	@cd admin && npm sbom --loglevel error --sbom-format cyclonedx >../$(SBOM)/page.json
	@ls $(SBOM)/*.json

vulnerabilities: $(TOOLS)/supply/.ready admin/node_modules/.package-lock.json ## Known ones in what is pinned; says so where their data cannot be reached
	@$(SUPPLY)/python -m operations.vulnerabilities $(SUPPLY)

##@ Ship it

.PHONY: setup local-tools build page deploy lock clean
setup: local-tools page $(TOOLS)/posture/.ready ## Install everything that is needed here, pinned and hashed

local-tools: .venv/.ready $(TOOLS)/sam/.ready $(TOOLS)/stack/.ready

# A cache per processor: SAM knows a layer by its sources alone.
build: $(TOOLS)/sam/.ready ## Build for ARCHITECTURE=arm64 (or x86_64)
	$(SAM) build --cached --parallel --cache-dir .aws-sam/cache-$(ARCHITECTURE) \
		--parameter-overrides Architecture=$(ARCHITECTURE)

page: .venv/.ready admin/dist/index.html ## The admin web app, to static files in admin/dist

admin/dist/index.html: admin/node_modules/.package-lock.json $(shell find admin/src admin/public admin/index.html \
		admin/*.ts docs/openapi.json -type f 2>/dev/null)
	@echo "Building the admin web app …" >&2
	@mkdir -p .local
	@cd admin && npm run --silent build >../.local/page.log 2>&1 || { cat ../.local/page.log >&2; exit 1; }

admin/node_modules/.package-lock.json: admin/package-lock.json | .venv/.ready
	@echo "Installing what the admin web app is built of …" >&2
	@cd admin && npm ci --silent --no-audit --no-fund

deploy: build page ## Deploy to the AWS account you are signed in to; asks before it changes anything
	$(SAM) deploy --parameter-overrides Architecture=$(ARCHITECTURE)
	$(BIN)/python -m operations.publish_page

lock: .venv/.ready ## Raise every pin to the newest release
	$(LOCK) pyproject.toml --output-file dependencies/requirements.txt
	$(LOCK) pyproject.toml --group dev --constraints dependencies/requirements.txt --output-file requirements/dev.txt
	$(LOCK) --group sam --output-file requirements/sam.txt
	$(LOCK) --group stack --output-file requirements/stack.txt
	$(LOCK) --group posture --output-file requirements/posture.txt
	$(LOCK) --group supply --output-file requirements/supply.txt
	$(LOCK) --group bootstrap --constraints requirements/dev.txt --output-file requirements/bootstrap.txt

LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

clean: ## Remove what was built and installed, but not the local data
	rm -rf .venv .aws-sam $(TOOLS) .mypy_cache .pytest_cache .ruff_cache .hypothesis

# pip fetches uv, and uv the rest: the same pins, a tenth of the time.
.venv/.ready: requirements/bootstrap.txt requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.13 is needed and was not found; install it, or name it: make PYTHON=/path/to/python3.13" >&2; exit 1; }
	@echo "Preparing .venv …" >&2
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@touch $@

$(TOOLS)/%/.ready: requirements/%.txt | .venv/.ready
	@echo "Preparing $(@D) …" >&2
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(@D)
	@$(BIN)/uv pip sync --quiet --python $(@D)/bin/python --require-hashes $<
	@touch $@
