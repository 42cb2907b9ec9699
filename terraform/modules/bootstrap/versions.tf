# The module that ../../bootstrap and data repositories apply, by reference: it has neither a provider nor a backend.

terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.47.0, < 7.0.0"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  # Names are put together here rather than read from resources: a plan then shows every policy whole.
  state_bucket     = "${var.name}-state-${local.account}-${var.regions[0]}"
  artifact_buckets = { for region in var.regions : region => "${var.name}-artifacts-${local.account}-${region}" }
  state_keys       = { for root in ["release", "service"] : root => "${var.name}/${root}.tfstate" }
  function         = "${var.name}-reader"
}
