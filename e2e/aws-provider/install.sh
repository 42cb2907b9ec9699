#!/bin/sh
# Puts the stand-in where Terraform looks for hashicorp/aws: writes DIR/terraform.rc (for
# TF_CLI_CONFIG_FILE) and the mirror that it names. Needs ../tools.sh's Python.
#
#   install.sh DIR      e.g. e2e/aws-provider/install.sh target/tools/aws-provider
set -eu

[ $# -eq 1 ] || { echo "usage: install.sh DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
# Of two targets that start together one writes these files, and the other waits.
if command -v flock > /dev/null; then
  exec 9> "$dir/lock"
  flock 9
fi
version=6.47.0

# The schema: a given one, the one that may be beside the repository, or the npm package's, which also completes them.
schema=${COLDPRESS_AWS_SCHEMA:-}
shared=${COLDPRESS_SHARED:-$root/../shared}
if [ -z "$schema" ] && [ -f "$shared/terraform/aws-provider-schema.json" ]; then
  schema=$shared/terraform/aws-provider-schema.json
fi
made=schema
[ -z "$schema" ] || made=completed
schema=$("$root/target/tools/python/bin/python" -B "$here/schema_from_npm.py" "$dir/$made.json" ${schema:+"$schema"})
schema=$(cd "$(dirname "$schema")" && pwd)/$(basename "$schema")

case "$(uname -m)" in
  x86_64) platform=linux_amd64 ;;
  aarch64) platform=linux_arm64 ;;
  *) echo "error: no Terraform platform is known for $(uname -m)" >&2; exit 2 ;;
esac
plugin=$dir/mirror/registry.terraform.io/hashicorp/aws/$version/$platform
mkdir -p "$plugin"

# Single quotes hold a path with blanks; a path with a single quote is refused rather than misread.
case "$here$root$dir$schema" in *\'*) echo "error: a path with ' in it: $dir" >&2; exit 2 ;; esac
cat > "$plugin/terraform-provider-aws_v$version" <<END
#!/bin/sh
export COLDPRESS_AWS_SCHEMA='$schema' COLDPRESS_STANDIN_CACHE='$dir'
export PYTHONPATH='$here' PYTHONPYCACHEPREFIX='$dir/pycache'
exec '$root/target/tools/python/bin/python' -u -m standin "\$@"
END
chmod +x "$plugin/terraform-provider-aws_v$version"

cat > "$dir/terraform.rc" <<END
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$dir/mirror"
  }
}
END
echo "$dir/terraform.rc"
