locals {
  # The reader refuses to start on a value that it does not know, so what is left out stays out.
  reader_variables = {
    for name, value in {
      COLDPRESS_CACHE_CONTROL = var.reader.cache_control
      COLDPRESS_DEFAULT_LIMIT = var.reader.default_limit == null ? null : format("%d", var.reader.default_limit)
      COLDPRESS_MAX_LIMIT     = var.reader.max_limit == null ? null : format("%d", var.reader.max_limit)
      COLDPRESS_QUERY_MS      = var.reader.query_ms == null ? null : format("%d", var.reader.query_ms)
      COLDPRESS_SERVER_TIMING = var.reader.server_timing == null ? null : var.reader.server_timing ? "on" : "off"
    } : name => value if value != null
  }
}

module "reader" {
  source   = "./modules/reader"
  for_each = toset(var.regions)

  name                 = "${var.name}-reader"
  region               = each.key
  role_arn             = var.function_role_arn
  architecture         = var.release.architecture
  release_id           = var.release.id
  package_bucket       = var.artifact_buckets[each.key]
  package_key          = "readers/${var.release.reader.sha256}.zip"
  code_sha256          = var.release.reader.code_sha256
  live_version         = lookup(var.live_version, each.key, null)
  memory_mb            = var.memory_mb
  reader_variables     = local.reader_variables
  reserved_concurrency = var.reserved_concurrency
  log_retention_days   = var.log_retention_days
  throttle             = var.throttle
  cors_origins         = var.cors_origins
  alarms               = var.alarms

  # With a CDN the domain is the CDN's.
  domain = var.domain == null || var.cdn ? null : {
    name            = var.domain.name
    zone_id         = var.domain.zone_id
    certificate_arn = aws_acm_certificate_validation.this[each.key].certificate_arn
  }
}
