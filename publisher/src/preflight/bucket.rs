//! Whether bootstrap's buckets can be made: a bucket's name is unique among all accounts.

use super::identity::Identity;
use super::{Check, Deployment};
use crate::store::{AwsErrorKind, BucketLocation, Failure, Session};

/// The buckets that bootstrap makes (terraform/bootstrap/versions.tf).
pub(super) fn locations(deployment: &Deployment, identity: &Identity) -> Vec<BucketLocation> {
    let location = |kind: &str, region: &String| BucketLocation {
        region: Some(region.clone()),
        bucket: format!("{}-{kind}-{}-{region}", deployment.name, identity.account),
    };
    let state = deployment.regions.first().map(|region| location("state", region));
    state.into_iter().chain(deployment.regions.iter().map(|region| location("artifacts", region))).collect()
}

pub(super) async fn check(session: &Session, location: &BucketLocation) -> Result<Check, Failure> {
    let name = &location.bucket;
    Ok(match session.bucket(location)?.exists().await {
        Ok(true) => Check::ok(format!("bucket {name} exists, in this account")),
        Ok(false) => Check::ok(format!("bucket {name} can be created")),
        Err(Failure::Aws { kind: AwsErrorKind::Denied | AwsErrorKind::OtherRegion(_), .. }) => {
            Check::problem(
                format!("bucket {name} exists, and is another account's or in another region"),
                "set another `name` in terraform/bootstrap/terraform.tfvars, and pass it here",
            )
        }
        Err(failure) => Check::not_checked(&failure, "s3:ListBucket"),
    })
}
