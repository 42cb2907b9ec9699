#!/bin/sh
# zizmor and actionlint over .github and action.yml, neither of which may find anything, and the tests of what the
# workflows call.
set -eu
cd "$(dirname "$0")/.."

e2e/tools.sh zizmor
target/tools/zizmor/bin/zizmor --offline --quiet --pedantic .github action.yml

e2e/tools.sh
target/tools/python/bin/python -B -m pytest -q --tb=short -p no:cacheprovider --rootdir e2e/workflows e2e/workflows

version=v1.7.12
actionlint=target/tools/actionlint-$version/actionlint
if [ ! -x "$actionlint" ]; then
  if ! command -v go > /dev/null; then
    echo "skipped: go is not on the PATH, so actionlint did not look at the workflows"
    exit 0
  fi
  GOBIN="$PWD/$(dirname "$actionlint")" go install "github.com/rhysd/actionlint/cmd/actionlint@$version"
fi
# Newer than this version of actionlint: queues (May 2026), and where a workflow itself comes from (April 2026).
"$actionlint" -ignore 'unexpected key "queue" for "concurrency" section' \
  -ignore 'property "workflow_(repository|sha)" is not defined in object type'
