//! `GET /`

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
