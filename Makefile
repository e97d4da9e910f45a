# Short names for the commands in CONTRIBUTING.md. Override a variable on the command line: make fast PYTHON=python3.12

VENV ?= .venv
BASE_PYTHON ?= python3
PYTHON ?= $(VENV)/bin/python
PTQUIZ ?= $(VENV)/bin/ptquiz

.DEFAULT_GOAL := help
.PHONY: help setup fast test check golden bench pictures

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s%s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## Create the virtual environment with everything for development
	$(BASE_PYTHON) -m venv $(VENV) && $(VENV)/bin/python -m pip install -c constraints.txt -e '.[dev]'

fast: ## Run the tests that need no torch, sandbox or GPU and are not slow
	$(PYTHON) -m pytest -n auto --dist worksteal -m "not torch and not jail and not slow and not cuda"

test: ## Run all tests
	$(PYTHON) -m pytest -n auto --dist worksteal

check: ## Lint, check formatting and types, prove the shipped decks
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PTQUIZ) check decks

golden: ## Rewrite the golden files and SVG snapshots of the screens; read the diff before you commit it
	PTQUIZ_UPDATE_GOLDEN=1 $(PYTHON) -m pytest tests/tui --snapshot-update

# store.py leaves Anki out, which it would otherwise download. verdict.py is last: it needs the `bench` extra.
bench: ## Run the benchmarks one after another on an otherwise idle machine
	$(PYTHON) benchmarks/first_screen.py
	$(PYTHON) benchmarks/load.py
	$(PYTHON) benchmarks/screens.py
	$(PYTHON) benchmarks/store.py --no-anki
	$(PYTHON) benchmarks/memory.py
	$(PYTHON) benchmarks/diagnosis.py
	$(PYTHON) benchmarks/explanations.py
	$(PYTHON) benchmarks/throughput.py
	$(PYTHON) benchmarks/check.py
	$(PYTHON) benchmarks/counting.py
	$(PYTHON) benchmarks/compiling.py
	$(PYTHON) benchmarks/loaded.py
	$(PYTHON) benchmarks/jobs.py
	$(PYTHON) benchmarks/reproducible.py
	$(PYTHON) benchmarks/cuda.py
	$(PYTHON) -m benchmarks.soak
	$(PYTHON) benchmarks/verdict.py

pictures: ## Retake the screenshots in docs/screenshots (needs Chromium and a CJK font)
	$(PYTHON) docs/screenshots/take.py
	$(PYTHON) docs/screenshots/animate.py
