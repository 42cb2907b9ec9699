"""A moto of its own and a scratch directory for every test that runs Terraform."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "e2e" / "aws-provider"))

# Where install.sh put the stand-in (terraform/test.sh runs it first).
CONFIG = ROOT / "target" / "tools" / "aws-provider" / "terraform.rc"

HEAD = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region            = "eu-central-1"
  s3_use_path_style = true
  default_tags { tags = { project = "test" } }
}
"""


class Run:
    """How one Terraform command ended."""

    def __init__(self, done):
        self.code = done.returncode
        # Boxes and line breaks are for a terminal's width.
        self.text = re.sub(r"[\s│╷╵]+", " ", done.stdout + done.stderr)

    def ok(self):
        assert self.code == 0, self.text
        return self


class Terraform:
    """A directory with a configuration, and the commands on it."""

    def __init__(self, directory, endpoint, reattach=None):
        self.directory = directory
        self.endpoint = endpoint
        self.reattach = reattach

    def write(self, text, name="main.tf", head=True):
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / name).write_text((HEAD if head else "") + text, encoding="utf-8")
        return self

    def __call__(self, *arguments, **environment):
        env = {**self._env(), **environment}
        command = ["terraform", arguments[0], "-no-color", *arguments[1:]]
        return Run(subprocess.run(command, cwd=self.directory, env=env, capture_output=True, text=True, timeout=300))

    def init(self, *arguments):
        return self("init", "-input=false", *arguments).ok()

    def apply(self, *plan):
        """Applies a saved plan, or plans and applies."""
        return self("apply", "-auto-approve", "-input=false", *plan)

    def plan(self):
        """The plan's changes, {address: [actions]}, without what does not change."""
        return {change["address"]: change["change"]["actions"] for change in self.changes()}

    def changes(self):
        self("plan", "-input=false", "-out=plan.bin").ok()
        shown = json.loads(self._raw("show", "-json", "plan.bin"))
        return [c for c in shown.get("resource_changes", []) if c["change"]["actions"] not in (["no-op"], ["read"])]

    def assert_plan_empty(self):
        done = self("plan", "-input=false", "-detailed-exitcode")
        assert done.code == 0, done.text

    def outputs(self):
        return {name: o["value"] for name, o in json.loads(self._raw("output", "-json")).items()}

    def _raw(self, *arguments):
        return subprocess.run(
            ["terraform", *arguments], cwd=self.directory, env=self._env(), capture_output=True, text=True, check=True
        ).stdout

    def _env(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))}
        env.update(TF_IN_AUTOMATION="1", TF_CLI_CONFIG_FILE=str(CONFIG))
        if self.endpoint:
            env.update(AWS_ENDPOINT_URL=self.endpoint, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
        if self.reattach:
            env["TF_REATTACH_PROVIDERS"] = self.reattach
        return env


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
    env = {**os.environ, "AWS_ENDPOINT_URL": moto, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    launcher = next(CONFIG.parent.glob("mirror/**/terraform-provider-aws_*"))
    process = subprocess.Popen([launcher, "--dev"], env=env, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if "TF_REATTACH_PROVIDERS=" in line:
                yield line.split("TF_REATTACH_PROVIDERS=")[1].strip().strip("'")
                break
        else:
            pytest.fail("the provider said nothing")
    finally:
        process.terminate()
        process.wait(10)


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
