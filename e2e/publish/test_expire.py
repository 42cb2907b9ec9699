"""Old releases in S3: those that nobody can want back are deleted, and every other one is there, whole."""

import hashlib
import json

import pytest
from bucket import Bucket
from builder import REGION

LATER = ["--now", "2999-01-01T00:00:00Z"]


class Releases:
    """One that is live, and `others` that never were, each with a database of its own and one package for all."""

    def __init__(self, stack, release, count):
        self.stack, self.bucket = stack, stack.bucket
        self.live, self.manifest = stack.release(release), release.files["manifest.json"]
        self.record = json.loads(self.bucket.get(f"releases/{self.live}.json"))
        self.package = hashlib.sha256(b"package").hexdigest()
        self.put(f"readers/{self.package}.zip", b"package")
        self.others = [self.add(number) for number in range(count)]

    def put(self, key, body):
        self.bucket.put(key, body)

    def add(self, number, package=None):
        """A release that was uploaded and not made live: its id."""
        body = f"database {number}".encode()
        self.record["database"] = {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
        self.record["reader"] = {"sha256": package or self.package, "bytes": 7}
        text = json.dumps(self.record, indent=2).encode() + b"\n"
        id_ = hashlib.sha256(text).hexdigest()[:16]
        self.put(self.database(number), body)
        self.put(f"releases/{id_}.json", text)
        return id_

    def database(self, number):
        return f"db/{hashlib.sha256(f'database {number}'.encode()).hexdigest()}.db"

    def prune(self, *options):
        return self.stack("prune", *options).ok().json["releases"]

    def recorded(self):
        return {key.split("/")[1].removesuffix(".json") for key in self.bucket.keys() if key.startswith("releases/")}


@pytest.fixture
def releases(stack, served):
    return Releases(stack, served[0], 24)


def test_what_is_young_stays(releases):
    assert releases.prune() == {"deleted": [], "kept": 25, "objects": []}
    assert releases.prune("--release-days", "1") == {"deleted": [], "kept": 25, "objects": []}


def test_what_was_never_live_goes_with_what_is_its_own(releases):
    attested = hashlib.sha256(releases.manifest).hexdigest()
    for digest in (attested, "ab" * 32):
        releases.put(f"attestations/{digest}.json", b"{}")
    before = releases.bucket.keys()
    told = releases.prune(*LATER, "--dry-run")
    assert releases.bucket.keys() == before
    # moto's times are whole seconds, so which twenty are the newest is between those of one second.
    assert len(told["deleted"]) in (4, 5) and told["kept"] == 25 - len(told["deleted"]) and releases.live not in told["deleted"]
    gone = {f"releases/{id_}.json" for id_ in told["deleted"]} | {f"attestations/{'ab' * 32}.json"}
    gone |= {releases.database(number) for number, id_ in enumerate(releases.others) if id_ in told["deleted"]}
    assert set(told["objects"]) == {f"s3://{releases.bucket.name}/{key}" for key in gone}
    assert releases.prune(*LATER) == told
    # The package is that of other releases too.
    assert releases.bucket.keys() == sorted(set(before) - gone)
    assert releases.prune(*LATER) == {"deleted": [], "kept": told["kept"], "objects": []}
    # What is live is whole.
    releases.stack.verify("verify", "live").ok()


def test_what_was_live_stays_at_any_age(releases):
    channel = json.loads(releases.bucket.get("channels/live.json"))
    channel["history"] += [{"release": id_, "versions": {REGION: 1}} for id_ in releases.others]
    releases.bucket.put("channels/live.json", json.dumps(channel).encode())
    assert releases.prune(*LATER)["deleted"] == []
    assert releases.recorded() == {releases.live, *releases.others}


def test_what_lambda_has_a_version_of_stays(releases, served):
    """A candidate that failed its tests: Terraform's state names it, and the next plan looks for its record."""
    digest = served[0].digest("reader.zip")
    candidates = [releases.add(number, digest) for number in range(100, 105)]
    others = [releases.add(number) for number in range(200, 225)]
    deleted = releases.prune(*LATER)["deleted"]
    assert not set(candidates) & set(deleted) and set(deleted) <= {*releases.others, *others}
    assert set(candidates) <= releases.recorded()


def test_without_a_channel_nothing_is_deleted(releases):
    releases.bucket.s3.delete_object(Bucket=releases.bucket.name, Key="channels/live.json")
    assert releases.prune(*LATER) == {"deleted": [], "kept": 25, "objects": []}


def test_a_deletion_that_was_broken_off_goes_on(releases, proxy):
    """Records go first: what is left is no release, and the next run takes it along."""
    before = set(releases.bucket.keys())
    proxy.break_at()
    told = releases.prune(*LATER, "--dry-run")
    # One record is deleted, and the request after it is refused.
    proxy.break_at(len(proxy.requests) + 1, (403, [("content-type", "application/xml")], b""), lasting=True)
    done = releases.stack("prune", *LATER)
    proxy.break_at()
    assert done.code == 2 and "can't delete s3://" in done.err
    (record,) = before - set(releases.bucket.keys())
    assert record == f"releases/{record[9:25]}.json" and record[9:25] in told["deleted"]
    assert record[9:25] not in releases.prune(*LATER)["deleted"]
    assert {f"s3://{releases.bucket.name}/{key}" for key in before - set(releases.bucket.keys())} == set(told["objects"])


def test_a_record_that_can_not_be_read_stops_it(releases):
    releases.put("releases/0123456789abcdef.json", b"{}")
    done = releases.stack("prune", *LATER)
    assert done.code == 2 and "releases/0123456789abcdef.json can't be used: it is the record of release " in done.err
    assert releases.recorded() == {releases.live, "0123456789abcdef", *releases.others}


def test_another_bucket_follows_the_first(stack, served, s3):
    """What the first bucket has no record of is no release in the other regions either."""
    other = Bucket(s3, f"{stack.bucket.name}-other")
    variables = json.loads((stack.root / "bootstrap.auto.tfvars.json").read_text())
    releases = Releases(stack, served[0], 22)
    for key in releases.bucket.keys():
        if not key.startswith(("channels/", "service.json")):
            other.put(key, releases.bucket.get(key))
    (stack.root / "bootstrap.auto.tfvars.json").write_text(
        json.dumps({**variables, "regions": [REGION, "eu-west-1"], "artifact_buckets": {REGION: releases.bucket.name, "eu-west-1": other.name}})
    )
    told = releases.prune(*LATER)
    assert told["deleted"] and len(told["objects"]) == 4 * len(told["deleted"])
    assert other.keys() == [key for key in releases.bucket.keys() if not key.startswith(("channels/", "service.json"))]
