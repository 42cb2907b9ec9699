"""Who may take which role: the claims that GitHub's tokens make of each job in .github/workflows, against what the roles trust.

That GitHub keeps a run of another branch out of the environment is its own rule (.ci/protect.sh); here it is taken to be
absent, so that a branch's job has the environment's subject.
"""

import json
import re

import pytest
import yaml
from policy import ROLES, holds
from shop import ROOT

ISSUER = "token.actions.githubusercontent.com"
# As world.SUBJECTS names it, and as a workflow's own path does.
SUBJECT, REPOSITORY = "repo:acme@1/shop@2", "acme/shop"


def jobs():
    """(workflow, job, the role that it takes)."""
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            if found := re.search(r"role_arns\.value\.(\w+)", yaml.safe_dump(job.get("steps"))):
                yield path.name, job, found[1]


JOBS = list(jobs())


def claims(workflow, job, ref):
    """What GitHub's token says of a run: as in its "OpenID Connect reference", and in the real ones of pypi/warehouse issue 10645."""
    context = "pull_request" if ref.startswith("refs/pull/") else f"ref:{ref}"
    if "environment" in job:
        context = f"environment:{job['environment']}"
    return {
        "aud": "sts.amazonaws.com",
        "sub": f"{SUBJECT}:{context}",
        "ref": ref,
        "job_workflow_ref": f"{REPOSITORY}/.github/workflows/{workflow}@{ref}",
    }


@pytest.fixture(scope="module")
def taken(world):
    """The roles that somebody with these claims may take."""
    iam = world.aws.client("iam")
    trusts = {role: iam.get_role(RoleName=f"coldpress-{role}")["Role"]["AssumeRolePolicyDocument"] for role in ROLES}

    def taken(claims, account="production"):
        """In the account whose role `deploy` is for that environment, as terraform.tfvars.example says of a second one."""
        context = {f"{ISSUER}:{name}": value for name, value in claims.items()}
        statements = {role: json.loads(json.dumps(trust["Statement"]).replace(":production", f":{account}")) for role, trust in trusts.items()}
        return {role for role, stated in statements.items() if any(holds(it["Condition"], context) for it in stated)}

    return taken


@pytest.mark.parametrize(("workflow", "job", "role"), JOBS, ids=[f"{workflow} {role}" for workflow, _, role in JOBS])
def test_each_job_may_take_its_role_and_no_other(taken, workflow, job, role):
    its = claims(workflow, job, "refs/pull/5/merge" if role == "plan" else "refs/heads/main")
    own, other = ("staging", "production") if job.get("environment") == "staging" else ("production", "staging")
    assert taken(its, own) == {role}
    # A job with an environment has no right in the other account.
    assert taken(its, other) == (set() if "environment" in job else {role})


WRITING = [(workflow, job) for workflow, job, role in JOBS if role != "plan"]


@pytest.mark.parametrize("ref", ["refs/heads/main2", "refs/heads/fix", "refs/heads/main/../fix", "refs/tags/main", "refs/pull/5/merge"])
@pytest.mark.parametrize(("workflow", "job"), WRITING)
def test_no_other_branch_may_write(taken, workflow, job, ref):
    """Not with the workflow as it is, nor with one that asks for the environment on its own."""
    for other in (workflow, "mine.yml"):
        for its in (job, {"environment": "production"}):
            assert taken(claims(other, its, ref)) <= {"plan"}


@pytest.mark.parametrize("environment", [{}, {"environment": "production"}, {"environment": "staging"}])
def test_no_other_workflow_of_main_may_write(taken, environment):
    assert taken(claims("ci.yml", environment, "refs/heads/main")) == set()


def test_nobody_elses_repository_may_do_anything(taken):
    for workflow, job, _ in JOBS:
        its = claims(workflow, job, "refs/heads/main")
        assert taken({**its, "sub": its["sub"].replace("acme@1", "acne@3")}) == set()
        assert taken({**its, "aud": "https://github.com/acme"}) == set()
