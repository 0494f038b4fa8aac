# One command per purpose; .venv is made once and again only when pyproject.toml changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A PYTHON chosen by hand is taken at its word; the default may be too old where a newer one is installed beside it.
ifeq ($(origin PYTHON),file)
CANDIDATES := $(PYTHON) python3.14 python3.13 python3.12 python3.11
else
CANDIDATES := $(PYTHON)
endif

CAMPAIGNS := mutants calibration witnesses liars stress faults fuzz supply coverage mutation

.PHONY: verify test lint wheel-test $(CAMPAIGNS) lock clean

verify: $(VENV)/.package
	$(BIN)/gammaphi verify --report build/report

test: $(VENV)/.tools
	$(BIN)/python -m pytest -m "not slow"

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel-test: $(VENV)/.tools
	.ci/wheel

# What is too long for the tests: each prints what it measured, and `OPTIONS=--record` keeps it for the report.
$(CAMPAIGNS): $(VENV)/.tools
	$(BIN)/python -m tests.campaigns.$@ $(OPTIONS)

# Which test runs which line.
mutation: build/coverage/tests.json
build/coverage/tests.json: $(VENV)/.tools
	$(BIN)/python -m tests.campaigns.coverage

# What is locked is chosen anew: the newest that pyproject.toml allows, for every Python and system at once.
lock: $(VENV)/.python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m tests.campaigns.supply --lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find theory numerics reports tests -name __pycache__ -type d -prune -exec rm -rf {} +

# pip older than 25.1 does not know dependency groups.
$(VENV)/.python:
	@python=; for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "gammaphi needs Python 3.11 or newer; tried $(CANDIDATES). Name one with: make PYTHON=/path/to/python" >&2; exit 1; \
	fi; \
	echo "making $(VENV) with $$("$$python" --version)"; "$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/pip.txt
	@touch $@

# Every file that is installed has a hash in requirements/, the build backend too; nothing else is fetched.
$(VENV)/.package: pyproject.toml requirements/verify.txt $(VENV)/.python
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/verify.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tools: pyproject.toml $(VENV)/.package
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@
