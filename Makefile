# The doors of the house. `make run` and `make test` set up what they need; `make help` lists all.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
SAM := PATH="$(CURDIR)/$(BIN):$$PATH" SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-central-1 .venv-sam/bin/sam
NODE := tests/node/node_modules
PACKAGES := functions layers/core/otpost tools/otpost_tools
INSTALL = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(2)

SEEDS ?= 1000
CASES ?= 10000

.PHONY: help setup run demo test check build bench model sim races fuzz mutants sam-local engine lock clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready .venv-runtime/.ready .venv-sam/.ready $(NODE)/.ready ## Make the environments: development, Lambda runtime, SAM, Node

run: .venv/.ready .venv-runtime/.ready ## Run the whole product on this machine: http://127.0.0.1:8000/_sandbox/
	@$(BIN)/otpost sandbox

demo: .venv/.ready .venv-runtime/.ready ## Tell the whole story in the terminal, step by step
	@$(BIN)/otpost demo

test: setup ## Run every test, with coverage of what ships
	$(BIN)/python -m pytest --cov --cov-report=term --cov-fail-under=95 $(PYTEST)

check: setup ## Lint, types, import rules, template, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PACKAGES) tests/fakes
	@if [ -x $(NODE)/.bin/pyright ]; then $(NODE)/.bin/pyright; else echo "skipped: pyright needs Node"; [ -z "$${CI:-}" ]; fi
	$(BIN)/lint-imports
	$(BIN)/python -m otpost_tools.openapi --check
	$(SAM) validate --lint --template template.yaml

build: .venv/.ready .venv-sam/.ready ## Build what `sam deploy` uploads, into .aws-sam/
	$(SAM) build

bench: .venv/.ready .venv-runtime/.ready ## Measure, as ratios within one run
	@for file in bench/*.py; do $(BIN)/python "$$file"; done

model: .venv/.ready ## Explore every state of the protocol's model, and see its mutants fail (spin)
	@$(BIN)/python model/check.py

sim: .venv/.ready ## Simulate SEEDS worlds with crashes, lost answers and two Regions; --seed reproduces one
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS)

races: .venv/.ready .venv-runtime/.ready engine ## Race the stores on DynamoDB Local (Java 17; mind its licence: docs/testing.md)
	OTPOST_DYNAMODB=local $(BIN)/python -m pytest tests/races $(PYTEST)

fuzz: .venv-proof/.ready .venv-runtime/.ready ## Send CASES made-up requests, then fuzz the parsers
	@.venv-proof/bin/python -m tests.fuzz --cases $(CASES) $(FUZZ)

mutants: .venv-proof/.ready ## Break the core line by line and see the tests notice
	@.venv-proof/bin/python -m tests.mutants

sam-local: .venv/.ready .venv-runtime/.ready .venv-sam/.ready ## Run every function by `sam local`, in real containers (Docker or podman)
	@$(BIN)/python -m tests.containers

engine: tests/dynamodb/node_modules/.ready

lock: .venv/.ready ## Pin the current versions anew, with hashes
	tools/setup/lock.sh

clean: ## Remove what was built and installed
	rm -rf .venv .venv-runtime .venv-sam .venv-proof $(NODE) tests/dynamodb/node_modules .aws-sam .sandbox .coverage .hypothesis .*_cache

.venv/.ready: requirements/dev.txt pyproject.toml
	python=$$(tools/setup/find-python.sh) && "$$python" -m venv .venv
	$(call INSTALL,.venv,requirements/dev.txt)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-proof/.ready: requirements/proof.txt pyproject.toml
	python=$$(tools/setup/find-python.sh) && "$$python" -m venv .venv-proof
	$(call INSTALL,.venv-proof,requirements/proof.txt)
	.venv-proof/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

tests/dynamodb/node_modules/.ready: tests/dynamodb/package-lock.json
	npm ci --prefix tests/dynamodb --no-audit --no-fund --loglevel=error
	@touch $@

.venv-runtime/.ready: requirements/runtime.txt
	python=$$(tools/setup/find-python.sh) && "$$python" -m venv .venv-runtime
	$(call INSTALL,.venv-runtime,requirements/runtime.txt)
	@touch $@

.venv-sam/.ready: requirements/sam.txt
	python=$$(tools/setup/find-python.sh) && "$$python" -m venv .venv-sam
	$(call INSTALL,.venv-sam,requirements/sam.txt)
	@touch $@

$(NODE)/.ready: tests/node/package-lock.json
	@mkdir -p $(NODE)
	@if command -v npm >/dev/null; then npm ci --prefix tests/node --no-audit --no-fund --loglevel=error; \
	else echo "Node is not installed: pyright and the browser tests will be skipped"; fi
	@mkdir -p $(NODE) && touch $@
