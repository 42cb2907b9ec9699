//! `/<table>.csv` etc.: a table as a file to keep.

use super::Format;

/// How a table is wanted as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Download {
    /// What stands behind the table's name, with its dot.
    pub(crate) extension: &'static str,
    pub(crate) format: Format,
}

const DOWNLOADS: [Download; 3] = [
    Download { extension: ".csv", format: Format::Csv },
    Download { extension: ".json", format: Format::Json },
    Download { extension: ".ndjson", format: Format::Lines },
];

impl Download {
    /// The table's name and its form, where `name` ends with an extension. Whether a table has
    /// the whole name is for the caller to find out first: it takes precedence.
    pub(crate) fn split(name: &str) -> Option<(&str, Self)> {
        DOWNLOADS.into_iter().find_map(|download| {
            let table = name.strip_suffix(download.extension)?;
            (!table.is_empty()).then_some((table, download))
        })
    }
}
