# The HTTP API. Everything goes to alias `live`, by its name; no integration knows a version or $LATEST. Before the
# first release there is no such alias, and API Gateway answers 500.

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
      allow_headers  = ["accept", "accept-profile", "if-none-match", "prefer", "range", "range-unit", "want-repr-digest"]
      expose_headers = ["content-location", "content-range", "etag", "link", "preference-applied", "repr-digest", "server-timing"]
      max_age        = 86400
    }
  }
}

resource "aws_apigatewayv2_integration" "live" {
  region                 = var.region
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = var.live_invoke_arn
  payload_format_version = "2.0"

  # A little more than the function's own 10 seconds, so that its answer is the one that counts.
  timeout_milliseconds = 12000
}

# One route for all: what is no table, no row or no GET is the reader's to answer.
resource "aws_apigatewayv2_route" "live" {
  #checkov:skip=CKV_AWS_309:the data is public
  region    = var.region
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.live.id}"
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
    destination_arn = aws_cloudwatch_log_group.access.arn

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
