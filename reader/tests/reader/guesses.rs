//! First guesses at a parameter: each is an error whose hint gives the way, and the way is a request
//! that is answered.

use serde_json::Value;

use crate::library::{Library, Source};
use crate::release::text;

/// query of /books, hint
const GUESSES: [(&str, &str); 39] = [
    ("title=Solaris", "a filter has an operator: title=eq.Solaris"),
    ("id=0", "a filter has an operator: id=eq.0"),
    ("title=A & B", "a filter has an operator: title=eq.A "),
    ("title=A %26 B", "a filter has an operator: title=eq.A %26 B"),
    ("price=9.5", "a filter has an operator: price=eq.9.5"),
    ("price=ne.9", "a filter has an operator: price=neq.9"),
    ("price=GT.9", "a filter has an operator: price=gt.9"),
    ("price=not.ge.9", "a filter has an operator: price=not.gte.9"),
    ("title=contains.hand", "a filter has an operator: title=ilike.*hand*"),
    ("id=noop.0", "'noop' is no operator; a filter is as in id=eq.0"),
    ("title=Mr.Lem", "'Mr' is no operator; a filter is as in title=eq.Mr.Lem"),
    ("id=not.eqq.1", "'eqq' is no operator; a filter is as in id=eq.1"),
    ("id=eq:1", "a filter has an operator: id=eq.1"),
    ("id=eq", "an operator has a value: id=eq...."),
    ("price[gte]=5", "the operator stands before the value: price=gte.5"),
    ("price__lt=5", "the operator stands before the value: price=lt.5"),
    ("price.gt=5", "the operator stands before the value: price=gt.5"),
    ("price>=5", "the operator stands before the value: price=gte.5"),
    ("price%3C5", "the operator stands before the value: price=lt.5"),
    ("id!=5", "the operator stands before the value: id=neq.5"),
    ("sort=title", "rows are ordered by order=title"),
    ("orderBy=-title", "rows are ordered by order=title.desc"),
    ("sort=price:desc,title:asc", "rows are ordered by order=price.desc,title.asc"),
    ("order=-title", "as in order=title.desc"),
    ("order=title:desc", "as in order=title.desc"),
    ("page=2", "pages are limit=100&offset=200; the Link header leads to the next"),
    ("per_page=5", "pages are limit=100&offset=200; the Link header leads to the next"),
    ("top=5", "the size of a page is limit=5"),
    ("skip=5", "where a page begins is offset=5"),
    ("q=hand", "a filter names its column: title=ilike.*hand*"),
    ("search=hand", "a filter names its column: title=ilike.*hand*"),
    ("fields=id,title", "columns are chosen by select=id,title"),
    ("format=csv", "the form is the path's, as in /books.csv, or the Accept header's"),
    ("include=authors", "related rows are embedded by select=*,authors(*)"),
    ("limt=5", "Perhaps you meant the parameter 'limit'"),
    ("titel=Solaris", "Perhaps you meant the column 'title': title=eq.Solaris"),
    ("zzz=1", "table 'books' has no column 'zzz'; a filter is as in id=eq...."),
    ("zzz[1]=1", "table 'books' has no column 'zzz[1]'; a filter is as in id=eq...."),
    ("debug", "table 'books' has no column 'debug'; a filter is as in id=eq...."),
];

fn hint(library: &Library, url: &str) -> Value {
    let response = library.ask("GET", url, &[]);
    let body: Value = serde_json::from_str(text(&response)).unwrap();
    assert_eq!((response.status, body["code"].as_str()), (400, Some("PGRST100")), "{url} {body}");
    body["hint"].clone()
}

#[test]
fn a_first_guess_gets_the_way() {
    let library = Library::open();
    for (query, expected) in GUESSES {
        assert_eq!(hint(&library, &format!("/books?{query}")), expected, "{query}");
        assert_eq!(hint(&library, &format!("/books.csv?{query}")), expected, "{query}");
    }
    // Where the operator is known, the details say what is wrong behind it, and so in a tree.
    for query in ["id=is.nil", "id=in.(1", "or=(id.ne.1)", "select=id(", "order=id.ac"] {
        assert_eq!(hint(&library, &format!("/books?{query}")), Value::Null, "{query}");
    }
    // A table that is not there has no columns to guess at.
    assert_eq!(hint(&library, "/nothing?sort=a"), Value::Null);
}

#[test]
fn the_way_is_a_request() {
    let library = Library::open();
    let mut asked = 0;
    for (_, hint) in GUESSES {
        let words = hint.split([' ', ';']).filter(|word| word.contains('=') && !word.contains("..."));
        for word in words {
            let word = word.trim_end_matches(['A', '&']);
            library.get(&format!("/books?{word}"));
            asked += 1;
        }
    }
    assert!(asked > 25, "{asked}");
}

#[test]
fn a_column_goes_before_what_other_apis_mean() {
    let library = Library::of(&[Source {
        name: "odd",
        columns: "page integer, sort string, order string, name.common string",
        primary_key: &[],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(2, 'a', 'b', 'd')",
    }]);
    for (query, way) in
        [("page=2", "page=eq.2"), ("sort=a", "sort=eq.a"), ("name.common=d", "\"name.common\"=eq.d")]
    {
        assert_eq!(
            hint(&library, &format!("/odd?{query}")),
            format!("a filter has an operator: {way}"),
            "{query}"
        );
        assert_eq!(
            serde_json::from_str::<Value>(&library.get(&format!("/odd?{way}"))).unwrap()[0]["page"],
            2
        );
    }
}

#[test]
fn a_name_with_a_point_is_to_be_quoted() {
    let library = Library::of(&[Source {
        name: "countries",
        columns: "id integer, name.common string",
        primary_key: &[],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 'Chad')",
    }]);
    let hint = r#""hint":"a column's name that has a point stands in double quotes: \"name.common\"""#;
    for query in
        ["name.common=eq.Chad", "name.common=in.(Chad)", "select=id,name.common", "order=name.common"]
    {
        let response = library.ask("GET", &format!("/countries?{query}"), &[]);
        assert!(text(&response).contains(hint), "{query}: {}", text(&response));
    }
    assert_eq!(
        library.get("/countries?select=%22name.common%22&%22name.common%22=eq.Chad&order=%22name.common%22"),
        r#"[{"name.common":"Chad"}]"#
    );
}
