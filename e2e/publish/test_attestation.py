"""`publisher attestation`: a commit has one attestation, that of the run which stored it first, and so one package."""

import hashlib
import json
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
from builder import BUILDER
from sigstore import bundle

GH = """#!/bin/sh
[ "$*" = "attestation verify $3 --repo us/data --bundle $7" ] && cmp -s "$7" '{bundle}' && cmp -s "$3" '{manifest}'
"""


@pytest.fixture
def run(builder, bucket, small, tmp_path):
    """A run of the workflow on a machine of its own: builds the same, attests anew, takes or stores, packages."""

    class Run:
        manifest = hashlib.sha256(small.files["manifest.json"]).hexdigest()
        key = f"attestations/{manifest}.json"
        directory = staticmethod(lambda name: tmp_path / name)

        def __call__(self, name, bundle=None):
            dist = self.directory(name)
            shutil.copytree(small.directory, dist, dirs_exist_ok=True)
            options = []
            if bundle is not None:
                path = tmp_path / f"{name}.json"
                path.write_text(bundle if isinstance(bundle, str) else json.dumps(bundle))
                options = ["--bundle", path]
            return builder("attestation", "--bucket", bucket.name, "--release", dist, *options)

        def package(self, name):
            """The package's bytes."""
            dist, bootstrap = self.directory(name), small.directory.parent / "bootstrap"
            subprocess.run([BUILDER, "package", "--bootstrap", bootstrap, "--release", dist, "--quiet"], check=True, timeout=60)
            return (dist / "reader.zip").read_bytes()

    return Run()


def test_the_first_run_that_attests_wins(run, bucket, builder, small, tmp_path):
    url = f"s3://{bucket.name}/{run.key}"
    none = run("none").ok()
    assert (none.json, none.err) == ({"manifest": run.manifest, "attestation": None, "written": False}, "the release has no attestation\n")
    assert bucket.keys() == [] and run.package("none") == small.files["reader.zip"]

    first = bundle(run.manifest)
    done = run("first", first).ok()
    assert (done.json, done.err) == ({"manifest": run.manifest, "attestation": url, "written": True}, f"stored {url}\n")
    assert json.loads(bucket.get(run.key)) == first
    package = run.package("first")
    assert package != small.files["reader.zip"]

    # Another run has another bundle, or can't attest; a directory may have one of its own.
    for name, more in (("second", bundle(run.manifest)), ("third", None), ("first", None)):
        done = run(name, more).ok()
        assert (done.json, done.err) == ({"manifest": run.manifest, "attestation": url, "written": False}, f"took {url}\n")
        assert json.loads((run.directory(name) / "attestation.json").read_text()) == first
        assert run.package(name) == package
    uploads = [builder("upload", "--release", run.directory(name), "--bucket", bucket.name).ok().json for name in ("first", "second")]
    assert uploads[0]["release"] == uploads[1]["release"] and uploads[1]["written"] == []

    # Who pulls the release has it beside the manifest.
    builder("pull", uploads[0]["release"], "--bucket", bucket.name, "-o", tmp_path / "out").ok()
    assert json.loads((tmp_path / "out" / "attestation.json").read_text()) == first
    builder("pull", uploads[0]["release"], "--bucket", bucket.name, "-o", tmp_path / "out").ok()


def test_of_two_runs_at_once_both_take_the_same(run, bucket, proxy):
    """The other one's is there between this one's look and its write."""
    other = bundle(run.manifest)
    proxy.break_at(0, "passed", do=lambda: bucket.put(run.key, json.dumps(other)))
    done = run("late", bundle(run.manifest)).ok()
    assert done.json["written"] is False
    assert json.loads((run.directory("late") / "attestation.json").read_text()) == other


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (bundle("ab" * 32), "is not about manifest.json, whose sha256 is {manifest}"),
        ("{}", "can't be used: it is not a Sigstore bundle: missing field `mediaType` at line 1 column 2"),
    ],
)
def test_what_is_not_about_the_release_is_refused(run, bucket, tmp_path, wrong, what):
    what = what.format(manifest=run.manifest)
    done = run("given", wrong)
    done.fails(f"error: `{tmp_path}/given.json` {what}", "  help: pass the bundle that attests this release; nothing was stored")
    assert bucket.keys() == []
    bucket.put(run.key, wrong if isinstance(wrong, str) else json.dumps(wrong))
    for given in (None, bundle(run.manifest)):
        run("stored", given).fails(
            f"error: s3://{bucket.name}/{run.key} {what}",
            "  help: only `publisher` may write there; look at the object's versions, delete it, and run the same command again",
        )
        assert not (run.directory("stored") / "attestation.json").exists()


def test_without_a_release(builder, bucket, tmp_path):
    done = builder("attestation", "--bucket", bucket.name, "--release", tmp_path)
    done.fails(f"error: can't read `{tmp_path}/manifest.json`: No such file or directory (os error 2)")


def test_a_release_serves_it(stack, served, drive, terraform, builder, tmp_path, monkeypatch):
    """To `publisher verify` too. Who builds the same commit elsewhere changes nothing."""
    release, dist = served[0], tmp_path / "dist"
    shutil.copytree(release.directory, dist)
    made = tmp_path / "bundle.json"
    made.write_text(json.dumps(bundle(hashlib.sha256(release.files["manifest.json"]).hexdigest())))
    builder("attestation", "--bucket", stack.bucket.name, "--release", dist, "--bundle", made).ok()
    path = f"{Path(os.environ['COLDPRESS_BOOTSTRAP']).parent}:{terraform.path()}"
    # With the bootstrap that `release --datasets` finds: beside the builder or on the PATH.
    package = [BUILDER, "package", "--release", dist, "--quiet"]
    subprocess.run(package, env={**os.environ, "PATH": path}, check=True, timeout=60)
    done = drive("release", "--from", dist, PATH=path).ok()
    assert done.last["outcome"] == "released"
    with urllib.request.urlopen(f"{stack.url}/-/attestation") as answer:
        assert answer.read() == made.read_bytes()

    (tmp_path / "gh").write_text(GH.format(bundle=made, manifest=dist / "manifest.json"))
    (tmp_path / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    verified = stack.builder("verify", stack.url, "--repo", "us/data", "--key", "things/2").ok()
    assert verified.out.splitlines()[1] == "ok      attestation a workflow of us/data attested the manifest"

    again = drive("release", "--datasets", release.directory.parent / "datasets", PATH=path).ok()
    assert (again.last["release"], again.last["outcome"]) == (done.last["release"], "unchanged")
