# The state bucket, and in each region a bucket for releases: Lambda takes a package only from its own region.
#
#   db/<sha256>.db              a release's database          written once, deleted by `publisher prune`
#   readers/<sha256>.zip        a release's Lambda package    likewise
#   releases/<id>.json          a release's record            likewise
#   attestations/<sha256>.json  a manifest's attestation      likewise, in the first region
#   channels/live.json          which release is live         moved by compare-and-swap
#   service.json                where the service is          written by terraform/service, in the first region

locals {
  # What carries its digest in its name, by its prefix.
  write_once = ["db", "readers", "releases", "attestations"]

  # Resources of one kind for all buckets. AWS refuses to delete a bucket that holds anything
  # (force_destroy is off), so a mistaken destroy loses neither state nor releases.
  buckets = merge(
    { state = { name = local.state_bucket, region = var.regions[0] } },
    { for region, name in local.artifact_buckets : "artifacts-${region}" => { name = name, region = region } },
  )
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:every write is a CI run with its own record; access logs would need a further bucket that nobody reads
  #checkov:skip=CKV_AWS_144:each serving region has a bucket of its own, to which the publisher writes
  #checkov:skip=CKV_AWS_145:the data is public in the end; a customer key adds a cost and a way to lock oneself out (SSE-S3 is on)
  #checkov:skip=CKV2_AWS_62:nothing listens: a release goes live by an apply, not by an event
  for_each = local.buckets

  region = each.value.region
  bucket = each.value.name
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets

  region = each.value.region
  bucket = aws_s3_bucket.this[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets

  region = each.value.region
  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  region                  = each.value.region
  bucket                  = aws_s3_bucket.this[each.key].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  region = each.value.region
  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.buckets

  region = each.value.region
  bucket = aws_s3_bucket.this[each.key].bucket

  # Current objects never expire: which releases can be gone back to, the channel says (`publisher prune`).
  rule {
    id     = "left-over-parts"
    status = "Enabled"

    filter {
      prefix = ""
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }

  # States and channels of the last quarter stay to be looked at.
  dynamic "rule" {
    for_each = each.key == "state" ? { old-versions = "" } : { old-channels = "channels/", old-service-records = "service.json" }
    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = rule.value
      }

      noncurrent_version_expiration {
        noncurrent_days           = 90
        newer_noncurrent_versions = 20
      }
    }
  }

  # What is written once has an old version only where it was deleted: until it goes, a person can bring it back.
  dynamic "rule" {
    for_each = each.key == "state" ? {} : { for prefix in local.write_once : "deleted-${prefix}" => "${prefix}/" }
    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = rule.value
      }

      noncurrent_version_expiration {
        noncurrent_days = 30
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

data "aws_iam_policy_document" "bucket" {
  for_each = local.buckets

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:${local.partition}:s3:::${each.value.name}", "arn:${local.partition}:s3:::${each.value.name}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  # What carries its digest in its name is never written over, whoever asks: a put must say
  # If-None-Match. The parts of a multipart upload can't say so; its completion does
  # (S3 User Guide, "Enforce conditional writes").
  dynamic "statement" {
    for_each = each.key == "state" ? [] : local.write_once
    content {
      sid       = "WriteOnce${title(statement.value)}"
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["arn:${local.partition}:s3:::${each.value.name}/${statement.value}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Null"
        variable = "s3:if-none-match"
        values   = ["true"]
      }

      condition {
        test     = "Bool"
        variable = "s3:ObjectCreationOperation"
        values   = ["true"]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  region = each.value.region
  bucket = aws_s3_bucket.this[each.key].bucket
  policy = data.aws_iam_policy_document.bucket[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.this]
}
