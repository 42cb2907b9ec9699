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
  name                 = "coldpress-reader"
  region               = "eu-central-1"
  role_arn             = "arn:aws:iam::111122223333:role/coldpress-reader"
  architecture         = "arm64"
  release_id           = "2026-11-23.1"
  package_bucket       = "artifacts"
  package_key          = "readers/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.zip"
  code_sha256          = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  live_version         = null
  memory_mb            = 128
  reserved_concurrency = 20
  log_retention_days   = 30
  throttle             = { rate = 200, burst = 400 }
  cors_origins         = ["*"]
  alarms               = { email = null, p99_ms = 500 }
  domain               = null
}

run "root_defaults" {
  command = plan

  variables {
    name              = "coldpress"
    regions           = ["eu-central-1"]
    artifact_buckets  = { eu-central-1 = "artifacts" }
    function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
    live_version      = {}

    # null is the default, which this file sets otherwise for the module.
    reserved_concurrency = null
    release = {
      id           = "2026-11-23.1"
      architecture = "arm64"
      reader       = { sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    }
  }

  assert {
    condition     = [var.memory_mb, var.reserved_concurrency, var.log_retention_days, var.architecture] == [128, -1, 30, "arm64"]
    error_message = "the defaults of memory, concurrency, retention and architecture changed: docs/deploy.md counts costs by them"
  }

  assert {
    condition     = length(keys(output.live_version)) == 0 && output.function_name == "coldpress-reader" && output.distribution_id == null
    error_message = "by itself nothing is live and no CDN is made"
  }
}

run "what_the_reader_is_told" {
  command = plan

  variables {
    name              = "coldpress"
    regions           = ["eu-central-1"]
    artifact_buckets  = { eu-central-1 = "artifacts" }
    function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
    live_version      = {}
    reader            = { cache_control = "no-cache", default_limit = 5000, max_limit = 10000, query_ms = 900, server_timing = false }
    release = {
      id           = "r"
      architecture = "arm64"
      reader       = { sha256 = sha256(""), code_sha256 = base64sha256("") }
      database     = { sha256 = sha256("") }
    }
  }

  assert {
    condition = jsonencode(local.reader_variables) == jsonencode({
      COLDPRESS_CACHE_CONTROL = "no-cache"
      COLDPRESS_DEFAULT_LIMIT = "5000"
      COLDPRESS_MAX_LIMIT     = "10000"
      COLDPRESS_QUERY_MS      = "900"
      COLDPRESS_SERVER_TIMING = "off"
    })
    error_message = "the reader is told ${jsonencode(local.reader_variables)}"
  }
}

run "reader_variables_reach_the_function" {
  command = plan

  module {
    source = "./modules/reader"
  }

  variables {
    reader_variables = { COLDPRESS_QUERY_MS = "900" }
  }

  assert {
    condition     = jsonencode(aws_lambda_function.this.environment[0].variables) == jsonencode({ COLDPRESS_METRICS_NAMESPACE = "Coldpress", COLDPRESS_QUERY_MS = "900" })
    error_message = "the function gets ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
}

run "function" {
  command = plan

  module {
    source = "./modules/reader"
  }

  assert {
    condition = (
      aws_lambda_function.this.runtime == "provided.al2023" &&
      aws_lambda_function.this.handler == "bootstrap" &&
      aws_lambda_function.this.architectures == tolist(["arm64"]) &&
      aws_lambda_function.this.memory_size == 128 &&
      aws_lambda_function.this.timeout == 10 &&
      aws_lambda_function.this.publish &&
      aws_lambda_function.this.reserved_concurrent_executions == 20 &&
      aws_lambda_function.this.description == "Coldpress release 2026-11-23.1"
    )
    error_message = "the function is not what the documents say"
  }

  assert {
    condition = (
      aws_lambda_function.this.s3_bucket == var.package_bucket &&
      aws_lambda_function.this.s3_key == var.package_key &&
      aws_lambda_function.this.code_sha256 == var.code_sha256
    )
    error_message = "the package is not the release's"
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_format == "JSON" && aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/coldpress-reader"
    error_message = "logs are JSON in the group that Terraform made"
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["COLDPRESS_METRICS_NAMESPACE"] == "Coldpress"
    error_message = "the reader writes its metrics where it is told a namespace"
  }

  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0
    error_message = "a VPC would add to every cold start"
  }
}

run "logs" {
  command = plan

  module {
    source = "./modules/reader"
  }

  assert {
    condition     = { for g in [aws_cloudwatch_log_group.function, aws_cloudwatch_log_group.api] : g.name => g.retention_in_days } == { "/aws/lambda/coldpress-reader" = 30, "/aws/apigateway/coldpress-reader" = 30 }
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
    source = "./modules/reader"
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
    source = "./modules/reader"
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
    source = "./modules/reader"
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset(["5xx", "errors", "slow", "throttles"])
    error_message = "four alarms"
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
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.treat_missing_data == "notBreaching"])
    error_message = "silence is no fault"
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0
    error_message = "nobody is subscribed unasked"
  }
}
