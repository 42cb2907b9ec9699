//! OpenAPI, JSON Schema and Data Package: that they hold together, and that what they say is so.

use std::collections::BTreeSet;

use reader::{Code, Config};
use serde_json::{Value, json};

use crate::library::Library;
use crate::release::{Shop, header, text};

fn api() -> Value {
    serde_json::from_str(text(&Shop::open().get("/openapi.json"))).unwrap()
}

/// The value behind a `$ref`, or the value itself.
fn resolved<'a>(api: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref") {
        Some(to) => {
            api.pointer(to.as_str().unwrap().strip_prefix('#').unwrap()).expect("a $ref leads somewhere")
        }
        None => value,
    }
}

fn each<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str, &'a Value)) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            visit(name, value);
            each(value, visit);
        }),
        Value::Array(values) => values.iter().for_each(|value| each(value, visit)),
        _ => {}
    }
}

#[test]
fn the_document_holds_together() {
    let api = api();
    assert_eq!(api["openapi"], "3.1.0");
    assert_eq!(api["info"]["title"], "A shop");
    assert_eq!(api["info"]["version"], "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff");
    let mut references = 0;
    each(&api, &mut |name, value| {
        if name == "$ref" {
            references += 1;
            assert!(api.pointer(value.as_str().unwrap().strip_prefix('#').unwrap()).is_some(), "{value}");
        }
    });
    assert!(references > 50, "{references}");
    let paths: Vec<_> = api["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "/",
            "/-/attestation",
            "/-/croissant/{dataset}.json",
            "/-/datapackage/{dataset}.json",
            "/-/dcat.jsonld",
            "/-/health",
            "/-/manifest.json",
            "/-/proof/products/{key}",
            "/-/proof/stock/{key}",
            "/-/proof/{table}",
            "/-/schema/{table}",
            "/notes",
            "/notes.{form}",
            "/openapi.json",
            "/products",
            "/products.{form}",
            "/products/{key}",
            "/stock",
            "/stock.{form}",
            "/stock/{key}",
        ]
    );
    let mut operations = BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        let operation = &item["get"];
        assert!(operations.insert(operation["operationId"].as_str().unwrap()), "{path}");
        let mut names = BTreeSet::new();
        for parameter in operation["parameters"].as_array().unwrap() {
            let parameter = resolved(&api, parameter);
            let name = parameter["name"].as_str().unwrap();
            assert!(names.insert(name), "{path} has {name} twice");
            let in_path = parameter["in"] == "path";
            assert_eq!(in_path, path.contains(&format!("{{{name}}}")), "{path} {name}");
            assert_eq!(parameter["required"] == true, in_path, "{path} {name}");
            assert!(parameter["schema"].is_object(), "{path} {name}");
        }
        assert_eq!(operation["responses"]["304"].is_object(), path != "/-/health", "{path}");
    }
}

#[test]
fn every_code_of_errors_is_named_with_its_status() {
    let api = api();
    let listed = api["components"]["schemas"]["Error"]["properties"]["code"]["enum"].as_array().unwrap();
    let named: Vec<_> = Code::ALL.iter().map(|code| json!(code.name())).collect();
    assert_eq!(*listed, named);
    let responses = api["components"]["responses"].as_object().unwrap();
    for code in Code::ALL {
        let name = format!("`{}`", code.name());
        assert!(
            responses.values().any(|response| response["description"].as_str().unwrap().contains(&name)),
            "{name}"
        );
    }
}

/// Each parameter's example is asked, and the examples of answers are the answers.
#[test]
fn the_examples_are_true() {
    let (shop, api) = (Shop::open(), api());
    let mut asked = 0;
    for (path, item) in api["paths"].as_object().unwrap() {
        for parameter in item["get"]["parameters"].as_array().unwrap() {
            let parameter = resolved(&api, parameter);
            let (name, example) = (parameter["name"].as_str().unwrap(), &parameter["example"]);
            let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            let url = match parameter["in"].as_str().unwrap() {
                "query" if parameter["example"] != Value::Null => {
                    format!("{path}?{name}={}", example.replace('&', "%26"))
                }
                "path" if name == "key" => path.replace("{key}", &example),
                _ => continue,
            };
            let url = url.replace("{form}", "json");
            let response = shop.get(&url);
            assert_eq!(response.status, 200, "{url}: {}", text(&response));
            assert_ne!(text(&response), "[]", "{url}");
            // A proof has no example: most of it is hashes.
            if name == "key" && !path.starts_with("/-/proof/") {
                let shown = &item["get"]["responses"]["200"]["content"]["application/json"]["example"];
                assert_eq!(serde_json::from_str::<Value>(text(&response)).unwrap(), *shown, "{url}");
            }
            asked += 1;
        }
    }
    // A filter for each column of three tables, on two paths each, and two keys, of rows and of proofs.
    assert_eq!(asked, 2 * (5 + 3 + 1) + 2 + 2);
    let stock = &api["paths"]["/stock/{key}"]["get"]["parameters"][0];
    assert_eq!(stock["example"], "1,\"Bonn, Nord\"");
}

/// Every row of every table is what its schema says.
/// Each operator with each operand that it could have: what the document allows, the reader takes.
#[test]
fn filters_that_fit_the_document_are_taken() {
    let (shop, api) = (Shop::open(), api());
    let operators =
        "eq neq gt gte lt lte like ilike match imatch in is isdistinct cs cd ov fts plfts phfts wfts";
    let mut taken = 0;
    for column in ["id", "name", "price", "sold", "tags"] {
        let parameter = api["paths"]["/products"]["get"]["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parameter| resolved(&api, parameter))
            .find(|parameter| parameter["name"] == column)
            .unwrap();
        let pattern = regex_lite::Regex::new(parameter["schema"]["pattern"].as_str().unwrap()).unwrap();
        for operator in operators.split(' ') {
            for (quantifier, operand) in [
                ("", "1"),
                ("", "{1}"),
                ("", "(1)"),
                ("", "null"),
                ("", "true"),
                ("(any)", "{1}"),
                ("(all)", "{1}"),
            ] {
                let filter = format!("{operator}{quantifier}.{operand}");
                if pattern.is_match(&filter) {
                    let answer = shop.get(&format!("/products?{column}={filter}"));
                    // `match.{1}` is an invalid regular expression, which no pattern says.
                    assert!(!text(&answer).contains("PGRST100"), "{column}={filter}: {}", text(&answer));
                    taken += 1;
                }
            }
        }
    }
    assert!(taken > 100, "{taken} filters fit");
}

#[test]
fn rows_are_as_their_schemas_say() {
    let library = Library::open();
    for table in [
        "authors",
        "biographies",
        "books",
        "books_genres",
        "genres",
        "letters",
        "loans",
        "publishers",
        "scraps",
    ] {
        let schema: Value = serde_json::from_str(&library.get(&format!("/-/schema/{table}"))).unwrap();
        let rows: Vec<Value> = serde_json::from_str(&library.get(&format!("/{table}"))).unwrap();
        assert_eq!(schema["additionalProperties"], false);
        for row in &rows {
            let row = row.as_object().unwrap();
            let members: BTreeSet<_> = row.keys().map(String::as_str).collect();
            let required = schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            assert_eq!(members, required.collect(), "{table}");
            for (name, value) in row {
                let types = match &schema["properties"][name]["type"] {
                    Value::String(one) => vec![one.as_str()],
                    Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
                    _ => continue,
                };
                let found = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(number) if number.is_i64() && types.contains(&"integer") => "integer",
                    Value::Number(_) => "number",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                };
                assert!(types.contains(&found), "{table}.{name}: {value} is none of {types:?}");
            }
        }
    }
    let unknown = library.ask("GET", "/-/schema/book", &[]);
    assert_eq!(
        text(&unknown),
        r#"{"code":"PGRST205","message":"Could not find the table 'book' in the schema cache","details":null,"hint":"Perhaps you meant the table 'books'"}"#
    );
}

#[test]
fn a_data_package_is_as_its_tables_are_served() {
    let shop = Shop::open();
    let response = shop.get("/-/datapackage/shop.json");
    let package: Value = serde_json::from_str(text(&response)).unwrap();
    let resource = |name: &str, schema: Value| {
        json!({
            "name": name, "title": format!("The {name}"), "type": "table", "path": format!("{name}.csv"),
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
        })
    };
    let field = |name: &str, of: &str, required: bool| json!({"name": name, "type": of, "constraints": {"required": required}});
    assert_eq!(
        package,
        json!({
            "name": "shop", "title": "A shop", "version": "1.2.0",
            "resources": [
                resource("notes", json!({"fields": [field("text", "string", false)], "primaryKey": [], "missingValues": [""]})),
                resource("products", json!({
                    "fields": [
                        field("id", "integer", true), field("name", "string", true), field("price", "number", false),
                        field("sold", "boolean", false), field("tags", "array", false),
                    ],
                    "primaryKey": ["id"], "missingValues": [""],
                })),
                resource("stock", json!({
                    "fields": [
                        field("product", "integer", true), field("place", "string", true), field("pieces", "integer", false),
                    ],
                    "primaryKey": ["product", "place"], "missingValues": [""],
                    "foreignKeys": [{"fields": "product", "reference": {"resource": "products", "fields": "id"}}],
                })),
            ],
        })
    );
    // The paths are relative to the descriptor.
    let table = shop.get("/-/datapackage/notes.csv");
    assert_eq!((table.status, text(&table)), (200, "text\nfirst\nsecond"));
    assert_eq!(shop.get("/-/datapackage/shoes.json").status, 404);
}

#[test]
fn descriptions_are_answers_like_all_others() {
    let shop = Shop::open();
    for url in ["/openapi.json", "/-/openapi.json", "/-/schema/products", "/-/datapackage/shop.json"] {
        let response = shop.get(url);
        assert_eq!(response.status, 200, "{url}");
        assert_eq!(header(&response, "content-type"), Some("application/json; charset=utf-8"), "{url}");
        let tag = header(&response, "etag").unwrap();
        assert_eq!(shop.ask("GET", url, &[("if-none-match", tag)]).status, 304, "{url}");
        let head = shop.ask("HEAD", url, &[]);
        assert_eq!((head.length, head.body.len()), (response.length, 0), "{url}");
        let options = shop.ask("OPTIONS", url, &[]);
        assert_eq!(header(&options, "allow"), Some("OPTIONS,GET,HEAD"), "{url}");
        assert_eq!(shop.get(&format!("{url}?limit=1")).status / 100, 4, "{url}");
    }
    assert_eq!(shop.get("/openapi.json").body, shop.get("/-/openapi.json").body);
    let limited = Shop::with(Config { max_bytes: 1000, ..Config::default() });
    assert_eq!(header(&limited.get("/openapi.json"), "proxy-status"), Some("Coldpress; error=CP010"));
}

/// The builder makes these documents. A release without them, as the first builders wrote it, serves
/// its rows; that it has none is no answer of a client's concern.
#[test]
fn a_release_without_documents_serves_its_rows() {
    let library = Library::changed("DELETE FROM coldpress_catalog WHERE kind IN ('schema', 'datapackage')");
    for url in ["/openapi.json", "/-/schema/books", "/-/datapackage/library.json"] {
        let response = library.ask("GET", url, &[]);
        assert_eq!(response.status, 500, "{url}");
        assert_eq!(header(&response, "proxy-status"), Some("Coldpress; error=CP500"), "{url}");
    }
    assert_eq!(library.ask("GET", "/-/schema/book", &[]).status, 404);
    assert_eq!(library.ask("GET", "/-/datapackage/books.json", &[]).status, 404);
    assert_eq!(library.get("/books_genres/3,2"), r#"{"book_id":3,"genre_id":2}"#);
}
