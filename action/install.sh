#!/bin/sh
# Installs Coldpress's programs of one version: downloads the archive, compares it with SHA256SUMS and, where gh is on the
# PATH, with the attestation of its origin. After a failure nothing is installed.
#
#   action/install.sh DIRECTORY
#
# VERSION     such as 1.2.3; if empty, that of this checkout
# TOOLS       programs, separated by spaces; if empty, all of the archive
# REPOSITORY  OWNER/NAME on GitHub; if empty, the one that Cargo.toml names
# CACHE       where archives are kept, and found again (they are verified each time)
# COLDPRESS_RELEASES  where the archives are, instead of GitHub: DIRECTORY/v1.2.3/SHA256SUMS is below it
# GH_TOKEN    for gh, which verifies the attestation; GITHUB_OUTPUT and GITHUB_PATH are GitHub's
set -eu
sources=$(cd "$(dirname "$0")/.." && pwd)
setting() { sed -n '/^\[workspace.package\]$/,/^$/ s/^'"$1"' = "\(.*\)"$/\1/p' "$sources/Cargo.toml"; }
fail() { # PROBLEM HELP
  if [ -n "${GITHUB_ACTIONS:-}" ]; then echo "::error::$1; $2" >&2; else printf 'error: %s\n  help: %s\n' "$1" "$2" >&2; fi
  exit 1
}

directory=$1
version=${VERSION:-$(setting version)}
version=${version#v}
repository=${REPOSITORY:-$(setting repository | sed 's|https://github.com/||')}
releases=${COLDPRESS_RELEASES:-https://github.com/$repository/releases/download}
case $version in
  *[!0-9A-Za-z.-]* | [!0-9]*) fail "\"$version\" is not a version" 'write it as 1.2.3' ;;
esac

case $(uname -s) in
  Linux) system=unknown-linux-gnu known='builder publisher reader bootstrap' ;;
  Darwin) system=apple-darwin known='builder publisher reader' ;;
  *) fail "there are no programs for $(uname -s)" 'use Linux or macOS' ;;
esac
case $(uname -m) in
  x86_64) target=x86_64-$system ;;
  aarch64 | arm64) target=aarch64-$system ;;
  *) fail "there are no programs for $(uname -m)" 'use x86_64 or aarch64' ;;
esac
tools=${TOOLS:-$known}
for tool in $tools; do
  case " $known " in
    *" $tool "*) ;;
    *) fail "\"$tool\" is not one of the programs for $target" "choose from: $known" ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=coldpress-$version-$target
cache=${CACHE:-$work/cache}/v$version
mkdir -p "$cache"

fetch() { # FILE
  [ ! -e "$cache/$1" ] || return 0
  url=$releases/v$version/$1
  status=$(curl --silent --show-error --location --fail --retry 3 --max-time 300 --write-out '%{http_code}' \
    --output "$work/$1" "$url" 2> "$work/said") || {
    said=$(tail -n 1 "$work/said")
    case $status in
      404) fail "version $version has no $1 at $url" "choose a version that https://github.com/$repository/releases lists" ;;
      *) fail "$url can't be downloaded: ${said#curl: }" 'nothing was installed; try again' ;;
    esac
  }
  mv "$work/$1" "$cache/$1"
}
fetch SHA256SUMS
fetch "$name.tar.gz"

sums=sha256sum
command -v sha256sum > /dev/null || sums='shasum -a 256'
expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  $name\.tar\.gz$/\1/p" "$cache/SHA256SUMS")
[ -n "$expected" ] || fail "SHA256SUMS of version $version does not list $name.tar.gz" 'the release is incomplete; choose another version'
found=$($sums "$cache/$name.tar.gz" | cut -d ' ' -f 1)
[ "$found" = "$expected" ] || {
  rm -f "$cache/$name.tar.gz" "$cache/SHA256SUMS"
  fail "$name.tar.gz has the SHA-256 $found, but SHA256SUMS says $expected" 'nothing was installed; try again, and report it if it happens again'
}

if command -v gh > /dev/null && [ -n "${GH_TOKEN:-}" ]; then
  gh attestation verify "$cache/$name.tar.gz" --repo "$repository" --source-ref "refs/tags/v$version" \
    --signer-workflow "$repository/.github/workflows/tools.yml" > "$work/said" 2>&1 || {
    cat "$work/said" >&2
    rm -f "$cache/$name.tar.gz" "$cache/SHA256SUMS"
    fail "$name.tar.gz has no attestation that $repository built it from its tag v$version" 'nothing was installed; do not use this archive'
  }
  verified='its sum and attestation'
else
  verified='its sum; gh is not there or not logged in, so the attestation was not looked at'
fi

tar -xzf "$cache/$name.tar.gz" -C "$work"
mkdir "$work/chosen"
for tool in $tools; do mv "$work/$name/$tool" "$work/chosen/"; done
mkdir -p "$(dirname "$directory")"
rm -rf "$directory"
mv "$work/chosen" "$directory"
echo "installed $tools of Coldpress $version, verified by $verified"

directory=$(cd "$directory" && pwd)
echo "$directory" >> "${GITHUB_PATH:-/dev/null}"
printf '%s\n' "directory=$directory" "version=$version" >> "${GITHUB_OUTPUT:-/dev/null}"
