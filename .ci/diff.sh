#!/bin/sh
# What the datasets change since BASE into a file, and into the run's summary.
#
#   BASE=REVISION .ci/diff.sh FILE
set -eu
cd "$(dirname "$0")/.."
mkdir -p "$(dirname "$1")"
make --no-print-directory diff > "$1"
cat "$1" >> "${GITHUB_STEP_SUMMARY:-/dev/stdout}"
