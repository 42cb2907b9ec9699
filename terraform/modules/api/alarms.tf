# What somebody must be told. Each is about what the public is given: alias `live`, and the API.

locals {
  # CloudWatch counts an alias's calls apart by this pair.
  live_dimensions = { FunctionName = var.name, Resource = "${var.name}:live" }
  api_dimensions  = { ApiId = aws_apigatewayv2_api.this.id }

  alarms = {
    errors = {
      description = "The reader ended without an answer"
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      dimensions  = local.live_dimensions
      statistic   = "Sum"
      percentile  = null
      threshold   = 0
      periods     = 1
    }
    throttles = {
      description = "Lambda turned requests away: reserved_concurrency or the account's quota is reached"
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      dimensions  = local.live_dimensions
      statistic   = "Sum"
      percentile  = null
      threshold   = 0
      periods     = 1
    }
    concurrency = {
      description = "The account has more than ${var.alarms.concurrency} of its concurrent executions in use or reserved"
      namespace   = "AWS/Lambda"
      # The only one that counts reservations of other functions too; it is of the whole region, and has no dimensions.
      metric     = "ClaimedAccountConcurrency"
      dimensions = null
      statistic  = "Maximum"
      percentile = null
      threshold  = var.alarms.concurrency
      periods    = 1
    }
    "429" = {
      description = "The API turned requests away: `throttle` is reached"
      namespace   = aws_cloudwatch_log_metric_filter.throttled.metric_transformation[0].namespace
      metric      = aws_cloudwatch_log_metric_filter.throttled.metric_transformation[0].name
      dimensions  = null
      statistic   = "Sum"
      percentile  = null
      threshold   = 0
      periods     = 1
    }
    slow = {
      description = "The slowest hundredth of requests takes more than ${var.alarms.p99_ms} ms"
      namespace   = "AWS/Lambda"
      metric      = "Duration"
      dimensions  = local.live_dimensions
      statistic   = null
      percentile  = "p99"
      threshold   = var.alarms.p99_ms
      periods     = 3
    }
    "5xx" = {
      description = "The API answered with a server error"
      namespace   = "AWS/ApiGateway"
      metric      = "5xx"
      dimensions  = local.api_dimensions
      statistic   = "Sum"
      percentile  = null
      threshold   = 0
      periods     = 1
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  region              = var.region
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  extended_statistic  = each.value.percentile
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = each.value.periods
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  # No requests are no fault.
  treat_missing_data = "notBreaching"
}

resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish to a topic under AWS's own SNS key; a message says an alarm's name and numbers
  region = var.region
  name   = "${var.name}-alarms"
}

resource "aws_sns_topic_subscription" "email" {
  count = var.alarms.email == null ? 0 : 1

  region    = var.region
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarms.email
}
