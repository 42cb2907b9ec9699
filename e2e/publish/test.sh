#!/bin/sh
# Publishing and the steps of a release, with the builder as it is, against moto on 127.0.0.1.
#
#   e2e/publish/test.sh [pytest's arguments]
#
# Needs COLDPRESS_BUILDER, COLDPRESS_PUBLISHER, COLDPRESS_BOOTSTRAP (the reader's Lambda
# binary), COLDPRESS_DOUBLE (lambda-double), python3 and PyPI; make publish-test sets them.
set -eu
cd "$(dirname "$0")/../.."
. e2e/memory.sh
: "${COLDPRESS_BUILDER:?the path of builder}" "${COLDPRESS_PUBLISHER:?the path of publisher}" "${COLDPRESS_BOOTSTRAP:?the reader's Lambda binary}"
: "${COLDPRESS_DOUBLE:?the path of lambda-double}"
e2e/tools.sh
# Eight at once on two processors: what they do most is wait, between one request and its retry.
exec target/tools/python/bin/python -B -m pytest -q -n 8 --dist worksteal --tb=short -p no:cacheprovider -p no:logging --rootdir e2e/publish "${@:-e2e/publish}"
