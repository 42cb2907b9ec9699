//! Embedded rows that an index names are read without a statement: they are what SQLite would give.

use std::time::Duration;

use reader::{Config, Headers, RawRequest, Reader, Release};

use crate::library::{Library, Source};
use crate::package::{Files, descriptor};
use crate::release::{header, text};

const SELECTS: [&str; 9] = [
    "id,letters!sender(id,text,weight)",
    "letters!sender(*),id",
    "code,got:letters!recipient(x:text,id)",
    "id,notes(text),letters!sender(id),got:letters!recipient(weight)",
    "id,...letters!sender(number:id,weight)",
    "id,letters!sender(id,recipient(id,letters!sender(id)))&letters.limit=3",
    "id,letters!sender(id::text,weight)",
    "id,letters!sender(count())",
    "id,letters!sender(id,...people!recipient(code))",
];

/// People with letters that they sent, by number, and got, by code; one sent 1,500.
fn sources() -> Vec<Source> {
    let people: Vec<_> = (1..=60).map(|n| format!("({n}, 'é{}')", n * 7 % 61)).collect();
    let letters: Vec<_> = (0..4000_usize)
        .map(|n| {
            let sender = match n % 60 {
                0 => "NULL".to_owned(),
                _ if n % 2 == 0 && n < 3000 => "7".to_owned(),
                sender => sender.to_string(),
            };
            let recipient = match n % 50 {
                0 => "NULL".to_owned(),
                person => format!("'é{}'", person * 7 % 61),
            };
            let text = "x\"y".repeat(if n % 250 == 0 { 3000 } else { n % 9 });
            format!("({}, {sender}, {recipient}, '{text}', {}.5)", n as i64 * 5 - 900, n % 7)
        })
        .collect();
    vec![
        Source {
            name: "people",
            columns: "id integer!, code string!",
            primary_key: &["id"],
            unique_keys: &[&["code"]],
            foreign_keys: &[],
            rows: people.join(", ").leak(),
        },
        Source {
            name: "letters",
            columns: "id integer!, sender integer, recipient string, text string, weight number",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[("sender", "people", "id"), ("recipient", "people", "code")],
            rows: letters.join(", ").leak(),
        },
        // Without a primary key, so no row of it is found but by SQLite.
        Source {
            name: "notes",
            columns: "person integer!, text string!",
            primary_key: &[],
            unique_keys: &[],
            foreign_keys: &[("person", "people", "id")],
            rows: "(3, 'c'), (1, 'a'), (3, 'd')",
        },
    ]
}

/// However slow the machine is, no query runs out of time.
fn patient(config: Config) -> Library {
    Library::of_with(&sources(), Config { query_time: Duration::from_secs(3600), ..config })
}

/// The same question with filters that hold for all rows: they take statements.
fn with_sqlite(url: &str) -> String {
    let mut other = url.to_owned();
    for (embed, filter) in [
        ("letters", "&letters.id=not.is.null"),
        ("got", "&got.id=not.is.null"),
        ("notes", "&notes.text=not.is.null"),
    ] {
        let named = [format!("{embed}!"), format!("{embed}:"), format!("{embed}(")];
        let selected = url.split("select=").nth(1).unwrap_or_default();
        if named.iter().any(|name| selected.starts_with(name) || selected.contains(&format!(",{name}")))
            || selected.contains(&format!("...{embed}!"))
        {
            other.push_str(filter);
        }
    }
    other
}

fn same(library: &Library, url: &str, headers: &[(&str, &str)]) -> u16 {
    let (found, expected) =
        (library.ask("GET", url, headers), library.ask("GET", &with_sqlite(url), headers));
    assert_eq!(text(&found), text(&expected), "{url} {headers:?}");
    assert_eq!(found.status, expected.status, "{url}");
    for name in ["content-range", "content-type", "preference-applied", "warning"] {
        assert_eq!(header(&found, name), header(&expected, name), "{url}, {name}");
    }
    found.status
}

#[test]
fn embedded_rows_are_the_same_in_every_form() {
    let library = patient(Config::default());
    let forms: [&[(&str, &str)]; 5] = [
        &[],
        &[("accept", "text/csv")],
        &[("accept", "application/x-ndjson")],
        &[("accept", "application/vnd.pgrst.array+json;nulls=stripped")],
        &[("prefer", "count=exact")],
    ];
    for select in SELECTS {
        for page in ["", "&limit=3", "&id=eq.7", "&order=id.desc&limit=20"] {
            for headers in forms {
                assert!(same(&library, &format!("/people?select={select}{page}"), headers) < 300);
            }
        }
    }
}

#[test]
fn limits_offsets_and_orders_of_embeds_hold() {
    for config in [
        Config::default(),
        Config { max_limit: 1000, ..Config::default() },
        Config { max_limit: 9, ..Config::default() },
    ] {
        let library = patient(config);
        for page in [
            "letters.limit=0",
            "letters.limit=1",
            "letters.limit=9",
            "letters.limit=5000",
            "letters.limit=4&letters.offset=3",
            "letters.offset=2",
            "letters.order=text,id.desc",
            "letters.order=weight.desc&letters.limit=4",
            "letters=is.null",
            "letters=not.is.null",
            "letters.weight=gt.2",
        ] {
            same(&library, &format!("/people?select=id,letters!sender(id,text)&{page}"), &[]);
        }
    }
    let library = patient(Config { max_limit: 1000, ..Config::default() });
    let cut = library.ask("GET", "/people?select=id,letters!sender(id)&id=eq.7", &[]);
    assert_eq!(text(&cut).matches("\"id\"").count(), 1001);
    let warning = "299 Coldpress \"embedded rows cut at the maximum of 1000: letters\"";
    assert_eq!(header(&cut, "warning"), Some(warning));
}

/// Where an index is damaged there is an error, or all rows; never some.
#[test]
fn a_damaged_index_loses_no_row() {
    let files = Files::of(&descriptor("library", &sources()), &sources());
    let directory = tempfile::tempdir().unwrap();
    files.write(directory.path());
    let path = directory.path().join("data.db");
    let whole = std::fs::read(&path).unwrap();
    let ask = || {
        let reader = Reader::new(Release::open(directory.path()).unwrap(), Config::default());
        reader.answer(&RawRequest {
            method: "GET",
            path: "/people",
            query: "select=id,letters!sender(id)&letters.limit=3",
            headers: Headers::default(),
        })
    };
    let expected = ask();
    assert_eq!(expected.status, 200);
    let mut damaged = 0;
    for start in (0..whole.len()).step_by(4096).skip(1) {
        // Leaves and inner pages of indexes.
        if !matches!(whole[start], 2 | 10) {
            continue;
        }
        let mut bytes = whole.clone();
        bytes[start] = 0xff;
        std::fs::write(&path, bytes).unwrap();
        let found = ask();
        damaged += u32::from(found.status != 200);
        assert!(found.status == 500 || text(&found) == text(&expected), "{}", text(&found));
    }
    assert!(damaged > 0);
}
