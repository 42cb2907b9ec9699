#!/bin/sh
# What the binaries are made from, as keys for GitHub Actions' cache: the same sources (Cargo.toml
# names the compiler) give the same key, and a change of data changes none.
set -eu
cd "$(dirname "$0")/.."

key() { # NAME PATH...
  name=$1
  shift
  listed=$(git ls-files --stage -- Cargo.toml Cargo.lock .cargo Makefile catalog "$@")
  echo "$name=$(uname -m)-$(printf '%s\n' "$listed" | sha256sum | cut -c1-32)"
}

{
  key bootstrap reader lambda
  key builder datapackage builder
  key publisher datapackage builder publisher
} >> "${GITHUB_OUTPUT:-/dev/stdout}"
