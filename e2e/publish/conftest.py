"""Releases made by the real builder, moto as S3 and Lambda, and a proxy in between."""

import base64
import hashlib
import json
import logging
import os
import random
import struct
import subprocess
from pathlib import Path

import boto3
import pytest
from bucket import NUMBERS, Bucket
from builder import BUILDER, REGION, Builder
from driven import drive, terraform  # noqa: F401
from function import Packages, patched
from moto.server import ThreadedMotoServer
from proxy import Proxy


class Release:
    """A release on this machine."""

    def __init__(self, directory):
        self.directory = directory
        self.manifest = json.loads((directory / "manifest.json").read_bytes())
        self.files = {name: (directory / name).read_bytes() for name in ("data.db", "manifest.json", "reader.zip")}

    def digest(self, name):
        return hashlib.sha256(self.files[name]).hexdigest()

    def code_sha256(self):
        """The package's digest, as Lambda writes it."""
        return base64.b64encode(hashlib.sha256(self.files["reader.zip"]).digest()).decode()

    def keys(self, id_):
        return [
            f"db/{self.digest('data.db')}.db",
            f"readers/{self.digest('reader.zip')}.zip",
            f"releases/{id_}.json",
        ]


def elf(padding=0):
    """The smallest program that Lambda could be asked to start, and bytes behind it."""
    header = struct.pack(
        "<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, 62, 1, 0x400000, 0, 0, 0, 64, 56, 0, 64, 0, 0
    )
    return header + random.Random(1).randbytes(padding)


def make_release(directory, price, bootstrap):
    """A release of two tables, one of them empty."""
    dataset = directory / "datasets" / "shop"
    dataset.mkdir(parents=True)
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "price", "type": "number"},
        {"name": "whole", "type": "number"},
        {"name": "sold", "type": "boolean"},
        {"name": "about", "type": "object"},
        {"name": "name", "type": "string"},
    ]
    resources = [
        {"name": name, "path": f"{name}.csv", "schema": {"fields": fields, "primaryKey": ["id"]}}
        for name in ("things", "nothing")
    ]
    (dataset / "datapackage.json").write_text(json.dumps({"name": "shop", "resources": resources}))
    header = "id,price,whole,sold,about,name\n"
    rows = f'1,0.1,1,true,"{{""a"": [1.50]}}",one\n2,{price},100,false,,"tw""o"\n3,7,1e20,true,{{}},drei €\n'
    (dataset / "things.csv").write_text(header + rows, encoding="utf-8")
    (dataset / "nothing.csv").write_text(header)
    (directory / "bootstrap").write_bytes(bootstrap)
    dist = directory / "dist"
    for command in (
        ["build", directory / "datasets", "-o", dist],
        ["package", "--bootstrap", directory / "bootstrap", "--release", dist],
    ):
        subprocess.run([BUILDER, *command, "--quiet"], check=True, timeout=120)
    return Release(dist)


@pytest.fixture(scope="session")
def moto():
    # A line for each request would bury what a failed test says.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def s3(moto):
    return boto3.client(
        "s3", region_name=REGION, endpoint_url=moto, aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture(scope="session")
def proxy(moto):
    proxy = Proxy(moto)
    yield proxy
    proxy.close()


@pytest.fixture
def builder(proxy):
    proxy.break_at()
    return Builder(proxy.url)


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Everything in one request each."""
    return make_release(tmp_path_factory.mktemp("small"), 9.5, elf())


@pytest.fixture(scope="session")
def changed(tmp_path_factory):
    """The same with another price."""
    return make_release(tmp_path_factory.mktemp("changed"), 9.75, elf())


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """With a package that is sent in two parts."""
    return make_release(tmp_path_factory.mktemp("large"), 9.5, elf(17 * 1024 * 1024))


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Three releases with the real reader in them."""
    bootstrap = Path(os.environ["COLDPRESS_BOOTSTRAP"]).read_bytes()
    return [make_release(tmp_path_factory.mktemp("served"), price, bootstrap) for price in (1.5, 2.5, 3.5)]


@pytest.fixture(scope="session")
def packages(moto):
    with patched(Packages()) as packages:
        yield packages


@pytest.fixture
def stack(builder, s3, moto, packages, tmp_path):
    from stack import Stack  # which needs what is above

    stack = Stack(builder, s3, moto, packages, tmp_path)
    yield stack
    stack.front.shutdown()
    stack.front.server_close()


@pytest.fixture
def bucket(s3):
    return Bucket(s3, f"releases-{next(NUMBERS)}")
