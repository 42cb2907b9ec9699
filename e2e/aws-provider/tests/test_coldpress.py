"""The project's own configuration, applied: bootstrap, the service, then releases, in Terraform's own S3 backend."""

import base64
import hashlib
import io
import json
import re
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
    """Bootstrap, service and release, in a copy without lock files or states."""

    def __init__(self, directory, moto, aws, running):
        self.moto, self.aws = moto, aws
        skip = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars", "*.tfvars.json", "tests")
        shutil.copytree(ROOT / "terraform", directory, ignore=skip)
        self.bootstrap, self.service, self.release = (
            Terraform(directory / root, moto, running).write(OVERRIDE, "moto_override.tf", head=False)
            for root in ("bootstrap", "service", "release")
        )

    def set_up(self):
        variables = {"regions": REGIONS, "subjects": SUBJECTS, "domain_zone_id": "Z1", "cdn": True}
        self.bootstrap.write(json.dumps(variables), "terraform.tfvars.json", head=False).init()
        self.bootstrap.apply().ok()
        outputs = self.bootstrap.outputs()
        self.buckets = outputs["root_variables"]["artifact_buckets"]
        self.state = outputs["backend"]
        for name, root in (("service", self.service), ("release", self.release)):
            root.write(json.dumps(outputs["root_variables"]), "bootstrap.auto.tfvars.json", head=False)
            backend = {"bucket": self.state["bucket"], "region": self.state["region"], "key": self.state["keys"][name]}
            backend |= dict.fromkeys(
                ("use_path_style", "skip_credentials_validation", "skip_requesting_account_id", "skip_metadata_api_check"), "true"
            )
            backend["endpoints"] = f'{{s3="{self.moto}"}}'
            root.init(*(f"-backend-config={k}={v}" for k, v in backend.items()))

    def serve_from(self, regions):
        for root in (self.service, self.release):
            root.write(json.dumps({"regions": regions}), "regions.auto.tfvars.json", head=False)

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
        self.release.write(json.dumps({"release": record}), "release.auto.tfvars.json", head=False)

    def live(self, version):
        pinned = {} if version is None else {"eu-central-1": version}
        self.release.write(json.dumps({"live_version": pinned}), "live.auto.tfvars.json", head=False)

    def apply(self, root):
        root.apply().ok()
        root.assert_plan_empty()

    def apply_planned(self, module, expected):
        """Plans that module alone, compares with {address: actions}, applies just that plan."""
        release = self.release
        release("plan", "-input=false", f"-target=module.release.module.{module}", "-out=plan.bin").ok()
        shown = json.loads(release.raw("show", "-json", "plan.bin"))
        changes = {c["address"]: c["change"]["actions"] for c in shown["resource_changes"] if c["change"]["actions"] != ["no-op"]}
        assert changes == {f'module.release.module.{module}["eu-central-1"].{what}': do for what, do in expected.items()}
        release.apply("plan.bin").ok()


# In docs/deploy.md: the address of what a domain or a CDN has, and the id that imports it.
IMPORTS = re.findall(r'^\| `((?:module\.api|aws_)[^`]+\[[^`]+)` \| `([^`]+)` \|$', (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8"), re.MULTILINE)


def lose_and_import(service):
    """What a domain and a CDN have is lost from the state, and imported as docs/deploy.md says."""
    held = {}
    modules = [json.loads(service.raw("show", "-json"))["values"]["root_module"]]
    for module in modules:
        modules += module.get("child_modules", [])
        held |= {resource["address"]: resource for resource in module.get("resources", [])}
    blocks, lost = "", []
    for address, id_ in IMPORTS:
        for region in REGIONS if "REGION" in address else [""]:
            to = "module.service." + address.replace("REGION", region)
            if to not in held:
                continue
            own = held[to]["values"]
            names = {"CERTIFICATE_ARN": own.get("arn"), "MAPPING": own["id"], "CACHE_POLICY": own["id"], "DISTRIBUTION": own["id"]}
            names |= {"ZONE": own.get("zone_id"), "DOMAIN": "data.example.org", "REGION": region}
            known = re.sub("|".join(names), lambda found: names[found[0]], id_)
            blocks += f'import {{\n  to = {to}\n  id = "{known}"\n}}\n'
            lost.append(to)
    kinds = {held[to]["type"] for to in lost}
    proofs = [to for to, resource in held.items() if resource["type"] == "aws_acm_certificate_validation" or to.endswith("proof[0]")]
    named = "aws_acm_certificate", "aws_apigatewayv2_domain_name", "aws_apigatewayv2_api_mapping", "aws_cloudfront", "aws_route53_record"
    assert sorted(lost + proofs) == sorted(to for to, r in held.items() if r["mode"] == "managed" and r["type"].startswith(named)), kinds
    service.raw("state", "rm", *lost, *proofs)
    service.write(blocks, "imports.tf", head=False)
    done = service.apply().ok().text
    (service.directory / "imports.tf").unlink()
    imported, added, _, destroyed = map(int, re.search(r"(\d+) imported, (\d+) added, (\d+) changed, (\d+) destroyed", done).groups())
    assert (imported, added, destroyed) == (len(lost), len(proofs), 0), done
    service.assert_plan_empty()


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("a checkout") / "terraform"


def test_the_story(directory, moto, aws, running):
    if not shutil.which("terraform"):
        pytest.skip("terraform is not on the PATH")
    deployment = Deployment(directory, moto, aws, running)
    deployment.set_up()
    deployment.bootstrap.assert_plan_empty()
    earlier = [line for line in deployment.bootstrap.raw("state", "list").splitlines() if ".data." not in line]
    for resource in earlier:
        deployment.bootstrap.raw("state", "mv", resource, resource.removeprefix("module.bootstrap."))
    deployment.apply(deployment.bootstrap)
    assert [line for line in deployment.bootstrap.raw("state", "list").splitlines() if ".data." not in line] == earlier
    service, release = deployment.service, deployment.release
    deployment.serve_from(REGIONS[:1])

    # The service needs no release: it knows the function by its name.
    deployment.apply(service)
    outputs = service.outputs()
    api = outputs["api_ids"]["eu-central-1"]
    (integration,) = aws("apigatewayv2").get_integrations(ApiId=api)["Items"]
    assert integration["IntegrationUri"].endswith(":function:coldpress-reader:live/invocations")

    def record():
        bucket = deployment.buckets["eu-central-1"]
        return json.loads(aws("s3").get_object(Bucket=bucket, Key="service.json")["Body"].read())

    assert record() == {"format": 1, **{name: outputs.get(name) for name in ("api_urls", "url", "distribution_id")}}

    # The first release: nothing public until a version is pinned.
    deployment.publish("r1")
    deployment.live(None)
    deployment.apply_planned("function", {"aws_lambda_alias.candidate": ["create"], "aws_lambda_function.this": ["create"]})
    outputs = release.outputs()
    assert (outputs["candidate_version"], outputs.get("live_version", {}), outputs["release_id"]) == ({"eu-central-1": 1}, {}, "r1")
    deployment.live(1)
    deployment.apply_planned("live", {"aws_lambda_alias.this": ["create"], "aws_lambda_permission.api": ["create"]})
    release.assert_plan_empty()
    policy = json.loads(aws("lambda").get_policy(FunctionName="coldpress-reader", Qualifier="live")["Policy"])
    (statement,) = policy["Statement"]
    assert statement["Resource"].endswith(":coldpress-reader:live")
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == "arn:aws:execute-api:eu-central-1:123456789012:*/*/*"

    # A new release touches the function and its candidate, and nothing else.
    deployment.publish("r2")
    deployment.apply_planned("function", {"aws_lambda_alias.candidate": ["update"], "aws_lambda_function.this": ["update"]})
    release.assert_plan_empty()
    assert (release.outputs()["live_version"], release.outputs()["release_id"]) == ({"eu-central-1": 1}, "r2")

    # A promotion and a way back are one change.
    for version in (2, 1):
        deployment.live(version)
        deployment.apply_planned("live", {"aws_lambda_alias.this": ["update"]})
        release.assert_plan_empty()
        alias = aws("lambda").get_alias(FunctionName="coldpress-reader", Name="live")
        assert alias["FunctionVersion"] == str(version)
    deployment.apply(service)

    # The bytes must be what their name says.
    other = json.loads((directory / "release" / "release.auto.tfvars.json").read_text())
    for region, bucket in deployment.buckets.items():
        client = aws("s3", region)
        bytes_ = client.get_object(Bucket=bucket, Key=f"readers/{other['release']['reader']['sha256']}.zip")["Body"].read()
        client.put_object(Bucket=bucket, Key="readers/" + "0" * 64 + ".zip", Body=bytes_ + b"x")
    other["release"]["reader"]["sha256"] = "0" * 64
    release.write(json.dumps(other), "release.auto.tfvars.json", head=False)
    assert "does not hold what its name says" in release.apply().text
    assert aws("lambda").get_alias(FunctionName="coldpress-reader", Name="live")["FunctionVersion"] == "1"
    deployment.publish("r3")
    deployment.apply(release)

    # States of the time when each root was the module itself: nothing changes but names.
    here = '["eu-central-1"]'
    for root, resources in ((release, ["module.function" + here, "module.live" + here]), (service, ["module.api" + here, "aws_s3_object.record"])):
        name = root.directory.name
        for resource in resources:
            root.raw("state", "mv", f"module.{name}.{resource}", resource)
        moved = root("plan", "-input=false").ok().text
        assert "has moved to module." in moved and "Plan: 0 to add, 0 to change, 0 to destroy." in moved
    # One module alone can't be renamed; publisher knows the message.
    alone = release("plan", "-input=false", "-target=module.release.module.function")
    assert alone.code == 1 and "Moved resource instances excluded by targeting" in alone.text
    deployment.apply(service)
    release("plan", "-input=false", "-out=plan.bin").ok()
    release.apply("plan.bin").ok()
    release.assert_plan_empty()

    # Somebody else holds a state: the other root is as free as before.
    lock = {"ID": "5f9c9c1e-0000-0000-0000-000000000000", "Operation": "OperationTypeApply", "Who": "ci@elsewhere"}
    key = deployment.state["keys"]["service"] + ".tflock"
    aws("s3").put_object(Bucket=deployment.state["bucket"], Key=key, Body=json.dumps(lock))
    held = service.apply()
    assert held.code == 1 and "Error acquiring the state lock" in held.text and "ci@elsewhere" in held.text
    deployment.apply(release)
    aws("s3").delete_object(Bucket=deployment.state["bucket"], Key=key)

    # Where the service is, changed by hand, is put right; so is what is gone.
    for do in (
        lambda there: aws("s3").put_object(**there, Body=b"{}", ContentType="application/json"),
        lambda there: aws("s3").delete_object(**there),
    ):
        before = record()
        do({"Bucket": deployment.buckets["eu-central-1"], "Key": "service.json"})
        deployment.apply(service)
        assert record() == before

    # A second region and a domain, then a CDN before both, then neither domain nor region.
    zone = aws("route53").create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
    domain = {"domain": {"name": "data.example.org", "zone_id": zone}, "alarms": {"email": "ops@example.org"}}
    deployment.serve_from(REGIONS)
    for extra in (domain, {**domain, "cdn": True}):
        service.write(json.dumps(extra), "extra.auto.tfvars.json", head=False)
        deployment.apply(service)
        assert service.outputs()["url"] == record()["url"] == "https://data.example.org"
        lose_and_import(service)
    assert record()["distribution_id"] == service.outputs()["distribution_id"] is not None
    deployment.apply(release)
    assert release.outputs()["candidate_version"]["us-east-1"] == 1
    deployment.serve_from(REGIONS[:1])

    # The domain elsewhere, with a certificate that somebody made: there is a record to enter, and none is made.
    for cdn, region, target in ((True, "us-east-1", ".cloudfront.net"), (False, "eu-central-1", ".amazonaws.com")):
        certificate = aws("acm", region).request_certificate(DomainName="data.example.org", ValidationMethod="DNS")["CertificateArn"]
        extra = {"domain": {"name": "data.example.org", "certificate_arn": certificate}, "cdn": cdn}
        service.write(json.dumps(extra), "extra.auto.tfvars.json", head=False)
        deployment.apply(service)
        (entry,) = service.outputs()["dns_records"]
        assert (entry["name"], entry["type"]) == ("data.example.org", "CNAME") and entry["value"].endswith(target)
        assert record()["url"] == "https://data.example.org"
        assert len(aws("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]) == 2  # NS and SOA

    service.write('{"cdn": true}', "extra.auto.tfvars.json", head=False)
    for root in (service, release):
        deployment.apply(root)
    assert service.outputs()["url"].endswith(".cloudfront.net")

    for root in (release, service):
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
