output "root_variables" {
  description = "What the root module takes from here; write it to a file: terraform -chdir=terraform/bootstrap output -json root_variables > terraform/bootstrap.auto.tfvars.json"
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
  description = "The root module's state: terraform -chdir=terraform init -backend-config=KEY=VALUE, once for each."
  value = {
    bucket = aws_s3_bucket.this["state"].bucket
    key    = local.state_key
    region = var.regions[0]
  }
}

output "role_arns" {
  description = "The roles that workflows take, by what they do."
  value       = { for role, resource in aws_iam_role.ci : role => resource.arn }
}
