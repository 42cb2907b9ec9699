# Several regions: what is made where.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  regions           = ["eu-central-1", "ap-southeast-2"]
  artifact_buckets  = { eu-central-1 = "artifacts-eu", ap-southeast-2 = "artifacts-ap" }
  function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
  live_version      = { eu-central-1 = 5 }
  release = {
    id           = "2026-11-23.1"
    architecture = "arm64"
    reader       = { sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
  }
}

run "two_regions" {
  command = plan

  assert {
    condition     = toset(keys(module.function)) == toset(["eu-central-1", "ap-southeast-2"]) && keys(output.live_version) == ["eu-central-1"]
    error_message = "a reader in each region; live only where a version is pinned"
  }
}

run "function_in_its_region" {
  command = plan

  module {
    source = "../function"
  }

  variables {
    name                 = "coldpress-reader"
    region               = "ap-southeast-2"
    role_arn             = "arn:aws:iam::111122223333:role/coldpress-reader"
    architecture         = "x86_64"
    release_id           = "r"
    package_bucket       = "artifacts-ap"
    package_key          = "readers/0.zip"
    code_sha256          = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    memory_mb            = 256
    reserved_concurrency = -1
  }

  assert {
    condition     = [aws_lambda_function.this.region, aws_lambda_alias.candidate.region] == ["ap-southeast-2", "ap-southeast-2"]
    error_message = "everything of a function lies in its region, not in the provider's"
  }

  assert {
    condition     = aws_lambda_function.this.architectures == tolist(["x86_64"]) && aws_lambda_function.this.reserved_concurrent_executions == -1
    error_message = "architecture and ceiling are passed on"
  }
}

run "live_in_its_region" {
  command = plan

  module {
    source = "../live"
  }

  variables {
    function_name    = "coldpress-reader"
    function_version = 1
    region           = "ap-southeast-2"
    source_arn       = "arn:aws:execute-api:ap-southeast-2:111122223333:*/*/*"
  }

  assert {
    condition     = [aws_lambda_alias.this.region, aws_lambda_permission.api.region] == ["ap-southeast-2", "ap-southeast-2"]
    error_message = "an alias lies in its region, not in the provider's"
  }
}
