//! Where releases are stored: a bucket, or one in each region that serves.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::failure::Failure;

/// The root that a release applies, in the directory of Terraform's roots: function and aliases.
pub(crate) const RELEASE_ROOT: &str = "release";

/// The root of what is in front of the function: API, logs, alarms, domain, CDN.
pub(crate) const SERVICE_ROOT: &str = "service";

/// The variables that bootstrap passes to both of them (terraform/README.md).
pub(crate) const VARIABLES: &str = "bootstrap.auto.tfvars.json";

/// Where releases are stored, and which function serves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The buckets; the channel is in the first.
    pub locations: Vec<BucketLocation>,
    /// The function's name, the same in every region; `None` where only buckets were named.
    pub function: Option<String>,
}

/// A bucket's name and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketLocation {
    /// Its region; `None` leaves it to AWS_REGION and the profile.
    pub region: Option<String>,
    /// Its name.
    pub bucket: String,
}

impl Target {
    /// The target of buckets given as `[REGION=]NAME`. Errors: a name is empty or repeated.
    pub fn from_buckets(buckets: &[String]) -> Result<Self, Failure> {
        let mut locations: Vec<BucketLocation> = vec![];
        for bucket in buckets {
            let location = match bucket.split_once('=') {
                Some((region, name)) => BucketLocation { region: Some(region.into()), bucket: name.into() },
                None => BucketLocation { region: None, bucket: bucket.clone() },
            };
            if location.bucket.is_empty()
                || location.region.as_deref() == Some("")
                || locations.contains(&location)
            {
                return Err(Failure::refused(
                    format!("`--bucket {bucket}` names no bucket, or the same one again"),
                    "pass `--bucket NAME` or `--bucket REGION=NAME`, once for each region",
                ));
            }
            locations.push(location);
        }
        Ok(Self { locations, function: None })
    }

    /// The target that Terraform's roots in `directory` are set up for. Errors: bootstrap's
    /// output is missing or invalid.
    pub fn from_terraform(directory: &Path) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Variables {
            name: String,
            regions: Vec<String>,
            artifact_buckets: BTreeMap<String, String>,
        }
        let path = directory.join(RELEASE_ROOT).join(VARIABLES);
        let help = format!(
            "`publisher init --terraform {}` writes it from bootstrap's outputs",
            directory.display()
        );
        let refused =
            |why: String| Failure::refused(format!("`{}` can't be used: {why}", path.display()), &help);
        let bytes = std::fs::read(&path).map_err(|error| refused(error.to_string()))?;
        let variables: Variables =
            serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
        let locations = variables
            .regions
            .iter()
            .map(|region| match variables.artifact_buckets.get(region) {
                Some(bucket) => Ok(BucketLocation { region: Some(region.clone()), bucket: bucket.clone() }),
                None => Err(refused(format!("artifact_buckets has no bucket for {region}"))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if locations.is_empty() {
            return Err(refused("regions is empty".into()));
        }
        Ok(Self { locations, function: Some(format!("{}-reader", variables.name)) })
    }
}
