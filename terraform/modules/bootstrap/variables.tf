variable "name" {
  description = "What everything is called after; text of 3 to 20 characters. The root module takes the same."
  type        = string
  default     = "coldpress"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name must have 3 to 20 characters out of a-z, 0-9 and \"-\", start with a letter and not end with \"-\"."
  }
}

variable "regions" {
  description = "The AWS regions that serve, a list of region codes. The first one also holds the state."
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

variable "subjects" {
  description = <<-EOT
    Who may take which role: for each role the `sub` claims of GitHub's OIDC tokens, matched exactly, a set of texts.
    GitHub writes repo:ORG/REPO:CONTEXT or, for repositories created since 2026-07-15, repo:ORG@ORG_ID/REPO@REPO_ID:CONTEXT.
    CONTEXT is pull_request, ref:refs/heads/BRANCH, ref:refs/tags/TAG or environment:NAME.
  EOT
  type = object({
    plan    = set(string)
    publish = set(string)
    deploy  = set(string)
  })
  nullable = false

  validation {
    condition = alltrue(flatten([
      for role in [var.subjects.plan, var.subjects.publish, var.subjects.deploy] : [
        for subject in role : can(regex("^repo:[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9_.-]+|@[0-9]+/[A-Za-z0-9_.-]+@[0-9]+):(pull_request|ref:refs/(heads|tags)/[^*?:]+|environment:[^*?:]+)$", subject))
      ]
    ]))
    error_message = "subjects must be whole claims without * or ?: repo:ORG/REPO:CONTEXT or repo:ORG@ORG_ID/REPO@REPO_ID:CONTEXT, where CONTEXT is pull_request, ref:refs/heads/BRANCH, ref:refs/tags/TAG or environment:NAME."
  }

  validation {
    condition     = alltrue([for role in [var.subjects.plan, var.subjects.publish, var.subjects.deploy] : length(role) > 0])
    error_message = "subjects must name at least one claim for each of plan, publish and deploy."
  }

  validation {
    condition     = alltrue([for subject in setunion(var.subjects.publish, var.subjects.deploy) : !endswith(subject, ":pull_request")])
    error_message = "subjects.publish and subjects.deploy must not name pull_request: code of an unmerged change would write releases."
  }
}

variable "branch" {
  description = <<-EOT
    The branch that is released, text: the roles publish and deploy are for runs of this repository's workflows on it, whatever a subject
    says. A subject with an environment in it names no branch, so that any branch's run would have it. Compared are the claims `ref` and
    `job_workflow_ref`, which AWS knows since January 2026.
  EOT
  type        = string
  default     = "main"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.branch))
    error_message = "branch must be a branch's name, such as \"main\", without * or ?."
  }

  validation {
    condition = alltrue([
      for subject in setunion(var.subjects.publish, var.subjects.deploy) : !strcontains(subject, ":ref:") || endswith(subject, ":ref:refs/heads/${var.branch}")
    ])
    error_message = "branch must be the one that subjects.publish and subjects.deploy name, where they name one: nobody could take those roles."
  }
}

variable "workflows" {
  description = <<-EOT
    Where the workflows are that may take the roles publish and deploy; null: in the repository that the subjects name. A data repository
    calls Coldpress's: `repository` is ORG/REPO, `refs` are its versions, as GitHub names them in the claim `job_workflow_ref`, a set of texts:
    refs/tags/TAG, where a "*" at the end stands for anything, or a commit.
  EOT
  type = object({
    repository = string
    refs       = optional(set(string), ["refs/tags/v*"])
  })
  default = null

  validation {
    condition     = var.workflows == null || can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]+$", var.workflows.repository))
    error_message = "workflows.repository must be ORG/REPO, without * or ?."
  }

  validation {
    condition = var.workflows == null || try(length(var.workflows.refs) > 0 && alltrue([
      for ref in var.workflows.refs : can(regex("^(refs/tags/[A-Za-z0-9][A-Za-z0-9._-]*\\*?|[0-9a-f]{40})$", ref))
    ]), false)
    error_message = "workflows.refs must name at least one version, each as refs/tags/TAG, which may end with \"*\", or as a commit of 40 hex digits."
  }
}

variable "oidc_provider_arn" {
  description = "The ARN of the account's OIDC provider for token.actions.githubusercontent.com, text; null makes one (AWS allows one per account)."
  type        = string
  default     = null

  validation {
    condition     = var.oidc_provider_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be null or arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com."
  }
}

variable "domain_zone_id" {
  description = "The Route 53 hosted zone in which the deploy role may write records and certificates' proofs, text; null gives no right to either."
  type        = string
  default     = null

  validation {
    condition     = var.domain_zone_id == null || can(regex("^[A-Z0-9]{1,32}$", var.domain_zone_id))
    error_message = "domain_zone_id must be null or a hosted zone's id, such as \"Z0123456789ABCDEFGHIJ\"."
  }
}

variable "external_domain" {
  description = "Whether the deploy role may give an API a domain that is not in Route 53, with a certificate that exists; true or false. With a CDN the domain is the CDN's and takes no right of its own."
  type        = bool
  default     = false
  nullable    = false
}

variable "cdn" {
  description = "Whether the deploy role may manage CloudFront distributions and cache policies; true or false."
  type        = bool
  default     = false
  nullable    = false
}

variable "budget" {
  description = "A budget of the account: `email` is told when a month has cost 80 % of `usd` (US dollars), or will cost more than all of it; null for none."
  type        = object({ usd = number, email = string })
  default     = null

  validation {
    condition     = var.budget == null || try(var.budget.usd > 0, false)
    error_message = "budget.usd must be above 0 US dollars a month."
  }

  validation {
    condition     = var.budget == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.budget.email))
    error_message = "budget.email must be an e-mail address."
  }
}
