//! What a page in a browser needs: CORS on every answer, a preflight that passes, and timing.

use reader::{Config, Response};

use crate::library::Library;
use crate::release::header;

fn cors(response: &Response) -> Vec<(&str, &str)> {
    let headers = response.headers.iter().map(|(name, value)| (*name, value.as_ref()));
    headers.filter(|(name, _)| name.starts_with("access-control-")).collect()
}

/// Found, an empty page, an unknown row, an unknown table, a wrong filter, a wrong method.
const REQUESTS: [(&str, &str, u16); 6] = [
    ("GET", "/books", 200),
    ("GET", "/books?limit=0", 200),
    ("HEAD", "/books/99", 404),
    ("GET", "/nothing", 404),
    ("GET", "/books?price=gt.x", 400),
    ("PUT", "/books", 405),
];

#[test]
fn every_answer_may_be_read_by_every_page() {
    let library = Library::open();
    for (method, url, status) in REQUESTS {
        let response = library.ask(method, url, &[("origin", "https://a.org")]);
        assert_eq!(response.status, status, "{method} {url}");
        let expected = [("access-control-allow-origin", "*"), ("access-control-expose-headers", "*")];
        assert_eq!(cors(&response), expected, "{method} {url}");
    }
}

#[test]
fn a_deployment_that_names_origins_lets_their_pages_read_every_answer() {
    let origins = vec!["https://a.org".to_owned()];
    let library = Library::with(Config { cors_origins: origins, ..Config::default() });
    let expected = [
        ("access-control-allow-origin", "https://a.org"),
        ("access-control-allow-credentials", "true"),
        (
            "access-control-allow-headers",
            "Accept, Accept-Profile, apikey, Authorization, Content-Type, If-None-Match, Prefer, Range, Range-Unit, Want-Repr-Digest, X-Client-Info",
        ),
        ("access-control-allow-methods", "OPTIONS,GET,HEAD"),
        (
            "access-control-expose-headers",
            "Content-Disposition, Content-Encoding, Content-Location, Content-Range, Content-Type, Date, ETag, Link, Preference-Applied, Proxy-Status, Range-Unit, Repr-Digest, Warning",
        ),
        ("access-control-max-age", "86400"),
    ];
    for (method, url, status) in REQUESTS.into_iter().chain([("OPTIONS", "/books", 200)]) {
        let response = library.ask(method, url, &[("origin", "https://a.org")]);
        assert_eq!(response.status, status, "{method} {url}");
        assert_eq!(cors(&response), expected, "{method} {url}");
        assert_eq!(cors(&library.ask(method, url, &[("origin", "https://b.org")])), [], "{method} {url}");
    }
}

/// The page shall see the 404 itself, not that a preflight failed.
#[test]
fn a_preflight_passes_whatever_the_answer_will_be() {
    let library = Library::open();
    for url in ["/books", "/nothing", "/books/1/2", "/-/nothing", "/?a=b"] {
        let response = library.ask("OPTIONS", url, &[("origin", "https://a.org")]);
        assert_eq!((response.status, response.body.len()), (200, 0), "{url}");
        assert_eq!(
            cors(&response),
            [
                ("access-control-allow-origin", "*"),
                ("access-control-expose-headers", "*"),
                ("access-control-allow-methods", "OPTIONS,GET,HEAD"),
                ("access-control-allow-headers", "*"),
                ("access-control-max-age", "86400"),
            ],
            "{url}"
        );
    }
    assert_eq!(library.ask("OPTIONS", "/nothing", &[]).status, 404);
}

#[test]
fn a_deployment_may_show_what_answers_take() {
    let library = Library::with(Config { server_timing: true, ..Config::default() });
    for url in ["/books", "/books/1", "/nothing"] {
        let response = library.ask("GET", url, &[]);
        let timing = header(&response, "server-timing").unwrap();
        let shape: String =
            timing.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        assert_eq!(shape, "answer;dur=., total;dur=.", "{url}: {timing}");
        assert_eq!(header(&response, "timing-allow-origin"), Some("*"));
        assert_eq!(header(&Library::open().ask("GET", url, &[]), "server-timing"), None);
    }
}
