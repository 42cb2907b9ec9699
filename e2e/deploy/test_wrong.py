"""What is wrong around a release: credentials that expire in its middle, another account's, the state of another deployment,
a lost state. Each is stopped before `live` moves, and says what to do. In the end all of it is destroyed.

One test goes on from where the one before it ended; the commands for a person are those of docs/deploy.md.
"""

import json

import pytest
from client import Client
from document import by_hand, commands
from state import State
from test_story import QUICKLY, REQUESTS, Story
from world import NAME


@pytest.fixture(scope="module")
def story(world, shop, bootstrap):
    story = Story(world, shop, bootstrap)
    id_, served = story.publish(51.0)
    world.release(id_).ok()
    story.is_live(id_, served)
    return story


INVOKED = rf"POST /2015-03-31/functions/{NAME}/invocations"


@pytest.mark.parametrize("request_", [REQUESTS[1], REQUESTS[3], INVOKED], ids=["code", "candidate", "smoke"])
def test_credentials_that_expire_before_live_moves(story, request_):
    id_, served = story.publish(52.0 + len(request_) / 100)
    world = story.world
    before = story.live
    with Client(world.url()) as client, world.aws.expires(request_):
        done = world.run("release", id_, *QUICKLY)
    assert client.told(before[1]) == [0]
    assert (done.code, done.lines[-1]["outcome"]) == (2, "stopped"), done.err
    assert "ExpiredToken" in done.err
    assert done.lines[-1]["help"] == (
        "get new credentials (these may have expired), and check which ones AWS_PROFILE or AWS_ACCESS_KEY_ID selects"
        if request_ == INVOKED
        else "get new credentials and run the same command again; it may find the lock that this run could not release, "
        "and then prints the command that removes it"
    )
    # With new ones the same command goes through. Terraform could not give its lock back either.
    if request_ != INVOKED:
        locked = world.run("release", id_, *QUICKLY)
        assert "if it was killed, terraform -chdir=terraform/release force-unlock " in locked.lines[-1]["help"]
    world.unlock()
    world.release(id_).ok()
    story.is_live(id_, served)


def test_another_accounts_credentials(story, monkeypatch):
    """Somebody's profile is still the one of other work."""
    monkeypatch.setenv("MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS", "false")
    sts = story.world.aws.client("sts")
    keys = sts.assume_role(RoleArn="arn:aws:iam::999988887777:role/admin", RoleSessionName="me")["Credentials"]
    other = {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"], "AWS_SESSION_TOKEN": keys["SessionToken"]}
    id_, _ = story.publish(53.0)
    with story.asked():
        done = story.world.run("release", id_, *QUICKLY, **other)
    assert (done.code, done.lines[-1]["outcome"]) == (2, "stopped"), done.err
    assert "access denied" in done.lines[-1]["problems"][0]
    assert done.lines[-1]["help"].endswith("or the resource belongs to another account")


def test_another_region_in_the_environment(story):
    """Regions are those of Terraform's files, whatever a shell says."""
    id_, served = story.publish(54.0)
    with story.asked(served):
        story.world.run("release", id_, *QUICKLY, AWS_REGION="us-west-2", AWS_DEFAULT_REGION="us-west-2").ok()
    story.is_live(id_, served)


def test_the_state_of_another_deployment(story):
    """Its backend was given the bucket of another one, whose function is there too."""
    state = State(story.world)
    own = state.read()
    state.write(own.replace(NAME.encode(), b"other-reader"))
    id_, served = story.publish(55.0)
    with story.asked():
        for command in (["rollback", "--to", "previous"], ["reconcile", "--repair"]):
            done = story.world.run(*command, "--terraform", "terraform", *QUICKLY)
            assert (done.code, done.lines[-1]["outcome"]) == (2, "stopped"), done.err
            assert done.lines[-1]["problems"] == [f"Terraform's state is that of another deployment: it has other-reader, and not {NAME}"]
            assert done.lines[-1]["help"] == "run `publisher init` with the outputs of this deployment's bootstrap, then the same command again"
        # A release of something new makes a plan first: what it would make is there already, or it would replace what is not its own.
        done = story.world.run("release", id_, *QUICKLY)
        assert done.lines[-1]["outcome"] == "stopped", done.err
    state.write(own)
    story.world.release(id_).ok()
    story.is_live(id_, served)


def test_a_state_that_is_lost_is_imported(story):
    state = State(story.world)
    state.s3.delete_object(**state.there)
    # What is there can't be made again, and a release says so.
    id_, served = story.publish(56.0)
    with story.asked():
        done = story.world.run("release", id_, *QUICKLY)
        assert (done.code, done.lines[-1]["outcome"]) == (2, "stopped"), done.err
        assert "Function already exist" in done.err
    state.s3.delete_object(**state.there)
    with story.asked():
        by_hand(story.world, commands("A lost state"))
    story.is_live(*story.live)
    with story.asked(served):
        story.world.release(id_).ok()
    story.is_live(id_, served)


def test_a_state_that_is_deleted_is_restored(story):
    """As the document says with the AWS CLI, which is not here: the marker of the deletion is deleted."""
    state = State(story.world)
    state.s3.delete_object(**state.there)
    versions = state.s3.list_object_versions(Bucket=state.there["Bucket"], Prefix=state.there["Key"])
    (marker,) = [marker for marker in versions["DeleteMarkers"] if marker["IsLatest"] and marker["Key"] == state.there["Key"]]
    state.s3.delete_object(**state.there, VersionId=marker["VersionId"])
    assert story.world.run("release", "live", *QUICKLY).ok().lines[-1]["outcome"] == "unchanged"
    story.is_live(*story.live)


def test_a_lost_state_of_the_service_is_imported(story):
    """The API keeps its address; what is made again is what was there."""
    world = story.world
    url, alarms = world.url(), alarm_names(world)
    state = {"Bucket": world.backend["bucket"], "Key": world.backend["keys"]["service"]}
    s3 = world.aws.client("s3")
    with story.asked():
        s3.delete_object(**state)
        by_hand(world, commands("A lost state of the service"))
    assert (world.url(), alarm_names(world)) == (url, alarms)
    assert len(world.aws.client("apigatewayv2").get_apis()["Items"]) == 1
    world.service.assert_plan_empty()
    story.is_live(*story.live)


def alarm_names(world):
    return sorted(alarm["AlarmName"] for alarm in world.aws.client("cloudwatch").describe_alarms()["MetricAlarms"])


def test_all_of_it_is_destroyed(story):
    """The buckets last, and only once somebody has emptied them: a mistaken destroy loses neither state nor release."""
    world, keys = story.world, story.world.keys()
    first, bootstrap, _ = commands("Removing a deployment").partition("terraform -chdir=terraform/bootstrap destroy")
    assert bootstrap
    by_hand(world, first)
    found = {
        "functions": world.lambda_().list_functions()["Functions"],
        "APIs": world.aws.client("apigatewayv2").get_apis()["Items"],
        "log groups": world.aws.client("logs").describe_log_groups()["logGroups"],
        "alarms": world.aws.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "topics": world.aws.client("sns").list_topics()["Topics"],
    }
    assert {name: len(there) for name, there in found.items()} == dict.fromkeys(found, 0)
    assert [key for key in keys if key != "service.json"] == world.keys()
    done = world.bootstrap("destroy", "-auto-approve", "-input=false")
    assert done.code != 0 and "BucketNotEmpty" in done.text
    assert [key for key in keys if key != "service.json"] == world.keys()
    for bucket in (world.backend["bucket"], *world.buckets.values()):
        world.empty(bucket)
    world.bootstrap("destroy", "-auto-approve", "-input=false").ok()
    assert world.aws.client("s3").list_buckets()["Buckets"] == []
    assert json.loads(world.bootstrap.raw("output", "-json")) == {}
