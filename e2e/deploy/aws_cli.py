"""`aws SERVICE OPERATION --NAME VALUE... --query QUERY --output text`, as far as docs/deploy.md's commands that are tried need it.

Arguments and answers are botocore's own, and so is the language of `--query`.
"""

import sys

import boto3
import jmespath
from botocore import xform_name


def main(service, operation, *options):
    asked = dict(zip((name.removeprefix("--") for name in options[::2]), options[1::2], strict=True))
    assert asked.pop("output") == "text"
    client = boto3.client(service, region_name=asked.pop("region"))
    query = asked.pop("query")
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation.replace("-", "_")])
    names = {xform_name(name, "-"): name for name in model.input_shape.members}
    answer = getattr(client, operation.replace("-", "_"))(**{names[name]: value for name, value in asked.items()})
    found = jmespath.search(query, answer)
    print(*(found if isinstance(found, list) else [found]), sep="\t")


main(*sys.argv[1:])
