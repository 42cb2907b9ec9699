#!/bin/sh
# Whether the datasets are fit to follow what is live.
#
#   .ci/gate.sh [DATASETS]
#
# ALLOW_SHRINK: tables that may lose a large part of their rows, separated by spaces. TERRAFORM: the directory of Terraform's
# roots. BUILDER and PUBLISHER: the programs, where they are not on the PATH.
set -euf
live=target/live
rm -rf "$live"
"${PUBLISHER:-publisher}" pull live --if-any --terraform "${TERRAFORM:-terraform}" -o "$live"
if [ -d "$live" ]; then
  set -- "${1:-datasets}" --against "$live"
  for table in ${ALLOW_SHRINK:-}; do set -- "$@" --allow-shrink "$table"; done
  exec "${BUILDER:-builder}" check "$@"
fi
echo "there is nothing to compare with"
