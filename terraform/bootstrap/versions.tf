# What a person applies once per AWS account, with rights of their own: where state and releases
# lie, and what GitHub Actions may do. Everything that holds rights is made here, so that no role
# that CI takes can make or change one.
#
# Its own state stays with that person (a local terraform.tfstate). To keep it in the state bucket
# as well, add a backend block with the key "bootstrap.tfstate" and run `terraform init -migrate-state`.

terraform {
  required_version = ">= 1.11.0, < 2.0.0"

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
