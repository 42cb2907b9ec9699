"""What act can't show (e2e/deploy/README.md), read in the workflows' text: who may be whom, and what waits for what."""

import re
from pathlib import Path

import pytest
import yaml

WORKFLOWS = Path(__file__).resolve().parents[2] / ".github" / "workflows"
MAIN = "vars.COLDPRESS_ACCOUNT != '' && github.ref == 'refs/heads/main'"
STAGED = f"vars.COLDPRESS_STAGING != '' && {MAIN}"
OURS = "github.event.pull_request.head.repo.full_name == github.repository && vars.COLDPRESS_ACCOUNT != ''"


def workflow(name):
    return yaml.safe_load((WORKFLOWS / name).read_text())


def read():
    """Each job as (workflow, key, job, its steps' text)."""
    for path in sorted(WORKFLOWS.glob("*.yml")):
        for key, job in workflow(path.name)["jobs"].items():
            if "steps" in job:
                yield path.name, key, job, yaml.safe_dump(job["steps"])


JOBS = {f"{name}:{key}": (job, steps) for name, key, job, steps in read()}


def role(steps):
    """The role that a job takes, in one account or in both."""
    found = re.findall(r"role_arns\.value\.(\w+)", steps)
    assert len(found) == len(re.findall("configure-aws-credentials@", steps)) and len({*found}) <= 1
    return found[0] if found else None


def condition(name):
    """The job's own, or that of the first job that it waits for."""
    job, _ = JOBS[name]
    needed = needs(job)
    return condition(f"{name.split(':')[0]}:{needed[0]}") if needed else job.get("if")


def account(job):
    """Whose the role is: the variable that `env.COLDPRESS_ACCOUNT` stands for in the steps."""
    return job.get("env", {}).get("COLDPRESS_ACCOUNT")


def needs(job):
    found = job.get("needs", [])
    return found if isinstance(found, list) else [found]


def test_roles():
    taken = {name: role(steps) for name, (_, steps) in JOBS.items()}
    assert {name: role for name, role in taken.items() if role} == {
        "pr.yml:plan": "plan",
        "reconcile.yml:reconcile": "deploy",
        "release.yml:deploy": "deploy",
        "release.yml:publish": "publish",
        "release.yml:staging": "deploy",
        "rollback.yml:rollback": "deploy",
        "settings.yml:settings": "deploy",
        "settings.yml:staging": "deploy",
    }


@pytest.mark.parametrize("name", JOBS)
def test_a_job_gets_the_role_that_its_subject_claim_fits(name):
    """terraform/bootstrap/trust.tf: `deploy` is for the environment, `publish` for main, `plan` for pull requests."""
    job, steps = JOBS[name]
    its = role(steps)
    # An attestation's signature needs a token too.
    assert (job["permissions"].get("id-token") == "write") == (its is not None or "attest-build-provenance@" in steps)
    # A job in an environment has the environment's subject, whatever started it.
    waits = "release" if name.startswith("release.yml:approve") else None
    place = "staging" if name.endswith(":staging") else "production"
    assert job.get("environment") == (place if its == "deploy" else waits)
    if account(job):
        assert account(job) == {"staging": "${{ vars.COLDPRESS_STAGING }}", "production": "${{ vars.COLDPRESS_ACCOUNT }}"}[place]
    else:
        assert "env.COLDPRESS_ACCOUNT" not in steps
    if its:
        assert condition(name) == (OURS if its == "plan" else STAGED if name == "settings.yml:staging" or name == "settings.yml:settings" else MAIN)


def test_what_moves_live_waits_for_what_moves_live():
    """In order, and none is dropped; what waits for a person is not among them, and neither is another account."""
    groups = {name: job["concurrency"] for name, (job, _) in JOBS.items() if "concurrency" in job}
    live = ["reconcile.yml:reconcile", "release.yml:deploy", "rollback.yml:rollback", "settings.yml:settings"]
    assert groups == {
        name: {"group": group, "cancel-in-progress": False, "queue": "max"}
        for group, names in (("live", live), ("staging", ["release.yml:staging", "settings.yml:staging"]))
        for name in names
    }
    assert workflow("release.yml")["concurrency"]["group"] == "release-${{ github.sha }}"


def test_every_run_has_the_same_terraform():
    found = {name: re.findall(r"terraform_version: '?([^'\n]+)", steps) for name, (_, steps) in JOBS.items() if "setup-terraform@" in steps}
    assert set(found) >= {"release.yml:deploy", "rollback.yml:rollback", "settings.yml:settings", "pr.yml:plan", "ci.yml:checks"}
    (version,) = {tuple(versions) for versions in found.values()}
    assert re.fullmatch(r"1\.\d+\.\d+", version[0])


def test_ci_spreads_what_one_machine_runs():
    checks = JOBS["ci.yml:checks"][0]["strategy"]["matrix"]["include"]
    spread = [target for check in checks for target in check["targets"].split()]
    run = (WORKFLOWS.parents[1] / ".ci" / "run").read_text()
    lists = [re.search(rf"^{name}=\((.*)\)$", run, re.MULTILINE)[1].split() for name in ("compiling", "waiting")]
    assert sorted(spread) == sorted(sum(lists, []))
    assert JOBS["ci.yml:ci"][0]["needs"] == "checks"


def test_tools_are_released_only_after_green_ci():
    archive, steps = JOBS["tools.yml:archive"]
    assert ".ci/green.sh" in JOBS["tools.yml:version"][1] and ".ci/compare-tools.sh" in steps
    assert (needs(archive), needs(JOBS["tools.yml:release"][0])) == (["version"], ["archive"])
    # Nobody else may write what a tag names.
    writers = [name for name, (job, _) in JOBS.items() if job["permissions"].get("contents") == "write"]
    assert writers == ["tools.yml:release"]


def test_a_release_is_live_only_after_green_ci():
    deploy, _ = JOBS["release.yml:deploy"]
    # In a data repository, which has no CI to wait for, `called` is true.
    green, steps = JOBS["release.yml:green"]
    assert green["if"] == f"{MAIN} && !inputs.called" and ".ci/green.sh" in steps
    succeeded = [f"needs.{name}.result == 'success'" for name in ("publish", "again")]
    approved = "(needs.approve.result == 'success' || needs.approve_staged.result == 'success')"
    tried = "(needs.green.result == 'success' || (inputs.called && needs.green.result == 'skipped'))"
    newest = "needs.publish.outputs.newest == 'true'"
    assert deploy["if"] == f"${{{{ !cancelled() && {newest} && {' && '.join(succeeded)} && {approved} && {tried} }}}}"
    staging, _ = JOBS["release.yml:staging"]
    assert staging["if"] == f"${{{{ !cancelled() && vars.COLDPRESS_STAGING != '' && {newest} && {' && '.join(succeeded)} && {tried} }}}}"
    # Another run's end is what it reads, and nothing else.
    assert green["permissions"] == {"actions": "read", "contents": "read"}


def test_two_jobs_are_between_a_push_and_live():
    """What else a release must have runs beside the first of them, and `deploy` compares the two builds before it does anything."""
    jobs = workflow("release.yml")["jobs"]
    waiting = {name: needs(job) for name, job in jobs.items()}
    built = ["publish", "again", "green"]
    assert waiting == {
        **dict.fromkeys(["publish", "again", "green", "approve"], []),
        "staging": built, "approve_staged": ["staging"], "deploy": [*built, "approve", "approve_staged"],
    }  # fmt: skip
    steps = [step.get("run") for step in jobs["deploy"]["steps"]]
    assert steps.index(".coldpress/.ci/same.sh dist") < steps.index("publisher release --from dist")
    # One checkout with history on the way.
    history = [step["with"].get("fetch-depth") for name in ("publish", "deploy") for step in jobs[name]["steps"] if "checkout@" in step.get("uses", "")]
    assert history == [0, None, None, None]


def test_production_waits_for_staging_where_there_is_one():
    """The same steps with the same files; and nobody is asked before there is something to look at."""
    jobs = workflow("release.yml")["jobs"]
    assert jobs["approve"]["if"] == f"{MAIN} && vars.COLDPRESS_STAGING == ''"
    assert jobs["approve_staged"]["if"] == "${{ !cancelled() && needs.staging.result == 'success' }}"
    settings = workflow("settings.yml")["jobs"]
    assert settings["settings"]["if"] == f"${{{{ !cancelled() && {MAIN} && (vars.COLDPRESS_STAGING == '' || needs.staging.result == 'success') }}}}"
    for production, staging in ((jobs["deploy"], jobs["staging"]), (settings["settings"], settings["staging"])):
        assert production["steps"] == staging["steps"]
        assert (production["env"]["SETTINGS"], staging["env"]["SETTINGS"]) == ("", "staging")


DATA = workflow("data.yml")["jobs"]


@pytest.mark.parametrize("name", DATA)
def test_a_data_repository_grants_what_the_called_jobs_ask(name):
    """GitHub refuses a run whose caller grants less, and who grants more gives it to nobody."""
    called = workflow(DATA[name]["uses"].removeprefix("./.github/workflows/"))
    asked = {}
    for job in called["jobs"].values():
        for scope, access in job["permissions"].items():
            asked[scope] = "write" if "write" in (access, asked.get(scope)) else "read"
    assert DATA[name]["permissions"] == asked
    # YAML takes `on` for true.
    inputs = (called[True]["workflow_call"] or {}).get("inputs", {})
    assert set(DATA[name].get("with", {})) == set(inputs) - {"called"}


def test_each_event_of_a_data_repository_has_its_workflow():
    assert {name: job["uses"].rsplit("/")[-1] for name, job in DATA.items()} == {
        "check": "pr.yml",
        "release": "release.yml",
        "settings": "settings.yml",
        "rollback": "rollback.yml",
        "reconcile": "reconcile.yml",
    }


def test_scripts_and_actions_are_those_of_the_workflow():
    """A checkout of a data repository has neither."""
    for name, (job, steps) in JOBS.items():
        if name.split(":")[0] in ("pr.yml", *(f"{job['uses'].rsplit('/')[-1]}" for job in DATA.values())):
            assert not re.search(r"(run|uses): (\./)?\.(ci|github)/|make ", steps), name
            ours = {"path": ".coldpress", "persist-credentials": False, "ref": "${{ job.workflow_sha }}", "repository": "${{ job.workflow_repository }}"}
            assert (ours in [step.get("with") for step in job["steps"]]) == (".coldpress/" in steps), name


def test_what_is_packaged_is_attested():
    """Behind the gate, and stored before it is packaged; without an attestation the job goes on. The other build may only read."""
    publish, again = (workflow("release.yml")["jobs"][name] for name in ("publish", "again"))
    did = [step.get("run", step.get("uses", "")) for step in publish["steps"]]
    order = [".ci/gate.sh", "attest-build-provenance@", "publisher attestation", "builder package", "publisher upload"]
    found = [next(at for at, text in enumerate(did) if part in text) for part in order]
    assert found == sorted(found)
    attest, store = (publish["steps"][at] for at in found[1:3])
    subjects = attest["with"]["subject-path"].split("\n")[:-1]
    assert subjects == ["dist/data.db", "dist/manifest.json", "${{ steps.sums.outputs.bootstrap }}"]
    assert "!github.event.repository.private || vars.COLDPRESS_ATTEST == 'true'" in attest["if"]
    assert store["env"] == {"BUNDLE": "${{ steps.attest.outputs.bundle-path }}"} and store["run"].endswith('${BUNDLE:+--bundle "$BUNDLE"}')
    assert store["if"] == "steps.newest.outputs.newest == 'true'"
    assert again["permissions"] == {"contents": "read"} and "attest" not in yaml.safe_dump(again)
