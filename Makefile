# Everything a checkout needs. `make help` lists the targets; the first one that is called makes the virtual environment.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check conformance bench fuzz freeze kill prove mutants clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## install Harn and run two examples: a report on a real file, a persona with the tree of its steps
	$(BIN)/harn run conformance/examples/document_report.harn -- README.md
	$(BIN)/harn run --steps conformance/examples/release_captain.harn

test: $(VENV)/.developed ## run all tests
	$(BIN)/pytest -q -n auto

check: $(VENV)/.developed ## what must hold before a commit: lint, types, structure, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/structure

conformance: $(VENV)/.developed ## run the project's own fixtures
	$(BIN)/harn test conformance --suite conformance

bench: $(VENV)/.installed ## time the benches against their Python twins
	$(BIN)/python -m benches.run

fuzz: $(VENV)/.developed ## feed 200,000 broken programs to the front end
	$(BIN)/python -m tests.fuzz --count 200000

kill: $(VENV)/.developed ## kill checkpointed runs at 240 random moments and resume them
	$(BIN)/python -m tests.journal --points 240

freeze: $(VENV)/.developed ## freeze and thaw every fixture at every point where it can stand still
	$(BIN)/python -m tests.freeze

prove: $(VENV)/.developed ## try the properties of the step runtime twenty times as hard as `make test`
	$(BIN)/pytest -q -n auto --hypothesis-profile=long --timeout=0 tests/steps

mutants: $(VENV)/.developed ## break every rule of the step runtime, one at a time, and see that the tests notice
	$(BIN)/python -m tests.mutants

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Harn needs Python 3.11 or later; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# An editable install compiles nothing, and with PYTHONDONTWRITEBYTECODE set every start would do it anew: five times as slow.
$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q harn
	@touch $@

$(VENV)/.developed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	$(BIN)/python -m compileall -q harn
	@touch $(VENV)/.installed $@
