"""AWS as the stand-in reaches it: boto3 clients for an endpoint on the loopback, and nowhere else."""

import os
from functools import cached_property
from threading import Lock
from urllib.parse import urlsplit

PARTITION = "aws"

# By service, region, endpoint and style. Terraform configures a long-running provider anew for each
# command, asks for several resources at once, and making a client is not safe in two threads.
_CLIENTS = {}
_CLIENTS_LOCK = Lock()


class Refused(Exception):
    """What AWS would refuse and moto accepts: the text starts with AWS's error code."""


def error_code(error):
    """AWS's code of a boto3 error ("NoSuchBucket", "404"); None for any other exception."""
    response = getattr(error, "response", None)
    return response["Error"]["Code"] if isinstance(response, dict) and "Error" in response else None


class Aws:
    """The provider's configuration, and a client per service and region."""

    def __init__(self, config):
        config = config or {}
        self.region = config.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        tags = [block.get("tags") or {} for block in config.get("default_tags") or []]
        self.default_tags = tags[0] if tags else {}
        self._path_style = bool(config.get("s3_use_path_style"))
        self._endpoints = {}
        for block in config.get("endpoints") or []:
            self._endpoints.update({service: url for service, url in block.items() if url})

    def problem(self):
        """Why this configuration can't be used, or None."""
        if not self.region:
            return "the provider needs a region (argument `region` or AWS_REGION)"
        for url in [os.environ.get("AWS_ENDPOINT_URL"), *self._endpoints.values()]:
            if url and urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
                return f'"{url}" is not on this machine; the stand-in speaks to 127.0.0.1 alone'
        return None

    def client(self, service, region=None):
        """A boto3 client; `region` is the resource's own."""
        region = region or self.region
        url = self._endpoints.get(service) or os.environ.get("AWS_ENDPOINT_URL")
        if not url:
            raise Refused(
                f"NoEndpoint: the stand-in was asked for {service} and has no endpoint: "
                "set AWS_ENDPOINT_URL to moto's address on 127.0.0.1"
            )
        key = (service, region, url, self._path_style)
        with _CLIENTS_LOCK:
            if key not in _CLIENTS:
                _CLIENTS[key] = _new_client(*key)
            return _CLIENTS[key]

    @cached_property
    def account(self):
        """The account's number."""
        return self.client("sts").get_caller_identity()["Account"]


def _new_client(service, region, url, path_style):
    # Imported where it is needed: Terraform starts a provider many times and mostly asks for the schema.
    import boto3
    from botocore.config import Config

    style = {"addressing_style": "path"} if path_style else {}
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "stand-in"),
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "stand-in"),
        config=Config(s3=style, retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=60),
    )
