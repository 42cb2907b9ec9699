#!/bin/sh
# Bounded attacks on a running reader and on the builder, from this machine alone: each line says what was
# tried and what came. Exits with 1 where something did not hold.
#
#   run.sh BUILDER READER    an unoptimised builder, which can be held at a step and killed there; needs python3
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
python3 -B e2e/attack/attack.py "$1" "$2" "$work"
