# What a person looks at: traffic, errors, time, caching, and the newest error lines.

locals {
  # The reader's own metrics, in embedded metric format, once a request: one dimension,
  # FunctionName (the value of AWS_LAMBDA_FUNCTION_NAME), and these names.
  #   Requests, NotModified (304), ClientErrors (4xx), ServerErrors (5xx), ColdStarts   Count, 1 or left out
  #   HandlerTime                                                                       Microseconds
  metrics_namespace = "Coldpress"

  live_metric = ["FunctionName", var.name, "Resource", "${var.name}:live"]

  widgets = [
    {
      title = "Requests"
      stat  = "Sum"
      metrics = [
        ["AWS/ApiGateway", "Count", "ApiId", aws_apigatewayv2_api.this.id, { label = "API" }],
        concat(["AWS/Lambda", "Invocations"], local.live_metric, [{ label = "reader (live)" }]),
        [local.metrics_namespace, "NotModified", "FunctionName", var.name, { label = "304" }],
      ]
    },
    {
      title = "Errors"
      stat  = "Sum"
      metrics = [
        ["AWS/ApiGateway", "5xx", "ApiId", aws_apigatewayv2_api.this.id, { label = "API 5xx" }],
        ["AWS/ApiGateway", "4xx", "ApiId", aws_apigatewayv2_api.this.id, { label = "API 4xx" }],
        concat(["AWS/Lambda", "Errors"], local.live_metric, [{ label = "reader failed" }]),
        concat(["AWS/Lambda", "Throttles"], local.live_metric, [{ label = "turned away" }]),
        [local.metrics_namespace, "ServerErrors", "FunctionName", var.name, { label = "reader 5xx" }],
        [local.metrics_namespace, "ClientErrors", "FunctionName", var.name, { label = "reader 4xx" }],
      ]
    },
    {
      title = "Time, ms"
      stat  = "p50"
      metrics = [
        concat(["AWS/Lambda", "Duration"], local.live_metric, [{ label = "p50", stat = "p50" }]),
        concat(["AWS/Lambda", "Duration"], local.live_metric, [{ label = "p99", stat = "p99" }]),
        ["AWS/ApiGateway", "Latency", "ApiId", aws_apigatewayv2_api.this.id, { label = "API p99", stat = "p99" }],
      ]
    },
    {
      title = "In the reader, µs"
      stat  = "p50"
      metrics = [
        [local.metrics_namespace, "HandlerTime", "FunctionName", var.name, { label = "p50", stat = "p50" }],
        [local.metrics_namespace, "HandlerTime", "FunctionName", var.name, { label = "p99", stat = "p99" }],
      ]
    },
    {
      title = "Cold starts"
      stat  = "Sum"
      metrics = [
        [local.metrics_namespace, "ColdStarts", "FunctionName", var.name, { label = "cold starts" }],
        [local.metrics_namespace, "Requests", "FunctionName", var.name, { label = "requests" }],
      ]
    },
    {
      title = "At the same time"
      stat  = "Maximum"
      metrics = [
        ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", var.name, { label = "executions" }],
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  region         = var.region
  dashboard_name = "${var.name}-${var.region}"

  dashboard_body = jsonencode({
    widgets = concat(
      [for i, widget in local.widgets : {
        type   = "metric"
        x      = i % 2 * 12
        y      = floor(i / 2) * 6
        width  = 12
        height = 6
        properties = {
          title   = widget.title
          region  = var.region
          view    = "timeSeries"
          period  = 300
          stat    = widget.stat
          metrics = widget.metrics
        }
      }],
      [{
        type   = "log"
        x      = 0
        y      = ceil(length(local.widgets) / 2) * 6
        width  = 24
        height = 6
        properties = {
          title  = "Newest server errors"
          region = var.region
          view   = "table"
          query  = "SOURCE '${aws_cloudwatch_log_group.access.name}' | filter status >= 500 | fields @timestamp, method, path, status, error | sort @timestamp desc | limit 20"
        }
      }],
    )
  })
}
