# The logs of function and API.

# The reader's own, by its name. The reader may not make one, so that none keeps logs for ever.
resource "aws_cloudwatch_log_group" "function" {
  #checkov:skip=CKV_AWS_158:public data and no personal data in the log; CloudWatch encrypts it with its own key
  #checkov:skip=CKV_AWS_338:log_retention_days is the person's choice; a year of logs is a cost, not a need
  region            = var.region
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_cloudwatch_log_group" "api" {
  #checkov:skip=CKV_AWS_158:no personal data in it (see the format below); CloudWatch encrypts it with its own key
  #checkov:skip=CKV_AWS_338:log_retention_days is the person's choice
  region            = var.region
  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
}
