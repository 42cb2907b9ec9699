//! The gate: may these datasets be published after that release?

use std::collections::BTreeSet;
use std::path::Path;

use semver::Version;

use super::{Comparison, DatasetDiff, Presence, TableDiff, next, suffices};
use crate::count::{count, grouped};
use crate::failure::Failure;
use datapackage::descriptor;
use datapackage::finding::{Code, Finding, Severity};
use datapackage::schema::Dataset;

/// How much of a table may disappear.
#[derive(Debug, Clone)]
pub struct Shrink {
    /// Percent of its rows.
    pub most: f64,
    /// The tables that may lose more.
    pub allowed: BTreeSet<String>,
}

impl Default for Shrink {
    fn default() -> Self {
        Self { most: 20.0, allowed: BTreeSet::new() }
    }
}

/// A version that was published before, and what it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    /// The version.
    pub version: String,
    /// The digest of its content ([`catalog::dataset_digest`]).
    pub digest: String,
    /// The commit, where it was read from Git or from a change feed.
    pub commit: String,
}

/// Finds what is known of a version of a dataset. Errors: where that is kept can't be read.
pub type Find<'f> = dyn Fn(&Dataset, &str) -> Result<Vec<PublishedVersion>, Failure> + 'f;

/// What keeps the datasets in the directory `root` from being published. `published` are the
/// versions of a dataset that are known. Errors: a descriptor can't be read.
pub fn check(
    comparison: &Comparison<'_>,
    root: &Path,
    datasets: &[Dataset],
    shrink: &Shrink,
    published: &Find<'_>,
) -> Result<Vec<Finding>, Failure> {
    let mut findings = vec![];
    for diff in &comparison.diff.datasets {
        let own = datasets.iter().find(|dataset| dataset.name == diff.name);
        shrinking(comparison, diff, own, root, shrink, &mut findings);
        if let Some(own) = own.filter(|_| diff.presence == Presence::Both) {
            let place = Place::of(own, root)?;
            findings.extend(step(diff, &place));
        }
    }
    for own in datasets {
        let Some(version) = own.version.as_deref().filter(|version| Version::parse(version).is_ok()) else {
            continue;
        };
        let digest = comparison.new.digest(&own.name);
        // Content that equals the old release's is compared with that release alone.
        if comparison.old.dataset(&own.name).is_some() && comparison.old.digest(&own.name) == digest {
            continue;
        }
        let known = published(own, version)?;
        if let Some(other) = known.iter().find(|other| other.version == version && other.digest != digest) {
            let place = Place::of(own, root)?;
            // A finding about this line says so already where the old release has this version.
            if findings.iter().any(|found| found.path == place.path && found.code != Code::RowsLost) {
                continue;
            }
            let commit = other.commit.get(..12).unwrap_or(&other.commit);
            findings.push(place.finding(
                Code::VersionReused,
                format!("version \"{version}\" was published with other content (commit {commit})"),
                "a published version can't change; use the next one".into(),
            ));
        }
    }
    Ok(findings)
}

/// The descriptor and its line about the version.
struct Place {
    path: String,
    line: Option<u64>,
}

impl Place {
    fn of(dataset: &Dataset, root: &Path) -> Result<Self, Failure> {
        let file = root.join(&dataset.path);
        let bytes = std::fs::read(&file).map_err(Failure::io("read", &file))?;
        let version = descriptor::version::find(&dataset.path, &bytes);
        Ok(Self { path: file.display().to_string(), line: version.map(|version| version.line) })
    }

    fn finding(&self, code: Code, message: String, help: String) -> Finding {
        Finding {
            path: self.path.clone(),
            line: self.line,
            column: None,
            code,
            severity: Severity::Error,
            message,
            help: Some(help),
        }
    }
}

/// Whether the version took the step that the changes need.
fn step(diff: &DatasetDiff, place: &Place) -> Option<Finding> {
    // Without a semantic version a dataset is known by its digest.
    let old = Version::parse(diff.old_version.as_deref()?).ok()?;
    let level = diff.level();
    let needed = level.map(|level| next(&old, level));
    let reasons = || {
        let level = level?;
        let first = diff.causes().find(|cause| cause.rule.level() == level)?;
        Some(format!("{} ({})", first.text, level.name()))
    };
    let why = reasons().unwrap_or_default();
    let help = |needed: &Version| format!("{needed} is high enough; `builder bump` writes it");
    let Some(new) = diff.new_version.as_deref().and_then(|version| Version::parse(version).ok()) else {
        let found = match &diff.new_version {
            None => "`version` was removed".to_owned(),
            Some(version) => format!("version \"{version}\" is not a semantic version"),
        };
        let help = match &needed {
            Some(needed) => format!("use {needed}"),
            None => format!("restore {old}"),
        };
        return Some(place.finding(Code::VersionTooLow, format!("{found}, and {old} was published"), help));
    };
    if new.cmp_precedence(&old).is_lt() {
        return Some(place.finding(
            Code::VersionTooLow,
            format!("version \"{new}\" is lower than \"{old}\", which was published"),
            match &needed {
                Some(needed) => help(needed),
                None => format!("restore {old}"),
            },
        ));
    }
    let (level, needed) = (level?, needed?);
    if suffices(&old, &new, level) {
        return None;
    }
    Some(if new.cmp_precedence(&old).is_eq() {
        place.finding(
            Code::VersionUnchanged,
            format!("version is still \"{old}\", but the dataset changed: {why}"),
            help(&needed),
        )
    } else {
        place.finding(
            Code::VersionTooLow,
            format!("version \"{new}\" is too small a step from \"{old}\": {why}"),
            help(&needed),
        )
    })
}

/// The tables that lose too many of their rows.
fn shrinking(
    comparison: &Comparison<'_>,
    diff: &DatasetDiff,
    own: Option<&Dataset>,
    root: &Path,
    shrink: &Shrink,
    findings: &mut Vec<Finding>,
) {
    for table in &diff.tables {
        let lost = lost_rows(comparison, table);
        let share = lost as f64 * 100.0 / table.old_rows as f64;
        if lost == 0 || share <= shrink.most || shrink.allowed.contains(&table.name) {
            continue;
        }
        let what = match comparison.new.table(&table.name) {
            None => format!("was removed with its {}", count(table.old_rows, "row")),
            Some(_) => format!("loses {} of {}", grouped(lost), count(table.old_rows, "row")),
        };
        let message =
            format!("table `{}` {what} ({}), more than {}", table.name, percent(share), percent(shrink.most));
        let file = own.and_then(|own| own.tables.iter().find(|other| other.name == table.name));
        let path = match (file.and_then(|table| table.files.first()), own) {
            (Some(file), _) => root.join(&file.path),
            (None, Some(own)) => root.join(&own.path),
            (None, None) => root.to_owned(),
        };
        findings.push(Finding {
            path: path.display().to_string(),
            line: None,
            column: None,
            code: Code::RowsLost,
            severity: Severity::Error,
            message,
            help: Some(format!("if this is intended, use `--allow-shrink {}`", table.name)),
        });
    }
}

/// How many rows disappear. Without a key, a row with another value can't be distinguished from one
/// removed and one added: there the difference in number counts.
fn lost_rows(comparison: &Comparison<'_>, table: &TableDiff) -> u64 {
    match (table.presence, &table.key) {
        (Presence::Added, _) => 0,
        // It may have gone to another dataset.
        (Presence::Removed, _) => {
            let there = comparison.new.table(&table.name).map_or(0, |table| table.entry.rows);
            table.old_rows.saturating_sub(there)
        }
        (Presence::Both, Some(_)) => table.removed,
        (Presence::Both, None) => table.old_rows.saturating_sub(table.new_rows),
    }
}

fn percent(share: f64) -> String {
    let rounded = (share * 10.0).round() / 10.0;
    format!("{rounded} %")
}
