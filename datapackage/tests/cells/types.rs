//! Each type and format: cell -> stored value, or message.

use catalog::ColumnType;
use datapackage::cell::{Parser, Value};
use datapackage::schema::{Field, Options};

use crate::{field, read};

#[test]
fn stored_values() {
    use ColumnType::*;
    let text = |text: &'static str| Value::Text(text.into());
    for (column_type, format, cell, value) in [
        (String, None, " a\"b\n", text(" a\"b\n")),
        (
            String,
            Some("uuid"),
            "95ECC380-AFE9-11E4-9B6C-751B66DD541E",
            text("95ECC380-AFE9-11E4-9B6C-751B66DD541E"),
        ),
        (Any, None, "1", text("1")),
        (Integer, None, "-007", Value::Integer(-7)),
        (Number, None, "-0", Value::Real(0.0)),
        (Number, None, "1.5E3", Value::Real(1500.0)),
        (Boolean, None, "TRUE", Value::Integer(1)),
        (Boolean, None, "0", Value::Integer(0)),
        (Date, None, "2024-02-29", text("2024-02-29")),
        (Date, Some("%d.%m.%Y"), "29.2.2024", text("2024-02-29")),
        (Time, None, "15:00:00", text("15:00:00")),
        (Datetime, None, "2024-01-26T15:00:00.300-05:00", text("2024-01-26T15:00:00.300-05:00")),
        (Year, None, "2024", Value::Integer(2024)),
        (Year, None, "-0044", Value::Integer(-44)),
        (Year, None, "12024", Value::Integer(12024)),
        (Yearmonth, None, "2024-01", text("2024-01")),
        (Duration, None, "P1Y2M3DT4H5M6.7S", text("P1Y2M3DT4H5M6.7S")),
        (Object, None, "{ \"a\" : 1.0 }", text("{\"a\":1.0}")),
        (Array, None, "[1, 2]", text("[1,2]")),
        (List, None, "a,b \"c\"", text("[\"a\",\"b \\\"c\\\"\"]")),
        (Geopoint, None, "90.50, 45.50", text("[90.50,45.50]")),
        (
            Geojson,
            None,
            "{\"type\": \"Point\", \"coordinates\": [1, 2]}",
            text("{\"type\":\"Point\",\"coordinates\":[1,2]}"),
        ),
    ] {
        assert_eq!(read(&field(column_type, format), cell), Ok(value), "{column_type:?} {cell}");
    }
}

#[test]
fn messages() {
    use ColumnType::*;
    for (column_type, format, cell, message) in [
        (String, Some("email"), "a.example.org", "\"a.example.org\" is not an email address"),
        (Integer, None, "abc", "\"abc\" is not an integer"),
        (Integer, None, " 1", "\" 1\" is not an integer; help: remove the spaces around it"),
        (
            Integer,
            None,
            "9223372036854775808",
            "\"9223372036854775808\" is beyond the range of an integer (-9223372036854775808 to 9223372036854775807); help: use type `string` for identifiers with this many digits",
        ),
        (Number, None, "abc", "\"abc\" is not a number"),
        (
            Number,
            None,
            "1,5",
            "\"1,5\" is not a number; help: if the comma is the decimal point, set `\"decimalChar\": \",\"`; if it groups digits, set `\"groupChar\": \",\"`",
        ),
        (
            Number,
            None,
            "1,234.5",
            "\"1,234.5\" is not a number; help: if the comma groups digits, set `\"groupChar\": \",\"`",
        ),
        (
            Number,
            None,
            "95%",
            "\"95%\" is not a number; help: to remove currency signs, units and percent signs, set `\"bareNumber\": false`",
        ),
        (Number, None, "1e400", "\"1e400\" is beyond the range of a 64-bit float"),
        (
            Boolean,
            None,
            "yes",
            "\"yes\" is not a boolean; help: true: \"true\", \"True\", \"TRUE\", \"1\"; false: \"false\", \"False\", \"FALSE\", \"0\"",
        ),
        (Date, None, "2023-02-29", "\"2023-02-29\" is a date that does not exist"),
        (
            Date,
            None,
            "29/02/2024",
            "\"29/02/2024\" is not a date (yyyy-mm-dd); help: for any other form, set `format`, such as `%d/%m/%Y`",
        ),
        (
            Date,
            Some("%d/%m/%Y"),
            "2024-02-29",
            "\"2024-02-29\" is not a date (%d/%m/%Y); help: the field's `format` does not allow the default form",
        ),
        (
            Date,
            Some("any"),
            "01/02/2024",
            "\"01/02/2024\" is not a date in a known form; help: set `format` to its pattern, such as `%d/%m/%Y`",
        ),
        (
            Time,
            None,
            "24:00:00",
            "\"24:00:00\" is not a time (hh:mm:ss); help: for any other form, set `format`, such as `%H:%M`",
        ),
        (
            Datetime,
            None,
            "2024-01-26 15:00:00",
            "\"2024-01-26 15:00:00\" is not a datetime (yyyy-mm-ddThh:mm:ss); help: for any other form, set `format`, such as `%Y-%m-%d %H:%M:%S`",
        ),
        (Datetime, None, "2024-02-30T15:00:00", "\"2024-02-30T15:00:00\" is a time that does not exist"),
        (
            Datetime,
            None,
            "2024-01-26T24:00:01",
            "\"2024-01-26T24:00:01\" is a time that does not exist; help: midnight is 00:00:00, on the day that begins with it",
        ),
        (
            Datetime,
            None,
            "2024-01-26T24:00:00Z",
            "\"2024-01-26T24:00:00Z\" is a time that does not exist; help: midnight is 00:00:00, on the day that begins with it",
        ),
        (Year, None, "24", "\"24\" is not a year (yyyy)"),
        (Yearmonth, None, "2024-13", "\"2024-13\" is not a year and month (yyyy-mm)"),
        (Duration, None, "1h", "\"1h\" is not a duration (PnYnMnDTnHnMnS)"),
        (Object, None, "a\nb", "\"a\\nb\" is not JSON: expected value"),
        (Array, None, "{}", "\"{}\" is not a JSON array"),
        (
            Geopoint,
            None,
            "45.50, 190.50",
            "\"45.50, 190.50\": the latitude is not between -90 and 90; help: the longitude comes first",
        ),
    ] {
        assert_eq!(read(&field(column_type, format), cell), Err(format!("[type-error] {message}")));
    }
    let options = Options { strip_non_numeric: true, group_char: Some(" ".into()), ..Options::default() };
    for field in [field(Number, None), Field { options, ..field(Number, None) }] {
        assert_eq!(read(&field, "INF"), Ok(Value::Real(f64::INFINITY)));
        assert_eq!(read(&field, "-inf"), Ok(Value::Real(f64::NEG_INFINITY)));
        for cell in ["NaN", "nan"] {
            assert_eq!(read(&field, cell), Ok(Value::Text("NaN".into())));
        }
    }
    for word in ["INF", "-INF", "NaN"] {
        let options = Options { item_type: Some(Number), ..Options::default() };
        let message =
            format!("[unsupported] item 2: \"{word}\" can't be published in a list: JSON has no such number");
        assert_eq!(read(&Field { options, ..field(List, None) }, &format!("1,{word}")), Err(message));
    }
    let long = "x".repeat(100);
    let message = format!("[type-error] \"{}\"... (100 characters) is not an integer", "x".repeat(60));
    assert_eq!(read(&field(Integer, None), &long), Err(message));
}

#[test]
fn datetime_forms() {
    let field = field(ColumnType::Datetime, None);
    for cell in [
        "2024-01-26T15:00:00Z",
        "2024-01-26T15:00:00+14:00",
        "2024-01-26T15:00:00.123456789123",
        "0001-01-01T00:00:00",
    ] {
        assert_eq!(read(&field, cell), Ok(Value::Text(cell.into())));
    }
    for cell in [
        "2024-01-26T15:00",
        "2024-01-26T15:00:00.",
        "2024-01-26T15:00:00+14:01",
        "2024-01-26T15:00:00+0100",
        "2024-01-26T15:00:00z",
        "2024-01-26t15:00:00",
        "2024-01-26T15:00:60",
        "2024-01-26T25:00:00",
        "-2024-01-26T15:00:00",
        "2024-01-26T15:00:0é",
    ] {
        assert!(read(&field, cell).is_err(), "{cell}");
    }
}

#[test]
fn numbers_written_for_people() {
    let some = |text: &str| Some(text.to_owned());
    let european = Field {
        options: Options {
            decimal_char: some(","),
            group_char: some("."),
            strip_non_numeric: true,
            ..Options::default()
        },
        ..Field::new("f", ColumnType::Number)
    };
    assert_eq!(read(&european, "EUR 1.234,50"), Ok(Value::Real(1234.5)));
    assert_eq!(read(&european, "-12%"), Ok(Value::Real(-12.0)));
    assert_eq!(read(&european, "abc"), Err("[type-error] \"abc\" is not a number".to_owned()));
    let grouped = Field {
        options: Options { group_char: some(" "), ..Options::default() },
        ..Field::new("f", ColumnType::Integer)
    };
    assert_eq!(read(&grouped, "1 000 000"), Ok(Value::Integer(1_000_000)));
    assert!(read(&grouped, "1 000.5").is_err());
    let parser = Parser::new(&european);
    let warning = parser.warning("9.007.199.254.740.993", &parser.parse("9.007.199.254.740.993").unwrap());
    assert_eq!(
        warning.unwrap().message,
        "\"9.007.199.254.740.993\" is stored as 9007199254740992: a 64-bit float has no more digits"
    );
}

#[test]
fn booleans_in_other_words() {
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let field = Field {
        options: Options {
            true_values: words(&["yes"]),
            false_values: words(&["no", ""]),
            ..Options::default()
        },
        missing_values: vec!["?".to_owned()],
        ..Field::new("f", ColumnType::Boolean)
    };
    assert_eq!(read(&field, "yes"), Ok(Value::Integer(1)));
    assert_eq!(read(&field, ""), Ok(Value::Integer(0)));
    assert_eq!(read(&field, "?"), Ok(Value::Null));
    assert_eq!(
        read(&field, "true"),
        Err("[type-error] \"true\" is not a boolean; help: true: \"yes\"; false: \"no\", \"\"".to_owned())
    );
}

#[test]
fn lists() {
    let list = |item: ColumnType, delimiter: Option<&str>| Field {
        options: Options {
            item_type: Some(item),
            delimiter: delimiter.map(str::to_owned),
            ..Options::default()
        },
        missing_values: Vec::new(),
        ..Field::new("f", ColumnType::List)
    };
    for (field, cell, json) in [
        (list(ColumnType::Integer, None), "1,-02,+3", "[1,-2,3]"),
        (list(ColumnType::Number, Some(";")), "1.5;1e3;-0", "[1.5,1000.0,0.0]"),
        (list(ColumnType::Boolean, Some(" | ")), "true | 0", "[true,false]"),
        (list(ColumnType::Date, None), "2024-01-26,2024-02-29", "[\"2024-01-26\",\"2024-02-29\"]"),
        (list(ColumnType::String, None), "a,,b", "[\"a\",\"\",\"b\"]"),
        (list(ColumnType::String, None), "", "[]"),
    ] {
        assert_eq!(read(&field, cell), Ok(Value::Text(json.into())));
    }
    assert_eq!(
        read(&list(ColumnType::Integer, None), "1,x"),
        Err("[type-error] item 2: \"x\" is not an integer".to_owned())
    );
    assert_eq!(
        read(&list(ColumnType::Integer, None), "1, 2"),
        Err("[type-error] item 2: \" 2\" is not an integer; help: remove the spaces around it".to_owned())
    );
}

#[test]
fn warnings() {
    let warning = |column_type: ColumnType, cell: &str| {
        let parser = Parser::new(&Field::new("f", column_type));
        let value = parser.parse(cell).unwrap();
        parser.warning(cell, &value).map(|problem| format!("[{}] {}", problem.code, problem.message))
    };
    assert_eq!(warning(ColumnType::Number, ""), None);
    // Only a number whose value does not come back has a warning, in any notation.
    for cell in [
        "0.1",
        "0.10",
        "1.50",
        "1e2",
        "1.5E-3",
        "100.0",
        "-0",
        "+007.00",
        "100000000000000000000.00",
        "0.3000000000000000400",
        "1.7976931348623157e308",
        "12345678901234567000.0",
        "INF",
        // In the middle between two numbers of 17 digits: the digits that answers have.
        "-89.70559692382812",
        "30103859045527.812",
        "2264753929049.2812",
        "2264753929049281.2e-3",
    ] {
        assert_eq!(warning(ColumnType::Number, cell), None, "{cell}");
    }
    for cell in [
        "12345678901234567890.0",
        "0.1234567890123456789",
        "9007199254740993",
        "1e-400",
        "30103859045527.813",
        "-89.70559692382813",
        "89.705596923828125",
        "30103859045527813e-3",
    ] {
        assert!(warning(ColumnType::Number, cell).is_some(), "{cell}");
    }
    assert_eq!(
        warning(ColumnType::Number, "3.14159265358979323846").unwrap(),
        "[inexact-number] \"3.14159265358979323846\" is stored as 3.141592653589793: a 64-bit float has no more digits"
    );
    assert_eq!(
        warning(ColumnType::Number, "1e-400").unwrap(),
        "[inexact-number] \"1e-400\" is stored as 0: a 64-bit float has no more digits"
    );
    assert_eq!(warning(ColumnType::Integer, "9223372036854775807"), None);
    assert_eq!(warning(ColumnType::String, "3.14159265358979323846"), None);
}
