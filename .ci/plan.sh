#!/bin/sh
# What Terraform's files would change, on stdout and in the run's summary.
set -eu
cd "$(dirname "$0")/.."
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT
make --no-print-directory plan > "$plan" || { code=$?; cat "$plan"; exit $code; }
cat "$plan"
{ echo '```text'; cat "$plan"; echo '```'; } >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
