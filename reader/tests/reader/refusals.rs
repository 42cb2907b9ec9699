//! Requests of tables that are refused, with their exact bodies, and every code among them.

use std::collections::BTreeSet;

use reader::Code;

use crate::documentation::{HISTORY, QUERY};
use crate::errors::ERRORS;
use crate::library::{Library, Source};
use crate::paths::PATHS;

/// URL, headers, status, body
type Refusal = (&'static str, &'static [(&'static str, &'static str)], u16, &'static str);

const REFUSALS: [Refusal; 50] = [
    (
        "/books?id=0",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse filter (0)\" (line 1, column 1)","details":"unexpected \"0\" expecting \"not\" or operator (eq, gt, ...)","hint":"a filter has an operator: id=eq.0"}"#,
    ),
    (
        "/books?id=noop.0",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse filter (noop.0)\" (line 1, column 1)","details":"unexpected \"o\" expecting \"not\" or operator (eq, gt, ...)","hint":"'noop' is no operator; a filter is as in id=eq.0"}"#,
    ),
    (
        "/books?id=not.nope.1",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse filter (not.nope.1)\" (line 1, column 5)","details":"unexpected \"n\" expecting operator (eq, gt, ...)","hint":"'nope' is no operator; a filter is as in id=eq.1"}"#,
    ),
    (
        "/books?id=is.nil",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse filter (is.nil)\" (line 1, column 5)","details":"unexpected \"i\" expecting isVal: (null, not_null, true, false, unknown)","hint":null}"#,
    ),
    (
        "/books?or=()",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse logic tree (())\" (line 1, column 4)","details":"unexpected \")\" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)","hint":null}"#,
    ),
    (
        "/books?or=(id.in.1,2)",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse logic tree ((id.in.1,2))\" (line 1, column 10)","details":"unexpected \"1\" expecting \"(\"","hint":null}"#,
    ),
    (
        "/books?and=(id.eq.1)x",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse logic tree ((id.eq.1)x)\" (line 1, column 13)","details":"unexpected 'x' expecting end of input","hint":null}"#,
    ),
    (
        "/books?select=id,authors(name[])",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse select parameter (id,authors(name[]))\" (line 1, column 16)","details":"unexpected '[' expecting letter, digit, \"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input","hint":null}"#,
    ),
    (
        "/books?select=title::",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse select parameter (title::)\" (line 1, column 8)","details":"unexpected end of input expecting letter or digit","hint":null}"#,
    ),
    (
        "/books?select=title.total()",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse select parameter (title.total())\" (line 1, column 7)","details":"unexpected \"t\" expecting \"sum\", \"avg\", \"count\", \"max\" or \"min\"","hint":null}"#,
    ),
    (
        "/books?select=data->>--34",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse select parameter (data->>--34)\" (line 1, column 9)","details":"unexpected \"-\" expecting digit","hint":null}"#,
    ),
    (
        "/books?order=id.asc.nullslasttt",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse order (id.asc.nullslasttt)\" (line 1, column 17)","details":"unexpected 't' expecting \",\" or end of input","hint":null}"#,
    ),
    (
        "/books?order=id.ac",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse order (id.ac)\" (line 1, column 4)","details":"unexpected \"c\" expecting \"asc\", \"desc\", \"nullsfirst\" or \"nullslast\"","hint":null}"#,
    ),
    (
        "/books?order=id.nulsfist",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse order (id.nulsfist)\" (line 1, column 4)","details":"unexpected \"n\" expecting \"asc\", \"desc\", \"nullsfirst\" or \"nullslast\"","hint":null}"#,
    ),
    (
        "/books?a[b]=eq.1",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse tree path (a[b])\" (line 1, column 2)","details":"unexpected '[' expecting delimiter (.), \"->\" or end of input","hint":"table 'books' has no column 'a[b]'; a filter is as in id=eq...."}"#,
    ),
    (
        "/books?limt=abc",
        &[],
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse filter (abc)\" (line 1, column 1)","details":"unexpected \"a\" expecting \"not\" or operator (eq, gt, ...)","hint":"Perhaps you meant the parameter 'limit'"}"#,
    ),
    (
        "/books?columns=id",
        &[],
        400,
        r#"{"code":"CP001","message":"unknown query parameter \"columns\"","details":null,"hint":"it belongs to writes; the data is read-only"}"#,
    ),
    (
        "/books?select=id&select=id",
        &[],
        400,
        r#"{"code":"CP002","message":"\"select\" is given twice","details":null,"hint":"give it once"}"#,
    ),
    (
        "/books?order=id&order=id",
        &[],
        400,
        r#"{"code":"CP002","message":"\"order\" is given twice","details":null,"hint":"give it once"}"#,
    ),
    (
        "/books?authors.limit=1",
        &[],
        400,
        r#"{"code":"PGRST108","message":"'authors' is not an embedded resource in this request","details":null,"hint":"Verify that 'authors' is included in the 'select' query parameter."}"#,
    ),
    (
        "/books?select=id,writer:authors(name)&authors.name=eq.x",
        &[],
        400,
        r#"{"code":"PGRST108","message":"'authors' is not an embedded resource in this request","details":"Target names are not allowed in filters if they have an alias","hint":"Change 'authors' to 'writer' in filters, orders or limits."}"#,
    ),
    (
        "/books?select=id,authors(name)&order=author(name)",
        &[],
        400,
        r#"{"code":"PGRST108","message":"'author' is not an embedded resource in this request","details":null,"hint":"Verify that 'author' is included in the 'select' query parameter."}"#,
    ),
    (
        "/authors?select=id,books(*)&order=books(id)",
        &[],
        400,
        r#"{"code":"PGRST118","message":"A related order on 'books' is not possible","details":"'authors' and 'books' do not form a many-to-one or one-to-one relationship","hint":null}"#,
    ),
    (
        "/authors?select=id,books(*)&books=eq.1",
        &[],
        400,
        r#"{"code":"PGRST120","message":"Bad operator on the 'books' embedded resource","details":"Only is null or not is null filters are allowed on embedded resources","hint":null}"#,
    ),
    (
        "/authors?select=name,...books(price.sum())",
        &[],
        400,
        r#"{"code":"PGRST127","message":"Feature not implemented","details":"Aggregates are not implemented for one-to-many or many-to-many spreads.","hint":null}"#,
    ),
    (
        "/books?select=author(*)",
        &[],
        400,
        r#"{"code":"PGRST200","message":"Could not find a relationship between 'books' and 'author' in the schema cache","details":"Searched for a foreign key relationship between 'books' and 'author', but no matches were found.","hint":"Perhaps you meant 'authors' instead of 'author'."}"#,
    ),
    (
        "/books?select=authors!publisher_id(*)",
        &[],
        400,
        r#"{"code":"PGRST200","message":"Could not find a relationship between 'books' and 'authors' in the schema cache","details":"Searched for a foreign key relationship between 'books' and 'authors' using the hint 'publisher_id', but no matches were found.","hint":null}"#,
    ),
    (
        "/books?select=titel",
        &[],
        400,
        r#"{"code":"42703","message":"column books.titel does not exist","details":null,"hint":"Perhaps you meant to reference the column \"books.title\"."}"#,
    ),
    (
        "/books?colour=eq.red",
        &[],
        400,
        r#"{"code":"42703","message":"column books.colour does not exist","details":null,"hint":null}"#,
    ),
    (
        "/books?select=title::oid",
        &[],
        400,
        r#"{"code":"42704","message":"type \"oid\" does not exist","details":null,"hint":null}"#,
    ),
    (
        "/books?select=authors(id),authors(name)",
        &[],
        400,
        r#"{"code":"42712","message":"table name \"authors\" specified more than once","details":null,"hint":"give one of them another name, as in other:authors(*)"}"#,
    ),
    (
        "/books?select=count(),title&order=price",
        &[],
        400,
        r#"{"code":"42803","message":"column \"books.price\" must appear in the GROUP BY clause or be used in an aggregate function","details":null,"hint":"select it, so that rows are grouped by it too"}"#,
    ),
    (
        "/books?title=is.true",
        &[],
        400,
        r#"{"code":"42804","message":"argument of IS TRUE must be type boolean, not type text","details":null,"hint":null}"#,
    ),
    (
        "/books?pages=like.3*",
        &[],
        404,
        r#"{"code":"42883","message":"operator does not exist: integer ~~ unknown","details":null,"hint":"No operator matches the given name and argument types. You might need to add explicit type casts."}"#,
    ),
    (
        "/books?title=cs.{a}",
        &[],
        404,
        r#"{"code":"42883","message":"operator does not exist: text @> unknown","details":null,"hint":"No operator matches the given name and argument types. You might need to add explicit type casts."}"#,
    ),
    (
        "/publishers?about->>city->0=eq.1",
        &[],
        404,
        r#"{"code":"42883","message":"operator does not exist: text -> integer","details":null,"hint":"No operator matches the given name and argument types. You might need to add explicit type casts."}"#,
    ),
    (
        "/books?select=title.sum()",
        &[],
        404,
        r#"{"code":"42883","message":"function sum(text) does not exist","details":null,"hint":"No function matches the given name and argument types. You might need to add explicit type casts."}"#,
    ),
    (
        "/books?title=like.a%5C",
        &[],
        400,
        r#"{"code":"22025","message":"LIKE pattern must not end with escape character","details":null,"hint":null}"#,
    ),
    (
        "/books?title=match.(",
        &[],
        400,
        r#"{"code":"2201B","message":"invalid regular expression: unclosed group, at character 1","details":null,"hint":null}"#,
    ),
    (
        "/books?pages=gt.many",
        &[],
        400,
        r#"{"code":"22P02","message":"invalid input syntax for type integer: \"many\"","details":null,"hint":null}"#,
    ),
    (
        "/books?published=gt.soon",
        &[],
        400,
        r#"{"code":"22007","message":"invalid input syntax for type date: \"soon\"","details":null,"hint":null}"#,
    ),
    (
        "/books?published=gt.2023-02-29",
        &[],
        400,
        r#"{"code":"22008","message":"date/time field value out of range: \"2023-02-29\"","details":null,"hint":null}"#,
    ),
    (
        "/books?select=title::date&title=eq.Solaris",
        &[],
        400,
        r#"{"code":"22007","message":"invalid input syntax for type date: \"Solaris\"","details":null,"hint":null}"#,
    ),
    (
        "/authors?awards=cs.Hugo",
        &[],
        400,
        r#"{"code":"22P02","message":"malformed array literal: \"Hugo\"","details":"Array value must start with \"{\" or dimension information.","hint":null}"#,
    ),
    (
        "/publishers?about=eq.{",
        &[],
        400,
        r#"{"code":"22P02","message":"invalid input syntax for type json: \"{\"","details":"EOF while parsing an object at line 1 column 1","hint":null}"#,
    ),
    (
        "/authors?awards->99999999999=eq.1",
        &[],
        400,
        r#"{"code":"22003","message":"value \"99999999999\" is out of range for type integer","details":null,"hint":null}"#,
    ),
    (
        "/books?pages=lt.9223372036854775808",
        &[],
        400,
        r#"{"code":"22003","message":"value \"9223372036854775808\" is out of range for type integer","details":null,"hint":null}"#,
    ),
    (
        "/books?price=lt.1e999",
        &[],
        400,
        r#"{"code":"22003","message":"value \"1e999\" is out of range for type number","details":null,"hint":null}"#,
    ),
    (
        "/books",
        &[("range", "3-1")],
        416,
        r#"{"code":"PGRST103","message":"Requested range not satisfiable","details":"The lower boundary must be lower than or equal to the upper boundary in the Range header.","hint":null}"#,
    ),
    (
        "/prices/a/b",
        &[],
        404,
        r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"a path is /<table> or /<table>/<key>, and 'prices' is no table; / lists the tables"}"#,
    ),
];

#[test]
fn refusals_say_what_is_wrong() {
    let library = Library::open();
    let mut wrong = String::new();
    for (url, headers, status, body) in REFUSALS {
        let response = library.ask("GET", url, headers);
        let found = String::from_utf8(response.body).unwrap();
        if (response.status, found.as_str()) != (status, body) {
            wrong.push_str(&format!("{url}\n{}\n{found}\n", response.status));
        }
    }
    assert_eq!(wrong, "");
}

/// What a type has no room for is neither the nearest that it has nor infinity.
#[test]
fn a_number_is_cast_whole_or_not_at_all() {
    let library = Library::of(&[Source {
        name: "digits",
        columns: "text string, json object",
        primary_key: &[],
        unique_keys: &[],
        foreign_keys: &[],
        rows: r#"('99999999999999999999', '{"many":1e30}'), ('1e999', NULL)"#,
    }]);
    for (select, message) in [
        (r"text::integer", r#"value \"99999999999999999999\" is out of range for type integer"#),
        (r"text::numeric", r#"value \"1e999\" is out of range for type number"#),
        (r"json->many::integer", "bigint out of range"),
    ] {
        let response = library.ask("GET", &format!("/digits?select={select}"), &[]);
        let body = String::from_utf8(response.body).unwrap();
        assert_eq!(
            body,
            format!(r#"{{"code":"22003","message":"{message}","details":null,"hint":null}}"#),
            "{select}"
        );
        assert_eq!(response.status, 400, "{select}");
    }
}

#[test]
fn every_code_has_a_request_that_gets_it() {
    let code = |body: &str| body.split('"').nth(3).unwrap().to_owned();
    let mut tested: BTreeSet<_> = REFUSALS.iter().map(|(.., body)| code(body)).collect();
    tested.extend(PATHS.iter().map(|(.., body)| code(body)));
    tested.extend(ERRORS.iter().map(|(.., body)| code(body)));
    tested.extend(HISTORY.lines().filter(|line| line.starts_with(r#"{"code":"#)).map(code));
    tested.extend(QUERY.lines().filter(|line| line.starts_with(r#"{"code":"#)).map(code));
    // Each has a test of its own: a broken release, a long URL, a media type, excess,
    // a stale cursor, patterns, what is no request, a full queue, rows that can't be restored or proved, an attestation.
    tested.extend(
        [
            "CP500", "CP006", "PGRST107", "CP007", "CP110", "CP010", "CP011", "CP012", "CP030", "CP031",
            "CP503", "CP114", "CP120", "CP121", "53200", "57014",
        ]
        .map(str::to_owned),
    );
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !tested.contains(code.name())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
