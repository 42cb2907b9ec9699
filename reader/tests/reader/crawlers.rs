//! What search engines and other programs that look for data find: `robots.txt`, a sitemap, JSON-LD, Croissant, DCAT.

use reader::Config;

use crate::browsers::FIREFOX;
use crate::library::{Library, Source};
use crate::release::{header, text};

fn public(base_path: &str) -> Library {
    let public_url = Some("https://data.example".to_owned());
    Library::with(Config { public_url, base_path: base_path.to_owned(), ..Config::default() })
}

#[test]
fn robots_are_told_where_the_sitemap_is() {
    let rules = "User-agent: *\nDisallow: /-/at/\nDisallow: /-/find/\nDisallow: /-/html/\n";
    for accept in ["*/*", FIREFOX, "text/plain"] {
        let answer = Library::open().ask("GET", "/robots.txt", &[("accept", accept)]);
        assert_eq!((answer.status, text(&answer)), (200, rules));
        assert_eq!(header(&answer, "content-type"), Some("text/plain; charset=utf-8"));
        let tag = header(&answer, "etag").unwrap();
        assert_eq!(Library::open().ask("GET", "/robots.txt", &[("if-none-match", tag)]).status, 304);
    }
    let answer = public("/v1").ask("GET", "/robots.txt", &[]);
    let rules = rules.replace(" /-/", " /v1/-/");
    assert_eq!(text(&answer), format!("{rules}\nSitemap: https://data.example/v1/sitemap.xml\n"));
}

#[test]
fn a_sitemap_lists_pages() {
    let answer = public("").ask("GET", "/sitemap.xml", &[("accept", FIREFOX)]);
    assert_eq!((answer.status, header(&answer, "content-type")), (200, Some("application/xml")));
    let entries: Vec<_> = text(&answer).lines().collect();
    assert_eq!(
        entries[..2],
        [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
        ]
    );
    for page in ["/", "/books", "/-/columns/books", "/-/changes/books"] {
        let entry = format!(
            "<url><loc>https://data.example{page}</loc><lastmod>2024-06-05T17:00:00Z</lastmod></url>"
        );
        assert!(entries.contains(&entry.as_str()), "{entry}\n{entries:#?}");
        assert_eq!(public("").ask("GET", page, &[("accept", FIREFOX)]).status, 200, "{page}");
    }
    assert_eq!(
        text(&Library::open().ask("GET", "/sitemap.xml", &[])),
        r#"{"code":"PGRST125","message":"the address of this server is not configured","details":null,"hint":"set COLDPRESS_PUBLIC_URL, such as https://data.example.org"}"#
    );
}

/// A table of such a name is the table.
#[test]
fn tables_take_precedence() {
    let library = Library::of(&[Source {
        name: "robots.txt",
        columns: "id integer!",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1)",
    }]);
    assert_eq!(library.get("/robots.txt"), r#"[{"id":1}]"#);
    assert_eq!(Library::open().ask("GET", "/robots.txt?a=1", &[]).status / 100, 4);
}

fn linked_data(library: &Library, url: &str) -> serde_json::Value {
    let page = library.ask("GET", url, &[("accept", FIREFOX)]);
    let blocks: Vec<_> = text(&page).split("<script type=\"application/ld+json\">").collect();
    assert_eq!(blocks.len(), 2, "{url}");
    serde_json::from_str(blocks[1].split("</script>").next().unwrap()).unwrap()
}

#[test]
fn pages_carry_linked_data() {
    let table = linked_data(&public(""), "/books?price=gt.1");
    let file = |extension: &str, of: &str| {
        serde_json::json!({
            "@type": "DataDownload", "encodingFormat": of, "contentUrl": format!("https://data.example/books.{extension}"),
        })
    };
    assert_eq!(table["@context"], "https://schema.org/");
    assert_eq!(table["@type"], "Dataset");
    assert_eq!(table["url"], "https://data.example/books");
    assert_eq!(table["license"], "https://creativecommons.org/publicdomain/zero/1.0/");
    assert_eq!(
        (&table["version"], &table["dateModified"]),
        (&"1.2.0".into(), &"2024-06-05T17:00:00Z".into())
    );
    assert_eq!(
        table["distribution"],
        serde_json::json!([
            file("csv", "text/csv"),
            file("json", "application/json"),
            file("ndjson", "application/x-ndjson")
        ])
    );
    assert_eq!(table["variableMeasured"][0], serde_json::json!({"@type": "PropertyValue", "name": "id"}));
    let front = linked_data(&Library::open(), "/");
    assert_eq!((&front["@type"], &front["url"]), (&"DataCatalog".into(), &"/".into()));
    assert_eq!(front["dataset"][0]["name"], "A small library");
    assert_eq!(front["dataset"][0]["distribution"][0]["contentUrl"], "/authors.csv");
}

/// No text ends the block.
#[test]
fn a_text_ends_no_block() {
    let mischief = "UPDATE coldpress_catalog SET about = replace(about, 'A small library', '</script><script>alert(1)') WHERE kind = 'dataset'";
    let library = Library::changed(mischief);
    assert_eq!(linked_data(&library, "/")["dataset"][0]["name"], "</script><script>alert(1)");
}

#[test]
fn pages_name_themselves() {
    let page = public("/v1").ask("GET", "/v1/books", &[("accept", FIREFOX)]);
    for part in [
        "<meta property=\"og:url\" content=\"https://data.example/v1/books\"><link rel=\"canonical\" href=\"https://data.example/v1/books\">",
        "<link rel=\"alternate\" type=\"text/csv\" href=\"/v1/books.csv\" title=\"Rows as CSV\">",
    ] {
        assert!(text(&page).contains(part), "{part}\n{}", text(&page));
    }
}

#[test]
fn datasets_are_described_for_other_worlds() {
    for (url, part, relative) in [
        ("/-/croissant/library.json", "\"contentUrl\": \"ROOT/books.csv\"", "../.."),
        ("/-/dcat.jsonld", "\"dcat:downloadURL\": {\n                \"@id\": \"ROOT/books.csv\"", ".."),
    ] {
        for (library, root, at) in
            [(public("/v1"), "https://data.example/v1", "/v1"), (Library::open(), relative, "")]
        {
            let answer = library.ask("GET", &format!("{at}{url}"), &[("accept", FIREFOX)]);
            assert_eq!(
                (answer.status, header(&answer, "content-type")),
                (200, Some("application/ld+json")),
                "{url}"
            );
            assert!(text(&answer).contains(&part.replace("ROOT", root)), "{}", text(&answer));
            assert!(!text(&answer).contains(".invalid"), "{}", text(&answer));
            let tag = header(&answer, "etag").unwrap();
            assert_eq!(library.ask("GET", &format!("{at}{url}"), &[("if-none-match", tag)]).status, 304);
            let as_linked_data =
                library.ask("GET", &format!("{at}{url}"), &[("accept", "application/ld+json")]);
            assert_eq!((as_linked_data.status, &as_linked_data.body), (200, &answer.body));
            assert_eq!(library.ask("GET", &format!("{at}{url}?a=1"), &[]).status / 100, 4);
        }
    }
    assert_eq!(Library::open().ask("GET", "/-/croissant/books.json", &[]).status, 404);
    let older = Library::changed("DELETE FROM coldpress_catalog WHERE kind IN ('croissant', 'dcat')");
    for url in ["/-/croissant/library.json", "/-/dcat.jsonld"] {
        assert_eq!(older.ask("GET", url, &[]).status, 404, "{url}");
    }
}
