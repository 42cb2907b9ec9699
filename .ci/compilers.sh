#!/bin/sh
# Whether the compilers are here that everything needs: Rust as Cargo.toml names it, and one for C, for SQLite.
set -eu
cd "$(dirname "$0")/.."
needed=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
found=$(cargo --version 2>/dev/null | sed -n 's/^cargo \([0-9]*\.[0-9]*\).*/\1/p') || found=
if [ -z "$found" ]; then
  echo "error: Rust $needed or newer is needed; there is no cargo in PATH: install it from https://rustup.rs" >&2
  exit 1
fi
if [ "$(printf '%s\n' "$needed" "$found" | sort -t . -k 1,1n -k 2,2n | head -n 1)" != "$needed" ]; then
  echo "error: Rust $needed or newer is needed; cargo in PATH is $found: run \`rustup update stable\` (https://rustup.rs)" >&2
  exit 1
fi
if ! command -v "${CC:-cc}" >/dev/null; then
  echo "error: a C compiler is needed; there is no \`${CC:-cc}\` in PATH: install gcc or clang" >&2
  exit 1
fi
