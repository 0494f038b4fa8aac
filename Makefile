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

.PHONY: verify test lint wheel-test clean

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
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.python
	$(BIN)/python -m pip install --quiet --editable ".[all]"
	@touch $@

$(VENV)/.tools: pyproject.toml $(VENV)/.package
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@
