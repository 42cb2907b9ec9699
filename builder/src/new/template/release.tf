# The function. A change of its settings is a release.
module "release" {
  source = "github.com/{{coldpress}}//terraform/modules/release?ref=v{{version}}"

  name              = var.name
  regions           = var.regions
  artifact_buckets  = var.artifact_buckets
  function_role_arn = var.function_role_arn
  release           = var.release
  live_version      = var.live_version

  # Settings: architecture, memory_mb, reader, reserved_concurrency.
}
