"""action/install.sh, against a local server in the place of GitHub's releases."""

import hashlib
import os
import platform
import subprocess
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = f"{platform.machine()}-unknown-linux-gnu"
NAME = f"coldpress-9.8.7-{TARGET}"
PROGRAMS = ("bootstrap", "builder", "publisher", "reader")
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_CALLS"
[ "$GH_TOKEN" = ours ] || { echo 'Error: no matching attestations found' >&2; exit 1; }
"""


class Releases:
    """`files` by path, and what was asked for."""

    def __init__(self):
        self.files, self.asked, self.cut = {}, [], False
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                ours.asked.append(self.path)
                body = ours.files.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("content-length", str(len(body or b"")))
                self.end_headers()
                # The connection ends half-way.
                self.wfile.write((body or b"")[: len(body or b"") // 2 if ours.cut else None])

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def releases(tmp_path):
    releases = Releases()
    (tmp_path / NAME).mkdir()
    for name in PROGRAMS:
        (tmp_path / NAME / name).write_text(f'#!/bin/sh\necho "{name} 9.8.7"\n')
        (tmp_path / NAME / name).chmod(0o755)
    with tarfile.open(tmp_path / "archive", "w:gz") as tar:
        tar.add(tmp_path / NAME, NAME)
    archive = (tmp_path / "archive").read_bytes()
    sums = f"{'0' * 64}  coldpress-9.8.7-other.tar.gz\n{hashlib.sha256(archive).hexdigest()}  {NAME}.tar.gz\n"
    releases.files = {"/v9.8.7/SHA256SUMS": sums.encode(), f"/v9.8.7/{NAME}.tar.gz": archive}
    yield releases
    releases.server.shutdown()


@pytest.fixture
def install(releases, tmp_path):
    (tmp_path / "gh").mkdir()
    (tmp_path / "gh" / "gh").write_text(GH)
    (tmp_path / "gh" / "gh").chmod(0o755)
    (tmp_path / "tmp").mkdir()

    def install(gh=True, **env):
        path = f"{tmp_path / 'gh'}:{os.environ['PATH']}" if gh else os.environ["PATH"]
        env = {"VERSION": "9.8.7", "REPOSITORY": "us/coldpress", "COLDPRESS_RELEASES": releases.url, "GH_TOKEN": "ours"} | env
        env |= {"PATH": path, "TMPDIR": tmp_path / "tmp", "CACHE": tmp_path / "cache", "GH_CALLS": tmp_path / "calls"}
        env |= {"GITHUB_PATH": tmp_path / "path", "GITHUB_OUTPUT": tmp_path / "output"}
        done = subprocess.run([ROOT / "action" / "install.sh", tmp_path / "bin"], env=env, capture_output=True, text=True, timeout=60)
        assert list((tmp_path / "tmp").iterdir()) == []
        return done

    install.bin, install.path, install.output, install.calls = (tmp_path / name for name in ("bin", "path", "output", "calls"))
    install.cached = lambda: sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())
    return install


ALL = "builder publisher reader bootstrap"


def test_a_version_is_installed(install, releases):
    done = install()
    said = f"installed {ALL} of Coldpress 9.8.7, verified by its sum and attestation\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert sorted(path.name for path in install.bin.iterdir()) == [*PROGRAMS]
    assert subprocess.run([install.bin / "builder"], capture_output=True, text=True).stdout == "builder 9.8.7\n"
    assert install.path.read_text() == f"{install.bin}\n"
    assert install.output.read_text() == f"directory={install.bin}\nversion=9.8.7\n"
    archive = install.bin.parent / "cache" / "v9.8.7" / f"{NAME}.tar.gz"
    rule = "--repo us/coldpress --source-ref refs/tags/v9.8.7 --signer-workflow us/coldpress/.github/workflows/tools.yml"
    assert install.calls.read_text() == f"attestation verify {archive} {rule}\n"


def test_what_is_cached_is_verified_and_not_downloaded_again(install, releases):
    install()
    asked = [*releases.asked]
    assert install(VERSION="v9.8.7", TOOLS="builder").returncode == 0
    assert releases.asked == asked and len(install.calls.read_text().splitlines()) == 2
    # The programs of before are gone.
    assert [path.name for path in install.bin.iterdir()] == ["builder"]
    archive = install.bin.parent / "cache" / "v9.8.7" / f"{NAME}.tar.gz"
    archive.write_bytes(archive.read_bytes()[:-1])
    assert "but SHA256SUMS says" in install().stderr and install.cached() == []
    assert install().returncode == 0


def test_without_gh_the_sum_is_compared(install):
    done = install(gh=False, TOOLS="reader")
    said = "installed reader of Coldpress 9.8.7, verified by its sum; gh is not there or not logged in, so the attestation was not looked at\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


def test_the_version_is_that_of_the_checkout(install, releases):
    version = (ROOT / "Cargo.toml").read_text().split('version = "')[1].split('"')[0]
    assert f"error: version {version} has no SHA256SUMS at {releases.url}/v{version}/SHA256SUMS\n" in install(VERSION="").stderr


REPEAT = "nothing was installed; try again"


@pytest.mark.parametrize(
    ("env", "problem", "help_"),
    [
        ({"VERSION": "9.9.9"}, "version 9.9.9 has no SHA256SUMS at {url}/v9.9.9/SHA256SUMS", "choose a version that https://github.com/us/coldpress/releases lists"),
        ({"VERSION": "main"}, '"main" is not a version', "write it as 1.2.3"),
        ({"VERSION": "1.2/../3"}, '"1.2/../3" is not a version', "write it as 1.2.3"),
        ({"TOOLS": "builder riter"}, f'"riter" is not one of the programs for {TARGET}', f"choose from: {ALL}"),
        ({"GH_TOKEN": "theirs"}, f"{NAME}.tar.gz has no attestation that us/coldpress built it from its tag v9.8.7", "nothing was installed; do not use this archive"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_not_installed(install, releases, env, problem, help_):
    done = install(**env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(f"error: {problem.replace('{url}', releases.url)}\n  help: {help_}\n")
    assert not install.bin.exists() and not install.path.exists() and install.cached() == []
    on_github = install(**env, GITHUB_ACTIONS="true")
    assert on_github.stderr.endswith(f"::error::{problem.replace('{url}', releases.url)}; {help_}\n")


def test_a_wrong_sum(install, releases):
    releases.files[f"/v9.8.7/{NAME}.tar.gz"] += b"more"
    done = install()
    found = hashlib.sha256(releases.files[f"/v9.8.7/{NAME}.tar.gz"]).hexdigest()
    expected = releases.files["/v9.8.7/SHA256SUMS"].decode().split("\n")[1][:64]
    assert done.stderr == (
        f"error: {NAME}.tar.gz has the SHA-256 {found}, but SHA256SUMS says {expected}\n"
        f"  help: {REPEAT}, and report it if it happens again\n"
    )
    assert not install.bin.exists() and install.cached() == []


def test_no_network_half_way(install, releases):
    assert install(VERSION="9.8.7").returncode == 0
    (install.bin.parent / "cache" / "v9.8.7" / f"{NAME}.tar.gz").unlink()
    releases.cut = True
    done = install()
    url = f"{releases.url}/v9.8.7/{NAME}.tar.gz"
    assert done.stderr.startswith(f"error: {url} can't be downloaded: (18) ") and done.stderr.endswith(f"\n  help: {REPEAT}\n")
    # What was installed stays whole.
    assert sorted(path.name for path in install.bin.iterdir()) == [*PROGRAMS]
    assert install.cached() == ["SHA256SUMS"]
    done = install(COLDPRESS_RELEASES="http://127.0.0.1:1", VERSION="9.8.8")
    assert done.stderr.startswith("error: http://127.0.0.1:1/v9.8.8/SHA256SUMS can't be downloaded: (7) ")


def test_a_release_without_this_platform(install, releases):
    releases.files["/v9.8.7/SHA256SUMS"] = f"{'0' * 64}  coldpress-9.8.7-other.tar.gz\n".encode()
    said = f"error: SHA256SUMS of version 9.8.7 does not list {NAME}.tar.gz\n  help: the release is incomplete; choose another version\n"
    assert install().stderr == said and not install.bin.exists()
