# The front door. Every target is one line; what it does is in stack/ and docs/running.md.
PYTHON ?= python3
FIGURE ?=
ARGS ?=
LANE ?= smoke
URL ?=
MINUTES ?=
SCALE ?=

.PHONY: run test prove faults mutants lint audit bench load load-compare screenshots help

run:  ## install what is missing, start everything, print the address; Ctrl-C stops it
	@$(PYTHON) -m stack run

test:  ## every check and test, on servers of its own; ARGS="tests/x -k y" runs only those
	@$(PYTHON) -m stack test -- $(ARGS)

prove:  ## the tests that take long, which make test leaves out
	@$(PYTHON) -m stack prove

faults:  ## every fault of the table, on real processes, and one table of what was seen; ARGS="F4 F12" makes those alone; docs/faults.md
	@$(PYTHON) -m stack exec -- python -m tests.faults $(ARGS)

mutants:  ## every planted bug, by what it is found and how soon; fails when one survives
	@$(PYTHON) -m stack mutants

lint:  ## ruff, mypy and the import ladder
	@$(PYTHON) -m stack lint

audit:  ## whether an advisory names a version that is pinned; exits 2 where no advisories can be had: docs/testing.md
	@$(PYTHON) -m stack audit

bench:  ## the benchmarks, or one family: FIGURE=orders, FIGURE=prices, FIGURE=pages
	@$(PYTHON) -m stack exec -- python -m bench $(FIGURE)

load:  ## load on a stack of its own, or on URL: LANE=smoke|standard|firehose|storm|soak|step, MINUTES=, SCALE=; docs/load.md
	@$(PYTHON) -m stack load -- $(LANE) $(if $(URL),--url $(URL)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SCALE),--scale $(SCALE))

load-compare:  ## what changed between two runs: A=var/load/… B=var/load/…
	@$(PYTHON) -m stack load -- compare $(A) $(B)

screenshots:  ## every page in every state to var/screenshots, and the sheet in docs/images; ARGS="state away" takes those stories alone
	@$(PYTHON) -m stack exec -- python -m tests.gallery $(ARGS)

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/'
