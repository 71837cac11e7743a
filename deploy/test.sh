#!/usr/bin/env bash
# Runs every check and every test, with the servers of the distributed set-up beside them.
# A server that cannot be had is named, and its tests skip; REQUIRED_SERVICES makes that an error.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
workers=${TEST_WORKERS:-2}
echo "== form, lint, types, import rules"
$bin/ruff format --check .
$bin/ruff check .
$bin/mypy
$bin/lint-imports
bash deploy/second_reader.sh "$bin/python"
echo "== tests ($workers at once)"
$bin/python -m deploy.services run -- $bin/pytest -q -n "$workers" --dist loadfile tests "$@"
