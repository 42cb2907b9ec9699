# The first four come from bootstrap (its output `root_variables`), `release` and `live_version`
# from publisher, the rest from a person (terraform.tfvars): a change of those is a release.

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
  description = "The AWS regions that serve, a list of region codes."
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
  description = "Where the releases lie: bucket name by region, since Lambda takes a package only from its own region."
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

variable "release" {
  description = <<-EOT
    The release to publish, as publisher writes it: `id` (text), `architecture` of the reader in the package (arm64 or x86_64), SHA-256 of
    reader.zip (`reader.sha256`) and of data.db (`database.sha256`), each 64 lower-case hex digits, and the first once more in base64, as
    Lambda gives it (`reader.code_sha256`). Further keys are not used here.
  EOT
  type = object({
    id           = string
    architecture = string
    reader       = object({ sha256 = string, code_sha256 = string })
    database     = object({ sha256 = string })
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", var.release.id))
    error_message = "release.id must have 1 to 100 characters out of A-Z, a-z, 0-9, \".\", \"_\" and \"-\"."
  }

  validation {
    condition     = alltrue([for digest in [var.release.reader.sha256, var.release.database.sha256] : can(regex("^[0-9a-f]{64}$", digest))])
    error_message = "release.reader.sha256 and release.database.sha256 must have 64 hex digits in lower case each."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$", var.release.reader.code_sha256))
    error_message = "release.reader.code_sha256 must be a SHA-256 in base64: 43 digits and \"=\"."
  }

  validation {
    condition     = contains(["arm64", "x86_64"], var.release.architecture)
    error_message = "release.architecture must be \"arm64\" or \"x86_64\"."
  }

  validation {
    condition     = var.release.architecture == var.architecture
    error_message = "The release's reader is built for ${var.release.architecture}, but architecture is ${var.architecture}: build the reader for ${var.architecture}, or set architecture = \"${var.release.architecture}\"."
  }
}

variable "architecture" {
  description = "The processor that releases must be built for: arm64 (starts faster and costs a fifth less) or x86_64."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be \"arm64\" or \"x86_64\"."
  }
}

variable "live_version" {
  description = <<-EOT
    The function's version that the public is given, by region: whole numbers from 1. It is always said and never the newest by itself.
    A region that is left out has nothing live yet: its API answers 500 until a version has been proven.
  EOT
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for version in values(var.live_version) : try(version >= 1 && floor(version) == version, false)])
    error_message = "live_version must give whole numbers from 1, the numbers of published versions; leave a region out where nothing is live yet."
  }

  validation {
    condition     = alltrue([for region in keys(var.live_version) : contains(var.regions, region)])
    error_message = "live_version must name no region that is not one of regions."
  }
}

variable "memory_mb" {
  description = "The function's memory in MB, 128 to 10240; its share of a processor grows with it (1769 MB is one core)."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb must be a whole number from 128 to 10240."
  }
}

variable "reader" {
  description = <<-EOT
    The reader's settings, all optional. `base_path` is the path under which clients see the API, such as /rest/v1 (for a custom
    domain with a mapping). `cache_control` is the header of responses that may be cached; with `cdn` (terraform/service) it must
    allow a CDN to keep them, for a year at most. `client_error_verbosity` is `minimal`
    or `verbose`. `default_limit` and `max_limit` are rows per page (1 to 100000). `max_memory` is how much memory SQLite may have (from 16000000
    bytes, at most half of `memory_mb`, which is its default). `max_pattern` and `max_text` are the longest
    pattern (1 to 8192 bytes) and the longest text that patterns are matched with (1000 to 1000000000 bytes). `public_url` is the
    address as people see it, for pages. `query_ms` is how long a query may run (1 to 9000 ms: the function is stopped after 10
    seconds). `server_timing` adds the header of that name. `reader --help` says more.
  EOT
  type = object({
    base_path              = optional(string)
    cache_control          = optional(string)
    client_error_verbosity = optional(string)
    default_limit          = optional(number)
    max_limit              = optional(number)
    max_memory             = optional(number)
    max_pattern            = optional(number)
    max_text               = optional(number)
    public_url             = optional(string)
    query_ms               = optional(number)
    server_timing          = optional(bool)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.reader.base_path == null || can(regex("^(/[A-Za-z0-9._~-]+)+$", var.reader.base_path))
    error_message = "reader.base_path must be a path such as /rest/v1, without a slash at its end."
  }

  validation {
    condition     = var.reader.client_error_verbosity == null || contains(["minimal", "verbose"], coalesce(var.reader.client_error_verbosity, "verbose"))
    error_message = "reader.client_error_verbosity must be minimal or verbose."
  }

  # Half of the function's memory is what the reader takes by itself; the rest is its own, and the response's.
  validation {
    condition     = var.reader.max_memory == null || try(var.reader.max_memory >= 16000000 && var.reader.max_memory <= var.memory_mb * 500000 && floor(var.reader.max_memory) == var.reader.max_memory, false)
    error_message = "reader.max_memory must be a whole number of bytes from 16000000 to ${var.memory_mb * 500000}, half of memory_mb."
  }

  validation {
    condition     = var.reader.max_pattern == null || try(var.reader.max_pattern >= 1 && var.reader.max_pattern <= 8192 && floor(var.reader.max_pattern) == var.reader.max_pattern, false)
    error_message = "reader.max_pattern must be a whole number of bytes from 1 to 8192."
  }

  validation {
    condition     = var.reader.max_text == null || try(var.reader.max_text >= 1000 && var.reader.max_text <= 1000000000 && floor(var.reader.max_text) == var.reader.max_text, false)
    error_message = "reader.max_text must be a whole number of bytes from 1000 to 1000000000."
  }

  validation {
    condition     = var.reader.public_url == null || can(regex("^https?://[!-~]*[!-.0-~]$", var.reader.public_url))
    error_message = "reader.public_url must be an address such as https://data.example.org, without a slash at its end."
  }

  validation {
    condition     = var.reader.cache_control == null || can(regex("^[ -~]+$", var.reader.cache_control))
    error_message = "reader.cache_control must be a header's value of printable ASCII, such as \"public, max-age=60, stale-while-revalidate=86400\"."
  }

  validation {
    condition = alltrue([
      for limit in [var.reader.default_limit, var.reader.max_limit] : limit == null || try(limit >= 1 && limit <= 100000 && floor(limit) == limit, false)
    ])
    error_message = "reader.default_limit and reader.max_limit must be whole numbers of rows from 1 to 100000."
  }

  validation {
    condition     = var.reader.default_limit == null || try(var.reader.default_limit <= coalesce(var.reader.max_limit, 1000), false)
    error_message = "reader.default_limit must be at most reader.max_limit, which is 1000 where it is left out."
  }

  validation {
    condition     = var.reader.query_ms == null || try(var.reader.query_ms >= 1 && var.reader.query_ms <= 9000 && floor(var.reader.query_ms) == var.reader.query_ms, false)
    error_message = "reader.query_ms must be a whole number of milliseconds from 1 to 9000 (the function is stopped after 10 seconds)."
  }
}

variable "reserved_concurrency" {
  description = "How many requests a region answers at the same time at most, 1 to 1000: a ceiling of what an attack can cost. -1, the default, is no ceiling of its own. Lambda keeps 100 of an account's executions for functions without one; a new account has 10 in all, so it can reserve none."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency == -1 || (var.reserved_concurrency >= 1 && var.reserved_concurrency <= 1000 && floor(var.reserved_concurrency) == var.reserved_concurrency)
    error_message = "reserved_concurrency must be a whole number from 1 to 1000, or -1 for no ceiling."
  }
}
