#!/bin/sh
# Whether two builds of a commit gave the same bytes, and DIST has them: their sums are BUILT and AGAIN, as .ci/sums.sh has them.
#
#   .ci/same.sh [DIST]
set -eu
if [ -z "$BUILT" ] || [ "$BUILT" != "$AGAIN" ]; then
  printf '::error::%s\n' "two builds of this commit differ, so it is not released; their sums are below"
  printf 'the first:\n%s\nthe second:\n%s\n' "$BUILT" "$AGAIN" >&2
  exit 1
fi
cd "${1:-dist}"
printf '%s\n' "$BUILT" | sha256sum --check --quiet
echo "built twice: the same bytes"
