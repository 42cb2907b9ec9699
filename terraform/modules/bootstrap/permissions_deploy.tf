# What the role deploy may do beside reading.

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "WriteState"
    actions   = ["s3:PutObject"]
    resources = [for key in values(local.state_keys) : "${local.state_arn}/${key}"]
  }

  statement {
    sid       = "LockState"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = [for key in values(local.state_keys) : "${local.state_arn}/${key}.tflock"]
  }

  statement {
    sid       = "RecordReleases"
    actions   = ["s3:PutObject"]
    resources = [for prefix in local.deploy_prefixes : "${local.any_artifacts_arn}/${prefix}/*"]
  }

  # Old versions of what is deleted stay for a time, and deleting those takes another right.
  statement {
    sid       = "PruneReleases"
    actions   = ["s3:DeleteObject"]
    resources = [for prefix in local.write_once : "${local.any_artifacts_arn}/${prefix}/*"]
  }

  statement {
    sid       = "RecordService"
    actions   = ["s3:PutObject", "s3:PutObjectTagging"]
    resources = [local.service_record_arn]
  }

  # Never DeleteFunction on the function as a whole: pruning removes versions by number.
  statement {
    sid = "WriteFunction"
    actions = [
      "lambda:CreateAlias",
      "lambda:CreateFunction",
      "lambda:DeleteFunctionConcurrency",
      "lambda:PublishVersion",
      "lambda:PutFunctionConcurrency",
      "lambda:TagResource",
      "lambda:UntagResource",
      "lambda:UpdateFunctionCode",
      "lambda:UpdateFunctionConfiguration",
    ]
    resources = [local.regional.function]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "WriteAliases"
    actions   = ["lambda:AddPermission", "lambda:RemovePermission"]
    resources = ["${local.regional.function}:live"]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  # Aliases are authorised by the function's ARN.
  statement {
    sid       = "MoveAliases"
    actions   = ["lambda:UpdateAlias"]
    resources = [local.regional.function]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "InvokeVersions"
    actions   = ["lambda:InvokeFunction"]
    resources = ["${local.regional.function}:*"]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "PruneVersions"
    actions   = ["lambda:DeleteFunction"]
    resources = ["${local.regional.function}:*"]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "GiveReaderItsRole"
    actions   = ["iam:PassRole"]
    resources = ["arn:${local.partition}:iam::${local.account}:role/${local.function}"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com"]
    }
  }

  # An API's id is not known before it is made, so these are the account's HTTP APIs in its regions.
  statement {
    sid       = "WriteApi"
    actions   = ["apigateway:POST", "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE", "apigateway:TagResource"]
    resources = concat([local.regional.apis, local.regional.api, local.regional.api_tags], local.has_domain ? [local.regional.domains, local.regional.domain] : [])

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  # CloudWatch Logs compares with an ARN that goes on after the group's name, but where it is about tags.
  statement {
    sid       = "WriteLogGroups"
    actions   = ["logs:CreateLogGroup", "logs:DeleteMetricFilter", "logs:DeleteRetentionPolicy", "logs:PutMetricFilter", "logs:PutRetentionPolicy"]
    resources = ["${local.regional.log_group}:*"]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "TagLogGroups"
    actions   = ["logs:TagResource", "logs:UntagResource"]
    resources = [local.regional.log_group]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  # What API Gateway asks of whoever turns on an access log; AWS has no narrower resource for it
  # (API Gateway Developer Guide, "Configure logging for HTTP APIs").
  statement {
    sid = "DeliverAccessLog"
    actions = [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "WriteAlarms"
    actions   = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"]
    resources = [local.regional.alarm]

    condition {
      test     = local.in_alarms_regions.test
      variable = local.in_alarms_regions.variable
      values   = local.in_alarms_regions.values
    }
  }

  # publisher, when a release, a rollback or a repair has ended.
  statement {
    sid       = "LogRuns"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${var.regions[0]}:${local.account}:log-group:/coldpress/${local.function}:*"]
  }

  statement {
    sid       = "WriteDashboard"
    actions   = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
    resources = [local.dashboard]
  }

  statement {
    sid       = "WriteTopic"
    actions   = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource"]
    resources = [local.regional.topic]

    condition {
      test     = local.in_alarms_regions.test
      variable = local.in_alarms_regions.variable
      values   = local.in_alarms_regions.values
    }
  }

  dynamic "statement" {
    for_each = var.domain_zone_id == null ? [] : [var.domain_zone_id]
    content {
      sid       = "WriteRecords"
      actions   = ["route53:ChangeResourceRecordSets"]
      resources = ["arn:${local.partition}:route53:::hostedzone/${statement.value}"]
    }
  }

  dynamic "statement" {
    for_each = var.domain_zone_id == null ? [] : [var.domain_zone_id]
    content {
      sid       = "ReadChanges"
      actions   = ["route53:GetChange"]
      resources = ["arn:${local.partition}:route53:::change/*"]
    }
  }

  dynamic "statement" {
    for_each = var.domain_zone_id == null ? [] : [var.domain_zone_id]
    content {
      sid       = "WriteCertificates"
      actions   = ["acm:AddTagsToCertificate", "acm:DeleteCertificate"]
      resources = [local.certificates]

      condition {
        test     = local.in_certificates_regions.test
        variable = local.in_certificates_regions.variable
        values   = local.in_certificates_regions.values
      }
    }
  }

  # A certificate that is not there yet has no ARN: AWS has no narrower resource, but a condition.
  dynamic "statement" {
    for_each = var.domain_zone_id == null ? [] : [var.domain_zone_id]
    content {
      sid       = "RequestCertificates"
      actions   = ["acm:RequestCertificate"]
      resources = ["*"]

      condition {
        test     = local.in_certificates_regions.test
        variable = local.in_certificates_regions.variable
        values   = local.in_certificates_regions.values
      }
    }
  }

  dynamic "statement" {
    for_each = var.cdn ? [true] : []
    content {
      sid = "WriteCdn"
      actions = [
        "cloudfront:DeleteCachePolicy",
        "cloudfront:DeleteDistribution",
        "cloudfront:DeleteFunction",
        "cloudfront:PublishFunction",
        "cloudfront:TagResource",
        "cloudfront:UpdateCachePolicy",
        "cloudfront:UpdateDistribution",
        "cloudfront:UpdateFunction",
      ]
      resources = ["arn:${local.partition}:cloudfront::${local.account}:cache-policy/*", "arn:${local.partition}:cloudfront::${local.account}:distribution/*", local.cdn_function]
    }
  }

  # publisher, when another release is live.
  dynamic "statement" {
    for_each = var.cdn ? [true] : []
    content {
      sid       = "EmptyCdn"
      actions   = ["cloudfront:CreateInvalidation"]
      resources = ["arn:${local.partition}:cloudfront::${local.account}:distribution/*"]
    }
  }

  # AWS has no narrower resource for what is not there yet.
  dynamic "statement" {
    for_each = var.cdn ? [true] : []
    content {
      sid       = "CreateCdn"
      actions   = ["cloudfront:CreateCachePolicy", "cloudfront:CreateDistribution", "cloudfront:CreateFunction"]
      resources = ["*"]
    }
  }
}
