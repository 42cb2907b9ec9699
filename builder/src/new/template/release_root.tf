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

# From `publisher release`.
variable "release" { type = any }
variable "live_version" {
  type    = map(number)
  default = {}
}

output "release_id" { value = module.release.release_id }
output "function_name" { value = module.release.function_name }
output "candidate_version" { value = module.release.candidate_version }
output "live_version" { value = module.release.live_version }
