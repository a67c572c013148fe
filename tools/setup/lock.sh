#!/usr/bin/env bash
# Pin the newest versions that pyproject.toml allows, each with its hashes and no download host.
set -euo pipefail
cd "$(dirname "$0")/../.."
compile() { .venv/bin/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.13 "$@"; }
compile pyproject.toml -o layers/deps/requirements.txt
compile pyproject.toml --extra runtime -o requirements/runtime.txt
compile pyproject.toml --extra tools --group dev -o requirements/dev.txt
compile pyproject.toml --extra tools --group dev --group proof -o requirements/proof.txt
compile --group sam -o requirements/sam.txt
