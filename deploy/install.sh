#!/usr/bin/env bash
# Installs what is missing: packages of the system, the virtual environment, the locked packages.
# Usage: install.sh PYTHON LOCKFILE [browser]
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 lock=$2 browser=${3:-}

# One table of package names; Ubuntu 24.04 differs in one name.
. /etc/os-release
case "$ID:$VERSION_ID" in
  ubuntu:*) fonts="fonts-liberation" ;;
  *) fonts="fonts-liberation2" ;;
esac
packages=(python3-venv tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd "$fonts" fonts-dejavu-core poppler-utils)
[ "$browser" = browser ] && case "$ID" in
  ubuntu) packages+=(chromium-browser) ;;
  *) packages+=(chromium) ;;
esac

missing=()
for package in "${packages[@]}"; do
  case "$package" in
    python3-venv) "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$package") ;;
    chromium*) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=("$package") ;;
    *) dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package") ;;
  esac
done
if [ ${#missing[@]} -gt 0 ]; then
  line="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" = 0 ]; then sudo=""
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo="sudo "
  else
    printf 'Thiếu gói hệ thống. Hãy chạy lệnh sau với quyền quản trị rồi chạy lại:\n'
    printf 'System packages are missing. Run this as root, then try again:\n\n  sudo apt-get update && sudo %s\n\n' "$line"
    exit 2
  fi
  echo "Đang cài gói hệ thống / installing system packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  ${sudo}apt-get update -qq
  ${sudo}env DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Cần Python 3.11 trở lên / Python 3.11 or newer is needed: $("$python" --version)"; exit 2; }
[ -x .venv/bin/python ] || { echo "Đang tạo .venv / making .venv"; "$python" -m venv .venv; }
echo "Đang cài gói Python đã khóa phiên bản / installing locked Python packages ($lock)"
.venv/bin/python -m pip install -q --require-hashes -r "$lock"
.venv/bin/python -m pip install -q --no-deps --no-build-isolation --no-index -e .
