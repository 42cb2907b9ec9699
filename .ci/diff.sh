#!/bin/sh
# What the datasets change since BASE into a file, in Markdown, and into the run's summary.
#
#   BASE=REVISION .ci/diff.sh FILE
#
# BUILDER: the program, where it is not on the PATH.
set -eu
mkdir -p "$(dirname "$1")"
"${BUILDER:-builder}" diff "$BASE" HEAD --datasets datasets --format markdown > "$1"
cat "$1" >> "${GITHUB_STEP_SUMMARY:-/dev/stdout}"
