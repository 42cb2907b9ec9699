output "function_name" {
  description = "The function's name."
  value       = aws_lambda_function.this.function_name
}

output "candidate_version" {
  description = "The version that alias `candidate` points to."
  value       = tonumber(aws_lambda_alias.candidate.function_version)
}

output "release_id" {
  description = "The release that the function was made from."
  value       = var.release_id

  # A plan of this module alone keeps only outputs that come from its resources.
  depends_on = [aws_lambda_function.this]
}
