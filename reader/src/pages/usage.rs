//! How programs get what a page shows: the same question in several languages.

use maud::{Markup, html};

use super::layout::Site;

/// The examples for a table: `rows` is the path and query of the rows as JSON, `csv` that of all rows as CSV.
pub(super) fn usage(site: &Site<'_>, table: &str, rows: &str, csv: &str) -> Markup {
    let server = site.origin.unwrap_or("https://HOST");
    let (base, rows, csv) =
        (format!("{server}{}", site.root.at("")), format!("{server}{rows}"), format!("{server}{csv}"));
    let examples = [
        ("curl", format!("curl '{rows}'")),
        (
            "JavaScript",
            format!(
                "import {{ PostgrestClient }} from '@supabase/postgrest-js'\n\
                 const client = new PostgrestClient('{base}')\n\
                 const {{ data, error }} = await client.from({table:?}).select()"
            ),
        ),
        ("Python", format!("import pandas\n\nrows = pandas.read_csv({csv:?})")),
        ("R", format!("rows <- readr::read_csv({csv:?})")),
        (
            "Excel (Power Query)",
            format!("= Csv.Document(Web.Contents({csv:?}), [Delimiter=\",\", Encoding=65001])"),
        ),
        ("Google Sheets", format!("=IMPORTDATA({csv:?})")),
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
