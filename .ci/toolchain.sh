#!/bin/sh
# The compiler that Cargo.toml names, with rustfmt and clippy: by rustup, unless it is the one that is here.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
case "$(rustc --version 2> /dev/null)" in
  "rustc $version."*) ;;
  *)
    rustup toolchain install "$version" --profile minimal --component rustfmt --component clippy
    rustup default "$version"
    ;;
esac
