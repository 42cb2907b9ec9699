//! Foreign keys by name: their own, or PostgreSQL's where they have none.

use crate::library::{Library, Source};
use crate::release::text;

fn open() -> Library {
    Library::of(&[
        Source {
            name: "people",
            columns: "id integer!, name string!, boss integer, deputy integer",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[("led_by: boss", "people", "id"), ("deputy", "people", "id")],
            rows: "(1, 'Ada', NULL, 2), (2, 'Bo', 1, NULL)",
        },
        Source {
            name: "letters",
            columns: "id integer!, sender_id integer, recipient_id integer",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[("sender: sender_id", "people", "id"), ("recipient_id", "people", "id")],
            rows: "(1, 1, 2)",
        },
        Source {
            name: "members",
            columns: "person integer!, club integer!",
            primary_key: &["person", "club"],
            unique_keys: &[],
            foreign_keys: &[("who: person", "people", "id"), ("where to: club", "clubs", "id")],
            rows: "(1, 7)",
        },
        Source {
            name: "clubs",
            columns: "id integer!, name string!",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "(7, 'chess')",
        },
    ])
}

#[test]
fn embeds_are_named_by_foreign_keys() {
    let library = open();
    for (url, body) in [
        ("letters?select=id,people!sender(name)", r#"[{"id":1,"people":{"name":"Ada"}}]"#),
        ("letters?select=id,sender(name)", r#"[{"id":1,"sender":{"name":"Ada"}}]"#),
        ("letters?select=id,people!sender_id(name)", r#"[{"id":1,"people":{"name":"Ada"}}]"#),
        ("letters?select=id,people!letters_recipient_id_fkey(name)", r#"[{"id":1,"people":{"name":"Bo"}}]"#),
        ("people?select=sent:letters!sender(id)&id=eq.1", r#"[{"sent":[{"id":1}]}]"#),
        ("people?select=led:people!led_by(name)&id=eq.1", r#"[{"led":[{"name":"Bo"}]}]"#),
        ("people?select=for:people!people_deputy_fkey(name)&id=eq.2", r#"[{"for":[{"name":"Ada"}]}]"#),
        ("people?select=clubs(name)&id=eq.1", r#"[{"clubs":[{"name":"chess"}]}]"#),
        ("members?select=\"where%20to\"(name)", r#"[{"where to":{"name":"chess"}}]"#),
    ] {
        assert_eq!(library.get(&format!("/{url}")), body, "{url}");
    }
}

#[test]
fn an_ambiguous_embed_lists_the_names() {
    let library = open();
    let response = library.ask("GET", "/letters?select=people(*)", &[]);
    assert_eq!(
        (response.status, text(&response)),
        (
            300,
            r#"{"code":"PGRST201","message":"Could not embed because more than one relationship was found for 'letters' and 'people'","details":[{"cardinality":"many-to-one","embedding":"letters with people","relationship":"letters_recipient_id_fkey using letters(recipient_id) and people(id)"},{"cardinality":"many-to-one","embedding":"letters with people","relationship":"sender using letters(sender_id) and people(id)"}],"hint":"Try changing 'people' to one of the following: 'people!letters_recipient_id_fkey', 'people!sender'. Find the desired relationship in the 'details' key."}"#
        )
    );
    let response = library.ask("GET", "/people?select=people(*)", &[]);
    assert!(text(&response).contains("'people!led_by', 'people!people_deputy_fkey'"), "{}", text(&response));
    // A key that has a name has no other.
    let response = library.ask("GET", "/letters?select=people!letters_sender_id_fkey(*)", &[]);
    assert_eq!(response.status, 400, "{}", text(&response));
}
