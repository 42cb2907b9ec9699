# The logs of function and API.

# The reader's own, by its name. The reader may not make one, so that none keeps logs for ever.
resource "aws_cloudwatch_log_group" "function" {
  #checkov:skip=CKV_AWS_158:public data and no personal data in the log; CloudWatch encrypts it with its own key
  #checkov:skip=CKV_AWS_338:log_retention_days is the person's choice; a year of logs is a cost, not a need
  region            = var.region
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

# A group that API Gateway writes to needs a line in a resource policy, of which a region has few and short ones. Under this
# prefix all groups share a line (CloudWatch Logs User Guide, "Enable logging from AWS services").
resource "aws_cloudwatch_log_group" "access" {
  #checkov:skip=CKV_AWS_158:no personal data in it (see the format below); CloudWatch encrypts it with its own key
  #checkov:skip=CKV_AWS_338:log_retention_days is the person's choice
  region            = var.region
  name              = "/aws/vendedlogs/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
}

# API Gateway counts what it throttles among all 4xx, so its log is where they can be told apart. Of very many it may leave some
# out of both (API Gateway Developer Guide, "Monitor HTTP APIs"); the alarm needs one. A metric of a filter has no
# dimension of its own choice: the namespace is the deployment's.
resource "aws_cloudwatch_log_metric_filter" "throttled" {
  region         = var.region
  name           = "throttled"
  log_group_name = aws_cloudwatch_log_group.access.name
  pattern        = "{ $.status = \"429\" }"

  metric_transformation {
    namespace = "Coldpress/${var.name}"
    name      = "Throttled"
    value     = "1"
  }
}

# Its name before 0.1.0 was /aws/apigateway/NAME. That group is not deleted: its entries expire as they would have.
removed {
  from = aws_cloudwatch_log_group.api

  lifecycle {
    destroy = false
  }
}
