"""Whether a role's policies give a right, as IAM judges it. Deliberately absent: denials, and conditions but StringEquals."""

import re

ROLES = ("plan", "publish", "deploy")


def like(pattern, text):
    """IAM's own wildcards."""
    parts = [{"*": ".*", "?": "."}.get(part) or re.escape(part) for part in re.split(r"([*?])", pattern)]
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def listed(value):
    return value if isinstance(value, list) else [value]


def holds(condition, context):
    """Whether every key of the condition has one of its values."""
    for test, keys in condition.items():
        assert test == "StringEquals", test
        if any(context.get(key) not in listed(values) for key, values in keys.items()):
            return False
    return True


def gives(policy, right):
    """Whether a statement of the policy allows it."""
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow", statement
        if (
            any(like(pattern.lower(), right.action.lower()) for pattern in listed(statement["Action"]))
            and any(like(pattern, right.resource) for pattern in listed(statement["Resource"]))
            and holds(statement.get("Condition", {}), dict(right.context))
        ):
            return True
    return False


def lacking(policy, rights):
    """Those of the rights that the policy does not give, in words."""
    return sorted({str(right) for right in rights if not gives(policy, right)})


def policies(iam):
    """The policy of each role that workflows take, as bootstrap made it: inline and attached ones together."""
    return {role: {"Statement": [s for document in documents(iam, f"coldpress-{role}") for s in document["Statement"]]} for role in ROLES}


def documents(iam, role):
    """All policies of a role."""
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        yield iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
