# `make run` and `make test` are all a fresh Debian machine needs: each sets up what it uses, once.
SHELL := /bin/bash
PY := .venv/bin/python
WORKERS ?= 2
.DEFAULT_GOAL := help
.PHONY: help run test check bench fault pins
MAKEFLAGS += --no-print-directory

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start with the demonstration district; PORT=8080, HOST=127.0.0.1, TDTEAM_MODE=demo
	@scripts/setup.sh run
	@TDTEAM_MODE=$${TDTEAM_MODE:-demo} exec $(PY) -m tdteam serve --setup

test: ## everything: lint, types, and all tests on SQLite, PostgreSQL and in a real browser
	@scripts/setup.sh test
	@$(MAKE) check
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal tests

check: ## lint and types, quickly
	@[ -x .venv/bin/ruff ] || scripts/setup.sh test
	@scripts/check.sh

bench: ## measure: each job beside its floor, in one table
	@scripts/setup.sh test
	@$(PY) -m tests.load.bench

fault: ## the long fault loops: kill -9, full disk, locked or read-only database, PostgreSQL restarts, copies at once
	@scripts/setup.sh test
	@TDTEAM_LONG=1 $(PY) -m pytest --timeout 0 tests/fault

pins: ## write the installed versions to constraints.txt, after a change of requirements
	@scripts/setup.sh test
	@$(PY) -m pip freeze --quiet > constraints.txt
