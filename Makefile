# Every target makes what it needs first: a fresh machine needs Python 3.11 or newer, and nothing else.

# The bash of `.ci/run` is not assumed here: plain sh is enough.
SHELL  := /bin/sh
BIN    := .venv/bin
STAMP  := .venv/.installed
# Two, because the tests are judged on two cores; more is welcome: make test JOBS=8
JOBS   ?= 2

# A Python must be new enough *and* able to make a virtual environment (some systems ship venv apart).
# The versions that our dependencies have wheels for come first, the newest before the others.
ABLE   := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
SEARCH := for name in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3; do \
            if "$$name" -c "$(ABLE)" 2>/dev/null; then echo "$$name"; break; fi; done

.PHONY: help demo test check docs bench law planted fuzz applications mutants clean

help:
	@echo "make demo   serve a small site by threads and by events, compare them, write a report"
	@echo "make test   run every test"
	@echo "make check  linters, types, and the floors of the building"
	@echo "make docs   build the documentation into docs/_build/html"
	@echo "make bench  measure both sides against their peers"
	@echo "make law    check every example with many schedules; write docs/law.json (SCHEDULES=1000)"
	@echo "make planted  break the machine on purpose, in many ways, and see each one found"
	@echo "make fuzz   compare random programs on all three runtimes (EXAMPLES=5000 SEED=1)"
	@echo "make applications  compare random applications, with many schedules each (EXAMPLES=1000 SEED=1 JOBS=2)"
	@echo "make mutants change the compiler, one small thing at a time, and see whether a test notices (OF=live)"
	@echo "make clean  forget .venv and everything built"

demo: $(STAMP)
	@$(BIN)/duality demo

test: $(STAMP)
	$(BIN)/python -m pytest -q -n $(JOBS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

bench: $(STAMP)
	@$(BIN)/duality bench

# One example is wrong on purpose, and one application of another is meant to deadlock.
law: $(STAMP)
	@$(BIN)/duality check $(filter-out examples/racy_account.py,$(sort $(wildcard examples/*.py))) \
	    --schedules $(or $(SCHEDULES),1000) --jobs $(JOBS) --allow deadlocking:deadlock --report docs/law.json

planted: $(STAMP)
	@$(BIN)/python -m tests.planted

fuzz: $(STAMP)
	@$(BIN)/python -m tests.compiler.fuzz --examples $(or $(EXAMPLES),5000) --seed $(or $(SEED),1)

applications: $(STAMP)
	@$(BIN)/python -m tests.proof.applications --examples $(or $(EXAMPLES),1000) --seed $(or $(SEED),1) --jobs $(JOBS)

# mutmut is no tool of every day, so it is installed when it is asked for; it works in a copy, mutants/.
mutants: $(STAMP)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[mutants]'
	$(BIN)/mutmut run --max-children $(JOBS) 'duality.compiler.$(or $(OF),*).*'
	@$(BIN)/mutmut results --all true | awk -F ': ' '/: not checked$$/ || !/ duality[.]compiler[.]$(or $(OF),.*)[.]/ { next } \
	    { all++ } $$2 == "killed" || $$2 == "timeout" { noticed++; next } { print } \
	    END { printf "%d of %d mutants were noticed.\n", noticed, all }'

# The lock makes two `make`s at once safe: the second waits, then finds the work done.
# An environment that still works is kept; a broken or outdated one is made anew.
$(STAMP): pyproject.toml
	@exec 9>.venv.lock; flock 9 2>/dev/null || true; \
	if [ -e $@ ] && [ ! pyproject.toml -nt $@ ]; then exit 0; fi; \
	if ! { $(BIN)/python -c "$(ABLE)" && $(BIN)/python -m pip --version; } >/dev/null 2>&1; then \
	    python=$$($(SEARCH)); \
	    if [ -z "$$python" ]; then \
	        echo "duality needs Python 3.11 or newer with its venv module, and none was found on PATH (set PYTHON=...)." >&2; \
	        exit 2; \
	    fi; \
	    echo "Creating .venv with $$python ..."; \
	    "$$python" -m venv --clear .venv || exit 2; \
	fi; \
	echo "Installing duality and its tools into .venv (once) ..."; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]' || exit 2; \
	touch $@

clean:
	rm -rf .venv .venv.lock docs/_build mutants .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
