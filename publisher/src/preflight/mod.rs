//! What can be known of an account before anything is made in it: its quotas, what exists only once
//! in an account, names that others have taken, and what the caller may do.
//!
//! Every request only reads. A check that the caller may not make is reported as not made.

mod access;
mod bucket;
mod check;
mod concurrency;
mod identity;
mod log_delivery;

pub use check::{Check, Verdict};

use crate::store::{Failure, Session};

/// What is to be deployed.
pub struct Deployment {
    /// What everything is called after.
    pub name: String,
    /// The regions that will serve; the first one also holds Terraform's state.
    pub regions: Vec<String>,
    /// The reservation of concurrent executions, if one is to be set.
    pub reserve: Option<i32>,
    /// The OIDC provider that bootstrap's variables name.
    pub oidc_provider: Option<String>,
}

/// Checks the account for a deployment. Errors: AWS does not accept the caller.
pub async fn preflight(session: &Session, deployment: &Deployment) -> Result<Vec<Check>, Failure> {
    let (identity, mut checks) = identity::identify(session, deployment).await?;
    checks.extend(access::check(session, deployment, &identity).await?);
    for region in &deployment.regions {
        checks.push(concurrency::check(session, region, deployment.reserve).await?);
        checks.push(log_delivery::check(session, region, &identity).await?);
    }
    for location in bucket::locations(deployment, &identity) {
        checks.push(bucket::check(session, &location).await?);
    }
    Ok(checks)
}
