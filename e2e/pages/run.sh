#!/bin/sh
# The pages of datasets/ in a real Chromium: axe-core finds nothing, html-validate finds nothing, a table page is small.
#
# The packages are installed by name from npm into target/tools/pages. Needs node, npm and Debian's package
# chromium (CHROMIUM names another program). Pictures go to target/pages; PICTURES=DIR has four of them copied there.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh

chromium=${CHROMIUM:-$(command -v chromium || true)}
[ -n "$chromium" ] || { echo "pages: install chromium, or name one with CHROMIUM=PATH" >&2; exit 2; }
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
mkdir -p target/pages
node e2e/pages/check.mjs "$packages" "$chromium" "$datasets" "$url" target/pages
if [ -n "${PICTURES:-}" ]; then
    mkdir -p "$PICTURES"
    for name in front table row table-dark; do cp "target/pages/$name.png" "$PICTURES/"; done
fi
