"""A state as minor versions of the provider before 6.47 wrote it: without what came later, and with what is gone since."""

import json

# By type, what came later, and with which version, as far as HashiCorp's CHANGELOG.md names it.
LATER = {
    "aws_apigatewayv2_api": {"ip_address_type"},
    "aws_cloudwatch_log_group": {"deletion_protection_enabled"},  # 6.25
    "aws_lambda_function": {
        "source_kms_key_arn",  # 6.12
        "tenancy_config",  # 6.23
        "capacity_provider_config",  # 6.24
        "publish_to",  # 6.24
        "durable_config",  # 6.25
        "response_streaming_invoke_arn",  # 6.28
    },
    "aws_lambda_permission": {"invoked_via_function_url"},  # 6.28
}


def older(text):
    """The same state, one step on, as Terraform wants of a newer one."""
    state = json.loads(text)
    for resource in state["resources"]:
        for instance in resource["instances"]:
            kept = {name: value for name, value in instance["attributes"].items() if name not in LATER.get(resource["type"], ())}
            instance["attributes"] = {**kept, "former": "gone since"}
    state["serial"] += 1
    return json.dumps(state)
