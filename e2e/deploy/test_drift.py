"""Settings that change, and what somebody did by hand: nothing outside a release stops a release, a rollback or a repair, and
each mends what is its own.

One test goes on from where the one before it ended. The provider is the stand-in, Terraform and its files are as they are.
"""

import json
import os

import pytest
from builder import BUILDER, PUBLISHER
from client import Client
from older_state import older
from shop import Shop
from state import State
from test_story import Story
from world import NAME, STEPS, World

QUICKLY = ["--terraform", "terraform", "--tries", "25", "--pause", "10"]
MAIL = {"email": "ops@example.org"}


class Drift(Story):
    """What is live is what the story has; `price` is never the same twice."""

    def __init__(self, world, shop, bootstrap):
        super().__init__(world, shop, bootstrap)
        self.price = 100.0

    def another(self):
        self.price += 1
        return self.publish(self.price)

    def run(self, *command):
        return self.world.run(*command, *QUICKLY)

    def configuration(self, version):
        return self.world.lambda_().get_function_configuration(FunctionName=NAME, Qualifier=version)

    def each_goes_on(self):
        """A release, a rollback and a repair, each with something to do."""
        before, (id_, served) = self.live, self.another()
        self.run("release", id_).ok()
        self.is_live(id_, served)
        self.run("rollback", "--to", before[0]).ok()
        self.is_live(*before)
        other = next(number for number in self.world.versions() if number != self.world.alias("live"))
        self.world.lambda_().update_alias(FunctionName=NAME, Name="live", FunctionVersion=other)
        self.run("reconcile", "--repair").ok()
        self.is_live(*before)


@pytest.fixture(scope="module")
def drift(tmp_path_factory, bootstrap):
    directory = tmp_path_factory.mktemp("drift") / "a checkout"
    directory.mkdir()
    shop = Shop(directory, {"builder": BUILDER, "publisher": PUBLISHER, "bootstrap": os.environ["COLDPRESS_BOOTSTRAP"]})
    with World(shop) as world:
        shop.commit("The shop")
        # Mails, so that there is a subscription that nobody confirms.
        world.service.write(json.dumps({"alarms": MAIL}), "settings.auto.tfvars.json", head=False)
        world.make("settings").ok()
        drift = Drift(world, shop, bootstrap)
        for _ in range(2):
            id_, served = drift.another()
            drift.run("release", id_).ok()
            drift.is_live(id_, served)
        yield drift


def settings(drift, **values):
    drift.world.root.write(json.dumps(values), "settings.auto.tfvars.json", head=False)


def test_a_setting_goes_through_candidate_to_live(drift):
    """The same release, the same package, other memory: proven like any other, before anybody gets it."""
    id_, served = drift.live
    settings(drift, memory_mb=256, reader={"query_ms": 900})
    with drift.asked():
        done = drift.run("release", id_).ok()
    assert [line["step"] for line in done.lines] == ["verify", *STEPS]
    configuration = drift.configuration("live")
    assert (configuration["MemorySize"], configuration["Version"]) == (256, "3")
    assert configuration["Environment"]["Variables"]["COLDPRESS_QUERY_MS"] == "900"
    (entry, *_) = drift.world.object(drift.world.bucket, "channels/live.json")["history"]
    assert (entry["release"], entry["settings"]["memory_mb"]) == (id_, 256)
    drift.is_live(id_, served)
    assert drift.run("release", id_).ok().lines[-1]["outcome"] == "unchanged"


def test_a_way_back_has_the_settings_of_that_time(drift):
    now, (before, served) = drift.live, drift.past[0]
    drift.run("rollback", "--to", before).ok()
    assert drift.configuration("live")["MemorySize"] == 128
    drift.is_live(before, served)
    drift.run("rollback", "--to", now[0]).ok()
    assert drift.configuration("live")["MemorySize"] == 256
    drift.is_live(*now)


# What Terraform's own validation lets through and Lambda does not take (../publish/function.py): the account's quota is its own,
# and an environment is measured as a whole.
REFUSED = [
    ({"memory_mb": 4096}, "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 3008"),
    ({"reader": {"cache_control": "x" * 4200}}, "the environment variables you have provided exceeded the 4KB limit"),
]


def test_settings_that_are_merged_and_refused_by_lambda_stop_no_way_back(drift, monkeypatch):
    """No release gets through, until somebody puts them right."""
    monkeypatch.setattr(drift.world.packages, "most_memory", 3008)
    now, (before, served) = drift.live, drift.past[0]
    version = drift.world.alias("live")
    for values, words in REFUSED:
        settings(drift, **values)
        with drift.asked():
            done = drift.run("release", now[0])
        assert (done.code, done.lines[-1]["outcome"], drift.world.alias("live")) == (2, "stopped", version), done.err
        assert words in " ".join(done.err.replace("│", " ").split())
        assert done.lines[-1]["problems"] == ["`terraform apply` in `terraform/release`: AWS refuses a value in its files, as the error above says"]
        assert done.lines[-1]["help"] == "change the setting that the error names, in terraform/release/terraform.tfvars, and run the same command again"
    # With the last of them still in the files.
    drift.run("rollback", "--to", before).ok()
    assert Client(drift.world.url()).digest() == served[0]
    drift.world.lambda_().update_alias(FunctionName=NAME, Name="live", FunctionVersion=version)
    assert drift.run("reconcile", "--repair").ok().lines[-1]["outcome"] == "released"
    assert Client(drift.world.url()).digest() == served[0]
    drift.run("rollback", "--to", now[0]).ok()
    settings(drift, memory_mb=256, reader={"query_ms": 950})
    assert drift.run("release", now[0]).ok().lines[-1]["outcome"] == "released"
    assert drift.configuration("live")["Environment"]["Variables"]["COLDPRESS_QUERY_MS"] == "950"
    drift.is_live(*now)


def test_a_state_that_an_older_minor_version_of_the_provider_wrote(drift):
    """Somebody upgraded it: each command goes on from the state of before, and the first apply writes one of now."""
    state = State(drift.world)

    def run(*command):
        state.write(older(state.read()))
        drift.world.root.assert_plan_empty()
        assert drift.run(*command).ok().lines[-1]["outcome"] == "released"
        assert b"gone since" not in state.read()

    before, (id_, served) = drift.live, drift.another()
    run("release", id_)
    drift.is_live(id_, served)
    run("rollback", "--to", before[0])
    drift.is_live(*before)


def alarm_and_subscription(world):
    """The second as AWS does it some days after a mail that nobody answered."""
    world.aws.client("cloudwatch").delete_alarms(AlarmNames=[f"{NAME}-errors"])
    sns = world.aws.client("sns")
    for there in sns.list_subscriptions()["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=there["SubscriptionArn"])


def retention(world):
    world.aws.client("logs").put_retention_policy(logGroupName=f"/aws/lambda/{NAME}", retentionInDays=1)


def log_group(world):
    world.aws.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{NAME}")


def merged(world):
    """A setting, applied by nobody."""
    values = {"alarms": MAIL, "cors_origins": ["https://example.org"]}
    world.service.write(json.dumps(values), "settings.auto.tfvars.json", head=False)


@pytest.mark.parametrize("do", [alarm_and_subscription, retention, log_group, merged], ids=lambda do: do.__name__)
def test_what_is_the_services_stops_nothing(drift, do):
    do(drift.world)
    changes = drift.world.service.plan()
    assert len(changes) >= (2 if do is alarm_and_subscription else 1), "the service's own plan shows it"
    drift.each_goes_on()
    assert drift.world.service.plan() == changes
    drift.world.make("settings").ok()
    drift.world.service.assert_plan_empty()


COMMANDS = [["release", "live"], ["rollback", "--to", "live"], ["reconcile", "--repair"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_lost_alias_is_made_again(drift, command):
    drift.world.lambda_().delete_alias(FunctionName=NAME, Name="live")
    assert Client(drift.world.url()).digest() == 500
    drift.run(*command).ok()
    drift.is_live(*drift.live)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_lost_permission_is_given_again(drift, command):
    drift.world.lambda_().remove_permission(FunctionName=NAME, StatementId="api", Qualifier="live")
    assert Client(drift.world.url()).digest() == 500
    drift.run(*command).ok()
    drift.is_live(*drift.live)


def test_a_lost_candidate_is_made_again(drift):
    drift.world.lambda_().delete_alias(FunctionName=NAME, Name="candidate")
    # Nothing that is public differs, so that these have nothing to do.
    for command in COMMANDS[1:]:
        assert drift.run(*command).ok().lines[-1]["outcome"] == "unchanged"
    drift.run("release", "live").ok()
    drift.is_live(*drift.live)


def test_a_function_that_somebody_edited_is_put_right_by_the_next_release(drift):
    """What is live is a version, which nobody can edit."""
    drift.world.lambda_().update_function_configuration(FunctionName=NAME, MemorySize=1024, Timeout=3)
    with drift.asked():
        for command in COMMANDS[1:]:
            assert drift.run(*command).ok().lines[-1]["outcome"] == "unchanged"
        done = drift.run("release", "live").ok()
    assert done.lines[-1]["outcome"] == "released"
    configuration = drift.configuration("$LATEST")
    assert (configuration["MemorySize"], configuration["Timeout"]) == (256, 10)
    drift.is_live(*drift.live)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_deleted_function_is_made_again(drift, command):
    """All versions are gone with it, and their numbers start again."""
    drift.world.lambda_().delete_function(FunctionName=NAME)
    drift.run(*command).ok()
    drift.is_live(*drift.live)
    assert drift.world.alias("live") == "1"
    # Back to an earlier release, which is published again, with the settings of now: and that is said.
    now, (before, served) = drift.live, drift.past[0]
    done = drift.run("rollback", "--to", before).ok()
    assert "note: when this release was last live, memory was 128 MB, and is 256 MB\n" in done.err or command != COMMANDS[0]
    drift.is_live(before, served)
    drift.run("rollback", "--to", now[0]).ok()
    drift.is_live(*now)
