locals {
  # arn:PARTITION:iam::ACCOUNT:role/NAME
  role     = regex("^arn:(?P<partition>[a-z-]+):iam::(?P<account>[0-9]{12}):role/", var.function_role_arn)
  function = "${var.name}-reader"

  live_arns = { for region in var.regions : region => "arn:${local.role.partition}:lambda:${region}:${local.role.account}:function:${local.function}:live" }
}

module "api" {
  source   = "../api"
  for_each = toset(var.regions)

  name               = local.function
  region             = each.key
  live_invoke_arn    = "arn:${local.role.partition}:apigateway:${each.key}:lambda:path/2015-03-31/functions/${local.live_arns[each.key]}/invocations"
  log_retention_days = var.log_retention_days
  throttle           = var.throttle
  cors_origins       = var.cors_origins
  alarms             = var.alarms

  # With a CDN the domain is the CDN's.
  domain = var.domain == null || var.cdn ? null : {
    name            = var.domain.name
    zone_id         = local.zone_id
    certificate_arn = local.certificate_arns[each.key]
  }
}
