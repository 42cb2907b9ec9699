"""What a role asks of S3 and Lambda, held against the policies that bootstrap gave it: moto keeps policies and judges none.

Deliberately absent: other services, whose requests name what they are about in their bodies; conditions.
"""

import re
from fnmatch import fnmatchcase
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT

S3 = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "PutObject", "DELETE": "DeleteObject"}
# By what follows /functions/NAME.
LAMBDA = [
    (r"(GET|DELETE) ", {"GET": "GetFunction", "DELETE": "DeleteFunction"}),
    (r"(GET|PUT) /configuration", {"GET": "GetFunctionConfiguration", "PUT": "UpdateFunctionConfiguration"}),
    (r"(PUT) /code", {"PUT": "UpdateFunctionCode"}),
    (r"(GET|POST) /versions", {"GET": "ListVersionsByFunction", "POST": "PublishVersion"}),
    (r"(GET|POST) /aliases", {"GET": "ListAliases", "POST": "CreateAlias"}),
    (r"(GET|PUT) /aliases/(\w+)", {"GET": "GetAlias", "PUT": "UpdateAlias"}),
    (r"(PUT|DELETE) /concurrency", {"PUT": "PutFunctionConcurrency", "DELETE": "DeleteFunctionConcurrency"}),
    (r"(POST) /invocations", {"POST": "InvokeFunction"}),
    (r"(GET|POST) /policy", {"GET": "GetPolicy", "POST": "AddPermission"}),
    (r"(DELETE) /policy/\w+", {"DELETE": "RemovePermission"}),
]


def asked(region, request):
    """The action and the ARN that a request is about; None where it is another service's."""
    method, path = request.split(" ", 1)
    url = urlsplit(path)
    query = parse_qs(url.query)
    if function := re.fullmatch(r"/[\d-]+/functions/([\w-]+)(.*)", url.path):
        name, rest = function.groups()
        for pattern, actions in LAMBDA:
            if found := re.fullmatch(pattern, f"{method} {rest}"):
                # A function's aliases are asked for by the function's own ARN.
                qualifier = "".join(f":{value}" for value in query.get("Qualifier", []))
                return f"lambda:{actions[found[1]]}", f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}{qualifier}"
        raise AssertionError(f"{request} is unknown here")
    if bucket := re.fullmatch(r"/(\w+-(?:artifacts|state)-[\w-]+)(?:/(.+))?", unquote(url.path)):
        if bucket[2] is None:
            return "s3:ListBucket", f"arn:aws:s3:::{bucket[1]}"
        return f"s3:{S3[method]}", f"arn:aws:s3:::{bucket[1]}/{bucket[2]}"
    return None


class Rights:
    """The roles' policies, as they are in IAM."""

    def __init__(self, iam):
        self.iam, self.statements = iam, {}

    def of(self, role):
        if role not in self.statements:
            self.statements[role] = list(self.read(role))
        return self.statements[role]

    def read(self, role):
        iam = self.iam
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            yield from iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
        for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            policy = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]
            version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
            yield from version["PolicyVersion"]["Document"]["Statement"]

    def missing(self, role, region, request):
        """What the request needs and the role is not allowed, "role: action on ARN"; None where it is, or is not judged here."""
        needed = asked(region, request)
        if needed and role is None:
            return f"nobody: {needed[0]} on {needed[1]}"
        if needed is None or any(allows(statement, *needed) for statement in self.of(role)):
            return None
        return f"{role}: {needed[0]} on {needed[1]}"


def allows(statement, action, resource):
    assert statement["Effect"] == "Allow", statement
    named = [statement[name] if isinstance(statement[name], list) else [statement[name]] for name in ("Action", "Resource")]
    return all(any(fnmatchcase(what, one) for one in of) for what, of in zip((action, resource), named))
