#!/usr/bin/env bash
# Makes what a command needs, and nothing when it is already there (so a second start works without network).
#   scripts/setup.sh run    .venv with requirements.txt
#   scripts/setup.sh test   .venv with requirements-dev.txt, and the Debian packages the browser tests need
set -euo pipefail
cd "$(dirname "$0")/.."

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore DEBIAN_FRONTEND=noninteractive
PYTHON=${PYTHON:-python3}

stop() {  # stop VIETNAMESE ENGLISH [COMMAND]: say what is missing, in both languages, and what to type
  { echo; echo "  $1"; echo "  $2"; [ -z "${3:-}" ] || printf '\n      %s\n' "$3"; echo; } >&2
  exit 1
}

apt_install() {  # apt_install WHY PACKAGE…: install when we may, else say the line to type
  local why=$1; shift
  local line="sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    stop "Thiếu gói hệ thống ($why). Hãy cài rồi chạy lại:" "Missing system packages ($why). Install them, then run again:" "$line"
  fi
  echo "→ apt-get install $* ($why)"
  apt-get update -qq || true
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null || stop \
    "Không cài được gói hệ thống ($why)." "Could not install system packages ($why)." "${line//sudo /}"
}

check_python() {
  command -v "$PYTHON" >/dev/null || stop "Thiếu Python 3.11 trở lên. Hãy cài:" "Python 3.11 or newer is missing. Install it:" \
    "sudo apt-get install -y python3 python3-venv"
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop \
    "Cần Python 3.11 trở lên; máy này có $("$PYTHON" -V)." "Python 3.11 or newer is needed; this is $("$PYTHON" -V)."
}

make_venv() {
  if .venv/bin/python -m pip --version >/dev/null 2>&1; then return; fi
  check_python
  # Debian splits ensurepip off into python3-venv: without it `venv` makes half a folder and fails.
  if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$1" = test ]; then
      apt_install "python3-venv" python3-venv
    else
      stop "Thiếu gói python3-venv. Hãy cài rồi chạy lại:" "The package python3-venv is missing. Install it, then run again:" \
        "sudo apt-get update && sudo apt-get install -y python3-venv"
    fi
  fi
  echo "→ Tạo .venv · making .venv"
  "$PYTHON" -m venv --clear .venv
}

fingerprint() { { .venv/bin/python -V; cat "$@"; } | sha256sum | cut -d' ' -f1; }

install() {  # install REQUIREMENTS: only when the files differ from what was installed last
  local stamp=.venv/installed-$1 files=(requirements.txt constraints.txt)
  [ "$1" = requirements.txt ] || files+=("$1")
  local now; now=$(fingerprint "${files[@]}")
  if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return; fi
  echo "→ Cài thư viện · installing $1"
  rm -f "$stamp"
  .venv/bin/python -m pip install -qq -r "$1" || stop \
    "Không cài được thư viện. Lần chạy đầu tiên cần mạng." "The libraries could not be installed. The first start needs the network."
  echo "$now" >"$stamp"
}

system_packages_for_tests() {
  local missing=()
  command -v chromium >/dev/null || [ -n "${TDTEAM_CHROMIUM:-}" ] || missing+=(chromium)
  command -v pdftoppm >/dev/null || missing+=(poppler-utils)
  [ ${#missing[@]} -eq 0 ] || apt_install "make test" "${missing[@]}"
  webkit_for_tests
}

webkit_for_tests() {  # the engine of iPhones: installed where we may, and without it its one test is skipped and says so
  if command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null; then return; fi
  local packages=(webkit2gtk-driver xvfb)
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "→ apt-get install ${packages[*]} (tests/browser/test_webkit.py)"
    apt-get update -qq || true
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null; then return; fi
  fi
  echo "→ Bỏ qua phép thử WebKit · the WebKit test is skipped; to have it: apt-get install ${packages[*]}" >&2
}

case "${1:-}" in
  run) make_venv run; install requirements.txt ;;
  test) system_packages_for_tests; make_venv test; install requirements-dev.txt ;;
  *) echo "scripts/setup.sh run|test" >&2; exit 2 ;;
esac
