#!/bin/sh
# Makes GitHub's rules: a run is in the environment `production`, or `staging`, on main alone, and main takes nothing but what a
# pull request with green checks brings. Run again, it changes what differs.
#
#   .ci/protect.sh
#
# Needs gh, logged in as an administrator of this repository. REVIEWS: how many people must approve a pull request (0).
# STAGING=1: there is a second account, in which a release goes live first. GH_REPO=ORG/REPO: a data repository's rules
# instead, whose one check is that of the workflow that it calls.
set -eu
cd "$(dirname "$0")/.."
repository='repos/{owner}/{repo}'
# GitHub Actions itself, so that nobody else's status will do.
actions=15368
# A check is named after each job on the way to it.
if [ -n "${GH_REPO:-}" ]; then
  checks="{\"context\": \"data / Check / Check the datasets\", \"integration_id\": $actions}"
else
  checks="{\"context\": \"CI\", \"integration_id\": $actions}, {\"context\": \"Check the datasets\", \"integration_id\": $actions}"
fi
ruleset_name='Coldpress: main'

error=$(mktemp)
trap 'rm -f "$error"' EXIT

# Whom it asks first and how long it waits stays as somebody set it: a PUT without them would take them away.
kept='{
  wait_timer: ([.protection_rules[]? | select(.type == "wait_timer") | .wait_timer][0] // 0),
  prevent_self_review: ([.protection_rules[]? | select(.type == "required_reviewers") | .prevent_self_review][0] // false),
  reviewers: [.protection_rules[]? | select(.type == "required_reviewers") | .reviewers[] | {type, id: .reviewer.id}],
  deployment_branch_policy: {protected_branches: false, custom_branch_policies: true}
}'
for place in production ${STAGING:+staging}; do
  environment=$repository/environments/$place
  policies=$environment/deployment-branch-policies
  if settings=$(gh api "$environment" --jq "$kept" 2> "$error"); then
    :
  elif grep -q 'HTTP 404' "$error"; then
    settings='{"deployment_branch_policy": {"protected_branches": false, "custom_branch_policies": true}}'
  else
    cat "$error" >&2
    exit 1
  fi
  printf '%s\n' "$settings" | gh api --method PUT "$environment" --input - --silent

  main=
  others=$(gh api "$policies" --jq '.branch_policies[] | "\(.id) \(.type // "branch") \(.name)"')
  while read -r id kind name; do
    case "$kind $name" in
      " ") ;;
      "branch main") main=yes ;;
      *)
        gh api --method DELETE "$policies/$id" --silent
        echo "$place: no longer for $kind $name"
        ;;
    esac
  done <<END
$others
END
  [ -n "$main" ] || printf '{"name": "main", "type": "branch"}\n' | gh api --method POST "$policies" --input - --silent
  echo "$place: for main alone"
done

ruleset=$(gh api "$repository/rulesets?includes_parents=false" --jq ".[] | select(.name == \"$ruleset_name\") | .id") || {
  echo "error: main is not protected: GitHub has no rulesets for this repository" >&2
  echo "  help: make it public, or have it on a paid plan; until then whoever may push to main may release" >&2
  exit 1
}
case $ruleset in
  "") method=POST path=$repository/rulesets ;;
  *) method=PUT path=$repository/rulesets/$ruleset ;;
esac
gh api --method "$method" "$path" --input - --silent <<END
{
  "name": "$ruleset_name",
  "target": "branch",
  "enforcement": "active",
  "conditions": {"ref_name": {"include": ["refs/heads/main"], "exclude": []}},
  "rules": [
    {"type": "deletion"},
    {"type": "non_fast_forward"},
    {"type": "pull_request", "parameters": {
      "required_approving_review_count": ${REVIEWS:-0},
      "dismiss_stale_reviews_on_push": true,
      "require_code_owner_review": false,
      "require_last_push_approval": false,
      "required_review_thread_resolution": false
    }},
    {"type": "required_status_checks", "parameters": {
      "strict_required_status_checks_policy": false,
      "required_status_checks": [$checks]
    }}
  ]
}
END
echo "main: by pull requests with green checks, neither deleted nor rewritten"
