#!/bin/sh
# The real PostgreSQL (PyPI) beside a running reader, over the same table of ten column types: 10,000 random searches,
# filters, orders and groups, and 2,000 requests for what Coldpress has beyond PostgREST. Every row has to be the
# same, in the same order, apart from the kinds of difference that docs/postgrest.md lists.
#
# SEED=N asks other questions of other rows, NUMBER=N as many. Needs python3 and PyPI.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh
e2e/tools.sh postgresql

seed=${SEED:-1}
python=$tools/postgresql/bin/python
"$python" -B e2e/postgresql/samples.py "$work/datasets" "$seed"
release "$work/datasets"
serve "$release"
# PostgreSQL's lock file is kept there.
mkdir -m 700 "$work/runtime"
XDG_RUNTIME_DIR=$work/runtime "$python" -B e2e/postgresql/compare.py "$url" "$seed" "${NUMBER:-10000}"
