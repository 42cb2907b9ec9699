"""Which rights a request to AWS takes: actions on resources, in the forms that authorization.csv gives them."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from authorization import TABLE

# Operations that IAM calls otherwise. An operation that is not here is the action of its name.
ACTIONS = {
    ("lambda", "Invoke"): "lambda:InvokeFunction",
    ("cloudfront", "CreateDistributionWithTags"): "cloudfront:CreateDistribution",
    ("s3", "CompleteMultipartUpload"): "s3:PutObject",
    ("s3", "CreateMultipartUpload"): "s3:PutObject",
    ("s3", "HeadBucket"): "s3:ListBucket",
    ("s3", "HeadObject"): "s3:GetObject",
    ("s3", "ListObjects"): "s3:ListBucket",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "UploadPart"): "s3:PutObject",
}
# What the stand-in keeps as parameters, since moto lacks it: cache policies, and what is published of a function.
KEPT = {
    ("cache-policy", "DeleteParameter"): "cloudfront:DeleteCachePolicy",
    ("cache-policy", "GetParameter"): "cloudfront:GetCachePolicy",
    ("cache-policy", "PutParameter"): "cloudfront:CreateCachePolicy",
    ("function", "DeleteParameter"): "cloudfront:DeleteFunction",
    ("function", "GetParameter"): "cloudfront:DescribeFunction",
    ("function", "PutParameter"): "cloudfront:PublishFunction",
}
# What the stand-in alone asks for, to be as strict as AWS; and what needs no right.
FREE = {("ssm", "GetParametersByPath"), ("sts", "GetCallerIdentity")}
# What tagging a new object takes beside making it.
TAGGING = {"acm": "acm:AddTagsToCertificate", "apigatewayv2": "apigateway:TagResource", "cloudfront": "cloudfront:TagResource"}
LAMBDA = re.compile(r"(?:arn:aws:lambda:[^:]*:[^:]*:function:)?([^:]+)(?::(.+))?")


class Right(NamedTuple):
    """`context` is what a condition may ask about, as sorted pairs."""

    action: str
    resource: str
    context: tuple = ()

    def __str__(self):
        return f"{self.action} on {self.resource}"


def of(calls):
    """The rights that all these calls take."""
    return {right for call in calls for right in taken(call)}


def taken(call):
    """The rights that a call takes."""
    operation, arguments = call.asked
    if (call.service, operation) in FREE:
        return
    if call.service == "apigatewayv2":
        # Its actions are HTTP's methods, its resources are paths; `tags` has an ARN in it, which stays encoded.
        resource = f"arn:aws:apigateway:{call.region}::{urlsplit(call.raw).path.removeprefix('/v2')}"
        yield right(call, f"apigateway:{call.method}", resource)
        if operation.startswith("Create") and arguments.get("Tags"):
            yield right(call, TAGGING[call.service], resource)
        return
    action = ACTIONS.get((call.service, operation), f"{call.service}:{operation}")
    if call.service == "ssm":
        action = KEPT[arguments["Name"].split("/")[-2], operation]
    names = named(call, arguments)
    yield right(call, action, filled(action, names))
    yield from beside(call, operation, arguments, names)


def beside(call, operation, arguments, names):
    """What a call takes beside the action of its name."""
    if role := arguments.get("Role"):
        yield right(call, "iam:PassRole", role, **{"iam:PassedToService": "lambda.amazonaws.com"})
    code = arguments.get("Code", arguments)
    if call.service == "lambda" and "S3Bucket" in code:
        yield right(call, "s3:GetObject", f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}")
    if call.headers.get("x-amz-tagging"):
        yield right(call, "s3:PutObjectTagging", filled("s3:PutObjectTagging", names))
    if call.service == "s3" and call.status == 404 and "ObjectName" in names:
        # Whoever may not list is told 403.
        yield right(call, "s3:ListBucket", f"arn:aws:s3:::{names['BucketName']}")
    if arguments.get("Tags") or arguments.get("tags") or operation.endswith("WithTags"):
        action = TAGGING.get(call.service, f"{call.service}:TagResource")
        if not operation.startswith(("Tag", "AddTags")):
            new = {"CertificateId": "*", "DistributionId": "*"}
            yield right(call, action, filled(action, {**new, **names}))


def right(call, action, resource, **context):
    """Checks that the table knows it: no request is judged by what we believe."""
    rows = TABLE.get(action, [])
    assert any(row.resource == resource or row.matches(resource) for row in rows), f"authorization.csv has no {action} on {resource}"
    return Right(action, resource, tuple(sorted({"aws:RequestedRegion": call.region, **context}.items())))


def filled(action, names):
    """The resource of the row that these names fill, of several the one that takes most of them."""
    resources = [(len(row.names), resource) for row in TABLE.get(action, []) if (resource := row.fill(names))]
    assert resources, f"authorization.csv has no {action} with {sorted(names)}"
    return max(resources)[1]


def named(call, told):
    """What the call names, by the table's placeholders."""
    names = {"Partition": "aws", "Region": call.region, "Account": call.account}
    arn = next((told[key] for key in ARNS if told.get(key)), "")
    match call.service:
        case "lambda":
            function, qualifier = LAMBDA.fullmatch(told.get("FunctionName") or arn).groups()
            names |= {"FunctionName": function, "Qualifier": told.get("Qualifier") or qualifier}
        case "logs":
            names["LogGroupName"] = told.get("logGroupName") or re.sub(r".*:log-group:|:\*$", "", arn)
            names["LogStreamName"] = told.get("logStreamName")
        case "cloudwatch":
            names["AlarmName"] = only(told.get("AlarmNames")) or told.get("AlarmName") or arn.rpartition(":alarm:")[2]
            names["DashboardName"] = only(told.get("DashboardNames")) or told.get("DashboardName")
        case "sns":
            names["TopicName"] = told.get("Name") or arn.split(":")[5]
        case "acm":
            names["CertificateId"] = arn.rpartition("/")[2]
        case "route53":
            names["Id"] = told.get("HostedZoneId") or told.get("Id")
        case "cloudfront":
            names["DistributionId"] = told.get("DistributionId") or told.get("Id") or arn.rpartition("/")[2]
            names["Name"] = told.get("Name")
        case "ssm":
            names["Id"] = names["Name"] = told["Name"].rpartition("/")[2]
        case "s3":
            names |= {"BucketName": told["Bucket"], "ObjectName": told.get("Key")}
    return {name: value for name, value in names.items() if value}


ARNS = ["Resource", "ResourceArn", "ResourceARN", "resourceArn", "TopicArn", "SubscriptionArn", "CertificateArn"]


def only(values):
    """The one value of a list that holds one."""
    assert not values or len(values) == 1, values
    return values[0] if values else None
