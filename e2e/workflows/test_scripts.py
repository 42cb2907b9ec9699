"""What the workflows and people call beside make, with a `gh` that notes what it is asked, or one with rules to be set."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_CALLS"
for argument in "$@"; do
  case $argument in body=@*) cp "${argument#body=@}" "$GH_CALLS.body" ;; esac
done
case "$*" in *"--jq"*) cat "$GH_ANSWER" ;; esac
"""


@pytest.fixture
def run(tmp_path):
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    (tmp_path / "answer").write_text("")

    def run(script, *arguments, answer="", **env):
        (tmp_path / "answer").write_text(answer)
        env |= {"PATH": f"{gh.parent}:{os.environ['PATH']}", "GH_CALLS": tmp_path / "calls", "GH_ANSWER": tmp_path / "answer"}
        env |= {"GITHUB_OUTPUT": tmp_path / "output", "GITHUB_REPOSITORY": "us/data", "GITHUB_SHA": "abc", "PULL_REQUEST": "7"}
        done = subprocess.run([ROOT / ".ci" / script, *arguments], env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.calls = lambda: (tmp_path / "calls").read_text().splitlines()
    run.body = lambda: (tmp_path / "calls.body").read_text()
    run.output = lambda: (tmp_path / "output").read_text()
    return run


def test_the_comment_is_written_once_and_then_updated(run, tmp_path):
    diff = tmp_path / "diff.md"
    diff.write_text("## Data changes\n")
    assert run("comment.sh", diff) == "comment written\n"
    body = "<!-- coldpress: diff -->\n## Data changes\n"
    assert (run.calls()[-1].split(" --field")[0], run.body()) == ("api --method POST repos/us/data/issues/7/comments", body)
    assert run("comment.sh", diff, answer="41\n42\n") == "comment 41 updated\n"
    assert run.calls()[-1].startswith("api --method PATCH repos/us/data/issues/comments/41 --field body=@")


@pytest.mark.parametrize(
    ("newer", "newest"),
    [("", "true"), ("docs/query.md\n", "true"), ("docs/x.md\ndatasets/shop/products.csv\n", "false"), ("Cargo.lock\n", "false")],
)
def test_an_old_run_gives_way_to_a_newer_one(run, newer, newest):
    said = run("newest.sh", answer=newer)
    assert run.output() == f"newest={newest}\n"
    assert said.startswith("::notice::") == (newest == "false")
    assert run.calls()[0].startswith("api repos/us/data/compare/abc...main --jq ")


@pytest.mark.parametrize(
    ("before", "files", "changed"),
    [
        ("def", "datasets/shop/products.csv\n", "false"),
        ("def", "", "false"),
        ("def", "datasets/a.csv\nterraform/service/main.tf\n", "true"),
        ("def", "terraform/modules/api/main.tf\n", "true"),
        ("def", "old/terraform/service/main.tf\n", "false"),
        # More than GitHub lists.
        ("def", "datasets/a.csv\n" * 300, "true"),
        # A first push, and a run by hand.
        ("0" * 40, "datasets/a.csv\n", "true"),
        ("", "datasets/a.csv\n", "true"),
    ],
)
def test_settings_are_applied_where_they_changed(run, before, files, changed):
    run("changed.sh", "terraform/service", "terraform/modules/api", answer=files, BEFORE=before)
    assert run.output() == f"changed={changed}\n"


def test_two_builds_must_give_the_same_bytes(tmp_path):
    """And the package that is released has them, with an attestation or without."""
    files, dist = {name: name.encode() for name in ("bootstrap", "data.db", "manifest.json")}, tmp_path / "dist"
    for name, content in files.items():
        path = (tmp_path / "bin" if name == "bootstrap" else dist) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    bootstrap = tmp_path / "bin" / "bootstrap"
    bootstrap.chmod(0o755)
    env = {"PATH": f"{bootstrap.parent}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(tmp_path / "output")}
    subprocess.run([ROOT / ".ci" / "sums.sh", dist], env=env, check=True)
    found, sums = re.fullmatch(r"bootstrap=(.*)\nsums<<END\n(.*)\nEND\n", (tmp_path / "output").read_text(), re.S).groups()
    assert found == str(bootstrap)
    assert sorted(line.split("  ")[1] for line in sums.splitlines()) == sorted(files)

    def same(built, again, **more):
        with zipfile.ZipFile(dist / "reader.zip", "w") as package:
            for name, content in {**files, **more}.items():
                package.writestr(name, content)
        done = subprocess.run([ROOT / ".ci" / "same.sh", dist], env=env | {"BUILT": built, "AGAIN": again}, capture_output=True, text=True)
        return done.returncode, done.stdout

    assert same(sums, sums) == same(sums, sums, **{"attestation.json": b"any"}) == (0, "built twice: the same bytes\n")
    differ = "::error::two builds of this commit differ, so it is not released; their sums are below\n"
    assert same(sums, sums.replace("a", "b")) == (1, differ)
    # A job that was skipped has no output.
    assert same("", "") == (1, differ)
    for name in files:
        assert same(sums, sums, **{name: b"another"}) == (1, f"{name}: FAILED\n")
    assert same(sums, sums, **{"lib.so": b"more"}) == (1, "::error::reader.zip has a file that was not built: lib.so\n")


def test_what_starts_a_release_is_what_is_newer():
    """release.yml's paths and newest.sh's pattern."""
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    paths = re.search(r"paths:\n((?: +- .*\n)+)", workflow)[1]
    paths = sorted(line.strip().removeprefix("- ") for line in paths.splitlines())
    pattern = re.search(r"made_of='(.*)'", (ROOT / ".ci" / "newest.sh").read_text())[1]
    directories, files = re.fullmatch(r"\^\((.*)\)/\|\^\((.*)\)\$", pattern).groups()
    named = [f"{name}/**" for name in directories.split("|")] + files.split("|")
    # A data repository's workflow starts a release by itself.
    assert sorted(name.replace("\\", "") for name in named) == sorted([*paths, ".github/workflows/data.yml"])


def test_a_change_of_data_compiles_nothing(run, tmp_path):
    """The keys of the cache are those of the binaries' sources."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--local", "--no-hardlinks", ROOT, clone], check=True, timeout=120)
    (clone / ".ci" / "cache-keys.sh").write_bytes((ROOT / ".ci" / "cache-keys.sh").read_bytes())

    def keys(changed=None):
        if changed:
            (clone / changed).write_text((clone / changed).read_text() + "\n")
            subprocess.run(["git", "-C", clone, "add", changed], check=True)
        done = subprocess.run(["sh", clone / ".ci" / "cache-keys.sh"], capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]})
        return dict(line.split("=") for line in done.stdout.splitlines())

    before = keys()
    assert sorted(before) == ["bootstrap", "builder", "publisher"]
    data = next(str(path.relative_to(clone)) for path in sorted(clone.glob("datasets/*/*.csv")))
    assert keys(data) == before
    reader = keys("reader/src/lib.rs")
    assert reader["bootstrap"] != before["bootstrap"] and reader["builder"] == before["builder"]
    function = keys("lambda/src/main.rs")
    assert function["bootstrap"] != reader["bootstrap"] and function["builder"] == before["builder"]
    builder = keys("builder/src/lib.rs")
    assert builder["builder"] != before["builder"] and builder["bootstrap"] == function["bootstrap"]
    assert all(a != b for a, b in zip(builder.values(), keys("catalog/src/lib.rs").values()))


def test_tools_of_a_release_are_kept_and_fetched(run, tmp_path):
    """Where there are none, the checkout's own are named."""
    run("fetch-tools.sh", tmp_path / "live")
    assert run.output() == "found=false\nterraform=terraform\n"
    (tmp_path / "output").unlink()
    download = tmp_path / "live"
    download.mkdir()
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--local", "--no-hardlinks", ROOT, clone], check=True, timeout=120)
    publisher = tmp_path / "programs" / "publisher"
    publisher.parent.mkdir()
    publisher.write_text("a program")
    publisher.chmod(0o755)
    env = {"PATH": f"{publisher.parent}:{os.environ['PATH']}"}
    subprocess.run(["sh", ROOT / ".ci" / "keep-tools.sh", download / "tools.tar"], check=True, timeout=60, cwd=clone, env=env)
    said = run("fetch-tools.sh", download, answer="11\n", GITHUB_PATH=tmp_path / "path")
    assert said == "the tools of the release of run 11\n"
    assert run.output() == f"found=true\nterraform={download}/terraform\n"
    assert (tmp_path / "path").read_text() == f"{download}/bin\n"
    assert run.calls()[-1] == f"run download 11 --repo us/data --name tools --dir {download}"
    kept = {path.relative_to(download).as_posix() for path in download.rglob("*") if path.is_file()}
    tracked = subprocess.run(["git", "-C", clone, "ls-files", "terraform"], capture_output=True, text=True, check=True).stdout.split()
    assert kept == {"tools.tar", "bin/publisher", *tracked}


class GitHub:
    """`gh` answered by e2e/deploy/gh.py, which keeps what it was told in `notes`."""

    def __init__(self, directory):
        self.notes = directory / "notes"
        self.notes.mkdir()
        gh = directory / "gh"
        gh.write_text(f"#!/bin/sh\nexec '{sys.executable}' -B '{ROOT}/e2e/deploy/gh.py' \"$@\"\n")
        gh.chmod(0o755)
        env = {"PATH": f"{directory}:{os.environ['PATH']}", "GH_TOKEN": "t", "STAND_IN_NOTES": self.notes}
        self.env = env | {"GITHUB_REPOSITORY": "us/data", "GITHUB_SHA": "abc", "PAUSE": "0"}

    def __call__(self, script, **env):
        command = [ROOT / ".ci" / script]
        return subprocess.run(command, env=self.env | env, capture_output=True, text=True, timeout=60)

    def note(self, name, value):
        (self.notes / f"{name}.json").write_text(json.dumps(value))

    def noted(self, name):
        return json.loads((self.notes / f"{name}.json").read_text())


@pytest.fixture
def github(tmp_path):
    return GitHub(tmp_path)


RUN = "https://github.example/us/data/actions/runs/1"


@pytest.mark.parametrize("states", [[["completed", "success"]], [[], ["queued", None], ["in_progress", None], ["completed", "success"]]])
def test_a_release_waits_for_green_ci(github, states):
    github.note("ci-abc", states)
    done = github("green.sh")
    assert (done.returncode, done.stdout) == (0, f"CI is green: {RUN}\n"), done.stderr


@pytest.mark.parametrize("conclusion", ["failure", "cancelled", "timed_out"])
def test_red_ci_is_no_release(github, conclusion):
    github.note("ci-abc", [["in_progress", None], ["completed", conclusion]])
    done = github("green.sh")
    assert done.returncode == 1
    assert done.stdout == f"::error::CI ended with {conclusion} for this commit: {RUN}. Run it again there, then this job\n"


def test_a_commit_that_ci_does_not_know(github):
    github.note("ci-abc", [[]])
    done = github("green.sh")
    assert done.returncode == 1
    assert done.stdout == "::error::CI has no run for commit abc: release a commit that was pushed to main without [skip ci]\n"


PROTECTED = "main: by pull requests with green checks, neither deleted nor rewritten\n"


def rules(github):
    """The environment's branches, and what the ruleset asks for."""
    (ruleset,) = github.noted("rulesets")
    assert (ruleset["conditions"]["ref_name"]["include"], ruleset["enforcement"]) == (["refs/heads/main"], "active")
    return (
        [(branch["type"], branch["name"]) for branch in github.noted("environment-production")["branch_policies"]],
        {rule["type"]: rule.get("parameters") for rule in ruleset["rules"]},
    )


def test_the_rules_are_made_once(github):
    for _ in range(2):
        done = github("protect.sh")
        assert (done.returncode, done.stdout) == (0, "production: for main alone\n" + PROTECTED), done.stderr
        branches, asked = rules(github)
        assert branches == [("branch", "main")]
        assert github.noted("environment-production")["deployment_branch_policy"] == {"protected_branches": False, "custom_branch_policies": True}
        assert asked.keys() == {"deletion", "non_fast_forward", "pull_request", "required_status_checks"}
        assert asked["pull_request"]["required_approving_review_count"] == 0
    assert not (github.notes / "environment-staging.json").exists()
    assert github("protect.sh", STAGING="1").stdout == "production: for main alone\nstaging: for main alone\n" + PROTECTED
    assert [branch["name"] for branch in github.noted("environment-staging")["branch_policies"]] == ["main"]
    github("protect.sh", REVIEWS="2")
    assert rules(github)[1]["pull_request"]["required_approving_review_count"] == 2


def test_an_environment_of_every_branch_is_for_main_alone_afterwards(github):
    """Whom it asks stays."""
    reviewers = {"type": "required_reviewers", "prevent_self_review": True, "reviewers": [{"type": "User", "reviewer": {"id": 7}}]}
    asks = [{"type": "wait_timer", "wait_timer": 5}, reviewers]
    others = [{"id": 4, "name": "*"}, {"id": 5, "name": "v*", "type": "tag"}]
    github.note("environment-production", {"protection_rules": asks, "deployment_branch_policy": None, "branch_policies": others})
    done = github("protect.sh")
    said = "production: no longer for branch *\nproduction: no longer for tag v*\nproduction: for main alone\n"
    assert (done.returncode, done.stdout) == (0, said + PROTECTED), done.stderr
    assert rules(github)[0] == [("branch", "main")]
    assert github.noted("environment-production")["protection_rules"] == asks


def test_a_data_repositorys_check_is_a_job_of_the_called_workflow(github):
    github("protect.sh", GH_REPO="us/data")
    (check,) = rules(github)[1]["required_status_checks"]["required_status_checks"]
    caller, job, its = check["context"].split(" / ")
    workflows = ROOT / ".github" / "workflows"
    assert f"\n  {caller}:\n" in (ROOT / "builder" / "src" / "new" / "template" / "data.yml").read_text()
    assert f"    name: {job}\n    if: github.event_name == 'pull_request'\n    uses: ./.github/workflows/pr.yml\n" in (workflows / "data.yml").read_text()
    assert f"    name: {its}\n" in (workflows / "pr.yml").read_text()


def test_the_checks_that_main_asks_for_are_jobs(github):
    github("protect.sh")
    checks = rules(github)[1]["required_status_checks"]["required_status_checks"]
    text = "".join(path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    for check in checks:
        assert f"    name: {check['context']}\n" in text and check["integration_id"] == 15368
