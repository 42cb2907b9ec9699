# Every validation of the root's variables refuses what it says it refuses.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  regions           = ["eu-central-1"]
  artifact_buckets  = { eu-central-1 = "artifacts" }
  function_role_arn = "arn:aws:iam::111122223333:role/coldpress-reader"
  release = {
    id           = "2026-11-23.1"
    architecture = "arm64"
    reader       = { sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
    database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
  }
}

run "name_too_short" {
  command = plan

  variables {
    name = "ab"
  }

  expect_failures = [var.name]
}

run "name_with_capital" {
  command = plan

  variables {
    name = "Coldpress"
  }

  expect_failures = [var.name]
}

run "name_ends_with_dash" {
  command = plan

  variables {
    name = "coldpress-"
  }

  expect_failures = [var.name]
}

run "no_region" {
  command = plan

  variables {
    regions = []
  }

  expect_failures = [var.regions]
}

run "region_twice" {
  command = plan

  variables {
    regions = ["eu-central-1", "eu-central-1"]
  }

  expect_failures = [var.regions]
}

run "region_that_is_a_zone" {
  command = plan

  variables {
    regions          = ["eu-central-1a"]
    artifact_buckets = { eu-central-1a = "artifacts" }
  }

  expect_failures = [var.regions]
}

run "bucket_with_capital" {
  command = plan

  variables {
    artifact_buckets = { eu-central-1 = "Artifacts" }
  }

  expect_failures = [var.artifact_buckets]
}

run "bucket_of_another_region" {
  command = plan

  variables {
    artifact_buckets = { us-east-1 = "artifacts" }
  }

  expect_failures = [var.artifact_buckets]
}

run "role_that_is_a_name" {
  command = plan

  variables {
    function_role_arn = "coldpress-reader"
  }

  expect_failures = [var.function_role_arn]
}

run "release_id_with_slash" {
  command = plan

  variables {
    release = {
      id           = "a/b"
      architecture = "arm64"
      reader       = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000", code_sha256 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
      database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    }
  }

  expect_failures = [var.release]
}

run "release_digest_in_base64" {
  command = plan

  variables {
    release = {
      id           = "r"
      architecture = "arm64"
      reader       = { sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", code_sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }
      database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    }
  }

  expect_failures = [var.release]
}

run "release_digest_twice_in_hex" {
  command = plan

  variables {
    release = {
      id           = "r"
      architecture = "arm64"
      reader       = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000", code_sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
      database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    }
  }

  expect_failures = [var.release]
}

run "release_database_digest_too_short" {
  command = plan

  variables {
    release = {
      id           = "r"
      architecture = "arm64"
      reader       = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000", code_sha256 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
      database     = { sha256 = "00" }
    }
  }

  expect_failures = [var.release]
}

run "release_of_no_architecture" {
  command = plan

  variables {
    release = {
      id           = "r"
      architecture = "riscv64"
      reader       = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000", code_sha256 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
      database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    }
  }

  expect_failures = [var.release]
}

run "release_for_another_architecture" {
  command = plan

  variables {
    release = {
      id           = "r"
      architecture = "x86_64"
      reader       = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000", code_sha256 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
      database     = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }
    }
  }

  expect_failures = [var.release]
}

run "architecture_unknown" {
  command = plan

  variables {
    architecture = "amd64"
  }

  expect_failures = [var.architecture]
}

run "live_version_zero" {
  command = plan

  variables {
    live_version = { eu-central-1 = 0 }
  }

  expect_failures = [var.live_version]
}

run "live_version_with_fraction" {
  command = plan

  variables {
    live_version = { eu-central-1 = 1.5 }
  }

  expect_failures = [var.live_version]
}

run "live_version_null" {
  command = plan

  variables {
    live_version = { eu-central-1 = null }
  }

  expect_failures = [var.live_version]
}

run "live_version_elsewhere" {
  command = plan

  variables {
    live_version = { us-east-1 = 1 }
  }

  expect_failures = [var.live_version]
}

run "cache_control_of_two_lines" {
  command = plan

  variables {
    reader = { cache_control = "public\nx-header: 1" }
  }

  expect_failures = [var.reader]
}

run "default_page_above_the_largest" {
  command = plan

  variables {
    reader = { default_limit = 1001 }
  }

  expect_failures = [var.reader]
}

run "query_that_outlasts_the_function" {
  command = plan

  variables {
    reader = { query_ms = 10000 }
  }

  expect_failures = [var.reader]
}

run "base_path_with_a_slash_at_its_end" {
  command = plan

  variables {
    reader = { base_path = "/rest/v1/" }
  }

  expect_failures = [var.reader]
}

run "unknown_verbosity" {
  command = plan

  variables {
    reader = { client_error_verbosity = "terse" }
  }

  expect_failures = [var.reader]
}

run "memory_of_queries_too_small" {
  command = plan

  variables {
    reader = { max_memory = 15999999 }
  }

  expect_failures = [var.reader]
}

run "memory_of_queries_beyond_the_functions" {
  command = plan

  variables {
    memory_mb = 256
    reader    = { max_memory = 128000001 }
  }

  expect_failures = [var.reader]
}

run "pattern_too_long" {
  command = plan

  variables {
    reader = { max_pattern = 8193 }
  }

  expect_failures = [var.reader]
}

run "text_too_short" {
  command = plan

  variables {
    reader = { max_text = 999 }
  }

  expect_failures = [var.reader]
}

run "public_url_without_a_scheme" {
  command = plan

  variables {
    reader = { public_url = "data.example.org" }
  }

  expect_failures = [var.reader]
}

run "page_of_a_fraction" {
  command = plan

  variables {
    reader = { max_limit = 10.5 }
  }

  expect_failures = [var.reader]
}

run "memory_too_small" {
  command = plan

  variables {
    memory_mb = 64
  }

  expect_failures = [var.memory_mb]
}

run "memory_too_large" {
  command = plan

  variables {
    memory_mb = 10241
  }

  expect_failures = [var.memory_mb]
}

run "concurrency_zero" {
  command = plan

  variables {
    reserved_concurrency = 0
  }

  expect_failures = [var.reserved_concurrency]
}

run "concurrency_too_large" {
  command = plan

  variables {
    reserved_concurrency = 1001
  }

  expect_failures = [var.reserved_concurrency]
}
