//! `jsonSchema` in a descriptor that nobody has to trust.

use crate::workspace::Workspace;

fn finds(schema: &str, cell: &str, finding: &str) {
    let field = format!(r#"{{"name": "v", "type": "array", "constraints": {{"jsonSchema": {schema}}}}}"#);
    Workspace::table(&field, format!("v\n\"{cell}\"\n")).check_finds(finding);
}

#[test]
fn schemas_that_refer_to_themselves() {
    let refused = |reason: &str| {
        format!(
            "datasets/d/datapackage.json:1: [invalid-constraint] resource `t`: field `v`: `jsonSchema` can't be used: \
             {reason}\n"
        )
    };
    finds(r##"{"allOf": [{"$ref": "#"}]}"##, "[]", &refused("the reference \"#\" leads back to itself"));
    finds(r##"{"items": {"$ref": "#"}, "not": {"minItems": 2}}"##, "[[[]]]", "");
    finds(
        r#"{"items": {"pattern": "(a{1000}){1000}"}}"#,
        "[]",
        &refused("the pattern \"(a{1000}){1000}\" is too large"),
    );
    // Each level twice: 2^60 steps.
    let (open, close) = ("[".repeat(60), "]".repeat(60));
    finds(
        r##"{"allOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]}"##,
        &format!("{open}{close}"),
        &format!(
            "datasets/d/t.csv:2: [constraint-error] column `v`: \"{open}\"... (120 characters) does not match \
             `jsonSchema`: its references require too many steps for this value\n"
        ),
    );
    // As deep as it may be: there is enough stack.
    let chain: Vec<String> =
        (0..390).map(|part| format!(r##""{part}": {{"$ref": "#/$defs/{}"}}"##, part + 1)).collect();
    let chain = format!(r##"{{"$ref": "#/$defs/0", "$defs": {{{}, "390": {{}}}}}}"##, chain.join(", "));
    finds(&chain, "[]", "");
}
