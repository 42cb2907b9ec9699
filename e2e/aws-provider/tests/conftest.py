"""A moto of its own and a scratch directory for every test that runs Terraform."""

import json
import shutil
import sys
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "e2e" / "aws-provider"))

from terraform_directory import Terraform, provider  # noqa: E402


@pytest.fixture(scope="module")
def moto():
    """moto's address; what it holds ends with the module."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    transition = {"model_name": "acm::certificate", "transition": {"progression": "immediate"}}
    _post(address + "/moto-api/reset", {})
    _post(address + "/moto-api/state-manager/set-transition", transition)
    yield address
    server.stop()


def _post(url, body):
    import urllib.request

    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    urllib.request.urlopen(request, timeout=10).read()


@pytest.fixture
def aws(moto):
    """boto3 clients for moto, as `aws("lambda")`: what AWS holds, seen past Terraform."""

    def client(service, region="eu-central-1"):
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=moto,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    return client


@pytest.fixture(scope="module")
def running(moto):
    """A provider that stays, as TF_REATTACH_PROVIDERS: Terraform starts its own anew several times a command."""
    with provider(moto) as reattach:
        yield reattach


@pytest.fixture
def started(moto, tmp_path):
    """A Terraform directory, in a path with blanks; the provider is started by Terraform."""
    if not shutil.which("terraform"):
        pytest.skip("terraform is not on the PATH")
    return Terraform(tmp_path / "a place with blanks", moto)


@pytest.fixture
def terraform(started, running):
    """The same with a provider that stays."""
    started.reattach = running
    return started
