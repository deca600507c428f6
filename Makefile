# `make` lists the targets. Each makes the environment it needs in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
GROUPS := --group test --group lint

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs bench pins deep scale mutation floors clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(BIN)/pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip

$(VENV)/.installed: $(BIN)/pip pyproject.toml src/benzotaper/version.py
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	$(BIN)/pip install --quiet $(GROUPS)
	@touch $@

$(VENV)/.docs: $(VENV)/.tools
	$(BIN)/pip install --quiet --group docs
	@touch $@

demo: $(VENV)/.installed  ## plan a taper of diazepam 10 mg twice daily, and compare tables for clonazepam 1 mg
	@mkdir -p out
	$(BIN)/benzotaper taper "diazepam 10 mg twice daily" --strategy percentage --cut "10 %" --of current \
	  --every "2 weeks" --start 2026-12-01 --products UK --splitting halves \
	  -o out/plan.html -o out/plan.csv -o out/plan.json
	$(BIN)/benzotaper convert "clonazepam 1 mg" --to diazepam

test: lint  ## check style, types and layers, and run all tests
	$(BIN)/pytest -n 2

lint: $(VENV)/.tools  ## check style, types, layers, spelling and dependencies
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/codespell

docs: $(VENV)/.docs  ## build the documentation in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(VENV)/.tools  ## time start-up, conversions, plans, reviews and cohorts
	$(BIN)/python benchmarks/startup_and_plan.py
	$(BIN)/python benchmarks/smoothest_grid.py
	$(BIN)/python benchmarks/review_speed.py
	$(BIN)/python benchmarks/cohorts.py
	$(BIN)/pytest benchmarks --benchmark-columns=min,median,ops

pins: $(VENV)/.tools  ## print the pins of the data files
	$(BIN)/python builders/pin_data.py

deep: $(VENV)/.tools  ## run the property tests with many more examples (slow)
	HYPOTHESIS_PROFILE=deep $(BIN)/pytest -n 2 tests/properties

scale: $(VENV)/.tools  ## run cohorts in Dask, Spark and polars, and ten million people through Parquet (slow; Spark needs Java)
	$(BIN)/pip install --quiet --group scale
	$(BIN)/pytest tests/scale
	$(BIN)/python benchmarks/cohorts.py --large --save benchmarks/results.json

mutation: $(VENV)/.tools  ## change checker and rules in every small way, and list what no test notices (slow)
	$(BIN)/python tests/mutation/rule_mutants.py 6000
	$(BIN)/pip install --quiet --group mutation
	$(BIN)/mutmut run --max-children 1
	$(BIN)/mutmut results

floors: $(BIN)/pip  ## run the tests with the oldest versions of the dependencies (slow)
	$(PYTHON) -m venv .venv-floors
	.venv-floors/bin/pip install --quiet --upgrade pip
	.venv-floors/bin/pip install --quiet --editable . --group test click==8.1.8 filelock==3.30.0 numpy==1.26.4 \
	  pandas==2.2.3 pint==0.24.4 pyarrow==15.0.2
	.venv-floors/bin/pytest -n 2

clean:  ## remove what was made
	rm -rf $(VENV) .venv-floors out site mutants .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
