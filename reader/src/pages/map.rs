//! The points of the rows on a page, where a column has points: a picture with meridians and parallels, without
//! anything from elsewhere.

use catalog::{ColumnType, Table};
use maud::{Markup, html};
use serde_json::Value;

use super::fields::Fields;
use super::rows::Members;
use super::text::shown;
use super::value::Shown;
use crate::error::Error;
use crate::response::Listed;

/// The distances between lines, in degrees; the first is used that gives no more lines than [`LINES`].
const DISTANCES: [f64; 9] = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 90.0];
const LINES: f64 = 8.0;
/// Units of the picture's width.
const WIDTH: f64 = 800.0;

struct Point<'m> {
    longitude: f64,
    latitude: f64,
    address: Option<&'m str>,
    name: String,
}

/// A map for each column with points. Errors: the file has a value that is not text.
pub(super) fn maps(
    table: &Table,
    fields: Fields<'_>,
    listed: &Listed,
    members: &Members,
) -> Result<Markup, Error> {
    let mut maps = vec![];
    for (at, column) in members.columns.iter().enumerate() {
        let Some(column) = column.map(|index| &table.schema.columns[index]) else { continue };
        if column.column_type != ColumnType::Geopoint {
            continue;
        }
        let mut points = vec![];
        for (row, cells) in listed.rows.iter().enumerate() {
            if let Some((longitude, latitude)) = degrees(&cells[at].json()?) {
                let address = members.addresses.get(row).and_then(Option::as_deref);
                points.push(Point { longitude, latitude, address, name: name(table, members, cells)? });
            }
        }
        if !points.is_empty() {
            maps.push(html! {
                details open {
                    summary { "Map: " (shown(fields.title(&column.name))) }
                    (map(&points, fields.title(&column.name)))
                }
            });
        }
    }
    Ok(html! { @for map in &maps { (map) } })
}

/// What a row is called: its label, or its first value.
fn name(table: &Table, members: &Members, cells: &[crate::response::Cell]) -> Result<String, Error> {
    let label = table.label_column();
    let place = label.and_then(|label| members.columns.iter().position(|column| *column == Some(label)));
    match cells.get(place.unwrap_or(0)) {
        Some(cell) => Ok(Shown::of(cell)?.text().map(|text| text.into_owned()).unwrap_or_default()),
        None => Ok(String::new()),
    }
}

/// Longitude and latitude of `[lon,lat]` or `{"lon": lon, "lat": lat}`.
fn degrees(json: &str) -> Option<(f64, f64)> {
    let value: Value = serde_json::from_str(json).ok()?;
    let (longitude, latitude) = match &value {
        Value::Array(both) => (both.first()?, both.get(1)?),
        value => (value.get("lon")?, value.get("lat")?),
    };
    Some((longitude.as_f64()?, latitude.as_f64()?))
}

/// Plate carrée, with the middle parallel true to scale.
fn map(points: &[Point<'_>], title: &str) -> Markup {
    let span = |of: fn(&Point<'_>) -> f64, most: f64| {
        let (low, high) = points
            .iter()
            .map(of)
            .fold((most, -most), |(low, high), degree| (low.min(degree), high.max(degree)));
        let margin = ((high - low) * 0.08).max(0.01);
        ((low - margin).max(-most), (high + margin).min(most))
    };
    let (west, east) = span(|point| point.longitude, 180.0);
    let (south, north) = span(|point| point.latitude, 90.0);
    let narrow = ((south + north) / 2.0).to_radians().cos().max(0.2);
    let scale = (WIDTH / ((east - west) * narrow)).min(WIDTH * 0.75 / (north - south));
    let x = |longitude: f64| ((longitude - west) * narrow * scale).round();
    let y = |latitude: f64| ((north - latitude) * scale).round();
    let widest = (east - west).max(north - south);
    let distance = DISTANCES.into_iter().find(|distance| widest / distance <= LINES).unwrap_or(90.0);
    let lines = |from: f64, to: f64| {
        let first = (from / distance).ceil();
        (0..=16).map(move |line| (first + f64::from(line)) * distance).take_while(move |degree| *degree <= to)
    };
    html! {
        svg.map viewBox={ "-4 -4 " (x(east) + 8.0) " " (y(south) + 8.0) } role="group" aria-label={ "Map of " (title) } {
            @for longitude in lines(west, east) {
                line x1=(x(longitude)) x2=(x(longitude)) y1="0" y2=(y(south)) {}
                text x=(x(longitude) + 3.0) y=(y(south) - 3.0) { (named(longitude, "E", "W")) }
            }
            @for latitude in lines(south, north) {
                line x1="0" x2=(x(east)) y1=(y(latitude)) y2=(y(latitude)) {}
                text x="3" y=(y(latitude) - 3.0) { (named(latitude, "N", "S")) }
            }
            @for point in points {
                @let dot = html! { circle.bar cx=(x(point.longitude)) cy=(y(point.latitude)) r="5" { title { (shown(&point.name)) } } };
                @match point.address { Some(address) => a href=(address) { (dot) }, None => (dot) }
            }
        }
    }
}

/// Degrees with their direction.
fn named(degrees: f64, positive: &str, negative: &str) -> String {
    let number = format!("{:.2}", degrees.abs());
    let number = number.trim_end_matches('0').trim_end_matches('.');
    match number {
        "0" => "0°".to_owned(),
        number => format!("{number}° {}", if degrees > 0.0 { positive } else { negative }),
    }
}
