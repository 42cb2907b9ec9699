//! How many executions the account has in a region.

use super::Check;
use crate::store::{Failure, Session};

/// What Lambda keeps for functions without a reservation (Lambda Developer Guide, "Configuring reserved concurrency").
const UNRESERVED: i32 = 100;

pub(super) async fn check(session: &Session, region: &str, reserve: Option<i32>) -> Result<Check, Failure> {
    let settings = match session.lambda(Some(region))?.get_account_settings().send().await {
        Ok(settings) => settings,
        Err(error) => {
            let failure = Failure::aws(format!("read Lambda's quotas in {region}"), error);
            return Ok(Check::not_checked(&failure, "lambda:GetAccountSettings"));
        }
    };
    let limit = settings.account_limit();
    let all = limit.map_or(0, |limit| limit.concurrent_executions());
    let unreserved = limit.and_then(|limit| limit.unreserved_concurrent_executions()).unwrap_or(all);
    let available = (unreserved - UNRESERVED).max(0);
    let raise = format!(
        "aws service-quotas request-service-quota-increase --region {region} --service-code lambda --quota-code \
         L-B99A9384 --desired-value 1000"
    );
    Ok(match reserve {
        Some(wanted) if wanted > available => Check::problem(
            format!(
                "{region}: {wanted} concurrent executions are to be reserved, and {available} of {all} can be"
            ),
            format!(
                "leave reserved_concurrency out, or set it to at most {available}, or have the quota raised: {raise}"
            ),
        ),
        _ if all < UNRESERVED => Check::warning(
            format!(
                "{region}: Lambda runs {all} requests at the same time in this account; others get status 429"
            ),
            format!(
                "have the quota raised, and until then set alarms.concurrency = {} for terraform/service: {raise}",
                all * 4 / 5
            ),
        ),
        _ => Check::ok(format!("{region}: {all} concurrent executions, {unreserved} of them not reserved")),
    })
}
