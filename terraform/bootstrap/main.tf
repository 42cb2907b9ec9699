module "bootstrap" {
  source = "../modules/bootstrap"

  name              = var.name
  regions           = var.regions
  subjects          = var.subjects
  branch            = var.branch
  workflows         = var.workflows
  oidc_provider_arn = var.oidc_provider_arn
  domain_zone_id    = var.domain_zone_id
  external_domain   = var.external_domain
  cdn               = var.cdn
  budget            = var.budget
}
