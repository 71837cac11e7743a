#!/usr/bin/env bash
# Installs the second reader by itself into the cache, for the test that runs it: second_reader.sh PYTHON
# Kept until its lock file changes. The main environment never has it unless `make install-second-reader` is asked for.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 lock=requirements-second-reader.lock
folder="${XDG_CACHE_HOME:-$HOME/.cache}/sohoa/second-reader"
cmp -s "$lock" "$folder/installed.lock" && exit 0
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
if "$python" -m venv "$folder" && "$folder/bin/python" -m pip install -q --require-hashes -r "$lock"; then
  cp "$lock" "$folder/installed.lock"
else
  rm -rf "$folder"
  printf 'Chưa cài được bộ đọc thứ hai, phép thử của nó sẽ bỏ qua.\n' >&2
  printf 'The second reader could not be installed, its test will skip.\n' >&2
fi
