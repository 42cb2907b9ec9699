# What the public is given: a proven version, pinned by its number.

resource "aws_lambda_alias" "this" {
  region           = var.region
  name             = "live"
  description      = "The version that the public is given"
  function_name    = var.function_name
  function_version = tostring(var.function_version)
}

resource "aws_lambda_permission" "api" {
  region        = var.region
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = var.function_name
  qualifier     = aws_lambda_alias.this.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = var.source_arn
}
