# `make run`, `make test` and `make docs` do all the set-up they need. ARGS chooses the tasks and options.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?= sorting

.PHONY: run test check docs install bench

run: $(STAMP)
	$(BIN)/dlcompare run $(ARGS)

test: $(STAMP)
	$(BIN)/pytest -n auto --dist loadfile

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/sphinx-build -W --keep-going -q docs build/site

bench: $(STAMP)
	$(BIN)/python -m benchmarks.search_core

install: $(STAMP)

# The stamp is written last: an install that was cut off, or that is older than its inputs, repeats.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[docs,test]'
	touch $@
