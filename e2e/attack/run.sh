#!/bin/sh
# Bounded attacks on a running reader and on the builder, from this machine alone: each line says what was
# tried and what came. Exits with 1 where something did not hold.
#
# The builder is an unoptimised one, which can be held at a step and killed there. Needs python3.
set -eu
cd "$(dirname "$0")/../.."
cargo build --quiet --locked -p builder
cargo build --quiet --locked --release -p reader
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
python3 -B e2e/attack/attack.py "$target/debug/builder" "$target/release/reader" "$work"
