//! A small release of one dataset, `shop`, and requests to it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use reader::{Config, Headers, RawRequest, Reader, Release, Response};
use tempfile::TempDir;

use crate::package::{Files, Source, descriptor};

/// Writes a release of `shop` into `directory`: `products` (a key, every storage class, three
/// rows), `stock` (a composite key), `notes` (no key). `price` is that of product 1.
pub(crate) fn write(directory: &Path, price: f64) {
    static BUILT: Mutex<Vec<(f64, Files)>> = Mutex::new(vec![]);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !built.iter().any(|(known, _)| *known == price) {
        built.push((price, build(price)));
    }
    for (_, files) in built.iter().filter(|(known, _)| *known == price) {
        files.write(directory);
    }
}

fn build(price: f64) -> Files {
    let products = format!(
        r#"(1, 'Cup, "blue"', {price}, 1, '["a","b"]'), (2, 'Plate', 100.0, 0, '[]'), (3, 'Été', NULL, NULL, NULL)"#
    );
    let sources = [
        Source {
            name: "notes",
            columns: "text string",
            primary_key: &[],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "('first'), ('second')",
        },
        Source {
            name: "products",
            columns: "id integer!, name string!, price number, sold boolean, tags array",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: products.leak(),
        },
        Source {
            name: "stock",
            columns: "product integer!, place string!, pieces integer",
            primary_key: &["product", "place"],
            unique_keys: &[],
            foreign_keys: &[("product", "products", "id")],
            rows: "(1, 'Bonn, Nord', 5), (1, 'a/b', 6), (2, '100 %', 7)",
        },
    ];
    let mut descriptor = descriptor("shop", &sources);
    descriptor["title"] = "A shop".into();
    descriptor["version"] = "1.2.0".into();
    for (index, source) in sources.iter().enumerate() {
        descriptor["resources"][index]["title"] = format!("The {}", source.name).into();
    }
    Files::of(&descriptor, &sources).with_commit("c0ffee".repeat(6) + "c0ff")
}

/// An open reader of such a release, and the directory that it lies in.
pub(crate) struct Shop {
    pub(crate) directory: TempDir,
    reader: Reader,
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path(), 19.99);
        let reader = Reader::new(Release::open(directory.path()).unwrap(), config);
        Self { directory, reader }
    }

    /// GET; `url` is the decoded path, then `?` and the raw query where there is one.
    pub(crate) fn get(&self, url: &str) -> Response {
        self.ask("GET", url, &[])
    }

    pub(crate) fn ask(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Response {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut counted = Headers::default();
        headers.iter().for_each(|(name, value)| counted.set(name, value));
        self.reader.answer(&RawRequest { method, path, query, headers: counted })
    }
}

/// The header of that name.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
}

/// The body as text.
pub(crate) fn text(response: &Response) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}
