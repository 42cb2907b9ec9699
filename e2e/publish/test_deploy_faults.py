"""Every request of a release's steps broken in turn: what is transient is made up for, what lasts is said with what to do,
`live` and the channel are never left apart without a word, and the next run ends well.
"""

import json

import pytest
from builder import REGION
from driven import ended, release
from proxy import LAMBDA_FAULTS, Proxy, lambda_error

LATER = ["--now", "2999-01-01T00:00:00Z"]
SETTINGS = ["--tries", "20", "--pause", "0"]


class Steps:
    """A release that is live and verified, and after it one that is live and in no channel."""

    def __init__(self, stack, served):
        self.stack, self.first, self.second = stack, stack.release(served[0]), stack.publish(served[1])
        stack("step", "prepare", self.second).ok()
        stack.apply()
        stack("step", "promote", self.second).ok()
        stack.apply()
        for number in range(20):
            self.add(number)
        self.channel = stack.bucket.get("channels/live.json")
        self.variables = {path.name: path.read_bytes() for path in stack.root.glob("*.json")}
        self.number = 20

    def add(self, number):
        """One more version, which nothing needs once there are twenty newer ones."""
        self.stack.client.update_function_configuration(FunctionName=self.stack.name, Description=str(number))
        self.stack.client.publish_version(FunctionName=self.stack.name)

    def reset(self):
        self.stack.bucket.put("channels/live.json", self.channel)
        for name, bytes_ in self.variables.items():
            (self.stack.root / name).write_bytes(bytes_)
        while len(self.versions()) < 24:
            self.number += 1
            self.add(self.number)

    def versions(self):
        found = self.stack.client.list_versions_by_function(FunctionName=self.stack.name)["Versions"]
        return [version["Version"] for version in found if version["Version"] != "$LATEST"]

    def seen(self):
        """What a step could have changed."""
        files = {path.name: path.read_bytes() for path in self.stack.root.glob("*.json")}
        return self.stack.pointed("live"), self.stack.bucket.get("channels/live.json"), files, self.versions()

    def run(self, step, **env):
        arguments = {
            "prepare": ["step", "prepare", self.first],
            "smoke": ["step", "smoke", self.second],
            "promote": ["step", "promote", self.second],
            "verify": ["verify", self.second, "--url", self.stack.url, *SETTINGS],
            "set-channel": ["step", "set-channel", self.second, "--url", self.stack.url, *SETTINGS],
            "rollback": ["step", "rollback", "--to", "live"],
            "repair": ["step", "repair", "--url", self.stack.url, *SETTINGS],
            "prune": ["prune", *LATER],
        }[step]
        return self.stack(*arguments, **env)


@pytest.fixture
def steps(stack, served):
    return Steps(stack, served)


#: What each asks of S3 and Lambda, in its order.
RECORD, CHANNEL, ALIASES, VERSIONS = "GET releases", "GET channels", "GET aliases", "GET versions"
SERVICE, VERSION = "GET service", "GET functions"
REQUESTS = {
    "prepare": [RECORD, ALIASES],
    "smoke": [RECORD, VERSION, "POST invocations", "POST invocations", "POST invocations"],
    "promote": [RECORD, VERSION, ALIASES],
    "verify": [RECORD],
    "set-channel": [CHANNEL, RECORD, ALIASES, VERSION, "PUT channels"],
    "rollback": [CHANNEL, RECORD, ALIASES, CHANNEL, VERSION],
    "repair": [ALIASES, CHANNEL, RECORD, VERSION, CHANNEL, RECORD, ALIASES, CHANNEL, VERSION],
    "prune": [VERSIONS, ALIASES, *[ALIASES, "DELETE functions"] * 3, CHANNEL, RECORD],
}


def kind(request):
    method, path = request.split()
    names = ("invocations", "aliases", "versions", "functions", "channels", "service", "releases")
    # CloudWatch Logs has the operation in a header.
    return f"{method} {next((name for name in names if name in path), 'logs')}"


def said_what_to_do(done):
    """In an outage the line in the log fails as well, which is said last."""
    return any(line.startswith("  help: ") and "run the same command again" in line for line in done.err.splitlines())


@pytest.mark.parametrize("step", REQUESTS)
def test_every_request_of_a_step(steps, proxy, step):
    steps.reset()
    proxy.break_at()
    expected = steps.run(step)
    assert [kind(request) for request in proxy.requests] == REQUESTS[step]
    assert expected.code == (1 if step == "repair" else 0)
    after = steps.seen()
    for fault in LAMBDA_FAULTS:
        # Each request is broken once, and the SDK asks again.
        steps.reset()
        proxy.break_at(0, fault, others=True)
        done = steps.run(step, attempts="3")
        assert (done.code, done.err) == (expected.code, expected.err), (fault, done.err)
        assert step == "prune" or (done.out == expected.out and steps.seen() == after)
        assert len(proxy.requests) >= 2 * len(REQUESTS[step]), (fault, proxy.requests)
        for number, request in enumerate(REQUESTS[step]):
            if request.startswith("GET") and fault in ("drop-after", "503"):
                continue  # as the one before it in the list
            steps.reset()
            before = steps.seen()
            proxy.break_at(number, fault, lasting=True)
            done = steps.run(step)
            assert (done.code, done.out) == (2, "") and said_what_to_do(done), (fault, request, done.err)
            live, channel, files, versions = steps.seen()
            assert (live, files) == (before[0], before[2]), (fault, request)
            # What was asked may be done although its answer got lost; what comes after it is not.
            done_once = fault in ("drop-after", "truncated")
            assert channel == (after[1] if done_once and request == "PUT channels" else before[1])
            deleted = REQUESTS[step][: number + done_once].count("DELETE functions")
            assert len(set(before[3]) - set(versions)) == deleted, (fault, request)
            proxy.break_at()
            again = steps.run(step)
            assert again.code == expected.code, (fault, request, again.err)
            assert step == "prune" or steps.seen() == after, (fault, request)
            assert str(steps.seen()[0]) in steps.versions()


# A release after another one, with Terraform between its steps.
# The record is read once, and the versions that the smoke test found are promoted.
WAY = [SERVICE, RECORD, CHANNEL, ALIASES, *REQUESTS["smoke"][1:], ALIASES]
MOVED = len(WAY)
WAY += [CHANNEL, ALIASES, VERSION, "PUT channels", ALIASES]


class Releases:
    """Three releases, of which one is live and verified; each becomes the next in turn."""

    def __init__(self, stack, served, drive):
        self.stack, self.drive = stack, drive
        self.ids = [stack.publish(release_) for release_ in served]
        release(drive, self.ids[0]).ok()

    def next(self):
        self.ids = [*self.ids[1:], self.ids[0]]
        return self.ids[0]

    def agree(self):
        """The release that alias and channel name, if they name one, and Terraform was told the same."""
        live = self.stack.pointed("live")
        entry = self.stack.channel()["history"][0]
        return entry["release"] if entry["versions"] == {REGION: live} == self.stack.live_version() else None


@pytest.fixture
def releases(stack, served, drive):
    return Releases(stack, served, drive)


def test_the_way_is_this_one(releases, proxy, drive):
    proxy.break_at()
    release(drive, releases.next()).ok()
    # The last of all is the line in the log, by whose absence an alarm knows; a failure of it changes nothing.
    assert [kind(request) for request in proxy.requests if request != "POST /"] == WAY


@pytest.mark.parametrize("fault", LAMBDA_FAULTS)
def test_a_release_makes_up_for_each_request_that_is_broken_once(releases, proxy, drive, fault):
    id_ = releases.next()
    proxy.break_at(0, fault, others=True)
    done = release(drive, id_, attempts="3").ok()
    assert done.last == ended("release", id_, "released", 2)
    assert len(proxy.requests) >= 2 * len(WAY) and releases.agree() == id_


def broken(shift):
    """The faults come in turn, and the one request that moves something gets each of them."""
    for number, request in enumerate(WAY):
        turn = LAMBDA_FAULTS[(number + shift) % len(LAMBDA_FAULTS)]
        for fault in LAMBDA_FAULTS if request == "PUT channels" else [turn]:
            yield number, fault


@pytest.mark.parametrize("shift", [0, 3])
def test_a_release_is_stopped_or_goes_back_where_retries_do_not_help(releases, proxy, drive, shift):
    """One request fails for good; those after it are well."""
    for number, fault in broken(shift):
        before, id_ = releases.ids[0], releases.next()
        proxy.break_at(number, fault)
        done = release(drive, id_)
        outcome, problems = done.last["outcome"], (WAY[number], fault, done.err)
        if fault == "truncated" and WAY[number] in (SERVICE, RECORD, CHANNEL) and outcome == "released":
            # What is read from S3 is read again where it breaks off within the body, whatever the SDK was told.
            assert (done.code, releases.agree()) == (0, id_), problems
        elif number < MOVED:
            assert (outcome, done.code, releases.agree()) == ("stopped", 2, before), problems
            assert said_what_to_do(done), problems
        elif outcome == "rolled_back":
            assert (done.code, releases.agree(), done.last["back_to"]) == (1, before, before), problems
            assert said_what_to_do(done), problems
        else:
            # An answer that got lost, to what had worked; or nothing but what is live could not be told.
            lost = WAY[number] == "PUT channels" and fault in ("drop-after", "truncated")
            assert (lost or number == len(WAY) - 1) and outcome == "released", problems
            assert (done.code, releases.agree()) == (0, id_), problems
        proxy.break_at()
        release(drive, id_).ok()
        assert releases.agree() == id_, problems


@pytest.mark.parametrize("shift", [1])
def test_a_release_says_what_it_leaves_in_an_outage(releases, proxy, drive, shift):
    for number, fault in broken(shift):
        before, id_ = releases.ids[0], releases.next()
        proxy.break_at(number, fault, lasting=True)
        done = release(drive, id_)
        outcome, problems = done.last["outcome"], (WAY[number], fault, done.err)
        proxy.break_at()
        assert done.last["live_version"] is None
        if number < MOVED:
            assert (outcome, done.code, releases.agree()) == ("stopped", 2, before), problems
            assert said_what_to_do(done), problems
        elif number == len(WAY) - 1:
            assert (outcome, done.code, releases.agree()) == ("released", 0, id_), problems
        else:
            assert (outcome, done.code) == ("failed_live", 1), problems
            assert f"release: release {id_} failed; Lambda did not answer what is live\n" in done.err
            again, _, command = done.last["help"].partition("; then: ")
            assert "run the same command again" in again
            assert command == f"publisher rollback --to live --terraform {releases.stack.directory}"
            if number % 2:
                # What it says leads back to what was verified last.
                there = drive("rollback", "--to", "live").ok()
                assert there.last["outcome"] in ("released", "unchanged"), problems
                assert releases.agree() in (before, id_)
        release(drive, id_).ok()
        assert releases.agree() == id_, problems


def test_a_repair_in_an_outage(releases, proxy, drive):
    """As a release: nothing moves, or it is said; run again it ends well."""
    releases.next(), release(drive, releases.ids[0]).ok()
    repair = ["reconcile", "--repair"]
    releases.stack.point("live", "1")
    proxy.break_at()
    drive(*repair).ok()
    requests = [kind(request) for request in proxy.requests]
    for number, request in enumerate(requests):
        releases.stack.point("live", "1")
        proxy.break_at(number, LAMBDA_FAULTS[number % len(LAMBDA_FAULTS)], lasting=True)
        done = drive(*repair)
        proxy.break_at()
        assert (done.code, done.last["outcome"]) in ((2, "stopped"), (1, "failed_live"), (0, "released")), done.err
        assert done.code == 0 or said_what_to_do(done), (request, done.err)
        drive(*repair).ok()
        assert releases.agree() == releases.ids[0], request


@pytest.mark.parametrize(("number", "tried"), [(0, "read s3://"), (1, "read version candidate of "), (3, "invoke version 2 of ")])
def test_an_answer_that_stands_still(steps, proxy, number, tried):
    """Nothing hangs: it is given up, and said."""
    proxy.break_at(number, "stalled", lasting=True)
    done = steps.run("smoke")
    assert (done.code, done.out) == (2, "") and said_what_to_do(done), done.err
    assert done.err.startswith(f"error: can't {tried}") and "there was no complete response" in done.err


def test_an_address_that_stands_still(steps):
    """It is not asked as often as one that is wrong at once: what is live must go back in time."""
    front = Proxy(steps.stack.url)
    front.break_at(0, "stalled", lasting=True)
    done = steps.stack("verify", steps.second, "--url", front.url, *SETTINGS)
    front.close()
    assert (done.code, done.err) == (1, f"error: verify: {front.url}: no answer: the body stalled\n")
    assert len(front.requests) == 1


def test_what_is_said(steps, proxy):
    name = steps.stack.name

    def said(fault, what, help_, **env):
        proxy.break_at(0, fault, lasting=True)
        done = steps.run("prune", **env)
        done.fails(f"error: can't list versions of {name} in {REGION}: {what}", f"  help: {help_}")

    again = "run the same command again; finished work is not repeated"
    who = f"User: arn:aws:sts::123456789012:assumed-role/coldpress-plan/ci is not authorized to perform: lambda:ListVersionsByFunction on resource: {name}"
    said(
        (403, *lambda_error("AccessDeniedException", who)),
        f"access denied (AccessDeniedException: {who})",
        "the role lacks this permission (terraform/bootstrap/permissions.tf lists what each role may do), or the resource "
        "belongs to another account",
    )
    for code, status in (("UnrecognizedClientException", 403), ("InvalidSignatureException", 403), ("ExpiredTokenException", 403)):
        said(
            (status, *lambda_error(code, "no")),
            f"AWS rejected the credentials ({code}: no)",
            "get new credentials (these may have expired), and check which ones AWS_PROFILE or AWS_ACCESS_KEY_ID "
            "selects",
        )
    said("429", "AWS throttled the request (TooManyRequestsException: Rate exceeded.)", f"wait a minute and {again}")
    said("500", "AWS failed (ServiceException: An error occurred.)", again)
    said("503", "AWS throttled the request (ServiceUnavailable: Try again.)", f"wait a minute and {again}")
    said(
        (400, *lambda_error("InvalidParameterValueException", "no")),
        "AWS rejected the request (InvalidParameterValueException: no)",
        "fix what AWS reports, and run the same command again",
    )
    proxy.break_at()
    done = steps.run("prune", AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert (done.code, done.out) == (2, "")
    assert f"error: can't list versions of {name} in {REGION}: no AWS credentials were found" in done.err
    assert done.err.endswith(
        "\n  help: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; in GitHub Actions, "
        "aws-actions/configure-aws-credentials sets them\n"
    )


def test_another_region(steps, proxy):
    """Where releases lie, and which function serves them, is told by region: AWS_REGION counts for neither."""
    steps.run("smoke", AWS_REGION="us-west-2").ok()
    proxy.break_at(0, (301, [("x-amz-bucket-region", "us-west-2")], b""), lasting=True)
    record = f"s3://{steps.stack.bucket.name}/releases/{steps.second}.json"
    steps.run("smoke").fails(
        f"error: can't read {record}: wrong region (status 301)",
        "  help: the bucket is in us-west-2: set AWS_REGION=us-west-2, or pass `--bucket us-west-2=NAME`; with "
        "`--terraform DIR`, run `publisher init` again, which writes the region there",
    )
    proxy.break_at()
    # The function's region is another: there it has no alias.
    variables = steps.stack.root / "bootstrap.auto.tfvars.json"
    told = json.loads(variables.read_bytes())
    elsewhere = {**told, "regions": ["us-west-2"], "artifact_buckets": {"us-west-2": steps.stack.bucket.name}}
    variables.write_text(json.dumps(elsewhere))
    steps.run("smoke").fails(
        f"error: {steps.stack.name} in us-west-2 has no alias `candidate`",
        "  help: run `publisher step prepare`, apply Terraform's plan, then run the same command again",
    )
