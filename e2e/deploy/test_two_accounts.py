"""A second account as staging: a release goes live there first, from the same files, and production waits for it.

Each test goes on from where the one before it ended. The settings of staging are those of docs/deploy.md.
"""

import os
import tempfile
from pathlib import Path

import pytest
from asked import ACCOUNT
from client import Client
from staging import STAGING, Staging
from test_workflows import DEPLOY, GREEN, NEWEST, SAME, UPLOAD, Live, newest
from workflows import Workflows
from world import NAME

pytestmark = pytest.mark.skipif("COLDPRESS_ACT" not in os.environ, reason="act is not to be had, so no workflow was run")
INIT = 'publisher init --only {root} ${{SETTINGS:+--settings "$SETTINGS"}}'
SETTINGS = ".coldpress/.ci/settings.sh"


@pytest.fixture(scope="module")
def live(world, bootstrap):
    """Production, where something is live, whatever came before."""
    if world.released() is None:
        world.release(world.publish(bootstrap)[0]).ok()
    return Live(world)


@pytest.fixture(scope="module")
def staging(world, shop, tmp_path_factory):
    """And the settings in which it differs, which main has."""
    staging = Staging(world, tmp_path_factory.mktemp("staging"))
    (shop.terraform / "service" / "staging.tfvars").write_text("domain = null\nalarms = { silent_hours = 0 }\n")
    shop.commit("Staging has no domain, and nobody repairs it")
    return staging


@pytest.fixture(scope="module")
def run(world, shop, staging):
    # act names its scripts to `sh` unquoted: no blanks, wherever this checkout lies (../memory.sh).
    with tempfile.TemporaryDirectory(prefix="act-") as directory:
        run = Workflows(os.environ["COLDPRESS_ACT"], Path(directory), world, shop.directory / "target" / "binaries")
        run.staging, run.policies = staging.outputs, run.policies | staging.policies()
        yield run


def roles(done, account):
    return {call.who for call in done.calls if call.account == account}


def test_no_role_may_anything_in_the_other_account(run):
    for who, policy in run.policies.items():
        of, other = (STAGING, ACCOUNT) if who.startswith(STAGING) else (ACCOUNT, STAGING)
        assert of in str(policy) and other not in str(policy), who


def test_settings_are_applied_to_staging_first(run, world, staging):
    done = run.dispatch("settings.yml").ok()
    for job in ("staging", "settings"):
        assert [step for step in done.called(job) if "changed.sh" not in step] == [INIT.format(root="service"), SETTINGS]
    jobs = [job for job, *_ in done.steps]
    assert jobs.index("settings") > len(jobs) - 1 - jobs[::-1].index("staging")
    assert roles(done, STAGING) == {f"{STAGING}.coldpress-deploy"}

    def alarms(account=None):
        found = world.aws.client("cloudwatch", account=account).describe_alarms()["MetricAlarms"]
        return {alarm["AlarmName"].removeprefix(f"{NAME}-") for alarm in found}

    assert alarms() - alarms(STAGING) == {"silent"}


def test_what_staging_does_not_serve_never_reaches_production(run, world, shop, staging, live):
    commit = shop.reprice(88.5)
    world.front.broken = {f"{STAGING}/1"}
    with live.untouched(uploads=True):
        done = run.push("release.yml", commit)
    world.front.broken = set()
    assert (done.code, done.failed()) == (1, [("staging", DEPLOY)])
    assert done.lines("staging", DEPLOY)[-1]["ok"] is False
    assert (
        "this release is not live in staging, so production was not touched: the last lines of the step before say what to do. "
        "Then re-run the failed jobs, or merge what mends it"
    ) in done.whole
    # Nobody is asked to approve it.
    assert {job for job, *_ in done.steps} == {"publish", "again", "green", "staging"}
    assert roles(done, ACCOUNT) == {"coldpress-publish"}


def test_the_same_package_is_live_in_staging_and_then_in_production(run, world, shop, staging, live):
    before = live.served()
    with Client(world.url()) as client:
        done = run.push("release.yml", newest(shop)).ok()
    assert client.told(before, live.served()) == [0, 1]
    release = done.lines("deploy", DEPLOY)[-1]["release"]
    assert done.lines("staging", DEPLOY)[-1]["release"] == release == world.released()
    assert staging.live() == (world.package(release), release) == (world.versions()[world.alias("live")], release)
    # Built once, and compared with the second build in both: the same files, by their digests.
    uploads = [step for step in done.called("publish") if "upload" in step]
    assert uploads == [UPLOAD, "publisher init --variables-only && publisher upload --artifacts-only --terraform terraform --release dist"]
    for job in ("staging", "deploy"):
        assert done.called(job)[:4] == [NEWEST, SAME, INIT.format(root="release"), DEPLOY]
    assert set(staging.keys()) <= set(world.keys())
    # In this order, with a person's approval in between.
    order = [job for job in dict.fromkeys(job for job, *_ in done.steps) if job in ("green", "staging", "approve", "approve_staged", "deploy")]
    assert order == ["green", "staging", "approve_staged", "deploy"] and done.called("green") == [GREEN]
    for account, prefix in ((ACCOUNT, ""), (STAGING, f"{STAGING}.")):
        assert roles(done, account) == {f"{prefix}coldpress-publish", f"{prefix}coldpress-deploy"}
        buckets = {call.raw.split("/")[1] for call in done.calls if call.account == account and call.service == "s3"}
        assert all(account in bucket for bucket in buckets), buckets
