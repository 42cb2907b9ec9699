"""A CDN's function: published with each change, and a distribution takes only what is published."""

import pytest

CDN = """
resource "aws_cloudfront_function" "f" {
  name    = "%(name)s"
  runtime = "%(runtime)s"
  code    = "%(code)s"
  publish = %(publish)s
}
resource "aws_cloudfront_cache_policy" "p" {
  name = "of-%(name)s"
  parameters_in_cache_key_and_forwarded_to_origin {
    cookies_config { cookie_behavior = "none" }
    headers_config { header_behavior = "none" }
    query_strings_config { query_string_behavior = "all" }
  }
}
resource "aws_cloudfront_distribution" "d" {
  enabled = true
  origin {
    origin_id   = "o"
    domain_name = "example.org"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "o"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = aws_cloudfront_cache_policy.p.id
    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.f.arn
    }
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
}
"""
FUNCTION = {"name": "first", "runtime": "cloudfront-js-2.0", "code": "one", "publish": "true"}


@pytest.fixture
def code(aws):
    """What CloudFront has of a function."""
    return lambda name: aws("cloudfront").get_function(Name=name)["FunctionCode"].read().decode()


def test_a_function_is_published_with_each_change(terraform, code):
    terraform.write(CDN % FUNCTION).init()
    terraform.apply().ok()
    terraform.assert_plan_empty()
    first = terraform.state("aws_cloudfront_function.f")
    assert code("first") == "one" and first["live_stage_etag"] == first["etag"]
    terraform.write(CDN % {**FUNCTION, "code": "two"})
    assert terraform.plan() == {"aws_cloudfront_function.f": ["update"]}
    terraform.apply("plan.bin").ok()
    terraform.assert_plan_empty()
    second = terraform.state("aws_cloudfront_function.f")
    assert code("first") == "two" and second["live_stage_etag"] == second["etag"] != first["etag"]
    terraform.write(CDN % {**FUNCTION, "name": "second"})
    assert terraform.plan()["aws_cloudfront_function.f"] == ["delete", "create"]
    terraform("destroy", "-auto-approve").ok()


def test_a_distribution_takes_a_published_function(terraform, code):
    terraform.write(CDN % {**FUNCTION, "name": "draft", "publish": "false"}).init()
    assert "InvalidFunctionAssociation" in terraform.apply().text
    assert code("draft") == "one"
    terraform("destroy", "-auto-approve").ok()


@pytest.mark.parametrize(
    "refused, message",
    [({"runtime": "cloudfront-js-3.0"}, "expected runtime to be one of"), ({"name": "long", "code": "x" * 10_241}, "FunctionSizeLimitExceeded")],
)
def test_what_is_refused(terraform, refused, message):
    terraform.write(CDN % {**FUNCTION, **refused}).init()
    assert message in terraform.apply().text
    terraform("destroy", "-auto-approve")
