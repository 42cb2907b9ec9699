# The optional domain's certificates: one in each region, or the one in us-east-1 that CloudFront asks for. For a domain
# outside of Route 53, which only its owner can prove, the certificate is given.

locals {
  zone_id             = try(var.domain.zone_id, null)
  certificate_regions = toset(local.zone_id == null ? [] : var.cdn ? ["us-east-1"] : var.regions)

  certificate_arns = local.zone_id != null ? {
    for region, validation in aws_acm_certificate_validation.this : region => validation.certificate_arn
  } : { for arn in compact([try(var.domain.certificate_arn, null)]) : split(":", arn)[3] => arn }
}

resource "aws_acm_certificate" "this" {
  for_each = local.certificate_regions

  region            = each.key
  domain_name       = var.domain.name
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# ACM asks one account for the same record in every region, so the first certificate's proof is everybody's.
resource "aws_route53_record" "proof" {
  count = local.zone_id == null ? 0 : 1

  zone_id         = local.zone_id
  name            = one(aws_acm_certificate.this[sort(local.certificate_regions)[0]].domain_validation_options).resource_record_name
  type            = one(aws_acm_certificate.this[sort(local.certificate_regions)[0]].domain_validation_options).resource_record_type
  records         = [one(aws_acm_certificate.this[sort(local.certificate_regions)[0]].domain_validation_options).resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  for_each = local.certificate_regions

  region          = each.key
  certificate_arn = aws_acm_certificate.this[each.key].arn

  depends_on = [aws_route53_record.proof]
}
