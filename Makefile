# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
WORDS := evidence_app/translations
PORT ?= 8080
DOCUMENTS ?= 160
SOAK_MINUTES ?= 240
PYTEST_WORKERS ?= 2

# Every process that starts would compile all our modules anew, a fifth of its start, and tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check soak lint format types contracts wheel screenshots words lock clean

help:  ## Show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 20

demo: $(VENV)/.demo  ## Install, build a living demo school and serve it; prints address and sign-in
	EVIDENCE_HOME=$${EVIDENCE_HOME:-./demo-home} $(BIN)/evidence demo --documents $(DOCUMENTS) --port $(PORT)

test: $(VENV)/.dev  ## Install what tests need and run them all; says what was skipped and why
	@sh tools/test_programs.sh
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder -m "not soak" $(ARGS)

check: lint types contracts test wheel  ## Everything a change must pass: format, lint, types, contracts, tests, the built wheel

lint: $(VENV)/.dev  ## Format and lint, without changing anything
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(VENV)/.dev  ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(VENV)/.dev  ## Check types, strictly
	$(BIN)/mypy

contracts: $(VENV)/.dev  ## Check who may import whom
	$(BIN)/lint-imports

wheel: $(VENV)/.dev  ## Build the wheel, install it into an empty environment and smoke-test it outside the checkout
	$(BIN)/python tools/smoke_wheel.py

soak: $(VENV)/.dev  ## The reliability tests in full counts, for SOAK_MINUTES at most
	@sh tools/test_programs.sh
	EVIDENCE_SOAK_MINUTES=$(SOAK_MINUTES) $(BIN)/python -m pytest -m soak $(ARGS)

screenshots: $(VENV)/.dev  ## Take the pictures of every page under docs/screenshots
	@sh tools/test_programs.sh
	$(BIN)/python -m tests.journeys.screenshots

words: $(VENV)/.dev  ## Collect the words people read, for every language, and compile what is translated
	$(BIN)/pybabel -q extract -F babel.cfg -k msg -k lazy_gettext -k N_ --ignore-dirs ".* __pycache__" --no-location -o $(WORDS)/messages.pot .
	$(BIN)/pybabel -q update -i $(WORDS)/messages.pot -d $(WORDS) --no-fuzzy-matching --ignore-obsolete --width 120
	$(BIN)/pybabel -q compile -d $(WORDS)

lock: $(VENV)/.dev  ## Lock the dependencies anew, with hashes and without addresses
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header -q --all-extras pyproject.toml -o requirements/dev.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header -q --extra fast --extra demo pyproject.toml -c requirements/dev.lock -o requirements/demo.lock

clean:  ## Remove the environment and what was built; never a demo school or its data
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Install it, or say where it is: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq python3-venv; fi; \
	  $(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }; }

$(VENV)/.demo: $(VENV)/bin/python requirements/demo.lock pyproject.toml
	@test -e $(VENV)/.dev || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.lock pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
