#!/bin/sh
# Builds Coldpress, the references and the peers, measures them and writes bench/results.md.
# Arguments go to the harness: `bench/run.sh start` measures cold starts alone.
set -eu
cd "$(dirname "$0")/.."
triple="$(uname -m)-unknown-linux-gnu"
target="${CARGO_TARGET_DIR:-target}"
bench="$target/bench"
tools="$target/tools/bench"

# The bootstrap and the references that are built like it: static, at a fixed address.
static() {
    RUSTFLAGS="-C target-feature=+crt-static -C relocation-model=static" \
        cargo build --quiet --locked --profile lambda --target "$triple" "$@"
}

echo "building Coldpress" >&2
static -p reader --bin bootstrap --no-default-features --features lambda
cargo build --quiet --locked --release -p builder
# A checkout that is not clean builds as well; the release then names no commit.
"$target/release/builder" build datasets --quiet -o "$bench/release"

echo "building the references" >&2
static --manifest-path bench/Cargo.toml --target-dir "$bench/target" -p nothing -p blocking
# With SQLite as sqlx ships it: the flags in .cargo/config.toml are ours.
LIBSQLITE3_FLAGS='' cargo build --quiet --locked --release --manifest-path bench/article/Cargo.toml \
    --target-dir "$bench/target/article"
cargo build --quiet --locked --release --manifest-path bench/Cargo.toml --target-dir "$bench/target" -p harness
mkdir -p "$bench/references"
cp "$bench/target/$triple/lambda/nothing" "$bench/target/$triple/lambda/blocking" \
    "$bench/target/article/release/article" "$bench/references/"

# Peers by name, into the project's own directory. Without them the report says that they are absent.
if ! "$tools/bin/python" -m pip --disable-pip-version-check install --quiet -r bench/peers.txt 2>/dev/null; then
    echo "installing the peers of bench/peers.txt" >&2
    { python3 -m venv "$tools" &&
        "$tools/bin/python" -m pip --disable-pip-version-check install --quiet -r bench/peers.txt; } ||
        echo "some peers could not be installed; the report says which" >&2
fi

exec "$bench/target/release/harness" "$@" \
    --date "$(date -u +%Y-%m-%d)" \
    --reader "$target/$triple/lambda/bootstrap" \
    --release "$bench/release" \
    --builder "$target/release/builder" \
    --references "$bench/references" \
    --tools "$tools" \
    --scratch "$bench" \
    --output bench/results.md
