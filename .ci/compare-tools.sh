#!/bin/sh
# Whether the same commit gives the same archive: makes it again in a clone elsewhere and compares it with the one in
# dist/tools. Takes as long as `make tools`; BINARIES=DIR, an absolute path, packs the programs of that directory.
#
#   make tools && .ci/compare-tools.sh
set -eu
cd "$(dirname "$0")/.."
[ -z "$(git status --porcelain)" ] || {
  echo "error: the working tree differs from its commit, so dist/tools is not what the commit gives" >&2
  exit 1
}
again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
git -c advice.detachedHead=false clone --quiet . "$again/elsewhere"
env -u CARGO_TARGET_DIR make --no-print-directory -C "$again/elsewhere" tools DIST=dist > /dev/null
for archive in "$again"/elsewhere/dist/tools/*.tar.gz; do
  name=$(basename "$archive")
  cmp "dist/tools/$name" "$archive" || {
    for made in "dist/tools/$name" "$archive"; do
      mkdir "$again/unpacked"
      tar -xzf "$made" -C "$again/unpacked"
      (cd "$again/unpacked" && sha256sum -- */*) > "$again/sums.$(ls "$again" | wc -l)"
      rm -r "$again/unpacked"
    done
    diff "$again"/sums.* || true
    echo "error: $name differs between two builds of the same commit; the sums of its files that differ are above" >&2
    exit 1
  }
  echo "$name: built twice, the same bytes"
done
