#!/bin/sh
# Whether this commit is still the one to release: `newest=true`, or false where main has a newer
# one that changes what a release is made of. That one has a run of its own; an old run that is
# started again must not undo it.
#
# Needs gh, GH_TOKEN, GITHUB_REPOSITORY and GITHUB_SHA.
set -eu
# The same list as in release.yml, and the workflow of a data repository, which names the version of its tools.
made_of='^(datasets|catalog|datapackage|builder|reader|lambda|terraform/release|terraform/modules/release|terraform/modules/function|terraform/modules/live|\.cargo)/|^(Cargo\.toml|Cargo\.lock|Makefile|\.github/workflows/data\.yml)$'

# GitHub lists 300 files. Should more have changed since, this run goes before that one, not after it.
newer=$(gh api "repos/$GITHUB_REPOSITORY/compare/$GITHUB_SHA...main" --jq '.files[]? | .filename, .previous_filename // empty')
if printf '%s\n' "$newer" | grep -Eq "$made_of"; then
  echo "newest=false" >> "${GITHUB_OUTPUT:-/dev/stdout}"
  echo "::notice::main has a newer commit to release; its own run does that"
else
  echo "newest=true" >> "${GITHUB_OUTPUT:-/dev/stdout}"
fi
