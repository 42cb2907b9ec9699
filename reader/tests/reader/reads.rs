//! Reads of the library that docs/query.md has no place for: what happens at the edges.

use reader::Config;

use crate::library::Library;
use crate::release::{header, text};

/// URL, rows
const READS: [(&str, &str); 25] = [
    (r#"/scraps?value=eq.plain"#, r#"[{"value":"plain"}]"#),
    (r#"/scraps?value=eq.[1,{"a":"x"}]"#, r#"[{"value":[1, {"a": "x"}]}]"#),
    (r#"/scraps?value=cs.[1]"#, r#"[{"value":[1, {"a": "x"}]}]"#),
    (r#"/scraps?value=like.[d*&select=v:value::text"#, r#"[{"v":"[draft]"}]"#),
    (
        r#"/books?select="#,
        r#"[{"id":1,"title":"The Left Hand of Darkness","author_id":1,"publisher_id":1,"price":12.5,"pages":304,"published":"1969-03-01"},
 {"id":2,"title":"Solaris","author_id":2,"publisher_id":2,"price":9,"pages":204,"published":"1961-06-01"},
 {"id":3,"title":"The Dispossessed","author_id":1,"publisher_id":null,"price":11.25,"pages":387,"published":"1974-05-01"},
 {"id":4,"title":"Beowulf","author_id":4,"publisher_id":null,"price":null,"pages":null,"published":null}]"#,
    ),
    (r#"/books?select=id,id&id=eq.1"#, r#"[{"id":1,"id":1}]"#),
    (
        r#"/authors?select=id,...biographies!inner(text)"#,
        r#"[{"id":1,"text":"Born in Berkeley."},
 {"id":2,"text":"Born in Lwów."}]"#,
    ),
    (
        r#"/genres?select=name,...genres!parent_id(children:name)"#,
        r#"[{"name":"fiction","children":["science fiction"]},
 {"name":"science fiction","children":["utopia"]},
 {"name":"utopia","children":[]},
 {"name":"epic","children":[]}]"#,
    ),
    (
        r#"/genres?select=name,parent_id!inner(name,parent_id(name))"#,
        r#"[{"name":"science fiction","parent_id":{"name":"fiction","parent_id":null}},
 {"name":"utopia","parent_id":{"name":"science fiction","parent_id":{"name":"fiction"}}}]"#,
    ),
    (
        r#"/genres?select=name,...parent_id(parent:name,...parent_id(grandparent:name,books:id))&order=id.desc&limit=2"#,
        r#"[{"name":"epic","parent":null,"grandparent":null,"books":null},
 {"name":"utopia","parent":"science fiction","grandparent":"fiction","books":1}]"#,
    ),
    (
        r#"/loans?select=id,...books(title,...authors(name,born),books_genres(genre_id))"#,
        r#"[{"id":1,"title":"The Left Hand of Darkness","name":"Ursula K. Le Guin","born":1929,"books_genres":[{"genre_id":2}]},
 {"id":2,"title":"The Left Hand of Darkness","name":"Ursula K. Le Guin","born":1929,"books_genres":[{"genre_id":2}]},
 {"id":3,"title":"Solaris","name":"Stanisław Lem","born":1921,"books_genres":[{"genre_id":2}]}]"#,
    ),
    (
        r#"/authors?select=name,books(title,loans(id,returned),genres(name))&id=eq.1&books.order=id.desc"#,
        r#"[{"name":"Ursula K. Le Guin","books":[{"title":"The Dispossessed","loans":[],"genres":[{"name":"science fiction"},{"name":"utopia"}]},{"title":"The Left Hand of Darkness","loans":[{"id":1,"returned":true},{"id":2,"returned":false}],"genres":[{"name":"science fiction"}]}]}]"#,
    ),
    (
        r#"/authors?select=name,books!inner(loans!inner())&books.loans.returned=is.false"#,
        r#"[{"name":"Ursula K. Le Guin"}]"#,
    ),
    (
        r#"/books?select=title,authors!inner(books())&authors.books.price=gt.12"#,
        r#"[{"title":"The Left Hand of Darkness"},
 {"title":"Solaris"},
 {"title":"The Dispossessed"},
 {"title":"Beowulf"}]"#,
    ),
    (
        r#"/authors?select=name,books(title)&books.offset=1"#,
        r#"[{"name":"Ursula K. Le Guin","books":[{"title":"The Dispossessed"}]},
 {"name":"Stanisław Lem","books":[]},
 {"name":"Élisabeth Vonarburg","books":[]},
 {"name":"unknown","books":[]}]"#,
    ),
    (
        r#"/books?select=title,authors(name)&authors.offset=1&id=eq.1"#,
        r#"[{"title":"The Left Hand of Darkness","authors":null}]"#,
    ),
    (
        r#"/books?select=published::text,lent:loans(lent::date)&id=eq.1"#,
        r#"[{"published":"1969-03-01","lent":[{"lent":"2024-01-05"},{"lent":"2024-02-01"}]}]"#,
    ),
    (
        r#"/loans?select=id&order=lent.desc"#,
        r#"[{"id":3},
 {"id":2},
 {"id":1}]"#,
    ),
    (
        r#"/loans?select=returned,count(),lent.max()"#,
        r#"[{"returned":false,"count":1,"max":"2024-02-01T09:30:00+01:00"},
 {"returned":true,"count":2,"max":"2024-03-01T12:00:00Z"}]"#,
    ),
    (
        r#"/books?select=authors(living),count()"#,
        r#"[{"authors":{"living":false},"count":3},
 {"authors":{"living":null},"count":1}]"#,
    ),
    (
        r#"/authors?select=living,awards,count()&order=living.desc"#,
        r#"[{"living":null,"awards":null,"count":1},
 {"living":true,"awards":["Aurora"],"count":1},
 {"living":false,"awards":[],"count":1},
 {"living":false,"awards":["Hugo","Nebula"],"count":1}]"#,
    ),
    (
        r#"/authors?select=name,count:books(count)"#,
        r#"[{"name":"Ursula K. Le Guin","count":[{"count":2}]},
 {"name":"Stanisław Lem","count":[{"count":1}]},
 {"name":"Élisabeth Vonarburg","count":[{"count":0}]},
 {"name":"unknown","count":[{"count":1}]}]"#,
    ),
    (
        r#"/publishers?select=name&order=about->founded.desc"#,
        r#"[{"name":"Ace"},
 {"name":"MON"}]"#,
    ),
    (
        r#"/authors?select=id&awards->>0=in.(Hugo,Aurora)"#,
        r#"[{"id":1},
 {"id":3}]"#,
    ),
    (
        r#"/books?select=s:price.sum()::text,a:price.avg(),n:id.avg()::int&id=lt.0"#,
        r#"[{"s":null,"a":null,"n":null}]"#,
    ),
];

#[test]
fn reads() {
    let library = Library::open();
    let mut wrong = String::new();
    for (url, rows) in READS {
        let found = library.get(url);
        if found != rows {
            wrong.push_str(&format!("{url}\n{found}\n"));
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn the_maximum_holds_for_embeds_and_says_so() {
    let library = Library::with(Config { max_limit: 1, ..Config::default() });
    let cut = library.ask("GET", "/authors?select=name,books(id),...books!author_id(titles:title)", &[]);
    assert_eq!(cut.status, 400, "an embed has one name");
    let cut = library.ask("GET", "/authors?select=name,works:books(id),biographies(text)&works.limit=5", &[]);
    assert_eq!(
        text(&cut),
        r#"[{"name":"Ursula K. Le Guin","works":[{"id":1}],"biographies":{"text":"Born in Berkeley."}}]"#
    );
    assert_eq!(
        header(&cut, "warning"),
        Some(
            "299 Coldpress \"page cut at the default limit of 1 rows: the Link header has the next page\", \
             299 Coldpress \"embedded rows cut at the maximum of 1: works\""
        )
    );
    let asked = library.ask("GET", "/authors?select=name,works:books(id)&works.limit=1&limit=1", &[]);
    assert_eq!(header(&asked, "warning"), None);
}

/// A CDN's key has no `Range`: what it kept of such an answer would be the answer to all.
#[test]
fn an_answer_that_a_range_shaped_is_kept_by_its_client_alone() {
    let library = Library::open();
    let ask = |method: &str, range: &str| library.ask(method, "/books", &[("range", range)]);
    let plain = library.ask("GET", "/books", &[]);
    let public = header(&plain, "cache-control");
    let ranged = ask("GET", "0-1");
    assert_eq!(header(&ranged, "cache-control"), Some("private, no-cache"));
    assert_ne!(header(&ranged, "etag"), header(&plain, "etag"));
    for held in [header(&ranged, "etag").unwrap(), "*"] {
        let again = library.ask("GET", "/books", &[("range", "0-1"), ("if-none-match", held)]);
        assert_eq!((again.status, header(&again, "cache-control")), (304, Some("private, no-cache")));
    }
    for (method, range) in [("HEAD", "0-1"), ("GET", "bytes=0-1"), ("GET", "0-1,3-4"), ("GET", "")] {
        assert_eq!(header(&ask(method, range), "cache-control"), public, "{method} {range}");
    }
    let row = library.ask("GET", "/books/1", &[("range", "0-1")]);
    assert_eq!((row.status, header(&row, "cache-control")), (200, public));
}

#[test]
fn ranges_and_totals() {
    let library = Library::open();
    let ask = |method: &str, url: &str, headers: &[(&str, &str)]| {
        let response = library.ask(method, url, headers);
        (response.status, header(&response, "content-range").unwrap_or("none").to_owned())
    };
    let exact = ("prefer", "count=exact");
    assert_eq!(ask("GET", "/books", &[("range", "1-2")]), (200, "1-2/*".into()));
    assert_eq!(ask("GET", "/books", &[("range", "1-2"), exact]), (206, "1-2/4".into()));
    assert_eq!(ask("GET", "/books?limit=1&offset=2", &[("range", "0-"), exact]), (206, "2-2/4".into()));
    assert_eq!(ask("HEAD", "/books?limit=2", &[("range", "3-3"), exact]), (206, "0-1/4".into()));
    assert_eq!(ask("GET", "/books", &[("range", "bytes=0-1")]), (200, "0-3/*".into()));
    assert_eq!(ask("GET", "/books?id=gt.2", &[("prefer", "count=planned")]), (200, "0-1/2".into()));
    assert_eq!(ask("GET", "/books?id=gt.9", &[exact]), (200, "*/0".into()));
    assert_eq!(ask("GET", "/books?offset=4", &[exact]), (206, "*/4".into()));
    assert_eq!(ask("GET", "/authors?select=books!inner()", &[exact]), (200, "0-2/3".into()));
    assert_eq!(ask("GET", "/authors?select=id,books()&books=is.null", &[exact]), (200, "0-0/1".into()));
    assert_eq!(ask("GET", "/books?select=author_id,count()", &[exact]), (200, "0-2/3".into()));
    assert_eq!(ask("GET", "/books?limit=0", &[exact]), (206, "*/4".into()));
}

/// A catalog that counted wrong shows whose number it is.
#[test]
fn the_total_of_a_whole_table_is_the_builders_and_no_row_is_read_for_it() {
    let library = Library::changed(
        "UPDATE coldpress_catalog SET entry = json_set(entry, '$.rows', 1234567) WHERE kind = 'table' AND name = 'books'",
    );
    let total = |url: &str| {
        let response = library.ask("GET", url, &[("prefer", "count=exact")]);
        header(&response, "content-range").unwrap().to_owned()
    };
    assert_eq!(total("/books?limit=1&order=title.desc&select=id,author:authors(name)"), "0-0/1234567");
    assert_eq!(total("/books?limit=1&authors.limit=1&select=id,authors()"), "0-0/1234567");
    // These are other rows than the table's, and counted.
    assert_eq!(total("/books?limit=1&id=gt.0"), "0-0/4");
    assert_eq!(total("/books?limit=1&select=id,publishers!inner()"), "0-0/2");
    assert_eq!(total("/books?limit=1&select=count()"), "0-0/1");
}

#[test]
fn the_tag_follows_the_question_and_the_form() {
    let library = Library::open();
    let tag = |url: &str, headers: &[(&str, &str)]| {
        header(&library.ask("GET", url, headers), "etag").unwrap().to_owned()
    };
    let plain = tag("/books?id=eq.1&order=id", &[]);
    assert_eq!(plain, tag("/books?order=id&id=eq.1", &[]), "the order of parameters means nothing");
    for (url, headers) in [
        ("/books?id=eq.2&order=id", &[][..]),
        ("/books?id=eq.1&order=id&limit=1", &[]),
        ("/books?id=eq.1&order=id", &[("accept", "text/csv")]),
        ("/books?id=eq.1&order=id", &[("range", "0-0")]),
        ("/books?id=eq.1&order=id", &[("prefer", "count=exact")]),
    ] {
        assert_ne!(plain, tag(url, headers), "{url} {headers:?}");
    }
    let row = tag("/books/1", &[]);
    assert_ne!(row, tag("/books/1", &[("accept", "text/csv")]));
}

#[test]
fn a_row_has_every_form() {
    let library = Library::open();
    let ask = |accept: &str| {
        let response = library.ask("GET", "/authors/4", &[("accept", accept)]);
        (header(&response, "content-type").unwrap().to_owned(), text(&response).to_owned())
    };
    let object = r#"{"id":4,"name":"unknown","born":null,"awards":null,"living":null}"#;
    assert_eq!(ask("*/*"), ("application/json; charset=utf-8".into(), object.into()));
    assert_eq!(ask("application/vnd.pgrst.object+json").1, object);
    assert_eq!(ask("application/vnd.pgrst.object+json;nulls=stripped").1, r#"{"id":4,"name":"unknown"}"#);
    assert_eq!(
        ask("text/csv"),
        ("text/csv; charset=utf-8".into(), "id,name,born,awards,living\n4,unknown,,,".into())
    );
}

#[test]
fn the_form_is_the_one_most_wanted_then_most_precise_then_first() {
    let library = Library::open();
    for (accept, form) in [
        ("text/csv, application/json", "text/csv; charset=utf-8"),
        ("application/json, text/csv", "application/json; charset=utf-8"),
        ("*/*, text/csv", "text/csv; charset=utf-8"),
        ("application/*, text/csv", "text/csv; charset=utf-8"),
        ("*/*, text/csv;q=0.9", "application/json; charset=utf-8"),
        ("*/*;q=0.1, text/csv;q=0.2", "text/csv; charset=utf-8"),
        (
            "application/json, application/vnd.pgrst.array+json;nulls=stripped",
            "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8",
        ),
        ("application/json;charset=utf-8;q=0.3, text/csv;q=0.4", "text/csv; charset=utf-8"),
    ] {
        let response = library.ask("GET", "/authors?limit=1", &[("accept", accept)]);
        assert_eq!(header(&response, "content-type"), Some(form), "{accept}");
    }
}

#[test]
fn before_the_first_row_there_are_none() {
    let library = Library::open();
    for (page, ids) in [
        (
            "offset=-5",
            r#"[{"id":1},
 {"id":2},
 {"id":3},
 {"id":4}]"#,
        ),
        (
            "limit=3&offset=-1",
            r#"[{"id":1},
 {"id":2}]"#,
        ),
        ("offset=-2&limit=3", r#"[{"id":1}]"#),
        ("offset=-1&limit=0", "[]"),
    ] {
        assert_eq!(library.get(&format!("/books?select=id&{page}")), ids, "{page}");
    }
    for page in ["limit=2&offset=-2", "limit=2&offset=-99999999999999999999", "limit=-1"] {
        let response = library.ask("GET", &format!("/books?{page}"), &[]);
        assert_eq!(
            (response.status, text(&response)),
            (
                416,
                r#"{"code":"PGRST103","message":"Requested range not satisfiable","details":"Limit should be greater than or equal to zero.","hint":null}"#
            ),
            "{page}"
        );
    }
    let response = library.ask("GET", "/authors?select=books(id)&books.offset=-1", &[]);
    assert_eq!(
        (response.status, text(&response)),
        (
            400,
            r#"{"code":"CP003","message":"books.offset is \"-1\"","details":null,"hint":"the offset of an embed is not negative"}"#
        )
    );
}

#[test]
fn one_row_is_counted_among_those_that_are_asked_for() {
    let config = Config { default_limit: 2, max_limit: 3, ..Config::default() };
    let library = Library::with(config);
    for (url, range, rows) in [
        ("/books", None, 4),
        ("/books?offset=1", None, 3),
        ("/books?limit=2", None, 2),
        ("/books?limit=2&offset=1", None, 2),
        ("/books?limit=9", None, 3),
        ("/books?limit=0", None, 0),
        ("/books", Some("1-2"), 2),
        ("/books?id=gt.1", None, 3),
        ("/books?select=author_id,count()", None, 3),
    ] {
        let mut headers = vec![("accept", "application/vnd.pgrst.object+json")];
        headers.extend(range.map(|range| ("range", range)));
        let response = library.ask("GET", url, &headers);
        let details = format!("\"details\":\"The result contains {rows} rows\"");
        assert_eq!(response.status, 406, "{url}");
        assert!(text(&response).contains(&details), "{url} {range:?}: {}", text(&response));
    }
}

#[test]
fn a_deployment_names_the_origins() {
    let origins = vec!["https://a.org".to_owned(), "https://b.org".to_owned()];
    let library = Library::with(Config { cors_origins: origins, ..Config::default() });
    for (url, vary) in [
        ("/books", "Accept, Accept-Datetime, Accept-Encoding, Prefer, Range, Origin"),
        ("/nothing", "Origin"),
    ] {
        let known = library.ask("GET", url, &[("origin", "https://b.org")]);
        assert_eq!(header(&known, "access-control-allow-origin"), Some("https://b.org"), "{url}");
        assert_eq!(header(&known, "vary"), Some(vary), "{url}");
        for headers in [&[("origin", "https://c.org")][..], &[]] {
            let unknown = library.ask("GET", url, headers);
            assert_eq!(header(&unknown, "access-control-allow-origin"), None, "{url}");
            assert_eq!(header(&unknown, "vary"), Some(vary), "{url}");
        }
    }
}
