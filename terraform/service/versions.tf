# What requests go through before they reach the function: an HTTP API in each region, with its logs and alarms, and the
# optional domain and CDN. It changes with settings, never with a release: nothing here is read from ../release, whose
# function and alias are known by their names.
#
# The lock file of the provider is the first applier's to commit: `terraform init` writes
# .terraform.lock.hcl, whose hashes come from the registry.

terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  # bucket, key and region are bootstrap's output `backend`.
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
