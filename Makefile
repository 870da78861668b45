# Needs python3.11 (or a later python3) with its venv module, and make. Nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Start-up is a feature, also where Python is told not to write bytecode.
COMPILE := $(BIN)/python -m compileall -q segdsl $(wildcard plugins/*/)
QUICK  := $(wildcard $(addprefix tests/,architecture diagnostics types language project model analysis plan plugin))
# Beside the rules: each runs alone, and takes --quick.
BENCHMARKS := language enriching trees clusters lifetime hypotheses notebook
PLUGINS := $(patsubst %/__init__.py,%,$(wildcard plugins/*/__init__.py))

.PHONY: help run test check bench fmt clean
.DEFAULT_GOAL := help

help:  ## What can be asked for
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: $(VENV)/installed  ## Run the quickstart and say where its results are
	@$(BIN)/segdsl run specs/quickstart
	@echo "The results are in $$(ls -td specs/quickstart/runs/*/ | head -n 1)"

test: $(VENV)/installed-dev  ## All tests
	$(BIN)/python -m pytest -n 2 -q

check: $(VENV)/installed-dev  ## Lint, types, import layers and the quick tests, in seconds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy segdsl $(PLUGINS)
	$(BIN)/lint-imports --no-cache
	HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -n 2 -q -m "not slow" $(QUICK)

bench: $(VENV)/installed-dev  ## Compare speed with other libraries; `make bench BENCH=--quick` is a smoke test
	$(BIN)/python -m tests.benchmarks $(BENCH)
	@for name in $(BENCHMARKS); do \
	  echo "\n$$name"; $(BIN)/python -m tests.benchmarks.$$name $(BENCH) || exit 1; \
	done

fmt: $(VENV)/installed-dev  ## Put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## Remove what was made, also the environment
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find segdsl plugins specs tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python found. Install python3.11 and python3.11-venv."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "segdsl needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V). Install python3.11, or name one: make PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv module. On Debian: apt install python3.11-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp per set of libraries, so that a second call installs nothing.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	@$(COMPILE)
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@$(COMPILE)
	@touch $(VENV)/installed $@
