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

# Folders of public law texts, and the given pages that no text may share eight words with.
TEXTS ?= ../shared/testdata/text
JUDGED ?= ../shared/testdata/vn-page-images ../shared/testdata/vn-scanned-pages ../shared/testdata/vn-scanned-pdf
APART ?= 154/2024/NĐ-CP 148/2020/TT-BCA 51/2025/TT-BCA

language-model: install-dev ## Count the language model from the folders in TEXTS
	@$(BIN)/python -m ocr.language.counting $(TEXTS) $(addprefix --judged ,$(JUDGED)) $(addprefix --apart ,$(APART))

lock: ## Write the lock files anew (needs uv)
	@uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --universal --extra build --extra dev pyproject.toml -o requirements-dev.lock
	@uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --universal --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock

clean: ## Remove what can be made again; never the data under var/
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build

.PHONY: help install install-dev run check test format messages samples screenshots fuzz fuzz-files fuzz-files benchmark \
	benchmark-reading language-model lock clean
