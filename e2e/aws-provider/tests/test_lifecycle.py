"""Create, refresh, update, replace, destroy; and what AWS refuses where moto does not."""

import base64
import hashlib
import io
import json
import zipfile

import pytest

ASSUME = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
        ],
    }
)

LAMBDA = """
variable "n" { default = "1" }
variable "live" { default = 1 }
variable "memory" { default = 128 }

resource "aws_iam_role" "r" {
  name               = "%(name)s"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = ["sts:AssumeRole"], Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "f" {
  function_name    = "%(name)s"
  role             = aws_iam_role.r.arn
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  filename         = abspath("${var.n}.zip")
  source_code_hash = filebase64sha256("${var.n}.zip")
  memory_size      = var.memory
  publish          = true
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.f.function_name
  function_version = var.live
}

resource "aws_lambda_permission" "p" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "apigateway.amazonaws.com"
  statement_id  = "api"
}
"""


def zips(directory):
    directory.mkdir(parents=True, exist_ok=True)
    for n in ("1", "2"):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(zipfile.ZipInfo("bootstrap"), n)
        (directory / f"{n}.zip").write_bytes(data.getvalue())


def sha256(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def variables(terraform, **values):
    (terraform.directory / "terraform.tfvars.json").write_text(json.dumps(values))


def versions(aws, name):
    found = aws("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    return [v["Version"] for v in found if v["Version"] != "$LATEST"]


def test_a_function_from_first_to_last(terraform, aws):
    zips(terraform.directory)
    terraform.write(LAMBDA % {"name": "life"}).init()

    planned = {c["address"]: c["change"] for c in terraform.changes()}
    function = planned["aws_lambda_function.f"]
    assert function["after"]["timeout"] == 3 and function["after"]["package_type"] == "Zip"
    assert function["after"]["reserved_concurrent_executions"] == -1
    assert function["after"]["tags_all"] == {"project": "test"} and function["after"]["region"] == "eu-central-1"
    assert function["after_unknown"]["version"] and function["after_unknown"]["arn"]

    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()
    assert versions(aws, "life") == ["1"]

    # New code: a new version, and what is pinned stays.
    variables(terraform, n="2")
    change = terraform.changes()
    assert {c["address"]: c["change"]["actions"] for c in change} == {"aws_lambda_function.f": ["update"]}
    unknown = {name for name, is_unknown in change[0]["change"]["after_unknown"].items() if is_unknown is True}
    assert unknown == {"last_modified", "qualified_arn", "qualified_invoke_arn", "version"}
    # What the provider does not name it plans as it was, and AWS says otherwise.
    before, after = change[0]["change"]["before"], change[0]["change"]["after"]
    kept = {name for name in ("arn", "code_sha256", "invoke_arn", "source_code_size") if before[name] == after[name]}
    assert kept == {"arn", "code_sha256", "invoke_arn", "source_code_size"}
    terraform.apply("plan.bin").ok()
    state = terraform.state("aws_lambda_function.f")
    assert state["code_sha256"] == aws("lambda").get_function_configuration(FunctionName="life")["CodeSha256"]
    assert state["code_sha256"] != before["code_sha256"] and state["source_code_hash"] == after["source_code_hash"]
    terraform.assert_plan_empty()
    assert versions(aws, "life") == ["1", "2"]
    assert aws("lambda").get_alias(FunctionName="life", Name="live")["FunctionVersion"] == "1"

    # Configuration counts as much as code, and leaves the time as it was planned.
    variables(terraform, n="2", memory=256)
    (change,) = terraform.changes()
    unknown = {name for name, is_unknown in change["change"]["after_unknown"].items() if is_unknown is True}
    assert unknown == {"qualified_arn", "qualified_invoke_arn", "version"}
    terraform.apply("plan.bin").ok()
    assert versions(aws, "life") == ["1", "2", "3"]

    # A promotion is one change.
    variables(terraform, n="2", memory=256, live=3)
    assert terraform.plan() == {"aws_lambda_alias.live": ["update"]}
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()

    # Another name is another function, and all that hangs on it.
    terraform.write((LAMBDA % {"name": "life"}).replace('function_name    = "life"', 'function_name    = "other"'))
    assert terraform.plan() == {
        "aws_lambda_alias.live": ["delete", "create"],
        "aws_lambda_function.f": ["delete", "create"],
        "aws_lambda_permission.p": ["delete", "create"],
    }

    terraform.write(LAMBDA % {"name": "life"})
    terraform("destroy", "-auto-approve").ok()
    assert aws("lambda").list_functions()["Functions"] == []


def test_drift_is_seen(terraform, aws):
    zips(terraform.directory)
    terraform.write(LAMBDA % {"name": "drift"}).init()
    terraform.apply().ok()
    variables(terraform, n="2")
    terraform.apply().ok()
    aws("lambda").update_alias(FunctionName="drift", Name="live", FunctionVersion="2")
    assert terraform.plan() == {"aws_lambda_alias.live": ["update"]}
    aws("lambda").delete_alias(FunctionName="drift", Name="live")
    # With an alias goes its policy.
    assert terraform.plan() == {"aws_lambda_alias.live": ["create"], "aws_lambda_permission.p": ["create"]}
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()


def test_what_is_gone_already_is_destroyed(terraform, aws):
    """A function takes its aliases with it, and a root may know both without one depending on the other."""
    zips(terraform.directory)
    terraform.write(LAMBDA % {"name": "gone"}).init()
    terraform.apply().ok()
    terraform("plan", "-destroy", "-input=false", "-out=destroy.bin").ok()
    aws("lambda").delete_function(FunctionName="gone")
    terraform.apply("destroy.bin").ok()


def test_the_same_code_makes_no_version(terraform, aws):
    zips(terraform.directory)
    terraform.write(LAMBDA % {"name": "same"}).init()
    terraform.apply().ok()
    # Another hash for the same bytes: an update that AWS publishes nothing for.
    same = (terraform.directory / "1.zip").read_bytes()
    (terraform.directory / "2.zip").write_bytes(same)
    variables(terraform, n="2")
    assert terraform.plan() == {"aws_lambda_function.f": ["update"]}
    terraform.apply().ok()
    assert versions(aws, "same") == ["1"]


DIGESTED = LAMBDA + """
variable "digest" {}
"""


def test_the_digest_as_an_argument(terraform, aws):
    """It is planned, compared with what AWS computes, and seen where somebody else writes the code."""
    zips(terraform.directory)
    text = (DIGESTED % {"name": "digest"}).replace("source_code_hash = filebase64sha256(\"${var.n}.zip\")", "code_sha256 = var.digest")
    terraform.write(text).init()
    digests = {n: sha256((terraform.directory / f"{n}.zip").read_bytes()) for n in ("1", "2")}
    variables(terraform, digest=digests["1"])
    terraform.apply().ok()
    terraform.assert_plan_empty()
    assert terraform.state("aws_lambda_function.f")["source_code_hash"] == ""

    variables(terraform, n="2", digest=digests["2"])
    (change,) = terraform.changes()
    assert change["change"]["after"]["code_sha256"] == digests["2"]
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()

    # Other bytes than were promised: Terraform takes what AWS says, and the next plan differs again.
    variables(terraform, n="1", digest=digests["2"])
    terraform.apply().ok()
    assert terraform.state("aws_lambda_function.f")["code_sha256"] == digests["1"]
    assert terraform.plan() == {"aws_lambda_function.f": ["update"]}

    variables(terraform, n="1", digest=digests["1"])
    terraform.assert_plan_empty()
    aws("lambda").update_function_code(FunctionName="digest", ZipFile=(terraform.directory / "2.zip").read_bytes())
    assert terraform.plan() == {"aws_lambda_function.f": ["update"]}


def test_an_alias_of_a_version_that_is_not_there(terraform):
    zips(terraform.directory)
    terraform.write(LAMBDA % {"name": "missing"}).init()
    variables(terraform, live=9)
    assert "ResourceNotFoundException: Function not found: missing:9" in terraform.apply().text


def test_a_permission_on_an_alias_that_is_not_there(terraform):
    zips(terraform.directory)
    text = (LAMBDA % {"name": "noalias"}).replace("aws_lambda_alias.live.name", '"nobody"')
    terraform.write(text).init()
    assert "ResourceNotFoundException: Cannot find alias or version: noalias:nobody" in terraform.apply().text


def test_a_package_of_another_region(terraform, aws):
    aws("s3", "us-east-1").create_bucket(Bucket="elsewhere")
    text = (LAMBDA % {"name": "far"}).replace(
        'filename         = abspath("${var.n}.zip")', 's3_bucket = "elsewhere"\ns3_key = "k"'
    ).replace('filebase64sha256("${var.n}.zip")', '"x"')
    terraform.write(text).init()
    assert "The bucket is in this region: us-east-1" in terraform.apply().text


def test_a_log_group_that_is_there_already(terraform, aws):
    aws("logs").create_log_group(logGroupName="/taken")
    terraform.write('resource "aws_cloudwatch_log_group" "l" { name = "/taken" }').init()
    assert "ResourceAlreadyExistsException" in terraform.apply().text


LOGS = 'resource "aws_cloudwatch_log_group" "l" {\n  name = "%s"\n  retention_in_days = %d\n  tags = { a = "%s" }\n}'


def test_update_in_place_or_replacement(terraform, aws):
    terraform.write(LOGS % ("/one", 7, "b")).init()
    terraform.apply().ok()
    terraform.assert_plan_empty()

    terraform.write(LOGS % ("/one", 14, "c"))
    (change,) = terraform.changes()
    assert change["change"]["actions"] == ["update"] and change["change"]["after"]["arn"].endswith(":/one")
    terraform.apply().ok()
    terraform.assert_plan_empty()
    assert aws("logs").describe_log_groups(logGroupNamePrefix="/one")["logGroups"][0]["retentionInDays"] == 14

    terraform.write(LOGS % ("/two", 14, "c"))
    (change,) = terraform.changes()
    assert change["change"]["actions"] == ["delete", "create"]
    assert change["change"]["replace_paths"] == [["name"]]
    terraform.apply().ok()
    names = [g["logGroupName"] for g in aws("logs").describe_log_groups()["logGroups"]]
    assert "/two" in names and "/one" not in names

    # Made in the resource's own region, not the provider's.
    terraform.write((LOGS % ("/two", 14, "c")).replace("name =", 'region = "us-east-1"\n  name ='))
    assert terraform.plan() == {"aws_cloudwatch_log_group.l": ["delete", "create"]}
    terraform.apply().ok()
    assert aws("logs", "us-east-1").describe_log_groups(logGroupNamePrefix="/two")["logGroups"]
    terraform("destroy", "-auto-approve").ok()


@pytest.mark.parametrize(
    "change",
    [
        ('Action = ["sts:AssumeRole"]', 'Action = "sts:AssumeRole"'),
        ("Effect = \"Allow\", Action", "Action"),
    ],
)
def test_json_that_means_the_same(terraform, change):
    role = """
resource "aws_iam_role" "j" {
  name = "json-%d"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = ["sts:AssumeRole"], Principal = { Service = "lambda.amazonaws.com" } }] })
}""" % len(change[0])
    terraform.write(role).init()
    terraform.apply().ok()
    terraform.write(role.replace(*change))
    if "Effect" in change[0]:
        assert "MalformedPolicyDocument" in terraform.apply().text
    else:
        terraform.assert_plan_empty()


ZONE = """
resource "aws_route53_record" "r" {
  zone_id = "%(zone)s"
  name    = "%(name)s"
  type    = "%(type)s"
  ttl     = 300
  records = ["%(value)s"]
}
"""


def test_a_record_of_another_type_is_the_same_resource(terraform, aws):
    zone = aws("route53").create_hosted_zone(Name="records.example", CallerReference="r")["HostedZone"]["Id"].split("/")[-1]
    record = {"zone": zone, "name": "A.records.example.", "type": "A", "value": "192.0.2.1"}
    terraform.write(ZONE % record).init()
    terraform.apply().ok()
    terraform.assert_plan_empty()
    assert terraform.state("aws_route53_record.r")["name"] == "a.records.example"
    terraform.write(ZONE % {**record, "type": "CNAME", "value": "b.records.example"})
    assert terraform.plan() == {"aws_route53_record.r": ["update"]}
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()
    found = aws("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [r["Type"] for r in found if r["Name"] == "a.records.example."] == ["CNAME"]


ALARM = """
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "tagged"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 0
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 60
  tags                = { a = "%s" }
}
resource "aws_apigatewayv2_api" "h" {
  name          = "cors"
  protocol_type = "HTTP"
  %s
}
"""


def test_updates_that_take_calls_of_their_own(terraform, aws):
    terraform.write(ALARM % ("1", 'cors_configuration {\n allow_origins = ["*"]\n }')).init()
    terraform.apply().ok()
    terraform.assert_plan_empty()
    terraform.write(ALARM % ("2", ""))
    assert terraform.plan() == {"aws_apigatewayv2_api.h": ["update"], "aws_cloudwatch_metric_alarm.a": ["update"]}
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()
    (api,) = [api for api in aws("apigatewayv2").get_apis()["Items"] if api["Name"] == "cors"]
    assert "CorsConfiguration" not in api


WATCHED = """
resource "aws_cloudwatch_log_group" "l" { name = "/watched" }
resource "aws_cloudwatch_log_metric_filter" "m" {
  name           = "refused"
  log_group_name = aws_cloudwatch_log_group.l.name
  pattern        = "{ $.status = %(status)d }"
  metric_transformation {
    name          = "Refused"
    namespace     = "Test"
    value         = "1"
    default_value = "0"
  }
}
resource "aws_budgets_budget" "b" {
  name         = "month"
  budget_type  = "COST"
  limit_amount = "%(usd)d"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "ACTUAL"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = ["ops@example.org"]
  }
}
"""


def test_filters_and_budgets(terraform, aws):
    terraform.write(WATCHED % {"status": 429, "usd": 50}).init()
    terraform.apply().ok()
    terraform.assert_plan_empty()
    terraform.write(WATCHED % {"status": 403, "usd": 60})
    assert terraform.plan() == {"aws_budgets_budget.b": ["update"], "aws_cloudwatch_log_metric_filter.m": ["update"]}
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()
    budgets = aws("budgets", "us-east-1").describe_budgets(AccountId="123456789012")["Budgets"]
    assert [budget["BudgetLimit"]["Amount"] for budget in budgets] == ["60"]
    aws("logs").delete_metric_filter(logGroupName="/watched", filterName="refused")
    assert terraform.plan() == {"aws_cloudwatch_log_metric_filter.m": ["create"]}
    terraform("destroy", "-auto-approve").ok()
    assert aws("budgets", "us-east-1").describe_budgets(AccountId="123456789012")["Budgets"] == []
