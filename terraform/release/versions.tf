# What a release changes: the function, its versions and its two aliases, in each region. Releases, rollbacks and
# repairs read this state and no other. What requests go through before they reach the function is ../service.
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

  # The release is no tag: a release must change nothing but the function.
  default_tags {
    tags = { coldpress = var.name }
  }
}
