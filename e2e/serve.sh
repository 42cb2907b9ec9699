# For scripts that need running readers: to be sourced from the repository's root.
#
#   release DATASETS       builds a release; its directory is in $release
#   serve RELEASE [VARIABLE=VALUE]...
#                          starts a reader on a free port of 127.0.0.1; its address is in $url
#   shared                 where the shared material lies: COLDPRESS_SHARED, or ../shared
#
# BUILDER and READER name the binaries; by default they are compiled. Servers end with the script.

target=${CARGO_TARGET_DIR:-target}
tools=$(pwd)/target/tools
if [ -z "${BUILDER:-}" ] || [ -z "${READER:-}" ]; then
    cargo build --quiet --locked --release -p builder -p reader
fi
builder=${BUILDER:-$target/release/builder}
reader=${READER:-$target/release/reader}
work=$(mktemp -d)
servers=
releases=0
trap 'kill $servers 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

release() {
    releases=$((releases + 1))
    release=$work/release-$releases
    "$builder" build --quiet "$1" -o "$release"
}

serve() {
    served=$1
    shift
    log=$served.log
    : >"$log"
    env "$@" "$reader" "$served" --listen 127.0.0.1:0 >"$log" 2>"$log.errors" &
    servers="$servers $!"
    url=
    while [ -z "$url" ]; do
        kill -0 $! 2>/dev/null || { cat "$log.errors" >&2; exit 1; }
        url=$(sed -n 's/^serving .* on \(http:.*\)$/\1/p' "$log")
        [ -n "$url" ] || sleep 0.05
    done
}

shared() {
    echo "${COLDPRESS_SHARED:-../shared}"
}
