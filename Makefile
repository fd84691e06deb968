# Everything a newcomer types. Each target makes what it needs: Debian, Python 3.11 or later and make are enough.
.DEFAULT_GOAL := help
.PHONY: help run test check lint audit bench conformance pictures lock clean tools-test tools-bench

BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --no-input
PACKAGES := idp oidc consent clients keys ledger store
STRICT := oidc/*,keys/*,consent/*,clients/*
RESOLVE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links pyproject.toml --group build
TEST := -m pytest -n 3 --dist loadgroup --no-loadscope-reorder

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

run: .venv/run.stamp  ## everything on this machine: provider, two agencies, registers, people
	@$(BIN)/python -m examples.run

test: .venv/dev.stamp tools-test  ## all tests, on real parts
	@$(BIN)/python -m house.node tests/interop/node
	@$(BIN)/python $(TEST)

check: lint audit  ## what CI runs: format, lint, types, imports, audit, tests with coverage
	@$(BIN)/coverage erase
	@$(MAKE) --no-print-directory test TEST="-m coverage run $(TEST)"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --include='$(STRICT)' --fail-under=100
	@$(BIN)/coverage report

lint: .venv/dev.stamp
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: .venv/dev.stamp
	$(BIN)/python -m house.audit locks/serve.txt locks/run.txt locks/dev.txt locks/bench.txt

bench: .venv/bench.stamp tools-bench  ## speed beside node-oidc-provider, side by side
	@$(BIN)/python -m bench

conformance: .venv/run.stamp  ## the provider over TLS, ready for the OpenID conformance suite; prints its configuration
	@$(BIN)/python -m examples.conformance

pictures: .venv/dev.stamp tools-test  ## every page in three languages, wide and narrow, into docs/pages
	@$(BIN)/python -m tests.pictures >/dev/null

lock: .venv/bin/uv  ## the lock files again, from pyproject.toml (UPGRADE=--upgrade for newer releases)
	$(RESOLVE) --group dev -o locks/dev.txt $(UPGRADE)
	$(RESOLVE) --group bench -c locks/dev.txt -o locks/bench.txt $(UPGRADE)
	$(RESOLVE) --group examples -c locks/dev.txt -o locks/run.txt
	$(RESOLVE) -c locks/dev.txt -o locks/serve.txt

clean:  ## away with what the other targets made, the demonstration's data too
	rm -rf .venv data motcua.env build *.egg-info bench/node/node_modules tests/interop/node/node_modules bench/results.json .coverage .coverage.* \
		.grimp_cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(PACKAGES) examples bench house tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

tools-test tools-bench: tools-%: | .venv/pyvenv.cfg
	@$(BIN)/python -m house.tools $*

.venv/pyvenv.cfg:
	@sh house/venv.sh

.venv/%.stamp: locks/%.txt pyproject.toml | .venv/pyvenv.cfg
	@echo "Installing locks/$*.txt into .venv"
	@$(PIP) --require-hashes -r $<
	@PYTHONWARNINGS=ignore $(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/bin/uv: | .venv/pyvenv.cfg
	@$(PIP) uv
