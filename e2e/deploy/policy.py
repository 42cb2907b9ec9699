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
    """The policy of each role that workflows take, as bootstrap made it."""
    return {role: iam.get_role_policy(RoleName=f"coldpress-{role}", PolicyName=role)["PolicyDocument"] for role in ROLES}
