# Types, defaults and rules are those of the module; null is its default. The first four come from bootstrap (its output
# `root_variables`), `release` and `live_version` from publisher, the rest from a person (terraform.tfvars): a change of those
# is a release.

variable "name" {
  description = "See ../modules/release/variables.tf."
  type        = string
  default     = "coldpress"
  nullable    = false
}

variable "regions" {
  description = "See ../modules/release/variables.tf."
  type        = any
}

variable "artifact_buckets" {
  description = "See ../modules/release/variables.tf."
  type        = any
}

variable "function_role_arn" {
  description = "See ../modules/release/variables.tf."
  type        = any
}

variable "release" {
  description = "See ../modules/release/variables.tf."
  type        = any
}

variable "architecture" {
  description = "See ../modules/release/variables.tf."
  type        = any
  default     = null
}

variable "live_version" {
  description = "See ../modules/release/variables.tf."
  type        = any
  default     = null
}

variable "memory_mb" {
  description = "See ../modules/release/variables.tf."
  type        = any
  default     = null
}

variable "reader" {
  description = "See ../modules/release/variables.tf."
  type        = any
  default     = null
}

variable "reserved_concurrency" {
  description = "See ../modules/release/variables.tf."
  type        = any
  default     = null
}
