//! Fields: formats, options and constraints that can't be used.

use crate::workspace::{resource, schema};

/// One field `f` with these properties, on line 4.
fn field(properties: &str) -> String {
    let (_, found) = schema(&format!("{{\"fields\": [\n{{\"name\": \"f\", {properties}}}]}}")).load();
    let prefix = "datasets/shop/datapackage.json:4: ";
    found.lines().map(|line| line.strip_prefix(prefix).unwrap_or(line).to_owned() + "\n").collect()
}

#[test]
fn formats() {
    for properties in [
        r#""type": "string", "format": "email""#,
        r#""type": "integer", "format": "default""#,
        r#""type": "date", "format": "any""#,
        r#""type": "date", "format": "%d/%m/%Y""#,
        r#""type": "date", "format": "fmt:%d/%m/%Y""#,
        r#""type": "geopoint", "format": "array""#,
        r#""type": "geojson", "format": "topojson""#,
    ] {
        assert_eq!(field(properties), "", "{properties}");
    }
    for (properties, message) in [
        (
            r#""type": "string", "format": "mail""#,
            "type `string` has no format `mail`\n  help: possible: `default`, `email`, `uri`, `binary`, `uuid`\n",
        ),
        (
            r#""type": "integer", "format": "currency""#,
            "type `integer` has no format `currency`\n  help: possible: `default`\n",
        ),
        (
            r#""type": "date", "format": "YYYY-MM-DD""#,
            "type `date` has no format `YYYY-MM-DD`\n  help: patterns are those of strptime, such as `%d/%m/%Y %H:%M:%S`\n",
        ),
        (
            r#""type": "date", "format": "%d/%m""#,
            "pattern \"%d/%m\" can't be used: it leaves out a part of a date\n",
        ),
        (r#""format": "x""#, "type `any` has no format `x`\n  help: possible: `default`\n"),
    ] {
        assert_eq!(field(properties), format!("[unknown-format] resource `a`: field `f`: {message}"));
    }
}

#[test]
fn options() {
    for (properties, message) in [
        (r#""type": "number", "decimalChar": """#, "`decimalChar` must not be empty"),
        (
            r#""type": "number", "decimalChar": ",", "groupChar": ",""#,
            "`groupChar` is the same as `decimalChar`",
        ),
        (r#""type": "number", "groupChar": ".""#, "`groupChar` is the same as `decimalChar`"),
        (r#""type": "integer", "groupChar": "0""#, "`groupChar` must not contain digits or signs"),
        (r#""type": "integer", "bareNumber": "no""#, "`bareNumber` must be true or false, not \"no\""),
        (r#""type": "boolean", "trueValues": ["0"]"#, "`trueValues` makes \"0\" both true and false"),
        (r#""type": "boolean", "falseValues": ["no", "1"]"#, "`falseValues` makes \"1\" both true and false"),
        (
            r#""type": "boolean", "trueValues": [1]"#,
            "`trueValues` must be an array of strings, not an array with other items",
        ),
        (r#""type": "list", "delimiter": """#, "`delimiter` must not be empty"),
        (r#""type": "string", "categories": ["a", "a"]"#, "`categories` contains \"a\" twice"),
        (
            r#""type": "string", "categories": [{"label": "a"}]"#,
            "`categories` must contain strings or integers, or objects with such a `value`",
        ),
        (r#""constraints": []"#, "`constraints` must be an object, not an array"),
        (r#""constraints": {"minLength": 1.5}"#, "`minLength` must be an integer of at least 0, not 1.5"),
        (
            r#""type": "object", "constraints": {"jsonSchema": true}"#,
            "`jsonSchema` must be an object, not true",
        ),
    ] {
        assert_eq!(field(properties), format!("[invalid-property] resource `a`: field `f`: {message}\n"));
    }
}

#[test]
fn options_of_another_type_are_named() {
    for (properties, option, types) in [
        (r#""type": "string", "decimalChar": ",""#, "decimalChar", "number"),
        (r#""type": "integer", "decimalChar": ",""#, "decimalChar", "number"),
        (r#""type": "string", "groupChar": ",""#, "groupChar", "number, integer"),
        (r#""type": "year", "bareNumber": false"#, "bareNumber", "number, integer"),
        (r#""type": "string", "trueValues": ["x"]"#, "trueValues", "boolean"),
        (r#""type": "string", "falseValues": ["x"]"#, "falseValues", "boolean"),
        (r#""type": "array", "delimiter": ";""#, "delimiter", "list"),
        (r#""type": "array", "itemType": "integer""#, "itemType", "list"),
        (r#""type": "number", "categoriesOrdered": true"#, "categoriesOrdered", "string, integer"),
    ] {
        let field_type = properties.split('"').nth(3).unwrap();
        assert_eq!(
            field(properties),
            format!(
                "warning [invalid-property] resource `a`: field `f`: `{option}` has no meaning for type \
                 `{field_type}`\n  help: it applies to {types}\n"
            )
        );
    }
}

#[test]
fn constraints() {
    for (properties, message) in [
        (
            r#""type": "string", "constraints": {"minlength": 1}"#,
            "there is no constraint `minlength`\n  help: did you mean `minLength`?",
        ),
        (
            r#""type": "integer", "constraints": {"minLength": 1}"#,
            "`minLength` does not apply to type `integer`\n  help: it applies to string, array, object, list",
        ),
        (
            r#""type": "string", "constraints": {"minLength": 3, "maxLength": 2}"#,
            "`minLength` 3 is more than `maxLength` 2",
        ),
        (
            r#""type": "string", "constraints": {"minimum": "a"}"#,
            "`minimum` does not apply to type `string`\n  help: it applies to integer, number, date, time, datetime, duration, year, yearmonth",
        ),
        (r#""type": "number", "constraints": {"minimum": "low"}"#, "`minimum` \"low\" is not a number"),
        (r#""type": "integer", "constraints": {"maximum": 1.5}"#, "`maximum` 1.5 is not an integer"),
        (
            r#""type": "date", "constraints": {"maximum": "2024-02-30"}"#,
            "`maximum` \"2024-02-30\" is a date that does not exist",
        ),
        (
            r#""type": "date", "constraints": {"maximum": 2024}"#,
            "`maximum` 2024 is a number; put it in quotes, in the field's format",
        ),
        (
            r#""type": "date", "constraints": {"minimum": "2024-01-02", "exclusiveMaximum": "2024-01-02"}"#,
            "`minimum` \"2024-01-02\" and `exclusiveMaximum` \"2024-01-02\" allow no value",
        ),
        (
            r#""type": "string", "constraints": {"pattern": "(?i)x"}"#,
            "`pattern` \"(?i)x\" can't be used: `(?` is not part of XML Schema's regular expressions\n  help: use XML Schema's regular expressions; a pattern matches the whole value",
        ),
        (
            r#""type": "integer", "constraints": {"pattern": "1"}"#,
            "`pattern` does not apply to type `integer`\n  help: it applies to string",
        ),
        (r#""type": "integer", "constraints": {"enum": [1, "x"]}"#, "`enum`: \"x\" is not an integer"),
        (r#""type": "string", "constraints": {"enum": []}"#, "`enum` is empty, so no value is allowed"),
        (
            r#""type": "string", "constraints": {"enum": ["a", "b"]}, "categories": ["a"]"#,
            "`enum` has \"b\", but `categories` does not",
        ),
        (
            r#""type": "number", "categories": [1]"#,
            "`categories` does not apply to type `number`\n  help: it applies to string, integer",
        ),
        (
            r#""type": "string", "constraints": {"jsonSchema": {}}"#,
            "`jsonSchema` does not apply to type `string`\n  help: it applies to array, object",
        ),
    ] {
        assert_eq!(field(properties), format!("[invalid-constraint] resource `a`: field `f`: {message}\n"));
    }
}

#[test]
fn a_finding_stands_on_the_line_of_what_it_is_about() {
    resource("\"path\": \"a.csv\", \"schema\": {\"fields\": [{\n\"name\": \"f\",\n\"type\": \"integer\",\n\"format\": \"x\",\n\"constraints\": {\n\"minimum\": 5,\n\"maximum\": \"x\",\n\"maximun\": 1}}]}")
        .finds(
            "datasets/shop/datapackage.json:10: [invalid-constraint] resource `a`: field `f`: there is no constraint `maximun`
             help: did you mean `maximum`?
             datasets/shop/datapackage.json:6: [unknown-format] resource `a`: field `f`: type `integer` has no format `x`
             help: possible: `default`
             datasets/shop/datapackage.json:9: [invalid-constraint] resource `a`: field `f`: `maximum` \"x\" is not an integer",
        );
}

/// What a builder says about a JSON Schema that it can't use.
fn json_schema(schema: &str) -> String {
    let found = field(&format!("\"type\": \"object\", \"constraints\": {{\"jsonSchema\": {schema}}}"));
    let prefix = "[invalid-constraint] resource `a`: field `f`: `jsonSchema` can't be used: ";
    found.strip_prefix(prefix).unwrap_or(&found).trim_end().to_owned()
}

#[cfg(feature = "json-schema")]
#[test]
fn json_schemas() {
    assert_eq!(json_schema(r#"{"type": "object"}"#), "");
    assert_eq!(
        json_schema(r#"{"type": "thing"}"#),
        "at '/type': anyOf failed; at '/type': value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'; at '/type': want array, but got string"
    );
    assert_eq!(
        json_schema(r#"{"$ref": "file:///etc/passwd"}"#),
        "references to other files are not supported"
    );
}

#[cfg(not(feature = "json-schema"))]
#[test]
fn json_schemas_are_refused_without_the_feature() {
    assert_eq!(json_schema("{}"), "this builder was compiled without the feature `json-schema`");
}
