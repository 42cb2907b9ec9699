#!/bin/sh
# Programs that people read tables with, against a running reader: a table of 300,000 rows has to arrive
# whole in each, or not at all. ROWS=N has another size.
#
# They are installed by name into target/tools/consumers. Needs node, npm, python3 and curl.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh

consumers=$tools/consumers
wanted=$(cat e2e/clients/package.json e2e/consumers/requirements.txt)
if [ "$(cat "$consumers/installed" 2>/dev/null)" != "$wanted" ]; then
    echo "consumers: installing them into target/tools/consumers" >&2
    rm -rf "$consumers"
    mkdir -p "$consumers"
    cp e2e/clients/package.json "$consumers/"
    npm install --silent --no-fund --no-audit --no-package-lock --prefix "$consumers"
    python3 -m venv "$consumers/python"
    "$consumers/python/bin/python" -m pip install --quiet --disable-pip-version-check -r e2e/consumers/requirements.txt
    echo "$wanted" >"$consumers/installed"
fi

python=$consumers/python/bin/python
rows=${ROWS:-300000}
"$python" e2e/consumers/table.py "$rows" "$work/datasets"
release "$work/datasets"
serve "$release"

failed=0
"$python" e2e/consumers/tables.py "$url" "$rows" || failed=1
"$python" e2e/consumers/downloads.py "$url" "$work/datasets/big/big.csv" || failed=1
node e2e/consumers/pages.mjs "$consumers" "$url" "$rows" || failed=1
exit $failed
