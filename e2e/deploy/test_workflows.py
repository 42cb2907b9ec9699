"""The workflows' own steps, run by act: what a push, a click and the clock do to what the public is told.

Each test goes on from where the one before it ended.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

import pytest
from builder import REGION
from client import Client
from shop import git
from workflows import Workflows
from world import NAME, STEPS

pytestmark = pytest.mark.skipif("COLDPRESS_ACT" not in os.environ, reason="act is not to be had, so no workflow was run")


# What the steps run.
SCRIPTS = ".coldpress/.ci"
GATE, GREEN, NEWEST = (f"{SCRIPTS}/{name}.sh" for name in ("gate", "green", "newest"))
SUMS, SAME = (f"{SCRIPTS}/{name}.sh dist" for name in ("sums", "same"))
BUILD = ["builder build datasets -o dist", SUMS]
ATTESTATION = """publisher attestation --terraform terraform --release dist ${BUNDLE:+--bundle "$BUNDLE"}"""
PACKAGE = 'builder package --bootstrap "$(command -v bootstrap)" --release dist'
FETCH = f"{SCRIPTS}/fetch-tools.sh target/live"
CHECK = 'builder check --format github --against "$BASE"'
UPLOAD = "publisher upload --artifacts-only --terraform terraform --release dist"
DEPLOY = "publisher release --from dist"
INIT = 'publisher init --only release --terraform "$TERRAFORM"'
INIT_FOR = """publisher init --only release ${SETTINGS:+--settings "$SETTINGS"}"""
ROLLBACK = 'publisher rollback --to "$TO" --terraform "$TERRAFORM"'
RECONCILE = 'publisher reconcile --repair --terraform "$TERRAFORM"'
PRUNE = 'publisher prune --terraform "$TERRAFORM"'

# Of service and release each.
UNCHANGED = "No changes. Your infrastructure matches the configuration."


class Live:
    """What is live, as everybody sees it."""

    def __init__(self, world):
        self.world = world
        self.client = Client(world.url())

    def now(self):
        """The channel's release, the alias's version and package, and what the API answers."""
        world, version = self.world, self.world.alias("live")
        answers = [self.client.ask(path) for path in ("/products?order=id", "/stores?order=id")]
        return world.released(), version, world.versions()[version], self.client.digest(), answers

    def price(self):
        return self.client.ask("/products?id=eq.7")[1][0]["price"]

    def stores(self):
        return len(self.client.ask("/stores")[1])

    def served(self):
        """As Client.told takes it."""
        return self.client.digest(), self.client.ask("/products?order=id")[1]

    @contextlib.contextmanager
    def untouched(self, uploads=False):
        """Nothing of it changed, nor of what could become live; `uploads`: but for packages that no record names."""
        before, keys, versions = self.now(), self.keys(uploads), self.world.versions()
        yield
        assert (self.now(), self.keys(uploads), self.world.versions()) == (before, keys, versions)
        assert self.world.lock() is None

    def keys(self, uploads):
        return [key for key in self.world.keys() if not (uploads and key.startswith(("db/", "readers/", "attestations/")))]

    def is_as_applied(self):
        """By `make plan`, which a person would ask."""
        assert self.world.make("plan").ok().out.count(UNCHANGED) == 2


@pytest.fixture(scope="module")
def run(world, shop):
    # act names its scripts to `sh` unquoted: no blanks, wherever this checkout lies (../memory.sh).
    with tempfile.TemporaryDirectory(prefix="act-") as directory:
        yield Workflows(os.environ["COLDPRESS_ACT"], Path(directory), world, shop.directory / "target" / "binaries")


@pytest.fixture(scope="module")
def live(world, shop):
    """What main has is live, whatever came before."""
    world.make("release").ok()
    return Live(world)


@contextlib.contextmanager
def branch(shop, name):
    """Commits within are on that branch, which starts at main."""
    version, prices = [*shop.version], {**shop.prices}
    git(shop.directory, "switch", "--quiet", "--create", name)
    yield
    git(shop.directory, "switch", "--quiet", "main")
    shop.version, shop.prices = version, prices


def newest(shop):
    return git(shop.directory, "rev-parse", "main").strip()


def test_without_an_account_nothing_is_tried(run, shop, live, monkeypatch):
    monkeypatch.setattr(run, "account", "")
    with live.untouched():
        ended = [run.push("release.yml", newest(shop)), run.dispatch("rollback.yml"), run.scheduled("reconcile.yml")]
    ended.append(run.dispatch("settings.yml"))
    assert [done.ok().steps for done in ended] == [[], [], [], []]


def test_a_push_is_released(run, world, shop, live):
    """Once CI, which has just begun, is green."""
    old = live.served()
    commit = shop.reprice(77.25)
    run.ci(commit, [], ["queued", None], ["in_progress", None], ["completed", "success"])
    with Client(world.url()) as client:
        done = run.push("release.yml", commit).ok()
    assert client.told(old, live.served()) == [0, 1]
    assert live.price() == 77.25
    assert done.called("publish") == [NEWEST, *BUILD, "publisher init --variables-only", GATE, ATTESTATION, PACKAGE, UPLOAD]
    assert done.called("again") == [NEWEST, *BUILD]
    assert done.called("green") == [GREEN]
    assert done.called("deploy") == [NEWEST, SAME, INIT_FOR, DEPLOY, f"{SCRIPTS}/keep-tools.sh target/tools.tar"]
    assert done.output["deploy", SAME] == "built twice: the same bytes\n"
    gate = done.output["publish", GATE]
    assert "into target/live: sha256 " + old[0] in gate and gate.endswith("no problems (1 dataset, 43 rows checked)\n")

    steps = done.lines("deploy", DEPLOY)
    assert [step["step"] for step in steps] == ["upload", *STEPS]
    assert [step["plan_for"] for step in steps if step["step"] == "apply"] == ["candidate", "live"]
    release = steps[-1]["release"]
    assert (steps[-1]["outcome"], world.released()) == ("released", release)
    assert world.alias("candidate") == world.alias("live")
    assert world.versions()[world.alias("live")] == world.package(release)

    # What was attested is what was published and is served, with the attestation.
    record = world.object(world.bucket, f"releases/{release}.json")
    database, reader = (record[name]["sha256"] for name in ("database", "reader"))
    manifest = hashlib.sha256((run.notes / "artifacts" / "release" / "manifest.json").read_bytes()).hexdigest()
    bootstrap = hashlib.sha256((shop.directory / "target" / "binaries" / "bootstrap").read_bytes()).hexdigest()
    assert done.attested == {"data.db": database, "manifest.json": manifest, "bootstrap": bootstrap}
    assert live.client.ask("/-/attestation") == (200, world.object(world.bucket, f"attestations/{manifest}.json"))
    assert record["manifest"]["commit"] == commit and live.served()[0] == database
    # And each role did what it is for.
    bucket = f"PUT /{world.bucket}"
    assert done.asked(rf"{bucket}/(db/{database}\.db|readers/{reader}\.zip|attestations/{manifest}\.json)\?.*") == {"coldpress-publish"}
    assert done.asked(rf"{bucket}/(releases/{release}|channels/live)\.json\?.*") == {"coldpress-deploy"}
    assert done.asked(r"(PUT|POST) .*/functions/.*") == {"coldpress-deploy"}
    live.is_as_applied()


def test_the_same_push_again_changes_nothing(run, shop, live):
    """Though it attests anew: the package has the attestation of the first run."""
    with live.untouched():
        done = run.push("release.yml", newest(shop)).ok()
    assert done.lines("deploy", DEPLOY)[-1]["outcome"] == "unchanged"
    assert done.asked(r"(PUT|POST|DELETE) /2015-03-31/functions/.*") == set()
    assert done.asked(r"PUT .*-artifacts-.*") == set()
    assert done.output["publish", ATTESTATION].startswith("took s3://") and len([*run.notes.glob("bundle-*.json")]) == 2


def test_a_commit_that_ci_refuses_is_not_released(run, shop, live):
    run.ci(newest(shop), ["in_progress", None], ["completed", "failure"])
    with live.untouched():
        done = run.push("release.yml", newest(shop))
    assert (done.code, done.failed(), done.called("deploy")) == (1, [("green", GREEN)], [])
    assert "::error::CI ended with failure for this commit: https://github.example/" in done.output["green", GREEN]
    run.ci(newest(shop), ["completed", "success"])


def test_an_old_run_that_is_started_again_gives_way(run, shop, live):
    """Its data would not pass the gate, which nobody shall be troubled with."""
    older = git(shop.directory, "rev-parse", "HEAD~1").strip()
    with live.untouched():
        done = run.push("release.yml", older).ok()
    assert (done.called("publish"), done.called("again"), done.called("deploy")) == ([NEWEST], [NEWEST], [])
    assert "::notice::main has a newer commit to release; its own run does that\n" in done.output["publish", NEWEST]


def no_stores(shop):
    """A commit by somebody who lost a file's rows, undone before the next one."""
    major, minor, _ = version = shop.version
    shop.version = [major, minor + 1, 0]
    shop.write(stores={})
    commit, shop.version = shop.commit("No stores"), version
    return commit


def test_a_run_gives_way_to_a_commit_that_came_meanwhile(run, world, shop, live):
    commit = shop.reprice(78.25)
    with live.untouched(uploads=True), world.aws.when(rf"PUT /{world.bucket}/readers/.*", lambda: no_stores(shop)):
        done = run.push("release.yml", commit).ok()
    assert done.called("publish")[-1] == UPLOAD
    assert done.called("deploy") == [NEWEST]


def test_a_commit_that_empties_a_table_is_stopped_at_the_gate(run, shop, live):
    with live.untouched():
        done = run.push("release.yml", newest(shop))
    assert (done.code, done.failed()) == (1, [("publish", GATE)])
    assert done.called("deploy") == []
    said = (
        "datasets/shop/stores.csv: [rows-lost] table `stores` loses 3 of 3 rows (100 %), more than 20 %\n"
        "  help: if this is intended, use `--allow-shrink stores`\n"
    )
    assert said in done.output["publish", GATE]


def test_where_that_is_meant_somebody_says_so(run, shop, live):
    run.dispatch("release.yml", allow_shrink="stores").ok()
    assert (live.price(), live.stores()) == (78.25, 0)
    shop.undo()


def test_a_way_back(run, world, live):
    versions, was = world.versions(), world.released()
    done = run.dispatch("rollback.yml", release="previous").ok()
    assert (live.price(), live.stores()) == (77.25, 3)
    assert done.called("rollback") == [FETCH, INIT, ROLLBACK]
    # Of the release that went live last, though main has newer ones: nothing is compiled, nothing else of main is used.
    assert "the tools of the release of run 11\n" in done.output["rollback", FETCH]
    assert ("rollback", "./.coldpress/.github/actions/binaries", "success") not in done.steps
    steps = done.lines("rollback", ROLLBACK)
    assert [step["plan_for"] for step in steps if step["step"] == "apply"] == ["live"]
    assert steps[-1]["outcome"] == "released"
    assert (world.versions(), world.object(world.bucket, "channels/live.json")["previous"]) == (versions, was)
    live.is_as_applied()


@pytest.mark.parametrize(
    ("release", "problem", "help_"),
    [
        ("0123456789abcdef", "there is no release 0123456789abcdef: s3://{bucket}/releases/0123456789abcdef.json does not exist", "`publisher list` shows the releases in S3"),
        ("$(touch hit); touch hit", "`$(touch hit); touch hit` is not a release: not an id (16 hex digits), `live` or `previous`", "pass an id that `publisher list` shows, or `live` or `previous`"),
    ],
)  # fmt: skip
def test_a_way_back_to_nowhere(run, world, live, release, problem, help_):
    with live.untouched():
        done = run.dispatch("rollback.yml", release=release)
    assert (done.code, done.failed()) == (1, [("rollback", ROLLBACK)])
    said = (
        f"error: rollback: {problem.replace('{bucket}', world.bucket)}\n"
        "error: rollback: stopped before anything live was touched\n"
        f"  help: {help_}\n"
    )
    assert said in done.output["rollback", ROLLBACK]
    # The log of runs gets a line of every run.
    assert {call.service for call in done.calls if call.method in ("PUT", "POST", "DELETE")} == {"logs"}


def test_an_alias_that_somebody_moved_is_put_back(run, world, live):
    before = live.now()
    other = next(version for version in world.versions() if version != before[1])
    world.lambda_().update_alias(FunctionName=NAME, Name="live", FunctionVersion=other)
    assert live.now() != before
    asked = len(world.front.requests)
    done = run.scheduled("reconcile.yml").ok()
    asked = len(world.front.requests) - asked
    assert live.now() == before
    assert done.called("reconcile") == [FETCH, INIT, RECONCILE, PRUNE]
    steps = done.lines("reconcile", RECONCILE)
    assert (steps[0]["step"], steps[0]["ok"], steps[-1]["outcome"]) == ("compare", False, "released")
    # What the alias says is wrong is seen at once; the proof takes 20 answers.
    assert asked <= 2 * 20
    assert done.lines("reconcile", PRUNE)[-1]["deleted"] == {REGION: []}
    with live.untouched():
        again = run.dispatch("reconcile.yml").ok()
    assert again.lines("reconcile", RECONCILE)[-1]["outcome"] == "unchanged"
    live.is_as_applied()


def test_a_pull_request_is_told_what_it_changes(run, shop, live):
    with branch(shop, "cheaper"):
        shop.reprice(66.5)
    with live.untouched():
        done = run.pull_request("pr.yml", 5, "cheaper").ok()
    assert (done.called("check"), done.called("diff")) == ([CHECK], [f"{SCRIPTS}/diff.sh target/diff.md"])
    (comment,) = done.comments
    assert comment.startswith("<!-- coldpress: diff -->\n## Data changes from ")
    assert f"\n| <code>7</code> | <code>price</code> | <code>{shop.prices[7]}</code> | <code>66.5</code> |\n" in comment
    assert done.output["plan", f"{SCRIPTS}/plan.sh"].count(UNCHANGED) == 2
    # A role that reads, and does.
    assert done.asked("GET .*") == {"coldpress-plan"}
    assert done.asked(r"(PUT|DELETE) .*|POST /2015-03-31/.*") == set()


def test_a_pull_request_whose_version_is_too_small_a_step(run, shop, live):
    """The finding stands beside its line, and the comment is brought up to date."""
    with branch(shop, "wider"):
        shop.prices[41] = 41.5
        shop.reprice(66.5)
    done = run.pull_request("pr.yml", 5, "wider")
    assert (done.code, done.failed()) == (1, [("check", CHECK)])
    finding = "::error file=datasets/shop/datapackage.json,line=3,title=version-too-low::version "
    assert finding in done.output["check", CHECK]
    assert "1 row added (MINOR)%0Ahelp: " in done.output["check", CHECK]
    (comment,) = done.comments
    assert "\n1 row added in <code>products</code>:\n" in comment


def test_a_forks_pull_request_gets_no_role(run, live):
    done = run.pull_request("pr.yml", 6, "cheaper", fork=True).ok()
    assert (done.comments, done.calls, sorted({job for job, *_ in done.steps})) == ([], [], ["check", "diff"])


def test_publish_by_hand(world, shop, live):
    """`make publish` needs nothing of Terraform; what it published is there, and not live."""
    shop.reprice(79.0)
    was = world.released()
    id_ = world.make("publish", f"BUCKET={REGION}={world.bucket}").ok().lines[-1]["release"]
    assert f"releases/{id_}.json" in world.keys() and id_ != world.released() == was
    world.make("rollback", f"TO={id_}").ok()
    assert live.price() == 79.0
