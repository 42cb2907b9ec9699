//! Content codings: taken where the client likes them and the answer is large enough.

use std::io::Read;

use reader::Response;

use crate::release::{Shop, header, text};

/// A page of more than 1 KiB: each table's row over and over.
const LARGE: &str = "/books?select=*,authors(*,letters!sender_id(*),books(*,publishers(*),loans(*)))";

fn library(headers: &[(&str, &str)], method: &str) -> Response {
    crate::library::Library::open().ask(method, LARGE, headers)
}

fn decoded(response: &Response) -> String {
    let mut text = String::new();
    let body = response.body.as_slice();
    match header(response, "content-encoding") {
        None => return crate::release::text(response).to_owned(),
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_string(&mut text).unwrap(),
        Some("br") => brotli::Decompressor::new(body, 4096).read_to_string(&mut text).unwrap(),
        Some(other) => panic!("{other}"),
    };
    text
}

#[test]
fn a_large_answer_comes_in_the_coding_that_is_liked_best() {
    let plain = library(&[], "GET");
    assert!(plain.body.len() > 1024 && plain.status == 200, "{} bytes", plain.body.len());
    let tag = header(&plain, "etag").unwrap().trim_matches('"');
    for (accept, coding, suffix) in [
        ("gzip", Some("gzip"), "-gzip"),
        ("gzip, deflate, br", Some("br"), "-br"),
        ("gzip, br;q=0.9", Some("gzip"), "-gzip"),
        ("identity, br;q=0.9", None, ""),
        ("deflate", None, ""),
    ] {
        let headers = [("accept-encoding", accept)];
        let coded = library(&headers, "GET");
        assert_eq!(header(&coded, "content-encoding"), coding, "{accept}");
        assert_eq!(header(&coded, "etag"), Some(&*format!("\"{tag}{suffix}\"")), "{accept}");
        assert_eq!(header(&coded, "vary"), Some("Accept, Accept-Datetime, Accept-Encoding, Prefer, Range"));
        assert_eq!(decoded(&coded), text(&plain), "{accept}");
        assert_eq!(coded.length, coded.body.len());
        assert_eq!(coded.length < plain.length, coding.is_some(), "{accept}");
        // HEAD says what GET would.
        let head = library(&headers, "HEAD");
        assert_eq!((head.body.len(), head.length), (0, coded.length));
        assert_eq!(head.headers, coded.headers);
    }
}

#[test]
fn a_small_answer_stays_as_it_is() {
    let shop = Shop::open();
    for url in ["/products/1", "/products", "/nothing"] {
        let response = shop.ask("GET", url, &[("accept-encoding", "br, gzip, identity;q=0")]);
        assert_eq!(header(&response, "content-encoding"), None, "{url}");
        assert_eq!(response.body, shop.get(url).body);
    }
}

/// A tag names one coding; it is worth a 304 to whoever still takes that coding.
#[test]
fn a_tag_is_known_in_each_coding_that_the_client_takes() {
    let ask = |tag: &str, accept: &str| {
        let response = library(&[("if-none-match", tag), ("accept-encoding", accept)], "GET");
        (response.status, header(&response, "etag").unwrap().to_owned())
    };
    let plain = header(&library(&[], "GET"), "etag").unwrap().to_owned();
    let gzip = format!("{}-gzip\"", plain.trim_end_matches('"'));
    let br = format!("{}-br\"", plain.trim_end_matches('"'));
    assert_eq!(ask(&gzip, "gzip, br"), (304, gzip.clone()));
    assert_eq!(ask(&br, "gzip, br"), (304, br.clone()));
    assert_eq!(ask(&plain, "gzip, br"), (304, plain.clone()));
    assert_eq!(ask(&format!("W/{gzip}"), "gzip"), (304, gzip.clone()));
    assert_eq!(ask(&br, "gzip"), (200, gzip.clone()));
    assert_eq!(ask(&gzip, ""), (200, plain));
    assert_eq!(ask(&gzip.replace("gzip", "zstd"), "gzip"), (200, gzip));
}
