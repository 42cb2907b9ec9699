output "version" {
  description = "The version that alias `live` points to."
  value       = tonumber(aws_lambda_alias.this.function_version)
}
