"""What Terraform knows where AWS refuses something half-way: a new object is tainted, an updated one is not."""

import moto.awslambda.models as lambda_models
import moto.logs.models as logs_models
import pytest
from moto.acm.models import acm_backends
from moto.awslambda.exceptions import LambdaClientError
from moto.logs.exceptions import InvalidParameterException
from test_lifecycle import LAMBDA, sha256, variables, versions, zips

TOO_FEW = "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10]."
RESERVED = LAMBDA.replace("publish          = true", "publish          = true\n  reserved_concurrent_executions = var.reserved") + """
variable "reserved" { default = -1 }
"""


@pytest.fixture
def new_account(monkeypatch):
    """Ten executions, of which none can be reserved."""

    def refuse(*_, **__):
        raise LambdaClientError("InvalidParameterValueException", TOO_FEW)

    monkeypatch.setattr(LambdaClientError, "code", 400)
    monkeypatch.setattr(lambda_models.LambdaBackend, "put_function_concurrency", refuse)


def test_a_reservation_that_a_new_account_can_not_have(terraform, aws, new_account):
    zips(terraform.directory)
    terraform.write(RESERVED % {"name": "new"}).init()
    variables(terraform, reserved=20)
    assert TOO_FEW in terraform.apply().text
    # The function and its version are there, and Terraform would make them anew.
    assert versions(aws, "new") == ["1"]
    assert terraform.plan()["aws_lambda_function.f"] == ["delete", "create"]
    # Without the reservation too: what is tainted stays so.
    variables(terraform)
    assert terraform.plan()["aws_lambda_function.f"] == ["delete", "create"]
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()
    assert versions(aws, "new") == ["1"]


def test_a_reservation_that_is_refused_later(terraform, aws, new_account):
    zips(terraform.directory)
    terraform.write(RESERVED % {"name": "later"}).init()
    terraform.apply().ok()
    variables(terraform, n="2", reserved=20)
    assert TOO_FEW in terraform.apply().text
    assert terraform.plan() == {"aws_lambda_function.f": ["update"]}
    # The code has arrived, and is not published: nor does any later plan publish it.
    new = sha256((terraform.directory / "2.zip").read_bytes())
    assert aws("lambda").get_function_configuration(FunctionName="later")["CodeSha256"] == new
    variables(terraform, n="2")
    terraform.assert_plan_empty()
    assert versions(aws, "later") == ["1"]


def test_code_that_does_not_arrive_is_planned_again(terraform, aws, monkeypatch):
    zips(terraform.directory)
    terraform.write(LAMBDA % {"name": "again"}).init()
    terraform.apply().ok()
    variables(terraform, n="2")
    with monkeypatch.context() as patch:

        def refuse(*_, **__):
            raise LambdaClientError("TooManyRequestsException", "Rate exceeded")

        patch.setattr(LambdaClientError, "code", 429)
        patch.setattr(lambda_models.LambdaBackend, "update_function_code", refuse)
        assert "Rate exceeded" in terraform.apply().text
    assert terraform.plan() == {"aws_lambda_function.f": ["update"]}
    terraform.apply("plan.bin").ok()
    assert versions(aws, "again") == ["1", "2"]


def test_a_log_group_without_its_retention(terraform, aws, monkeypatch):
    def refuse(*_, **__):
        raise InvalidParameterException(constraint="x", parameter="retentionInDays", value=7)

    terraform.write('resource "aws_cloudwatch_log_group" "l" {\n  name = "/half"\n  retention_in_days = 7\n}').init()
    with monkeypatch.context() as patch:
        patch.setattr(logs_models.LogsBackend, "put_retention_policy", refuse)
        assert "retentionInDays" in terraform.apply().text
    assert terraform.plan() == {"aws_cloudwatch_log_group.l": ["delete", "create"]}
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()


BUCKET = """
resource "aws_s3_bucket" "b" {
  bucket = "of-a-lifecycle"
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = aws_s3_bucket.b.bucket
  rule {
    id     = "only"
    status = "Enabled"
    filter {}
    %s
  }
}
"""


def test_a_failed_update_of_the_new_kind_leaves_the_state(terraform):
    """The plugin framework keeps the state from before, where the SDK takes the plan for done."""
    terraform.write(BUCKET % "expiration { days = 30 }").init()
    terraform.apply().ok()
    terraform.write(BUCKET % "")
    assert "lifecycle rule only has no action" in terraform.apply().text
    (rule,) = terraform.state("aws_s3_bucket_lifecycle_configuration.l")["rule"]
    assert [expiration["days"] for expiration in rule["expiration"]] == [30]
    assert terraform.plan() == {"aws_s3_bucket_lifecycle_configuration.l": ["update"]}
    terraform("destroy", "-auto-approve").ok()


def test_a_certificate_that_is_no_longer_issued_is_waited_for_again(terraform, aws):
    arn = aws("acm").request_certificate(DomainName="example.org", ValidationMethod="DNS")["CertificateArn"]
    terraform.write(f'resource "aws_acm_certificate_validation" "v" {{\n  certificate_arn = "{arn}"\n}}\n').init()
    terraform.apply().ok()
    terraform.assert_plan_empty()
    acm_backends["123456789012"]["eu-central-1"].get_certificate(arn).status = "EXPIRED"
    assert terraform.plan() == {"aws_acm_certificate_validation.v": ["create"]}
