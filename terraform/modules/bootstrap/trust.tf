# Who may take which role: GitHub's tokens, by their whole subject, and for the roles that write by the
# branch and the workflow of the run too.

locals {
  # As in .github/workflows. A data repository's runs are in data.yml, which calls the others.
  workflows = { plan = [], publish = ["release.yml"], deploy = ["reconcile.yml", "release.yml", "rollback.yml", "settings.yml"] }

  # ORG/REPO, without the ids that a subject may have.
  repositories = { for role, subjects in var.subjects : role => distinct([
    for subject in subjects : join("/", regex("^repo:([^/@:]+)(?:@[0-9]+)?/([^@:]+)(?:@[0-9]+)?:", subject))
  ]) }

  # What is compared beside the subject, claim by claim; AWS's names for them are in its Service Authorization Reference, under
  # sts:AssumeRoleWithWebIdentity. A pull request's run is on no branch. Every job has both claims, and neither has ids in it.
  claims = {
    for role, files in local.workflows : role => length(files) == 0 ? {} : {
      job_workflow_ref = var.workflows == null ? flatten([for repository in local.repositories[role] : [
        for file in files : "${repository}/.github/workflows/${file}@refs/heads/${var.branch}"
        ]]) : flatten([for ref in var.workflows.refs : [
        for file in concat(["data.yml"], files) : "${var.workflows.repository}/.github/workflows/${file}@${ref}"
      ]])
      ref = ["refs/heads/${var.branch}"]
    }
  }

  issuer            = "token.actions.githubusercontent.com"
  oidc_provider_arn = coalesce(var.oidc_provider_arn, "arn:${local.partition}:iam::${local.account}:oidc-provider/${local.issuer}")
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.oidc_provider_arn == null ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  #checkov:skip=CKV_AWS_358:the subjects are a variable that checkov can't see; its validation takes whole claims only, and they are compared by StringEquals
  for_each = { plan = var.subjects.plan, publish = var.subjects.publish, deploy = var.subjects.deploy }

  statement {
    sid     = "GitHubActions"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # StringEquals, never StringLike: a pattern is how other people's repositories get in.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = sort(each.value)
    }

    dynamic "condition" {
      for_each = local.claims[each.key]
      content {
        # A pattern of versions, in the one repository whose workflows these are; whose data it is, the subject says.
        test     = condition.key == "job_workflow_ref" && var.workflows != null ? "StringLike" : "StringEquals"
        variable = "${local.issuer}:${condition.key}"
        values   = sort(condition.value)
      }
    }
  }
}

resource "aws_iam_role" "ci" {
  for_each = data.aws_iam_policy_document.trust

  name               = "${var.name}-${each.key}"
  description        = "GitHub Actions: ${each.key}"
  assume_role_policy = each.value.json

  # An hour: the shortest that AWS offers.
  max_session_duration = 3600

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_policy" "read" {
  name        = "${var.name}-read"
  description = "Reads the state, the releases and what is deployed"
  policy      = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "read" {
  for_each = toset(["plan", "deploy"])

  role       = aws_iam_role.ci[each.key].name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_role_policy" "ci" {
  for_each = {
    publish = data.aws_iam_policy_document.publish.json
    deploy  = data.aws_iam_policy_document.deploy.json
  }

  name   = each.key
  role   = aws_iam_role.ci[each.key].name
  policy = each.value
}

# The function's own role: it writes its log and can do nothing else. The group itself is made
# by Terraform, so the function needs no right to make one.
data "aws_iam_policy_document" "function_trust" {
  statement {
    sid     = "Lambda"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "function" {
  statement {
    sid     = "OwnLog"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      for region in var.regions : "arn:${local.partition}:logs:${region}:${local.account}:log-group:/aws/lambda/${local.function}:*"
    ]
  }
}

resource "aws_iam_role" "function" {
  name               = local.function
  description        = "The reader: writes its own log, nothing else"
  assume_role_policy = data.aws_iam_policy_document.function_trust.json
}

resource "aws_iam_role_policy" "function" {
  name   = "own-log"
  role   = aws_iam_role.function.name
  policy = data.aws_iam_policy_document.function.json
}
