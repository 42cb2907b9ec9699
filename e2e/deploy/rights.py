"""Which rights the requests to AWS take, and whether a role's policies give them.

A request becomes actions on resources, as AWS's Service Authorization Reference has them. Where a request of Terraform's
says its resource in a form that is not read here (CloudWatch, SNS, logs), the resource is None: any that the action is given for will do.
Deliberately absent: conditions (the one on iam:PassRole is kept by what asks for it here) and denials.
"""

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.loaders import Loader

ACCOUNT = "123456789012"
S3 = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "PutObject", "DELETE": "DeleteObject"}


def lambda_operations():
    """(method, path) of each of Lambda's operations, as patterns, and its name."""
    operations = Loader().load_service_model("lambda", "service-2")["operations"]
    for name, operation in operations.items():
        path = urlsplit(operation["http"]["requestUri"]).path.rstrip("/")
        pattern = re.sub(r"\\\{\w+\\?\+?\\\}", "([^/]+)", re.escape(path))
        yield operation["http"]["method"], re.compile(pattern), name


LAMBDA = list(lambda_operations())
# Operations that IAM calls otherwise; and one that only the stand-in asks, where the real provider asks the other.
ACTIONS = {"Invoke": "InvokeFunction", "ListTagsLogGroup": "ListTagsForResource"}


class Call:
    """A request: who asked for what, where, and the status that was answered."""

    def __init__(self, request, scope, body):
        self.who, self.region, self.service = scope
        self.agent, self.status = request.headers.get("user-agent") or "", None
        self.line = f"{request.command} {request.path}"
        url = urlsplit(request.path)
        self.method, self.path, self.query = request.command, unquote(url.path), parse_qs(url.query, keep_blank_values=True)
        # What is large is a package or a part of one, and says nothing here.
        self.target, self.body = request.headers.get("x-amz-target"), body if len(body) < 100_000 else b""

    @property
    def by_builder(self):
        return "aws-sdk-rust" in self.agent

    def rights(self):
        """(action, resource) of each right that it takes."""
        known = {"s3": self.s3, "lambda": self.lambda_, "apigateway": self.apigateway, "sts": lambda: []}
        return list(known.get(self.service, self.other)())

    def s3(self):
        bucket, _, key = self.path.lstrip("/").partition("/")
        bucket = f"arn:aws:s3:::{bucket}"
        if not key:
            assert self.method in ("GET", "HEAD") and set(self.query) <= LISTING, (self.method, self.path, self.query)
            yield "s3:ListBucket", bucket
            return
        aborts = self.method == "DELETE" and "uploadId" in self.query
        yield "s3:" + ("AbortMultipartUpload" if aborts else S3[self.method]), f"{bucket}/{key}"
        if self.status == 404:
            # Whoever may not list is told 403.
            yield "s3:ListBucket", bucket

    def lambda_(self):
        path = self.path.rstrip("/")
        named = [(pattern.fullmatch(path), name) for method, pattern, name in LAMBDA if method == self.method]
        ((found, name),) = [(found, name) for found, name in named if found]
        resource = unquote(found[1]) if found.groups() else "*"
        if not resource.startswith("arn:"):
            resource = f"arn:aws:lambda:{self.region}:{ACCOUNT}:function:{resource}"
        if qualifier := self.query.get("Qualifier"):
            resource += f":{qualifier[0]}"
        told = json.loads(self.body) if self.body and name != "Invoke" else {}
        if name == "CreateFunction":
            resource = f"arn:aws:lambda:{self.region}:{ACCOUNT}:function:{told['FunctionName']}"
        yield f"lambda:{ACTIONS.get(name, name)}", resource
        if role := told.get("Role"):
            yield "iam:PassRole", role
        code = told.get("Code", told)
        if "S3Bucket" in code:
            yield "s3:GetObject", f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}"

    def apigateway(self):
        yield f"apigateway:{self.method}", f"arn:aws:apigateway:{self.region}::{self.path.removeprefix('/v2')}"

    def other(self):
        """By the operation's name, in a header, the path or the body."""
        service = {"monitoring": "cloudwatch"}.get(self.service, self.service)
        in_path = re.search(r"/operation/(\w+)$", self.path)
        in_body = re.search(rb"(?:^|&)Action=(\w+)", self.body)
        if self.target:
            name = self.target.rpartition(".")[2]
        else:
            name = in_path[1] if in_path else in_body[1].decode()
        yield f"{service}:{ACTIONS.get(name, name)}", None


LISTING = {"list-type", "prefix", "delimiter", "max-keys", "continuation-token", "x-id", "encoding-type"}


def like(pattern, text):
    """IAM's own wildcards."""
    parts = [{"*": ".*", "?": "."}.get(part) or re.escape(part) for part in re.split(r"([*?])", pattern)]
    return re.fullmatch("".join(parts), text) is not None


def listed(value):
    return value if isinstance(value, list) else [value]


def gives(policy, action, resource):
    """Whether a statement of the policy allows it."""
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow", statement
        if any(like(pattern.lower(), action.lower()) for pattern in listed(statement["Action"])):
            if resource is None or any(like(pattern, resource) for pattern in listed(statement["Resource"])):
                return True
    return False


def policies(iam):
    """The policy of each role that workflows take, as bootstrap made it."""
    return {
        role: iam.get_role_policy(RoleName=f"coldpress-{role}", PolicyName=role)["PolicyDocument"]
        for role in ("plan", "publish", "deploy")
    }


def lacking(policy, calls):
    """The rights that the calls take and the policy does not give."""
    taken = {right for call in calls for right in call.rights()}
    return sorted(f"{action} on {resource}" for action, resource in taken if not gives(policy, action, resource))
