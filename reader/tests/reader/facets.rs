//! The frequent values beside a table's rows, histograms, maps, and the numbers of the data dictionary.

use crate::browsers::FIREFOX;
use crate::library::{Library, Source};
use crate::release::text;

fn airports() -> Library {
    let rows: Vec<String> = (0..30)
        .map(|row| {
            let country = if row % 3 == 0 { 1 } else { 2 };
            let kind = ["'small'", "'large'", "NULL"][row % 3];
            format!(
                "('A{row:02}', {country}, {kind}, {}, {}.5, '20{row:02}-01-01', '{row},{}.5')",
                u8::from(row % 2 == 0),
                row * 10,
                row * 2
            )
        })
        .collect();
    Library::of(&[
        Source {
            name: "airports",
            columns: "code string!, country integer, kind string, open boolean, elevation number, opened date, position geopoint",
            primary_key: &["code"],
            unique_keys: &[],
            foreign_keys: &[("country", "countries", "id")],
            rows: rows.join(", ").leak(),
        },
        Source {
            name: "countries",
            columns: "id integer!, name string",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "(1, 'A & B'), (2, 'Chad')",
        },
    ])
}

fn aside(library: &Library, url: &str) -> String {
    let page = library.ask("GET", url, &[("accept", FIREFOX)]);
    assert_eq!(page.status, 200, "{url}");
    let aside = text(&page).split("<aside").nth(1).unwrap_or_default();
    aside.split("</aside>").next().unwrap_or_default().to_owned()
}

/// The addresses of all links, unescaped.
fn links(html: &str) -> Vec<String> {
    let links = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    links.map(|link| link.replace("&amp;", "&")).collect()
}

#[test]
fn frequent_values_lead_to_their_rows() {
    let aside = aside(&airports(), "/airports");
    for part in [
        concat!(
            "<h3>country</h3><ul class=\"facet\">",
            "<li><a href=\"/airports?country=eq.2\" rel=\"nofollow\">Chad</a> <span class=\"num\">20</span></li>",
            "<li><a href=\"/airports?country=eq.1\" rel=\"nofollow\">A &amp; B</a> <span class=\"num\">10</span></li></ul>",
        ),
        concat!(
            "<h3>kind</h3><ul class=\"facet\">",
            "<li><a href=\"/airports?kind=eq.large\" rel=\"nofollow\">large</a> <span class=\"num\">10</span></li>",
            "<li><a href=\"/airports?kind=eq.small\" rel=\"nofollow\">small</a> <span class=\"num\">10</span></li>",
            "<li><a href=\"/airports?kind=is.null\" rel=\"nofollow\"><span class=\"none\">no value</span></a> <span class=\"num\">10</span></li></ul>",
        ),
        "<a href=\"/airports?open=eq.false\" rel=\"nofollow\">no</a> <span class=\"num\">15</span>",
    ] {
        assert!(aside.contains(part), "{part}\nis not in\n{aside}");
    }
    assert!(!aside.contains("<h3>code</h3>"), "{aside}");
}

/// The number beside each value, and under each bar, is that of the rows behind its link.
#[test]
fn each_link_has_as_many_rows_as_it_says() {
    let library = airports();
    let aside = aside(&library, "/airports");
    let mut seen = 0;
    for item in aside.split("<a href=\"").skip(1) {
        let url = item.split('"').next().unwrap().replace("&amp;", "&");
        let said: usize = match item.split_once("<title>") {
            Some((_, title)) => title.split(": ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap(),
            None => item.split("\"num\">").nth(1).unwrap().split('<').next().unwrap().parse().unwrap(),
        };
        let rows: Vec<serde_json::Value> = serde_json::from_str(&library.get(&url)).unwrap();
        assert_eq!(rows.len(), said, "{url}");
        seen += said;
    }
    assert_eq!(seen, 5 * 30);
    assert!(aside.contains("href=\"/airports?opened=gte.2000-01-01&amp;opened=lt.2002-01-01\""), "{aside}");
}

#[test]
fn a_column_that_is_filtered_is_not_offered_again() {
    let filtered = aside(&airports(), "/airports?kind=eq.small&order=code.desc");
    assert!(filtered.contains("<h2 id=\"values\">Values of all 30 rows</h2>"), "{filtered}");
    assert!(!filtered.contains("<h3>kind</h3>"), "{filtered}");
    assert_eq!(links(&filtered)[0], "/airports?kind=eq.small&order=code.desc&country=eq.2");
}

#[test]
fn points_are_on_a_map() {
    let page = airports().ask("GET", "/airports?limit=2", &[("accept", FIREFOX)]);
    let map = text(&page).split("<summary>Map: position</summary>").nth(1).unwrap();
    let map = map.split("</svg>").next().unwrap();
    assert!(map.starts_with("<svg class=\"map\" viewBox=\"-4 -4 "), "{map}");
    assert_eq!(links(map), ["/airports/A00", "/airports/A01"]);
    assert!(map.contains("r=\"5\"><title>A00</title></circle></a>"), "{map}");
    assert!(map.contains("° N</text>") && map.contains("° E</text>"), "{map}");
}

#[test]
fn the_data_dictionary_has_the_numbers() {
    let page = airports().ask("GET", "/-/columns/airports", &[("accept", FIREFOX)]);
    for part in [
        "<td><div>2 different values</div><div>10 rows without a value</div></td>",
        "<td><div>0.5 to 290.5</div></td>",
        "<td><div>2000-01-01 to 2029-01-01</div></td>",
    ] {
        assert!(text(&page).contains(part), "{part}\nis not in\n{}", text(&page));
    }
}

/// Releases of earlier versions have no statistics, and those of later ones may have others.
#[test]
fn a_release_without_statistics_has_its_pages() {
    for sql in [
        "DELETE FROM coldpress_catalog WHERE kind = 'statistics'",
        "UPDATE coldpress_catalog SET about = '{\"columns\":[]}' WHERE kind = 'statistics'",
        "UPDATE coldpress_catalog SET about = '[7]' WHERE kind = 'statistics'",
    ] {
        let library = Library::changed(sql);
        assert_eq!(aside(&library, "/books"), "");
        let columns = library.ask("GET", "/-/columns/books", &[("accept", FIREFOX)]);
        assert!(!text(&columns).contains("<th scope=\"col\">Values</th>"));
    }
}

/// A descriptor may name the column.
#[test]
fn a_label_is_declared() {
    let sql = "UPDATE coldpress_catalog SET entry = json_set(entry, '$.label', 'born') WHERE kind = 'table' AND name = 'authors'";
    let page = Library::changed(sql).ask("GET", "/books", &[("accept", FIREFOX)]);
    assert!(text(&page).contains("<a href=\"/authors/2\">1921</a>"), "{}", text(&page));
}
