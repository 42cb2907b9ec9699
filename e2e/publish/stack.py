"""A function with its bucket, and what Terraform would do with them."""

import json

import boto3
import moto.awslambda.models as lambda_models
from bucket import NUMBERS, Bucket
from builder import REGION
from function import front
from moto.core import DEFAULT_ACCOUNT_ID

ROLE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


class Stack:
    """A function with its bucket, moved as Terraform's two applies would."""

    def __init__(self, builder, s3, moto, packages, directory):
        number = next(NUMBERS)
        self.builder, self.directory, self.name = builder, directory, f"c{number}-reader"
        # The one of Terraform's roots that a release applies.
        self.root = directory / "release"
        for root in ("release", "service", "bootstrap"):
            (directory / root).mkdir()
            (directory / root / "variables.tf").touch()
        # Of terraform.tfvars, once somebody sets them.
        self.memory_mb, self.environment = None, {}
        self.bucket = Bucket(s3, f"releases-{number}")
        variables = {"name": f"c{number}", "regions": [REGION], "artifact_buckets": {REGION: self.bucket.name}}
        (self.root / "bootstrap.auto.tfvars.json").write_text(json.dumps(variables))
        keys = {"endpoint_url": moto, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.client = boto3.client("lambda", region_name=REGION, **keys)
        iam = boto3.client("iam", region_name=REGION, **keys)
        role = iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=json.dumps(ROLE))["Role"]["Arn"]
        self.role = role
        # The log of runs, as terraform/service makes it.
        self.logs = boto3.client("logs", region_name=REGION, **keys)
        self.logs.create_log_group(logGroupName=f"/coldpress/{self.name}")
        backend = lambda_models.lambda_backends[DEFAULT_ACCOUNT_ID][REGION]
        self.front = front(backend, self.name, packages)
        self.url = f"http://127.0.0.1:{self.front.server_address[1]}"
        self.serve()

    def serve(self, **more):
        """What terraform/service leaves behind."""
        record = {"format": 1, "api_urls": {REGION: self.url}, "url": self.url, "distribution_id": None, **more}
        self.bucket.put("service.json", json.dumps(record).encode())

    def __call__(self, *arguments, **env):
        return self.builder(*arguments, "--terraform", self.directory, **env)

    def verify(self, *arguments):
        return self(*arguments, "--url", self.url, "--tries", "20", "--pause", "0")

    def publish(self, release):
        done = self.builder("upload", "--release", release.directory, "--terraform", self.directory).ok()
        return done.json["release"]

    def variables(self):
        release = json.loads((self.root / "release.auto.tfvars.json").read_bytes())["release"]
        return release, self.live_version()

    def live_version(self):
        return json.loads((self.root / "live.auto.tfvars.json").read_bytes())["live_version"]

    def apply(self, release=None, live=None, module=None):
        """What Terraform does with the variables, or with those of a plan; with one of its modules alone."""
        if release is None:
            release, live = self.variables()
        if module != "live":
            self.publish_version(release)
        if module != "function" and REGION in live:
            self.point("live", str(live[REGION]))

    def publish_version(self, release):
        key = f"readers/{release['reader']['sha256']}.zip"
        code = {"S3Bucket": self.bucket.name, "S3Key": key}
        name, client = self.name, self.client
        try:
            client.get_function(FunctionName=name)
        except client.exceptions.ResourceNotFoundException:
            client.create_function(FunctionName=name, Role=self.role, Code=code, Runtime="provided.al2023", Handler="bootstrap")
        if self.memory_mb:
            client.update_function_configuration(FunctionName=name, MemorySize=self.memory_mb)
        if self.environment:
            client.update_function_configuration(FunctionName=name, Environment={"Variables": self.environment})
        client.update_function_code(FunctionName=name, **code)
        newest = client.list_versions_by_function(FunctionName=name)["Versions"][-1]
        latest = client.get_function_configuration(FunctionName=name)
        if newest["Version"] == "$LATEST" or any(newest.get(of) != latest.get(of) for of in ("CodeSha256", "MemorySize", "Environment")):
            newest = client.publish_version(FunctionName=name)
        self.point("candidate", newest["Version"])

    def point(self, alias, version, weights=None):
        settings = {"FunctionName": self.name, "Name": alias, "FunctionVersion": version}
        if weights:
            settings["RoutingConfig"] = {"AdditionalVersionWeights": weights}
        try:
            self.client.update_alias(**settings)
        except self.client.exceptions.ResourceNotFoundException:
            self.client.create_alias(**settings)

    def pointed(self, alias):
        return int(self.client.get_alias(FunctionName=self.name, Name=alias)["FunctionVersion"])

    def runs(self):
        """What the log of runs has."""
        events = self.logs.filter_log_events(logGroupName=f"/coldpress/{self.name}")["events"]
        return [json.loads(event["message"]) for event in events]

    def channel(self):
        return json.loads(self.bucket.get("channels/live.json"))

    def release(self, release):
        """The whole way."""
        id_ = self.publish(release)
        self("step", "prepare", id_).ok()
        self.apply()
        self("step", "smoke", id_).ok()
        self("step", "promote", id_).ok()
        self.apply()
        self.verify("verify", id_).ok()
        self.verify("step", "set-channel", id_).ok()
        return id_
