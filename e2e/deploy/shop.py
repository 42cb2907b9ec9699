"""A scratch copy of the project as a Git repository, with a shop's data in the place of `datasets/`."""

import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORES = {1: "Aarhus", 2: "Bergen", 3: "Turku"}
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "Shop" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "shop@example.org" for who in ("AUTHOR", "COMMITTER")},
}


def git(directory, *arguments):
    done = subprocess.run(
        ["git", *arguments], cwd=directory, env={**os.environ, **GIT}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def resource(name, *columns):
    fields = [{"name": column, "type": type_, "constraints": {"required": True}} for column, type_ in columns]
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": fields, "primaryKey": ["id"]}}


class Shop:
    """Forty products with prices, and three stores."""

    def __init__(self, directory, binaries):
        """`binaries` are by name the files that would be compiled."""
        self.directory = directory
        files = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        for name in files:
            if name and not name.startswith(("datasets/", "bench/", "fuzz/")) and (ROOT / name).is_file():
                (directory / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, directory / name)
        (directory / "target" / "binaries").mkdir(parents=True)
        for name, path in binaries.items():
            (directory / "target" / "binaries" / name).symlink_to(path)
        git(directory, "init", "--quiet", "--initial-branch=main")
        self.version, self.prices = [1, 0, 0], {number: number + 0.5 for number in range(1, 41)}
        self.write()

    @property
    def terraform(self):
        return self.directory / "terraform"

    def write(self, stores=None):
        dataset = self.directory / "datasets" / "shop"
        dataset.mkdir(parents=True, exist_ok=True)
        resources = [
            resource("products", ("id", "integer"), ("price", "number")),
            resource("stores", ("id", "integer"), ("city", "string")),
        ]
        descriptor = {"name": "shop", "version": ".".join(map(str, self.version)), "resources": resources}
        (dataset / "datapackage.json").write_text(json.dumps(descriptor, indent=2))
        for name, header, rows in (
            ("products", "id,price", self.prices),
            ("stores", "id,city", STORES if stores is None else stores),
        ):
            lines = [header, *(f"{key},{value}" for key, value in rows.items())]
            (dataset / f"{name}.csv").write_text("\n".join(lines) + "\n")

    def products(self):
        """The table as the API answers it."""
        return [{"id": key, "price": price} for key, price in self.prices.items()]

    def commit(self, message):
        git(self.directory, "add", "--all")
        git(self.directory, "commit", "--quiet", "--allow-empty", "--message", message)
        return git(self.directory, "rev-parse", "HEAD").strip()

    def reprice(self, price):
        """A commit: product 7 has another price, and the version takes the step that this needs."""
        self.prices[7] = price
        self.version[2] += 1
        self.write()
        return self.commit(f"Product 7 costs {price}")

    def undo(self):
        """As after the commit before the last."""
        git(self.directory, "reset", "--quiet", "--hard", "HEAD~1")

    def clone(self, directory):
        """Another checkout, such as another runner has, with the files that Git does not know."""
        shutil.copytree(self.directory, directory, symlinks=True)
