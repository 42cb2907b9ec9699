//! JSON as the operand of a filter: whatever it is, it is answered, or the client's error.

use proptest::prelude::*;
use serde_json::Value;

use crate::library::Library;
use crate::properties::runner;
use crate::release::text;

/// Operands of every JSON shape, percent-encoded, and some that are nearly JSON.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(
            &[
                "null",
                "true",
                "0",
                "-0.0",
                "1.50",
                "1e999",
                "-1e999",
                "1e-999",
                "01",
                "1e",
                "NaN",
                "\"\"",
                "\"a\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"",
                "[]",
                "{}",
                "[,]",
                "{\"a\"}",
                "99999999999999999999",
            ][..]
        )
        .prop_map(str::to_owned),
        any::<f64>().prop_map(|number| number.to_string()),
        any::<String>().prop_map(|text| Value::from(text).to_string()),
    ];
    let value = leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("{{{}}}", all.join(","))),
            prop::collection::vec(("[a-z]{0,2}", inner), 0..3).prop_map(|members| {
                let members: Vec<_> =
                    members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    });
    // Around the depth at which parsers stop.
    let depth = prop_oneof![4 => Just(0), 1 => 120..135_usize, 1 => 135..1200_usize];
    (value, depth, any::<bool>()).prop_map(|(value, depth, objects)| {
        let (open, close) = if objects { ("{\"a\":", "}") } else { ("[", "]") };
        encoded(&format!("{}{value}{}", open.repeat(depth), close.repeat(depth)))
    })
}

/// Every byte that is no letter or digit (RFC 3986, section 2.1).
fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// Every operator takes every JSON, or says that it does not; an `any` column takes text too.
#[test]
fn no_json_fails_the_server() {
    let library = Library::open();
    let operators = &[
        "eq",
        "neq",
        "lt",
        "lte",
        "gt",
        "gte",
        "isdistinct",
        "cs",
        "cd",
        "ov",
        "eq(any)",
        "lt(all)",
        "in",
        "like",
    ][..];
    let columns =
        &["authors?awards", "publishers?about", "publishers?about->city", "scraps?value", "scraps?value->0"];
    let case =
        (prop::sample::select(&columns[..]), any::<bool>(), prop::sample::select(operators), document());
    let answered = std::cell::Cell::new(0);
    runner(3000)
        .run(&case, |(column, not, operator, operand)| {
            let not = if not { "not." } else { "" };
            let operand = match operator {
                "in" => format!("(%22{}%22,x)", operand.replace("%5C", "%5C%5C").replace("%22", "%5C%22")),
                _ => operand,
            };
            let response = library.ask("GET", &format!("/{column}={not}{operator}.{operand}"), &[]);
            let body = String::from_utf8_lossy(&response.body).into_owned();
            let known = [200, 400, 404, 414].contains(&response.status);
            prop_assert!(known, "{} {body}", response.status);
            answered.set(answered.get() + u32::from(response.status == 200));
            Ok(())
        })
        .unwrap();
    assert!(answered.get() > 500, "only {} of 3000 operands were taken", answered.get());
}

/// A cell holds neither, and an `any` column that holds such text holds no JSON in it.
#[test]
fn json_too_deep_or_too_large_is_the_clients_error() {
    let library = Library::open();
    let (deep, deeper) = (127, 128);
    let nested = |open: &str, close: &str, depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    for column in ["authors?awards", "publishers?about", "publishers?about->city", "scraps?value->1"] {
        for operator in ["eq", "neq", "lt", "gte", "isdistinct", "cs", "cd", "ov", "in", "eq(any)"] {
            for (operand, status) in [
                (nested("[", "]", deep), 200),
                (nested("[", "]", deeper), 400),
                (nested("[", "]", 4000), 400),
                ("[1e999]".to_owned(), 400),
                ("[-1e400,2]".to_owned(), 400),
                ("[1e-999]".to_owned(), 200),
            ] {
                let (operand, unfit) = match operator {
                    "in" => (format!("({operand})").replace(",2", ""), false),
                    "eq(any)" => (format!("{{\"{operand}\"}}"), false),
                    "ov" => (operand, !column.contains("awards")),
                    _ => (operand, false),
                };
                let response = library.ask("GET", &format!("/{column}={operator}.{operand}"), &[]);
                let expected = match (unfit, status) {
                    (true, _) => (404, "42883"),
                    (false, 400) => (400, "22P02"),
                    _ => (200, ""),
                };
                let said = text(&response);
                let start = &operand[..operand.len().min(20)];
                assert_eq!(response.status, expected.0, "{column} {operator} {start} {said}");
                assert!(said.contains(expected.1), "{column} {operator} {start} {said}");
            }
        }
    }
    let refused = library.ask("GET", "/authors?awards=cs.[1e999]", &[]);
    assert_eq!(
        text(&refused),
        r#"{"code":"22P02","message":"invalid input syntax for type json: \"[1e999]\"","details":"number out of range at line 1 column 6","hint":null}"#
    );
    // Text is text.
    assert_eq!(library.get("/scraps?value=eq.[1e999]"), "[]");
}
