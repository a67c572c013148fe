#!/usr/bin/env bash
# run.sh PORT: Better Auth's email-otp plugin on http://127.0.0.1:PORT, its mail at /inbox, until it is told to end.
set -euo pipefail
port=${1:?usage: run.sh PORT}
here=$(cd "$(dirname "$0")" && pwd)

if ! cmp -s "$here/package-lock.json" "$here/node_modules/.locked"; then
  npm ci --prefix "$here" --omit=optional --no-audit --no-fund --ignore-scripts >&2
  cp "$here/package-lock.json" "$here/node_modules/.locked"
fi
exec "$here/../with-postgres.sh" node "$here/server.mjs" "$port"
