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

/// Nearly all datetimes are compared as the texts that they are; those near a bound, by the instant. The bound is asked for in
/// every zone, so that texts before, within and behind its neighbourhood are compared with it.
#[test]
fn datetimes_in_any_zone_are_compared_as_instants() {
    let zones = ["", "Z", "+14:00", "-14:00", "+05:30", "-00:30"];
    let (mut rows, mut instants) = (String::from("(NULL)"), vec![]);
    for day in 0..5_i64 {
        for (zone, east) in zones.into_iter().zip([0, 0, 840, -840, 330, -30]) {
            for (hour, fraction) in [(0, ""), (8, ".50"), (23, ".5")] {
                rows.push_str(&format!(", ('2024-03-0{}T{hour:02}:00:00{fraction}{zone}')", day + 1));
                // In half seconds.
                instants.push(2 * (day * 86_400 + hour * 3600 - east * 60) + i64::from(!fraction.is_empty()));
            }
        }
    }
    let library = Library::of(&[Source {
        name: "moments",
        columns: "ts datetime",
        primary_key: &[],
        unique_keys: &[],
        foreign_keys: &[],
        rows: rows.leak(),
    }]);
    let count = |filter: &str| {
        let path = format!("/moments?select=n:count()&{filter}");
        library.get(&path).trim_matches(|c: char| !c.is_ascii_digit()).parse::<usize>().unwrap()
    };
    let of = |test: &dyn Fn(i64) -> bool| instants.iter().filter(|instant| test(**instant)).count();
    for (bound, at) in [
        ("2024-03-03T08:00:00.5Z", 2 * (2 * 86_400 + 8 * 3600) + 1),
        ("2024-03-03T22:00:00.5%2B14:00", 2 * (2 * 86_400 + 8 * 3600) + 1),
        ("2024-03-02T18:00:00-14:00", 2 * (2 * 86_400 + 8 * 3600)),
        ("2024-02-01", -58 * 86_400),
        ("2024-04-01", 62 * 86_400),
        ("0000-01-01", i64::MIN),
        ("9999-12-31T23:00:00", i64::MAX),
    ] {
        for (operator, found) in [
            ("eq", of(&|instant| instant == at)),
            ("neq", of(&|instant| instant != at)),
            ("lt", of(&|instant| instant < at)),
            ("lte", of(&|instant| instant <= at)),
            ("gt", of(&|instant| instant > at)),
            ("gte", of(&|instant| instant >= at)),
            ("isdistinct", of(&|instant| instant != at) + 1),
            ("not.gt", of(&|instant| instant <= at)),
            ("not.eq", of(&|instant| instant != at)),
        ] {
            assert_eq!(count(&format!("ts={operator}.{bound}")), found, "{operator} {bound}");
        }
        let listed = of(&|instant| instant == at || instant == 0);
        assert_eq!(count(&format!("ts=in.({bound},2024-03-01)")), listed, "in {bound}");
    }
}
