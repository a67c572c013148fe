#!/usr/bin/env bash
# run.sh PORT: Flask-Security's codes by mail on http://127.0.0.1:PORT, its mail at /inbox, until it is told to end.
set -euo pipefail
port=${1:?usage: run.sh PORT}
here=$(cd "$(dirname "$0")" && pwd)
env=$here/.venv-flask-security

if ! cmp -s "$here/requirements.txt" "$env/.locked"; then
  "$("$here/../../../tools/setup/find-python.sh")" -m venv "$env"
  "$env/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$env/.locked"
fi
cd "$here"
export PATH="$env/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
exec ../with-postgres.sh ./serve.sh "$port"
