# What a person gets who says nothing but the least. Plans only: nothing is made, no account is asked.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  name                 = "coldpress-reader"
  region               = "eu-central-1"
  role_arn             = "arn:aws:iam::111122223333:role/coldpress-reader"
  architecture         = "arm64"
  release_id           = "2026-11-23.1"
  package_bucket       = "artifacts"
  package_key          = "readers/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.zip"
  code_sha256          = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  memory_mb            = 128
  reserved_concurrency = 20
}

run "root_defaults" {
  command = plan

  variables {
    name              = "coldpress"
    regions           = ["eu-central-1"]
    artifact_buckets  = { eu-central-1 = "artifacts" }
    function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
    live_version      = {}

    # null is the default, which this file sets otherwise for the module.
    reserved_concurrency = null
    release = {
      id           = "2026-11-23.1"
      architecture = "arm64"
      reader       = { sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    }
  }

  assert {
    condition     = [var.memory_mb, var.reserved_concurrency, var.architecture] == [128, -1, "arm64"]
    error_message = "the defaults of memory, concurrency and architecture changed: docs/deploy.md counts costs by them"
  }

  assert {
    condition     = length(keys(output.live_version)) == 0 && output.function_name == "coldpress-reader"
    error_message = "by itself nothing is live"
  }
}

run "what_the_reader_is_told" {
  command = plan

  variables {
    name              = "coldpress"
    regions           = ["eu-central-1"]
    artifact_buckets  = { eu-central-1 = "artifacts" }
    function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
    live_version      = {}
    reader = {
      base_path              = "/rest/v1"
      cache_control          = "no-cache"
      client_error_verbosity = "minimal"
      default_limit          = 5000
      max_limit              = 10000
      max_memory             = 32000000
      max_pattern            = 500
      max_text               = 1000000
      public_url             = "https://data.example.org"
      query_ms               = 900
      server_timing          = false
    }
    release = {
      id           = "r"
      architecture = "arm64"
      reader       = { sha256 = sha256(""), code_sha256 = base64sha256("") }
      database     = { sha256 = sha256("") }
    }
  }

  assert {
    condition = jsonencode(local.reader_variables) == jsonencode({
      COLDPRESS_BASE_PATH              = "/rest/v1"
      COLDPRESS_CACHE_CONTROL          = "no-cache"
      COLDPRESS_CLIENT_ERROR_VERBOSITY = "minimal"
      COLDPRESS_DEFAULT_LIMIT          = "5000"
      COLDPRESS_MAX_LIMIT              = "10000"
      COLDPRESS_MAX_MEMORY             = "32000000"
      COLDPRESS_MAX_PATTERN            = "500"
      COLDPRESS_MAX_TEXT               = "1000000"
      COLDPRESS_PUBLIC_URL             = "https://data.example.org"
      COLDPRESS_QUERY_MS               = "900"
      COLDPRESS_SERVER_TIMING          = "off"
    })
    error_message = "the reader is told ${jsonencode(local.reader_variables)}"
  }
}

run "reader_variables_reach_the_function" {
  command = plan

  module {
    source = "../function"
  }

  variables {
    reader_variables = { COLDPRESS_QUERY_MS = "900" }
  }

  assert {
    condition     = jsonencode(aws_lambda_function.this.environment[0].variables) == jsonencode({ COLDPRESS_METRICS_NAMESPACE = "Coldpress", COLDPRESS_QUERY_MS = "900" })
    error_message = "the function gets ${jsonencode(aws_lambda_function.this.environment[0].variables)}"
  }
}

run "function" {
  command = plan

  module {
    source = "../function"
  }

  assert {
    condition = (
      aws_lambda_function.this.runtime == "provided.al2023" &&
      aws_lambda_function.this.handler == "bootstrap" &&
      aws_lambda_function.this.architectures == tolist(["arm64"]) &&
      aws_lambda_function.this.memory_size == 128 &&
      aws_lambda_function.this.timeout == 10 &&
      aws_lambda_function.this.publish &&
      aws_lambda_function.this.reserved_concurrent_executions == 20 &&
      aws_lambda_function.this.description == "Coldpress reader"
    )
    error_message = "the function is not what the documents say"
  }

  assert {
    condition = (
      aws_lambda_function.this.s3_bucket == var.package_bucket &&
      aws_lambda_function.this.s3_key == var.package_key &&
      aws_lambda_function.this.code_sha256 == var.code_sha256
    )
    error_message = "the package is not the release's"
  }

  assert {
    condition     = aws_lambda_function.this.logging_config[0].log_format == "JSON" && aws_lambda_function.this.logging_config[0].log_group == "/aws/lambda/coldpress-reader"
    error_message = "logs are JSON in the group that Terraform made"
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["COLDPRESS_METRICS_NAMESPACE"] == "Coldpress"
    error_message = "the reader writes its metrics where it is told a namespace"
  }

  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0
    error_message = "a VPC would add to every cold start"
  }
}
