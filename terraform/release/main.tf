module "release" {
  source = "../modules/release"

  name                 = var.name
  regions              = var.regions
  artifact_buckets     = var.artifact_buckets
  function_role_arn    = var.function_role_arn
  release              = var.release
  architecture         = var.architecture
  live_version         = var.live_version
  memory_mb            = var.memory_mb
  reader               = var.reader
  reserved_concurrency = var.reserved_concurrency
}
