# `make run` gives a working site, `make test` passes the tests. Both set up what they need.

PORT ?= 8000
DATA_DIR ?= $(CURDIR)/data
export PORT DATA_DIR

VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
# A file of tests stays in one process, so that what it starts is started once.
PYTEST := $(PY) -m pytest --numprocesses auto --dist loadfile
ON_POSTGRES := $(filter-out $(addprefix tests/,browser/ services/ ml/ benchmarks/ node_modules/ wordpress/),$(wildcard tests/*/))
CLIENTS := $(patsubst tests/moderation/web/dialects/clients/%.txt,build/clients/%/.installed,$(wildcard tests/moderation/web/dialects/clients/*.txt))
NODE_MODULES := tests/node_modules/.package-lock.json
# A Python of its own for the peer of the classifier, which needs another scikit-learn.
PEER := build/peer/bin/python
# And one for the peer in reading and posting.
ISSO := build/isso/bin/python
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: run test test-fast test-postgres test-wordpress mutants lint messages bundle examples bench evaluate train \
	requirements services clean

run: $(RUNTIME)
	@$(PY) -m config.secrets "$(DATA_DIR)"
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py seed_demo
	@exec $(PY) manage.py serve

test: $(DEVELOPMENT) services
	$(PYTEST)
	$(MAKE) test-postgres

# The rules that a database could break, once more on PostgreSQL.
test-postgres: $(DEVELOPMENT) services
	$(PY) -m tests.services.postgres $(PYTEST) $(ON_POSTGRES)

# Without browsers, services and other people's clients: two minutes.
test-fast: $(DEVELOPMENT)
	$(PYTEST) tests/comments tests/config tests/flows tests/ml tests/moderation \
		--ignore tests/moderation/web/dialects/test_real_clients.py \
		--deselect tests/moderation/notifications/webhooks/test_signatures.py

# Real WordPress with its Akismet plugin, led to us; takes two minutes, with packages of Debian.
test-wordpress: $(DEVELOPMENT)
	@sh tests/wordpress/install.sh
	$(PY) -m pytest tests/wordpress

# Whether the tests would notice a mistake: changes the rules one expression at a time, in a copy of
# the tree. Takes an hour; `make mutants ONLY=moderation/rules` takes two minutes.
mutants: $(DEVELOPMENT)
	$(PY) -m tests.mutants $(ONLY)

lint: $(DEVELOPMENT)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(PY) -m tests.environment $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) -m tests.environment $(PY) manage.py makemigrations --check --dry-run
	$(PY) -m tests.environment $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

# After a change of what readers see: extracts the strings, updates the catalogs and compiles them.
messages: $(DEVELOPMENT)
	$(PY) -m tests.environment $(PY) -m tests.messages

# After a change of the readers' scripts or styles: bundles what is served, which is committed.
bundle: $(DEVELOPMENT) $(NODE_MODULES)
	$(PY) -m tests.environment $(PY) -m tests.bundle

# After a change of the API: records the examples of the OpenAPI description anew.
examples: $(DEVELOPMENT)
	RECORD_EXAMPLES=1 $(PY) -m pytest tests/config/test_openapi_examples.py

# The classifier against a peer, in the same run: ratios, since machines differ. Then how long a check
# over HTTP takes at 50 requests a second.
bench: $(DEVELOPMENT) $(PEER) $(ISSO) services
	$(PY) -m tests.benchmarks.classifier $(if $(PEER),--peer $(PEER)) $(DATA)
	$(PY) -m tests.benchmarks.latency
	$(PY) -m tests.benchmarks.reading $(if $(ISSO),--peer $(ISSO))

# Beside alt-profanity-check; `make evaluate PEER=` does without it.
evaluate: $(RUNTIME) $(PEER)
	@test -n "$(DATA)" || { echo 'Say on what: make evaluate DATA="FILE…"'; exit 2; }
	$(PY) -m ml.evaluate --data $(DATA) $(if $(PEER),--peer $(PEER))

train: $(RUNTIME) $(PEER)
	@test -n "$(DATA)" || { echo 'Say from what: make train DATA=DIR'; exit 2; }
	$(PY) -m ml.train --data $(DATA) --out build/classifier $(if $(PEER),--peer $(PEER))

# What the tests of real services need: Redis, PostgreSQL, Chromium, and other people's clients, of
# npm and of PyPI; those in folders of their own, since some share a name.
services: $(CLIENTS)
	@sh tests/install-services.sh
	@$(MAKE) --no-print-directory $(NODE_MODULES)

requirements: export CUSTOM_COMPILE_COMMAND = make requirements
requirements: $(DEVELOPMENT)
	$(VENV)/bin/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --upgrade requirements.in -o requirements.txt
	$(VENV)/bin/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --upgrade requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) build tests/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(RUNTIME): requirements.txt
	@test -n "$(PYTHON)" || { echo "Leave a Reply needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(NODE_MODULES): tests/package-lock.json
	@cd tests && npm ci --silent --no-audit --no-fund
	@touch $(NODE_MODULES)

build/clients/%/.installed: tests/moderation/web/dialects/clients/%.txt | $(RUNTIME)
	@rm -rf $(@D)
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D) -r $<
	@touch $@

build/isso/bin/python: tests/benchmarks/isso.txt | $(RUNTIME)
	@rm -rf build/isso
	$(PY) -m venv build/isso
	build/isso/bin/pip install --quiet --disable-pip-version-check -r $< || { rm -rf build/isso; exit 1; }
	@touch $@

build/peer/bin/python: tests/benchmarks/peer.txt | $(RUNTIME)
	@rm -rf build/peer
	$(PY) -m venv build/peer
	build/peer/bin/pip install --quiet --disable-pip-version-check -r $< || { rm -rf build/peer; exit 1; }
	@touch $@
