# `make demo` and `make test` are all a newcomer needs; everything is installed into .venv from the hashed lock.
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export GX_ANALYTICS_ENABLED := false

.PHONY: install demo test test-all check bench chaos operations lock docs clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      install and run the example cycle from forms to publication"
	@echo "make test      the tests (under 10 minutes)"
	@echo "make test-all  the tests, the slow ones too"
	@echo "make check     ruff, mypy --strict, import contracts, framework lint, docs fresh"
	@echo "make bench     the year against a pandas script, a Dagster job and a task per unit (SIZE=small, medium, full)"
	@echo "make chaos     kill and disturb whole cycles at every point, compare what is published (an hour)"
	@echo "make operations  perform docs/operations.md on real servers and write down what they say"
	@echo "make lock      renew the hashed lock"

install: .venv/.installed

.venv/.installed: requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Đang cài đặt / installing …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 2 .venv/lib >/dev/null 2>&1 || true
	@touch $@

# What the year is compared with, and what draws: only `make bench` needs it.
.venv/.installed-bench: requirements-bench.lock .venv/.installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.lock
	@touch $@

demo: install
	@$(BIN)/parindex demo

WORKERS ?= 2
test: install
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow"

test-all: install
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@for framework in models/frameworks/*/; do $(BIN)/parindex framework check $$framework 2>/dev/null || exit 1; done
	@$(BIN)/python docs/render.py --check
	@echo "check: tốt / fine"

docs: install
	@$(BIN)/python docs/render.py

# ONLY=word,word: parts whose id holds one of them (LIST=1 names them). INTO=docs/performance.json, then make docs: the
# published page. REPEATS: instead of each part's own. NOTE: what a reader of this run must know.
SIZE ?= small
INTO ?= build/bench.json
bench: .venv/.installed-bench
	@$(BIN)/python tests/bench/run.py --size $(SIZE) --only "$(ONLY)" --into $(INTO) --note "$(NOTE)" $(if $(REPEATS),--repeats $(REPEATS)) $(if $(LIST),--list)

KILLS ?= 200
FAULTS ?= 40
SERVER_KILLS ?= 60
SERVER_FAULTS ?= 40
chaos: install
	@$(BIN)/python tests/chaos/harness.py --on local --kills $(KILLS) --faults $(FAULTS)
	@$(BIN)/python tests/chaos/harness.py --on servers --kills $(SERVER_KILLS) --faults $(SERVER_FAULTS)

operations: install
	@$(BIN)/python tests/operations.py docs/operations.md

LOCK := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml
lock: install
	@$(LOCK) --extra dev --extra build -o requirements-dev.lock
	@$(LOCK) --extra build -c requirements-dev.lock -o requirements.lock
	@$(LOCK) --extra dev --extra build --extra bench -c requirements-dev.lock -o requirements-bench.lock

clean:
	rm -rf .venv .parindex .mypy_cache .ruff_cache .pytest_cache
