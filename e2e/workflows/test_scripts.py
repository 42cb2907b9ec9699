"""What the workflows call beside make, with a `gh` that notes what it is asked."""

import os
import re
import subprocess
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


def test_what_starts_a_release_is_what_is_newer():
    """release.yml's paths and newest.sh's pattern."""
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    paths = re.search(r"paths:\n((?: +- .*\n)+)", workflow)[1]
    paths = sorted(line.strip().removeprefix("- ") for line in paths.splitlines())
    pattern = re.search(r"made_of='(.*)'", (ROOT / ".ci" / "newest.sh").read_text())[1]
    directories, files = re.fullmatch(r"\^\((.*)\)/\|\^\((.*)\)\$", pattern).groups()
    named = [f"{name}/**" for name in directories.split("|")] + files.split("|")
    assert sorted(name.replace("\\", "") for name in named) == paths


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
    builder = keys("builder/src/lib.rs")
    assert builder["builder"] != before["builder"] and builder["bootstrap"] == reader["bootstrap"]
    assert all(a != b for a, b in zip(builder.values(), keys("catalog/src/lib.rs").values()))
