"""What each role is asked to do by the steps that workflows run as it, against what its policies allow.

builder's requests and those of Terraform's backend are the real ones. The provider's are the stand-in's: the real one makes
others too, above all to read, and what those take is tried nowhere here (docs/deploy.md). What AWS compares a right with is
not ours to say: authorization.csv has it, with its sources.
"""

import hashlib
import itertools
import json
import os
import random

import pytest
from asked import ACCOUNT
from authorization import TABLE
from builder import BUILDER, PUBLISHER, REGION
from policy import gives, lacking, like, listed, policies
from rights import of
from shop import Shop
from sigstore import bundle
from world import NAME, World

REGIONS = [REGION, "us-east-1"]
MAIL = {"email": "ops@example.org"}


class Roles:
    def __init__(self, world):
        self.world = world
        world.aws.calls.clear()

    @property
    def policies(self):
        return policies(self.world.aws.client("iam"))

    def make(self, role, *arguments):
        """A target as that role: its name is the access key, which the signature of each request says."""
        return self.world.make(*arguments, stays=False, AWS_ACCESS_KEY_ID=role).ok()

    def publisher(self, *arguments):
        """A step of the role deploy where its target has no patience to set."""
        run = self.world.run
        return run(*arguments, "--terraform", "terraform", stays=False, AWS_ACCESS_KEY_ID="deploy").ok()

    def set(self, **settings):
        """Settings of the service, applied as settings.yml does it, and looked at as a pull request does it."""
        self.world.service.write(json.dumps(settings), "settings.auto.tfvars.json", head=False)
        self.make("deploy", "settings")
        done = self.make("plan", "plan")
        # The function's own plan may show what `prune` did to it.
        assert done.out.startswith("No changes. Your infrastructure matches the configuration.") or "\nNo changes. Your" in done.out

    def reserve(self, number, bootstrap):
        """A setting of the function: a release of what is live."""
        self.world.root.write(json.dumps({"reserved_concurrency": number}), "settings.auto.tfvars.json", head=False)
        release(self, bootstrap)

    def calls(self, role):
        return [call for call in self.world.aws.calls if call.who == role]

    def lacking(self, role, as_=None):
        return lacking(self.policies[as_ or role], of(self.calls(role)))


@pytest.fixture(scope="module")
def roles(tmp_path_factory, bootstrap):
    directory = tmp_path_factory.mktemp("rights") / "a checkout"
    directory.mkdir()
    # So large that it is sent in parts.
    large = directory.parent / "bootstrap"
    large.write_bytes(bootstrap.read_bytes() + random.Random(1).randbytes(17 * 1024 * 1024))
    large.chmod(0o755)
    shop = Shop(directory, {"builder": BUILDER, "publisher": PUBLISHER, "bootstrap": os.environ["COLDPRESS_BOOTSTRAP"]})
    with World(shop, REGIONS, service=False) as world:
        shop.commit("The shop")
        roles = Roles(world)
        roles.make("deploy", "settings")
        release(roles, bootstrap)
        shop.reprice(9.75)
        release(roles, large)
        roles.make("deploy", "rollback")
        world.lambda_().update_alias(FunctionName=NAME, Name="live", FunctionVersion="2")
        roles.publisher("reconcile", "--repair", "--tries", "25", "--pause", "10")
        prune(roles)
        roles.make("plan", "terraform-init")
        roles.make("plan", "plan")
        settings(roles, bootstrap)
        yield roles


def release(roles, bootstrap):
    """As release.yml does it."""
    dist = roles.world.build(bootstrap)
    for target in ("terraform-variables", "gate"):
        roles.make("publish", target)
    made = dist.with_name("bundle.json")
    made.write_text(json.dumps(bundle(hashlib.sha256((dist / "manifest.json").read_bytes()).hexdigest())))
    attest = ["attestation", "--terraform", "terraform", "--release", dist, "--bundle", made]
    roles.world.run(*attest, stays=False, AWS_ACCESS_KEY_ID="publish").ok()
    roles.world.package_again(bootstrap)
    roles.make("publish", "upload")
    for target in ("terraform-init", "deploy"):
        roles.make("deploy", target)


def settings(roles, bootstrap):
    """A domain and mails, then a CDN with a release, other limits, and all of it away again."""
    zone = roles.world.aws.client("route53").create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"]
    zone = zone.rpartition("/")[2]
    roles.world.serve_from(REGIONS, domain_zone_id=zone, cdn=True)
    domain = {"name": "data.example.org", "zone_id": zone}
    roles.set(domain=domain, alarms=MAIL)
    roles.set(domain=domain, alarms=MAIL, cdn=True)
    roles.world.shop.reprice(10.5)
    release(roles, bootstrap)
    roles.set(alarms={"p99_ms": 750}, cdn=True, log_retention_days=7, cors_origins=["https://example.org"])
    roles.reserve(20, bootstrap)
    roles.reserve(-1, bootstrap)
    roles.set()


def prune(roles):
    """Twenty-one more versions, so that there is something to delete."""
    for region in REGIONS:
        client = roles.world.lambda_(region)
        for number in range(21):
            client.update_function_configuration(FunctionName=NAME, Description=str(number))
            client.publish_version(FunctionName=NAME)
    done = roles.publisher("prune", "--now", "2999-01-01T00:00:00Z")
    assert done.json["deleted"] == {REGION: [3], "us-east-1": [3]}


@pytest.mark.parametrize("role", ["plan", "publish", "deploy"])
def test_no_step_needs_a_right_that_its_role_lacks(roles, role):
    calls = roles.calls(role)
    assert any(call.by_builder for call in calls) and (role == "publish" or any("Terraform" in call.agent for call in calls))
    assert roles.lacking(role) == []


def test_it_would_be_seen(roles):
    """Each role's steps take rights that another role lacks."""
    state = f"arn:aws:s3:::{roles.world.backend['bucket']}/{roles.world.backend['keys']['release']}"
    function = f"arn:aws:lambda:{REGION}:123456789012:function:{NAME}"
    by_plan, by_publish = roles.lacking("deploy", as_="plan"), roles.lacking("deploy", as_="publish")
    for right in (f"lambda:UpdateAlias on {function}:live", f"s3:PutObject on {state}", f"s3:DeleteObject on {state}.tflock"):
        assert right.replace(":live", "") in by_plan, by_plan
    assert f"s3:PutObject on arn:aws:s3:::{roles.world.bucket}/channels/live.json" in by_publish
    assert any(right.startswith("s3:PutObject on ") and "/readers/" in right for right in roles.lacking("publish", as_="deploy"))
    assert f"lambda:DeleteFunction on {function}:3" in by_plan


# What builder and Terraform's backend ask for themselves, and the statements that give it.
READ = {"s3:GetObject", "s3:ListBucket", "lambda:ListAliases"}
ASKED = {
    "plan": (READ, {"ReadState", "ReadReleases", "ListBuckets", "ReadFunction"}),
    "publish": ({"s3:GetObject", "s3:ListBucket", "s3:PutObject"}, {"PutArtifacts", "ReadArtifacts", "ListArtifacts"}),
    "deploy": (
        READ | {"s3:PutObject", "s3:DeleteObject", "lambda:GetFunctionConfiguration", "lambda:ListVersionsByFunction", "lambda:InvokeFunction", "lambda:DeleteFunction"}
        | {"cloudfront:CreateInvalidation", "logs:CreateLogStream", "logs:PutLogEvents"},
        {"EmptyCdn", "LogRuns", "ReadState", "ReadReleases", "ListBuckets", "ReadFunction", "WriteState", "LockState", "RecordReleases", "InvokeVersions", "PruneVersions"},
    ),
}


@pytest.mark.parametrize("role", ASKED)
def test_what_builder_and_the_backend_ask_for(roles, role):
    rights = of(call for call in roles.calls(role) if "Boto3" not in call.agent)
    actions, sids = ASKED[role]
    assert {right.action for right in rights} == actions
    policy = roles.policies[role]
    for sid in sids:
        without = {"Statement": [statement for statement in policy["Statement"] if statement["Sid"] != sid]}
        assert len(without["Statement"]) + 1 == len(policy["Statement"])
        assert lacking(without, rights) != [], f"nothing needs {sid}"


# What nobody asks for here, and why it is given all the same.
UNASKED = {
    "apigateway:PUT": "tags that change, as version 1 of its API has it",
    "cloudfront:UpdateCachePolicy": "a reader with another Vary",
    "cloudfront:UpdateFunction": "a reader with another form; moto has no such operation",
    "cloudwatch:DeleteDashboards": "a region that goes",
    "cloudwatch:UntagResource": "tags that change",
    "lambda:ListTags": "the provider, where a function's own answer has no tags",
    "lambda:RemovePermission": "a region that goes",
    "lambda:UntagResource": "tags that change",
    "logs:CreateLogDelivery": "API Gateway, as whoever turns on an access log",
    "logs:DeleteLogDelivery": "API Gateway, likewise",
    "logs:DescribeResourcePolicies": "API Gateway, likewise",
    "logs:GetLogDelivery": "API Gateway, likewise",
    "logs:ListLogDeliveries": "API Gateway, likewise",
    "logs:PutResourcePolicy": "API Gateway, likewise",
    "logs:UpdateLogDelivery": "API Gateway, likewise",
    "logs:DeleteMetricFilter": "a region that goes",
    "logs:DeleteRetentionPolicy": "logs kept for ever",
    "logs:UntagResource": "tags that change",
    "s3:AbortMultipartUpload": "an upload that fails",
    "sns:DeleteTopic": "a region that goes",
    "sns:SetTopicAttributes": "another topic policy",
    "sns:UntagResource": "tags that change",
}


def actions(policy):
    return {action for statement in policy["Statement"] for action in listed(statement["Action"])}


def test_no_role_has_a_right_that_nobody_takes(roles):
    taken = {right.action for role in roles.policies for right in of(roles.calls(role))}
    given = set().union(*map(actions, roles.policies.values()))
    assert given - taken == UNASKED.keys()


# Names as the deployment has them, to be put into the forms of the table.
NAMES = {
    "Account": [ACCOUNT],
    "AlarmName": [f"{NAME}-{alarm}" for alarm in ("errors", "throttles", "slow", "5xx", "429", "concurrency", "silent", "certificate")],
    "DashboardName": [f"{NAME}-{region}" for region in REGIONS],
    "FunctionName": [NAME],
    "LogGroupName": [f"/aws/lambda/{NAME}", f"/aws/vendedlogs/apigateway/{NAME}", f"/coldpress/{NAME}"],
    "Name": [f"{NAME}-accept"],
    "Partition": ["aws"],
    "Qualifier": ["candidate", "live", "7"],
    "Region": REGIONS,
    "RoleNameWithPath": [NAME],
    "TopicName": [f"{NAME}-alarms"],
}


def forms(roles, row):
    """ARNs in the row's form."""
    names = sorted(row.names)
    zone = roles.world.aws.client("route53").list_hosted_zones()["HostedZones"][0]["Id"].rpartition("/")[2]
    buckets = [roles.world.backend["bucket"], *roles.world.buckets.values()]
    states = roles.world.backend["keys"].values()
    keys = [*states, *(f"{state}.tflock" for state in states), "service.json", *(f"{prefix}/x" for prefix in ("db", "readers", "attestations", "releases", "channels"))]
    known = {**NAMES, "BucketName": buckets, "Id": [zone, "any"], "ObjectName": keys}
    for values in itertools.product(*(known.get(name, ["any"]) for name in names)):
        yield row.fill(dict(zip(names, values)))


def function_policy(roles):
    return roles.world.aws.client("iam").get_role_policy(RoleName=NAME, PolicyName="own-log")["PolicyDocument"]


def test_policies_speak_of_what_AWS_compares(roles):
    """Every resource in a policy is one that an action beside it can have, and the other way round; so are the conditions."""
    documents = [*roles.policies.values(), function_policy(roles)]
    for statement in (statement for document in documents for statement in document["Statement"]):
        resources, used, sid = listed(statement["Resource"]), set(), statement["Sid"]
        for action in listed(statement["Action"]):
            rows = TABLE.get(action)
            assert rows, f"{sid}: authorization.csv has no {action}"
            arns = {arn for row in rows for arn in forms(roles, row)}
            fitting = {pattern for pattern in resources if any(like(pattern, arn) for arn in arns)}
            assert fitting, f"{sid}: no {action} is on any of {resources}"
            assert ("*" in resources) == (arns == {"*"}), f"{sid}: {action} is on {arns}"
            used |= fitting
            keys = {key for keys in statement.get("Condition", {}).values() for key in keys if not key.startswith("aws:")}
            assert all(keys <= row.keys for row in rows), f"{sid}: {action} knows no condition {keys}"
        assert used == set(resources), f"{sid}: nothing is on {set(resources) - used}"
    assert TABLE.keys() == set().union(*map(actions, documents)), "the table has an action that no policy has"


def test_conditions_are_those_that_are_known(roles):
    """policy.py judges these."""
    for policy in roles.policies.values():
        for statement in policy["Statement"]:
            (keys,) = statement.get("Condition", {"StringEquals": {}}).values()
            expected = {"GiveReaderItsRole": {"iam:PassedToService"}, "RequestCertificates": {"aws:RequestedRegion"}}
            # What is of any region is said to be of those that serve.
            regional = any(":*:" in resource for resource in listed(statement["Resource"]))
            assert keys.keys() == expected.get(statement["Sid"], {"aws:RequestedRegion"} if regional else set()), statement["Sid"]


def test_other_regions_are_nobodys(roles):
    """A right in a region that serves is none in a region that does not."""
    tried = 0
    for policy in roles.policies.values():
        for right in of(call for role in roles.policies for call in roles.calls(role)):
            region = (right.resource.split(":") + [""] * 3)[3]
            if region in REGIONS and gives(policy, right):
                context = {**dict(right.context), "aws:RequestedRegion": "ap-south-1"}
                resource = right.resource.replace(f":{region}:", ":ap-south-1:", 1)
                assert not gives(policy, right._replace(resource=resource, context=tuple(sorted(context.items())))), right
                tried += 1
    assert tried > 50
