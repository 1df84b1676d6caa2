# `make` lists the commands. Each makes the environment in .venv first, once; nothing else is needed
# than git, make and Python 3.11 or newer (another one: make PYTHON=python3.12 ...).

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/installed
QUICK := $(wildcard tests/test_*.py) tests/notebooks/test_guards.py
.DEFAULT_GOAL := help
.PHONY: help lab test quick bench-check fuzz mutants notebooks pages site slides pdf student teacher nbgrader worksheets glossary figures matrix bench growth mnist lint format lock clean FORCE

help:  ## show this list
	@echo "make COMMAND, where COMMAND is one of"
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14 | sed 's/^/  /'

lab: $(STAMP)  ## open JupyterLab on notebook 00, in your own copy of the course
	@$(BIN)/python -m tools.editions lab $(ARGS)

test: $(STAMP)  ## run everything: style, tests, every notebook against its outputs
	@$(BIN)/python -m pytest --numprocesses=2 $(ARGS)

quick: $(STAMP)  ## style and the mathematics, in half a minute
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/python -m pytest --quiet --durations=0 --durations-min=2 $(QUICK) $(ARGS)

bench-check: $(STAMP)  ## the tests that look at a clock: a step, a slider (on a quiet machine)
	@$(BIN)/python -m pytest -m clock tests $(ARGS)

fuzz: $(STAMP)  ## ask nnlib with anything, in any order: COUNT=10000 new examples (minutes)
	@NNLIB_FUZZ=$(or $(COUNT),10000) $(BIN)/python -m pytest --quiet tests/fuzz $(ARGS)

mutants: $(STAMP)  ## change the mathematics in COUNT=300 places; do its tests notice? (many minutes)
	@COUNT=$(COUNT) SEED=$(SEED) JOBS=$(JOBS) $(BIN)/python -m tools.mutants $(ARGS)

notebooks: $(STAMP)  ## run all notebooks again and keep their outputs
	@$(BIN)/python -m tools.notebooks $(ARGS)

pages: $(STAMP)  ## the course as pages for a browser, sliders included, in build/pages
	@$(BIN)/python -m tools.pages

site: $(STAMP)  ## the course as a site with contents and search, in build/site
	@$(BIN)/python -m tools.site

slides: $(STAMP)  ## each notebook as slides, with notes for whoever speaks, in build/slides
	@$(BIN)/python -m tools.slides

pdf: $(STAMP)  ## print the course as a book, dist/course.pdf (needs Chromium and playwright)
	@$(BIN)/python -m tools.book $(PAPER)

student: $(STAMP)  ## zip the edition to hand out, without solutions
	@$(BIN)/python -m tools.editions student

teacher: $(STAMP)  ## zip the edition with solutions, notes and outputs
	@$(BIN)/python -m tools.editions teacher

nbgrader: $(STAMP)  ## assignments for nbgrader, a point for each check, in build/nbgrader
	@$(BIN)/python -m tools.assignments $(ARGS)

worksheets: $(STAMP)  ## print the pass of 01 as worksheets with answers, COUNT=30 PAPER=a4
	@$(BIN)/python -m tools.worksheets $(or $(COUNT),30) $(PAPER)

glossary: $(STAMP)  ## collect the terms of all notebooks in notebooks/GLOSSARY.md
	@$(BIN)/python -m tools.glossary

figures: $(STAMP)  ## draw every committed picture again
	@for script in figures/*.py; do $(BIN)/python $$script || exit 1; done

matrix: $(STAMP)  ## notebooks on other BLAS kernels, Pythons and NumPys; nudged; unsolved (minutes)
	@$(BIN)/python -m tools.matrix $(ARGS)

bench: $(STAMP)  ## a training step beside its matrix products, PyTorch, scikit-learn, JAX (minutes)
	@$(BIN)/python -m tools.bench $(ARGS)

growth: $(STAMP)  ## how time and memory grow with batch, width, depth and examples
	@$(BIN)/python -m tools.growth $(ARGS)

mnist: $(STAMP)  ## the networks that notebook 18 shows, ten seeds each (an hour or more; needs MNIST)
	@$(BIN)/python -m tools.mnist $(ARGS)

lint: $(STAMP)  ## check style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: $(STAMP)  ## fix style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

# uv reads pyproject.toml alone, in a folder of its own; machine-wide settings must not leak in.
lock:  ## pin pyproject.toml's packages anew in requirements.lock (needs uv)
	@rm -rf build/lock && mkdir -p build/lock && cp pyproject.toml build/lock/
	@env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_FIND_LINKS uv export --quiet --no-config \
	  --project build/lock --format requirements-txt --extra test --no-emit-project --no-header \
	  --output-file requirements.lock
	@echo "requirements.lock: $$(grep -c '^[a-z]' requirements.lock) packages"

clean:  ## remove the environment and all that can be made again (never my_course)
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# Asked at every start, which takes a moment: the folder may have been moved or copied. A Python named
# by you is compared with the environment's; otherwise any Python that it was made with will do.
NAMED := $(if $(filter file default,$(origin PYTHON)),,--this-python)
NEWER := Name a Python 3.11 or newer: make PYTHON=python3.12 lab
$(STAMP): FORCE
	@command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON) here. $(NEWER)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version 2>&1) is too old for the course. $(NEWER)"; exit 1; }
	@$(PYTHON) -m tools.environment $(NAMED)
