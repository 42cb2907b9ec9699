"""aws_iam_role, aws_iam_role_policy, aws_iam_openid_connect_provider."""

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
        # AWS counts a role's inline policies without blanks, all together.
        if len("".join(plan["policy"].split())) > 10240:
            raise Refused("LimitExceeded: Maximum policy size of 10240 bytes exceeded for role")
        aws.client("iam").put_role_policy(
            RoleName=plan["role"], PolicyName=plan["name"], PolicyDocument=plan["policy"]
        )


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
    "aws_iam_role": Role(),
    "aws_iam_role_policy": RolePolicy(),
}
