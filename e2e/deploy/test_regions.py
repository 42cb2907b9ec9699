"""Two regions: what goes live goes live in both, and what fails in one goes back in both.

One test goes on from where the one before it ended. The second region is added as docs/deploy.md says it.
"""

import os

import pytest
from builder import BUILDER, PUBLISHER, REGION
from client import Client
from document import by_hand, commands
from shop import Shop
from world import NAME, World

SECOND = "us-east-1"
REGIONS = [REGION, SECOND]
QUICKLY = ["--terraform", "terraform", "--tries", "25", "--pause", "10"]
ALIAS = f"/2015-03-31/functions/{NAME}/aliases/live"


class Regions:
    """What is live: id, digest, and the version by region."""

    def __init__(self, world, bootstrap):
        self.world, self.bootstrap, self.live, self.past = world, bootstrap, None, []

    def publish(self, price):
        self.world.shop.reprice(price)
        id_, digest = self.world.publish(self.bootstrap)
        return id_, digest

    def release(self, id_):
        return self.world.run("release", id_, *QUICKLY)

    def digests(self):
        """What each region's address serves."""
        return {region: Client(url).digest() for region, url in self.world.service.outputs()["api_urls"].items()}

    def is_live(self, release, versions):
        """By the channel, by Terraform, by every region's alias and address; and Terraform has nothing to do."""
        world, (id_, digest) = self.world, release
        channel = world.object(world.bucket, "channels/live.json")
        assert (channel["current"], channel["history"][0]["versions"]) == (id_, versions)
        assert world.root.outputs()["live_version"] == versions
        for region, version in versions.items():
            assert world.alias("live", region) == str(version)
            assert world.versions(region)[str(version)] == world.package(id_)
        assert self.digests() == dict.fromkeys(versions, digest)
        world.root.assert_plan_empty()
        self.live = (release, versions)


@pytest.fixture(scope="module")
def regions(tmp_path_factory, bootstrap):
    directory = tmp_path_factory.mktemp("regions") / "a checkout"
    directory.mkdir()
    shop = Shop(directory, {"builder": BUILDER, "publisher": PUBLISHER, "bootstrap": os.environ["COLDPRESS_BOOTSTRAP"]})
    with World(shop) as world:
        shop.commit("The shop")
        yield Regions(world, bootstrap)


def test_a_region_is_added(regions):
    world = regions.world
    first = regions.publish(1.25)
    regions.release(first[0]).ok()
    regions.is_live(first, {REGION: 1})
    world.serve_from(REGIONS)
    second = regions.publish(1.5)
    # Its package is not in the new bucket yet.
    done = regions.release(first[0])
    assert (done.code, done.lines[-1]["outcome"], done.lines[-1]["live_version"]) == (2, "stopped", {REGION: 1})
    # The API is made there, what is live goes into the new bucket, then the release goes live there.
    world.service.apply().ok()
    assert regions.digests() == {REGION: first[1], SECOND: 500}
    world.run("pull", "live", "--terraform", "terraform", "-o", "dist", "--quiet").ok()
    published = world.run("upload", "--terraform", "terraform", "--release", "dist").ok().json
    assert published["release"] == first[0]
    assert all(url.startswith(f"s3://{world.buckets[SECOND]}/") for url in published["written"]) and len(published["written"]) == 3
    done = regions.release("live").ok()
    assert done.lines[-1]["live_version"] == {REGION: 1, SECOND: 1}
    regions.is_live(first, {REGION: 1, SECOND: 1})
    regions.past += [first, second]


def test_a_release_goes_to_both(regions):
    id_, digest = second = regions.past[1]
    done = regions.release(id_).ok()
    (smoke,) = [line for line in done.lines if line["step"] == "smoke"]
    assert smoke["versions"] == {REGION: 2, SECOND: 2} and smoke["questions"] == 6
    (verify,) = [line for line in done.lines if line["step"] == "verify"]
    assert verify["answers"] == dict.fromkeys(regions.world.service.outputs()["api_urls"].values(), 20)
    regions.is_live(second, {REGION: 2, SECOND: 2})
    world = regions.world
    written_once = [key for key in world.keys() if not key.startswith(("channels/", "service.json"))]
    assert written_once == world.keys(world.buckets[SECOND])
    assert regions.release(id_).ok().lines[-1]["outcome"] == "unchanged"


@pytest.mark.parametrize("broken", REGIONS)
def test_what_one_region_does_not_serve_goes_back_in_both(regions, broken):
    (before, _), versions = regions.live
    world = regions.world
    number = max(map(int, world.versions(broken))) + 1
    third = regions.publish(2.0 + REGIONS.index(broken))
    world.front.broken = {f"{broken}/{number}"}
    done = regions.release(third[0])
    world.front.broken = set()
    assert done.code == 1, done.err
    url = world.service.outputs()["api_urls"][broken]
    problems = [f"verify: {url}: it answers with status 500"]
    assert done.lines[-1] == {
        "step": "release", "ok": False, "release": third[0], "outcome": "rolled_back", "live_version": versions,
        "back_to": before, "problems": problems, "help": "fix the problem and release it again",
    }  # fmt: skip
    regions.is_live(*regions.live)
    # Mended, the same command goes the whole way.
    regions.release(third[0]).ok()
    regions.is_live(third, dict.fromkeys(REGIONS, number))
    regions.past.append(third)


def test_an_alias_that_can_not_move_in_one_region_goes_back_in_the_other(regions):
    """Terraform moves the one and is refused the other."""
    (before, _), versions = regions.live
    fourth = regions.publish(4.0)
    with regions.world.aws.denies(f"{SECOND} PUT {ALIAS}"):
        done = regions.release(fourth[0])
    assert (done.code, done.lines[-1]["outcome"], done.lines[-1]["back_to"]) == (1, "rolled_back", before), done.err
    assert done.lines[-1]["problems"] == ["`terraform apply` in `terraform/release`: exit code 1"]
    regions.is_live(*regions.live)
    regions.release(fourth[0]).ok()
    regions.is_live(fourth, {region: version + 1 for region, version in versions.items()})
    regions.past.append(fourth)


def test_a_candidate_that_can_not_be_asked_in_one_region_is_live_in_none(regions):
    fifth = regions.publish(5.0)
    with regions.world.aws.denies(f"{SECOND} POST /2015-03-31/functions/{NAME}/invocations"):
        done = regions.release(fifth[0])
    (problem,) = done.lines[-1]["problems"]
    assert (done.code, done.lines[-1]["outcome"]) == (2, "stopped")
    assert problem.startswith(f"can't invoke version 6 of {NAME} in {SECOND}: access denied (AccessDeniedException: ")
    regions.is_live(*regions.live)


def test_versions_are_numbered_by_region(regions):
    """Somebody published one by hand in the second region; Terraform takes the function back to its files."""
    world, (_, versions) = regions.world, regions.live
    client = world.lambda_(SECOND)
    client.update_function_configuration(FunctionName=NAME, Description="by hand")
    client.publish_version(FunctionName=NAME)
    newest = {region: max(map(int, world.versions(region))) for region in REGIONS}
    assert newest[SECOND] == newest[REGION] + 1
    sixth = regions.publish(6.0)
    regions.release(sixth[0]).ok()
    regions.is_live(sixth, {region: number + 1 for region, number in newest.items()})
    regions.past.append(sixth)


def test_the_way_back_is_both_regions(regions):
    world, new = regions.world, regions.live
    (before, digest), versions = regions.past[-2], {REGION: 5, SECOND: 5}
    counts = {region: len(world.versions(region)) for region in REGIONS}
    done = world.run("rollback", "--to", "previous", *QUICKLY).ok()
    assert done.lines[-1]["live_version"] == versions
    regions.is_live((before, digest), versions)
    world.run("rollback", "--to", new[0][0], *QUICKLY).ok()
    regions.is_live(*new)
    assert {region: len(world.versions(region)) for region in REGIONS} == counts, "nothing was published again"


def test_an_alias_that_somebody_moved_in_one_region_is_put_back(regions):
    world, (_, versions) = regions.world, regions.live
    world.lambda_(SECOND).update_alias(FunctionName=NAME, Name="live", FunctionVersion="2")
    done = world.run("reconcile", "--repair", *QUICKLY).ok()
    problems = done.lines[0]["problems"]
    assert problems[0] == f"{SECOND}: version 2 is live, but Terraform's state has version {versions[SECOND]}"
    assert all(problem.startswith((SECOND, world.service.outputs()["api_urls"][SECOND])) for problem in problems)
    regions.is_live(*regions.live)


def test_back_to_a_version_that_is_gone_in_one_region(regions):
    world = regions.world
    newest = {region: max(map(int, world.versions(region))) for region in REGIONS}
    world.lambda_(SECOND).delete_function(FunctionName=NAME, Qualifier="1")
    world.run("rollback", "--to", regions.past[0][0], *QUICKLY).ok()
    regions.is_live(regions.past[0], {region: number + 1 for region, number in newest.items()})
    regions.live = (regions.past[0], {region: number + 1 for region, number in newest.items()})


def test_the_first_region_is_down(regions):
    """The other one serves, and nothing half happens."""
    world, (live, _) = regions.world, regions.live
    new = regions.publish(8.0)
    urls = world.service.outputs()["api_urls"]
    with world.aws.without(REGION):
        assert Client(urls[SECOND]).digest() == live[1]
        for command in (["release", new[0]], ["rollback", "--to", "previous"], ["reconcile", "--repair"]):
            done = world.run(*command, *QUICKLY)
            assert (done.code, done.lines[-1]["outcome"]) == (2, "stopped"), done.err
            assert "run the same command again" in done.lines[-1]["help"]
    assert regions.digests() == dict.fromkeys(REGIONS, live[1])
    regions.is_live(*regions.live)
    regions.release(new[0]).ok()


def test_a_region_is_removed(regions):
    world = regions.world
    # A release does not do it.
    world.root.write('regions = ["eu-central-1"]\n', "fewer.auto.tfvars", head=False)
    done = regions.release("live")
    (world.root.directory / "fewer.auto.tfvars").unlink()
    assert done.lines[-1]["outcome"] == "stopped", done.err
    version = world.alias("live")
    script = commands("Removing a region")
    by_hand(world, script.replace(f'"{REGION}" = 1', f'"{REGION}" = {version}'))
    world.empty(world.buckets[SECOND])
    world.serve_from([REGION])
    assert world.lambda_(SECOND).list_functions()["Functions"] == []
    assert world.aws.client("apigatewayv2", SECOND).get_apis()["Items"] == []
    assert world.aws.client("logs", SECOND).describe_log_groups()["logGroups"] == []
    assert world.aws.client("cloudwatch", SECOND).describe_alarms()["MetricAlarms"] == []
    last = regions.publish(9.0)
    regions.release(last[0]).ok()
    regions.is_live(last, {REGION: int(version) + 1})
    world.service.assert_plan_empty()
