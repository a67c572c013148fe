#!/usr/bin/env bash
# with-postgres.sh COMMAND [ARGUMENT…]: run COMMAND beside an empty PostgreSQL of its own, then leave nothing behind.
#
# The cluster lives in a new folder under /tmp and listens on a socket there, on no port. COMMAND finds it by libpq's
# own variables (PGHOST, PGUSER, PGDATABASE). PostgreSQL refuses to run as root; root runs it as the user "postgres".
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
bin=${PEER_POSTGRES_BIN:-$bin}
[ -x "$bin/initdb" ] || { echo "The peers need PostgreSQL's server (Debian: apt-get install postgresql)." >&2; exit 1; }

as_owner=()
folder=$(mktemp -d /tmp/otpost-peer.XXXXXX)
if [ "$(id -u)" = 0 ]; then
  as_owner=(setpriv --reuid=postgres --regid=postgres --init-groups)
  chown postgres: "$folder"
  chmod 755 "$folder"
fi

child=
stop() {
  trap - EXIT INT TERM
  [ -z "$child" ] || { kill -TERM "$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; }
  (cd "$folder" && "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap 'code=$?; stop; exit $code' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

cd "$folder"
# Every setting that bears on isolation, durability or concurrency stays as PostgreSQL ships it.
"${as_owner[@]}" "$bin/initdb" -D "$folder/data" -U peer --auth=trust --no-sync --encoding=UTF8 --no-locale >/dev/null
"${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
  -o "-c listen_addresses='' -c unix_socket_directories='$folder'" start >/dev/null
cd - >/dev/null

export PGHOST=$folder PGUSER=peer PGDATABASE=postgres
# In the background, so that a signal reaches this shell at once and not only when the command has ended.
"$@" &
child=$!
wait "$child"
