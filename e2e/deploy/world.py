"""Everything between a commit and an HTTP answer, on this machine: the real Terraform and builder, moto as AWS, the test
double as Lambda, a front that goes by moto's records."""

import base64
import contextlib
import json
import os
import platform
import signal

from aws import Aws
from builder import BUILDER, PUBLISHER, REGION, ended, environment, start
from front import Front
from function import Packages, patched
from terraform_directory import Terraform, provider

NAME = "coldpress-reader"
# A driven release's results, by what each is of.
STEPS = [
    "prepare", "check-plan", "apply", "smoke",
    "promote", "check-plan", "apply", "verify", "set-channel",
    "release",
]  # fmt: skip
ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64"}
SUBJECTS = {
    "plan": ["repo:acme@1/shop@2:pull_request"],
    "publish": ["repo:acme@1/shop@2:ref:refs/heads/main"],
    "deploy": ["repo:acme@1/shop@2:environment:production"],
}
# What stands between the files as they are and this machine: S3's address, and the API's instead of a DNS of ours.
PATH_STYLE = 'provider "aws" {\n  s3_use_path_style = true\n}\n'
HERE = (
    PATH_STYLE
    + """
terraform {
  backend "s3" {
    encrypt                     = true
    use_lockfile                = true
    use_path_style              = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    endpoints                   = { s3 = "%(aws)s" }
  }
}
"""
)
ADDRESSES = """
locals {
  api_urls = { for region, api in module.api : region => "%(front)s/${region}/${api.api_id}" }
  url      = "%(front)s/${var.regions[0]}/${module.api[var.regions[0]].api_id}"
}
"""


class World:
    """`with World(shop) as world`; bootstrap and, unless `service` is false, the service are applied. `root` is the one that
    a release applies."""

    def __init__(self, shop, regions=(REGION,), service=True):
        self.shop, self.regions, self.ends = shop, regions, contextlib.ExitStack()
        self.serves = service

    def __enter__(self):
        with contextlib.ExitStack() as ends:
            self.aws = Aws()
            ends.callback(self.aws.end)
            self.packages = ends.enter_context(patched(Packages()))
            self.front = Front(self.packages)
            ends.callback(self.front.close)
            self.reattach = ends.enter_context(provider(self.aws.url))
            self.set_up()
            self.ends = ends.pop_all()
        return self

    def __exit__(self, *_):
        self.ends.close()

    def set_up(self):
        directory = self.shop.terraform
        self.bootstrap = Terraform(directory / "bootstrap", self.aws.url, self.reattach)
        self.bootstrap.write(PATH_STYLE, "moto_override.tf", head=False).init()
        self.root, self.service = (Terraform(directory / name, self.aws.url, self.reattach) for name in ("release", "service"))
        self.root.write(HERE % {"aws": self.aws.url}, "moto_override.tf", head=False)
        self.service.write(HERE % {"aws": self.aws.url}, "moto_override.tf", head=False)
        module = Terraform(directory / "modules" / "service", self.aws.url, self.reattach)
        module.write(ADDRESSES % {"front": self.front.url}, "moto_override.tf", head=False)
        self.root.write(f'architecture = "{ARCHITECTURES[platform.machine()]}"\n', "terraform.tfvars", head=False)
        self.serve_from(self.regions)
        if self.serves:
            self.service.apply().ok()

    def serve_from(self, regions, **more):
        """What a person does once, and again where the regions or another of bootstrap's variables are to be others."""
        variables = {"regions": list(regions), "subjects": SUBJECTS, **more}
        self.bootstrap.write(json.dumps(variables), "terraform.tfvars.json", head=False)
        self.bootstrap.apply().ok()
        self.bootstrap.assert_plan_empty()
        outputs = self.bootstrap.outputs()
        self.backend, self.account = outputs["backend"], self.bootstrap.raw("output", "-json")
        self.buckets = outputs["root_variables"]["artifact_buckets"]
        self.bucket = self.buckets[regions[0]]
        self.make("terraform-init", stays=False).ok()

    # What a person or a workflow runs.

    def environment(self, stays=True, **more):
        """`stays`: with the provider that runs all the time; else Terraform starts one of its own, and dies with it."""
        more |= {name: value for name, value in self.root.env().items() if name.startswith("TF_")}
        if not stays:
            del more["TF_REATTACH_PROVIDERS"]
        return environment(self.aws.url, AWS_MAX_ATTEMPTS="3", **more)

    def start(self, *arguments, at=None, stays=True, **env):
        """publisher, in the shop's checkout or another one."""
        return start([PUBLISHER, *map(str, arguments)], self.environment(stays, **env), at or self.shop.directory)

    def run(self, *arguments, **how):
        return ended(self.start(*arguments, **how))

    def make(self, *arguments, stays=True, **env):
        """As the workflows call it: with binaries that are there."""
        env = self.environment(stays, BINARIES="target/binaries", **env)
        # An apply of everything, with a provider that starts anew each time, takes a while.
        return ended(start(["make", "--no-print-directory", *arguments], env, self.shop.directory), timeout=300)

    def build(self, bootstrap):
        """The commit's release and its package, in the shop's dist/."""
        dist = self.shop.directory / "dist"
        ended(start([BUILDER, "build", "datasets", "-o", str(dist), "--quiet"], self.environment(), self.shop.directory)).ok()
        self.package_again(bootstrap)
        return dist

    def package_again(self, bootstrap):
        """With what is in the shop's dist/ now."""
        command = ["package", "--bootstrap", str(bootstrap), "--release", "dist", "--quiet"]
        ended(start([BUILDER, *command], self.environment(), self.shop.directory)).ok()

    def publish(self, bootstrap):
        """The commit's release, built, packaged and uploaded: its id and digest."""
        dist = self.build(bootstrap)
        done = self.run("upload", "--release", dist, "--terraform", "terraform").ok().json
        return done["release"], done["database"]["sha256"]

    def release(self, id_, at=None):
        return self.run("release", id_, "--terraform", "terraform", at=at)

    # What is there afterwards.

    def lambda_(self, region=REGION):
        return self.aws.client("lambda", region)

    def versions(self, region=REGION):
        """The function's versions: {number: digest of the package in base64}."""
        pages = self.lambda_(region).get_paginator("list_versions_by_function").paginate(FunctionName=NAME)
        found = [version for page in pages for version in page["Versions"]]
        return {version["Version"]: version["CodeSha256"] for version in found if version["Version"] != "$LATEST"}

    def alias(self, name, region=REGION):
        return self.lambda_(region).get_alias(FunctionName=NAME, Name=name)["FunctionVersion"]

    def object(self, bucket, key):
        """An object's JSON, or None."""
        s3 = self.aws.client("s3")
        try:
            return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        except s3.exceptions.NoSuchKey:
            return None

    def released(self):
        """The release that the channel names."""
        return (self.object(self.bucket, "channels/live.json") or {}).get("current")

    def package(self, id_):
        """The digest of a release's package, as Lambda writes it."""
        digest = self.object(self.bucket, f"releases/{id_}.json")["reader"]["sha256"]
        return base64.b64encode(bytes.fromhex(digest)).decode()

    def keys(self, bucket=None):
        pages = self.aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket or self.bucket)
        return sorted(found["Key"] for page in pages for found in page.get("Contents", []))

    def lock(self):
        """The id of the lock that a killed Terraform left behind, or None."""
        found = self.object(self.backend["bucket"], self.backend["keys"]["release"] + ".tflock")
        return found and found["ID"]

    def unlock(self):
        """What a person does who knows that the run is dead."""
        if id_ := self.lock():
            self.root("force-unlock", "-force", id_).ok()

    def empty(self, bucket):
        """As a person who wants it gone: all versions, and the markers of deletions."""
        s3 = self.aws.client("s3")
        found = s3.list_object_versions(Bucket=bucket)
        for there in [*found.get("DeleteMarkers", []), *found.get("Versions", [])]:
            s3.delete_object(Bucket=bucket, Key=there["Key"], VersionId=there["VersionId"])

    def url(self):
        return self.service.outputs()["url"]


def kill(process):
    """As when the machine goes: the run and whatever it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
