#!/bin/sh
# A file as the one comment on a pull request that is ours: the earlier one is brought up to date.
#
#   .ci/comment.sh FILE
#
# Needs gh, GH_TOKEN, GITHUB_REPOSITORY and PULL_REQUEST, its number.
set -eu
marker='<!-- coldpress: diff -->'
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{ echo "$marker"; cat "$1"; } > "$body"

comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
ours=".[] | select(.user.login == \"github-actions[bot]\") | select(.body | startswith(\"$marker\")) | .id"
earlier=$(gh api --paginate "$comments" --jq "$ours")
# The first, should two runs ever have written one each.
earlier=$(printf '%s\n' "$earlier" | head -n 1)
if [ -n "$earlier" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" --field "body=@$body" --silent
  echo "comment $earlier updated"
else
  gh api --method POST "$comments" --field "body=@$body" --silent
  echo "comment written"
fi
