# Two commands for everybody: `make serve` and `make test`. Each does its own set-up in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export KOERS_DATA ?= koers-data
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help serve test check bench build assets messages lock clean

help:
	@echo "make serve   install, build, migrate, make the demo world and serve it (PORT=8000)"
	@echo "make test    run the tests and the checks"
	@echo "make bench   measure (see bench/README.md)"
	@echo "make build   put the wheel in dist/"
	@echo "make lock    renew the lock files"

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Koers needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	@touch $@

# What serving from a checkout needs: the product and what builds its assets.
$(VENV)/serve: requirements/serve.txt pyproject.toml | $(VENV)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/serve.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What developing needs besides.
$(VENV)/dev: requirements/dev.txt $(VENV)/serve
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

assets: $(VENV)/serve
	@$(BIN)/python scripts/frontend.py
	@$(BIN)/python scripts/fonts.py
	@$(BIN)/python scripts/messages.py compile

serve: assets
	@$(BIN)/koers serve --demo --port $(PORT)

test: assets $(VENV)/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n auto

bench: assets $(VENV)/dev
	@$(BIN)/python -m bench

build: assets
	@rm -rf dist build
	@$(BIN)/python -m build --quiet --no-isolation --wheel --outdir dist .
	@ls -lh dist

messages: $(VENV)/serve
	@$(BIN)/python scripts/messages.py update

lock: $(VENV)/dev
	@for kind in serve dev; do \
		extras="--extra build"; [ $$kind = dev ] && extras="$$extras --extra dev"; \
		$(BIN)/pip-compile --quiet --upgrade --strip-extras --generate-hashes --allow-unsafe --no-header \
			--no-emit-index-url --no-emit-trusted-host --no-emit-find-links $$extras \
			--output-file requirements/$$kind.txt pyproject.toml; \
	done

clean:
	rm -rf $(VENV) dist build frontend/node_modules src/koers/kit/static/koers/dist src/koers/documents/fonts
