"""The resource types that Coldpress uses, each carried out with boto3.

A resource is a class with `create`, `read`, `update` and `delete`. States and plans are dicts by
argument name; blocks are lists of dicts. `create` returns what names the object (`id` and the like),
`read` everything that AWS reports about it or None where it is gone, `update` gets the names of the
top-level arguments that differ. Where moto accepts what AWS refuses, the resource refuses it (`Refused`).
"""

from . import apigateway, budgets, cdn, iam, lambda_, monitoring, names, s3

RESOURCES = {
    **apigateway.RESOURCES,
    **budgets.RESOURCES,
    **cdn.RESOURCES,
    **iam.RESOURCES,
    **lambda_.RESOURCES,
    **monitoring.RESOURCES,
    **names.RESOURCES,
    **s3.RESOURCES,
}
