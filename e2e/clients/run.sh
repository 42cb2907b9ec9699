#!/bin/sh
# PostgREST's own clients, from npm and PyPI, against running readers; and the header `Accept` as a CDN passes it.
#
# They are installed by name into target/tools/clients. PostgREST's fixture tables are asked too where
# the shared Data Packages are there. Needs node, npm and python3.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh

clients=$tools/clients
wanted=$(cat e2e/clients/package.json e2e/clients/requirements.txt)
if [ "$(cat "$clients/installed" 2>/dev/null)" != "$wanted" ]; then
    echo "clients: installing them into target/tools/clients" >&2
    rm -rf "$clients"
    mkdir -p "$clients"
    cp e2e/clients/package.json "$clients/"
    npm install --silent --no-fund --no-audit --no-package-lock --prefix "$clients"
    python3 -m venv "$clients/python"
    "$clients/python/bin/python" -m pip install --quiet --disable-pip-version-check -r e2e/clients/requirements.txt
    echo "$wanted" >"$clients/installed"
fi

release datasets
datasets_release=$release
serve "$release"
datasets=$url
fixtures=
if [ -d "$(shared)/postgrest/datasets" ]; then
    release "$(shared)/postgrest/datasets"
    serve "$release"
    fixtures=$url
fi

# Where Supabase's clients look for tables.
serve "$datasets_release" COLDPRESS_BASE_PATH=/rest/v1
supabase=$url

failed=0
node e2e/clients/accept.mjs "$datasets" || failed=1
node e2e/clients/supabase_js.mjs "$clients" "$supabase" || failed=1
node e2e/clients/postgrest_js.mjs "$clients" "$datasets" $fixtures || failed=1
"$clients/python/bin/python" e2e/clients/postgrest_py.py "$datasets" $fixtures || failed=1
exit $failed
