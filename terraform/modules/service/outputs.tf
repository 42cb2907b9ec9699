# For people.

output "url" {
  description = "Where the data is read: the domain, else the CDN, else the first region's API. Without a slash at the end."
  value       = local.url
}

output "dns_records" {
  description = "The records to enter at the DNS provider of a domain outside of Route 53: name, type and value of each."
  value = local.zone_id != null || var.domain == null ? [] : [{
    name  = var.domain.name
    type  = "CNAME"
    value = var.cdn ? aws_cloudfront_distribution.this[0].domain_name : module.api[var.regions[0]].domain_target
  }]
}

output "dashboard_urls" {
  description = "The CloudWatch dashboards, by region."
  value       = { for region, api in module.api : region => api.dashboard_url }
}

output "alarm_topic_arns" {
  description = "The SNS topics that alarms speak to, by region; subscribe there."
  value       = { for region, api in module.api : region => api.alarm_topic_arn }
}

output "log_groups" {
  description = "The names of the function's log group and of the API's, the same in every region, and that of runs, in the first one."
  value = {
    function = module.api[var.regions[0]].function_log_group
    api      = module.api[var.regions[0]].api_log_group
    runs     = aws_cloudwatch_log_group.runs.name
  }
}

# What service.json has too.

output "api_ids" {
  description = "The HTTP APIs' ids, by region."
  value       = { for region, api in module.api : region => api.api_id }
}

output "api_urls" {
  description = "Each region's own address, past CDN and domain: what a verification asks. Without a slash at the end."
  value       = local.api_urls
}

output "distribution_id" {
  description = "The CloudFront distribution, or null without one."
  value       = one(aws_cloudfront_distribution.this[*].id)
}
