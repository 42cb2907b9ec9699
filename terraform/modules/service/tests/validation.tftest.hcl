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

run "retention_unknown_to_cloudwatch" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "retention_for_ever" {
  command = plan

  variables {
    log_retention_days = 0
  }

  expect_failures = [var.log_retention_days]
}

run "throttle_of_nothing" {
  command = plan

  variables {
    throttle = { rate = 0, burst = 1 }
  }

  expect_failures = [var.throttle]
}

run "throttle_burst_with_fraction" {
  command = plan

  variables {
    throttle = { rate = 1, burst = 1.5 }
  }

  expect_failures = [var.throttle]
}

run "cors_with_path" {
  command = plan

  variables {
    cors_origins = ["https://example.org/"]
  }

  expect_failures = [var.cors_origins]
}

run "cors_everybody_and_one" {
  command = plan

  variables {
    cors_origins = ["*", "https://example.org"]
  }

  expect_failures = [var.cors_origins]
}

run "alarms_without_address" {
  command = plan

  variables {
    alarms = { email = "ops" }
  }

  expect_failures = [var.alarms]
}

run "alarms_before_a_repair_is_due" {
  command = plan

  variables {
    alarms = { silent_hours = 6 }
  }

  expect_failures = [var.alarms]
}

run "alarms_beyond_what_cloudwatch_remembers" {
  command = plan

  variables {
    alarms = { silent_hours = 169 }
  }

  expect_failures = [var.alarms]
}

run "alarms_before_acm_renews" {
  command = plan

  variables {
    alarms = { certificate_days = 60 }
  }

  expect_failures = [var.alarms]
}

run "alarms_of_a_fraction" {
  command = plan

  variables {
    alarms = { concurrency = 0.8 }
  }

  expect_failures = [var.alarms]
}

run "alarms_beyond_timeout" {
  command = plan

  variables {
    alarms = { p99_ms = 10001 }
  }

  expect_failures = [var.alarms]
}

run "domain_with_scheme" {
  command = plan

  variables {
    domain = { name = "https://data.example.org", zone_id = "Z1" }
  }

  expect_failures = [var.domain]
}

run "domain_with_zone_name" {
  command = plan

  variables {
    domain = { name = "data.example.org", zone_id = "example.org" }
  }

  expect_failures = [var.domain]
}

run "domain_without_zone_and_certificate" {
  command = plan

  variables {
    domain = { name = "data.example.org" }
  }

  expect_failures = [var.domain]
}

run "domain_with_zone_and_certificate" {
  command = plan

  variables {
    domain = { name = "data.example.org", zone_id = "Z1", certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
  }

  expect_failures = [var.domain]
}

run "domain_with_something_else" {
  command = plan

  variables {
    domain = { name = "data.example.org", certificate_arn = "arn:aws:iam::111122223333:server-certificate/x" }
  }

  expect_failures = [var.domain]
}

run "domain_with_a_certificate_of_another_region" {
  command = plan

  variables {
    domain = { name = "data.example.org", certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
  }

  expect_failures = [var.domain]
}

run "cdn_with_a_certificate_of_the_api" {
  command = plan

  variables {
    domain = { name = "data.example.org", certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }
    cdn    = true
  }

  expect_failures = [var.domain]
}

run "certificate_for_two_regions" {
  command = plan

  variables {
    domain = { name = "data.example.org", certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012" }

    regions          = ["eu-central-1", "us-east-1"]
    artifact_buckets = { eu-central-1 = "artifacts-eu", us-east-1 = "artifacts-us" }
  }

  expect_failures = [var.domain]
}
