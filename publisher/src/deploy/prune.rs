//! Deletes old versions of the function. Their packages stay in S3 (`expire`): `rollback` publishes them again.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::function::{Alias, Function, Version};
use crate::store::Failure;

/// How many of the newest versions stay, at any age.
pub const KEEP: usize = 20;
/// How many days a version stays, at any number.
pub const KEEP_DAYS: i64 = 30;

/// The versions that were deleted.
#[derive(Debug, Serialize)]
pub struct Pruned {
    /// The versions that were deleted, or would be, by region.
    pub deleted: BTreeMap<String, Vec<u64>>,
    /// How many stay, by region.
    pub kept: BTreeMap<String, usize>,
    /// Whether nothing was deleted, only listed.
    pub dry_run: bool,
}

/// Deletes old versions as of `now`, in seconds since 1970. With `dry_run`, lists them only.
pub async fn prune(functions: &[Function], now: i64, dry_run: bool) -> Result<Pruned, Failure> {
    let mut pruned = Pruned { deleted: BTreeMap::new(), kept: BTreeMap::new(), dry_run };
    for function in functions {
        let versions = function.versions().await?;
        let mut deleted = vec![];
        for version in old(&versions, &function.aliases().await?, now) {
            if !dry_run {
                // An alias may have moved since: check again before each deletion.
                if held(&function.aliases().await?).contains(&version) {
                    continue;
                }
                function.delete(version).await?;
            }
            deleted.push(version);
        }
        pruned.kept.insert(function.region.clone(), versions.len() - deleted.len());
        pruned.deleted.insert(function.region.clone(), deleted);
    }
    Ok(pruned)
}

/// The versions that nothing needs, of `versions`, oldest first.
fn old(versions: &[Version], aliases: &[Alias], now: i64) -> Vec<u64> {
    let held = held(aliases);
    let youngest = now - KEEP_DAYS * 24 * 60 * 60;
    versions
        .iter()
        .rev()
        .skip(KEEP)
        .filter(|version| version.published < youngest && !held.contains(&version.number))
        .map(|version| version.number)
        .rev()
        .collect()
}

fn held(aliases: &[Alias]) -> BTreeSet<u64> {
    aliases.iter().flat_map(|alias| alias.weights.iter().copied().chain([alias.version])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Settings;

    const DAY: i64 = 24 * 60 * 60;

    fn versions(count: u64) -> Vec<Version> {
        // One a day, the newest today.
        let published = |number: u64| -((count - number).cast_signed()) * DAY;
        (1..=count)
            .map(|number| Version {
                number,
                code_sha256: String::new(),
                published: published(number),
                settings: Settings::default(),
            })
            .collect()
    }

    fn alias(version: u64, weights: &[u64]) -> Alias {
        Alias { name: "live".into(), version, weights: weights.into() }
    }

    #[test]
    fn versions_of_an_alias_and_its_weights_stay() {
        assert_eq!(old(&versions(35), &[alias(35, &[])], 0), [1, 2, 3, 4]);
        assert_eq!(old(&versions(35), &[alias(2, &[4]), alias(35, &[])], 0), [1, 3]);
    }

    #[test]
    fn versions_that_are_new_by_number_or_by_age_stay() {
        // 31 to 35 days old, but among the newest twenty.
        assert_eq!(old(&versions(20), &[], 100 * DAY), Vec::<u64>::new());
        assert_eq!(old(&versions(21), &[], 100 * DAY), [1]);
        // 21 versions within 30 days.
        assert_eq!(old(&versions(21), &[], 0), Vec::<u64>::new());
        assert_eq!(old(&versions(31), &[], 0), Vec::<u64>::new());
        assert_eq!(old(&versions(31), &[], 1), [1]);
    }
}
