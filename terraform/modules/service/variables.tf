# The first four come from bootstrap (its output `root_variables`), the rest from a person (terraform.tfvars).

variable "name" {
  description = "What everything is called after; text of 3 to 20 characters, the same as in bootstrap."
  type        = string
  default     = "coldpress"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name must have 3 to 20 characters out of a-z, 0-9 and \"-\", start with a letter and not end with \"-\"."
  }
}

variable "regions" {
  description = "The AWS regions that serve, a list of region codes. With a CDN the first is asked first and the second stands in for it."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.regions) > 0 && length(distinct(var.regions)) == length(var.regions)
    error_message = "regions must name at least one region, and none twice."
  }

  validation {
    condition     = alltrue([for region in var.regions : can(regex("^[a-z]{2}(-[a-z]+)+-[1-9]$", region))])
    error_message = "regions must be region codes, such as \"eu-central-1\" or \"us-east-1\"."
  }
}

variable "artifact_buckets" {
  description = "The buckets for releases: name by region. The first region's also has service.json, which says where the service is."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for region in var.regions : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.artifact_buckets[region]))])
    error_message = "artifact_buckets must give the name of a bucket (3 to 63 characters) for each of regions; bootstrap's output root_variables has them."
  }
}

variable "function_role_arn" {
  description = "The role that the function runs as, an ARN; bootstrap makes it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", var.function_role_arn))
    error_message = "function_role_arn must be a role's ARN: arn:aws:iam::ACCOUNT:role/NAME."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept, in days; one of the values that CloudWatch Logs knows."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "throttle" {
  description = "What the API lets through in a region: `rate` in requests per second on the long run, `burst` in requests at once. More is answered 429."
  type = object({
    rate  = number
    burst = number
  })
  default  = { rate = 200, burst = 400 }
  nullable = false

  validation {
    condition     = var.throttle.rate > 0 && var.throttle.rate <= 10000
    error_message = "throttle.rate must be above 0 and at most 10000 requests per second."
  }

  validation {
    condition     = var.throttle.burst >= 1 && var.throttle.burst <= 5000 && floor(var.throttle.burst) == var.throttle.burst
    error_message = "throttle.burst must be a whole number from 1 to 5000."
  }
}

variable "cors_origins" {
  description = "Whose pages may read the API from a browser: origins (scheme, host, port), or [\"*\"] for everybody's; [] turns it off."
  type        = list(string)
  default     = ["*"]
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.cors_origins : origin == "*" || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", origin))])
    error_message = "cors_origins must be origins without a path, such as \"https://example.org\" or \"http://localhost:3000\", or \"*\"."
  }

  validation {
    condition     = !contains(var.cors_origins, "*") || length(var.cors_origins) == 1
    error_message = "cors_origins must be [\"*\"] alone or a list of origins, not both."
  }
}

variable "alarms" {
  description = <<-EOT
    Alarms: `email` is told about them (null: nobody; subscribe to the topics yourself). `p99_ms` is the slowest that the slowest
    hundredth of requests may be, in milliseconds. `concurrency` is how many concurrent executions the account may have in use or
    reserved in a region: a little less than its quota, 1000 for most accounts (`publisher preflight` says it). `silent_hours` is
    how long it may be since a release or a repair succeeded, from 7 hours, since a repair runs every six, to 168; 0 for no such
    alarm, where no schedule runs repairs. `certificate_days` is how long a domain's certificate must be valid at least.
  EOT
  type = object({
    email            = optional(string)
    p99_ms           = optional(number, 500)
    concurrency      = optional(number, 800)
    silent_hours     = optional(number, 24)
    certificate_days = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alarms.email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alarms.email))
    error_message = "alarms.email must be null or an e-mail address."
  }

  validation {
    condition     = var.alarms.p99_ms >= 1 && var.alarms.p99_ms <= 10000
    error_message = "alarms.p99_ms must be from 1 to 10000 milliseconds (the function is stopped after 10 seconds)."
  }

  validation {
    condition     = var.alarms.concurrency >= 1 && floor(var.alarms.concurrency) == var.alarms.concurrency
    error_message = "alarms.concurrency must be a whole number from 1."
  }

  # CloudWatch looks back seven days at most (PutMetricAlarm, "Period").
  validation {
    condition     = var.alarms.silent_hours == 0 || (var.alarms.silent_hours >= 7 && var.alarms.silent_hours <= 168 && floor(var.alarms.silent_hours) == var.alarms.silent_hours)
    error_message = "alarms.silent_hours must be a whole number from 7 to 168, or 0 for no alarm."
  }

  # ACM renews 60 days before.
  validation {
    condition     = var.alarms.certificate_days >= 1 && var.alarms.certificate_days < 60 && floor(var.alarms.certificate_days) == var.alarms.certificate_days
    error_message = "alarms.certificate_days must be a whole number from 1 to 59: ACM renews a certificate 60 days before it expires."
  }
}

variable "domain" {
  description = "A domain name of your own: `name`, and either the Route 53 hosted zone that it is in (`zone_id`) or, for one elsewhere, its certificate in ACM (`certificate_arn`; output `dns_records` says what to enter there); null uses the name that AWS gives."
  type = object({
    name            = string
    zone_id         = optional(string)
    certificate_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$", var.domain.name))
    error_message = "domain.name must be a host name in lower case, such as \"data.example.org\"."
  }

  validation {
    condition     = var.domain == null || try((var.domain.zone_id == null) != (var.domain.certificate_arn == null), false)
    error_message = "domain must have either zone_id (a domain in Route 53) or certificate_arn (a domain elsewhere)."
  }

  validation {
    condition     = try(var.domain.zone_id, null) == null || can(regex("^[A-Z0-9]{1,32}$", var.domain.zone_id))
    error_message = "domain.zone_id must be a hosted zone's id, such as \"Z0123456789ABCDEFGHIJ\"."
  }

  validation {
    condition     = try(var.domain.certificate_arn, null) == null || can(regex("^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$", var.domain.certificate_arn))
    error_message = "domain.certificate_arn must be a certificate's ARN: arn:aws:acm:REGION:ACCOUNT:certificate/ID."
  }

  validation {
    condition     = try(var.domain.certificate_arn, null) == null || var.cdn || length(var.regions) == 1
    error_message = "domain.certificate_arn is of one region, and there are ${length(var.regions)}: set cdn = true, or use Route 53 (zone_id), which sends clients to the nearest region."
  }

  validation {
    condition     = try(split(":", var.domain.certificate_arn)[3] == (var.cdn ? "us-east-1" : var.regions[0]), true)
    error_message = "domain.certificate_arn must be in ${var.cdn ? "us-east-1, where CloudFront looks" : "${var.regions[0]}, as the API"}."
  }
}

variable "cdn" {
  description = "Whether CloudFront stands before the API and caches as the reader's Cache-Control (reader.cache_control in terraform/release) says; true or false."
  type        = bool
  default     = false
  nullable    = false
}
