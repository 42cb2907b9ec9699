#!/bin/sh
# The sums of a release's files as the step's output `sums`: what another build of the same commit must give (.ci/same.sh).
#
#   .ci/sums.sh [DIST]
set -eu
cd "${1:-dist}"
sums=$(sha256sum -- data.db manifest.json reader.zip)
printf 'sums<<END\n%s\nEND\n' "$sums" >> "${GITHUB_OUTPUT:-/dev/stdout}"
