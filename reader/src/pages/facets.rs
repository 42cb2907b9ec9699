//! Beside a table's rows: the frequent values of columns and how the others are spread, each a link that adds its filter.
//!
//! The numbers are of the whole table, counted when the release was built.

use std::borrow::Cow;

use catalog::{Column, ColumnStatistics, ColumnType, Histogram, Statistics, Table};
use maud::{Markup, Render, html};

use super::fields::Fields;
use super::rows::Labels;
use super::template::{Hole, Template};
use super::text::{Root, counted, grouped, shown, yes_or_no};
use crate::request::{encode, field_name, query_of};

/// Values of a column that are shown.
pub(crate) const VALUES: usize = 10;
/// The picture of a histogram: its width and the height of its longest bar.
const PICTURE: (u64, u64) = (480, 90);

/// What there is to choose from, for each of these columns that has something, with the name that a filter has; nothing
/// where the release has no statistics. `labels` has the names of the rows that values refer to, by column.
pub(super) fn facets(
    table: &Table,
    columns: &[usize],
    fields: Fields<'_>,
    root: Root<'_>,
    statistics: Option<&Statistics>,
    labels: &[Labels],
) -> Vec<(String, Template)> {
    let path = root.path(&[&table.name]);
    let mut found = vec![];
    let Some(Statistics { columns: known }) = statistics else { return found };
    for &index in columns {
        let (column, numbers) = (&table.schema.columns[index], &known[index]);
        let title = fields.title(&column.name);
        let name = field_name(&column.name);
        let link = Link { path: &path, name: &name };
        let markup = if !numbers.values.is_empty() {
            values(column, title, &link, numbers, &labels[index])
        } else if let Some(histogram) = &numbers.histogram {
            bars(title, &link, histogram)
        } else {
            continue;
        };
        found.push((name, Template::new(&markup.0)));
    }
    found
}

/// The address of the rows of a question for which a column also passes a test.
struct Link<'a> {
    path: &'a str,
    name: &'a str,
}

/// Such an address with its tests.
struct Adding<'a>(&'a Link<'a>, &'a [(&'a str, &'a str)]);

impl Render for Adding<'_> {
    fn render_to(&self, out: &mut String) {
        let Self(Link { path, name }, tests) = self;
        out.push_str(path);
        out.push('?');
        Hole::Query.render_to(out);
        for (at, (operator, value)) in tests.iter().enumerate() {
            if at > 0 {
                out.push_str("&amp;");
            }
            // Percent-encoded, so that nothing of it needs an escape.
            encode(name, out);
            out.push('=');
            out.push_str(operator);
            out.push('.');
            encode(value, out);
        }
    }
}

fn values(
    column: &Column,
    title: &str,
    link: &Link<'_>,
    numbers: &ColumnStatistics,
    labels: &Labels,
) -> Markup {
    let is_boolean = column.column_type == ColumnType::Boolean;
    let all = format!("{},count()", link.name);
    let pairs = [("select".to_owned(), all), ("order".to_owned(), "count.desc".to_owned())];
    html! {
        h3 { (shown(title)) }
        ul.facet {
            @for (value, rows) in numbers.values.iter().take(VALUES) {
                li {
                    a href=(Adding(link, &[("eq", value)])) rel="nofollow" {
                        @match labels.get(value) {
                            Some(label) => (shown(label)),
                            None if value.trim().is_empty() => span.none { "\"" (shown(value)) "\"" },
                            None if is_boolean => (yes_or_no(value == "true")),
                            None => (shown(value)),
                        }
                    }
                    " " span.num { (grouped(*rows)) }
                }
            }
            @if numbers.missing > 0 {
                li {
                    a href=(Adding(link, &[("is", "null")])) rel="nofollow" { span.none { "no value" } }
                    " " span.num { (grouped(numbers.missing)) }
                }
            }
            @if numbers.values.len() > VALUES {
                li { a href={ (link.path) "?" (query_of(&pairs)) } rel="nofollow" { "All " (numbers.values.len()) " values" } }
            }
        }
    }
}

fn bars(title: &str, link: &Link<'_>, histogram: &Histogram) -> Markup {
    let Histogram { bounds, counts } = histogram;
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let (width, height) = PICTURE;
    let step = width / (counts.len() as u64).max(1);
    let from = bounds.iter().map(|bound| short(bound));
    let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else { return html! {} };
    html! {
        h3 { (shown(title)) }
        svg viewBox={ "0 0 " (step * counts.len() as u64) " " (height) } role="group" aria-label={ "Rows by " (title) } {
            @for ((bar, from), (at, rows)) in bounds.windows(2).zip(from).zip(counts.iter().enumerate()).filter(|(_, (_, rows))| **rows > 0) {
                @let tall = tall(*rows, most, height);
                a href=(Adding(link, &[("gte", &bar[0]), ("lt", &bar[1])])) rel="nofollow" {
                    path d={ "M" (at as u64 * step) " " (height - tall) "h" (step - 1) "v" (tall) "h-" (step - 1) "z" } {
                        title { (from) " to " (short(&bar[1])) ": " (counted(*rows, "row")) }
                    }
                }
            }
        }
        p.ends { span { (short(first)) } span { (short(last)) } }
    }
}

/// The height of a bar: small ones are seen, too.
fn tall(rows: u64, most: u64, height: u64) -> u64 {
    let tall = u128::from(rows) * u128::from(height) / u128::from(most);
    u64::try_from(tall).unwrap_or(height).max(2)
}

/// A bound without the time that every one has. Beyond four digits, which a year may have, a whole number has commas.
fn short(bound: &str) -> Cow<'_, str> {
    let (sign, digits) = bound.strip_prefix('-').map_or(("", bound), |digits| ("-", digits));
    match digits.parse() {
        Ok(number) if digits.len() > 4 => Cow::Owned(format!("{sign}{}", grouped(number))),
        _ => Cow::Borrowed(bound.split_once('T').map_or(bound, |(date, _)| date)),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn bounds_are_short() {
        for (bound, shown) in [
            ("110000000000000", "110,000,000,000,000"),
            ("-12345", "-12,345"),
            ("2024", "2024"),
            ("12345.5", "12345.5"),
            ("1e20", "1e20"),
            ("2024-01-01T00:00:00Z", "2024-01-01"),
            ("12:00:00", "12:00:00"),
        ] {
            assert_eq!(short(bound), shown);
        }
    }
}
