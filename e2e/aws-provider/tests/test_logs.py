"""The access log had another name: the old group stays, with its entries and how long they are kept."""

import re
import shutil

from conftest import ROOT

MODULE = """
module "api" {
  source             = "./api"
  name               = "shop-reader"
  region             = "eu-central-1"
  live_invoke_arn    = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:123456789012:function:shop-reader:live/invocations"
  log_retention_days = 30
  throttle           = { rate = 1, burst = 1 }
  cors_origins       = []
  alarms             = { email = null, p99_ms = 500, concurrency = 800 }
  domain             = null
}
"""
OLD, NEW = "/aws/apigateway/shop-reader", "/aws/vendedlogs/apigateway/shop-reader"


def as_it_was(text):
    """The module's text with the group's former name."""
    text = re.sub(r"\nremoved \{.*?\n\}\n", "\n", text, flags=re.S)
    return text.replace("aws_cloudwatch_log_group.access", "aws_cloudwatch_log_group.api").replace('"access" {', '"api" {').replace("/aws/vendedlogs/", "/aws/")


def test_the_old_access_log_stays(terraform, aws):
    copy = terraform.directory / "api"
    shutil.copytree(ROOT / "terraform" / "modules" / "api", copy)
    now = {path: path.read_text() for path in copy.glob("*.tf")}
    for path, text in now.items():
        path.write_text(as_it_was(text))
    terraform.write(MODULE).init()
    terraform.apply().ok()
    logs = aws("logs")
    logs.create_log_stream(logGroupName=OLD, logStreamName="s")

    for path, text in now.items():
        path.write_text(text)
    assert {address: do for address, do in terraform.plan().items() if "log_group" in address or "stage" in address} == {
        "module.api.aws_apigatewayv2_stage.default": ["update"],
        "module.api.aws_cloudwatch_log_group.access": ["create"],
        "module.api.aws_cloudwatch_log_group.api": ["forget"],
    }
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()
    groups = {group["logGroupName"]: group.get("retentionInDays") for group in logs.describe_log_groups()["logGroups"]}
    assert {name: groups.get(name) for name in (OLD, NEW)} == {OLD: 30, NEW: 30}
    assert [stream["logStreamName"] for stream in logs.describe_log_streams(logGroupName=OLD)["logStreams"]] == ["s"]
    (api,) = [api for api in aws("apigatewayv2").get_apis()["Items"] if api["Name"] == "shop-reader"]
    (stage,) = aws("apigatewayv2").get_stages(ApiId=api["ApiId"])["Items"]
    assert stage["AccessLogSettings"]["DestinationArn"].endswith(f":log-group:{NEW}")
