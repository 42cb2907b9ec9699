#!/bin/sh
# The release and its package, built twice and compared byte by byte.
#
#   .ci/dist.sh [DATASETS [DIST]]
#
# BUILDER and BOOTSTRAP: the programs, where they are not on the PATH.
set -eu
datasets=${1:-datasets} dist=${2:-dist}
builder=${BUILDER:-builder}
bootstrap=${BOOTSTRAP:-$(command -v bootstrap)} || {
  echo "error: there is no \`bootstrap\` on the PATH: it is in the archive of Coldpress for Linux" >&2
  exit 1
}
again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
"$builder" build "$datasets" -o "$dist"
"$builder" package --bootstrap "$bootstrap" --release "$dist"
"$builder" build "$datasets" -o "$again/dist" --cache "$again/cache" --quiet
"$builder" package --bootstrap "$bootstrap" --release "$again/dist" --quiet
for file in data.db manifest.json reader.zip; do
  cmp "$dist/$file" "$again/dist/$file"
done
echo "built twice: the same bytes"
