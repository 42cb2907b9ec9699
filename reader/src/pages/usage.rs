//! How programs get what a page shows: the same question in several languages.

use maud::{Markup, html};
use serde_json::Value;

use super::layout::Site;

/// The examples for a table: `rows` is the path and query of the rows as JSON, `csv` that of all rows as CSV, both as markup.
pub(super) fn usage(site: &Site<'_>, table: &str, rows: &Markup, csv: &Markup) -> Markup {
    let server = site.origin.unwrap_or("https://HOST");
    let csv = html! { "\"" (server) (csv) "\"" };
    let table = Value::from(table).to_string();
    let examples = [
        ("curl", html! { "curl '" (server) (rows) "'" }),
        (
            "JavaScript",
            html! {
                "import { PostgrestClient } from '@supabase/postgrest-js'\n\
                 const client = new PostgrestClient('" (server) (site.root.at("")) "')\n\
                 const { data, error } = await client.from(" (table) ").select()"
            },
        ),
        ("Python", html! { "import pandas\n\nrows = pandas.read_csv(" (csv) ")" }),
        ("R", html! { "rows <- readr::read_csv(" (csv) ")" }),
        (
            "Excel (Power Query)",
            html! { "= Csv.Document(Web.Contents(" (csv) "), [Delimiter=\",\", Encoding=65001])" },
        ),
        ("Google Sheets", html! { "=IMPORTDATA(" (csv) ")" }),
    ];
    html! {
        details {
            summary { "Use this data: curl, JavaScript, Python, R, Excel, Google Sheets" }
            @for (language, code) in &examples {
                h3 { (language) }
                pre tabindex="0" role="region" aria-label=(language) { code { (code) } }
            }
        }
    }
}
