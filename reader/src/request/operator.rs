//! The operators of filters: one row each, from which the parser, the plan, the SQL and the test
//! of docs/query.md are made.

/// What an operator does with its operand; the plan's type rules hang on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Compares with a value of the column's type.
    Compare,
    /// Matches text with `*` or `%` for any characters and `_` for one.
    Pattern {
        /// Whether upper and lower case are the same.
        fold: bool,
    },
    /// Matches text with a regular expression.
    Regex {
        /// Whether upper and lower case are the same.
        fold: bool,
    },
    /// Compares arrays as sets, or objects by what they hold.
    Contain,
    /// Holds where one is null or the values differ.
    Distinct,
    /// Is one of a list.
    List,
    /// Is null, true, false or unknown.
    Truth,
    /// Full-text search.
    Search,
    /// Compares ranges, which Table Schema has no type for.
    Range,
}

/// One operator.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    /// As it stands in a filter.
    pub(crate) name: &'static str,
    pub(crate) family: Family,
    /// SQLite's operator, or that of PostgreSQL where an error names it.
    pub(crate) sql: &'static str,
    /// Whether `(any)` or `(all)` may follow the name.
    pub(crate) quantified: bool,
    /// What it says, for docs/query.md.
    pub(crate) meaning: &'static str,
}

const fn row(
    name: &'static str,
    family: Family,
    sql: &'static str,
    quantified: bool,
    meaning: &'static str,
) -> Operator {
    Operator { name, family, sql, quantified, meaning }
}

/// Every operator.
pub(crate) static OPERATORS: [Operator; 25] = [
    row("eq", Family::Compare, "=", true, "equals"),
    row("neq", Family::Compare, "<>", false, "does not equal"),
    row("gt", Family::Compare, ">", true, "is greater than"),
    row("gte", Family::Compare, ">=", true, "is greater than or equal to"),
    row("lt", Family::Compare, "<", true, "is less than"),
    row("lte", Family::Compare, "<=", true, "is less than or equal to"),
    row(
        "like",
        Family::Pattern { fold: false },
        "~~",
        true,
        "matches the pattern, `*` or `%` for any characters, `_` for one",
    ),
    row("ilike", Family::Pattern { fold: true }, "~~*", true, "matches the pattern, ignoring case"),
    row("match", Family::Regex { fold: false }, "~", true, "matches the regular expression somewhere"),
    row(
        "imatch",
        Family::Regex { fold: true },
        "~*",
        true,
        "matches the regular expression somewhere, ignoring case",
    ),
    row("in", Family::List, "IN", false, "is one of the list"),
    row("is", Family::Truth, "IS", false, "is `null`, `not_null`, `true`, `false` or `unknown`"),
    row("isdistinct", Family::Distinct, "IS NOT", false, "differs, where null differs from every value"),
    row("cs", Family::Contain, "@>", false, "contains every element or member of the operand"),
    row("cd", Family::Contain, "<@", false, "is contained in the operand"),
    row("ov", Family::Contain, "&&", false, "has an element in common with the operand"),
    row("fts", Family::Search, "@@", false, "has the words, joined with `&`, `|` and `!`"),
    row("plfts", Family::Search, "@@", false, "has all the words"),
    row("phfts", Family::Search, "@@", false, "has the words one after another"),
    row("wfts", Family::Search, "@@", false, "has the words as a search engine reads them"),
    row("sl", Family::Range, "<<", false, "is strictly left of the range"),
    row("sr", Family::Range, ">>", false, "is strictly right of the range"),
    row("nxr", Family::Range, "&<", false, "does not extend to the right of the range"),
    row("nxl", Family::Range, "&>", false, "does not extend to the left of the range"),
    row("adj", Family::Range, "-|-", false, "is adjacent to the range"),
];

impl Operator {
    /// The longest operator that the text begins with.
    pub(super) fn beginning(text: &str) -> Option<&'static Operator> {
        OPERATORS.iter().filter(|row| text.starts_with(row.name)).max_by_key(|row| row.name.len())
    }
}
