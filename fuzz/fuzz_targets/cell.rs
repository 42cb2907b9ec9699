//! A cell of any type, format and options. Property: it is a problem or a value of its column's
//! storage class; read again it is the same; and what is stored, read in the type's default form,
//! is that value.

#![no_main]

use datapackage::cell::{Parser, Value};
use datapackage::schema::{Constraints, Field, Options};
use catalog::{ColumnType, Storage};
use libfuzzer_sys::{Corpus, fuzz_target};

const FORMATS: [Option<&str>; 20] = [
    None,
    Some("any"),
    Some("email"),
    Some("uri"),
    Some("binary"),
    Some("uuid"),
    Some("array"),
    Some("object"),
    Some("topojson"),
    Some("%d/%m/%y"),
    Some("%Y-%j"),
    Some("%G-W%V-%u"),
    Some("%B %d, %Y"),
    Some("%H:%M:%S"),
    Some("%I:%M %p"),
    Some("%H:%M:%S.%f"),
    Some("%d/%m/%Y %H:%M:%S%z"),
    Some("%a, %d %b %Y %H:%M"),
    Some("%Y%m%dT%H%M%S"),
    Some("%%%Y%m%d"),
];

fuzz_target!(|input: (u8, u8, u8, [Option<char>; 3], &str)| -> Corpus {
    let (choice, format, bits, [group, decimal, delimiter], cell) = input;
    let column_type = ColumnType::ALL[usize::from(choice) % ColumnType::ALL.len()];
    let separator = |given: Option<char>| {
        given.filter(|c| !c.is_ascii_digit() && !matches!(c, '+' | '-' | '.')).map(String::from)
    };
    let has = |bit: u8| bits >> bit & 1 == 1;
    let items = [None, Some(ColumnType::Integer), Some(ColumnType::Number), Some(ColumnType::Date)];
    let field = Field {
        format: FORMATS[usize::from(format) % FORMATS.len()].map(str::to_owned),
        options: Options {
            group_char: separator(group),
            decimal_char: separator(decimal).filter(|_| decimal != group),
            strip_non_numeric: has(0),
            delimiter: delimiter.map(String::from),
            item_type: items[usize::from(bits >> 1 & 3)],
            ..Options::default()
        },
        constraints: Constraints {
            min_length: has(3).then_some(2),
            maximum: has(4).then(|| serde_json::json!(7)),
            // A plain one: compiling Unicode's classes takes longer than all the rest.
            pattern: (bits >> 5 == 7).then(|| r"[a-z]+[0-9]*|[0-9.-]+".to_owned()),
            ..Constraints::default()
        },
        ..Field::new("f", column_type)
    };
    let parser = Parser::new(&field);
    let parsed = parser.parse(cell);
    assert_eq!(parsed, Parser::new(&field).parse(cell));
    let Ok(value) = parsed else { return Corpus::Keep };
    let _ = parser.warning(cell, &value);
    match (&value, column_type.storage()) {
        (Value::Null, _) => assert_eq!(cell, ""),
        (Value::Integer(truth), Storage::Boolean) => assert!(matches!(truth, 0 | 1)),
        (Value::Integer(_), Storage::Integer) => {}
        (Value::Real(number), Storage::Real) => {
            assert!(!number.is_nan() && (*number != 0.0 || number.is_sign_positive()))
        }
        (Value::Text(text), Storage::Real) => assert_eq!(text, "NaN"),
        (Value::Text(_), Storage::Text) => {}
        (Value::Text(json), Storage::Json) => {
            serde_json::from_str::<serde_json::Value>(json).unwrap();
        }
        other => panic!("{other:?}"),
    }
    let again = |column_type, format: Option<&str>| {
        let plain = Field { format: format.map(str::to_owned), ..Field::new("f", column_type) };
        let stored = match &value {
            Value::Null => String::new(),
            Value::Integer(value) => value.to_string(),
            Value::Real(value) => value.to_string(),
            Value::Text(text) => text.to_string(),
        };
        assert_eq!(Parser::new(&plain).parse(&stored).as_ref(), Ok(&value), "{stored}");
    };
    match column_type {
        ColumnType::List => again(ColumnType::Array, None),
        ColumnType::Geopoint => again(
            column_type,
            Some(if field.format.as_deref() == Some("object") { "object" } else { "array" }),
        ),
        ColumnType::Geojson => again(column_type, field.format.as_deref()),
        ColumnType::Number if matches!(value, Value::Real(number) if number.is_infinite()) => {}
        // A year has at least four digits, which a number has not.
        ColumnType::Year => {}
        _ => again(column_type, None),
    }
    Corpus::Keep
});
