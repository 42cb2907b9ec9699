"""Terraform in a directory, and the stand-in for the AWS provider kept running beside it."""

import contextlib
import json
import os
import re
import subprocess
from pathlib import Path

# Where install.sh put the stand-in (terraform/test.sh runs it first).
CONFIG = Path(__file__).resolve().parents[2] / "target" / "tools" / "aws-provider" / "terraform.rc"

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
        """Raises what was wrong, without the lines of progress before it: a log is often cut at its end."""
        if self.code != 0:
            raise AssertionError(self.text[max(self.text.find("Error: "), 0) :])
        return self


class Terraform:
    """A directory with a configuration, and the commands on it."""

    def __init__(self, directory, endpoint, reattach=None, key="test"):
        self.directory, self.key = directory, key
        self.endpoint = endpoint
        self.reattach = reattach

    def write(self, text, name="main.tf", head=True):
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / name).write_text((HEAD if head else "") + text, encoding="utf-8")
        return self

    def __call__(self, *arguments, **environment):
        env = {**self.env(), **environment}
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
        shown = json.loads(self.raw("show", "-json", "plan.bin"))
        return [c for c in shown.get("resource_changes", []) if c["change"]["actions"] not in (["no-op"], ["read"])]

    def assert_plan_empty(self):
        done = self("plan", "-input=false", "-detailed-exitcode")
        if done.code != 0:
            raise AssertionError(done.text)

    def state(self, address):
        """What the state holds of a resource of the root."""
        return self.states()[address]

    def states(self):
        """The same of all of them, by address."""
        resources = json.loads(self.raw("show", "-json"))["values"]["root_module"]["resources"]
        return {resource["address"]: resource["values"] for resource in resources}

    def outputs(self):
        return {name: o["value"] for name, o in json.loads(self.raw("output", "-json")).items()}

    def raw(self, *arguments):
        return subprocess.run(
            ["terraform", *arguments], cwd=self.directory, env=self.env(), capture_output=True, text=True, check=True
        ).stdout

    def env(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))}
        env.update(TF_IN_AUTOMATION="1", TF_CLI_CONFIG_FILE=str(CONFIG))
        if self.endpoint:
            env.update(AWS_ENDPOINT_URL=self.endpoint, AWS_ACCESS_KEY_ID=self.key, AWS_SECRET_ACCESS_KEY="test")
        if self.reattach:
            env["TF_REATTACH_PROVIDERS"] = self.reattach
        return env


@contextlib.contextmanager
def provider(endpoint, key="test"):
    """The stand-in, running; what TF_REATTACH_PROVIDERS is to say."""
    env = {**os.environ, "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "test"}
    launcher = next(CONFIG.parent.glob("mirror/**/terraform-provider-aws_*"))
    process = subprocess.Popen([launcher, "--dev"], env=env, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if "TF_REATTACH_PROVIDERS=" in line:
                yield line.split("TF_REATTACH_PROVIDERS=")[1].strip().strip("'")
                break
        else:
            raise RuntimeError("the provider said nothing")
    finally:
        process.terminate()
        process.wait(10)
