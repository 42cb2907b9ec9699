"""`python -m standin`: what Terraform starts as `terraform-provider-aws`."""

import os
import signal
import sys
from pathlib import Path

import tf.provider
import tf.runner

from .schema import load
from .servicer import Servicer


class _Name:
    """The one thing `run_provider` asks of a provider (for its --dev banner)."""

    def full_name(self):
        return "registry.terraform.io/hashicorp/aws"


def main():
    schema_file = os.environ.get("COLDPRESS_AWS_SCHEMA")
    if not schema_file:
        sys.exit("error: COLDPRESS_AWS_SCHEMA must name the provider's schema (e2e/aws-provider/install.sh sets it)")
    schema = load(Path(schema_file))
    # `tf` builds its servicer from classes that know simple attributes only; ours serves any schema.
    tf.provider.ProviderServicer = lambda _provider: Servicer(schema)
    # Its certificate is kept beside our own things, not in the home directory.
    cache = Path(os.environ.get("COLDPRESS_STANDIN_CACHE", Path(__file__).parent.parent))
    tf.runner._get_cert_cache_path = lambda: cache / "ssl_cert.json"
    if "--dev" not in sys.argv:
        # As HashiCorp's own: a terminal's Ctrl-C is for Terraform, which ends its providers when it has stopped.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    tf.runner.run_provider(_Name(), sys.argv)


main()
