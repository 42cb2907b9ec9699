//! What arrays and objects contain, and what they are equal to.

use crate::library::{Library, Source};

/// What a `jsonb` contains, and what an array of PostgreSQL does: elements of `{...}` are of the type
/// that the row has, those of JSON of their own; null in `{...}` is no element of anything.
#[test]
fn json_contains_what_is_of_the_same_type_in_the_same_place() {
    let library = Library::of(&[Source {
        name: "samples",
        columns: "id integer!, object object, array array",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: r#"(1, '{"a":{"b":1,"c":[1,2]}}', '[1,2]'), (2, '{"a":{"b":"1"}}', '["1",null]'),
                 (3, '{"a":{"b":18446744073709551615}}', '[[1],[2,3]]'), (4, NULL, NULL)"#,
    }]);
    for (filter, ids) in [
        (r#"object=cs.{"a":{"b":1}}"#, "1"),
        (r#"object=cs.{"a":{"b":"1"}}"#, "2"),
        (r#"object=cs.{"a":{"c":[2]}}"#, "1"),
        (r#"object=cs.{"a":{"c":2}}"#, ""),
        (r#"object=cd.{"a":{"b":1,"c":[2,1,0]}}"#, "1"),
        (r#"object->a->c=cs.[1]"#, "1"),
        (r#"object->a->c=cs.1"#, "1"),
        (r#"object->a->c=cs.["1"]"#, ""),
        (r#"object->a->b=cd.[1,2]"#, "1"),
        (r#"object->a->b=eq.18446744073709551615"#, "3"),
        (r#"object->a->b=eq.18446744073709551614"#, ""),
        (r#"array=cs.{1}"#, "1,2"),
        (r#"array=cs.[1]"#, "1"),
        (r#"array=cs.["1"]"#, "2"),
        (r#"array=cs.[null]"#, "2"),
        (r#"array=cs.{NULL}"#, ""),
        (r#"array=not.cs.{NULL}"#, "1,2,3"),
        (r#"array=cs.[[3]]"#, "3"),
        (r#"array=cs.{{3}}"#, "3"),
        (r#"array=cd.{2,1}"#, "1"),
        (r#"array=cd.{1,NULL}"#, ""),
        (r#"array=cd.["1",null,7]"#, "2"),
        (r#"array=ov.{1,7}"#, "1,2"),
        (r#"array=ov.["1",7]"#, "2"),
        (r#"array=eq.{1,2}"#, "1"),
        (r#"array=eq.["1","2"]"#, ""),
        (r#"array=eq.{1,NULL}"#, "2"),
    ] {
        let found = library.get(&format!("/samples?select=id&{filter}"));
        let digits: Vec<_> = found.split(|c: char| !c.is_ascii_digit()).filter(|id| !id.is_empty()).collect();
        assert_eq!(digits.join(","), ids, "{filter}");
    }
}
