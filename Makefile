# All tasks of this project. `make` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8000
export PORT

# The interpreter that creates .venv, 3.10 or newer. If it is not 3.13, uv downloads 3.13.
PYTHON ?=

# x86_64 or arm64: the architecture that `make deploy` builds for. Local runs build for this machine.
ARCHITECTURE ?= arm64
export LAYER_ARCHITECTURE = $(ARCHITECTURE)

BIN := .venv/bin
TOOLS := .local/environments
SAM := $(TOOLS)/sam/bin/sam
CODE := shared functions local tests
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONUNBUFFERED = 1
export SAM_CLI_TELEMETRY = 0
# SAM needs it for Fn::ForEach. samconfig.toml sets it for manual calls of sam.
export SAM_CLI_ENABLE_LANGUAGE_EXTENSIONS = 1
# Use the certificates of this machine, like pip does, for companies with their own certificate authority.
export UV_SYSTEM_CERTS = 1
export NODE_USE_SYSTEM_CA = 1

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run it on this machine

.PHONY: run up down reset token logs
run: local-tools page ## Start everything in the foreground; Ctrl-C stops it. PORT=8000 and LOCAL_HOME=… set the port and the data folder
	@$(BIN)/python -m local run

up: local-tools page ## Start everything in the background
	@$(BIN)/python -m local up

down: .venv/.ready ## Stop what `make up` started
	@$(BIN)/python -m local down

reset: .venv/.ready ## Stop everything and delete the data
	@$(BIN)/python -m local reset

token: .venv/.ready ## Print an access token of the admin user
	@$(BIN)/python -m local token

logs: .venv/.ready ## Follow the logs of the functions
	@$(BIN)/python -m local logs

##@ Operate it

.PHONY: redrive audit restore erasures pricing sync
redrive: .venv/.ready ## Deliver dead letters again, or discard them; ARGS="--dry-run", "--discard ID --because …", "--stack NAME"
	@$(BIN)/python -m operations.redrive $(ARGS)

erasures: .venv/.ready ## Repeat the erasures in the ledger; ARGS="--stack NAME", after a restore "--from DAMAGED_TABLE"
	@$(BIN)/python -m operations.erasures $(ARGS)

audit: .venv/.ready ## Check the consistency of the table; ARGS="--repair", "--repair --apply", "--stack NAME"
	@$(BIN)/python -m operations.audit $(ARGS)

restore: .venv/.ready ## Restore an earlier state of the table; ARGS="pause", "copy --from TABLE [--apply]", "listen", "resume", each with --stack NAME
	@$(BIN)/python -m operations.restore $(ARGS)

pricing: $(TOOLS)/sam/.ready ## Run the pricing example of the user guide on the local stack
	@$(BIN)/python -m examples.pricing

sync: .venv/.ready ## Synchronize the running local stack with the file in examples/sync, like an ERP or a pipeline
	@$(BIN)/python -m examples.sync

##@ Check it

.PHONY: a-browser test check format lint types layers docs handlers template posture page-check soak hostile stack-tests end-to-end browser import-at-scale two-people dashboard
test: a-browser ## Run all tests, including setup
	@$(MAKE) -j 4 setup tests/dashboard/dist/index.html
	@$(MAKE) check
	@$(MAKE) stack-tests speed

check: .venv/.ready ## Run all checks that need no running stack
	@$(MAKE) -j 2 lint types layers template posture page-check
	@$(MAKE) handlers

format: .venv/.ready ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: .venv/.ready ## Check style and likely mistakes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/.ready ## Check types (mypy --strict)
	$(BIN)/mypy

layers: .venv/.ready ## Check the imports between the packages of shared/ (docs/architecture.md)
	@$(BIN)/lint-imports

template: $(TOOLS)/sam/.ready ## Validate template.yaml
	$(SAM) validate --region us-east-1
	$(TOOLS)/sam/bin/cfn-lint template.yaml

posture: $(TOOLS)/posture/.ready $(TOOLS)/sam/.ready ## Check the security of the template, and that the repository has no secrets
	@mkdir -p .local/posture
	@$(TOOLS)/sam/bin/python tests/drift/transform.py '{"parameters": {}, "build": ""}' >.local/posture/template.json
	@$(TOOLS)/posture/bin/checkov --config-file .checkov.yaml --output cli --output json \
		--output-file-path console,.local/posture/report.json
	@grep -q '"parsing_errors": 0' .local/posture/report.json # checkov does not report them
	@{ git ls-files -z 2>/dev/null || find . -type f -not -path './.*' -not -path '*/node_modules/*' -not -path '*/dist/*' -print0; } \
		| xargs -0 $(TOOLS)/posture/bin/detect-secrets-hook --no-verify --disable-plugin KeywordDetector \
		--disable-plugin Base64HighEntropyString --disable-plugin HexHighEntropyString

page-check: .venv/.ready admin/node_modules/.package-lock.json ## Check style, types and unit tests of the admin web app
	@cd admin && npm run --silent lint && npm run --silent test

docs: .venv/.ready $(TOOLS)/sam/.ready ## Generate the documents that are derived from the code
	$(BIN)/python -m docs.build
	$(BIN)/python -m benchmarks.stack_cost >/dev/null

STACK_TESTS = browser dashboard end_to_end

handlers: .venv/.ready $(TOOLS)/sam/.ready ## Run handler, storage, unit and drift tests
	$(BIN)/pytest -n auto -q --dist loadfile --no-loadscope-reorder $(addprefix --ignore tests/,$(STACK_TESTS) sam_local)

soak: .venv/.ready ## Stress one table with concurrent requests and faults for SECONDS=60; ARGS="--seed N" repeats a round
	@$(BIN)/python -m tests.concurrency.soak --seconds $(SECONDS) $(ARGS)

hostile: .venv/.ready ## Send generated valid and invalid requests to the local stack for SECONDS=60
	@$(BIN)/schemathesis run docs/openapi.json --url http://127.0.0.1:$(PORT) --workers 2 --max-time $(SECONDS) \
		--header "Authorization: Bearer $$($(BIN)/python -m local token)" --request-timeout 30 --continue-on-failure \
		--checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance

SECONDS ?= 60

.PHONY: sam-local
sam-local: .venv/.ready ## Test functions in Lambda's image with `sam local`; needs Docker
	@$(BIN)/python -m local.containers check
	@$(MAKE) local-tools
	@mkdir -p .local
	@$(MAKE) build ARCHITECTURE=$$($(BIN)/python -c "from local import cloud; print(cloud.architecture())") \
		>.local/sam-local.log 2>&1 || { cat .local/sam-local.log >&2; exit 1; }
	$(BIN)/pytest -q tests/sam_local

stack-tests: local-tools page a-browser $(TOOLS)/clients/.ready $(TOOLS)/aws/.ready tests/dashboard/dist/index.html ## Run the next three together, which saves starting local stacks
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder $(addprefix tests/,$(STACK_TESTS))

end-to-end: local-tools $(TOOLS)/clients/.ready $(TOOLS)/aws/.ready admin/node_modules/.package-lock.json ## Test over HTTP against a separate local stack with IAM policies
	$(BIN)/pytest -q -n 2 --dist loadfile tests/end_to_end

a-browser: .venv/.ready # Find or install a browser first
	@$(BIN)/python -m tests.browser.chromium

browser: local-tools page a-browser ## Test the admin web app in a browser against a separate local stack
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder tests/browser

dashboard: local-tools tests/dashboard/dist/index.html a-browser ## Test the published Medusa dashboard against a separate local stack
	$(BIN)/pytest -q tests/dashboard

tests/dashboard/dist/index.html: tests/dashboard/package-lock.json tests/dashboard/build.mjs | .venv/.ready
	@echo "Installing and building the Medusa dashboard …" >&2
	@mkdir -p .local
	@cd tests/dashboard && { npm ci --no-audit --no-fund --ignore-scripts && node build.mjs; } \
		>../../.local/dashboard.log 2>&1 || { cat ../../.local/dashboard.log >&2; exit 1; }

import-at-scale: local-tools page a-browser ## Test an import of IMPORT_ROWS=10000 rows with mistakes in a browser, and of the repaired rows
	IMPORT_ROWS=$(IMPORT_ROWS) $(BIN)/pytest -q --durations=1 tests/browser/test_import.py -k repaired

IMPORT_ROWS ?= 10000

two-people: local-tools page ## Test two concurrent users in browsers for PEOPLE_SECONDS=600; PEOPLE_SEED=N repeats a round
	PEOPLE_SECONDS=$(PEOPLE_SECONDS) PEOPLE_SEED=$${PEOPLE_SEED:-$$RANDOM} $(BIN)/pytest -q tests/browser/test_two_people.py

PEOPLE_SECONDS ?= 600

##@ Measure it

# `make bench SCALE=10` uses a tenth of the data.
SCALE ?= 1

.PHONY: bench speed artifacts
speed: artifacts ## Compare some times with the committed results; never fails because of times
	@if [ "$$(uname -sm)" != "Linux x86_64" ]; then echo "Times are only compared on Linux x86_64."; exit; fi; \
		export BENCHMARK_RESULTS=.local/benchmarks/speed; \
		$(BIN)/python -m benchmarks.overhead --rounds 100; \
		$(BIN)/python -m benchmarks.cold_start --rounds 3

artifacts: local-tools # Build the functions and layers for the benchmarks
	@mkdir -p .local
	@LAYER_ARCHITECTURE=native $(SAM) build --cached --parallel --build-dir .local/build/artifacts \
		--cache-dir .local/build/cache >.local/benchmarks.log 2>&1 || { cat .local/benchmarks.log >&2; exit 1; }

bench: artifacts ## Run all benchmarks, compare them with the committed results, and write docs/performance.md
	@$(BIN)/python -m benchmarks.cold_start --rounds 15
	@$(BIN)/python -m benchmarks.overhead
	@$(BIN)/python -m benchmarks.package
	@$(BIN)/python -m benchmarks.capacity --sizes 10 1000 $$((100000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.growth --groups $$((10000 / $(SCALE))) --customers $$((50000 / $(SCALE))) \
		--memberships $$((500000 / $(SCALE))) --largest $$((250000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.lists --sizes 1000 $$((100000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.membership_throughput --customers $$((100000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.jobs --rows $$((100000 / $(SCALE)))
	@$(BIN)/python -m benchmarks.rules
	@$(BIN)/python -m benchmarks.load --seconds 10
	@$(BIN)/python -m benchmarks.report

.PHONY: purge-at-scale jobs-at-scale audit-at-scale
purge-at-scale: local-tools ## Delete a group of 20,000 members, killing the worker twice; takes 2 minutes on dynoxide and 25 on the local stack
	PURGE_AT_SCALE=20000 $(BIN)/pytest -q -s tests/storage/test_purge.py -k very_large
	PURGED_MEMBERS=20000 $(BIN)/pytest -q -s tests/end_to_end/test_afterwards.py -k large_group

jobs-at-scale: .venv/.ready ## Run ten jobs of 20,000 rows on dynoxide, killing the workers at random; takes 15 minutes
	JOB_ROWS=20000 $(BIN)/pytest -q -s tests/handlers/test_do_job_chunk.py -k ten_large_jobs

audit-at-scale: .venv/.ready ## Audit 1,000,000 items on dynoxide, and measure time and memory; takes half an hour
	@$(BIN)/python -m benchmarks.audit

.PHONY: sbom vulnerabilities
SUPPLY := $(TOOLS)/supply/bin
SBOM := .local/sbom

sbom: $(TOOLS)/supply/.ready admin/node_modules/.package-lock.json ## Write software bills of materials (CycloneDX) to .local/sbom
	@mkdir -p $(SBOM)
	@$(SUPPLY)/cyclonedx-py requirements --output-reproducible --of JSON -o $(SBOM)/functions.json dependencies/requirements.txt 2>/dev/null
	@$(SUPPLY)/cyclonedx-py environment --output-reproducible --of JSON -o $(SBOM)/development.json .venv 2>/dev/null
	@cd admin && npm sbom --loglevel error --sbom-format cyclonedx >../$(SBOM)/page.json
	@ls $(SBOM)/*.json

vulnerabilities: $(TOOLS)/supply/.ready admin/node_modules/.package-lock.json ## Check pinned packages for known vulnerabilities; skipped if the data cannot be reached
	@$(SUPPLY)/python -m operations.vulnerabilities $(SUPPLY)

##@ Deploy it

.PHONY: setup local-tools build page deploy preflight delete lock clean
setup: local-tools page $(TOOLS)/posture/.ready ## Install all tools, pinned and hashed

local-tools: .venv/.ready $(TOOLS)/sam/.ready $(TOOLS)/stack/.ready

# One cache per architecture, because SAM's cache only depends on the sources.
build: $(TOOLS)/sam/.ready ## Build for ARCHITECTURE=arm64 (or x86_64)
	$(SAM) build --cached --parallel --cache-dir .aws-sam/cache-$(ARCHITECTURE) \
		--parameter-overrides Architecture=$(ARCHITECTURE)

page: .venv/.ready admin/dist/index.html ## Build the admin web app to admin/dist

admin/dist/index.html: admin/node_modules/.package-lock.json $(shell find admin/src admin/public admin/index.html \
		admin/*.ts docs/openapi.json -type f 2>/dev/null)
	@echo "Building the admin web app …" >&2
	@mkdir -p .local
	@cd admin && npm run --silent build >../.local/page.log 2>&1 || { cat ../.local/page.log >&2; exit 1; }

admin/node_modules/.package-lock.json: admin/package-lock.json | .venv/.ready
	@echo "Installing the packages of the admin web app …" >&2
	@cd admin && npm ci --loglevel=error --no-audit --no-fund >/dev/null

# The target: CONFIG is a section of samconfig.toml. STACK and REGION override it and your profile.
CONFIG ?= default
WHERE = $(if $(STACK),--stack $(STACK)) $(if $(REGION),--region $(REGION))

deploy: build page ## Deploy to your AWS account after a confirmation. STACK=… REGION=… CONFIG=… PARAMETERS="Name=value …" YES=1
	@$(BIN)/python -m operations.deploy --environment $(CONFIG) $(WHERE) $(if $(YES),--yes) \
		Architecture=$(ARCHITECTURE) $(PARAMETERS)

preflight: .venv/.ready ## Check what would stop a first deployment; changes nothing. STACK=… REGION=… PARAMETERS=… as for deploy
	@$(BIN)/python -m operations.preflight --environment $(CONFIG) $(WHERE) Architecture=$(ARCHITECTURE) $(PARAMETERS)

delete: .venv/.ready ## Delete a stack and the files of its page after a confirmation. STACK=… REGION=…; ARGS=--with-data also deletes the data
	@$(BIN)/python -m operations.delete $(WHERE) $(ARGS)

lock: .venv/.ready ## Update all pins to the newest releases; PACKAGE=… updates only one package
	$(LOCK) pyproject.toml --output-file dependencies/requirements.txt
	$(LOCK) pyproject.toml --group dev --constraints dependencies/requirements.txt --output-file requirements/dev.txt
	$(LOCK) --group sam --output-file requirements/sam.txt
	$(LOCK) --group stack --output-file requirements/stack.txt
	$(LOCK) --group posture --output-file requirements/posture.txt
	$(LOCK) --group supply --output-file requirements/supply.txt
	$(LOCK) --group clients --output-file requirements/clients.txt
	$(LOCK) --group aws --output-file requirements/aws.txt
	$(LOCK) --group bootstrap --constraints requirements/dev.txt --output-file requirements/bootstrap.txt

LOCK = $(BIN)/uv pip compile --quiet $(if $(PACKAGE),--upgrade-package $(PACKAGE),--upgrade) --universal --python-version 3.13 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

clean: ## Remove builds and installed tools, but not the local data
	rm -rf .venv .aws-sam $(TOOLS) .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/.ready: requirements/bootstrap.txt requirements/dev.txt
	@echo "Preparing .venv …" >&2
	@PYTHON="$(PYTHON)" local/venv.sh
	@touch $@

$(TOOLS)/%/.ready: requirements/%.txt | .venv/.ready
	@echo "Preparing $(@D) …" >&2
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(@D)
	@$(BIN)/uv pip sync --quiet --python $(@D)/bin/python --require-hashes $<
	@touch $@
