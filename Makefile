# Two commands: `make run` and `make test`. `make` lists the others.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run
DEV_STAMP := $(VENV)/.dev
POSTGRES_TEST_URL ?= postgres://postgres@127.0.0.1:5432/parchemin
PYTEST := $(BIN)/python -m pytest -p no:cacheprovider

.PHONY: help run test test-sqlite test-postgresql test-services test-browser check bench lock openapi clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

run: $(RUN_STAMP) ## everything needed, then the demo on http://127.0.0.1:8000/ (PORT=… for another)
	@scripts/run

test: $(DEV_STAMP) ## the whole suite: SQLite, real services, Chromium; PostgreSQL too where it runs
	@scripts/test

test-sqlite: $(DEV_STAMP) ## units and journeys on SQLite
	$(PYTEST) -n auto --dist worksteal -m "not browser and not services" $(ARGS)

test-postgresql: $(DEV_STAMP) ## the same on PostgreSQL
	DATABASE_URL=$(POSTGRES_TEST_URL) $(PYTEST) -n auto --dist worksteal -m "not browser and not services" $(ARGS)

test-services: $(DEV_STAMP) ## a real Celery worker on a real Redis, with PostgreSQL
	DATABASE_URL=$(POSTGRES_TEST_URL) $(PYTEST) -m services $(ARGS)

test-browser: $(DEV_STAMP) ## Chromium
	$(PYTEST) -n 3 --dist worksteal -m browser $(ARGS)

check: $(DEV_STAMP) ## ruff, format, types, import contracts, templates, migrations, deployment
	@scripts/check

bench: $(DEV_STAMP) ## ratios measured in one run, on PostgreSQL
	DATABASE_URL=$(POSTGRES_TEST_URL) $(BIN)/python -m bench $(ARGS)

openapi: $(DEV_STAMP) ## write the API's document again
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

lock: $(DEV_STAMP) ## pin every dependency again, with hashes (uv must be installed)
	uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements/base.txt
	uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.txt

clean: ## forget the virtual environment and everything made by running
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@scripts/system-libraries run
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): $(VENV)/bin/python requirements/base.txt
	@scripts/system-libraries run
	@echo "Installation des dépendances…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/base.txt
	@touch $@

$(DEV_STAMP): $(VENV)/bin/python requirements/dev.txt
	@scripts/system-libraries test
	@echo "Installation des dépendances de test…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@touch $@ $(RUN_STAMP)
