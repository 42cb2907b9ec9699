#!/bin/sh
# Applies the service (API, logs, alarms, domain, CDN), and compares what is served.
#
#   .ci/settings.sh
#
# TERRAFORM: the directory of Terraform's roots. PUBLISHER: the program, where it is not on the PATH.
set -eu
roots=${TERRAFORM:-terraform}
terraform -chdir="$roots/service" apply -input=false -no-color -auto-approve -lock-timeout=30s
exec "${PUBLISHER:-publisher}" reconcile --terraform "$roots"
