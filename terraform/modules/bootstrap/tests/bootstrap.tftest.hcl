# What the roles may do, who may take them, and how the buckets are closed.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

variables {
  regions = ["eu-central-1", "us-east-1"]
  subjects = {
    plan    = ["repo:acme/data:pull_request"]
    publish = ["repo:acme/data:ref:refs/heads/main"]
    deploy  = ["repo:acme/data:environment:production"]
  }
}

run "subjects_as_github_wrote_them" {
  command = plan

  assert {
    condition = { for role, document in data.aws_iam_policy_document.trust : role => jsondecode(document.json).Statement[0].Condition } == {
      plan = { StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:acme/data:pull_request"
      } }
      publish = { StringEquals = {
        "token.actions.githubusercontent.com:aud"              = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:job_workflow_ref" = "acme/data/.github/workflows/release.yml@refs/heads/main"
        "token.actions.githubusercontent.com:ref"              = "refs/heads/main"
        "token.actions.githubusercontent.com:sub"              = "repo:acme/data:ref:refs/heads/main"
      } }
      deploy = { StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:job_workflow_ref" = [
          "acme/data/.github/workflows/reconcile.yml@refs/heads/main",
          "acme/data/.github/workflows/release.yml@refs/heads/main",
          "acme/data/.github/workflows/rollback.yml@refs/heads/main",
          "acme/data/.github/workflows/settings.yml@refs/heads/main",
        ]
        "token.actions.githubusercontent.com:ref" = "refs/heads/main"
        "token.actions.githubusercontent.com:sub" = "repo:acme/data:environment:production"
      } }
    }
    error_message = "each role is for one audience and its exact subject, and what writes for one branch's workflows"
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.trust :
      length(jsondecode(document.json).Statement) == 1 &&
      jsondecode(document.json).Statement[0].Action == "sts:AssumeRoleWithWebIdentity" &&
      jsondecode(document.json).Statement[0].Principal == { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
    ])
    error_message = "GitHub's tokens are the only way in"
  }

  assert {
    condition     = { for role, resource in aws_iam_role.ci : resource.name => resource.max_session_duration } == { coldpress-plan = 3600, coldpress-publish = 3600, coldpress-deploy = 3600 }
    error_message = "three roles, an hour each"
  }

  assert {
    condition     = { for role, attachment in aws_iam_role_policy_attachment.read : role => attachment.role } == { plan = "coldpress-plan", deploy = "coldpress-deploy" } && keys(aws_iam_role_policy.ci) == ["deploy", "publish"]
    error_message = "plan and deploy read, and plan does nothing else"
  }

  assert {
    condition     = aws_iam_openid_connect_provider.github[0].url == "https://token.actions.githubusercontent.com" && aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "the provider is GitHub's"
  }
}

run "subjects_as_github_writes_them_now" {
  command = plan

  variables {
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    subjects = {
      plan    = ["repo:acme@1234/data@567890:pull_request", "repo:acme/data:pull_request"]
      publish = ["repo:acme@1234/data@567890:ref:refs/heads/main"]
      deploy  = ["repo:acme@1234/data@567890:environment:production"]
    }
  }

  assert {
    condition = { for role, document in data.aws_iam_policy_document.trust : role => jsondecode(document.json).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] } == {
      plan    = ["repo:acme/data:pull_request", "repo:acme@1234/data@567890:pull_request"]
      publish = "repo:acme@1234/data@567890:ref:refs/heads/main"
      deploy  = "repo:acme@1234/data@567890:environment:production"
    }
    error_message = "the immutable form is matched exactly, and both forms where both are given"
  }

  assert {
    condition = {
      for role, document in data.aws_iam_policy_document.trust : role =>
      jsondecode(document.json).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:job_workflow_ref"]
      if role != "plan"
      } == {
      publish = "acme/data/.github/workflows/release.yml@refs/heads/main"
      deploy = [
        "acme/data/.github/workflows/reconcile.yml@refs/heads/main",
        "acme/data/.github/workflows/release.yml@refs/heads/main",
        "acme/data/.github/workflows/rollback.yml@refs/heads/main",
        "acme/data/.github/workflows/settings.yml@refs/heads/main",
      ]
    }
    error_message = "a workflow is named without the ids"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "an account's provider that is there already is used"
  }
}

run "a_branch_of_another_name" {
  command = plan

  variables {
    branch = "release/data"
    subjects = {
      plan    = ["repo:acme/data:pull_request"]
      publish = ["repo:acme/data:ref:refs/heads/release/data", "repo:acme@1234/data@567890:ref:refs/heads/release/data"]
      deploy  = ["repo:acme/data:environment:production", "repo:acme@1234/data@567890:environment:production"]
    }
  }

  assert {
    condition = [
      for claim in ["ref", "job_workflow_ref", "sub"] : jsondecode(data.aws_iam_policy_document.trust["publish"].json).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:${claim}"]
      ] == [
      "refs/heads/release/data",
      "acme/data/.github/workflows/release.yml@refs/heads/release/data",
      ["repo:acme/data:ref:refs/heads/release/data", "repo:acme@1234/data@567890:ref:refs/heads/release/data"],
    ]
    error_message = "one repository in two forms is one"
  }
}

run "workflows_of_another_repository" {
  command = plan

  variables {
    workflows = { repository = "coldpress/coldpress" }
  }

  assert {
    condition = { for role, document in data.aws_iam_policy_document.trust : role => jsondecode(document.json).Statement[0].Condition if role != "deploy" } == {
      plan = { StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:acme/data:pull_request"
      } }
      publish = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:ref" = "refs/heads/main"
          "token.actions.githubusercontent.com:sub" = "repo:acme/data:ref:refs/heads/main"
        }
        StringLike = {
          "token.actions.githubusercontent.com:job_workflow_ref" = [
            "coldpress/coldpress/.github/workflows/data.yml@refs/tags/v*",
            "coldpress/coldpress/.github/workflows/release.yml@refs/tags/v*",
          ]
        }
      }
    }
    error_message = "the subject and the branch are compared as a whole, the workflow's version as a pattern"
  }
}

run "workflows_of_any_repository" {
  command = plan

  variables {
    workflows = { repository = "coldpress/*" }
  }

  expect_failures = [var.workflows]
}

run "workflows_of_any_branch" {
  command = plan

  variables {
    workflows = { repository = "coldpress/coldpress", refs = ["refs/heads/*"] }
  }

  expect_failures = [var.workflows]
}

run "a_branch_that_no_subject_names" {
  command = plan

  variables {
    branch = "release"
  }

  expect_failures = [var.branch]
}

run "a_branch_with_wildcard" {
  command = plan

  variables {
    branch = "release/*"
  }

  expect_failures = [var.branch]
}

run "nobody_makes_rights" {
  command = plan

  variables {
    domain_zone_id = "Z0123456789"
    cdn            = true
  }

  assert {
    condition = flatten([
      for document in [data.aws_iam_policy_document.read, data.aws_iam_policy_document.publish, data.aws_iam_policy_document.deploy, data.aws_iam_policy_document.function] : [
        for statement in jsondecode(document.json).Statement : [
          for action in flatten([statement.Action]) : action if startswith(action, "iam:")
        ]
      ]
    ]) == ["iam:PassRole"]
    error_message = "the one iam action is passing the reader's role"
  }

  assert {
    condition = [
      for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement :
      [statement.Resource, statement.Condition.StringEquals["iam:PassedToService"]] if statement.Action == "iam:PassRole"
    ] == [["arn:aws:iam::111122223333:role/coldpress-reader", "lambda.amazonaws.com"]]
    error_message = "the role is the reader's, and goes to Lambda only"
  }

  assert {
    condition = alltrue(flatten([
      for document in [data.aws_iam_policy_document.read, data.aws_iam_policy_document.publish, data.aws_iam_policy_document.deploy, data.aws_iam_policy_document.function] : [
        for statement in jsondecode(document.json).Statement : [
          for action in flatten([statement.Action]) : !strcontains(action, "*") && statement.Effect == "Allow"
        ]
      ]
    ]))
    error_message = "every action is named"
  }

  assert {
    condition = toset(flatten([
      for document in [data.aws_iam_policy_document.read, data.aws_iam_policy_document.publish, data.aws_iam_policy_document.deploy, data.aws_iam_policy_document.function] : [
        for statement in jsondecode(document.json).Statement : statement.Sid if contains(flatten([statement.Resource]), "*")
      ]
    ])) == toset(["CreateCdn", "DeliverAccessLog", "ReadLists", "RequestCertificates"])
    error_message = "only what AWS can't narrow is allowed on everything"
  }
}

run "publish" {
  command = plan

  assert {
    condition = flatten([
      for statement in jsondecode(data.aws_iam_policy_document.publish.json).Statement : statement.Resource
      if contains(flatten([statement.Action]), "s3:PutObject")
      ]) == [
      "arn:aws:s3:::coldpress-artifacts-111122223333-us-east-1/readers/*",
      "arn:aws:s3:::coldpress-artifacts-111122223333-us-east-1/db/*",
      "arn:aws:s3:::coldpress-artifacts-111122223333-us-east-1/attestations/*",
      "arn:aws:s3:::coldpress-artifacts-111122223333-eu-central-1/readers/*",
      "arn:aws:s3:::coldpress-artifacts-111122223333-eu-central-1/db/*",
      "arn:aws:s3:::coldpress-artifacts-111122223333-eu-central-1/attestations/*",
    ]
    error_message = "publish puts on three prefixes, in each region's bucket"
  }

  assert {
    condition = toset(flatten([for statement in jsondecode(data.aws_iam_policy_document.publish.json).Statement : statement.Action])) == toset([
      "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
    ])
    error_message = "publish does nothing but put and look; it deletes nothing"
  }
}

run "plan_reads" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.read.json).Statement : [
        for action in flatten([statement.Action]) : can(regex("^[a-z0-9]+:(Get|List|Describe|GET)", action))
      ]
    ]))
    error_message = "plan reads only"
  }
}

run "deploy" {
  command = plan

  assert {
    condition = {
      for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : statement.Sid => statement.Resource
      if contains(["WriteState", "LockState", "WriteAliases"], statement.Sid)
      } == {
      WriteState = [
        "arn:aws:s3:::coldpress-state-111122223333-eu-central-1/coldpress/service.tfstate",
        "arn:aws:s3:::coldpress-state-111122223333-eu-central-1/coldpress/release.tfstate",
      ]
      LockState = [
        "arn:aws:s3:::coldpress-state-111122223333-eu-central-1/coldpress/service.tfstate.tflock",
        "arn:aws:s3:::coldpress-state-111122223333-eu-central-1/coldpress/release.tfstate.tflock",
      ]
      WriteAliases = "arn:aws:lambda:*:111122223333:function:coldpress-reader:live"
    }
    error_message = "deploy has this state and this function"
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : [
        for resource in flatten([statement.Resource]) : !contains(flatten([statement.Action]), "lambda:DeleteFunction") || endswith(resource, ":function:coldpress-reader:*")
      ]
    ]))
    error_message = "deploy deletes versions, never the function"
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(data.aws_iam_policy_document.deploy.json).Statement : [
        for action in flatten([statement.Action]) : !contains(["s3:DeleteBucket", "s3:PutBucketPolicy", "s3:DeleteObjectVersion"], action)
      ]
    ]))
    error_message = "deploy leaves buckets alone"
  }

  assert {
    condition = alltrue(flatten([
      for document in [data.aws_iam_policy_document.read, data.aws_iam_policy_document.publish, data.aws_iam_policy_document.deploy] : [
        for statement in jsondecode(document.json).Statement : [
          for resource in flatten([statement.Resource]) :
          toset(flatten([statement.Condition.StringEquals["aws:RequestedRegion"]])) == toset(["eu-central-1", "us-east-1"]) if can(regex("^arn:aws:[a-z]+:\\*:", resource))
        ]
      ]
    ]))
    error_message = "what is of any region is of the deployment's regions only"
  }
}

run "external_domain" {
  command = plan

  variables {
    external_domain = true
  }

  assert {
    condition = alltrue([
      for document in [data.aws_iam_policy_document.read, data.aws_iam_policy_document.deploy] : anytrue([
        for statement in jsondecode(document.json).Statement :
        contains(["ReadApi", "WriteApi"], statement.Sid) && contains(flatten([statement.Resource]), "arn:aws:apigateway:*::/domainnames/*")
      ])
    ])
    error_message = "deploy gives an API its domain, and plan reads it"
  }

  assert {
    condition = alltrue(flatten([
      for document in [data.aws_iam_policy_document.read, data.aws_iam_policy_document.deploy] : [
        for statement in jsondecode(document.json).Statement : [
          for action in flatten([statement.Action]) : !startswith(action, "route53:") && !startswith(action, "acm:")
        ]
      ]
    ]))
    error_message = "records and certificates are somebody else's"
  }
}

# The longest region codes that there are, and a zone, a repository and workflows with the longest names.
run "eight_regions_and_the_longest_names" {
  command = plan

  variables {
    name           = "coldpress-for-a-shop"
    regions        = ["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"]
    domain_zone_id = "Z0123456789ABCDEFGHIJKLMNOPQRSTU"
    cdn            = true
    subjects = {
      plan    = [for id in ["", "@1234567890"] : "repo:${join("", [for n in range(39) : "o"])}${id}/${join("", [for n in range(100) : "r"])}${id}:pull_request"]
      publish = [for id in ["", "@1234567890"] : "repo:${join("", [for n in range(39) : "o"])}${id}/${join("", [for n in range(100) : "r"])}${id}:ref:refs/heads/main"]
      deploy  = [for id in ["", "@1234567890"] : "repo:${join("", [for n in range(39) : "o"])}${id}/${join("", [for n in range(100) : "r"])}${id}:environment:production"]
    }
  }

  # Counted as IAM counts, without blanks (IAM User Guide, "IAM and AWS STS quotas").
  assert {
    condition = alltrue([
      for document in [data.aws_iam_policy_document.publish, data.aws_iam_policy_document.deploy, data.aws_iam_policy_document.function] :
      length(replace(document.json, "/\\s/", "")) <= 10240
    ])
    error_message = "a role's inline policies have at most 10,240 characters together, and each role has one: deploy's has ${length(replace(data.aws_iam_policy_document.deploy.json, "/\\s/", ""))}"
  }

  assert {
    condition     = length(replace(aws_iam_policy.read.policy, "/\\s/", "")) <= 6144
    error_message = "a managed policy has at most 6,144 characters: this one has ${length(replace(aws_iam_policy.read.policy, "/\\s/", ""))}"
  }

  assert {
    condition     = alltrue([for document in data.aws_iam_policy_document.trust : length(replace(document.json, "/\\s/", "")) <= 2048])
    error_message = "a role's trust policy has at most 2,048 characters: deploy's has ${length(replace(data.aws_iam_policy_document.trust["deploy"].json, "/\\s/", ""))}"
  }

  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.this : length(bucket.bucket) <= 63]) && alltrue([for role in aws_iam_role.ci : length(role.name) <= 64])
    error_message = "a bucket's name has at most 63 characters, a role's 64"
  }
}

run "function_writes_its_log" {
  command = plan

  assert {
    condition = jsondecode(data.aws_iam_policy_document.function.json) == {
      Version = "2012-10-17"
      Statement = [{
        Sid    = "OwnLog"
        Effect = "Allow"
        Action = ["logs:PutLogEvents", "logs:CreateLogStream"]
        Resource = [
          "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/coldpress-reader:*",
          "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/coldpress-reader:*",
        ]
      }]
    }
    error_message = "the reader writes its own log and can do nothing else"
  }

  assert {
    condition     = jsondecode(data.aws_iam_policy_document.function_trust.json).Statement[0].Principal == { Service = "lambda.amazonaws.com" }
    error_message = "only Lambda takes the reader's role"
  }
}

run "buckets" {
  command = plan

  assert {
    condition = { for key, bucket in aws_s3_bucket.this : key => [bucket.bucket, bucket.region, bucket.force_destroy] } == {
      state                  = ["coldpress-state-111122223333-eu-central-1", "eu-central-1", false]
      artifacts-eu-central-1 = ["coldpress-artifacts-111122223333-eu-central-1", "eu-central-1", false]
      artifacts-us-east-1    = ["coldpress-artifacts-111122223333-us-east-1", "us-east-1", false]
    }
    error_message = "one bucket for the state, one for releases in each region; none is emptied to be deleted"
  }

  assert {
    condition = alltrue([
      for key, bucket in aws_s3_bucket.this :
      aws_s3_bucket_versioning.this[key].versioning_configuration[0].status == "Enabled" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this[key].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256" &&
      aws_s3_bucket_public_access_block.this[key].block_public_acls && aws_s3_bucket_public_access_block.this[key].block_public_policy &&
      aws_s3_bucket_public_access_block.this[key].ignore_public_acls && aws_s3_bucket_public_access_block.this[key].restrict_public_buckets &&
      aws_s3_bucket_ownership_controls.this[key].rule[0].object_ownership == "BucketOwnerEnforced"
    ])
    error_message = "every bucket is versioned, encrypted and private"
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.bucket :
      contains([for statement in jsondecode(document.json).Statement : [statement.Effect, try(statement.Condition.Bool["aws:SecureTransport"], "")]], ["Deny", "false"])
    ])
    error_message = "every bucket is reached over TLS only"
  }

  assert {
    condition = toset([
      for statement in jsondecode(data.aws_iam_policy_document.bucket["artifacts-us-east-1"].json).Statement : statement.Resource
      if try(statement.Condition.Null["s3:if-none-match"], "") == "true" && statement.Effect == "Deny"
      ]) == toset([
      for prefix in ["db", "readers", "releases", "attestations"] : "arn:aws:s3:::coldpress-artifacts-111122223333-us-east-1/${prefix}/*"
    ])
    error_message = "what is named by its digest is written once"
  }

  assert {
    condition     = alltrue([for lifecycle in aws_s3_bucket_lifecycle_configuration.this : alltrue([for rule in lifecycle.rule : length(rule.expiration) == 0])])
    error_message = "no current object expires by its age alone"
  }

  assert {
    condition = jsonencode({
      for rule in aws_s3_bucket_lifecycle_configuration.this["artifacts-eu-central-1"].rule :
      rule.id => [rule.filter[0].prefix, rule.noncurrent_version_expiration[0].noncurrent_days, rule.noncurrent_version_expiration[0].newer_noncurrent_versions]
      if length(rule.noncurrent_version_expiration) > 0
      }) == jsonencode({
      deleted-attestations = ["attestations/", 30, null]
      deleted-db           = ["db/", 30, null]
      deleted-readers      = ["readers/", 30, null]
      deleted-releases     = ["releases/", 30, null]
      old-channels         = ["channels/", 90, 20]
      old-service-records  = ["service.json", 90, 20]
    })
    error_message = "a deleted release can be restored for 30 days, an old channel is there for 90"
  }
}

run "subject_with_wildcard" {
  command = plan

  variables {
    subjects = {
      plan    = ["repo:acme/data:*"]
      publish = ["repo:acme/data:ref:refs/heads/main"]
      deploy  = ["repo:acme/data:environment:production"]
    }
  }

  expect_failures = [var.subjects]
}

run "subject_with_one_id_only" {
  command = plan

  variables {
    subjects = {
      plan    = ["repo:acme@1234/data:pull_request"]
      publish = ["repo:acme/data:ref:refs/heads/main"]
      deploy  = ["repo:acme/data:environment:production"]
    }
  }

  expect_failures = [var.subjects]
}

run "nobody_to_deploy" {
  command = plan

  variables {
    subjects = {
      plan    = ["repo:acme/data:pull_request"]
      publish = ["repo:acme/data:ref:refs/heads/main"]
      deploy  = []
    }
  }

  expect_failures = [var.subjects]
}

run "pull_requests_that_publish" {
  command = plan

  variables {
    subjects = {
      plan    = ["repo:acme/data:pull_request"]
      publish = ["repo:acme/data:pull_request"]
      deploy  = ["repo:acme/data:environment:production"]
    }
  }

  expect_failures = [var.subjects]
}

run "oidc_provider_of_somebody_else" {
  command = plan

  variables {
    oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/example.org"
  }

  expect_failures = [var.oidc_provider_arn]
}

run "zone_by_name" {
  command = plan

  variables {
    domain_zone_id = "example.org"
  }

  expect_failures = [var.domain_zone_id]
}

run "bootstrap_name_too_long" {
  command = plan

  variables {
    name = "a-name-that-is-far-too-long"
  }

  expect_failures = [var.name]
}

run "bootstrap_without_region" {
  command = plan

  variables {
    regions = []
  }

  expect_failures = [var.regions]
}

run "no_budget" {
  command = plan

  assert {
    condition     = length(aws_budgets_budget.month) == 0
    error_message = "a budget is asked for"
  }
}

run "budget" {
  command = plan

  variables {
    budget = { usd = 50, email = "ops@example.org" }
  }

  assert {
    condition = (
      aws_budgets_budget.month[0].limit_amount == "50" && aws_budgets_budget.month[0].limit_unit == "USD" &&
      { for n in aws_budgets_budget.month[0].notification : n.notification_type => [n.threshold, one(n.subscriber_email_addresses)] } ==
      { ACTUAL = [80, "ops@example.org"], FORECASTED = [100, "ops@example.org"] }
    )
    error_message = "somebody is told before the money is spent"
  }
}

run "budget_of_nothing" {
  command = plan

  variables {
    budget = { usd = 0, email = "ops@example.org" }
  }

  expect_failures = [var.budget]
}

run "budget_for_nobody" {
  command = plan

  variables {
    budget = { usd = 50, email = "ops" }
  }

  expect_failures = [var.budget]
}
