# Every target says what it does: `make` or `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TOOLS ?= $(VENV)/tools
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
DATA := $(if $(MEDIAEXCHANGE_DATA),$(MEDIAEXCHANGE_DATA),var)
SOURCES := manage.py mediaexchange broadcasters archive training correspondents productions newsexchange tests deploy benchmarks
PYTEST_WORKERS ?= 2
LOCALES := sr kk ru
ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMP) ## Make the virtual environment with exactly the locked dependencies

$(STAMP): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Install python3.11 or set PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu install python3-venv." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing dependencies …"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

.PHONY: demo
demo: setup ## Run everything with demo data on http://127.0.0.1:8000 (PORT=… for another port)
	@exec $(BIN)/python manage.py up --demo --port $(PORT)

.PHONY: clean-demo
clean-demo: setup ## Delete the demo's database, queues and files
	@$(BIN)/python manage.py up --remove-data

.PHONY: test
test: setup ## Run the tests on embedded servers (ARGS='-k …' for some of them)
	@$(BIN)/python -m pytest -m "not browser" --numprocesses $(PYTEST_WORKERS) --dist loadscope $(ARGS)

.PHONY: test-browser
test-browser: setup ## Run the tests that look through a browser (needs the Debian package chromium)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| { echo "No browser found: install the Debian package chromium (apt-get install chromium)." >&2; exit 1; }
	@$(BIN)/python -m pytest tests/browser -m browser --reruns 1 --only-rerun '^(Timeout)?Error: ' --numprocesses $(PYTEST_WORKERS) --dist loadscope $(ARGS)

BENCH := $(VENV)/bench

.PHONY: bench
bench: setup $(BENCH)/.installed ## Measure speed beside the peers, about an hour (ARGS='--stories 10000 --searched 50000 --rounds 3' for less)
	@$(BIN)/python -m benchmarks --peers-python $(BENCH)/bin/python $(ARGS)

$(BENCH)/.installed: benchmarks/requirements.txt
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@echo "Installing the peers …"
	@$(BENCH)/bin/python -m pip install --quiet --require-hashes --requirement benchmarks/requirements.txt
	@touch $@

.PHONY: check
check: setup ## Check format, style, types, imports, spelling, migrations, translations, schema and deployment
	@VENV=$(VENV) .ci/check

.PHONY: format
format: setup ## Put all code into the agreed form
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

.PHONY: messages
messages: setup ## Collect translatable strings into locale/ and derive Serbian Latin (needs gettext)
	@command -v xgettext >/dev/null || { echo "xgettext is missing: install the Debian package gettext." >&2; exit 1; }
	@$(BIN)/python manage.py makemessages --verbosity 0 $(LOCALES:%=--locale %) --no-wrap --no-obsolete --add-location file \
		--ignore '$(VENV)/*' --ignore 'var/*' --ignore 'build/*' --ignore 'tests/*' --ignore 'staticfiles/*' --ignore 'media/*'
	@sed -i '/^"POT-Creation-Date: /d; /^"Report-Msgid-Bugs-To: /d' $(LOCALES:%=locale/%/LC_MESSAGES/django.po)
	@$(BIN)/python manage.py library_messages
	@$(BIN)/python manage.py latin_catalog

.PHONY: schema
schema: setup ## Write the API's schema to docs/openapi.yaml
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

.PHONY: client
client: setup ## Generate a typed Python client of the API into build/client
	@PATH="$(abspath $(BIN)):$$PATH" openapi-python-client generate --path docs/openapi.yaml --output-path build/client --overwrite

.PHONY: requirements
requirements: $(TOOLS)/bin/uv ## Lock the dependencies of pyproject.toml again (UPGRADE=--upgrade for newer ones)
	@compile="$(TOOLS)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal $(UPGRADE)"; \
		$$compile pyproject.toml --output-file requirements.txt; \
		$$compile pyproject.toml --extra dev --constraint requirements.txt --output-file requirements-dev.txt; \
		$$compile benchmarks/requirements.in --output-file benchmarks/requirements.txt

$(TOOLS)/bin/uv:
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet uv
