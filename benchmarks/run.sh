#!/usr/bin/env bash
# Measures the whole way beside bare tesserocr and OCRmyPDF; arguments go to whole_way.py.
# Usage: run.sh [--runs N] [--peer-runs N] [--memory-pages N] [--write]
# `make benchmark WRITE=1` writes docs/reference/performance.md anew.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sohoa/benchmark
peers=$cache/peers
mkdir -p "$cache"
[ -z "${WRITE:-}" ] || set -- "$@" --write

# The peers live in an environment of their own: their requirements are not ours.
if [ ! -x "$peers/bin/ocrmypdf" ]; then
  echo "Đang cài OCRmyPDF để so sánh / installing OCRmyPDF to compare with"
  if ! { .venv/bin/python -m venv "$peers" && "$peers/bin/pip" install -q ocrmypdf pdf2image pytesseract; } 2>"$cache/peers.log"; then
    rm -rf "$peers"
  fi
fi
if [ -x "$peers/bin/ocrmypdf" ]; then
  found=(--peers "$peers/bin")
else
  found=(--why-no-peers "OCRmyPDF could not be installed: $(tail -n 1 "$cache/peers.log")")
fi
exec .venv/bin/python -m benchmarks.whole_way --cache "$cache" "${found[@]}" "$@"
