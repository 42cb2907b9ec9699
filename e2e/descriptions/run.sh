#!/bin/sh
# What a reader of datasets/ says of itself, against tools from PyPI: check.py says which.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh
e2e/tools.sh descriptions
release datasets
serve "$release"
"$tools/descriptions/bin/python" -B e2e/descriptions/check.py "$url"
