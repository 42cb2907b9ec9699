//! Pages of tables, rows, changes and columns, as a browser gets them.

use crate::browsers::FIREFOX;
use crate::library::{Library, Source};
use crate::release::{header, text};

fn page(library: &Library, url: &str) -> String {
    let page = library.ask("GET", url, &[("accept", FIREFOX)]);
    assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"), "{url}: {}", page.status);
    text(&page).split("<main id=\"main\">").nth(1).unwrap().split("</main>").next().unwrap().to_owned()
}

fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}\nis not in\n{page}");
    }
}

#[test]
fn a_table_shows_its_rows() {
    let library = Library::open();
    has(
        &page(&library, "/books"),
        &[
            "<strong>4 rows</strong>, version 1.2.0, changed <time datetime=\"2024-06-05T17:00:00Z\">2024-06-05</time>",
            "<h2 id=\"rows\">Rows 1 to 4 of 4</h2>",
            "<th scope=row class=num><a href=\"/books/2\">2</a></th><td>Solaris</td><td><a href=\"/authors/2\">Stanisław Lem</a></td>",
            "<th scope=\"col\"><a href=\"/books?order=title.asc\" rel=\"nofollow\">title</a></th>",
            "<a href=\"/books.csv\" download>CSV</a>",
            "curl 'https://HOST/books'",
        ],
    );
}

#[test]
fn a_query_is_a_page_of_its_own() {
    let library = Library::open();
    has(
        &page(&library, "/books?price=gt.1&order=title.asc&limit=1"),
        &[
            "<a href=\"/books?order=title.asc&amp;limit=1\" aria-label=\"Remove the filter: price is more than 1\">",
            "<th scope=\"col\" aria-sort=\"ascending\"><a href=\"/books?price=gt.1&amp;limit=1&amp;order=title.desc\" rel=\"nofollow\">title ↑</a></th>",
            "<input type=\"hidden\" name=\"with\" value=\"price=gt.1&amp;order=title.asc&amp;limit=1\">",
            "rel=\"next\">Next page</a>",
            "<a href=\"/books.csv?price=gt.1&amp;order=title.asc\" download>CSV</a>",
        ],
    );
    has(
        &page(&library, "/books?id=eq.99"),
        &["<h2 id=\"rows\">No rows</h2>", "<a href=\"/books\">Show all rows</a>"],
    );
    has(
        &page(&library, "/books?select=author_id,price.sum()"),
        &["<th scope=\"col\">sum</th>", "Stanisław Lem"],
    );
    has(
        &page(&library, "/authors?select=name,books(title)"),
        &["<td><code>[{&quot;title&quot;:&quot;Solaris&quot;"],
    );
}

/// Every page of a table, one after another, has the rows that the API has.
#[test]
fn pages_lead_to_the_next() {
    let library = Library::open();
    let (mut url, mut titles) = ("/books?select=title&limit=1&order=price.desc".to_owned(), vec![]);
    loop {
        let page = page(&library, &url);
        titles.push(page.split("<tbody><tr><td>").nth(1).unwrap().split('<').next().unwrap().to_owned());
        let Some(next) = page.split("\" rel=\"next\"").next().filter(|_| page.contains("rel=\"next\""))
        else {
            break;
        };
        url = next.rsplit("href=\"").next().unwrap().replace("&amp;", "&");
    }
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&library.get("/books?select=title&order=price.desc")).unwrap();
    assert_eq!(titles, rows.iter().map(|row| row["title"].as_str().unwrap()).collect::<Vec<_>>());
}

/// Query of the form, and where it leads.
const FOUND: [(&str, &str); 9] = [
    ("column=price&is=lt&value=9", "/books?price=lt.9"),
    ("column=title&is=contains&value=ola", "/books?title=ilike.%2Aola%2A"),
    ("column=title&is=starts&value=So", "/books?title=ilike.So%2A"),
    ("column=title&is=contains&value=100%25+(a)", "/books?title=imatch.100%5C%25%20%5C%28a%5C%29"),
    ("column=id&is=in&value=1,2", "/books?id=in.%281%2C2%29"),
    ("column=pages&is=null&value=", "/books?pages=is.null"),
    ("column=pages&is=not_null", "/books?pages=is.not_null"),
    ("column=title&is=eq&value=", "/books?title=eq."),
    ("column=id&is=gt&value=1&with=price%3Dlt.9%26offset%3D1", "/books?price=lt.9&id=gt.1"),
];

#[test]
fn a_form_leads_to_the_query() {
    let library = Library::open();
    for (query, address) in FOUND {
        for accept in ["*/*", FIREFOX] {
            let answer = library.ask("GET", &format!("/-/find/books?{query}"), &[("accept", accept)]);
            assert_eq!((answer.status, header(&answer, "location")), (303, Some(address)), "{query}");
            assert_eq!(library.ask("GET", address, &[]).status, 200, "{address}");
        }
    }
}

#[test]
fn a_form_says_what_is_wrong_beside_the_field() {
    let library = Library::open();
    let url = "/-/find/books?column=price&is=lt&value=cheap&with=id%3Dgt.1";
    let answer = library.ask("GET", url, &[("accept", FIREFOX)]);
    assert_eq!(answer.status, 400);
    has(
        text(&answer),
        &[
            "<option value=\"price\" selected>price</option>",
            "<option value=\"lt\" selected>is less than</option>",
            "value=\"cheap\" aria-invalid=\"true\" aria-describedby=\"wrong\">",
            "<p class=\"wrong\" id=\"wrong\">&quot;cheap&quot; is not a number</p>",
            "Rows 1 to 3 of 3",
        ],
    );
    has(text(&answer), &["<title>Error: books: id is more than 1</title>"]);
    let data = library.ask("GET", url, &[]);
    assert_eq!((data.status, header(&data, "content-type")), (400, Some("application/json; charset=utf-8")));
    for (query, message) in [
        ("column=id&is=like&value=1", r#"there is no condition \"like\""#),
        ("column=id&is=eq&value=1&x=2", r#"unknown query parameter \"x\""#),
        ("column=id&column=id&is=eq", r#"\"column\" is given twice"#),
        ("column=nope&is=eq&value=1", "nope"),
    ] {
        let answer = library.ask("GET", &format!("/-/find/books?{query}"), &[]);
        assert_eq!(answer.status, 400, "{query}");
        assert!(text(&answer).contains(message), "{query}: {}", text(&answer));
    }
    assert_eq!(library.ask("GET", "/-/find/nope?column=id", &[]).status, 404);
}

/// What is tried with each condition, the field that is wrong, and what is said of it.
const WRONG: [(&str, &str, &str); 17] = [
    ("column=count&is=eq&value=1.5", "value", "\"1.5\" is not a whole number"),
    ("column=count&is=gt&value=", "value", "the value is missing: a whole number"),
    ("column=count&is=in&value=1,b", "value", "not each of \"1,b\" is a whole number"),
    ("column=count&is=contains&value=1", "is", "\"contains\" is for text; count has whole numbers"),
    ("column=price&is=starts&value=*", "is", "\"starts with\" is for text; price has numbers"),
    ("column=price&is=true", "is", "\"is yes\" is for yes and no; price has numbers"),
    ("column=name&is=false", "is", "\"is no\" is for yes and no; name has text"),
    ("column=flag&is=eq&value=maybe", "value", "\"maybe\" is not yes or no"),
    ("column=day&is=lt&value=2024-13-01", "value", "\"2024-13-01\" is not a date, such as 2024-12-31"),
    (
        "column=at&is=lte&value=noon",
        "value",
        "\"noon\" is not a date with a time, such as 2024-12-31T18:00:00Z",
    ),
    ("column=clock&is=gte&value=25h", "value", "\"25h\" is not a time, such as 18:00:00"),
    ("column=year&is=eq&value=MMXX", "value", "\"MMXX\" is not a year, such as 2024"),
    ("column=list&is=starts&value=a", "is", "\"starts with\" is for text; list has lists"),
    (
        "column=count&is=wfts&value=a",
        "is",
        "\"has the words\" is for text with a search index; count has whole numbers",
    ),
    (
        "column=name&is=wfts&value=a",
        "is",
        "\"has the words\" is for columns with a search index, and \"contains\" for any text; name has text",
    ),
    ("column=name&is=like&value=a", "is", "there is no condition \"like\""),
    ("column=nme&is=eq&value=a", "column", "column odd.nme does not exist"),
];

#[test]
fn each_field_of_a_form_can_be_wrong() {
    let library = Library::of(&[Source {
        name: "odd",
        columns: "id integer!, name string, count integer, price number, flag boolean, day date, at datetime, clock time, year year, list array",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 'a', 1, 1.5, 1, NULL, NULL, NULL, NULL, NULL)",
    }]);
    for (query, field, says) in WRONG {
        let answer = library.ask("GET", &format!("/-/find/odd?{query}"), &[("accept", FIREFOX)]);
        assert!(matches!(answer.status, 400 | 404), "{query}: {}", answer.status);
        let form = text(&answer).split("<form").nth(1).unwrap().split("</form>").next().unwrap();
        let wrong = form.split("aria-invalid=\"true\" aria-describedby=\"wrong\"").next().unwrap();
        assert_eq!(form.matches("aria-invalid").count(), 1, "{query}: {form}");
        assert_eq!(wrong.rsplit("name=\"").next().unwrap().split('"').next(), Some(field), "{query}: {form}");
        let said = form.split("id=\"wrong\">").nth(1).unwrap().replace("&quot;", "\"");
        assert!(said.contains(says), "{query}: {said}");
    }
}

/// A truth is the same word in a cell, among the values, in the form and in a filter, however it is written there.
#[test]
fn a_truth_is_one_word() {
    let library = Library::of(&[Source {
        name: "flags",
        columns: "id integer!, flag boolean, text string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 1, 'true'), (2, 0, 'false')",
    }]);
    for (query, says) in [
        ("flag=is.true", "flag is yes"),
        ("flag=eq.false", "flag is no"),
        ("flag=neq.t", "flag is not yes"),
        ("flag=in.(true,no)", "flag is one of (yes,no)"),
        ("text=eq.true", "text is true"),
    ] {
        let page = page(&library, &format!("/flags?{query}"));
        has(&page, &[&format!("aria-label=\"Remove the filter: {says}\"")]);
        has(&page, &["<option value=\"true\">is yes</option><option value=\"false\">is no</option>"]);
    }
    has(
        &page(&library, "/flags"),
        &["<td class=d>yes</td><td>true</td>", "<td class=d>no</td><td>false</td>"],
    );
}

#[test]
fn a_row_shows_what_belongs_to_it() {
    let library = Library::open();
    has(
        &page(&library, "/books/2"),
        &[
            "<h1>Solaris</h1><p class=\"mut\">books, 2</p>",
            "<dt>author_id</dt><dd><a href=\"/authors/2\">Stanisław Lem</a></dd>",
            "of books_genres</a> by book_id",
            "<td>changed</td><td><div>price: <del>8</del> → <ins>9</ins></div></td>",
            "<a href=\"/books.json?id=eq.2\" download>JSON</a>",
        ],
    );
    has(&page(&library, "/books/4"), &["<dt>price</dt><dd><span class=\"none\">no value</span></dd>"]);
    has(&page(&library, "/books_genres/3,2"), &["<a href=\"/books/3\">", "<a href=\"/genres/2\">"]);
}

#[test]
fn a_removed_row_says_what_it_was() {
    let gone = page(&Library::open(), "/books/5");
    has(
        &gone,
        &[
            "<h1>This row was removed</h1>",
            "title: Kallocain",
            "<a href=\"/-/history/books/5\">What happened to it</a>",
        ],
    );
}

#[test]
fn changes_are_pages() {
    let library = Library::open();
    has(
        &page(&library, "/-/changes/books"),
        &[
            "<h1>What changed in books</h1>",
            "<h2 id=\"changes\">Rows that changed after 1.1.0</h2>",
            "<th scope=\"row\"><a href=\"/books/2\">2</a></th><td>1.2.0</td><td>changed</td>",
            "<a href=\"/-/changes/books?since=1.0.0\">1.1.0</a>",
            "the feed begins here",
        ],
    );
    has(&page(&library, "/-/changes/books?since=1.0.0&change=removed"), &["<del>Kallocain</del>"]);
    has(&page(&library, "/-/changes/books?since=1.0.0&limit=1"), &["&amp;cursor="]);
    has(&page(&library, "/-/history/books/2"), &["<h1>What happened to 2 in books</h1>", "2024-06-05"]);
    has(&page(&library, "/-/changes/scraps"), &["the release has no change feed of 'scraps'"]);
}

#[test]
fn columns_are_a_page_for_everybody() {
    let library = Library::open();
    for accept in ["*/*", FIREFOX] {
        let answer = library.ask("GET", "/-/columns/books", &[("accept", accept)]);
        has(
            text(&answer),
            &[
                "<th scope=\"row\"><span class=\"code\">price</span><small>price</small></th><td>number</td>",
                "Primary key: <span class=\"code\">id</span>",
                "refers to <a href=\"/authors\">authors</a> (id): <span class=\"code\">books_author_id_fkey</span>",
            ],
        );
    }
    assert_eq!(library.ask("GET", "/-/columns/nope", &[]).status, 404);
    assert_eq!(library.ask("GET", "/-/columns/books?a=1", &[]).status, 400);
    assert_eq!(library.ask("OPTIONS", "/-/columns/books", &[]).status, 200);
}

/// What somebody wrote into a cell is text, wherever it is shown.
#[test]
fn cells_are_text() {
    let library = Library::of(&[Source {
        name: "odd",
        columns: "id string!, name string, uri string, list array, flag boolean, none string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: r#"('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', 'javascript:alert(1)', '["<b>"]', 1, NULL), ('a/b c', '', ' ', '[]', 0, 'x')"#,
    }]);
    let rows = page(&library, "/odd");
    has(
        &rows,
        &[
            "&lt;script&gt;alert(1)&lt;/script&gt;</a></th><td>&quot;&gt;&lt;img src=x onerror=alert(1)&gt;</td><td>javascript:alert(1)</td><td>&lt;b&gt;</td><td class=d>yes</td><td></td>",
            "<a href=\"/odd/a%2Fb%20c\">a/b c</a></th><td><span class=\"none\">&quot;&quot;</span></td><td><span class=\"none\">&quot; &quot;</span></td><td><span class=\"none\">[]</span></td><td class=d>no</td><td>x</td>",
        ],
    );
    for page in [rows, page(&library, "/odd/<script>alert(1)</script>"), page(&library, "/-/columns/odd")] {
        assert!(
            !page.contains("<script") && !page.contains("<img") && !page.contains("href=\"javascript"),
            "{page}"
        );
    }
}

#[test]
fn a_base_path_is_before_every_address() {
    let library = Library::with(reader::Config { base_path: "/rest/v1".into(), ..reader::Config::default() });
    let found =
        library.ask("GET", "/rest/v1/-/find/books?column=price&is=lt&value=9", &[("accept", FIREFOX)]);
    assert_eq!((found.status, header(&found, "location")), (303, Some("/rest/v1/books?price=lt.9")));
    let wrong =
        library.ask("GET", "/rest/v1/-/find/books?column=price&is=lt&value=/x", &[("accept", FIREFOX)]);
    has(
        text(&wrong),
        &["action=\"/rest/v1/-/find/books\"", "value=\"/x\" aria-invalid", "<a href=\"/rest/v1/authors/2\">"],
    );
    has(
        &page(&library, "/rest/v1/books/2"),
        &["<a href=\"/rest/v1/books.json?id=eq.2\" download>", "<a href=\"/rest/v1/authors/2\">"],
    );
    // A value that looks like an address isn't one; an address that somebody wrote stays what it is.
    for url in [
        "/rest/v1",
        "/rest/v1/books?limit=1",
        "/rest/v1/books/2",
        "/rest/v1/-/changes/books",
        "/rest/v1/nothing",
    ] {
        let page = library.ask("GET", url, &[("accept", FIREFOX)]);
        let page = text(&page);
        for attribute in [" href=\"", " action=\""] {
            for address in page.split(attribute).skip(1) {
                let address = address.split('"').next().unwrap();
                let is_ours = address.starts_with("/rest/v1/");
                assert!(is_ours || !address.starts_with('/'), "{url}: {address}");
            }
        }
        assert!(!page.contains("\"url\":\"/") || page.contains("\"url\":\"/rest/v1/"), "{url}");
    }
}

/// The values of a filter are in the title, since a page is found by it again.
#[test]
fn a_title_says_what_is_shown() {
    let library = Library::open();
    for (url, title) in [
        ("/books", "books"),
        ("/books?limit=1&offset=1", "books"),
        ("/books?price=lt.10&title=ilike.%2Aola%2A", "books: price is less than 10, title contains ola"),
    ] {
        let page = library.ask("GET", url, &[("accept", FIREFOX)]);
        has(text(&page), &[&format!("<title>{title}</title>")]);
    }
}

/// What is around the rows is kept from one page to the next, and is that of the question.
#[test]
fn what_is_around_the_rows_is_that_of_the_question() {
    let library = Library::open();
    let urls =
        ["/books?limit=1", "/books?limit=1&offset=1", "/books?limit=1&price=lt.10", "/authors", "/books"];
    let fresh = urls.map(|url| page(&Library::open(), url));
    for _ in 0..2 {
        for (url, fresh) in urls.iter().zip(&fresh) {
            assert_eq!(page(&library, url), *fresh, "{url}");
        }
    }
    has(&fresh[0], &["<h2 id=\"rows\">Rows 1 to 1 of 4</h2>"]);
    has(
        &fresh[1],
        &["<h2 id=\"rows\">Rows 2 to 2 of 4</h2>", "<a href=\"/books?limit=1\" rel=\"first\">First page</a>"],
    );
}
