#!/bin/sh
# Whether two builds of a commit gave the same bytes, and the package in DIST has them and nothing else but an attestation.
# Their sums are BUILT and AGAIN, as .ci/sums.sh has them.
#
#   .ci/same.sh [DIST]
set -eu
if [ -z "$BUILT" ] || [ "$BUILT" != "$AGAIN" ]; then
  printf '::error::%s\n' "two builds of this commit differ, so it is not released; their sums are below"
  printf 'the first:\n%s\nthe second:\n%s\n' "$BUILT" "$AGAIN" >&2
  exit 1
fi
package=$(mktemp -d)
trap 'rm -rf "$package"' EXIT
unzip -q "${1:-dist}/reader.zip" -d "$package"
cd "$package"
printf '%s\n' "$BUILT" | sha256sum --check --quiet
for file in $(ls -A); do
  case $file in
    attestation.json | bootstrap | data.db | manifest.json) ;;
    *) printf '::error::%s\n' "reader.zip has a file that was not built: $file"; exit 1 ;;
  esac
done
echo "built twice: the same bytes"
