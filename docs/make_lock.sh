#!/bin/sh
# Write requirements.lock: exact versions of everything, no addresses. Run after changing pyproject.toml.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${PYTHON:-python3}" -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet --upgrade "pip>=25.1"
"$scratch/venv/bin/python" -m pip install --quiet --group dev -e .
{
  echo "# Written by 'make lock' on Python $("$scratch/venv/bin/python" -c 'import platform; print(platform.python_version())'). Do not edit."
  "$scratch/venv/bin/python" -m pip freeze --exclude-editable
} > requirements.lock
