# The function and its newest version.

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:a trace of one hop; the metrics below say more for less
  #checkov:skip=CKV_AWS_116:invoked by API Gateway and waited for; a dead letter queue serves asynchronous calls only
  #checkov:skip=CKV_AWS_117:it reaches nothing and nothing reaches it but Lambda itself; a VPC would add cold start
  #checkov:skip=CKV_AWS_173:its variables are no secrets
  #checkov:skip=CKV_AWS_272:the package is named by its digest, which is compared below; its provenance is attested where it is built
  region        = var.region
  function_name = var.name
  # The same for every release: a change of it would cost each one an update of its own, and Lambda's wait for that.
  description = "Coldpress reader"
  role        = var.role_arn

  runtime       = "provided.al2023"
  handler       = "bootstrap"
  architectures = [var.architecture]
  memory_size   = var.memory_mb
  timeout       = 10

  s3_bucket = var.package_bucket
  s3_key    = var.package_key

  # An argument, so that a plan shows the new digest: the provider plans the old one where it is left out.
  code_sha256 = var.code_sha256

  # Each change makes a new version, which nothing serves until `live` moves to it.
  publish                        = true
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = merge(var.reader_variables, {
      # The reader writes its metrics in CloudWatch's embedded metric format where this is set.
      COLDPRESS_METRICS_NAMESPACE = "Coldpress"
    })
  }

  # ../api makes the group; the reader may not. WARN: Lambda's own START and REPORT lines would be the larger part of the bill for logs.
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
    log_group             = "/aws/lambda/${var.name}"
  }

  lifecycle {
    # In a plan the two are the same; after an apply the first is what Lambda computed.
    postcondition {
      condition     = self.code_sha256 == var.code_sha256
      error_message = "Lambda runs a package whose SHA-256 (${self.code_sha256}) is not the release's (${var.code_sha256}): s3://${var.package_bucket}/${var.package_key} does not hold what its name says."
    }
  }
}

# The newest version: to be proven.
resource "aws_lambda_alias" "candidate" {
  region           = var.region
  name             = "candidate"
  description      = "The newest version, not yet proven"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version
}
