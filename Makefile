# `make run` gives a working site, `make test` passes the tests. Both set up what they need.

PORT ?= 8000
DATA_DIR ?= $(CURDIR)/data
export PORT DATA_DIR

VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
# A file of tests stays in one process, so that what it starts is started once. tests/conftest.py
# says which files come first.
PYTEST := $(PY) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
# On PostgreSQL once more runs what a database may decide otherwise: constraints, locks, orders, SQL.
# Settings, units, parsers, pure functions, other people's clients, what a site's layer learns, who
# may call what (which is known before the database is asked for more than a role), and the words of
# pages are the same on both.
ON_POSTGRES := $(filter-out $(addprefix tests/,browser/ services/ ml/ linear_time/ benchmarks/ node_modules/ wordpress/ config/ deploy/ examples/ api_clients/ package/ recipes/),$(wildcard tests/*/)) \
	$(addprefix --ignore tests/,flows/test_access.py flows/test_whole_description.py flows/test_parsers.py \
		comments/text moderation/rules moderation/web/dialects/test_real_clients.py \
		$(addprefix comments/formats/,sandbox test_hostile_rows.py test_robustness.py test_seen_as_seen.py) \
		$(addprefix moderation/screening/learning/,test_attacks.py test_candidates.py) \
		moderation/intake/transfers/test_memory.py moderation/management/test_learning_commands.py \
		$(addprefix moderation/web/desk/base/,test_permissions.py test_every_word.py test_language.py test_landmarks.py))
# Without browsers, services and other people's clients.
FAST := $(addprefix tests/,comments config flows linear_time ml moderation) \
	--ignore tests/moderation/web/dialects/test_real_clients.py \
	--deselect tests/moderation/notifications/webhooks/test_signatures.py
CLIENTS := $(patsubst tests/moderation/web/dialects/clients/%.txt,build/clients/%/.installed,$(wildcard tests/moderation/web/dialects/clients/*.txt))
NODE_MODULES := tests/node_modules/.package-lock.json
# A Python of its own for the peer of the classifier, which needs another scikit-learn.
PEER := build/peer/bin/python
# And one for the peer in reading and posting.
ISSO := build/isso/bin/python
# And one for what generates types of the Python client.
CLIENT_TOOLS := build/client-tools/bin/datamodel-codegen
# What builds the documentation's site, and what lists and audits libraries.
SITE_TOOLS := build/docs-tools/bin/mkdocs
SUPPLY := build/supply/bin/cyclonedx-py
SBOM = $(SUPPLY) requirements --output-reproducible --pyproject pyproject.toml --of JSON
# Lists of libraries name no index, since each installation has its own.
COMPILE = $(VENV)/bin/pip-compile --quiet --no-config --strip-extras --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --upgrade
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: run test test-sqlite test-postgres test-fast fuzz test-wordpress wordpress-plugin clients test-recipes wheel test-wheel mutants lint \
	test-bare release-check docs screenshots licences sbom audit \
	migrations messages bundle examples bench chaos growth learn-bench evaluate train \
	requirements services clean

run: $(RUNTIME)
	@exec $(PY) -m config.run

test: test-sqlite
	$(MAKE) test-postgres

# All tests; where any database does, it is SQLite.
test-sqlite: $(DEVELOPMENT) services
	$(PYTEST)

# The rules that a database could break, once more on PostgreSQL.
test-postgres: $(DEVELOPMENT) services
	$(PY) -m tests.services.postgres $(PYTEST) $(ON_POSTGRES)

# What needs nothing but Python: two minutes.
test-fast: $(DEVELOPMENT)
	$(PYTEST) $(FAST)

# The same with other examples than the ones that each run of the tests takes; twice is not alike.
fuzz: $(DEVELOPMENT)
	$(PYTEST) --hypothesis-profile other_examples $(FAST)

# The plugin for WordPress, as its administrators upload it.
wordpress-plugin:
	@mkdir -p build
	cd deploy/wordpress && $(PYTHON) -m zipfile -c $(CURDIR)/build/leave-a-reply-wordpress.zip leave-a-reply/

# Real WordPress with our plugin, and with its Akismet plugin led to us; takes three minutes, with
# packages of Debian.
test-wordpress: $(DEVELOPMENT) wordpress-plugin
	@sh tests/wordpress/install.sh
	$(PYTEST) tests/wordpress

# The clients for sites' own servers: types from the OpenAPI description, packages in
# build/dist-clients, tests against a running installation. Takes a minute, npm and PyPI.
clients: $(DEVELOPMENT) $(CLIENT_TOOLS)
	$(PY) -m tests.environment $(PY) manage.py spectacular --file build/openapi.yaml
	$(CLIENT_TOOLS) --input build/openapi.yaml --input-file-type openapi --disable-timestamp \
		--output-model-type typing.TypedDict --target-python-version 3.11 --formatters builtin \
		--use-schema-description --enum-field-as-literal all \
		--output clients/python/src/leave_a_reply_client/models.py
	@rm -rf build/dist-clients && mkdir build/dist-clients
	$(PY) -m build --no-isolation --outdir build/dist-clients clients/python
	cd clients/js && npm ci --silent --no-audit --no-fund && npm run --silent generate && npm run --silent build
	cd clients/js && npm pack --silent --pack-destination ../../build/dist-clients
	$(PY) -m pytest tests/api_clients

# The recipes of the guides, built by the generators that they are for; takes a minute, with
# packages of Debian and npm.
test-recipes: $(DEVELOPMENT)
	@sh tests/recipes/install.sh
	$(PY) -m pytest tests/recipes

# `make run` without network, PostgreSQL, Redis or Node; takes a minute, on Linux.
test-bare: $(DEVELOPMENT)
	VENV=$(VENV) $(PY) -m tests.bare

# All that must pass before a version gets its tag; takes an hour or two, Debian's packages, npm and PyPI.
release-check: lint test test-wordpress clients test-recipes test-wheel test-bare docs sbom audit
	$(PY) -m tests.benchmarks.latency
	$(PY) -m tests.benchmarks.decisions
	@$(PY) -m tests.release

# The wheel and the sdist, in build/dist.
wheel: $(DEVELOPMENT)
	@rm -rf build/dist
	$(PY) -m build --no-isolation --outdir build/dist

# Installs the wheel into an empty environment and runs it there; takes a minute, and PyPI.
test-wheel: wheel
	$(PY) -m pytest tests/package

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

# After a change of models: makes the one migration of each app anew.
migrations: $(DEVELOPMENT)
	$(PY) -m tests.environment $(PY) -m tests.migrations

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
	$(PY) -m tests.benchmarks.decisions
	$(PY) -m tests.benchmarks.reading $(if $(ISSO),--peer $(ISSO))

# Ten thousand comments while processes are killed, and Redis, PostgreSQL and the world outside fail;
# takes half an hour. Fewer: `make chaos COMMENTS=1000`.
chaos: $(DEVELOPMENT) services
	$(PY) -m tests.chaos $(if $(COMMENTS),--comments $(COMMENTS))

# What lists, counts, searches and sweeps take with 10,000, 100,000 and a million comments; takes ten
# minutes. `make growth SIZES="10000000"` takes an hour or two, and 27 GB.
growth: $(DEVELOPMENT) services
	$(PY) -m tests.benchmarks.growth $(SIZES)

# What a site's decisions are worth, beside bogofilter (where it is installed) and others; for those of
# river RIVER= names a Python that has it.
learn-bench: $(DEVELOPMENT)
	@test -n "$(DATA)" || { echo 'Say on what: make learn-bench DATA="FILE.csv.gz:spam …"'; exit 2; }
	$(PY) -m tests.environment $(PY) -m tests.benchmarks.learning $(if $(RIVER),--river $(RIVER)) $(DATA)

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
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-context.in -o requirements-context.txt
	$(COMPILE) requirements-observability.in -o requirements-observability.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-docs.in -o requirements-docs.txt
	$(COMPILE) requirements-supply.in -o requirements-supply.txt
	$(COMPILE) clients/python/tools.in -o clients/python/tools.txt
	$(MAKE) $(DEVELOPMENT) licences

# What each library is licensed under, in docs/licences.md.
licences: $(DEVELOPMENT)
	$(PY) -m tests.licences

# What an installation is made of, as CycloneDX: build/sbom.json, and what its second reader runs on.
sbom: $(SUPPLY)
	$(SBOM) -o build/sbom.json requirements.txt
	$(SBOM) -o build/sbom-context.json requirements-context.txt
	$(SBOM) -o build/sbom-observability.json requirements-observability.txt

# Known vulnerabilities of what is installed; asks PyPI, and fails where that knows nothing of a library.
audit: $(SUPPLY)
	build/supply/bin/pip-audit --strict --require-hashes --disable-pip $(addprefix -r requirements,.txt -context.txt -observability.txt)

# The documentation as a site, in build/site.
docs: $(SITE_TOOLS)
	NO_MKDOCS_2_WARNING=1 $(SITE_TOOLS) build --quiet

# The pictures of the documentation, anew: of the demo, in Chromium.
screenshots: $(DEVELOPMENT)
	$(PY) -m tests.screenshots

clean:
	rm -rf $(VENV) build tests/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Where there is no build of what the second reader runs on, comments are judged by their words alone.
$(RUNTIME): requirements.txt requirements-context.txt
	@test -n "$(PYTHON)" || { echo "Leave a Reply needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-context.txt || \
		echo "There will be no second reader: its library can't be installed here."
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt requirements-observability.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-observability.txt
	@touch $@

$(NODE_MODULES): tests/package-lock.json
	@cd tests && npm ci --silent --no-audit --no-fund
	@touch $(NODE_MODULES)

build/clients/%/.installed: tests/moderation/web/dialects/clients/%.txt | $(RUNTIME)
	@rm -rf $(@D)
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D) -r $<
	@touch $@

$(CLIENT_TOOLS): clients/python/tools.txt
	@rm -rf build/client-tools
	$(PYTHON) -m venv build/client-tools
	build/client-tools/bin/pip install --quiet --disable-pip-version-check -r $< || { rm -rf build/client-tools; exit 1; }
	@touch $@

$(SITE_TOOLS): requirements-docs.txt
	@rm -rf build/docs-tools
	$(PYTHON) -m venv build/docs-tools
	build/docs-tools/bin/pip install --quiet --disable-pip-version-check -r $< || { rm -rf build/docs-tools; exit 1; }
	@touch $@

$(SUPPLY): requirements-supply.txt
	@rm -rf build/supply
	$(PYTHON) -m venv build/supply
	build/supply/bin/pip install --quiet --disable-pip-version-check -r $< || { rm -rf build/supply; exit 1; }
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
