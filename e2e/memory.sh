# For tests whose checkouts come and go by the thousand files: to be sourced. Unless TMPDIR is set, it is in memory where there is
# room (2 GB) and programs may run from it; else it is /tmp. It has no blanks.

case ${TMPDIR:-} in
  '' | *' '*) TMPDIR= ;;
esac
if [ -z "$TMPDIR" ] && [ "$(df -Pk /dev/shm 2> /dev/null | awk 'NR == 2 { print $4 }')" -gt 2000000 ] 2> /dev/null; then
  probe=$(mktemp /dev/shm/probe.XXXXXX)
  printf '#!/bin/sh\n' > "$probe"
  chmod +x "$probe"
  if "$probe" 2> /dev/null; then TMPDIR=/dev/shm; fi
  rm -f "$probe"
fi
export TMPDIR="${TMPDIR:-/tmp}"
