//! The kinds of problem, one row each.

/// Declares the codes once: the variant, its printed name, its meaning.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The kinds of problem. Codes are documented in docs/findings.md and never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of docs/findings.md.
            pub const ALL: &'static [Code] = &[$(Self::$variant,)+];

            /// The code as printed: `type-error`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

codes! {
    // The descriptor.
    /// A descriptor is not JSON or YAML, or not UTF-8.
    InvalidDescriptor = "invalid-descriptor",
    /// A directory has more than one descriptor.
    DuplicateDescriptor = "duplicate-descriptor",
    /// An object contains a property twice.
    DuplicateProperty = "duplicate-property",
    /// A property that the standard demands is absent.
    MissingProperty = "missing-property",
    /// A property's value is not what the standard allows.
    InvalidProperty = "invalid-property",
    /// A property, or a value of it, that the standard has and Coldpress does not do.
    Unsupported = "unsupported",
    /// A dataset's name is used by another dataset.
    DuplicateDataset = "duplicate-dataset",
    /// A resource that is not a table.
    NotTabular = "not-tabular",
    /// A table without a schema.
    MissingSchema = "missing-schema",
    /// A table's name that can not be published.
    InvalidTableName = "invalid-table-name",
    /// A table's name is used by another table.
    DuplicateTable = "duplicate-table",
    /// A file that the descriptor names does not exist or can not be read.
    MissingFile = "missing-file",
    /// A path that leads, or could lead, out of the dataset's directory.
    UnsafePath = "unsafe-path",
    /// Two fields have the same name, or names that differ only in case.
    DuplicateField = "duplicate-field",
    /// More fields than a table can have.
    TooManyFields = "too-many-fields",
    /// A field's name that can not be published.
    InvalidFieldName = "invalid-field-name",
    /// A name that looks like another, or has characters that can't be seen.
    ConfusingName = "confusing-name",
    /// A type that does not exist.
    UnknownType = "unknown-type",
    /// A format that the type does not have.
    UnknownFormat = "unknown-format",
    /// A constraint that does not exist, does not fit its field, or contradicts another.
    InvalidConstraint = "invalid-constraint",
    /// A key names a field that does not exist.
    UnknownField = "unknown-field",
    /// A foreign key names a table that does not exist.
    UnknownTable = "unknown-table",
    /// A foreign key points to columns that are not a key of their table.
    ReferenceNotUnique = "reference-not-unique",
    /// A foreign key's columns differ in type from those it points to.
    ReferenceType = "reference-type",
    /// The version is not a semantic version.
    InvalidVersion = "invalid-version",

    // Files and rows.
    /// A file can not be read.
    UnreadableFile = "unreadable-file",
    /// A file has no header.
    EmptyFile = "empty-file",
    /// The columns of a file are separated by another character than the descriptor says.
    WrongDelimiter = "wrong-delimiter",
    /// A cell is not UTF-8.
    NotUtf8 = "not-utf8",
    /// A row is larger than can be published.
    RowTooLong = "row-too-long",
    /// A quote that nothing closes.
    UnclosedQuote = "unclosed-quote",
    /// Text after the quote that closes a cell.
    StrayQuote = "stray-quote",
    /// A row without a value.
    EmptyRow = "empty-row",
    /// A column of the file that the descriptor does not have.
    UnknownColumn = "unknown-column",
    /// A field of the descriptor that the file does not have.
    MissingColumn = "missing-column",
    /// A header contains a name twice.
    DuplicateColumn = "duplicate-column",
    /// The columns are in another order than the fields.
    ColumnOrder = "column-order",
    /// A row has fewer cells than the header.
    MissingCell = "missing-cell",
    /// A row has more cells than the header.
    ExtraCell = "extra-cell",
    /// A file has another size than the descriptor says.
    WrongSize = "wrong-size",
    /// A file has another hash than the descriptor says.
    WrongHash = "wrong-hash",

    // Cells.
    /// A cell is not of its field's type.
    TypeError = "type-error",
    /// A required field has no value.
    Required = "required",
    /// A value breaks one of its field's constraints.
    ConstraintError = "constraint-error",
    /// A text has a control character.
    ControlCharacter = "control-character",
    /// A number has more digits than a 64-bit float keeps.
    InexactNumber = "inexact-number",

    // Keys.
    /// A key is used by another row.
    DuplicateKey = "duplicate-key",
    /// A foreign key points to no row.
    UnknownReference = "unknown-reference",

    // Versions: the gate.
    /// A dataset changed, and its version did not.
    VersionUnchanged = "version-unchanged",
    /// A version is too small a step from the published one, lower than it, or removed.
    VersionTooLow = "version-too-low",
    /// A version was published with other content.
    VersionReused = "version-reused",
    /// Too many of a table's rows would disappear.
    RowsLost = "rows-lost",
}

impl Code {
    /// Whether each row of a file can have such a problem. Of other codes every finding names another thing.
    pub(super) fn is_of_rows(self) -> bool {
        matches!(
            self,
            Self::NotUtf8
                | Self::StrayQuote
                | Self::EmptyRow
                | Self::MissingCell
                | Self::ExtraCell
                | Self::TypeError
                | Self::Required
                | Self::ConstraintError
                | Self::ControlCharacter
                | Self::InexactNumber
                | Self::DuplicateKey
                | Self::UnknownReference
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_is_documented_once() {
        let docs =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/findings.md")).unwrap();
        for code in Code::ALL {
            let row = format!("| `{}` |", code.name());
            assert_eq!(docs.matches(&row).count(), 1, "docs/findings.md: rows that start with {row}");
        }
    }
}
