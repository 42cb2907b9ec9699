# CloudFront before the API, where asked for.

# The key is what the reader's Vary names, with Accept in its canonical form (accept.js); how long an answer is kept is
# what its Cache-Control says, between nothing and a year; publisher empties the cache when another release is live.
# Accept-Encoding is CloudFront's own business: it asks the origin for gzip and br and keeps both. Range is too: CloudFront
# takes it for one of bytes and passes it on, so the reader keeps answers that it shaped out of shared caches.
# Want-Repr-Digest is not passed on: it is a wish, and as a part of the key it would have every answer kept twice.
resource "aws_cloudfront_cache_policy" "this" {
  count = var.cdn ? 1 : 0

  name        = "${var.name}-reader"
  comment     = "As the reader's Vary and Cache-Control ask"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = true
    enable_accept_encoding_brotli = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "whitelist"

      # Origin: API Gateway answers with CORS headers only where a request has one.
      headers {
        items = ["Accept", "Origin", "Prefer"]
      }
    }

    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

resource "aws_cloudfront_function" "accept" {
  count = var.cdn ? 1 : 0

  name    = "${local.function}-accept"
  comment = "One Accept for each form of an answer"
  runtime = "cloudfront-js-2.0"
  code    = file("${path.module}/accept.js")
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68:public read-only data; throttling and the concurrency ceiling bound the cost, and a WAF would be the largest item of the bill
  #checkov:skip=CKV2_AWS_47:public read-only data, no WAF (see CKV_AWS_68)
  #checkov:skip=CKV_AWS_86:the API's access log and the metrics say who failed; a log of cache hits would cost more than the service
  #checkov:skip=CKV_AWS_305:GET / is the reader's own start page
  #checkov:skip=CKV_AWS_374:public data has no borders
  #checkov:skip=CKV_AWS_310:with two regions there is a group of two origins (below; checkov does not see what is dynamic), with one there is nothing to fail over to
  #checkov:skip=CKV2_AWS_32:headers are the reader's; JSON and CSV have nothing to frame or sniff
  count = var.cdn ? 1 : 0

  enabled         = true
  comment         = "${var.name}: the read API"
  http_version    = "http2and3"
  is_ipv6_enabled = true
  price_class     = "PriceClass_100"
  aliases         = var.domain == null ? [] : [var.domain.name]

  dynamic "origin" {
    for_each = var.regions
    content {
      origin_id   = origin.value
      domain_name = trimprefix(module.api[origin.value].api_endpoint, "https://")

      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
      }
    }
  }

  # CloudFront knows groups of two: further regions serve by their own names alone.
  dynamic "origin_group" {
    for_each = length(var.regions) > 1 ? [true] : []
    content {
      origin_id = "regions"

      failover_criteria {
        status_codes = [500, 502, 503, 504]
      }

      member {
        origin_id = var.regions[0]
      }

      member {
        origin_id = var.regions[1]
      }
    }
  }

  default_cache_behavior {
    target_origin_id       = length(var.regions) > 1 ? "regions" : var.regions[0]
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = aws_cloudfront_cache_policy.this[0].id
    compress               = false

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.accept[0].arn
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.domain == null ? true : null
    acm_certificate_arn            = var.domain == null ? null : local.certificate_arns["us-east-1"]
    ssl_support_method             = var.domain == null ? null : "sni-only"
    minimum_protocol_version       = var.domain == null ? "TLSv1" : "TLSv1.2_2021"
  }
}

resource "aws_route53_record" "cdn" {
  for_each = toset(var.cdn && local.zone_id != null ? ["A", "AAAA"] : [])

  zone_id = local.zone_id
  name    = var.domain.name
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.this[0].domain_name
    zone_id                = aws_cloudfront_distribution.this[0].hosted_zone_id
    evaluate_target_health = false
  }
}
