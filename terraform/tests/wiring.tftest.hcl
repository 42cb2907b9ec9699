# What points to what. Computed values are given, so that a plan shows them where they are used.

mock_provider "aws" {
  override_during = plan

  override_resource {
    target = aws_lambda_alias.live
    values = {
      invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:coldpress-reader:live/invocations"
    }
  }

  override_resource {
    target = aws_lambda_function.this
    values = { version = "7" }
  }

  override_resource {
    target = aws_apigatewayv2_api.this
    values = {
      id            = "abcdefghij"
      execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:abcdefghij"
      api_endpoint  = "https://abcdefghij.execute-api.eu-central-1.amazonaws.com"
    }
  }

  override_resource {
    target = aws_apigatewayv2_integration.live
    values = { id = "integ01" }
  }

  override_resource {
    target = aws_cloudwatch_log_group.api
    values = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/apigateway/coldpress-reader" }
  }

  override_resource {
    target = aws_sns_topic.alarms
    values = { arn = "arn:aws:sns:eu-central-1:111122223333:coldpress-reader-alarms" }
  }
}

variables {
  name                 = "coldpress-reader"
  region               = "eu-central-1"
  role_arn             = "arn:aws:iam::111122223333:role/coldpress-reader"
  architecture         = "arm64"
  release_id           = "2026-11-23.1"
  package_bucket       = "artifacts"
  package_key          = "readers/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.zip"
  code_sha256          = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  live_version         = 5
  memory_mb            = 128
  reserved_concurrency = 20
  log_retention_days   = 30
  throttle             = { rate = 200, burst = 400 }
  cors_origins         = ["*"]
  alarms               = { email = "ops@example.org", p99_ms = 500 }
  domain               = null
}

run "live" {
  command = plan

  module {
    source = "./modules/reader"
  }

  assert {
    condition     = aws_lambda_alias.candidate.name == "candidate" && aws_lambda_alias.candidate.function_version == "7"
    error_message = "candidate is the newest version"
  }

  assert {
    condition     = aws_lambda_alias.live[0].name == "live" && aws_lambda_alias.live[0].function_version == "5"
    error_message = "live is the version that is pinned, not the newest"
  }

  assert {
    condition     = aws_apigatewayv2_integration.live[0].integration_uri == aws_lambda_alias.live[0].invoke_arn
    error_message = "the API calls alias live"
  }

  assert {
    condition     = !strcontains(aws_apigatewayv2_integration.live[0].integration_uri, "$LATEST") && endswith(aws_apigatewayv2_integration.live[0].integration_uri, ":live/invocations")
    error_message = "nothing public calls $LATEST"
  }

  assert {
    condition     = aws_apigatewayv2_integration.live[0].payload_format_version == "2.0" && aws_apigatewayv2_integration.live[0].integration_type == "AWS_PROXY"
    error_message = "the reader reads payload 2.0"
  }

  assert {
    condition     = aws_apigatewayv2_integration.live[0].timeout_milliseconds > aws_lambda_function.this.timeout * 1000
    error_message = "the API waits longer than the function may take"
  }

  assert {
    condition     = aws_apigatewayv2_route.live[0].route_key == "$default" && aws_apigatewayv2_route.live[0].target == "integrations/integ01"
    error_message = "every request goes to the one integration"
  }

  assert {
    condition     = aws_lambda_permission.api[0].qualifier == "live" && aws_lambda_permission.api[0].source_arn == "arn:aws:execute-api:eu-central-1:111122223333:abcdefghij/*/*"
    error_message = "the API may call alias live and nothing else, and only this API may"
  }

  assert {
    condition     = aws_lambda_permission.api[0].principal == "apigateway.amazonaws.com" && aws_lambda_permission.api[0].action == "lambda:InvokeFunction"
    error_message = "API Gateway invokes"
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.api.arn
    error_message = "the access log goes to its group"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset([aws_sns_topic.alarms.arn])])
    error_message = "every alarm speaks to the topic"
  }

  assert {
    condition     = aws_sns_topic_subscription.email[0].endpoint == "ops@example.org" && aws_sns_topic_subscription.email[0].topic_arn == aws_sns_topic.alarms.arn
    error_message = "the address is subscribed to the topic"
  }

  assert {
    condition     = output.candidate_version == 7 && output.live_version == 5 && output.api_endpoint == "https://abcdefghij.execute-api.eu-central-1.amazonaws.com"
    error_message = "outputs say what is"
  }

  assert {
    condition = alltrue([
      for name in ["Requests", "NotModified", "ClientErrors", "ServerErrors", "ColdStarts", "HandlerTime"] :
      strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "[\"Coldpress\",\"${name}\",\"FunctionName\",\"coldpress-reader\"")
    ])
    error_message = "the dashboard shows each of the reader's own metrics"
  }
}

run "nothing_live_yet" {
  command = plan

  module {
    source = "./modules/reader"
  }

  variables {
    live_version = null
  }

  assert {
    condition     = length(aws_lambda_alias.live) + length(aws_apigatewayv2_integration.live) + length(aws_apigatewayv2_route.live) + length(aws_lambda_permission.api) == 0
    error_message = "before the first proven version nothing leads from the API to the function"
  }

  assert {
    condition     = aws_lambda_alias.candidate.function_version == "7" && output.live_version == null
    error_message = "the candidate is there to be proven"
  }
}
