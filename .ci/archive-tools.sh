#!/bin/sh
# The released archive: the programs in DIRECTORY with licences and a README, and its sum in SHA256SUMS. The same
# programs and commit give the same bytes: the order, times, owners and modes of the files are fixed.
#
#   .ci/archive-tools.sh DIRECTORY OUTPUT
#
# Needs GNU tar, as tar or gtar, and python3.
set -eu
binaries=$(cd "$1" && pwd)
mkdir -p "$2"
output=$(cd "$2" && pwd)
cd "$(dirname "$0")/.."
version=$(sed -n '/^\[workspace.package\]$/,/^$/ s/^version = "\(.*\)"$/\1/p' Cargo.toml)
repository=$(sed -n '/^\[workspace.package\]$/,/^$/ s/^repository = "\(.*\)"$/\1/p' Cargo.toml)
target=$(rustc -vV | sed -n 's/^host: //p')
name=coldpress-$version-$target

tar=tar
command -v gtar > /dev/null && tar=gtar
sums=sha256sum
command -v sha256sum > /dev/null || sums='shasum -a 256'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"
programs='builder publisher reader'
case $target in *-linux-*) programs="$programs bootstrap" ;; esac
for program in $programs; do
  cp "$binaries/$program" "$work/$name/" 2> /dev/null || {
    echo "error: $1 has no $program: the archive for $target contains $programs" >&2
    exit 1
  }
done
for program in builder publisher reader; do
  case $("$work/$name/$program" --version) in
    "$program $version ("*) ;;
    *)
      echo "error: $1/$program says it is \"$("$work/$name/$program" --version)\"; Cargo.toml has version $version" >&2
      exit 1
      ;;
  esac
done
cp LICENSE "$work/$name/"
.ci/licences.py "$target" > "$work/$name/THIRD-PARTY-LICENCES.txt"
{
  # Its title and first paragraph.
  sed '/^```/,$d' README.md
  cat << END
## This archive

Version $version for $target. Copy the programs into a directory of your \`PATH\`:

- \`builder\` checks datasets, builds releases and serves them: \`builder serve products.csv\`
- \`publisher\` stores releases in S3 and deploys them
- \`reader\` serves a release over HTTP: \`reader dist\`
END
  case $programs in *bootstrap*) echo '- `bootstrap` is the reader as a Lambda function: `builder package`' ;; esac
  echo
  echo "Each has \`--help\`. The documentation is in $repository/tree/v$version/docs."
} > "$work/$name/README.md"

chmod 755 "$work/$name" $(printf "$work/$name/%s " $programs)
chmod 644 "$work/$name/LICENSE" "$work/$name"/*.txt "$work/$name"/*.md
$tar --sort=name --format=ustar --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 --numeric-owner \
  -C "$work" -cf "$work/archive.tar" "$name"
gzip -9n "$work/archive.tar"
mv "$work/archive.tar.gz" "$output/$name.tar.gz"
cd "$output"
$sums "coldpress-$version"-*.tar.gz > SHA256SUMS
echo "$2/$name.tar.gz"
