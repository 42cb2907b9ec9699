#!/bin/sh
# What a rollback needs beside AWS, in one file: publisher, and Terraform's files with the provider's lock.
#
#   .ci/keep-tools.sh FILE
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$(dirname "$1")"
cp -L "$(command -v publisher)" "$work/bin/publisher"
git ls-files -z terraform | xargs -0 tar -cf "$1"
tar -rf "$1" -C "$work" bin
