"""Facts of HashiCorp's own acceptance tests, which run on AWS, compared with the stand-in: each case is one of them, and its steps
have the attributes that it asserts after each apply. As there, every apply is followed by an empty plan.

What the stand-in does otherwise is in DIFFERS, with its reason, and must really differ.
"""

import re

import pytest
from test_lifecycle import zips

# Where each case is: the file, and the commit that was read.
FILES = {
    "TestAccLambdaFunction": ("internal/service/lambda/function_test.go", "05ecadda4e34bfb523c1be6f759be5dcdad2e58b"),
    "TestAccLogsLogGroup": ("internal/service/logs/group_test.go", "03d551465d11f7706ab6dfc82fdbc9ab06605464"),
    "TestAccCloudWatchMetricAlarm": ("internal/service/cloudwatch/metric_alarm_test.go", "043a36fd00150d95553e793f6504302035d2729c"),
    "TestAccAPIGatewayV2API": ("internal/service/apigatewayv2/api_test.go", "04c79849dbe7fbe76c3054b364357bcdaade9ac5"),
    "TestAccAPIGatewayV2Stage": ("internal/service/apigatewayv2/stage_test.go", "0b2fe557fcd2f76a61115fd075cd28fcd2fe050d"),
}
ROLE = """
resource "aws_iam_role" "role" {
  name               = "acceptance"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = ["sts:AssumeRole"], Principal = { Service = "lambda.amazonaws.com" } }] })
}
resource "aws_apigatewayv2_api" "of_stages" {
  name          = "stages"
  protocol_type = "HTTP"
}
"""


def function(code="1", runtime="nodejs20.x", more=""):
    return f"""
  function_name    = "NAME"
  role             = aws_iam_role.role.arn
  runtime          = "{runtime}"
  handler          = "exports.example"
  filename         = abspath("{code}.zip")
  source_code_hash = filebase64sha256("{code}.zip")
  {more}
"""


def variables(**values):
    return function(more="environment {\n variables = { " + ", ".join(f'{name} = "{value}"' for name, value in values.items()) + " }\n }")


def alarm(more=""):
    return f"""
  alarm_name          = "NAME"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 2
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  period              = 120
  statistic           = "Average"
  threshold           = 80
  {more}
"""


def group(days):
    return f'name = "NAME"\n retention_in_days = {days}'


def stage(name, more=""):
    return f'api_id = aws_apigatewayv2_api.of_stages.id\n name = "{name}"\n {more}'


STAGE = {
    "access_log_settings.#": 0, "client_certificate_id": "", "default_route_settings.#": 1, "deployment_id": "", "description": "",
    "route_settings.#": 0, "stage_variables.%": 0, "tags.%": 0,
}  # fmt: skip
CASES = {
    "TestAccLambdaFunction_basic": ("aws_lambda_function", [
        (function(), {
            "code_sha256": re.compile(".+"), "ephemeral_storage.#": 1, "logging_config.#": 1, "package_type": "Zip",
            "qualified_arn": re.compile(r"arn:.*:function:NAME:\$LATEST"), "reserved_concurrent_executions": -1,
            "skip_destroy": False, "version": "$LATEST",
        }),
    ]),
    "TestAccLambdaFunction_versionedUpdate": ("aws_lambda_function", [
        (function(more="publish = true"), {"version": "1", "qualified_arn": re.compile(".*:1")}),
        (function("2", more="publish = true"), {"version": "2", "runtime": "nodejs20.x", "qualified_arn": re.compile(".*:2")}),
        (function("2", "nodejs22.x", "publish = true"), {"version": "3", "runtime": "nodejs22.x", "qualified_arn": re.compile(".*:3")}),
    ]),
    "TestAccLambdaFunction_enablePublish": ("aws_lambda_function", [
        (function(more="publish = false"), {"publish": False, "version": "$LATEST"}),
        (function(more="publish = true"), {"publish": True, "version": "1"}),
        (function(more="publish = true"), {"version": "1"}),
    ]),
    "TestAccLambdaFunction_disablePublish": ("aws_lambda_function", [
        (function(more="publish = true"), {"publish": True, "version": "1"}),
        (function(more="publish = false"), {"publish": False, "version": "1"}),
    ]),
    "TestAccLambdaFunction_concurrencyCycle": ("aws_lambda_function", [
        (function(), {"reserved_concurrent_executions": -1}),
        (function(more="reserved_concurrent_executions = 222"), {"reserved_concurrent_executions": 222}),
        (function(), {"reserved_concurrent_executions": -1}),
    ]),
    "TestAccLambdaFunction_envVariables": ("aws_lambda_function", [
        (function(), {"environment.#": 0}),
        (variables(foo="bar"), {"environment.0.variables.foo": "bar"}),
        (variables(foo="baz", foo1="bar1"), {"environment.0.variables.foo": "baz", "environment.0.variables.foo1": "bar1"}),
        (function(), {"environment.#": 0}),
    ]),
    "TestAccLambdaFunction_EnvironmentVariables_noValue": ("aws_lambda_function", [
        (variables(key1=""), {"environment.0.variables.key1": ""}),
    ]),
    "TestAccLogsLogGroup_retentionPolicy": ("aws_cloudwatch_log_group", [
        (group(365), {"retention_in_days": 365}),
        (group(1096), {"retention_in_days": 1096}),
        (group(0), {"retention_in_days": 0}),
    ]),
    "TestAccLogsLogGroup_skipDestroyInconsistentPlan": ("aws_cloudwatch_log_group", [
        ('name = "NAME"', {"skip_destroy": False}),
        ('name = "NAME"', {"skip_destroy": False}),
    ]),
    "TestAccCloudWatchMetricAlarm_basic": ("aws_cloudwatch_metric_alarm", [
        (alarm('dimensions = { InstanceId = "i-abc123" }'), {
            "arn": re.compile("arn:aws:cloudwatch:.*:alarm:.+"), "datapoints_to_alarm": 0, "evaluation_periods": 2,
            "insufficient_data_actions.#": 0, "dimensions.%": 1, "dimensions.InstanceId": "i-abc123", "threshold": 80,
        }),
    ]),
    "TestAccCloudWatchMetricAlarm_treatMissingData": ("aws_cloudwatch_metric_alarm", [
        (alarm('treat_missing_data = "missing"'), {"treat_missing_data": "missing"}),
        (alarm('treat_missing_data = "breaching"'), {"treat_missing_data": "breaching"}),
        (alarm(), {"treat_missing_data": "missing"}),
    ]),
    "TestAccAPIGatewayV2API_basicHTTP": ("aws_apigatewayv2_api", [
        ('name = "NAME"\n protocol_type = "HTTP"', {
            "api_endpoint": re.compile("https://.+"), "api_key_selection_expression": "$request.header.x-api-key",
            "arn": re.compile("arn:aws:apigateway:.*::/apis/.+"), "cors_configuration.#": 0, "description": "",
            "disable_execute_api_endpoint": False, "execution_arn": re.compile("arn:aws:execute-api:.+"),
            "route_selection_expression": "$request.method $request.path", "tags.%": 0, "version": "",
        }),
    ]),
    "TestAccAPIGatewayV2Stage_defaultHTTPStage": ("aws_apigatewayv2_stage", [
        (stage("$default"), {**STAGE, "auto_deploy": False, "invoke_url": re.compile(r"https://.+\.execute-api\..*\.amazonaws\.com/")}),
    ]),
    "TestAccAPIGatewayV2Stage_autoDeployHTTP": ("aws_apigatewayv2_stage", [
        (stage("auto", "auto_deploy = false"), {**STAGE, "auto_deploy": False}),
        (stage("auto", "auto_deploy = true"), {**STAGE, "auto_deploy": True, "deployment_id": re.compile(".*")}),
    ]),
}  # fmt: skip
# By attribute.
DIFFERS = {
    "datapoints_to_alarm": "an optional argument that is not set stays null, where the provider's state has Go's zero: no plan shows it",
    "disable_execute_api_endpoint": "likewise",
    "ephemeral_storage.#": "AWS fills it in; README.md, under what the stand-in can't show",
    "logging_config.#": "as ephemeral_storage",
    "default_route_settings.#": "as ephemeral_storage",
}


def name(case):
    return case.removeprefix("TestAcc").replace("_", "-").lower()


def configuration(step):
    """All cases side by side, each at this step or at its last one."""
    blocks = [ROLE]
    for case, (type_, steps) in CASES.items():
        body, _ = steps[min(step, len(steps) - 1)]
        blocks.append(f'resource "{type_}" "{name(case)}" {{\n{body.replace("NAME", name(case))}\n}}\n')
    return "\n".join(blocks)


def attribute(state, path):
    """As the acceptance tests name it: `a.0.b`, with `#` and `%` for how many there are."""
    for part in path.split("."):
        if part in ("#", "%"):
            return len(state or ())
        state = state[int(part)] if part.isdecimal() else (state or {}).get(part)
    return state


def matches(found, expected, case):
    if isinstance(expected, re.Pattern):
        return re.fullmatch(expected.pattern.replace("NAME", name(case)), found or "") is not None
    # Their states are text: what is not there is "".
    return found == expected or (expected == "" and found is None)


@pytest.fixture(scope="module")
def found(tmp_path_factory, moto, running):
    """What the stand-in has, by case, step and attribute."""
    from terraform_directory import Terraform

    terraform = Terraform(tmp_path_factory.mktemp("acceptance"), moto, running)
    zips(terraform.directory)
    found = {}
    for step in range(max(len(steps) for _, steps in CASES.values())):
        terraform.write(configuration(step))
        if step == 0:
            terraform.init()
        terraform.apply().ok()
        terraform.assert_plan_empty()
        states = terraform.states()
        for case, (type_, steps) in CASES.items():
            if step < len(steps):
                state = states[f"{type_}.{name(case)}"]
                found[case, step] = {path: attribute(state, path) for path in steps[step][1]}
    return found


@pytest.mark.parametrize("case", CASES)
def test_the_stand_in_does_what_the_acceptance_tests_assert(found, case):
    assert case.split("_")[0] in FILES
    for step, (_, expected) in enumerate(CASES[case][1]):
        differing = {path for path, value in expected.items() if not matches(found[case, step][path], value, case)}
        assert differing == DIFFERS.keys() & expected.keys(), (step, {path: found[case, step][path] for path in differing})


def test_what_is_deleted_past_terraform_is_planned_again(terraform, aws):
    """TestAccLambdaFunction_disappears, TestAccLogsLogGroup_disappears, TestAccAPIGatewayV2Stage_disappears."""
    zips(terraform.directory)
    of = {"aws_lambda_function": function(), "aws_cloudwatch_log_group": group(7), "aws_apigatewayv2_stage": stage("gone")}
    blocks = [f'resource "{type_}" "gone" {{\n{body.replace("NAME", "gone")}\n}}\n' for type_, body in of.items()]
    terraform.write(ROLE.replace("acceptance", "disappears") + "".join(blocks)).init()
    terraform.apply().ok()
    api = terraform.states()["aws_apigatewayv2_stage.gone"]["api_id"]
    aws("lambda").delete_function(FunctionName="gone")
    aws("logs").delete_log_group(logGroupName="gone")
    aws("apigatewayv2").delete_stage(ApiId=api, StageName="gone")
    assert terraform.plan() == {f"{type_}.gone": ["create"] for type_ in of}
