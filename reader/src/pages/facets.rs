//! Beside a table's rows: the frequent values of columns and how the others are spread, each a link to its rows.
//!
//! The numbers are of the whole table, counted when the release was built.

use catalog::{Column, ColumnStatistics, ColumnType, Histogram, Statistics, Table};
use maud::{Markup, html};

use super::fields::Fields;
use super::question::Question;
use super::rows::Links;
use super::text::{counted, grouped, shown};
use crate::request::{field_name, query_of};

/// Columns that are shown at once; more are behind a line that opens.
const COLUMNS: usize = 6;
/// Values of a column that are shown.
pub(crate) const VALUES: usize = 10;
/// The picture of a histogram: its width and the height of its longest bar.
const PICTURE: (u64, u64) = (480, 90);

/// What there is to choose from; nothing where the release has no statistics. `labels` has the names of the rows
/// that values refer to, by column.
pub(super) fn facets(
    table: &Table,
    fields: Fields<'_>,
    question: Question<'_>,
    statistics: Option<&Statistics>,
    labels: &[Links],
) -> Markup {
    let mut sections = vec![];
    for (index, (column, numbers)) in
        table.schema.columns.iter().zip(statistics.map_or(&[][..], |known| &known.columns)).enumerate()
    {
        let name = &column.name;
        if question.filters().any(|(_, (filtered, _))| *filtered == field_name(name)) {
            continue;
        }
        let title = fields.title(name);
        if !numbers.values.is_empty() {
            sections.push(values(column, title, question, numbers, &labels[index]));
        } else if let Some(histogram) = &numbers.histogram {
            sections.push(bars(name, title, question, histogram));
        }
    }
    let more = sections.split_off(sections.len().min(COLUMNS));
    html! {
        @if !sections.is_empty() {
            aside aria-labelledby="values" {
                h2 id="values" {
                    "Values"
                    // Filters change the rows beside them, not these numbers.
                    @if question.filters().next().is_some() { " of all " (counted(table.rows, "row")) }
                }
                @for section in &sections { (section) }
                @if !more.is_empty() {
                    details {
                        summary { (counted(more.len() as u64, "more column")) }
                        @for section in &more { (section) }
                    }
                }
            }
        }
    }
}

fn values(
    column: &Column,
    title: &str,
    question: Question<'_>,
    numbers: &ColumnStatistics,
    labels: &Links,
) -> Markup {
    let name = &column.name;
    let is_boolean = column.column_type == ColumnType::Boolean;
    let all = format!("{},count()", field_name(name));
    let pairs = [("select".to_owned(), all), ("order".to_owned(), "count.desc".to_owned())];
    html! {
        h3 { (shown(title)) }
        ul.facet {
            @for (value, rows) in numbers.values.iter().take(VALUES) {
                li {
                    a href=(question.with_filters(name, &[format!("eq.{value}")])) rel="nofollow" {
                        @match labels.get(value).and_then(|link| link.label.as_deref()) {
                            Some(label) => (shown(label)),
                            None if value.trim().is_empty() => span.none { "\"" (shown(value)) "\"" },
                            None if is_boolean => (if value == "true" { "yes" } else { "no" }),
                            None => (shown(value)),
                        }
                    }
                    " " span.num { (grouped(*rows)) }
                }
            }
            @if numbers.missing > 0 {
                li {
                    a href=(question.with_filters(name, &["is.null".to_owned()])) rel="nofollow" { span.none { "no value" } }
                    " " span.num { (grouped(numbers.missing)) }
                }
            }
            @if numbers.values.len() > VALUES {
                li { a href={ (question.root.path(&[question.table])) "?" (query_of(&pairs)) } rel="nofollow" { "All " (numbers.values.len()) " values" } }
            }
        }
    }
}

fn bars(name: &str, title: &str, question: Question<'_>, histogram: &Histogram) -> Markup {
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
                @let tall = (u128::from(*rows) * u128::from(height) / u128::from(most)).max(2);
                a href=(question.with_filters(name, &[format!("gte.{}", bar[0]), format!("lt.{}", bar[1])])) rel="nofollow" {
                    path d={ "M" (at as u64 * step) " " (u128::from(height) - tall) "h" (step - 1) "v" (tall) "h-" (step - 1) "z" } {
                        title { (from) " to " (short(&bar[1])) ": " (counted(*rows, "row")) }
                    }
                }
            }
        }
        p.ends { span { (short(first)) } span { (short(last)) } }
    }
}

/// A bound without the time that every one has.
fn short(bound: &str) -> &str {
    bound.split_once('T').map_or(bound, |(date, _)| date)
}
