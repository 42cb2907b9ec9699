//! Checks for all errors in the datasets, without writing anything.
//!
//! Rows are checked as they pass by (`table`). What needs more than one row, keys and references,
//! is checked on their columns alone, in a temporary database (`store`); most tables need none,
//! since a key that ascends is verified as unique on the way.

mod locate;
mod store;

use std::path::Path;

use crate::failure::Failure;
use crate::progress::Progress;
use datapackage::descriptor;
use datapackage::finding::Findings;
use datapackage::schema::Dataset;

/// The result of a check.
pub struct Checked {
    /// What it found, in order.
    pub findings: Findings,
    /// How many datasets were read.
    pub datasets: usize,
    /// How many tables.
    pub tables: usize,
    /// How many rows were checked.
    pub rows: u64,
}

impl Checked {
    pub(crate) fn new(findings: Findings, datasets: &[Dataset]) -> Self {
        let tables = datasets.iter().map(|dataset| dataset.tables.len()).sum();
        Self { findings, datasets: datasets.len(), tables, rows: 0 }
    }
}

/// Checks all datasets below `datasets`. Errors: what stops the builder itself.
pub fn check(datasets: &Path, progress: &Progress) -> Result<Checked, Failure> {
    let (loaded, findings) = load_descriptors(datasets)?;
    let mut checked = Checked::new(findings, &loaded);
    let (rows, found) = check_rows(&loaded, &shown(datasets), progress)?;
    checked.findings.append(found);
    checked.findings.sort();
    checked.rows = rows;
    Ok(checked)
}

pub(crate) use store::check_rows;

pub(crate) fn load_descriptors(datasets: &Path) -> Result<(Vec<Dataset>, Findings), Failure> {
    let mut findings = Vec::new();
    let loaded = descriptor::load(datasets, &mut findings).map_err(Failure::Datasets)?;
    Ok((loaded, findings.into()))
}

/// The datasets directory as findings show it: as given, without a final `/`.
pub(crate) fn shown(datasets: &Path) -> String {
    let shown = datasets.to_string_lossy();
    match shown.trim_end_matches('/') {
        "" => "/".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}
