# What a person applies once per AWS account: buckets, and the roles that the workflow takes. Its state stays here, in
# terraform.tfstate; keep that file.

module "bootstrap" {
  source = "github.com/{{coldpress}}//terraform/modules/bootstrap?ref=v{{version}}"

  regions = ["eu-central-1"]

  # `gh api repos/ORG/REPO --jq '.owner.id, .id'` prints the two numbers. Repositories that were created before 2026-07-15
  # are repo:ORG/REPO: in GitHub's tokens; list both forms if you don't know.
  subjects = {
    plan    = ["repo:ORG@ORG_ID/REPO@REPO_ID:pull_request"]
    publish = ["repo:ORG@ORG_ID/REPO@REPO_ID:ref:refs/heads/main"]
    deploy  = ["repo:ORG@ORG_ID/REPO@REPO_ID:environment:production"]
  }

  # The jobs of .github/workflows/data.yml are Coldpress's.
  workflows = { repository = "{{coldpress}}" }
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = { coldpress = "coldpress" }
  }
}

output "root_variables" {
  value = module.bootstrap.root_variables
}

output "backend" {
  value = module.bootstrap.backend
}

output "role_arns" {
  value = module.bootstrap.role_arns
}
