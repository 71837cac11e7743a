#!/usr/bin/env bash
# Looks at built files in PDFium, Poppler and pdf.js; arguments go to viewers.py.
# Usage: run_viewers.sh [--verapdf JAR] [--verify PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sohoa/benchmark
pdfjs=$cache/pdfjs
mkdir -p "$pdfjs"

# pdf.js is installed outside the checkout, as locked; it is no part of the product.
cp benchmarks/pdfjs/{look.html,package.json,package-lock.json} "$pdfjs/"
if ! command -v npm >/dev/null; then
  found=(--why-no-pdfjs "npm is not installed")
elif cmp -s "$pdfjs/package-lock.json" "$pdfjs/.installed" ||
  (cd "$pdfjs" && npm ci --omit=optional --no-audit --no-fund --ignore-scripts >install.log 2>&1); then
  cp "$pdfjs/package-lock.json" "$pdfjs/.installed"
  found=(--pdfjs "$pdfjs")
else
  found=(--why-no-pdfjs "it could not be installed: $(tail -n 1 "$pdfjs/install.log")")
fi
exec .venv/bin/python -m benchmarks.viewers --cache "$cache" "${found[@]}" "$@"
