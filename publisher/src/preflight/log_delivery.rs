//! Whether API Gateway may still be allowed to write an access log: the permission is a line in one of
//! the region's ten resource policies, of 5,120 characters each (CloudWatch Logs User Guide, "Enable
//! logging from AWS services"). All groups under `/aws/vendedlogs/`, ours too, can share a line.

use aws_sdk_cloudwatchlogs::types::ResourcePolicy;

use super::Check;
use super::identity::Identity;
use crate::store::{Failure, Session};

/// The policy to which AWS adds a line for each log group.
const POLICY: &str = "AWSLogDeliveryWrite20150319";
/// Its longest text.
const POLICY_LENGTH: usize = 5120;
/// How many policies a region has.
const POLICIES: usize = 10;

pub(super) async fn check(session: &Session, region: &str, identity: &Identity) -> Result<Check, Failure> {
    let logs = session.logs(region)?;
    let mut policies = vec![];
    let mut token = None;
    loop {
        match logs.describe_resource_policies().set_next_token(token).send().await {
            Ok(page) => {
                policies.extend(page.resource_policies().to_vec());
                token = page.next_token().map(ToOwned::to_owned);
            }
            Err(error) => {
                let failure =
                    Failure::aws(format!("read the resource policies of the logs in {region}"), error);
                return Ok(Check::not_checked(&failure, "logs:DescribeResourcePolicies"));
            }
        }
        if token.is_none() {
            return Ok(evaluate(&policies, region, identity));
        }
    }
}

fn evaluate(policies: &[ResourcePolicy], region: &str, identity: &Identity) -> Check {
    let delivery = policies.iter().find(|policy| policy.policy_name() == Some(POLICY));
    let Some(policy) = delivery else {
        return if policies.len() < POLICIES {
            Check::ok(format!("{region}: an access log can be delivered"))
        } else {
            Check::problem(
                format!(
                    "{region}: CloudWatch Logs has {POLICIES} resource policies, as many as it takes, and none for delivered logs"
                ),
                format!("delete one: aws logs describe-resource-policies --region {region}"),
            )
        };
    };
    let text = policy.policy_document().unwrap_or_default();
    let line = format!(
        ",\"arn:{}:logs:{region}:{}:log-group:/aws/vendedlogs/*\"",
        identity.partition, identity.account
    );
    if text.contains("log-group:/aws/vendedlogs/*") || text.len() + line.len() <= POLICY_LENGTH {
        return Check::ok(format!("{region}: an access log can be delivered"));
    }
    Check::problem(
        format!(
            "{region}: the resource policy {POLICY} has {} of {POLICY_LENGTH} characters, too many for another log group",
            text.len()
        ),
        format!(
            "remove log groups that are gone from it: aws logs describe-resource-policies --region {region}"
        ),
    )
}
