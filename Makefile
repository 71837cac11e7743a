# `make` alone lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

install: $(VENV)/.installed ## Install what is missing; leaves .venv/bin/sohoa

$(VENV)/.installed: requirements.lock pyproject.toml deploy/install.sh
	@bash deploy/install.sh "$(PYTHON)" requirements.lock
	@touch $@

install-dev: $(VENV)/.installed-dev ## Install what the tests need besides

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml deploy/install.sh
	@bash deploy/install.sh "$(PYTHON)" requirements-dev.lock browser
	@touch $(VENV)/.installed $@

install-second-reader: install ## Add the second reader of doubtful words, some 90 MB (SOHOA_OCR__SECOND_READER=false switches it off)
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-second-reader.lock

run: install ## Digitize the bundled samples and serve the pages on 127.0.0.1:8080
	@$(BIN)/sohoa doctor
	@$(BIN)/python samples/digitize_samples.py
	@$(BIN)/sohoa serve

check: install-dev ## Format, lint, types, import rules and unit tests: quick
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q -n 2 tests/unit tests/architecture

test: install-dev ## Everything: checks, unit, contract, end-to-end and browser tests
	@bash deploy/test.sh

services: install-dev ## Start PostgreSQL, RabbitMQ, Redis, MinIO and Elasticsearch privately, for tests and trials
	@$(BIN)/python -m deploy.services start

services-stop: ## Stop them; their data stays
	@$(BIN)/python -m deploy.services stop

format: install-dev ## Bring the code into form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: install-dev ## Bring the English texts of the pages in step with the templates
	@$(BIN)/python -m web.collecting_texts

samples: install-dev ## Make the bundled samples anew
	@$(BIN)/python samples/make_samples.py

openapi: install-dev ## Write the description of the API into docs/reference/openapi.json
	@PYTHONPATH=. $(BIN)/python docs/write_openapi.py

screenshots: install-dev ## Make the pictures of the README in a real browser
	@$(BIN)/python docs/make_screenshots.py

fuzz-files: install-dev ## Damage many files and let the pipeline take them, FUZZ_FILES=1000 FUZZ_SEED=1
	@$(BIN)/python -m tests.unit.ingest.fuzz_files

fuzz: install-dev ## Try every call of the API with right and wrong input, FUZZ_SECONDS=1200
	@$(BIN)/python -m tests.end_to_end.fuzz_at_length

benchmark: install-dev ## CPU seconds per page beside bare tesserocr and OCRmyPDF
	@bash benchmarks/run.sh

benchmark-reading: install-dev ## How well pages are read, word by word, beside other tools
	@bash benchmarks/run_reading.sh

benchmark-desk: install-dev ## Ten pages from a desk: when the proposal stands, how long the screen waits
	@$(BIN)/python -m benchmarks.desk --cache "$${XDG_CACHE_HOME:-$$HOME/.cache}/sohoa/benchmark"

benchmark-memory: install-dev ## Two thousand pages through one server: what memory and disk hold
	@$(BIN)/python -m benchmarks.memory_at_length

benchmark-viewers: install-dev ## What PDFium, Poppler and pdf.js mark and copy in the files that are built
	@bash benchmarks/run_viewers.sh

benchmark-claims: install-dev ## How long a claim takes while 10 thousand to a million stages wait
	@$(BIN)/python -m deploy.services run postgres -- $(BIN)/python -m benchmarks.claims

# Folders of public law texts, and the given pages that no text may share eight words with.
TEXTS ?= ../shared/testdata/text
JUDGED ?= ../shared/testdata/vn-page-images ../shared/testdata/vn-scanned-pages ../shared/testdata/vn-scanned-pdf
APART ?= 154/2024/NĐ-CP 148/2020/TT-BCA 51/2025/TT-BCA

language-model: install-dev ## Count the language model from the folders in TEXTS
	@$(BIN)/python -m ocr.language.counting $(TEXTS) $(addprefix --judged ,$(JUDGED)) $(addprefix --apart ,$(APART))

lock: ## Write the lock files anew (needs uv)
	@uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --universal --extra build --extra dev pyproject.toml -o requirements-dev.lock
	@uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --universal --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock
	@echo "trueocr==0.1.1" | uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --universal -c requirements-dev.lock - -o requirements-second-reader.lock

clean: ## Remove what can be made again; never the data under var/
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build

.PHONY: help install install-dev install-second-reader run check test services services-stop format messages samples screenshots fuzz fuzz-files fuzz-files benchmark \
	benchmark-claims benchmark-reading benchmark-desk benchmark-memory benchmark-viewers language-model lock clean
