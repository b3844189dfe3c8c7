# Short names for packaging/bootstrap.py, which does all the work and needs no make.
# With another Python: make run PYTHON=python3.12; with arguments: make run ARGS="folder".

PYTHON ?= python3
ARGS ?=
BOOTSTRAP := $(PYTHON) packaging/bootstrap.py

.PHONY: help run test setup lint format bench clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## set up what is missing and open the program
	@$(BOOTSTRAP) run $(ARGS)

test:  ## set up what is missing, check the code and run the tests
	@$(BOOTSTRAP) test $(ARGS)

setup:  ## set up what the program needs (ARGS=--test for the tests too)
	@$(BOOTSTRAP) setup $(ARGS)

lint:  ## check the code
	@$(BOOTSTRAP) lint

format:  ## put the code into the project's style
	@$(BOOTSTRAP) format

bench:  ## run the benchmarks
	@$(BOOTSTRAP) bench $(ARGS)

clean:  ## remove .venv and every cache
	@$(BOOTSTRAP) clean
