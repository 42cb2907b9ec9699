#!/bin/sh
# What Terraform's files would change: the service, and the function with the release that was applied last. On stdout, and
# in the run's summary.
#
#   .ci/plan.sh
#
# TERRAFORM: the directory of Terraform's roots. PUBLISHER: the program, where it is not on the PATH.
set -eu
roots=${TERRAFORM:-terraform}
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT
{
  terraform -chdir="$roots/service" plan -input=false -no-color -lock=false &&
    "${PUBLISHER:-publisher}" step prepare --current --terraform "$roots" &&
    if [ -e "$roots/release/release.auto.tfvars.json" ]; then
      terraform -chdir="$roots/release" plan -input=false -no-color -lock=false
    else
      echo "nothing was ever released, so there is nothing to plan"
    fi
} > "$plan" || { code=$?; cat "$plan"; exit $code; }
cat "$plan"
{ echo '```text'; cat "$plan"; echo '```'; } >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
