"""Runs of `publisher` that run `terraform`, and how they end."""

import json

import pytest
from builder import REGION
from terraform import Terraform


@pytest.fixture
def terraform(stack, tmp_path_factory):
    terraform = Terraform(stack, tmp_path_factory.mktemp("terraform"))
    yield terraform
    terraform.end()


@pytest.fixture
def drive(stack, terraform):
    def driven(step, *arguments, **env):
        """The run, its steps' names with whether they were well, and its last line."""
        terraform.calls.clear()
        env.setdefault("PATH", terraform.path())
        done = stack(step, "--tries", "20", "--pause", "0", *arguments, **env)
        lines = [json.loads(line) for line in done.out.splitlines()]
        done.steps = [line["step"] + ("" if line["ok"] else "!") for line in lines[:-1]]
        done.last = lines[-1] if lines else None
        return done

    return driven


def release(drive, id_, **env):
    return drive("release", id_, **env)


TO_PROMOTION = ["prepare", "check-plan", "apply", "smoke", "promote"]
PROOF = ["check-plan", "apply", "verify", "set-channel"]


def calls(id_, before, after):
    """Of a release: the second plan trusts the state where what was verified before is live."""
    first, second = f"{id_} {before}", f"{id_} {after}"
    return [f"plan {first}", f"apply {first}", f"plan {second}" + (" of the state" if before else ""), "show", f"apply {second}"]


def ended(step, id_, outcome, version, **more):
    line = {"step": step, "ok": outcome in ("released", "unchanged"), "release": id_, "outcome": outcome}
    line |= {"live_version": {REGION: version} if version else {}, "back_to": None, "problems": [], "help": None}
    return {**line, **more}


SETTINGS = {"memory_mb": 128, "variables": {}}


def broken_when(packages, monkeypatch, *versions):
    """These versions answer the smoke test, and the public with an error."""
    monkeypatch.setattr(packages, "broken", versions)
