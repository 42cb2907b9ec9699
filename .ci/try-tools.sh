#!/bin/sh
# Tries a released archive as somebody has it who has nothing else: builds, verifies and serves the datasets, and packages
# them for Lambda where the archive has the function.
#
#   .ci/try-tools.sh ARCHIVE
set -eu
work=$(mktemp -d)
reader=
trap '[ -z "$reader" ] || kill "$reader"; rm -rf "$work"' EXIT
tar -xzf "$1" -C "$work"
tools=$(echo "$work"/coldpress-*)
cd "$(dirname "$0")/.."

"$tools/builder" build datasets -o "$work/dist" --quiet
"$tools/builder" verify "$work/dist"
if [ -e "$tools/bootstrap" ]; then
  "$tools/builder" package --release "$work/dist"
fi
"$tools/publisher" --version
mkfifo "$work/said"
"$tools/reader" "$work/dist" --listen 127.0.0.1:0 > "$work/said" &
reader=$!
read -r line < "$work/said"
curl -sSf --max-time 30 "http://${line##*http://}/products/42"
echo
