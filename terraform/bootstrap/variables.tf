# Types, defaults and rules are those of the module; null is its default. A person sets them (terraform.tfvars).

variable "name" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = string
  default     = "coldpress"
  nullable    = false
}

variable "regions" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
}

variable "subjects" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
}

variable "branch" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
  default     = null
}

variable "workflows" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
  default     = null
}

variable "oidc_provider_arn" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
  default     = null
}

variable "domain_zone_id" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
  default     = null
}

variable "external_domain" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
  default     = null
}

variable "cdn" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
  default     = null
}

variable "budget" {
  description = "See ../modules/bootstrap/variables.tf."
  type        = any
  default     = null
}
