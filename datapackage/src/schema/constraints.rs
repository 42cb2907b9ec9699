//! The constraints of a field.

/// The constraints of a field that concern one value by itself; `required` is in [`Field`](super::Field),
/// `unique` among the table's keys. Values are as given, in JSON.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Constraints {
    /// `minLength`
    pub min_length: Option<u64>,
    /// `maxLength`
    pub max_length: Option<u64>,
    /// `minimum`
    pub minimum: Option<serde_json::Value>,
    /// `maximum`
    pub maximum: Option<serde_json::Value>,
    /// `exclusiveMinimum`
    pub exclusive_minimum: Option<serde_json::Value>,
    /// `exclusiveMaximum`
    pub exclusive_maximum: Option<serde_json::Value>,
    /// `pattern`, an XML Schema regular expression.
    pub pattern: Option<String>,
    /// `enum`
    pub enumeration: Option<Vec<serde_json::Value>>,
    /// `jsonSchema`
    pub json_schema: Option<serde_json::Value>,
    /// The field's `categories`, their values.
    pub categories: Option<Vec<serde_json::Value>>,
}
