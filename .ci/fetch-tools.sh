#!/bin/sh
# The tools of the release that went live last, as .ci/keep-tools.sh left them: nothing is compiled, and nothing is taken
# from main that no release tried. GitHub keeps them for 90 days; without them, `found` is false, and Terraform's files are
# the checkout's own.
#
#   .ci/fetch-tools.sh DIRECTORY
#
# Needs gh, GH_TOKEN and GITHUB_REPOSITORY.
set -eu
# A pull request's run could have an artifact of that name too.
kept='[.artifacts[] | select((.expired | not) and .workflow_run.head_branch == "main"
  and .workflow_run.head_repository_id == .workflow_run.repository_id) | .workflow_run.id][0] // empty'
run=$(gh api "repos/$GITHUB_REPOSITORY/actions/artifacts?name=tools&per_page=100" --jq "$kept")
if [ -n "$run" ]; then
  mkdir -p "$1"
  gh run download "$run" --repo "$GITHUB_REPOSITORY" --name tools --dir "$1"
  tar -xf "$1/tools.tar" -C "$1"
  echo "the tools of the release of run $run"
  (cd "$1" && echo "$PWD/bin") >> "${GITHUB_PATH:-/dev/stdout}"
  found=true terraform=$1/terraform
else
  echo "::notice::no release left its tools in the last 90 days: those of this commit are used"
  found=false terraform=terraform
fi
printf '%s\n' "found=$found" "terraform=$terraform" >> "${GITHUB_OUTPUT:-/dev/stdout}"
