//! The descriptor as it is written.

use serde::Serialize;

use super::guess::Guess;

/// A package with new resources.
#[derive(Serialize)]
pub(super) struct Package<'a> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) name: &'a str,
    pub(super) resources: &'a [Resource],
}

/// The profile that a package has.
pub(super) const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

#[derive(Serialize)]
pub(super) struct Resource {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) path: String,
    /// Where the path does not show that it is CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Dialect::is_usual")]
    pub(super) dialect: Dialect,
    pub(super) schema: Schema,
}

/// What differs from the standard's defaults.
#[derive(Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dialect {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delimiter: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) escape_char: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) null_sequence: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) skip_initial_space: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) header_rows: Option<[u64; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) comment_rows: Vec<u64>,
}

impl Dialect {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fields_match: Option<[&'static str; 1]>,
    pub(super) fields: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) missing_values: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) primary_key: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Field {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) field_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decimal_char: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_char: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bare_number: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    true_values: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    false_values: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_values: Option<Vec<&'static str>>,
}

impl Field {
    /// The field that a guess is; `shared` are the missing values of all fields.
    pub(super) fn new(name: &str, guess: Guess, shared: &[&str]) -> Self {
        let (true_values, false_values) = guess.booleans.unzip();
        let has_own = guess.missing.iter().any(|word| !shared.contains(word));
        Self {
            name: name.to_owned(),
            field_type: guess.field_type.name(),
            format: guess.format,
            decimal_char: guess.decimal_char,
            group_char: guess.group_char,
            bare_number: guess.bare.then_some(false),
            true_values,
            false_values,
            missing_values: has_own.then(|| [""].into_iter().chain(guess.missing).collect()),
        }
    }
}
