//! geopoint: a longitude and a latitude (Table Schema, `geopoint`), stored as JSON: the default
//! and the array format as `[lon,lat]`, the object format as the object. Numbers keep their digits.

use super::json::{self, Shape};
use super::number;
use super::problem::{CellProblem, quoted};

/// A format of `geopoint`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// `lon, lat`
    Text,
    /// `[lon, lat]`
    Array,
    /// `{"lon": lon, "lat": lat}`
    Object,
}

impl Format {
    pub(super) const NAMES: [&str; 3] = ["default", "array", "object"];

    pub(super) fn new(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Text),
            Some("array") => Some(Self::Array),
            Some("object") => Some(Self::Object),
            Some(_) => None,
        }
    }

    pub(super) fn parse(self, cell: &str) -> Result<String, CellProblem> {
        match self {
            Self::Text => {
                let (lon, lat) = cell.split_once(',').ok_or_else(|| self.problem(cell))?;
                let lat = lat.strip_prefix(' ').unwrap_or(lat);
                let degrees = |text| number::parse(text).map_err(|_| self.problem(cell));
                on_earth(cell, degrees(lon)?, degrees(lat)?)?;
                Ok(format!("[{},{}]", json_number(lon), json_number(lat)))
            }
            Self::Array => {
                let text = json::parse(cell, Shape::Array)?;
                let [lon, lat] = serde_json::from_str::<[f64; 2]>(&text).map_err(|_| self.problem(cell))?;
                on_earth(cell, lon, lat)?;
                Ok(text.into_owned())
            }
            Self::Object => {
                let text = json::parse(cell, Shape::Object)?;
                let point = serde_json::from_str::<Point>(&text).map_err(|_| self.problem(cell))?;
                on_earth(cell, point.lon, point.lat)?;
                Ok(text.into_owned())
            }
        }
    }

    #[cold]
    fn problem(self, cell: &str) -> CellProblem {
        let form = match self {
            Self::Text => "lon, lat",
            Self::Array => "[lon, lat]",
            Self::Object => "{\"lon\": lon, \"lat\": lat}",
        };
        CellProblem::type_error(format!("{} is not a geopoint ({form})", quoted(cell)))
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    lon: f64,
    lat: f64,
}

fn on_earth(cell: &str, lon: f64, lat: f64) -> Result<(), CellProblem> {
    if lon.abs() > 180.0 {
        return Err(CellProblem::type_error(format!(
            "{}: the longitude is not between -180 and 180",
            quoted(cell)
        )));
    }
    if lat.abs() > 90.0 {
        let problem =
            CellProblem::type_error(format!("{}: the latitude is not between -90 and 90", quoted(cell)));
        return Err(problem.with_help("the longitude comes first"));
    }
    Ok(())
}

/// A number of the standard in JSON's narrower form: no plus, no bare point, no leading zeros.
fn json_number(text: &str) -> String {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at(at),
        None => (unsigned, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn geopoints() {
        for (format, cell, json) in [
            (Format::Text, "90.50, 45.50", "[90.50,45.50]"),
            (Format::Text, "+090.5,-.5", "[90.5,-0.5]"),
            (Format::Text, "180,90", "[180,90]"),
            (Format::Array, "[90.50, 45.50]", "[90.50,45.50]"),
            (Format::Object, "{\"lat\": 45.50, \"lon\": 90}", "{\"lat\":45.50,\"lon\":90}"),
        ] {
            assert_eq!(format.parse(cell).as_deref(), Ok(json), "{cell}");
        }
        for (format, cell, message) in [
            (Format::Text, "1", "\"1\" is not a geopoint (lon, lat)"),
            (Format::Text, "1,2,3", "\"1,2,3\" is not a geopoint (lon, lat)"),
            (Format::Text, "1,  2", "\"1,  2\" is not a geopoint (lon, lat)"),
            (Format::Text, "181,0", "\"181,0\": the longitude is not between -180 and 180"),
            (Format::Text, "0,91", "\"0,91\": the latitude is not between -90 and 90"),
            (Format::Array, "[1]", "\"[1]\" is not a geopoint ([lon, lat])"),
            (Format::Array, "[1,2,3]", "\"[1,2,3]\" is not a geopoint ([lon, lat])"),
            (Format::Array, "[\"1\",\"2\"]", "\"[\"1\",\"2\"]\" is not a geopoint ([lon, lat])"),
            (
                Format::Object,
                "{\"lon\":1}",
                "\"{\"lon\":1}\" is not a geopoint ({\"lon\": lon, \"lat\": lat})",
            ),
            (Format::Object, "[1,2]", "\"[1,2]\" is not a JSON object"),
        ] {
            assert_eq!(format.parse(cell).unwrap_err().message, message);
        }
    }
}
