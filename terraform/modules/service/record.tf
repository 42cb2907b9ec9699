# service.json beside the releases: where the service is, for releases, which read no state but their own.

locals {
  api_urls = { for region, api in module.api : region => api.api_endpoint }
  url = (
    var.domain != null ? "https://${var.domain.name}" :
    var.cdn ? "https://${aws_cloudfront_distribution.this[0].domain_name}" :
    local.api_urls[var.regions[0]]
  )

  record = jsonencode({
    format          = 1
    api_urls        = local.api_urls
    url             = local.url
    distribution_id = one(aws_cloudfront_distribution.this[*].id)
  })
}

resource "aws_s3_object" "record" {
  region       = var.regions[0]
  bucket       = var.artifact_buckets[var.regions[0]]
  key          = "service.json"
  content      = local.record
  content_type = "application/json"

  # The provider compares no content: an object that somebody changed is known by its tag.
  etag = md5(local.record)
}
