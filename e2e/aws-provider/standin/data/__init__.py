"""The data sources that Coldpress uses."""

from ..aws import PARTITION
from . import policy_document


def read(type_name, aws, config):
    """The state of one data source."""
    if type_name not in _SOURCES:
        raise NotImplementedError(f"this stand-in does not read this source; it reads: {', '.join(sorted(_SOURCES))}")
    return {**config, **_SOURCES[type_name](aws, config)}


def _caller_identity(aws, _config):
    identity = aws.client("sts").get_caller_identity()
    account = identity["Account"]
    return {"account_id": account, "arn": identity["Arn"], "user_id": identity["UserId"], "id": account}


def _region(aws, config):
    region = config.get("region") or aws.region
    return {
        "region": region,
        "id": region,
        "name": region,
        "description": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
    }


def _partition(_aws, _config):
    return {
        "partition": PARTITION,
        "id": PARTITION,
        "dns_suffix": "amazonaws.com",
        "reverse_dns_prefix": "com.amazonaws",
    }


_SOURCES = {
    "aws_caller_identity": _caller_identity,
    "aws_iam_policy_document": policy_document.read,
    "aws_partition": _partition,
    "aws_region": _region,
}
