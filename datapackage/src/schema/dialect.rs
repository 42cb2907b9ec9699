//! How a CSV file is read.

/// How a CSV file is to be read (Table Dialect v2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// `delimiter`
    pub delimiter: u8,
    /// `quoteChar`; `None` where quoting is off.
    pub quote: Option<u8>,
    /// `doubleQuote`
    pub double_quote: bool,
    /// `escapeChar`
    pub escape: Option<u8>,
    /// `header`: whether the first row names the columns.
    pub header: bool,
    /// `headerRows`: the numbers of the rows that name the columns, from 1, ascending; `[1]`
    /// where not given. Without meaning where `header` is false.
    pub header_rows: Vec<u64>,
    /// `headerJoin`: what separates the parts of a name from several rows.
    pub header_join: String,
    /// `commentRows`: the numbers of rows that are not data, from 1, ascending.
    pub comment_rows: Vec<u64>,
    /// `commentChar`: rows that begin with this are not data. Never empty.
    pub comment_char: Option<String>,
    /// `lineTerminator`: the byte that ends a row; `None` for any of LF, CRLF and CR.
    pub line_terminator: Option<u8>,
    /// `skipInitialSpace`
    pub skip_initial_space: bool,
    /// `nullSequence`: one more missing value of every field. Here too because an unquoted cell that is this text
    /// has no escapes: MySQL's `\N` is not an escaped N.
    pub null_sequence: Option<String>,
}

impl Default for Dialect {
    /// The standard's defaults: RFC 4180 with a header row.
    fn default() -> Self {
        Self {
            delimiter: b',',
            quote: Some(b'"'),
            double_quote: true,
            escape: None,
            header: true,
            header_rows: vec![1],
            header_join: " ".to_owned(),
            comment_rows: Vec::new(),
            comment_char: None,
            line_terminator: None,
            skip_initial_space: false,
            null_sequence: None,
        }
    }
}
