#!/bin/sh
# schemathesis (PyPI) against /openapi.json: what the document says of requests and answers holds, and
# no request that it can think of is answered with a 5xx.
#
# A reader of datasets/ on 127.0.0.1 is asked, the same requests each time. checks.py says what
# stands for `positive_data_acceptance`. The phase `stateful` is left out: it puts the key of a path into
# the filter of that name, where it is no filter. Exits with 1 on findings, or where there is no document.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh

e2e/tools.sh schemathesis

here=$(pwd)/e2e/security
release datasets
serve "$release"
# It writes into the working directory.
cd "$work"
code=0
SCHEMATHESIS_HOOKS=$here/checks.py timeout 900 "$tools/schemathesis/bin/schemathesis" \
    --config-file "$here/schemathesis.toml" run "$url/openapi.json" --url "$url" \
    --checks all --exclude-checks positive_data_acceptance --phases examples,coverage,fuzzing --max-examples 20 --workers 1 \
    --generation-deterministic --request-timeout 20 --no-color "$@" || code=$?
[ "$code" -eq 0 ] || exit 1
