# What points to what. Computed values are given, so that a plan shows them where they are used.

mock_provider "aws" {
  override_during = plan

  override_resource {
    target = aws_apigatewayv2_api.this
    values = {
      id            = "abcdefghij"
      execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:abcdefghij"
      api_endpoint  = "https://abcdefghij.execute-api.eu-central-1.amazonaws.com"
    }
  }

  override_resource {
    target = module.api["eu-central-1"].aws_apigatewayv2_api.this
    values = {
      id           = "abcdefghij"
      api_endpoint = "https://abcdefghij.execute-api.eu-central-1.amazonaws.com"
    }
  }

  override_resource {
    target = aws_apigatewayv2_integration.live
    values = { id = "integ01" }
  }

  override_resource {
    target = aws_cloudwatch_log_group.access
    values = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/vendedlogs/apigateway/coldpress-reader" }
  }

  override_resource {
    target = aws_sns_topic.alarms
    values = { arn = "arn:aws:sns:eu-central-1:111122223333:coldpress-reader-alarms" }
  }
}

variables {
  name               = "coldpress-reader"
  region             = "eu-central-1"
  live_invoke_arn    = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:coldpress-reader:live/invocations"
  log_retention_days = 30
  throttle           = { rate = 200, burst = 400 }
  cors_origins       = ["*"]
  alarms             = { email = "ops@example.org", p99_ms = 500, concurrency = 800 }
  domain             = null
}

run "api" {
  command = plan

  module {
    source = "../api"
  }

  assert {
    condition     = aws_apigatewayv2_integration.live.payload_format_version == "2.0" && aws_apigatewayv2_integration.live.integration_type == "AWS_PROXY"
    error_message = "the reader reads payload 2.0"
  }

  assert {
    condition     = aws_apigatewayv2_route.live.route_key == "$default" && aws_apigatewayv2_route.live.target == "integrations/integ01"
    error_message = "every request goes to the one integration"
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.access.arn
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
    condition = alltrue([
      for name in ["Requests", "NotModified", "ClientErrors", "ServerErrors", "ColdStarts", "HandlerTime"] :
      strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "[\"Coldpress\",\"${name}\",\"FunctionName\",\"coldpress-reader\"")
    ])
    error_message = "the dashboard shows each of the reader's own metrics"
  }

  assert {
    condition     = aws_apigatewayv2_integration.live.integration_uri == var.live_invoke_arn && aws_apigatewayv2_integration.live.timeout_milliseconds > 10000
    error_message = "the API calls what it is given, and waits longer than the function's 10 seconds"
  }

  assert {
    condition     = output.api_endpoint == "https://abcdefghij.execute-api.eu-central-1.amazonaws.com"
    error_message = "outputs say what is"
  }
}

run "root" {
  command = plan

  variables {
    name              = "coldpress"
    regions           = ["eu-central-1"]
    artifact_buckets  = { eu-central-1 = "artifacts" }
    function_role_arn = "arn:aws-cn:iam::111122223333:role/coldpress-reader"
  }

  assert {
    condition     = local.live_arns == { eu-central-1 = "arn:aws-cn:lambda:eu-central-1:111122223333:function:coldpress-reader:live" }
    error_message = "nothing public calls anything but alias live, in the partition and account of the function's role"
  }

  assert {
    condition = jsondecode(aws_s3_object.record.content) == {
      format          = 1
      api_urls        = { eu-central-1 = "https://abcdefghij.execute-api.eu-central-1.amazonaws.com" }
      url             = "https://abcdefghij.execute-api.eu-central-1.amazonaws.com"
      distribution_id = null
    }
    error_message = "releases find ${aws_s3_object.record.content}"
  }
}
