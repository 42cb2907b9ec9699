"""What the schema does not say. These rules are ours, not HashiCorp's: written from the provider's
documented behaviour, for the resource types that Coldpress uses, and no proof of what it does.
"""

# Attributes whose text is JSON: another spelling of the same is no change.
JSON = {
    "aws_cloudwatch_dashboard": {"dashboard_body"},
    "aws_iam_policy": {"policy"},
    "aws_iam_role": {"assume_role_policy"},
    "aws_iam_role_policy": {"policy"},
    "aws_s3_bucket_policy": {"policy"},
    "aws_sns_topic": {"policy"},
}

# What an argument is when the configuration does not say. Blocks of one kind are named by a dot.
DEFAULTS = {
    "aws_apigatewayv2_api": {
        "api_key_selection_expression": "$request.header.x-api-key",
        "disable_execute_api_endpoint": False,
        "route_selection_expression": "$request.method $request.path",
    },
    "aws_apigatewayv2_integration": {"connection_type": "INTERNET", "timeout_milliseconds": 30000},
    "aws_apigatewayv2_route": {"api_key_required": False, "authorization_type": "NONE"},
    "aws_apigatewayv2_stage": {"auto_deploy": False, "default_route_settings.data_trace_enabled": False},
    "aws_cloudfront_cache_policy": {"min_ttl": 0, "max_ttl": 31536000, "default_ttl": 86400},
    "aws_cloudfront_distribution": {
        "http_version": "http2",
        "price_class": "PriceClass_All",
        "retain_on_delete": False,
        "staging": False,
        "wait_for_deployment": True,
        "default_cache_behavior.compress": False,
        "default_cache_behavior.min_ttl": 0,
        "origin.connection_attempts": 3,
        "origin.connection_timeout": 10,
        "origin.custom_origin_config.origin_keepalive_timeout": 5,
        "origin.custom_origin_config.origin_read_timeout": 30,
        "viewer_certificate.minimum_protocol_version": "TLSv1",
    },
    "aws_cloudwatch_log_group": {"retention_in_days": 0, "skip_destroy": False},
    "aws_cloudwatch_metric_alarm": {"actions_enabled": True, "treat_missing_data": "missing"},
    "aws_iam_policy": {"path": "/"},
    "aws_iam_role": {"path": "/", "max_session_duration": 3600, "force_detach_policies": False},
    "aws_lambda_function": {
        "memory_size": 128,
        "package_type": "Zip",
        "publish": False,
        "replace_security_groups_on_destroy": False,
        "reserved_concurrent_executions": -1,
        "skip_destroy": False,
        "timeout": 3,
    },
    "aws_s3_bucket": {"force_destroy": False, "object_lock_enabled": False},
    "aws_s3_bucket_lifecycle_configuration": {
        "transition_default_minimum_object_size": "all_storage_classes_128K",
    },
    "aws_s3_bucket_public_access_block": {
        "block_public_acls": False,
        "block_public_policy": False,
        "ignore_public_acls": False,
        "restrict_public_buckets": False,
        "skip_destroy": False,
    },
    "aws_sns_topic": {"content_based_deduplication": False, "fifo_topic": False},
    "aws_sns_topic_subscription": {
        "confirmation_timeout_in_minutes": 1,
        "endpoint_auto_confirms": False,
        "raw_message_delivery": False,
    },
}

# A change of these makes a new object in place of the old one.
REPLACED_BY = {
    "aws_acm_certificate": {"domain_name", "key_algorithm", "region", "subject_alternative_names", "validation_method"},
    "aws_acm_certificate_validation": {"certificate_arn", "region", "validation_record_fqdns"},
    "aws_apigatewayv2_api": {"protocol_type", "region"},
    "aws_apigatewayv2_api_mapping": {"domain_name", "region"},
    "aws_apigatewayv2_domain_name": {"domain_name", "region"},
    "aws_apigatewayv2_integration": {"api_id", "connection_type", "integration_type", "region"},
    "aws_apigatewayv2_route": {"api_id", "region"},
    "aws_apigatewayv2_stage": {"api_id", "name", "region"},
    "aws_cloudfront_cache_policy": {"name"},
    "aws_cloudwatch_dashboard": {"dashboard_name", "region"},
    "aws_cloudwatch_log_group": {"log_group_class", "name", "region"},
    "aws_cloudwatch_metric_alarm": {"alarm_name", "region"},
    "aws_iam_openid_connect_provider": {"url"},
    "aws_iam_policy": {"description", "name", "name_prefix", "path"},
    "aws_iam_role": {"name", "path"},
    "aws_iam_role_policy": {"name", "role"},
    "aws_iam_role_policy_attachment": {"policy_arn", "role"},
    "aws_lambda_alias": {"function_name", "name", "region"},
    "aws_lambda_function": {"function_name", "package_type", "region"},
    "aws_lambda_permission": {
        "action",
        "event_source_token",
        "function_name",
        "function_url_auth_type",
        "principal",
        "principal_org_id",
        "qualifier",
        "region",
        "source_account",
        "source_arn",
        "statement_id",
    },
    "aws_route53_record": {"name", "set_identifier", "type", "zone_id"},
    "aws_s3_bucket": {"bucket", "object_lock_enabled", "region"},
    "aws_s3_bucket_lifecycle_configuration": {"bucket", "region"},
    "aws_s3_bucket_ownership_controls": {"bucket", "region"},
    "aws_s3_bucket_policy": {"bucket", "region"},
    "aws_s3_bucket_public_access_block": {"bucket", "region"},
    "aws_s3_bucket_server_side_encryption_configuration": {"bucket", "region"},
    "aws_s3_bucket_versioning": {"bucket", "region"},
    "aws_sns_topic": {"fifo_topic", "name", "region"},
    "aws_sns_topic_subscription": {"endpoint", "protocol", "region", "topic_arn"},
}

# Code and configuration of a function: a change of either publishes a new version. As in needsFunctionCodeUpdate and
# needsFunctionConfigUpdate of the provider's internal/service/lambda/function.go.
LAMBDA_CODE = {
    "architectures",
    "code_sha256",
    "filename",
    "image_uri",
    "s3_bucket",
    "s3_key",
    "s3_object_version",
    "source_code_hash",
    "source_kms_key_arn",
}
LAMBDA_CONFIGURATION = {
    "capacity_provider_config",
    "dead_letter_config",
    "description",
    "durable_config",
    "environment",
    "ephemeral_storage",
    "file_system_config",
    "handler",
    "image_config",
    "kms_key_arn",
    "layers",
    "logging_config",
    "memory_size",
    "publish_to",
    "role",
    "runtime",
    "snap_start",
    "timeout",
    "tracing_config",
    "vpc_config",
}

# Computed attributes that an update makes unknown again, and the changes that do so. All others keep their value in
# the plan, whatever AWS then reports: a function's code_sha256, source_code_size, arn and invoke_arn too, as nothing in
# updateComputedAttributesOnPublish (the same file) names them.
RECOMPUTED = {
    "aws_cloudfront_cache_policy": {
        "etag": {"comment", "default_ttl", "max_ttl", "min_ttl", "parameters_in_cache_key_and_forwarded_to_origin"},
    },
    "aws_lambda_function": {
        "last_modified": LAMBDA_CODE,
        "qualified_arn": LAMBDA_CODE | LAMBDA_CONFIGURATION | {"publish"},
        "qualified_invoke_arn": LAMBDA_CODE | LAMBDA_CONFIGURATION | {"publish"},
        "version": LAMBDA_CODE | LAMBDA_CONFIGURATION | {"publish"},
    },
}

# Arguments that AWS works out by itself. Terraform lets a provider of the old kind, as this one is, come back with
# another value than the one planned; for all other arguments the stand-in takes that as a fault.
AS_REPORTED = {"aws_lambda_function": {"code_sha256"}}

# Values that the real provider refuses while it validates, before any plan.
LEGAL = {
    "aws_apigatewayv2_api": {"protocol_type": {"HTTP", "WEBSOCKET"}},
    "aws_apigatewayv2_integration": {
        "integration_type": {"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"},
        "payload_format_version": {"1.0", "2.0"},
    },
    "aws_cloudwatch_log_group": {
        "retention_in_days": {
            0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
        },
    },
    "aws_cloudwatch_metric_alarm": {
        "comparison_operator": {
            "GreaterThanOrEqualToThreshold",
            "GreaterThanThreshold",
            "GreaterThanUpperThreshold",
            "LessThanLowerOrGreaterThanUpperThreshold",
            "LessThanLowerThreshold",
            "LessThanOrEqualToThreshold",
            "LessThanThreshold",
        },
        "statistic": {"Average", "Maximum", "Minimum", "SampleCount", "Sum"},
        "treat_missing_data": {"breaching", "ignore", "missing", "notBreaching"},
    },
    "aws_lambda_function": {
        "package_type": {"Image", "Zip"},
        "runtime": {
            "dotnet10", "dotnet8", "java11", "java17", "java21", "java25", "nodejs20.x", "nodejs22.x", "nodejs24.x",
            "provided.al2", "provided.al2023", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14",
            "ruby3.2", "ruby3.3", "ruby3.4",
        },
    },
}

# Ranges of numbers, checked at the same moment.
RANGES = {
    "aws_apigatewayv2_integration": {"timeout_milliseconds": (50, 30000)},
    "aws_lambda_function": {"memory_size": (128, 32768), "reserved_concurrent_executions": (-1, None), "timeout": (1, 900)},
}


def refusals(type_name, block, config):
    """The values of `config` that the provider would refuse, as (attribute, sentence)."""
    found = [
        (name, f'Can\'t configure a value for "{name}": its value will be decided automatically')
        for name, attribute in block.get("attributes", {}).items()
        if config.get(name) is not None and not attribute.get("optional") and not attribute.get("required")
    ]
    for name, legal in LEGAL.get(type_name, {}).items():
        value = config.get(name)
        if isinstance(value, (str, int, float)) and value not in legal:
            expected = ", ".join(str(v) for v in sorted(legal))
            found.append((name, f"expected {name} to be one of [{expected}], got {value}"))
    for name, (low, high) in RANGES.get(type_name, {}).items():
        value = config.get(name)
        if isinstance(value, (int, float)) and (value < low or (high is not None and value > high)):
            limit = f"in the range ({low} - {high})" if high is not None else f"at least {low}"
            found.append((name, f"expected {name} to be {limit}, got {value}"))
    return found
