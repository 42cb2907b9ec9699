#!/bin/sh
# PostgREST's read cases against a running reader.
#
#   reader/tests/postgrest.sh [arguments for run_cases.py]
#
# Builds the shared Data Packages, serves them on free ports with the settings that cases ask for,
# and fails if a case fails that postgrest-exceptions.txt does not list, or passes that it lists.
# The cases lie in ../shared beside the repository, or where COLDPRESS_SHARED says.
# BUILDER and READER name the binaries; by default they are compiled.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
shared=${COLDPRESS_SHARED:-$root/../shared}/postgrest
if [ ! -f "$shared/run_cases.py" ]; then
    echo "skipped: $shared is absent (COLDPRESS_SHARED names another place)"
    exit 0
fi
if ! command -v python3 >/dev/null; then
    echo "skipped: the cases are run by python3, which is absent"
    exit 0
fi
cd "$root"
target=${CARGO_TARGET_DIR:-target}
if [ -z "${BUILDER:-}" ] || [ -z "${READER:-}" ]; then
    cargo build --quiet --locked -p builder -p reader
fi
builder=${BUILDER:-$target/debug/builder}
reader=${READER:-$target/debug/reader}

work=$(mktemp -d)
servers=
trap 'kill $servers 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
"$builder" build --quiet "$shared/datasets" -o "$work/dist"

# serve NAME [VARIABLE=VALUE]...: starts a server on a free port and leaves its address in $url.
serve() {
    name=$1
    shift
    : >"$work/$name"
    env "$@" "$reader" "$work/dist" --listen 127.0.0.1:0 >"$work/$name" 2>"$work/$name.log" &
    servers="$servers $!"
    url=
    while [ -z "$url" ]; do
        kill -0 $! 2>/dev/null || { cat "$work/$name.log" >&2; exit 1; }
        sleep 0.05
        url=$(sed -n 's/^serving .* on \(http:.*\)$/\1/p' "$work/$name")
    done
}

# PostgREST's own tests have no page size; ours default to 100 rows.
serve base COLDPRESS_DEFAULT_LIMIT=1000
base=$url
serve max_rows_2 COLDPRESS_MAX_LIMIT=2
max_rows_2=$url
serve cors_origins COLDPRESS_CORS_ORIGINS=http://example.com,http://example2.com
cors_origins=$url

python3 "$shared/run_cases.py" --base "$base" --report "$work/report.json" \
    --profile-base "max_rows_2=$max_rows_2" --profile-base "cors_origins=$cors_origins" "$@"
python3 - "$work/report.json" reader/tests/postgrest-exceptions.txt <<'END'
import json, sys

cases = json.load(open(sys.argv[1]))["cases"]
lines = [line.split(None, 1) for line in open(sys.argv[2]) if line.strip() and not line.startswith("#")]
known = {line[0] for line in lines}
failed = [case for case in cases if not case["norm"] and case["id"] not in known]
passed = [case["id"] for case in cases if case["norm"] and case["id"] in known]
for case in failed:
    print(f"FAILED {case['id']} {case['request']}\n  {case.get('why_norm') or case.get('why_lenient')}")
for name in passed:
    print(f"PASSED {name}: take it off the list of exceptions")
excused = sum(not case["norm"] for case in cases) - len(failed)
print(f"{len(cases)} cases, {excused} listed exceptions, {len(failed)} failures")
sys.exit(bool(failed or passed))
END
