# Two commands matter: `make run` and `make test`. Windows: see README.md.

PORT ?= 8501
PYTHON_IN_VENV := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help run test proof bench pictures format wheelhouse

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run:  ## start the product on 127.0.0.1:8501 (another port: PORT=8502 make run)
	@sh scripts/environment.sh requirements.txt
	@exec $(PYTHON_IN_VENV) scripts/run.py --port "$(PORT)"

test:  ## every check: format, lint, types, import contracts, unit, page and browser tests
	@sh scripts/environment.sh requirements-dev.txt
	@sh scripts/test.sh

proof:  ## the longer proofs, such as installing from nothing into an odd folder
	@sh scripts/environment.sh requirements-dev.txt
	@$(PYTHON_IN_VENV) -m pytest -m proof

bench:  ## the figures of docs/benchmarks.md
	@sh scripts/environment.sh requirements-bench.txt
	@$(PYTHON_IN_VENV) -m tests.bench

pictures:  ## take the pictures of the documents from the running product
	@sh scripts/environment.sh requirements-dev.txt
	@$(PYTHON_IN_VENV) -m tests.pictures

wheelhouse:  ## fetch all that is installed into wheelhouse/, for a machine without internet
	@sh scripts/environment.sh requirements.txt
	@sh scripts/wheelhouse.sh

format:  ## put the code into the project's format
	@sh scripts/environment.sh requirements-dev.txt
	@$(PYTHON_IN_VENV) -m ruff format . && $(PYTHON_IN_VENV) -m ruff check --fix .
