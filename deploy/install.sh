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

# The servers that tests of the distributed set-up run privately; without them those tests skip.
servers=()
[ "$browser" = browser ] && servers=(postgresql rabbitmq-server redis-server openjdk-17-jre-headless maven)

missing=() missing_servers=()
for package in "${packages[@]}"; do
  case "$package" in
    python3-venv) "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$package") ;;
    chromium*) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=("$package") ;;
    *) dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package") ;;
  esac
done
for package in "${servers[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing_servers+=("$package")
done
if [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
  missing+=("${missing_servers[@]}")
elif [ ${#missing_servers[@]} -gt 0 ]; then
  printf 'Không có máy chủ thử nghiệm, các phép thử của chúng sẽ bỏ qua. Để có:\n'
  printf 'The servers for tests are missing, their tests will skip. To have them:\n\n  sudo apt-get install -y --no-install-recommends %s\n\n' "${missing_servers[*]}"
fi
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
  # Debian starts a server when it is installed; ours are started by `make services` alone.
  guard=""
  if [ ${#missing_servers[@]} -gt 0 ] && [ ! -e /usr/sbin/policy-rc.d ]; then
    guard=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' | ${sudo}install -m 755 /dev/stdin "$guard"
    trap '${sudo}rm -f "$guard"' EXIT
  fi
  ${sudo}env DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null
  [ -z "$guard" ] || { ${sudo}rm -f "$guard"; trap - EXIT; }
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Cần Python 3.11 trở lên / Python 3.11 or newer is needed: $("$python" --version)"; exit 2; }
[ -x .venv/bin/python ] || { echo "Đang tạo .venv / making .venv"; "$python" -m venv .venv; }
echo "Đang cài gói Python đã khóa phiên bản / installing locked Python packages ($lock)"
.venv/bin/python -m pip install -q --require-hashes -r "$lock"
.venv/bin/python -m pip install -q --no-deps --no-build-isolation --no-index -e .
