# The root module checks and explains all of these; here they are only named.

variable "name" {
  description = "The function's name, which everything else is called after."
  type        = string
}

variable "region" {
  description = "The region's code."
  type        = string
}

variable "role_arn" {
  description = "The role that the function runs as, an ARN."
  type        = string
}

variable "architecture" {
  description = "The processor that the package is built for: arm64 or x86_64."
  type        = string
}

variable "release_id" {
  description = "The release that the package was made from."
  type        = string
}

variable "package_bucket" {
  description = "The bucket in this region that holds the package."
  type        = string
}

variable "package_key" {
  description = "The package's key, which carries its SHA-256."
  type        = string
}

variable "code_sha256" {
  description = "The package's SHA-256 in base64, as Lambda reports it."
  type        = string
}

variable "memory_mb" {
  description = "The function's memory, in MB."
  type        = number
}

variable "reader_variables" {
  description = "The reader's own environment variables, beside that of its metrics."
  type        = map(string)
  default     = {}
}

variable "reserved_concurrency" {
  description = "How many requests are answered at the same time at most; -1 is no ceiling."
  type        = number
}
