//! Dates in filters, in the forms that clients write them.

use crate::library::{Library, Source};

#[test]
fn a_date_takes_a_point_in_time() {
    let library = Library::open();
    for (filter, ids) in [
        ("published=gte.1969-03-01T00:00:00.000Z", "[{\"id\":1},\n {\"id\":3}]"),
        ("published=eq.1969-03-01T23:30:00-05:00", "[{\"id\":1}]"),
        ("published=eq.1969-3-1", "[{\"id\":1}]"),
        ("published=eq.1969/03/01", "[{\"id\":1}]"),
        ("published=in.(1969-03-01 00:00:00,19610601)", "[{\"id\":1},\n {\"id\":2}]"),
        ("published=isdistinct.1969-03-01T00:00Z&id=lte.2", "[{\"id\":2}]"),
        ("published=lt(any).{1962-01-01T00:00:00Z}", "[{\"id\":2}]"),
    ] {
        assert_eq!(library.get(&format!("/books?select=id&{filter}")), ids, "{filter}");
    }
    let (syntax, range) = ("invalid input syntax for type date", "date/time field value out of range");
    for (text, problem) in [
        ("1969-02-30T00:00:00Z", range),
        ("1969-03-01T25:00:00Z", range),
        ("1969-03-01 noon", syntax),
        ("69-3-1", syntax),
    ] {
        let response = library.ask("GET", &format!("/books?published=eq.{text}"), &[]);
        let message = format!("{problem}: \\\"{text}\\\"");
        assert!(crate::release::text(&response).contains(&message), "{text}");
        assert_eq!(response.status, 400, "{text}");
    }
}

/// As PostgreSQL 15 casts them: text keeps the date it is written with, an instant has that of UTC.
#[test]
fn casts_take_what_filters_take() {
    let library = Library::of(&[Source {
        name: "moments",
        columns: "ts datetime, date string, time string",
        primary_key: &[],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "('2024-01-01T23:00:00-05:00', '2024-01-01T23:00:00-05:00', '10:00:00.123'),
               ('2024-01-01T23:00:00', '2024-1-1', '10:00:00+02:00'), (NULL, NULL, '2024-01-01 10:00')",
    }]);
    assert_eq!(
        library.get("/moments?select=ts::date,date::date,time::time,at:ts::time"),
        "[{\"ts\":\"2024-01-02\",\"date\":\"2024-01-01\",\"time\":\"10:00:00.123\",\"at\":\"04:00:00\"},\n \
         {\"ts\":\"2024-01-01\",\"date\":\"2024-01-01\",\"time\":\"10:00:00\",\"at\":\"23:00:00\"},\n \
         {\"ts\":null,\"date\":null,\"time\":\"10:00:00\",\"at\":null}]"
    );
}
