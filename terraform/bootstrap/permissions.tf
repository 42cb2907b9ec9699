# What each of the three roles may do. No role may make, change or pass on rights; the one iam
# action is handing the reader's own role to the reader. What AWS compares each resource with is
# in e2e/deploy/authorization.csv, with where that stands.

locals {
  state_arn     = "arn:${local.partition}:s3:::${local.state_bucket}"
  artifact_arns = [for name in values(local.artifact_buckets) : "arn:${local.partition}:s3:::${name}"]

  # Bytes named by their digest: the build's to write. What says that they are a release (the
  # record) and that it is live (the channel) is the deployment's, after its proofs.
  publish_prefixes = ["db", "readers"]
  deploy_prefixes  = ["releases", "channels"]

  # ARNs in every region, as patterns of one region's.
  regional = {
    function  = [for r in var.regions : "arn:${local.partition}:lambda:${r}:${local.account}:function:${local.function}"]
    log_group = [for r in var.regions : "arn:${local.partition}:logs:${r}:${local.account}:log-group:/aws/*/${local.function}"]
    alarms    = [for r in var.regions : "arn:${local.partition}:cloudwatch:${r}:${local.account}:alarm:*"]
    alarm     = [for r in var.regions : "arn:${local.partition}:cloudwatch:${r}:${local.account}:alarm:${local.function}-*"]
    topic     = [for r in var.regions : "arn:${local.partition}:sns:${r}:${local.account}:${local.function}-alarms"]
    apis      = [for r in var.regions : "arn:${local.partition}:apigateway:${r}::/apis"]
    api       = [for r in var.regions : "arn:${local.partition}:apigateway:${r}::/apis/*"]
    api_tags  = [for r in var.regions : "arn:${local.partition}:apigateway:${r}::/tags/*"]
    domains   = [for r in var.regions : "arn:${local.partition}:apigateway:${r}::/domainnames"]
    domain    = [for r in var.regions : "arn:${local.partition}:apigateway:${r}::/domainnames/*"]
  }
  dashboard = "arn:${local.partition}:cloudwatch::${local.account}:dashboard/${local.function}-*"

  # A domain's certificates are made in each region and, for CloudFront, in us-east-1.
  certificates = [for r in distinct(concat(var.regions, ["us-east-1"])) : "arn:${local.partition}:acm:${r}:${local.account}:certificate/*"]
}

# Reading, for plans. The deploy role has the same: an apply reads first.
data "aws_iam_policy_document" "read" {
  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = ["${local.state_arn}/${local.state_key}"]
  }

  statement {
    sid       = "ListBuckets"
    actions   = ["s3:ListBucket"]
    resources = concat([local.state_arn], local.artifact_arns)
  }

  statement {
    sid       = "ReadReleases"
    actions   = ["s3:GetObject"]
    resources = flatten([for arn in local.artifact_arns : [for prefix in concat(local.publish_prefixes, local.deploy_prefixes) : "${arn}/${prefix}/*"]])
  }

  statement {
    sid = "ReadFunction"
    actions = [
      "lambda:GetAlias",
      "lambda:GetFunction",
      "lambda:GetFunctionCodeSigningConfig",
      "lambda:GetFunctionConfiguration",
      "lambda:GetPolicy",
      "lambda:ListAliases",
      "lambda:ListTags",
      "lambda:ListVersionsByFunction",
    ]
    resources = concat(local.regional.function, [for arn in local.regional.function : "${arn}:*"])
  }

  statement {
    sid       = "ReadApi"
    actions   = ["apigateway:GET"]
    resources = concat(local.regional.api, local.regional.api_tags, var.domain_zone_id == null ? [] : local.regional.domain)
  }

  statement {
    sid       = "ReadLogGroups"
    actions   = ["logs:ListTagsForResource"]
    resources = local.regional.log_group
  }

  # CloudWatch compares with every alarm of the region, whichever is asked for.
  statement {
    sid       = "ReadAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = local.regional.alarms
  }

  statement {
    sid       = "ReadAlarmTags"
    actions   = ["cloudwatch:ListTagsForResource"]
    resources = local.regional.alarm
  }

  statement {
    sid       = "ReadDashboard"
    actions   = ["cloudwatch:GetDashboard"]
    resources = [local.dashboard]
  }

  # A subscription is authorised by its topic's ARN.
  statement {
    sid       = "ReadTopic"
    actions   = ["sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:GetSubscriptionAttributes"]
    resources = local.regional.topic
  }

  # AWS has no narrower resource for these.
  statement {
    sid       = "ReadLists"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.domain_zone_id == null ? [] : [var.domain_zone_id]
    content {
      sid       = "ReadZone"
      actions   = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
      resources = ["arn:${local.partition}:route53:::hostedzone/${statement.value}"]
    }
  }

  dynamic "statement" {
    for_each = var.domain_zone_id == null ? [] : [var.domain_zone_id]
    content {
      sid       = "ReadCertificates"
      actions   = ["acm:DescribeCertificate", "acm:ListTagsForCertificate"]
      resources = local.certificates
    }
  }

  dynamic "statement" {
    for_each = var.cdn ? [true] : []
    content {
      sid       = "ReadCdn"
      actions   = ["cloudfront:GetCachePolicy", "cloudfront:GetDistribution", "cloudfront:ListTagsForResource"]
      resources = ["arn:${local.partition}:cloudfront::${local.account}:cache-policy/*", "arn:${local.partition}:cloudfront::${local.account}:distribution/*"]
    }
  }
}

data "aws_iam_policy_document" "plan" {
  source_policy_documents = [data.aws_iam_policy_document.read.json]
}

data "aws_iam_policy_document" "publish" {
  statement {
    sid       = "PutArtifacts"
    actions   = ["s3:PutObject", "s3:AbortMultipartUpload"]
    resources = flatten([for arn in local.artifact_arns : [for prefix in local.publish_prefixes : "${arn}/${prefix}/*"]])
  }

  # To see that what is there already is the same.
  statement {
    sid       = "ReadArtifacts"
    actions   = ["s3:GetObject"]
    resources = flatten([for arn in local.artifact_arns : [for prefix in concat(local.publish_prefixes, local.deploy_prefixes) : "${arn}/${prefix}/*"]])
  }

  # Without it S3 answers 403 for an object that is not there, instead of 404.
  statement {
    sid       = "ListArtifacts"
    actions   = ["s3:ListBucket"]
    resources = local.artifact_arns
  }
}

data "aws_iam_policy_document" "deploy" {
  source_policy_documents = [data.aws_iam_policy_document.read.json]

  statement {
    sid       = "WriteState"
    actions   = ["s3:PutObject"]
    resources = ["${local.state_arn}/${local.state_key}"]
  }

  statement {
    sid       = "LockState"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${local.state_arn}/${local.state_key}.tflock"]
  }

  statement {
    sid       = "RecordReleases"
    actions   = ["s3:PutObject"]
    resources = flatten([for arn in local.artifact_arns : [for prefix in local.deploy_prefixes : "${arn}/${prefix}/*"]])
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
    resources = local.regional.function
  }

  statement {
    sid       = "WriteAliases"
    actions   = ["lambda:AddPermission", "lambda:RemovePermission"]
    resources = [for arn in local.regional.function : "${arn}:live"]
  }

  # Aliases are authorised by the function's ARN.
  statement {
    sid       = "MoveAliases"
    actions   = ["lambda:UpdateAlias"]
    resources = local.regional.function
  }

  statement {
    sid       = "InvokeVersions"
    actions   = ["lambda:InvokeFunction"]
    resources = [for arn in local.regional.function : "${arn}:*"]
  }

  statement {
    sid       = "PruneVersions"
    actions   = ["lambda:DeleteFunction"]
    resources = [for arn in local.regional.function : "${arn}:*"]
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
    resources = concat(local.regional.apis, local.regional.api, local.regional.api_tags, var.domain_zone_id == null ? [] : concat(local.regional.domains, local.regional.domain))
  }

  # CloudWatch Logs compares with an ARN that goes on after the group's name, but where it is about tags.
  statement {
    sid       = "WriteLogGroups"
    actions   = ["logs:CreateLogGroup", "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy"]
    resources = [for arn in local.regional.log_group : "${arn}:*"]
  }

  statement {
    sid       = "TagLogGroups"
    actions   = ["logs:TagResource", "logs:UntagResource"]
    resources = local.regional.log_group
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
    resources = local.regional.alarm
  }

  statement {
    sid       = "WriteDashboard"
    actions   = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
    resources = [local.dashboard]
  }

  statement {
    sid       = "WriteTopic"
    actions   = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource"]
    resources = local.regional.topic
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
      resources = local.certificates
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
        test     = "StringEquals"
        variable = "aws:RequestedRegion"
        values   = distinct(concat(var.regions, ["us-east-1"]))
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
        "cloudfront:TagResource",
        "cloudfront:UpdateCachePolicy",
        "cloudfront:UpdateDistribution",
      ]
      resources = ["arn:${local.partition}:cloudfront::${local.account}:cache-policy/*", "arn:${local.partition}:cloudfront::${local.account}:distribution/*"]
    }
  }

  # AWS has no narrower resource for what is not there yet.
  dynamic "statement" {
    for_each = var.cdn ? [true] : []
    content {
      sid       = "CreateCdn"
      actions   = ["cloudfront:CreateCachePolicy", "cloudfront:CreateDistribution"]
      resources = ["*"]
    }
  }
}
