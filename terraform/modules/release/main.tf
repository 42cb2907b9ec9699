locals {
  # The reader refuses to start on a value that it does not know, so what is left out stays out.
  reader_variables = {
    for name, value in {
      COLDPRESS_BASE_PATH              = var.reader.base_path
      COLDPRESS_CACHE_CONTROL          = var.reader.cache_control
      COLDPRESS_CLIENT_ERROR_VERBOSITY = var.reader.client_error_verbosity
      COLDPRESS_DEFAULT_LIMIT          = var.reader.default_limit == null ? null : format("%d", var.reader.default_limit)
      COLDPRESS_MAX_LIMIT              = var.reader.max_limit == null ? null : format("%d", var.reader.max_limit)
      COLDPRESS_MAX_MEMORY             = var.reader.max_memory == null ? null : format("%d", var.reader.max_memory)
      COLDPRESS_MAX_PATTERN            = var.reader.max_pattern == null ? null : format("%d", var.reader.max_pattern)
      COLDPRESS_MAX_TEXT               = var.reader.max_text == null ? null : format("%d", var.reader.max_text)
      COLDPRESS_PUBLIC_URL             = var.reader.public_url
      COLDPRESS_QUERY_MS               = var.reader.query_ms == null ? null : format("%d", var.reader.query_ms)
      COLDPRESS_SERVER_TIMING          = var.reader.server_timing == null ? null : var.reader.server_timing ? "on" : "off"
    } : name => value if value != null
  }

  # arn:PARTITION:iam::ACCOUNT:role/NAME
  role     = regex("^arn:(?P<partition>[a-z-]+):iam::(?P<account>[0-9]{12}):role/", var.function_role_arn)
  function = "${var.name}-reader"
}

# A release's first apply is `-target=module.function`: a new version, which nothing serves.
module "function" {
  source   = "../function"
  for_each = toset(var.regions)

  name                 = local.function
  region               = each.key
  role_arn             = var.function_role_arn
  architecture         = var.release.architecture
  release_id           = var.release.id
  package_bucket       = var.artifact_buckets[each.key]
  package_key          = "readers/${var.release.reader.sha256}.zip"
  code_sha256          = var.release.reader.code_sha256
  memory_mb            = var.memory_mb
  reader_variables     = local.reader_variables
  reserved_concurrency = var.reserved_concurrency
}

# Its second, and the only one of a rollback, is `-target=module.live`. It reads nothing of module.function, so that
# settings that Lambda refuses, or a function that somebody edited, can't keep `live` from moving back.
module "live" {
  source   = "../live"
  for_each = var.live_version

  function_name    = local.function
  function_version = each.value
  region           = each.key

  # Any API of this account in the region: an API's id is ../service's to know.
  source_arn = "arn:${local.role.partition}:execute-api:${each.key}:${local.role.account}:*/*/*"
}
