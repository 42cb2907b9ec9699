//! Who calls, and what exists once in an account: GitHub's OIDC provider, API Gateway's role.

use aws_sdk_iam::Client;

use super::{Check, Deployment};
use crate::store::{AwsErrorKind, Failure, Session};

/// GitHub's issuer of tokens, as its provider's ARN ends.
const ISSUER: &str = "oidc-provider/token.actions.githubusercontent.com";
/// API Gateway's service-linked role.
const API_GATEWAY_ROLE: &str = "AWSServiceRoleForAPIGateway";

/// The caller.
pub(super) struct Identity {
    pub(super) account: String,
    pub(super) arn: String,
    /// The partition of all ARNs: `aws`, `aws-cn`.
    pub(super) partition: String,
}

pub(super) async fn identify(
    session: &Session,
    deployment: &Deployment,
) -> Result<(Identity, Vec<Check>), Failure> {
    let region = deployment.regions.first().map(String::as_str);
    let caller = session.sts(region)?.get_caller_identity().send().await;
    let caller = caller.map_err(|error| Failure::aws("find out whose credentials these are", error))?;
    let arn = caller.arn().unwrap_or_default().to_owned();
    let partition = arn.split(':').nth(1).unwrap_or("aws").to_owned();
    let identity = Identity { account: caller.account().unwrap_or_default().to_owned(), arn, partition };
    let iam = session.iam(region)?;
    let checks = vec![
        Check::ok(format!("account {}, as {}", identity.account, identity.arn)),
        oidc_provider(&iam, deployment, &identity).await,
        service_linked_role(&iam).await,
    ];
    Ok((identity, checks))
}

async fn oidc_provider(iam: &Client, deployment: &Deployment, identity: &Identity) -> Check {
    let expected = format!("arn:{}:iam::{}:{ISSUER}", identity.partition, identity.account);
    let found = match iam.list_open_id_connect_providers().send().await {
        Ok(list) => list.open_id_connect_provider_list().iter().any(|entry| entry.arn() == Some(&*expected)),
        Err(error) => {
            let failure = Failure::aws("list the account's OIDC providers", error);
            return Check::not_checked(&failure, "iam:ListOpenIDConnectProviders");
        }
    };
    match (found, deployment.oidc_provider.as_deref()) {
        (true, Some(arn)) if arn == expected => {
            Check::ok("the account has GitHub's OIDC provider, which bootstrap uses")
        }
        (true, None) => Check::problem(
            "the account has GitHub's OIDC provider already, and AWS allows one",
            format!(
                "set oidc_provider_arn = \"{expected}\" in terraform/bootstrap/terraform.tfvars, and pass it here"
            ),
        ),
        (false, None) => Check::ok("the account has no OIDC provider for GitHub; bootstrap creates it"),
        (_, Some(arn)) => Check::problem(
            format!("the account has no OIDC provider {arn}"),
            "leave oidc_provider_arn out of terraform/bootstrap/terraform.tfvars: bootstrap creates the provider",
        ),
    }
}

async fn service_linked_role(iam: &Client) -> Check {
    match iam.get_role().role_name(API_GATEWAY_ROLE).send().await {
        Ok(_) => Check::ok("the account has API Gateway's service-linked role"),
        Err(error) => match Failure::aws(format!("look for the role {API_GATEWAY_ROLE}"), error) {
            Failure::Aws { kind: AwsErrorKind::Missing, .. } => Check::problem(
                "the account lacks API Gateway's service-linked role, which the role `deploy` can't create",
                "aws iam create-service-linked-role --aws-service-name ops.apigateway.amazonaws.com",
            ),
            failure => Check::not_checked(&failure, "iam:GetRole"),
        },
    }
}
