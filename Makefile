# The front door. Every target is one line; what it does is in stack/ and docs/running.md.
PYTHON ?= python3
FIGURE ?=
ARGS ?=

.PHONY: run test prove mutants lint bench help

run:  ## install what is missing, start everything, print the address; Ctrl-C stops it
	@$(PYTHON) -m stack run

test:  ## every check and test, on servers of its own; ARGS="tests/x -k y" runs only those
	@$(PYTHON) -m stack test -- $(ARGS)

prove:  ## the tests that take long, which make test leaves out
	@$(PYTHON) -m stack prove

mutants:  ## every planted bug, by what it is found and how soon; fails when one survives
	@$(PYTHON) -m stack mutants

lint:  ## ruff, mypy and the import ladder
	@$(PYTHON) -m stack lint

bench:  ## the benchmarks, or one family: FIGURE=orders
	@$(PYTHON) -m stack exec -- python -m bench $(FIGURE)

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/'
