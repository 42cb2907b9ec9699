//! Names and values as the grammar wants them written: for documents that show how to ask.

use super::parameters::is_reserved;

/// A column's name as the parameter that filters by it, or inside `select` and `order`.
pub(crate) fn field_name(name: &str) -> String {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.trim() == word
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '$'))
    };
    if name.split('-').all(is_word) && !is_reserved(name) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
