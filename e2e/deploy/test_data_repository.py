"""A data repository's story, by act: made by `builder new`, with no compiler on its PATH, it releases, is refused, rolls back,
and upgrades. Each test goes on from where the one before it ended.
"""

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from client import Client
from data_repository import ABSENT, COLDPRESS, VERSION, Coldpress, DataRepository, DataWorld, programs
from shop import git
from workflows import Workflows

pytestmark = pytest.mark.skipif("COLDPRESS_ACT" not in os.environ, reason="act is not to be had, so no workflow was run")
NEXT = "99.0.0"
# What a release asks of others. One of the requests to the API is before `live` moves: whether it answers.
COUNTS = {
    "terraform, root release": "init plan apply plan show apply",
    "terraform, root service": "",
    "AWS, by publisher": 29,
    "AWS, by Terraform's backend": 30,
    "AWS, by Terraform's provider (stand-in)": 20,
    "the API": 21,
}


@pytest.fixture(scope="module")
def place():
    # act names its scripts to `sh` unquoted: no blanks, wherever this checkout lies (../memory.sh).
    with tempfile.TemporaryDirectory(prefix="act-") as directory:
        yield Path(directory)


@pytest.fixture(scope="module")
def data(place, bootstrap):
    def coldpress(front):
        made = Coldpress(place, front)
        made.release(VERSION, bootstrap)
        return made

    (place / "herbs").mkdir()
    repository = DataRepository(place / "herbs")
    with DataWorld(repository, coldpress) as world:
        repository.commit("The first data")
        yield world


@pytest.fixture(scope="module")
def run(data, place):
    (place / "act").mkdir()
    run = Workflows(os.environ["COLDPRESS_ACT"], place / "act", data, place / "nothing", data.coldpress)
    run.env["PATH"] = f"{place / 'act' / 'bin'}:{programs(place / 'path')}"
    for compiler in ABSENT:
        (place / "act" / "bin" / compiler).unlink(missing_ok=True)
        assert shutil.which(compiler, path=run.env["PATH"]) is None
    attest(run, data)
    note_terraform(run, place / "path" / "terraform")
    return run


def note_terraform(run, program):
    """Each run of Terraform is noted: its root and command."""
    wrapper = run.directory / "bin" / "terraform"
    wrapper.write_text(f'#!/bin/sh\n[ -z "$2" ] || printf "%s\\n" "${{1##*/}} $2" >> "$STAND_IN_NOTES/terraform"\nexec "{program}" "$@"\n')
    wrapper.chmod(0o755)


class Costs:
    """What a run of the workflow asks of others: `terraform` by root, AWS by who asks, and the API."""

    def __init__(self, run, data):
        self.run, self.data = run, data
        self.notes = run.notes / "terraform"
        self.notes.unlink(missing_ok=True)
        self.requests = len(data.front.requests)

    def of(self, done):
        terraform = [line.split() for line in self.notes.read_text().splitlines()]
        found = {f"terraform, root {root}": " ".join(command for its, command in terraform if its == root) for root in ("release", "service")}
        for call in done.calls:
            who = "publisher" if call.by_builder else "Terraform's backend" if "Terraform" in call.agent else "Terraform's provider (stand-in)"
            found[f"AWS, by {who}"] = found.get(f"AWS, by {who}", 0) + 1
        return found | {"the API": len(self.data.front.requests) - self.requests}


def attest(run, data):
    (run.notes / "tools-attested.json").write_text(json.dumps(data.coldpress.attested))


def newest(data):
    return git(data.shop.directory, "rev-parse", "main").strip()


def heights(data):
    status, rows = Client(data.url()).ask("/herbs?select=name,height_cm&order=id")
    return {row["name"]: row["height_cm"] for row in rows} if status == 200 else status


def test_a_push_is_released(run, data):
    done = run.push("data.yml", newest(data)).ok()
    assert heights(data)["Basil"] == 45
    assert f"of Coldpress {VERSION}, verified by its sum and attestation\n" in done.whole
    assert "built twice: the same bytes\n" in done.whole
    assert data.released() is not None and data.alias("live") == data.alias("candidate")


@contextlib.contextmanager
def branch(data, name):
    git(data.shop.directory, "switch", "--quiet", "--create", name)
    yield
    git(data.shop.directory, "switch", "--quiet", "main")


def test_a_changed_row_is_shown_and_released(run, data, capfd):
    with branch(data, "basil"):
        data.shop.edit("datasets/herbs/herbs.csv", "1,Basil,mint,45,", "1,Basil,mint,50,")
        data.shop.version("1.0.0", "1.0.1")
        data.shop.commit("Basil is 50 cm high")
    done = run.pull_request("data.yml", 5, "basil").ok()
    (comment,) = done.comments
    assert "\n| <code>1</code> | <code>height&#95;cm</code> | <code>45</code> | <code>50</code> |\n" in comment
    assert done.asked("GET .*") == {"coldpress-plan"}
    assert heights(data)["Basil"] == 45
    git(data.shop.directory, "merge", "--quiet", "--ff-only", "basil")
    costs = Costs(run, data)
    done = run.push("data.yml", newest(data)).ok()
    found = costs.of(done)
    assert heights(data)["Basil"] == 50
    with capfd.disabled():
        print("\n\nA release of one changed row in one region:")
        print(*(f"  {what + ':':34} {count}" for what, count in found.items()), sep="\n")
        print("\nOur steps between the push and live, on this machine:")
        ours = {(job, step): done.seconds[job, step] for job in ("publish", "deploy") for step in done.called(job)}
        print(*(f"  {job + ':':9}{step[:60]:60} {seconds:6.1f} s" for (job, step), seconds in ours.items()), sep="\n")
        print(f"  {'':69} {sum(ours.values()):6.1f} s")
    # More would make each release slower; docs/publish.md has the table.
    assert found == COUNTS


def test_a_bad_row_is_refused_beside_its_line(run, data):
    with branch(data, "tall"):
        data.shop.edit("datasets/herbs/herbs.csv", "3,Dill,celery,90,", "3,Dill,celery,tall,")
        data.shop.version("1.0.1", "1.0.2")
        data.shop.commit("Dill is tall")
    live = data.released()
    done = run.pull_request("data.yml", 6, "tall")
    assert done.code == 1
    assert '::error file=datasets/herbs/herbs.csv,line=4,col=4,title=type-error::column `height_cm`: "tall" is not an integer' in done.whole
    # Whoever pushes it all the same: nothing of it is published.
    git(data.shop.directory, "merge", "--quiet", "--ff-only", "tall")
    keys = data.keys()
    assert run.push("data.yml", newest(data)).code == 1
    assert (data.released(), data.keys(), heights(data)["Dill"]) == (live, keys, 90)
    git(data.shop.directory, "revert", "--no-edit", "HEAD")


def test_rolled_back_by_hand(run, data):
    done = run.dispatch("data.yml", release="previous").ok()
    assert heights(data)["Basil"] == 45
    # Of the release that went live last: nothing is installed.
    assert "the tools of the release of run 11\n" in done.whole and "of Coldpress" not in done.whole


def test_the_schedule_repairs(run, data):
    other = next(version for version in data.versions() if version != data.alias("live"))
    data.lambda_().update_alias(FunctionName="coldpress-reader", Name="live", FunctionVersion=other)
    run.scheduled("data.yml").ok()
    assert heights(data)["Basil"] == 45


def test_another_version_of_the_tools(run, data, bootstrap):
    data.shop.upgrade(VERSION, NEXT)
    commit = data.shop.commit(f"Coldpress {NEXT}")
    live = data.released()
    data.coldpress.release(NEXT, bootstrap)
    done = run.push("data.yml", commit)
    assert f"{data.coldpress.archive(NEXT)} has no attestation that {COLDPRESS} built it from its tag v{NEXT}" in done.whole
    assert (done.code, data.released()) == (1, live)
    attest(run, data)
    done = run.push("data.yml", commit).ok()
    assert f"of Coldpress {NEXT}, verified by its sum and attestation\n" in done.whole
    assert heights(data)["Basil"] == 50 and data.released() != live


def test_a_forks_pull_request_gets_no_role(run, data):
    done = run.pull_request("data.yml", 7, "basil", fork=True).ok()
    assert (done.comments, done.calls) == ([], [])
