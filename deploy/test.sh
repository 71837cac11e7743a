#!/usr/bin/env bash
# Runs every check and every test. The embedded back ends need no servers.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
workers=${TEST_WORKERS:-2}
echo "== form, lint, types, import rules"
$bin/ruff format --check .
$bin/ruff check .
$bin/mypy
$bin/lint-imports
echo "== tests ($workers at once)"
$bin/pytest -q -n "$workers" --dist loadfile tests "$@"
