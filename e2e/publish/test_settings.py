"""Settings of the function, and what somebody did to it by hand: each release, rollback and repair leaves what its files say,
or says which command does.
"""

import boto3
import pytest
from builder import REGION
from driven import PROOF, SETTINGS, TO_PROMOTION, ended, release


def test_another_setting_is_a_release(stack, served, drive, terraform):
    id_ = stack.publish(served[0])
    release(drive, id_).ok()
    stack.memory_mb = 256
    done = release(drive, id_).ok()
    assert (done.steps, done.last) == (["verify", *TO_PROMOTION, *PROOF], ended("release", id_, "released", 2))
    said = f"release {id_} is live, but its settings or the function changed: it goes through all steps\n"
    assert said in done.err
    entry = {"release": id_, "versions": {REGION: 2}, "settings": {**SETTINGS, "memory_mb": 256}}
    assert stack.channel()["history"] == [entry]
    for command in (["release", id_], ["rollback", "--to", id_], ["reconcile", "--repair"]):
        assert drive(*command).ok().last["outcome"] == "unchanged"


def test_a_setting_that_was_applied_and_not_proven_is_no_change_that_is_live(stack, served, drive, terraform, packages, monkeypatch):
    id_ = stack.publish(served[0])
    release(drive, id_).ok()
    stack.memory_mb = 256
    invoke = packages.invoke
    monkeypatch.setattr(packages, "invoke", lambda function, event: (True, "{}"))
    assert release(drive, id_).last["outcome"] == "stopped"
    monkeypatch.setattr(packages, "invoke", invoke)
    # Terraform has nothing to do, and what is live is the version before.
    done = release(drive, id_).ok()
    assert (done.last["outcome"], done.last["live_version"]) == ("released", {REGION: 2})


def test_back_to_the_settings_that_a_release_was_live_with(stack, served, drive, terraform, packages, monkeypatch):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    # A second version of the first release, which never was live.
    stack.memory_mb = 256
    invoke = packages.invoke
    monkeypatch.setattr(packages, "invoke", lambda function, event: (True, "{}"))
    assert release(drive, first).last["outcome"] == "stopped"
    monkeypatch.setattr(packages, "invoke", invoke)
    release(drive, second).ok()
    done = drive("rollback", "--to", first).ok()
    assert done.last == ended("rollback", first, "released", 1)
    assert stack.channel()["history"][0]["settings"] == SETTINGS
    # Somebody moves the alias to the other one: the same package, and not what was proven.
    stack.point("live", "2")
    done = drive("reconcile", "--repair").ok()
    assert done.last == ended("reconcile", first, "released", 1)
    assert f"error: compare: {REGION}: version 2 is live, but version 1 was verified\n" in done.err


def test_back_to_a_version_that_is_gone_says_which_settings_differ(stack, served, drive, terraform):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    for id_ in (first, second):
        release(drive, id_).ok()
    stack.client.delete_function(FunctionName=stack.name, Qualifier="1")
    stack.memory_mb = 512
    done = drive("rollback", "--to", first).ok()
    assert done.steps == [*TO_PROMOTION, "compare-settings", *PROOF]
    assert "note: when this release was last live, memory was 128 MB, and is 512 MB\n" in done.err
    assert stack.channel()["history"][0]["settings"] == {**SETTINGS, "memory_mb": 512}


@pytest.mark.parametrize("command", [["release", "live"], ["rollback", "--to", "live"], ["reconcile", "--repair"]], ids=lambda it: it[0])
def test_a_lost_alias_is_made_again(stack, served, drive, terraform, command):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    for id_ in (first, second):
        release(drive, id_).ok()
    stack.client.delete_alias(FunctionName=stack.name, Name="live")
    # A refresh takes it from the state, as an apply of something else would.
    terraform.state["live"] = {}
    done = drive(*command).ok()
    assert (done.last["outcome"], done.last["release"], stack.pointed("live")) == ("released", second, 2)


def test_a_function_that_does_not_serve_although_nothing_is_to_move(stack, served, drive, terraform, packages, monkeypatch):
    """Such as one whose concurrency somebody set to 0: it is applied again, and says so where that does not help."""
    id_ = stack.publish(served[0])
    release(drive, id_).ok()
    monkeypatch.setattr(packages, "broken", ("1",))
    done = drive("reconcile", "--repair")
    assert done.steps == ["compare!", *TO_PROMOTION, "check-plan", "apply", "verify!"]
    assert (done.code, done.last["outcome"]) == (1, "failed_live")
    assert done.last["help"] == f"fix the problem, then: publisher release {id_} --terraform {stack.directory}"
    monkeypatch.undo()
    assert drive("reconcile", "--repair").ok().last["outcome"] == "unchanged"


@pytest.mark.parametrize("command", [["release"], ["rollback", "--to"]], ids=lambda it: it[0])
def test_without_a_service_nothing_moves(stack, served, drive, terraform, command):
    id_ = stack.publish(served[0])
    stack.bucket.s3.delete_object(Bucket=stack.bucket.name, Key="service.json")
    url, apply = f"s3://{stack.bucket.name}/service.json", f"run `terraform -chdir={stack.directory}/service apply`"
    done = drive(*command, id_)
    problem = f"the API's address is unknown: {url} does not exist"
    help_ = f"{apply}, which creates the API and writes that object; or pass `--url URL`"
    assert (done.code, done.last) == (2, ended(command[0], None, "stopped", None, problems=[problem], help=help_))
    assert terraform.calls == []
    stack.serve(format=2)
    done = drive(*command, id_)
    problem = f"{url} can't be used: it has format 2, and this program reads format 1"
    assert done.last == ended(command[0], None, "stopped", None, problems=[problem], help=apply)
    stack.bucket.put("service.json", b"{}")
    unusable = f"{url} can't be used: missing field `format` at line 1 column 2"
    assert drive(*command, id_).last["problems"] == [unusable]
    done = drive(*command, id_, "--url", stack.url).ok()
    assert f"note: if there is a CDN, its cache was not emptied: {unusable}\n" in done.err


CDN = {
    "CallerReference": "1",
    "Comment": "",
    "Enabled": True,
    "DefaultCacheBehavior": {"TargetOriginId": "a", "ViewerProtocolPolicy": "https-only"},
    "Origins": {"Quantity": 1, "Items": [{"Id": "a", "DomainName": "example.org", "CustomOriginConfig": {
        "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}]},
}  # fmt: skip


def test_a_cdn_is_emptied_once_a_release_is_live(stack, served, drive, terraform, moto, packages, monkeypatch):
    keys = {"endpoint_url": moto, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    cloudfront = boto3.client("cloudfront", region_name="us-east-1", **keys)
    distribution = cloudfront.create_distribution(DistributionConfig=CDN)["Distribution"]["Id"]
    stack.serve(distribution_id=distribution)
    first, second = stack.publish(served[0]), stack.publish(served[1])
    done = release(drive, first).ok()
    assert done.steps == [*TO_PROMOTION, *PROOF, "invalidate"]

    def emptied():
        return cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Quantity"]

    assert emptied() == 1
    assert release(drive, first).ok().last["outcome"] == "unchanged" and emptied() == 1
    # On the way back too: it may have kept answers of what failed.
    monkeypatch.setattr(packages, "broken", ("2",))
    done = release(drive, second)
    assert (done.steps[-1], done.last["outcome"], emptied()) == ("invalidate", "rolled_back", 2)
    monkeypatch.undo()
    # With an address that is given too.
    drive("release", second, "--url", stack.url).ok()
    assert drive("rollback", "--to", first, "--url", stack.url).ok().steps[-1] == "invalidate" and emptied() == 4
    # A cache that is not emptied undoes nothing, and is said.
    stack.serve(distribution_id="E0")
    done = release(drive, second).ok()
    assert (done.steps[-1], done.last["outcome"]) == ("invalidate!", "released")
    assert "error: invalidate: can't empty the cache of CloudFront distribution E0: " in done.err
    assert "\n  help: aws cloudfront create-invalidation --distribution-id E0 --paths '/*'\n" in done.err


def keeps_nothing(stack, file="terraform.tfvars"):
    return (
        'let it keep answers, with reader = { cache_control = "public, max-age=60, s-maxage=86400" } in '
        f"{stack.directory}/release/{file}, or remove it, with cdn = false in {stack.directory}/service/{file}"
    )


def cache_control(value):
    return {"COLDPRESS_CACHE_CONTROL": value}


def test_a_cache_control_that_contradicts_the_cdn_is_not_released(stack, served, drive, terraform):
    """Terraform can't say so: one root has the header, the other one the CDN."""
    stack.serve(distribution_id="E0")
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    longest = f"set a max-age and an s-maxage of at most 31536000 in {stack.directory}/release/terraform.tfvars"
    for value, what, help_ in (
        ("private, max-age=60", "the CDN keeps no answer", keeps_nothing(stack)),
        ("public, max-age=31536001", "the CDN keeps an answer for 31536000 seconds, a year, at most", longest),
    ):
        stack.environment = cache_control(value)
        for id_ in (first, second):
            done = release(drive, id_)
            assert done.steps[-5:] == ["prepare", "check-plan", "apply", "smoke", "check-caching!"]
            problem = f'check-caching: reader.cache_control is "{value}", and {what}'
            assert (done.code, done.last) == (1, ended("release", id_, "stopped", 1, problems=[problem], help=help_))
            assert done.err.endswith(f"error: release: stopped before anything live was touched\n  help: {help_}\n")
            assert stack.pointed("live") == 1
        # The way back asks for nothing of the kind.
        assert drive("rollback", "--to", "live").ok().last["outcome"] == "unchanged"
    stack.environment = cache_control("public, max-age=60, s-maxage=86400")
    assert release(drive, second).ok().last["outcome"] == "released"


def test_a_cdn_that_came_after_the_cache_control_stops_no_release(stack, served, drive, terraform):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    stack.environment = cache_control("no-store")
    release(drive, first).ok()
    stack.verify("reconcile").ok()
    stack.serve(distribution_id="E0")
    # What applies the service's settings compares afterwards.
    problem, help_ = 'reader.cache_control is "no-store", and the CDN keeps no answer', keeps_nothing(stack)
    done = stack("reconcile", "--tries", "20", "--pause", "0")
    assert (done.code, done.json["problems"], done.err) == (1, [f"{problem}: {help_}"], f"error: reconcile: {problem}: {help_}\n")
    done = release(drive, second).ok()
    assert done.last["outcome"] == "released" and f"note: {problem}\n  help: {help_}\n" in done.err
    assert drive("reconcile", "--repair").ok().last["outcome"] == "unchanged"
    # In a data repository the settings are in other files.
    for root in ("release", "service"):
        (stack.directory / root / "variables.tf").unlink()
    done = stack("reconcile", "--tries", "20", "--pause", "0")
    assert done.json["problems"] == [f"{problem}: {keeps_nothing(stack, 'main.tf')}"]
