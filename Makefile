# One command each; `make` alone lists them. Everything runs in .venv, which `make setup` keeps up to date.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# In parallel: each process has a database and Redis keys of its own. Many tests wait rather than compute, some of them
# long and side by side in one file: so more processes than cores, and the idle ones take work from the others.
PYTEST := $(PY) -m pytest -n 4 --dist worksteal
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled modules are kept: each process of a run, and each that tests start, would compile all of them anew.
unexport PYTHONDONTWRITEBYTECODE

# What the shell reads as one word, whatever is in it: the project's folder and PYTHON may have any name.
quoted = '$(subst ','\'',$(1))'
HERE := $(call quoted,$(CURDIR))

# A .venv whose Python is gone, or is not the one that PYTHON names, is made anew.
WHICH := -c 'import sys; print(sys.version_info[:2], sys.base_prefix)'
BUILT := $(shell $(PY) $(WHICH) 2>/dev/null)
ifneq ($(BUILT),$(if $(and $(BUILT),$(PYTHON)),$(shell $(call quoted,$(PYTHON)) $(WHICH) 2>&1),$(BUILT)))
$(shell rm -f $(STAMP))
endif
ifeq ($(BUILT),)
$(shell rm -f $(STAMP))
endif

# The demo never meets real data: no setting of this shell or of .env reaches it.
ISOLATED := env -u DATABASE_URL -u REDIS_URL -u DEBUG -u SECRET_KEY -u FERNET_KEYS -u ALLOWED_HOSTS -u KEY_PREFIX \
	LEGALDS_ENV_FILE=/dev/null

.PHONY: help setup demo run test check lint nightly chaos fuzz bench stop servers env format screenshots

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{ printf "%-16s %s\n", $$1, $$2 }'

setup: $(STAMP) ## make .venv with what running and testing need

$(STAMP): requirements.txt requirements-dev.txt
	@PYTHON=$(call quoted,$(PYTHON)) sh ./setup.sh $(VENV)
	@touch $@

demo: $(STAMP) ## make 20 samples with providers that fail, in a data folder of its own
	@$(ISOLATED) LEGALDS_DATA=$(HERE)/var/demo $(PY) manage.py demo

screenshots: $(STAMP) ## pictures of the admin in var/screenshots/images, of data of its own; ARGS="--out docs/images"
	@$(ISOLATED) LEGALDS_DATA=$(HERE)/var/screenshots $(PY) -m tools.screenshots $(ARGS)

run: $(STAMP) ## serve the admin and the API, with a worker and the scheduler
	@$(PY) manage.py run

test: $(STAMP) ## run the tests (TESTS="-k key": some of them), on servers of their own or on DATABASE_URL and REDIS_URL
	@$(PYTEST) $(TESTS)

check: lint test ## format, lint, types, import arrows, migrations, tests

lint: $(STAMP) ## what check does before the tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	$(PY) -c "from importlinter.cli import lint_imports_command as main; main()"
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check

nightly: $(STAMP) ## what is too long for every day: the whole sweeps, chaos and fuzz
	@$(PYTEST) --nightly
	@$(MAKE) --no-print-directory chaos CHAOS_ROUNDS=5
	@$(MAKE) --no-print-directory fuzz

# The scenarios mostly wait for leases to run out, so more of them run at once than there are cores.
chaos: $(STAMP) ## kill processes and servers in the middle of batches, in CHAOS_ROUNDS rounds (default 5)
	@CHAOS_ROUNDS=$${CHAOS_ROUNDS:-5} $(PY) -m pytest --chaos -n 4 --maxschedchunk 1 generation/tests/chaos

fuzz: $(STAMP) ## random requests to the API as Admin and as Viewer, 2,000 or so; ARGS="--seconds 25" bounds each role
	@$(PY) -m legalds.tests.api.fuzz $(ARGS)

bench: $(STAMP) ## measure it; SIZE=small only sees that the benchmarks work
	@$(PY) -m benchmarks --size $(or $(SIZE),full)

servers: $(STAMP) ## start the embedded PostgreSQL and Valkey
	@$(PY) manage.py servers start

stop: $(STAMP) ## stop them, those of the demo, tests and benchmarks too
	@$(PY) manage.py servers stop
	@for folder in var/demo var/screenshots var/test var/fuzz var/bench var/chaos/*; do \
		if [ -e $$folder/servers.json ]; then LEGALDS_DATA=$$folder $(PY) -m legalds.embedded stop || exit 1; fi; \
	done

env: $(STAMP) ## write .env with generated secrets, for docker compose
	@$(PY) -m legalds.dotenv

format: $(STAMP) ## format the code and sort its imports
	$(PY) -m ruff check --fix --select I,F401 .
	$(PY) -m ruff format .
