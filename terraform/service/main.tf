module "service" {
  source = "../modules/service"

  name               = var.name
  regions            = var.regions
  artifact_buckets   = var.artifact_buckets
  function_role_arn  = var.function_role_arn
  log_retention_days = var.log_retention_days
  throttle           = var.throttle
  cors_origins       = var.cors_origins
  alarms             = var.alarms
  domain             = var.domain
  cdn                = var.cdn
}
