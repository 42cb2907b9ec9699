# What points to what. Computed values are given, so that a plan shows them where they are used.

mock_provider "aws" {
  override_during = plan

  override_resource {
    target = aws_lambda_function.this
    values = { version = "7" }
  }
}

variables {
  name              = "coldpress"
  regions           = ["eu-central-1"]
  artifact_buckets  = { eu-central-1 = "artifacts" }
  function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
  live_version      = { eu-central-1 = 5 }
  release = {
    id           = "2026-11-23.1"
    architecture = "arm64"
    reader       = { sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
  }
}

run "candidate" {
  command = plan

  module {
    source = "../function"
  }

  variables {
    name                 = "coldpress-reader"
    region               = "eu-central-1"
    role_arn             = "arn:aws:iam::111122223333:role/coldpress-reader"
    architecture         = "arm64"
    release_id           = "2026-11-23.1"
    package_bucket       = "artifacts"
    package_key          = "readers/0.zip"
    code_sha256          = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    memory_mb            = 128
    reserved_concurrency = 20
  }

  assert {
    condition     = aws_lambda_alias.candidate.name == "candidate" && aws_lambda_alias.candidate.function_version == "7" && output.candidate_version == 7
    error_message = "candidate is the newest version"
  }
}

run "live" {
  command = plan

  module {
    source = "../live"
  }

  variables {
    function_name    = "coldpress-reader"
    function_version = 5
    region           = "eu-central-1"
    source_arn       = "arn:aws:execute-api:eu-central-1:111122223333:*/*/*"
  }

  assert {
    condition     = aws_lambda_alias.this.name == "live" && aws_lambda_alias.this.function_version == "5" && output.version == 5
    error_message = "live is the version that is pinned, not the newest"
  }

  assert {
    condition     = aws_lambda_permission.api.qualifier == "live" && aws_lambda_permission.api.source_arn == var.source_arn
    error_message = "the API may call alias live and nothing else"
  }

  assert {
    condition     = aws_lambda_permission.api.principal == "apigateway.amazonaws.com" && aws_lambda_permission.api.action == "lambda:InvokeFunction"
    error_message = "API Gateway invokes"
  }
}

run "root" {
  command = plan

  assert {
    condition     = output.live_version == { eu-central-1 = 5 } && output.release_id == "2026-11-23.1" && output.function_name == "coldpress-reader"
    error_message = "outputs say what is"
  }
}

run "nothing_live_yet" {
  command = plan

  variables {
    live_version = {}
  }

  assert {
    condition     = length(module.live) == 0 && output.live_version == {}
    error_message = "before the first proven version there is no alias live"
  }
}
