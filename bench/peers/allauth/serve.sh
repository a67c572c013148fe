#!/usr/bin/env bash
# serve.sh PORT: make the tables, then become gunicorn. Started by run.sh, inside with-postgres.sh.
set -euo pipefail
django-admin migrate --pythonpath . --run-syncdb --verbosity 0
django-admin createcachetable --pythonpath .
exec gunicorn --bind "127.0.0.1:$1" --workers "${PEER_PROCESSES:-4}" --threads "${PEER_THREADS:-4}" \
  --graceful-timeout 5 --log-level warning --config python:peer.ready peer.wsgi
