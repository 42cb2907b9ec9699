"""The archive that is released: its files, and that the same commit gives the same bytes."""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]
PROGRAMS = ("bootstrap", "builder", "publisher", "reader")


@pytest.fixture
def clone(tmp_path):
    """This working tree's files, committed, elsewhere."""
    clone = tmp_path / "clone"
    git = ["git", "-C", clone, "-c", "user.name=us", "-c", "user.email=us@example.org"]
    subprocess.run(["git", "clone", "--quiet", "--local", "--no-hardlinks", ROOT, clone], check=True, timeout=120)
    for name in ("Makefile", "README.md", "Cargo.toml", "Cargo.lock"):
        shutil.copy(ROOT / name, clone / name)
    for crate in ("builder", "catalog", "datapackage", "e2e", "publisher", "reader"):
        shutil.copy(ROOT / crate / "Cargo.toml", clone / crate / "Cargo.toml")
    shutil.copytree(ROOT / ".ci", clone / ".ci", dirs_exist_ok=True)
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "As it is"], check=True)
    return clone


@pytest.fixture
def programs(tmp_path):
    directory = tmp_path / "programs"
    directory.mkdir()
    for name in PROGRAMS:
        (directory / name).write_text(f'#!/bin/sh\necho "{name} {VERSION} (release format 1)"\n')
        (directory / name).chmod(0o700)
    return directory


def run(clone, *command, **env):
    kept = ("PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME")
    env = {name: os.environ[name] for name in kept if name in os.environ} | env
    return subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, timeout=120)


def make_tools(clone, programs):
    done = run(clone, "make", "--no-print-directory", "tools", f"BINARIES={programs}")
    assert (done.returncode, done.stderr) == (0, "")
    return clone / done.stdout.strip()


def test_an_archive_has_the_programs_and_their_licences(clone, programs):
    archive = make_tools(clone, programs)
    name = archive.name.removesuffix(".tar.gz")
    assert re.fullmatch(rf"coldpress-{VERSION}-[a-z0-9_]+-unknown-linux-gnu", name)
    with tarfile.open(archive) as tar:
        members = [(member.name.removeprefix(f"{name}"), oct(member.mode), member.uid, member.uname) for member in tar]
        readme = tar.extractfile(f"{name}/README.md").read().decode()
        licences = tar.extractfile(f"{name}/THIRD-PARTY-LICENCES.txt").read().decode()
    texts = [(f"/{text}", "0o644", 0, "") for text in ("LICENSE", "README.md", "THIRD-PARTY-LICENCES.txt")]
    assert members == [("", "0o755", 0, ""), *texts, *((f"/{program}", "0o755", 0, "") for program in PROGRAMS)]
    assert f"\nVersion {VERSION} for {name.removeprefix(f'coldpress-{VERSION}-')}. " in readme
    assert all(f"\n- `{program}` " in readme for program in PROGRAMS)
    for part in ("rusqlite", "aws-sdk-s3", "lambda_runtime", "the GNU C Library", "the Rust standard library"):
        assert f"\n{part}" in licences, part
    assert "proptest" not in licences
    sums = (archive.parent / "SHA256SUMS").read_text()
    assert sums == f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n"


def test_the_same_commit_and_programs_give_the_same_bytes(clone, programs):
    archive = make_tools(clone, programs)
    for name in PROGRAMS:  # other times and modes
        os.utime(programs / name, (1, 1))
        (programs / name).chmod(0o775)
    again = run(clone, ".ci/compare-tools.sh", BINARIES=str(programs))
    assert (again.returncode, again.stdout, again.stderr) == (0, f"{archive.name}: built twice, the same bytes\n", "")

    with (programs / "reader").open("a") as reader:
        reader.write("# other bytes\n")
    again = run(clone, ".ci/compare-tools.sh", BINARIES=str(programs))
    assert again.returncode == 1
    assert [line.split("/")[-1] for line in again.stdout.splitlines() if line[0] in "<>"] == ["reader", "reader"]
    assert again.stderr.endswith(
        f"error: {archive.name} differs between two builds of the same commit; the sums of its files that differ are above\n"
    )

    (clone / "new").write_text("")
    again = run(clone, ".ci/compare-tools.sh", BINARIES=str(programs))
    assert again.stderr == "error: the working tree differs from its commit, so dist/tools is not what the commit gives\n"


def test_what_is_not_a_release_is_not_archived(clone, programs):
    (programs / "reader").write_text('#!/bin/sh\necho "reader 0.0.9 (release format 1)"\n')
    done = run(clone, ".ci/archive-tools.sh", programs, "dist/tools")
    said = f'error: {programs}/reader says it is "reader 0.0.9 (release format 1)"; Cargo.toml has version {VERSION}\n'
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
    (programs / "bootstrap").unlink()
    done = run(clone, ".ci/archive-tools.sh", programs, "dist/tools")
    assert done.stderr.startswith(f"error: {programs} has no bootstrap: the archive for ")
    assert list((clone / "dist" / "tools").iterdir()) == []


def test_binstall_finds_the_archive_and_its_programs(clone, programs):
    archive = make_tools(clone, programs)
    values = {"version": VERSION, "target": archive.name.removesuffix(".tar.gz").removeprefix(f"coldpress-{VERSION}-")}
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
    with tarfile.open(archive) as tar:
        members = tar.getnames()
    for program in ("builder", "publisher", "reader"):
        package = tomllib.loads((ROOT / program / "Cargo.toml").read_text())["package"]
        assert package["repository"] == package["version"] == {"workspace": True}

        def filled(template, **more):
            return re.sub(r"\{ (\w+) \}", lambda name: (values | more)[name[1]], package["metadata"]["binstall"][template])

        assert filled("pkg-url", repo="R") == f"R/releases/download/v{VERSION}/{archive.name}"
        assert filled("bin-dir", bin=program) in members
    assert workspace["repository"].startswith("https://github.com/")


CHANGELOG = """# Changelog

## Unreleased

Later.

## 9.9.9 - 2030-01-01

### Builder

- A line
  of two.

## 0.0.9

Earlier.
"""


def test_a_release_has_the_section_of_the_changelog(clone):
    (clone / "CHANGELOG.md").write_text(CHANGELOG.replace("9.9.9", VERSION))
    done = run(clone, ".ci/release-notes.sh", f"v{VERSION}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "### Builder\n\n- A line\n  of two.\n", "")


@pytest.mark.parametrize(
    ("tag", "repository", "changelog", "said"),
    [
        ("v0.0.9", "OWNER/coldpress", CHANGELOG, f"the tag is v0.0.9, but Cargo.toml has version {VERSION}: tag a commit that has the tag's version"),
        (f"v{VERSION}", "us/fork", CHANGELOG, "Cargo.toml says that Coldpress is at {ours}, but this is https://github.com/us/fork: correct `repository`"),
        (f"v{VERSION}", "OWNER/coldpress", CHANGELOG, f'CHANGELOG.md has no section "## {VERSION}": rename "## Unreleased"'),
    ],
)
def test_what_is_not_a_version_is_not_released(clone, tag, repository, changelog, said):
    ours = tomllib.loads((clone / "Cargo.toml").read_text())["workspace"]["package"]["repository"]
    (clone / "CHANGELOG.md").write_text(changelog)
    done = run(clone, ".ci/release-notes.sh", tag, GITHUB_REPOSITORY=repository.replace("OWNER/coldpress", ours.removeprefix("https://github.com/")))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"::error::{said.replace('{ours}', ours)}\n")
