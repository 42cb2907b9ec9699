"""A data repository as `builder new` makes it, and what it calls by version: Coldpress's repository with its tags, and the
archives that the tags released, on a local server in the place of GitHub's.
"""

import contextlib
import hashlib
import os
import platform
import re
import shutil
import subprocess
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from builder import BUILDER, PUBLISHER, ended, environment, start
from shop import GIT, ROOT, git
from terraform_directory import Terraform
from world import ADDRESSES, ARCHITECTURES, HERE, PATH_STYLE, World

COLDPRESS = re.search(r'^repository = "https://github.com/(.*)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]
VERSION = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]
# What somebody who only has data does not have.
ABSENT = {"cargo", "rustc", "rustup", "cc", "c99", "gcc", "clang", "make"}
SUBJECT = "ORG@ORG_ID/REPO@REPO_ID"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Coldpress:
    """The project's repository, with a tag and an archive for each version. `url` is where its services are served."""

    def __init__(self, directory, front):
        self.repository, self.releases = directory / "coldpress", directory / "releases"
        files = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        for name in files:
            if name and not name.startswith(("bench/", "fuzz/")) and (ROOT / name).is_file():
                (self.repository / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.repository / name)
        (self.repository / "terraform/modules/service/moto_override.tf").write_text(ADDRESSES % {"front": front})
        git(self.repository, "init", "--quiet", "--initial-branch=main")
        self.releases.mkdir()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=self.releases))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.attested, self.versions = {}, []

    def release(self, version, bootstrap):
        """As a tag does: the version's commit, and its archive. The programs are always the same ones."""
        manifest = self.repository / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace(f'version = "{VERSION}"', f'version = "{version}"', 1))
        git(self.repository, "add", "--all")
        git(self.repository, "commit", "--quiet", "--allow-empty", "--message", version)
        git(self.repository, "tag", f"v{version}")
        file = self.archive(version)
        name = file.removesuffix(".tar.gz")
        place = self.releases / f"v{version}"
        place.mkdir()
        with tarfile.open(place / file, "w:gz", compresslevel=1) as archive:
            for program, path in (("builder", BUILDER), ("publisher", PUBLISHER), ("bootstrap", bootstrap), ("reader", BUILDER)):
                archive.add(path, f"{name}/{program}")
        digest = hashlib.sha256((place / file).read_bytes()).hexdigest()
        (place / "SHA256SUMS").write_text(f"{digest}  {file}\n")
        self.attested[f"{COLDPRESS} v{version}"] = digest
        self.versions.append(version)

    @staticmethod
    def archive(version):
        return f"coldpress-{version}-{platform.machine()}-unknown-linux-gnu.tar.gz"

    def env(self):
        """What a runner has of it: instead of GitHub, by its URL, this repository; and of programs, no compiler."""
        return {
            "STAND_IN_COLDPRESS": str(self.repository),
            "COLDPRESS_RELEASES": f"http://127.0.0.1:{self.server.server_port}",
            **self.git_env(),
        }

    def git_env(self):
        address = f"https://github.com/{COLDPRESS}"
        return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{self.repository}.insteadOf", "GIT_CONFIG_VALUE_0": f"{address}.git"}

    def actions(self):
        return [self.repository / "action.yml", *(self.repository / ".github").rglob("*.yml")]

    def stand_ins(self, directory, for_act):
        """act's copies of the workflows: it takes `./` in a called workflow for the caller's repository."""
        for version in self.versions:
            copy = directory / f"coldpress-{version}"
            if not copy.exists():
                git(directory, "clone", "--quiet", "--branch", f"v{version}", str(self.repository), str(copy))
                commit = git(copy, "rev-parse", "HEAD").strip()
                for path in (copy / ".github" / "workflows").glob("*.yml"):
                    text = for_act(path.read_text(), COLDPRESS, commit)
                    path.write_text(re.sub(r"uses: \./(\.github/workflows/\S+)", rf"uses: {COLDPRESS}/\1@v{version}", text))
            yield from ("--local-repository", f"{COLDPRESS}@v{version}={copy}")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def programs(directory):
    """A directory for PATH with all that this machine has, but for compilers."""
    directory.mkdir()
    for place in reversed(os.environ["PATH"].split(":")):
        with contextlib.suppress(OSError):
            for program in Path(place).iterdir():
                if program.name not in ABSENT and os.access(program, os.X_OK):
                    link = directory / program.name
                    link.unlink(missing_ok=True)
                    link.symlink_to(program)
    return directory


class DataRepository:
    """What `builder new` writes, with somebody's repository filled in and a commit for each change."""

    def __init__(self, directory):
        self.directory = directory
        done = subprocess.run([BUILDER, "new", directory], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        git(directory, "init", "--quiet", "--initial-branch=main")
        self.edit("terraform/bootstrap/main.tf", SUBJECT, "acme@1/shop@2")
        # This machine's, as a person says who has no arm64.
        self.edit("terraform/release/main.tf", "  # Settings:", f'  architecture = "{ARCHITECTURES[platform.machine()]}"\n\n  # Settings:')

    @property
    def terraform(self):
        return self.directory / "terraform"

    def edit(self, name, old, new):
        path = self.directory / name
        text = path.read_text()
        assert old in text, (name, old)
        path.write_text(text.replace(old, new))

    def commit(self, message):
        git(self.directory, "add", "--all")
        git(self.directory, "commit", "--quiet", "--message", message)
        return git(self.directory, "rev-parse", "HEAD").strip()

    def version(self, old, new):
        self.edit("datasets/herbs/datapackage.json", f'"version": "{old}"', f'"version": "{new}"')

    def upgrade(self, old, new):
        """What Dependabot proposes."""
        for name in (".github/workflows/data.yml", *(f"terraform/{root}/main.tf" for root in ("bootstrap", "release", "service"))):
            self.edit(name, f"v{old}", f"v{new}")


class DataWorld(World):
    """The same world around a data repository: no Makefile, Terraform's modules by reference."""

    def __init__(self, shop, coldpress):
        super().__init__(shop)
        self.coldpress = coldpress

    def set_up(self):
        roots = [Terraform(self.shop.terraform / name, self.aws.url, self.reattach) for name in ("bootstrap", "release", "service")]
        self.bootstrap, self.root, self.service = roots
        self.coldpress = self.coldpress(self.front.url)
        self.ends.callback(self.coldpress.close)
        with patched_environment(self.coldpress.git_env()):
            self.bootstrap.write(PATH_STYLE, "moto_override.tf", head=False).init()
            for root in (self.root, self.service):
                root.write(HERE % {"aws": self.aws.url}, "moto_override.tf", head=False)
            self.bootstrap.apply().ok()
            outputs = self.bootstrap.outputs()
            self.account = self.bootstrap.raw("output", "-json")
            self.bucket = outputs["root_variables"]["artifact_buckets"][self.regions[0]]
            self.backend = outputs["backend"]
            env = environment(self.aws.url, AWS_MAX_ATTEMPTS="3", **{k: v for k, v in self.root.env().items() if k == "TF_CLI_CONFIG_FILE"})
            ended(start([PUBLISHER, "init"], env, self.shop.directory)).ok()
            self.service.apply().ok()


@contextlib.contextmanager
def patched_environment(more):
    before = dict(os.environ)
    os.environ.update(GIT | more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
