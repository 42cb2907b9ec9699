//! Pages of tables with more columns than a page shows.

use crate::browsers::FIREFOX;
use crate::library::{Library, Source};
use crate::release::{header, text};

/// A key behind the first columns, and so many columns.
fn wide(columns: usize) -> Library {
    let names: Vec<String> = (0..columns).map(|at| format!("c{at} integer")).collect();
    let values: Vec<String> = (0..columns).map(|at| at.to_string()).collect();
    let source = Source {
        name: "wide",
        columns: format!("{}, key integer!", names.join(", ")).leak(),
        primary_key: &["key"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: format!("({}, 7), ({0}, 8)", values.join(", ")).leak(),
    };
    // On a busy machine a thousand columns take long.
    let query_time = std::time::Duration::from_secs(600);
    Library::of_with(&[source], reader::Config { query_time, ..reader::Config::default() })
}

fn page(library: &Library, url: &str) -> String {
    let page = library.ask("GET", url, &[("accept", FIREFOX)]);
    assert_eq!(page.status, 200, "{url}: {}", text(&page));
    text(&page).to_owned()
}

/// The columns of the rows on a page, by the links that order them.
fn shown(page: &str) -> Vec<&str> {
    let orders = page.split("order=").skip(1).map(|rest| rest.split(".asc").next().unwrap());
    orders.collect()
}

#[test]
fn the_first_columns_are_shown_with_links_to_the_others() {
    let library = wide(1500);
    let first = page(&library, "/wide");
    assert!(first.contains("<strong>101 of 1,501 columns</strong> are on this page."), "{first}");
    assert_eq!(shown(&first)[..2], ["key", "c0"]);
    assert_eq!((shown(&first).len(), *shown(&first).last().unwrap()), (101, "c99"));
    assert!(first.contains("<a href=\"/wide/7\">7</a></th><td class=num>0</td>"), "{first}");
    let links: Vec<&str> = first.split("<a href=\"/wide?select=").skip(1).collect();
    assert_eq!(links.len(), 16);
    assert!(links[15].contains(">Columns 1,501 to 1,501</a>"), "{}", links[15]);
    let others = format!("/wide?select={}", links[3].split('"').next().unwrap());
    let others = page(&library, &others);
    assert_eq!((shown(&others)[0], shown(&others)[1], shown(&others).len()), ("key", "c300", 101));
    assert!(others.contains("<strong>101 of 1,501 columns</strong> are on this page."), "{others}");
}

/// What is asked of the table is asked of all of its columns.
#[test]
fn filters_and_orders_stay_with_other_columns() {
    let library = wide(1500);
    let page = page(&library, "/wide?c1200=eq.1200&order=key.desc&limit=1");
    assert!(page.contains("<h2 id=\"rows\">Rows 1 to 1 of 2</h2>"), "{page}");
    assert!(page.contains("<a href=\"/wide/8\">8</a>"), "{page}");
    assert!(
        page.contains("<a href=\"/wide?c1200=eq.1200&amp;order=key.desc&amp;limit=1&amp;select=key,c100,"),
        "{page}"
    );
    let found = library.ask("GET", "/-/find/wide?column=c1400&is=gt&value=3", &[("accept", FIREFOX)]);
    assert_eq!((found.status, header(&found, "location")), (303, Some("/wide?c1400=gt.3")));
    let wrong = library.ask("GET", "/-/find/wide?column=c1400&is=gt&value=x", &[("accept", FIREFOX)]);
    assert_eq!(wrong.status, 400);
    assert!(text(&wrong).contains("101 of 1,501 columns"), "{}", text(&wrong));
}

/// A program names the columns, as before.
#[test]
fn json_has_all_columns_or_none() {
    let response = wide(1500).ask("GET", "/wide", &[]);
    assert_eq!(response.status, 400);
    assert!(text(&response).contains("too many columns"), "{}", text(&response));
}

/// No file has more than 1,000 columns: the one that a page offers has those of the page.
#[test]
fn the_files_of_a_page_can_be_had() {
    let links = |library: &Library, url: &str| -> Vec<String> {
        let page = page(library, url);
        let list = page.split("aria-label=\"Downloads\"><li>").nth(1).unwrap().split("</ul>").next().unwrap();
        let links = list.split("<a href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let label = list.split("</li>").next().unwrap().to_owned();
        std::iter::once(label).chain(links.take(3).map(|link| link.replace("&amp;", "&"))).collect()
    };
    let library = wide(1500);
    let few = links(&library, "/wide?key=gt.7&limit=1");
    assert_eq!(few[0], "These rows with these columns as");
    assert!(few[1].starts_with("/wide.csv?key=gt.7&select=key,c0,c1,"), "{}", few[1]);
    let all = links(&library, "/wide");
    assert_eq!(all[0], "All rows with these columns as");
    for link in few[1..].iter().chain(&all[1..]) {
        assert_eq!(library.ask("GET", link, &[]).status, 200, "{link}");
    }
    let file = library.ask("GET", &all[1], &[]);
    assert_eq!(text(&file).lines().next().unwrap().split(',').count(), 101);
    assert_eq!(links(&library, "/wide?select=key")[..2], ["All rows as", "/wide.csv?select=key"]);
    assert_eq!(links(&wide(500), "/wide")[..2], ["All rows as", "/wide.csv"]);
}

#[test]
fn a_page_with_all_columns_has_no_notice() {
    let all = page(&wide(99), "/wide");
    assert_eq!(shown(&all).len(), 100);
    assert!(!all.contains("are on this page"), "{all}");
    assert_eq!(shown(&page(&wide(101), "/wide")).len(), 101);
    assert!(page(&wide(101), "/wide").contains("<strong>101 of 102 columns</strong>"));
}

/// An address has room for the names of the columns that it selects.
#[test]
fn long_names_make_shorter_lists() {
    let names: Vec<String> = (0..300).map(|at| format!("{}{at} integer", "ä".repeat(50))).collect();
    let values: Vec<String> = (0..300).map(|at| at.to_string()).collect();
    let library = Library::of(&[Source {
        name: "wide",
        columns: names.join(", ").leak(),
        primary_key: &[],
        unique_keys: &[],
        foreign_keys: &[],
        rows: format!("({})", values.join(", ")).leak(),
    }]);
    let first = page(&library, "/wide");
    let mut seen = 0;
    for link in first.split("<a href=\"/wide?select=").skip(1) {
        let select = link.split('"').next().unwrap();
        assert!(select.len() < 4096, "{}", select.len());
        seen += shown(&page(&library, &format!("/wide?select={select}"))).len();
    }
    assert_eq!(seen, 300);
}

/// A column and its head are on the side on which the column's values begin.
#[test]
fn columns_that_are_read_from_right_to_left() {
    let library = Library::of(&[
        Source {
            name: "towns",
            columns: "id integer!, name string, country string, note string",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[("country", "countries", "code")],
            rows: "(1, NULL, 'eg', 'مصر'), (2, 'الإسكندرية', 'eg', 'x'), (3, 'Alexandria', 'eg', NULL)",
        },
        Source {
            name: "countries",
            columns: "code string!, name string",
            primary_key: &["code"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "('eg', 'مصر')",
        },
    ]);
    let page = page(&library, "/towns");
    for part in [
        "<th scope=\"col\" class=num><a href=\"/towns?order=id.asc\"",
        "<th scope=\"col\" dir=rtl><a href=\"/towns?order=name.asc\"",
        "<th scope=\"col\" dir=rtl><a href=\"/towns?order=country.asc\"",
        "<td></td><td dir=rtl><a href=\"/countries/eg\">مصر</a></td><td dir=rtl>مصر</td></tr>",
        "<td dir=rtl>الإسكندرية</td><td dir=rtl><a href=\"/countries/eg\">مصر</a></td><td dir=rtl>x</td></tr>",
        "<td dir=rtl>Alexandria</td>",
    ] {
        assert!(page.contains(part), "{part}\nis not in\n{page}");
    }
    let names = library.ask("GET", "/towns?id=eq.3&select=name", &[("accept", FIREFOX)]);
    assert!(text(&names).contains("<th scope=\"col\"><a href="), "{}", text(&names));
}
