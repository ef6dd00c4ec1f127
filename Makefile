# make            set up, draw every figure, print the ruling table
# make test       set up, run every test
# make help       all the rest
#
# Works with GNU make 3.81 and later and any POSIX shell. Needs Python 3.11 or later and a package index,
# the one that pip is configured for; everything else is made here: .venv/ and build/ are never committed.

SHELL := /bin/sh
.SUFFIXES:
.DEFAULT_GOAL := all

# The interpreter that .venv is made from: make PYTHON=python3.12. Without a choice, the first that is new enough.
ifneq ($(filter command environment,$(origin PYTHON)),)
CANDIDATES := $(PYTHON)
else
PYTHON :=
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
endif

VENV := .venv
PY := $(VENV)/bin/python
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
PIP := $(PY) -m pip --disable-pip-version-check --no-input
BENCH := build/bench-venv
UV ?= uv
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest --quiet \
  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Each analyses/NAME.py draws NAME.svg and NAME.png and writes the numbers drawn to NAME.json.
NAMES := $(basename $(notdir $(wildcard analyses/[!_]*.py)))
STAMPS := $(NAMES:%=build/figures/%)
CHECKS := $(NAMES:%=build/check/%)
RULINGS := figures/rulings.txt
# What any figure may depend on.
SOURCES := requirements.lock $(wildcard analyses/_*.py) tests/calibration/results.csv \
  $(shell find src data -type f \( -name '*.py' -o -name '*.toml' \) 2>/dev/null)

# Two figures at a time, unless make was told otherwise; one thread each.
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j2)
WORKERS ?= auto
export MPLBACKEND := Agg
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: all figures setup test lint check-figures coverage mutation calibrate bench lock help clean FORCE

all: figures  ## Set up, regenerate every figure that is out of date, and print the ruling table (default)
	@if [ -f $(RULINGS) ]; then cat $(RULINGS); else echo "There is no $(RULINGS) yet."; fi

figures: $(READY)  ## Regenerate every figure in figures/ that is out of date, two at a time
	@mkdir -p build/figures figures
	@$(MAKE) --no-print-directory $(JOBS) stamps

setup: $(READY)  ## Make .venv from requirements.lock (make PYTHON=python3.12 chooses the interpreter)

# A file stays in one worker: its tests share what is computed once.
test: $(READY)  ## Run every test and every docstring example
	$(PY) -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile $(ARGS)

lint: $(READY)  ## Check style, types and docstrings: ruff, mypy --strict, numpydoc
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(wildcard src analyses benchmarks)
	find src -name '*.py' -exec $(PY) -m numpydoc lint --config . {} +

check-figures: $(READY)  ## Regenerate every figure in build/check/ and compare with figures/
	@rm -rf build/check
	@mkdir -p build/check
	@$(MAKE) --no-print-directory $(JOBS) checks
	$(PY) analyses/_check_figures.py figures build/check

coverage: $(READY)  ## Run every test and report the lines of src/ that none reaches (at least 98 % must be)
	@rm -rf build/coverage
	@mkdir -p build/coverage
	$(PY) -m coverage run -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile $(ARGS)
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report

mutation: $(READY)  ## Plant faults in the numerical core and list those that no test notices (an hour; ARGS="--module score --write")
	$(PY) tests/mutate.py $(ARGS)

calibrate: $(READY)  ## Repeat the long simulations of error rates and interval coverage (minutes)
	$(PY) tests/calibrate.py

# The peers have an environment of their own; without it their rows say what is missing.
bench: $(READY)  ## Time ketastats against its peers and print the ratios (minutes; ARGS=--write stores them)
	@$(MAKE) --no-print-directory $(BENCH)/.ready || echo "Could not install every peer; see above." >&2
	@python=$(PY); if [ -f $(BENCH)/.ready ]; then python=$(BENCH)/bin/python; fi; \
	$$python benchmarks/bench.py --out build/bench $(ARGS)

lock:  ## Write the requirements.lock files anew with uv (make lock ARGS=--upgrade for newer releases)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv, or make lock UV=/path/to/uv" >&2; exit 1; }
	$(COMPILE) --extra test --extra lint --extra build --extra cluster --output-file requirements.lock $(ARGS)
	$(COMPILE) --extra bench --extra build --constraints requirements.lock \
	  --output-file benchmarks/requirements.lock $(ARGS)

help:  ## List every target
	@sed -n 's/^\([a-z][a-z-]*\):.*##  *\(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-14s %s\n", $$1, $$2 }'

clean:  ## Remove what make made, except the figures: .venv/, build/ and caches
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find src tests analyses benchmarks -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || :

# ------------------------------------------------------------------------------------------------------- the environment
# A chosen interpreter other than the one that .venv was made from makes it anew.
ifneq ($(PYTHON),)
ifneq ($(shell cat $(LOCKED) 2>/dev/null),$(PYTHON))
$(LOCKED): FORCE
endif
endif

$(LOCKED): requirements.lock
	@found=; for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "ketastats needs Python 3.11 or later, and found none as: $(CANDIDATES)" >&2; \
	  for candidate in $(CANDIDATES); do \
	    version=`"$$candidate" --version 2>/dev/null` && echo "  $$candidate is $$version" >&2; \
	  done; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; \
	  exit 1; \
	fi; \
	set -e; \
	echo "Setting up $(VENV) with `"$$found" --version` ..."; \
	rm -rf $(VENV); \
	"$$found" -m venv $(VENV); \
	$(PIP) install --quiet --require-hashes -r requirements.lock; \
	echo "$$found" > $(LOCKED)

$(READY): $(LOCKED) pyproject.toml
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

$(BENCH)/.ready: benchmarks/requirements.lock pyproject.toml
	@echo "Setting up $(BENCH) ..."
	@rm -rf $(BENCH)
	@mkdir -p build
	@$(PY) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes \
	  -r benchmarks/requirements.lock
	@$(BENCH)/bin/python -m pip --disable-pip-version-check --no-input install --quiet --no-deps \
	  --no-build-isolation -e .
	@touch $@

# ----------------------------------------------------------------------------------------------------------- the figures
# A stamp in build/ says that a figure was drawn here, from these sources; a figure that is missing is drawn again.
.PHONY: stamps checks
stamps: $(STAMPS)
checks: $(CHECKS)

drawn = $(filter 3,$(words $(wildcard figures/$(1).svg figures/$(1).png figures/$(1).json)))
$(foreach name,$(NAMES),$(if $(call drawn,$(name)),,$(eval build/figures/$(name): FORCE)))
$(if $(wildcard $(RULINGS)),,$(eval build/figures/multiverse: FORCE))

$(STAMPS): build/figures/%: analyses/%.py $(SOURCES)
	@echo "figures/$*"
	@$(PY) analyses/$*.py --out figures
	@touch $@

$(CHECKS): build/check/%: analyses/%.py
	@echo "build/check/$*"
	@$(PY) analyses/$*.py --out build/check
