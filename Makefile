# make demo    the first command on a fresh machine: installs what the program needs, draws an icon, says where it is
# make test    the second: installs what the tests need (torch for one comparison), runs the quick tests, then the slow
# make check   ruff and mypy --strict
# make bench   every table of tests/bench (fetches the icon corpus that they measure on)
# make bundles   records again the drawings that the tests replay, after a change that is meant to change them
# make setup   the whole developer's environment in .venv
# make library, make embedder   build again what ships with the packages (see NOTICE for the sources)

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
ICONIFY := 2.2.535
CORPUS := build/corpus
STAMPED := pyproject.toml constraints.txt
export OMP_NUM_THREADS ?= 2
export PYTHONDONTWRITEBYTECODE =# else every process compiles every module again: a quarter of a second of each start

.PHONY: demo setup test test-unit test-slow check format bench corpus bundles library embedder clean
.DEFAULT_GOAL := demo

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "mnemicon needs Python 3.11 or newer: make demo PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: .venv/made $(STAMPED)
	@echo "installing what the program needs into .venv (about a minute)"
	$(PIP) -e .
	@$(BIN)/python -m compileall -q agent memory svggen mnemicon.py
	@touch $@

.venv/dev: .venv/runtime
	@echo "installing what the tests need into .venv (torch is large: the first time takes some minutes)"
	$(PIP) -e '.[dev]'
	@touch $@

.venv/all: .venv/dev
	$(PIP) -e '.[dev,bench,build]'
	@touch $@

setup: .venv/dev

demo: .venv/runtime
	@mkdir -p build/demo
	@MNEMICON_HOME=build/demo/home FORCE_COLOR=1 $(BIN)/mnemicon draw "a rounded coffee cup" --out build/demo
	@echo 'Your turn: . .venv/bin/activate && mnemicon draw "paper plane"'

test: test-unit test-slow

# The closing line of pytest ends each part. Two processes, because the tests wait for others' starts more than they compute.
test-unit: .venv/dev
	$(BIN)/python -m pytest -m "not slow" -n 2

test-slow: .venv/dev
	$(BIN)/python -m pytest -m slow -n 2 --dist loadfile

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict -p agent -p memory -p svggen

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/all $(CORPUS)/made
	@set -e; for bench in tests/bench/bench_*.py; do echo; echo "== $$bench"; $(BIN)/python $$bench; done

corpus: $(CORPUS)/made

$(CORPUS)/made:
	@mkdir -p $(CORPUS)
	cd $(CORPUS) && npm pack --silent @iconify/json@$(ICONIFY) && tar -xzf iconify-json-$(ICONIFY).tgz \
	  && rm iconify-json-$(ICONIFY).tgz
	@touch $@

library: .venv/all
	$(BIN)/python scripts/build_library.py

embedder: .venv/all
	$(BIN)/python scripts/build_embedder.py

bundles: .venv/dev
	$(BIN)/python -m pytest tests/agent/test_replay_family.py -k one_family --mnemicon-record
	cd examples/replayed_icons && ../../$(BIN)/python -m pytest -q -p no:cacheprovider --mnemicon-record

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
