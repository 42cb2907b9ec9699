"""A release from end to end with `terraform` in between: the order of calls, and the way back."""

import json
import os
import shutil
from pathlib import Path

import pytest
from builder import REGION
from driven import PROOF, TO_PROMOTION, broken_when, calls, ended, release
from terraform import FUNCTION, LIVE

LOCKED = """Error: Error acquiring the state lock

Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        8a1c
  Path:      states/c.tfstate
  Operation: OperationTypeApply
  Who:       somebody@elsewhere
  Version:   1.11.4
  Created:   2026-11-23 08:00:00 +0000 UTC
"""


def test_the_whole_way(stack, served, drive, terraform):
    first = stack.publish(served[0])
    done = release(drive, first).ok()
    assert done.steps == TO_PROMOTION + PROOF
    assert done.last == ended("release", first, "released", 1)
    assert terraform.calls == calls(first, None, 1)
    assert done.err.endswith(f"release: release {first} is live and verified\n")
    assert "a plan, in words\n" in done.err and "applied, in words\n" in done.err

    second = stack.publish(served[1])
    done = release(drive, second).ok()
    assert (done.steps, done.last) == (TO_PROMOTION + PROOF, ended("release", second, "released", 2))
    assert terraform.calls == calls(second, 1, 2)
    assert (stack.channel()["current"], stack.channel()["previous"]) == (second, first)


def test_what_is_live_and_verified_is_left_alone(stack, served, drive, terraform):
    id_ = stack.publish(served[0])
    release(drive, id_).ok()
    channel = stack.bucket.get("channels/live.json")
    done = release(drive, id_).ok()
    assert (done.steps, done.last) == (["verify"], ended("release", id_, "unchanged", 1))
    assert terraform.calls == ["output", f"plan {id_} 1"]
    assert done.err == f"a plan, in words\nrelease: release {id_} was live and verified already; nothing changed\n"
    assert stack.bucket.get("channels/live.json") == channel


def test_a_plan_that_touches_more_is_not_applied(stack, served, drive, terraform):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    change = {"actions": ["update"], "before": {}, "after": {}}
    terraform.extra = [{"address": f"{FUNCTION}.aws_lambda_layer_version.this", "mode": "managed", "change": change}]
    done = release(drive, second)
    problem = (
        f"check-plan: {FUNCTION}.aws_lambda_layer_version.this: the first apply of a release may change only the function and alias "
        "`candidate`"
    )
    assert (done.code, done.steps) == (1, ["prepare", "check-plan!"])
    help_ = (
        "look at the plan, and apply it with rights of your own if it is meant: terraform "
        f"-chdir={stack.root} apply; then run the same command again"
    )
    assert done.last == ended("release", second, "stopped", 1, problems=[problem], help=help_)
    assert [call.split()[0] for call in terraform.calls] == ["plan"]
    assert done.err.endswith(f"error: release: stopped before anything live was touched\n  help: {help_}\n")


MOVED = "Error: Moved resource instances excluded by targeting\n\nResource instances in your current state have moved to new addresses\n"


def test_the_first_plan_with_files_that_rename_modules_is_of_both(stack, served, drive, terraform):
    """Terraform renames all of a state or nothing; the plan is checked as any other."""
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    terraform.on = {0: ("instead", lambda: (1, MOVED))}
    done = release(drive, second).ok()
    assert (done.steps, done.last) == (TO_PROMOTION + PROOF, ended("release", second, "released", 2))
    assert terraform.calls[:3] == ["plan", f"plan {second} 1 whole", f"apply {second} 1"]
    terraform.on = {0: ("instead", lambda: (1, MOVED))}
    change = {"actions": ["update"], "before": {}, "after": {}}
    terraform.extra = [{"address": f"{FUNCTION}.aws_lambda_layer_version.this", "mode": "managed", "change": change}]
    assert release(drive, first).steps == ["prepare", "check-plan!"]


def test_a_second_plan_that_touches_more_leaves_live_as_it_is(stack, served, drive, terraform):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    change = {"actions": ["update"], "before": {}, "after": {}}
    more = {"address": f"{FUNCTION}.aws_lambda_layer_version.this", "mode": "managed", "change": change}
    terraform.on = {1: ("after", lambda: terraform.extra.append(more))}
    done = release(drive, second)
    assert (done.code, done.steps) == (1, [*TO_PROMOTION, "check-plan!"])
    assert (done.last["outcome"], done.last["live_version"]) == ("stopped", {REGION: 1})
    # Whoever plans by hand now does not move it either.
    assert stack.live_version() == {REGION: 1}


def test_a_smoke_test_that_fails_moves_nothing(stack, served, drive, terraform, packages, monkeypatch):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    one = packages.invoke
    monkeypatch.setattr(packages, "invoke", lambda function, event: one(function, event) if str(function.version) == "1" else (True, "{}"))
    done = release(drive, second)
    assert (done.code, done.steps) == (1, ["prepare", "check-plan", "apply", "smoke!"])
    assert (done.last["outcome"], done.last["live_version"]) == ("stopped", {REGION: 1})
    assert stack.channel()["current"] == first


def test_back_by_itself(stack, served, drive, terraform, packages, monkeypatch):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    broken_when(packages, monkeypatch, "2")
    done = release(drive, second)
    problem = f"verify: {stack.url}: it answers with status 500"
    assert done.code == 1
    assert done.steps == [*TO_PROMOTION, "check-plan", "apply", "verify!", "check-plan", "apply", "verify"]
    help_ = "fix the problem and release it again"
    assert done.last == ended("release", second, "rolled_back", 1, back_to=first, problems=[problem], help=help_)
    back = f"{second} 1"
    assert terraform.calls == [*calls(second, 1, 2), f"plan {back}", "show", f"apply {back}"]
    assert done.err.endswith(
        f"error: release: {problem}\nerror: release: release {second} failed; release {first}, which was verified before, is "
        f"live and verified again\n  help: {help_}\n"
    )
    assert (stack.channel()["current"], stack.live_version()) == (first, {REGION: 1})
    # Mended, the same command goes the whole way.
    monkeypatch.undo()
    assert release(drive, second).ok().last == ended("release", second, "released", 2)


def test_back_when_the_second_apply_fails_half_way(stack, served, drive, terraform):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    terraform.on = {4: ("after", lambda: (1, "Error: error updating Lambda Alias\n"))}
    done = release(drive, second)
    assert done.steps == [*TO_PROMOTION, "check-plan", "check-plan", "apply", "verify"]
    problem = f"`terraform apply` in `{stack.root}`: exit code 1"
    assert (done.code, done.last["outcome"], done.last["problems"]) == (1, "rolled_back", [problem])
    assert (done.last["back_to"], done.last["live_version"]) == (first, {REGION: 1})


def test_back_when_the_channel_does_not_move(stack, served, drive, terraform, builder, proxy):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    broken = (403, [], b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
    handle = proxy.handle

    def refuse(request):
        if request.command == "PUT" and request.path.startswith(f"/{stack.bucket.name}/channels/"):
            request.rfile.read(int(request.headers.get("content-length") or 0))
            return proxy.answer(request, *broken)
        return handle(request)

    proxy.handle = refuse
    try:
        done = release(drive, second)
    finally:
        proxy.handle = handle
    assert done.code == 1
    assert done.steps == [*TO_PROMOTION, "check-plan", "apply", "verify", "check-plan", "apply", "verify"]
    assert done.last["problems"][0].startswith(f"can't write s3://{stack.bucket.name}/channels/live.json: access denied")
    assert (done.last["outcome"], done.last["back_to"], done.last["live_version"]) == ("rolled_back", first, {REGION: 1})


def test_a_way_back_that_fails_says_what_it_left(stack, served, drive, terraform, packages, monkeypatch):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    broken_when(packages, monkeypatch, "2")
    terraform.on = {7: ("instead", lambda: (1, "Error: no\n"))}
    done = release(drive, second)
    assert done.code == 1
    verify = f"verify: {stack.url}: it answers with status 500"
    failed = f"the rollback to release {first} failed too"
    apply = f"`terraform apply` in `{stack.root}`: exit code 1"
    command = f"publisher rollback --to {first} --terraform {stack.directory}"
    help_ = f"fix the errors that Terraform reports above, and run the same command again; then: {command}"
    assert done.last == ended("release", second, "failed_live", 2, problems=[verify, failed, apply], help=help_)
    assert done.err.endswith(
        f"error: release: release {second} failed; live version, not verified: {REGION}: 2\n  help: {help_}\n"
    )
    # That command goes on from there.
    terraform.on = {}
    done = drive("rollback", "--to", first).ok()
    assert done.last == ended("rollback", first, "released", 1)


def test_the_very_first_release_has_nothing_to_go_back_to(stack, served, drive, terraform, packages, monkeypatch):
    first = stack.publish(served[0])
    broken_when(packages, monkeypatch, "1")
    done = release(drive, first)
    problems = [
        f"verify: {stack.url}: it answers with status 500",
        "no other release was ever verified, so there is nothing to roll back to: the live version stays",
    ]
    help_ = f"fix the problem, then: publisher release {first} --terraform {stack.directory}"
    assert (done.code, done.last) == (1, ended("release", first, "failed_live", 1, problems=problems, help=help_))
    assert "channels/live.json" not in stack.bucket.keys()
    monkeypatch.undo()
    assert release(drive, first).ok().last == ended("release", first, "released", 1)


def test_what_somebody_else_made_live_is_left_alone(stack, served, drive, terraform, packages, monkeypatch):
    first, second, third = map(stack.publish, served)
    for id_ in (first, second):
        release(drive, id_).ok()
    broken_when(packages, monkeypatch, "3")
    terraform.on = {4: ("after", lambda: stack.point("live", "1"))}
    done = release(drive, third)
    assert (done.code, done.last["outcome"], done.last["live_version"]) == (1, "failed_live", {REGION: 1})
    assert f"{REGION}: another run moved `live` to version 1 in the meantime" in done.last["problems"]
    assert stack.channel()["current"] == second


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_killed_at_any_call_and_run_again(stack, served, drive, terraform, first, number, when):
    before = None if first else stack.publish(served[0])
    if before:
        release(drive, before).ok()
    id_ = stack.publish(served[1])
    terraform.calls.clear()
    running = []
    terraform.on = {number: (when, lambda: running[0].kill())}
    arguments = ["release", id_, "--terraform", stack.directory]
    running.append(stack.builder.start(*arguments, PATH=terraform.path()))
    running[0].communicate(timeout=120)
    assert running[0].returncode == -9
    terraform.on = {}
    assert release(drive, id_).ok().last == ended("release", id_, "released", 1 if first else 2)
    assert [entry["release"] for entry in stack.channel()["history"]] == [id_, before][: 1 if first else 2]
    versions = stack.client.list_versions_by_function(FunctionName=stack.name)["Versions"]
    assert len(versions) == (2 if first else 3), "a version was published twice"


def test_rolled_back(stack, served, drive, terraform):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    for id_ in (first, second):
        release(drive, id_).ok()
    # As on a fresh checkout: what Terraform was told is not here.
    (stack.root / "release.auto.tfvars.json").unlink()
    (stack.root / "live.auto.tfvars.json").unlink()
    done = drive("rollback", "--to", "previous").ok()
    assert (done.steps, done.last) == (["promote", *PROOF], ended("rollback", first, "released", 1))
    plan = f"{second} 1"
    assert terraform.calls == ["output", f"plan {plan}", "show", f"apply {plan}"]
    assert (stack.channel()["current"], stack.channel()["previous"]) == (first, second)
    done = drive("rollback", "--to", first).ok()
    assert (done.steps, done.last) == (["verify"], ended("rollback", first, "unchanged", 1))


def test_rolled_back_to_a_version_that_is_gone(stack, served, drive, terraform):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    for id_ in (first, second):
        release(drive, id_).ok()
    stack.client.delete_function(FunctionName=stack.name, Qualifier="1")
    done = drive("rollback", "--to", first).ok()
    assert (done.steps, done.last) == (TO_PROMOTION + PROOF, ended("rollback", first, "released", 3))


def test_reconciled(stack, served, drive, terraform):
    none = drive("reconcile", "--repair").ok()
    assert none.last == ended("reconcile", None, "unchanged", None)
    first, second = stack.publish(served[0]), stack.publish(served[1])
    for id_ in (first, second):
        release(drive, id_).ok()
    done = drive("reconcile", "--repair").ok()
    assert (done.steps, done.last) == (["compare"], ended("reconcile", second, "unchanged", 2))
    assert terraform.calls == ["output"]

    stack.point("live", "1")
    done = drive("reconcile", "--repair").ok()
    assert (done.steps, done.last) == (["compare!", "promote", *PROOF], ended("reconcile", second, "released", 2))
    assert f"error: compare: {REGION}: version 1 is live, but Terraform's state has version 2\n" in done.err
    assert drive("reconcile", "--repair").ok().last == ended("reconcile", second, "unchanged", 2)


def test_a_state_that_was_not_written_is_reconciled(stack, served, drive, terraform, tmp_path):
    first, second = stack.publish(served[0]), stack.publish(served[1])
    for id_ in (first, second):
        release(drive, id_).ok()
    terraform.state["live"] = {REGION: 1}
    outputs = tmp_path / "outputs.json"
    outputs.write_text(terraform.output()[1])
    done = stack("reconcile", "--outputs", outputs)
    problem = f"{REGION}: version 2 is live, but Terraform's state has version 1"
    assert (done.code, done.json["problems"]) == (1, [problem])
    assert release(drive, second).ok().last["outcome"] == "released"
    terraform.state["live"] = {REGION: 1}
    assert drive("reconcile", "--repair").ok().last == ended("reconcile", second, "released", 2)
    assert terraform.state["live"] == {REGION: 2}


def test_what_is_live_without_a_proof_is_a_persons_matter(stack, served, drive, terraform):
    id_ = stack.publish(served[0])
    stack("step", "prepare", id_).ok()
    stack.apply()
    stack.point("live", "1")
    done = drive("reconcile", "--repair")
    problem = "compare: a version is live, but no release was ever verified: there is no channel"
    help_ = f"release one: `publisher release ID --terraform {stack.directory}`"
    assert (done.code, done.last) == (1, ended("reconcile", None, "stopped", 1, problems=[problem], help=help_))


def test_prepared_as_applied(stack, served, drive, terraform):
    nothing = {"step": "prepare", "ok": True, "release": None, "live_version": {}}
    assert stack("step", "prepare", "--current", PATH=terraform.path()).ok().json == nothing
    first, second = stack.publish(served[0]), stack.publish(served[1])
    for id_ in (first, second):
        release(drive, id_).ok()
    drive("rollback", "--to", first).ok()
    for name in ("release", "live"):
        (stack.root / f"{name}.auto.tfvars.json").unlink()
    as_applied = {"step": "prepare", "ok": True, "release": second, "live_version": {REGION: 1}}
    assert stack("step", "prepare", "--current", PATH=terraform.path()).ok().json == as_applied
    release_, live = stack.variables()
    assert (release_["id"], live) == (second, {REGION: 1})


@pytest.mark.parametrize(
    ("said", "reason", "help_"),
    [
        (
            LOCKED,
            "somebody@elsewhere has held the state's lock since 2026-11-23 08:00:00 +0000 UTC",
            "wait until that run ends and run the same command again; if it was killed, terraform -chdir={0} force-unlock 8a1c",
        ),
        (
            'Error: Backend initialization required, please run "terraform init"\n',
            "it is not initialised",
            "run `publisher init`, which reads the backend from bootstrap's outputs",
        ),
        (
            "Error: Saved plan is stale\n",
            "another run applied something after the plan was made",
            "run the same command again; only one run at a time may move `live`",
        ),
        (
            "Error: updating Lambda Function: api error ExpiredTokenException: The security token is expired\n",
            "AWS does not know the credentials, or they have expired",
            "get new credentials and run the same command again; it may find the lock that this run could not release, "
            "and then prints the command that removes it",
        ),
        (
            "Error: updating Lambda Function (coldpress-reader) configuration: operation error Lambda: UpdateFunctionConfiguration, "
            "https response error StatusCode: 400, RequestID: c9a4, InvalidParameterValueException: no\n",
            "AWS refuses a value in its files, as the error above says",
            "change the setting that the error names, in {0}/terraform.tfvars, and run the same command again",
        ),
        ("Error: no\n", "exit code 1", "fix the errors that Terraform reports above, and run the same command again"),
    ],
    ids=["locked", "not-initialised", "stale", "credentials", "setting", "other"],
)  # fmt: skip
def test_terraform_refuses(stack, served, drive, terraform, said, reason, help_):
    """At the first apply, and at the second before it began: nothing that is live was touched."""
    first, second = stack.publish(served[0]), stack.publish(served[1])
    release(drive, first).ok()
    begun = any(words in reason for words in ("credentials", "refuses", "exit code"))
    for number in (1,) if begun else (1, 4):
        terraform.on = {number: ("instead", lambda: (1, said))}
        done = release(drive, second)
        problem = f"`terraform apply` in `{stack.root}`: {reason}"
        help_ = help_.format(stack.root)
        assert done.code == 2
        assert done.last == ended("release", second, "stopped", 1, problems=[problem], help=help_)
        assert said in done.err
        assert len(terraform.calls) == number + 1
        assert stack.live_version() == {REGION: 1}


def test_no_terraform(stack, served, drive, tmp_path):
    id_ = stack.publish(served[0])
    done = release(drive, id_, PATH=str(tmp_path))
    problem = "can't run `terraform plan`: there is no `terraform` on the PATH"
    help_ = "install Terraform 1.11 or newer"
    assert (done.code, done.last) == (2, ended("release", id_, "stopped", None, problems=[problem], help=help_))


def test_from_a_directory(stack, served, drive, terraform):
    for outcome in ("released", "unchanged"):
        done = drive("release", "--from", served[0].directory).ok()
        assert (done.steps[0], done.last["outcome"]) == ("upload", outcome)
    assert json.loads(done.out.splitlines()[0])["release"] == done.last["release"] == stack.channel()["current"]


def test_from_datasets(stack, served, drive, terraform, tmp_path):
    """Built twice and compared with what is live, by the same command."""
    datasets = tmp_path / "datasets"
    shutil.copytree(served[0].directory.parent / "datasets", datasets)
    path = f"{Path(os.environ['COLDPRESS_BOOTSTRAP']).parent}:{terraform.path()}"

    def from_datasets(*more):
        return drive("release", "--datasets", datasets, *more, PATH=path)

    done = from_datasets().ok()
    assert (done.steps[:3], done.last["outcome"]) == (["build", "gate", "upload"], "released")
    first = done.last["release"]
    (table,) = datasets.glob("*/things.csv")
    header, *rows = table.read_text().splitlines(keepends=True)
    table.write_text(header)
    done = from_datasets()
    assert (done.code, done.last["step"], terraform.calls) == (1, "build", [])
    assert "[rows-lost] table `things` loses 3 of 3 rows (100 %), more than 20 %\n" in done.err
    table.write_text(header + rows[0].replace("1,", "one,", 1))
    done = from_datasets()
    assert (done.code, done.out, terraform.calls, stack.channel()["current"]) == (1, "", [], first)
    assert 'column `id`: "one" is not an integer' in done.err
    table.write_text(header + rows[0])
    done = from_datasets("--allow-shrink", "things").ok()
    assert (done.last["outcome"], json.loads(done.out.splitlines()[1])["against"]) == ("released", first)


def test_initialised(stack, terraform, tmp_path):
    """From a file, from the environment, and from bootstrap's own state; both roots, one or none."""
    keys = {root: f"c/{root}.tfstate" for root in ("release", "service")}
    backend = {"bucket": "states", "region": REGION, "keys": keys}
    variables = [stack.directory / root / "bootstrap.auto.tfvars.json" for root in ("release", "service")]
    root = json.loads(variables[0].read_text())
    outputs = json.dumps({"root_variables": {"value": root}, "backend": {"value": backend}, "role_arns": {"value": {}}})
    file = tmp_path / "outputs.json"
    file.write_text(outputs)
    asked = []
    terraform.init = lambda options, *arguments: (asked.append(arguments), (0, "", ""))[1]
    terraform.output = lambda *_: (0, outputs, "")

    def init(root):
        backend = [("bucket", "states"), ("key", keys[root]), ("region", REGION)]
        return ("-input=false", "-no-color", *(f"-backend-config={name}={value}" for name, value in backend))

    result = {"step": "init", "ok": True, "backend": backend, "initialised": ["service", "release"]}
    for arguments, env in ((["--bootstrap", file], {}), ([], {"COLDPRESS_ACCOUNT": outputs}), ([], {})):
        for path in variables:
            path.unlink(missing_ok=True)
        assert stack("init", *arguments, PATH=terraform.path(), **env).ok().json == result
        assert [json.loads(path.read_text()) for path in variables] == [root, root]
    assert asked == [init("service"), init("release")] * 3
    asked.clear()
    for arguments, roots in ((["--variables-only"], []), (["--only", "release"], ["release"]), (["--only", "service"], ["service"])):
        done = stack("init", *arguments, PATH=terraform.path(), COLDPRESS_ACCOUNT=outputs).ok()
        assert (done.json["initialised"], asked) == (roots, [init(root) for root in roots])
        asked.clear()
    # Another account's settings, in the roots that have any, until somebody asks for none.
    chosen = {root: stack.directory / root / "settings.auto.tfvars" for root in ("release", "service")}
    staging = stack.directory / "service" / "staging.tfvars"
    for _ in range(2):
        done = stack("init", "--variables-only", "--settings", "staging", COLDPRESS_ACCOUNT=outputs)
        done.fails(
            "error: there are no settings `staging`",
            f"  help: write those that differ into {stack.directory}/service/staging.tfvars or {stack.directory}/release/staging.tfvars, and commit it",
        )
        staging.write_text("domain = null\n")
        done = stack("init", "--variables-only", "--settings", "staging", COLDPRESS_ACCOUNT=outputs).ok()
        assert done.json["settings"] == [str(staging)]
        assert (chosen["service"].read_text(), chosen["release"].exists()) == ("domain = null\n", False)
        staging.unlink()
        assert "settings" not in stack("init", "--variables-only", COLDPRESS_ACCOUNT=outputs).ok().json
        assert not chosen["service"].exists()
    # Terraform refuses a directory for its providers that does not exist.
    stack("init", "--only", "release", PATH=terraform.path(), COLDPRESS_ACCOUNT=outputs, TF_PLUGIN_CACHE_DIR=tmp_path / "a" / "cache").ok()
    assert (tmp_path / "a" / "cache").is_dir()
    done = stack("init", PATH=terraform.path(), COLDPRESS_ACCOUNT="{}")
    done.fails(
        "error: `COLDPRESS_ACCOUNT` does not have bootstrap's outputs: missing field `root_variables` at line 1 column 2",
        f"  help: apply bootstrap, and use the output of `terraform -chdir={stack.directory}/bootstrap output -json`",
    )


def test_pulled_if_any(stack, served, drive, tmp_path):
    arguments = ["pull", "live", "--if-any", "--terraform", stack.directory, "-o", tmp_path / "live"]
    none = stack.builder(*arguments).ok()
    assert (none.json, none.err) == ({"release": None}, "no release is live yet\n")
    assert not (tmp_path / "live").exists()
    id_ = stack.publish(served[0])
    release(drive, id_).ok()
    assert stack.builder(*arguments).ok().json["release"] == id_
    assert (tmp_path / "live" / "data.db").read_bytes() == served[0].files["data.db"]
