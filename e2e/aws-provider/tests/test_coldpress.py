"""The project's own configuration, applied: bootstrap, then releases, in Terraform's own S3 backend."""

import base64
import hashlib
import io
import json
import shutil
import zipfile

import pytest

from conftest import ROOT
from terraform_directory import Terraform

SUBJECTS = {
    "plan": ["repo:acme@1/data@2:pull_request", "repo:acme/data:pull_request"],
    "publish": ["repo:acme@1/data@2:ref:refs/heads/main"],
    "deploy": ["repo:acme@1/data@2:environment:production"],
}
OVERRIDE = 'provider "aws" {\n  s3_use_path_style = true\n}\n'
REGIONS = ["eu-central-1", "us-east-1"]


class Deployment:
    """Bootstrap and root, in a copy without lock files or states."""

    def __init__(self, directory, moto, aws, running):
        self.moto, self.aws = moto, aws
        skip = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars", "*.tfvars.json", "tests")
        shutil.copytree(ROOT / "terraform", directory, ignore=skip)
        self.bootstrap = Terraform(directory / "bootstrap", moto, running).write(OVERRIDE, "moto_override.tf", head=False)
        self.root = Terraform(directory, moto, running).write(OVERRIDE, "moto_override.tf", head=False)

    def set_up(self):
        variables = {"regions": REGIONS, "subjects": SUBJECTS, "domain_zone_id": "Z1", "cdn": True}
        self.bootstrap.write(json.dumps(variables), "terraform.tfvars.json", head=False).init()
        self.bootstrap.apply().ok()
        outputs = self.bootstrap.outputs()
        self.root.write(json.dumps(outputs["root_variables"]), "bootstrap.auto.tfvars.json", head=False)
        self.buckets = outputs["root_variables"]["artifact_buckets"]
        self.state = outputs["backend"]
        backend = [f"-backend-config={k}={v}" for k, v in self.state.items()]
        backend += [f"-backend-config={k}=true" for k in (
            "use_path_style", "skip_credentials_validation", "skip_requesting_account_id", "skip_metadata_api_check",
        )]
        self.root.init(*backend, f'-backend-config=endpoints={{s3="{self.moto}"}}')

    def publish(self, id_):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(zipfile.ZipInfo("bootstrap"), id_)
        sha256 = hashlib.sha256(data.getvalue())
        digest, in_base64 = sha256.hexdigest(), base64.b64encode(sha256.digest()).decode()
        for region, bucket in self.buckets.items():
            key = f"readers/{digest}.zip"
            self.aws("s3", region).put_object(Bucket=bucket, Key=key, Body=data.getvalue(), IfNoneMatch="*")
        record = {
            "id": id_,
            "architecture": "arm64",
            "reader": {"sha256": digest, "code_sha256": in_base64, "bytes": len(data.getvalue())},
            "database": {"sha256": hashlib.sha256(id_.encode()).hexdigest()},
        }
        self.root.write(json.dumps({"release": record}), "release.auto.tfvars.json", head=False)

    def live(self, version):
        pinned = {} if version is None else {"eu-central-1": version}
        self.root.write(json.dumps({"live_version": pinned}), "live.auto.tfvars.json", head=False)

    def apply(self):
        self.root.apply().ok()
        self.root.assert_plan_empty()

    def apply_planned(self, expected):
        """Plans, compares with {address: actions}, applies just that plan."""
        assert self.root.plan() == {f'module.reader["eu-central-1"].{what}': do for what, do in expected.items()}
        self.root.apply("plan.bin").ok()
        self.root.assert_plan_empty()


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("a checkout") / "terraform"


def test_the_story(directory, moto, aws, running):
    if not shutil.which("terraform"):
        pytest.skip("terraform is not on the PATH")
    deployment = Deployment(directory, moto, aws, running)
    deployment.set_up()
    deployment.bootstrap.assert_plan_empty()
    root = deployment.root

    # The first release: nothing public until a version is pinned.
    root.write(json.dumps({"regions": REGIONS[:1]}), "regions.auto.tfvars.json", head=False)
    deployment.publish("r1")
    deployment.live(None)
    deployment.apply()
    outputs = root.outputs()
    assert outputs["candidate_version"] == {"eu-central-1": 1} and outputs["live_version"] == {}
    api = outputs["api_ids"]["eu-central-1"]
    assert aws("apigatewayv2").get_routes(ApiId=api)["Items"] == []

    deployment.live(1)
    deployment.apply_planned(
        {
            "aws_apigatewayv2_integration.live[0]": ["create"],
            "aws_apigatewayv2_route.live[0]": ["create"],
            "aws_lambda_alias.live[0]": ["create"],
            "aws_lambda_permission.api[0]": ["create"],
        }
    )
    (integration,) = aws("apigatewayv2").get_integrations(ApiId=api)["Items"]
    assert integration["IntegrationUri"].endswith(":function:coldpress-reader:live/invocations")
    policy = json.loads(aws("lambda").get_policy(FunctionName="coldpress-reader", Qualifier="live")["Policy"])
    assert [s["Resource"].rsplit(":", 1)[1] for s in policy["Statement"]] == ["live"]

    # A new release touches the function and its candidate, and nothing else.
    deployment.publish("r2")
    deployment.apply_planned({"aws_lambda_alias.candidate": ["update"], "aws_lambda_function.this": ["update"]})
    assert root.outputs()["live_version"] == {"eu-central-1": 1}

    # A promotion and a way back are one change.
    for version in (2, 1):
        deployment.live(version)
        deployment.apply_planned({"aws_lambda_alias.live[0]": ["update"]})
        alias = aws("lambda").get_alias(FunctionName="coldpress-reader", Name="live")
        assert alias["FunctionVersion"] == str(version)

    # The bytes must be what their name says.
    other = json.loads((directory / "release.auto.tfvars.json").read_text())
    for region, bucket in deployment.buckets.items():
        client = aws("s3", region)
        bytes_ = client.get_object(Bucket=bucket, Key=f"readers/{other['release']['reader']['sha256']}.zip")["Body"].read()
        client.put_object(Bucket=bucket, Key="readers/" + "0" * 64 + ".zip", Body=bytes_ + b"x")
    other["release"]["reader"]["sha256"] = "0" * 64
    root.write(json.dumps(other), "release.auto.tfvars.json", head=False)
    assert "does not hold what its name says" in root.apply().text
    assert aws("lambda").get_alias(FunctionName="coldpress-reader", Name="live")["FunctionVersion"] == "1"
    deployment.publish("r3")
    deployment.apply()

    # Somebody else holds the state.
    lock = {"ID": "5f9c9c1e-0000-0000-0000-000000000000", "Operation": "OperationTypeApply", "Who": "ci@elsewhere"}
    key = deployment.state["key"] + ".tflock"
    aws("s3").put_object(Bucket=deployment.state["bucket"], Key=key, Body=json.dumps(lock))
    held = root.apply()
    assert held.code == 1 and "Error acquiring the state lock" in held.text and "ci@elsewhere" in held.text
    aws("s3").delete_object(Bucket=deployment.state["bucket"], Key=key)

    # A second region and a domain, then a CDN before both, then neither domain nor region.
    zone = aws("route53").create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
    domain = {"domain": {"name": "data.example.org", "zone_id": zone}, "alarms": {"email": "ops@example.org"}}
    root.write(json.dumps({"regions": REGIONS}), "regions.auto.tfvars.json", head=False)
    for extra in (domain, {**domain, "cdn": True}):
        root.write(json.dumps(extra), "extra.auto.tfvars.json", head=False)
        deployment.apply()
        assert root.outputs()["url"] == "https://data.example.org"
    assert root.outputs()["candidate_version"]["us-east-1"] == 1
    root.write(json.dumps({"regions": REGIONS[:1], "cdn": True}), "regions.auto.tfvars.json", head=False)
    root.write("{}", "extra.auto.tfvars.json", head=False)
    deployment.apply()
    assert root.outputs()["url"].endswith(".cloudfront.net")

    root("destroy", "-auto-approve", "-input=false").ok()
    assert aws("lambda").list_functions()["Functions"] == []


LONGEST = ["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"]


def test_bootstrap_for_eight_regions(tmp_path, moto, aws, running):
    """IAM takes the policies: the stand-in counts their characters as IAM does."""
    deployment = Deployment(tmp_path / "terraform", moto, aws, running)
    variables = {"name": "coldpress-for-a-shop", "regions": LONGEST, "subjects": SUBJECTS, "domain_zone_id": "Z" + "1" * 31, "cdn": True}
    variables["oidc_provider_arn"] = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    deployment.bootstrap.write(json.dumps(variables), "terraform.tfvars.json", head=False).init()
    deployment.bootstrap.apply().ok()
    deployment.bootstrap.assert_plan_empty()
    deployment.bootstrap("destroy", "-auto-approve", "-input=false").ok()
