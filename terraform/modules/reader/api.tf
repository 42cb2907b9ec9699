# The HTTP API. Everything goes to alias `live`; no integration knows a version or $LATEST.

resource "aws_apigatewayv2_api" "this" {
  region        = var.region
  name          = var.name
  description   = "Coldpress: the read API"
  protocol_type = "HTTP"

  dynamic "cors_configuration" {
    for_each = length(var.cors_origins) > 0 ? [true] : []
    content {
      allow_origins  = var.cors_origins
      allow_methods  = ["GET", "HEAD", "OPTIONS"]
      allow_headers  = ["accept", "accept-profile", "if-none-match", "prefer", "range", "range-unit"]
      expose_headers = ["content-location", "content-range", "etag", "link", "preference-applied", "server-timing"]
      max_age        = 86400
    }
  }
}

resource "aws_apigatewayv2_integration" "live" {
  count = var.live_version == null ? 0 : 1

  region                 = var.region
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_alias.live[0].invoke_arn
  payload_format_version = "2.0"

  # A little more than the function's own 10 seconds, so that its answer is the one that counts.
  timeout_milliseconds = 12000
}

# One route for all: what is no table, no row or no GET is the reader's to answer.
resource "aws_apigatewayv2_route" "live" {
  #checkov:skip=CKV_AWS_309:the data is public
  count = var.live_version == null ? 0 : 1

  region    = var.region
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.live[0].id}"

  # The right to call before the way to it.
  depends_on = [aws_lambda_permission.api]
}

resource "aws_lambda_permission" "api" {
  count = var.live_version == null ? 0 : 1

  region        = var.region
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  qualifier     = aws_lambda_alias.live[0].name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

resource "aws_cloudwatch_log_group" "api" {
  #checkov:skip=CKV_AWS_158:no personal data in it (see the format below); CloudWatch encrypts it with its own key
  #checkov:skip=CKV_AWS_338:log_retention_days is the person's choice
  region            = var.region
  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_apigatewayv2_stage" "default" {
  region      = var.region
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.throttle.rate
    throttling_burst_limit = var.throttle.burst
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn

    # No address and no query: neither is needed to see what failed, and both can be personal.
    format = jsonencode({
      time            = "$context.requestTime"
      requestId       = "$context.requestId"
      method          = "$context.httpMethod"
      path            = "$context.path"
      protocol        = "$context.protocol"
      status          = "$context.status"
      bytes           = "$context.responseLength"
      milliseconds    = "$context.responseLatency"
      integrationMs   = "$context.integrationLatency"
      integrationCode = "$context.integrationStatus"
      error           = "$context.integrationErrorMessage"
    })
  }
}
