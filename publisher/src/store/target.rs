//! Where releases lie: a bucket, or one in each region that serves.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::failure::Failure;

/// What Terraform's root is told by bootstrap (terraform/README.md).
pub(crate) const VARIABLES: &str = "bootstrap.auto.tfvars.json";

/// Where releases lie, and which function serves them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The buckets; the channel lies in the first.
    pub places: Vec<Place>,
    /// The function's name, the same in every region; `None` where only buckets were named.
    pub function: Option<String>,
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its region; `None` leaves it to AWS_REGION and the profile.
    pub region: Option<String>,
    /// Its name.
    pub bucket: String,
}

impl Target {
    /// A target of `[REGION=]NAME` each. Errors: a name is empty or comes twice.
    pub fn from_buckets(buckets: &[String]) -> Result<Self, Failure> {
        let mut places: Vec<Place> = vec![];
        for bucket in buckets {
            let place = match bucket.split_once('=') {
                Some((region, name)) => Place { region: Some(region.into()), bucket: name.into() },
                None => Place { region: None, bucket: bucket.clone() },
            };
            if place.bucket.is_empty() || place.region.as_deref() == Some("") || places.contains(&place) {
                return Err(Failure::refused(
                    format!("`--bucket {bucket}` names no bucket, or one that was named already"),
                    "write `--bucket NAME` or `--bucket REGION=NAME`, once for each region",
                ));
            }
            places.push(place);
        }
        Ok(Self { places, function: None })
    }

    /// The target that Terraform's root in `directory` is set up for. Errors: bootstrap's output
    /// is not there or not what it must be.
    pub fn from_terraform(directory: &Path) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Variables {
            name: String,
            regions: Vec<String>,
            artifact_buckets: BTreeMap<String, String>,
        }
        let path = directory.join(VARIABLES);
        let help = format!(
            "write bootstrap's output there: terraform -chdir={0}/bootstrap output -json root_variables > {1}",
            directory.display(),
            path.display()
        );
        let refused =
            |why: String| Failure::refused(format!("`{}` can't be used: {why}", path.display()), &help);
        let bytes = std::fs::read(&path).map_err(|error| refused(error.to_string()))?;
        let variables: Variables =
            serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
        let places = variables
            .regions
            .iter()
            .map(|region| match variables.artifact_buckets.get(region) {
                Some(bucket) => Ok(Place { region: Some(region.clone()), bucket: bucket.clone() }),
                None => Err(refused(format!("artifact_buckets has none for {region}"))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if places.is_empty() {
            return Err(refused("regions is empty".into()));
        }
        Ok(Self { places, function: Some(format!("{}-reader", variables.name)) })
    }
}
