# What requests go through before they reach the function: API, logs, alarms, domain, CDN.
module "service" {
  source = "github.com/{{coldpress}}//terraform/modules/service?ref=v{{version}}"

  name              = var.name
  regions           = var.regions
  artifact_buckets  = var.artifact_buckets
  function_role_arn = var.function_role_arn

  # Settings: alarms, cdn, cors_origins, domain, log_retention_days, throttle.
}
