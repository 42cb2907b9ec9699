//! geojson: a GeoJSON object (RFC 7946) or a TopoJSON topology, stored as compact JSON.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::json::{self, Shape};
use super::problem::{CellProblem, quoted};

/// A format of `geojson`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    GeoJson,
    TopoJson,
}

impl Format {
    pub(super) const NAMES: [&str; 2] = ["default", "topojson"];

    pub(super) fn new(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::GeoJson),
            Some("topojson") => Some(Self::TopoJson),
            Some(_) => None,
        }
    }

    pub(super) fn parse<'a>(self, cell: &'a str) -> Result<Cow<'a, str>, CellProblem> {
        let text = json::parse(cell, Shape::Object)?;
        let (what, checked) = match serde_json::from_str::<Map<String, Value>>(&text) {
            Ok(object) => match self {
                Self::GeoJson => ("GeoJSON", geojson(&object)),
                Self::TopoJson => ("TopoJSON", topojson(&object)),
            },
            Err(error) => ("JSON", Err(error.to_string())),
        };
        match checked {
            Ok(()) => Ok(text),
            Err(reason) => Err(CellProblem::type_error(format!("{} is not {what}: {reason}", quoted(cell)))),
        }
    }
}

type Checked = Result<(), String>;

fn kind(object: &Map<String, Value>) -> Result<&str, String> {
    object.get("type").and_then(Value::as_str).ok_or_else(|| "it has no `type`".to_owned())
}

fn array<'v>(object: &'v Map<String, Value>, name: &str) -> Result<&'v [Value], String> {
    let array = object.get(name).and_then(Value::as_array);
    array.map(Vec::as_slice).ok_or_else(|| format!("`{name}` is not an array"))
}

fn object<'v>(value: &'v Value, what: &str) -> Result<&'v Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{what} is not an object"))
}

/// RFC 7946, section 3.
fn geojson(given: &Map<String, Value>) -> Checked {
    match kind(given)? {
        "FeatureCollection" => {
            for feature in array(given, "features")? {
                let feature = object(feature, "a feature")?;
                if kind(feature)? != "Feature" {
                    return Err("`features` contains something other than features".to_owned());
                }
                geojson(feature)?;
            }
            Ok(())
        }
        "Feature" => {
            match given.get("geometry") {
                Some(Value::Null) => {}
                Some(Value::Object(inner)) => geometry(inner)?,
                _ => return Err("a feature has no `geometry`".to_owned()),
            }
            match given.get("properties") {
                Some(Value::Null | Value::Object(_)) => Ok(()),
                _ => Err("a feature has no `properties`".to_owned()),
            }
        }
        _ => geometry(given),
    }
}

fn geometry(given: &Map<String, Value>) -> Checked {
    let of =
        |level: fn(&Value) -> Checked| -> Checked { array(given, "coordinates")?.iter().try_for_each(level) };
    match kind(given)? {
        "Point" => match given.get("coordinates") {
            // RFC 7946, section 3.1: empty coordinates are null objects.
            Some(Value::Array(empty)) if empty.is_empty() => Ok(()),
            Some(coordinates) => position(coordinates),
            None => Err("`coordinates` is not an array".to_owned()),
        },
        "MultiPoint" => of(position),
        "LineString" => match given.get("coordinates") {
            Some(coordinates) => line(coordinates),
            None => Err("`coordinates` is not an array".to_owned()),
        },
        "MultiLineString" => of(line),
        "Polygon" => of(ring),
        "MultiPolygon" => of(|polygon| items(polygon)?.iter().try_for_each(ring)),
        "GeometryCollection" => {
            array(given, "geometries")?.iter().try_for_each(|inner| geometry(object(inner, "a geometry")?))
        }
        other => Err(format!("type \"{other}\" does not exist")),
    }
}

fn items(value: &Value) -> Result<&[Value], String> {
    value
        .as_array()
        .map(Vec::as_slice)
        .ok_or_else(|| "the coordinates are not nested as the type requires".to_owned())
}

fn position(value: &Value) -> Checked {
    let numbers = items(value)?;
    if numbers.len() < 2 || !numbers.iter().all(Value::is_number) {
        return Err("a position is not two or more numbers".to_owned());
    }
    Ok(())
}

fn line(value: &Value) -> Checked {
    let positions = items(value)?;
    if positions.len() == 1 {
        return Err("a line has fewer than two positions".to_owned());
    }
    positions.iter().try_for_each(position)
}

/// RFC 7946, section 3.1.6.
fn ring(value: &Value) -> Checked {
    let positions = items(value)?;
    positions.iter().try_for_each(position)?;
    if positions.len() < 4 {
        return Err("a ring has fewer than four positions".to_owned());
    }
    if positions.first() != positions.last() {
        return Err("a ring is not closed".to_owned());
    }
    Ok(())
}

/// The TopoJSON format specification, section 2.1.
fn topojson(given: &Map<String, Value>) -> Checked {
    if kind(given)? != "Topology" {
        return Err("its type is not \"Topology\"".to_owned());
    }
    for arc in array(given, "arcs")? {
        items(arc)?.iter().try_for_each(position)?;
    }
    let objects = given.get("objects").ok_or("it has no `objects`")?;
    object(objects, "`objects`")?.values().try_for_each(|inner| topology(object(inner, "a geometry")?))
}

fn topology(given: &Map<String, Value>) -> Checked {
    match kind(given)? {
        "Point" | "MultiPoint" => array(given, "coordinates").map(|_| ()),
        "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon" => array(given, "arcs").map(|_| ()),
        "GeometryCollection" => {
            array(given, "geometries")?.iter().try_for_each(|inner| topology(object(inner, "a geometry")?))
        }
        other => Err(format!("type \"{other}\" does not exist")),
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn geojson() {
        for cell in [
            r#"{"type": "Point", "coordinates": [1, 2]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#,
            r#"{"type":"Feature","geometry":null,"properties":null,"id":7}"#,
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]},"properties":{}}]}"#,
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}"#,
        ] {
            assert!(Format::GeoJson.parse(cell).is_ok(), "{cell}");
        }
        for (cell, reason) in [
            (r#"{}"#, "it has no `type`"),
            (r#"{"type":"Point"}"#, "`coordinates` is not an array"),
            (r#"{"type":"Point","coordinates":[1]}"#, "a position is not two or more numbers"),
            (r#"{"type":"Circle"}"#, "type \"Circle\" does not exist"),
            (r#"{"type":"LineString","coordinates":[[1,2]]}"#, "a line has fewer than two positions"),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#, "a ring is not closed"),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[0,0]]]}"#, "a ring has fewer than four positions"),
            (
                r#"{"type":"MultiPoint","coordinates":[1]}"#,
                "the coordinates are not nested as the type requires",
            ),
            (r#"{"type":"Feature","properties":{}}"#, "a feature has no `geometry`"),
            (
                r#"{"type":"FeatureCollection","features":[{"type":"Point","coordinates":[1,2]}]}"#,
                "`features` contains something other than features",
            ),
        ] {
            let message = Format::GeoJson.parse(cell).unwrap_err().message;
            assert!(message.ends_with(&format!(" is not GeoJSON: {reason}")), "{message}");
        }
    }

    #[test]
    fn topojson() {
        let cell =
            r#"{"type":"Topology","objects":{"x":{"type":"LineString","arcs":[0]}},"arcs":[[[0,0],[1,1]]]}"#;
        assert!(Format::TopoJson.parse(cell).is_ok());
        for cell in [
            r#"{"type":"Point","coordinates":[1,2]}"#,
            r#"{"type":"Topology","arcs":[]}"#,
            r#"{"type":"Topology","objects":{"x":{"type":"Point"}},"arcs":[]}"#,
        ] {
            assert!(Format::TopoJson.parse(cell).is_err(), "{cell}");
        }
    }
}
