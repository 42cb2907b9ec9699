//! Where a query stops making sense, and what could have stood there.

use crate::library::Library;
use crate::release::text;

/// parameter, what is wrong with it, column, details
type Wrong = (&'static str, &'static str, usize, &'static str);

const OPERATOR: &str = "operator (eq, gt, ...)";
const TRUTH: &str = "isVal: (null, not_null, true, false, unknown)";

/// Filters: the operator that the text begins with is taken, and what is behind it is wrong.
const FILTERS: [Wrong; 22] = [
    ("id=equals.1", "filter (equals.1)", 3, "unexpected \"u\" expecting OPERATOR"),
    ("id=eq:1", "filter (eq:1)", 3, "unexpected \":\" expecting OPERATOR"),
    ("id=gtx.1", "filter (gtx.1)", 3, "unexpected \"x\" expecting OPERATOR"),
    ("id=gtex.1", "filter (gtex.1)", 4, "unexpected \"x\" expecting OPERATOR"),
    ("id=not.eqq.1", "filter (not.eqq.1)", 7, "unexpected \"q\" expecting OPERATOR"),
    ("id=isd.1", "filter (isd.1)", 3, "unexpected \"d\" expecting OPERATOR"),
    ("id=isdistinctx.1", "filter (isdistinctx.1)", 11, "unexpected \"x\" expecting OPERATOR"),
    ("id=eq", "filter (eq)", 3, "unexpected end of input expecting OPERATOR"),
    ("id=noteq.1", "filter (noteq.1)", 4, "unexpected \"e\" expecting delimiter (.)"),
    ("id=not", "filter (not)", 4, "unexpected end of input expecting delimiter (.)"),
    ("id=EQ.1", "filter (EQ.1)", 1, "unexpected \"E\" expecting \"not\" or OPERATOR"),
    ("id=eq().1", "filter (eq().1)", 4, "unexpected \")\" expecting OPERATOR"),
    ("id=eq(some).{1}", "filter (eq(some).{1})", 4, "unexpected \"s\" expecting OPERATOR"),
    ("id=eq(any.{1}", "filter (eq(any.{1})", 7, "unexpected \".\" expecting OPERATOR"),
    ("id=in().1", "filter (in().1)", 3, "unexpected \"(\" expecting OPERATOR"),
    ("id=in.(1,2", "filter (in.(1,2)", 8, "unexpected end of input expecting \",\" or \")\""),
    ("text=fts().x", "filter (fts().x)", 5, "unexpected \")\" expecting OPERATOR"),
    ("text=fts(simple.x", "filter (fts(simple.x)", 11, "unexpected \".\" expecting OPERATOR"),
    ("id=is.nul", "filter (is.nul)", 7, "unexpected end of input expecting TRUTH"),
    ("id=is.nope", "filter (is.nope)", 6, "unexpected \"p\" expecting TRUTH"),
    ("id=is.5", "filter (is.5)", 4, "unexpected \"5\" expecting TRUTH"),
    ("id=is.NULLS", "filter (is.NULLS)", 8, "unexpected 'S' expecting end of input"),
];

const TREES: [Wrong; 8] = [
    ("or=(id.eq.1", "logic tree ((id.eq.1)", 11, "unexpected end of input expecting \",\" or \")\""),
    ("or=(id.is.null.x)", "logic tree ((id.is.null.x))", 14, "unexpected \".\" expecting \",\" or \")\""),
    (
        "or=(id)",
        "logic tree ((id))",
        6,
        "unexpected \")\" expecting letter, digit, \"-\", \"->>\", \"->\" or delimiter (.)",
    ),
    ("or=(id.nope.1)", "logic tree ((id.nope.1))", 7, "unexpected \"p\" expecting \"not\" or OPERATOR"),
    (
        "and=(ord(id.eq.1),id.eq.2)",
        "logic tree ((ord(id.eq.1),id.eq.2))",
        7,
        "unexpected \"d\" expecting \"(\"",
    ),
    (
        "or=(id.eq.1,not.xor(id.eq.2))",
        "logic tree ((id.eq.1,not.xor(id.eq.2)))",
        16,
        "unexpected \"x\" expecting logic operator (and, or)",
    ),
    (
        "or=(not.id.eq.1)",
        "logic tree ((not.id.eq.1))",
        8,
        "unexpected \"i\" expecting logic operator (and, or)",
    ),
    ("or=(not.or.id.eq.1)", "logic tree ((not.or.id.eq.1))", 10, "unexpected \".\" expecting \"(\""),
];

const SELECTS: [Wrong; 9] = [
    (
        "select=text!inner",
        "select parameter (text!inner)",
        5,
        "unexpected '!' expecting letter, digit, \"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input",
    ),
    (
        "select=books!(id)",
        "select parameter (books!(id))",
        6,
        "unexpected '!' expecting letter, digit, \"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input",
    ),
    (
        "select=\"text\"x",
        "select parameter (\"text\"x)",
        7,
        "unexpected 'x' expecting \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input",
    ),
    (
        "select=text->a(id)",
        "select parameter (text->a(id))",
        8,
        "unexpected '(' expecting \"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input",
    ),
    (
        "select=text::char(2)",
        "select parameter (text::char(2))",
        11,
        "unexpected '(' expecting letter, digit, \".\", \")\", \",\" or end of input",
    ),
    (
        "select=id.sum()x",
        "select parameter (id.sum()x)",
        9,
        "unexpected 'x' expecting \"::\", \")\", \",\" or end of input",
    ),
    (
        "select=count()::text.max()",
        "select parameter (count()::text.max())",
        14,
        "unexpected '.' expecting letter, digit, \")\", \",\" or end of input",
    ),
    (
        "select=...books",
        "select parameter (...books)",
        9,
        "unexpected end of input expecting letter, digit, \"-\", \"!\" or \"(\"",
    ),
    ("select=books(id", "select parameter (books(id)", 9, "unexpected end of input expecting \",\" or \")\""),
];

#[test]
fn a_syntax_error_stands_where_the_text_stops_making_sense() {
    let library = Library::open();
    let mut wrong = String::new();
    for (parameter, what, column, details) in FILTERS.into_iter().chain(TREES).chain(SELECTS) {
        let details = details.replace("OPERATOR", OPERATOR).replace("TRUTH", TRUTH).replace('"', "\\\"");
        // The message is quoted once as text and once as JSON.
        let what = what.replace('"', "\\\\\\\"");
        let expected = format!(
            r#"{{"code":"PGRST100","message":"\"failed to parse {what}\" (line 1, column {column})","details":"{details}""#
        );
        let response = library.ask("GET", &format!("/reviews?{parameter}"), &[]);
        // What was meant is for guesses.rs.
        if response.status != 400 || !text(&response).starts_with(&format!("{expected},\"hint\":")) {
            wrong.push_str(&format!("{parameter}\n{expected}\n{}\n", text(&response)));
        }
    }
    assert_eq!(wrong, "");
}
