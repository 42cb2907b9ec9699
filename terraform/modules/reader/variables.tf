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

variable "live_version" {
  description = "The version that the public is given, a whole number from 1; null where nothing is live yet."
  type        = number
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

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
}

variable "throttle" {
  description = "What the API lets through: requests per second, and at once."
  type        = object({ rate = number, burst = number })
}

variable "cors_origins" {
  description = "The origins whose pages may read the API."
  type        = list(string)
}

variable "alarms" {
  description = "Who is told (e-mail address or null) and the limit of the 99th percentile, in milliseconds."
  type        = object({ email = string, p99_ms = number })
}

variable "domain" {
  description = "The domain, its hosted zone and its certificate in this region; null for none."
  type        = object({ name = string, zone_id = string, certificate_arn = string })
}
