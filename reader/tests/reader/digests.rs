//! `Repr-Digest` (RFC 9530): the digest of a representation, as a client computes it from the bytes that it got.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reader::Response;
use sha2::{Digest, Sha256};

use crate::files::library as cities;
use crate::library::Library;
use crate::release::{Shop, header};

const WANTED: (&str, &str) = ("want-repr-digest", "sha-256=1");

fn of(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

fn digest(response: &Response) -> Option<&str> {
    header(response, "repr-digest")
}

#[test]
fn any_representation_has_its_digest_where_that_is_asked_for() {
    let shop = Shop::open();
    let row = shop.ask("GET", "/products/2", &[WANTED]);
    assert_eq!(row.body, br#"{"id":2,"name":"Plate","price":100,"sold":false,"tags":[]}"#);
    assert_eq!(digest(&row), Some("sha-256=:GWmsxLwiKFlRE2yhkBcrhVthsDJZgh/FyL3Kdaooklc=:"));
    for url in
        ["/", "/products", "/products?id=eq.9", "/notes.ndjson?text=eq.x", "/-/schema/products", "/nothing"]
    {
        let response = shop.ask("GET", url, &[WANTED]);
        assert_eq!(digest(&response), Some(&*of(&response.body)), "{url}");
        assert_eq!(shop.ask("HEAD", url, &[WANTED]).headers, response.headers, "{url}");
        // It says nothing of the answer, so a cache may give either to everybody.
        let vary = "Accept, Accept-Datetime, Accept-Encoding, Prefer, Range";
        assert!(header(&response, "vary").is_none_or(|found| found == vary), "{url}");
    }
    for wish in ["sha-512=1", "sha-256=0", "sha-256", "x"] {
        assert_eq!(digest(&shop.ask("GET", "/products/2", &[("want-repr-digest", wish)])), None, "{wish}");
    }
    assert_eq!(digest(&shop.get("/products/2")), None);
    // No representation, or a part of one that nobody made whole.
    assert_eq!(digest(&shop.ask("OPTIONS", "/products", &[WANTED])), None);
    let page = shop.ask("GET", "/products?limit=1", &[WANTED, ("prefer", "count=exact")]);
    assert_eq!((page.status, digest(&page)), (206, None));
    let tag = header(&row, "etag").unwrap().to_owned();
    let held = shop.ask("GET", "/products/2", &[WANTED, ("if-none-match", &tag)]);
    assert_eq!((held.status, digest(&held)), (304, None));
}

#[test]
fn a_digest_is_of_the_representation_in_its_coding() {
    let library = Library::open();
    let url = "/books?select=*,authors(*,letters!sender_id(*),books(*,publishers(*),loans(*)))";
    let mut digests = vec![];
    for coding in ["identity", "gzip", "br"] {
        let response = library.ask("GET", url, &[WANTED, ("accept-encoding", coding)]);
        assert_eq!(digest(&response), Some(&*of(&response.body)), "{coding}");
        digests.push(digest(&response).unwrap().to_owned());
    }
    digests.dedup();
    assert_eq!(digests.len(), 3);
}

#[test]
fn the_manifest_and_a_file_have_it_unless_it_is_refused() {
    let (shop, library) = (Shop::open(), cities());
    let refused = [("want-repr-digest", "sha-256=0")];
    let manifest = std::fs::read(shop.directory.path().join("manifest.json")).unwrap();
    let response = shop.get("/-/manifest.json");
    assert_eq!((digest(&response), &response.body), (Some(&*of(&manifest)), &manifest));
    assert_eq!(shop.ask("HEAD", "/-/manifest.json", &[]).headers, response.headers);
    assert_eq!(digest(&shop.ask("GET", "/-/manifest.json", &refused)), None);
    let coded = shop.ask("GET", "/-/manifest.json", &[("accept-encoding", "gzip")]);
    assert_eq!(header(&coded, "content-encoding"), Some("gzip"));
    assert_eq!(digest(&coded), Some(&*of(&coded.body)));
    for url in ["/cities.csv", "/cities.ndjson?select=id,about&order=size"] {
        let whole = library.ask("GET", url, &[]);
        assert_eq!(digest(&whole), Some(&*of(&whole.body)), "{url}");
        assert_eq!(digest(&library.ask("GET", url, &refused)), None);
        let coded = library.ask("GET", url, &[("accept-encoding", "gzip")]);
        assert_eq!(digest(&coded), Some(&*of(&coded.body)), "{url}");
        // The whole has to be made for it: not unasked.
        assert_eq!(digest(&library.ask("HEAD", url, &[])), None);
        assert_eq!(digest(&library.ask("HEAD", url, &[WANTED])), digest(&whole));
        let part = library.ask("GET", url, &[WANTED, ("range", "bytes=5-2000")]);
        assert_eq!((part.status, &part.body[..]), (206, &whole.body[5..2001]));
        assert_eq!(digest(&part), digest(&whole));
        assert_eq!(digest(&library.ask("GET", url, &[refused[0], ("range", "bytes=5-9")])), None);
    }
}
