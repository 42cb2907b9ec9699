#!/bin/sh
# Compiles the Lambda's binary: static, at a fixed position, its functions in the order of reader/layout.
# docs/performance.md has what each flag gives. What is in RUSTFLAGS already stays.
set -eu
cd "$(dirname "$0")/.."
target=$(uname -m)-unknown-linux-gnu
# Cargo does not know of the order, which is the linker's.
binary=${CARGO_TARGET_DIR:-target}/$target/lambda/bootstrap
for file in reader/layout/cc reader/layout/absent.c reader/layout/functions.txt reader/layout/unwind.ld; do
  [ ! -e "$binary" ] || [ ! "$file" -nt "$binary" ] || touch lambda/src/main.rs
done
RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static -C relocation-model=static -C linker=reader/layout/cc" \
  exec cargo build --quiet --locked --profile lambda --target "$target" -p lambda
