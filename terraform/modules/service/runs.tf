# The log of runs, to which publisher writes how each release, rollback and repair ended, and its successes as a metric.

resource "aws_cloudwatch_log_group" "runs" {
  #checkov:skip=CKV_AWS_158:ids of releases of public data; CloudWatch encrypts it with its own key
  #checkov:skip=CKV_AWS_338:log_retention_days is the person's choice
  region            = var.regions[0]
  name              = "/coldpress/${local.function}"
  retention_in_days = var.log_retention_days
}

# What was live and verified already is a success too: repairs say so every six hours.
resource "aws_cloudwatch_log_metric_filter" "verified" {
  region         = var.regions[0]
  name           = "verified"
  log_group_name = aws_cloudwatch_log_group.runs.name
  pattern        = "{ $.outcome = \"released\" || $.outcome = \"unchanged\" }"

  metric_transformation {
    namespace = "Coldpress/${local.function}"
    name      = "Verified"
    value     = "1"
  }
}
