"""`publisher preflight` against moto, and answers for what moto lacks: Lambda's quotas, and IAM's simulation."""

import json
import re
from urllib.parse import parse_qs

import boto3
import pytest
from builder import Builder
from proxy import Proxy

ACCOUNT = "123456789012"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
ROLE = "AWSServiceRoleForAPIGateway"
RAISE = "aws service-quotas request-service-quota-increase --region {} --service-code lambda --quota-code L-B99A9384 --desired-value 1000"
RESULT = "<member><EvalActionName>{}</EvalActionName><EvalDecision>{}</EvalDecision></member>"
SIMULATED = """<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult>
<IsTruncated>false</IsTruncated><EvaluationResults>{}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"""


class Account(Proxy):
    """An account with these quotas (by region: all and unreserved executions), whose caller lacks these rights."""

    def __init__(self, upstream):
        self.executions, self.denied = {}, set()
        super().__init__(upstream)

    def forward(self, request, body):
        if request.path == "/2016-08-19/account-settings":
            region = re.search(r"Credential=[^/]+/[0-9]+/([^/]+)/", request.headers["authorization"])[1]
            executions, unreserved = self.executions.get(region, (1000, 1000))
            limit = {"ConcurrentExecutions": executions, "UnreservedConcurrentExecutions": unreserved}
            return 200, [("content-type", "application/json")], json.dumps({"AccountLimit": limit}).encode()
        if b"Action=SimulatePrincipalPolicy" in body:
            asked = parse_qs(body.decode())
            actions = [value for name, (value,) in asked.items() if name.startswith("ActionNames.member.")]
            results = [RESULT.format(action, "implicitDeny" if action in self.denied else "allowed") for action in actions]
            return 200, [("content-type", "text/xml")], SIMULATED.format("".join(results)).encode()
        return super().forward(request, body)


@pytest.fixture
def account(moto):
    account = Account(moto)
    iam = boto3.client("iam", region_name="us-east-1", endpoint_url=moto, aws_access_key_id="a", aws_secret_access_key="b")
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument="{}")
    account.iam = iam
    account.publisher = Builder(account.url)
    yield account
    if not getattr(account, "without_role", False):
        iam.delete_role(RoleName=ROLE)
    account.close()


def checked(account, *arguments, code=0, **env):
    done = account.publisher("preflight", "--region", "eu-central-1", *arguments, **env)
    assert done.code == code, done.err
    assert done.json["ok"] is (code == 0) and len(done.json["checks"]) == sum(": " in line and line[0] != " " for line in done.err.splitlines())
    return [line for line in done.err.splitlines() if not line.startswith("ok: ")]


def test_an_account_that_is_ready(account):
    done = account.publisher("preflight", "--region", "eu-central-1", "--region", "us-east-1", "--reserve", "20").ok()
    assert done.err.splitlines() == [
        f"ok: account {ACCOUNT}, as arn:aws:sts::{ACCOUNT}:user/moto",
        "ok: the account has no OIDC provider for GitHub; bootstrap creates it",
        "ok: the account has API Gateway's service-linked role",
        "ok: the caller may apply bootstrap",
        "ok: eu-central-1: 1000 concurrent executions, 1000 of them not reserved",
        "ok: eu-central-1: an access log can be delivered",
        "ok: us-east-1: 1000 concurrent executions, 1000 of them not reserved",
        "ok: us-east-1: an access log can be delivered",
        f"ok: bucket coldpress-state-{ACCOUNT}-eu-central-1 can be created",
        f"ok: bucket coldpress-artifacts-{ACCOUNT}-eu-central-1 can be created",
        f"ok: bucket coldpress-artifacts-{ACCOUNT}-us-east-1 can be created",
    ]


def test_it_only_reads(account):
    account.publisher("preflight", "--region", "eu-central-1").ok()
    bodies = {line.split(" ")[0] for line in account.requests}
    assert bodies <= {"GET", "HEAD", "POST"}  # IAM, STS and the logs are asked by POST.
    assert account.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


def test_a_new_account(account):
    account.executions = {"eu-central-1": (10, 10)}
    help_ = RAISE.format("eu-central-1")
    assert checked(account) == [
        "warning: eu-central-1: Lambda runs 10 requests at the same time in this account; others get status 429",
        f"  help: have the quota raised, and until then set alarms.concurrency = 8 for terraform/service: {help_}",
    ]
    assert checked(account, "--reserve", "20", code=1) == [
        "error: eu-central-1: 20 concurrent executions are to be reserved, and 0 of 10 can be",
        f"  help: leave reserved_concurrency out, or set it to at most 0, or have the quota raised: {help_}",
    ]


def test_reservations_of_other_functions(account):
    account.executions = {"eu-central-1": (1000, 110)}
    assert checked(account, "--reserve", "10") == []
    assert checked(account, "--reserve", "11", code=1)[0] == (
        "error: eu-central-1: 11 concurrent executions are to be reserved, and 10 of 1000 can be"
    )


def test_no_service_linked_role(account):
    account.iam.delete_role(RoleName=ROLE)
    account.without_role = True
    assert checked(account, code=1) == [
        "error: the account lacks API Gateway's service-linked role, which the role `deploy` can't create",
        "  help: aws iam create-service-linked-role --aws-service-name ops.apigateway.amazonaws.com",
    ]


def test_an_oidc_provider_that_is_there(account):
    arn = account.iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"]
    )["OpenIDConnectProviderArn"]
    assert arn == PROVIDER
    try:
        assert checked(account, code=1) == [
            "error: the account has GitHub's OIDC provider already, and AWS allows one",
            f'  help: set oidc_provider_arn = "{PROVIDER}" in terraform/bootstrap/terraform.tfvars, and pass it here',
        ]
        assert checked(account, "--oidc-provider", PROVIDER) == []
    finally:
        account.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert checked(account, "--oidc-provider", PROVIDER, code=1) == [
        f"error: the account has no OIDC provider {PROVIDER}",
        "  help: leave oidc_provider_arn out of terraform/bootstrap/terraform.tfvars: bootstrap creates the provider",
    ]


def test_a_caller_without_the_rights(account):
    account.denied = {"iam:CreateRole", "s3:CreateBucket"}
    assert checked(account, code=1) == [
        "error: the caller may not apply bootstrap: IAM denies iam:CreateRole, s3:CreateBucket",
        "  help: apply terraform/bootstrap with an administrator's credentials",
    ]


def test_a_policy_of_delivered_logs_that_is_full(account, moto):
    logs = boto3.client("logs", region_name="eu-west-3", endpoint_url=moto, aws_access_key_id="a", aws_secret_access_key="b")
    name = "AWSLogDeliveryWrite20150319"
    logs.put_resource_policy(policyName=name, policyDocument=json.dumps({"x": "x" * 5050}))
    assert checked(account, "--region", "eu-west-3", code=1) == [
        f"error: eu-west-3: the resource policy {name} has 5059 of 5120 characters, too many for another log group",
        "  help: remove log groups that are gone from it: aws logs describe-resource-policies --region eu-west-3",
    ]
    logs.put_resource_policy(policyName=name, policyDocument=json.dumps({"x": "log-group:/aws/vendedlogs/*", "y": "y" * 5000}))
    assert checked(account, "--region", "eu-west-3") == []
    logs.delete_resource_policy(policyName=name)
    for number in range(10):
        logs.put_resource_policy(policyName=f"p{number}", policyDocument="{}")
    assert checked(account, "--region", "eu-west-3", code=1) == [
        "error: eu-west-3: CloudWatch Logs has 10 resource policies, as many as it takes, and none for delivered logs",
        "  help: delete one: aws logs describe-resource-policies --region eu-west-3",
    ]


def test_a_bucket_that_is_somebody_elses(account):
    denied = (403, [("content-type", "application/xml")], b"")
    first = 6  # after the caller, two of IAM, the simulation, Lambda's quotas and the logs
    account.break_at(first, denied)
    assert checked(account, code=1) == [
        f"error: bucket coldpress-state-{ACCOUNT}-eu-central-1 exists, and is another account's or in another region",
        "  help: set another `name` in terraform/bootstrap/terraform.tfvars, and pass it here",
    ]


def test_what_the_caller_may_not_look_at_is_said(account):
    refused = b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
    account.break_at(1, (403, [("content-type", "text/xml")], refused))
    assert checked(account) == [
        "not checked: can't list the account's OIDC providers: access denied (AccessDenied: no)",
        "  help: the check takes the right iam:ListOpenIDConnectProviders; run it with credentials that have it",
    ]


def test_credentials_that_have_expired(account):
    expired = b"<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>"
    account.break_at(0, (403, [("content-type", "text/xml")], expired), lasting=True)
    account.publisher("preflight", "--region", "eu-central-1").fails(
        "error: can't find out whose credentials these are: AWS rejected the credentials (ExpiredToken: expired)",
        "  help: get new credentials (these may have expired), and check which ones AWS_PROFILE or AWS_ACCESS_KEY_ID selects",
    )
