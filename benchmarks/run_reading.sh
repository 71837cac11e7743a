#!/usr/bin/env bash
# Reads given and own pages in all ways and compares; arguments go to reading.py.
# Usage: run_reading.sh [--only NAME]… [--damaged] [--write]
# `make benchmark-reading WRITE=1` writes docs/reference/reading.md anew.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sohoa/benchmark
peers=$cache/peers
mkdir -p "$cache"
[ -z "${WRITE:-}" ] || set -- "$@" --damaged --write
if [ -x "$peers/bin/ocrmypdf" ]; then
  found=(--peers "$peers/bin")
else
  found=(--why-no-peers "OCRmyPDF is not installed; make benchmark installs it")
fi
exec .venv/bin/python -m benchmarks.reading --cache "$cache" "${found[@]}" "$@"
