//! Names that a release can have, from those that a file gives.

use std::collections::HashSet;

use catalog::RESERVED_PREFIXES;

use super::notes::Notes;

/// The columns' names: the header's, where they can be used unchanged. Each comes with the column's index; `is_index`
/// says that the first column numbers the rows.
pub(super) fn legal(header: &[(usize, &str)], is_index: bool, notes: &mut Notes) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let given_names: HashSet<String> = header.iter().map(|(_, name)| name.to_ascii_lowercase()).collect();
    let mut names = vec![];
    for (index, given) in header.iter().copied() {
        let number = index + 1;
        // A spreadsheet's header may have lines.
        let line = given.replace("\r\n", " ").replace(['\n', '\r'], " ");
        let plain: String = line.chars().map(|c| if c.is_control() { '_' } else { c }).collect();
        let plain = plain.trim().to_owned();
        let mut name = match plain.is_empty() {
            true if is_index && index == 0 => "index".to_owned(),
            true => format!("column_{number}"),
            false => plain.clone(),
        };
        // SQLite ignores the case of ASCII letters. Names that the header has are not given to others.
        let mut copy = 1;
        while taken.contains(&name.to_ascii_lowercase())
            || (name != given && given_names.contains(&name.to_ascii_lowercase()))
        {
            copy += 1;
            name = format!("{}_{copy}", if plain.is_empty() { "column" } else { &plain });
        }
        taken.insert(name.to_ascii_lowercase());
        if name != given {
            let (kind, why) = match given {
                "" => ("unnamed", "named here, since the header has no name for it"),
                given if given.contains(char::is_control) => {
                    ("controls", "renamed here, since the header's name has control characters")
                }
                given if given.trim() != given => {
                    ("spaces", "renamed here, since the header's name has spaces around it")
                }
                _ => ("same", "renamed here, since another column has the same name (ignoring case)"),
            };
            notes.doubt_column(&format!("name {kind}"), &name, why.to_owned());
        }
        names.push(name);
    }
    names
}

/// The table's name: the file's, without its endings.
pub(super) fn table(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.strip_suffix(".gz").unwrap_or(file);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    legal_table(stem)
}

/// A name for a table or a dataset.
pub(super) fn legal_table(given: &str) -> String {
    // What Data Package v1 requires of names, and needs no escapes in a URL.
    let mut name: String = given
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' })
        .collect();
    let name_is_free = |name: &str| !RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if name.chars().all(|c| "._-".contains(c)) || !name_is_free(&name) {
        name = format!("table-{}", name.trim_matches(|c| "._-".contains(c)));
        name.truncate(name.trim_end_matches('-').len());
    }
    name
}
