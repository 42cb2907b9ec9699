//! Whether the caller may do what bootstrap does, as IAM simulates it.

use aws_sdk_iam::types::PolicyEvaluationDecisionType;

use super::identity::Identity;
use super::{Check, Deployment};
use crate::store::{Failure, Session};

/// What applying terraform/bootstrap takes. Actions that read and that tag come along with these in
/// every policy of AWS's own.
const ACTIONS: [&str; 12] = [
    "iam:AttachRolePolicy",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreatePolicy",
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "s3:CreateBucket",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
];

pub(super) async fn check(
    session: &Session,
    deployment: &Deployment,
    identity: &Identity,
) -> Result<Option<Check>, Failure> {
    // IAM simulates users and roles. An account's root user may do everything that its organisation allows.
    if identity.arn.ends_with(":root") {
        return Ok(None);
    }
    let iam = session.iam(deployment.regions.first().map(String::as_str))?;
    let principal = match assumed_role(&identity.arn) {
        None => identity.arn.clone(),
        Some(role) => match iam.get_role().role_name(role).send().await {
            Ok(found) => found.role().map(|role| role.arn().to_owned()).unwrap_or_default(),
            Err(error) => {
                let failure = Failure::aws(format!("look for the role {role}"), error);
                return Ok(Some(Check::not_checked(&failure, "iam:GetRole")));
            }
        },
    };
    let mut denied = vec![];
    let mut pages = iam
        .simulate_principal_policy()
        .policy_source_arn(principal)
        .set_action_names(Some(ACTIONS.map(String::from).into()))
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => denied.extend(
                page.evaluation_results()
                    .iter()
                    .filter(|result| *result.eval_decision() != PolicyEvaluationDecisionType::Allowed)
                    .map(|result| result.eval_action_name().to_owned()),
            ),
            Err(error) => {
                let failure = Failure::aws("simulate what the caller may do", error);
                return Ok(Some(Check::not_checked(&failure, "iam:SimulatePrincipalPolicy")));
            }
        }
    }
    Ok(Some(if denied.is_empty() {
        Check::ok("the caller may apply bootstrap")
    } else {
        Check::problem(
            format!("the caller may not apply bootstrap: IAM denies {}", denied.join(", ")),
            "apply terraform/bootstrap with an administrator's credentials",
        )
    }))
}

/// The name of the role in `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`.
fn assumed_role(arn: &str) -> Option<&str> {
    arn.split_once(":assumed-role/")?.1.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_behind_a_session() {
        assert_eq!(assumed_role("arn:aws:sts::1:assumed-role/admin/me@example.org"), Some("admin"));
        assert_eq!(assumed_role("arn:aws:iam::1:user/team/me"), None);
    }
}
