"""Which plans may be applied: in the form of `terraform show -json`, with what a release's two applies touch."""

import json

import pytest
from builder import REGION, Builder

FUNCTIONS, LIVE = (f'module.release.module.{module}["{REGION}"]' for module in ("function", "live"))
OF_LIVE = ("aws_lambda_alias.this", "aws_lambda_permission.api")
ALIAS = {"name": "live", "function_name": "c-reader", "function_version": "1", "description": "d"}


def change(name, *actions, before=None, after=None, mode="managed"):
    full = {"actions": list(actions), "before": before or {}, "after": after or {}, "after_unknown": {}}
    if actions == ("create",):
        full["before"] = None
    return {"address": f"{LIVE if name in OF_LIVE else FUNCTIONS}.{name}" if not name.startswith("!") else name[1:], "mode": mode, "change": full}


def alias(*actions, version="2", **other):
    return change("aws_lambda_alias.this", *actions, before=ALIAS, after={**ALIAS, "function_version": version, **other})


FUNCTION = change("aws_lambda_function.this", "update")
CANDIDATE = change("aws_lambda_alias.candidate", "update")
OTHER = change("aws_lambda_layer_version.this", "update")
PERMISSION = "aws_lambda_permission.api"


@pytest.fixture
def check(tmp_path):
    def check(step, *changes, live=2, **more):
        plan = {
            "format_version": "1.2",
            "planned_values": {},
            "complete": True,
            "errored": False,
            "variables": {"live_version": {"value": {REGION: live} if live else {}}},
            "resource_changes": [*changes, change("!data.aws_region.here", "read", mode="data")],
            **more,
        }
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(plan))
        done = Builder(None)("step", "check-plan", "--for", step, path)
        result = done.json
        assert result["step"] == "check-plan" and result["plan_for"] == step
        assert (result["ok"], done.code) in ((True, 0), (False, 1))
        assert done.err == "".join(f"error: check-plan: {problem}\n" for problem in result["problems"])
        assert result["ok"] == (result["problems"] == [])
        return result

    return check


def test_the_first_apply(check):
    fine = check("candidate", FUNCTION, CANDIDATE)
    assert fine["changes"] == [
        f"update: {FUNCTIONS}.aws_lambda_function.this",
        f"update: {FUNCTIONS}.aws_lambda_alias.candidate",
    ]
    # Run again after it was applied.
    assert check("candidate")["changes"] == []
    # The very first, in a new region, or where somebody deleted them.
    made = [change(name, "create") for name in ("aws_lambda_function.this", "aws_lambda_alias.candidate")]
    assert check("candidate", *made, live=None)["ok"]
    # A state that was not written is no change of a resource, and is written.
    said = {"release_id": {"actions": ["update"]}, "function_name": {"actions": ["no-op"]}}
    assert check("candidate", output_changes=said)["changes"] == ["update: output release_id"]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (alias("update"), f"{LIVE}.aws_lambda_alias.this: the first apply of a release may change only the function and alias `candidate`"),
        (OTHER, f"{FUNCTIONS}.aws_lambda_layer_version.this: the first apply of a release may change only the function and alias `candidate`"),
        (change("aws_lambda_alias.candidate", "delete", "create"), f"{FUNCTIONS}.aws_lambda_alias.candidate: the first apply of a release must not delete and create"),
        (change("aws_lambda_function.this", "delete"), f"{FUNCTIONS}.aws_lambda_function.this: the first apply of a release must not delete"),
        (change("!aws_lambda_function.this", "update"), "aws_lambda_function.this: the first apply of a release may change only the function and alias `candidate`"),
        (
            {**change("aws_lambda_function.this", "delete", "create"), "action_reason": "replace_because_tainted"},
            f"{FUNCTIONS}.aws_lambda_function.this: its creation failed half-way, and the first apply of a release must not delete and "
            f"create; if it is whole: terraform untaint '{FUNCTIONS}.aws_lambda_function.this'",
        ),
    ],
)  # fmt: skip
def test_the_first_apply_touches_nothing_else(check, more, problem):
    assert check("candidate", CANDIDATE, more)["problems"] == [problem]


def test_the_second_apply(check):
    assert check("live", alias("update"))["changes"] == [f"update: {LIVE}.aws_lambda_alias.this"]
    first = [change("aws_lambda_alias.this", "create", after={**ALIAS, "function_version": "2"}), change(PERMISSION, "create")]
    assert check("live", *first)["ok"]
    # Mended by the way: a permission that somebody changed, weights that somebody gave the alias.
    assert check("live", alias("update"), change(PERMISSION, "delete", "create"))["ok"]
    assert check("live", alias("update", routing_config=[]))["ok"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ([alias("update"), FUNCTION], f"{FUNCTIONS}.aws_lambda_function.this: the second apply of a release may change only alias `live` and its permission"),
        ([alias("update", version="3")], f"{LIVE}.aws_lambda_alias.this: it moves to 3, but live_version is 2"),
        ([alias("delete", "create")], f"{LIVE}.aws_lambda_alias.this: the second apply of a release must not delete and create"),
        ([alias("delete")], f"{LIVE}.aws_lambda_alias.this: the second apply of a release must not delete"),
        ([alias("update"), change(PERMISSION, "delete")], f"{LIVE}.{PERMISSION}: the second apply of a release may change only alias `live` and its permission"),
    ],
)  # fmt: skip
def test_the_second_apply_touches_nothing_else(check, changes, problem):
    assert check("live", *changes)["problems"] == [problem]


def test_what_is_no_whole_plan(check, tmp_path):
    assert check("live", alias("update"), errored=True)["problems"] == ["the plan is not complete"]
    path = tmp_path / "state.json"
    path.write_text("{}")
    Builder(None)("step", "check-plan", "--for", "live", path).fails(
        f"error: `{path}` is not the output of `terraform show -json PLAN`: format_version or planned_values is missing",
        "  help: create it with `terraform plan -out=PLAN` and `terraform show -json PLAN > FILE`",
    )
