#!/bin/sh
# Waits until CI is green for this commit: what goes live was tried. Ends with 1 where CI is red, or does not know the commit.
#
# Needs gh, GH_TOKEN, GITHUB_REPOSITORY and GITHUB_SHA. PAUSE: seconds between two questions. How long it may wait is its job's to say.
set -eu
pause=${PAUSE:-30}
# A push's runs only: a pull request's are of the commit that would have merged it.
runs="repos/$GITHUB_REPOSITORY/actions/workflows/ci.yml/runs?head_sha=$GITHUB_SHA&event=push&per_page=1"
newest='.workflow_runs[0] // empty | "\(.status) \(.conclusion) \(.html_url)"'

unknown=0
while :; do
  found=$(gh api "$runs" --jq "$newest")
  case $found in
    "completed success "*)
      echo "CI is green: ${found##* }"
      exit 0
      ;;
    "completed "*)
      found=${found#completed }
      echo "::error::CI ended with ${found%% *} for this commit: ${found##* }. Run it again there, then this job"
      exit 1
      ;;
    "")
      # GitHub starts it within seconds of the push.
      unknown=$((unknown + 1))
      [ "$unknown" -lt 20 ] || {
        echo "::error::CI has no run for commit $GITHUB_SHA: release a commit that was pushed to main without [skip ci]"
        exit 1
      }
      ;;
    *) unknown=0 ;;
  esac
  sleep "$pause"
done
