#!/bin/sh
# Whether TAG is a version that can be released, and CHANGELOG.md's section about it on stdout.
#
#   .ci/release-notes.sh TAG
#
# GITHUB_REPOSITORY, where set, must be the repository that Cargo.toml names: `builder new` writes it into data repositories.
set -eu
cd "$(dirname "$0")/.."
setting() { sed -n '/^\[workspace.package\]$/,/^$/ s/^'"$1"' = "\(.*\)"$/\1/p' Cargo.toml; }
fail() {
  echo "::error::$1" >&2
  exit 1
}
version=$(setting version)
repository=$(setting repository)
[ "$1" = "v$version" ] || fail "the tag is $1, but Cargo.toml has version $version: tag a commit that has the tag's version"
[ "${GITHUB_REPOSITORY:+https://github.com/$GITHUB_REPOSITORY}" = "${GITHUB_REPOSITORY:+$repository}" ] ||
  fail "Cargo.toml says that Coldpress is at $repository, but this is https://github.com/$GITHUB_REPOSITORY: correct \`repository\`"
# `## 1.2.3` or `## 1.2.3 - 2026-12-01`, without the empty lines around the section.
section=$(awk -v version="$version" '/^## / { inside = $2 == version; next } inside' CHANGELOG.md | sed '/./,$!d')
[ -n "$section" ] || fail "CHANGELOG.md has no section \"## $version\": rename \"## Unreleased\""
printf '%s\n' "$section"
