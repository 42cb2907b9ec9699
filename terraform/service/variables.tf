# Types, defaults and rules are those of the module; null is its default. The first four come from bootstrap (its output
# `root_variables`), the rest from a person (terraform.tfvars).

variable "name" {
  description = "See ../modules/service/variables.tf."
  type        = string
  default     = "coldpress"
  nullable    = false
}

variable "regions" {
  description = "See ../modules/service/variables.tf."
  type        = any
}

variable "artifact_buckets" {
  description = "See ../modules/service/variables.tf."
  type        = any
}

variable "function_role_arn" {
  description = "See ../modules/service/variables.tf."
  type        = any
}

variable "log_retention_days" {
  description = "See ../modules/service/variables.tf."
  type        = any
  default     = null
}

variable "throttle" {
  description = "See ../modules/service/variables.tf."
  type        = any
  default     = null
}

variable "cors_origins" {
  description = "See ../modules/service/variables.tf."
  type        = any
  default     = null
}

variable "alarms" {
  description = "See ../modules/service/variables.tf."
  type        = any
  default     = null
}

variable "domain" {
  description = "See ../modules/service/variables.tf."
  type        = any
  default     = null
}

variable "cdn" {
  description = "See ../modules/service/variables.tf."
  type        = any
  default     = null
}
