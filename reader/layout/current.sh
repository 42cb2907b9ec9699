#!/bin/sh
# Whether functions.txt fits the bootstrap that was linked last: at least four in five of its functions are in it.
#
#   current.sh DIRECTORY    where cargo put the bootstrap's parts (.../lambda/deps)
set -eu
here=$(dirname "$0")
found=$(ls -t "$1"/bootstrap-*.found 2>/dev/null | head -n 1)
if [ -z "$found" ]; then
  echo "reader/layout: the linker here takes no order of functions, so the bootstrap has none" >&2
  exit 0
fi
there=$(cut -d ' ' -f 1 "$found" | uniq | wc -l)
all=$(wc -l <"$here/functions.txt")
echo "reader/layout/functions.txt: $there of $all functions are in the bootstrap"
if [ $((there * 5)) -lt $((all * 4)) ]; then
  echo "error: reader/layout/functions.txt is out of date: run \`make layout\`" >&2
  exit 1
fi
