# Prakat: `make run` starts everything, `make test` tests everything. Python 3.11 or newer is all that must be there.

PYTHON ?= python3
PORT ?= 8000
ADDRESS ?= 127.0.0.1
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: help install run test story lint bench

help:
	@echo "make run     start the site with demo agencies on http://health.localhost:$(PORT)  (PORT=8010 for another port)"
	@echo "make test    run all tests  (ARGS='-k plan' for some; PRAKAT_REQUIRE_SERVICES=1 to fail without PostgreSQL, Redis, Chromium)"
	@echo "make story   play the main job over HTTP and print its timeline  (ARGS='--json story.json' for machines)"
	@echo "make lint    ruff, mypy, djhtml"
	@echo "make bench   measure the public API"

# Installs only when the lock differs from what was installed last.
install:
	@cmp -s requirements.txt $(VENV)/installed.txt || { \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Prakat needs Python 3.11 or newer; choose one with: make run PYTHON=python3.12"; exit 1; }; \
		test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "Python cannot make an environment here; on Debian: apt-get install python3-venv"; exit 1; }; \
		echo "Installing what requirements.txt names (only now and when it changes) ..."; \
		$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt && cp requirements.txt $(VENV)/installed.txt; }

run: install
	@PRAKAT_DEBUG=$${PRAKAT_DEBUG:-0} PRAKAT_BASE_URL=$${PRAKAT_BASE_URL:-http://health.localhost:$(PORT)} \
		$(PY) manage.py serve --demo --address $(ADDRESS) --port $(PORT)

test: install
	@$(PY) -m tests.run $(ARGS)

story: install
	@$(PY) manage.py story $(ARGS)

lint: install
	@failed=0; \
	$(VENV)/bin/ruff check . || failed=1; \
	$(VENV)/bin/ruff format --check . || failed=1; \
	$(VENV)/bin/mypy || failed=1; \
	git ls-files '*.html' | xargs $(VENV)/bin/djhtml --tabwidth 2 --check || failed=1; \
	exit $$failed

bench: install
	@$(PY) -m benchmarks $(ARGS)
