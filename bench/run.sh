#!/bin/sh
# Builds Coldpress, the references and the peers, measures them and writes bench/results.md.
#
#   bench/run.sh [start] [build] [http] [memory] [OPTION]...
#
# Without a part, all of them are measured: some 5 minutes on two quiet cores, and 5 or more before
# them for compiling the first time. A part alone prints its part of the report and leaves
# bench/results.md as it is. OPTIONs are the harness's: `--http-rows 50000 --rounds 1`, and so on.
set -eu
cd "$(dirname "$0")/.."
triple="$(uname -m)-unknown-linux-gnu"
target="${CARGO_TARGET_DIR:-target}"
bench="$target/bench"
tools="$target/tools/bench"

# The parts among the arguments, or all of them.
parts=
for argument; do
    case "$argument" in
        start | build | http | memory) parts="$parts $argument" ;;
    esac
done
parts="${parts:-start build http memory}"
needs() { # PART...: whether one of them is measured
    for part; do
        case " $parts " in *" $part "*) return 0 ;; esac
    done
    return 1
}

# The references that are built like the bootstrap: static, at a fixed address.
static() {
    RUSTFLAGS="-C target-feature=+crt-static -C relocation-model=static" \
        cargo build --quiet --locked --profile lambda --target "$triple" "$@"
}

echo "building Coldpress" >&2
cargo build --quiet --locked --release -p builder -p reader
if needs start; then
    .ci/compile-bootstrap.sh
    # A checkout that is not clean builds as well; the release then names no commit.
    "$target/release/builder" build datasets --quiet -o "$bench/release"
fi

echo "building the references" >&2
mkdir -p "$bench/references"
if needs start; then
    static --manifest-path bench/Cargo.toml --target-dir "$bench/target" -p nothing -p blocking
    # With SQLite as sqlx ships it: the flags in .cargo/config.toml are ours.
    LIBSQLITE3_FLAGS='' cargo build --quiet --locked --release --manifest-path bench/article/Cargo.toml \
        --target-dir "$bench/target/article"
    cp "$bench/target/$triple/lambda/nothing" "$bench/target/$triple/lambda/blocking" \
        "$bench/target/article/release/article" "$bench/references/"
fi
cargo build --quiet --locked --release --manifest-path bench/Cargo.toml --target-dir "$bench/target" \
    -p harness -p constant
cp "$bench/target/release/constant" "$bench/references/"

# Peers by name, into the project's own directory. Without them the report says that they are absent.
pip() {
    "$tools/bin/python" -m pip --disable-pip-version-check install --quiet -r bench/peers.txt
}
if needs build http && ! pip 2>/dev/null; then
    echo "installing the peers of bench/peers.txt" >&2
    { python3 -m venv "$tools" && pip; } || echo "some peers could not be installed; the report says which" >&2
fi
soul=soul-cli@0.8.2
if needs http && ! [ "$(cat "$tools/npm-installed" 2>/dev/null)" = "$soul" ]; then
    echo "installing $soul from npm" >&2
    { mkdir -p "$tools" && npm install --silent --no-fund --no-audit --prefix "$tools" "$soul" &&
        echo "$soul" >"$tools/npm-installed"; } ||
        echo "$soul could not be installed; the report says that it is absent" >&2
fi

exec "$bench/target/release/harness" "$@" \
    --date "$(date -u +%Y-%m-%d)" \
    --reader "$target/$triple/lambda/bootstrap" \
    --server "$target/release/reader" \
    --release "$bench/release" \
    --builder "$target/release/builder" \
    --references "$bench/references" \
    --tools "$tools" \
    --scratch "$bench" \
    --output bench/results.md
