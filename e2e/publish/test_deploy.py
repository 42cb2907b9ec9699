"""The steps of a release: against moto's Lambda, which runs the published packages."""

import json

import moto.awslambda.models as lambda_models
import pytest
from builder import REGION
from driven import SETTINGS
from moto.core import DEFAULT_ACCOUNT_ID


def test_a_release_step_by_step(stack, served):
    first = stack.publish(served[0])
    prepared = stack("step", "prepare", first).ok()
    assert prepared.json == {"step": "prepare", "ok": True, "release": first, "live_version": {}}
    release, live = stack.variables()
    assert live == {}
    assert release == {
        "id": first,
        "architecture": release["architecture"],
        "reader": {
            "sha256": served[0].digest("reader.zip"),
            "code_sha256": served[0].code_sha256(),
            "bytes": len(served[0].files["reader.zip"]),
        },
        "database": {"sha256": served[0].digest("data.db"), "bytes": len(served[0].files["data.db"])},
    }
    stack.apply()
    smoke = {"step": "smoke", "ok": True, "release": first, "versions": {REGION: 1}, "questions": 3, "problems": []}
    assert stack("step", "smoke", first).ok().json == smoke
    # Nothing is live yet, and nothing says it is.
    done = stack.verify("step", "set-channel", first)
    assert (done.code, done.json["moved"]) == (1, False)
    assert done.err == (
        f"error: set-channel: {stack.url}: it answers with status 404\n"
        f"error: set-channel: {REGION}: nothing is live\n"
    )
    assert "channels/live.json" not in stack.bucket.keys()

    promoted = {"step": "promote", "ok": True, "release": first, "live_version": {REGION: 1}, "before": {}}
    for _ in range(2):
        assert stack("step", "promote", first).ok().json == promoted
    stack.apply()
    verified = {"release": first, "answers": {stack.url: 20}, "problems": []}
    assert stack.verify("verify", first).ok().json == {"step": "verify", "ok": True, **verified}
    moved = stack.verify("step", "set-channel", first).ok().json
    expected = {"step": "set-channel", "ok": True, **verified, "moved": True, "previous": None}
    assert moved == {**expected, "versions": {REGION: 1}}
    assert stack.verify("step", "set-channel", first).ok().json["moved"] is False
    history = [{"release": first, "versions": {REGION: 1}, "settings": SETTINGS}]
    assert stack.channel() == {"format": 1, "current": first, "previous": None, "history": history}

    second = stack.release(served[1])
    history.insert(0, {"release": second, "versions": {REGION: 2}, "settings": SETTINGS})
    assert stack.channel() == {"format": 1, "current": second, "previous": first, "history": history}
    listed = stack.builder("list", "--terraform", stack.directory).ok().out.splitlines()
    assert sorted((line[:16], line.split()[2]) for line in listed) == sorted([(second, "live"), (first, "previous")])


def test_a_candidate_that_is_another_release_is_not_promoted(stack, served):
    first = stack.release(served[0])
    second = stack.publish(served[1])
    stack("step", "prepare", second).ok()
    # Not applied.
    for step in ("smoke", "promote"):
        done = stack("step", step, second)
        assert (done.code, done.out) == (2, "")
        assert f"version 1 of {stack.name} in {REGION}, the candidate, does not run release {second}" in done.err
        assert done.err.endswith("help: run `publisher step prepare`, apply Terraform's plan, then run the same command again\n")
    assert stack.live_version() == {REGION: 1}
    assert stack.channel()["current"] == first


def test_a_smoke_test_fails_on_other_answers(stack, served, packages):
    """A version whose package has the release's digest, but that answers as another."""
    id_ = stack.publish(served[0])
    stack("step", "prepare", id_).ok()
    stack.apply()
    other = stack.publish(served[1])
    stack("step", "prepare", other).ok()
    stack.apply()
    backend = lambda_models.lambda_backends[DEFAULT_ACCOUNT_ID][REGION]
    one, two = (packages.of(backend.get_function(stack.name, version)) for version in "12")
    two.invoke_url = one.invoke_url
    done = stack("step", "smoke", other)
    assert (done.code, done.json["ok"], len(done.json["problems"])) == (1, False, 2)
    digest = f'"sha256":"{served[0].digest("data.db")}"'
    holds, row = done.json["problems"]
    assert holds.startswith(f'{REGION}, version 2: it has {{"coldpress":"verify","database":{{') and digest in holds
    assert row.startswith(f"{REGION}, version 2: row 1 of table `things`: it answers ")


def test_wrong_answers_over_http_stop_the_channel(stack, served):
    first = stack.release(served[0])
    second = stack.publish(served[1])
    stack("step", "prepare", second).ok()
    stack.apply()
    for step in ("verify", "set-channel"):
        done = stack.verify("step", step, second)
        assert done.code == 1
        problem = f"it serves the database {served[0].digest('data.db')}, not {served[1].digest('data.db')}"
        assert f"error: {step}: {stack.url}: {problem}\n" in done.err
    assert stack.channel()["current"] == first


def test_back_while_the_version_is_there(stack, served):
    first, second = stack.release(served[0]), stack.release(served[1])
    back = stack("step", "rollback", "--to", "previous").ok().json
    assert back == {
        "step": "rollback", "ok": True, "release": first, "apply": "live",
        "live_version": {REGION: 1}, "before": {REGION: 2},
    }
    stack.apply()
    stack.verify("step", "set-channel", first).ok()
    assert (stack.channel()["current"], stack.channel()["previous"]) == (first, second)


def test_back_when_the_version_is_gone(stack, served):
    first, second = stack.release(served[0]), stack.release(served[1])
    stack.client.delete_function(FunctionName=stack.name, Qualifier="1")
    back = stack("step", "rollback", "--to", first).ok().json
    assert (back["apply"], back["live_version"]) == ("candidate", {REGION: 2})
    assert stack.variables()[0]["id"] == first
    stack.apply()
    stack("step", "smoke", first).ok()
    assert stack("step", "promote", first).ok().json["live_version"] == {REGION: 3}
    stack.apply()
    moved = stack.verify("step", "set-channel", first).ok().json
    assert (moved["previous"], moved["versions"]) == (second, {REGION: 3})


def test_reconciled(stack, served):
    none = stack("reconcile").ok().json
    assert none == {"step": "reconcile", "ok": True, "release": None, "live_version": {}, "problems": [], "repair": None}
    first, second = stack.release(served[0]), stack.release(served[1])
    assert stack.verify("reconcile").ok().json["problems"] == []
    stack.point("live", "1")
    done = stack.verify("step", "repair")
    assert (done.code, done.json["release"], len(done.json["problems"])) == (1, second, 2)
    assert done.json["repair"]["live_version"] == {REGION: 2}
    stack.apply()
    assert stack.verify("step", "repair").ok().json["repair"] is None
    assert first != second


def test_two_deployers_at_once_move_the_channel_once(stack, served):
    first = stack.release(served[0])
    id_ = stack.publish(served[1])
    stack("step", "prepare", id_).ok()
    stack.apply()
    stack("step", "promote", id_).ok()
    stack.apply()
    arguments = ["step", "set-channel", "--terraform", stack.directory, "--url", stack.url, id_]
    running = [stack.builder.start(*arguments) for _ in range(3)]
    ends = [(*process.communicate(timeout=120), process.returncode) for process in running]
    assert {code for *_, code in ends} == {0}, ends
    assert [entry["release"] for entry in stack.channel()["history"]] == [id_, first]


def test_a_channel_that_moves_in_the_meantime_is_left_alone(stack, served, proxy):
    """Between our look and our write somebody else's move."""
    stack.release(served[0])
    id_ = stack.publish(served[1])
    stack("step", "prepare", id_).ok()
    stack.apply()
    stack("step", "promote", id_).ok()
    stack.apply()
    theirs = {"format": 1, "current": "0" * 16, "previous": None, "history": []}
    proxy.break_at(1, "passed", do=lambda: stack.bucket.put("channels/live.json", json.dumps(theirs).encode()))
    done = stack.verify("step", "set-channel", id_)
    assert (done.code, done.out) == (2, ""), done.err
    url = f"s3://{stack.bucket.name}/channels/live.json"
    assert done.err.startswith(f"error: can't write {url}: it changed in the meantime (PreconditionFailed: ")
    assert done.err.endswith("help: another run is changing it: run the same command again\n")
    assert stack.channel() == theirs


@pytest.mark.parametrize("fault", ["drop-after", "truncated", "500"])
def test_a_broken_move_of_the_channel_is_one_move(stack, served, proxy, fault):
    first = stack.release(served[0])
    id_ = stack.publish(served[1])
    stack("step", "prepare", id_).ok()
    stack.apply()
    stack("step", "promote", id_).ok()
    stack.apply()
    proxy.break_at()
    before = [request for request in proxy.requests]
    assert before == []
    arguments = ["--url", stack.url, "--tries", "20", id_]
    copy = stack.bucket.get("channels/live.json")
    stack("step", "set-channel", *arguments).ok()
    number = next(i for i, request in enumerate(proxy.requests) if request.startswith("PUT "))
    stack.bucket.put("channels/live.json", copy)
    proxy.break_at(number, fault)
    stack("step", "set-channel", *arguments, attempts="3").ok()
    assert [entry["release"] for entry in stack.channel()["history"]] == [id_, first]
    # And without retries: run again.
    stack.bucket.put("channels/live.json", copy)
    proxy.break_at(number, fault, lasting=True)
    assert stack("step", "set-channel", *arguments).code == 2
    proxy.break_at()
    stack("step", "set-channel", *arguments).ok()
    assert [entry["release"] for entry in stack.channel()["history"]] == [id_, first]


def test_pruned(stack, served, tmp_path_factory):
    stack.release(served[0])
    for number in range(24):
        settings = {"FunctionName": stack.name, "Description": str(number)}
        stack.client.update_function_configuration(**settings)
        stack.client.publish_version(FunctionName=stack.name)
    versions = stack.client.list_versions_by_function(FunctionName=stack.name)["Versions"]
    assert [version["Version"] for version in versions] == ["$LATEST", *map(str, range(1, 26))]
    stack.point("live", "1", {"3": 0.1})
    young = stack("prune").ok().json
    releases = {"deleted": [], "kept": 1, "objects": []}
    assert young == {"step": "prune", "ok": True, "deleted": {REGION: []}, "kept": {REGION: 25}, "dry_run": False, "releases": releases}
    later = ["--now", "2999-01-01T00:00:00Z"]
    assert stack("prune", *later, "--dry-run").ok().json["deleted"] == {REGION: [2, 4, 5]}
    pruned = {**young, "deleted": {REGION: [2, 4, 5]}, "kept": {REGION: 22}}
    assert stack("prune", *later).ok().json == pruned
    assert stack("prune", *later).ok().json["deleted"] == {REGION: []}
    versions = stack.client.list_versions_by_function(FunctionName=stack.name)["Versions"]
    assert [version["Version"] for version in versions] == ["$LATEST", "1", "3", *map(str, range(6, 26))]
