//! What means "no value".

use catalog::ColumnType;
use datapackage::cell::Value;
use datapackage::schema::Field;

use crate::read;

#[test]
fn missing_comes_before_the_type() {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let mut field = Field::new("f", ColumnType::Number);
    assert_eq!(read(&field, ""), Ok(Value::Null));
    field.missing_values = values(&["-"]);
    assert_eq!(read(&field, "-"), Ok(Value::Null));
    assert!(read(&field, "").is_err());
    field.missing_values = values(&["", "NaN", "0"]);
    assert_eq!(read(&field, "NaN"), Ok(Value::Null));
    assert_eq!(read(&field, "0"), Ok(Value::Null));
    assert_eq!(read(&field, "0.0"), Ok(Value::Real(0.0)));
    field.required = true;
    assert_eq!(
        read(&field, "NaN"),
        Err("[required] \"NaN\" means no value, but the field is required".to_owned())
    );
    assert_eq!(read(&field, ""), Err("[required] no value, but the field is required".to_owned()));
    let mut text = Field::new("f", ColumnType::String);
    text.missing_values = Vec::new();
    text.required = true;
    assert_eq!(read(&text, ""), Ok(Value::Text("".into())));
}
