"""The story: one shop's releases, one after another. Each test goes on from where the one before it ended.

While anything is under way a client asks the API without a pause: it must be given whole answers of the releases that
are named, in that order, and nothing else.
"""

import contextlib
import os
import signal
import threading

import pytest
from builder import ended
from client import Client
from world import NAME, STEPS, kill

# A wrong answer is asked for again at once: nothing here takes time to spread.
QUICKLY = ["--tries", "25", "--pause", "10"]


class Story:
    """What is live: the release's id, its digest and rows as the client sees them."""

    def __init__(self, world, shop, bootstrap):
        self.world, self.shop, self.bootstrap = world, shop, bootstrap
        self.live, self.past = None, []

    def publish(self, price=None, bootstrap=None):
        """A commit with a new price, published: (id, (digest, rows))."""
        if price is not None:
            self.shop.reprice(price)
        id_, digest = self.world.publish(bootstrap or self.bootstrap)
        return id_, (digest, self.shop.products())

    def is_live(self, id_, served, back_to=None):
        """That release is live: by the channel, by the alias, over HTTP; and Terraform has nothing to do."""
        world = self.world
        assert world.released() == id_
        assert world.versions()[world.alias("live")] == world.package(id_)
        assert Client(world.url()).digest() == served[0]
        world.root.assert_plan_empty()
        if self.live != (id_, served):
            self.live = (id_, served)
            self.past.append(self.live)

    @contextlib.contextmanager
    def asked(self, *then):
        """The client sees what is live, then those releases, and nothing else."""
        releases = [self.live[1], *then]
        with Client(self.world.url()) as client:
            yield
        assert client.told(*releases) == list(range(len(releases)))


@pytest.fixture(scope="module")
def story(world, shop, bootstrap):
    return Story(world, shop, bootstrap)


def test_the_first_release(story):
    done = story.world.make("release").ok()
    assert [line["step"] for line in done.lines if "step" in line] == ["upload", *STEPS]
    id_, served = story.publish()
    assert (done.lines[-1]["outcome"], done.lines[-1]["live_version"]) == ("released", {"eu-central-1": 1})
    story.is_live(id_, served)
    # Once more is no release at all.
    again = story.world.release(id_).ok()
    assert again.lines[-1]["outcome"] == "unchanged"
    assert story.world.versions() == {"1": story.world.package(id_)}


def test_a_price_changes(story):
    story.world.make("gate").ok()
    id_, served = story.publish(9.75)
    story.world.make("gate").ok()
    with story.asked(served):
        story.world.release(id_).ok()
    story.is_live(id_, served)
    assert story.world.alias("live") == "2"
    assert Client(story.world.url()).ask("/products?id=eq.7") == (200, [{"id": 7, "price": 9.75}])


def test_a_commit_that_empties_a_table_is_stopped(story):
    shop, world = story.shop, story.world
    before, (major, minor, patch) = world.keys(), shop.version
    shop.version = [major, minor + 1, 0]
    shop.write(stores={})
    shop.commit("No stores")
    with story.asked():
        done = world.make("release")
    assert "[rows-lost] table `stores` loses 3 of 3 rows (100 %), more than 20 %\n" in done.out
    assert done.code == 2 and "gate] Error 1\n" in done.err
    # Where it is meant, somebody says so.
    world.make("gate", "ALLOW_SHRINK=stores products").ok()
    shop.undo()
    # A price without a version is stopped too.
    shop.version, shop.prices[8] = [major, minor, patch], 1.0
    shop.write()
    shop.commit("Product 8 costs 1.0")
    assert "[version-unchanged] " in world.make("gate").out
    shop.undo()
    shop.prices[8] = 8.5
    world.make("gate").ok()
    assert world.keys() == before
    story.is_live(*story.live)


def test_a_reader_that_fails_its_smoke_test_is_never_live(story, bootstrap, tmp_path):
    """One word in it is another, so that API Gateway would make nonsense of its answers."""
    bytes_ = bootstrap.read_bytes()
    assert bytes_.count(b"statusCode") == 1
    broken = tmp_path / "bootstrap"
    broken.write_bytes(bytes_.replace(b"statusCode", b"statusCade"))
    id_, _ = story.publish(bootstrap=broken)
    with story.asked():
        done = story.world.release(id_)
    assert done.code == 1, done.err
    assert [step["step"] for step in done.lines] == [*STEPS[:4], "release"]
    assert done.lines[3]["ok"] is False and len(done.lines[3]["problems"]) > 0
    assert done.lines[-1]["outcome"] == "stopped"
    assert story.world.alias("candidate") == "3" and story.world.alias("live") == "2"
    story.is_live(*story.live)


def test_a_promotion_that_is_not_verified_is_rolled_back(story):
    """The version answers when it is invoked, and over HTTP it does not."""
    id_, served = story.publish(10.25)
    front = story.world.front
    front.broken = {"4"}
    with Client(story.world.url()) as client:
        done = story.world.run("release", id_, *QUICKLY)
    front.broken = set()
    assert done.code == 1, done.err
    assert (done.lines[-1]["outcome"], done.lines[-1]["live_version"]) == ("rolled_back", {"eu-central-1": 2})
    told = client.told(story.live[1], served)
    # The old one, failures, the old one; never a half answer, never the one that was not verified.
    assert (told[0], told[-1]) == (0, 0)
    assert {what if what == 0 else what[1] for what in told} == {0, 500}
    assert story.world.versions()["4"] == story.world.package(id_)
    story.is_live(*story.live)
    # Nothing is wrong with it, so that it can be released after all.
    with story.asked(served):
        story.world.release(id_).ok()
    story.is_live(id_, served)
    assert story.world.alias("live") == "4"


def test_a_way_back(story):
    (id_, served), new = story.past[-2], story.live
    count = len(story.world.versions())
    with story.asked(served):
        story.world.make("rollback").ok()
    story.is_live(id_, served)
    assert story.world.alias("live") == "2"
    with story.asked(new[1]):
        story.world.make("rollback", f"TO={new[0]}").ok()
    story.is_live(*new)
    assert len(story.world.versions()) == count, "nothing was published again"


def test_an_alias_that_somebody_moved_is_put_back(story):
    other = story.past[-3]
    story.world.lambda_().update_alias(FunctionName=NAME, Name="live", FunctionVersion="2")
    served = Client(story.world.url()).digest()
    assert served != story.live[1][0] and served in {digest for _, (digest, _) in story.past}, other
    reconcile = ["reconcile", "--repair", *QUICKLY]
    done = story.world.run(*reconcile).ok()
    assert (done.lines[0]["step"], done.lines[0]["ok"]) == ("compare", False)
    story.is_live(*story.live)
    done = story.world.run(*reconcile).ok()
    assert done.lines[-1]["outcome"] == "unchanged"


def test_two_releases_at_once(story, tmp_path):
    """The state's lock, a plan that has grown old or the candidate of the other stops one; run again, it goes through."""
    world, shop = story.world, story.shop
    checkouts, releases = [shop.directory, tmp_path / "another checkout"], []
    shop.clone(checkouts[1])
    for price in (11.0, 12.0):
        releases.append(story.publish(price))
    with Client(world.url()) as client:
        running = [
            world.start("release", id_, "--terraform", "terraform", at=at)
            for (id_, _), at in zip(releases, checkouts)
        ]
        ends = [None, None]

        def wait(number):
            ends[number] = ended(running[number])

        waiting = [threading.Thread(target=wait, args=(number,)) for number in (0, 1)]
        for thread in waiting:
            thread.start()
        for thread in waiting:
            thread.join()
        outcomes = [end.lines[-1]["outcome"] if end.lines else "stopped" for end in ends]
        assert "released" in outcomes, [end.err for end in ends]
        assert set(outcomes) <= {"released", "stopped", "rolled_back"}, [end.err for end in ends]
        # Either way, one of the two is live, verified and in the channel.
        (current,) = [release for release in releases if release[0] == world.released()]
        assert Client(world.url()).digest() == current[1][0]
        world.release(releases[1][0], at=checkouts[1]).ok()
        world.release(releases[0][0]).ok()
    told = client.told(story.live[1], *(served for _, served in releases))
    assert set(told) <= {0, 1, 2} and told[0] == 0 and told[-1] == 1, told
    story.is_live(*releases[0])


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_killed_after_each_step_and_run_again(story, number):
    id_, served = story.publish(20 + number / 4)
    world = story.world
    with story.asked(served):
        process = world.start("release", id_, "--terraform", "terraform")
        lines = [process.stdout.readline() for _ in range(number + 1)]
        kill(process)
        process.communicate()
        assert f'"step":"{STEPS[number]}"' in lines[-1]
        world.unlock()
        done = world.release(id_).ok()
    assert done.lines[-1]["outcome"] in ("released", "unchanged")
    story.is_live(id_, served)
    assert list(world.versions().values()).count(world.package(id_)) == 1


# What Terraform and builder ask of AWS in a release, in its order.
REQUESTS = [
    r"PUT /2015-03-31/functions/coldpress-reader/code",
    r"POST /2015-03-31/functions/coldpress-reader/versions",
    r"PUT /2015-03-31/functions/coldpress-reader/aliases/candidate",
    r"PUT /[^/]+-state-[^/]+/coldpress/release\.tfstate",
    r"PUT /2015-03-31/functions/coldpress-reader/aliases/live",
    r"PUT /[^/]+-artifacts-[^/]+/channels/live\.json",
]


@pytest.mark.parametrize("number", range(len(REQUESTS)))
def test_killed_in_the_midst_of_an_apply_and_run_again(story, number):
    """The request has done its work, and nobody lives to hear of it: Terraform is killed with its provider."""
    id_, served = story.publish(30 + number / 4)
    world = story.world
    with story.asked(served):
        process = world.start("release", id_, "--terraform", "terraform", stays=False)
        with world.aws.when(REQUESTS[number], lambda: kill(process)):
            process.communicate(timeout=120)
        assert process.returncode == -9, REQUESTS[number]
        world.unlock()
        done = world.release(id_).ok()
    assert done.lines[-1]["outcome"] in ("released", "unchanged")
    story.is_live(id_, served)
    assert list(world.versions().values()).count(world.package(id_)) == 1


def test_ctrl_c_while_live_moves(story):
    """A terminal sends it to Terraform too, which stops in order; builder goes on to one of its ends."""
    id_, served = story.publish(40.0)
    world = story.world
    process = world.start("release", id_, "--terraform", "terraform", stays=False)
    with world.aws.when(REQUESTS[4], lambda: os.killpg(process.pid, signal.SIGINT)):
        done = ended(process)
    assert done.err.count("note: `live` is moving: the run continues until the move is verified or rolled back; ") == 1
    outcome = done.lines[-1]["outcome"]
    assert (outcome, done.code) in (("released", 0), ("rolled_back", 1)), done.err
    story.is_live(*((id_, served) if outcome == "released" else story.live))
    assert world.lock() is None
    world.release(id_).ok()
    story.is_live(id_, served)


def test_back_to_a_release_whose_version_is_gone(story):
    """Its package is in S3, and goes the whole way again under a new number."""
    world, first = story.world, story.past[0]
    done = world.run("prune", "--terraform", "terraform", "--now", "2999-01-01T00:00:00Z").ok()
    assert 1 in done.json["deleted"]["eu-central-1"] and world.package(first[0]) not in world.versions().values()
    newest = max(map(int, world.versions()))
    with story.asked(first[1]):
        world.make("rollback", f"TO={first[0]}").ok()
    story.is_live(*first)
    assert world.alias("live") == str(newest + 1)


def test_in_the_end(story):
    """Every version is a release's, none was published twice in a row, nothing is left half done."""
    world = story.world
    packages = list(world.versions().values())
    # A release that is made again after another one gets a version of its own, as one of the two at once may.
    assert all(one != next_ for one, next_ in zip(packages, packages[1:]))
    recorded = {world.package(key.split("/")[1].split(".")[0]) for key in world.keys() if key.startswith("releases/")}
    assert set(packages) <= recorded
    assert world.lock() is None
    world.root.assert_plan_empty()
    assert world.front.refusals == [] or set(world.front.refusals) == {"version 4 was made to fail"}
