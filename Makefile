# `make demo` and `make test` set up everything that they need; the second time that takes a moment.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
UV = $(shell command -v uv || echo $(BIN)/uv)
WORKERS ?= 2
LOCK = $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --quiet $(UPGRADE)

.PHONY: help demo test test-slow check format docs bench bench-stats bench-leaks bench-drills bench-audit bench-worlds system-deps lock new-check clean

help:
	@echo 'make demo         set up, and grade three submissions on a year of real flights'
	@echo 'make test         set up, and run the tests          make test-slow   the simulations'
	@echo 'make check        lint, types, imports, fresh docs   make format      format the code'
	@echo 'make docs         write the generated pages          make bench       measure'
	@echo 'make bench-stats  measure the statistics at two million rows'
	@echo 'make bench-worlds false alarms on clean worlds, and the smallest faults found (MINUTES=45 each)'
	@echo 'make bench-leaks  find the leaks of real tables (HELDOUT_CASES)'
	@echo 'make bench-drills prove every kind of drill on 200 seeds (MINUTES=60)'
	@echo 'make bench-audit  measure the audit, up to 20 million rows'
	@echo 'make system-deps  bubblewrap, git, tmux, Chromium, promtool, Prometheus, Alertmanager'
	@echo 'make lock         pin dependencies again (UPGRADE=--upgrade for newer ones)'
	@echo 'make new-check NAME=leakage/near-copy    scaffold a check, its planter and its test'

demo: .venv/.demo
	@scripts/system-deps bubblewrap promtool
	@$(BIN)/heldout demo

test: .venv/.dev
	@scripts/system-deps
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m 'not slow' $(ARGS)

test-slow: .venv/.dev
	@scripts/system-deps
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m slow $(ARGS)

check: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/write_docs.py --check

format: .venv/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: .venv/.dev
	@$(BIN)/python scripts/write_docs.py

bench: .venv/.dev
	@scripts/system-deps
	@$(BIN)/python -m benchmarks

bench-audit: .venv/.dev
	@$(BIN)/python -m benchmarks audit_speed

bench-stats: .venv/.dev
	@$(BIN)/python -m benchmarks stats_speed

bench-worlds: .venv/.dev
	@$(BIN)/python -m benchmarks clean_worlds dose_response $(if $(MINUTES),--minutes $(MINUTES))

bench-drills: .venv/.dev
	@$(BIN)/python -m benchmarks practice_drills $(if $(MINUTES),--minutes $(MINUTES))

bench-leaks: .venv/.dev
	@$(BIN)/python -m benchmarks leaks

system-deps: .venv/.python
	@scripts/system-deps

lock: .venv/.uv
	@echo uv | $(UV) pip compile - --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet $(UPGRADE) -o requirements/uv.lock
	@$(LOCK) -o requirements/default.lock
	@$(LOCK) --extra demo --group build -o requirements/demo.lock
	@$(LOCK) --extra demo --group dev -o requirements/dev.lock

new-check: .venv/.dev
	@$(BIN)/python scripts/new_check.py '$(NAME)'

clean:
	rm -rf .venv build dist heldout-demo .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Each stamp says that its step was finished; a changed lock file does it again.
.venv/.python:
	@[ -n '$(PYTHON)' ] || { echo 'Heldout needs Python 3.11 or newer; none was found on PATH.' >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo 'Making .venv failed; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@touch $@

.venv/.uv: requirements/uv.lock | .venv/.python
	@command -v uv >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements/uv.lock
	@touch $@

.venv/.demo: requirements/demo.lock pyproject.toml .venv/.uv
	@echo 'Setting up .venv ...'
	$(call install,demo)

.venv/.dev: requirements/dev.lock pyproject.toml .venv/.uv
	@echo 'Setting up .venv for development ...'
	$(call install,dev)
	@touch .venv/.demo

define install
@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$(1).lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
endef
