//! A database alone: without a manifest, a commit or a change feed.

use std::path::Path;

use super::load::{BuildError, load, needs_check};
use crate::check::{Checked, check, load_descriptors, shown};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::table::rows::Summary;
use datapackage::schema::Dataset;

/// Writes the database of all datasets below `datasets` at `database`, which does not exist yet:
/// without a manifest, a commit or a change feed. Returns what was found, and whether the database
/// is there: it is not where there are errors.
pub(crate) fn build_database(
    datasets: &Path,
    database: &Path,
    progress: &Progress,
) -> Result<(Checked, bool), Failure> {
    let (loaded, mut findings) = load_descriptors(datasets)?;
    if findings.has_errors() {
        return Ok((check(datasets, progress)?, false));
    }
    match load(database, &loaded, &shown(datasets), &mut findings, progress, &mut |_| Ok(())) {
        Ok(summaries) => {
            if let Some(checked) = found_by_check(datasets, &loaded, &summaries, progress)? {
                return Ok((checked, false));
            }
            findings.sort();
            let mut checked = Checked::new(findings, &loaded);
            checked.rows = summaries.iter().map(|summary| summary.rows).sum();
            Ok((checked, true))
        }
        Err(BuildError::Failure(failure)) => Err(failure),
        Err(BuildError::Data) => Ok((described(check(datasets, progress)?)?, false)),
    }
}

/// What only `check` finds in tables that were loaded: keys and references that are the same point in time in
/// different texts. `None` where they are right.
pub(crate) fn found_by_check(
    datasets: &Path,
    loaded: &[Dataset],
    summaries: &[Summary],
    progress: &Progress,
) -> Result<Option<Checked>, Failure> {
    if !needs_check(loaded, summaries) {
        return Ok(None);
    }
    let checked = check(datasets, progress)?;
    Ok(checked.findings.has_errors().then_some(checked))
}

/// What stopped the load must be among what the check says.
pub(crate) fn described(checked: Checked) -> Result<Checked, Failure> {
    if checked.findings.has_errors() {
        return Ok(checked);
    }
    Err(Failure::Refused("the datasets changed while they were read; build again".into()))
}
