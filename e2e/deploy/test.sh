#!/bin/sh
# The story of a shop's releases: Terraform and builder as they are, moto as AWS, the test double as Lambda;
# then the workflows, run by act (from PyPI; without it they are skipped, and that is said).
#
#   e2e/deploy/test.sh [pytest's arguments]
#
# Needs terraform (without it, it says so and ends well), COLDPRESS_BUILDER, COLDPRESS_PUBLISHER,
# COLDPRESS_DOUBLE, COLDPRESS_BOOTSTRAP, python3 and PyPI; make e2e sets them.
set -eu
cd "$(dirname "$0")/../.."
. e2e/memory.sh
if ! command -v terraform > /dev/null; then
  echo "skipped: terraform is not on the PATH, so no release was made"
  exit 0
fi
e2e/tools.sh
e2e/tools.sh authorization
TF_CLI_CONFIG_FILE=$(e2e/aws-provider/install.sh target/tools/aws-provider)
export TF_CLI_CONFIG_FILE TF_IN_AUTOMATION=1
if e2e/tools.sh act; then
  COLDPRESS_ACT=$PWD/target/tools/act/bin/act
  export COLDPRESS_ACT
else
  echo "skipped: act is not to be had, so no workflow was run"
fi
tests() { target/tools/python/bin/python -B -m pytest -q -rs --tb=short -p no:cacheprovider -p no:logging --rootdir e2e/deploy "$@"; }
if [ $# -gt 0 ]; then
  tests "$@"
  exit
fi
# In two processes: each mostly waits for one program at a time, and there are two cores.
own=$(mktemp)
trap 'rm -f "$own"' EXIT
tests --world own e2e/deploy > "$own" 2>&1 &
process=$!
trap 'kill "$process" 2> /dev/null; rm -f "$own"' INT TERM
failed=0
tests --world shared e2e/deploy || failed=$?
wait "$process" || failed=$?
cat "$own"
exit "$failed"
