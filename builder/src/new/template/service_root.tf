# What `publisher` and `terraform` need of this root; settings are in main.tf.

terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # `publisher init` names bucket, key and region.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.47.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region = var.regions[0]

  default_tags {
    tags = { coldpress = var.name }
  }
}

# From bootstrap, by `publisher init`.
variable "name" { type = string }
variable "regions" { type = list(string) }
variable "artifact_buckets" { type = map(string) }
variable "function_role_arn" { type = string }

output "url" { value = module.service.url }
output "dns_records" { value = module.service.dns_records }
output "dashboard_urls" { value = module.service.dashboard_urls }
output "alarm_topic_arns" { value = module.service.alarm_topic_arns }
output "log_groups" { value = module.service.log_groups }
output "api_ids" { value = module.service.api_ids }
output "api_urls" { value = module.service.api_urls }
output "distribution_id" { value = module.service.distribution_id }
