//! `GET /`

use reader::Config;

use crate::browsers::FIREFOX;
use crate::library::{Library, Source};
use crate::package::{Files, descriptor};
use crate::release::{Shop, text};

#[test]
fn the_front_page_names_release_datasets_and_tables() {
    let shop = Shop::open();
    let response = shop.get("/");
    assert_eq!(response.status, 200);
    let (sha256, bytes) = catalog::file_digest(&shop.directory.path().join("data.db")).unwrap();
    let manifest = catalog::Manifest::load(&shop.directory.path().join("manifest.json")).unwrap();
    let digest = |name: &str| &manifest.table(name).unwrap().sha256;
    let expected = serde_json::json!({
        "commit": "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff",
        "database": {"sha256": sha256, "bytes": bytes},
        "datasets": [{
            "name": "shop", "version": "1.2.0", "title": "A shop", "description": null,
            "licenses": null, "sources": null,
        }],
        "tables": [
            {"name": "notes", "title": "The notes", "description": null, "dataset": "shop", "rows": 2,
             "sha256": digest("notes"), "primary_key": [], "url": "/notes"},
            {"name": "products", "title": "The products", "description": null, "dataset": "shop", "rows": 3,
             "sha256": digest("products"), "primary_key": ["id"], "url": "/products"},
            {"name": "stock", "title": "The stock", "description": null, "dataset": "shop", "rows": 3,
             "sha256": digest("stock"), "primary_key": ["product", "place"], "url": "/stock"},
        ],
    });
    assert_eq!(serde_json::from_str::<serde_json::Value>(text(&response)).unwrap(), expected);
}

#[test]
fn a_commit_leads_to_its_page_where_the_descriptor_names_the_repository() {
    let commit = "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff";
    let front = |repository: &str| {
        let things = [Source {
            name: "things",
            columns: "id integer!",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "(1)",
        }];
        let mut descriptor = descriptor("shop", &things);
        descriptor["repository"] = repository.into();
        let files = Files::of(&descriptor, &things).with_commit(commit.to_owned());
        let shop = Library::serve(Config::default(), |directory| files.write(directory));
        text(&shop.ask("GET", "/", &[("accept", FIREFOX)])).to_owned()
    };
    let page = front("https://github.com/shop/data.git");
    let link = format!(
        r#"commit <a class="code" href="https://github.com/shop/data/commit/{commit}" rel="nofollow">{commit}</a>. Anyone"#
    );
    assert!(page.contains(&link), "{page}");
    for repository in
        ["https://shop.example/shop/data", "https://github.com/shop/\"><script>", "javascript:x"]
    {
        let page = front(repository);
        let plain = format!(r#"commit <span class="code">{commit}</span>. Anyone"#);
        assert!(page.contains(&plain) && !page.contains("/commit/"), "{page}");
    }
}
