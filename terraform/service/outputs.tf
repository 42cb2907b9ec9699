output "url" {
  description = "Where the data is read: the domain, else the CDN, else the first region's API. Without a slash at the end."
  value       = module.service.url
}

output "dns_records" {
  description = "The records to enter at the DNS provider of a domain outside of Route 53: name, type and value of each."
  value       = module.service.dns_records
}

output "dashboard_urls" {
  description = "The CloudWatch dashboards, by region."
  value       = module.service.dashboard_urls
}

output "alarm_topic_arns" {
  description = "The SNS topics that alarms speak to, by region; subscribe there."
  value       = module.service.alarm_topic_arns
}

output "log_groups" {
  description = "The names of the function's log group and of the API's, the same in every region."
  value       = module.service.log_groups
}

output "api_ids" {
  description = "The HTTP APIs' ids, by region."
  value       = module.service.api_ids
}

output "api_urls" {
  description = "Each region's own address, past CDN and domain: what a verification asks. Without a slash at the end."
  value       = module.service.api_urls
}

output "distribution_id" {
  description = "The CloudFront distribution, or null without one."
  value       = module.service.distribution_id
}
