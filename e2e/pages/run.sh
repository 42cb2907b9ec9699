#!/bin/sh
# The pages of datasets/ in a real Chromium: axe-core finds nothing, html-validate finds nothing, a table page is small,
# and all of it can be used with a keyboard alone, with large text, on paper, and whatever the tables hold.
#
# The packages are installed by name from npm into target/tools/pages. Needs node and npm; Chromium is the one on the
# PATH, or the one that CHROMIUM names, or root installs Debian's package. Without one, it says so and ends well.
# Pictures go to target/pages; PICTURES=DIR has four of them copied there.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p target
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
chromium=${CHROMIUM:-$(find_chromium)}
if [ -z "$chromium" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "pages: installing Debian's package chromium" >&2
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium; } > target/chromium.log 2>&1 || true
    chromium=$(find_chromium)
fi
if [ -z "$chromium" ]; then
    echo "skipped: there is no Chromium, so the pages were not looked at; install one, or name it with CHROMIUM=PATH"
    exit 0
fi
. e2e/serve.sh
packages=$tools/pages
if ! cmp -s e2e/pages/package.json "$packages/installed"; then
    echo "pages: installing axe-core, html-validate and playwright-core into target/tools/pages" >&2
    rm -rf "$packages"
    mkdir -p "$packages"
    cp e2e/pages/package.json "$packages/"
    npm install --silent --no-fund --no-audit --no-package-lock --prefix "$packages"
    cp e2e/pages/package.json "$packages/installed"
fi

release datasets
serve "$release"
datasets=$url
release examples
serve "$release"
examples=$url
# Two versions: the first one lacks the last text.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org
export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
node e2e/pages/odd.mjs "$work/odd/odd"
git init --quiet "$work/odd"
cp "$work/odd/odd/texts.csv" "$work/texts.csv"
sed -i '$d; s/100%/90%/' "$work/odd/odd/texts.csv"
for date in 2025-01-01T12:00:00Z 2025-02-01T12:00:00Z; do
    git -C "$work/odd" add --all
    GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git -C "$work/odd" commit --quiet --message "$date"
    cp "$work/texts.csv" "$work/odd/odd/texts.csv"
done
release "$work/odd"
serve "$release"
mkdir -p target/pages
node e2e/pages/check.mjs "$packages" "$chromium" "$datasets" "$examples" "$url" target/pages
if [ -n "${PICTURES:-}" ]; then
    mkdir -p "$PICTURES"
    for name in front table row table-dark; do cp "target/pages/$name.png" "$PICTURES/"; done
fi
