#!/bin/sh
# schemathesis (PyPI) against /openapi.json: what the document says of requests and answers holds, and
# no request that it can think of is answered with a 5xx.
#
# A reader of datasets/ on 127.0.0.1 is asked, the same requests each time. checks.py says what
# stands for `positive_data_acceptance`. Exits with 1 on findings, or where there is no document.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh

requirement=schemathesis==4.32.5
if [ "$(cat "$tools/schemathesis/installed" 2>/dev/null)" != "$requirement" ]; then
    echo "schemathesis: installing $requirement into target/tools/schemathesis" >&2
    rm -rf "$tools/schemathesis"
    python3 -m venv "$tools/schemathesis"
    "$tools/schemathesis/bin/python" -m pip install --quiet --disable-pip-version-check "$requirement"
    echo "$requirement" >"$tools/schemathesis/installed"
fi

here=$(pwd)/e2e/security
release datasets
serve "$release"
# It writes into the working directory.
cd "$work"
code=0
SCHEMATHESIS_HOOKS=$here/checks.py timeout 200 "$tools/schemathesis/bin/schemathesis" \
    --config-file "$here/schemathesis.toml" run "$url/openapi.json" --url "$url" \
    --checks all --exclude-checks positive_data_acceptance --phases examples,coverage,fuzzing --max-examples 20 --workers 1 \
    --generation-deterministic --request-timeout 20 --no-color "$@" || code=$?
[ "$code" -eq 0 ] || exit 1
