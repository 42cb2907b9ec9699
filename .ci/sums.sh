#!/bin/sh
# What another build of the same commit must give (.ci/same.sh), as the step's output `sums`: the sums of the files that a
# package is made of, but for the attestation. The output `bootstrap` is the path of the one that is not in DIST.
#
#   .ci/sums.sh [DIST]
set -eu
bootstrap=$(command -v bootstrap)
cd "${1:-dist}"
sums=$(sha256sum -- data.db manifest.json)
sum=$(sha256sum < "$bootstrap")
printf 'bootstrap=%s\nsums<<END\n%s\n%s\nEND\n' "$bootstrap" "$sums" "${sum%-}bootstrap" >> "${GITHUB_OUTPUT:-/dev/stdout}"
