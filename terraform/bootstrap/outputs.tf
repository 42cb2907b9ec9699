output "root_variables" {
  description = "What the roots release and service take from here; `publisher init` writes it to bootstrap.auto.tfvars.json in each."
  value       = module.bootstrap.root_variables
}

output "backend" {
  description = "Where the roots' states are: bucket, region, and by root the key; `publisher init` passes them to `terraform init`."
  value       = module.bootstrap.backend
}

output "role_arns" {
  description = "The roles that workflows take, by what they do."
  value       = module.bootstrap.role_arns
}
