//! Files: whole, and any range of their bytes, from one answer.

use std::io::Read;

use reader::Config;

use crate::library::{Library, Source};
use crate::release::header;

/// 2,000 cities in 7 countries, with texts of all lengths up to 500 characters.
fn cities() -> Vec<Source> {
    let rows = "(0, 'c0', 1e300, 'first') UNION ALL \
         SELECT i, 'c' || (i % 7), iif(i % 11 = 0, NULL, i / 8.0), \
         substr(replace(hex(zeroblob(400)), '0', iif(i % 5 = 0, 'é,', 'a\"')), 1, i * 37 % 500) \
         FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1999) SELECT i FROM n)";
    vec![
        Source {
            name: "cities",
            columns: "id integer, country string!, size number, about string",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[("country", "countries", "code")],
            rows,
        },
        Source {
            name: "countries",
            columns: "code string, name string",
            primary_key: &["code"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "('c0','A'), ('c1','B'), ('c2','C'), ('c3','D'), ('c4','E'), ('c5','F'), ('c6','G')",
        },
    ]
}

const QUESTIONS: [&str; 9] = [
    "",
    "select=id,about",
    "select=about,country:id",
    "country=eq.c3",
    "order=size.desc.nullslast,country",
    "order=about&size=not.is.null&select=id",
    "select=id,countries(name)&order=countries(name).desc,id.desc",
    "select=country,count(),size.sum()",
    "limit=1500&offset=77&order=country",
];

pub(crate) fn library() -> Library {
    Library::of_with(&cities(), Config { default_limit: 10, max_limit: 20, ..Config::default() })
}

fn whole(library: &Library, url: &str) -> Vec<u8> {
    let response = library.ask("GET", url, &[]);
    assert_eq!(response.status, 200, "{url}: {}", String::from_utf8_lossy(&response.body));
    assert_eq!(header(&response, "accept-ranges"), Some("bytes"), "{url}");
    assert_eq!(header(&response, "warning"), None, "{url}");
    response.body
}

#[test]
fn every_range_is_that_of_the_whole() {
    let library = library();
    for extension in ["csv", "json", "ndjson"] {
        for question in QUESTIONS {
            let url = format!("/cities.{extension}?{question}");
            let whole = whole(&library, &url);
            let length = whole.len();
            let head = library.ask("HEAD", &url, &[]);
            assert_eq!((head.status, head.length, head.body.len()), (200, length, 0), "{url}");
            let places = [0, 1, 2, 7, length / 3, length / 2, length - 2, length - 1];
            let sizes = [1, 2, 500, 9000, length];
            for (start, size) in places.into_iter().flat_map(|start| sizes.map(|size| (start, size))) {
                let range = format!("bytes={start}-{}", start + size - 1);
                let part = library.ask("GET", &url, &[("range", &range), ("accept-encoding", "gzip")]);
                let end = (start + size).min(length);
                assert_eq!(part.status, 206, "{url} {range}");
                assert!(part.body == whole[start..end], "{url} {range}");
                let place = format!("bytes {start}-{}/{length}", end - 1);
                assert_eq!(header(&part, "content-range"), Some(&*place), "{url}");
                assert_eq!(header(&part, "etag"), header(&head, "etag"), "{url}");
                assert_eq!(header(&part, "content-encoding"), None, "{url}");
            }
            let last = library.ask("GET", &url, &[("range", "bytes=-5")]);
            assert_eq!(last.body, whole[length - 5..], "{url}");
        }
    }
}

#[test]
fn a_file_has_the_rows_of_all_pages() {
    let library = library();
    for question in QUESTIONS.into_iter().filter(|question| !question.contains("limit")) {
        let mut rows: Vec<serde_json::Value> = vec![];
        let mut next = format!("/cities?{question}");
        loop {
            let page = library.ask("GET", &next, &[]);
            rows.extend(serde_json::from_slice::<Vec<serde_json::Value>>(&page.body).unwrap());
            match header(&page, "link") {
                Some(link) => next = link.split(['<', '>']).nth(1).unwrap().to_owned(),
                None => break,
            }
        }
        let file: Vec<serde_json::Value> =
            serde_json::from_slice(&whole(&library, &format!("/cities.json?{question}"))).unwrap();
        assert_eq!(file, rows, "{question}");
    }
}

#[test]
fn embedded_rows_are_all_there() {
    let file = library().get("/countries.json?code=eq.c1&select=name,cities(id)");
    let [country] = &serde_json::from_str::<Vec<serde_json::Value>>(&file).unwrap()[..] else {
        panic!("{file}")
    };
    assert_eq!(country["cities"].as_array().unwrap().len(), 286);
}

#[test]
fn a_range_is_of_what_the_client_has_or_the_answer_is_whole() {
    let library = library();
    let url = "/cities.csv?select=id";
    let all = whole(&library, url);
    let of = |headers: &[(&str, &str)]| library.ask("GET", url, headers);
    let tag = header(&of(&[]), "etag").unwrap().to_owned();
    for (condition, status) in [
        (&*tag, 206),
        (&*format!("W/{tag}"), 200),
        (&*tag.replace("\"", ""), 200),
        ("\"other\"", 200),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 200),
    ] {
        let answer = of(&[("range", "bytes=4-9"), ("if-range", condition)]);
        assert_eq!(answer.status, status, "{condition}");
        assert_eq!(answer.body, if status == 206 { &all[4..10] } else { &all[..] }, "{condition}");
    }
    for ignored in ["bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes=x-"] {
        let answer = of(&[("range", ignored)]);
        assert_eq!((answer.status, answer.body.len()), (200, all.len()), "{ignored}");
    }
    assert_eq!(library.ask("HEAD", url, &[("range", "bytes=0-1")]).status, 200);
    let held = of(&[("range", "bytes=0-1"), ("if-none-match", &tag)]);
    assert_eq!((held.status, held.body.len()), (304, 0));
}

#[test]
fn a_range_behind_the_end_says_where_that_is() {
    let library = library();
    let length = whole(&library, "/countries.csv").len();
    for range in
        [format!("bytes={length}-"), format!("bytes={}-{}", length + 5, length + 9), "bytes=-0".into()]
    {
        let answer = library.ask("GET", "/countries.csv", &[("range", &range)]);
        assert_eq!(answer.status, 416, "{range}");
        assert_eq!(header(&answer, "content-range"), Some(&*format!("bytes */{length}")), "{range}");
        assert_eq!(
            String::from_utf8(answer.body).unwrap(),
            format!(
                r#"{{"code":"PGRST103","message":"Requested range not satisfiable","details":"the file has {length} bytes","hint":"ask for bytes from 0 on; the header Content-Range has the file's length"}}"#
            )
        );
    }
}

#[test]
fn an_empty_file_has_its_frame() {
    let library = library();
    for (extension, body) in [("csv", "id"), ("json", "[]"), ("ndjson", "")] {
        let url = format!("/cities.{extension}?select=id&id=eq.-1");
        assert_eq!(library.get(&url), body);
        assert_eq!(library.ask("HEAD", &url, &[]).length, body.len());
        let part = library.ask("GET", &url, &[("range", "bytes=0-3")]);
        assert_eq!(part.status, if body.is_empty() { 416 } else { 206 }, "{url}");
    }
}

#[test]
fn in_gzip_more_has_room() {
    let library = Library::of_with(&cities(), Config { max_bytes: 30_000, ..Config::default() });
    let url = "/cities.csv";
    assert_eq!(library.ask("GET", url, &[]).status, 400);
    let coded = library.ask("GET", url, &[("accept-encoding", "gzip")]);
    assert_eq!((coded.status, header(&coded, "content-encoding")), (200, Some("gzip")));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&coded.body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, String::from_utf8(whole(&self::library(), url)).unwrap());
    let tag = |response| header(response, "etag").unwrap().to_owned();
    let identity = library.ask("HEAD", url, &[]);
    assert_eq!(tag(&coded), format!("{}-gzip\"", tag(&identity).trim_end_matches('"')));
}

#[test]
fn the_number_of_rows_is_counted_where_it_is_asked() {
    let library = library();
    let answer = library.ask("GET", "/cities.csv?select=id&country=eq.c1", &[("prefer", "count=exact")]);
    assert_eq!((answer.status, header(&answer, "content-range")), (200, Some("0-285/286")));
    assert_eq!(header(&answer, "preference-applied"), Some("count=exact"));
    // Before anything else was asked of this reader that calls a function of ours.
    let library = self::library();
    let answer = library.ask("GET", "/cities.csv?select=id&country=match.1$", &[("prefer", "count=exact")]);
    assert_eq!((answer.status, header(&answer, "content-range")), (200, Some("0-285/286")));
    let answer = library.ask("GET", "/cities.csv?select=id&limit=5&offset=2", &[("prefer", "count=exact")]);
    assert_eq!(header(&answer, "content-range"), Some("2-6/2000"));
}

/// The builder adds up what rows are long; the reader writes them.
#[test]
fn a_table_of_every_type_has_its_length() {
    let columns =
        "id integer, s string, n number, i integer, b boolean, d date, o object, a array, x any, y year";
    let rows = r#"(1, 'plain', 0.1, -5, 'true', '2024-01-02', '{"a":[1,"\u00e9"]}', '[1, null]', '[1,
 2]', 2024),
 (3, 'a,"b"' || char(10) || char(1) || char(8), 'NaN', 9223372036854775807, 'false', '0001-01-01', '{}', '[]', '[draft]', 2001),
 (9, '', 'INF', 0, NULL, NULL, NULL, NULL, 'x"', NULL),
 (-2, NULL, 1e300, NULL, 'true', '9999-12-31', NULL, '["\""]', '{"a":1}', 9999)"#;
    let source = |primary_key| Source {
        name: "all",
        columns,
        primary_key,
        unique_keys: &[],
        foreign_keys: &[],
        rows: rows.to_owned().leak(),
    };
    // A key that is the row number, and one that is not.
    for primary_key in [&["id"][..], &[]] {
        let library = Library::of(&[source(primary_key)]);
        for extension in ["csv", "json", "ndjson"] {
            let url = format!("/all.{extension}");
            let whole = whole(&library, &url);
            assert_eq!(library.ask("HEAD", &url, &[]).length, whole.len(), "{url}");
            // Counted instead.
            assert_eq!(library.ask("HEAD", &format!("{url}?limit=9"), &[]).length, whole.len(), "{url}");
        }
    }
}
