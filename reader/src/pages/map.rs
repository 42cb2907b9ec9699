//! The points of the rows on a page, where a column has points: a picture with meridians and parallels, without
//! anything from elsewhere.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::Value;

use super::text::shown;

/// The distances between lines, in degrees; the first is used that gives no more lines than [`LINES`].
const DISTANCES: [f64; 9] = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 90.0];
const LINES: f64 = 8.0;
/// Units of the picture's width.
const WIDTH: f64 = 800.0;

#[derive(Debug)]
struct Point {
    longitude: f64,
    latitude: f64,
    address: Option<String>,
    name: String,
}

/// The points of rows, by the place of their member.
#[derive(Debug, Default)]
pub(crate) struct Points {
    points: BTreeMap<usize, Vec<Point>>,
    /// Those of the row that is read.
    row: Vec<(usize, f64, f64)>,
}

impl Points {
    /// A point of the row that is read, as JSON.
    pub(super) fn take(&mut self, place: usize, json: &str) {
        self.row.extend(degrees(json).map(|(longitude, latitude)| (place, longitude, latitude)));
    }

    /// The row is read, and is called that.
    pub(super) fn of_row(&mut self, address: Option<&str>, name: &str) {
        for (place, longitude, latitude) in self.row.drain(..) {
            let (address, name) = (address.map(str::to_owned), name.to_owned());
            self.points.entry(place).or_default().push(Point { longitude, latitude, address, name });
        }
    }
}

/// A map for each member with points; `titles` has those of all members.
pub(super) fn maps(titles: &[&str], points: &Points) -> Markup {
    html! {
        @for (place, points) in &points.points {
            @let title = titles[*place];
            details open {
                summary { "Map: " (shown(title)) }
                (map(points, title))
            }
        }
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

/// Of an angle of at most 90 degrees, by Bhaskara's approximation, which is off by less than 0.002: the C library's tables
/// would be 23 KB of the Lambda's binary.
fn cosine(degrees: f64) -> f64 {
    let square = degrees * degrees;
    (32_400.0 - 4.0 * square) / (32_400.0 + square)
}

/// Plate carrée, with the middle parallel true to scale.
fn map(points: &[Point], title: &str) -> Markup {
    let span = |of: fn(&Point) -> f64, most: f64| {
        let (low, high) = points
            .iter()
            .map(of)
            .fold((most, -most), |(low, high), degree| (low.min(degree), high.max(degree)));
        let margin = ((high - low) * 0.08).max(0.01);
        ((low - margin).max(-most), (high + margin).min(most))
    };
    let (west, east) = span(|point| point.longitude, 180.0);
    let (south, north) = span(|point| point.latitude, 90.0);
    let narrow = cosine((south + north) / 2.0).max(0.2);
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
                @let dot = html! { circle cx=(x(point.longitude)) cy=(y(point.latitude)) r="5" { title { (shown(&point.name)) } } };
                @match &point.address { Some(address) => a href=(address) { (dot) }, None => (dot) }
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

#[cfg(test)]
mod tests {
    use super::cosine;

    #[test]
    fn the_approximation_is_close() {
        for degrees in (-90..=90).map(f64::from) {
            let (ours, exact) = (cosine(degrees), degrees.to_radians().cos());
            assert!((ours - exact).abs() < 0.002, "{degrees}: {ours} and {exact}");
        }
    }
}
