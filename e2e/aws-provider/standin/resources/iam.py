"""aws_iam_role, aws_iam_role_policy, aws_iam_policy and its attachment, aws_iam_openid_connect_provider."""

import json
from urllib.parse import unquote

from ..aws import Refused
from .request import found, given, retag, tags_of

_GONE = "NoSuchEntity"


def _text(document):
    return json.dumps(document) if isinstance(document, dict) else unquote(document)


def _pairs(tags):
    return [{"Key": k, "Value": v} for k, v in (tags or {}).items()]


def _dict(pairs):
    return {p["Key"]: p["Value"] for p in pairs or []}


def _length(text):
    """A policy's length as IAM counts it, without blanks."""
    return len("".join(text.split()))


def _check_document(text, kind):
    """AWS parses a policy when it is put; moto lets some malformed ones pass."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Refused(f"MalformedPolicyDocument: {kind}: {error}") from error
    for statement in document.get("Statement", []):
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise Refused(f"MalformedPolicyDocument: {kind}: Effect must be Allow or Deny")
        if not statement.get("Action") and not statement.get("NotAction"):
            raise Refused(f"MalformedPolicyDocument: {kind}: a statement has no Action")


class Role:
    def create(self, aws, plan):
        _check_document(plan["assume_role_policy"], "assume_role_policy")
        client = aws.client("iam")
        client.create_role(
            RoleName=plan["name"],
            Path=plan["path"],
            AssumeRolePolicyDocument=plan["assume_role_policy"],
            MaxSessionDuration=int(plan["max_session_duration"]),
            Tags=_pairs(plan.get("tags_all")),
            **given(Description=plan.get("description"), PermissionsBoundary=plan.get("permissions_boundary")),
        )
        return {"id": plan["name"]}

    def read(self, aws, state):
        answer = found(aws.client("iam").get_role, _GONE, RoleName=state["id"])
        if answer is None:
            return None
        role = answer["Role"]
        return {
            "arn": role["Arn"],
            "assume_role_policy": _text(role["AssumeRolePolicyDocument"]),
            "create_date": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": role.get("Description", ""),
            "id": role["RoleName"],
            "managed_policy_arns": [],
            "max_session_duration": role["MaxSessionDuration"],
            "name": role["RoleName"],
            "name_prefix": "",
            "path": role["Path"],
            "unique_id": role["RoleId"],
            **tags_of(_dict(role.get("Tags")), state),
        }

    def update(self, aws, prior, plan, changed):
        client, name = aws.client("iam"), plan["name"]
        if "assume_role_policy" in changed:
            _check_document(plan["assume_role_policy"], "assume_role_policy")
            client.update_assume_role_policy(RoleName=name, PolicyDocument=plan["assume_role_policy"])
        if changed & {"description", "max_session_duration"}:
            client.update_role(
                RoleName=name,
                Description=plan.get("description") or "",
                MaxSessionDuration=int(plan["max_session_duration"]),
            )
        if "tags_all" in changed:
            retag(
                prior,
                plan,
                lambda tags: client.tag_role(RoleName=name, Tags=_pairs(tags)),
                lambda names: client.untag_role(RoleName=name, TagKeys=names),
            )

    def delete(self, aws, state):
        aws.client("iam").delete_role(RoleName=state["name"])


class RolePolicy:
    def create(self, aws, plan):
        self._put(aws, plan)
        return {"id": f"{plan['role']}:{plan['name']}"}

    def read(self, aws, state):
        role, name = state["id"].split(":", 1)
        answer = found(aws.client("iam").get_role_policy, _GONE, RoleName=role, PolicyName=name)
        if answer is None:
            return None
        return {
            "id": state["id"],
            "name": answer["PolicyName"],
            "name_prefix": "",
            "policy": _text(answer["PolicyDocument"]),
            "role": answer["RoleName"],
        }

    def update(self, aws, prior, plan, changed):
        self._put(aws, plan)

    def delete(self, aws, state):
        aws.client("iam").delete_role_policy(RoleName=state["role"], PolicyName=state["name"])

    @staticmethod
    def _put(aws, plan):
        _check_document(plan["policy"], "policy")
        client, role = aws.client("iam"), plan["role"]
        others = [name for name in client.list_role_policies(RoleName=role)["PolicyNames"] if name != plan["name"]]
        texts = [_text(client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]) for name in others]
        # AWS counts a role's inline policies all together.
        if sum(map(_length, [plan["policy"], *texts])) > 10240:
            raise Refused(f"LimitExceeded: Maximum policy size of 10240 bytes exceeded for role {role}")
        client.put_role_policy(RoleName=role, PolicyName=plan["name"], PolicyDocument=plan["policy"])


class ManagedPolicy:
    def create(self, aws, plan):
        self._check(plan)
        answer = aws.client("iam").create_policy(
            PolicyName=plan["name"],
            Path=plan["path"],
            PolicyDocument=plan["policy"],
            Tags=_pairs(plan.get("tags_all")),
            **given(Description=plan.get("description")),
        )
        return {"id": answer["Policy"]["Arn"]}

    def read(self, aws, state):
        client, arn = aws.client("iam"), state["id"]
        answer = found(client.get_policy, _GONE, PolicyArn=arn)
        if answer is None:
            return None
        policy = answer["Policy"]
        version = client.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
        return {
            "arn": arn,
            "attachment_count": policy["AttachmentCount"],
            "description": policy.get("Description", ""),
            "id": arn,
            "name": policy["PolicyName"],
            "name_prefix": "",
            "path": policy["Path"],
            "policy": _text(version["Document"]),
            "policy_id": policy["PolicyId"],
            **tags_of(_dict(policy.get("Tags")), state),
        }

    def update(self, aws, prior, plan, changed):
        client, arn = aws.client("iam"), plan["id"]
        if "policy" in changed:
            self._check(plan)
            versions = client.list_policy_versions(PolicyArn=arn)["Versions"]
            # AWS keeps five, and the provider makes room for the new one.
            if len(versions) == 5:
                oldest = min((v for v in versions if not v["IsDefaultVersion"]), key=lambda v: v["CreateDate"])
                client.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
            new = client.create_policy_version(PolicyArn=arn, PolicyDocument=plan["policy"])["PolicyVersion"]["VersionId"]
            client.set_default_policy_version(PolicyArn=arn, VersionId=new)
        if "tags_all" in changed:
            retag(
                prior,
                plan,
                lambda tags: client.tag_policy(PolicyArn=arn, Tags=_pairs(tags)),
                lambda names: client.untag_policy(PolicyArn=arn, TagKeys=names),
            )

    def delete(self, aws, state):
        client, arn = aws.client("iam"), state["id"]
        for version in client.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                client.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
        client.delete_policy(PolicyArn=arn)

    @staticmethod
    def _check(plan):
        _check_document(plan["policy"], "policy")
        if _length(plan["policy"]) > 6144:
            raise Refused("LimitExceeded: Cannot exceed quota for PolicySize: 6144")


class RolePolicyAttachment:
    def create(self, aws, plan):
        client = aws.client("iam")
        if len(self._attached(client, plan["role"])) == 10:
            raise Refused("LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10")
        client.attach_role_policy(RoleName=plan["role"], PolicyArn=plan["policy_arn"])
        return {"id": f"{plan['role']}/{plan['policy_arn']}"}

    def read(self, aws, state):
        if state["policy_arn"] not in (found(self._attached, _GONE, client=aws.client("iam"), role=state["role"]) or []):
            return None
        return {"id": state["id"], "policy_arn": state["policy_arn"], "role": state["role"]}

    def update(self, aws, prior, plan, changed):
        raise Refused("no argument of an attachment can be updated")

    def delete(self, aws, state):
        found(aws.client("iam").detach_role_policy, _GONE, RoleName=state["role"], PolicyArn=state["policy_arn"])

    @staticmethod
    def _attached(client, role):
        return [policy["PolicyArn"] for policy in client.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]


class OpenIdConnectProvider:
    def create(self, aws, plan):
        answer = aws.client("iam").create_open_id_connect_provider(
            Url=plan["url"],
            ClientIDList=sorted(plan["client_id_list"]),
            Tags=_pairs(plan.get("tags_all")),
            **given(ThumbprintList=plan.get("thumbprint_list")),
        )
        return {"id": answer["OpenIDConnectProviderArn"]}

    def read(self, aws, state):
        arn = state["id"]
        answer = found(aws.client("iam").get_open_id_connect_provider, _GONE, OpenIDConnectProviderArn=arn)
        if answer is None:
            return None
        return {
            "arn": arn,
            "id": arn,
            "client_id_list": answer["ClientIDList"],
            "thumbprint_list": answer.get("ThumbprintList", []),
            # AWS reports the host alone and the provider puts the scheme before it.
            "url": "https://" + answer["Url"].removeprefix("https://"),
            **tags_of(_dict(answer.get("Tags")), state),
        }

    def update(self, aws, prior, plan, changed):
        client, arn = aws.client("iam"), plan["id"]
        for audience in set(plan["client_id_list"]) - set(prior["client_id_list"]):
            client.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=audience)
        for audience in set(prior["client_id_list"]) - set(plan["client_id_list"]):
            client.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=audience)

    def delete(self, aws, state):
        aws.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=state["id"])


RESOURCES = {
    "aws_iam_openid_connect_provider": OpenIdConnectProvider(),
    "aws_iam_policy": ManagedPolicy(),
    "aws_iam_role": Role(),
    "aws_iam_role_policy": RolePolicy(),
    "aws_iam_role_policy_attachment": RolePolicyAttachment(),
}
