output "root_variables" {
  description = "What the roots release and service take from here; `publisher init` writes it to bootstrap.auto.tfvars.json in each."
  value = {
    name              = var.name
    regions           = var.regions
    artifact_buckets  = local.artifact_buckets
    function_role_arn = aws_iam_role.function.arn
  }

  # Whoever reads this may use the buckets: they are as they should be.
  depends_on = [aws_s3_bucket_policy.this]
}

output "backend" {
  description = "Where the roots' states are: bucket, region, and by root the key; `publisher init` passes them to `terraform init`."
  value = {
    bucket = aws_s3_bucket.this["state"].bucket
    region = var.regions[0]
    keys   = local.state_keys
  }
}

output "role_arns" {
  description = "The roles that workflows take, by what they do."
  value       = { for role, resource in aws_iam_role.ci : role => resource.arn }
}
