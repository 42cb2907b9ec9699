#!/bin/sh
# PostgREST's read cases against a running reader.
#
#   e2e/postgrest/run.sh [arguments for run_cases.py]
#
# Serves the shared Data Packages on free ports with the settings that the cases need. judge.py then
# compares the results with exceptions.txt and docs/postgrest.md. The cases are in ../shared next to
# the repository, or in COLDPRESS_SHARED; without them the script reports that it skipped them.
set -eu
cd "$(dirname "$0")/../.."
cases=${COLDPRESS_SHARED:-../shared}/postgrest
if [ ! -f "$cases/run_cases.py" ]; then
    echo "skipped: $cases is absent (COLDPRESS_SHARED sets another directory)"
    exit 0
fi
if ! command -v python3 >/dev/null; then
    echo "skipped: the cases need python3, which is absent"
    exit 0
fi
. e2e/serve.sh
release "$cases/datasets"
serve "$release"
base=$url
serve "$release" COLDPRESS_MAX_LIMIT=2
max_rows_2=$url
serve "$release" COLDPRESS_CORS_ORIGINS=http://example.com,http://example2.com
cors_origins=$url

python3 "$cases/run_cases.py" --base "$base" --report "$work/report.json" \
    --profile-base "max_rows_2=$max_rows_2" --profile-base "cors_origins=$cors_origins" "$@"
python3 -B e2e/postgrest/judge.py "$work/report.json"
