#!/bin/sh
# Everything that can be said of the Terraform files without an account: format, validity, plans,
# and a real apply against moto on 127.0.0.1 through a stand-in for the AWS provider.
#
#   terraform/test.sh            all of it
#   terraform/test.sh checkov    checkov's findings, each of which must be listed with its reason, instead
#
# Needs terraform (1.11 or newer; without it, it says so and ends well), python3 and PyPI.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

if [ "${1:-}" = checkov ]; then
  e2e/tools.sh checkov
  exec target/tools/checkov/bin/python e2e/checkov.py
fi
[ $# -eq 0 ] || { echo "usage: terraform/test.sh [checkov]" >&2; exit 2; }

if ! command -v terraform > /dev/null; then
  echo "skipped: terraform is not on the PATH, so nothing under terraform/ was tried"
  exit 0
fi

# Whatever this shell knows of a real account stays out of it.
unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_REGION AWS_DEFAULT_REGION
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

e2e/tools.sh
e2e/tools.sh parliament
TF_CLI_CONFIG_FILE=$(e2e/aws-provider/install.sh target/tools/aws-provider)
export TF_CLI_CONFIG_FILE TF_IN_AUTOMATION=1

echo "== terraform fmt -check"
terraform fmt -check -diff -recursive terraform

# Terraform writes beside what it reads; a copy keeps the checkout clean, without anybody's lock file.
scratch=$(mktemp -d)
provider=
trap '[ -z "$provider" ] || kill "$provider"; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
cp -R terraform "$scratch/terraform"
find "$scratch/terraform" \( -name .terraform -o -name '.terraform.lock.hcl' -o -name '*.tfstate*' -o -name '*.tfvars' -o -name '*.tfvars.json' \) -prune -exec rm -rf {} +

for directory in terraform/bootstrap terraform/service terraform/release; do
  echo "== terraform validate ($directory)"
  (cd "$scratch/$directory" && terraform init -backend=false -input=false -no-color > init.log || { cat init.log; exit 1; })
  (cd "$scratch/$directory" && terraform validate -no-color)
done

# Terraform starts a provider anew for each of the many runs; one that stays takes a third of the time.
"$(find "$PWD/target/tools/aws-provider/mirror" -name 'terraform-provider-aws_*')" --dev > "$scratch/provider.log" &
provider=$!
tries=0
until grep -qs TF_REATTACH_PROVIDERS "$scratch/provider.log"; do
  tries=$((tries + 1))
  [ $tries -lt 600 ] || { echo "error: the stand-in does not start" >&2; cat "$scratch/provider.log" >&2; exit 1; }
  sleep 0.1
done
reattach=$(sed -n "s/.*TF_REATTACH_PROVIDERS='\(.*\)'.*/\1/p" "$scratch/provider.log")

for root in modules/bootstrap modules/service modules/release; do
  echo "== terraform test ($root)"
  # Tests run modules of their own, which init must have seen.
  (cd "$scratch/terraform/$root" && terraform init -backend=false -input=false -no-color > init.log || { cat init.log; exit 1; })
  (cd "$scratch/terraform/$root" && TF_REATTACH_PROVIDERS=$reattach terraform test -no-color)
done

echo "== the stand-in's own tests, and an apply of bootstrap, service and release"
target/tools/python/bin/python -B -m pytest -q -p no:cacheprovider e2e/aws-provider/tests
