# What the roles that workflows take may do; what the role deploy may do beside reading is in permissions_deploy.tf. No role may
# make, change or pass on rights; the one iam action is handing the reader's own role to the reader. What AWS compares each
# resource with is in e2e/deploy/authorization.csv, with where that stands.

locals {
  state_arn     = "arn:${local.partition}:s3:::${local.state_bucket}"
  artifact_arns = [for name in values(local.artifact_buckets) : "arn:${local.partition}:s3:::${name}"]

  # Any region's bucket for releases, where a policy has no room for each one's name. The account is part of the name, and another
  # account's bucket would have to let these roles in.
  any_artifacts_arn = "arn:${local.partition}:s3:::${var.name}-artifacts-${local.account}-*"

  # Where the service is, as terraform/service writes it.
  service_record_arn = "arn:${local.partition}:s3:::${local.artifact_buckets[var.regions[0]]}/service.json"

  # Bytes named by a digest: the build's to write. What says that they are a release (the
  # record) and that it is live (the channel) is the deployment's, after its proofs.
  publish_prefixes = ["db", "readers", "attestations"]
  deploy_prefixes  = ["releases", "channels"]

  # Policies are short (below), too short for a line for each resource in each of many regions. So these ARNs are of any region,
  # and `in_regions` says in which ones they count.
  regional = {
    function  = "arn:${local.partition}:lambda:*:${local.account}:function:${local.function}"
    log_group = "arn:${local.partition}:logs:*:${local.account}:log-group:/*/${local.function}"
    alarms    = "arn:${local.partition}:cloudwatch:*:${local.account}:alarm:*"
    alarm     = "arn:${local.partition}:cloudwatch:*:${local.account}:alarm:${local.function}-*"
    topic     = "arn:${local.partition}:sns:*:${local.account}:${local.function}-alarms"
    apis      = "arn:${local.partition}:apigateway:*::/apis"
    api       = "arn:${local.partition}:apigateway:*::/apis/*"
    api_tags  = "arn:${local.partition}:apigateway:*::/tags/*"
    domains   = "arn:${local.partition}:apigateway:*::/domainnames"
    domain    = "arn:${local.partition}:apigateway:*::/domainnames/*"
  }
  in_regions = { test = "StringEquals", variable = "aws:RequestedRegion", values = var.regions }
  # CloudFront's certificate is in us-east-1, and its alarm with it.
  in_alarms_regions = merge(local.in_regions, { values = distinct(concat(var.regions, var.cdn ? ["us-east-1"] : [])) })

  # The CDN's function; a distribution and a cache policy have ids that AWS makes up.
  cdn_function = "arn:${local.partition}:cloudfront::${local.account}:function/${local.function}-accept"
  dashboard    = "arn:${local.partition}:cloudwatch::${local.account}:dashboard/${local.function}-*"

  has_domain = var.domain_zone_id != null || var.external_domain

  # A domain's certificates are made in each region and, for CloudFront, in us-east-1.
  certificates            = "arn:${local.partition}:acm:*:${local.account}:certificate/*"
  in_certificates_regions = merge(local.in_regions, { values = distinct(concat(var.regions, ["us-east-1"])) })
}

# Reading, for plans. The deploy role has the same: an apply reads first. It is a policy of its own that both have, since IAM takes
# 6,144 characters for such a policy and 10,240 for a role's inline ones ("IAM and AWS STS quotas").
data "aws_iam_policy_document" "read" {
  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = [for key in values(local.state_keys) : "${local.state_arn}/${key}"]
  }

  statement {
    sid       = "ListBuckets"
    actions   = ["s3:ListBucket"]
    resources = concat([local.state_arn], local.artifact_arns)
  }

  statement {
    sid       = "ReadReleases"
    actions   = ["s3:GetObject"]
    resources = [for arn in local.artifact_arns : "${arn}/*"]
  }

  statement {
    sid       = "ReadServiceRecordTags"
    actions   = ["s3:GetObjectTagging"]
    resources = [local.service_record_arn]
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
    resources = [local.regional.function, "${local.regional.function}:*"]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "ReadApi"
    actions   = ["apigateway:GET"]
    resources = concat([local.regional.api, local.regional.api_tags], local.has_domain ? [local.regional.domain] : [])

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "ReadLogGroups"
    actions   = ["logs:ListTagsForResource"]
    resources = [local.regional.log_group]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  statement {
    sid       = "ReadMetricFilters"
    actions   = ["logs:DescribeMetricFilters"]
    resources = ["${local.regional.log_group}:*"]

    condition {
      test     = local.in_regions.test
      variable = local.in_regions.variable
      values   = local.in_regions.values
    }
  }

  # CloudWatch compares with every alarm of the region, whichever is asked for.
  statement {
    sid       = "ReadAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = [local.regional.alarms]

    condition {
      test     = local.in_alarms_regions.test
      variable = local.in_alarms_regions.variable
      values   = local.in_alarms_regions.values
    }
  }

  statement {
    sid       = "ReadAlarmTags"
    actions   = ["cloudwatch:ListTagsForResource"]
    resources = [local.regional.alarm]

    condition {
      test     = local.in_alarms_regions.test
      variable = local.in_alarms_regions.variable
      values   = local.in_alarms_regions.values
    }
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
    resources = [local.regional.topic]

    condition {
      test     = local.in_alarms_regions.test
      variable = local.in_alarms_regions.variable
      values   = local.in_alarms_regions.values
    }
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
      resources = [local.certificates]

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
      sid       = "ReadCdn"
      actions   = ["cloudfront:DescribeFunction", "cloudfront:GetCachePolicy", "cloudfront:GetDistribution", "cloudfront:GetFunction", "cloudfront:ListTagsForResource"]
      resources = ["arn:${local.partition}:cloudfront::${local.account}:cache-policy/*", "arn:${local.partition}:cloudfront::${local.account}:distribution/*", local.cdn_function]
    }
  }
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
    resources = [for arn in local.artifact_arns : "${arn}/*"]
  }

  # Without it S3 answers 403 for an object that is not there, instead of 404.
  statement {
    sid       = "ListArtifacts"
    actions   = ["s3:ListBucket"]
    resources = local.artifact_arns
  }
}
