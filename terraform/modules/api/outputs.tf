output "api_id" {
  description = "The HTTP API's id."
  value       = aws_apigatewayv2_api.this.id
}

output "api_endpoint" {
  description = "The HTTP API's own address, without a slash at the end."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "domain_target" {
  description = "What a record of the domain points to; null without a domain."
  value       = one(aws_apigatewayv2_domain_name.this[*].domain_name_configuration[0].target_domain_name)
}

output "alarm_topic_arn" {
  description = "The topic that alarms speak to."
  value       = aws_sns_topic.alarms.arn
}

output "function_log_group" {
  description = "The name of the function's log group."
  value       = aws_cloudwatch_log_group.function.name
}

output "api_log_group" {
  description = "The name of the API's log group."
  value       = aws_cloudwatch_log_group.access.name
}

output "dashboard_url" {
  description = "Where the dashboard is looked at."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${aws_cloudwatch_dashboard.this.dashboard_name}"
}
