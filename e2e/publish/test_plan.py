"""Which plans may be applied: in the form of `terraform show -json`, with what the root's two applies touch."""

import json

import pytest
from builder import REGION, Builder

MODULE = f'module.reader["{REGION}"]'
ALIAS = {"name": "live", "function_name": "c-reader", "function_version": "1", "description": "d"}


def change(name, *actions, before=None, after=None, mode="managed"):
    full = {"actions": list(actions), "before": before or {}, "after": after or {}, "after_unknown": {}}
    if actions == ("create",):
        full["before"] = None
    return {"address": f"{MODULE}.{name}" if not name.startswith("!") else name[1:], "mode": mode, "change": full}


def alias(*actions, version="2", **other):
    return change("aws_lambda_alias.live[0]", *actions, before=ALIAS, after={**ALIAS, "function_version": version, **other})


FUNCTION = change("aws_lambda_function.this", "update")
CANDIDATE = change("aws_lambda_alias.candidate", "update")
UNTOUCHED = alias("no-op", version="1")
API = change("aws_apigatewayv2_api.this", "update")


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
    fine = check("candidate", FUNCTION, CANDIDATE, UNTOUCHED)
    assert (fine["ok"], fine["first"]) == (True, False)
    assert fine["changes"] == [
        f"update: {MODULE}.aws_lambda_function.this",
        f"update: {MODULE}.aws_lambda_alias.candidate",
    ]
    # Run again after it was applied.
    assert check("candidate", UNTOUCHED)["changes"] == []


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (alias("update"), f"{MODULE}.aws_lambda_alias.live[0]: the first apply of a release may change only the function and alias `candidate`"),
        (API, f"{MODULE}.aws_apigatewayv2_api.this: the first apply of a release may change only the function and alias `candidate`"),
        (change("aws_sns_topic.alarms", "create"), f"{MODULE}.aws_sns_topic.alarms: the first apply of a release must not create"),
        (change("aws_lambda_alias.candidate", "delete", "create"), f"{MODULE}.aws_lambda_alias.candidate: the first apply of a release must not delete and create"),
        (change("!aws_lambda_function.this", "update"), "aws_lambda_function.this: the first apply of a release may change only the function and alias `candidate`"),
    ],
)  # fmt: skip
def test_the_first_apply_touches_nothing_else(check, more, problem):
    assert check("candidate", FUNCTION, CANDIDATE, UNTOUCHED, more)["problems"] == [problem]


def test_the_very_first_apply_makes_all_but_what_is_live(check):
    made = [change(name, "create") for name in ("aws_lambda_function.this", "aws_sns_topic.alarms")]
    fine = check("candidate", *made, live=None)
    assert (fine["ok"], fine["first"]) == (True, True)
    live = check("candidate", *made, change("aws_lambda_alias.live[0]", "create"))
    assert live["problems"] == [f"{MODULE}.aws_lambda_alias.live[0]: the first apply of a release must not make anything live"]
    gone = check("candidate", *made, change("aws_sns_topic.alarms", "delete"), live=None)
    assert gone["problems"] == [f"{MODULE}.aws_sns_topic.alarms: the first apply of a release must not delete"]


def test_the_second_apply(check):
    assert check("live", alias("update"))["changes"] == [f"update: {MODULE}.aws_lambda_alias.live[0]"]
    first = [
        change("aws_lambda_alias.live[0]", "create", after={**ALIAS, "function_version": "2"}),
        *(
            change(name, "create")
            for name in ("aws_lambda_permission.api[0]", "aws_apigatewayv2_integration.live[0]", "aws_apigatewayv2_route.live[0]")
        ),
    ]
    assert check("live", *first)["ok"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ([alias("update"), FUNCTION], f"{MODULE}.aws_lambda_function.this: the second apply of a release may move only alias `live`"),
        ([alias("update", version="3")], f'{MODULE}.aws_lambda_alias.live[0]: it moves to 3, but live_version is 2'),
        ([alias("update", description="x")], f"{MODULE}.aws_lambda_alias.live[0]: it also changes description"),
        ([alias("delete", "create")], f"{MODULE}.aws_lambda_alias.live[0]: the second apply of a release must not delete and create"),
        ([alias("update"), change("aws_sns_topic.alarms", "create")], f"{MODULE}.aws_sns_topic.alarms: the second apply of a release may move only alias `live`"),
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
