#!/usr/bin/env bash
# Lint and types. Stops at the first tool that objects.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin

"$bin/ruff" check --quiet .
"$bin/ruff" format --quiet --check . || { echo "not formatted: .venv/bin/ruff format ." >&2; exit 1; }
"$bin/mypy" --no-error-summary
if [ -n "$(find templates -name '*.html' -print -quit)" ]; then
  "$bin/djlint" templates --lint --quiet
fi
if command -v node >/dev/null; then
  while IFS= read -r script; do
    # .mjs says "module" to node, which reads a bare .js as CommonJS and would object to import
    node --input-type=module --check <"$script" || { echo "not JavaScript: $script" >&2; exit 1; }
  done < <(find static/js -name '*.js')
fi
