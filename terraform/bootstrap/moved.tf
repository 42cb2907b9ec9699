# Before 0.1.0 this root was the module itself: states of that time keep what they have.

moved {
  from = aws_s3_bucket.this
  to   = module.bootstrap.aws_s3_bucket.this
}

moved {
  from = aws_s3_bucket_versioning.this
  to   = module.bootstrap.aws_s3_bucket_versioning.this
}

moved {
  from = aws_s3_bucket_server_side_encryption_configuration.this
  to   = module.bootstrap.aws_s3_bucket_server_side_encryption_configuration.this
}

moved {
  from = aws_s3_bucket_public_access_block.this
  to   = module.bootstrap.aws_s3_bucket_public_access_block.this
}

moved {
  from = aws_s3_bucket_ownership_controls.this
  to   = module.bootstrap.aws_s3_bucket_ownership_controls.this
}

moved {
  from = aws_s3_bucket_lifecycle_configuration.this
  to   = module.bootstrap.aws_s3_bucket_lifecycle_configuration.this
}

moved {
  from = aws_s3_bucket_policy.this
  to   = module.bootstrap.aws_s3_bucket_policy.this
}

moved {
  from = aws_budgets_budget.month
  to   = module.bootstrap.aws_budgets_budget.month
}

moved {
  from = aws_iam_openid_connect_provider.github
  to   = module.bootstrap.aws_iam_openid_connect_provider.github
}

moved {
  from = aws_iam_role.ci
  to   = module.bootstrap.aws_iam_role.ci
}

moved {
  from = aws_iam_policy.read
  to   = module.bootstrap.aws_iam_policy.read
}

moved {
  from = aws_iam_role_policy_attachment.read
  to   = module.bootstrap.aws_iam_role_policy_attachment.read
}

moved {
  from = aws_iam_role_policy.ci
  to   = module.bootstrap.aws_iam_role_policy.ci
}

moved {
  from = aws_iam_role.function
  to   = module.bootstrap.aws_iam_role.function
}

moved {
  from = aws_iam_role_policy.function
  to   = module.bootstrap.aws_iam_role_policy.function
}
