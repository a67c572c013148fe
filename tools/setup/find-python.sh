#!/usr/bin/env bash
# Print the path of a Python 3.13 that runs. A pyenv shim may be on PATH and yet not run, so candidates are tried.
set -u

runs() { "$1" -c 'import sys; raise SystemExit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1; }

for candidate in python3.13 python3 python; do
  path=$(command -v "$candidate" 2>/dev/null) && runs "$path" && { "$path" -c 'import sys; print(sys.executable)'; exit 0; }
done
for root in "${PYENV_ROOT:-}" "$(pyenv root 2>/dev/null)" "${HOME:-}/.pyenv"; do
  for path in "$root"/versions/3.13*/bin/python3.13; do
    [ -n "$root" ] && [ -x "$path" ] && runs "$path" && { echo "$path"; exit 0; }
  done
done
path=$(uv python find 3.13 2>/dev/null) && runs "$path" && { echo "$path"; exit 0; }
echo "OTPost needs Python 3.13, the version that its Lambda functions run on; none was found on PATH, in pyenv or in uv." >&2
echo "Install one (for example: pyenv install 3.13, uv python install 3.13, or your system's package) and try again." >&2
exit 1
