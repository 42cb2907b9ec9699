//! Words with a meaning: "no value", true and false, totals.

/// Words that mean "no value" in a column that is otherwise of a type.
pub(super) const MISSING: [&str; 40] = [
    "NA",
    "N/A",
    "n/a",
    "na",
    "#N/A",
    "NaN",
    "nan",
    "NULL",
    "null",
    "None",
    "-",
    "--",
    "..",
    "?",
    "\\N",
    "<NA>",
    "NaT",
    "#NV",
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#WERT!",
    "#REF!",
    "#BEZUG!",
    "#NAME?",
    "#NUM!",
    "#ZAHL!",
    "n.a.",
    "N.A.",
    "k.A.",
    "k. A.",
    "–",
    "—",
    "...",
    "…",
    ".",
    ":",
    "(null)",
    "0000-00-00",
    "0000-00-00 00:00:00",
];

/// Those of them that are never a text.
const NEVER_TEXT: [&str; 5] = ["\\N", "#N/A", "#NV", "<NA>", "NaT"];

/// What spreadsheets write in place of a result.
const ERRORS: [&str; 9] =
    ["#NULL!", "#DIV/0!", "#VALUE!", "#WERT!", "#REF!", "#BEZUG!", "#NAME?", "#NUM!", "#ZAHL!"];

/// Pairs of words for true and false, in lower case.
const BOOLEANS: [(&str, &str); 13] = [
    ("true", "false"),
    ("yes", "no"),
    ("y", "n"),
    ("t", "f"),
    ("ja", "nein"),
    ("j", "n"),
    ("wahr", "falsch"),
    ("oui", "non"),
    ("vrai", "faux"),
    ("sí", "no"),
    ("si", "no"),
    ("verdadero", "falso"),
    ("vero", "falso"),
];

/// Labels of rows that sum up others, in lower case.
const TOTALS: [&str; 17] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "subtotal",
    "gesamt",
    "summe",
    "gesamtsumme",
    "gesamtergebnis",
    "insgesamt",
    "somme",
    "total général",
    "total general",
    "totaal",
    "totale",
    "suma",
    "average",
];

/// Whether a missing word is not text either, in a column of any type.
pub(super) fn is_never_text(word: &str) -> bool {
    NEVER_TEXT.contains(&word)
}

/// Whether a word is a spreadsheet's error.
pub(super) fn is_error(word: &str) -> bool {
    ERRORS.contains(&word)
}

/// Whether a cell is the label of a row of totals.
pub(super) fn is_total(cell: &str) -> bool {
    let label = cell.trim().trim_end_matches(':').to_lowercase();
    TOTALS.contains(&label.as_str())
}

/// Whether a cell begins as the label of a row of totals within a table does.
pub(super) fn is_subtotal(cell: &str) -> bool {
    let begins = |word: &str| cell.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    ["total ", "subtotal", "sub-total", "summe ", "zwischensumme", "gesamt ", "sous-total", "sum of "]
        .iter()
        .any(|word| begins(word))
        || is_total(cell)
}

/// The words for true and for false among values that have nothing else, and both; those that the standard knows
/// need not be both.
pub(super) fn booleans(values: &[String]) -> Option<(Vec<String>, Vec<String>)> {
    if is_standard(values) {
        return Some((values.to_vec(), vec![]));
    }
    for (yes, no) in BOOLEANS {
        let of = |word: &str| -> Vec<String> {
            values.iter().filter(|value| value.to_lowercase() == word).cloned().collect()
        };
        let (yes_values, no_values) = (of(yes), of(no));
        let are_both = !yes_values.is_empty() && !no_values.is_empty();
        if yes_values.len() + no_values.len() == values.len() && are_both {
            return Some((yes_values, no_values));
        }
    }
    None
}

/// Whether words for true and false are the standard's own.
pub(super) fn is_standard(values: &[String]) -> bool {
    let standard = ["true", "True", "TRUE", "1", "false", "False", "FALSE", "0"];
    values.iter().all(|value| standard.contains(&value.as_str()))
}
