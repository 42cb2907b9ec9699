"""What each role is asked to do by the steps that workflows run as it, against what its policies allow.

builder's requests and those of Terraform's backend are the real ones. The provider's are the stand-in's: the real one makes
others too, above all to read, and what those take is tried nowhere here (docs/deploy.md).
"""

import os
import random

import pytest
from builder import BUILDER, PUBLISHER, REGION
from rights import lacking, policies
from shop import Shop
from world import NAME, World

REGIONS = [REGION, "us-east-1"]


class Roles:
    def __init__(self, world):
        self.world = world
        self.policies = policies(world.aws.client("iam"))
        world.aws.calls.clear()

    def make(self, role, *arguments):
        """A target as that role: its name is the access key, which the signature of each request says."""
        return self.world.make(*arguments, stays=False, AWS_ACCESS_KEY_ID=role).ok()

    def builder(self, step, *arguments):
        """A step of the role deploy where its target has no patience to set."""
        run = self.world.run
        return run("deploy", step, "--terraform", "terraform", *arguments, stays=False, AWS_ACCESS_KEY_ID="deploy").ok()

    def calls(self, role):
        return [call for call in self.world.aws.calls if call.who == role]

    def lacking(self, role, as_=None):
        return lacking(self.policies[as_ or role], self.calls(role))


@pytest.fixture(scope="module")
def roles(tmp_path_factory, bootstrap):
    directory = tmp_path_factory.mktemp("rights") / "a checkout"
    directory.mkdir()
    # So large that it is sent in parts.
    large = directory.parent / "bootstrap"
    large.write_bytes(bootstrap.read_bytes() + random.Random(1).randbytes(17 * 1024 * 1024))
    large.chmod(0o755)
    shop = Shop(directory, {"builder": BUILDER, "publisher": PUBLISHER, "bootstrap": os.environ["COLDPRESS_BOOTSTRAP"]})
    with World(shop, REGIONS) as world:
        shop.commit("The shop")
        roles = Roles(world)
        release(roles, bootstrap)
        shop.reprice(9.75)
        release(roles, large)
        roles.make("deploy", "rollback")
        world.lambda_().update_alias(FunctionName=NAME, Name="live", FunctionVersion="2")
        roles.builder("reconcile", "--repair", "--apply", "--tries", "25", "--pause", "10")
        prune(roles)
        roles.make("plan", "terraform-init")
        roles.make("plan", "plan")
        yield roles


def release(roles, bootstrap):
    """As release.yml does it."""
    world, dist = roles.world, roles.world.shop.directory / "dist"
    world.run("build", "datasets", "-o", dist, "--quiet").ok()
    world.run("package", "--bootstrap", bootstrap, "--release", dist, "--quiet").ok()
    for target in ("terraform-variables", "gate", "upload"):
        roles.make("publish", target)
    for target in ("terraform-init", "deploy"):
        roles.make("deploy", target)


def prune(roles):
    """Twenty-one more versions, so that there is something to delete."""
    for region in REGIONS:
        client = roles.world.lambda_(region)
        for number in range(21):
            client.update_function_configuration(FunctionName=NAME, Description=str(number))
            client.publish_version(FunctionName=NAME)
    done = roles.builder("prune", "--now", "2999-01-01T00:00:00Z")
    assert done.json["deleted"] == {REGION: [3], "us-east-1": [3]}


@pytest.mark.parametrize("role", ["plan", "publish", "deploy"])
def test_no_step_needs_a_right_that_its_role_lacks(roles, role):
    calls = roles.calls(role)
    assert any(call.by_builder for call in calls) and (role == "publish" or any("Terraform" in call.agent for call in calls))
    assert roles.lacking(role) == []


def test_it_would_be_seen(roles):
    """Each role's steps take rights that another role lacks."""
    state = f"arn:aws:s3:::{roles.world.backend['bucket']}/{roles.world.backend['key']}"
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
        READ | {"s3:PutObject", "s3:DeleteObject", "lambda:ListVersionsByFunction", "lambda:InvokeFunction", "lambda:DeleteFunction"},
        {"ReadState", "ReadReleases", "ListBuckets", "ReadFunction", "WriteState", "LockState", "RecordReleases", "InvokeVersions", "PruneVersions"},
    ),
}


@pytest.mark.parametrize("role", ASKED)
def test_what_builder_and_the_backend_ask_for(roles, role):
    calls = [call for call in roles.calls(role) if "Boto3" not in call.agent]
    actions, sids = ASKED[role]
    assert {action for call in calls for action, _ in call.rights()} == actions
    policy = roles.policies[role]
    for sid in sids:
        without = {"Statement": [statement for statement in policy["Statement"] if statement["Sid"] != sid]}
        assert len(without["Statement"]) + 1 == len(policy["Statement"])
        assert lacking(without, calls) != [], f"nothing needs {sid}"


def test_conditions_are_those_that_are_known(roles):
    """Nothing here judges a condition."""
    for role, policy in roles.policies.items():
        conditional = [statement["Sid"] for statement in policy["Statement"] if "Condition" in statement]
        assert conditional == (["GiveReaderItsRole"] if role == "deploy" else [])
