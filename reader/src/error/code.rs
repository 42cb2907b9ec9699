//! The kinds of error: one code and one status each.

/// The kinds of error; each has one code and one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A query parameter that means nothing here.
    UnknownParameter,
    /// A parameter that is given twice where one counts.
    RepeatedParameter,
    /// A `limit` or `offset` that is no whole number.
    InvalidPage,
    /// A key with too few or too many parts.
    KeyParts,
    /// A path or query that is not UTF-8 once decoded.
    NotUtf8,
    /// A URL that is longer than any request needs.
    UrlTooLong,
    /// A request for more columns, embeds, terms or nested levels than are served.
    TooMuch,
    /// A full-text search of a column that has no search index.
    NotSearchable,
    /// A search that `fts` can't read.
    InvalidSearch,
    /// A version, or a kind of change, that the change feed does not have.
    UnknownVersion,
    /// A change feed of a release or table that has none.
    NoFeed,
    /// A row that was removed.
    RemovedRow,
    /// Changes that are older than the change feed.
    NotKept,
    /// A text that names no moment of a history, or several.
    InvalidMoment,
    /// A version, commit or time that the history does not have.
    UnknownMoment,
    /// Rows of an earlier version that the change feed does not lead back to.
    NotRestorable,
    /// A text that is not a cursor, was changed, belongs to another question or comes with an offset.
    InvalidCursor,
    /// A cursor that was made before the data changed.
    StaleCursor,
    /// A function that is called: there are none.
    UnknownFunction,
    /// A path of several parts that starts with no table's name.
    InvalidPath,
    /// An answer that is larger than may be sent, and can't be cut between two rows.
    TooLarge,
    /// An operator on ranges, which no column has.
    RangeOperator,
    /// A pattern that is longer than served, or a regular expression whose automaton is too large.
    PatternTooLarge,
    /// A text that is longer than those that patterns are matched with.
    TextTooLong,
    /// What a client sent is no HTTP/1.1 request.
    Malformed,
    /// The headers of a request are larger than any needs.
    HeadersTooLarge,
    /// A row that does not exist.
    UnknownRow,
    /// A table without a primary key, asked for a row.
    NoKey,
    /// What can't be proved: a row of a table without a primary key, or of a release without trees.
    NoProof,
    /// The attestation of a release that has none.
    NoAttestation,
    /// The release's files can't be read or don't belong together.
    Release,
    /// A parameter that does not follow the grammar.
    Syntax,
    /// A range of rows that can't be.
    Range,
    /// A media type that is not served.
    NotAcceptable,
    /// A filter, order or page of an embed that is not selected.
    NotEmbedded,
    /// One row is requested, and there are none or more than one.
    NotSingular,
    /// A method that is not read-only.
    Method,
    /// An order by an embed that has more than one row.
    OrderByMany,
    /// A filter on an embed that asks for more than whether it is there.
    EmbedFilter,
    /// A preference that is not understood, under `handling=strict`.
    Preference,
    /// What the grammar allows and nobody serves.
    NotImplemented,
    /// An embed without a foreign key that leads there.
    NoRelation,
    /// An embed to which more than one foreign key leads.
    AmbiguousRelation,
    /// A table that does not exist.
    UnknownTable,
    /// A number beyond the range of its type.
    OutOfRange,
    /// Text that is not a date or time.
    InvalidTime,
    /// A date or time with a number that no calendar or clock has.
    TimeOutOfRange,
    /// A pattern that ends with its escape character.
    InvalidPattern,
    /// A key or value that is not of its column's type.
    InvalidValue,
    /// Text that is not a regular expression.
    InvalidRegex,
    /// A column that does not exist.
    UnknownColumn,
    /// A cast to a type, or a search configuration, that does not exist.
    UnknownType,
    /// Two embeds of the same name.
    RepeatedEmbed,
    /// An order by a column that is neither grouped nor aggregated.
    NotGrouped,
    /// A test that only fits another type.
    WrongType,
    /// An operator or function that does not exist for the column's type.
    NoOperator,
    /// A query that takes longer than it may.
    TooSlow,
    /// A query that needs more memory than it may have.
    OutOfMemory,
    /// A request that takes long, and too many others do.
    Busy,
}

impl Code {
    /// Every code, for the test that compares them with docs/errors.md.
    pub const ALL: [Code; 59] = [
        Self::UnknownParameter,
        Self::RepeatedParameter,
        Self::InvalidPage,
        Self::KeyParts,
        Self::NotUtf8,
        Self::UrlTooLong,
        Self::TooMuch,
        Self::NotSearchable,
        Self::InvalidSearch,
        Self::UnknownVersion,
        Self::NoFeed,
        Self::RemovedRow,
        Self::NotKept,
        Self::InvalidMoment,
        Self::UnknownMoment,
        Self::NotRestorable,
        Self::InvalidCursor,
        Self::StaleCursor,
        Self::InvalidPath,
        Self::RangeOperator,
        Self::TooLarge,
        Self::PatternTooLarge,
        Self::TextTooLong,
        Self::Malformed,
        Self::HeadersTooLarge,
        Self::UnknownRow,
        Self::NoKey,
        Self::NoProof,
        Self::NoAttestation,
        Self::Release,
        Self::Syntax,
        Self::Range,
        Self::NotAcceptable,
        Self::NotEmbedded,
        Self::NotSingular,
        Self::Method,
        Self::OrderByMany,
        Self::EmbedFilter,
        Self::Preference,
        Self::NotImplemented,
        Self::NoRelation,
        Self::AmbiguousRelation,
        Self::UnknownFunction,
        Self::UnknownTable,
        Self::OutOfRange,
        Self::InvalidTime,
        Self::TimeOutOfRange,
        Self::InvalidPattern,
        Self::InvalidValue,
        Self::InvalidRegex,
        Self::UnknownColumn,
        Self::UnknownType,
        Self::RepeatedEmbed,
        Self::NotGrouped,
        Self::WrongType,
        Self::NoOperator,
        Self::TooSlow,
        Self::OutOfMemory,
        Self::Busy,
    ];

    /// The status and the code as sent.
    pub fn row(self) -> (u16, &'static str) {
        match self {
            Self::UnknownParameter => (400, "CP001"),
            Self::RepeatedParameter => (400, "CP002"),
            Self::InvalidPage => (400, "CP003"),
            Self::KeyParts => (400, "CP004"),
            Self::NotUtf8 => (400, "CP005"),
            Self::UrlTooLong => (414, "CP006"),
            Self::TooMuch => (400, "CP007"),
            Self::NotSearchable => (400, "CP008"),
            Self::InvalidSearch => (400, "42601"),
            Self::UnknownVersion => (400, "CP021"),
            Self::NoFeed => (404, "CP103"),
            Self::RemovedRow => (410, "CP111"),
            Self::NotKept => (410, "CP112"),
            Self::InvalidMoment => (400, "CP022"),
            Self::UnknownMoment => (404, "CP113"),
            Self::NotRestorable => (409, "CP114"),
            Self::InvalidCursor => (400, "CP020"),
            Self::StaleCursor => (410, "CP110"),
            Self::InvalidPath => (404, "PGRST125"),
            Self::RangeOperator => (400, "CP009"),
            Self::TooLarge => (400, "CP010"),
            Self::PatternTooLarge => (400, "CP011"),
            Self::TextTooLong => (400, "CP012"),
            Self::Malformed => (400, "CP030"),
            Self::HeadersTooLarge => (431, "CP031"),
            Self::UnknownRow => (404, "CP101"),
            Self::NoKey => (404, "CP102"),
            Self::NoProof => (409, "CP120"),
            Self::NoAttestation => (404, "CP121"),
            Self::Release => (500, "CP500"),
            Self::Syntax => (400, "PGRST100"),
            Self::Range => (416, "PGRST103"),
            Self::NotAcceptable => (406, "PGRST107"),
            Self::NotEmbedded => (400, "PGRST108"),
            Self::NotSingular => (406, "PGRST116"),
            Self::Method => (405, "PGRST117"),
            Self::OrderByMany => (400, "PGRST118"),
            Self::EmbedFilter => (400, "PGRST120"),
            Self::Preference => (400, "PGRST122"),
            Self::NotImplemented => (400, "PGRST127"),
            Self::NoRelation => (400, "PGRST200"),
            Self::AmbiguousRelation => (300, "PGRST201"),
            Self::UnknownFunction => (404, "PGRST202"),
            Self::UnknownTable => (404, "PGRST205"),
            Self::OutOfRange => (400, "22003"),
            Self::InvalidTime => (400, "22007"),
            Self::TimeOutOfRange => (400, "22008"),
            Self::InvalidPattern => (400, "22025"),
            Self::InvalidValue => (400, "22P02"),
            Self::InvalidRegex => (400, "2201B"),
            Self::UnknownColumn => (400, "42703"),
            Self::UnknownType => (400, "42704"),
            Self::RepeatedEmbed => (400, "42712"),
            Self::NotGrouped => (400, "42803"),
            Self::WrongType => (400, "42804"),
            Self::NoOperator => (404, "42883"),
            // A 5xx would be tried again, and would count as a fault of the release.
            Self::TooSlow => (400, "57014"),
            Self::OutOfMemory => (400, "53200"),
            Self::Busy => (503, "CP503"),
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        self.row().0
    }

    /// The code as sent.
    pub fn name(self) -> &'static str {
        self.row().1
    }
}
