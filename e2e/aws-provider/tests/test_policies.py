"""The policies of terraform/bootstrap against parliament (PyPI), which knows IAM's actions, resources and conditions.

policies.csv lists its findings with the reason why each is not a finding.
"""

import csv
import json
import subprocess

from conftest import ROOT
from test_coldpress import REGIONS, SUBJECTS, Deployment

PYTHON = ROOT / "target" / "tools" / "parliament" / "bin" / "python"
JUDGE = """
import json, sys
import parliament
found = {
    name: [[finding.issue, finding.detail] for finding in parliament.analyze_policy_string(text, include_community_auditors=True).findings]
    for name, text in json.load(sys.stdin).items()
}
json.dump(found, sys.stdout)
"""


def policies(deployment):
    """The text of each policy in the plan of a deployment with everything, by the resource that has it."""
    variables = {"regions": REGIONS, "subjects": SUBJECTS, "domain_zone_id": "Z1", "cdn": True}
    deployment.bootstrap.write(json.dumps(variables), "terraform.tfvars.json", head=False).init()
    for change in deployment.bootstrap.changes():
        after = change["change"]["after"]
        if text := after.get("policy") or after.get("assume_role_policy"):
            yield change["address"].removeprefix("module.bootstrap."), text


def detail(found):
    if isinstance(found, str):
        return found
    return " ".join(sorted(item["action"] if isinstance(item, dict) else item for item in found))


def test_parliament_finds_nothing_without_a_reason(tmp_path, moto, aws, running):
    texts = dict(policies(Deployment(tmp_path / "terraform", moto, aws, running)))
    assert len(texts) == 11 and any("bucket" in name for name in texts)
    done = subprocess.run([PYTHON, "-W", "ignore", "-c", JUDGE], input=json.dumps(texts), capture_output=True, text=True, check=True)
    found = {(name, issue, detail(what)) for name, findings in json.loads(done.stdout).items() for issue, what in findings}
    with (ROOT / "e2e" / "aws-provider" / "policies.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert all(row["reason"] for row in listed)
    assert found == {(row["policy"], row["issue"], row["detail"]) for row in listed}


def test_it_would_find_a_mistake():
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::b"}]}
    done = subprocess.run([PYTHON, "-W", "ignore", "-c", JUDGE], input=json.dumps({"p": json.dumps(policy)}), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"p": [["UNKNOWN_ACTION", "Unknown action s3:GetObjekt"]]}
