#!/bin/sh
# Whether a push changed files below any of the directories, as output `changed`. Where nobody knows what was before it (the
# first push, a forced one, a run by hand), they count as changed.
#
#   BEFORE=COMMIT .ci/changed.sh DIRECTORY...
#
# Needs gh, GH_TOKEN, GITHUB_REPOSITORY and GITHUB_SHA. BEFORE: the commit before the push.
set -eu
changed=true
case ${BEFORE:-} in
  *[!0]*)
    # GitHub lists 300 files: with as many, any could be among the others.
    if files=$(gh api "repos/$GITHUB_REPOSITORY/compare/$BEFORE...$GITHUB_SHA" --jq '.files[]? | .filename, .previous_filename // empty') &&
      [ "$(printf '%s\n' "$files" | wc -l)" -lt 300 ]; then
      changed=false
      for directory; do
        if printf '%s\n' "$files" | grep -q "^$directory/"; then changed=true; fi
      done
    fi
    ;;
esac
[ "$changed" = true ] || echo "nothing changed below: $*"
echo "changed=$changed" >> "${GITHUB_OUTPUT:-/dev/stdout}"
