# What somebody must be told beside what each region's API tells (../api/alarms.tf): that nothing looks after the service any
# more, and that a certificate is not renewed.

# Where a schedule was stopped, credentials are refused or the state stays locked, nothing runs that could report it: so silence is
# the fault.
resource "aws_cloudwatch_metric_alarm" "silent" {
  count = var.alarms.silent_hours == 0 ? 0 : 1

  region              = var.regions[0]
  alarm_name          = "${local.function}-silent"
  alarm_description   = "No release or repair succeeded for ${var.alarms.silent_hours} hours: look at the workflows Release and Reconcile. GitHub stops schedules after 60 days without activity"
  namespace           = aws_cloudwatch_log_metric_filter.verified.metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.verified.metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 3600
  evaluation_periods  = var.alarms.silent_hours
  treat_missing_data  = "breaching"
  alarm_actions       = [module.api[var.regions[0]].alarm_topic_arn]
  ok_actions          = [module.api[var.regions[0]].alarm_topic_arn]
}

locals {
  # CloudFront's certificate may be in a region without an API, and an alarm speaks to a topic of its own region only.
  certificate_topics = merge({ for region, api in module.api : region => api.alarm_topic_arn }, { for region, topic in aws_sns_topic.certificate : region => topic.arn })
}

# ACM counts twice a day for each certificate.
resource "aws_cloudwatch_metric_alarm" "certificate" {
  for_each = local.certificate_arns

  region              = each.key
  alarm_name          = "${local.function}-certificate"
  alarm_description   = "The certificate of ${var.domain.name} expires in less than ${var.alarms.certificate_days} days, and ACM did not renew it: is its DNS record still there?"
  namespace           = "AWS/CertificateManager"
  metric_name         = "DaysToExpiry"
  dimensions          = { CertificateArn = each.value }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = var.alarms.certificate_days
  period              = 86400
  evaluation_periods  = 1
  treat_missing_data  = "ignore"
  alarm_actions       = [local.certificate_topics[each.key]]
  ok_actions          = [local.certificate_topics[each.key]]
}

resource "aws_sns_topic" "certificate" {
  #checkov:skip=CKV_AWS_26:CloudWatch can't publish to a topic under AWS's own SNS key; a message says an alarm's name and numbers
  for_each = setsubtract(keys(local.certificate_arns), var.regions)

  region = each.key
  name   = "${local.function}-alarms"
}

resource "aws_sns_topic_subscription" "certificate" {
  for_each = var.alarms.email == null ? {} : aws_sns_topic.certificate

  region    = each.key
  topic_arn = each.value.arn
  protocol  = "email"
  endpoint  = var.alarms.email
}
