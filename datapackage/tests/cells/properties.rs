//! Properties: what holds for every value and every cell.

use catalog::ColumnType;
use datapackage::cell::{Parser, Value};
use datapackage::schema::{Field, Options};
use proptest::num::f64;
use proptest::prelude::*;

/// A value as a cell again.
fn cell_of(value: &Value<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(text) => text.to_string(),
    }
}

fn parser(column_type: ColumnType) -> Parser {
    Parser::new(&Field::new("f", column_type))
}

proptest! {
    #[test]
    fn integers_come_back(value: i64) {
        let cell = value.to_string();
        prop_assert_eq!(parser(ColumnType::Integer).parse(&cell), Ok(Value::Integer(value)));
    }

    #[test]
    fn integers_are_those_of_the_standard_library(cell in "[+-]?[0-9]{0,22}") {
        let expected = cell.parse::<i64>().ok().map(Value::Integer);
        prop_assume!(!cell.is_empty());
        prop_assert_eq!(parser(ColumnType::Integer).parse(&cell).ok(), expected);
    }

    #[test]
    fn numbers_come_back(value in prop_oneof![f64::NORMAL | f64::SUBNORMAL | f64::ZERO, ties()]) {
        let parser = parser(ColumnType::Number);
        for cell in [value.to_string(), format!("{value:e}"), format!("{value:E}"), served(value)] {
            let parsed = parser.parse(&cell);
            prop_assert_eq!(&parsed, &Ok(Value::Real(value + 0.0)));
            // On a tie the standard library may take other digits than answers have.
            let same = digits(&cell) == digits(&served(value));
            prop_assert_eq!(parser.warning(&cell, &parsed.unwrap()).is_none(), same, "{}", cell);
        }
    }

    #[test]
    fn numbers_are_those_of_the_standard_library(cell in "[+-]?[0-9]{0,18}(\\.[0-9]{0,18})?([eE][+-]?[0-9]{1,2})?") {
        let expected = cell.parse::<f64>().ok().map(|value| Value::Real(value + 0.0));
        prop_assume!(!cell.is_empty());
        prop_assert_eq!(parser(ColumnType::Number).parse(&cell).ok(), expected);
    }

    /// A number in any form has a warning where clients get other digits, and only there.
    #[test]
    fn a_number_without_a_warning_gives_its_digits_back(
        number in "[1-9][0-9]{0,20}", point in 0_usize..20, tie in prop::option::of(ties()), as_served: bool
    ) {
        let plain = match tie {
            Some(tie) if as_served => served(tie),
            Some(tie) => tie.to_string(),
            None => {
                let point = point.min(number.len() - 1);
                format!("{}.{}", &number[..number.len() - point], &number[number.len() - point..])
            }
        };
        let (whole, fraction) = plain.split_once('.').unwrap();
        let grouped: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap()).collect();
        let spelled = Options {
            decimal_char: Some(",".to_owned()),
            group_char: Some(".".to_owned()),
            strip_non_numeric: true,
            ..Options::default()
        };
        for (options, cell) in [
            (Options::default(), plain.clone()),
            (Options::default(), format!("-{whole}{fraction}e-{}", fraction.len())),
            (spelled, format!("EUR {},{fraction} %", grouped.join("."))),
        ] {
            let parser = Parser::new(&Field { options, ..Field::new("f", ColumnType::Number) });
            let value = parser.parse(&cell).unwrap();
            let Value::Real(real) = value else { panic!("{value:?}") };
            prop_assert_eq!(parser.warning(&cell, &value).is_none(), digits(&served(real.abs())) == digits(&plain), "{}", cell);
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar(year in 1_i16..=9999, month in 0_i8..=13, day in 0_i8..=32) {
        let cell = format!("{year:04}-{month:02}-{day:02}");
        let exists = jiff::civil::Date::new(year, month, day).is_ok();
        prop_assert_eq!(parser(ColumnType::Date).parse(&cell).is_ok(), exists);
    }

    #[test]
    fn patterns_give_the_date_back(year in 1_i16..=9999, month in 1_i8..=12, day in 1_i8..=28) {
        let date = jiff::civil::date(year, month, day);
        for pattern in ["%d/%m/%Y", "%Y%j", "%B %d, %Y", "%G-W%V-%u"] {
            let field = Field { format: Some(pattern.to_owned()), ..Field::new("f", ColumnType::Date) };
            let cell = date.strftime(pattern).to_string();
            prop_assert_eq!(Parser::new(&field).parse(&cell), Ok(Value::Text(date.to_string().into())));
        }
    }

    #[test]
    fn json_stays_the_same_document(text in json(), shape in prop_oneof![Just(ColumnType::Array), Just(ColumnType::Object)]) {
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let fits = if shape == ColumnType::Array { document.is_array() } else { document.is_object() };
        let parsed = parser(shape).parse(&text);
        prop_assert_eq!(parsed.is_ok(), fits);
        if let Ok(value) = parsed {
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&cell_of(&value)).unwrap(), document);
        }
    }

    #[test]
    fn lists_split_and_join(items in prop::collection::vec("[^,]{0,8}", 1..6)) {
        let cell = items.join(",");
        prop_assume!(!cell.is_empty());
        let parser = parser(ColumnType::List);
        let value = parser.parse(&cell).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<String>>(&cell_of(&value)).unwrap(), items);
    }

    /// For any text in a cell: a value or a problem, no panic; and what is stored is, read
    /// again in the default form, the same value.
    #[test]
    fn any_cell_of_any_type(
        cell in prop_oneof![".*", "[-+0-9.,:eETZPYMDHS/ ]{0,30}", "[\\[\\]{}\",:0-9a-z\\\\ ]{0,30}"],
        column_type in prop::sample::select(&ColumnType::ALL[..]),
        format in prop::sample::select(vec![None, Some("any"), Some("email"), Some("uri"), Some("binary"), Some("uuid"), Some("array"), Some("object"), Some("topojson"), Some("%d/%m/%y %H:%M:%S%z"), Some("%Y-%j")]),
        group in prop::option::of("[ ,.']"),
        strip: bool,
    ) {
        let field = Field {
            format: format.map(str::to_owned),
            options: Options { group_char: group, strip_non_numeric: strip, ..Options::default() },
            ..Field::new("f", column_type)
        };
        let parser = Parser::new(&field);
        let Ok(value) = parser.parse(&cell) else { return Ok(()) };
        parser.warning(&cell, &value);
        match column_type {
            // A list is stored as JSON, which is not a list; a boolean as 0 or 1, which is one.
            ColumnType::List => {}
            // The default form of a geopoint is not the JSON that it is stored as.
            ColumnType::Geopoint => {
                let format = if format == Some("object") { "object" } else { "array" };
                let again = Field { format: Some(format.to_owned()), ..Field::new("f", column_type) };
                let stored = cell_of(&value);
                prop_assert_eq!(Parser::new(&again).parse(&stored), Ok(value));
            }
            ColumnType::Geojson => {
                let stored = cell_of(&value);
                prop_assert_eq!(parser.parse(&stored), Ok(value));
            }
            ColumnType::Year => {
                // Years are shown as JSON numbers; a CSV pads them to four digits.
                prop_assert!(matches!(value, Value::Integer(_) | Value::Null));
            }
            _ => {
                let stored = cell_of(&value);
                prop_assert_eq!(Parser::new(&Field::new("f", column_type)).parse(&stored), Ok(value));
            }
        }
    }
}

/// A double as clients get it.
fn served(value: f64) -> String {
    let mut json = vec![];
    catalog::write_number(value, &mut json);
    String::from_utf8(json).unwrap()
}

/// Doubles in the middle between two decimal numbers which are both the shortest that give them back: such as
/// 30103859045527.8125, where doubles are a 256th apart, and 89.705596923828125, where they are 2^-46 apart.
fn ties() -> impl Strategy<Value = f64> {
    prop_oneof![
        (1_u64 << 47..1 << 48).prop_map(|half| (2 * half + 1) as f64 / 16.0),
        (1_u64 << 20..1 << 21).prop_map(|half| (2 * half + 1) as f64 / 32768.0),
    ]
}

/// The digits of a decimal number without zeros around them, and the place of the first.
fn digits(text: &str) -> (String, i64) {
    let lower = text.trim_start_matches('-').to_ascii_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let first = all.len() - all.trim_start_matches('0').len();
    let digits = all.trim_matches('0').to_owned();
    let place = if digits.is_empty() {
        0
    } else {
        exponent.parse::<i64>().unwrap() + (whole.len() as i64) - first as i64
    };
    (digits, place)
}

/// JSON texts, with spaces.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(|value| format!("{value:e}")),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|items| format!("[ {} ]", items.join(" ,\n"))),
            prop::collection::vec((any::<String>(), inner), 0..5).prop_map(|properties| {
                let properties: Vec<String> = properties
                    .iter()
                    .map(|(name, value)| format!("{} : {value}", serde_json::to_string(name).unwrap()))
                    .collect();
                format!("{{{}}}", properties.join(", "))
            }),
        ]
    })
}
