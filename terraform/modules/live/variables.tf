# The root module checks and explains all of these; here they are only named.

variable "function_name" {
  description = "The function's name."
  type        = string
}

variable "function_version" {
  description = "The version that the public is given, a whole number from 1."
  type        = number
}

variable "region" {
  description = "The region's code."
  type        = string
}

variable "source_arn" {
  description = "The APIs that may call the alias: an ARN, or a pattern of ARNs."
  type        = string
}
