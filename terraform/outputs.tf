# For people.

output "url" {
  description = "Where the data is read: the domain, else the CDN, else the first region's API. Without a slash at the end."
  value = (
    var.domain != null ? "https://${var.domain.name}" :
    var.cdn ? "https://${aws_cloudfront_distribution.this[0].domain_name}" :
    module.reader[var.regions[0]].api_endpoint
  )
}

output "dashboard_urls" {
  description = "The CloudWatch dashboards, by region."
  value       = { for region, reader in module.reader : region => reader.dashboard_url }
}

output "alarm_topic_arns" {
  description = "The SNS topics that alarms speak to, by region; subscribe there."
  value       = { for region, reader in module.reader : region => reader.alarm_topic_arn }
}

output "log_groups" {
  description = "The names of the function's log group and of the API's, the same in every region."
  value = {
    function = module.reader[var.regions[0]].function_log_group
    api      = module.reader[var.regions[0]].api_log_group
  }
}

# For builder and workflows (`terraform output -json`).

output "release_id" {
  description = "The release that candidate_version was made from."
  value       = var.release.id
}

output "function_name" {
  description = "The function's name, the same in every region."
  value       = "${var.name}-reader"
}

output "candidate_version" {
  description = "The version that alias `candidate` points to, the newest, by region: numbers."
  value       = { for region, reader in module.reader : region => reader.candidate_version }
}

output "live_version" {
  description = "The version that alias `live` points to, by region: numbers. A region where nothing is live is not in it."
  value       = { for region, reader in module.reader : region => reader.live_version if reader.live_version != null }
}

output "api_ids" {
  description = "The HTTP APIs' ids, by region."
  value       = { for region, reader in module.reader : region => reader.api_id }
}

output "api_urls" {
  description = "Each region's own address, past CDN and domain: what a verification asks. Without a slash at the end."
  value       = { for region, reader in module.reader : region => reader.api_endpoint }
}

output "distribution_id" {
  description = "The CloudFront distribution, or null without one."
  value       = one(aws_cloudfront_distribution.this[*].id)
}
