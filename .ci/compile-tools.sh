#!/bin/sh
# Compiles what tools.yml releases: `builder`, `publisher` and `reader`, and on Linux `bootstrap`, stripped and, on Linux,
# static. The same commit and compiler give the same bytes in every directory: paths of this machine are replaced.
#
#   .ci/compile-tools.sh DIRECTORY    where the programs are put
set -eu
cd "$(dirname "$0")/.."
commit=$(git describe --always --dirty --abbrev=12 --exclude='*')
target=$(rustc -vV | sed -n 's/^host: //p')
built=${CARGO_TARGET_DIR:-target}
cargo fetch --quiet --locked

remap="--remap-path-prefix=$PWD=/coldpress"
case $built in /*) remap="$remap --remap-path-prefix=$built=/coldpress/target" ;; esac
for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
  remap="$remap --remap-path-prefix=$crates=/crates"
done

compile() { # FLAGS PROFILE ARGUMENT...
  flags=$1 profile=$2
  shift 2
  COLDPRESS_COMMIT=$commit RUSTFLAGS="$remap $flags" cargo build --quiet --locked --target "$target" --profile "$profile" "$@"
}

programs='builder publisher reader'
case $target in
  *-linux-gnu)
    compile '-C target-feature=+crt-static' tools -p builder -p publisher -p reader
    COLDPRESS_COMMIT=$commit RUSTFLAGS=$remap .ci/compile-bootstrap.sh
    programs="$programs bootstrap"
    ;;
  *) compile '' tools -p builder -p publisher -p reader ;;
esac

mkdir -p "$1"
for program in $programs; do
  case $program in bootstrap) profile=lambda ;; *) profile=tools ;; esac
  # A path that was not replaced would make two builds differ.
  if LC_ALL=C grep -qaF "$PWD" "$built/$target/$profile/$program"; then
    echo "error: $program contains this checkout's path, $PWD, so another directory would give other bytes" >&2
    exit 1
  fi
  cp "$built/$target/$profile/$program" "$1/"
done
