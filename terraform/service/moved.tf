# Before 0.1.0 this root was the module itself: states of that time keep what they have.

moved {
  from = module.api
  to   = module.service.module.api
}

moved {
  from = aws_cloudfront_cache_policy.this
  to   = module.service.aws_cloudfront_cache_policy.this
}

moved {
  from = aws_cloudfront_distribution.this
  to   = module.service.aws_cloudfront_distribution.this
}

moved {
  from = aws_route53_record.cdn
  to   = module.service.aws_route53_record.cdn
}

moved {
  from = aws_acm_certificate.this
  to   = module.service.aws_acm_certificate.this
}

moved {
  from = aws_route53_record.proof
  to   = module.service.aws_route53_record.proof
}

moved {
  from = aws_acm_certificate_validation.this
  to   = module.service.aws_acm_certificate_validation.this
}

moved {
  from = aws_s3_object.record
  to   = module.service.aws_s3_object.record
}
