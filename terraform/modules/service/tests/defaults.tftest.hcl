# What a person gets who says nothing but the least. Plans only: nothing is made, no account is asked.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  name               = "coldpress-reader"
  region             = "eu-central-1"
  live_invoke_arn    = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:coldpress-reader:live/invocations"
  log_retention_days = 30
  throttle           = { rate = 200, burst = 400 }
  cors_origins       = ["*"]
  alarms             = { email = null, p99_ms = 500, concurrency = 800 }
  domain             = null
}

run "root_defaults" {
  command = plan

  variables {
    name              = "coldpress"
    regions           = ["eu-central-1"]
    artifact_buckets  = { eu-central-1 = "artifacts" }
    function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
  }

  assert {
    condition     = var.log_retention_days == 30
    error_message = "the default of retention changed: docs/deploy.md counts costs by it"
  }

  assert {
    condition     = output.distribution_id == null && aws_s3_object.record.bucket == "artifacts" && aws_s3_object.record.key == "service.json"
    error_message = "by itself no CDN is made; where the service is stands beside the releases"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.silent[0].region == "eu-central-1" && aws_cloudwatch_metric_alarm.silent[0].treat_missing_data == "breaching" &&
      aws_cloudwatch_metric_alarm.silent[0].period * aws_cloudwatch_metric_alarm.silent[0].evaluation_periods == 24 * 3600
    )
    error_message = "a day without a release or a repair is told"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.certificate) + length(aws_sns_topic.certificate) == 0
    error_message = "no domain, no certificate"
  }
}

run "nothing_runs_repairs" {
  command = plan

  variables {
    name              = "coldpress"
    regions           = ["eu-central-1"]
    artifact_buckets  = { eu-central-1 = "artifacts" }
    function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
    alarms            = { silent_hours = 0 }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.silent) == 0
    error_message = "without a schedule silence is usual"
  }
}

run "logs" {
  command = plan

  module {
    source = "../api"
  }

  assert {
    condition     = { for g in [aws_cloudwatch_log_group.function, aws_cloudwatch_log_group.access] : g.name => g.retention_in_days } == { "/aws/lambda/coldpress-reader" = 30, "/aws/vendedlogs/apigateway/coldpress-reader" = 30 }
    error_message = "each log has a group of its own, kept as long as asked"
  }

  assert {
    condition     = alltrue([for word in ["$context.status", "$context.responseLatency", "$context.requestId"] : contains(values(jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format)), word)])
    error_message = "the access log says status, time and request"
  }

  assert {
    condition     = !strcontains(aws_apigatewayv2_stage.default.access_log_settings[0].format, "sourceIp") && !strcontains(aws_apigatewayv2_stage.default.access_log_settings[0].format, "userAgent")
    error_message = "the access log holds nothing about persons"
  }
}

run "api" {
  command = plan

  module {
    source = "../api"
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.name == "$default" && aws_apigatewayv2_stage.default.auto_deploy
    error_message = "one stage, without a prefix in the path"
  }

  assert {
    condition     = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 200 && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_burst_limit == 400
    error_message = "the API is throttled as asked"
  }

  assert {
    condition     = aws_apigatewayv2_api.this.cors_configuration[0].allow_methods == toset(["GET", "HEAD", "OPTIONS"]) && aws_apigatewayv2_api.this.cors_configuration[0].allow_credentials == null
    error_message = "browsers may read, without credentials"
  }
}

run "cors_off" {
  command = plan

  module {
    source = "../api"
  }

  variables {
    cors_origins = []
  }

  assert {
    condition     = length(aws_apigatewayv2_api.this.cors_configuration) == 0
    error_message = "no origins: no CORS"
  }
}

run "alarms" {
  command = plan

  module {
    source = "../api"
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset(["429", "5xx", "concurrency", "errors", "slow", "throttles"])
    error_message = "six alarms"
  }

  assert {
    condition     = alltrue([for key in ["errors", "slow", "throttles"] : aws_cloudwatch_metric_alarm.this[key].dimensions["Resource"] == "coldpress-reader:live"])
    error_message = "alarms are about alias live; a candidate that fails its smoke test wakes nobody"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["slow"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.this["slow"].threshold == 500
    error_message = "slow: the 99th percentile against the limit asked for"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["concurrency"].dimensions == null && aws_cloudwatch_metric_alarm.this["concurrency"].threshold == 800
    error_message = "concurrency: of the whole account, before its usual quota of 1000"
  }

  assert {
    condition = (
      jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format).status == "$context.status" &&
      aws_cloudwatch_log_metric_filter.throttled.pattern == "{ $.status = \"429\" }" &&
      aws_cloudwatch_metric_alarm.this["429"].namespace == "Coldpress/coldpress-reader" && aws_cloudwatch_metric_alarm.this["429"].metric_name == "Throttled"
    )
    error_message = "429: the access log's own entries, where a status is text"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.treat_missing_data == "notBreaching"])
    error_message = "silence is no fault"
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0
    error_message = "nobody is subscribed unasked"
  }
}
