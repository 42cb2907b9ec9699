"""What Terraform learns from the stand-in before anything is applied."""

import json
import re
from pathlib import Path

import pytest
from schema_from_npm import EVERYWHERE, OPTIONAL_COMPUTED
from standin.resources import RESOURCES

from terraform_directory import CONFIG


def _schema_file():
    launcher = next(CONFIG.parent.glob("mirror/**/terraform-provider-aws_*"))
    return Path(re.search(r"COLDPRESS_AWS_SCHEMA='([^']+)'", launcher.read_text()).group(1))


def _from_npm():
    """Whether the schema is the npm package's, which is older than the provider that the rules are of."""
    return _schema_file() == CONFIG.parent / "schema.json"


def test_the_schema_is_served_whole(started):
    started.write("").init()
    address = "registry.terraform.io/hashicorp/aws"
    served = json.loads(started.raw("providers", "schema", "-json"))["provider_schemas"][address]
    given = json.loads(_schema_file().read_text())["provider_schemas"][address]
    for kind in ("resource_schemas", "data_source_schemas"):
        assert {n: _facts(s["block"]) for n, s in served[kind].items()} == {
            n: _facts(s["block"]) for n, s in given[kind].items()
        }
    assert _facts(served["provider"]["block"]) == _facts(given["provider"]["block"])


def _facts(block):
    flags = ("type", "required", "optional", "computed", "sensitive")
    return {
        "attributes": {n: {k: a[k] for k in flags if a.get(k)} for n, a in block.get("attributes", {}).items()},
        "blocks": {
            n: (b["nesting_mode"], b.get("min_items", 0), b.get("max_items", 0), _facts(b["block"]))
            for n, b in block.get("block_types", {}).items()
        },
    }


FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  runtime       = "provided.al2023"
  handler       = "bootstrap"
  filename      = "f.zip"
  %s
}
"""


def refused(terraform, text):
    terraform.write(text).init()
    done = terraform("validate")
    assert done.code == 1
    return done.text


def test_a_misspelt_argument(started):
    text = refused(started, FUNCTION % "memory_sice = 128")
    assert 'An argument named "memory_sice" is not expected here. Did you mean "memory_size"?' in text


def test_a_wrong_type(terraform):
    text = refused(terraform, FUNCTION % 'memory_size = "lots"')
    assert 'Inappropriate value for attribute "memory_size": a number is required' in text


def test_a_computed_argument(terraform):
    text = refused(terraform, FUNCTION % 'arn = "arn:x"')
    assert 'Can\'t configure a value for "arn"' in text


def test_a_missing_argument(terraform):
    text = refused(terraform, 'resource "aws_lambda_alias" "a" { name = "live" }')
    assert 'The argument "function_name" is required' in text


def test_a_block_too_many(terraform):
    text = refused(terraform, FUNCTION % 'logging_config {\n log_format = "JSON"\n}\nlogging_config {\n log_format = "Text"\n}')
    assert "Too many logging_config blocks" in text


def test_a_value_out_of_range(terraform):
    assert "expected memory_size to be in the range (128 - 10240), got 64" in refused(terraform, FUNCTION % "memory_size = 64")


def test_a_value_that_is_not_legal(terraform):
    text = refused(terraform, 'resource "aws_cloudwatch_log_group" "l" { retention_in_days = 31 }')
    assert "expected retention_in_days to be one of [0, 1, 3," in text and "got 31" in text


def test_a_type_that_does_not_exist(terraform):
    text = refused(terraform, 'resource "aws_lambda_functoin" "f" {}')
    assert 'The provider hashicorp/aws does not support resource type "aws_lambda_functoin"' in text


def test_a_type_that_is_not_carried_out(terraform):
    if "aws_kms_key" not in _schema_file().read_text():
        pytest.skip("this schema was made from npm and holds only what is carried out")
    terraform.write('resource "aws_kms_key" "k" {}').init()
    done = terraform.apply()
    assert done.code == 1
    assert "this stand-in knows the schema but does not carry this type out" in done.text


def test_an_endpoint_elsewhere(started):
    started.write('data "aws_caller_identity" "i" {}').init()
    done = started("plan", AWS_ENDPOINT_URL="https://aws.example.org")
    assert done.code == 1
    assert "is not on this machine; the stand-in speaks to 127.0.0.1 alone" in done.text


def test_no_endpoint(started):
    started.endpoint = None
    started.write('data "aws_caller_identity" "i" {}').init()
    done = started("plan")
    assert done.code == 1
    assert "NoEndpoint: the stand-in was asked for sts and has no endpoint" in done.text


def test_the_schema_from_npm_knows_what_is_optional_and_computed():
    """The npm package does not say it: where the provider's own schema is at hand, it is compared."""
    if _from_npm():
        pytest.skip("the schema is the one from npm")
    schemas = json.loads(_schema_file().read_text())["provider_schemas"]["registry.terraform.io/hashicorp/aws"]["resource_schemas"]
    for type_ in RESOURCES:
        assert OPTIONAL_COMPUTED.get(type_, set()) == set(_optional_computed(schemas[type_]["block"])) - EVERYWHERE, type_


def _optional_computed(block, path=""):
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("optional") and attribute.get("computed"):
            yield path + name
    for name, nested in block.get("block_types", {}).items():
        yield from _optional_computed(nested["block"], f"{path}{name}.")
