//! What a column is for, as far as its name and type show: an identifier, a point in time, a measure.

use catalog::ColumnType;

use super::column::Column;
use super::guess::Guess;

/// How likely a column is an identifier by its name: 0 is the most likely. `None` where it has another name.
pub(super) fn rank(name: &str, table: &str) -> Option<u8> {
    let words = words(name);
    let joined = words.concat();
    let table: String = table.chars().filter(|c| c.is_alphanumeric()).collect();
    let singular = table.strip_suffix('s').unwrap_or(&table);
    let of_table = |suffix: &str| {
        joined
            .strip_suffix(suffix)
            .is_some_and(|stem| !stem.is_empty() && (stem == table || stem == singular))
    };
    let last = words.last()?.as_str();
    let is = |list: &[&str], word: &str| list.contains(&word);
    if is(&["id", "uuid", "guid", "key", "pk", "ident", "identifier"], &joined) || of_table("id") {
        return Some(0);
    }
    if is(&["id", "uuid", "guid", "key"], last) || is(&["code", "kennung"], &joined) || of_table("code") {
        return Some(1);
    }
    let codes = [
        "code",
        "codes",
        "symbol",
        "sku",
        "ean",
        "gtin",
        "isbn",
        "issn",
        "iban",
        "slug",
        "ticker",
        "isin",
        "cas",
        "fips",
        "geoid",
        "iata",
        "icao",
        "nr",
        "no",
        "num",
        "number",
        "nummer",
        "numero",
        "ref",
        "reference",
        "abbreviation",
    ];
    if is(&codes, last) || last.starts_with("iso") || words[0].starts_with("iso") || last.ends_with("nummer")
    {
        return Some(2);
    }
    (joined == "index").then_some(3)
}

/// Whether a name is that of a period or a point in time.
pub(super) fn is_time(name: &str) -> bool {
    let times = [
        "date",
        "datum",
        "day",
        "tag",
        "jour",
        "fecha",
        "dia",
        "month",
        "monat",
        "mois",
        "mes",
        "year",
        "jahr",
        "annee",
        "année",
        "ano",
        "año",
        "yr",
        "quarter",
        "quartal",
        "trimestre",
        "week",
        "woche",
        "kw",
        "semaine",
        "hour",
        "stunde",
        "heure",
        "time",
        "zeit",
        "timestamp",
        "period",
        "periode",
        "season",
    ];
    words(name).iter().any(|word| times.contains(&word.as_str()))
}

/// Whether a name is that of a quantity.
pub(super) fn is_measure(name: &str) -> bool {
    let measures = [
        "n",
        "count",
        "anzahl",
        "nombre",
        "amount",
        "betrag",
        "montant",
        "price",
        "preis",
        "prix",
        "cost",
        "kosten",
        "value",
        "wert",
        "valeur",
        "total",
        "sum",
        "summe",
        "quantity",
        "qty",
        "menge",
        "population",
        "einwohner",
        "umsatz",
        "revenue",
        "sales",
        "score",
        "rate",
        "ratio",
        "share",
        "percent",
        "prozent",
        "weight",
        "gewicht",
        "size",
        "length",
        "height",
        "width",
        "area",
        "fläche",
        "lat",
        "lon",
        "lng",
        "latitude",
        "longitude",
        "x",
        "y",
        "z",
        "age",
        "alter",
        "temp",
        "temperature",
        "temperatur",
        "volume",
        "balance",
        "saldo",
    ];
    words(name).iter().any(|word| measures.contains(&word.as_str()))
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Identifies a thing.
    Identifier,
    /// A year, a month, a week: there are few of them.
    Period,
    /// A day or a moment.
    Time,
    /// A text that may name a thing.
    Name,
    Measure,
}

/// The role of a column of which every row has a value; `Measure` of any other.
pub(super) fn role(name: &str, table: &str, column: &Column, guess: &Guess) -> Role {
    let no_value = column.missing_words().any(|word| guess.missing.contains(&word));
    if column.empty > 0 || column.values == 0 || no_value || column.longest > super::key::LONGEST {
        return Role::Measure;
    }
    let is_text = guess.field_type == ColumnType::String;
    // Numbers that stayed text for a doubt are measures all the same.
    let facts = &column.facts;
    let is_number = column.numbers.iter().any(super::column::Misfits::none)
        && facts.leading_zero.count + facts.too_long.count == 0;
    match guess.field_type {
        ColumnType::Integer | ColumnType::String if rank(name, table).is_some() && facts.mark.is_none() => {
            Role::Identifier
        }
        ColumnType::Yearmonth => Role::Period,
        ColumnType::Date | ColumnType::Datetime => Role::Time,
        ColumnType::Time => Role::Time,
        ColumnType::Integer if is_time(name) => Role::Period,
        _ if is_text && is_time(name) => Role::Period,
        _ if is_text && !is_number => Role::Name,
        _ => Role::Measure,
    }
}

/// The words of a name, in lower case: `Country Code`, `country_code` and `countryCode` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_identifiers() {
        for (name, expected) in [
            ("id", Some(0)),
            ("ID", Some(0)),
            ("order_id", Some(0)),
            ("customerId", Some(1)),
            ("Country Code", Some(2)),
            ("code", Some(1)),
            ("iso3", Some(2)),
            ("ISO_A3", Some(2)),
            ("symbol", Some(2)),
            ("Kundennummer", Some(2)),
            ("Order No.", Some(2)),
            ("index", Some(3)),
            ("paid", None),
            ("n", None),
            ("", None),
        ] {
            assert_eq!(rank(name, "orders"), expected, "{name}");
        }
    }
}
