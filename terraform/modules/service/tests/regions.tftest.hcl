# Several regions, a domain, a CDN: what is made where.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  regions           = ["eu-central-1", "ap-southeast-2"]
  artifact_buckets  = { eu-central-1 = "artifacts-eu", ap-southeast-2 = "artifacts-ap" }
  function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
}

run "two_regions" {
  command = plan

  assert {
    condition     = toset(keys(module.api)) == toset(["eu-central-1", "ap-southeast-2"])
    error_message = "an API in each region"
  }

  assert {
    condition     = length(aws_acm_certificate.this) + length(aws_cloudfront_distribution.this) + length(aws_route53_record.proof) == 0
    error_message = "no domain, no CDN"
  }
}

run "module_in_its_region" {
  command = plan

  module {
    source = "../api"
  }

  variables {
    name               = "coldpress-reader"
    region             = "ap-southeast-2"
    live_invoke_arn    = "arn:aws:apigateway:ap-southeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-southeast-2:111122223333:function:coldpress-reader:live/invocations"
    log_retention_days = 7
    throttle           = { rate = 1, burst = 1 }
    cors_origins       = ["https://example.org"]
    alarms             = { email = "ops@example.org", p99_ms = 100, concurrency = 8 }
    domain = {
      name            = "data.example.org"
      zone_id         = "Z1"
      certificate_arn = "arn:aws:acm:ap-southeast-2:111122223333:certificate/1"
    }
  }

  assert {
    condition = alltrue([
      for region in concat(
        [
          aws_apigatewayv2_api.this.region, aws_apigatewayv2_stage.default.region,
          aws_apigatewayv2_integration.live.region, aws_apigatewayv2_route.live.region,
          aws_apigatewayv2_domain_name.this[0].region, aws_apigatewayv2_api_mapping.this[0].region,
          aws_cloudwatch_log_group.function.region, aws_cloudwatch_log_group.access.region, aws_sns_topic.alarms.region,
          aws_sns_topic_subscription.email[0].region, aws_cloudwatch_dashboard.this.region,
          aws_cloudwatch_log_metric_filter.throttled.region,
        ],
        [for alarm in aws_cloudwatch_metric_alarm.this : alarm.region],
      ) : region == "ap-southeast-2"
    ])
    error_message = "everything of an API lies in its region, not in the provider's"
  }

  assert {
    condition     = aws_route53_record.this[0].latency_routing_policy[0].region == "ap-southeast-2" && aws_route53_record.this[0].set_identifier == "ap-southeast-2"
    error_message = "Route 53 sends clients to the nearest region"
  }
}

run "domain" {
  command = plan

  variables {
    domain = { name = "data.example.org", zone_id = "Z0123456789" }
  }

  assert {
    condition     = { for key, certificate in aws_acm_certificate.this : key => certificate.region } == { eu-central-1 = "eu-central-1", ap-southeast-2 = "ap-southeast-2" }
    error_message = "API Gateway takes a certificate from its own region"
  }

  assert {
    condition     = output.url == "https://data.example.org"
    error_message = "the domain is where the data is read"
  }

  assert {
    condition     = { for key, alarm in aws_cloudwatch_metric_alarm.certificate : key => [alarm.region, alarm.threshold] } == { eu-central-1 = ["eu-central-1", 30], ap-southeast-2 = ["ap-southeast-2", 30] } && length(aws_sns_topic.certificate) == 0
    error_message = "each region's certificate has its alarm, which speaks to the region's topic"
  }
}

run "cdn" {
  command = plan

  variables {
    cdn    = true
    alarms = { email = "ops@example.org" }
    domain = { name = "data.example.org", zone_id = "Z0123456789" }
  }

  assert {
    condition     = [for certificate in aws_acm_certificate.this : certificate.region] == ["us-east-1"]
    error_message = "CloudFront takes a certificate from us-east-1"
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].default_cache_behavior[0].target_origin_id == "regions" && [for member in one(aws_cloudfront_distribution.this[0].origin_group).member : member.origin_id] == ["eu-central-1", "ap-southeast-2"]
    error_message = "the second region stands in for the first"
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && aws_cloudfront_distribution.this[0].aliases == toset(["data.example.org"])
    error_message = "the domain is the CDN's"
  }

  assert {
    condition = (
      aws_cloudfront_cache_policy.this[0].min_ttl == 0 && aws_cloudfront_cache_policy.this[0].default_ttl == 0 &&
      aws_cloudfront_cache_policy.this[0].parameters_in_cache_key_and_forwarded_to_origin[0].query_strings_config[0].query_string_behavior == "all" &&
      aws_cloudfront_cache_policy.this[0].parameters_in_cache_key_and_forwarded_to_origin[0].headers_config[0].headers[0].items == toset(["Accept", "Origin", "Prefer"])
    )
    error_message = "an answer is kept as long as its Cache-Control says, by query and by what Vary names"
  }

  assert {
    condition = (
      [for association in aws_cloudfront_distribution.this[0].default_cache_behavior[0].function_association : association.event_type] == ["viewer-request"] &&
      aws_cloudfront_function.accept[0].name == "coldpress-reader-accept" && aws_cloudfront_function.accept[0].publish &&
      length(aws_cloudfront_function.accept[0].code) < 10240
    )
    error_message = "Accept is canonical before it is part of the key, by a function of at most 10 KB"
  }

  assert {
    condition = (
      keys(aws_cloudwatch_metric_alarm.certificate) == ["us-east-1"] && { for key, topic in aws_sns_topic.certificate : key => [topic.region, topic.name] } == { us-east-1 = ["us-east-1", "coldpress-reader-alarms"] } &&
      [for subscription in aws_sns_topic_subscription.certificate : subscription.region] == ["us-east-1"]
    )
    error_message = "the certificate's alarm is where it is, with a topic of its own where no API is"
  }

  assert {
    condition     = toset(keys(aws_route53_record.cdn)) == toset(["A", "AAAA"])
    error_message = "over both IP versions"
  }
}

run "external_domain" {
  command = plan

  variables {
    regions = ["eu-central-1"]
    domain  = { name = "data.example.org", certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
  }

  assert {
    condition     = length(aws_acm_certificate.this) + length(aws_route53_record.proof) == 0
    error_message = "nothing is made in Route 53, and no certificate that it would have to prove"
  }

  assert {
    condition     = output.url == "https://data.example.org" && [for record in output.dns_records : "${record.name} ${record.type}"] == ["data.example.org CNAME"]
    error_message = "the record is said"
  }
}

run "external_domain_and_cdn" {
  command = plan

  variables {
    cdn    = true
    domain = { name = "data.example.org", certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].viewer_certificate[0].acm_certificate_arn == "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" && aws_cloudfront_distribution.this[0].aliases == toset(["data.example.org"])
    error_message = "the domain and its certificate are the CDN's"
  }

  assert {
    condition     = length(aws_route53_record.cdn) == 0 && [for record in output.dns_records : "${record.name} ${record.type}"] == ["data.example.org CNAME"]
    error_message = "the record is said, and not made"
  }
}

run "no_records_with_route53" {
  command = plan

  variables {
    domain = { name = "data.example.org", zone_id = "Z0123456789" }
  }

  assert {
    condition     = length(output.dns_records) == 0
    error_message = "Route 53's records are made"
  }
}
