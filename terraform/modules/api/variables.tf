# The root module checks and explains all of these; here they are only named.

variable "name" {
  description = "The function's name, which everything here is called after."
  type        = string
}

variable "region" {
  description = "The region's code."
  type        = string
}

variable "live_invoke_arn" {
  description = "What the API calls: alias `live`, as API Gateway names it."
  type        = string
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
  description = "Who is told (e-mail address or null), the limit of the 99th percentile in milliseconds, and that of the account's concurrent executions."
  type        = object({ email = string, p99_ms = number, concurrency = number })
}

variable "domain" {
  description = "The domain, its hosted zone (null: not in Route 53) and its certificate in this region; null for none."
  type        = object({ name = string, zone_id = string, certificate_arn = string })
}
